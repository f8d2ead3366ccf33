"""A rate card. Of 1,000 and 500 people who start, 400 and 200 get a job, 200 and 100 keep it."""

from __future__ import annotations

from typing import Any

import pytest

from sibmodel.errors import DealError
from tests.deals import Case, when
from tests.payments.small import MILESTONES, RATES, deal, with_milestones

JOB: dict[str, Any] = {"milestone": "Job", "tariff": 1000}
KEPT: dict[str, Any] = {"milestone": "Job kept", "tariff": 2000}


def card(*lines: dict[str, Any], **terms: Any) -> dict[str, Any]:
    return {"kind": "rate card", "lines": list(lines), **terms}


def amounts(made: Case) -> list[float]:
    return [made.figure(one.amount) for one in made.model.payments[0].cohorts]


def cuts(made: Case) -> dict[str, float]:
    return {cut.cap: made.figure(cut.amount) for cut in made.model.payments[0].cuts}


def test_lines_add_up() -> None:
    """400 at 1,000 and 200 at 2,000; half as many of the second cohort."""
    made = with_milestones(card(JOB, KEPT))
    assert amounts(made) == pytest.approx([800_000, 400_000])
    assert when(made.row(made.model.flows.net)) == {}
    assert made.figure(made.model.checks.failing) == 0


def test_a_line_is_paid_in_the_month_after_it_is_reached() -> None:
    paid = when(with_milestones(card(JOB, cohorts=["First"])).row_of("Pay: paid"))
    assert paid == pytest.approx(dict.fromkeys(range(8, 20), 400000 / 12))


def test_a_bid_discount_holds_for_every_line_that_has_none_of_its_own() -> None:
    """900 for each job; 1,500 for each that is kept."""
    made = with_milestones(card(JOB, {**KEPT, "discount": "25%"}, discount="10%"))
    assert amounts(made) == pytest.approx([400 * 900 + 200 * 1500, 200 * 900 + 100 * 1500])


def test_a_cap_on_a_line_is_used_up_in_the_order_of_time() -> None:
    """£450,000 on jobs: all of the first cohort's 400,000, and 50,000 of the second's 200,000."""
    made = with_milestones(card({**JOB, "cap": 450_000}, KEPT))
    assert amounts(made) == pytest.approx([800_000, 50_000 + 200_000])
    assert cuts(made) == pytest.approx({"Pay: Job, cap": 150_000})


def test_a_volume_cap_counts_units() -> None:
    made = with_milestones(card({**JOB, "most_units": 450}, KEPT, discount="10%"))
    assert amounts(made) == pytest.approx([(400 + 400) * 900, (50 + 200) * 900])
    assert cuts(made) == pytest.approx({"Pay: Job, volume cap": 150 * 900})


def test_people_and_payable_events_are_told_apart() -> None:
    """Each of 600 people is housed for 90 days; 50,000 days are payable."""
    housed = {"kind": "milestone", "name": "Housed", "months_after_start": 3, "units": 90, "counted_as": "days"}
    terms = card({"milestone": "Housed", "tariff": 10, "most_units": 50_000})
    made = with_milestones(terms, metrics=[housed], rates={"Housed": {"success_rate": "40%"}})
    assert made.figure_of("Pay: Housed, people") == pytest.approx(600)
    assert made.figure_of("Pay: Housed, payable events") == pytest.approx(50_000)
    assert made.figure_of("Outcome payments in all") == pytest.approx(500_000)


def test_a_cap_per_person_is_a_mean_over_a_cohorts_people() -> None:
    """£700 for each of 1,000 and 500 people: 700,000 of 800,000, and 350,000 of 400,000."""
    made = with_milestones(card(JOB, KEPT, cap_per_person=700))
    assert amounts(made) == pytest.approx([700_000, 350_000])
    assert cuts(made) == pytest.approx({"Pay: cap a person, First": 100_000, "Pay: cap a person, Second": 50_000})


def test_the_paid_effect_is_cut_with_what_is_paid() -> None:
    """Of jobs, 40 %, seven eighths are paid."""
    made = with_milestones(card(JOB, KEPT, cap_per_person=700))
    assert made.figure(made.model.effects[1].cohorts[0].paid) == pytest.approx(0.4 * 7 / 8)


def test_an_uplift_for_a_harder_group() -> None:
    """1.5 times the tariff for a fifth of the people is 1.1 on average; for all of the second cohort 1.2 comes on
    top: 1.3."""
    made = with_milestones(card(JOB, uplifts=[{"factor": 1.5, "share": "20%"}, {"factor": 1.2, "cohorts": ["Second"]}]))
    assert amounts(made) == pytest.approx([400_000 * 1.1, 200_000 * 1.3])


def test_a_cap_and_a_volume_cap_hold_together_with_uplifts() -> None:
    """450 jobs: 400 of the first cohort, 50 of the second at twice the tariff: 500,000, of which the cap leaves
    460,000."""
    line = {**JOB, "most_units": 450, "cap": 460_000}
    made = with_milestones(card(line, uplifts=[{"factor": 2, "cohorts": ["Second"]}]))
    assert amounts(made) == pytest.approx([400_000, 60_000])


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        (card(), "There are no lines"),
        (card(JOB, JOB), '"Job" has two lines'),
        (card({**JOB, "milestone": "Reoffend"}), '"Reoffend" is not a milestone of this deal'),
        (card(JOB, uplifts=[{"factor": 2, "cohorts": ["Third"]}]), '"Third" is not a cohort of this deal'),
    ],
)
def test_a_card_must_hold(terms: dict[str, Any], message: str) -> None:
    with pytest.raises(DealError) as error:
        deal(terms, metrics=MILESTONES, assumptions={"by_metric": RATES})
    assert message in str(error.value)
