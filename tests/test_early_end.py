"""Early end: by the payer, by a change of policy, by investors. Figures by hand stand in the deal file first lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sibmodel.cautions import cautions
from sibmodel.deal import Deal
from sibmodel.early_end import SHOCK
from sibmodel.errors import DealError
from sibmodel.files import read_terms
from sibmodel.model import build
from sibmodel.results import document, run
from tests.deals import Case, base_case, data, deal_of, paths, small_base, when

FILE = Path(__file__).parent / "mechanics" / "33-early-end.yaml"


@pytest.fixture(scope="module")
def deal() -> Deal:
    return read_terms(FILE, Deal)


@pytest.fixture(scope="module")
def case(deal: Deal) -> Case:
    return base_case(deal)


def test_the_file_says_what_its_first_lines_say(case: Case) -> None:
    assert case.figure_of("People, Second") == pytest.approx(500)
    assert case.row_of("Charity: bill").sum() == pytest.approx(220_000)
    assert when(case.row_of("Service runs")) == dict.fromkeys(range(4, 26), 1.0)
    assert case.row_of("Manager: bill").sum() == pytest.approx(23_000)
    assert when(case.row_of("Compensation for early end")) == pytest.approx({22: 110_500})
    assert case.figure_of("Outcome payments in all") == pytest.approx(20_000)
    assert case.row_of("Loan: drawn").sum() == pytest.approx(181_000)
    assert case.figure_of("Loan: received in all") == pytest.approx(68_500)
    assert case.figure(case.model.checks.failing) == 0


def test_an_earlier_end_is_compensated_by_its_own_share(deal: Deal) -> None:
    """Ending with month 10 (October 2027): of 7 months of service and 10 of management £71,000 are out, the standing
    charge of 9 months apart; 80 % of that."""
    made = base_case(deal.replace("early_end.ends", "2027-10"))
    assert made.figure_of("People, First") == pytest.approx(600)
    assert made.figure_of("People, Second") == 0
    assert when(made.row_of("Compensation for early end")) == pytest.approx({11: 20_000 + 0.8 * 71_000})


def test_outcomes_may_still_be_paid(deal: Deal) -> None:
    made = base_case(deal.replace("early_end.outcomes", "paid"))
    assert made.figure_of("Outcome payments in all") == pytest.approx(2_000 * 0.15 * 1_500 + 20_000)


def test_terms_without_an_end_change_nothing() -> None:
    whole, plain = small_base(), data()
    plain["early_end"] = {}
    same = base_case(deal_of(plain))
    for name in ("Outcome payments in all", "All investors: net present value", "Starts, Second"):
        assert same.figure_of(name) == pytest.approx(whole.figure_of(name), rel=1e-12)


def test_a_policy_shock_comes_with_its_chance_a_year() -> None:
    """P(no shock within m months) = (1 − h)^(m ÷ 12), to four standard errors of 200,000 draws."""
    count, last = 200_000, 120.0
    uniforms = np.random.default_rng(1).random((1, count))
    found = SHOCK.sample(uniforms, np.full(count, 0.1), np.full(count, last))
    for month in (1, 12, 60, 119):
        expected = 0.9 ** (month / 12)
        assert abs(np.mean(found > month) - expected) < 4 * np.sqrt(expected * (1 - expected) / count)
    assert found.min() == 1
    assert found.max() == last + 1
    assert (SHOCK.sample(uniforms, np.zeros(count), np.full(count, last)) == last + 1).all()
    assert (SHOCK.sample(uniforms, np.ones(count), np.full(count, last)) == 1).all()


def test_a_shock_ends_paths_and_not_the_base_case(deal: Deal) -> None:
    open_ended = deal.replace("early_end.ends", None)
    assert base_case(open_ended).figure_of("People, Second") == 1_000
    made = paths(open_ended, 400)
    served = np.array([made.figure(made.named("People, Second"), path) for path in range(400)])
    ends = np.array([made.figure(made.named("First period after the end"), path) for path in range(400)])
    np.testing.assert_allclose(served, 1_000 * np.clip((ends - 16) / 10, 0, 1))
    assert 0.05 < np.mean(served < 1_000) < 0.35


def test_results_tell_how_often_it_ends_early(deal: Deal) -> None:
    found = document(run(deal.replace("early_end.ends", None), paths=200))["simulation"]["early_end"]
    assert 0.25 < found["ended"] < 0.6  # 1 − 0.9^5 = 41 %
    assert found["ended_error"] == pytest.approx(np.sqrt(found["ended"] * (1 - found["ended"]) / 200), rel=0.02)
    assert found["compensation"]["mean"] > 0
    assert "stopped_by_investors" not in found


def stopping(**changes: Any) -> dict[str, Any]:
    """The small deal with a third cohort, before which investors may stop."""
    plain = data()
    plain["months"] = 96
    plain["cohorts"].append(
        {"name": "Third", "people": 500, "referrals": {"start": "2030-04", "months": 10}, "service_months": 6}
    )
    plain["early_end"] = {"stop_option": {"before": "2030-01", "cohort": "First", "below": 0.1, **changes}}
    return plain


def test_investors_stop_where_the_deciding_cohort_fails() -> None:
    plain = stopping()
    assert base_case(deal_of(plain)).figure_of("People, Third") == 500
    plain["assumptions"]["effect"] = 0.08
    made = base_case(deal_of(plain))
    assert made.figure_of("Stopped by investors") == 1
    assert made.figure_of("People, Third") == 0
    assert made.figure_of("People, Second") == 500
    assert made.row_of("Charity: bill")[39:].sum() == 0


def test_the_stop_options_file_says_what_its_first_lines_say() -> None:
    made = base_case(read_terms(FILE.with_name("33-stop-option.yaml"), Deal))
    assert made.figure_of("Stopped by investors") == 1
    assert made.figure_of("People, Third") == 0
    assert np.flatnonzero(made.row_of("Charity: bill")).max() + 1 == 30
    assert made.figure_of("Outcome payments in all") == 0
    assert made.figure(made.model.checks.failing) == 0


def test_investors_cannot_stop_before_they_know() -> None:
    """The first cohort is decided in November 2029: in time for January 2030, but not with a delay of two months."""
    plain = stopping()
    plain["assumptions"] |= {"effect": 0.08, "delay_months": 2}
    assert base_case(deal_of(plain)).figure_of("People, Third") == 500


@pytest.mark.parametrize(
    ("plain", "said"),
    [
        (stopping(cohort="Fist"), '"Fist" is not a cohort of this deal. Did you mean "First"?'),
        (stopping(cohort="Third"), "it cannot decide whether it takes place"),
        (stopping(measure="Jobs"), '"Jobs" is not a measure with a comparison'),
        (data() | {"early_end": {"ends": "2027-01"}}, "2027-01 is not after the deal starts."),
        (data() | {"early_end": {"compensation": {"payer": "Vehicle"}}}, "The vehicle cannot compensate itself."),
        (
            data() | {"assumptions": {**data()["assumptions"], "policy_shock": 0.1}},
            "has nothing that says what follows.",
        ),
    ],
)
def test_terms_that_do_not_hang_together(plain: dict[str, Any], said: str) -> None:
    with pytest.raises(DealError) as caught:
        deal_of(plain)
    assert said in str(caught.value)


def about_the_end(deal: Deal) -> dict[str, str]:
    return {one.path: one.message for one in cautions(build(deal)) if one.path.startswith("early_end")}


def test_what_can_never_come_about_deserves_a_caution(deal: Deal) -> None:
    """Nothing else in the file can end it early; what decides must be known before what it would stop begins."""
    assert about_the_end(deal) == {}
    plain = deal.plain()
    plain["early_end"].pop("ends")
    shock = plain["assumptions"].pop("policy_shock")
    first = plain["cohorts"][0]["name"]
    begins = {one["name"]: one["referrals"]["start"] for one in plain["cohorts"]}
    late = max(begins.values())
    plain["early_end"]["stop_option"] = {"before": late, "cohort": first, "below": 0.03}
    assert set(about_the_end(deal_of(plain))) == {"early_end.compensation", "early_end.stop_option"}
    plain["assumptions"]["policy_shock"] = shock
    (said,) = about_the_end(deal_of(plain)).values()
    assert said.startswith(f"Investors can never use their option to stop: {first} is decided in ")
    plain["early_end"]["stop_option"]["before"] = "2029-12"
    (said,) = about_the_end(deal_of(plain)).values()
    assert said.endswith("no cohort begins in 2029-12 or later.")
