"""Cash flows as every metric takes them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

ROUNDING = 1e-12
"""Flows below this share of their path's largest are taken for rounding, not for money."""


def columns_of(flows: ArrayLike) -> tuple[Floats, tuple[int, ...]]:
    """`flows` as [time, path], and the shape of a result: (path,), or () for flows [time].

    Raises ValueError for flows of other dimensions, or without a period.
    """
    amounts = np.asarray(flows, dtype=np.float64)
    if amounts.ndim not in (1, 2) or amounts.shape[0] == 0:
        raise ValueError(f"flows have shape {amounts.shape}; give [time] or [time, path], one period or more.")
    return (amounts if amounts.ndim == 2 else amounts[:, None]), amounts.shape[1:]


def require_finite(amounts: Floats) -> None:
    """Raises ValueError where an amount is nan or infinite."""
    if not np.isfinite(amounts).all():
        raise ValueError("flows hold nan or infinity; a metric needs every flow of a path.")


def without_crumbs(amounts: Floats) -> Floats:
    """Flows [time, path] as shares of their path's largest, what is only rounding as zero."""
    with np.errstate(under="ignore"):
        shares = amounts / np.abs(amounts).max(axis=0)
    shares[np.abs(shares) < ROUNDING] = 0.0
    return np.asarray(shares)
