"""Mobilisation by who funds it, ramp-up, overhead, contingency, indexation and VAT, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sibmodel.errors import DealError
from tests.deals import when
from tests.providers.made import SERVED, bill, cash, deal_with, made

FIXED = {"fixed_per_month": 10_000}
MOBILISATION = {"cost": 60_000, "start": "2027-01", "months": 3}


def cost(case: object) -> np.ndarray:
    return case.row(case.model.providers[0].cost)  # type: ignore[attr-defined, no-any-return]


# ── mobilisation ───────────────────────────────────────────────────────────────────────────────


def test_mobilisation_by_weights() -> None:
    case = made({"mobilisation": {"cost": 60_000, "start": "2027-02", "weights": [1, 3, 2]}})
    assert when(bill(case)) == pytest.approx({2: 10_000, 3: 30_000, 4: 20_000})


def test_mobilisation_from_own_reserves_is_billed_to_nobody() -> None:
    terms = {**FIXED, "mobilisation": {**MOBILISATION, "funded_by": {"kind": "own reserves"}}}
    case = made({**terms, "opening_cash": 25_000})
    assert when(bill(case)) == pytest.approx(dict.fromkeys(SERVED, 10_000))
    assert case.row(cash(case).cash.closing)[:4] == pytest.approx([5_000, -15_000, -35_000, -35_000])
    assert case.figure(cash(case).peak) == pytest.approx(60_000)
    assert case.figure(cash(case).worst) == pytest.approx(35_000)


def test_a_grant_pays_mobilisation_as_it_is_spent() -> None:
    case = made({**FIXED, "mobilisation": {**MOBILISATION, "funded_by": {"kind": "grant", "giver": "Trust"}}})
    assert when(case.row(case.model.flows.of["Trust"])) == pytest.approx(dict.fromkeys((1, 2, 3), -20_000))
    assert case.row(cash(case).cash.closing) == pytest.approx(0, abs=1e-6)
    assert case.figure(cash(case).income) == pytest.approx(60_000 + 270_000)


def test_an_advance_of_the_vehicle_is_kept_of_later_bills() -> None:
    """A quarter of each £10,000, for 24 months."""
    by = {"kind": "advance", "repaid_share": 0.25}
    case = made({**FIXED, "mobilisation": {**MOBILISATION, "funded_by": by}})
    expected = {1: 20_000, 2: 20_000, 3: 20_000, **dict.fromkeys(range(4, 28), 7_500), 28: 10_000, 29: 10_000}
    assert when(bill(case)) == pytest.approx({**expected, 30: 10_000})


def test_a_lender_is_repaid_out_of_fees() -> None:
    """Half of each £10,000, for twelve months; neither the advance nor its repayment is income or cost."""
    by = {"kind": "advance", "lender": "Trust", "repaid_share": 0.5}
    case = made({**FIXED, "mobilisation": {**MOBILISATION, "funded_by": by}})
    expected = {1: -20_000, 2: -20_000, 3: -20_000, **dict.fromkeys(range(4, 16), 5_000)}
    assert when(case.row(case.model.flows.of["Trust"])) == pytest.approx(expected)
    assert case.figure(cash(case).income) == pytest.approx(270_000)
    assert case.figure(cash(case).cost) == pytest.approx(330_000)
    assert case.row(cash(case).cash.closing)[15] == pytest.approx(-60_000)


def test_a_lead_may_lend_to_another_provider() -> None:
    """Whatever the order: what the lead lends is not its cost, and what it is repaid is not its income."""
    by = {"kind": "advance", "lender": "Lead", "repaid_share": 0.5}
    lead = {**FIXED, "name": "Lead", "opening_cash": 100_000}
    other = {**FIXED, "name": "Other", "mobilisation": {**MOBILISATION, "funded_by": by}}
    for providers in ((lead, other), (other, lead)):
        case = made(*providers)
        of = {one.name: one for one in case.model.provider_cash}
        assert case.row(of["Lead"].cash.closing)[[2, 15, -1]] == pytest.approx([40_000, 100_000, 100_000])
        assert case.figure(of["Lead"].income) == case.figure(of["Lead"].cost) == pytest.approx(270_000)
        assert case.figure(of["Lead"].peak) == pytest.approx(60_000)


# ── running cost ───────────────────────────────────────────────────────────────────────────────


def test_ramp_up_in_a_straight_line() -> None:
    case = made({**FIXED, "ramp_up": {"months": 4}})
    assert bill(case)[3:8] == pytest.approx([2_500, 5_000, 7_500, 10_000, 10_000])


def test_ramp_up_by_month() -> None:
    case = made({**FIXED, "ramp_up": {"shares": [0.3, 0.7]}})
    assert bill(case)[3:7] == pytest.approx([3_000, 7_000, 10_000, 10_000])


def test_overhead_contingency_and_vat_add_up() -> None:
    """£10,000 fixed. Overhead a tenth: 1,000. Contingency a tenth of 11,000: 1,100, of which 40 % is spent. VAT on half
    of 12,100 at 20 %, of which a quarter is recovered: 907.50. Not spent: 660 and its VAT, 49.50."""
    case = made(
        {
            **FIXED,
            "overhead": 0.1,
            "contingency": {"budgeted": 0.1, "spent": 0.4},
            "vat": {"costs": 0.5, "irrecoverable": 0.75},
            "margin": 0.02,
        },
        cost_overrun=0.05,
    )
    assert bill(case)[3] == pytest.approx(13_007.5 * 1.02)
    assert cost(case)[3] == pytest.approx((13_007.5 - 709.5) * 1.05)


def test_each_line_of_cost_rises_by_its_own_rate() -> None:
    """£300 a start in period 13 and after: a month's rise at once, on anniversaries of the first month."""
    case = made({**FIXED, "per_start": 300, "indexation": {"fixed": 0.1, "per_head": 0.02}})
    fixed, heads = case.row_of("Charity: fixed cost"), case.row_of("Charity: per-head cost")
    plain = made({**FIXED, "per_start": 300}).row_of("Charity: per-head cost")
    assert fixed[[11, 12, 23, 24]] == pytest.approx([10_000, 11_000, 11_000, 12_100])
    assert heads[[11, 12, 24]] == pytest.approx(plain[[11, 12, 24]] * [1, 1.02, 1.02**2])


# ── faults ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"ramp_up": {}}, "months, or shares"),
        ({"ramp_up": {"months": 3, "shares": [0.5]}}, "months, or shares"),
        ({"mobilisation": {**MOBILISATION, "months": 4, "weights": [1, 1]}}, "There are 2 weights, and 4 months"),
        ({"mobilisation": {"cost": 1, "start": "2027-01", "weights": [0]}}, "All weights are 0"),
        ({"mobilisation": {"cost": 1, "start": "2032-12", "weights": [1, 1]}}, "is not all inside the deal"),
        ({"mobilisation": {**MOBILISATION, "funded_by": {"kind": "grant", "giver": "Charity"}}}, "own reserves"),
        ({"mobilisation": {**MOBILISATION, "funded_by": {"kind": "grant", "giver": "Vehicle"}}}, "kind: bill"),
        (
            {"mobilisation": {**MOBILISATION, "funded_by": {"kind": "grant", "giver": "Staff and suppliers"}}},
            "the world outside",
        ),
        (
            {
                "mobilisation": {
                    **MOBILISATION,
                    "funded_by": {"kind": "advance", "lender": "Vehicle", "repaid_share": 1},
                }
            },
            "Leave the lender out",
        ),
    ],
)
def test_terms_that_do_not_hang_together_are_faults(terms: dict[str, object], said: str) -> None:
    with pytest.raises(DealError) as error:
        deal_with(terms)
    assert said in str(error.value)
