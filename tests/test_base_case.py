"""What closed forms take from beliefs: standard deviations, whatever the distribution."""

from __future__ import annotations

from typing import Any

import pytest

from sibmodel.cautions import cautions
from sibmodel.model import build
from sibmodel.outcomes.base_case import spread_of
from tests.deals import data, deal_of


@pytest.mark.parametrize(
    ("belief", "sd"),
    [
        (0, 0.0),
        ({"normal": {"mean": 0, "sd": 0.04}}, 0.04),
        ({"uniform": {"low": -0.06, "high": 0.06}}, 0.12 / 12**0.5),
        ({"triangular": {"low": -0.06, "mode": 0, "high": 0.06}}, 0.06 / 6**0.5),
    ],
)
def test_the_spread_of_a_belief(belief: Any, sd: float) -> None:
    plain = data()
    plain["assumptions"]["matching_error"] = belief
    matching = deal_of(plain).assumptions.matching_error
    assert matching is not None
    assert spread_of(matching) == pytest.approx(sd, rel=1e-4)


def test_a_caution_about_luck_counts_any_matching_error() -> None:
    """A uniform error as wide as a normal one warns of luck as a normal one does."""
    said = []
    for belief in ({"normal": {"mean": 0, "sd": 0.1}}, {"uniform": {"low": -(0.03**0.5), "high": 0.03**0.5}}):
        plain = data()
        plain["assumptions"]["matching_error"] = belief
        said.append([one.message for one in cautions(build(deal_of(plain))) if "no true effect" in one.message])
    assert said[0] == said[1]
    assert said[0]
