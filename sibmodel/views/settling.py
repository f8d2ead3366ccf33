"""How far simulated figures have settled: estimates with their bands, as paths grow."""

from __future__ import annotations

from sibmodel.results import Run
from sibmodel.simulation.settling import settling
from sibmodel.simulation.watched import CHANCE, Watched
from sibmodel.views.common import Cell, Chart, Constant, Kind, Pictures, Series, Table
from sibmodel.words import money, number, percent

NORMAL_95 = 1.96
"""Standard errors on either side of a band that holds the truth 19 times in 20."""
ESTIMATE, LOW, HIGH = "Estimate", "Lowest", "Highest"
NAMES = {"probability_of_loss": "Chance of losing money", "npv": "net present value", "irr": "rate of return a year"}
STATISTICS = {"mean": "Mean", "sd": "Standard deviation of", "expected_shortfall": "Mean of the worst 5% of"}


def settled(run: Run) -> tuple[Pictures | Table, ...]:
    """A picture and a table for each figure that is watched."""
    tables = [(one, _table(run, one)) for one in run.simulation.watched]
    return (Pictures(tuple(_chart(run, one, table) for one, table in tables)), *(table for _, table in tables))


def _named(one: Watched) -> str:
    if one.statistic == CHANCE:
        return NAMES.get(one.figure, one.figure.replace("_", " "))
    return (
        f"{STATISTICS.get(one.statistic, one.statistic.upper())} {NAMES.get(one.figure, one.figure.replace('_', ' '))}"
    )


def _kind(one: Watched) -> Kind:
    if one.statistic == CHANCE or "reduction" in one.figure:
        return "share"
    kinds: dict[str, Kind] = {"irr": "rate", "moic": "multiple", "payback": "months"}
    counts = ("true_avoided", "measured_avoided", "true units", "measured units")
    return kinds.get(one.figure, "size" if one.figure.startswith(counts) else "money")


def _table(run: Run, one: Watched) -> Table:
    kind = _kind(one)
    rows: list[tuple[Cell, ...]] = []
    for point in settling(run.simulation, one):
        reach = NORMAL_95 * point.error
        band = (point.value, point.value - reach, point.value + reach, point.error)
        rows.append((number(point.paths), *(Constant(value, kind) for value in band)))
    note = "Lowest and highest: 1.96 Monte Carlo standard errors on either side. Each row has the paths of those above."
    return Table(f"How it settles: {_named(one)}", ("Paths", ESTIMATE, LOW, HIGH, "Error"), tuple(rows), note)


def _chart(run: Run, one: Watched, table: Table) -> Chart:
    found, kind, name = one.of(run.simulation), _kind(one), _named(one)
    shown = money if kind == "money" else percent if kind in ("share", "rate") else number
    title = f"{name}: {shown(found.value)} ± {shown(found.error)} after {number(run.simulation.paths)} paths"
    return Chart(
        title,
        table,
        (Series(HIGH, "reference", faint=True), Series(ESTIMATE, "investors"), Series(LOW, "reference", faint=True)),
        "line",
        "Paths",
        f"{name}, £" if kind == "money" else name,
        kind,
        f"Line chart of the estimate as paths grow, between a line 1.96 standard errors above and one as far below. "
        f"{title}. The figures are in the table How it settles.",
    )
