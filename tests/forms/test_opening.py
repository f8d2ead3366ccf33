"""Broken and hostile workbooks: each a clear error in bounded time and memory, and nothing written."""

from __future__ import annotations

import io
import re
import resource
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from sibmodel.deals import find
from sibmodel.errors import DealError
from sibmodel.forms import opening
from tests.deals import data, deal_of
from tests.forms.filled import compact, read, saved

SMALL = compact(deal_of(data()))
SECONDS = 10.0
"""Within which each is refused, on a busy machine; it takes a tenth of that or less on an idle one."""
MEGABYTES = 400

Parts = dict[str, bytes]


def packed(parts: Parts) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def parts_of(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def remade(change: Callable[[Parts], object]) -> bytes:
    """The small form with its parts changed."""
    parts = parts_of(SMALL)
    change(parts)
    return packed(parts)


def sheet_part(parts: Parts, name: str) -> str:
    """The part of a sheet: they are numbered in order."""
    names = re.findall(rb'<sheet name="([^"]+)"', parts["xl/workbook.xml"])
    return f"xl/worksheets/sheet{names.index(name.encode()) + 1}.xml"


def with_rows(extra: bytes) -> bytes:
    """The small form with more rows in the sheet Payments."""

    def change(parts: Parts) -> None:
        part = sheet_part(parts, "Payments")
        parts[part] = parts[part].replace(b"</sheetData>", extra + b"</sheetData>")

    return remade(change)


def after_the_rows(extra: bytes) -> bytes:
    """The small form with something after the rows of the sheet Payments."""

    def change(parts: Parts) -> None:
        part = sheet_part(parts, "Payments")
        parts[part] = parts[part].replace(b"</sheetData>", b"</sheetData>" + extra)

    return remade(change)


def prefixed(part: str, text: bytes) -> bytes:
    """The small form with a document type before the root of a part."""
    return remade(lambda parts: parts.update({part: parts[part].replace(b"?>", b"?>" + text, 1)}))


def put(part: str, content: bytes) -> bytes:
    return remade(lambda parts: parts.update({part: content}))


def with_size(content: bytes, size: int) -> bytes:
    """The directory of a zip with another size for its last part: it may lie."""
    at = content.rindex(b"PK\x01\x02")
    return content[: at + 24] + struct.pack("<I", size) + content[at + 28 :]


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
ROWS = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (row, row) for row in range(20_000, 40_000))
WIDE = b'<row r="40">' + b'<c r="A40"><v>1</v></c>' * 60_000 + b"</row>"

HOSTILE = {
    "empty": (b"", "is not an Excel workbook"),
    "not a zip": (b"name: Deal\n" * 50, "is not an Excel workbook"),
    "truncated": (SMALL[:-2000], "is not an Excel workbook"),
    "cut in the middle": (SMALL[: len(SMALL) // 2], "is not an Excel workbook"),
    "password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000, "has a password, or is of the old kind"),
    "another zip": (packed({"word/document.xml": b"<a/>"}), "is a packed file, but not an Excel workbook"),
    "macros": (put("xl/vbaProject.bin", b"\0" * 100), "has macros. Save it as .xlsx"),
    "zip bomb": (put("xl/media/image1.xml", b"\0" * 160_000_000), "unpacks to more than a deal can hold"),
    "many parts": (packed({f"xl/{at}": b"" for at in range(1500)} | parts_of(SMALL)), "unpacks to more than"),
    "entities": (prefixed("xl/workbook.xml", ENTITIES), "with definitions of its own"),
    "external entity": (prefixed("xl/sharedStrings.xml", EXTERNAL), "with definitions of its own"),
    "UTF-16": (put("xl/sharedStrings.xml", "<sst/>".encode("utf-16")), "that is not UTF-8"),
    "strings without end": (put("xl/sharedStrings.xml", b"<si><t>a</t></si>" * 300_000), "larger than a deal can fill"),
    "40,000 rows": (with_rows(ROWS), "Payments!row 20001 lies far outside what is read"),
    "a wide row": (with_rows(WIDE), "has more cells than a deal can fill"),
    "many validations": (
        after_the_rows(b"<dataValidations>" + b"<dataValidation/>" * 300_000 + b"</dataValidations>"),
        "has more cells than a deal can fill",
    ),
    "endless styles": (put("xl/styles.xml", b"<styleSheet>" + b"<xf/>" * 300_000), "larger than a deal can fill"),
    "cells without end": (
        put("xl/worksheets/sheet99.xml", b"<c/>" * 6_100_000),
        "more cells than a deal and its model",
    ),
    "a far cell": (
        with_rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "Payments!row 1048576 lies far outside what is read. Delete all rows and columns out there.",
    ),
    "a far column": (with_rows(b'<row r="30"><c r="XFD30"><v>1</v></c></row>'), "Payments!XFD30 lies far outside"),
    "all cells merged": (
        after_the_rows(b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "is merged with",
    ),
    "broken sheet": (with_rows(b"<row><c"), "the sheet Payments is damaged"),
    "no such string": (
        with_rows(b'<row r="30"><c r="A30" t="s"><v>99999</v></c></row>'),
        "the sheet Payments is damaged",
    ),
    "broken workbook": (put("xl/workbook.xml", b"<workbook><sheets>"), "is a damaged Excel workbook"),
    "no relations": (put("xl/_rels/workbook.xml.rels", b"<a/>"), "is a damaged Excel workbook"),
    "broken styles": (put("xl/styles.xml", b"<styleSheet><fonts>"), "is a damaged Excel workbook"),
    "damaged bytes": (SMALL.replace(b"PK\x01\x02", b"PK\x01\x03"), "is not an Excel workbook"),
    "a lying directory": (with_size(SMALL, 10), "is not an Excel workbook"),
}


@pytest.fixture(autouse=True)
def nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield
    assert {path.name for path in tmp_path.iterdir()} <= {"mine.xlsx"}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_broken_workbook_is_refused(name: str, tmp_path: Path) -> None:
    content, said = HOSTILE[name]
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(DealError) as caught:
        read(content, tmp_path)
    assert time.process_time() - began < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEGABYTES * 1024
    assert said in re.sub(" +", " ", str(caught.value))


def test_a_reader_that_never_ends_is_not_begun(tmp_path: Path) -> None:
    """What is no table of cells (hyperlinks over all of them, a validation, a comment) is not built."""
    links = b'<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>'
    assert read(after_the_rows(links), tmp_path) == deal_of(data())


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "LARGEST_FILE", 5_000)
    with pytest.raises(DealError, match="is larger than"):
        read(SMALL, tmp_path)


def test_external_links_are_never_followed(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(SMALL))
    book["Payments"]["B10"] = "='[http://example.org/other.xlsx]Sheet1'!A1"
    with pytest.raises(DealError, match=r"Payments!B10 .* is a formula"):
        read(saved(book), tmp_path)


def test_a_bad_checksum_is_told(tmp_path: Path) -> None:
    content = bytearray(SMALL)
    at = content.index(b"PK\x03\x04") + 200
    content[at] ^= 0xFF
    with pytest.raises((DealError, zlib.error)) as caught:
        read(bytes(content), tmp_path)
    assert isinstance(caught.value, DealError)


def test_a_folder_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "mine.xlsx"
    folder.mkdir()
    with pytest.raises(DealError, match="is a folder"):
        find(str(folder))
