"""Cautions: what is allowed and yet likely to mislead."""

from __future__ import annotations

from sibmodel.cautions import cautions
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
