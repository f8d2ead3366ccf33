"""From published effects to a prior on the next service: every row as a log rate ratio, random effects, prediction.

DerSimonian and Laird's spread between studies, and the predictive distribution for a new one, Student's t with k − 2
degrees of freedom (Higgins, Thompson and Spiegelhalter 2009), not the interval of the mean. Source: METHOD 3.1, 3.2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sibmodel.errors import SibmodelError
from sibmodel.evidence.library import Entry
from sibmodel.evidence.priors import EffectBelief
from sibmodel.evidence.source import RANDOMISED, Row
from sibmodel.measurement.statistics import standard_error

COX = 1.65
"""ln(odds ratio) for each unit of a standardised mean difference (Cox), as WSIPP converts."""
DESIGN_EFFECT = 1.15
"""Variance of a share against that of independent people, as Justice Data Lab intervals imply. Source: METHOD 2.2."""
EVENT_SHAPE = 0.7
"""Shape of the count of reconviction events a person. Source: METHOD 2.3."""
CONTROLS = 10
"""Matched people for each one served, where a row does not say."""
BASE_RATE = 0.557
"""Share reconvicted at which odds are converted: Peterborough's comparison group."""
LEAST_SPREAD = 0.05
"""Least spread between studies where few of them say next to nothing about it [log units]. Source: METHOD 3.2."""
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True)
class Estimate:
    """One study's fall of the log rate and its standard error."""

    name: str
    fall: float
    error: float
    randomised: bool = False


@dataclass(frozen=True)
class Pooled:
    """Studies taken together."""

    studies: tuple[Estimate, ...]
    mean: float
    """Fall of the log rate."""
    error: float
    """Its standard error."""
    spread: float
    """Standard deviation between studies, as estimated or the least that was asked for."""
    disagreement: float
    """Cochran's Q."""
    predictive: EffectBelief
    """For a service that is like these, as they are like each other."""


def estimate(entry: Entry, base_rate: float = BASE_RATE) -> Estimate:
    """A row as a fall of the log rate. Raises SibmodelError, saying what is missing, where it cannot be one."""
    row = entry.row
    if row.kind != "effect":
        raise SibmodelError(f'{row.id} is a figure of the kind "{row.kind}": only effects can be pooled.')
    found = _from_rates(row) or _from_odds(row, base_rate) or _from_reduction(row)
    if found is None:
        raise SibmodelError(f"{row.id} cannot be pooled: {_what_is_missing(row)}")
    return Estimate(row.id, *found, randomised=row.design in RANDOMISED)


def pool(
    studies: Sequence[Estimate], *, matching_error: float = 0.0, least_spread: float = 0.0, haircut: float = 1.0
) -> Pooled:
    """Random effects of at least one study.

    `matching_error` is the standard deviation [log units] of what matching leaves out, added to every study that is not
    randomised; `least_spread` the least spread between studies; `haircut` the share of the mean that is kept against
    the optimism of small and chosen studies (0.75, say). Fewer than three studies say next to nothing of their spread,
    and the prediction from them is normal.
    """
    if not studies:
        raise SibmodelError("There is nothing to pool: name at least one row.")
    falls = np.array([one.fall for one in studies])
    errors = np.array([math.hypot(one.error, 0.0 if one.randomised else matching_error) for one in studies])
    count = len(studies)
    between, disagreement = spread_between(falls, errors)
    spread = max(between, least_spread)
    weights = 1 / (errors**2 + spread**2)
    mean = float((weights * falls).sum() / weights.sum())
    error = float(np.sqrt(1 / weights.sum()))
    predictive = EffectBelief(mean * haircut, math.hypot(spread, error), count - 2 if count > 2 else None)
    return Pooled(tuple(studies), mean, error, spread, disagreement, predictive)


def spread_between(falls: np.ndarray, errors: np.ndarray) -> tuple[float, float]:
    """DerSimonian and Laird's standard deviation between studies `[study]`, and Cochran's Q."""
    weights = 1 / errors**2
    mean = (weights * falls).sum() / weights.sum()
    disagreement = float((weights * (falls - mean) ** 2).sum())
    freedom = len(falls) - 1
    scale = float(weights.sum() - (weights**2).sum() / weights.sum())
    if freedom < 1 or scale <= 0:
        return 0.0, disagreement
    return math.sqrt(max(0.0, (disagreement - freedom) / scale)), disagreement


# ── conversions ────────────────────────────────────────────────────────────────────────────────


def risk_ratio(odds_ratio: float, base_rate: float) -> float:
    """The ratio of shares who reoffend that an odds ratio of reoffending means at a base rate."""
    return odds_ratio / (1 - base_rate + odds_ratio * base_rate)


def odds_ratio_of(difference: float) -> float:
    """The odds ratio that a standardised mean difference means (Cox)."""
    return math.exp(COX * difference)


def binary_error(served: float, people: int, design_effect: float = DESIGN_EFFECT) -> float:
    """Standard error of the logarithm of a share among `people`; a much larger comparison group adds nothing."""
    return math.sqrt(design_effect * (1 - served) / (served * people))


def _from_rates(row: Row) -> tuple[float, float] | None:
    if not row.served or not row.compared or not row.people:
        return None
    fall = -math.log(row.served / row.compared)
    if row.measure == "binary":
        return fall, binary_error(row.served, row.people)
    reduction = 1 - row.served / row.compared
    return fall, float(standard_error(row.people, row.compared, EVENT_SHAPE, CONTROLS, reduction))


def _from_odds(row: Row, base_rate: float) -> tuple[float, float] | None:
    ends: tuple[float, float]
    if row.unit == "standardised mean difference" and row.value is not None and row.standard_error:
        half = NORMAL_95 * row.standard_error
        middle, ends = odds_ratio_of(row.value), (odds_ratio_of(row.value - half), odds_ratio_of(row.value + half))
    elif row.unit.startswith("odds ratio") and row.value and row.low and row.high:
        middle, ends = row.value, (row.low, row.high)
        if row.unit == "odds ratio of not reoffending":
            middle, ends = 1 / middle, (1 / row.high, 1 / row.low)
    else:
        return None
    low, high = (math.log(risk_ratio(end, base_rate)) for end in ends)
    return -math.log(risk_ratio(middle, base_rate)), (high - low) / (2 * NORMAL_95)


def _from_reduction(row: Row) -> tuple[float, float] | None:
    if row.unit != "relative reduction" or row.value is None or row.low is None or row.high is None:
        return None
    if not row.low < row.high < 1:
        return None
    return -math.log1p(-row.value), (math.log1p(-row.low) - math.log1p(-row.high)) / (2 * NORMAL_95)


def _what_is_missing(row: Row) -> str:
    if row.unit == "share":
        return "it is a chance, not a size of effect."
    if row.unit == "percentage points":
        return "it needs the two rates and the number of people."
    return "it has no standard error, interval, or number of people to say how sure it is."
