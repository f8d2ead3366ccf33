"""How many pseudo-random paths a path of another sampler is worth, at equal error."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median

import numpy as np
import numpy.typing as npt

from benchmarks.tables import Table
from sibmodel.deals import read
from sibmodel.model import Model, build
from sibmodel.simulation import SAMPLERS, Simulation, simulate

PATHS = 16_384
SEEDS, FEW = range(1, 25), 4
"""As many runs of each sampler, and of the pseudo-random one, whose spread is told by each run itself."""

Values = npt.NDArray[np.float64]
FIGURES: dict[str, Callable[[Simulation], Values]] = {
    "chance of a loss": lambda run: (run.figures["received"] < run.figures["invested"]).astype(float),
    "mean rate of return": lambda run: run.figures["irr"],
    "mean net present value": lambda run: run.figures["npv"],
}
"""Each the mean of these over the paths, those without a figure left out."""


def worth_of_a_path(name: str = "peterborough") -> Table:
    """For each sampler and figure the variance by pseudo-random paths over its own."""
    model = build(read(name))
    by_chance, usual = _runs(model, "random", SEEDS[:FEW])
    # Pseudo-random paths are independent: the variance of a mean is that of the paths ÷ their number.
    plain = {figure: float(np.mean([np.nanvar(one) / PATHS for one in by_chance[figure]])) for figure in FIGURES}
    rows = []
    for sampler in [one for one in SAMPLERS if one != "random"]:
        values, seconds = _runs(model, sampler, SEEDS)
        spread = {figure: float(np.var([np.nanmean(one) for one in values[figure]], ddof=1)) for figure in FIGURES}
        worth = [f"{plain[figure] / spread[figure]:.1f}" for figure in FIGURES]
        rows.append((sampler, *worth, f"{seconds / usual:.2f}"))
    return Table(
        "What a path is worth",
        f"{name.title()}, {PATHS:,} paths: how many pseudo-random paths give the error that one path of another "
        f"sampler gives, by {len(SEEDS)} runs with different seeds. Each has a standard error of some "
        f"{np.sqrt(2 / (len(SEEDS) - 1)):.0%}. Lost paths count as −100 % in the mean rate of return.",
        ("sampler", *FIGURES, "time of a run, times random"),
        rows,
    )


def _runs(model: Model, sampler: str, seeds: Sequence[int]) -> tuple[dict[str, list[Values]], float]:
    values: dict[str, list[Values]] = {name: [] for name in FIGURES}
    taken = []
    for seed in seeds:
        start = time.process_time()
        run = simulate(model, PATHS, seed, sampler=sampler)
        taken.append(time.process_time() - start)
        for name, figure in FIGURES.items():
            values[name].append(figure(run))
    return values, median(taken)
