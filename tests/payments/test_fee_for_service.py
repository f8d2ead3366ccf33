"""A fee for service. The small deal's cohorts are a year each: 1,000 people from period 4, 500 from period 16."""

from __future__ import annotations

from typing import Any

import pytest

from sibmodel.errors import DealError
from tests.deals import when
from tests.payments.small import case, deal

FEE: dict[str, Any] = {
    "kind": "fee for service",
    "start": "2027-04",
    "fees": [120_000, 120_000],
    "expected": [1000, 1000],
}
BAND = {"below": "10%", "above": "10%"}


def test_a_twelfth_is_paid_each_month_in_arrears() -> None:
    """£120,000 by 12 is £10,000: April's, period 4, is paid in May."""
    paid = when(case(FEE).row_of("Pay: paid"))
    assert paid == dict.fromkeys(range(5, 29), 10000)


def test_the_learning_curve_makes_each_year_cheaper() -> None:
    """10 % a year: 120,000, 108,000, 97,200."""
    made = case({**FEE, "fees": [120_000] * 3, "expected": [1000] * 3, "learning_discount": "10%"})
    paid = made.row_of("Pay: paid")
    assert [made.figure_of(f"Pay: fee of year {year}") for year in (1, 2, 3)] == pytest.approx(
        [120_000, 108_000, 97_200]
    )
    assert [paid[period - 1] for period in (5, 17, 29, 40, 41)] == pytest.approx([10_000, 9_000, 8_100, 8_100, 0])


def test_beyond_the_band_the_fee_follows_the_volume() -> None:
    """Year 1: 1,000 of 800 expected is 25 % more, 15 % beyond the band: 18,000 more. Year 2: 500 of 800 is 37.5 %
    fewer, 27.5 % beyond it: 33,000 off. Both are settled in the month after the year's end: periods 16 and 28."""
    made = case({**FEE, "expected": [800, 800], "band": BAND})
    due = made.row_of("Pay: falls due")
    assert due[16 - 1] == pytest.approx(10_000 + 18_000)
    assert due[28 - 1] == pytest.approx(10_000 - 33_000)
    assert sum(due) == pytest.approx(240_000 + 18_000 - 33_000)


def test_inside_the_band_nothing_changes() -> None:
    """1,000 of 1,050 expected is 4.8 % fewer, 500 of 550 is 9.1 % fewer."""
    assert sum(case({**FEE, "expected": [1050, 550], "band": BAND}).row_of("Pay: falls due")) == pytest.approx(240_000)


def test_lower_and_upper_band_differ_and_so_do_their_limits() -> None:
    """Of 500 expected each year: 1,000 is 100 % more, 80 % beyond a band of 20 %, at most 50 %. Of 1,000: 500 is 50 %
    fewer, 45 % beyond a band of 5 %, at most 30 %."""
    band = {"below": "5%", "above": "20%", "most_off": "30%", "most_added": "50%"}
    made = case({**FEE, "expected": [500, 1000], "band": band})
    assert made.figure_of("Pay: reconciliation due, year 1") == pytest.approx(60_000)
    assert made.figure_of("Pay: reconciliation due, year 2") == pytest.approx(-36_000)


def test_only_a_part_of_the_fee_may_follow_the_volume() -> None:
    """A fifth of 15 % of 120,000 is 3,600."""
    made = case({**FEE, "expected": [800, 500], "band": {**BAND, "follows": "20%"}})
    assert made.figure_of("Pay: reconciliation due, year 1") == pytest.approx(3_600)


def test_people_are_weighted_and_starts_or_all_referred_are_counted() -> None:
    """Half of the people start. Starts: 500 × 1.5 = 750 and 250; all referred: 1,500 and 500."""
    terms = {**FEE, "band": BAND, "weights": {"First": 1.5}}
    volumes = {"starts": (750, 250), "people": (1500, 500)}
    for counts, (first, second) in volumes.items():
        made = case({**terms, "counts": counts}, assumptions={"engagement": "50%"})
        assert made.figure_of("Pay: volume, year 1") == pytest.approx(first)
        assert made.figure_of("Pay: volume, year 2") == pytest.approx(second)


def test_what_is_clawed_back_is_paid_by_the_vehicle() -> None:
    """Year 2's 33,000 less the month's instalment of 10,000: the vehicle owes 23,000, and pays it in the same month."""
    made = case({**FEE, "expected": [800, 800], "band": BAND})
    assert when(made.row_of("Pay: owed back")) == pytest.approx({28: 23_000})
    back = [one for one in made.model.ledger.transfers if one.payer == "Vehicle" and one.payee == "Ministry"]
    assert [when(made.row(one.line)) for one in back] == [pytest.approx({28: 23_000})]
    assert when(made.row(made.model.flows.net)) == {}
    assert made.figure_of("Outcome payments in all") == pytest.approx(240_000 + 18_000 - 33_000)
    assert made.figure(made.model.checks.failing) == 0


def test_or_it_is_set_off_against_later_instalments() -> None:
    """Of three years' fees: 23,000 is carried forward, and the next two months pay nothing, the third 7,000."""
    terms = {**FEE, "fees": [120_000] * 3, "expected": [800, 800, 1], "band": {**BAND, "most_added": 0}}
    paid = case({**terms, "carry_forward": True}).row_of("Pay: paid")
    assert [paid[period - 1] for period in (28, 29, 30, 31, 32)] == pytest.approx([0, 0, 0, 7_000, 10_000])


def test_the_maximum_annual_payment_holds_and_leaves_a_pot() -> None:
    """Maximum 130,000: the pot for results is 10,000, and of 18,000 more for volume 10,000 is paid."""
    made = case({**FEE, "expected": [800, 500], "band": BAND, "maximum": [130_000, 130_000]})
    assert made.figure_of("Pay: pot for results, year 1") == pytest.approx(10_000)
    assert made.figure_of("Pay: reconciliation due, year 1") == pytest.approx(10_000)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"fees": []}, "There are no fees"),
        ({"expected": [1000]}, "It has 1 years, and the fees 2"),
        ({"maximum": [130_000]}, "It has 1 years, and the fees 2"),
        ({"maximum": [130_000, 110_000]}, "The fee of £120,000 is above the maximum of £110,000"),
        ({"weights": {"Frist": 2}}, 'Did you mean "First"?'),
        ({"start": "2031-02"}, "It runs from 2031-02 to 2033-01"),
    ],
)
def test_terms_that_do_not_agree_are_refused(terms: dict[str, Any], message: str) -> None:
    with pytest.raises(DealError) as error:
        deal({**FEE, **terms})
    assert message in str(error.value)
