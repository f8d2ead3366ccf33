"""A frontier as a page: one term solved for the same target at each value of another, and what each contract means."""

from __future__ import annotations

from collections.abc import Sequence

from sibmodel.analysis.price import Contract, Frontier, Point
from sibmodel.simulation import Estimate
from sibmodel.views.common import Block, Cell, Chart, Constant, Kind, Pictures, Series, Table, View, Words
from sibmodel.views.price import changed_before, kind_of, of_term, without_answer
from sibmodel.views.price_sheet import (
    ERRORS,
    asked,
    by_name,
    figure_heading,
    heading,
    if_simulated,
    named,
    of_a_term,
    of_figure,
)
from sibmodel.views.sentences import scale
from sibmodel.words import money, number

NAME = "Frontier"
MEAN, P95 = "Mean bill", "P95 bill"
MONEY_NOTE = "£ of the day; net present value at present value."


def frontier(found: Frontier, changes: Sequence[str] = ()) -> View:
    """The view of a frontier, of the deal with `changes` made to it beforehand."""
    first = found.points[0].solution
    called, along = by_name(first), named(first.deal, found.along.path)
    points = sorted(found.points, key=lambda one: one.along)
    met = [one for one in points if one.contract is not None]
    blocks: list[Block] = [Words((*_sentences(found, met), ERRORS))]
    if met:
        solved, bills = _solved(found, met), _bills(found, met)
        if _spread(met):
            blocks.append(Pictures((*_line(found, solved, met), _bill_lines(found, bills, met))))
        blocks += [solved, bills, _risks(found, met)]
    if len(met) < len(points):
        blocks.append(_unmet(found, [one for one in points if one.contract is None]))
        reasons = [_reason(found, one) for one in points if one.contract is None]
        blocks.append(Words(tuple(reasons), "Why there is no answer"))
    run_along = f"Run along: {along}, in the deal file {found.along.path}."
    blocks.append(asked(first, called, run_along, *changed_before(changes)))
    return View(
        NAME, f"What {called.term} would have to be at each value of {along}, for {called.target}.", tuple(blocks)
    )


def _sentences(found: Frontier, met: Sequence[Point]) -> tuple[str, ...]:
    first = found.points[0].solution
    called, along = by_name(first), named(first.deal, found.along.path)
    if not met:
        return (f"No value of {called.term} gives {called.target} at any value of {along} that was tried.",)
    said = [f"At {len(met)} of {len(found.points)} values of {along} there is an answer."]
    if _spread(met):
        low, high = met[0], met[-1]
        ends = [(one.along, one.solution.answer, one.contract) for one in (low, high)]
        (at, one, bill), (to, other, later) = ends
        assert one is not None
        assert other is not None
        assert bill is not None
        assert later is not None
        said.append(
            f"From {of_term(at, found.along)} to {of_term(to, found.along)} the answer goes from "
            f"{of_term(one.value, first.term)} to {of_term(other.value, first.term)}; the mean bill from "
            f"{money(bill.mean_bill.value)} to {money(later.mean_bill.value)}, and the bill for a service without "
            f"effect from {money(bill.paid_without_effect.value)} to {money(later.paid_without_effect.value)}."
        )
    return tuple(said)


def _spread(met: Sequence[Point]) -> bool:
    """Whether answers lie at different values, so that there is a line between them."""
    return met[0].along < met[-1].along


def _head(found: Frontier) -> str:
    return heading(found.points[0].solution.deal, found.along)


def _solved(found: Frontier, met: Sequence[Point]) -> Table:
    first = found.points[0].solution
    called, kind = by_name(first), first.target.question.kind
    rows, wanted = [], {text: place for place, text in enumerate(called.constraints)}
    for point in met:
        one = point.solution.answer
        assert one is not None
        cells: list[Cell] = [of_a_term(point.along, found.along)]
        cells += ["holds" if point.solution.constraints[place].met else "does not hold" for place in wanted.values()]
        cells += [of_a_term(one.value, first.term), *if_simulated(first, of_a_term(one.error, first.term))]
        cells += [of_figure(one.reached.value, kind), *if_simulated(first, of_figure(one.reached.error, kind))]
        rows.append(tuple(cells))
    header = (
        *(_head(found), *wanted, heading(first.deal, first.term), *if_simulated(first, "Error of that")),
        *(figure_heading(first, called), *if_simulated(first, "Error of the figure")),
    )
    return Table(
        "The answer at each value", header, tuple(rows), f"{number(first.paths)} paths each, with the same luck."
    )


def _bills(found: Frontier, met: Sequence[Point]) -> Table:
    header = (
        *(_head(found), MEAN, "Error of the mean bill", P95, "Error of the P95 bill", "Highest bill of any path"),
        *("Bill where the effect is nil or harmful", "Error of that bill"),
    )
    rows = tuple(
        (
            of_a_term(point.along, found.along),
            *_pair(one.mean_bill, "money"),
            *_pair(one.p95_bill, "money"),
            Constant(one.most, "money"),
            *_pair(one.paid_without_effect, "money"),
        )
        for point, one in _contracts(met)
    )
    note = (
        f"{MONEY_NOTE} P95: 95 in 100 paths are at or below it. The last bill is a mean over the paths without effect."
    )
    return Table("What each contract costs its payers, £", header, rows, note)


def _risks(found: Frontier, met: Sequence[Point]) -> Table:
    header = (
        *(_head(found), "Chance that anything is paid for results", "Error of the chance", "Investors' mean NPV, £"),
        *(
            "Error of the mean NPV",
            "Standard deviation of it, £",
            "Error of the deviation",
            "Likeness of bill and effect",
        ),
    )
    rows = tuple(
        (
            of_a_term(point.along, found.along),
            *_pair(one.paid, "share"),
            *_pair(one.investors_npv, "money"),
            *_pair(one.investors_spread, "money"),
            Constant(one.likeness, "number"),
        )
        for point, one in _contracts(met)
    )
    note = (
        "Likeness: the correlation of the bill with the true effect, from 0, where payment says nothing of what the "
        "service did, to 1. It has no error of its own here."
    )
    return Table("Who bears what under each contract", header, rows, note)


def _contracts(met: Sequence[Point]) -> list[tuple[Point, Contract]]:
    return [(point, point.contract) for point in met if point.contract is not None]


def _pair(one: Estimate, kind: Kind) -> tuple[Cell, Cell]:
    return of_figure(one.value, kind), of_figure(one.error, kind)


def _unmet(found: Frontier, points: Sequence[Point]) -> Table:
    """The values at which no answer is found, and what comes nearest."""
    first = found.points[0].solution
    called, kind = by_name(first), first.target.question.kind
    rows = []
    for point in points:
        near = point.solution.nearest
        cells: tuple[Cell, ...] = (of_a_term(point.along, found.along),)
        if near is None:
            cells += (*(Constant(float("nan"), "number") for _ in range(3)),)
        else:
            cells += (
                of_figure(near.reached.value, kind),
                of_figure(near.reached.error, kind),
                of_a_term(near.value, first.term),
            )
        rows.append(cells)
    header = (
        _head(found),
        f"Nearest {figure_heading(first, called)}",
        "Error of that",
        f"At {heading(first.deal, first.term)}",
    )
    return Table("Values without an answer, and what comes nearest", header, tuple(rows))


def _reason(found: Frontier, point: Point) -> str:
    called = by_name(point.solution)
    return f"At {of_term(point.along, found.along)}: {' '.join(without_answer(point.solution, called))}"


def _line(found: Frontier, table: Table, met: Sequence[Point]) -> tuple[Chart, ...]:
    """The answer along the other term; nothing where it is the same everywhere."""
    first = found.points[0].solution
    called, kind = by_name(first), kind_of(first.term)
    answers = [one.solution.answer for one in met if one.solution.answer is not None]
    values = [of_term(one.value, first.term) for one in answers]
    if len(set(values)) == 1:
        return ()
    title = f"From {values[0]} to {values[-1]} for {called.target}"
    axis: Kind = "money" if kind == "money" else "share" if kind == "share" else "number"
    chart = Chart(
        title,
        table,
        (Series(heading(first.deal, first.term), "investors"),),
        "curve",
        table.header[0],
        heading(first.deal, first.term),
        axis,
        f"Line of {called.term}, solved for {called.target}, at each value of {table.header[0]}. {title}. The figures "
        f"are in the table {table.title}.",
    )
    return (chart,)


def _bill_lines(found: Frontier, table: Table, met: Sequence[Point]) -> Chart:
    contracts = [one for _, one in _contracts(met)]
    unit, kind = scale(max(max(one.mean_bill.value, one.p95_bill.value) for one in contracts))
    ends = [money(one.mean_bill.value) for one in (contracts[0], contracts[-1])]
    title = f"The mean bill goes from {ends[0]} to {ends[1]}"
    return Chart(
        title,
        table,
        (Series(MEAN, "investors"), Series(P95, "loss", faint=True)),
        "curve",
        table.header[0],
        f"Bill, {unit}",
        kind,
        f"Lines of the mean bill, and dashed of the bill that 95 in 100 paths do not exceed, at each value of "
        f"{table.header[0]}. {title}. The figures are in the table {table.title}.",
    )
