"""Priors on the effect of a service, and what can be said of any belief about it.

A belief is about the true relative reduction r of a whole cohort, whether or not people take part, in events a person;
the fall of the log rate, x = −ln(1 − r), has a normal or a Student's t distribution. Source: METHOD 3.2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from difflib import get_close_matches

from sibmodel.distributions import WIDEST_LOG, LogReduction
from sibmodel.errors import NotFoundError, SibmodelError
from sibmodel.uncertain import PRIORS

CENTRAL = 0.90
"""Of the interval that is shown."""
LEAST_EFFECT = -5.0
"""The lowest effect that a deal may expect: six times the events."""
LEVELS = (0.0, 0.05, 0.075, 0.10, 0.15)
"""The reductions whose chances are shown."""

RESTS_ON = {
    "sceptical": "assumed: our judgement, for a service that may well do nothing",
    "neutral": "assumed: our judgement, for a service of which little is known",
    "library": "assumed in part: eight published studies, one of whose figures was not read in its source and two of "
    "whose errors are assumed, with a spread between services of 5%",
    "favourable": "assumed: our judgement, for a service much like those that worked",
}
"""What each prior that comes with the package rests on."""


@dataclass(frozen=True)
class EffectBelief:
    """A distribution of the fall of the log rate: mean `mean`, scale `spread` [log units].

    Normal, or Student's t with `freedom` degrees of freedom.
    """

    mean: float
    spread: float
    freedom: int | None = None

    def chance_of(self, reduction: float) -> float:
        """P(true reduction ≥ `reduction`), a share below 1; of any reduction at all with 0."""
        return self._below(-_standard(self, reduction))

    def quantile(self, probability: float) -> float:
        """The reduction below which the truth lies with this probability, between 0 and 1."""
        return -math.expm1(-(self.mean + self.spread * self._deviate(probability)))

    def interval(self, central: float = CENTRAL) -> tuple[float, float]:
        """The reductions between which the truth lies with the probability `central`."""
        return self.quantile((1 - central) / 2), self.quantile((1 + central) / 2)

    @property
    def median(self) -> float:
        """The reduction that the truth exceeds as often as not: 1 − e^−mean."""
        return -math.expm1(-self.mean)

    def as_normal(self) -> EffectBelief:
        """The normal belief with the same mean and the same central 90 %; itself where it is normal."""
        if self.freedom is None:
            return self
        wide = self._deviate((1 + CENTRAL) / 2)
        return EffectBelief(self.mean, self.spread * wide / EffectBelief(0.0, 1.0)._deviate((1 + CENTRAL) / 2))

    def log_reduction(self) -> LogReduction:
        """As a distribution for a deal, to four decimals. Raises SibmodelError for one that no deal can hold."""
        normal = self.as_normal()
        mean, spread = round(normal.mean, 4), round(normal.spread, 4)
        if abs(mean) <= WIDEST_LOG and 0 < spread <= WIDEST_LOG:
            made = LogReduction(mean=mean, sd=spread)
            if made.expected_value() >= LEAST_EFFECT:
                return made
        raise SibmodelError(
            f"A fall of the log rate of {mean:.3g} ± {spread:.3g} is not a belief that a deal can hold. "
            "Choose more rows, or rows that agree better."
        )

    def _below(self, deviate: float) -> float:
        from scipy.special import ndtr, stdtr

        return float(ndtr(deviate) if self.freedom is None else stdtr(self.freedom, deviate))

    def _deviate(self, probability: float) -> float:
        from scipy.special import ndtri, stdtrit

        return float(ndtri(probability) if self.freedom is None else stdtrit(self.freedom, probability))


def _standard(belief: EffectBelief, reduction: float) -> float:
    return (log_fall(reduction) - belief.mean) / belief.spread


def log_fall(reduction: float) -> float:
    """The fall of the log rate, −ln(1 − r), of a relative reduction. Raises SibmodelError for one of 100 % or more."""
    if not reduction < 1:
        raise SibmodelError(f"A reduction of {100 * reduction:.4g} % is not possible: it must be below 100 %.")
    return -math.log1p(-reduction)


def named(name: str) -> EffectBelief:
    """The prior of that name that comes with the package. Raises NotFoundError with the nearest."""
    for known, prior in PRIORS.items():
        if known == name:
            return EffectBelief(prior.mean, prior.sd)
    near = get_close_matches(name.casefold(), PRIORS, n=1)
    hint = f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(PRIORS)}."
    raise NotFoundError(f'There is no prior "{name}". {hint}')


def percentile_of(belief: EffectBelief, reduction: float) -> float:
    """The percentile, 0 to 100, at which a bid stands in a belief: how often the truth falls short of it."""
    return 100 * (1 - belief.chance_of(reduction))
