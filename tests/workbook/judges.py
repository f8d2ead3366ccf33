"""Two spreadsheet programs, ironcalc and LibreOffice, that recalculate an exported workbook from its formulas alone.

Both judges first spoil every stored result (`poison`) and refuse an answer that still holds one: a judge that does not
recalculate would only repeat what our own export stored. Values are plain: float (a date is its serial number), str,
bool or `CellError`. Empty cells are left out; a formula that gives empty text has the value "". LibreOffice writes its
results to 15 significant digits, so nothing closer than a relative 1e-14 can be asked of it.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import ironcalc

POISON = 12345.678
"""What stands in every formula cell of a poisoned workbook; no formula of ours gives it."""

Cell = tuple[str, str]
"""A sheet and an address in it: `("Inputs", "D7")`."""

Input = float | str | bool
"""What can be put in an input cell; a date is its serial number."""


@dataclass(frozen=True)
class CellError:
    """An error value. The programs agree on which cells are in error, but not always on the code."""

    code: str
    """As the cell shows it: `#DIV/0!`."""


Value = float | str | bool | CellError
Values = dict[Cell, Value]


class NotRecalculated(AssertionError):
    """A judge gave no answer, or one that still holds spoilt results."""


def recalculate_ironcalc(path: Path) -> Values:
    """Every cell of the workbook at `path`, recalculated by ironcalc."""
    return IroncalcBook(path).values()


def recalculate_libreoffice(path: Path, changes: Sequence[Mapping[Cell, Input]] = ()) -> list[Values]:
    """Every cell of the workbook, recalculated by LibreOffice: as it stands, then under each set of changed inputs.

    All in one start of LibreOffice, which draws the charts of the first alone. Raises KeyError and ValueError as
    `poison` does.
    """
    with tempfile.TemporaryDirectory() as room:
        plain = without_charts(path, Path(room) / "plain.xlsx")
        copies = [poison(path, Path(room) / "0.xlsx")]
        copies += [poison(plain, Path(room) / f"{index}.xlsx", one) for index, one in enumerate(changes, start=1)]
        return _recalculated(copies, [formula_cells(path)] * len(copies))


def recalculate_libreoffice_books(paths: Sequence[Path]) -> list[Values]:
    """Every cell of each workbook, recalculated by one start of LibreOffice."""
    with tempfile.TemporaryDirectory() as room:
        copies = [poison(path, Path(room) / f"{index}.xlsx") for index, path in enumerate(paths)]
        return _recalculated(copies, [formula_cells(path) for path in paths])


class IroncalcBook:
    """A workbook held open in ironcalc: set inputs, read values. A value read is never older than the inputs.

    book = IroncalcBook(path)
    book["Inputs", "D7"] = 0.1
    book["Model", "F12"]
    """

    def __init__(self, path: Path) -> None:
        with tempfile.TemporaryDirectory() as room:
            self._model = ironcalc.load_from_xlsx(str(poison(path, Path(room) / "poisoned.xlsx")))
        self._names = [sheet["name"] for sheet in self._model.get_worksheets_properties()]
        self._formulas = formula_cells(path)
        self._blank = blank_cells(path)
        self._places = {cell: self._place(cell) for cell in self._formulas}
        self.evaluate()

    def __setitem__(self, cell: Cell, value: Input) -> None:
        """Set an input. Raises KeyError for an empty cell and ValueError for a formula: neither is an input."""
        self._input(cell)
        place = self._place(cell)
        if isinstance(value, bool):
            self._model.update_cell_with_bool(*place, value)
        elif isinstance(value, str):
            self._model.update_cell_with_text(*place, value)
        else:
            self._model.update_cell_with_number(*place, float(value))
        self._is_current = False

    def __getitem__(self, cell: Cell) -> Value | None:
        """The value of a cell, None if it is empty. Raises KeyError for a sheet that does not exist."""
        if not self._is_current:
            self.evaluate()
        return self._value(*self._place(cell))

    def evaluate(self) -> None:
        """Recalculate everything. Reading does this by itself after a change."""
        self._model.evaluate()
        self._is_current = True
        _require_recalculated("ironcalc", {cell: self._value(*self._place(cell)) for cell in self._formulas})

    def values(self) -> Values:
        """Every cell that is not empty."""
        if not self._is_current:
            self.evaluate()
        column_name = ironcalc.column_name_from_number
        return {
            (self._names[sheet], f"{column_name(column)}{row}"): value
            for sheet, row, column in self._model.get_all_cells()
            if (value := self._value(sheet, row, column)) is not None
        }

    def values_with(self, changes: Mapping[Cell, Input]) -> Values:
        """Every cell under changed inputs, which are put back afterwards."""
        with self._changed(changes):
            return self.values()

    def formulas_with(self, changes: Mapping[Cell, Input]) -> Values:
        """Every formula's value under changed inputs, which are put back afterwards: the fastest reading."""
        with self._changed(changes):
            self._model.evaluate()
            self._is_current = True
            read = self._model.get_cell_value
            found = {cell: read(*place) for cell, place in self._places.items()}
            for cell, value in found.items():
                if value.__class__ is str and value[:1] == "#":
                    found[cell] = self._value(*self._places[cell])
            return found

    @contextmanager
    def _changed(self, changes: Mapping[Cell, Input]) -> Iterator[None]:
        before = {cell: self._input(cell) for cell in changes}
        try:
            for cell, value in changes.items():
                self[cell] = value
            yield
        finally:
            for cell, value in before.items():
                if value is None:
                    self._model.clear_cell_contents(*self._place(cell))
                    self._is_current = False
                else:
                    self[cell] = value

    def _input(self, cell: Cell) -> Input | None:
        """What stands in an input cell; None in one that is there and blank."""
        value = self._value(*self._place(cell))
        if cell in self._formulas:
            raise ValueError(f"{_shown(cell)} holds a formula, not an input.")
        if (value is None and cell not in self._blank) or isinstance(value, CellError):
            raise KeyError(f"{_shown(cell)} holds no value, so it is no input.")
        return value

    def _place(self, cell: Cell) -> tuple[int, int, int]:
        name, address = cell
        found = re.fullmatch(r"([A-Z]{1,3})([1-9][0-9]*)", address)
        if name not in self._names or found is None:
            raise KeyError(f"{_shown(cell)} is not a cell of the workbook; its sheets are {', '.join(self._names)}.")
        return self._names.index(name), int(found[2]), ironcalc.column_number_from_name(found[1])

    def _value(self, sheet: int, row: int, column: int) -> Value | None:
        value: float | str | bool | None = self._model.get_cell_value(sheet, row, column)
        if isinstance(value, str) and self._model.get_cell_type(sheet, row, column) == ironcalc.CellType.ErrorValue:
            return CellError(value)
        return value


# The workbook's own text: its sheets, its formulas, its stored results

_CELL = re.compile(r"<c\b(?P<attributes>[^>]*?)(?:/>|>(?P<body>.*?)</c>)", re.DOTALL)
_FORMULA = re.compile(r"<f\b[^>]*?(?:/>|>.*?</f>)", re.DOTALL)
_DRAWING = re.compile(rb"<drawing [^>]*/>")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def poison(path: Path, copy: Path | None = None, changes: Mapping[Cell, Input] | None = None) -> Path:
    """A copy of the workbook in which every formula's stored result is POISON, and `changes` stand in the input cells.

    Without `copy` it is written beside the workbook. Raises KeyError for a cell that is empty or does not exist, and
    ValueError for one that holds a formula: neither is an input.
    """
    copy = copy or path.with_stem(f"{path.stem}-poisoned")
    waiting = dict(changes or {})
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        sheets = {part: name for name, part in _sheet_parts(source).items()}
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename in sheets:
                content = _poisoned(content.decode(), sheets[entry.filename], waiting).encode()
            target.writestr(entry.filename, content)
    if waiting:
        raise KeyError(f"{', '.join(map(_shown, waiting))}: no value stands there, so it is no input.")
    return copy


def without_charts(path: Path, copy: Path) -> Path:
    """A copy of the workbook whose sheets show no charts; every cell is as it was."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        sheets = set(_sheet_parts(source).values())
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(entry.filename, _DRAWING.sub(b"", content) if entry.filename in sheets else content)
    return copy


def _poisoned(sheet: str, name: str, waiting: dict[Cell, Input]) -> str:
    """The sheet's XML with spoilt results; the inputs that were found are taken out of `waiting`."""

    def rewritten(cell: re.Match[str]) -> str:
        attributes, body = cell["attributes"], cell["body"] or ""
        formula = _FORMULA.search(body)
        place = (name, _address(attributes))
        kept = re.sub(r'\s+t="[^"]*"', "", attributes)
        if place in waiting:
            if formula:
                raise ValueError(f"{_shown(place)} holds a formula, not an input.")
            return f"<c{kept}{_stored(waiting.pop(place))}</c>"
        return f"<c{kept}>{formula[0]}<v>{POISON}</v></c>" if formula else cell[0]

    return _CELL.sub(rewritten, sheet)


def _stored(value: Input) -> str:
    """The rest of a cell's XML after its address and style."""
    if isinstance(value, bool):
        return f' t="b"><v>{int(value)}</v>'
    if isinstance(value, str):
        return f' t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is>'
    return f"><v>{float(value)!r}</v>"


def formula_cells(path: Path) -> frozenset[Cell]:
    """Every cell of the workbook that holds a formula."""
    with zipfile.ZipFile(path) as archive:
        return frozenset(
            (name, _address(cell["attributes"]))
            for name, part in _sheet_parts(archive).items()
            for cell in _CELL.finditer(archive.read(part).decode())
            if _FORMULA.search(cell["body"] or "")
        )


def blank_cells(path: Path) -> frozenset[Cell]:
    """Every cell that is there, with a look of its own, and holds nothing."""
    with zipfile.ZipFile(path) as archive:
        return frozenset(
            (name, _address(cell["attributes"]))
            for name, part in _sheet_parts(archive).items()
            for cell in _CELL.finditer(archive.read(part).decode())
            if not cell["body"]
        )


def stored_values(path: Path) -> Values:
    """Every cell's stored value, as a program that does not calculate shows it."""
    with zipfile.ZipFile(path) as archive:
        texts = _shared_texts(archive)
        return {
            (name, cell.attrib["r"]): value
            for name, part in _sheet_parts(archive).items()
            for cell in ElementTree.fromstring(archive.read(part)).iter(f"{_MAIN}c")
            if (value := _read_value(cell, texts)) is not None
        }


def _read_value(cell: ElementTree.Element, texts: Sequence[str]) -> Value | None:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(cell)
    stored = cell.findtext(f"{_MAIN}v")
    if not stored:
        return "" if cell.find(f"{_MAIN}f") is not None and kind == "str" else None
    if kind == "n":
        return float(stored)
    if kind == "b":
        return stored == "1"
    if kind == "e":
        return CellError(stored)
    return texts[int(stored)] if kind == "s" else stored


def _shared_texts(archive: zipfile.ZipFile) -> list[str]:
    with suppress(KeyError):
        return [_text(item) for item in ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))]
    return []


def _text(item: ElementTree.Element) -> str:
    return "".join(run.text or "" for run in item.iter(f"{_MAIN}t"))


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of the archive behind each sheet's name."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.attrib["Id"]: relation.attrib["Target"] for relation in relations}
    sheets = ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
    return {sheet.attrib["name"]: f"xl/{targets[sheet.attrib[_RELATION]].removeprefix('/xl/')}" for sheet in sheets}


def _address(attributes: str) -> str:
    found = re.search(r'\br="([A-Z]+[0-9]+)"', attributes)
    assert found is not None, f"a cell without an address: <c{attributes}>"
    return found[1]


def _shown(cell: Cell) -> str:
    return f"{cell[0]}!{cell[1]}"


def _require_recalculated(judge: str, formulas: Mapping[Cell, Value | None]) -> None:
    spoilt = [_shown(cell) for cell, value in formulas.items() if value == POISON or value is None]
    if spoilt:
        raise NotRecalculated(
            f"{judge} left {len(spoilt)} of {len(formulas)} formulas as they were: {', '.join(spoilt[:5])}"
        )


# LibreOffice: no exit status to rely on, no profile to share, and it may hang

RECALCULATE_ON_LOAD = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""


def _recalculated(copies: Sequence[Path], formulas: Sequence[frozenset[Cell]]) -> list[Values]:
    """The values of poisoned workbooks of distinct names in one folder, after LibreOffice has opened and saved them;
    each with the cells that hold its formulas."""
    room = copies[0].parent
    profile, saved = room / "profile", room / "saved"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE_ON_LOAD, encoding="utf-8")
    options = [f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    conversion = ["--convert-to", "xlsx", "--outdir", str(saved), *map(str, copies)]
    said = _run(["soffice", *options, *conversion], seconds=90 + 20 * len(copies))
    answers = []
    for copy, cells in zip(copies, formulas, strict=True):
        if not (saved / copy.name).is_file():
            raise NotRecalculated(f"LibreOffice wrote nothing for {copy.name}. It said: {said}")
        answer = stored_values(saved / copy.name)
        _require_recalculated("LibreOffice", {cell: answer.get(cell) for cell in cells})
        answers.append(answer)
    return answers


def _run(command: Sequence[str], seconds: float) -> str:
    """Run a program in a process group of its own, and leave none of it behind; returns what it said."""
    nothing, pipe, same = subprocess.DEVNULL, subprocess.PIPE, subprocess.STDOUT
    with subprocess.Popen(
        command, stdin=nothing, stdout=pipe, stderr=same, text=True, start_new_session=True
    ) as program:
        try:
            return program.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired as error:
            raise NotRecalculated(f"{command[0]} did not end within {seconds:.0f} seconds.") from error
        finally:
            with suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)
