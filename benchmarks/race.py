"""Paths a second of a whole deal, all headline figures and every rate of return: the engines, the plain loop, and what
is written by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from importlib.util import find_spec

import numpy as np

from benchmarks.readings import Floats, Trial, array_reading, engine_reading, loop_reading, unlike
from benchmarks.rounds import in_turn, per_second, times_as_fast
from benchmarks.tables import Table
from sibmodel.simulation import BLOCK, ENGINES
from sibmodel.simulation.engines import EngineName, engine_of

LOOP_PATHS = 256
"""Paths of the plain loop in a round: its time grows with them, so few will do."""
BLOCKS = 8
"""Of all but the slowest in a round: as in a long run, only the first of them finds nothing in its place."""
CHECKED_PATHS = 2_048
FIRST_BLOCKS = 3
"""In which an engine may still plan, or learn what is usual."""
MANY_PATHS = 1_000_000
"""The engines are made for so many paths."""
BY_HAND = {"NumPy by hand": "vectors", "Numba by hand": "kernel"}
SLOW = {"plain loop", "arrays"}
NEEDS_NUMBA = {"numba", "Numba by hand"}
NOT_INSTALLED = "not installed"


class ReadingsDiffer(AssertionError):
    """Two readings do not calculate the same figures, so that comparing their speed would mean nothing."""


def check_equal(name: str, figures: Mapping[str, Floats], of: Trial) -> None:
    """Raises ReadingsDiffer where figures are not the array reading's."""
    said = unlike(*array_reading(of, len(next(iter(figures.values())))), figures, f"of {name}")
    if said:
        raise ReadingsDiffer("; ".join(said))


def runners(deal: str, of: Trial) -> dict[str, Callable[[], object]]:
    """What runs, each calculating one block (the loop `LOOP_PATHS`) from given draws; checked, plans made before."""
    loop = dict(zip(of.loop.names, map(_column, zip(*loop_reading(of, CHECKED_PATHS), strict=True)), strict=True))
    check_equal(f"the plain loop of {deal}", loop, of)
    found: dict[str, Callable[[], object]] = {"plain loop": partial(loop_reading, of, LOOP_PATHS)}
    for name in engines_here():
        reading = reading_of(of, name)
        check_equal(f"the engine {name} of {deal}", reading()[0], of)
        for _ in range(FIRST_BLOCKS - 1):
            reading()
        found[name] = reading
    for title, module in BY_HAND.items() if of.model.deal.name == "Benchmark deal" else ():
        if title not in NEEDS_NUMBA or find_spec("numba") is not None:
            calculate = import_module(f"benchmarks.by_hand.{module}").calculate
            columns = {line.key: values for line, values in of.given.items()}
            check_equal(title, calculate(columns), of)
            found[title] = partial(calculate, columns)
    return found


def engines_here() -> list[EngineName]:
    """The engines that can run here, the slowest first."""
    order = ("arrays", "tape", "numba")
    return [name for name in order if name in ENGINES and (name != "numba" or find_spec("numba") is not None)]  # type: ignore[misc]


def reading_of(of: Trial, name: EngineName) -> Callable[[], tuple[dict[str, Floats], dict[str, Floats]]]:
    """An engine's reading of a block, planned as for many paths."""
    flows = list(of.flows.values())
    engine = engine_of(of.given_model, [*of.headlines.values(), *flows], MANY_PATHS, name, flows=flows)
    return partial(engine_reading, of, BLOCK, engine.with_rates, engine.at_once)


def one_core(trials: Mapping[str, Trial], rounds: int) -> Table:
    """The model alone on one core, by processor time."""
    rows = []
    for deal, of in trials.items():
        running = runners(deal, of)
        taken = in_turn({name: partial(repeat, run, blocks_of(name)) for name, run in running.items()}, rounds)
        each = {name: [seconds / paths_of(name) for seconds in taken[name]] for name in running}
        for name, seconds in each.items():
            by_hand = each.get("NumPy by hand")
            rows.append(
                (
                    deal,
                    name,
                    per_second(seconds, 1).text(",.0f"),
                    times_as_fast(seconds, each["plain loop"]).text(".1f"),
                    times_as_fast(seconds, by_hand).text(".2f") if by_hand else "",
                )
            )
        absent = [name for name in (*ENGINES, *BY_HAND) if name in NEEDS_NUMBA and find_spec("numba") is None]
        rows += [(deal, name, NOT_INSTALLED, "", "") for name in absent]
    return Table(
        "Paths a second, one core",
        "The model alone, from given draws: all headline figures, and the rate of return of all investors and of each "
        f"tranche. Processor time. {rounds_said(rounds)}",
        ("deal", "what", "paths a second", "times the plain loop", "times NumPy by hand"),
        rows,
    )


def blocks_of(name: str) -> int:
    """How often a task is run in a round."""
    return 1 if name in SLOW else BLOCKS


def paths_of(name: str) -> int:
    """How many paths it calculates in a round."""
    return LOOP_PATHS if name == "plain loop" else BLOCK * blocks_of(name)


def repeat(run: Callable[[], object], times: int) -> None:
    """Run it so often."""
    for _ in range(times):
        run()


def rounds_said(rounds: int) -> str:
    """How a table's figures came about."""
    return f"Median [lowest..highest] of {rounds} rounds; ratios are formed inside each round."


def _column(values: tuple[float, ...]) -> Floats:
    return np.array(values, dtype=float)
