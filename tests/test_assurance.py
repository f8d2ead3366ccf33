"""Assurance: roles, owners and ratings from the deal file, ratings by kind of source, and what the run adds."""

from __future__ import annotations

from typing import Any

import pytest

from sibmodel.assurance import RATING_OF_STATUS
from sibmodel.cautions import cautions
from sibmodel.deal import Deal
from sibmodel.deals import read
from sibmodel.errors import DealError
from sibmodel.model import build
from sibmodel.results import document, run
from sibmodel.results.assurance import LIMITS, rated
from sibmodel.views.assurance import assumptions_log, assurance
from tests.deals import data, deal_of, small


def assured(**more: Any) -> Deal:
    told = {"purpose": "Bid or not", "assurer": "B. Checker", "owners": {"assumptions": "Finance lead"}, **more}
    return deal_of(data() | {"assurance": told})


def test_owners_and_ratings_hold_for_all_within_a_part() -> None:
    deal = assured(ratings={"assumptions.effect": "green", "payments": "amber"})
    found = {one.cell.path: one for one in rated(run(deal, 50))}
    beliefs = [one for path, one in found.items() if path.startswith("assumptions.")]
    assert beliefs
    assert {one.owner for one in beliefs} == {"Finance lead"}
    assert {one.rating for path, one in found.items() if path.startswith("assumptions.effect")} == {"green"}
    assert {one.rating for path, one in found.items() if path.startswith("payments[0].")} == {"amber"}
    assert all(one.given for path, one in found.items() if path.startswith("payments[0]."))


def test_what_nobody_rated_is_rated_by_its_source() -> None:
    for one in rated(run(read("peterborough"), 50)):
        assert not one.given
        assert one.rating == RATING_OF_STATUS[one.status]


def test_the_results_carry_it() -> None:
    told = document(run(assured(limits=["Not for trading"]), 50))["assurance"]
    assert told["assurer"] == "B. Checker"
    assert told["limits"] == ["Not for trading", *LIMITS]
    assert told["checks_failing"] == 0
    assert all(check["holds"] for check in told["checks"])
    assert told["made_with"]["sibmodel"]
    assert {one["figure"] for one in told["monte_carlo"]} >= {"Chance of losing money", "Mean net present value"}
    assert all(one["error"] >= 0 for one in told["monte_carlo"])


def test_the_views_say_who_stands_behind_it() -> None:
    change = {"version": "1.1", "date": "2027-03-31", "who": "A. Nalyst", "what": "Price as agreed"}
    made = run(assured(changes=[change]), 50)
    tables = {table.title: table for table in assurance(made).tables}
    assert ("Assurer", "B. Checker") in tables["Who stands behind it"].rows
    assert tables["Changes of the deal"].rows == (("1.1", "2027-03-31", "A. Nalyst", "Price as agreed", "not named"),)
    (log,) = assumptions_log(made).tables
    ratings = [row[4] for row in log.rows]
    assert ratings == sorted(ratings, key=("red", "amber", "green").index)


@pytest.mark.parametrize("name", ["owners", "ratings"])
def test_a_path_that_leads_nowhere_is_told(name: str) -> None:
    with pytest.raises(DealError, match="is no place in a deal"):
        assured(**{name: {"asumptions.effect": "green"}})


def test_a_cohort_of_nobody_deserves_no_caution_about_luck() -> None:
    assert not [one for one in cautions(build(small({"assumptions.volume": 0}))) if "threshold" in one.path]
