"""Streams of luck: uniform numbers by seed, stream and block, the same whatever the number of paths.

Each driver has a stream of its own, named in words, so that two contracts over the same assumptions meet the same
luck. The block size is part of what a seed means.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

BLOCK = 8_192
"""Paths in a block; a path's luck depends on seed, stream and its place in its block, and on nothing else."""

_SMALLEST = 2.0**-54
"""Below every number that the generator gives except 0, which no inverse distribution function takes."""


def uniforms(seed: int, stream: str, block: int, count: int = 1) -> npt.NDArray[np.float64]:
    """The numbers in (0, 1) of one stream for all paths of a block: `[count, BLOCK]`."""
    return np.maximum(generator(seed, stream, block).random((count, BLOCK)), _SMALLEST)


def generator(seed: int, stream: str, *place: int) -> np.random.Generator:
    """Luck that no other stream or place has: a place is a block, or a replicate with another number behind it."""
    name = int.from_bytes(hashlib.sha256(stream.encode()).digest()[:8], "big")
    sequence = np.random.SeedSequence(entropy=seed, spawn_key=(name, *place))
    return np.random.Generator(np.random.SFC64(sequence))
