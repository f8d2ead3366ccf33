"""Charts: native, titled, with axes that say what they measure, and words for those who cannot see them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from sibmodel.workbook.style import BLUE, DARK, GREY, ORANGE, PINK, PURPLE, ROLES, TURQUOISE
from tests.workbook.exported import Exported
from tests.workbook.judges import stored_values

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
MAIN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
LONGEST_TITLE = 14
"""Words."""


def parts(exported: Exported, folder: str) -> Iterator[ElementTree.Element]:
    with zipfile.ZipFile(exported.path) as archive:
        for name in archive.namelist():
            if re.fullmatch(rf"xl/{folder}/[a-z]+[0-9]+\.xml", name):
                yield ElementTree.fromstring(archive.read(name))


def text(element: ElementTree.Element | None) -> str:
    assert element is not None
    return "".join(one.text or "" for one in element.iter(f"{MAIN}t"))


def test_every_chart_has_title_and_named_axes(exported: Exported) -> None:
    charts = list(parts(exported, "charts"))
    assert len(charts) == sum(len(sheet.pictures) for sheet in exported.book.sheets) > 6
    for chart in charts:
        title = text(chart.find(f"{CHART}chart/{CHART}title"))
        assert 0 < len(title.split()) <= LONGEST_TITLE, title
        axes = [axis for kind in ("catAx", "dateAx", "valAx") for axis in chart.iter(f"{CHART}{kind}")]
        assert len(axes) == 2
        assert all(text(axis.find(f"{CHART}title")) for axis in axes), title


def test_no_axis_is_deleted_and_labels_stand_below(exported: Exported) -> None:
    for chart in parts(exported, "charts"):
        assert [one for one in chart.iter(f"{CHART}delete") if one.get("val") != "0"] == []
        for kind in ("catAx", "dateAx"):
            for axis in chart.iter(f"{CHART}{kind}"):
                position = axis.find(f"{CHART}tickLblPos")
                assert position is not None
                assert position.get("val") == "low"


def test_every_chart_has_words_in_its_place(exported: Exported) -> None:
    described = [one.get("descr", "") for part in parts(exported, "drawings") for one in part.iter(f"{DRAWING}cNvPr")]
    assert len(described) == sum(len(sheet.pictures) for sheet in exported.book.sheets)
    assert all(len(words) > 60 for words in described)


def test_what_a_chart_shows_stands_in_its_cells(exported: Exported) -> None:
    """Each series' stored points are the values of the cells that it refers to."""
    stored = stored_values(exported.path)
    series = [one for chart in parts(exported, "charts") for one in chart.iter(f"{CHART}val")]
    assert len(series) > 10
    for one in series:
        place = one.findtext(f".//{CHART}f") or ""
        found = re.fullmatch(r"'?([^'!]+)'?!\$([A-Z]+)\$([0-9]+):\$[A-Z]+\$([0-9]+)", place)
        assert found is not None
        sheet, column, first, last = found.groups()
        points = [float(point.findtext(f"{CHART}v") or "nan") for point in one.iter(f"{CHART}pt")]
        assert points == [stored[sheet, f"{column}{row}"] for row in range(int(first), int(last) + 1)]


def luminance(colour: str) -> float:
    parts_of = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts_of]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("colour", sorted({BLUE, ORANGE, TURQUOISE, PINK, DARK, PURPLE, *ROLES.values()} - {GREY}))
def test_colours_stand_out_from_white(colour: str) -> None:
    """WCAG 2.2, 1.4.11: graphics at least 3 to 1 against what lies beside them (here to one decimal)."""
    assert round(1.05 / (luminance(colour) + 0.05), 1) >= 3.0
