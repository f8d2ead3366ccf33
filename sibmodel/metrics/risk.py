"""What simulated figures say about risk, and how far the simulation itself can be trusted.

`values` are [path], one figure a path, of paths drawn independently; or in `replicates` of one size, drawn for
themselves, within which paths depend on each other: then errors come from the differences between these. nan, a
figure that a path does not have, is left out; `summarise` counts it. Low values are the bad ones: give a cost with its
sign turned. Where no path has a figure, or too few for an error, the answer is nan. All raise ValueError for values
that are infinite or not [path].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import ceil, floor, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sibmodel.metrics.replicates import error_by_replicates

Floats = NDArray[np.float64]

NORMAL_95 = 1.959963984540054
"""Standard errors either side of a 95 % interval."""
JUMP = 3.0
"""Errors of its rank from a quantile within which a jump counts in its error. Assumed."""


@dataclass(frozen=True)
class Summary:
    """A simulated figure in a few numbers, in the figure's own unit."""

    mean: float
    sd: float
    """Standard deviation between paths (n − 1)."""
    p5: float
    p50: float
    p95: float
    error: float
    """Monte Carlo standard error of the mean."""
    errors: Mapping[str, float]
    """Monte Carlo standard errors of `sd`, `p5`, `p50` and `p95`, by name."""
    count: int
    """Paths that have the figure."""
    undefined: int
    """Paths that do not (nan) and are left out of everything above."""


def summarise(values: ArrayLike, replicates: int = 1) -> Summary:
    """Mean, spread, percentiles and their Monte Carlo errors.

    A mean of rates of return is not the return of anything: beside an IRR's percentiles stand MOIC and NPV.
    """
    ordered = _ordered(values)
    levels = np.array([0.05, 0.5, 0.95])
    p5, p50, p95 = _at(ordered, levels)
    sd = _standard_deviation(ordered)
    names = ("p5", "p50", "p95")
    errors = {
        "sd": _error_of_standard_deviation(ordered, sd)
        if replicates == 1
        else float(error_by_replicates(values, replicates, lambda one: _standard_deviation(_ordered(one)))),
        **dict(zip(names, error_of_quantile(values, levels, replicates).tolist(), strict=True)),
    }
    return Summary(
        mean=_mean(ordered),
        sd=sd,
        p5=float(p5),
        p50=float(p50),
        p95=float(p95),
        error=error_of_mean(values, replicates),
        errors=errors,
        count=ordered.size,
        undefined=int(np.size(values)) - ordered.size,
    )


def probability(condition: ArrayLike) -> float:
    """Share of paths [path] for which the condition holds.

    Raises ValueError for no paths, or for anything but true and false: nan is neither, so decide first what a
    path without the figure counts as.
    """
    return float(_condition(condition).mean())


def quantiles(values: ArrayLike, levels: ArrayLike) -> Floats:
    """Quantiles at `levels`, shares of one of any shape, from one sort.

    Between two order statistics they are interpolated (definition 7 of R. J. Hyndman and Y. Fan, "Sample
    quantiles in statistical packages", The American Statistician 50, 1996; NumPy's default).
    """
    return _at(_ordered(values), _levels(levels))


def expected_shortfall(values: ArrayLike, share: float = 0.05) -> float:
    """Mean of the worst `share` of paths.

    With n paths in rising order and n·share = k + w, k whole and 0 ≤ w < 1, it is
    (x₁ + … + x_k + w·x_{k+1}) ÷ (n·share): the path on the boundary counts with the weight that is left, so
    the figure changes smoothly with `share` and is right where many paths share one value (C. Acerbi and
    D. Tasche, "On the coherence of expected shortfall", Journal of Banking and Finance 26, 2002).

    Raises ValueError also for a share outside (0, 1].
    """
    return _shortfall(_ordered(values), _share(share))


def error_of_mean(values: ArrayLike, replicates: int = 1) -> float:
    """Monte Carlo standard error of the mean: sd ÷ √n. nan below two paths."""
    if replicates > 1:
        return float(error_by_replicates(values, replicates, lambda one: _mean(_ordered(one))))
    return _error_of_mean(_ordered(values))


def error_of_probability(condition: ArrayLike, replicates: int = 1) -> float:
    """Monte Carlo standard error of `probability`: the half-width of its 95 % Wilson interval ÷ 1.96.

    The plain binomial error √(p(1 − p)/n) says 0 when all or none of the paths meet the condition, as if that
    were certain; this one does not, and for many paths the two agree (E. B. Wilson, "Probable inference, the
    law of succession, and statistical inference", JASA 22, 1927). Raises as `probability` does. By replicates, the
    interval serves only where all or none of the paths meet the condition. Where as many do in each, whether each has
    one more or less is what is not known: the error is then that of nil in so many replicates, by the paths of one.
    """
    holds = _condition(condition)
    if replicates > 1 and holds.any() and not holds.all():
        of_one_path = error_of_share(0, replicates) * replicates / holds.size
        return max(float(error_by_replicates(holds, replicates, np.mean)), of_one_path)
    return error_of_share(int(np.count_nonzero(holds)), holds.size)


def error_of_share(happened: int, count: int) -> float:
    """`error_of_probability` of independent paths, from how many of `count` meet the condition."""
    share, z = happened / count, NORMAL_95
    return sqrt(share * (1 - share) / count + z**2 / (4 * count**2)) / (1 + z**2 / count)


def error_of_quantile(values: ArrayLike, levels: ArrayLike, replicates: int = 1) -> Floats:
    """Monte Carlo standard errors of `quantiles`, shaped as `levels`.

    The number of paths below a quantile is binomial, so order statistics bound it without knowing the
    density: those 1.96·√(n·p·(1 − p)) + ½ ranks below and above (½ because ranks are whole). Half their distance ÷ 1.96
    is the error; nan where these ranks lie outside the sample, that is where there are too few paths (H. A. David and
    H. N. Nagaraja, Order Statistics, 3rd edition, section 7.1).

    Beside a jump, of total losses say, the one side is narrow and the other wide: the difference of the two is the
    error then, where it is more than their mean, so that a nil on the one side does not halve what stands on the other.
    A jump may also lie just beyond these ranks: where those 3·√(n·p·(1 − p)) + ½ away, ÷ 3, say more than twice as
    much, the error is what they say more. So it is nil only where all paths within three rank errors share the value.

    By replicates, the error of the number of paths below is read from them, and the order statistics are those of all
    paths: a quantile of a single replicate is biased where the density jumps nearby (P. W. Glynn, "Importance sampling
    for Monte Carlo estimation of quantiles", Mathematical methods in stochastic simulation and experimental design,
    1996; M. K. Nakayama, "Confidence intervals for quantiles using sectioning", ACM TOMACS 24, 2014).
    """
    shares = _levels(levels)
    ordered = _ordered(values)
    deviation = np.sqrt(ordered.size * shares * (1 - shares))
    if replicates > 1 and ordered.size:
        figures, at = np.asarray(values), _at(ordered, shares)
        deviation = ordered.size * np.array(
            [_error_of_share_up_to(figures, value, replicates) for value in at.ravel()]
        ).reshape(at.shape)
    return error_between_ranks(partial(_at_rank, ordered), ordered.size - 1, shares, deviation)


def error_between_ranks(at_rank: Callable[[Floats], Floats], last: int, levels: Floats, deviation: Floats) -> Floats:
    """`error_of_quantile` from the values at ranks 0 to `last` and the standard deviation of the number below each."""
    if last < 1:
        return np.full(levels.shape, nan)
    near, beyond = (_error_within(at_rank, last, levels, deviation, errors) for errors in (NORMAL_95, JUMP))
    return np.where(beyond > 2 * near, beyond - near, near)  # false where beyond is nan


def _error_within(
    at_rank: Callable[[Floats], Floats], last: int, levels: Floats, deviation: Floats, errors: float
) -> Floats:
    """From the order statistics so many errors of the rank away; nan where they lie outside."""
    middle, reach = levels * last, errors * deviation + 0.5
    inside = (middle - reach >= 0) & (middle + reach <= last)
    low, value, high = (at_rank(np.clip(rank, 0, last)) for rank in (middle - reach, middle, middle + reach))
    below, above = value - low, high - value
    return np.where(inside, np.maximum((below + above) / 2, np.abs(above - below)) / errors, nan)


def error_of_expected_shortfall(values: ArrayLike, share: float = 0.05, replicates: int = 1) -> float:
    """Monte Carlo standard error of `expected_shortfall`, from its influence function.

    With q the quantile at `share`, the shortfall is the mean of q − max(q − x, 0) ÷ share, in which a small
    error of q cancels: sd(max(q − x, 0)) ÷ (share·√n). nan below two paths in the tail. (S. X. Chen,
    "Nonparametric estimation of expected shortfall", Journal of Financial Econometrics 6, 2008.)

    Raises ValueError also for a share outside (0, 1].
    """
    ordered, tail = _ordered(values), _share(share)
    if replicates > 1:
        return float(error_by_replicates(values, replicates, lambda one: _shortfall(_ordered(one), tail)))
    if ordered.size * tail < 2:
        return nan
    boundary = ordered[ceil(ordered.size * tail) - 1]
    return _error_of_mean(np.maximum(boundary - ordered, 0.0)) / tail


def _ordered(values: ArrayLike) -> Floats:
    """The defined values in rising order."""
    figures = np.asarray(values, dtype=np.float64)
    if figures.ndim != 1:
        raise ValueError(f"values have shape {figures.shape}; give [path], one figure a path.")
    if np.isinf(figures).any():
        raise ValueError("values hold infinity, which has no mean; give nan for a figure that is not defined.")
    ordered = np.sort(figures)  # nan last
    return ordered[: ordered.size - int(np.isnan(figures).sum())]


def _condition(condition: ArrayLike) -> NDArray[np.bool_]:
    holds = np.asarray(condition)
    if holds.dtype != np.bool_ or holds.ndim != 1 or holds.size == 0:
        raise ValueError("condition must be true or false for each of one or more paths, [path].")
    return holds


def _levels(levels: ArrayLike) -> Floats:
    shares = np.asarray(levels, dtype=np.float64)
    if not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError("levels must be shares between 0 and 1. For the 5th percentile give 0.05.")
    return shares


def _share(share: float) -> float:
    if not 0 < share <= 1:
        raise ValueError(f"share is {share}; it must be above 0 and at most 1. For the worst 5 % give 0.05.")
    return share


def _at(ordered: Floats, levels: Floats) -> Floats:
    return _at_rank(ordered, levels * (ordered.size - 1)) if ordered.size else np.full(levels.shape, nan)


def _at_rank(ordered: Floats, rank: Floats) -> Floats:
    """Value at a rank counted from 0, interpolated."""
    below = np.floor(rank).astype(np.intp)
    above = np.minimum(below + 1, ordered.size - 1)
    return np.asarray(ordered[below] + (rank - below) * (ordered[above] - ordered[below]))


def _error_of_share_up_to(figures: Floats, value: float, replicates: int) -> float:
    """Standard error of the share of the paths with a figure in which it is at most `value`, by replicates."""
    return float(error_by_replicates(figures, replicates, lambda one: np.mean(one[~np.isnan(one)] <= value)))


def _shortfall(ordered: Floats, share: float) -> float:
    if not ordered.size:
        return nan
    tail = ordered.size * share
    whole = floor(tail)
    rest = (tail - whole) * ordered[whole] if whole < ordered.size else 0.0
    return float((ordered[:whole].sum() + rest) / tail)


def _standard_deviation(figures: Floats) -> float:
    return float(figures.std(ddof=1)) if figures.size > 1 else nan


def _mean(figures: Floats) -> float:
    return float(figures.mean()) if figures.size else nan


def _error_of_mean(figures: Floats) -> float:
    return _standard_deviation(figures) / sqrt(figures.size) if figures.size > 1 else nan


def _error_of_standard_deviation(figures: Floats, sd: float) -> float:
    """From the fourth moment: the variance of s² is σ⁴ (kurtosis − (n − 3)/(n − 1)) ÷ n."""
    if not sd > 0:
        return sd  # nan below two paths; exact where all are alike
    count = figures.size
    kurtosis = float((((figures - figures.mean()) / sd) ** 4).mean())
    return sd / 2 * sqrt(max(kurtosis - (count - 3) / (count - 1), 0.0) / count)
