"""Caps: the most that is paid, what caps cut off, and how often."""

from __future__ import annotations

import re

from sibmodel.deal import Deal
from sibmodel.payments import caps_of
from sibmodel.results import Run
from sibmodel.simulation import chance_of, summary_of
from sibmodel.views.common import Cell, Constant, Figure, Table

CAPS = "What caps cut off"


def cap(run: Run) -> float | None:
    """The most that can be paid in all; None where any payment has no cap."""
    return cap_of(run.deal)


def cap_of(deal: Deal) -> float | None:
    """The most that a deal can pay in all, by its terms; None where any payment has no cap."""
    each = [getattr(payment, "cap", None) for payment in deal.payments]
    limits = [] if None in each else [float(sum(one for one in each if one is not None))]
    limits += [deal.payments_cap] if deal.payments_cap is not None else []
    return min(limits, default=None)


def cap_cell(run: Run) -> Cell:
    """The cap: live where one payment has it, a constant where several add up."""
    most = cap(run)
    if most is None:
        return "no cap"
    together = run.deal.payments_cap is not None and most == run.deal.payments_cap
    pattern = r"payments_cap" if together else r"payments\[\d+\]\.cap"
    inputs = [cell for cell in run.model.book.inputs if re.fullmatch(pattern, cell.path)]
    return Figure(inputs[0], "money") if len(inputs) == 1 else Constant(most, "money")


def payer_cap(run: Run, payer: str) -> Cell:
    """A payer's cap over all payments, live; nothing where it has none."""
    inputs = [cell for cell in run.model.book.inputs if cell.path == f"payer_caps[{payer}]"]
    return Figure(inputs[0], "money") if inputs else ""


def caps(run: Run) -> Table | None:
    """What each cap cuts off, and how often; None where there are no caps."""
    rows: list[tuple[Cell, ...]] = []
    for name, cut in caps_of(run.model.payments):
        bound = chance_of(run.simulation, f"cap_binds, {name}")
        mean = summary_of(run.simulation, f"cut off, {name}")
        rows.append(
            (
                name,
                Figure(cut.amount, "money"),
                Constant(bound.value, "share"),
                Constant(bound.error, "share"),
                Constant(mean.mean, "money"),
                Constant(mean.error, "money"),
            )
        )
    header = ("Cap", "Cut off, base case", "Chance that it binds", "Error of chance", "Mean cut off", "Error of mean")
    note = "A cap binds where it cuts anything off. Error: Monte Carlo standard error. Caps apply in this order; what "
    note += "one has cut off, the next does not see."
    return Table(CAPS, header, tuple(rows), note) if rows else None
