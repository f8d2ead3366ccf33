"""Workbooks of answers, `sibmodel price` and `sibmodel diff` with --out: what they say is what was found, and they are
built as the model's own workbook is: titled charts with words in their place, nothing hidden, no formula, no error."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from click.testing import CliRunner

from sibmodel.cli import main
from sibmodel.views.kinds import titled
from tests.workbook.judges import CellError, Values, formula_cells, stored_values
from tests.workbook.test_charts import CHART, DRAWING, LONGEST_TITLE, text

SOLVE = ("--solve", "payments[0].price")
COMMANDS = {
    "solved": ("price", "through-the-gate", *SOLVE, "--target", "mean npv = 0", "--subject-to", "P(loss) <= 20%"),
    "base": ("price", "through-the-gate", *SOLVE, "--target", "irr = 5%", "--in-proportion", "payments[0].cap"),
    "jumps": ("price", "through-the-gate", "--solve", "payments[0].fallback.pooled", "--target", "irr = 5%"),
    "none": ("price", "peterborough", *SOLVE, "--target", "mean npv = 0", "--bidders", "5"),
    "won": ("price", "through-the-gate", *SOLVE, "--target", "npv = 0", "--bidders", "2"),
    "frontier": (
        *("price", "through-the-gate", *SOLVE, "--target", "mean npv = 0", "--along"),
        "payments[0].fallback.pooled=5%,2%,0.1%",
    ),
    "no frontier": ("price", "peterborough", *SOLVE, "--target", "irr = 12%", "--along", "payments[0].cap=£3m,£4m"),
    "one value": ("price", "through-the-gate", *SOLVE, "--target", "npv = 0", "--along", "payments[0].cap=£8m,£8m"),
    "bidders": ("price", "peterborough", "--bidders", "7", "--estimate", "14%"),
    "changed": (
        *("diff", "through-the-gate", "--set", "payments[0].price=£15,000", "--set", "assumptions.cost_overrun=10%"),
        *("--set", "months=80", "--set", "intermediary.per_month=£5,500", "--set", "payments[0].payment_months=5"),
    ),
    "one change": ("diff", "through-the-gate", "--set", "payments[0].price=£15,000"),
    "scenario": ("diff", "peterborough", "peterborough@Low"),
    "other deal": ("diff", "peterborough", "through-the-gate"),
    "same": ("diff", "peterborough", "peterborough"),
}
LONGEST_SHEET_NAME = 31


@dataclass(frozen=True)
class Answer:
    """A workbook that a command wrote, and the data beside it."""

    path: Path
    data: dict[str, Any]

    @cached_property
    def stored(self) -> Values:
        return stored_values(self.path)

    def texts(self, sheet: str) -> list[str]:
        return [value for (name, _), value in self.stored.items() if name == sheet and isinstance(value, str)]

    def row(self, sheet: str, label: str | float, place: int = 0) -> list[Any]:
        """What stands right of a label in the first column, of the rows that have it the one of that number."""
        cells = [(cell, value) for (name, cell), value in self.stored.items() if name == sheet]
        rows = [cell[1:] for cell, value in cells if re.fullmatch("A[0-9]+", cell) and value == label]
        return [value for cell, value in cells if re.fullmatch(rf"[B-Z]{rows[place]}", cell)]

    def parts(self, folder: str) -> list[ElementTree.Element]:
        with zipfile.ZipFile(self.path) as archive:
            names = [name for name in archive.namelist() if re.fullmatch(rf"xl/{folder}/[a-z]+[0-9]+\.xml", name)]
            return [ElementTree.fromstring(archive.read(name)) for name in names]


_ANSWERS: dict[str, Answer] = {}


@pytest.fixture(scope="module")
def of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Answer]:
    def answer(name: str) -> Answer:
        if name not in _ANSWERS:
            folder = tmp_path_factory.mktemp(name.replace(" ", "-"))
            done = CliRunner().invoke(main, [*COMMANDS[name], "--paths", "300", "--out", str(folder)])
            assert done.exit_code == 0, done.output
            (path,) = folder.glob("*.xlsx")
            assert f"Wrote {path} and {path.with_suffix('.json')}" in done.output
            _ANSWERS[name] = Answer(path, json.loads(path.with_suffix(".json").read_text(encoding="utf-8")))
        return _ANSWERS[name]

    return answer


@pytest.fixture(params=COMMANDS)
def answer(request: pytest.FixtureRequest, of: Callable[[str], Answer]) -> Answer:
    return of(request.param)


# As every workbook ------------------------------------------------------------------------------------------------
def test_it_is_constants_without_errors_and_nothing_is_merged_or_hidden(answer: Answer) -> None:
    assert not formula_cells(answer.path)
    assert [cell for cell, value in answer.stored.items() if isinstance(value, CellError)] == []
    for page in answer.parts("worksheets"):
        raw = ElementTree.tostring(page, encoding="unicode")
        assert not re.search('mergeCell|hidden="1"|state="hidden"', raw)
        assert 'orientation="landscape"' in raw


def test_every_page_says_what_it_shows(answer: Answer) -> None:
    book = openpyxl.load_workbook(answer.path)
    for sheet in book:
        assert len(sheet.title) <= LONGEST_SHEET_NAME
        assert sheet["A1"].value == sheet.title
        assert str(sheet["A2"].value).count(". ") >= 1  # the deal, then a sentence
        assert sheet.freeze_panes == "A6"


def test_charts_have_titles_named_axes_and_words_in_their_place(answer: Answer) -> None:
    charts = answer.parts("charts")
    for chart in charts:
        title = text(chart.find(f"{CHART}chart/{CHART}title"))
        assert 0 < len(title.split()) <= LONGEST_TITLE, title
        axes = [axis for kind in ("catAx", "valAx") for axis in chart.iter(f"{CHART}{kind}")]
        assert len(axes) == 2
        assert all(text(axis.find(f"{CHART}title")) for axis in axes), title
        assert [one for one in chart.iter(f"{CHART}delete") if one.get("val") != "0"] == []
    described = [one.get("descr", "") for part in answer.parts("drawings") for one in part.iter(f"{DRAWING}cNvPr")]
    assert len(described) == len(charts)
    assert all(len(words) > 60 for words in described)


def test_what_a_chart_shows_stands_in_its_cells(answer: Answer) -> None:
    for chart in answer.parts("charts"):
        for one in [*chart.iter(f"{CHART}val"), *chart.iter(f"{CHART}yVal")]:
            place = one.findtext(f".//{CHART}f") or ""
            found = re.fullmatch(r"'?([^!]+?)'?!\$([A-Z]+)\$([0-9]+):\$[A-Z]+\$([0-9]+)", place)
            assert found is not None, place
            sheet, column, first, last = found.groups()
            cells = [answer.stored[sheet.replace("''", "'"), f"{column}{n}"] for n in range(int(first), int(last) + 1)]
            assert all(isinstance(value, float) for value in cells), place  # a spreadsheet draws words at nil
            points = [float(point.findtext(f"{CHART}v") or "nan") for point in one.iter(f"{CHART}pt")]
            assert points == cells


def test_the_same_question_gives_the_same_bytes(of: Callable[[str], Answer], tmp_path: Path) -> None:
    CliRunner().invoke(main, [*COMMANDS["bidders"], "--paths", "300", "--out", str(tmp_path)])
    for first in of("bidders").path.parent.iterdir():
        assert (tmp_path / first.name).read_bytes() == first.read_bytes()


@pytest.mark.parametrize("name", ["bidders", "same"])
def test_nothing_is_written_unless_a_folder_is_named(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "Wrote" not in CliRunner().invoke(main, [*COMMANDS[name], "--paths", "300"]).output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["base", "one change"])
def test_the_data_beside_it_is_what_is_printed_as_json(name: str, of: Callable[[str], Answer]) -> None:
    done = CliRunner().invoke(main, [*COMMANDS[name], "--paths", "300", "--json"])
    assert json.loads(done.stdout) == of(name).data


# Price ------------------------------------------------------------------------------------------------------------
def test_the_answer_and_its_error_stand_on_the_page(of: Callable[[str], Answer]) -> None:
    found = of("solved")
    answer, now = found.data["answer"], found.data["figure_as_signed"]
    value, error, figure, its_error = found.row("Price", "Answer")
    assert (value, error) == (pytest.approx(answer["value"]), pytest.approx(answer["error"]))
    assert figure == pytest.approx(answer["reached"]["value"], abs=0.5)
    assert its_error == pytest.approx(answer["reached"]["error"])
    assert found.row("Price", "As signed") == [16_000, 0, pytest.approx(now["value"]), pytest.approx(now["error"])]
    first = found.stored["Price", "A6"]
    assert str(first).startswith("“Outcome payment: price a unit” of £")
    assert " ± £" in str(first)


def test_what_it_costs_whom_before_and_after(of: Callable[[str], Answer]) -> None:
    found = of("solved")
    assert len(found.data["parties"]) > 2
    for one in found.data["parties"]:
        means = [one[key][part] for key in ("mean_before", "mean_after", "difference") for part in ("value", "error")]
        assert found.row("Price", one["party"], 0) == pytest.approx(means, abs=0.5)
        base = [one["base_before"], one["base_after"], one["base_after"] - one["base_before"]]
        assert found.row("Price", one["party"], 1) == pytest.approx(base, abs=0.5)


def test_constraints_say_whether_they_hold_and_where(of: Callable[[str], Answer]) -> None:
    found = of("solved")
    (one,) = found.data["constraints"]
    holds, figure, error, limit = found.row("Price", "Chance of loss of at most 20%")
    assert (holds, figure) == ("no", pytest.approx(one["figure"]["value"]))
    assert error == pytest.approx(one["figure"]["error"]) != 0
    assert limit == ("n/a" if one["nearest_value"] is None else pytest.approx(one["nearest_value"]))
    assert any("Chance of loss of at most 20% does not hold there" in words for words in found.texts("Price"))


def test_the_figure_along_the_term_has_every_value_tried(of: Callable[[str], Answer]) -> None:
    found = of("solved")
    response = found.data["response"]
    assert [one["value"] for one in response] == sorted(one["value"] for one in response)
    (chart,) = [one for one in found.parts("charts") if list(one.iter(f"{CHART}scatterChart"))]
    along = [float(one.findtext(f"{CHART}v") or "nan") for one in next(chart.iter(f"{CHART}xVal")).iter(f"{CHART}pt")]
    figures, goal = (
        [float(point.findtext(f"{CHART}v") or "nan") for point in one.iter(f"{CHART}pt")]
        for one in chart.iter(f"{CHART}yVal")
    )
    drawn = response[: len(along)]  # the table has every value; beyond those drawn the figure hardly moves
    assert along == pytest.approx([one["value"] for one in drawn])
    assert figures == pytest.approx([one["figure"]["value"] for one in drawn], abs=0.5)
    assert [found.row("Price", one["value"]) != [] for one in response] == [True] * len(response)
    every = [one["figure"]["value"] for one in response]
    assert all(abs(one - every[-1]) <= 0.02 * (max(every) - min(every)) for one in every[len(along) - 2 :])
    assert along[-1] > max(16_000, found.data["answer"]["value"])
    assert set(goal) == {0.0}
    assert response[0]["figure"]["error"] > 0


def test_an_axis_is_labelled_at_round_numbers_and_holds_the_whole_line(of: Callable[[str], Answer]) -> None:
    """Of what is drawn: from £0 to £50,000 at every £10,000, though values up to £160,000 were tried."""
    (chart,) = [one for one in of("solved").parts("charts") if list(one.iter(f"{CHART}scatterChart"))]
    along = next(chart.iter(f"{CHART}valAx"))
    ends = [along.find(f"{CHART}scaling/{CHART}{end}") for end in ("min", "max")]
    step = along.find(f"{CHART}majorUnit")
    assert [float(one.get("val", "nan")) for one in (*ends, step) if one is not None] == [0, 50_000, 10_000]


def test_a_jump_is_told_with_the_figure_on_its_other_side(of: Callable[[str], Answer]) -> None:
    found = of("jumps")
    answer = found.data["answer"]
    assert answer["jumps"]
    assert found.row("Price", "Answer")[-1] == pytest.approx(answer["across"])
    assert any(words.startswith("There the figure jumps") for words in found.texts("Price"))


def test_where_there_is_no_answer_the_page_says_why_and_what_comes_nearest(of: Callable[[str], Answer]) -> None:
    found = of("none")
    nearest = found.data["nearest"]
    assert found.data["answer"] is None
    assert "No value of “Outcome payment: price a unit” from £0 to £105,500 gives mean NPV of 0." in found.texts(
        "Price"
    )
    assert any("a cap holds payment back" in words for words in found.texts("Price"))
    row = found.row("Price", "Nearest, without reaching it")
    assert (row[0], row[2]) == (pytest.approx(nearest["value"]), pytest.approx(nearest["figure"]["value"]))
    assert row[3] == pytest.approx(nearest["figure"]["error"])


def test_the_winners_curse_is_by_number_of_bidders(of: Callable[[str], Answer]) -> None:
    found = of("bidders")
    counts = sorted(one["bidders"] for one in found.data["winners_curse"]["bidders"])
    assert counts == [1, 3, 5, 7, 10]
    for one in found.data["winners_curse"]["bidders"]:
        expected = [one["overstated"] * 100, 0.14, one["given_winning"], one["spread"]]
        assert found.row("Winner's curse", str(one["bidders"])) == pytest.approx(expected)


def test_the_price_at_what_the_winner_should_believe_stands_with_the_curse(of: Callable[[str], Answer]) -> None:
    found = of("won")
    solved = found.data["winners_curse"]["solved"]["answer"]
    row = found.row("Winner's curse", "Of whoever wins among 2")
    assert row[2] == pytest.approx(solved["value"])
    assert solved["value"] > found.data["answer"]["value"]


def test_a_frontier_is_in_rising_order_with_its_contracts(of: Callable[[str], Answer]) -> None:
    found = of("frontier")
    points = sorted(found.data["frontier"]["points"], key=lambda one: one["value"])
    along = [value for (sheet, cell), value in found.stored.items() if sheet == "Frontier" and cell.startswith("A")]
    values = [value for value in along if isinstance(value, float)]
    assert values == pytest.approx([one["value"] for one in points] * 3)
    bills = [one["contract"]["mean_bill"]["value"] for one in points]
    stored = [value for (sheet, _), value in found.stored.items() if sheet == "Frontier" and isinstance(value, float)]
    assert all(any(value == pytest.approx(bill) for value in stored) for bill in bills)
    assert len(found.parts("charts")) == 2


def test_a_frontier_without_answers_says_why_at_each_value(of: Callable[[str], Answer]) -> None:
    found = of("no frontier")
    assert [one["solution"]["answer"] for one in found.data["frontier"]["points"]] == [None, None]
    texts = found.texts("Frontier")
    assert any(words.startswith("At £3,000,000: No value of") for words in texts)
    assert found.parts("charts") == []


def test_a_frontier_at_one_value_is_a_table_without_a_line(of: Callable[[str], Answer]) -> None:
    found = of("one value")
    assert found.parts("charts") == []
    solved = found.data["frontier"]["points"][0]["solution"]["answer"]["value"]
    assert found.row("Frontier", 8_000_000.0)[0] == pytest.approx(solved)


# Differences ------------------------------------------------------------------------------------------------------
def test_every_step_of_every_headline_figure_is_there_with_its_error(of: Callable[[str], Answer]) -> None:
    """Five steps take two tables: from the first deal to after step 4, and from there to the last."""
    found = of("changed")
    steps = found.data["steps"]
    assert len(steps) == 6
    wanted = steps[1]["moved"]["mean npv"]
    first, last = (steps[place]["figures"]["mean npv"]["value"] for place in (0, -1))
    start, by, error, *_, after_four = found.row("Difference", "Mean NPV, £", 1)
    assert (start, by, error) == (pytest.approx(first), pytest.approx(wanted["value"]), pytest.approx(wanted["error"]))
    assert after_four == pytest.approx(steps[4]["figures"]["mean npv"]["value"])
    again, fifth, _, end = found.row("Difference", "Mean NPV, £", 2)
    assert (again, end) == (after_four, pytest.approx(last))
    assert fifth == pytest.approx(steps[5]["moved"]["mean npv"]["value"], abs=0.01)
    labels = {words.rpartition(", ")[0].casefold() for words in found.texts("Difference") if ", " in words}
    assert {titled(name).casefold() for name in steps[0]["figures"]} <= labels


def test_the_whole_difference_has_an_error_of_its_own(of: Callable[[str], Answer]) -> None:
    found = of("changed")
    whole, steps = found.data["difference"]["mean npv"], found.data["steps"]
    assert whole["value"] == pytest.approx(sum(step["moved"]["mean npv"]["value"] for step in steps[1:]))
    assert whole["error"] > 0
    row = found.row("Difference", "Mean NPV, £", 0)
    assert row[4:] == [pytest.approx(whole["value"]), pytest.approx(whole["error"])]


def test_every_change_stands_with_its_place_what_it_was_and_what_it_is(of: Callable[[str], Answer]) -> None:
    found = of("changed")
    assert found.row("What changed", "payments[0].price") == ["step 3", "£16,000", "£15,000", "Price of each unit"]
    places = {one["path"] for one in found.data["changes"]}
    assert places <= set(found.texts("What changed"))


def test_changes_of_words_are_told_apart(of: Callable[[str], Answer]) -> None:
    assert of("other deal").row("What changed", "name")[0] == "words alone"
    found = of("scenario")
    assert "name" not in found.texts("What changed")
    assert any("No figure over the paths moves" in words for words in found.texts("Difference"))


def test_a_single_change_has_no_picture_and_is_not_told_twice(of: Callable[[str], Answer]) -> None:
    found = of("one change")
    assert found.parts("charts") == []
    assert found.texts("Difference").count("Mean NPV, £") == 1


def test_two_deals_that_are_the_same(of: Callable[[str], Answer]) -> None:
    found = of("same")
    assert "peterborough and peterborough are the same deal." in found.texts("Difference")
    assert openpyxl.load_workbook(found.path).sheetnames == ["Difference"]
