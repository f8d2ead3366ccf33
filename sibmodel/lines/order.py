"""The order of calculation: which lines come before which, and which must go period by period together.

Lines that lead back to themselves through `previous` form a group that is calculated period by period; every other
line is a group of its own, calculated over all periods at once. A way back without `previous` is a loop and is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sibmodel.errors import LineError, LoopError
from sibmodel.lines import operations as op
from sibmodel.lines.expression import Call, Expression
from sibmodel.lines.line import Input, Line


@dataclass(frozen=True, eq=False)
class Group:
    """Lines calculated together, in this order; `recurrent` ones period by period."""

    lines: tuple[Line, ...]
    recurrent: bool


def precedents_of(line: Line) -> dict[Line, bool]:
    """The lines that `line` reads, each with whether it is read only through `previous`."""
    read: dict[Line, bool] = {}
    for other, before in line.precedents():
        read[other] = read.get(other, True) and before
    return read


def needed_for(lines: Iterable[Line]) -> list[Line]:
    """`lines` and all that they lead back to."""
    seen: dict[Line, None] = {}
    waiting = list(lines)
    while waiting:
        line = waiting.pop()
        if line not in seen:
            seen[line] = None
            waiting.extend(precedents_of(line))
    return list(seen)


def groups(lines: Iterable[Line]) -> list[Group]:
    """`lines` and all they need, in groups in the order of calculation.

    Raises LineError for a line that was announced and never defined, LoopError for a loop without `previous`.
    """
    needed = needed_for(lines)
    for line in needed:
        if line.definition is None and not isinstance(line, Input):
            raise LineError(f"The line {line.describe()} was announced at {line.origin} and never defined.")
    reads = {line: precedents_of(line) for line in needed}
    ordered = []
    for members in _components(needed, reads):
        recurrent = len(members) > 1 or members[0] in reads[members[0]]
        ordered.append(Group(tuple(_within(members, reads)), recurrent) if recurrent else Group(tuple(members), False))
    return ordered


def _components(lines: list[Line], reads: dict[Line, dict[Line, bool]]) -> list[list[Line]]:
    """Strongly connected components, precedents first (Tarjan 1972, without recursion)."""
    number: dict[Line, int] = {}
    reach: dict[Line, int] = {}
    stack: list[Line] = []
    stacked: set[Line] = set()
    found: list[list[Line]] = []
    for root in lines:
        if root in number:
            continue
        work = [(root, iter(reads[root]))]
        number[root] = reach[root] = len(number)
        stack.append(root)
        stacked.add(root)
        while work:
            line, rest = work[-1]
            for other in rest:
                if other not in number:
                    number[other] = reach[other] = len(number)
                    stack.append(other)
                    stacked.add(other)
                    work.append((other, iter(reads[other])))
                    break
                if other in stacked:
                    reach[line] = min(reach[line], number[other])
            else:
                work.pop()
                if work:
                    reach[work[-1][0]] = min(reach[work[-1][0]], reach[line])
                if reach[line] == number[line]:
                    members = []
                    while True:
                        member = stack.pop()
                        stacked.discard(member)
                        members.append(member)
                        if member is line:
                            break
                    found.append(members)
    return found


def _within(members: list[Line], reads: dict[Line, dict[Line, bool]]) -> list[Line]:
    """The members of a recurrent group in the order within one period. Raises LoopError where there is none."""
    inside = set(members)
    waiting = {
        line: {other for other, before in reads[line].items() if other in inside and not before} for line in members
    }
    ordered: list[Line] = []
    while waiting:
        ready = sorted((line for line, others in waiting.items() if not others), key=lambda line: line.key)
        if not ready:
            raise LoopError(_loop_text(waiting))
        for line in ready:
            del waiting[line]
            ordered.append(line)
        for others in waiting.values():
            others.difference_update(ready)
    for line in ordered:
        _check_recurrence(line, line.definition, inside)
        if not line.timed:
            raise LoopError(
                f"The figure {line.describe()} ({line.origin}) needs whole lines that lead back to it: "
                f"{', '.join(other.describe() for other in ordered if other is not line)}. A figure without time "
                "cannot stand inside a recurrence. Use a line over time, such as a corkscrew."
            )
    return ordered


def _loop_text(waiting: dict[Line, set[Line]]) -> str:
    line = min(waiting, key=lambda one: one.key)
    path: list[Line] = []
    while not any(line is seen for seen in path):
        path.append(line)
        line = min(waiting[line], key=lambda one: one.key)
    start = next(position for position, seen in enumerate(path) if seen is line)
    loop = path[start:]
    steps = "\n".join(
        f"  {one.describe()} of {one.section.name}, defined at {one.origin}: {one.origin.text}" for one in loop
    )
    return (
        f"These lines need each other in the same period, so none can be calculated:\n{steps}\n"
        "Break the loop with previous(line): the value of the period before."
    )


def _check_recurrence(line: Line, definition: Expression | None, inside: set[Line]) -> None:
    if not isinstance(definition, Call):
        return
    operation = definition.operation
    whole = (operation.over_time or operation.along_time) and operation is not op.PREVIOUS
    for operand in definition.operands:
        if whole and isinstance(operand, Line) and operand in inside:
            raise LoopError(
                f"{line.describe()} ({line.origin}) takes {operation.name} of {operand.describe()}, which leads back "
                "to it: inside a recurrence only previous(line) may be used. For a sum so far, use a corkscrew."
            )
        _check_recurrence(line, operand, inside)
