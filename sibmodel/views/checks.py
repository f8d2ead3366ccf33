"""Checks: what should be nil whatever the inputs, live."""

from __future__ import annotations

from sibmodel.results import Run
from sibmodel.views.common import Figure, Kind, Table, View

KINDS: dict[str, Kind] = {"£": "size", "share": "size", "number": "count"}


def checks(run: Run) -> View:
    """Every check with its meaning, how far off it is and whether it holds."""
    rows = tuple(
        (
            check.name,
            check.meaning,
            check.value.unit,
            Figure(check.value, KINDS[check.value.unit]),
            Figure(check.tolerance, KINDS[check.value.unit]),
            Figure(check.holds, "holds"),
        )
        for check in run.model.checks.every
    )
    table = Table("Checks", ("Check", "What it means", "Unit", "Off by", "Tolerance", "Result"), rows)
    return View("Checks", "What should be nil whatever the inputs, worked out a second time.", (table,))
