"""From YAML to Excel and back nothing is lost, whatever the deal and whatever its names."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from sibmodel.deal import Deal
from sibmodel.deals import examples
from sibmodel.errors import DealError
from sibmodel.files import deal_hash, read_terms, write_yaml
from sibmodel.forms.rows import LONGEST
from sibmodel.workbook.form import form_bytes
from tests.deals import data, deal_of
from tests.forms.filled import compact, read

TESTS = Path(__file__).resolve().parent.parent
SMALL = sorted([*(TESTS / "mechanics").glob("*.yaml"), *(TESTS / "workbook" / "deals").glob("*.yaml")])
EXAMPLES = {one.name: one for one in examples()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_comes_back_from_its_form_and_from_yaml(name: str, tmp_path: Path) -> None:
    deal = EXAMPLES[name].deal()
    again = read(form_bytes(deal), tmp_path)
    assert again == deal
    assert deal_hash(again) == deal_hash(deal)
    assert read_terms(write_yaml(again), Deal) == deal


@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.stem)
def test_every_kind_of_term_comes_back(path: Path, tmp_path: Path) -> None:
    deal = read_terms(path, Deal)
    again = read(compact(deal), tmp_path)
    assert again == deal
    assert deal_hash(again) == deal_hash(deal)


def test_a_form_is_the_same_each_time() -> None:
    deal = EXAMPLES["peterborough"].deal()
    assert form_bytes(deal) == form_bytes(deal)


NAMES = st.one_of(
    st.text(min_size=1, max_size=12),
    st.sampled_from(
        [
            *(
                "=1+1",
                "+44",
                "-1",
                "@SUM(A1)",
                "{=1}",
                "a; b",
                "a, b",
                "[x]",
                '"q"',
                "it's",
                "'\"",
                "2027",
                "none",
                "yes",
            ),
            *(
                "1.5",
                "10%",
                "2027-04",
                "TRUE",
                "#N/A",
                "_x0041_",
                "a\tb",
                "a\nb",
                "a\rb",
                "\x07",
                "x" * 31,
                "e.g.",
                "🙂",
            ),
        ]
    ),
)


@settings(max_examples=25)
@given(st.lists(NAMES, min_size=6, max_size=6, unique=True))
def test_any_name_comes_back(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    terms = data()
    first, provider, payer, tranche, metric, note = names
    terms["cohorts"][0]["name"] = first
    terms["payments"][0]["thresholds"] = {first: 0.12}
    terms["payments"][0]["cohorts"] = [first, "Second"]
    terms["metrics"][0]["name"] = metric
    terms["providers"][0]["name"] = provider
    terms["payments"][0]["payers"][1]["name"] = payer
    terms["funding"]["tranches"][0]["name"] = tranche
    for step in (1, 2):
        terms["funding"]["waterfall"][step]["tranches"] = [tranche]
    terms["assumptions"]["effect"] = {"by_cohort": {first: 0.1, "Second": {"normal": {"mean": 0.1, "sd": 0.05}}}}
    terms["assumptions"]["dispersion"] = {"value": 0.7, "source": note, "note": note}
    terms["sources"] = {"payments[0].price": note}
    try:
        deal = deal_of(terms)
    except DealError:
        reject()  # a name that no deal takes
    assert read(compact(deal), tmp_path_factory.mktemp("names")) == deal


@settings(max_examples=10)
@given(st.lists(st.floats(0.0, 1e15, allow_subnormal=False), min_size=3, max_size=3))
def test_any_number_comes_back_to_the_last_bit(tmp_path_factory: pytest.TempPathFactory, numbers: list[float]) -> None:
    terms = data()
    terms["payments"][0]["price"], terms["payments_cap"], terms["providers"][0]["per_start"] = numbers
    deal = deal_of(terms)
    assert read(compact(deal), tmp_path_factory.mktemp("numbers")) == deal


def test_a_list_too_long_for_a_cell_comes_back(tmp_path: Path) -> None:
    terms = data()
    values = [at / 7000 for at in range(2500)]
    assert len(str(values)) > LONGEST
    terms["assumptions"]["effect"] = {"empirical": {"values": values}, "source": "a trial"}
    deal = deal_of(terms)
    assert read(compact(deal), tmp_path) == deal
