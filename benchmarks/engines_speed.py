"""The two engines of a simulation beside each other: the array reading and the tape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from statistics import median

from benchmarks.rounds import in_turn, per_second, times_as_fast
from benchmarks.tables import Table
from sibmodel.model import Model
from sibmodel.simulation import BLOCK, simulate
from sibmodel.simulation import PATHS as PATHS_BY_SAMPLER
from sibmodel.simulation.engines import ENGINES, EngineName, engine_of
from sibmodel.simulation.kept import headline_lines
from sibmodel.simulation.paths import Luck

PATHS = PATHS_BY_SAMPLER["random"]
MANY_PATHS = 65_536
"""Enough that the tape is played in its largest parts."""


def model_only(model: Model, name: EngineName, paths: int) -> Callable[[], None]:
    """A task that calculates one block's headline figures and rates' flow, planned as for `paths` paths. The plan is
    made here; uniform numbers are given, counts are drawn from them."""
    keep = [*headline_lines(model).values(), model.returns.everyone.flow]
    engine, luck = engine_of(model, keep, paths, name), Luck(model, 1, 0)

    def calculate() -> None:
        for start in range(0, BLOCK, engine.at_once):
            engine.calculate(*luck.cut(slice(start, start + engine.at_once)))

    calculate()  # buffers are made in the first round
    return calculate


def engines_beside_each_other(models: Mapping[str, Model], rounds: int) -> Table:
    """Paths a second of each engine, and how long the tape's plan takes."""
    rows, said = [], []
    for deal, model in models.items():
        keep = [*headline_lines(model).values(), model.returns.everyone.flow]
        tasks: dict[str, Callable[[], object]] = {"plan": partial(engine_of, model, keep, PATHS, "tape")}
        for name in ENGINES:
            tasks[f"model only {name}"] = model_only(model, name, PATHS)
            tasks[f"model only, in large parts {name}"] = model_only(model, name, MANY_PATHS)
            tasks[f"whole run of {PATHS:,} paths {name}"] = partial(simulate, model, PATHS, engine=name)
        taken = in_turn(tasks, rounds)
        for what, done in (
            ("model only", BLOCK),
            ("model only, in large parts", BLOCK),
            (f"whole run of {PATHS:,} paths", PATHS),
        ):
            arrays, tape = taken[f"{what} arrays"], taken[f"{what} tape"]
            figures = per_second(arrays, done), per_second(tape, done), times_as_fast(tape, arrays)
            rows.append((deal, what, figures[0].text(",.0f"), figures[1].text(",.0f"), figures[2].text(".1f")))
        said.append(f"{1000 * median(taken['plan']):.0f} ms ({deal})")
    return Table(
        "Engines",
        "Model only: headline figures from given luck, counts drawn from it, the plan made before. Whole run: plan, "
        "luck, counts, figures, rates of return and lines for charts. "
        f"Median [lowest..highest] of {rounds} rounds; ratios are formed inside each round.",
        ("deal", "what", "arrays, paths a second", "tape, paths a second", "times as fast"),
        rows,
        f"Planning the tape takes {', '.join(said)}, once in a run.",
    )
