"""Flows valued at any rate above -100 %, without overflow: what the search for every root asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]

SLICE = 4096
"""Most points valued at once, which bounds the memory."""


@dataclass(frozen=True, eq=False)
class Points:
    """Inflows and outflows valued at some log rates; one entry a point."""

    log_in: Floats
    """Log of the present value of the inflows."""
    log_out: Floats
    """Log of the present value of the outflows, taken as positive."""
    duration_in: Floats
    """Mean time of the inflows, weighted by present value; minus the slope of `log_in`."""
    duration_out: Floats
    """The same of the outflows."""

    def __getitem__(self, which: Flags | Places | slice) -> Points:
        return Points(self.log_in[which], self.log_out[which], self.duration_in[which], self.duration_out[which])

    @property
    def balance(self) -> Floats:
        """log(present value of the inflows ÷ present value of the outflows): zero at a root."""
        return self.log_in - self.log_out

    @property
    def slope(self) -> Floats:
        """Slope of `balance` against the log rate."""
        return self.duration_out - self.duration_in


def join_points(parts: Sequence[Points]) -> Points:
    """The points of all parts, one after another."""
    return Points(
        np.concatenate([part.log_in for part in parts]),
        np.concatenate([part.log_out for part in parts]),
        np.concatenate([part.duration_in for part in parts]),
        np.concatenate([part.duration_out for part in parts]),
    )


def discounted(flows: Floats, place: Floats, point: Floats) -> Floats:
    """Flows [path, time] at `place` [time], each path's discounted at its log rate `point` [path]."""
    worth: Floats = np.multiply.outer(point, -place)
    np.exp(worth, out=worth)
    return np.multiply(worth, flows, out=worth)


def summed(worth: Floats, place: Floats) -> Points:
    """Flows [path, time] that are discounted, summed up."""
    inflow = np.maximum(worth, 0.0)
    total_in, timed_in = inflow.sum(axis=1), inflow @ place
    total_out, timed_out = total_in - worth.sum(axis=1), timed_in - worth @ place
    return Points(np.log(total_in), np.log(total_out), timed_in / total_in, timed_out / total_out)


class HardFlows:
    """Flows [time, path], each with money in and money back, at `times` [time] rising."""

    def __init__(self, flows: Floats, times: Floats) -> None:
        self.size = flows.shape[1]
        self.times = times - times[0]
        self.span = float(self.times[-1])
        self.inflow = np.maximum(flows, 0.0)
        self.outflow = np.maximum(-flows, 0.0)
        self.first_in, self.last_in = _ends(self.inflow, self.times)
        self.first_out, self.last_out = _ends(self.outflow, self.times)
        self._amounts = np.concatenate((self.inflow, self.outflow), axis=1)
        self._first = np.concatenate((self.first_in, self.first_out))
        self._last = np.concatenate((self.last_in, self.last_out))

    @property
    def conventional(self) -> Flags:
        """All money goes in before any comes back: exactly one root, and falling (Descartes)."""
        return self.last_out < self.first_in

    @property
    def borrowing(self) -> Flags:
        """All money comes before any goes out: exactly one root, and rising."""
        return self.last_in < self.first_out

    def value(self, path: Places, log_rate: Floats) -> Points:
        """The flows of `path` [point] valued at `log_rate` [point]."""
        starts = range(0, max(path.size, 1), SLICE)
        parts = [self._value(path[start : start + SLICE], log_rate[start : start + SLICE]) for start in starts]
        return parts[0] if len(parts) == 1 else join_points(parts)

    def _value(self, path: Places, log_rate: Floats) -> Points:
        # Inflows and outflows beside each other, for few paths are many calls of NumPy.
        number, column = path.size, np.concatenate((path, path + self.size))
        rate = np.concatenate((log_rate, log_rate))
        origin = np.where(rate >= 0, self._first[column], self._last[column])
        # Valued at the time of the amount that is discounted least, all weights are 1 or less: nothing
        # overflows, and the total is never zero. Where there are no amounts, a weight is cut at 1.
        with np.errstate(under="ignore"):
            weights = np.subtract.outer(-self.times, -origin)
            weights *= rate
            np.exp(np.minimum(weights, 0.0, out=weights), out=weights)
            weights *= np.take(self._amounts, column, axis=1)
            total = weights.sum(axis=0)
            weights *= self.times[:, None]
            duration = weights.sum(axis=0) / total
        worth = np.log(total) - origin * rate
        return Points(worth[:number], worth[number:], duration[:number], duration[number:])

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """Log rates [path] outside which there is no root: beyond the upper one the first flow outweighs all
        flows of the other sign, below the lower one the last flow does."""
        total_in, total_out = self.inflow.sum(axis=0), self.outflow.sum(axis=0)
        out_first, out_last = self.first_out < self.first_in, self.last_out > self.last_in
        upper = self._outweighs(
            np.minimum(self.first_in, self.first_out),
            np.where(out_first, total_in, total_out),
            np.abs(self.first_in - self.first_out),
        )
        lower = self._outweighs(
            np.maximum(self.last_in, self.last_out),
            np.where(out_last, total_in, total_out),
            np.abs(self.last_in - self.last_out),
        )
        return -lower, upper

    def _outweighs(self, time: Floats, against: Floats, gap: Floats) -> Floats:
        """Log rate from which the amount at `time` surely outweighs those `against` it, `gap` away or more;
        a little more, so that a root at the bound lies inside."""
        row = np.searchsorted(self.times, time)
        amount = (self.inflow + self.outflow)[row, np.arange(self.size)]
        return np.asarray(np.maximum(np.log(against / amount), 0.0) / gap * 1.01 + 1e-3 / self.span)


def _ends(amounts: Floats, times: Floats) -> tuple[Floats, Floats]:
    """Times [path] of the first and of the last amount."""
    present = amounts > 0
    return times[present.argmax(axis=0)], times[len(times) - 1 - present[::-1].argmax(axis=0)]
