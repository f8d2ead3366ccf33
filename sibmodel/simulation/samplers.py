"""Samplers: how the luck of uncertain drivers, of counts and of other draws is spread over the paths.

Pseudo-random paths are independent. A Latin hypercube spreads each number that a path draws evenly by itself; a
scrambled Sobol' sequence spreads them evenly together, and evenest along the direction to which it is turned. Both come
in independent replicates, from which errors are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from sibmodel.errors import NotFoundError
from sibmodel.simulation import sobol
from sibmodel.simulation.direction import NOWHERE, Direction
from sibmodel.simulation.streams import BLOCK, generator, uniforms

Floats = npt.NDArray[np.float64]

Sampler = Literal["random", "latin", "sobol"]
SAMPLERS: tuple[Sampler, ...] = get_args(Sampler)
REPLICATES = 16
"""Independent replicates of a Latin hypercube or a Sobol' sequence: two errors then cover about 94 of 100."""
MOST_IN_REPLICATES = 2**20
"""Paths of such a sampler: with more, pseudo-random ones are as good for everything that a deal asks."""
PATHS = {"random": 10_000, "latin": 16_384, "sobol": 16_384}
"""Paths of a simulation unless told, by sampler."""
FEWEST_USUAL = 1_024
"""Paths from which a Sobol' sequence is the usual sampler: with fewer, its replicates are too small to tell errors."""
LEADING = ("effect", "matching error")
"""Drivers that get a Sobol' sequence's evenest dimensions where no direction tells which should."""


@dataclass(frozen=True)
class Sampling:
    """A sampler and the number of paths, on which the replicates of some depend."""

    sampler: Sampler
    paths: int
    direction: Direction = NOWHERE
    """To which a Sobol' sequence is turned."""

    def __post_init__(self) -> None:
        if self.sampler not in SAMPLERS:
            raise NotFoundError(f'"{self.sampler}" is not a sampler. There are: {", ".join(SAMPLERS)}.')
        if self.sampler == "random":
            return
        each, rest = divmod(self.paths, REPLICATES)
        whole = rest == 0 and each > 1 and self.paths <= MOST_IN_REPLICATES
        if whole and (self.sampler == "latin" or each & (each - 1) == 0):
            return
        near = [2**power for power in range(5, 21)]
        below = max((one for one in near if one <= self.paths), default=near[0])
        above = min((one for one in near if one >= self.paths), default=near[-1])
        what = "a multiple of 16" if self.sampler == "latin" else "a power of two"
        raise NotFoundError(
            f"{self.paths:,} paths are not {REPLICATES} replicates of the sampler {self.sampler}: it needs {what} "
            f"from {near[0]} to {near[-1]:,}. Take {' or '.join(f'{one:,}' for one in dict.fromkeys((below, above)))}."
        )

    @property
    def replicates(self) -> int:
        """Replicates that are drawn independently; 1 where the paths themselves are."""
        return 1 if self.sampler == "random" else REPLICATES

    def luck(self, seed: int, streams: Mapping[str, int], block: int) -> dict[str, Floats]:
        """The uniform numbers of each stream in a block, `[numbers, BLOCK]`; `streams` says how many numbers each has.
        Beyond the last path they begin again."""
        if self.sampler == "random":
            return {stream: uniforms(seed, stream, block, count) for stream, count in streams.items()}
        first = block * BLOCK
        wanted = min(BLOCK, self.paths - first)
        size = self.paths // REPLICATES
        spread = self._latin if self.sampler == "latin" else self._sobol
        found = {number: np.empty(wanted) for number in numbers(streams)}
        for begin in range(first // size * size, first + wanted, size):
            start, stop = max(begin, first), min(begin + size, first + wanted)
            drawn = spread(seed, list(found), begin // size, slice(start - begin, stop - begin))
            for number, values in drawn.items():
                found[number][start - first : stop - first] = values
        again = np.arange(BLOCK) % wanted
        return {
            stream: np.array([found[_number(stream, place)][again] for place in range(count)])
            for stream, count in streams.items()
        }

    def _latin(self, seed: int, names: Iterable[str], replicate: int, part: slice) -> dict[str, Floats]:
        size = self.paths // REPLICATES
        return {name: _latin(seed, name, replicate, size)[part] for name in names}

    def _sobol(self, seed: int, names: Iterable[str], replicate: int, part: slice) -> dict[str, Floats]:
        """Dimensions go to what the direction names, then to drivers that lead, then to the others in their order. A
        stream that the direction names has its own even in a deal without it: so two deals meet the same luck."""
        leading = self.direction.streams
        others = [name for name in names if name not in leading]
        others.sort(key=lambda name: not name.startswith(LEADING))
        drawn = {
            name: sobol.points(seed, name, replicate, dimension, part.start, part.stop - part.start)
            for dimension, name in enumerate((*leading, *others))
        }
        drawn |= zip(leading, self.direction.turned([drawn[name] for name in leading]), strict=True)
        return {name: drawn[name] for name in names}


def sampling(sampler: str | None = None, paths: int | None = None) -> Sampling:
    """A sampler by name, pseudo-random unless told, with as many paths as it has unless told.

    Raises NotFoundError for another name, or for a number of paths that its replicates do not make up.
    """
    name: Sampler = sampler or "random"  # type: ignore[assignment]
    return Sampling(name, PATHS.get(name, 1) if paths is None else paths)


def usual(paths: int | None = None) -> Sampler:
    """The sampler of a run for so many paths unless told: the Sobol' sequence where it can take them, as it can where
    no number is told; otherwise the pseudo-random."""
    if paths is None:
        return "sobol"
    return "sobol" if FEWEST_USUAL <= paths <= MOST_IN_REPLICATES and paths & (paths - 1) == 0 else "random"


def numbers(streams: Mapping[str, int]) -> list[str]:
    """Each number that a path draws, by name: a stream's first has the stream's own."""
    return [_number(stream, place) for stream, count in streams.items() for place in range(count)]


def _number(stream: str, place: int) -> str:
    return stream if place == 0 else f"{stream} ({place + 1})"


@lru_cache(maxsize=64)
def _latin(seed: int, stream: str, replicate: int, size: int) -> Floats:
    """One number in each of `size` strata of equal width, in any order (McKay, Beckman and Conover, 1979)."""
    luck = generator(seed, stream, replicate, 1)
    found = (luck.permutation(size) + luck.random(size)) / size
    return np.asarray(np.clip(found, 2.0**-54, 1 - 2.0**-53))
