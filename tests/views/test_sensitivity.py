"""The sheet of what moves a deal's figures: its sentences, tables and charts hold what was found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sibmodel.results import Run, run
from sibmodel.views.common import Constant, Table, View, Words
from sibmodel.views.sensitivity import sensitivity
from sibmodel.views.sensitivity_screen import screen
from tests.deals import data, deal_of


@pytest.fixture(scope="module")
def made() -> Run:
    deal = data()
    deal["payments"][0]["cap"] = 1_500_000
    deal["assumptions"]["effect"] = {"normal": {"mean": 0.08, "sd": 0.06}}
    deal["assumptions"]["matching_error"] = {"normal": {"mean": 0, "sd": 0.04}}
    return run(deal_of(deal), 500)


@pytest.fixture(scope="module")
def view(made: Run) -> View:
    return sensitivity(made)


def table(view: View, begins: str) -> Table:
    return next(one for one in view.tables if one.title.startswith(begins))


def test_the_first_sentence_is_the_finding(made: Run, view: View) -> None:
    words = view.blocks[0]
    assert isinstance(words, Words)
    assert words.sentences[0].startswith("The mean of investors' net present value hangs most on the effect")
    assert any("instead of" in sentence for sentence in words.sentences)
    assert any("P50 would be chance" in sentence for sentence in words.sentences)


def test_bars_are_drawn_from_the_middle(made: Run, view: View) -> None:
    chart = next(iter(view.charts))
    assert chart.shape == "bar"
    middle = made.sensitivity.tornados[0].middle.value
    for row in chart.table.rows:
        cells = [cell for cell in row[1:] if isinstance(cell, Constant)]
        assert cells[4].value == pytest.approx(cells[0].value - middle)
        assert cells[5].value == pytest.approx(cells[2].value - middle)
    swings = [abs(row[3].value - row[1].value) for row in chart.table.rows]  # type: ignore[union-attr]
    assert swings == sorted(swings, reverse=True)


def test_every_stress_has_its_row_and_source(made: Run, view: View) -> None:
    found = table(view, "Stress scenarios")
    assert [row[0] for row in found.rows] == [one.name for one in made.sensitivity.stresses]
    assert all(row[-1] for row in found.rows)
    assert found.rows[0][3] == Constant(0.0, "money")


def test_looking_back_is_in_order_of_what_it_tells(view: View) -> None:
    found = table(view, "Looking back from paths with loss")
    place = found.header.index("Distance")
    distances = [row[place].value for row in found.rows]  # type: ignore[union-attr]
    assert distances == sorted(distances, reverse=True)


def test_a_deal_in_which_nothing_is_uncertain_still_has_its_break_evens() -> None:
    certain = run(deal_of(data()), 50)
    shown = sensitivity(certain)
    assert not list(shown.charts)
    assert table(shown, "Where the base case breaks even").rows
    assert certain.sensitivity.reverse[0].drivers == ()


def test_a_bar_that_luck_explains_is_not_drawn(made: Run) -> None:
    """Bars have their errors beside them; the effect's stands, and one whose ends lie within two errors has none."""
    found = made.sensitivity
    longest = found.tornados[0].bars[0]
    alike = replace(longest, high=longest.low)
    tornado = replace(found.tornados[0], bars=(longest, alike), middle=longest.low)
    lines = screen("Deal", replace(found, tornados=(tornado,))).splitlines()
    first = next(place for place, line in enumerate(lines) if "each ±" in line) + 1
    assert "no more than luck" not in lines[first]
    assert "no more than luck" in lines[first + 1]
    assert "░" not in lines[first + 1]
