"""A ladder of milestones. Of 1,000 and 500 people who start, 40 % have a job after three months, half of these keep
it to nine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sibmodel.errors import DealError
from tests.deals import base_case, deal_of, paths, when
from tests.payments.small import MILESTONES, RATES, deal, plain, with_milestones

LADDER: dict[str, Any] = {
    "kind": "milestones",
    "rungs": [{"milestone": "Job", "price": 300}, {"milestone": "Job kept", "price": 900}],
}


def test_each_rung_is_paid_in_the_month_after_it_is_reached() -> None:
    """First: 1,000 ÷ 12 start a month from period 4. 40 % of them at £300 from period 4 + 3 + 1, 20 % at £900 from 4
    + 9 + 1."""
    made = with_milestones({**LADDER, "cohorts": ["First"]})
    job, kept = 1000 / 12 * 0.4 * 300, 1000 / 12 * 0.4 * 0.5 * 900
    expected = dict.fromkeys(range(8, 20), job)
    for period in range(14, 26):
        expected[period] = expected.get(period, 0) + kept
    assert when(made.row_of("Pay: paid")) == pytest.approx(expected)


def test_in_all_everyone_who_reaches_a_rung_is_paid_once() -> None:
    """600 jobs at 300, and 300 kept at 900."""
    made = with_milestones(LADDER)
    assert made.figure_of("Outcome payments in all") == pytest.approx(600 * 300 + 300 * 900)
    assert made.figure(made.model.checks.failing) == 0


def test_all_or_nothing_pays_the_whole_ladder_for_those_who_reach_the_last_rung() -> None:
    """300 people at 300 + 900, from nine months after the start."""
    made = with_milestones({**LADDER, "pays": "all or nothing"})
    paid = when(made.row_of("Pay: paid"))
    assert sum(paid.values()) == pytest.approx(300 * 1200)
    assert min(paid) == 14
    assert {one.metric: made.figure(one.pooled.paid) for one in made.model.effects} == {
        "Reoffend": 0,
        "Job": 0,
        "Job kept": pytest.approx(0.5),
    }


def test_survival_at_24_36_and_54_months_after_the_start() -> None:
    """80 % complete; of these 70 % are out of custody at month 24, of these 80 % at 36, of these 90 % at 54. 100
    people start in period 1: 80, 56, 44.8 and 40.32 of them, paid a month after the months 6, 24, 36 and 54."""
    rungs = (("Complete", 6, 0.8), ("Out at 24", 24, 0.7), ("Out at 36", 36, 0.8), ("Out at 54", 54, 0.9))
    metrics, before = [], "starts"
    for name, months, _ in rungs:
        metrics.append({"kind": "milestone", "name": name, "months_after_start": months, "of": before})
        before = name
    value = plain(
        {"kind": "milestones", "rungs": [{"milestone": name, "price": 1000} for name, _, _ in rungs]},
        cohorts=[{"name": "First", "people": 100, "referrals": {"start": "2027-01", "months": 1}}],
        assumptions={"by_metric": {name: {"success_rate": rate} for name, _, rate in rungs}},
    )
    value["metrics"], value["measurement"] = metrics, []
    made = base_case(deal_of(value))
    assert when(made.row_of("Pay: paid")) == pytest.approx({8: 80_000, 26: 56_000, 38: 44_800, 56: 40_320})


def test_what_is_reached_beyond_the_deal_is_paid_in_its_last_month_and_noted() -> None:
    """The second cohort's last rung, at month 60, would be paid up to period 88; the deal ends in 72. Nothing is
    lost."""
    late = [MILESTONES[0], {**MILESTONES[1], "months_after_start": 60}]
    value = plain(LADDER, metrics=late, assumptions={"by_metric": RATES, "effect": 0.1})
    made = base_case(deal_of(value))
    assert made.figure_of("Pay: decisions beyond the timeline") == 2
    assert made.figure_of("Outcome payments in all") == pytest.approx(600 * 300 + 300 * 900)
    assert max(when(made.row_of("Pay: paid"))) == 72


def test_how_many_reach_a_rung_is_binomial() -> None:
    """Kept by 40 % × 50 % of 1,000: 200 on average, with a variance of 1,000 × 0.2 × 0.8 = 160; the payment follows
    the count."""
    terms = deal({**LADDER, "cohorts": ["First"]}, metrics=MILESTONES, assumptions={"by_metric": RATES})
    number = 8_192
    drawn = paths(terms, number)
    job, kept = drawn.named("Job: people counted, First"), drawn.named("Job kept: people counted, First")
    counts, survivors = drawn.values[job], drawn.values[kept]
    assert np.all(survivors <= counts)
    assert survivors.mean() == pytest.approx(200, abs=4 * np.sqrt(160 / number))
    assert survivors.var() == pytest.approx(160, rel=4 * np.sqrt(2 / number))
    paid = drawn.values[drawn.named("Outcome payments in all")]
    assert paid == pytest.approx(300 * counts + 900 * survivors)


@pytest.mark.parametrize(
    ("rungs", "message"),
    [
        ([], "There are no rungs"),
        ([*LADDER["rungs"], LADDER["rungs"][0]], '"Job" is paid twice'),
        ([{"milestone": "Jobs", "price": 1}], '"Jobs" is not a milestone of this deal. Did you mean "Job"?'),
        ([{"milestone": "Reoffend", "price": 1}], '"Reoffend" is not a milestone of this deal'),
    ],
)
def test_a_ladder_must_hold(rungs: list[Any], message: str) -> None:
    with pytest.raises(DealError) as error:
        deal({**LADDER, "rungs": rungs}, metrics=MILESTONES, assumptions={"by_metric": RATES})
    assert message in str(error.value)
