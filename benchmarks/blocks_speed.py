"""How many paths are best calculated at once by the array reading."""

from __future__ import annotations

from functools import partial

from benchmarks.race import rounds_said
from benchmarks.readings import Trial, array_reading
from benchmarks.rounds import in_turn, per_second, times_as_fast
from benchmarks.tables import Table
from sibmodel.simulation import BLOCK
from sibmodel.simulation.paths import CALCULATED_AT_ONCE

SIZES = (256, 512, 1_024, 2_048, 4_096, 8_192)


def block_sizes(name: str, trial: Trial, rounds: int) -> Table:
    """The array reading with other numbers of paths at once."""
    sizes = sorted({*SIZES, CALCULATED_AT_ONCE})
    taken = in_turn({str(size): partial(array_reading, trial, BLOCK, size) for size in sizes}, rounds)
    rows = []
    for size in sizes:
        speed = per_second(taken[str(size)], BLOCK)
        beside = times_as_fast(taken[str(size)], taken[str(CALCULATED_AT_ONCE)])
        mark = " (as it is)" if size == CALCULATED_AT_ONCE else ""
        rows.append((f"{size:,}{mark}", speed.text(",.0f"), beside.text(".2f")))
    return Table(
        "Paths calculated at once",
        f"The array reading of the {name.lower()}, draws given, in blocks of other sizes; no figure depends on it. "
        f"{rounds_said(rounds)}",
        ("paths at once", "paths a second", "times as fast"),
        rows,
    )
