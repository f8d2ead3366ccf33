"""A standing charge: £1,000 a month from April 2027, period 4, whatever is achieved."""

from __future__ import annotations

from typing import Any

import pytest

from sibmodel.errors import DealError
from tests.deals import when
from tests.payments.small import case, deal

CHARGE: dict[str, Any] = {"kind": "standing charge", "per_month": 1000, "start": "2027-04", "months": 12}


@pytest.mark.parametrize("effect", [0.1, 0.0, -0.1])
def test_it_is_paid_in_each_of_its_months_whatever_is_achieved(effect: float) -> None:
    paid = case(CHARGE, effect).row_of("Pay: paid")
    assert when(paid) == dict.fromkeys(range(4, 16), 1000)


def test_it_is_for_no_effect() -> None:
    made = case(CHARGE)
    assert made.figure(made.model.effects[0].pooled.measured) == pytest.approx(0.1)
    assert made.figure(made.model.effects[0].pooled.paid) == 0


def test_months_to_payment_move_it() -> None:
    assert list(when(case({**CHARGE, "payment_months": 2}).row_of("Pay: paid"))) == list(range(6, 18))


def test_prices_rise_each_year_from_the_month_of_the_terms_prices() -> None:
    """From April 2028, period 16, by 5 %: twelve months at 1,000, twelve at 1,050."""
    made = case({**CHARGE, "months": 24, "indexation": {"rate": "5%", "start": "2027-04"}})
    paid = when(made.row_of("Pay: paid"))
    assert [paid[period] for period in (4, 15)] == [1000, 1000]
    assert [paid[period] for period in (16, 27)] == pytest.approx([1050, 1050])
    assert sum(paid.values()) == pytest.approx(12 * 1000 + 12 * 1050)


def test_what_would_be_paid_beyond_the_deal_is_paid_in_its_last_month_and_noted() -> None:
    """The deal ends in period 72; charged to period 72 and paid two months later, three months' charges meet there."""
    made = case({**CHARGE, "start": "2032-01", "payment_months": 2})
    paid = when(made.row_of("Pay: paid"))
    assert paid[72] == 3000
    assert sum(paid.values()) == 12_000
    assert made.figure_of("Pay: decisions beyond the timeline") == 1


def test_it_must_lie_inside_the_deal() -> None:
    with pytest.raises(DealError, match="It runs from 2032-02 to 2033-01, which is not all inside the deal"):
        deal({**CHARGE, "start": "2032-02"})


@pytest.mark.parametrize("name", ["metric", "cap_per_cohort", "cap_per_person", "engagement_floor"])
def test_terms_that_mean_nothing_for_it_are_refused(name: str) -> None:
    with pytest.raises(DealError, match="A payment of kind standing charge has no use for it"):
        deal({**CHARGE, name: "Reoffend" if name == "metric" else 1})
