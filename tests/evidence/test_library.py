"""The library as data: every row has its place, its source and its status, and what is derived follows."""

from __future__ import annotations

import json
import math
import re
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibmodel.errors import DealError, NotFoundError
from sibmodel.evidence import library, listing
from sibmodel.evidence.source import KINDS, Source
from sibmodel.files import read_terms
from sibmodel.measurement.statistics import dispersion, standard_error

ENTRIES = library.entries()


def value(name: str) -> float:
    found = library.find(name).row.value
    assert found is not None
    return found


def test_there_is_much_of_every_kind() -> None:
    assert len(ENTRIES) >= 180
    assert len(library.sources()) >= 75
    assert {entry.row.kind for entry in ENTRIES} == set(KINDS)


def test_each_source_is_one_file_of_its_name() -> None:
    files = {file.name for file in resources.files("sibmodel.evidence").iterdir() if file.name.endswith(".yaml")}
    assert files == {f"{source.id}.yaml" for source in library.sources()}


def test_names_are_unique_and_no_source_is_read_twice() -> None:
    rows = [entry.id for entry in ENTRIES]
    assert len(set(rows)) == len(rows)
    assert not set(rows) & {source.id for source in library.sources()}
    addresses = [source.address for source in library.sources()]
    assert len(set(addresses)) == len(addresses)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_every_row_has_an_address_a_status_and_a_sentence(entry: library.Entry) -> None:
    assert re.fullmatch(r"https?://[^\s/]+\.[^\s]+", entry.source.address)
    assert entry.status in ("verified", "secondary", "derived")
    assert (entry.status == "derived") == (entry.row.derived is not None)
    assert not entry.row.what.endswith(".")
    assert entry.source.publisher
    assert entry.source.accessed.year >= 2026


REMEMBERED = (
    r"\b936\b",  # people of Peterborough's first cohort
    r"\b866\b",
    r"9\.02",
    r"9\.7 ?%|0\.097",  # the second cohort
    r"\b8[ ,]?000[ ,]?000\b(?!0)",  # the cap of outcome payments
    r"\b13000000\b",
    r"\b58\.0|0\.58\b|52\.2|0\.522",  # Doncaster's baseline and first year
    r"\b5930\b",  # a burglary
    r"\b1\.53\b",  # an odds ratio that was not read
    r"\b259000000\b",
    r"desister",
    r"0\.025\b",
)


def test_no_figure_that_is_only_remembered_is_in_it() -> None:
    """EVIDENCE.md marks these [M]; a few stand for all."""
    for file in resources.files("sibmodel.evidence").iterdir():
        if file.name.endswith(".yaml"):
            text = file.read_text(encoding="utf-8")
            figures = "\n".join(line for line in text.splitlines() if "address:" not in line)
            for pattern in REMEMBERED:
                assert not re.search(pattern, figures), (file.name, pattern)
            assert "memory" not in figures.casefold(), file.name
    for name in ("beaudry-trials", "beaudry-large-trials"):  # their odds ratios stood where the pages were cut off
        row = library.find(name).row
        assert row.value is None
        assert row.low is None


@pytest.mark.parametrize(
    "entry", [one for one in ENTRIES if one.row.served is not None and one.row.compared], ids=lambda one: one.id
)
def test_an_effect_is_what_its_rates_say(entry: library.Entry) -> None:
    row = entry.row
    assert row.value is not None
    assert row.served is not None
    assert row.compared is not None
    if row.unit == "percentage points":
        assert row.value == pytest.approx(100 * (row.compared - row.served), abs=1.0)  # each rate is rounded to a point
    else:
        assert row.value == pytest.approx(1 - row.served / row.compared, abs=0.0005)


@pytest.mark.parametrize(
    ("name", "share", "events"),
    [  # METHOD 2.3's table of dispersion
        ("peterborough-dispersion-comparison", 0.557, 1.55),
        ("peterborough-dispersion-served", 0.534, 1.42),
        ("jdl-city-and-guilds-dispersion", 0.42, 1.74),
        ("jdl-leeds-dispersion", 0.56, 2.05),
        ("jdl-brighton-dispersion", 0.25, 0.88),
        ("crc-2015-16-dispersion", 0.454, 0.454 * 4.7),
        ("proven-2012-dispersion", 0.262, 0.262 * 2.9),
    ],
)
def test_a_derived_dispersion_follows(name: str, share: float, events: float) -> None:
    assert value(name) == round(dispersion(share, events), 2)
    assert library.find(name).status == "derived"


def test_other_derived_figures_follow() -> None:
    assert value("wsipp-cbt-adjustment") == round(0.109 / 0.147, 2)
    assert value("peterborough-assessed-first-year") == round(473 / 537, 2)
    assert value("peterborough-cohort-2-interim") == round(1 - 155 / (148 / 0.9), 3)  # EVIDENCE R5
    assert value("short-sentence-prison-cost") == round(286e6 / 60_000)
    assert value("better-futures-per-child") == 500e6 / 200_000
    per_person = library.find("skill-mill-per-person").row
    assert (per_person.low, per_person.high) == (round(3.24e6 / 252), round(3.24e6 / 224))  # EVIDENCE R23
    assert value("jdl-significant-reductions") == round(25 / 93, 2)
    assert value("jdl-significant-increases") == round(5 / 30, 2)
    assert value("peterborough-first-decision") == (2014 - 2010) * 12 + 8 - 9
    assert value("peterborough-final-decision") == (2017 - 2010) * 12 + 7 - 9
    for name, low, high, share, people in (
        ("jdl-langley-design-effect", 2, 14, 0.26, 231),
        ("jdl-pet-open-university-design-effect", 2, 8, 0.18, 805),
    ):
        implied = ((high - low) / 3.92 / 100) ** 2 / (share * (1 - share) / people)
        assert value(name) == pytest.approx(implied, abs=0.0051)
    error = float(standard_error(1802, 1.55, 0.69, 10, 0.09))
    interval = library.find("peterborough-final-interval").row
    for end, sign in ((interval.low, 1), (interval.high, -1)):
        assert end == round(1 - math.exp(math.log(0.91) + sign * 1.96 * error), 3)


def test_unit_costs_of_crime_say_that_they_are_no_saving() -> None:
    for entry in library.search(kind="unit cost"):
        assert entry.row.caution, entry.id
    for name in ("reoffending-cost-all", "crime-cost-robbery", "short-sentence-reoffending-cost"):
        caution = library.find(name).row.caution
        assert caution is not None
        assert "not cash" in caution


# ── finding ────────────────────────────────────────────────────────────────────────────────────


def test_a_row_is_found_by_its_name() -> None:
    assert library.find("peterborough-comparison-events").row.value == 1.55
    assert library.find(" doncaster-cohort-1 ").source.id == "northumbria-doncaster"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: library.find("doncaster-cohort-3"), "Did you mean: doncaster-cohort-"),
        (lambda: library.find("§"), "See them all with: sibmodel evidence"),
        (lambda: library.source("wsip-cbt"), "Did you mean: wsipp-cbt"),
        (lambda: library.search(kind="unit costs"), 'Did you mean "unit cost"?'),
        (lambda: library.search(kind="xyz"), "There are: effect, base rate"),
        (lambda: library.search(["Petrborough"]), 'Did you mean "peterborough"?'),
        (lambda: library.search(["robbery"], kind="lag"), "Use fewer words"),
        (lambda: library.search(source_id="nowhere-at-all"), "There is no source"),
    ],
)
def test_what_is_not_there_is_met_with_near_misses(call, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotFoundError, match=re.escape(said)):
        call()


def test_search_takes_all_words_in_any_order_and_case() -> None:
    assert library.search(["BINARY doncaster", "cohort-1"]) == library.search(["doncaster cohort-1 binary"])
    assert {one.row.kind for one in library.search(["custody"], kind="base rate")} == {"base rate"}
    assert library.search() == ENTRIES
    assert [one.id for one in library.search(source_id="nao-2017-crc")] == ["nao-2017-crc-volumes"]


@given(st.lists(st.text(max_size=20), max_size=4), st.sampled_from([None, *KINDS, "x"]))
def test_any_words_find_rows_or_are_met_with_a_sentence(words: list[str], kind: str | None) -> None:
    try:
        found = library.search(words, kind=kind)
    except NotFoundError as error:
        said = str(error)
    else:
        assert found
        said = listing.table(found)
        assert ", from:" in said
    assert len(said) > 20


def test_every_row_can_be_shown_and_written() -> None:
    shown = listing.table(ENTRIES)
    for entry in ENTRIES:
        assert entry.id in shown
        assert entry.source.address in listing.full([entry])
    assert listing.figure(library.find("prison-2023-per-prisoner").row) == "£51,724 a prisoner a year"
    assert listing.figure(library.find("crc-contract-value").row) == "£3.7 billion"
    assert listing.figure(library.find("nao-2017-crc-volumes").row) == "16.0% to 48.0% below plan"
    assert listing.figure(library.find("jdl-langley-house-binary").row) == "9 (2 to 14) points"
    assert listing.figure(library.find("wsipp-cbt-adjusted").row).startswith("−0.109 (standard error 0.029) ")
    assert listing.figure(library.find("roca-massachusetts").row) == "no figure"
    json.dumps(listing.document(ENTRIES), allow_nan=False)


def test_the_table_of_sources_is_fresh(checkout: Path) -> None:
    page = (checkout / "docs" / "evidence.md").read_text(encoding="utf-8")
    between = page.split("<!-- table: evidence sources -->")[1].split("<!-- end -->")[0].strip()
    assert between == listing.sources_table()


# ── the schema ─────────────────────────────────────────────────────────────────────────────────

GOOD = """\
id: a-source
title: A title
publisher: A publisher
address: https://example.org/page
accessed: 2026-11
status: verified
rows:
  - id: a-row
    kind: effect
    what: An effect
    value: 5%
    low: 1%
    high: 9%
    unit: relative reduction
    measure: binary
"""


def test_the_pattern_of_a_source_is_read() -> None:
    assert read_terms(GOOD, Source).rows[0].value == 0.05


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("https://example.org/page", "a book"), "is not the address of a page"),
        (("address: https://example.org/page\n", ""), "is missing"),
        (("status: verified", "status: memory"), "is not one of: verified, secondary, derived"),
        (("status: verified", "status: derived"), "Only rows are derived"),
        (("status: verified\n", ""), "is missing"),
        (("id: a-row", "id: A Row"), "is not small letters"),
        (("kind: effect", "kind: efect"), 'Did you mean "effect"?'),
        (("unit: relative reduction", "unit: per cent"), "is not a unit of effects"),
        (("    high: 9%\n", ""), "is missing beside the other end"),
        (("low: 1%", "low: 10%"), "is below low"),
        (("measure: binary", "status: derived"), "belong together"),
        (("measure: binary", "served: 0.1"), "Rates are of a measure"),
        (("    value: 5%\n    low: 1%\n    high: 9%\n", ""), "Without a figure, say why"),
        (("measure: binary", "measured: binary"), 'Did you mean "measure"?'),
    ],
)
def test_a_file_that_is_wrong_is_refused(change: tuple[str, str], said: str) -> None:
    assert change[0] in GOOD
    with pytest.raises(DealError, match=re.escape(said)):
        read_terms(GOOD.replace(*change), Source)
