"""Pay first, claw back on failure. With half reoffending, an effect of 11.4 % is a fall of 5.7 points, one of 6.6 %
of 3.3.

Source of P4: HMP Doncaster, 10 % of the core contract's value against a fall of 5 points; falls of 5.7 and 3.3:
https://archive.northumbria-pcc.gov.uk/concern-at-failure-in-payment-by-results-model-at-doncaster-prison-so-serco-have-to-repay/
About £20 million a year: https://www.ft.com/content/03ea4d34-14f3-11e1-a2a6-00144feabdc0
"""

from __future__ import annotations

from typing import Any

import pytest

from sibmodel.errors import DealError
from tests.deals import Case, when
from tests.payments.small import case, deal

DONCASTER: dict[str, Any] = {"kind": "clawback", "core": 20_000_000, "target": "5%", "at_risk": "10%"}
FALLS = {"First": 2 * 0.057, "Second": 2 * 0.033}


def settled(made: Case) -> list[float]:
    return [made.figure_of(f"Pay: repaid or added, {who}") for who in ("First", "Second")]


def test_P4_a_fall_of_5_7_points_keeps_all_and_one_of_3_3_repays_a_tenth() -> None:
    """Doncaster: year 1 keeps all; year 2 repays 10 % of the core value, £2.0 million of £20 million."""
    made = case(DONCASTER, FALLS)
    points = [made.figure(one.points) for one in made.model.measured.compared["Reoffend"].cohorts]
    assert points == pytest.approx([0.057, 0.033])
    assert when(made.row_of("Pay: owed back")) == pytest.approx({50: 2_000_000})
    assert [made.figure(one.amount) for one in made.model.payments[0].cohorts] == pytest.approx([20e6, 18e6])


def test_the_core_payment_is_made_month_by_month_before_any_result() -> None:
    """20 million by 12 in the month after each of the 24 months of both cohorts."""
    paid = when(case(DONCASTER, FALLS).row_of("Pay: paid"))
    assert paid == pytest.approx(dict.fromkeys(range(5, 29), 20000000.0 / 12))


def test_what_is_repaid_reaches_the_payer_through_the_waterfall() -> None:
    made = case(
        {**DONCASTER, "payers": [{"name": "Ministry", "share": "75%"}, {"name": "Fund", "share": "25%"}]}, FALLS
    )
    back = {one.payee: when(made.row(one.line)) for one in made.model.ledger.transfers if "owed back" in one.label}
    assert back == {"Ministry": pytest.approx({50: 1_500_000}), "Fund": pytest.approx({50: 500_000})}
    assert when(made.row(made.model.flows.net)) == {}
    assert made.figure_of("Outcome payments in all") == pytest.approx(38e6)
    assert made.figure_of("Paid by Fund in all") == pytest.approx(9.5e6)
    assert made.figure(made.model.checks.failing) == 0


def test_the_target_itself_is_enough() -> None:
    assert settled(case(DONCASTER, {"First": 0.1, "Second": 0.0999})) == pytest.approx([0, -2_000_000])


def test_it_may_be_repaid_in_proportion_to_the_shortfall() -> None:
    """3.3 of 5 points: 34 % is missing, so that 34 % of 2 million is repaid. A rise repays all of it, and no more."""
    terms = {**DONCASTER, "repaid": "in proportion"}
    assert settled(case(terms, FALLS)) == pytest.approx([0, -680_000])
    assert settled(case(terms, {"First": -0.1, "Second": 0.0})) == pytest.approx([-2_000_000, -2_000_000])


def test_a_bonus_grows_from_the_target_to_its_second_point() -> None:
    """A bonus of 4 % of the core at 10 points: at 5.7 points it is 0.7 of 5 points, 14 % of 800,000; at 12 points all
    of it."""
    terms = {**DONCASTER, "bonus": {"full_at": "10%", "share": "4%"}}
    assert settled(case(terms, {"First": 0.114, "Second": 0.24})) == pytest.approx([112_000, 800_000])


def test_a_relative_reduction_is_another_test() -> None:
    """A fall of 3.3 points of 50 is one of 6.6 %."""
    assert settled(case({**DONCASTER, "test": "reduction"}, FALLS)) == pytest.approx([0, 0])


def test_the_paid_effect_is_that_of_the_cohort_that_reached_its_target() -> None:
    made = case(DONCASTER, FALLS)
    assert [made.figure(one.paid) for one in made.model.effects[0].cohorts] == pytest.approx([0.114, 0])


def test_a_bonus_must_lie_beyond_the_target() -> None:
    with pytest.raises(DealError, match=r"0\.05 is not above the target, 0\.05"):
        deal({**DONCASTER, "bonus": {"full_at": "5%", "share": "4%"}})
