"""A figure over so many paths that they are not kept: exact counts and moments, and quantiles within a stated width.

A sketch is folded block by block, in the blocks' order, so that its sums are the same bytes whoever calculated them.
Its first block lays out the bins: 65,536 of one width over twice the range that the block shows, with one entry more
on either side for what falls beyond, and a count by itself for every value that many paths share (a total loss, a cap
reached, nothing paid). A quantile of it lies within the width of the entry in which it falls: `widths` says how far
that is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import nan, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from sibmodel.metrics.risk import Summary, error_between_ranks

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

BINS = 65_536
SHARED = 16
"""From so many equal values in the first block on, a value has a count of its own."""
MOST_SHARED = 64
PARTS = ("layout", "shared", "shared_counts", "counts", "sums", "beyond", "moments")
"""The arrays that hold a sketch."""
LEVELS = np.array([0.05, 0.5, 0.95])


@dataclass(eq=False)
class Sketch:
    """One figure's paths in bounded memory: about a megabyte, however many there are."""

    low: float
    """Where the first bin begins."""
    width: float
    """Of a bin; 0 where all values of the first block have counts of their own."""
    shared: Floats
    """Values that have counts of their own, in rising order."""
    shared_counts: Counts
    counts: Counts
    """`[BINS + 2]`: what lies below, in each bin, and above."""
    sums: Floats
    """The sum of the values in each, less `centre` times their number."""
    centre: float
    beyond: Floats = field(default_factory=lambda: np.zeros(2))
    """Sums of squares of what the values below and above all bins differ from `centre`."""
    moments: Floats = field(default_factory=lambda: np.zeros(5))
    """Number of paths that have the figure, and sums of powers 1 to 4 of what each differs from `centre`."""
    least: float = np.inf
    most: float = -np.inf
    undefined: int = 0

    @classmethod
    def laid_out(cls, values: Floats) -> Sketch:
        """An empty sketch with bins for what `values` [path], those of the first block, show."""
        defined = values[~np.isnan(values)]
        distinct, times = np.unique(defined, return_counts=True)
        often = np.sort(np.argsort(-times, kind="stable")[:MOST_SHARED])
        shared = distinct[often[times[often] >= SHARED]]
        rest = defined[~np.isin(defined, shared)]
        low, high = (float(rest.min()), float(rest.max())) if rest.size else (0.0, 0.0)
        width = 2 * (high - low) / BINS
        bins = BINS + 2 if width > 0 else 2
        return cls(
            low - (high - low) / 2,
            width,
            shared,
            np.zeros(shared.size, dtype=np.int64),
            np.zeros(bins, dtype=np.int64),
            np.zeros(bins),
            float(defined.mean()) if defined.size else 0.0,
        )

    def fold(self, values: Floats) -> None:
        """Take in the values [path] of a block; nan is counted and left out."""
        defined = values[~np.isnan(values)]
        self.undefined += values.size - defined.size
        if not defined.size:
            return
        self.least, self.most = min(self.least, float(defined.min())), max(self.most, float(defined.max()))
        apart = defined - self.centre
        squares = apart * apart
        self.moments += [defined.size, apart.sum(), squares.sum(), (squares * apart).sum(), (squares * squares).sum()]
        if self.shared.size:
            place = np.minimum(np.searchsorted(self.shared, defined), self.shared.size - 1)
            one = self.shared[place] == defined
            self.shared_counts += np.bincount(place[one], minlength=self.shared.size)
            defined, apart = defined[~one], apart[~one]
        bins = self._bins(defined)
        self.counts += np.bincount(bins, minlength=self.counts.size)
        self.sums += np.bincount(bins, apart, self.sums.size)
        for side, end in enumerate((0, self.counts.size - 1)):
            self.beyond[side] += (apart[bins == end] ** 2).sum()

    def _bins(self, values: Floats) -> npt.NDArray[np.intp]:
        """The place of each value among `counts`."""
        if not self.width > 0:
            return np.where(values < self.low, 0, 1)
        place = np.floor((values - self.low) / self.width) + 1
        return np.asarray(np.clip(place, 0, BINS + 1).astype(np.intp))

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All of it, by the names of `PARTS`."""
        layout = np.array([self.low, self.width, self.centre, self.least, self.most, self.undefined])
        rest = {name: getattr(self, name) for name in PARTS[1:]}
        return {"layout": layout, **rest}

    @classmethod
    def of_arrays(cls, parts: Mapping[str, npt.NDArray[Any]]) -> Sketch:
        """From what `arrays` gave."""
        low, width, centre, least, most, undefined = parts["layout"].tolist()
        rest = {name: parts[name] for name in PARTS[1:]}
        return cls(low=low, width=width, centre=centre, least=least, most=most, undefined=int(undefined), **rest)

    @property
    def count(self) -> int:
        """Paths that have the figure."""
        return int(self.moments[0])

    @property
    def mean(self) -> float:
        """nan where no path has the figure."""
        return self.centre + float(self.moments[1]) / self.count if self.count else nan

    def entries(self) -> Entries:
        """All that is counted, in rising order of value."""
        edges = self.low + self.width * np.arange(self.counts.size - 1)
        lows = np.concatenate([[min(self.least, edges[0])], edges, self.shared])
        highs = np.concatenate([edges, [max(self.most, edges[-1])], self.shared])
        counts = np.concatenate([self.counts, self.shared_counts])
        means = self.sums / np.maximum(self.counts, 1) + self.centre
        means = np.concatenate([means, self.shared])
        inner = np.zeros(counts.size)
        for place, end in enumerate((0, self.counts.size - 1)):
            off = self.sums[end] / max(self.counts[end], 1)
            inner[end] = max(self.beyond[place] - self.counts[end] * off**2, 0.0)
        some = np.flatnonzero(counts)
        # A value beside an edge may be counted on its other side, by a rounding.
        lows = np.minimum(np.maximum(lows[some], self.least), self.most)
        highs = np.maximum(np.minimum(highs[some], self.most), lows)
        # A shared value within a bin stands before or behind it as its mean does.
        order = np.lexsort((highs, np.clip(means[some], lows, highs)))
        clipped = np.clip(means[some], lows, highs)
        return Entries(lows[order], highs[order], counts[some][order], clipped[order], inner[some][order])

    def summary(self) -> Summary:
        """As `sibmodel.metrics.summarise` of paths drawn independently: percentiles within `widths`, the rest exact."""
        entries, sd = self.entries(), self._standard_deviation()
        p5, p50, p95 = entries.at(LEVELS).tolist()
        errors = dict(zip(("p5", "p50", "p95"), entries.errors_at(LEVELS).tolist(), strict=True))
        return Summary(
            mean=self.mean,
            sd=sd,
            p5=p5,
            p50=p50,
            p95=p95,
            error=sd / sqrt(self.count) if self.count else nan,
            errors={"sd": self._error_of_standard_deviation(sd), **errors},
            count=self.count,
            undefined=self.undefined,
        )

    def widths(self) -> float:
        """The most by which `summary`'s percentiles may lie from those of the same paths kept one by one."""
        return self.entries().width_at(LEVELS)

    def shortfall(self, share: float) -> tuple[float, float]:
        """The mean of the worst `share` of paths, and its standard error."""
        return self.entries().shortfall(share)

    def mean_less_shortfall(self, share: float) -> tuple[float, float]:
        """The mean less that of the worst `share`, and the standard error of this difference."""
        return self.entries().mean_less_shortfall(share)

    def _standard_deviation(self) -> float:
        count, first, second = self.moments[:3]
        return sqrt(max(second - first**2 / count, 0.0) / (count - 1)) if count > 1 else nan

    def _error_of_standard_deviation(self, sd: float) -> float:
        """As `sibmodel.metrics.risk` has it, from the fourth moment."""
        if not sd > 0:
            return sd
        count, first, second, third, fourth = self.moments
        off = first / count
        about_mean = fourth / count - 4 * off * third / count + 6 * off**2 * second / count - 3 * off**4
        kurtosis = about_mean / sd**4
        return float(sd / 2 * sqrt(max(kurtosis - (count - 3) / (count - 1), 0.0) / count))


@dataclass(frozen=True, eq=False)
class Entries:
    """Counted values in rising order: from `lows` to `highs`, `counts` of them, with `means`; `inner` are the sums of
    squares about these means, as far as they count."""

    lows: Floats
    highs: Floats
    counts: Counts
    means: Floats
    inner: Floats

    @property
    def paths(self) -> int:
        return int(self.counts.sum())

    def _at_rank(self, ranks: Floats) -> Floats:
        """Values at ranks counted from 0, interpolated between whole ranks."""
        below = np.floor(ranks)
        low, high = self._at_whole(below), self._at_whole(np.minimum(below + 1, self.paths - 1))
        return np.asarray(low + (ranks - below) * (high - low))

    def _at_whole(self, ranks: Floats) -> Floats:
        """As if those of an entry stood at even distances from each other."""
        ends = np.cumsum(self.counts)
        place = np.searchsorted(ends, ranks, side="right")
        share = (ranks - (ends[place] - self.counts[place]) + 0.5) / self.counts[place]
        return np.asarray(self.lows[place] + share * (self.highs[place] - self.lows[place]))

    def at(self, levels: Floats) -> Floats:
        """Quantiles; nan where there are no paths."""
        return self._at_rank(levels * (self.paths - 1)) if self.paths else np.full(levels.shape, nan)

    def errors_at(self, levels: Floats) -> Floats:
        """Their standard errors, from order statistics, as `sibmodel.metrics.error_of_quantile` has them."""
        deviation = np.sqrt(self.paths * levels * (1 - levels))
        return error_between_ranks(self._at_rank, self.paths - 1, levels, deviation)

    def width_at(self, levels: Floats) -> float:
        """The widest stretch of value in which a quantile at one of the levels may lie; nan without paths."""
        if not self.paths:
            return nan
        ranks = np.floor(levels * (self.paths - 1))
        values = self._at_whole(np.concatenate([ranks, np.minimum(ranks + 1, self.paths - 1)]))
        within = (self.lows <= values[:, None]) & (values[:, None] <= self.highs)
        return float(np.where(within, self.highs - self.lows, 0.0).max())

    def shortfall(self, share: float) -> tuple[float, float]:
        """Mean of the worst share, and its standard error from its influence function."""
        if not self.paths:
            return nan, nan
        worst, boundary = self._worst(share)
        if self.paths * share < 2:
            return worst, nan
        return worst, self._error_of_mean(np.maximum(boundary - self.means, 0.0), self.means < boundary) / share

    def mean_less_shortfall(self, share: float) -> tuple[float, float]:
        """Mean less that of the worst share, and the standard error of the difference."""
        if not self.paths:
            return nan, nan
        worst, boundary = self._worst(share)
        value = float(self.counts @ self.means) / self.paths - worst
        if self.paths * share < 2:
            return value, nan
        slopes = 1 - (self.means < boundary) / share
        return value, self._error_of_mean(self.means + np.maximum(boundary - self.means, 0.0) / share, slopes)

    def _worst(self, share: float) -> tuple[float, float]:
        """Mean of the worst share, and the value at its boundary."""
        tail = self.paths * share
        ends = np.cumsum(self.counts)
        inside = np.clip(tail - (ends - self.counts), 0, self.counts)
        boundary = self.means[min(int(np.searchsorted(ends, tail)), ends.size - 1)]
        return float(inside @ self.means) / tail, float(boundary)

    def _error_of_mean(self, values: Floats, slopes: npt.NDArray[Any]) -> float:
        """Of a figure that has these values at the entries' means, and rises with `slopes` there."""
        if self.paths < 2:
            return nan
        apart = values - self.counts @ values / self.paths
        squares = float(self.counts @ apart**2 + self.inner @ slopes**2)
        return sqrt(squares / (self.paths - 1) / self.paths)
