"""Bands of risk: what the same relative cut in a person's reconvictions earns, whoever the person is.

Whom a payment pays best for is served first (creaming), and whom it pays worst for is left waiting (parking). The share
of a band that is reconvicted follows from its events a person by the negative binomial count that the deal assumes:
p = 1 − (1 + μ/k)^−k. Source: METHOD 2.3 and 4.7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CUT = 0.10
"""The relative cut in events that every band is given."""
SPREAD = 2.0
"""Pay by cost to serve that differs more than so many times between bands invites creaming. Source: METHOD 4.7."""


@dataclass(frozen=True)
class Band:
    """A kind of people: reconviction events a person without the service, and what serving one costs."""

    name: str
    events: float
    cost: float = float("nan")


BANDS = (Band("Low", 0.4), Band("Medium", 1.55), Band("High", 4.0), Band("Prolific", 8.0))
"""Bands where the deal has none of its own: METHOD 4.7's (assumed, but for the medium one, HMP Peterborough's)."""


@dataclass(frozen=True)
class BandPay:
    """What the cut gives in a band of 100 people: fewer people reconvicted, fewer events, and pay for each person by
    either measure, over the cost to serve one."""

    band: Band
    reconvicted: float
    fewer_reconvicted: float
    fewer_events: float
    pay_by_frequency: float
    pay_by_binary: float

    @property
    def events_per_success(self) -> float:
        """Events avoided for each person fewer who is reconvicted."""
        return self.fewer_events / self.fewer_reconvicted

    @property
    def frequency_by_cost(self) -> float:
        """Pay a person for events avoided, over the cost to serve one; nan without a cost."""
        return self.pay_by_frequency / self.band.cost

    @property
    def binary_by_cost(self) -> float:
        """Pay a person for fewer reconvicted, over the cost to serve one; nan without a cost."""
        return self.pay_by_binary / self.band.cost


def band_pay(
    bands: Sequence[Band], shape: float, price_of_event: float, price_of_success: float, cut: float = CUT
) -> tuple[BandPay, ...]:
    """Each band's. `shape` is the count's k; prices are of an event avoided, and of one person fewer reconvicted."""
    found = []
    for band in bands:
        before, after = (_reconvicted(events, shape) for events in (band.events, band.events * (1 - cut)))
        fewer, events = 100 * (before - after), 100 * band.events * cut
        found.append(
            BandPay(band, before, fewer, events, events * price_of_event / 100, fewer * price_of_success / 100)
        )
    return tuple(found)


def spread(ratios: Sequence[float]) -> float:
    """The largest over the smallest; nan where one is missing."""
    known = np.asarray(ratios, dtype=float)
    return float(known.max() / known.min()) if known.size and np.isfinite(known).all() and known.min() > 0 else np.nan


def _reconvicted(events: float, shape: float) -> float:
    return float(-np.expm1(-shape * np.log1p(events / shape)))
