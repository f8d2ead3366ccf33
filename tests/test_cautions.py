"""Cautions: what is allowed and yet likely to mislead."""

from __future__ import annotations

import pytest

from sibmodel.analysis.error_rates import error_rates, two_errors
from sibmodel.cautions import MISSED_TOO_OFTEN, TOO_OFTEN_BY_LUCK, cautions
from sibmodel.deal import Deal
from sibmodel.deals import read
from sibmodel.model import build


def about_drift(deal: Deal) -> list[str]:
    return [one.message for one in cautions(build(deal)) if one.path == "assumptions.drift"]


def test_a_historical_baseline_needs_a_drift_that_is_uncertain() -> None:
    deal = read("doncaster")
    assert about_drift(deal) == []
    (said,) = about_drift(deal.replace("assumptions.drift", {"value": 0, "source": "assumed"}))
    assert "without an uncertain drift" in said
    assert about_drift(read("one-service")) == []


def about_errors(deal: Deal) -> list[str]:
    return [one.message for one in cautions(build(deal)) if one.path == "payments" and "may be borne" in one.message]


def test_a_deal_that_pays_for_nothing_too_often_is_told() -> None:
    """Pooled tests of METHOD 2.7: 4.8 in 100 without a matching error; one test of few people pays by luck."""
    deal = read("peterborough")
    (said,) = about_errors(deal)
    assert "Without any true effect something is still paid for results in 12 in 100 cases (± 0.7%)" in said
    assert about_errors(deal.replace("assumptions.matching_error", {"value": 0, "source": "assumed"})) == []


def test_a_deal_that_misses_what_works_as_planned_is_told() -> None:
    """A true effect at the threshold itself is found every other time: `one-service`, 7.5 % by one test."""
    deal = read("one-service")
    (said,) = about_errors(deal)
    assert said.startswith("A service that works as planned, with a true effect of 7.5%, is paid nothing for results")
    assert about_errors(deal.replace("assumptions.effect", {"value": 0.15, "source": "assumed"})) == []


def test_what_is_always_paid_or_known_already_is_no_error() -> None:
    assert about_errors(read("doncaster")) == []  # paid in advance, and given back
    assert about_errors(read("rikers-as-it-went")) == []
    assert about_errors(read("better-futures")) == []  # milestones, no effect


@pytest.mark.parametrize("name", ["peterborough", "one-service", "yorkshire-and-humber"])
def test_the_limits_are_held_against_the_deals_own_error_rates(name: str) -> None:
    """The caution's few paths are the first of the error rates' own, and held against the same limits."""
    deal = read(name)
    model = build(deal)
    nothing, planned = two_errors(model, 2_048)
    found = error_rates(deal, effects=(), paths=2_048)
    assert (nothing, planned) == (found.paid_without_effect, found.as_planned)
    expected = [nothing.paid > TOO_OFTEN_BY_LUCK, 1 - planned.paid > MISSED_TOO_OFTEN]
    assert len(about_errors(deal)) == sum(expected)
    assert cautions(model, found) == cautions(model)
