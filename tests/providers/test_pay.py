"""Each way to pay a provider, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sibmodel.errors import DealError
from tests.deals import when
from tests.providers.made import FIRST, RECEIPTS, SECOND, SERVED, bill, deal_with, made

FIXED = {"fixed_per_month": 10_000}


def starts(price: float, late: int = 0) -> dict[int, float]:
    return {
        **dict.fromkeys((period + late for period in FIRST), 100 * price),
        **dict.fromkeys((period + late for period in SECOND), 50 * price),
    }


# ── kinds ──────────────────────────────────────────────────────────────────────────────────────


def test_cost_plus_is_what_is_paid_unless_told() -> None:
    said, unsaid = made({**FIXED, "margin": 0.08, "pay": {"kind": "cost plus"}}), made({**FIXED, "margin": 0.08})
    assert when(bill(said)) == pytest.approx(dict.fromkeys(SERVED, 10_800))
    assert np.array_equal(bill(said), bill(unsaid))


def test_reimbursement_is_the_real_cost_up_to_the_ceiling() -> None:
    """£11,000 a month with an overrun of a tenth; £50,000 last for four months and £6,000 of the fifth."""
    case = made({**FIXED, "pay": {"kind": "cost reimbursement", "ceiling": 50_000}}, cost_overrun=0.1)
    assert when(bill(case)) == pytest.approx({**dict.fromkeys(range(4, 8), 11_000), 8: 6_000})
    assert bill(made({**FIXED, "pay": {"kind": "cost reimbursement"}}, cost_overrun=0.1)).sum() == 27 * 11_000


def test_a_fee_a_month_rises_with_its_index() -> None:
    """From period 13 on by 5 %, from 25 on by another 5 %."""
    case = made({**FIXED, "pay": {"kind": "fee", "per_month": 9_000, "indexation": 0.05}})
    assert bill(case).sum() == pytest.approx(9_000 * (9 + 12 * 1.05 + 6 * 1.05**2))
    assert set(when(bill(case))) == set(SERVED)


def test_a_fee_in_all_is_spread_evenly_or_by_weights() -> None:
    total = {"kind": "fee", "total": 120_000, "start": "2027-03"}
    assert when(bill(made({**FIXED, "pay": {**total, "months": 4}}))) == pytest.approx(
        dict.fromkeys(range(3, 7), 30_000)
    )
    assert when(bill(made({**FIXED, "pay": {**total, "weights": [3, 0, 1]}}))) == pytest.approx({3: 90_000, 5: 30_000})


def test_unit_prices_of_starts_months_and_completions() -> None:
    """Half of the people use it. Months in service: six for each start. Completion: six months after the start."""
    price = {"kind": "unit price", "price": 200}
    assert when(bill(made({"uptake": 0.5, "pay": price}))) == pytest.approx(starts(100))
    months = bill(made({"uptake": 0.5, "pay": {**price, "unit": "month in service"}}))
    assert months.sum() == pytest.approx(1_500 * 0.5 * 6 * 200)
    completed = made({"uptake": 0.5, "pay": {**price, "unit": "completion", "completing": 0.8}})
    assert when(bill(completed)) == pytest.approx(starts(80, late=6))


def test_a_share_of_outcome_payments_comes_with_them() -> None:
    pay = {"kind": "share of outcome payments", "share": 0.1}
    assert when(bill(made({**FIXED, "pay": pay}))) == pytest.approx({p: 0.1 * one for p, one in RECEIPTS.items()})
    assert when(bill(made({**FIXED, "pay": {**pay, "cap": 200_000}}))) == pytest.approx({36: 186_000, 48: 14_000})


def test_mobilisation_is_billed_at_cost_beside_other_ways_to_pay() -> None:
    mobilisation = {"cost": 30_000, "start": "2027-01", "months": 3}
    case = made({"mobilisation": mobilisation, "pay": {"kind": "unit price", "price": 10}})
    assert when(bill(case)) == pytest.approx({1: 10_000, 2: 10_000, 3: 10_000, **starts(10)})


# ── guarantees ─────────────────────────────────────────────────────────────────────────────────


def test_guaranteed_starts_are_paid_for_month_by_month() -> None:
    """Eighty a month: met in the first cohort, thirty short in the second."""
    case = made({"pay": {"kind": "unit price", "price": 100}, "guarantee": {"starts_per_month": 80}})
    assert when(bill(case)) == pytest.approx({**dict.fromkeys(FIRST, 10_000), **dict.fromkeys(SECOND, 8_000)})


def test_guaranteed_starts_over_the_whole_are_compared_once() -> None:
    """1,600 in twenty months: a hundred are missing, paid for in the last month of referrals, at their own price."""
    guarantee = {"starts_per_month": 80, "over_months": 100, "price": 30}
    case = made({"pay": {"kind": "unit price", "price": 100}, "guarantee": guarantee})
    expected = starts(100)
    expected[25] += 100 * 30
    assert when(bill(case)) == pytest.approx(expected)


def test_fewer_people_are_paid_for_up_to_the_guarantee_and_more_as_they_come() -> None:
    terms = {"pay": {"kind": "unit price", "price": 100}, "guarantee": {"starts_per_month": 80}}
    assert bill(made(terms, volume=0.1)).sum() == pytest.approx(20 * 80 * 100)
    assert bill(made(terms, volume=2)).sum() == pytest.approx(3_000 * 100)


def test_a_minimum_is_topped_up_over_its_span_and_at_the_end() -> None:
    """£9,000 a month over twelve months, 27 months of service: spans of 12, 12 and 3.

    In the first, periods 4 to 15, ten months of £10,000 are earned: 8,000 short of 108,000. In the second, 16 to 27,
    ten months of £5,000: 58,000 short. In the third, 28 to 30, nothing: 27,000 short.
    """
    case = made({"pay": {"kind": "unit price", "price": 100}, "minimum": {"per_month": 9_000, "over_months": 12}})
    expected = starts(100) | {15: 8_000, 27: 58_000, 30: 27_000}
    assert when(bill(case)) == pytest.approx(expected)


# ── what is kept, and paid on results ──────────────────────────────────────────────────────────


def test_a_deferred_fee_is_paid_out_of_outcome_payments() -> None:
    """A fifth of £270,000 is deferred: 54,000. A hundredth of receipts pays 18,600 and 9,300; the rest is lost."""
    case = made({**FIXED, "deferred": {"share": 0.2, "from_receipts": 0.01}})
    assert when(bill(case)) == pytest.approx({**dict.fromkeys(SERVED, 8_000), 36: 18_600, 48: 9_300})
    assert case.figure_of("Charity: pay at risk") == pytest.approx(54_000)
    assert case.figure_of("Charity: pay at risk that is lost") == pytest.approx(54_000 - 27_900)
    assert bill(made({**FIXED, "deferred": {"share": 0.2}})).sum() == pytest.approx(270_000)


def test_a_holdback_is_released_in_its_month() -> None:
    """Held from periods 4 to 12, released in 13, nothing held after it."""
    case = made({**FIXED, "holdback": {"share": 0.1, "month": "2028-01"}})
    assert when(bill(case)) == pytest.approx(
        {**dict.fromkeys(range(4, 13), 9_000), 13: 19_000, **dict.fromkeys(range(14, 31), 10_000)}
    )


@pytest.mark.parametrize(("target", "released"), [(0.12, 27_000), (0.121, 0)])
def test_a_holdback_is_released_where_the_target_is_reached(target: float, released: float) -> None:
    """The effect is 12 %; the second cohort is decided in period 47."""
    case = made({**FIXED, "holdback": {"share": 0.1, "target": target}})
    assert bill(case)[46] == pytest.approx(released)
    assert bill(case).sum() == pytest.approx(27 * 9_000 + released)


@pytest.mark.parametrize(
    ("target", "in_the_end"),
    [(0.10, 25_000 + 2 * 4_000), (0.02, 25_000 + 15_000), (0.15, 25_000 - 3 * 4_000), (0.30, 0)],
)
def test_bonus_and_malus_around_a_target(target: float, in_the_end: float) -> None:
    """£4,000 a point, at most £15,000 more or £25,000 less; £25,000 of the first bills are retained."""
    terms = {"target": target, "per_point": 4_000, "most_bonus": 15_000, "most_malus": 25_000}
    case = made({**FIXED, "bonus_malus": terms})
    assert bill(case)[3:6] == pytest.approx([0, 0, 5_000])
    assert bill(case)[46] == pytest.approx(in_the_end)
    assert bill(case).sum() == pytest.approx(270_000 - 25_000 + in_the_end)


def test_modifiers_stand_beside_each_other() -> None:
    """Of £10,000, a fifth is deferred and a tenth held back; what is left, £7,000, is retained first."""
    case = made(
        {
            **FIXED,
            "deferred": {"share": 0.2},
            "holdback": {"share": 0.1, "target": 0.1},
            "bonus_malus": {"target": 0.12, "per_point": 1_000, "most_bonus": 5_000, "most_malus": 10_000},
        }
    )
    assert bill(case)[3:6] == pytest.approx([0, 4_000, 7_000])
    assert bill(case).sum() == pytest.approx(270_000)


# ── faults ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"pay": {"kind": "fee"}}, "needs per_month or total"),
        ({"pay": {"kind": "fee", "total": 100, "months": 3}}, "start"),
        ({"pay": {"kind": "fee", "per_month": 100, "months": 3}}, "Leave out start, months and weights"),
        ({"pay": {"kind": "fee", "total": 100, "start": "2027-01", "weights": [0, 0]}}, "All weights are 0"),
        ({"pay": {"kind": "fee", "total": 100, "start": "2032-12", "months": 3}}, "2033-02 is not inside the deal"),
        ({"pay": {"kind": "unit price", "price": 5, "completing": 0.5}}, "has no use where a start is priced"),
        ({"pay": {"kind": "fee", "per_month": 100}, "margin": 0.05}, "has no use beside pay of kind fee"),
        ({"guarantee": {"starts_per_month": 3}}, "no unit price of a start says it"),
        ({"deferred": {"share": 0.6}, "holdback": {"share": 0.6, "month": "2028-01"}}, "more than the whole bill"),
        ({"holdback": {"share": 0.6}}, "needs a month or a target"),
        ({"holdback": {"share": 0.6, "target": 0.1, "metric": "Nothing"}}, '"Nothing" is not a measure'),
        ({"holdback": {"share": 0.6, "month": "2040-01"}}, "2040-01 is not inside the deal"),
        ({"reserves": 1, "reserves_months": 1}, "stands beside reserves_months"),
        ({"pay": {"kind": "free"}}, '"free" is not'),
    ],
)
def test_terms_that_do_not_hang_together_are_faults(terms: dict[str, Any], said: str) -> None:
    with pytest.raises(DealError) as error:
        deal_with(terms)
    assert said in str(error.value)


def test_more_than_all_outcome_payments_cannot_be_promised() -> None:
    share = {"pay": {"kind": "share of outcome payments", "share": 0.6}}
    with pytest.raises(DealError, match="more than all of it"):
        deal_with(share, {**share, "name": "Second"})
