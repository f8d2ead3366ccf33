"""Which drivers a figure's spread comes from: Shapley shares of its variance over groups of drivers.

For every set S of groups, half the mean squared difference between pairs of paths that have the luck of S in common and
nothing else (`sibmodel/simulation/frozen.py`) is E[Var(Y | S)]; what S explains is the variance less that (M. J. W.
Jansen, "Analysis of variance designs for model output", Computer Physics Communications 117, 1999). All sets meet the
same luck, so that a driver that a figure does not have gets exactly nothing, and the shares add up exactly to one.
METHOD 4.3 and 4.5 (docs/method.md).

Blocks of paths are independent, and so are the sets: workers may share them (`sibmodel/simulation/workers.py`). The
figures are the same bytes for any number of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, sqrt
from time import perf_counter

import numpy as np
import numpy.typing as npt

from sibmodel.analysis.shares import shapley
from sibmodel.analysis.transfer.drivers import Group, linked_across
from sibmodel.lines import Line
from sibmodel.model import Model
from sibmodel.simulation import Crew, TwoWorlds
from sibmodel.simulation.engines import Engine, engine_of
from sibmodel.simulation.paths import Floats
from sibmodel.simulation.running import LONG
from sibmodel.simulation.streams import BLOCK
from sibmodel.simulation.workers import InParts, by_crew

PARTS = 8
"""Parts of a block, between which the errors of shares are told."""

CRUMB_OF_VARIANCE = 1e-22
"""Of a figure's size, squared: what rounding alone leaves."""

Progress = Callable[[int, int], None]
"""Called with sets of groups done, and sets in all."""


@dataclass(frozen=True, eq=False)
class Part:
    """Some sets of one block: half the squared differences that each leaves, summed over parts of the block's paths."""

    block: int
    sums: Floats
    """By `[part of the block, set, figure]`; nil for other sets."""
    scale: Floats
    """Each figure's largest size in the block's own paths `[figure]`."""


@dataclass(frozen=True, eq=False)
class Sharing:
    """Who calculates beside this process, and what each is sent. Nothing of it changes a figure."""

    job: Callable[[int], InParts[Part]] | None = None
    """The same game, each block in so many portions of its sets. Without it nobody else can calculate."""
    crew: Crew | None = None
    """Unless told, this process alone."""
    helpers: Callable[[], Crew | None] | None = None
    """Who helps where `crew` is not told and this process alone would take long."""


ALONE = Sharing()


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
    sharing: Sharing = ALONE,
) -> Attribution:
    """Shapley shares of some figures over groups of drivers, from as many pairs of paths for each set of groups."""
    if not groups:
        none = np.empty((0, len(lines)))
        return Attribution((), np.zeros(len(lines)), none, none)
    sums, scale = _played(Game(model, lines, groups, paths, seed), progress, sharing)
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


def _played(game: Game, progress: Progress | None, sharing: Sharing) -> tuple[Floats, Floats]:
    """Sums `[part, set, figure]` over all blocks, the empty set first; and each figure's largest size `[figure]`."""
    sums: dict[int, Floats] = {}
    scale = np.zeros(len(game.lines))
    done = 0

    def one_done() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, game.blocks * len(game.played))

    for part in _parts(game, sharing, one_done):
        sums[part.block] = sums[part.block] + part.sums if part.block in sums else part.sums
        scale = np.maximum(scale, part.scale)
    return np.concatenate([sums[block] for block in range(game.blocks)]), scale


def _parts(game: Game, sharing: Sharing, one_done: Callable[[], None]) -> Iterator[Part]:
    """All parts, block by block; `one_done` is called after each set. Unless a crew is told, the first block is
    calculated here, and helpers are begun where the others would take long."""
    crew, first = sharing.crew if sharing.job else None, 0
    while crew is None and first < game.blocks:
        began = perf_counter()
        yield game.part(first, one_done)
        first += 1
        if first == 1 and sharing.job and sharing.helpers and (perf_counter() - began) * (game.blocks - first) > LONG:
            crew = sharing.helpers()
    if crew is None or sharing.job is None or first == game.blocks:
        return
    portions = max(1, min(ceil(crew.workers / (game.blocks - first)), len(game.played)))
    numbers = range(first * portions, game.blocks * portions)
    for number, part in zip(numbers, by_crew(crew, sharing.job(portions), numbers, lambda: False), strict=True):
        yield part
        for _ in game.played[number % portions :: portions]:
            one_done()


class Game:
    """Half the squared differences that every set of groups leaves, block by block.

    A path that keeps a set of groups from the first world has all others from the second: it is half of two pairs, and
    so serves the set and what is left beside it. Where drivers of different groups go together, it serves the set
    alone: what it does not keep is drawn anew.
    """

    def __init__(
        self,
        model: Model,
        lines: Sequence[Line],
        groups: Sequence[Group],
        paths: int,
        seed: int,
        portions: int = 1,
    ) -> None:
        """`portions` are how many parts the sets of a block are divided into."""
        self.model, self.lines, self.groups, self.paths, self.seed = model, list(lines), list(groups), paths, seed
        self.portions, self.blocks = portions, -(-paths // BLOCK)
        self.everybody = 2 ** len(self.groups) - 1
        self.both_ways = not linked_across(model, groups)
        self.played = [one for one in range(1, self.everybody) if one & 1 or not self.both_ways]
        """The sets of which paths are calculated, each as a number: j where its bit j is set."""

    @cached_property
    def engine(self) -> Engine:
        """Planned once for all sets: worth it for however few paths, and with many as if they were as many more."""
        if self.paths < BLOCK:
            return engine_of(self.model, self.lines, self.paths, "tape")
        return engine_of(self.model, self.lines, self.paths * (self.everybody + 1) // 2)

    def part(self, number: int, one_done: Callable[[], None] = lambda: None) -> Part:
        """The part of that number, block after block, each in its portions; `one_done` is called after each set."""
        block, portion = divmod(number, self.portions)
        wanted = min(BLOCK, self.paths - block * BLOCK)
        worlds = TwoWorlds(self.model, self.seed, block)
        own, other = self._figures(worlds, self.everybody, wanted), self._figures(worlds, 0, wanted)
        starts = np.linspace(0, wanted, min(PARTS, wanted), endpoint=False).astype(int)
        found = np.zeros((len(starts), self.everybody + 1, len(self.lines)))
        if portion == 0:
            found[:, 0] = _apart(own, other, starts)
        for kept in self.played[portion :: self.portions]:
            mixed = self._figures(worlds, kept, wanted)
            found[:, kept] = _apart(own, mixed, starts)
            if self.both_ways:
                found[:, self.everybody - kept] = _apart(other, mixed, starts)
            one_done()
        return Part(block, found, np.abs(own).max(axis=1))

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
