"""Ids of the library as sources of a deal's numbers."""

from __future__ import annotations

import pytest

from sibmodel.deals import read
from sibmodel.evidence.citing import cited, source_text, status
from sibmodel.evidence.library import entries, source
from sibmodel.results import run
from sibmodel.results.assurance import rated
from sibmodel.views.records import assumptions_log, sources


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("moj-peterborough-2014", "published"),
        ("peterborough-cohort-1-binary", "published"),
        ("peterborough-cohort-1-binary, the rate of those served", "published"),
        ("nao-2010-short-sentences (paragraph 3)", "published"),
        ("assumed", "assumed"),
        ("library/favourable", "assumed"),
        ("derived: moj-peterborough-2014 and a guess", "derived"),
        ("no-such-row", "convention"),
        ("half a penny", "convention"),
        ("https://example.org/moj-peterborough-2014", "published"),
    ],
)
def test_an_id_of_the_library_is_evidence(text: str, word: str) -> None:
    assert status(text) == word


def test_what_is_derived_in_the_library_is_derived_here() -> None:
    derived = next(entry for entry in entries() if entry.status == "derived")
    assert status(derived.id) == "derived"


def test_it_is_shown_with_its_address() -> None:
    of = source("moj-peterborough-2014")
    assert source_text(of.id) == f"{of.id}: {of.publisher}, {of.title}, {of.address}"
    assert of.address in source_text("peterborough-cohort-1-binary")
    assert source_text("half a penny") == "half a penny"
    assert cited("half a penny") is None


def test_a_deal_that_cites_the_library_shows_evidence() -> None:
    deal = read("one-service").replace(
        "assumptions.events_per_person", {"value": 1.55, "source": "moj-peterborough-2014"}
    )
    made = run(deal, paths=64)
    found = [one for one in rated(made) if one.cell.source == "moj-peterborough-2014"]
    assert found
    assert {(one.status, one.rating) for one in found} == {("published", "green")}
    for view, column in ((assumptions_log(made), 5), (sources(made), 0)):
        texts = [row[column] for table in view.tables for row in table.rows]
        assert source_text("moj-peterborough-2014") in texts
