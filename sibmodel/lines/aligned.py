"""Arrays that begin where a line of the processor's cache begins."""

from __future__ import annotations

import numpy as np

from sibmodel.lines.operations import Array

CACHE_LINE = 8
"""Numbers in a line of the processor's cache, of the longest that are common."""


def aligned(rows: int, width: int) -> Array:
    """An array `[rows, width]`, not filled. Compiled steps that reach over two lines may take twice as long."""
    bare = np.empty(rows * width + CACHE_LINE)
    begins = -(bare.ctypes.data // bare.itemsize) % CACHE_LINE
    return bare[begins : begins + rows * width].reshape(rows, width)
