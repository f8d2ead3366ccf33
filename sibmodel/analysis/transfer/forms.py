"""The same service under three contracts, as lines: a fee for service, payment by results to providers, and the bond
as it is written. All stand in one book, so that they meet the same people, outcomes, counts and costs in every path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.analysis.transfer import ledgers
from sibmodel.analysis.transfer.backing import Backing, stand_behind
from sibmodel.analysis.transfer.ledgers import COMMISSIONER, Drafting
from sibmodel.binding import Cells
from sibmodel.comparing import Comparison
from sibmodel.ledger import MOST_IN_A_FORMULA, Flows, Ledger
from sibmodel.ledger import build as build_flows
from sibmodel.lines import Line, Section, lowest, product_total, running_total, sum_of, total
from sibmodel.model import Model

FEE, RESULTS, BOND = "Fee for service", "Payment by results", "Bond"
NOTES = {
    FEE: "The same service for a fee: the commissioner pays for it as it is delivered, and nobody invests.",
    RESULTS: "The same outcome payments, paid to providers, which pay for the service until then.",
    BOND: "The deal as it is written, its payers and its investors each taken together.",
}
"""The forms, from the one under which the commissioner bears most, and what each is."""


@dataclass(frozen=True, eq=False)
class PartyLines:
    """What a party gets and gives under one form. All but the flow are figures."""

    name: str
    flow: Line
    in_all: Line
    npv: Line
    """At the investors' discount rate, in the first month: one rate for all, so that all together are nil."""
    peak: Line
    """The most by which what it has paid is ahead of what it has got."""


@dataclass(frozen=True, eq=False)
class Moved:
    """What one party pays another under one name, in all. Both lines are figures."""

    payer: str
    payee: str
    label: str
    in_all: Line


@dataclass(frozen=True, eq=False)
class Form:
    """One form of contract over a model's lines."""

    name: str
    model: Model
    parties: tuple[PartyLines, ...]
    flows: Flows
    """Every party's cash flow, and the sum over all, which is nil."""
    moved: tuple[Moved, ...]
    backing: tuple[Backing, ...]
    """Of each provider whose own cash is told."""

    def party(self, name: str) -> PartyLines | None:
        """The party of that name; None where the form has none."""
        return next((one for one in self.parties if one.name == name), None)

    @property
    def commissioner(self) -> PartyLines:
        """Outcome payers together; every form has them."""
        found = self.party(COMMISSIONER)
        assert found is not None
        return found


def build(model: Model, names: tuple[str, ...] = tuple(NOTES)) -> tuple[Form, ...]:
    """The lines of a deal's forms, added to its model's book: once for each model."""
    terms = model.deal.comparison or Comparison()
    inputs = next(section for section in model.book.sections if section.name == "Inputs")
    cells = Cells(model.book, inputs, model.deal.start, model.deal.sources)
    cells.heading("Comparison of contracts")
    write: dict[str, Callable[[Drafting], None]] = {
        FEE: ledgers.fee,
        RESULTS: ledgers.results,
        BOND: ledgers.bond,
    }
    made = []
    for name in names:
        draft = Drafting(model, terms, cells, model.book.section(name, NOTES[name]), Ledger())
        write[name](draft)
        backing = stand_behind(draft, borrows=name == RESULTS)
        made.append(_form(name, draft, backing))
    return tuple(made)


def _form(name: str, draft: Drafting, backing: tuple[Backing, ...]) -> Form:
    section, factor = draft.section, draft.model.returns.discount_factor
    flows = build_flows(section, draft.ledger)
    parties = tuple(_party(section, party, flow, factor) for party, flow in flows.of.items())
    section.heading = "Who pays whom"
    ways: dict[tuple[str, str, str], list[Line]] = {}
    for one in draft.ledger.transfers:
        ways.setdefault((one.payer, one.payee, one.label), []).append(one.line)
    moved = tuple(_moved(section, *way, lines) for way, lines in ways.items())
    return Form(name, draft.model, parties, flows, moved, backing)


def _party(section: Section, name: str, flow: Line, factor: Line) -> PartyLines:
    section.heading = name

    def figure(what: str, value: Any, note: str) -> Line:
        return section.line(f"{name}: {what}", value, unit="£", note=note)

    in_all = figure("in all", total(flow), "Over the whole deal.")
    npv = figure("net present value", product_total(flow, factor), "At the investors' discount rate.")
    position = section.line(f"{name}: net position", running_total(flow), unit="£", note="All flows so far.")
    deepest = figure("lowest net position", lowest(position), "Of any month.")
    return PartyLines(name, flow, in_all, npv, figure("peak cash", np.maximum(-deepest, 0.0), "Most paid out at once."))


def _moved(section: Section, payer: str, payee: str, label: str, lines: list[Line]) -> Moved:
    title = f"{label}, {payer} to {payee}"
    parts = section.gathered(title, lines, MOST_IN_A_FORMULA, unit="£")
    monthly = section.line(title, sum_of(parts) * 1, unit="£", note="By the ledger.")
    in_all = section.line(f"{title}, in all", total(monthly), unit="£", note="Over the whole deal.")
    return Moved(payer, payee, label, in_all)
