"""Fees of a tranche: bills of the vehicle, paid with all other bills. They rest on opening balances: nothing circular.

What runs over time runs like interest: a month's fee is a twelfth of the year's, on the balance with which it opens.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sibmodel.funding.investors import Holder, parts
from sibmodel.funding.setting import Setting
from sibmodel.ledger import Bill
from sibmodel.lines import Line
from sibmodel.terms import Terms, money, share, text, yearly_rate


class Fees(Terms):
    """What the vehicle pays for having a tranche, beside interest."""

    arrangement: float | None = share(
        "Share of the commitment, in the first month in which it is available", default=None
    )
    commitment: float | None = yearly_rate(
        "A year, on what is committed and undrawn, as long as it is available", default=None, minimum=0.0
    )
    management: float | None = yearly_rate("A year, on the principal outstanding", default=None, minimum=0.0)
    management_a_month: float | None = money(
        "Amount a month, while principal is outstanding", default=None, unit="£ a month"
    )
    agent: str | None = text("Who gets them; those who hold the tranche unless named", default=None)


def bills(
    setting: Setting,
    terms: Fees,
    held_by: tuple[Holder, ...],
    commitment: Line,
    undrawn: Line,
    outstanding: Line,
    first: Any,
    until: Line | None,
) -> list[Bill]:
    """The bills for a tranche's fees. `undrawn` and `outstanding` are opening balances; `first` and `until` the periods
    between which it is available."""
    cells, period, name = setting.cells, setting.period, setting.title
    path = f"{setting.path}.fees"
    made: list[tuple[str, Line]] = []

    def fee(label: str, amount: Any, note: str) -> None:
        made.append((label, setting.section.line(f"{name}: {label.lower()}", amount, unit="£", note=note)))

    if terms.arrangement is not None:
        rate = cells.number(terms, "arrangement", path, f"{name}: arrangement fee, share of the commitment")
        fee("Arrangement fee", np.where(period == first, commitment * rate, 0.0), "Once, on the commitment.")
    if terms.commitment is not None:
        rate = cells.number(terms, "commitment", path, f"{name}: commitment fee a year")
        running: Any = period > first if until is None else np.logical_and(period > first, period <= until)
        fee("Commitment fee", np.where(running, undrawn * rate / 12, 0.0), "On what opens undrawn.")
    if terms.management is not None:
        rate = cells.number(terms, "management", path, f"{name}: management fee a year")
        fee("Management fee", outstanding * rate / 12, "On the principal with which the month opens.")
    if terms.management_a_month is not None:
        amount = cells.number(terms, "management_a_month", path, f"{name}: management fee a month")
        fee("Fixed management fee", np.where(outstanding > 0, amount, 0.0), "While principal is outstanding.")
    if terms.agent is not None:
        return [Bill(terms.agent, f"{label}, {name}", line) for label, line in made]
    return [
        Bill(holder, f"{label}, {name}", own)
        for label, line in made
        for holder, own in parts(setting.section, held_by, line)
    ]
