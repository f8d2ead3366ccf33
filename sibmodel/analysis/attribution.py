"""Which drivers a figure's spread comes from: Shapley shares of its variance over groups of drivers.

For every set S of groups, half the mean squared difference between pairs of paths that have the luck of S in common and
nothing else (`sibmodel/simulation/frozen.py`) is E[Var(Y | S)]; what S explains is the variance less that (M. J. W.
Jansen, "Analysis of variance designs for model output", Computer Physics Communications 117, 1999). All sets meet the
same luck, so that a driver that a figure does not have gets exactly nothing, and the shares add up exactly to one.
METHOD 4.3 and 4.5 (docs/method.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from sibmodel.analysis.shares import shapley
from sibmodel.analysis.transfer.drivers import Group, linked_across
from sibmodel.lines import Line
from sibmodel.model import Model
from sibmodel.simulation import TwoWorlds
from sibmodel.simulation.engines import engine_of
from sibmodel.simulation.paths import Floats, blocks
from sibmodel.simulation.streams import BLOCK

PARTS = 8
"""Parts of a block, between which the errors of shares are told."""

CRUMB_OF_VARIANCE = 1e-22
"""Of a figure's size, squared: what rounding alone leaves."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Attribution:
    """Shares of variance `[group, figure]`, by which a figure's `variance` `[figure]` divides, and their Monte Carlo
    standard errors. nan for a figure that does not vary."""

    groups: tuple[str, ...]
    variance: Floats
    shares: Floats
    errors: Floats


def attribute(
    model: Model,
    lines: Sequence[Line],
    groups: Sequence[Group],
    paths: int,
    seed: int,
    progress: Progress | None = None,
) -> Attribution:
    """Shapley shares of some figures over groups of drivers, from as many pairs of paths for each set of groups."""
    if not groups:
        none = np.empty((0, len(lines)))
        return Attribution((), np.zeros(len(lines)), none, none)
    game = _Game(model, lines, groups, paths, seed)
    sums, scale = game.play(progress)
    in_parts = -np.moveaxis(_without_absent(sums), 0, -1)  # [set, figure, part]
    explained = in_parts.sum(axis=-1) / paths
    variance = -explained[0]
    varies = variance > CRUMB_OF_VARIANCE * scale**2
    whole = np.where(varies, variance, 1.0)
    shares = shapley(explained) / whole
    apart = shapley(in_parts) + shares[..., None] * in_parts[0]
    parts = in_parts.shape[-1]
    errors = apart.std(axis=-1, ddof=1) * sqrt(parts) / paths / whole if parts > 1 else np.full_like(shares, np.nan)
    missing = np.where(varies, 0.0, np.nan)
    return Attribution(tuple(one.name for one in groups), variance, shares + missing, errors + missing)


def _without_absent(sums: Floats) -> Floats:
    """Sums `[part, set, figure]` in which the first group adds nothing to a figure that does not have it: where the
    two worlds share all but that group, such a figure does not differ at all."""
    first = np.arange(sums.shape[1]) | 1
    absent = (sums[:, -2] == 0).all(axis=0)
    return np.where(absent, (sums[:, first] + sums[:, first - 1]) / 2, sums)


class _Game:
    """Half the squared differences that every set of groups leaves, summed over parts of the paths.

    A path that keeps a set of groups from the first world has all others from the second: it is half of two pairs, and
    so serves the set and what is left beside it. Where drivers of different groups go together, it serves the set
    alone: what it does not keep is drawn anew.
    """

    def __init__(self, model: Model, lines: Sequence[Line], groups: Sequence[Group], paths: int, seed: int) -> None:
        self.model, self.lines, self.groups, self.paths, self.seed = model, list(lines), list(groups), paths, seed
        self.everybody = 2 ** len(self.groups) - 1
        # Planned once for all sets: worth it for however few paths, and with many as if they were as many paths more.
        played, few = paths * (self.everybody + 1) // 2, paths < BLOCK
        self.engine = engine_of(model, self.lines, paths, "tape") if few else engine_of(model, self.lines, played)
        self.both_ways = not linked_across(model, groups)

    def play(self, progress: Progress | None) -> tuple[Floats, Floats]:
        """Sums `[part, set, figure]`, the set of all groups with nothing left; and each figure's largest size."""
        sums, scale, count = list[Floats](), np.zeros(len(self.lines)), -(-self.paths // BLOCK)
        played = [one for one in range(1, self.everybody) if one & 1 or not self.both_ways]
        for block, wanted in blocks(self.paths):
            worlds = TwoWorlds(self.model, self.seed, block)
            own, other = self._figures(worlds, self.everybody, wanted), self._figures(worlds, 0, wanted)
            scale = np.maximum(scale, np.abs(own).max(axis=1))
            starts = np.linspace(0, wanted, min(PARTS, wanted), endpoint=False).astype(int)
            found = np.zeros((len(starts), self.everybody + 1, len(self.lines)))
            found[:, 0] = _apart(own, other, starts)
            for done, kept in enumerate(played, start=1):
                mixed = self._figures(worlds, kept, wanted)
                found[:, kept] = _apart(own, mixed, starts)
                if self.both_ways:
                    found[:, self.everybody - kept] = _apart(other, mixed, starts)
                if progress is not None:
                    progress(block * len(played) + done, count * len(played))
            sums += list(found)
        return np.array(sums), scale

    def _figures(self, worlds: TwoWorlds, number: int, wanted: int) -> Floats:
        """The figures `[figure, path]` with the luck of a set of groups kept: j where bit j of `number` is set."""
        kept = {stream for place, one in enumerate(self.groups) if number >> place & 1 for stream in one.streams}
        luck = worlds.keeping(kept)
        found = np.empty((len(self.lines), wanted))
        for start in range(0, wanted, self.engine.at_once):
            here = slice(start, min(start + self.engine.at_once, wanted))
            values = self.engine.calculate(*luck.cut(slice(start, start + self.engine.at_once)))
            for row, line in enumerate(self.lines):
                array = values[line]
                found[row, here] = array[: here.stop - start] if array.size > 1 else array
        return found


def _apart(own: Floats, other: Floats, starts: npt.NDArray[np.int_]) -> Floats:
    """Half the squared differences, summed over each part: `[part, figure]`."""
    return np.asarray(np.add.reduceat((own - other) ** 2 / 2, starts, axis=1).T)
