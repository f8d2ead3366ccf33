"""The waterfall's log by financial year: what each step asked, got and left, account by account."""

from __future__ import annotations

from sibmodel.results import CRUMB, Run
from sibmodel.views.common import Cell, Figure, Table, View, Words
from sibmodel.words import money

NAME = "Waterfall"
LEFT = "Left in the year's last month"


def waterfall(run: Run) -> View:
    """A table for each account."""
    years, accounts = run.model.uses.years, list(dict.fromkeys(one.step.account for one in run.model.uses.years))
    tables = []
    for account in accounts:
        rows: list[tuple[Cell, ...]] = [
            (
                one.step.title,
                Figure(one.year, "financial year"),
                Figure(one.asked, "money"),
                Figure(one.got, "money"),
                Figure(one.left, "money"),
            )
            for one in sorted(
                (one for one in years if one.step.account == account), key=lambda one: _place(one.step.title)
            )
        ]
        tables.append(
            Table(
                f"Steps paid from {account}, base case",
                ("Step", "Financial year", "Asked", "Got", LEFT),
                tuple(rows),
                "April to March. Asked: what the step got in the year, and what it was still owed in its last month.",
            )
        )
    words = Words(
        (
            _unpaid(run),
            "Each step asks for an amount, gets what its account has left up to that, and leaves the rest to the next.",
            "Month by month the same stands on the sheet Funding.",
        )
    )
    return View(NAME, "What each step of the waterfall asked, got and left.", (words, *tables))


def _unpaid(run: Run) -> str:
    """What the last year leaves unpaid."""
    last = {(one.step.account, one.step.title): one for one in run.model.uses.years}
    missing = [(title, run.figure(one.asked) - run.figure(one.got)) for (_, title), one in last.items()]
    left = ", ".join(
        f"{title[:1].lower()}{title[1:]} ({money(lacking)})" for title, lacking in missing if lacking > CRUMB
    )
    if left:
        return f"In the base case the end leaves unpaid: {left}."
    return "In the base case every step is paid all that it asks for, by the end."


def _place(title: str) -> int:
    return int(title.split(",")[0].split()[-1])
