"""Files for one party: what it may see is there, what is private to another is not."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from sibmodel.deals import read
from sibmodel.errors import NotFoundError
from sibmodel.results import Run, run, valued
from sibmodel.simulation import summary_of
from sibmodel.views.as_values import as_values
from sibmodel.views.audience import audience
from sibmodel.views.common import Pictures, Table
from sibmodel.workbook.party import write_party


@pytest.fixture(scope="module")
def made() -> Run:
    return run(read("yorkshire-and-humber"), 300)


def text_of(made: Run, who: str, folder: Path) -> str:
    path = folder / "party.xlsx"
    write_party(made, audience(who, made), path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
    assert not any("<f>" in text for text in parts.values())
    assert not any("externalLink" in name for name in parts)
    return "".join(parts.values())


def test_the_commissioner_sees_no_terms_of_capital_and_no_providers_costs(made: Run, tmp_path: Path) -> None:
    text = text_of(made, "commissioner", tmp_path)
    assert "Commissioner view" in text
    assert "Investor view" not in text
    for tranche in made.deal.funding.tranches:
        assert not re.search(rf"\b{re.escape(tranche.name)}: ", text)
    for one in made.deal.providers:
        assert f"{one.name}: " not in text


def test_the_commissioner_gets_what_it_decides_by(tmp_path: Path) -> None:
    text = text_of(valued(read("yorkshire-and-humber"), 256), "commissioner", tmp_path)
    for page in ("Commissioner view", "Value for money", "Error rates", "Who bears what", "Assurance", "Guide"):
        assert f'<sheet name="{page}"' in text
    assert "Outcome payers bear the bill" in text
    assert "for each that is measured" in text  # the sentences of value for money
    assert "Chance of outcome payment" in text
    assert "How to read these pages" in text


def test_no_private_figure_is_on_the_commissioners_pages(tmp_path: Path) -> None:
    """Neither in words nor as a number: investors' returns, providers' margins and cash, cautions about them."""
    made = valued(read("yorkshire-and-humber"), 256)
    text = text_of(made, "commissioner", tmp_path)
    private = [one for one in made.cautions if one.path.startswith("providers")]
    assert private
    assert not [one.message for one in private if one.message in text]
    assert "Mean net present value" not in text
    assert "Chance of losing money" not in text
    names = [name for name in ("npv", "irr", "moic", "received", "invested") if name in made.simulation.figures]
    figures = [summary_of(made.simulation, name) for name in names]
    figures += [summary_of(made.simulation, f"margin, {one.name}") for one in made.model.provider_cash]
    told = [value for one in figures for value in (one.mean, one.p5, one.p95) if abs(value) > 10]
    assert len(told) > 20
    everything = made.simulation.figures["payments"]  # what capital or providers get may be a payment, capped or whole
    shown = [value for value in told if f"<v>{value:.15g}"[:14] in text and not (everything == value).any()]
    assert shown == []
    investor = text_of(made, "investor", tmp_path)
    assert any(f"<v>{value:.15g}"[:14] in investor for value in told)


def test_investors_see_no_providers_own_cash(made: Run, tmp_path: Path) -> None:
    text = text_of(made, "investor", tmp_path)
    assert "Investor view" in text
    assert "Commissioner view" not in text
    assert "reserves policy" not in text.casefold()


def test_a_provider_sees_itself_and_no_other_providers_terms(made: Run, tmp_path: Path) -> None:
    first, *others = made.deal.providers
    text = text_of(made, f"provider:{first.name}", tmp_path)
    assert f"Key figures, {first.name}" in text
    for other in others:
        assert f"Key figures, {other.name}" not in text
        assert f"{other.name}: " not in text
    assert "Investor view" not in text


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("provider:Nobody at all", "Its providers are: "),
        ("investors", "Write investor, commissioner or provider:NAME."),
        ("provider", 'The deal has no provider ""'),
    ],
)
def test_nobody_else_is_an_audience(made: Run, who: str, said: str) -> None:
    with pytest.raises(NotFoundError, match=re.escape(said)):
        audience(who, made)


def test_each_party_has_a_file_of_its_own(made: Run) -> None:
    names = [f"provider:{one.name}" for one in made.deal.providers]
    parts = [audience(who, made).file_part for who in ("investor", "commissioner", *names)]
    assert len(set(parts)) == len(parts)
    assert all(re.fullmatch(r"[a-z0-9-]+", part) for part in parts)


def test_months_are_named_and_charts_have_dates(made: Run, tmp_path: Path) -> None:
    text = text_of(made, "investor", tmp_path)
    assert "months since year 0" not in text
    assert "c:dateAx" in text


def test_a_row_of_totals_keeps_clear_of_the_line_above_it_in_print(tmp_path: Path) -> None:
    """Printed at half its size, and touching its line, it looked cut off."""
    path = tmp_path / "party.xlsx"
    deal = valued(read("one-service"), 128)
    write_party(deal, audience("commissioner", deal), path)
    sheet = load_workbook(path)["Value for money"]
    (total,) = [cell for cell in sheet["A"] if cell.value == "Over the whole deal"]
    assert total.alignment.vertical == "center"
    assert sheet.row_dimensions[total.row].height == 18.75
    assert sheet.page_setup.scale >= 65


@pytest.mark.parametrize("who", ["commissioner", "investor", "provider:0"])
def test_no_table_stands_twice_and_no_words_point_to_a_sheet_that_is_not_there(made: Run, who: str) -> None:
    party = audience(who.replace("0", made.deal.providers[0].name), made)
    views = [as_values(view, made.base) for view in party.views(made)]
    for view in views:
        titles = [block.title for block in view.blocks if isinstance(block, Table)]
        assert sorted(titles) == sorted(set(titles))
        charts = [chart for block in view.blocks if isinstance(block, Pictures) for chart in block.charts]
        assert all(id(chart.table) in {id(block) for block in view.blocks} for chart in charts)
        assert not [chart.alternative for chart in charts if "sheet Simulation" in chart.alternative]
