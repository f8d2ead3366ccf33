"""Value for money for the commissioner: the bill by year, what a true outcome costs, and what it is worth to whom."""

from __future__ import annotations

from collections.abc import Iterator

from sibmodel.analysis.value_for_money.judging import COUNTED, EFFECTS, Net, Spread, ValueForMoney
from sibmodel.simulation import Estimate
from sibmodel.valuing import GREEN_BOOK
from sibmodel.views.caps import cap_of
from sibmodel.views.common import Block, Cell, Chart, Constant, Figure, Kind, Pictures, Series, Table, View, Words
from sibmodel.views.sentences import of_a_hundred
from sibmodel.words import money, number, percent

PURPOSE = "What the commissioner may have to pay and when, what a true outcome costs, and what it is worth to whom."
BILL, OUTCOMES = "Bill by financial year, with its range", "What an outcome costs, means by means"
WORTH, NETS = "What true outcomes are worth, each kind by itself", "Benefits against cost, at present value"
RATIOS = "What £1 of cost brings, and the effect from which it is worth it"


def value_for_money(found: ValueForMoney) -> View:
    """The view."""
    bill = _bill(found)
    made: list[Block] = [Words(sentences(found)), Pictures((_chart(found, bill),)), bill, _outcomes(found)]
    if found.benefits:
        made += [_worth(found), _nets(found), _ratios(found)]
    made.append(Words(basis(found), "How it is reckoned"))
    return View("Value for money", PURPOSE, tuple(made))


def sentences(found: ValueForMoney) -> tuple[str, ...]:
    """What it says, the most important first."""
    return tuple(_sentences(found))


def _sentences(found: ValueForMoney) -> Iterator[str]:
    bill, first = found.bill, found.outcomes[0]
    yield (
        f"The bill is {money(bill.mean.value)} (± {money(bill.mean.error)}) on average, and {money(bill.p95.value)} "
        f"or less in 95 of 100 paths. {_most(found)}"
    )
    dearest = max(found.years, key=lambda one: one[1].mean.value)
    yield (
        f"The largest year is {dearest[0]}: {money(dearest[1].mean.value)} on average, {money(dearest[1].p95.value)} "
        "or less in 95 of 100 paths."
    )
    yield (
        f"An outcome costs {money(first.true.value)} (± {money(first.true.error)}) {_of(found)} for each that is "
        f"true, and {money(first.measured.value)} for each that is measured."
    )
    for one in found.nets:
        yield from _said(found, one)
    if not found.benefits:
        yield (
            "The deal does not say what an outcome is worth. At present value a true one costs "
            f"{money(found.per_true_present.value)} of everything that is paid, fees and charges included: it must be "
            "worth at least that. Write `value` in the deal file."
        )


def _most(found: ValueForMoney) -> str:
    """The most that the bill can be, by the contract; what no draw can prove where there is no cap."""
    most, highest = cap_of(found.deal), f"the highest of {number(found.paths)} paths is {money(found.bill.highest)}"
    return f"There is no cap: {highest}." if most is None else f"It cannot exceed {money(most)}, its cap; {highest}."


def _of(found: ValueForMoney) -> str:
    """Which payments the first measure's outcomes are held against."""
    bill = found.model.commissioning
    if bill.costs[0].paid is bill.paid_in_all:
        return "of everything that is paid"
    return f"of what is paid for {bill.costs[0].metric}"


def _said(found: ValueForMoney, one: Net) -> Iterator[str]:
    what = f"{one.of.capitalize()} benefits" if one.of != COUNTED else f"All counted ({_kinds(found)})"
    yield (
        f"{what} are worth {money(one.benefits.mean.value)} at present value, {number(one.by_cost.value, 2)} for "
        f"each £1 of cost; less the cost, {money(one.net.mean.value)} (± {money(one.net.mean.error)}), below nil in "
        f"{of_a_hundred(one.negative.value)} of 100 paths."
    )
    if one.switching.effect.value == one.switching.effect.value:
        yield (
            f"{what} cover their cost from a true effect of {percent(one.switching.effect.value)} "
            f"(± {percent(one.switching.effect.error)}) on."
        )
    elif one.switching.always:
        yield (
            f"At every true effect from {percent(EFFECTS[0])} to {percent(EFFECTS[-1])}, {what.lower()} less cost are "
            f"{one.switching.always} on average: there is no switching value."
        )


def _kinds(found: ValueForMoney) -> str:
    return " and ".join(found.lines.terms.counts)


def _bill(found: ValueForMoney) -> Table:
    lines = {one.name: one.paid for one in found.model.commissioning.years}
    rows: list[tuple[Cell, ...]] = [
        (name, Figure(lines[name], "money"), *_spread(spread)) for name, spread in found.years
    ]
    rows.append(("Over the whole deal", Figure(found.model.commissioning.paid_in_all, "money"), *_spread(found.bill)))
    header = (
        "Financial year",
        "Base case",
        "Mean",
        "Error of the mean",
        "P5",
        "P95",
        "Error of P95",
        "Highest of any path",
    )
    note = (
        f"Simulated, {found.paths:,} paths, seed {found.seed}; from April to March, in money of the day. The years' "
        "P95 and highest do not add up: no path has them all."
    )
    return Table(BILL, header, tuple(rows), note, total=True)


def _spread(one: Spread) -> tuple[Cell, ...]:
    values = (one.mean.value, one.mean.error, one.p5.value, one.p95.value, one.p95.error, one.highest)
    return tuple(Constant(value, "money") for value in values)


def _outcomes(found: ValueForMoney) -> Table:
    header = ("Measure", "Cost of a true outcome", "Error", "Cost of a measured outcome", "Error of it",
              "Counted in", "True outcomes", "Measured outcomes")  # fmt: skip
    rows = tuple(
        (
            one.measure,
            *_pair(one.true, "money"),
            *_pair(one.measured, "money"),
            cost.true_units.unit,
            Constant(one.true_units.value, "count"),
            Constant(one.measured_units.value, "count"),
        )
        for one, cost in zip(found.outcomes, found.model.commissioning.costs, strict=True)
    )
    note = (
        "Mean payments by mean outcomes, not the mean of what each path's outcomes cost. Payments in money of the "
        "day. n/a where no outcome is brought about on average."
    )
    return Table(OUTCOMES, header, rows, note)


def _pair(one: Estimate, kind: Kind) -> tuple[Cell, Cell]:
    return Constant(one.value, kind), Constant(one.error, kind)


def _worth(found: ValueForMoney) -> Table:
    header = ("Benefit", "Kind", "Reckoned by", "Worth of one", "In", "Base case, in all", "Mean, in all", "Error",
              "Source")  # fmt: skip
    rows = tuple(
        (
            one.terms.name,
            one.terms.kind,
            {"marginal": "marginal cost", "average": "average cost", "value": "value"}[one.terms.basis],
            Constant(one.per_event, "money"),
            f"prices of {year_name(found.lines.price_year)}",
            Figure(lines.present, "money"),
            *_pair(one.present.mean, "money"),
            one.terms.source,
        )
        for one, lines in zip(found.benefits, found.lines.benefits, strict=True)
    )
    note = (
        "At present value. Kinds overlap and fall to different people, so they are not added up here. A marginal "
        "cost is what one event fewer spares; an average cost is not saved until a wing or a team closes."
    )
    return Table(WORTH, header, rows, note)


def _nets(found: ValueForMoney) -> Table:
    header = ("Benefits", "Benefits, mean", "Cost, mean", "Base case, net", "Net, mean", "Error", "Net, P5", "Net, P95",
              "Chance below nil")  # fmt: skip
    rows = tuple(
        (
            _of_benefits(found, one),
            Constant(one.benefits.mean.value, "money"),
            Constant(found.cost.mean.value, "money"),
            Figure(found.lines.net[one.of], "money"),
            *_pair(one.net.mean, "money"),
            Constant(one.net.p5.value, "money"),
            Constant(one.net.p95.value, "money"),
            Constant(one.negative.value, "share"),
        )
        for one in found.nets
    )
    return Table(NETS, header, rows, "Each row holds one kind of benefit against the whole cost to the payers.")


def _ratios(found: ValueForMoney) -> Table:
    header = ("Benefits", "Benefits for £1", "Error of that", "Switching value", "Error of it")
    rows = tuple(
        (_of_benefits(found, one), *_pair(one.by_cost, "multiple"), *_pair(one.switching.effect, "share"))
        for one in found.nets
    )
    return Table(RATIOS, header, rows)


def _of_benefits(found: ValueForMoney, one: Net) -> str:
    return one.of if one.of != COUNTED else f"counted together: {_kinds(found)}"


def _chart(found: ValueForMoney, bill: Table) -> Chart:
    year, spread = max(found.years, key=lambda one: one[1].p95.value)
    return Chart(
        f"Budget cover: up to {money(spread.p95.value)} in {year}",
        bill,
        (Series("Mean", "investors"), Series("P95", "reference"), Series("Highest of any path", "loss")),
        "column",
        "Financial year",
        "Bill, £",
        "money",
        "Three columns for each financial year: mean, P95 and highest bill. The highest P95 is "
        f"{money(spread.p95.value)}, in {year}.",
        rows=len(found.years),
    )


def basis(found: ValueForMoney) -> tuple[str, ...]:
    """How it is reckoned."""
    terms = found.lines.terms
    rates = ", ".join(f"{percent(one.rate)} a year from year {one.from_year}" for one in terms.rates)
    source = "the deal's own" if terms.discounting else GREEN_BOOK
    prices = (
        "a deflator that the deal gives" if terms.deflator else f"prices that rise by {percent(terms.inflation)} a year"
    )
    return (
        f"Real discount rates: {rates}. Source: {source}.",
        f"All at present value in the deal's first month, in prices of {year_name(found.lines.price_year)}, by "
        f"{prices}.",
        "Cost: what outcome payers pay, less what they get back, in money of the day brought to these prices. For "
        "society as a whole much of it is a transfer.",
        "Events are avoided evenly over the window that counts; what the service does after it is not counted.",
        "Switching value: the true effect, the same for everybody, at which the mean net present value turns positive.",
    )


def year_name(first: int) -> str:
    """A financial year by the year in which it begins."""
    return f"{first}-{(first + 1) % 100:02d}"
