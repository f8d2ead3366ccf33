"""How a form looks: cells to fill in are as the inputs in the workbook of the model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sibmodel.forms.row import Row
from sibmodel.workbook.sheet import DEFAULT_HEIGHT, HIGHEST_ROW, LIKE_A_FORMULA, LINE_HEIGHT, wrapped
from sibmodel.workbook.style import (
    BLUE,
    FONT,
    HEADER_INK,
    HEADING_FILL,
    INPUT_FILL,
    INPUT_INK,
    QUIET,
    SIZE,
    Look,
    input_format,
)

MONTH = "yyyy-mm"
TEXT = "@"


class FormLooks:
    """The formats of a form's workbook, each made once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **properties: Any) -> Any:
        wanted = {"font_name": FONT, "font_size": SIZE, "valign": "top", **properties}
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(wanted)
        return self._made[key]

    def of_a_rule(self, **properties: Any) -> Any:
        """The format of a rule: what it changes, and nothing else."""
        return self._workbook.add_format(properties)

    @property
    def title(self) -> Any:
        return self(bold=True, font_size=16, font_color=BLUE)

    @property
    def quiet(self) -> Any:
        return self(font_color=QUIET)

    @property
    def sentence(self) -> Any:
        return self(text_wrap=True)

    @property
    def heading(self) -> Any:
        return self(bold=True, bg_color=BLUE, font_color=HEADER_INK, text_wrap=True, valign="vcenter")

    @property
    def field(self) -> Any:
        return self(bold=True, bg_color=HEADING_FILL)

    @property
    def note(self) -> Any:
        return self(font_color=QUIET, text_wrap=True, font_size=9)

    def filled_in(self, number: str, *, text: str = "", wrap: bool = True) -> Any:
        """Of a cell to fill in. A text that might be taken for a formula keeps its apostrophe when it is edited."""
        extra = {"quote_prefix": True} if text.startswith(LIKE_A_FORMULA) else {}
        return self(
            num_format=number, bg_color=INPUT_FILL, font_color=INPUT_INK, text_wrap=wrap, align="left", border=1,
            border_color="#FFFFFF", **extra,
        )  # fmt: skip


def number_format(row: Row, value: Any = None) -> str:
    """The number format of a row's cell: as fine as its value needs, and such that 7.5 typed into a share is 7.5%."""
    if row.form == "month":
        return MONTH
    if row.form not in ("number", "belief") or row.quantity is None:
        return "General"
    unit = row.quantity.unit
    shown = value if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
    if unit == "GBP" or unit.startswith("£"):
        return f"£{input_format('£', shown)}"
    if unit.startswith("share"):
        return input_format("share", shown)
    return input_format(unit, shown) if isinstance(value, int | float) else "General"


def height(texts: Iterable[tuple[str, float, int]]) -> float:
    """The points of a row in which these texts stand, each with its column's width and its own size."""
    lines = max(
        (sum(len(wrapped(line, width, Look(size=size))) for line in text.split("\n")) for text, width, size in texts),
        default=1,
    )
    return min(HIGHEST_ROW, DEFAULT_HEIGHT + LINE_HEIGHT * (lines - 1))
