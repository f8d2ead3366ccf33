"""Compiling by Numba, kept on disk; needs the extra `fast`."""

from __future__ import annotations

from typing import Any

from numba import njit


def compiled(function: Any, **options: Any) -> Any:
    """The function, compiled when it is first called and kept on disk: beside its file or, where nothing can be written
    there, in the user's own cache (as Numba says, in NUMBA_CACHE_DIR where that is set). Where there is neither, it is
    compiled anew in every process.

    What is on disk is compiled anew only where the function's own file has changed.
    """
    try:
        return njit(cache=True, nogil=True, error_model="numpy", **options)(function)
    except RuntimeError:
        return njit(nogil=True, error_model="numpy", **options)(function)


def is_on_disk(function: Any) -> bool:
    """Whether the function is on disk, compiled by this version of Numba for this processor."""
    try:
        return bool(function._cache._cache_file._load_index())
    except AttributeError:  # no cache here, or another Numba's
        return False
