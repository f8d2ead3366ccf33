"""A solved price on the screen and as data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sibmodel.analysis.asking import Kind
from sibmodel.analysis.price import Change, Crossing, Frontier, Point, Solution, Term, WinnersCurse
from sibmodel.simulation import Estimate
from sibmodel.views.kinds import paragraph, shown
from sibmodel.words import money, number, percent

PLACES = {"money": 2, "share": 6}
"""Decimals of a term's value as a command takes it."""


def kind_of(term: Term) -> Kind:
    """The kind of number that a term is."""
    if term.quantity.takes_pounds:
        return "money"
    if term.quantity.unit == "months":
        return "months"
    return "share" if term.quantity.takes_percent and term.quantity.unit.startswith("share") else "count"


def of_term(value: float, term: Term) -> str:
    """A value of a term in words; of money in full, to the pound."""
    kind = kind_of(term)
    if kind == "money":
        return f"£{number(value)}"
    return shown(value, kind, 2)


@dataclass(frozen=True)
class Called:
    """What the term, the terms tied to it, the figure, the target and the constraints are called: by paths and words of
    a command, or by names."""

    term: str
    ties: tuple[str, ...]
    figure: str
    target: str
    constraints: tuple[str, ...]


def by_command(found: Solution) -> Called:
    """As a command has them."""
    text = found.target.text
    figure = text[: text.rindex(f" {found.target.sense} ")]
    return Called(found.term.path, found.ties, figure, text, tuple(one.text for one in found.constraints))


def screen(found: Solution, name: str) -> str:
    """The answer in words, what it costs whom, and the command that runs it."""
    return "\n".join(
        [
            found.deal.name,
            *[paragraph(line) for line in sentences(found, by_command(found))],
            *_parties(found.parties, found),
            *_next(found, name),
        ]
    )


def sentences(found: Solution, called: Called) -> list[str]:
    """The answer, other values that reach the target, and what else was wanted."""
    return [*answer(found, called), *_others(found), *_constraints(found, called)]


def answer(found: Solution, called: Called) -> list[str]:
    """The answer, or why there is none, in a few sentences."""
    term, kind = found.term, found.target.question.kind
    now = f"As signed, {of_term(term.value, term)}, it is {_with_error(found.now, kind)}."
    if found.answer is None:
        return [*without_answer(found, called), now]
    one = found.answer
    exact = f" ± {of_term(one.error, term)}" if one.error > 0 else ""
    lines = [
        f"{called.term} of {of_term(one.value, term)}{exact} gives {called.figure} {_with_error(one.reached, kind)}."
    ]
    if one.jumps:
        lines.append(f"There the figure jumps: on the other side of this value it is {shown(one.across, kind)}.")
    if found.target.sense != "=":
        side = "from it up" if one.rising == (found.target.sense == ">=") else "from it down"
        lines.append(f"The target is met {side}{_in_part(found)}.")
    if called.ties:
        lines.append(f"In proportion to it moves {' and '.join(called.ties)}.")
    return [*lines, now]


def _in_part(found: Solution) -> str:
    return ", as far as the next value below" if len(found.crossings) > 1 else ""


def without_answer(found: Solution, called: Called) -> list[str]:
    """Why no value reaches the target, and which comes nearest."""
    term, kind = found.term, found.target.question.kind
    low, high = (of_term(one, term) for one in found.tried)
    if found.nearest is None:
        return [found.why or f"Every value of {called.term} from {low} to {high} reaches {called.target}."]
    nearest = f"{_with_error(found.nearest.reached, kind)}, at {of_term(found.nearest.value, term)}"
    lines = [
        f"No value of {called.term} from {low} to {high} gives {called.target}.",
        f"The nearest is {nearest}. {found.why}".strip(),
    ]
    if math.isfinite(found.reach[0]) and found.reach[0] < found.reach[1]:
        few = ", simulated with few paths" if found.target.question.simulated else ""
        lines.append(
            f"Over these values it lies between {shown(found.reach[0], kind)} and {shown(found.reach[1], kind)}{few}."
        )
    return lines


def _with_error(one: Estimate, kind: Kind) -> str:
    """A figure with its error, where that is more than nothing once rounded."""
    value, error = shown(one.value, kind), shown(one.error, kind, 2)
    return f"{value} ± {error}" if one.error > 0 and error != shown(0.0, kind, 2) else value


def _others(found: Solution) -> list[str]:
    rest = [one for one in found.crossings if one is not found.answer]
    if not rest:
        return []
    return [f"It crosses the target at other values too: {'; '.join(of_term(one.value, found.term) for one in rest)}."]


def _constraints(found: Solution, called: Called) -> list[str]:
    lines = []
    for text, one in zip(called.constraints, found.constraints, strict=True):
        verdict = "holds" if one.met else "does not hold"
        where = "as signed" if found.answer is None else "there"
        line = f"{text} {verdict} {where}: {_with_error(one.found, one.kind)}."
        if not one.met:
            line += (
                f" The nearest value at which it holds is {of_term(one.limit, found.term)}."
                if math.isfinite(one.limit)
                else " No value that was tried meets it."
            )
        lines.append(line)
    return lines


def _parties(parties: Sequence[Change], found: Solution) -> list[str]:
    if not parties:
        return []
    head = f"  {'Money in less out, change':<34} {'base case':>16}   mean over {number(found.paths)} paths"
    rows = [
        f"  {one.party[:34]:<34} {money(one.base_after - one.base_before):>16}   "
        f"{money(one.difference.value)} ± {money(one.difference.error)}   "
        f"({money(one.before.value)} to {money(one.after.value)})"
        for one in parties
    ]
    return ["", head, *rows]


def _next(found: Solution, name: str) -> list[str]:
    if found.answer is None or found.solved is None:
        return []
    return ["", f"Next: sibmodel run {name} {setting(found)}"]


def setting(found: Solution) -> str:
    """The answer as options of a command; rounded to the side that meets the target."""
    assert found.answer is not None
    value = _rounded(found.answer, found.term, found.target.sense)
    tied = [f"--set {quoted(path, _tied(found, path))}" for path in found.ties]
    return " ".join([f"--set {quoted(found.term.path, value)}", *tied])


def _tied(found: Solution, path: str) -> str:
    from sibmodel.replacing import value_at

    return f"{value_at(found.solved, path):.2f}" if found.solved is not None else ""


def quoted(path: str, value: str) -> str:
    """`path=value`, in quotation marks where a shell needs them."""
    return f'"{path}={value}"' if " " in path else f"{path}={value}"


def _rounded(one: Crossing, term: Term, sense: str) -> str:
    if term.whole:
        return str(int(one.value))
    places = PLACES.get(kind_of(term), 6)
    scale = 10.0**places
    upward = one.rising == (sense == ">=")
    value = one.value if sense == "=" else (math.ceil if upward else math.floor)(one.value * scale) / scale
    return f"{value:.{places}f}".rstrip("0").rstrip(".")


def frontier_screen(found: Frontier) -> str:
    """A frontier as a table."""
    first = found.points[0].solution
    lines = [
        first.deal.name,
        f"  {first.term.path} for {first.target.text}, along {found.along.path}",
        "",
        f"  {'along':>10}  {'solved':>20}  {'mean bill':>24}  {'P95 bill':>15}  {'most':>15}  {'paid in':>8}  "
        f"{'sd investor':>15}  {'no effect':>15}  likeness",
    ]
    lines += [_row(point, found.along) for point in found.points]
    lines += [
        "",
        "  most: the highest bill of any path. no effect: the mean bill where the true effect is nil or harmful.",
        "  sd investor: standard deviation of investors' NPV. likeness: correlation of the bill with the true effect.",
    ]
    for point in found.points:
        lines += [paragraph(f"At {of_term(point.along, found.along)}: {one}") for one in _point_words(point)]
    return "\n".join(lines)


def _row(point: Point, along: Term) -> str:
    one, solution = point.contract, point.solution
    if one is None or solution.answer is None:
        return f"  {of_term(point.along, along):>10}  {'no answer':>20}"
    term = solution.term
    error = f" ± {of_term(solution.answer.error, term)}" if solution.answer.error > 0 else ""
    cells = (
        f"{of_term(solution.answer.value, term) + error:>20}",
        f"{money(one.mean_bill.value) + ' ± ' + money(one.mean_bill.error):>24}",
        f"{money(one.p95_bill.value):>15}",
        f"{money(one.most):>15}",
        f"{percent(one.paid.value):>8}",
        f"{money(one.investors_spread.value):>15}",
        f"{money(one.paid_without_effect.value):>15}",
        f"{number(one.likeness, 2):>8}",
    )
    return f"  {of_term(point.along, along):>10}  {'  '.join(cells)}"


def _point_words(point: Point) -> list[str]:
    if point.solution.answer is None:
        return without_answer(point.solution, by_command(point.solution))
    return _constraints(point.solution, by_command(point.solution))


def curse_screen(found: WinnersCurse) -> str:
    """The winner's curse as a table."""
    lines = [
        f"  Winner's curse: every bidder estimates the effect with a standard error of {percent(found.error)}.",
        f"  Yours is {percent(found.estimate)}; before any estimate, the deal believes {percent(found.mean)} ± "
        f"{percent(found.spread)}.",
        f"  {'bidders':>9}   {'the winner overstates by':>26}   {'true effect if you win':>24}",
    ]
    for one in sorted(found.curses, key=lambda each: each.bidders):
        points = f"{number(one.overstated * 100, 1)} points"
        lines.append(
            f"  {one.bidders:>9}   {points:>26}   {percent(one.given_winning) + ' ± ' + percent(one.spread):>24}"
        )
    return "\n".join(lines)
