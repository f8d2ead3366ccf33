"""What call-off services add to the effect. Formula: METHOD 2.10, log RR = θ core + Σ q θ (1 − ω)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sibmodel.analysis.error_rates import error_rates
from sibmodel.errors import DealError
from tests.deals import base_case, data, deal_of, paths


def plain(**assumptions: Any) -> dict[str, Any]:
    """The small deal with a core effect of 5 % and a call-off of 20 % on the quarter of the 80 % who start."""
    made = data()
    made["providers"].append({"name": "Housing", "per_start": 500, "uptake": 0.25, "cohorts": ["First"]})
    made["assumptions"] |= {"effect": 0.05, "engagement": 0.8, "call_off_effects": {"Housing": 0.2}, **assumptions}
    return made


def test_effects_add_up_in_logarithms() -> None:
    """ln 0.95 + 0.2 × 0.5 × ln 0.8, for the cohort that it serves; the other has the core service alone."""
    made = base_case(deal_of(plain()))
    first, second = made.model.outcomes.lives["Reconviction events"]
    assert first.effect is not None
    assert second.effect is not None
    assert np.log1p(-made.figure(first.effect)) == pytest.approx(np.log(0.95) + 0.2 * 0.5 * np.log(0.8))
    assert made.figure(second.effect) == pytest.approx(0.05)


def test_without_overlap_all_of_it_counts_and_with_full_overlap_none() -> None:
    for overlap, expected in ((0.0, 1 - 0.95 * 0.8**0.2), (1.0, 0.05)):
        made = base_case(deal_of(plain(overlap=overlap)))
        effect = made.model.outcomes.lives["Reconviction events"][0].effect
        assert effect is not None
        assert made.figure(effect) == pytest.approx(expected)


def test_uptake_that_is_believed_moves_cost_and_effect_together() -> None:
    believed = {"uniform": {"low": 0.5, "high": 1.5}, "source": "assumed"}
    made = paths(deal_of(plain(uptake={"Housing": believed}, effect=0.05)), 50)
    effect = made.model.outcomes.lives["Reconviction events"][0].effect
    assert effect is not None
    effects = [made.figure(effect, path) for path in range(50)]
    costs = [made.row(made.named("Housing: bill"), path).sum() for path in range(50)]
    assert np.corrcoef(effects, costs)[0, 1] > 0.999


def test_a_call_off_of_one_segment_acts_on_it_alone() -> None:
    made = plain()
    made["cohorts"][0]["segments"] = [{"name": "Women", "share": 0.5}, {"name": "Men", "share": 0.5}]
    made["providers"][1]["segments"] = ["Women"]
    found = base_case(deal_of(made))
    women, men = found.model.outcomes.lives["Reconviction events"][0].segments
    assert women.effect is not None
    assert men.effect is not None
    assert found.figure(women.effect) == pytest.approx(1 - 0.95 * 0.8**0.1)
    assert found.figure(men.effect) == pytest.approx(0.05)


def test_error_rates_hold_the_whole_effect() -> None:
    """At a true effect of 10 % the cohorts' true effect is 10 %, call-offs or not: the same chance of payment."""
    with_it = error_rates(deal_of(plain()), target=0.1, effects=(0.1,), paths=500)
    without = error_rates(deal_of(plain(call_off_effects={})), target=0.1, effects=(0.1,), paths=500)
    assert with_it.at_target == without.at_target


def test_an_effect_of_an_unknown_provider() -> None:
    with pytest.raises(DealError) as caught:
        deal_of(plain(call_off_effects={"House": 0.1}))
    assert '"House" is not a provider of this deal. Did you mean "Housing"?' in str(caught.value)
