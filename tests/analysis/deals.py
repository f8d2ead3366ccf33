"""Deals whose figures have closed forms: so many people that counting adds no noise, and what is measured is normal."""

from __future__ import annotations

from typing import Any

from sibmodel.deal import Deal
from tests.payments import small

PEOPLE = 10**9
UNITS = PEOPLE / 2
"""Reoffenders avoided by an effect of 1: half of the people would reoffend."""


def normal(terms: dict[str, Any], mean: float, sd: float, **assumptions: Any) -> Deal:
    """One cohort, one payment, and a true effect that is normal and measured as it is."""
    cohorts = [{"name": "All", "people": PEOPLE, "referrals": {"start": "2027-04", "months": 12}}]
    effect = {"effect": {"normal": {"mean": mean, "sd": sd}}}
    return small.deal(terms, cohorts=cohorts, assumptions={**effect, **assumptions})
