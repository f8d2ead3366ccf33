"""A solved price on the screen and as data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sibmodel.analysis.asking import Kind
from sibmodel.analysis.price import Change, Crossing, Solution, Term, WinnersCurse
from sibmodel.deal import Deal
from sibmodel.simulation import SEED, Estimate, usual
from sibmodel.views.kinds import paragraph, shown
from sibmodel.words import argument, money, number, percent

PLACES = {"money": 2, "share": 6}
"""Decimals of a term's value as a command takes it."""
COARSE = 0.001
"""A share with a smaller error than this, a tenth of a per cent, is shown to two places."""
NOTHING_BESIDE = 0.01
"""How much of its error an amount must be, to be more than nil."""
LONGEST_NAME = 30
"""Characters of a party's name."""


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


def screen(found: Solution, opened: str, changes: Sequence[str] = ()) -> str:
    """The answer in words, what it costs whom, and the command that runs it. `opened` is the deal as that command has
    it, with `changes` made to it beforehand: `payments[0].cap=£9m`."""
    return "\n".join(
        [
            found.deal.name,
            *[paragraph(line) for line in changed_before(changes)],
            *[paragraph(line) for line in sentences(found, by_command(found))],
            *_parties(found.parties, found),
            *_next(found, opened),
        ]
    )


def months_of(deal: Deal) -> str:
    """The deal's months, from the first to the last."""
    return f"{deal.start} to {deal.start.plus(deal.months - 1)}"


def changed_before(changes: Sequence[str]) -> list[str]:
    """That “as signed” means the deal with changes; nothing where there are none."""
    return [f"Asked of the deal with {', '.join(changes)}; “as signed” is with that."] if changes else []


def sentences(found: Solution, called: Called) -> list[str]:
    """The answer, other values that reach the target, and what else was wanted."""
    return [*answer(found, called), *_others(found), *constraints_met(found, called)]


def answer(found: Solution, called: Called) -> list[str]:
    """The answer, or why there is none, in a few sentences."""
    term, kind = found.term, found.target.question.kind
    now = f"As signed, {of_term(term.value, term)}, it is {with_error(found.now, kind)}."
    if found.answer is None:
        return [*without_answer(found, called), now]
    one = found.answer
    exact = f" ± {of_term(one.error, term)}" if one.error > 0 else ""
    lines = [
        f"{called.term} of {of_term(one.value, term)}{exact} gives {called.figure} {with_error(one.reached, kind)}."
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
    nearest = f"{with_error(found.nearest.reached, kind)}, at {of_term(found.nearest.value, term)}"
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


def with_error(one: Estimate, kind: Kind) -> str:
    """A figure with its error, where that is more than nothing once rounded. Both have as many places as the error
    needs, and an amount that is nothing beside its error is nil."""
    fine = kind in ("share", "rate") and 0 < one.error < COARSE
    value = 0.0 if kind == "money" and abs(one.value) < one.error * NOTHING_BESIDE else one.value
    text, error = (shown(each, kind, 2 if fine else 1) for each in (value, one.error))
    return f"{text} ± {error}" if one.error > 0 and error != shown(0.0, kind, 2 if fine else 1) else text


def _others(found: Solution) -> list[str]:
    rest = [one for one in found.crossings if one is not found.answer]
    if not rest:
        return []
    return [f"It crosses the target at other values too: {'; '.join(of_term(one.value, found.term) for one in rest)}."]


def constraints_met(found: Solution, called: Called) -> list[str]:
    """Whether what else was wanted holds, a sentence for each."""
    lines = []
    for text, one in zip(called.constraints, found.constraints, strict=True):
        verdict = "holds" if one.met else "does not hold"
        where = "as signed" if found.answer is None else "there"
        line = f"{text} {verdict} {where}: {with_error(one.found, one.kind)}."
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
    head = ("Party", "change, base case", "change of the mean", "mean as signed → with the answer")
    rows = [
        (
            one.party[:LONGEST_NAME],
            money(one.base_after - one.base_before),
            amount(one.difference),
            f"{money(one.before.value)} → {money(one.after.value)}",
        )
        for one in parties
    ]
    months = months_of(found.deal)
    title = f"Money in less money out, {months}; means of {number(found.paths)} paths"
    return ["", f"  {title}", *columns([head, *rows])]


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Texts below one another: the first column to the left, the others to the right, each as wide as it must be."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    first, *others = widths
    return [
        f"  {row[0]:<{first}}" + "".join(f"   {text:>{width}}" for text, width in zip(row[1:], others, strict=True))
        for row in rows
    ]


def amount(one: Estimate) -> str:
    """An amount with its error."""
    return f"{money(one.value)} ± {money(one.error)}"


def _next(found: Solution, opened: str) -> list[str]:
    if found.answer is None or found.solved is None:
        return []
    return ["", f"Next: sibmodel run {opened} {setting(found)}{_same_luck(found)}"]


def _same_luck(found: Solution) -> str:
    """The options with which a run meets the paths on which a simulated target was sought."""
    if not found.target.question.simulated:
        return ""
    sampler = "" if found.sampler == usual(found.paths) else f" --sampler {found.sampler}"
    return f" --paths {found.paths}{sampler}" + (f" --seed {found.seed}" if found.seed != SEED else "")


def setting(found: Solution) -> str:
    """The answer as options of a command; rounded to the side that meets the target."""
    assert found.answer is not None
    value = _rounded(found.answer, found.term, found.target.sense)
    pairs = [(found.term.path, value), *((path, _tied(found, path)) for path in found.ties)]
    return " ".join(f"--set {argument(f'{path}={one}')}" for path, one in pairs)


def _tied(found: Solution, path: str) -> str:
    from sibmodel.replacing import value_at

    return f"{value_at(found.solved, path):.2f}" if found.solved is not None else ""


def _rounded(one: Crossing, term: Term, sense: str) -> str:
    if term.whole:
        return str(int(one.value))
    places = PLACES.get(kind_of(term), 6)
    scale = 10.0**places
    upward = one.rising == (sense == ">=")
    value = one.value if sense == "=" else (math.ceil if upward else math.floor)(one.value * scale) / scale
    return f"{value:.{places}f}".rstrip("0").rstrip(".")


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
