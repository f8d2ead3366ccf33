"""Engines at work in one process and in two at once, by the clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path

from benchmarks.race import FIRST_BLOCKS, LOOP_PATHS, engines_here, reading_of, rounds_said
from benchmarks.readings import loop_reading, trial
from benchmarks.rounds import per_second, times_as_fast
from benchmarks.tables import Table
from sibmodel.deals import read
from sibmodel.simulation import BLOCK
from sibmodel.simulation.engines import EngineName

BLOCKS = 16
"""That each process calculates in a round."""
LARGER_DEAL = Path(__file__).with_name("benchmark_deal.yaml")
_playing: Callable[[], object]


def one_and_two_cores(rounds: int) -> Table:
    """The model alone, in one process and in two at once, beside the plain loop in one."""
    of = trial(read(LARGER_DEAL))
    rows = []
    for name in engines_here():
        loop, one, two = [], [], []
        with workers(LARGER_DEAL, name, 2) as crew:
            for _ in range(rounds):
                start = time.perf_counter()
                loop_reading(of, LOOP_PATHS)
                loop.append((time.perf_counter() - start) / LOOP_PATHS)
                one.append(seconds_a_block(crew[:1]) / BLOCK)
                two.append(seconds_a_block(crew) / BLOCK)
        speeds = per_second(one, 1).text(",.0f"), per_second(two, 1).text(",.0f")
        rows.append((name, *speeds, times_as_fast(two, one).text(".2f"), times_as_fast(two, loop).text(".0f")))
    return Table(
        "Paths a second, two cores",
        "The same for the larger deal, by the clock, in one process and in two that begin at once. Whatever else is at "
        f"work on the machine slows them. {rounds_said(rounds)}",
        ("engine", "one core", "two cores", "two against one", "two cores, times the plain loop on one"),
        rows,
    )


@contextmanager
def workers(deal: Path, name: EngineName, count: int) -> Iterator[list[ProcessPoolExecutor]]:
    """Processes of one worker each, with the deal built, and the engine's plan made and played a few times."""
    with ExitStack() as open_:
        crew = [
            open_.enter_context(ProcessPoolExecutor(1, get_context("spawn"), _begin, (deal, name)))
            for _ in range(count)
        ]
        for ready in [one.submit(_play, FIRST_BLOCKS) for one in crew]:
            ready.result()
        yield crew


def seconds_a_block(crew: list[ProcessPoolExecutor]) -> float:
    """The time on the clock for each block that the crew calculates, all at once."""
    start = time.perf_counter()
    for done in [one.submit(_play, BLOCKS) for one in crew]:
        done.result()
    return (time.perf_counter() - start) / (BLOCKS * len(crew))


def _begin(deal: Path, name: EngineName) -> None:
    global _playing
    _playing = reading_of(trial(read(deal)), name)


def _play(blocks: int) -> None:
    for _ in range(blocks):
        _playing()
