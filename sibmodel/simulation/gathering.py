"""Blocks gathered in their order into one simulation: kept by path up to a stated number, and tallied beyond it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sibmodel.model import Model
from sibmodel.simulation.block import Block
from sibmodel.simulation.events import Statuses
from sibmodel.simulation.kept import kept_of
from sibmodel.simulation.paths import Floats
from sibmodel.simulation.samplers import Sampling
from sibmodel.simulation.simulated import Point, Simulation, Stopped
from sibmodel.simulation.streams import BLOCK
from sibmodel.simulation.tally import Tally
from sibmodel.simulation.watched import Watched

PATHS_KEPT = 32 * BLOCK
"""Figures are kept by path up to so many, 262,144. Of a larger simulation the first so many are kept, and all its
paths are tallied. Replicated samplers, which take at most four times as many, are always kept."""


class Gathering:
    """A simulation under way."""

    def __init__(
        self, model: Model, seed: int, spread: Sampling, keep: int = PATHS_KEPT, watched: Sequence[Watched] = ()
    ) -> None:
        self.model, self.seed, self.spread, self.keep, self.watched = model, seed, spread, keep, tuple(watched)
        self.paths = self.blocks = 0
        self.tally: Tally | None = None
        self.settling: dict[str, list[Point]] = {one.name: [] for one in watched}
        self._limit = min(spread.paths, keep if spread.replicates == 1 else spread.paths)
        kept = kept_of(model)
        self._figures = {name: np.empty(self._limit) for name in [*kept.headlines, "irr"]}
        self._status = np.empty(self._limit, dtype=np.int8)
        rooms = {name: min(self._limit, room) for name, room in kept.rooms.items()}
        self._over_time = {name: np.empty((model.book.periods, room)) for name, room in rooms.items()}
        self._drivers = {stream: np.empty(self._limit) for group in model.groups for stream in group.streams}

    @property
    def kept(self) -> int:
        """Paths kept one by one: the first so many."""
        return min(self.paths, self._limit)

    @property
    def figures(self) -> dict[str, Floats]:
        """`[path]` of those that are kept."""
        return {name: column[: self.kept] for name, column in self._figures.items()}

    @property
    def rate_status(self) -> Statuses:
        """`[path]` of those that are kept."""
        return self._status[: self.kept]

    @property
    def replicates(self) -> int:
        """Whole replicates that are done; 1 where the paths themselves are independent."""
        return 1 if self.spread.replicates == 1 else self.paths // self._size_of_replicate

    @property
    def _size_of_replicate(self) -> int:
        return self.spread.paths // self.spread.replicates

    def add(self, block: Block) -> None:
        """Take in the next block."""
        if block.number != self.blocks:
            raise ValueError(f"Block {block.number} came where block {self.blocks} is next.")
        place = self.kept
        room = min(block.paths, self._limit - place)
        if self.tally is None and block.paths > room:
            self.tally = self._tallied()
        for name, column in self._figures.items():
            column[place : place + room] = block.figures[name][:room]
        self._status[place : place + room] = block.rate_status[:room]
        for name, rows in self._over_time.items():
            space = min(block.over_time[name].shape[1], rows.shape[1] - min(place, rows.shape[1]))
            rows[:, place : place + space] = block.over_time[name][:, :space]
        for stream, numbers in self._drivers.items():
            numbers[place : place + room] = block.drivers[stream][:room]
        self.paths += block.paths
        self.blocks += 1
        if self.tally is not None:
            self.tally.fold(block)
            if self.blocks & (self.blocks - 1) == 0:
                self._note()

    def _tallied(self) -> Tally:
        """The tally of all blocks so far, which are still kept."""
        tally: Tally | None = None
        for number in range(self.blocks):
            part = slice(number * BLOCK, (number + 1) * BLOCK)
            figures = {name: column[part] for name, column in self.figures.items()}
            block = Block(number, BLOCK, figures, self._status[part], {}, {})
            if tally is None:
                tally = Tally.laid_out(self.model, block)
            tally.fold(block)
        if tally is None:
            raise ValueError(f"At least a block of paths is kept: {BLOCK}.")
        return tally

    def _note(self) -> None:
        """Note what is watched, for a picture of how it settles."""
        for one in self.watched:
            found = one.of(self)
            self.settling[one.name].append(Point(self.paths, found.value, found.error))

    def simulation(self, stopped: Stopped | None = None) -> Simulation:
        """The simulation of the paths gathered so far; of a replicated sampler, of its whole replicates."""
        paths = self.paths if self.spread.replicates == 1 else self.replicates * self._size_of_replicate
        kept = min(self.kept, paths)
        return Simulation(
            self.model,
            self.seed,
            paths,
            {name: column[:kept] for name, column in self._figures.items()},
            self._status[:kept],
            {name: rows[:, : min(kept, rows.shape[1])] for name, rows in self._over_time.items()},
            {stream: numbers[:kept] for stream, numbers in self._drivers.items()},
            self.spread,
            self.tally,
            stopped,
            self.watched,
            {name: tuple(points) for name, points in self.settling.items()},
        )

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """What is done so far: as plain data, and as arrays by name. Blocks must be whole."""
        kept = self.kept
        arrays: dict[str, np.ndarray] = {f"figure {name}": column for name, column in self.figures.items()}
        arrays["status"] = self.rate_status
        arrays |= {f"over time {name}": rows[:, : min(kept, rows.shape[1])] for name, rows in self._over_time.items()}
        arrays |= {f"driver {stream}": numbers[:kept] for stream, numbers in self._drivers.items()}
        settling = {name: [(one.paths, one.value, one.error) for one in noted] for name, noted in self.settling.items()}
        state: dict[str, Any] = {"blocks": self.blocks, "paths": self.paths, "settling": settling, "tally": None}
        if self.tally is not None:
            state["tally"], tallied = self.tally.state()
            arrays |= tallied
        return state, arrays

    def take_up(self, state: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
        """Go on from what `state` gave."""
        self.blocks, self.paths = state["blocks"], state["paths"]
        kept = self.kept
        for name, column in self._figures.items():
            column[:kept] = arrays[f"figure {name}"][:kept]
        self._status[:kept] = arrays["status"][:kept]
        for name, rows in self._over_time.items():
            room = min(kept, rows.shape[1])
            rows[:, :room] = arrays[f"over time {name}"][:, :room]
        for stream, numbers in self._drivers.items():
            numbers[:kept] = arrays[f"driver {stream}"][:kept]
        self.settling = {name: [Point(*one) for one in noted] for name, noted in state["settling"].items()}
        if state["tally"] is not None:
            self.tally = Tally.taken_up(self.model, state["tally"], arrays)
