"""The consortium: every provider side by side, so that it is seen who holds the cash and who bears the risk."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sibmodel.results import CRUMB, Run
from sibmodel.views.common import Cell, Chart, Constant, Figure, Pictures, Series, Table, View, Words
from sibmodel.views.sentences import month_of, of_a_hundred, scale
from sibmodel.words import money

NAMED = 3
"""How many of those likely to run out of cash are named in words; the table has all."""


def consortium(run: Run) -> View | None:
    """The view of all providers together; None where there is but one."""
    if len(run.model.provider_cash) < 2:
        return None
    cash = _cash(run)
    return View(
        "Consortium",
        "Every provider side by side: pay, cash, risk.",
        (Words(_sentences(run)), Pictures((_lowest(run, cash), _peak(run, cash))), cash, _risks(run), _years(run)),
    )


def _sentences(run: Run) -> tuple[str, ...]:
    short = [one for one in run.model.provider_cash if run.figure(one.worst) > CRUMB]
    first = "In the base case no provider runs out of cash."
    if short:
        named = "; ".join(
            f"{one.name} from {month_of(run, one.first_short)}, by up to {money(run.figure(one.worst))} in "
            f"{month_of(run, one.lowest_month)}"
            for one in short
        )
        first = f"In the base case {len(short)} of {len(run.risks)} providers run{_s(short)} out of cash: {named}."
    sentences = [first]
    below = [one for one in run.model.provider_cash if one.headroom is not None and run.figure(one.headroom) < -CRUMB]
    if below:
        names = ", ".join(one.name for one in below)
        sentences.append(f"In the base case {len(below)} fall{_s(below)} below what the reserves policy asks: {names}.")
    worst = sorted((one for one in run.risks if one.below_zero.value > 0), key=lambda one: -one.below_zero.value)
    likely = ", ".join(f"{one.name} in {of_a_hundred(one.below_zero.value)}" for one in worst[:NAMED])
    sentences.append(
        f"Most likely to run out, in 100 repeats: {likely}."
        if worst
        else "In no simulated path does any of them run out."
    )
    return tuple(sentences)


def _s(several: Sequence[object]) -> str:
    """The ending of what one of them does."""
    return "s" if len(several) == 1 else ""


def _cash(run: Run) -> Table:
    rows = tuple(
        (
            one.name,
            lines.paid_by,
            Figure(one.income, "money"),
            Figure(one.cost, "money"),
            Figure(one.margin, "money"),
            Constant(math.nan, "money") if one.opening_cash is None else Figure(one.opening_cash, "money"),
            Figure(one.lowest, "money"),
            Figure(one.lowest_month, "date"),
            Figure(one.first_short, "date"),
            Figure(one.peak, "money"),
        )
        for one, lines in zip(run.model.provider_cash, run.model.providers, strict=True)
    )
    header = (
        "Provider",
        "Paid by",
        "Income",
        "Cost",
        "Margin",
        "Own cash at the start",
        "Lowest cash",
        "Month of lowest cash",
        "First month short",
        "Peak funding need",
    )
    note = "Base case. Income of a lead holds what it passes on to those whom it pays. Peak funding need: the most by "
    note += "which costs are ahead of receipts, from nothing. n/a: no own cash is told, or it is never short."
    return Table("Cash by provider", header, rows, note)


def _risks(run: Run) -> Table:
    rows = []
    for one, risk, even in zip(run.model.provider_cash, run.risks, run.break_even, strict=True):
        rows.append(
            (
                one.name,
                Constant(risk.below_zero.value, "share"),
                Constant(risk.below_zero.error, "share"),
                Constant(risk.below_reserves.value, "share"),
                Constant(risk.below_reserves.error, "share"),
                Constant(risk.margin_of_the_worst.value, "money"),
                Constant(risk.margin_of_the_worst.error, "money"),
                Constant(math.nan, "money") if one.stake is None else Figure(one.stake, "money"),
                Constant(risk.largest_stake.value, "money"),
                Constant(even, "share"),
            )
        )
    header = (
        "Provider",
        "Chance of running out",
        "Its error",
        "Chance of falling below reserves",
        "Error of that",
        "Mean margin of the worst 5%",
        "Error of the margin",
        "Pay at risk, base case",
        "Largest stake that reserves stand",
        "Break-even, share of people",
    )
    note = (
        "Errors: Monte Carlo standard errors. n/a: no reserves policy, no pay at risk, or no volume between nobody and "
    )
    note += "twice as many people at which the margin is nil."
    return Table("Risk by provider", header, tuple(rows), note)


def _years(run: Run) -> Table:
    cash = run.model.provider_cash
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.name, *(Figure(year.closing, "money") for year in one.years)) for one in cash
    )
    return Table(
        "Cash of each provider at the financial year's end",
        ("Provider", *(year.name for year in cash[0].years)),
        rows,
        "Base case, March. A lower point within a year does not show here: see each provider's own sheet.",
    )


def _lowest(run: Run, table: Table) -> Chart:
    lowest = {one.name: run.figure(one.lowest) for one in run.model.provider_cash}
    name = min(lowest, key=lambda one: lowest[one])
    unit, kind = scale(max(map(abs, lowest.values())))
    return Chart(
        f"Lowest of all is the cash of {name}: {money(lowest[name])}",
        table,
        (Series("Lowest cash", "investors"),),
        "column",
        "Provider",
        f"Lowest cash at any month's end, {unit}",
        kind,
        f"Columns of each provider's lowest cash in the base case; the lowest is that of {name}, "
        f"{money(lowest[name])}.",
    )


def _peak(run: Run, table: Table) -> Chart:
    peaks = {one.name: run.figure(one.peak) for one in run.model.provider_cash}
    name = max(peaks, key=lambda one: peaks[one] if math.isfinite(peaks[one]) else 0.0)
    unit, kind = scale(max(peaks.values()))
    return Chart(
        f"Together they must fund {money(sum(peaks.values()))} at their peaks",
        table,
        (Series("Peak funding need", "loss"),),
        "column",
        "Provider",
        f"Peak funding need, {unit}",
        kind,
        f"Columns of each provider's peak funding need in the base case; the largest is that of {name}, "
        f"{money(peaks[name])}.",
    )
