"""The loop that somebody would write by hand: a plain Python program made from a model's recorded lines.

Floats, lists and the math module, one path at a time, a `for` over periods with each line a statement. It is written as
well as a hand would: what no uncertain input reaches is computed once for all paths, lines share one loop over periods
where they can, and only what the headline figures need is computed. See it with

    python -m benchmarks.plain_loop examples/peterborough.yaml
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import isfunction
from itertools import chain, count
from keyword import iskeyword
from pathlib import Path

from benchmarks import plain_functions
from benchmarks.plain_expressions import Text, reads_whole_lines
from sibmodel.deals import read
from sibmodel.lines import Draw, Expression, Input, Line
from sibmodel.lines.expression import Call
from sibmodel.lines.order import Group, groups, precedents_of
from sibmodel.model import Model, build
from sibmodel.simulation.kept import headline_lines

Columns = Mapping[str, Sequence[float]]
"""For each uncertain input and each count, by the line's key, its value in each path."""


FUNCTIONS = {
    **{name: getattr(math, name) for name in ("exp", "floor", "log", "nan", "pow", "sqrt")},
    **{name: value for name, value in vars(plain_functions).items() if isfunction(value)},
}
"""What the program may call, besides what Python has built in."""


@dataclass(frozen=True, eq=False)
class PlainLoop:
    """A program and what it calculates: for each path a tuple of the figures `names`."""

    names: tuple[str, ...]
    given: tuple[Line, ...]
    """The inputs and counts whose values the caller gives."""
    text: str
    run: Callable[[Columns, int], list[tuple[float, ...]]]
    """Called with the columns and the number of paths."""


def flows_of(model: Model) -> dict[str, Line]:
    """The cash flows whose rates of return are asked for, by the rate's name: all investors', and each tranche's."""
    returns = model.returns
    return {"irr": returns.everyone.flow, **{f"irr, {one.who}": one.flow for one in returns.tranches}}


def plain_loop(model: Model) -> PlainLoop:
    """The program of a model's headline figures and its rates of return."""
    headlines, flows = headline_lines(model), flows_of(model)
    given = [*(one.cell for one in model.uncertain), *model.book.draws]
    program = _Program(model.book.periods, [*headlines.values(), *flows.values()], given)
    text = program.write([*headlines.values()], [*flows.values()])
    space: dict[str, object] = dict(FUNCTIONS)
    exec(compile(text, "<plain loop>", "exec"), space)
    run: Callable[[Columns, int], list[tuple[float, ...]]] = space["calculate"]  # type: ignore[assignment]
    return PlainLoop((*headlines, *flows), tuple(program.given), text, run)


@dataclass(eq=False)
class _Stretch:
    """Figures, then lines over time that share a loop over periods."""

    figures: list[Line] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


class _Program:
    def __init__(self, periods: int, wanted: Iterable[Line], given: Sequence[Line]) -> None:
        self.periods = periods
        self.wanted = list(wanted)
        needed = _needed(self.wanted)
        self.given = [line for line in given if line in needed]
        self.groups = [_only(group, needed) for group in groups(self.wanted)]
        self.fixed = self._unreached()
        self.names: dict[Line, str] = {}
        self.taken = {
            "columns",
            "paths",
            "path",
            "now",
            "figures",
            "abs",
            "int",
            "max",
            "min",
            "range",
            "sum",
            *FUNCTIONS,
        }
        self.counter = count(1)
        self.rows: dict[Line, None] = {}

    def write(self, figures: list[Line], flows: list[Line]) -> str:
        """The whole program. Written twice: only the second time is it known which lists anybody reads."""
        varying = {line for group in self.groups for line in group.lines} - set(self.fixed) - set(self.given)
        for _ in range(2):
            self.counter = count(1)
            once: list[str] = []
            fixed = self._part({line for line in self.fixed if not isinstance(line, Input)}, {}, [])
            path = self._part(varying, self.fixed, once)
            self.rows.update(dict.fromkeys(flows))
        rates = [f"rate_of_return({self.name(flow)}_row)" for flow in flows]
        results = ", ".join([*(self.name(line) for line in figures), *rates])
        body = [
            '"""Each path\'s figures, from the columns of uncertain inputs and counts."""',
            *(f"{self.name(line)} = {line.value!r}" for line in self.fixed if isinstance(line, Input)),
            *fixed,
            *once,
            *(f"{self.name(line)}_column = columns[{line.key!r}]" for line in self.given),
            "figures = []",
            "for path in range(paths):",
            *(f"    {self.name(line)} = {self.name(line)}_column[path]" for line in self.given),
            *(f"    {statement}" for statement in path),
            f"    figures.append(({results}))",
            "return figures",
        ]
        return "def calculate(columns, paths):\n" + "".join(f"    {statement}\n" for statement in body)

    def name(self, line: Line) -> str:
        """The line's name as a name of Python; neither it nor what is made of it is another line's."""
        if line not in self.names:
            plain = re.sub(r"\W+", "_", line.name.lower()).strip("_")
            plain = plain if plain[:1].isalpha() else f"line_{plain}"
            for name in chain([plain], (f"{plain}_{number}" for number in count(2))):
                made = {name, *(f"{name}_{ending}" for ending in ("row", "before", "so_far", "column"))}
                if not made & self.taken and not iskeyword(name):
                    break
            self.names[line] = name
            self.taken |= made
        return self.names[line]

    def fresh(self, what: str) -> str:
        return f"_{what}_{next(self.counter)}"

    def _unreached(self) -> dict[Line, None]:
        """The lines that no given input or count reaches, in the order of calculation."""
        reached = set(self.given)
        for group in self.groups:
            if any(other in reached for line in group.lines for other in _precedents(line)):
                reached.update(group.lines)
        return {line: None for group in self.groups for line in group.lines if line not in reached}

    def _part(self, inside: set[Line], fixed: Mapping[Line, None], once: list[str]) -> list[str]:
        """The statements of the lines `inside`, of which `fixed` are done."""
        statements: list[str] = []
        for stretch in _stretches(self.groups, inside):
            statements += self._stretch(stretch, fixed, once)
        return statements

    def _stretch(self, stretch: _Stretch, fixed: Mapping[Line, None], once: list[str]) -> list[str]:
        statements: list[str] = []
        for line in stretch.figures:
            text = Text(self.name, fixed, once, self.fresh, in_loop=False)
            assert line.definition is not None
            value = text.write(line.definition)
            statements += [*text.before, f"{self.name(line)} = {value}"]
            self.rows.update(text.rows)
        return statements + self._loop(stretch.lines, fixed, once) if stretch.lines else statements

    def _loop(self, lines: list[Line], fixed: Mapping[Line, None], once: list[str]) -> list[str]:
        """A loop over periods: lists are kept of what somebody reads as a list, and of what a later loop reads."""
        text = Text(self.name, fixed, once, self.fresh, in_loop=True)
        here = set(lines)
        body: list[str] = []
        summed: set[Line] = set()
        for line in lines:
            assert line.definition is not None
            value = text.write(line.definition)
            for other in [other for other in text.summed if other not in summed]:
                text.now[other] = None
                body.append(f"{self.name(other)}_so_far += {self.name(other)}")
                summed.add(other)
            body.append(f"{self.name(line)} = {value}")
        kept = [line for line in lines if line in self.rows]
        elsewhere = [line for line in {**text.now, **text.carried} if line not in here]
        self.rows.update({**text.rows, **dict.fromkeys(elsewhere)})
        return [
            *text.before,
            *(f"{self.name(line)}_row = [0.0] * {self.periods}" for line in kept),
            *(f"{self.name(line)}_before = 0.0" for line in text.carried),
            *(f"{self.name(line)}_so_far = 0.0" for line in text.summed),
            f"for now in range({self.periods}):",
            *(f"    {self.name(line)} = {self.name(line)}_row[now]" for line in elsewhere),
            *(f"    {statement}" for statement in body),
            *(f"    {self.name(line)}_row[now] = {self.name(line)}" for line in kept),
            *(f"    {self.name(line)}_before = {self.name(line)}" for line in text.carried),
        ]


def _precedents(line: Line) -> list[Line]:
    """What a line reads; a count is given, so it reads nothing."""
    return [] if isinstance(line, Draw) else list(precedents_of(line))


def _needed(wanted: Iterable[Line]) -> set[Line]:
    seen: set[Line] = set()
    waiting = list(wanted)
    while waiting:
        line = waiting.pop()
        if line not in seen:
            seen.add(line)
            waiting.extend(_precedents(line))
    return seen


def _only(group: Group, needed: set[Line]) -> Group:
    return Group(tuple(line for line in group.lines if line in needed), group.recurrent)


def _stretches(order: Iterable[Group], inside: set[Line]) -> list[_Stretch]:
    """The lines `inside` in stretches: a line stands after the loops whose lists it reads, and as early as it can."""
    level: dict[Line, int] = {}
    found: list[_Stretch] = []
    for group in order:
        members = [line for line in group.lines if line in inside]
        if not members:
            continue
        place = 0
        for line in members:
            whole = _read_whole(line.definition)
            for other in _precedents(line):
                if other in level:
                    place = max(place, level[other] + (other.timed and (other in whole or not line.timed)))
        while len(found) <= place:
            found.append(_Stretch())
        for line in members:
            level[line] = place
            (found[place].lines if line.timed else found[place].figures).append(line)
    return found


def _read_whole(definition: Expression | None) -> set[Line]:
    """The lines that a definition reads over all periods at once."""
    if not isinstance(definition, Call):
        return set()
    operands = definition.operands
    read = {one for one in operands if isinstance(one, Line)} if reads_whole_lines(definition.operation) else set()
    return read.union(*(_read_whole(operand) for operand in operands))


if __name__ == "__main__":
    print(plain_loop(build(read(Path(sys.argv[1])))).text)
