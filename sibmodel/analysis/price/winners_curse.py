"""The winner's curse: of several bidders who all estimate one true effect, the lowest price comes from whoever is most
mistaken, so winning is news, and bad news.

n bidders each hold an estimate of the same effect with an independent normal error of standard deviation s. The highest
estimate overstates the effect by s times the mean of the largest of n standard normal numbers: 0, 0.85, 1.16 and 1.54
for 1, 3, 5 and 10 bidders. Source: METHOD 1.4; H. A. David and H. N. Nagaraja, Order Statistics, 3rd edition, section
3.1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sibmodel.deal import Deal
from sibmodel.errors import NotFoundError

USUAL = (1, 3, 5, 10)
"""Numbers of bidders in the table."""
MOST = 1_000
ERROR = 0.12
"""Standard error of an estimate from a pilot of about 200 people, in points. Source: METHOD 1.4."""
SMALLEST = -700.0
"""Logarithm of the smallest weight: below, a float is nil."""
WIDE, STEPS = 10.0, 20_001
"""Integrals are sums over a grid this many standard deviations to either side."""


@dataclass(frozen=True)
class Curse:
    """What winning says, for a number of bidders. Effects are shares."""

    bidders: int
    overstated: float
    """How much the winner's estimate overstates the effect on average, whoever it is."""
    given_winning: float
    """The mean true effect for a bidder with this estimate that wins."""
    spread: float
    """The standard deviation of the true effect then."""


@dataclass(frozen=True)
class WinnersCurse:
    """What winning says to a bidder for a deal. Effects are shares."""

    deal: str
    estimate: float
    """The bidder's own, of the effect."""
    error: float
    """Standard error of it, and of every other bidder's."""
    mean: float
    spread: float
    """Mean and standard deviation of what the deal believes of the effect before anybody estimates it."""
    curses: tuple[Curse, ...]
    """By number of bidders: the usual ones, and the one that was asked for, which comes last."""

    @property
    def asked(self) -> Curse:
        """For the number of bidders that was asked for."""
        return self.curses[-1]


def largest_of(bidders: int) -> float:
    """The mean of the largest of n standard normal numbers. Raises NotFoundError for fewer than one, or too many."""
    from scipy.special import log_ndtr

    _check(bidders)
    grid = np.linspace(-WIDE, WIDE, STEPS)
    density = _weights(-0.5 * grid**2 + (bidders - 1) * log_ndtr(grid))
    return float((grid * density).sum() / density.sum())


def overstatement(bidders: int, error: float = ERROR) -> float:
    """How far the most hopeful of n estimates with that standard error lies above the truth, on average."""
    return error * largest_of(bidders)


def winners_curse(estimate: float, error: float, mean: float, spread: float, bidders: int) -> Curse:
    """What a bidder should believe that holds `estimate`, with standard error `error`, and wins against the others,
    where everybody first believed the effect to be normal with `mean` and `spread`.

    The chance that the other estimates are all lower is Φ((estimate − θ)/error)ⁿ⁻¹, which tells against a high θ.
    Raises NotFoundError for a number of bidders that is none, or errors that are not above nil.
    """
    from scipy.special import log_ndtr

    _check(bidders)
    if not (error > 0 and spread > 0):
        raise NotFoundError("The winner's curse needs an estimate's error and a belief's spread above nil.")
    centre, width = (mean + estimate) / 2, abs(mean - estimate) / 2 + WIDE * max(error, spread)
    effects = np.linspace(centre - width, centre + width, STEPS)
    lower = log_ndtr((estimate - effects) / error)
    weights = -0.5 * ((effects - mean) / spread) ** 2 - 0.5 * ((estimate - effects) / error) ** 2
    density = _weights(weights + (bidders - 1) * lower)
    density = density / density.sum()
    believed = float((effects * density).sum())
    spread_then = float(np.sqrt(((effects - believed) ** 2 * density).sum()))
    return Curse(bidders, overstatement(bidders, error), believed, spread_then)


def _weights(logarithms: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Densities, up to a factor, by their logarithms."""
    return np.asarray(np.exp(np.maximum(logarithms - logarithms.max(), SMALLEST)))


def _check(bidders: int) -> None:
    if not 1 <= bidders <= MOST:
        raise NotFoundError(f"There are from 1 to {MOST:,} bidders, not {bidders}.")


def bid_at_risk(deal: Deal, bidders: int, error: float = ERROR, estimate: float | None = None) -> WinnersCurse:
    """What winning says for the usual numbers of bidders and for so many, to a bidder whose estimate of the effect is
    the deal's base case unless told.

    Raises NotFoundError for a deal that has no uncertain effect.
    """
    belief = deal.assumptions.effect
    one = None if belief is None else belief.for_cohort(deal.cohorts[0].name)
    if one is None or one.distribution is None:
        raise NotFoundError(
            "The winner's curse needs a belief about the effect with a spread: give assumptions.effect a distribution, "
            "for example --set assumptions.effect='{prior: neutral}'."
        )
    levels = (np.arange(4_000) + 0.5) / 4_000
    values = one.quantile(levels)
    mean, spread = float(values.mean()), float(values.std())
    claimed = one.base if estimate is None else estimate
    counts = [*(usual for usual in USUAL if usual != bidders), bidders]
    curses = tuple(winners_curse(claimed, error, mean, spread, one) for one in counts)
    return WinnersCurse(deal.name, claimed, error, mean, spread, curses)


def with_effect(deal: Deal, mean: float, spread: float) -> Deal:
    """The deal with another belief about the effect, the same for every cohort."""
    return deal.replace("assumptions.effect", {"normal": {"mean": mean, "sd": spread}, "source": "given winning"})
