"""Who bears what: each party's result on average, and how much worse it may be. A page of its own, which goes to no
single party: it holds the figures of all."""

from __future__ import annotations

from collections.abc import Sequence

from sibmodel.results import Run
from sibmodel.simulation import summary_of
from sibmodel.views.common import Chart, Constant, Pictures, Series, Table, View
from sibmodel.views.sentences import scale
from sibmodel.words import money

TITLE, WORSE = "Who bears what", "Worse by, in 5 of 100"
MOST = 8
"""Parties that are drawn: those who may lose most."""
Result = tuple[float, float, float]
"""The mean of a party's result, its Monte Carlo error, and its fifth percentile."""


def bearing(run: Run) -> View:
    """A chart and its table: investors, payers, providers."""
    found = {"Investors: net present value": _of(run, "npv", 1.0)}
    for payer in run.model.commissioning.by_payer:
        found[f"{payer}: payments"] = of_payer(run, payer)
    for one in run.model.provider_cash:
        found[f"{one.name}: margin"] = _of(run, f"margin, {one.name}", 1.0)
    ranked = sorted(found.items(), key=lambda item: item[1][0] - item[1][2], reverse=True)
    table = table_of(ranked)
    return View(
        TITLE, "What each party may expect, and how far it may fall.", (Pictures((_chart(table, ranked[0]),)), table)
    )


def table_of(ranked: Sequence[tuple[str, Result]]) -> Table:
    """The results of some parties, in that order."""
    rows = tuple(
        (
            name,
            Constant(mean, "money"),
            Constant(error, "money"),
            Constant(low, "money"),
            Constant(mean - low, "money"),
        )
        for name, (mean, error, low) in ranked
    )
    note = (
        "Simulated; what is paid out counts as negative. Worse by: the mean less the result that 5 in 100 paths fall "
        "below. Each party's own worst; they do not come together. Shares of risk by cause: sibmodel compare."
    )
    return Table(f"{TITLE}, by party", ("Party", "Mean", "Error of mean", "5 in 100 are below", WORSE), rows, note)


def of_payer(run: Run, payer: str) -> Result:
    """An outcome payer's."""
    return _of(run, f"payments by payer, {payer}", -1.0)


def _of(run: Run, figure: str, sign: float) -> Result:
    one = summary_of(run.simulation, figure)
    return sign * one.mean, one.error, one.p5 if sign > 0 else -one.p95


def _chart(table: Table, first: tuple[str, Result]) -> Chart:
    name, (mean, _, low) = first
    unit, kind = scale(mean - low)
    title = f"Furthest to fall: {name.partition(':')[0]}, by {money(mean - low)}"
    return Chart(
        title,
        table,
        (Series(WORSE, "loss"),),
        "bar",
        "Party",
        f"Mean less the result that 5 in 100 fall below, {unit}",
        kind,
        f"Bars by party of the mean result less its fifth percentile, the largest first. {title}. The figures are in "
        f"the table {table.title}.",
        min(len(table.rows), MOST),
    )
