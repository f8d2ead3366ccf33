"""What a provider's service costs: fixed and per head, with ramp-up, overhead, contingency, indexation and VAT."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from pydantic import model_validator

from sibmodel.lines import Line, ratio, running_total, step_lookup, sum_of
from sibmodel.providers.desk import Desk
from sibmodel.providers.people import Stream
from sibmodel.reading import fault_at
from sibmodel.terms import Terms, months, share, yearly_rate

if TYPE_CHECKING:
    from sibmodel.providers.provider import Provider


class RampUp(Terms):
    """How the fixed cost grows to its full size from the first month of service."""

    months: int | None = months(
        "Months until the fixed cost is full, in a straight line: of 4, the first has a quarter",
        default=None,
        minimum=1,
    )
    shares: tuple[float, ...] = share("Share of the full fixed cost in each first month; full after them", default=())

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.months is None) == (not self.shares):
            raise fault_at((), "says months and shares, or neither.", "Give one: months, or shares.")
        return self

    def factor(self, desk: Desk, running: Line) -> Line:
        """The share of the full fixed cost, over time."""
        where = f"{desk.path}.ramp_up"
        since = desk.line("months of service so far", running_total(running), "The first is 1.", "months")
        if self.months is not None:
            length = desk.cells.number(self, "months", where, f"{desk.name}: months of ramp-up")
            return desk.line("ramp-up", np.minimum(ratio(since, length), 1), "Share of the full fixed cost.", "share")
        numbers, shares = desk.steps(self, "shares", where, "ramp-up, month")
        return desk.line(
            "ramp-up",
            np.where(since > numbers[-1], 1, step_lookup(since, numbers, shares)),
            "Share of the full fixed cost.",
            "share",
        )


class CostIndexation(Terms):
    """By how much costs rise on each anniversary of the deal's first month."""

    fixed: float = yearly_rate("Rise of the fixed cost", default=0.0, minimum=-0.5)
    per_head: float = yearly_rate("Rise of the cost a start", default=0.0, minimum=-0.5)


class Contingency(Terms):
    """What is budgeted for the unforeseen."""

    budgeted: float = share("Share of the running cost that is budgeted for it")
    spent: float = share("Share of it that is really spent")


class IrrecoverableVat(Terms):
    """VAT that the provider pays and cannot recover, because its own supplies are exempt or outside VAT."""

    costs: float = share("Share of the running cost on which VAT is paid")
    rate: float = share("Rate of VAT; the standard rate unless told (https://www.gov.uk/vat-rates)", default=0.2)
    irrecoverable: float = share("Share of that VAT that cannot be recovered", default=1.0)


@dataclass(frozen=True, eq=False)
class CostLines:
    """Costs over time."""

    running: Line
    """1 while the service runs."""
    mobilisation: Line | None
    budget: Line
    """All that is budgeted, mobilisation with it."""
    real: Line
    """All that is really spent."""
    unspent: Line | None
    """Contingency that is budgeted and not spent."""


def build(desk: Desk, terms: Provider, served: Sequence[Stream]) -> CostLines:
    """The lines of cost."""
    name, path = desk.name, desk.path
    mobilisation = None if terms.mobilisation is None else terms.mobilisation.spent(desk)
    parts = [] if mobilisation is None else [mobilisation]
    fixed = desk.cells.number(terms, "fixed_per_month", path, f"{name}: fixed cost a month")
    running = desk.line(
        "service runs",
        sum_of([stream.open for stream in served]) > 0,
        "1 while any cohort it serves is referred or in service.",
        "1 or 0",
    )
    full: Any = fixed * running
    if terms.ramp_up is not None:
        full = full * terms.ramp_up.factor(desk, running)
    parts.append(desk.line("fixed cost", full * _index(desk, terms, "fixed"), "While the service runs."))
    parts.append(_per_head(desk, terms, served))
    direct = parts[-2:]
    if terms.overhead is not None:
        rate = desk.cells.number(terms, "overhead", path, f"{name}: overhead")
        parts.append(desk.line("overhead", rate * sum_of(direct), "On fixed and per-head cost."))
    contingency, unspent = None, None
    if terms.contingency is not None:
        contingency, unspent = _contingency(desk, terms.contingency, parts[0 if mobilisation is None else 1 :])
        parts.append(contingency)
    if terms.vat is not None:
        share_of_vat = _vat(desk, terms.vat)
        taxed = parts[0 if mobilisation is None else 1 :]
        parts.append(desk.line("irrecoverable VAT", sum_of(taxed) * share_of_vat, "On the running cost."))
        if unspent is not None:
            unspent = desk.line("contingency not spent, with VAT", unspent * (1 + share_of_vat), "It costs nothing.")
    budget = desk.line("budgeted cost", sum_of(parts), "What the contract foresees for these people.")
    spent = budget if unspent is None else budget - unspent
    real = desk.line("real cost", spent * (1 + desk.overrun), "The overrun is the provider's.")
    return CostLines(running, mobilisation, budget, real, unspent)


def _index(desk: Desk, terms: Provider, which: str) -> Any:
    """The index of one line of cost; 1 where costs do not rise."""
    if terms.indexation is None:
        return 1
    called = {"fixed": "fixed cost", "per_head": "cost a start"}[which]
    rate = desk.cells.number(terms.indexation, which, f"{desk.path}.indexation", f"{desk.name}: rise of the {called}")
    return desk.indexed(called, rate)


def _per_head(desk: Desk, terms: Provider, served: Sequence[Stream]) -> Line:
    name, path = desk.name, desk.path
    per_start = desk.cells.number(terms, "per_start", path, f"{name}: cost a start")
    uptake = desk.uptake(terms)
    monthly = [
        desk.line(
            f"people served, {stream.name}",
            uptake * stream.in_service / stream.months_of_service,
            "People in service in the month, as a share of their whole service.",
            "start-equivalents",
        )
        for stream in served
    ]
    return desk.line(
        "per-head cost",
        per_start * sum_of(monthly) * _index(desk, terms, "per_head"),
        "The cost of a start, spread over the service.",
    )


def _contingency(desk: Desk, terms: Contingency, on: Sequence[Line]) -> tuple[Line, Line]:
    where = f"{desk.path}.contingency"
    rate = desk.cells.number(terms, "budgeted", where, f"{desk.name}: contingency")
    spent = desk.cells.number(terms, "spent", where, f"{desk.name}: share of contingency that is spent")
    budgeted = desk.line("contingency", rate * sum_of(on), "Budgeted for the unforeseen.")
    return budgeted, desk.line("contingency not spent", budgeted * (1 - spent), "Budgeted, and kept.")


def _vat(desk: Desk, terms: IrrecoverableVat) -> Line:
    where, name = f"{desk.path}.vat", desk.name
    costs = desk.cells.number(terms, "costs", where, f"{name}: share of cost with VAT")
    rate = desk.cells.number(terms, "rate", where, f"{name}: rate of VAT")
    lost = desk.cells.number(terms, "irrecoverable", where, f"{name}: share of VAT that is irrecoverable")
    return desk.line(
        "irrecoverable VAT on £1 of cost", costs * rate * lost, "Share with VAT × rate × share lost.", "share"
    )
