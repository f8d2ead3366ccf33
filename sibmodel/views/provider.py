"""What a provider's finance lead wants to know: when its cash is lowest, how likely it runs out, what is left."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from sibmodel.analysis.estimates import Estimate
from sibmodel.lines import Line
from sibmodel.metrics import error_of_quantile
from sibmodel.providers import ProviderCash
from sibmodel.results import CRUMB, Run
from sibmodel.views.common import Block, Cell, Chart, Constant, Figure, Kind, Pictures, Series, Table, View, Words
from sibmodel.views.sentences import RANGE, RANGE_NOTE, month_of, of_a_hundred, scale, spread
from sibmodel.words import money, number, percent

LONGEST_NAME = 31
"""Characters that a sheet's name may have."""
LOW, MIDDLE = "5% of paths are below", "Median of paths"
CASH = "Cash at the month's end"


def providers(run: Run) -> tuple[View, ...]:
    """A view for each provider, named so that it can be a sheet's name."""
    names = sheet_names([one.name for one in run.model.provider_cash])
    return tuple(_provider(run, place, name) for place, name in enumerate(names))


def sheet_names(names: Sequence[str]) -> list[str]:
    """A name of a sheet for each provider: what Excel takes, at most 31 characters, no two alike in any case."""
    made: list[str] = []
    taken: set[str] = set()
    for name in names:
        plain = " ".join(re.sub(r"[\[\]:*?/\\]", " ", f"Cash, {name}".replace("'", "’")).split())
        shown, count = plain[:LONGEST_NAME].rstrip(" ,"), 1
        while shown.casefold() in taken:
            count += 1
            shown = f"{plain[: LONGEST_NAME - len(str(count)) - 1].rstrip(' ,')} {count}"
        taken.add(shown.casefold())
        made.append(shown)
    return made


def _provider(run: Run, place: int, name: str) -> View:
    one, by_month = run.model.provider_cash[place], _by_month(run, place)
    blocks: list[Block] = [
        Words(_sentences(run, place)),
        _figures(run, place),
        Pictures((_chart(run, place, by_month), _flows(run, place, by_month))),
        _risks(run, place),
        _years(one),
        _moves(run, one),
        by_month,
    ]
    return View(name, f"The cash of {one.name}: how low, when, and how likely it runs out.", tuple(blocks))


def _sentences(run: Run, place: int) -> tuple[str, ...]:
    one, risk, lines = run.model.provider_cash[place], run.risks[place], run.model.providers[place]
    figure = run.figure
    peak, worst = figure(one.peak), figure(one.worst)
    if worst > CRUMB:
        first = (
            f"In the base case {one.name} runs out of cash in {month_of(run, one.first_short)}; it lacks most, "
            f"{money(worst)}, in {month_of(run, one.lowest_month)}."
        )
    else:
        first = (
            f"In the base case {one.name} never runs out of cash; it has least, {money(figure(one.lowest))}, in "
            f"{month_of(run, one.lowest_month)}."
        )
    told = "" if one.opening_cash is not None else " No cash of its own is told, so that it starts from nothing."
    sentences = [
        f"{first} In 100 repeats it runs out in {of_a_hundred(risk.below_zero.value)}.{told}",
        f"{lines.paid_by} pays it. From nothing, its costs are ahead of its receipts by up to {money(peak)}: its peak "
        "funding need.",
        f"Its margin is {money(figure(one.margin))} on an income of {money(figure(one.income))}; in the worst 5 of 100 "
        f"repeats it is {money(risk.margin_of_the_worst.value)} on average.",
    ]
    if one.floor is not None and one.headroom is not None and figure(one.headroom) < -CRUMB:
        sentences.insert(
            1,
            f"At its lowest it is {money(-figure(one.headroom))} below the reserves that its policy asks for, "
            f"{money(figure(one.floor))}; in 100 repeats that happens in {of_a_hundred(risk.below_reserves.value)}.",
        )
    even = run.break_even[place]
    if np.isfinite(even):
        side = "fewer" if (even < 1) == (figure(one.margin) >= 0) else "more"
        why = " (the vehicle may then lack the capital to pay all its bills)" if even > 1 and side == "more" else ""
        sentences.append(
            f"Its margin is nil where {percent(even)} of the base case's people come; with {side} it loses money{why}."
        )
    if np.isfinite(risk.largest_stake.value) and one.stake is not None:
        sentences.append(
            f"{money(figure(one.stake))} of its pay hangs on results; its free reserves stand a stake of "
            f"{money(risk.largest_stake.value)}."
        )
    return tuple(sentences)


def _figures(run: Run, place: int) -> Table:
    one, figures = run.model.provider_cash[place], run.simulation.figures
    wanted: tuple[tuple[str, Line | None, str, Kind], ...] = (
        ("Income", one.income, "income", "money"),
        ("Cost", one.cost, "cost", "money"),
        ("Margin", one.margin, "margin", "money"),
        ("Margin by income", one.margin_share, "", "share"),
        ("Own cash at the start", one.opening_cash, "", "money"),
        ("Lowest cash at any month's end", one.lowest, "lowest_cash", "money"),
        ("Month of lowest cash", one.lowest_month, "", "date"),
        ("First month short of cash", one.first_short, "", "date"),
        ("Largest shortfall", one.worst, "shortfall", "money"),
        ("Peak funding need, from nothing", one.peak, "peak_funding", "money"),
        ("Months of cost that the lowest cash covers", one.cover, "", "number"),
        ("Reserves that its policy asks for", one.floor, "", "money"),
        ("Lowest cash, above those reserves", one.headroom, "above_reserves", "money"),
        ("Pay that hangs on results", one.stake, "at_risk", "money"),
        ("Lost of it", one.lost, "at_risk_lost", "money"),
    )
    rows = tuple(
        (
            label,
            Figure(line, kind),
            *(spread(figures[f"{key}, {one.name}"], kind, run.simulation.replicates) if key else ("",) * len(RANGE)),
        )
        for label, line, key, kind in wanted
        if line is not None
    )
    return Table(f"Key figures, {one.name}", ("Figure", "Base case", *RANGE), rows, RANGE_NOTE)


def _risks(run: Run, place: int) -> Table:
    one, risk = run.model.provider_cash[place], run.risks[place]
    rows: list[tuple[Cell, ...]] = []
    wanted: tuple[tuple[str, Estimate, Kind], ...] = (
        ("Chance of running out of cash", risk.below_zero, "share"),
        ("Chance of falling below the reserves policy", risk.below_reserves, "share"),
        ("Mean margin of the worst 5%", risk.margin_of_the_worst, "money"),
        ("Margin at risk: mean less worst 5%", risk.margin_at_risk, "money"),
        ("Margin at risk by income", risk.margin_at_risk_by_income, "share"),
        ("Lost of each £1 at risk in the worst 5%", risk.lost_of_each_pound, "number"),
        ("Largest pay at risk that free reserves stand", risk.largest_stake, "money"),
    )
    for label, estimate, kind in wanted:
        if np.isfinite(estimate.value):
            rows.append((label, Constant(estimate.value, kind), Constant(estimate.error, kind)))
    if np.isfinite(run.break_even[place]):
        rows.append(("Break-even: people, as a share of the base case's", Constant(run.break_even[place], "share"), ""))
    note = "Error: Monte Carlo standard error. Free reserves: own cash and members' capital, less the reserves policy. "
    note += "Break-even: found by trial on the base case; it does not move with the inputs here."
    return Table(f"What may go wrong, {one.name}", ("Risk", "Simulated", "Error"), tuple(rows), note)


def _years(one: ProviderCash) -> Table:
    rows = tuple(
        (
            Figure(year.year, "financial year"),
            Figure(year.received, "money"),
            Figure(year.paid, "money"),
            Figure(year.financing, "money"),
            Figure(year.closing, "money"),
        )
        for year in one.years
    )
    header = ("Financial year", "Received", "Paid", "Own cash and financing", "Cash at the year's end")
    note = "April to March, base case. Financing: advances, members' capital, and what is repaid and paid out of them."
    return Table(f"Cash by financial year, {one.name}", header, rows, note)


def _moves(run: Run, one: ProviderCash) -> Table:
    """From whom it receives and to whom it pays, in all."""
    rows: list[tuple[Cell, ...]] = []
    for other, label, direction, line in one.moves:
        rows.append((f"{direction} {other}", label, Figure(line, "money")))
    return Table(f"Who pays it and whom it pays, {one.name}", ("Party", "For", "In all"), tuple(rows), "Base case.")


def _by_month(run: Run, place: int) -> Table:
    one, month = run.model.provider_cash[place], run.model.timeline.month_end
    paths = run.simulation.over_time[f"cash, {one.name}"]
    percentiles = np.quantile(paths, [0.05, 0.5], axis=1)
    with_financing = one.financing is not None
    rows = []
    for period in range(run.model.book.periods):
        financing = () if one.financing is None else (Figure(one.financing, "money", period),)
        rows.append(
            (
                Figure(month, "date", period),
                Figure(one.received, "money", period),
                Figure(one.paid, "money", period),
                *financing,
                Figure(one.cash.closing, "money", period),
                Figure(one.shortfall, "money", period),
                *(Constant(float(value), "money") for value in percentiles[:, period]),
            )
        )
    low = float(np.nanmax(np.append(error_of_quantile(paths[int(np.argmin(percentiles[0]))], 0.05), 0.0)))
    note = f"Percentiles of the first {number(paths.shape[1])} paths, month by month, so that no single path follows "
    note += f"them. In the month in which it is lowest, the 5% line has a Monte Carlo error of {money(low)}."
    header = ("Month", "Received", "Paid", *(("Financing",) if with_financing else ()), CASH, "Shortfall", LOW, MIDDLE)
    return Table(f"Cash by month, {one.name}", header, tuple(rows), note)


def _chart(run: Run, place: int, table: Table) -> Chart:
    one, risk = run.model.provider_cash[place], run.risks[place]
    cash = run.base.row(one.cash.closing)
    unit, kind = scale(float(np.abs(cash).max()))
    title = f"It runs out of cash in {of_a_hundred(risk.below_zero.value)} of 100 repeats"
    return Chart(
        title,
        table,
        (Series(LOW, "loss", faint=True), Series(MIDDLE, "reference", faint=True), Series(CASH, "investors")),
        "line",
        "Month",
        f"Cash at the month's end, {unit}",
        kind,
        f"Line chart of the cash of {one.name} by month: the base case, lowest at {money(run.figure(one.lowest))} in "
        f"{month_of(run, one.lowest_month)}, and the 5th and 50th percentile of the simulation. The figures are in the "
        "table Cash by month.",
    )


def _flows(run: Run, place: int, table: Table) -> Chart:
    one = run.model.provider_cash[place]
    received, paid = run.base.row(one.received), run.base.row(one.paid)
    unit, kind = scale(float(max(received.max(), paid.max(), 0.0)))
    return Chart(
        f"Up to {money(run.figure(one.peak))} is paid before it is received",
        table,
        (Series("Paid", "loss"), Series("Received", "investors")),
        "line",
        "Month",
        f"{unit} in the month, base case",
        kind,
        f"Line chart by month of what {one.name} receives and pays in the base case. The figures are in the table Cash "
        "by month.",
    )
