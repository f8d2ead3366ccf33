"""A provider's mobilisation, fixed and per-head costs, margin and overrun."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deals import Case, base_case, data, deal_of, small_base, when

CHARITY = "providers[0]"


def only(what: str, value: Any, **changes: Any) -> Case:
    """The small deal in which the provider has a single kind of cost."""
    plain = data()
    plain["providers"] = [{"name": "Charity", what: value, **changes.pop("provider", {})}]
    plain["assumptions"].update(changes)
    return base_case(deal_of(plain))


def bill(case: Case, place: int = 0) -> np.ndarray:
    return case.row(case.model.providers[place].bill.line)


# ── mobilisation ───────────────────────────────────────────────────────────────────────────────


def test_mobilisation_is_spent_evenly_over_its_months() -> None:
    case = only("mobilisation", {"cost": 90_000, "start": "2027-02", "months": 3})
    assert when(bill(case)) == pytest.approx({2: 30_000, 3: 30_000, 4: 30_000})


def test_mobilisation_before_the_first_client_is_paid_from_capital() -> None:
    """The first referral is in period 4."""
    case = only("mobilisation", {"cost": 90_000, "start": "2027-01", "months": 3})
    assert when(case.row(case.model.funding.drawn)) == pytest.approx({1: 30_000, 2: 30_000, 3: 30_000})


def test_without_mobilisation_there_is_none() -> None:
    case = only("fixed_per_month", 0)
    assert not bill(case).any()
    assert case.model.book.find("Charity: mobilisation") == []


# ── fixed cost ─────────────────────────────────────────────────────────────────────────────────


def test_the_fixed_cost_runs_while_anyone_is_referred_or_in_service() -> None:
    """Referrals in periods 4 to 13 and 16 to 25, and six months of service: 4 to 18 and 16 to 30, so 4 to 30."""
    assert when(bill(only("fixed_per_month", 1000))) == pytest.approx(dict.fromkeys(range(4, 31), 1000))


def test_the_fixed_cost_pauses_between_cohorts() -> None:
    plain = data()
    plain["cohorts"][1]["referrals"]["start"] = "2028-10"  # period 22; the first cohort's service ends in 18
    plain["providers"] = [{"name": "Charity", "fixed_per_month": 1000}]
    case = base_case(deal_of(plain))
    assert set(when(bill(case))) == {*range(4, 19), *range(22, 37)}
    assert set(when(case.row(case.model.service.running))) == {*range(4, 19), *range(22, 37)}


# ── cost a start ───────────────────────────────────────────────────────────────────────────────


def test_the_cost_of_a_start_is_spread_over_its_months_of_service() -> None:
    """A hundred starts a month for ten months, £600 each over six months: £100 a person and month."""
    case = only("per_start", 600, provider={"cohorts": ["First"]})
    served = np.convolve(np.full(10, 100.0), np.ones(6))
    assert bill(case)[3:18] == pytest.approx(100 * served)
    assert bill(case).sum() == pytest.approx(1000 * 600)


@settings(max_examples=25)
@given(
    people=st.integers(1, 3000),
    volume=st.floats(0, 1.5),
    engagement=st.floats(0, 1),
    uptake=st.floats(0, 1),
    window=st.integers(1, 24),
    service=st.integers(1, 24),
    per_start=st.integers(0, 5000),
)
def test_all_starts_are_paid_for_once(
    people: int, volume: float, engagement: float, uptake: float, window: int, service: int, per_start: int
) -> None:
    """Starts × uptake × cost a start, where the service ends within the timeline."""
    plain = data()
    plain["cohorts"] = [
        {
            "name": "One",
            "people": people,
            "referrals": {"start": "2027-02", "months": window},
            "service_months": service,
        }
    ]
    plain["providers"] = [{"name": "Charity", "per_start": per_start, "uptake": uptake}]
    plain["assumptions"].update(volume=volume, engagement=engagement)
    case = base_case(deal_of(plain))
    assert bill(case).sum() == pytest.approx(people * volume * engagement * uptake * per_start)
    assert case.row(case.model.service.cohorts[0].started).sum() == pytest.approx(people * volume * engagement)
    assert case.row(case.model.service.cohorts[0].referred).sum() == pytest.approx(people * volume)


def test_the_cost_after_the_last_month_is_left_out() -> None:
    """A service that outlasts the deal is cut: 72 months end it in the third of six months."""
    plain = data()
    plain["cohorts"] = [{"name": "One", "people": 600, "referrals": {"start": "2032-10", "months": 1}}]
    plain["cohorts"][0]["service_months"] = 6
    plain["providers"] = [{"name": "Charity", "per_start": 600}]
    assert bill(base_case(deal_of(plain))).sum() == pytest.approx(600 * 600 / 2)


def test_a_call_off_service_is_paid_for_those_who_use_it() -> None:
    full, part = only("per_start", 300), only("per_start", 300, provider={"uptake": 0.12})
    assert bill(part) == pytest.approx(0.12 * bill(full))


def test_people_who_do_not_engage_cost_nothing_a_head() -> None:
    assert bill(only("per_start", 300, engagement=0.6)).sum() == pytest.approx(0.6 * 1500 * 300)


def test_fewer_people_cost_less_a_head_and_as_much_fixed() -> None:
    fixed = (bill(only("fixed_per_month", 1000, volume=one)).sum() for one in (0.5, 1.0))
    assert len(set(fixed)) == 1
    assert bill(only("per_start", 300, volume=0.5)).sum() == pytest.approx(0.5 * 1500 * 300)


def test_a_provider_serves_the_cohorts_it_names() -> None:
    case = only("fixed_per_month", 1000, provider={"per_start": 300, "cohorts": ["Second"]})
    assert set(when(bill(case))) == set(range(16, 31))
    assert bill(case).sum() == pytest.approx(15 * 1000 + 500 * 300)


# ── margin and overrun ─────────────────────────────────────────────────────────────────────────


def test_the_margin_is_on_the_budgeted_cost() -> None:
    case = small_base({f"{CHARITY}.margin": "8%"})
    plain = small_base()
    assert bill(case) == pytest.approx(1.08 * bill(plain))
    assert case.row(case.model.providers[0].cost) == pytest.approx(bill(plain))
    assert case.row(case.model.flows.of["Charity"]) == pytest.approx(0.08 * bill(plain))


@pytest.mark.parametrize("overrun", [0.15, -0.05])
def test_the_provider_bears_the_overrun(overrun: float) -> None:
    """Bill, draws and investors' cash flow are as if nothing had happened; the provider's own is not."""
    case, plain = small_base({"assumptions.cost_overrun": overrun}), small_base()
    for line in ("Charity: bill", "Drawn", "All investors: cash flow"):
        assert np.array_equal(case.row_of(line), plain.row_of(line))
    assert case.row(case.model.flows.of["Charity"]) == pytest.approx(-overrun * bill(plain))


def test_several_providers_each_bill_their_own() -> None:
    plain = data()
    plain["providers"].append({"name": "Specialist", "per_start": 1000, "uptake": 0.1, "margin": 0.05})
    case = base_case(deal_of(plain))
    assert bill(case, 0) == pytest.approx(bill(small_base()))
    assert bill(case, 1).sum() == pytest.approx(1500 * 0.1 * 1000 * 1.05)
    received = [case.row(line).sum() for line in case.model.ledger.received("Specialist")]
    assert sum(received) == pytest.approx(bill(case, 1).sum())
