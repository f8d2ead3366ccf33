"""Opening a workbook that may come from anybody: within bounds of time and memory, or one clear error.

The parts of the file are looked at as bytes before any parser sees them, and sheets are read row by row, so that
nothing in the file (a range over all cells, say) can make the reader build what is not there.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from sibmodel.errors import DealError, Problem
from sibmodel.files import content_of, unreadable

LARGEST_FILE = 20_000_000
"""Bytes of a workbook as it lies on the disk."""
LARGEST_UNPACKED = 150_000_000
"""Bytes of its parts together."""
MOST_PARTS = 1_000
MOST_TAGS, MOST_TAGS_OF_TEXTS, MOST_TAGS_OF_SHEETS = 100_000, 400_000, 6_000_000
"""XML tags of a part, of the part that holds all texts, and of all sheets together."""
MOST_TAGS_READ = 200_000
"""XML tags of a sheet that is read: some 50,000 cells."""
MOST_ROWS, MOST_COLUMNS = 20_000, 250
"""Of a sheet that is read."""

_DAMAGED = "Open it in Excel, save it as a new .xlsx file, and try that."
_NEW = "Make one with: sibmodel new mydeal.xlsx"
_PASSWORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a file of the old kind begins; a workbook with a password is packed in one."""
_FAR = re.compile(rb'\sr\s*=\s*["\']([A-Z]{0,3})([0-9]{1,10})["\']')
_MERGED = re.compile(rb'<(?:[\w.-]+:)?mergeCell\s[^>]*?ref\s*=\s*["\']([A-Z0-9:]{1,40})["\']')


class OpenedWorkbook:
    """A workbook that is safe to read. `name` is what errors call it."""

    def __init__(self, path: Path, name: str) -> None:
        """Raises NotFoundError for a file that does not exist, DealError for one that is not a workbook or not safe."""
        self.name = name
        content = content_of(path, name, LARGEST_FILE)
        self._parts = _checked_parts(content, name)
        self._book = self._loaded(content)
        self._part_of = self._parts_of_sheets()

    @property
    def sheets(self) -> list[str]:
        """The names of its sheets of cells, in order."""
        return [sheet for sheet in self._book.sheetnames if sheet in self._part_of]

    def rows(self, sheet: str) -> Iterator[tuple[Any, ...]]:
        """The cells of each row of a sheet, from row 1 and column 1 on; of what is blank, the value is None.

        Raises DealError where the sheet is broken, reaches too far or has merged cells.
        """
        problems = self._out_of_bounds(sheet)
        if problems:
            raise DealError(self.name, problems)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield from self._book[sheet].iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)
        except Exception:  # whatever a parser may say of a broken file
            problem = Problem(f"the sheet {sheet}", "", "is damaged.", _DAMAGED)
            raise DealError(self.name, [problem]) from None

    def merged(self, sheet: str) -> list[str]:
        """The ranges of merged cells of a sheet, as `B2:D2`; at most a hundred."""
        return [found[1].decode() for found, _ in zip(_MERGED.finditer(self._xml(sheet)), range(100), strict=False)]

    def _out_of_bounds(self, sheet: str) -> list[Problem]:
        if self._xml(sheet).count(b"<") > MOST_TAGS_READ:
            return [
                Problem(
                    f"the sheet {sheet}", "", "has more cells than a deal can fill.", "Delete what is not the deal."
                )
            ]
        for found in _FAR.finditer(self._xml(sheet)):
            column, row = found[1].decode(), int(found[2])
            if row > MOST_ROWS or number_of(column) > MOST_COLUMNS:
                cell = f"{sheet}!{column}{row}" if column else f"{sheet}!row {row}"
                return [Problem(cell, "", "lies far outside what is read.", "Delete all rows and columns out there.")]
        return []

    def _xml(self, sheet: str) -> bytes:
        return self._parts[self._part_of[sheet]]

    def _loaded(self, content: bytes) -> Any:
        import openpyxl

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        except Exception:  # whatever a parser may say of a broken file
            raise unreadable(self.name, "is a damaged Excel workbook.", _DAMAGED) from None

    def _parts_of_sheets(self) -> dict[str, str]:
        """The part of the file that holds each sheet."""
        try:
            tree = ElementTree.fromstring(self._parts["xl/workbook.xml"])
            relations = ElementTree.fromstring(self._parts["xl/_rels/workbook.xml.rels"])
        except (KeyError, ElementTree.ParseError, ValueError):
            raise unreadable(self.name, "is a damaged Excel workbook.", _DAMAGED) from None
        targets = {one.get("Id"): str(one.get("Target")) for one in relations}
        found = {}
        for sheet in tree.iter():
            if not sheet.tag.endswith("}sheet"):
                continue
            reference = next((value for key, value in sheet.items() if key.endswith("}id")), None)
            part = targets.get(reference, "").removeprefix("/").removeprefix("xl/")
            if f"xl/{part}" in self._parts:
                found[str(sheet.get("name"))] = f"xl/{part}"
        return found


def number_of(column: str) -> int:
    """The number of a column, counted from 1, by its letters: AA is 27."""
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - 64
    return number


def _checked_parts(content: bytes, name: str) -> dict[str, bytes]:
    """The XML parts of the file by their names. Raises DealError for what is no workbook, or not safe to read."""
    if content.startswith(_PASSWORD):
        raise unreadable(
            name, "has a password, or is of the old kind (.xls).", "Save it as .xlsx without a password, and try that."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _check_directory(packed, name)
            parts = {
                part.filename: _checked_part(packed.read(part), part.filename, name)
                for part in packed.infolist()
                if part.filename.lower().endswith((".xml", ".rels"))
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise unreadable(name, "is not an Excel workbook (.xlsx), or not a whole one.", _DAMAGED) from None
    _check_sizes(parts, name)
    return parts


def _check_sizes(parts: dict[str, bytes], name: str) -> None:
    sheets = 0
    for part, content in parts.items():
        tags = content.count(b"<")
        if part.startswith("xl/worksheets/"):
            sheets += tags
        elif tags > (MOST_TAGS_OF_TEXTS if part == "xl/sharedStrings.xml" else MOST_TAGS):
            raise unreadable(name, f"has a part, {part[:60]}, larger than a deal can fill.", _NEW)
    if sheets > MOST_TAGS_OF_SHEETS:
        raise unreadable(name, "has more cells than a deal and its model can fill.", _NEW)


def _check_directory(packed: zipfile.ZipFile, name: str) -> None:
    parts = packed.infolist()
    if any("vbaproject" in part.filename.lower() for part in parts):
        raise unreadable(name, "has macros.", "Save it as .xlsx, which has none, and try that.")
    if any(part.flag_bits & 1 for part in parts):
        raise unreadable(name, "has a password.", "Save it without one, and try that.")
    if "[Content_Types].xml" not in packed.namelist() or "xl/workbook.xml" not in packed.namelist():
        raise unreadable(name, "is a packed file, but not an Excel workbook.", _NEW)
    # A part is never unpacked beyond the size that the directory gives.
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise unreadable(name, "unpacks to more than a deal can hold.", _NEW)


def _checked_part(content: bytes, part: str, name: str) -> bytes:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:4]:
        raise unreadable(name, f"has a part, {part[:60]}, that is not UTF-8.", _DAMAGED)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise unreadable(name, f"has a part, {part[:60]}, with definitions of its own.", _DAMAGED)
    return content
