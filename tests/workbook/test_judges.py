"""Are the judges right? A small workbook whose every stored result is wrong, and the answers worked by hand."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import ironcalc
import pytest
import xlsxwriter

from tests.workbook import judges
from tests.workbook.judges import (
    POISON,
    Cell,
    CellError,
    Input,
    IroncalcBook,
    NotRecalculated,
    Value,
    Values,
    formula_cells,
    poison,
    recalculate_ironcalc,
    recalculate_libreoffice,
    recalculate_libreoffice_books,
    stored_values,
)

RATE, SCHEME, OPEN, FIRST_FLOW = ("Inputs", "B1"), ("Inputs", "B2"), ("Inputs", "B3"), ("Inputs", "B7")

# -100 then 60 and 60: 100 x^2 = 60 x + 60 has the root x = (3 + sqrt(69)) / 10.
IRR = (3 + math.sqrt(69)) / 10 - 1

EXPECTED: dict[str, tuple[str, Value]] = {
    "A1": ("=SUM(Inputs!B7:D7)", 20.0),
    "A2": ("=SUMIFS(Inputs!B7:D7,Inputs!B6:D6,2)", 60.0),
    "A3": ('=IF(Inputs!B1>0.04,"above","below")', "above"),
    "A4": ("=MIN(Inputs!B7:D7)", -100.0),
    "A5": ("=MAX(Inputs!B7:D7,Rate)", 60.0),
    "A6": ("=IRR(Inputs!B7:D7)", IRR),
    "A7": ("=INDEX(Inputs!B7:D7,1,3)", 60.0),
    "A8": ("=LOOKUP(2.5,Inputs!B6:D6,Inputs!B8:D8)", 20.0),
    "A9": ("=PERCENTILE(Inputs!B8:D8,0.25)", 15.0),
    "A10": ("=AND(Inputs!B3,Inputs!B1>0)", True),
    "A11": ("=EXP(Inputs!B1)", math.exp(0.05)),
    "A12": ("=LN(1+Inputs!B1)", math.log(1.05)),
    "A13": ('=Inputs!B2&" & more"', "Threshold & more"),
    "A14": ("=EDATE(Inputs!B4,1)", 46508.0),
    "A15": ("=1/(A1-20)", CellError("#DIV/0!")),
    "A16": ('=IF(A10,"","no")', ""),
    "A17": ("=Inputs!Z99", 0.0),
    "A18": ("=A1*A7", 1200.0),
}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The small workbook: inputs, a sheet of formulas whose name needs quotes, and results that are all wrong."""
    path = tmp_path / "small.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        inputs, model = workbook.add_worksheet("Inputs"), workbook.add_worksheet("Model & proof")
        inputs.write_column("B1", [0.05, "Threshold", True])
        inputs.write_number("B4", 46478, workbook.add_format({"num_format": "d mmm yyyy"}))  # 1 April 2027
        inputs.write_row("B6", [1, 2, 3])
        inputs.write_row("B7", [-100, 60, 60])
        inputs.write_row("B8", [10, 20, 30])
        workbook.define_name("Rate", "=Inputs!$B$1")
        for address, (formula, _) in EXPECTED.items():
            model.write_formula(address, formula, None, -1)
    return path


def formulas_of(values: Values) -> dict[str, Value]:
    return {address: value for (sheet, address), value in values.items() if sheet == "Model & proof"}


def same(answer: dict[str, Value]) -> bool:
    """Whether an answer is what was worked by hand, of the same types, numbers to 14 digits."""
    expected = {address: value for address, (_, value) in EXPECTED.items()}
    return answer.keys() == expected.keys() and all(
        type(value) is type(expected[address])
        and value == (pytest.approx(expected[address], rel=1e-14, abs=0) if type(value) is float else expected[address])
        for address, value in answer.items()
    )


def test_stored_results_are_wrong_to_begin_with(book: Path) -> None:
    assert set(formulas_of(stored_values(book)).values()) == {-1.0}


def test_poison_spoils_every_stored_result_and_nothing_else(book: Path) -> None:
    before, after = stored_values(book), stored_values(poison(book))
    assert {cell for cell in after if after[cell] == POISON} == formula_cells(book)
    assert len(formula_cells(book)) == len(EXPECTED)
    assert {cell: value for cell, value in before.items() if cell[0] == "Inputs"} == {
        cell: value for cell, value in after.items() if cell[0] == "Inputs"
    }


def test_poison_reaches_formulas_that_have_no_stored_result_or_share_their_text(book: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(other, "w") as target:
        for entry in source.infolist():
            text = source.read(entry).replace(b"<v>-1</v>", b"")
            target.writestr(entry.filename, text.replace(b"<f>A1*A7</f>", b'<f t="shared" si="0" ref="A18">A1*A7</f>'))
    assert set(formulas_of(stored_values(poison(other))).values()) == {POISON}
    assert same(formulas_of(recalculate_ironcalc(other)))


def test_ironcalc_gives_the_results_worked_by_hand(book: Path) -> None:
    assert same(formulas_of(recalculate_ironcalc(book)))


def test_ironcalc_follows_its_inputs(book: Path) -> None:
    held = IroncalcBook(book)
    held[FIRST_FLOW] = -90
    held[RATE] = 0.01
    held[SCHEME] = "Tariff"
    held[OPEN] = False
    assert held["Model & proof", "A1"] == 30.0
    assert held["Model & proof", "A3"] == "below"
    assert held["Model & proof", "A10"] is False
    assert held["Model & proof", "A13"] == "Tariff & more"
    assert held["Inputs", "Z99"] is None


def test_ironcalc_puts_the_inputs_back(book: Path) -> None:
    held = IroncalcBook(book)
    before = held.values()
    assert held.values_with({FIRST_FLOW: -90, SCHEME: "Tariff"})["Model & proof", "A1"] == 30.0
    assert held.values() == before


@pytest.mark.parametrize(
    ("cell", "error", "reason"),
    [
        (("Model & proof", "A1"), ValueError, "holds a formula"),
        (("Inputs", "Z99"), KeyError, "no input"),
        (("Outputs", "B1"), KeyError, "Outputs!B1"),
    ],
)
def test_only_an_input_can_be_changed(
    book: Path, tmp_path: Path, cell: tuple[str, str], error: type[Exception], reason: str
) -> None:
    held = IroncalcBook(book)
    with pytest.raises(error, match=reason):
        held[cell] = 1.0
    with pytest.raises(error, match=reason):
        held.values_with({FIRST_FLOW: -90, cell: 1.0})
    assert held[FIRST_FLOW] == -100.0
    with pytest.raises(error, match=reason):
        poison(book, tmp_path / "copy.xlsx", {cell: 1.0})


def test_a_judge_that_does_not_recalculate_is_caught(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Idle:
        def __init__(self, path: str) -> None:
            self._model = loaded(path)

        def evaluate(self) -> None:
            pass

        def __getattr__(self, name: str) -> object:
            return getattr(self._model, name)

    loaded = ironcalc.load_from_xlsx
    monkeypatch.setattr(ironcalc, "load_from_xlsx", Idle)
    with pytest.raises(NotRecalculated, match=r"ironcalc left 18 of 18 formulas"):
        recalculate_ironcalc(book)


@pytest.mark.libreoffice
def test_libreoffice_gives_the_results_worked_by_hand_and_follows_its_inputs(book: Path) -> None:
    changes: list[dict[Cell, Input]] = [{FIRST_FLOW: -90, RATE: 0.01}, {SCHEME: "<Tariff>", OPEN: False}]
    as_it_stands, first, second = recalculate_libreoffice(book, changes)
    assert same(formulas_of(as_it_stands))
    assert (first["Model & proof", "A1"], first["Model & proof", "A3"]) == (30.0, "below")
    assert (second["Model & proof", "A1"], second["Model & proof", "A10"]) == (20.0, False)
    assert second["Model & proof", "A13"] == "<Tariff> & more"


@pytest.mark.libreoffice
def test_the_judges_agree_on_every_cell(book: Path) -> None:
    answers = recalculate_libreoffice_books([book, poison(book)])
    ours = recalculate_ironcalc(book)
    for answer in answers:
        assert same(formulas_of(answer))
        assert {cell: value for cell, value in answer.items() if cell[0] == "Inputs"} == {
            cell: value for cell, value in ours.items() if cell[0] == "Inputs"
        }


@pytest.mark.libreoffice
def test_libreoffice_left_to_itself_repeats_stored_results(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left_alone = judges.RECALCULATE_ON_LOAD.replace("<value>0</value>", "<value>1</value>")  # 1: never recalculate
    monkeypatch.setattr(judges, "RECALCULATE_ON_LOAD", left_alone)
    with pytest.raises(NotRecalculated, match=r"LibreOffice left 18 of 18 formulas"):
        recalculate_libreoffice(book)


@pytest.mark.libreoffice
def test_libreoffice_without_an_answer_is_an_error(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judges, "_run", lambda command, seconds: "nothing")
    with pytest.raises(NotRecalculated, match="wrote nothing"):
        recalculate_libreoffice(book)


def test_a_program_that_hangs_is_ended() -> None:
    with pytest.raises(NotRecalculated, match="did not end within"):
        judges._run(["sleep", "60"], seconds=0.2)


@pytest.mark.parametrize(("in_ci", "outcome"), [("true", "1 error"), ("", "1 skipped")])
def test_without_libreoffice_its_tests_fail_in_ci_and_are_skipped_elsewhere(
    checkout: Path, tmp_path: Path, in_ci: str, outcome: str
) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    environment |= {"PATH": str(tmp_path), "CI": in_ci}
    test = "tests/workbook/test_judges.py::test_libreoffice_without_an_answer_is_an_error"
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", test]
    ran = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, timeout=120)
    assert outcome in ran.stdout
