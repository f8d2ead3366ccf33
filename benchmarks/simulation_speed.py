"""Paths a second of the simulation beside the plain loop, and how many paths are best calculated at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from statistics import median

from benchmarks.readings import Trial, array_reading, differences, loop_reading, luck
from benchmarks.rounds import Seconds, in_turn, per_second, times_as_fast
from benchmarks.tables import Table
from sibmodel.simulation import BLOCK, PATHS, simulate
from sibmodel.simulation.paths import CALCULATED_AT_ONCE

USUAL_PATHS = PATHS["random"]
LOOP_PATHS = 512
"""Paths of the plain loop in a round: its time grows with them, so few will do."""
CHECKED_PATHS = 2_048
SIZES = (256, 512, 1_024, 2_048, 4_096, 8_192)


class ReadingsDiffer(AssertionError):
    """The two readings do not calculate the same figures, so that comparing their speed would mean nothing."""


def check_equal(trials: Mapping[str, Trial]) -> None:
    """Raises ReadingsDiffer where the plain loop and the array reading disagree about any figure."""
    for name, trial in trials.items():
        said = differences(trial, CHECKED_PATHS)
        if said:
            raise ReadingsDiffer(f"{name}: " + "; ".join(said))


def paths_a_second(trials: Mapping[str, Trial], rounds: int) -> Table:
    """The array reading, the plain loop and the drawing of luck, for each deal."""
    rows, said = [], []
    for name, trial in trials.items():
        taken = in_turn(
            {
                "loop": partial(loop_reading, trial, LOOP_PATHS),
                "arrays": partial(array_reading, trial, BLOCK),
                "luck": partial(luck, trial.model),
                "simulate": partial(simulate, trial.model, BLOCK),
            },
            rounds,
        )
        rows += _rows(name, taken)
        said.append(f"{USUAL_PATHS * median(taken['simulate']) / BLOCK:.1f} s ({name})")
    return Table(
        "Paths a second",
        "Model: all headline figures and the rate of return, from given draws, by the array reading. From "
        "the seed on: by the simulation's own engine, with the drawing of "
        "uncertain inputs and counts, which is NumPy's work for the plain loop as well; sibmodel's simulation also "
        f"keeps two lines over time for charts. {_rounds(rounds)}",
        ("deal", "what", "plain loop", "sibmodel", "times as fast"),
        rows,
        f"So a simulation of {USUAL_PATHS:,} paths, the usual number, takes {' and '.join(said)} of one core.",
    )


def _rows(name: str, taken: Seconds) -> list[tuple[str, ...]]:
    block = {task: [seconds / BLOCK for seconds in taken[task]] for task in ("arrays", "luck", "simulate")}
    loop = [seconds / LOOP_PATHS for seconds in taken["loop"]]
    drawn = [one + other for one, other in zip(loop, block["luck"], strict=True)]

    def row(what: str, plain: list[float], ours: list[float]) -> tuple[str, ...]:
        figures = per_second(plain, 1), per_second(ours, 1), times_as_fast(ours, plain)
        return (name, what, figures[0].text(",.0f"), figures[1].text(",.0f"), figures[2].text(".1f"))

    return [
        row("model", loop, block["arrays"]),
        row("from the seed on", drawn, block["simulate"]),
        (name, "drawing alone", "", per_second(block["luck"], 1).text(",.0f"), ""),
    ]


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
        f"{_rounds(rounds)}",
        ("paths at once", "paths a second", "times as fast"),
        rows,
    )


def _rounds(rounds: int) -> str:
    return f"Median [lowest..highest] of {rounds} rounds; ratios are formed inside each round."
