"""What Excel itself says while a form is filled in: drop-downs, ranges, and grey where a field is not for the kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sibmodel.forms.row import Row
from sibmodel.forms.sheets import DISTRIBUTION, ONLY_FOR, FormSheet, is_member_heading
from sibmodel.lines import column_name
from sibmodel.quantities import LARGEST
from sibmodel.workbook.form.content import takes
from sibmodel.workbook.form.lists import Lists, choices_of_row, distributions
from sibmodel.workbook.form.looks import FormLooks
from sibmodel.workbook.style import BAD_FILL, GREY, HEADING_FILL

LONGEST_MESSAGE = 250
"""Characters of what a drop-down or a range says: Excel's limit is 255."""


class Rules:
    """The rules of one sheet's rows."""

    def __init__(
        self, page: Any, looks: FormLooks, lists: Lists, sheet: FormSheet, headings: Sequence[str], first_row: int
    ) -> None:
        self._page, self._lists, self._sheet = page, lists, sheet
        self._first_row = first_row
        self._headings = list(headings)
        members = [at for at, heading in enumerate(headings) if is_member_heading(sheet, heading)]
        self._first, self._last = min(members), max(members)
        self._grey = looks.of_a_rule(bg_color=HEADING_FILL, font_color=GREY)
        self._missing = looks.of_a_rule(bg_color=BAD_FILL)
        self._rows: dict[str, int] = {}
        self._only_for = column_name(headings.index(ONLY_FOR)) if ONLY_FOR in headings else ""

    def add(self, at: int, row: Row) -> None:
        """The rules of the row `at`, counted from 0."""
        self._rows[row.path] = at
        rule = self._rule(row)
        if rule:
            text = {"error_title": "Please check", "error_message": f"This cell takes: {takes(row)}."[:LONGEST_MESSAGE]}
            self._page.data_validation(at, self._first, at, self._last, {**rule, **text})
        if row.form == "belief":
            column = self._headings.index(DISTRIBUTION)
            rule = {"validate": "list", "source": distributions(self._lists)}
            self._page.data_validation(at, column, at, column, rule)

    def finish(self, rows: Sequence[Row]) -> None:
        """The rules that need to know all rows."""
        first, last = column_name(self._first), self._last
        for at, row in enumerate(rows, self._first_row):
            if row.scope.kinds and row.scope.chosen_at in self._rows:
                kind = f"{first}${self._rows[row.scope.chosen_at] + 1}"
                criteria = f'=AND({kind}<>"",ISERROR(SEARCH("; "&{kind}&";","; "&${self._only_for}{at + 1}&";")))'
                rule = {"type": "formula", "criteria": criteria, "format": self._grey, "stop_if_true": True}
                self._page.conditional_format(at, self._first, at, last, rule)
            if row.required and not row.scope.within and self._sheet.member:
                begun = f"COUNTA({first}${self._first_row + 1}:{first}${self._first_row + len(rows)})>0"
                criteria = f'=AND({first}{at + 1}="",{begun})'
                self._page.conditional_format(
                    at, self._first, at, last, {"type": "formula", "criteria": criteria, "format": self._missing}
                )

    def _rule(self, row: Row) -> dict[str, Any] | None:
        match row.form:
            case "choice":
                source = choices_of_row(self._lists, row, self._sheet.name)
                return {"validate": "list", "source": source}
            case "yes or no":
                return {"validate": "list", "source": ["yes", "no"]}
            case "number" | "belief" if row.quantity is not None:
                low = -LARGEST if row.quantity.minimum is None else row.quantity.minimum
                high = LARGEST if row.quantity.maximum is None else row.quantity.maximum
                # A warning, which may be waved through: £1.2m and 7.5% typed as text are good too.
                return {
                    "validate": "decimal", "criteria": "between", "minimum": low, "maximum": high,
                    "error_type": "warning",
                }  # fmt: skip
        return None
