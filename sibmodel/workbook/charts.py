"""Charts as XlsxWriter draws them: native, from the cells of their table, in the palette's colours."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from sibmodel.views.common import Chart, Constant, Figure, Kind, Series
from sibmodel.workbook.sheet import Block, Picture
from sibmodel.workbook.style import AXES, DARK, FONT, ROLES

GRID = "#E3E6E8"
XLSX_SHAPES = {
    "line": {"type": "line"},
    "column": {"type": "column"},
    "histogram": {"type": "column"},
    "stacked": {"type": "column", "subtype": "stacked"},
    "bar": {"type": "bar", "subtype": "stacked"},
    "curve": {"type": "scatter", "subtype": "straight"},
}


ALONG_CURVE, MOST_ALONG_CURVE = 0.05, 12
"""From one label to the next along a curve over shares, where that makes no more labels."""
MANY_LABELS = 14
"""From here on they are written smaller."""


def draw_picture(workbook: Any, page: Any, picture: Picture, block: Block) -> None:
    """Draw a chart over its corner cell. `block` says where its table stands."""
    chart = picture.chart
    block = block if chart.rows is None else replace(block, last=block.first + chart.rows - 1)
    drawn = workbook.add_chart(XLSX_SHAPES[chart.shape])
    for series in chart.series:
        drawn.add_series(_series(chart, series, block))
    drawn.set_title({"name": chart.title, "overlay": False, "name_font": _font(11, bold=True)})
    along, upward = _along(chart, block), _upward(chart)
    lying = chart.shape == "bar"  # XlsxWriter calls the axis that lies x, whatever runs along it
    drawn.set_x_axis(upward if lying else along)
    drawn.set_y_axis(along if lying else upward)
    drawn.set_legend({"position": "top", "font": _font(9)} if len(chart.series) > 1 else {"none": True})
    drawn.set_chartarea({"border": {"none": True}, "fill": {"color": "#FFFFFF"}})
    drawn.set_plotarea({"fill": {"none": True}})
    drawn.set_size({"width": picture.width, "height": picture.height})
    options = {"description": chart.alternative, "x_offset": picture.offset, "y_offset": 4, "object_position": 1}
    page.insert_chart(picture.row, 0, drawn, options)


def _series(chart: Chart, series: Series, block: Block) -> dict[str, Any]:
    column = chart.table.header.index(series.column)
    colour = ROLES[series.role]
    made: dict[str, Any] = {
        "name": [block.sheet, block.header, column],
        "categories": [block.sheet, block.first, 0, block.last, 0],
        "values": [block.sheet, block.first, column, block.last, column],
    }
    if chart.shape in ("line", "curve"):
        line = {"color": colour, "width": 1.25 if series.faint else 2.5}
        if series.faint:
            line["dash_type"] = "dash"
        return {**made, "line": line, "marker": {"type": "none"}} | ({"smooth": False} if chart.shape == "line" else {})
    made |= {"fill": {"color": colour}, "border": {"none": True}, "gap": 4 if chart.shape == "histogram" else 60}
    return made | ({"overlap": 100} if chart.shape in ("stacked", "histogram", "bar") else {})


def _along(chart: Chart, block: Block) -> dict[str, Any]:
    axis: dict[str, Any] = {
        "name": chart.along,
        "name_font": _font(9),
        "num_font": _font(9 if block.last - block.first < MANY_LABELS else 8),
        "label_position": "low",
        "line": {"color": DARK},
        "major_tick_mark": "none",
    }
    rows = chart.table.rows[: chart.rows]
    first = rows[0][0]
    if chart.shape == "curve":
        last = rows[-1][0]
        assert isinstance(first, Constant)
        assert isinstance(last, Constant)
        step = _step(first.kind, last.value - first.value)
        low, high = step * math.floor(first.value / step + 1e-6), step * math.ceil(last.value / step - 1e-6)
        ends = {"min": low, "max": high, "major_unit": step, "crossing": low}
        return axis | ends | {"num_format": AXES[first.kind], "major_gridlines": {"visible": False}}
    if isinstance(first, Figure | Constant) and first.kind == "date":
        months = 12 if block.last - block.first > 30 else 3
        return axis | {"date_axis": True, "num_format": "mmm yyyy", "major_unit": months, "major_unit_type": "months"}
    return axis | {"text_axis": True} | ({"reverse": True} if chart.shape == "bar" else {})


def _step(kind: Kind, reach: float) -> float:
    """From one label to the next along a curve that reaches so far: about five, at round numbers."""
    if kind == "share" and reach <= MOST_ALONG_CURVE * ALONG_CURVE:
        return ALONG_CURVE
    rough = reach / 5
    power = 10.0 ** math.floor(math.log10(rough))
    return next(one * power for one in (1, 2, 2.5, 5, 10) if one * power >= rough * (1 - 1e-9))


def _upward(chart: Chart) -> dict[str, Any]:
    axis: dict[str, Any] = {
        "name": chart.upward,
        "name_font": _font(9),
        "num_font": _font(9),
        "num_format": AXES[chart.kind],
        "major_gridlines": {"visible": True, "line": {"color": GRID, "width": 0.75}},
        "line": {"none": True},
    }
    if chart.shape == "bar" and _reach(chart) > 0:
        axis["major_unit"] = _step(chart.kind, _reach(chart))
    return axis | {"min": 0, "max": 1} if chart.kind == "share" and _reaches_all(chart) else axis


def _reach(chart: Chart) -> float:
    """How far the bars of a single series of constants reach, to both sides of nil; nan for others."""
    column = chart.table.header.index(chart.series[0].column)
    cells = [row[column] for row in chart.table.rows[: chart.rows]]
    values = [cell.value for cell in cells if isinstance(cell, Constant) and math.isfinite(cell.value)]
    if len(chart.series) > 1 or len(values) < len(cells):
        return math.nan
    return max(0.0, *values) - min(0.0, *values)


def _reaches_all(chart: Chart) -> bool:
    """Whether a chart of shares goes up to 100 %, which no axis should leave behind it."""
    columns = [chart.table.header.index(series.column) for series in chart.series]
    shares = [row[column] for row in chart.table.rows for column in columns]
    fixed = [cell.value for cell in shares if isinstance(cell, Constant)]
    return len(fixed) == len(shares) and min(fixed) >= 0 and max(fixed) > 0.85


def _font(size: int, bold: bool = False) -> dict[str, Any]:
    return {"name": FONT, "size": size, "bold": bold, "color": DARK}
