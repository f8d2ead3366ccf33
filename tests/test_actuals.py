"""Actuals: what is known replaces what was planned, and is not drawn; what cannot be known is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from sibmodel.cautions import cautions
from sibmodel.deal import Deal
from sibmodel.errors import DealError
from sibmodel.files import read_terms
from sibmodel.model import build
from sibmodel.quantities import LARGEST
from sibmodel.results import Run, document, run
from sibmodel.views import every_view
from sibmodel.views.common import Constant, Figure, Table, View
from sibmodel.views.summary import summary
from sibmodel.workbook.limits import Limits, limits
from tests.contract.bench import deal_with
from tests.contract.test_payments import GOOD, MEMBERS
from tests.deals import EVENTS, Case, base_case, data, deal_of, paths, when

FILE = Path(__file__).parent / "mechanics" / "38-actuals.yaml"
FIRST = 'actuals.cohorts["First"]'


def deal() -> Deal:
    return read_terms(FILE, Deal)


def with_facts(facts: dict[str, Any], as_of: str = "2029-11", **changes: Any) -> Deal:
    """The small deal, whose first cohort closes in January 2028 and is decided in November 2029, with facts of it."""
    return deal_of({**data(), "actuals": {"as_of": as_of, "cohorts": {"First": facts}}, **changes})


@pytest.fixture(scope="module")
def made() -> Run:
    return run(deal(), paths=200)


def table(view: View, title: str) -> Table:
    (found,) = [one for one in view.tables if one.title == title]
    return found


# ── figures by hand, as the file's first lines have them ──────────────────────────────────────────────


def test_the_plan_and_the_deal_as_it_stands() -> None:
    now, then = base_case(deal()), base_case(deal().replace("actuals", None))
    assert then.figure_of("Outcome payments in all") == pytest.approx(1_860_000 + 930_000 + 200_000 + 100_000)
    assert when(then.row_of("Tariff: paid")) == pytest.approx({36: 1_860_000, 48: 930_000})
    assert now.figure_of("Outcome payments in all") == pytest.approx(1_320_000 + 744_000 + 135_000 + 75_000)
    assert when(now.row_of("Tariff: paid")) == pytest.approx({39: 1_320_000, 48: 744_000})
    assert now.row_of("Tenancies: paid").sum() == pytest.approx(135_000 + 75_000)
    for made in (now, then):
        assert made.figure(made.model.checks.failing) == 0


def test_what_is_known_is_the_same_in_every_path_and_what_is_not_is_drawn() -> None:
    drawn = paths(deal(), 200)
    known = {
        "People, First": 800,
        "Starts, First": 600,
        "People, Second": 400,
        "Starts, Second": 300,
        f"{EVENTS}: measured effect, First": 0.11,
        f"{EVENTS}: avoided as measured, First": 132,
        f"{EVENTS}: decision period, First": 38,
        "Tenancy kept: people counted, First": 270,
        "Tenancy kept: decision period, First": 19,
    }
    for name, value in known.items():
        assert drawn.values[drawn.named(name)] == pytest.approx(value), name
    for name in (
        f"{EVENTS}: measured effect, Second",
        f"{EVENTS}: decision period, Second",
        f"{EVENTS}: true effect, First",
    ):
        assert np.ptp(drawn.values[drawn.named(name)]) > 0, name


def test_without_a_published_comparison_its_level_is_as_believed() -> None:
    made = base_case(with_facts({"measured": {EVENTS: "11%"}, "decided": "2029-11"}))
    (one, _) = made.measured.cohorts
    assert made.figure(one.effect) == 0.11
    assert made.figure(one.points) == pytest.approx(0.11 * 1.55)
    assert made.figure(one.level) == pytest.approx(0.89 * 1.55)
    assert made.figure(one.avoided) == pytest.approx(0.11 * 1.55 * 1000)
    assert when(made.row_of("Tariff: paid"))[36] == pytest.approx(0.11 * 1.55 * 1000 * 10_000)


def test_a_published_effect_at_the_threshold_reaches_it_and_one_below_does_not() -> None:
    """Below its own threshold the first cohort is paid with the pool, when the second is decided: 9.99 % of 1,000
    people and 12 % of 500 are 10.66 %, above 7.5 %."""
    at = base_case(with_facts({"measured": {EVENTS: "10%"}, "decided": "2029-11"}))
    assert when(at.row_of("Tariff: paid"))[36] == pytest.approx(1_550_000)
    below = base_case(with_facts({"measured": {EVENTS: "9.99%"}, "decided": "2029-11"}))
    assert 36 not in when(below.row_of("Tariff: paid"))


def test_z_is_that_of_the_published_level() -> None:
    """Log of comparison by level, 1.55 by 1.55 × 0.9, by the assessor's standard error."""
    made = base_case(with_facts({"measured": {EVENTS: "10%"}, "decided": "2029-11"}))
    error = made.figure_of(f"{EVENTS}: assessor's standard error, First")
    assert made.figure(made.measured.cohorts[0].z) == pytest.approx(-np.log(0.9) / error)


def test_the_same_result_published_as_believed_changes_nothing_but_its_certainty() -> None:
    plan = base_case(with_facts({"people": 1000}).replace("actuals", None))
    facts = {"people": 1000, "starts": 1000, "measured": {EVENTS: "12%"}, "comparison": {EVENTS: 1.55}}
    now = base_case(with_facts({**facts, "decided": "2029-11"}))
    for one, other in zip(now.measured.cohorts, plan.measured.cohorts, strict=True):
        for name in ("effect", "points", "level", "avoided", "at_comparison", "z", "decision"):
            assert now.figure(getattr(one, name)) == pytest.approx(plan.figure(getattr(other, name))), name
    assert now.row(now.model.returns.everyone.flow) == pytest.approx(plan.row(plan.model.returns.everyone.flow))


def test_a_score_is_published_in_points() -> None:
    plain = data()
    plain["metrics"] = [{"kind": "score", "name": "Risk score"}]
    plain["payments"] = [{"kind": "tariff", "name": "Points", "payers": [{"name": "Ministry"}], "price": 100}]
    plain["assumptions"] = {
        "by_metric": {"Risk score": {"score_change": -1, "score_gain": 3, "score_spread": 10}},
        "matching_error": 0,
    }
    plain["actuals"] = {
        "as_of": "2029-11",
        "cohorts": {"First": {"measured": {"Risk score": 2.5}, "decided": "2029-11"}},
    }
    made = base_case(deal_of(plain))
    (one, _) = made.measured.cohorts
    assert made.figure(one.effect) == made.figure(one.points) == 2.5
    assert made.figure(one.avoided) == 2_500


@pytest.mark.parametrize("member", MEMBERS)
def test_payments_of_every_kind_pay_on_what_was_published(member: str) -> None:
    """A service that does nothing, published as one that does, is paid as one that does in truth."""
    _, terms = MEMBERS[member]
    none = {"by_cohort": {"First": 0, "Second": 0}}
    true = {"by_cohort": {"First": GOOD["first"], "Second": GOOD["second"]}}
    works = base_case(deal_with(terms, assumptions={"effect": true}))
    cohorts: dict[str, Any] = {}
    for name, metric in works.model.measured.compared.items():
        for one in metric.cohorts:
            facts = cohorts.setdefault(one.name, {"measured": {}, "people": round(works.figure(one.people))})
            facts["measured"][name] = works.figure(one.effect)
            period = round(works.figure(one.decision)) - 1
            facts["decided"] = str(works.model.deal.start.plus(period))
    deal = deal_with(terms, assumptions={"effect": none}, actuals={"as_of": "2032-12", "cohorts": cohorts})
    published = base_case(deal)
    for one, other in zip(published.model.payments, works.model.payments, strict=True):
        assert published.row(one.paid) == pytest.approx(works.row(other.paid), abs=1e-6)


# ── the early end ────────────────────────────────────────────────────────────────────────────────────


def test_no_shock_has_come_by_the_month_up_to_which_all_is_known() -> None:
    drawn = paths(deal().replace("assumptions.policy_shock", "60%"), 400)
    first = drawn.values[drawn.named("First period after the end")]
    assert first.min() > 38  # in February 2030 the contract is in force
    assert first.min() == 39
    assert drawn.values[drawn.named("People, First")] == pytest.approx(800)


def test_investors_have_not_stopped_a_cohort_whose_people_are_known() -> None:
    """The option would stop the second cohort, whose people are known: it took place."""
    option = {"stop_option": {"before": "2028-04", "cohort": "First", "below": "50%"}}
    stopped = deal().replace("early_end", option).replace(f"{FIRST}.decided", "2028-02")
    assert stopped.actuals is not None
    made = base_case(stopped)
    assert made.figure_of("Stopped by investors") == 1
    assert made.figure_of("People, Second") == 400


# ── what nothing is known of ─────────────────────────────────────────────────────────────────────────


def test_without_actuals_there_is_nothing_of_them() -> None:
    made = run(deal().replace("actuals", None), paths=20)
    assert made.plan is None
    assert "actuals" not in document(made)["base"]
    assert "Known by" not in summary(made)
    assert "Plan and actuals" not in [view.name for view in every_view(made)]
    assert [cell.name for cell in made.model.book.inputs if cell.path.startswith("actuals")] == []


def test_each_fact_is_a_cell_with_its_path_and_source() -> None:
    sourced = deal().replace("sources", {FIRST: "Jolliffe and Hedderman 2014"})
    cells = {cell.path: cell for cell in base_case(sourced).model.book.inputs if cell.path.startswith("actuals")}
    assert {path: cell.value for path, cell in cells.items()} == {
        "actuals.as_of": 38,
        f"{FIRST}.people": 800,
        f"{FIRST}.starts": 600,
        f'{FIRST}.measured["{EVENTS}"]': 0.11,
        f'{FIRST}.comparison["{EVENTS}"]': 1.5,
        f"{FIRST}.decided": 38,
        f'{FIRST}.counted["Tenancy kept"]': 270,
        'actuals.cohorts["Second"].people': 400,
        'actuals.cohorts["Second"].starts': 300,
    }
    assert cells[f"{FIRST}.decided"].source == "Jolliffe and Hedderman 2014"
    assert cells['actuals.cohorts["Second"].people'].source == "as reported"


# ── what readers see ─────────────────────────────────────────────────────────────────────────────────


def test_the_view_tells_plan_and_now(made: Run) -> None:
    (view,) = [one for one in every_view(made) if one.name == "Plan and actuals"]
    shown = {
        one.title: [
            tuple(
                round(made.figure(cell.line), 6) if isinstance(cell, Figure)
                else round(cell.value, 6) if isinstance(cell, Constant) else cell
                for cell in row
            )
            for row in one.rows
        ]
        for one in view.tables
    }  # fmt: skip
    assert shown["People and starts, plan and known"] == [
        ("First", 1000, 800, 800, 600),
        ("Second", 500, 400, 400, 300),
    ]
    assert shown["Measured effect, plan and published"] == [
        ("First", EVENTS, 0.12, 0.11, 35, 38),
        ("Second", EVENTS, 0.12, "not known yet", 47, "not known yet"),
    ]
    assert shown["Milestones, plan and counted"] == [
        ("First", "Tenancy kept", 400, 270),
        ("Second", "Tenancy kept", 200, "not known yet"),
    ]
    figures = shown["Plan against now, base case"]
    assert figures[0] == ("Outcome payments", 3_090_000, 2_274_000)
    assert [row[0] for row in figures[3:]] == [
        "Investors: rate of return a year (IRR)",
        "Investors: multiple of invested capital (MOIC)",
        "Investors: net present value",
        "Charity: lowest cash",
    ]
    then = base_case(deal().replace("actuals", None))
    assert figures[3][1] == pytest.approx(then.figure(then.model.returns.everyone.irr), abs=1e-6)


def test_the_screen_says_it_in_a_line(made: Run) -> None:
    (line,) = [one for one in summary(made).splitlines() if one.startswith("Known by 2030-02")]
    assert "outcome payments £3.09 million by plan, £2.27 million now" in line


def test_the_results_hold_it_as_their_schema_says(made: Run, checkout: Path) -> None:
    told = document(made)
    schema = json.loads((checkout / "sibmodel" / "result_schema.json").read_text(encoding="utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(told)) == []
    actuals = told["base"]["actuals"]
    assert actuals["as_of"] == "2030-02"
    assert actuals["facts"][0] == {
        "cohort": "First", "fact": "people", "measure": None, "plan": 1000, "now": 800, "known": True
    }  # fmt: skip
    assert actuals["figures"][0] == {
        "figure": "Outcome payments", "plan": pytest.approx(3_090_000), "now": pytest.approx(2_274_000)
    }  # fmt: skip


# ── what cannot be ───────────────────────────────────────────────────────────────────────────────────

PUBLISHED = {"measured": {EVENTS: "6.1%"}, "decided": "2029-11"}


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"people": 100, "starts": 101}, "101 started, of 100 people"),
        ({"starts": 100}, "is missing: the starts are known"),
        ({"measured": {EVENTS: "6.1%"}}, "is missing: a measured effect is published"),
        ({"people": 1, "decided": "2029-11"}, "says when, and nothing says what"),
        ({}, "Nothing that counts is known of it"),
        ({"comparison": {EVENTS: 1.5}}, "Nothing that counts is known of it"),
        ({**PUBLISHED, "decided": "2029-12"}, "2029-12 is after 2029-11: a later decision is not known by then"),
        ({**PUBLISHED, "decided": "2028-01"}, "2028-01 is not after First closes, 2028-01"),
        ({**PUBLISHED, "measured": {"Reconviction event": 0.1}}, f'Did you mean "{EVENTS}"?'),
        ({**PUBLISHED, "measured": {EVENTS: 6.1}}, "For 6.1 % write 6.1%"),
        ({**PUBLISHED, "comparison": {"Events": 1.5}}, '"Events" is not a published effect of this deal'),
        ({**PUBLISHED, "comparison": {EVENTS: 0}}, "0 is nothing to compare with"),
        ({"people": 9, "counted": {"Job": 3}}, "There are no milestones"),
        ({"people": -1}, "is not a number of people of 0 or more"),
    ],
)
def test_what_does_not_hang_together_is_told(facts: dict[str, Any], said: str) -> None:
    with pytest.raises(DealError) as told:
        with_facts(facts)
    assert said in str(told.value)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("actuals.as_of", "2026-12", "2026-12 is before the deal starts, 2027-01"),
        ("actuals.as_of", "2028-12", "Second closes in 2029-01, after 2028-12: it is not known by then"),
        ("actuals.cohorts", {}, "Nothing is known of any cohort"),
        ("actuals.cohorts", {"Frist": {"people": 3}}, 'Did you mean "First"?'),
        (f"{FIRST}.counted", {"Tenancy": 3}, 'Did you mean "Tenancy kept"?'),
        (f"{FIRST}.counted", {"Tenancy kept": 601}, "601 are counted, of 600"),
        (f"{FIRST}.starts", None, 'is missing: "Tenancy kept" is counted of starts'),
        ("metrics[1].months_after_start", 26, "The last person may reach it in 2030-03, after 2030-02"),
        (
            "cohorts[0].segments",
            [{"name": "Women", "share": "50%"}, {"name": "Men", "share": "50%"}],
            "First has segments, and nothing says how many of each",
        ),
    ],
)
def test_what_cannot_be_known_is_refused(path: str, value: object, said: str) -> None:
    with pytest.raises(DealError) as told:
        deal().replace(path, value)
    assert said in str(told.value)


def test_an_end_that_is_known_closes_a_cohort_sooner() -> None:
    """Referrals end in November 2027, three months early: the people are known in that month."""
    early = with_facts({"people": 700}, as_of="2027-11", early_end={"ends": "2027-12"})
    assert base_case(early).figure_of("People, First") == 700


def test_the_published_effect_of_a_cohort_with_segments() -> None:
    plain = data()
    plain["cohorts"][0]["segments"] = [{"name": "Women", "share": "50%"}, {"name": "Men", "share": "50%"}]
    plain["actuals"] = {"as_of": "2029-11", "cohorts": {"First": PUBLISHED}}
    made: Case = base_case(deal_of(plain))
    assert made.figure(made.measured.cohorts[0].effect) == 0.061


def test_a_cell_takes_what_its_field_takes() -> None:
    cells = {cell.path: limits(cell, 72) for cell in base_case(deal()).model.book.inputs}
    assert cells[f"{FIRST}.people"] == Limits(0, LARGEST, True)
    assert cells[f'{FIRST}.counted["Tenancy kept"]'] == Limits(0, LARGEST, True)
    assert cells[f'{FIRST}.measured["{EVENTS}"]'] == Limits(-LARGEST, LARGEST, False)  # it may be a rise
    assert cells[f"{FIRST}.decided"] == Limits(1, 72, True)


def test_cautions_are_about_what_is_not_known_yet() -> None:
    """Ten people reach 10 % by luck often; once their result is published, luck has had its say."""

    def said(facts: dict[str, Any] | None) -> list[str]:
        plain = data()
        plain["assumptions"]["volume"] = 1.5
        if facts is not None:
            plain["actuals"] = {"as_of": "2029-11", "cohorts": {"First": facts}}
        return [one.message for one in cautions(build(deal_of(plain))) if "First" in one.message]

    more = "More people than planned are expected in First."
    assert more in said(None)
    few = said({"people": 10})
    assert [one for one in few if "First would reach 10.0%" in one and "it has 10 people" in one]
    assert more not in few
    assert said({"people": 10, **PUBLISHED}) == []
