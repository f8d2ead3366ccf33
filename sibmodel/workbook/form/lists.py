"""The sheet Lists: what cells with a choice may hold, with a sentence on each kind, and where drop-downs find it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sibmodel.distributions import SHAPES
from sibmodel.forms.row import Row
from sibmodel.forms.sheets import DISTRIBUTION, LISTS, PRIOR
from sibmodel.funding import GUARANTEES, REPAYMENTS, STEPS
from sibmodel.lines import column_name
from sibmodel.measurement import DESIGNS
from sibmodel.outcomes import METRICS
from sibmodel.payments import PAYMENTS
from sibmodel.providers import FUNDERS, PROVIDER_CONTRACTS
from sibmodel.terms import Terms, kind_of
from sibmodel.uncertain import PRIORS, Belief
from sibmodel.workbook.form.looks import FormLooks

FAMILIES = (METRICS, DESIGNS, PAYMENTS, PROVIDER_CONTRACTS, FUNDERS, STEPS, REPAYMENTS, GUARANTEES)
DISTRIBUTIONS = (*SHAPES, *(f"{PRIOR}{name}" for name in PRIORS))
HEADER = 4
"""The row of headings, counted from 0."""


class Lists:
    """Lists of choices by the columns in which they stand."""

    def __init__(self) -> None:
        self._columns: dict[tuple[str, ...], int] = {}
        self._titles: dict[tuple[str, ...], str] = {}
        self._next = 0

    def area(self, choices: tuple[str, ...], title: str) -> str:
        """The cells that hold these choices, as a formula. The first title that asks for them is shown."""
        if choices not in self._columns:
            self._columns[choices] = self._next
            self._next += 2 if _explained(choices) else 1
            self._titles[choices] = title
        column = column_name(self._columns[choices])
        return f"={LISTS}!${column}${HEADER + 2}:${column}${HEADER + 1 + len(choices)}"

    def draw(self, page: Any, looks: FormLooks) -> None:
        """Write the lists, each with what its choices are beside it."""
        page.set_row(0, 24)
        page.write_string(0, 0, LISTS, looks.title)
        page.write_string(1, 0, "What the drop-downs offer. There is nothing to fill in here.", looks.quiet)
        for choices, column in self._columns.items():
            page.set_column(column, column, 32)
            page.write_string(HEADER, column, self._titles[choices], looks.heading)
            for row, choice in enumerate(choices, HEADER + 1):
                page.write_string(row, column, choice, looks.field)
            if not _explained(choices):
                continue
            page.set_column(column + 1, column + 1, 80)
            page.write_string(HEADER, column + 1, "What it is", looks.heading)
            for row, choice in enumerate(choices, HEADER + 1):
                page.write_string(row, column + 1, _sentence(choices, choice), looks.note)


def _explained(choices: tuple[str, ...]) -> bool:
    return any(_sentence(choices, choice) for choice in choices)


def _sentence(choices: tuple[str, ...], choice: str) -> str:
    if choices == DISTRIBUTIONS:
        if choice in SHAPES:
            return str(Belief.model_fields[choice].description)
        return "A prior on the effect that comes with the package"
    for family in FAMILIES:
        if set(choices) <= {kind_of(one) for one in family}:
            return _what_it_is(family, choice)
    return ""


def _what_it_is(family: Iterable[type[Terms]], kind: str) -> str:
    text = next((one.__doc__ or "" for one in family if kind_of(one) == kind), "")
    return " ".join(text.partition("\n\n")[0].split())


def distributions(lists: Lists) -> str:
    """The cells that hold the distributions."""
    return lists.area(DISTRIBUTIONS, DISTRIBUTION)


def choices_of_row(lists: Lists, row: Row, part: str) -> str:
    """The cells that hold the choices of a row of a part."""
    return lists.area(row.choices, f"{part}: {row.path}")
