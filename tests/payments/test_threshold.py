"""Payment with a threshold: who is paid what, when, and never twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibmodel.payments import ThresholdPayment
from tests.deals import base_case, data, deal_of, small_base, when
from tests.payments.bench import Paid, Result, pay

PAYER = {"name": "Ministry"}


def terms(**changes: Any) -> ThresholdPayment:
    """10 % on a cohort or 7.5 % pooled, £100 an event, paid at once."""
    given = {
        "kind": "threshold",
        "payers": [PAYER],
        "price": 100,
        "threshold": 0.10,
        "fallback": {"pooled": 0.075},
        "payment_months": 0,
    }
    return ThresholdPayment.model_validate({**given, **changes})


def cohorts(*avoided: Any) -> list[Result]:
    """Cohorts of 1,000 people and 1,000 events at the comparison rate, decided in periods 10, 20, 30..."""
    return [Result(1000.0, one, 10.0 * (place + 1)) for place, one in enumerate(avoided)]


# ── the cliff ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("avoided", "paid"), [(-50, 0), (0, 0), (99.99, 0), (100, 10_000), (250, 25_000)])
def test_from_the_threshold_on_every_event_is_paid(avoided: float, paid: float) -> None:
    result = pay(terms(fallback=None), cohorts(avoided))
    assert result.total == pytest.approx(paid)
    assert result.reduction("A") == pytest.approx(paid / 100 / 1000)


@given(st.integers(1, 5000), st.sampled_from([0.05, 0.075, 0.1, 0.12, 0.15, 0.2]), st.floats(0.1, 3))
def test_a_reduction_that_is_just_the_threshold_reaches_it(people: int, threshold: float, rate: float) -> None:
    """Worked out from a rate, 10 % is as often a hair below 10 % as not: a hair is no shortfall."""
    comparison = people * rate
    served = comparison * (1 - threshold)
    result = pay(terms(threshold=threshold, fallback=None), [Result(comparison, comparison - served, 5, people)], 6)
    assert result.total == pytest.approx(100 * comparison * threshold)


@pytest.mark.parametrize("fallback", [None, {"pooled": 0.0}])
def test_a_threshold_of_nothing_pays_no_negative_amount(fallback: dict[str, float] | None) -> None:
    result = pay(terms(threshold=0, fallback=fallback), cohorts(np.array([-300.0, 0.0, 300.0])))
    assert result.total == pytest.approx([0, 0, 30_000])


def test_nobody_is_nothing_to_pay_for() -> None:
    result = pay(terms(), [Result(0.0, 0.0, 10, people=0.0), Result(0.0, 0.0, 20, people=0.0)])
    assert result.total == 0
    assert result.reduction("A") == 0


def test_without_a_price_nothing_is_paid() -> None:
    result = pay(terms(price=0, cap=1000), cohorts(500, 500))
    assert result.total == 0
    assert result.reduction("A") == 0


# ── cohort and pool ────────────────────────────────────────────────────────────────────────────


def test_each_cohort_is_paid_when_it_is_decided() -> None:
    result = pay(terms(fallback=None), cohorts(120, 90, 150))
    assert result.by_period == pytest.approx({10: 12_000, 30: 15_000})


def test_the_pool_pays_for_unpaid_cohorts_when_the_last_is_decided() -> None:
    result = pay(terms(), cohorts(80, 84, 97))
    assert result.by_period == pytest.approx({30: 8000 + 8400 + 9700})


def test_the_last_decision_counts_in_whatever_order_the_cohorts_stand() -> None:
    results = [Result(1000, 80, 40), Result(1000, 84, 15)]
    assert list(pay(terms(), results).by_period) == [40]


def test_nothing_is_paid_twice() -> None:
    """The first cohort passes by itself, and the pool, which counts it, passes too: it pays for the second alone."""
    result = pay(terms(), cohorts(120, 60))
    assert result.line("Outcome payment: the pool passes") == 1
    assert result.by_period == pytest.approx({10: 12_000, 20: 6000})
    assert result.to("A") == pytest.approx(12_000)
    assert result.to("B") == pytest.approx(6000)


def test_when_all_pass_by_themselves_the_pool_has_nothing_to_pay() -> None:
    result = pay(terms(), cohorts(120, 130))
    assert result.by_period == pytest.approx({10: 12_000, 20: 13_000})


def test_the_last_cohorts_own_payment_and_the_pools_meet_in_one_month() -> None:
    result = pay(terms(), cohorts(60, 120))
    assert result.by_period == pytest.approx({20: 6000 + 12_000})
    assert (result.to("A"), result.to("B")) == (pytest.approx(6000), pytest.approx(12_000))


def test_a_pool_below_its_threshold_pays_for_none() -> None:
    result = pay(terms(), cohorts(120, 10))
    assert result.by_period == pytest.approx({10: 12_000})
    assert result.to("B") == 0


def test_without_a_fallback_a_cohort_below_is_never_paid() -> None:
    assert pay(terms(fallback=None), cohorts(99, 99)).total == 0


def test_a_cohort_with_more_events_counts_against_the_pool() -> None:
    """9, 9 and −2 % pooled are 5.3 % and fail; 16, 16 and −2 % are 10 % and pass, and the balance is paid."""
    assert pay(terms(), cohorts(90, 90, -20)).total == 0
    result = pay(terms(threshold=0.30), cohorts(160, 160, -20))
    assert result.by_period == pytest.approx({30: 100 * (160 + 160 - 20)})
    assert result.to("C") == pytest.approx(-2000)
    assert result.reduction("C") == pytest.approx(-0.02)


def test_the_pool_never_takes_money_back() -> None:
    """The pool passes on the strength of a cohort paid already; what is left is worth less than nothing."""
    result = pay(terms(), cohorts(300, -50))
    assert result.line("Outcome payment: the pool passes") == 1
    assert result.by_period == pytest.approx({10: 30_000})
    assert result.to("B") == 0


def test_the_pool_weighs_cohorts_by_people() -> None:
    results = [Result(1600, 128, 10, people=1000), Result(100, 20, 20, people=100)]
    result = pay(terms(threshold=0.5), results)
    assert result.line("pooled") == pytest.approx((0.08 * 1000 + 0.2 * 100) / 1100)
    assert result.total == pytest.approx(14_800)


# ── cap ────────────────────────────────────────────────────────────────────────────────────────


def test_the_cap_binds_over_time() -> None:
    result = pay(terms(fallback=None, cap=20_000), cohorts(120, 150, 110))
    assert result.by_period == pytest.approx({10: 12_000, 20: 8000})
    assert [float(result.to(name)[0]) for name in "ABC"] == pytest.approx([12_000, 8000, 0])
    assert result.reduction("B") == pytest.approx(0.08)


def test_the_cap_is_shared_by_cohorts_paid_together() -> None:
    """In proportion to what falls due: of 6,000 and 9,000, a cap of 5,000 leaves 2,000 and 3,000."""
    result = pay(terms(threshold=0.5, fallback={"pooled": 0.05}, cap=5000), cohorts(60, 90))
    assert result.by_period == pytest.approx({20: 5000})
    assert (result.to("A"), result.to("B")) == (pytest.approx(2000), pytest.approx(3000))


def test_a_cap_of_nothing_pays_nothing() -> None:
    assert pay(terms(cap=0), cohorts(500, 500)).total == 0


def test_without_a_cap_all_is_paid() -> None:
    result = pay(terms(), cohorts(900, 900))
    assert np.array_equal(result.over_time, result.values[result.lines.due])


# ── dates ──────────────────────────────────────────────────────────────────────────────────────


def test_payment_follows_the_decision() -> None:
    assert list(pay(terms(payment_months=3, fallback=None), cohorts(120)).by_period) == [13]


@pytest.mark.parametrize(
    ("decisions", "paid_in", "late"),
    [((10, 58), {12, 60}, 0), ((10, 59), {12, 60}, 2), ((70, 20), {22, 60}, 2), ((70, 80), {60}, 3)],
)
def test_what_comes_after_the_end_is_paid_in_the_last_month_and_counted(
    decisions: tuple[float, float], paid_in: set[int], late: int
) -> None:
    """Of 60 months, two to payment: each cohort's date and the pool's count."""
    results = [Result(1000, 150, decision) for decision in decisions]
    result = pay(terms(payment_months=2), results)
    assert set(result.by_period) == paid_in
    assert result.total == pytest.approx(30_000)
    assert result.late == late


# ── all at once ────────────────────────────────────────────────────────────────────────────────


def test_paths_are_paid_each_by_its_own() -> None:
    avoided = np.array([-20.0, 60.0, 80.0, 120.0, 400.0])
    together = pay(terms(cap=40_000), cohorts(avoided, avoided[::-1]))
    for path, (first, second) in enumerate(zip(avoided, avoided[::-1], strict=True)):
        alone = pay(terms(cap=40_000), cohorts(first, second))
        assert np.array_equal(together.over_time[:, path], alone.over_time[:, 0])
        assert together.to("A")[path] == alone.to("A")[0]


RESULTS = st.lists(
    st.tuples(st.integers(1, 2000), st.floats(-0.5, 0.9), st.integers(1, 70)), min_size=1, max_size=4
).map(lambda found: [Result(1.5 * people, 1.5 * people * share, when, people) for people, share, when in found])
TERMS = st.builds(
    terms,
    price=st.integers(0, 20_000),
    threshold=st.floats(0, 0.4),
    fallback=st.none() | st.floats(0, 0.3).map(lambda pooled: {"pooled": pooled}),
    cap=st.none() | st.integers(0, 10_000_000),
    payment_months=st.integers(0, 6),
)


@given(TERMS, RESULTS)
def test_whatever_is_measured_payments_hold_together(payment: ThresholdPayment, results: list[Result]) -> None:
    result = pay(payment, results)
    scale = 1e-9 * (1 + payment.price * sum(abs(one.avoided) for one in results))
    assert (result.over_time >= -scale).all()  # nobody pays back
    if payment.cap is not None:
        assert result.total <= payment.cap + scale
    _paid_no_event_twice(payment, results, result, scale)
    if payment.cap is None:
        _paid_in_full(payment, results, result, scale)
    shares = [float(result.to(name)[0]) for name, _ in zip("ABCD", results, strict=False)]
    assert sum(shares) == pytest.approx(float(result.total[0]), abs=scale)


def _paid_no_event_twice(payment: ThresholdPayment, results: list[Result], result: Paid, scale: float) -> None:
    most = payment.price * sum(max(one.avoided, 0.0) for one in results)
    assert result.total <= most + scale
    for name, one in zip("ABCD", results, strict=False):
        assert abs(result.to(name)) <= payment.price * abs(one.avoided) + scale


def _paid_in_full(payment: ThresholdPayment, results: list[Result], result: Paid, scale: float) -> None:
    """The rule again, in plain Python."""
    passes = [one.avoided / one.comparison + 1e-9 >= payment.threshold for one in results]
    own = sum(max(one.avoided, 0.0) for one, passed in zip(results, passes, strict=True) if passed)
    pool = 0.0
    if payment.fallback is not None:
        people = sum(one.people for one in results)
        pooled = sum(one.avoided / one.comparison * one.people for one in results) / people
        if pooled + 1e-9 >= payment.fallback.pooled:
            unpaid = sum(one.avoided for one, passed in zip(results, passes, strict=True) if not passed)
            pool = max(unpaid, 0.0)
    assert result.total == pytest.approx(payment.price * (own + pool), abs=scale)


@given(
    st.floats(0.01, 0.3),
    st.none() | st.floats(0, 0.3).map(lambda pooled: {"pooled": pooled}),
    st.floats(-0.5, 0.9),
    st.none() | st.integers(0, 100_000),
)
def test_more_avoided_is_never_paid_less(
    threshold: float, fallback: dict[str, float] | None, other: float, cap: int | None
) -> None:
    """Whatever the other cohort does: with a pool behind the cohort's own test, too."""
    shares = np.linspace(-0.5, 0.9, 57)
    paid = pay(terms(threshold=threshold, fallback=fallback, cap=cap), cohorts(1000 * shares, 1000 * other)).total
    assert (np.diff(paid) >= -1e-6).all()


@given(RESULTS, st.integers(1, 5000), st.floats(1, 3), st.none() | st.integers(0, 500_000))
def test_a_higher_price_never_pays_less(results: list[Result], price: int, times: float, cap: int | None) -> None:
    lower, higher = pay(terms(price=price, cap=cap), results), pay(terms(price=price * times, cap=cap), results)
    assert higher.total >= lower.total - 1e-6


# ── payers, in a whole deal ────────────────────────────────────────────────────────────────────


def test_payers_bear_their_shares() -> None:
    case = small_base()
    paid = case.row(case.model.payments[0].paid)
    assert when(paid) == pytest.approx({36: 1_860_000, 48: 930_000})
    bill = case.model.commissioning
    assert case.figure(bill.by_payer["Ministry"]) == pytest.approx(0.6 * paid.sum())
    assert case.figure(bill.by_payer["Fund"]) == pytest.approx(0.4 * paid.sum())
    assert case.row(case.model.flows.of["Ministry"]) == pytest.approx(-0.6 * paid)


def test_a_payer_who_also_invests_is_billed_for_outcomes_alone() -> None:
    case = small_base({"payments[0].payers[1].name": "Foundation", "funding.drawdown": "pro rata"})
    paid = case.row(case.model.payments[0].paid).sum()
    assert case.row(case.model.funding.tranches[1].drawn).sum() > 0
    assert case.figure(case.model.commissioning.by_payer["Foundation"]) == pytest.approx(0.4 * paid)


def test_payments_by_financial_year() -> None:
    """Period 36 is December 2029, period 48 December 2030."""
    case = small_base()
    years = {year.name: case.figure(year.paid) for year in case.model.commissioning.years}
    assert {name for name, paid in years.items() if paid} == {"2029-30", "2030-31"}
    assert years["2029-30"] == pytest.approx(1_860_000)
    assert list(years) == ["2026-27", "2027-28", "2028-29", "2029-30", "2030-31", "2031-32", "2032-33"]


def test_two_payments_for_the_same_events_are_one_reduction() -> None:
    """Two payers with tariffs of their own: the bill adds up, the reduction paid for does not."""
    plain = data()
    plain["payments"].append({**plain["payments"][0], "name": "Top-up", "price": 2000, "threshold": 0.05})
    case = base_case(deal_of(plain))
    assert case.row(case.model.commissioning.paid).sum() == pytest.approx(2_790_000 * 1.2)
    for paid in (*case.model.commissioning.paid_for, case.model.commissioning.paid_for_pooled):
        assert case.figure(paid.reduction) == pytest.approx(0.12)


def test_cost_of_an_event() -> None:
    case = small_base()
    bill = case.model.commissioning
    assert case.figure(bill.cost_per_true_event) == pytest.approx(10_000)
    assert case.figure(bill.cost_per_measured_event) == pytest.approx(10_000)
    nothing = small_base({"assumptions.effect": -0.01})
    assert np.isnan(nothing.figure(nothing.model.commissioning.cost_per_true_event))
