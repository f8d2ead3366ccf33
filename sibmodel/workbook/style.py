"""How the workbook looks: colours, number formats by unit, and the few looks that a cell may have."""

from __future__ import annotations

from dataclasses import dataclass

FONT = "Arial"
SIZE = 10

BLUE, ORANGE, TURQUOISE, PINK, GREY, DARK = "#12436D", "#F46A25", "#28A197", "#801650", "#BFBFBF", "#3D3D3D"
PURPLE = "#A285D1"
INPUT_INK, INPUT_FILL = "#0000CC", "#E4EEF8"
HEADING_FILL, HEADER_INK, QUIET = "#E9ECEF", "#FFFFFF", "#595959"
GOOD_FILL, BAD_FILL = "#D4ECEA", "#FDE1D3"

TABS = {"control": DARK, "inputs": ORANGE, "calculations": GREY, "outputs": BLUE}
"""Colours of the sheets' tabs, by kind of sheet."""
ROLES = {
    "investors": BLUE,
    "loss": ORANGE,
    "gain": TURQUOISE,
    "reference": "#8C8C8C",
    "other": PINK,
    "paid": ORANGE,
    "pale": PURPLE,
    "dark": DARK,
}
"""Colours of charts' series, by what they stand for."""

MONEY = "#,##0;-#,##0;0"
PENCE = "#,##0.00;-#,##0.00;0.00"
SMALL = "0.000##"
PERCENT = "0.0%"
PERCENT_FINE = "0.00%"
WHOLE = "0"
TENTHS = "#,##0.0"
RATIO = "0.0000"
TIMES = "0.00"
DATE = "mmm yyyy"

KINDS = {
    "money": '"£"#,##0;"−£"#,##0;"£0"',
    "million": '0.0,,;"−"0.0,,;0',
    "share": '0.0%;"−"0.0%;0.0%',
    "fine share": '0.00%;"−"0.00%;0.00%',
    "rate": '0.0%;"−"0.0%;0.0%',
    "multiple": '0.00"x";"−"0.00"x"',
    "months": "#,##0",
    "people": "#,##0",
    "count": '#,##0;"−"#,##0;0',
    "number": '#,##0.00;"−"#,##0.00;0.00',
    "date": DATE,
    "financial year": "@",
    "holds": "@",
    "size": '#,##0.000000;"−"#,##0.000000;0',
}
"""Number formats of views, by kind of number."""
AXES = {**KINDS, **dict.fromkeys(("share", "rate"), '0%;"−"0%;0%'), "fine share": KINDS["share"]}
"""Number formats along a chart's axis."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks."""

    number: str = "General"
    bold: bool = False
    italic: bool = False
    ink: str = "#000000"
    fill: str = ""
    size: int = SIZE
    wrap: bool = False
    right: bool = False
    left: bool = False
    top_line: bool = False
    bottom_line: bool = False
    underline: bool = False
    middle: bool = False
    indent: int = 0
    apostrophe: bool = False
    """Whether the text stays text when it is edited, although it begins as a formula does."""


PLAIN = Look()
TITLE = Look(bold=True, size=16, ink=BLUE)
SUBTITLE = Look(ink=QUIET)
HEADING = Look(bold=True, fill=HEADING_FILL, ink=BLUE)
BLOCK_TITLE = Look(bold=True, size=12, ink=BLUE)
COLUMN = Look(bold=True, fill=BLUE, ink=HEADER_INK, wrap=True, middle=True)
COLUMN_RIGHT = Look(bold=True, fill=BLUE, ink=HEADER_INK, wrap=True, right=True, middle=True)
COLUMN_DATE = Look(bold=True, fill=BLUE, ink=HEADER_INK, right=True, number=DATE, middle=True)
PERIOD = Look(ink=QUIET, right=True, number=WHOLE, size=8)
NAME = Look(wrap=True)
INDENTED = Look(indent=2)
NOTE = Look(ink=QUIET, wrap=True, size=9)
UNIT = Look(ink=QUIET, size=9, wrap=True)
STATUS = Look(bold=True)
SENTENCE = Look(wrap=True, size=11)
LEAD = Look(wrap=True, size=12, bold=True)
LINK = Look(ink=BLUE, underline=True)

_BY_UNIT = {
    "share": PERCENT_FINE,
    "share a year": PERCENT_FINE,
    "share a month": "0.0000%",
    "people": TENTHS,
    "start-equivalents": TENTHS,
    "events": TENTHS,
    "events a person": RATIO,
    "ratio": RATIO,
    "ratio to plan": RATIO,
    "times": RATIO,
    "date": DATE,
}
_WHOLE = {"1 or 0", "period", "number", "year", "months", "months since year 0", "months after January", "1 in, −1 out"}


def number_format(unit: str) -> str:
    """The number format of a line by its unit."""
    if unit == "£":
        return MONEY
    if unit.startswith("£"):
        return PENCE
    if unit in _WHOLE:
        return "General" if unit == "months" else WHOLE
    return _BY_UNIT.get(unit, RATIO)


def input_format(unit: str, value: float) -> str:
    """The number format of an input: as fine as its value needs."""
    if unit.startswith("share"):
        return "0" + _places(value * 100) + "%"
    if unit.startswith("£"):
        return (
            ("#,##0" if value == int(value) else "#,##0.00") if abs(value) >= 1 or value == 0 else "0" + _places(value)
        )
    return ("#,##0" if abs(value) < 1e4 or unit == "people" else "0") + _places(value)


def _places(value: float) -> str:
    """The decimals of a number, at most eight, as a format shows them."""
    decimals = f"{value:.8f}".rstrip("0").partition(".")[2]
    return f".{'0' * len(decimals)}" if decimals else ""
