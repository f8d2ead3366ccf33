"""Frozen luck: paths that keep the luck of some drivers and meet new luck in all others (pick-freeze).

Two worlds are drawn for each block: the simulation's own, and a second one. A path that keeps some streams has their
luck from the first world and that of every other stream from the second. So the covariance of a figure over such pairs
of paths is Var(E[Y | kept]) (I. M. Sobol', "Global sensitivity indices for nonlinear mathematical models", Mathematics
and Computers in Simulation 55, 2001). Drivers that a deal lets go together keep doing so: what is not kept is drawn
given what is. A scrambled Sobol' sequence is split into the two worlds, one of twice as many dimensions: two sequences
scrambled apart give shares to drivers that a figure does not have.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from sibmodel.correlation import Group
from sibmodel.lines import Draw, Input
from sibmodel.model import Model
from sibmodel.simulation.paths import INDEPENDENT, Floats, Luck
from sibmodel.simulation.samplers import Sampling
from sibmodel.simulation.streams import uniforms

AGAIN = ", again"
"""After a stream's name, its luck in the second world."""


def streams_of(model: Model) -> tuple[str, ...]:
    """Every stream of luck that a path has: uncertain beliefs, then counts and other draws."""
    beliefs, draws = (one.stream for one in model.uncertain), (draw.stream for draw in model.book.draws)
    return tuple(dict.fromkeys((*beliefs, *draws)))


class TwoWorlds:
    """The luck of one block, twice. The first world is the simulation's own for a pseudo-random sampler."""

    def __init__(self, model: Model, seed: int, block: int, spread: Sampling = INDEPENDENT) -> None:
        self.model = model
        self._streams = list(dict.fromkeys(one.stream for one in model.uncertain))
        both = spread.luck(seed, [*self._streams, *(stream + AGAIN for stream in self._streams)], block)
        self._independent = tuple({stream: both[stream + end] for stream in self._streams} for end in ("", AGAIN))
        self._scales = {
            group.scale_stream: tuple(uniforms(seed, group.scale_stream + end, block)[0] for end in ("", AGAIN))
            for group in model.groups
            if group.degrees is not None
        }
        drivers = tuple(self._together(world) for world in (0, 1))
        self._first_drivers = drivers[0]
        self._columns = tuple(
            {one.cell: one.column(drivers[world][one.stream]) for one in model.uncertain} for world in (0, 1)
        )
        self._draws: tuple[dict[Draw, Floats], ...] = tuple(
            {draw: uniforms(seed, draw.stream + end, block, draw.distribution.uniforms) for draw in model.book.draws}
            for end in ("", AGAIN)
        )
        self._drivers = drivers

    def keeping(self, kept: Collection[str]) -> Luck:
        """The luck of paths that keep these streams of the first world; all of them: the first world itself."""
        drivers = {stream: self._drivers[stream not in kept][stream] for stream in self._streams}
        mixed: set[str] = set()
        for group in self.model.groups:
            part = [stream for stream in group.streams if stream in kept]
            if part and len(part) < len(group.streams):
                drivers |= self._given(group, part)
                mixed.update(stream for stream in group.streams if stream not in kept)
        columns: dict[Input, Floats] = {}
        for one in self.model.uncertain:
            if one.stream in mixed:
                columns[one.cell] = one.column(drivers[one.stream])
            else:
                columns[one.cell] = self._columns[one.stream not in kept][one.cell]
        draws = {draw: self._draws[draw.stream not in kept][draw] for draw in self.model.book.draws}
        return Luck.of(drivers, columns, draws)

    def _together(self, world: int) -> dict[str, Floats]:
        luck = dict(self._independent[world])
        for group in self.model.groups:
            scale = None if group.degrees is None else self._scales[group.scale_stream][world]
            together = group.together([luck[stream] for stream in group.streams], scale)
            luck |= zip(group.streams, together, strict=True)
        return luck

    def _given(self, group: Group, kept: list[str]) -> dict[str, Floats]:
        """The luck of the group's other streams in the second world, given those that are kept."""
        scale = None if group.degrees is None else self._scales[group.scale_stream][1]
        others = [stream for stream in group.streams if stream not in kept]
        known = {stream: self._first_drivers[stream] for stream in kept}
        new = {stream: self._independent[1][stream] for stream in others}
        return group.given(known, new, scale)


def held(model: Model, luck: Luck, shares: Mapping[str, float]) -> Luck:
    """The same luck with some uncertain beliefs held at a share of their distribution: 0.1 for P10, say."""
    columns = dict(luck.columns)
    for one in model.uncertain:
        if one.stream in shares:
            size = luck.columns[one.cell].shape
            columns[one.cell] = np.broadcast_to(one.column(np.array([shares[one.stream]])), size)
    return Luck.of(luck.drivers, columns, luck.draws)
