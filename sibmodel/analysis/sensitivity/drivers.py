"""Drivers: what nobody knows in a deal. Beliefs of the same name about several cohorts are one driver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sibmodel.model import Model
from sibmodel.simulation import SEED, Sampling
from sibmodel.simulation.paths import INDEPENDENT, blocks, streams, together

Floats = npt.NDArray[np.float64]

COUNTS = "luck of the counts"
"""What courts and assessors happen to count, given the truth: the driver of every draw that is no belief."""
LUCK = {"policy shock": "early end by policy"}
"""Draws that are no counts, by stream, and what they are called."""


@dataclass(frozen=True)
class Driver:
    """`streams` are its streams of luck; of several, a high driver is one that is high on average."""

    name: str
    streams: tuple[str, ...]
    belief: bool = True
    """Whether it is a belief with a distribution; else a draw within each path, which has no percentile of its own."""

    @property
    def label(self) -> str:
        """Its name as a heading has it, with how many beliefs it stands for."""
        several = f" ({len(self.streams)} together)" if self.belief and len(self.streams) > 1 else ""
        return f"{self.name[0].upper()}{self.name[1:]}{several}"


def drivers_of(model: Model) -> tuple[Driver, ...]:
    """Every driver, in the order of the deal: beliefs, then draws."""
    found: dict[str, dict[str, None]] = {}
    for one in model.uncertain:
        found.setdefault(_family(one.stream), {})[one.stream] = None
    beliefs = [Driver(name, tuple(streams)) for name, streams in found.items()]
    drawn: dict[str, dict[str, None]] = {}
    for draw in model.book.draws:
        drawn.setdefault(LUCK.get(draw.stream, COUNTS), {})[draw.stream] = None
    return (*beliefs, *(Driver(name, tuple(streams), belief=False) for name, streams in drawn.items()))


def beliefs_of(model: Model) -> tuple[Driver, ...]:
    """The drivers that are beliefs."""
    return tuple(one for one in drivers_of(model) if one.belief)


def _family(stream: str) -> str:
    """`volume, Cohort 1` and `volume, Cohort 2` are one driver; `uptake, Women's centre` is its own."""
    name = stream.partition(", ")[0]
    return stream if name == "uptake" else name


def luck_of(model: Model, paths: int, seed: int = SEED, spread: Sampling = INDEPENDENT) -> dict[str, Floats]:
    """The uniform numbers `[path]` behind every belief, by stream: those of a simulation with the same seed."""
    found: dict[str, list[Floats]] = {}
    for block, wanted in blocks(paths):
        for stream, numbers in together(model, spread.luck(seed, streams(model), block)).items():
            found.setdefault(stream, []).append(numbers[:wanted])
    return {stream: np.concatenate(each) for stream, each in found.items()}


def percentiles(model: Model, driver: Driver, luck: Mapping[str, Floats]) -> Floats:
    """Where the driver stands in each path, between 0 and 1: `[path]`, uniform over all paths.

    Of several beliefs, that of the mean of their normal scores.
    """
    from scipy.special import ndtr, ndtri

    if len(driver.streams) == 1:
        return luck[driver.streams[0]]
    score = np.mean([ndtri(luck[stream]) for stream in driver.streams], axis=0)
    return np.asarray(ndtr(score / _spread(model, driver)))


def shares_at(model: Model, driver: Driver, level: float) -> dict[str, float]:
    """Where each of the driver's beliefs is held so that the driver stands at `level`: at the same share."""
    from scipy.special import ndtr, ndtri

    share = float(ndtr(ndtri(level) * _spread(model, driver))) if len(driver.streams) > 1 else level
    return dict.fromkeys(driver.streams, share)


def _spread(model: Model, driver: Driver) -> float:
    """The standard deviation of the mean of its beliefs' normal scores, correlations between them counted."""
    size = len(driver.streams)
    matrix = np.eye(size)
    for group in model.groups:
        inside = [(place, group.streams.index(one)) for place, one in enumerate(driver.streams) if one in group.streams]
        whole = group.lower @ group.lower.T
        for row, first in inside:
            for column, second in inside:
                matrix[row, column] = whole[first, second]
    return float(np.sqrt(matrix.sum()) / size)
