"""The terms of benchmark_deal.yaml as numbers, and what follows from them for all paths. Months count from 1."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MONTHS = 84
PEOPLE = (900.0, 1000.0, 1100.0)
REFERRALS = ((7, 24), (19, 36), (31, 48))
"""First and last month of referrals of each cohort."""
REFERRAL_MONTHS, SERVICE_MONTHS = 18, 10
UNTIL_DECISION = 22
"""Months that count, for the courts and of assessment, after the last referral."""
CONTROLS = 8.0
PRICE, THRESHOLD, POOLED, CAP, UNTIL_PAYMENT = 17_500.0, 0.08, 0.05, 10_000_000.0, 2.0
SHARES = {"Ministry": 0.7, "City": 0.2, "Outcomes fund": 0.1}
PROVIDERS = ("Lead provider", "Housing provider", "Employment provider")
MOBILISATION = ((150_000.0, 1, 6), (60_000.0, 3, 4), (40_000.0, 15, 4))
"""Cost, first month and months of each provider's."""
FIXED = (24_000.0, 9_000.0, 7_000.0)
PER_START = (450.0, 700.0 * 0.35, 500.0 * 0.25)
SERVES = ((1.0, 1.0, 1.0), (1.0, 1.0, 1.0), (0.0, 1.0, 1.0))
"""Whether a provider serves a cohort."""
MARGIN = 1.04
ASSESSMENT = 45_000.0
TRANCHES = ("Junior", "Mezzanine", "Senior")
COMMITMENTS = (1_200_000.0, 1_800_000.0, 4_000_000.0)
MEZZANINE_INTEREST, SENIOR_INTEREST = 1.08 ** (1 / 12) - 1.0, 1.05 ** (1 / 12) - 1.0
FIRST_DISTRIBUTION = 61
DISCOUNT = 1.035 ** -(np.arange(MONTHS) / 12.0)
CRUMB = 0.005
ROUNDING = 1e-9

COHORTS = tuple(f"Cohort {number}" for number in (1, 2, 3))
BELIEFS = {
    "volume": "Inputs / Volume against plan, {}",
    "engagement": "Inputs / Engagement, {}",
    "effect": "Inputs / True effect, {}",
    "events": "Inputs / Events a person without the service, {}",
    "delay": "Inputs / Delay of the assessment, {}",
    "counted": "Measurement / Events counted, {}",
    "compared": "Measurement / Events counted, comparison group, {}",
}
"""Uncertain by cohort, by the key of its line."""
MATCHING, OVERRUN = "Inputs / Matching error", "Inputs / Cost overrun"
GIVEN = (*(key.format(cohort) for key in BELIEFS.values() for cohort in COHORTS), MATCHING, OVERRUN)


def served() -> Floats:
    """For each cohort and month the share of the cohort's service that is given in it: `[cohort, month]`."""
    month = np.arange(1, MONTHS + 1)
    open_ = np.array([(month >= first) & (month <= last) for first, last in REFERRALS], dtype=float)
    so_far = np.cumsum(open_, axis=1)
    in_service = so_far.copy()
    in_service[:, SERVICE_MONTHS:] -= so_far[:, :-SERVICE_MONTHS]
    return np.asarray(in_service / (REFERRAL_MONTHS * SERVICE_MONTHS))


def fixed_costs() -> Floats:
    """What each provider costs whoever comes: `[provider, month]`."""
    month = np.arange(1, MONTHS + 1)
    runs = np.array([(month >= first) & (month < last + SERVICE_MONTHS) for first, last in REFERRALS])
    rows = []
    for (cost, first, months), fixed, serves in zip(MOBILISATION, FIXED, SERVES, strict=True):
        mobilises = (month >= first) & (month < first + months)
        rows.append(cost / months * mobilises + fixed * runs[np.array(serves) > 0].any(axis=0))
    return np.array(rows)


def management() -> Floats:
    """The intermediary's bill: `[month]`."""
    month = np.arange(1, MONTHS + 1)
    return np.asarray(80_000.0 * (month == 1) + 5_000.0 * (month <= 60))
