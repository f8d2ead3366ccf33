"""The tables and charts of the sensitivity view: tornado, spider, indices, two inputs, stresses, looking back."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sibmodel.analysis.sensitivity import LEVELS, Indices, Reverse, Spider, Stressed, Tornado, TwoWay
from sibmodel.simulation import Estimate
from sibmodel.views.common import Block, Cell, Chart, Constant, Kind, Pictures, Role, Series, Table
from sibmodel.views.kinds import shown, titled
from sibmodel.views.price import of_term
from sibmodel.words import number, percent

LOW, HIGH = "Driver low (P10)", "Driver high (P90)"
ROLES: tuple[Role, ...] = ("investors", "paid", "gain", "loss")
"""Colours of the spider's first drivers: no more are drawn."""
MOST_BARS = 10
FEWEST_BARS = 2
"""A chart of one bar shows nothing that its table does not."""
UNITS: dict[str, str] = {"money": "£", "share": "share", "rate": "a year", "multiple": "times", "months": "months"}


def tornado_blocks(found: Tornado, paths: int) -> list[Block]:
    """A tornado's chart and table; nothing where no driver is a belief."""
    bars = [one for one in found.bars if math.isfinite(one.swing)]
    if not bars:
        return []
    kind, middle = found.kind, found.middle.value
    rows = tuple(
        (
            one.driver.label,
            *_with_error(one.low, kind),
            *_with_error(one.high, kind),
            Constant(one.low.value - middle, kind),
            Constant(one.high.value - middle, kind),
        )
        for one in bars
    )
    low, high = f"{LOW}, less the middle", f"{HIGH}, less the middle"
    header = ("Driver", LOW, "Error of low", HIGH, "Error of high", low, high)
    note = (
        f"Over the {number(paths)} simulated paths: among those in which the driver is from P5 to P15, and from P85 to "
        "P95. The others are as they fall there, so a driver that goes with it moves too. Error: Monte Carlo standard "
        f"error. The middle, over all paths, is {shown(middle, kind)} ± {shown(found.middle.error, kind)}."
    )
    table = Table(f"Tornado: {titled(found.asked)}", header, rows, note)
    if len(rows) < FEWEST_BARS:
        return [table]
    drawn = rows[0][0]
    chart = Chart(
        f"{titled(found.asked)} hangs most on: {_small(str(drawn))}",
        table,
        (Series(low, "loss"), Series(high, "gain")),
        "bar",
        "Driver",
        f"{titled(found.asked)}, less its middle ({UNITS.get(kind, kind)})",
        kind,
        f"Bars from the middle to either side, the longest at the top: {', '.join(one.driver.name for one in bars)}.",
        min(len(rows), MOST_BARS),
    )
    return [Pictures((chart,)), table]


def spider_blocks(found: Spider, paths: int) -> list[Block]:
    """A spider's chart and table: the figure with each driver held at each percentile."""
    if not found.spokes:
        return []
    header = ("Driver held at", *(one.driver.label for one in found.spokes), "Error, at most")
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            f"P{level * 100:.0f}",
            *(Constant(one.values[place].value, found.kind) for one in found.spokes),
            Constant(max(one.values[place].error for one in found.spokes), found.kind),
        )
        for place, level in enumerate(LEVELS)
    )
    note = (
        f"{number(paths)} paths for each cell, all with the same luck: the driver of the column is held at the "
        "percentile in every path, the others are as they were. Error, at most: the largest Monte Carlo standard error "
        "of the row; a difference within a column is surer."
    )
    table = Table(f"Spider: {titled(found.asked)}", header, rows, note)
    first = found.spokes[0]
    chart = Chart(
        f"{titled(found.asked)} as each driver moves from low to high",
        table,
        tuple(Series(one.driver.label, role) for one, role in zip(found.spokes, ROLES, strict=False)),
        "line",
        "Driver held at its percentile",
        f"{titled(found.asked)} ({UNITS.get(found.kind, found.kind)})",
        found.kind,
        f"Lines by driver; the steepest is {first.driver.name}.",
    )
    return [Pictures((chart,)), table]


def index_blocks(found: Indices) -> list[Block]:
    """The Sobol' indices' chart and table."""
    if not found.indices or not math.isfinite(found.indices[0].total.value):
        return []
    header = ("Driver", "First-order index", "Error of first", "Total index", "Error of total")
    rows = tuple(
        (one.driver.label, *_with_error(one.first, "share"), *_with_error(one.total, "share")) for one in found.indices
    )
    linked = (
        " Drivers go together in this deal: the indices hold, but what linked drivers share is counted in each of "
        "their first-order indices, and they do not add up."
        if found.linked
        else " Drivers are independent: first-order indices add up to at most 100%; the rest is what they do together."
    )
    note = (
        "Share of variance. First-order: what would go if this driver became known. Total: what would be left if all "
        f"the others did. {number(found.paths)} pairs of paths from one Sobol' sequence split in two.{linked}"
    )
    table = Table(f"Share of variance: {titled(found.asked)}", header, rows, note)
    if len(rows) < FEWEST_BARS:
        return [table]
    first = found.indices[0]
    of = titled(found.asked.partition(" ")[2] or found.asked)
    left = f"{percent(first.total.value, 0)} of the variance of {of} would be left"
    chart = Chart(
        f"{left} if only the {first.driver.name} were not known",
        table,
        (Series("First-order index", "investors"), Series("Total index", "reference")),
        "column",
        "Driver",
        "Share of variance",
        "share",
        f"Two columns a driver; the highest is {first.driver.name}.",
        min(len(rows), MOST_BARS),
    )
    return [Pictures((chart,)), table]


def two_way_table(found: TwoWay) -> Table:
    """A figure of the base case over two inputs."""
    down, across = found.names
    header = (down, *(f"{across} {of_term(one, found.across)}" for one in found.columns))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (of_term(row, found.down), *(Constant(one, found.kind) for one in values))
        for row, values in zip(found.rows, found.values, strict=True)
    )
    note = "The base case with both at once, in every cohort alike; all else as it is."
    return Table(f"Two inputs at once: {titled(found.asked)}", header, rows, note)


def stress_table(found: Sequence[Stressed]) -> Table:
    """What each stress does."""
    simulated = any(one.mean_npv is not None for one in found)
    extra = ("Mean NPV", "Error of mean NPV", "Chance of loss", "Error of chance") if simulated else ()
    header = (
        "Stress",
        "IRR",
        "NPV",
        "NPV, change",
        "Payments",
        "Providers' margin",
        *extra,
        "Where its size comes from",
    )
    own = found[0].base.get("npv", math.nan)
    rows = tuple(_stress_row(one, own, len(extra)) for one in found)
    note = "The base case with each stress alone. " + (
        "Means and chances are over all paths, with the same luck. A scenario of the deal that changes base cases "
        "alone leaves the simulation as it is."
        if simulated
        else "sibmodel sensitivity simulates each, too."
    )
    note += "".join(f" Caution, {one.name}: {one.caution}" for one in found if one.caution)
    return Table("Stress scenarios", header, rows, note)


def _stress_row(one: Stressed, own: float, extra: int) -> tuple[Cell, ...]:
    if not one.applies:
        return (one.name, *(["–"] * (5 + extra)), f"Does not apply: {one.why_not}")
    base = one.base
    cells: list[Cell] = [
        Constant(base.get("irr", math.nan), "rate"),
        Constant(base.get("npv", math.nan), "money"),
        Constant(base.get("npv", math.nan) - own, "money"),
        Constant(base.get("payments", math.nan), "money"),
        Constant(base.get("margin", math.nan), "money"),
    ]
    if extra and one.mean_npv is not None and one.loss is not None:
        cells += [*_with_error(one.mean_npv, "money"), *_with_error(one.loss, "share")]
    return (one.name, *cells, one.source)


def reverse_table(found: Reverse) -> Table:
    """What the paths that go wrong have in common."""
    header = (
        "Driver", "Half of these paths lie below", "Mean percentile there", "Error", "Mean value there",
        "Mean value over all paths", "Distance", "Distance by luck alone",
    )  # fmt: skip
    rows = tuple(
        (
            one.driver.label,
            f"P{number(one.median * 100)}",
            *_with_error(one.place, "share"),
            Constant(one.mean_there, "number"),
            Constant(one.mean_of_all, "number"),
            Constant(one.distance, "number"),
            Constant(one.by_luck, "number"),
        )
        for one in found.drivers
    )
    often = f"{percent(found.chance.value)} ± {percent(found.chance.error)}"
    note = (
        f"Among the {often} of paths with {found.event}. A driver that has nothing to do with it has P50 and 50%. "
        "Distance: the largest between the distribution functions there and over all paths; 95 in 100 drivers that do "
        "not matter stay below that by luck alone."
    )
    return Table(f"Looking back from paths with {found.event}", header, rows, note)


def _with_error(one: Estimate, kind: Kind) -> tuple[Cell, Cell]:
    return Constant(one.value, kind), Constant(one.error, kind)


def _small(text: str) -> str:
    return text[0].lower() + text[1:]
