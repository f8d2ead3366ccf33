"""What it costs to hand blocks to others: processes of this machine, and a Dask cluster on it, beside one process."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.race import NOT_INSTALLED, rounds_said
from benchmarks.rounds import per_second, times_as_fast
from benchmarks.tables import Table
from sibmodel.deals import read
from sibmodel.model import build
from sibmodel.simulation import BLOCK, simulate

LARGER_DEAL = Path(__file__).with_name("benchmark_deal.yaml")
PATHS = 16 * BLOCK
WORKERS = 2
CREWS = "sibmodel.simulation.crew"


def by_others(rounds: int) -> Table:
    """Whole simulations of the larger deal by one process, by two, and by a cluster of two, by the clock."""
    model = build(read(LARGER_DEAL))
    rows: list[tuple[str, ...]] = []
    with ExitStack() as open_:
        tasks: dict[str, Callable[[], object]] = {"this process alone": partial(simulate, model, PATHS)}
        for title, begin in _crews(open_).items():
            if isinstance(begin, str):
                rows.append((title, begin, ""))
            else:
                tasks[title] = partial(simulate, model, PATHS, execution=begin)
        for task in tasks.values():
            task()  # workers begin, and build the model
        taken = _by_the_clock(tasks, rounds)
    alone = taken["this process alone"]
    measured = [
        (title, per_second(seconds, PATHS).text(",.0f"), times_as_fast(seconds, alone).text(".2f"))
        for title, seconds in taken.items()
    ]
    return Table(
        "Paths a second by others",
        f"Whole simulations of {PATHS:,} paths of the larger deal, by the clock, workers begun before; the same bytes "
        f"each time. {rounds_said(rounds)}",
        ("who calculates", "paths a second", "times this process alone"),
        [*measured, *rows],
    )


def _crews(open_: ExitStack) -> dict[str, Any]:
    """How a simulation is carried out by each crew, or why it is not."""
    processes, cluster = f"{WORKERS} processes", f"a Dask cluster of {WORKERS} processes"
    if find_spec(CREWS) is None:
        return {processes: "not there yet", cluster: "not there yet"}
    crews, running = import_module(CREWS), import_module("sibmodel.simulation.running")
    found: dict[str, Any] = {processes: running.Execution(crew=open_.enter_context(crews.processes(WORKERS)))}
    if find_spec("distributed") is None:
        return {**found, cluster: NOT_INSTALLED}
    distributed: Any = import_module("distributed")
    settings = {"n_workers": WORKERS, "threads_per_worker": 1, "dashboard_address": None}
    local = open_.enter_context(distributed.LocalCluster(processes=True, **settings))
    found[cluster] = running.Execution(crew=open_.enter_context(crews.cluster(local.scheduler_address)))
    return found


def _by_the_clock(tasks: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {title: [] for title in tasks}
    for _ in range(rounds):
        for title, task in tasks.items():
            start = time.perf_counter()
            task()
            taken[title].append(time.perf_counter() - start)
    return taken
