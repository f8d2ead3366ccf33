"""The sheets of a form: which part of the deal each holds, and what stands at the top of its columns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sibmodel.deal import Deal

VERSION = 1
"""Of the form's layout; what a form says that it was made by. Fields are found by their names, so new ones need no
new version: it rises when a form that was filled in before would be read otherwise."""
STAMP = "Form of version"
"""Beside it, on the sheet Guide, stands the version."""
GUIDE, LISTS = "Guide", "Lists"

FIELD, WHAT, TAKES, IF_BLANK, ONLY_FOR = "Field", "What it is", "Takes", "If left blank", "Only for"
VALUE = "Value"
"""Headings of columns. A column for each member is headed with its noun and number: `Payment 1`."""
BASE, DISTRIBUTION, OTHER_NUMBERS, SOURCE, NOTE = "Value", "Distribution", "Other numbers", "Source", "Note"
PARAMETERS = {"mean": "Mean", "sd": "Standard deviation", "low": "Low", "mode": "Mode", "high": "High"}
"""Numbers of a distribution that have a column of their own, each with its heading."""
BELIEF_COLUMNS = (BASE, DISTRIBUTION, *PARAMETERS.values(), OTHER_NUMBERS, SOURCE, NOTE)
PRIOR = "prior: "
"""Before a prior's name, as a distribution."""


@dataclass(frozen=True)
class FormSheet:
    """A sheet of the form."""

    name: str
    part: str
    """What it holds: the path of a part of the deal; empty for the deal itself."""
    purpose: str
    member: str = ""
    """What one of the part's members is called, where each has a column; otherwise empty: one column of values."""
    beliefs: bool = False
    """Whether its rows are beliefs, with columns for distribution, source and note."""
    others: str = ""
    """The mapping to which fields belong that are none of the part's own; empty where there is no such mapping."""

    @property
    def steps(self) -> tuple[str, ...]:
        """The names on the way to the part."""
        return tuple(self.part.split(".")) if self.part else ()


_SHEETS = (
    FormSheet("Deal", "", "What the deal is called, when it runs, and who manages and measures it."),
    FormSheet("Cohorts", "cohorts", "Who is referred, and when: a column for each cohort.", "Cohort"),
    FormSheet("Metrics", "metrics", "What is counted, and when it is known: a column for each measure.", "Metric"),
    FormSheet(
        "Measurement", "measurement", "What each measure is compared with: a column for each design.", "Design"
    ),
    FormSheet("Payments", "payments", "What is paid for outcomes: a column for each payment.", "Payment"),
    FormSheet(
        "Providers", "providers", "What delivery costs, and how it is paid: a column for each provider.", "Provider"
    ),
    FormSheet("Funding", "funding", "The vehicle, and what it has beside its tranches."),
    FormSheet("Tranches", "funding.tranches", "Who puts up capital, on which terms: a column for each.", "Tranche"),
    FormSheet("Waterfall", "funding.waterfall", "Who is paid first: a column for each step, in order.", "Step"),
    FormSheet(
        "Assumptions", "assumptions", "What nobody knows: a number or a distribution, and where it comes from.",
        beliefs=True,
    ),
    FormSheet(
        "Scenarios", "scenarios", "Other values of terms and beliefs, changed together: a column for each scenario.",
        "Scenario", others="changes",
    ),
    FormSheet("Actuals", "actuals", "What has become known since it was signed; blank before."),
    FormSheet("Sources", "sources", "Where signed terms come from, by their place in the deal."),
)  # fmt: skip

SHEETS = tuple(sheet for sheet in _SHEETS if not sheet.part or sheet.steps[0] in Deal.model_fields)
"""The sheets of the form that are filled in, in order."""


def elsewhere(sheet: FormSheet) -> frozenset[str]:
    """Fields of the sheet's part that have a sheet of their own."""
    return frozenset(other.steps[len(sheet.steps)] for other in SHEETS if _is_inside(other, sheet))


def _is_inside(other: FormSheet, sheet: FormSheet) -> bool:
    return len(other.steps) > len(sheet.steps) and other.steps[: len(sheet.steps)] == sheet.steps


def member_heading(sheet: FormSheet, number: int) -> str:
    """The heading of a member's column, counted from 1; of the only column where there are no members."""
    return f"{sheet.member} {number}" if sheet.member else VALUE


def is_member_heading(sheet: FormSheet, heading: str) -> bool:
    """Whether a column with this heading holds values of a member, or the sheet's only ones."""
    if not sheet.member:
        return heading.casefold() == VALUE.casefold()
    return re.fullmatch(rf"{sheet.member}\s*[0-9]{{0,4}}", heading, re.IGNORECASE) is not None


def key_step(key: str) -> str | None:
    """A mapping's key as a path writes it, `[Cohort 1]`; None for one that no path can write."""
    if not re.search(r"[\[\]\"']|^\s*[0-9]*\s*$", key):
        return f"[{key}]"
    if '"' not in key:
        return f'["{key}"]'
    return f"['{key}']" if "'" not in key else None
