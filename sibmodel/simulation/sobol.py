"""The Sobol' sequence, scrambled: any stretch of any dimension, without what comes before it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from sibmodel.simulation.streams import generator

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint32]

BITS = 32
_OWN = np.array([1 << (BITS - 1 - digit) for digit in range(BITS)], dtype=np.uint32)
"""Each digit by itself, from the first after the point."""
LONGEST = 16
"""Powers of two in the longest sequence: 65,536 points."""


def points(seed: int, stream: str, replicate: int, dimension: int, first: int, count: int) -> Floats:
    """`count` numbers in (0, 1) of a dimension (counted from 0) from the point `first` (counted from 0) on, `[count]`:
    a power of two, of which `first` is a multiple.

    The digits are scrambled by a random lower triangular matrix and shifted (J. Matoušek, "On the L2-discrepancy for
    anchored boxes", Journal of Complexity 14, 1998). The scrambling is the stream's own: its numbers depend on other
    streams by its dimension alone.
    """
    columns, shift = _scrambled(seed, stream, replicate, dimension)
    numbers = np.empty(count, dtype=np.uint32)
    numbers[0] = shift
    gray = first ^ (first >> 1)
    for digit in range(LONGEST):
        if gray >> digit & 1:
            numbers[0] ^= columns[digit]
    for digit in range(count.bit_length() - 1):  # a Gray code runs back through what it has, with one digit more
        size = 1 << digit
        np.bitwise_xor(numbers[size - 1 :: -1], columns[digit], out=numbers[size : 2 * size])
    return np.asarray((numbers.astype(np.float64) + 0.5) / 2.0**BITS)


@lru_cache(maxsize=4_096)
def _scrambled(seed: int, stream: str, replicate: int, dimension: int) -> tuple[Words, np.uint32]:
    """The columns of a dimension's generating matrix, scrambled, and the shift."""
    luck = generator(seed, stream, replicate, 1)
    below = luck.integers(0, 2**BITS, size=BITS, dtype=np.uint32)
    shift = np.uint32(luck.integers(0, 2**BITS, dtype=np.uint32))
    columns = _columns(_room(dimension))[:, dimension, None]
    moved = _OWN | (below & (_OWN - np.uint32(1)))  # a digit moves itself and digits after it
    return np.bitwise_xor.reduce(np.where(columns & _OWN, moved, np.uint32(0)), axis=1), shift


def _room(dimension: int) -> int:
    """Dimensions that are found at once: the next power of two."""
    return 1 << max(4, dimension.bit_length())


@lru_cache(maxsize=8)
def _columns(dimensions: int) -> Words:
    """The columns of the generating matrices `[digit, dimension]` (S. Joe and F. Y. Kuo's directions): SciPy's points
    at powers of two, whose Gray codes have two digits, that of the power and the one before."""
    from scipy.stats.qmc import Sobol

    sequence = Sobol(dimensions, scramble=False, bits=BITS)
    columns = np.zeros((LONGEST, dimensions), dtype=np.uint32)
    for digit in range(LONGEST):
        sequence.reset()
        sequence.fast_forward(2**digit)
        point = (sequence.random(1)[0] * 2.0**BITS).astype(np.uint32)
        columns[digit] = point ^ columns[digit - 1] if digit else point
    return columns
