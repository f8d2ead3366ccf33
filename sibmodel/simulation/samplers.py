"""Samplers: how the luck of the uncertain drivers is spread over the paths.

Pseudo-random paths are independent. A Latin hypercube spreads each driver evenly by itself; a scrambled Sobol'
sequence spreads them evenly together. Both come in independent replicates, from which errors are told. Counts and
other draws within a path are pseudo-random with any sampler.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from sibmodel.errors import NotFoundError
from sibmodel.simulation.streams import BLOCK, uniforms

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint32]

Sampler = Literal["random", "latin", "sobol"]
SAMPLERS: tuple[Sampler, ...] = get_args(Sampler)
REPLICATES = 16
"""Independent replicates of a Latin hypercube or a Sobol' sequence: two errors then cover about 94 of 100."""
MOST_IN_REPLICATES = 2**20
"""Paths of such a sampler: with more, pseudo-random ones are as good for everything that a deal asks."""
PATHS = {"random": 10_000, "latin": 16_384, "sobol": 16_384}
"""Paths of a simulation unless told, by sampler."""
LEADING = ("effect", "matching error")
"""Drivers that get a Sobol' sequence's first and evenest dimensions: most of a deal's risk hangs on them."""
BITS = 32


@dataclass(frozen=True)
class Sampling:
    """A sampler and the number of paths, on which the replicates of some depend."""

    sampler: Sampler
    paths: int

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

    def luck(self, seed: int, streams: Sequence[str], block: int) -> dict[str, Floats]:
        """The uniform numbers `[BLOCK]` of each stream in a block. Beyond the last path they begin again."""
        if self.sampler == "random":
            return {stream: uniforms(seed, stream, block)[0] for stream in streams}
        first = block * BLOCK
        wanted = min(BLOCK, self.paths - first)
        places = first + np.arange(BLOCK) % wanted
        size = self.paths // REPLICATES
        replicates = range(first // size, (first + wanted - 1) // size + 1)
        begin = replicates[0] * size
        found = {}
        for stream, dimension in _dimensions(streams).items():
            if self.sampler == "latin":
                each = [_latin(seed, stream, replicate, size) for replicate in replicates]
            else:
                each = [_sobol(seed, stream, replicate, size, dimension) for replicate in replicates]
            found[stream] = np.concatenate(each)[places - begin]
        return found


def sampling(sampler: str | None = None, paths: int | None = None) -> Sampling:
    """A sampler by name, pseudo-random unless told, with as many paths as it has unless told.

    Raises NotFoundError for another name, or for a number of paths that its replicates do not make up.
    """
    name: Sampler = sampler or "random"  # type: ignore[assignment]
    return Sampling(name, PATHS.get(name, 1) if paths is None else paths)


def _dimensions(streams: Sequence[str]) -> dict[str, int]:
    """A dimension for each stream: those that lead first, then in their order in the model."""
    order = sorted(streams, key=lambda stream: not stream.startswith(LEADING))
    return {stream: order.index(stream) for stream in streams}


def _generator(seed: int, stream: str, replicate: int) -> np.random.Generator:
    name = int.from_bytes(hashlib.sha256(stream.encode()).digest()[:8], "big")
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(entropy=seed, spawn_key=(name, replicate, 1))))


@lru_cache(maxsize=64)
def _latin(seed: int, stream: str, replicate: int, size: int) -> Floats:
    """One number in each of `size` strata of equal width, in any order (McKay, Beckman and Conover, 1979)."""
    luck = _generator(seed, stream, replicate)
    found = (luck.permutation(size) + luck.random(size)) / size
    return np.asarray(np.clip(found, 2.0**-54, 1 - 2.0**-53))


@lru_cache(maxsize=64)
def _sobol(seed: int, stream: str, replicate: int, size: int, dimension: int) -> Floats:
    """A dimension of the Sobol' sequence, its digits scrambled by a random lower triangular matrix and shifted
    (J. Matoušek, "On the L2-discrepancy for anchored boxes", Journal of Complexity 14, 1998).

    The scrambling is the stream's own. So a driver's numbers depend on the others by its dimension alone.
    """
    luck = _generator(seed, stream, replicate)
    below = luck.integers(0, 2**BITS, size=BITS, dtype=np.uint32)
    shift = luck.integers(0, 2**BITS, dtype=np.uint32)
    points = _points(size, dimension)
    scrambled = np.full(size, shift, dtype=np.uint32)
    for digit in range(BITS):  # from the first after the point; it moves itself and digits after it
        own = np.uint32(1 << (BITS - 1 - digit))
        column = own | (below[digit] & np.uint32(int(own) - 1))
        scrambled ^= np.where(points & own, column, np.uint32(0))
    return np.asarray((scrambled.astype(np.float64) + 0.5) / 2.0**BITS)


@lru_cache(maxsize=64)
def _points(size: int, dimension: int) -> Words:
    """The first points of a dimension of the Sobol' sequence (S. Joe and F. Y. Kuo's directions), as 32 digits."""
    from scipy.stats.qmc import Sobol

    points = Sobol(dimension + 1, scramble=False, bits=BITS).random(size)[:, dimension]
    return np.asarray(points * 2.0**BITS).astype(np.uint32)
