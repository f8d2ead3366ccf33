"""The pilot: a few paths of a deal, from which a Sobol' sequence is told where to turn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sibmodel.lines import Plan
from sibmodel.model import Model
from sibmodel.simulation.direction import NOWHERE, Direction, direction
from sibmodel.simulation.paths import CALCULATED_AT_ONCE, Luck, streams
from sibmodel.simulation.samplers import Sampling, numbers, sampling
from sibmodel.simulation.streams import BLOCK

PATHS_OF_A_PILOT = 2_048
"""At least, and at least eight for each number that a path draws; there is no pilot where that is above a block."""
APART = 2**64
"""Added to a seed for its pilot's luck: beyond any seed that somebody gives."""


def sampling_of(model: Model, sampler: str | Sampling | None, paths: int | None, seed: int) -> Sampling:
    """How the luck of a model's paths is spread: by a sampler's name, a Sobol' sequence turned to the model's payoff;
    or as given, which two deals may share so that they meet the same luck.

    Raises NotFoundError as `sampling` does, and ValueError for a sampling with another number of paths than `paths`.
    """
    if isinstance(sampler, Sampling):
        if paths not in (None, sampler.paths):
            raise ValueError(f"The sampling has {sampler.paths:,} paths, not {paths:,}. Give one of both.")
        return sampler
    spread = sampling(sampler, paths)
    return replace(spread, direction=payoff_direction(model, seed)) if spread.sampler == "sobol" else spread


def payoff_direction(model: Model, seed: int) -> Direction:
    """The direction of investors' net present value; of outcome payments, where that never changes.

    It depends on the model and the seed alone.
    """
    each = streams(model)
    count = sum(each.values())
    paths = max(PATHS_OF_A_PILOT, 1 << (8 * count - 1).bit_length())
    if count < 2 or paths > BLOCK:
        return NOWHERE
    payoffs = [model.returns.everyone.npv, model.commissioning.paid_in_all]
    plan, periods = Plan(payoffs, payoffs), model.book.periods
    spread = Sampling("sobol", paths)
    rows = [row[:paths] for drawn in spread.luck(seed + APART, each, 0).values() for row in drawn]
    luck = Luck(model, seed + APART, 0, spread)
    found = np.empty((len(payoffs), paths))
    for first in range(0, paths, CALCULATED_AT_ONCE):
        part = slice(first, first + CALCULATED_AT_ONCE)
        values = plan.evaluate(periods, *luck.cut(part))
        for place, line in enumerate(payoffs):
            found[place, part] = values[line]
    for payoff in found:
        if np.ptp(payoff) > 1e-9 * np.abs(payoff).max():
            return direction(dict(zip(numbers(each), rows, strict=True)), payoff)
    return NOWHERE
