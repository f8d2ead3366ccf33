"""Correlation matrices: whether one can be, the nearest that can, and the factor that makes numbers go by it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

NIL = 1e-10
"""An eigenvalue or a pivot closer to nil is nil: rounding."""
ROUNDS = 2_000


def can_be(matrix: Floats) -> bool:
    """Whether a symmetric matrix with a diagonal of ones is a correlation matrix: positive semi-definite."""
    return bool(np.linalg.eigvalsh(matrix)[0] >= -NIL)


def nearest(matrix: Floats) -> Floats:
    """The correlation matrix nearest to a symmetric one, by the sum of squared differences.

    By turns the negative eigenvalues are taken off and the diagonal is set to ones, with Dykstra's correction
    (N. J. Higham, "Computing the nearest correlation matrix", IMA Journal of Numerical Analysis 22, 2002).
    """
    found, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(ROUNDS):
        moved = found - correction
        values, vectors = np.linalg.eigh(moved)
        whole = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = whole - moved
        before, found = found, whole.copy()
        np.fill_diagonal(found, 1.0)
        if np.abs(found - before).max() < NIL:
            break
    return found


def factor(matrix: Floats) -> Floats:
    """The lower triangle L with L·Lᵀ the matrix (Cholesky); where a number is decided by those before it, its pivot is
    nil."""
    size = len(matrix)
    lower = np.zeros_like(matrix)
    for row in range(size):
        for column in range(row):
            rest = matrix[row, column] - lower[row, :column] @ lower[column, :column]
            lower[row, column] = rest / lower[column, column] if lower[column, column] > 0 else 0.0
        left = matrix[row, row] - lower[row, :row] @ lower[row, :row]
        lower[row, row] = np.sqrt(left) if left > NIL else 0.0
    return lower
