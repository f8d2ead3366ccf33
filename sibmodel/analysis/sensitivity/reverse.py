"""The reverse stress test: not what a shock does, but what the paths that go wrong have in common.

A driver that has nothing to do with it stands anywhere in these paths, at P50 on average. One that drives it stands low
or high in them. Drivers are ranked by how far their distribution among these paths is from that over all (the largest
distance between the two distribution functions, Kolmogorov and Smirnov's).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.analysis.asking import estimate
from sibmodel.analysis.estimates import CHANCE
from sibmodel.analysis.sensitivity.drivers import Driver, Floats, beliefs_of, percentiles
from sibmodel.model import Model
from sibmodel.simulation import Estimate

FEWEST = 20


@dataclass(frozen=True)
class Common:
    """A driver in the paths that go wrong: where it stands on average (0.5 if it has nothing to do with it), where
    half of them lie below, its mean value beside that of all paths, and the distance between distributions."""

    driver: Driver
    place: Estimate
    median: float
    mean_there: float
    mean_of_all: float
    distance: float
    by_luck: float
    """The distance that 95 of 100 drivers stay below that have nothing to do with it: 1.358 ÷ √paths."""

    @property
    def matters(self) -> bool:
        return self.distance > self.by_luck


@dataclass(frozen=True)
class Reverse:
    """What paths that go wrong have in common, the most telling driver first; empty where too few do."""

    event: str
    chance: Estimate
    drivers: tuple[Common, ...]


def reverse(model: Model, luck: Mapping[str, Floats], event: str, happens: Any, replicates: int = 1) -> Reverse:
    """What the paths in which something `happens` `[path]` have in common."""
    chance = estimate(CHANCE, happens, replicates)
    if happens.sum() < FEWEST:
        return Reverse(event, chance, ())
    found = [_common(model, driver, luck, happens) for driver in beliefs_of(model)]
    return Reverse(event, chance, tuple(sorted(found, key=lambda one: -one.distance)))


def _common(model: Model, driver: Driver, luck: Mapping[str, Floats], happens: Any) -> Common:
    place = percentiles(model, driver, luck)
    there = np.sort(place[happens])
    steps = np.arange(there.size + 1) / there.size
    distance = float(np.max(np.maximum(steps[1:] - there, there - steps[:-1])))
    own = [one.column(luck[one.stream]) for one in model.uncertain if one.stream in driver.streams]
    values = np.mean(own, axis=0)
    return Common(
        driver,
        Estimate(float(there.mean()), float(there.std(ddof=1) / math.sqrt(there.size))),
        float(np.median(there)),
        float(values[happens].mean()),
        float(values.mean()),
        distance,
        1.358 / math.sqrt(there.size),
    )
