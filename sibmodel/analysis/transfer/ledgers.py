"""Who pays whom under each form of a deal, before anybody has to step in: one function for each form.

Outcome payers are one party, investors another, and the members of a mutual are one with it. Subcontracts, grants and
advances between providers and others stay as they are in all forms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sibmodel.binding import Cells
from sibmodel.comparing import Comparison
from sibmodel.ledger import Ledger
from sibmodel.lines import Line, Section, ratio, sum_of, total
from sibmodel.model import Model
from sibmodel.providers import Provider, ProviderLines
from sibmodel.providers.cash import REPAID, members_of
from sibmodel.providers.stage import ADVANCE, GRANT, SUBCONTRACT

COMMISSIONER, INVESTORS = "Commissioner", "Investors"
"""What all outcome payers, and all investors, are called together."""
OUTCOMES, FEE_LABEL, DELIVERY = "Outcome payments", "Fee", "Delivery cost"
BETWEEN_PROVIDERS = (SUBCONTRACT, GRANT, ADVANCE, REPAID, DELIVERY)
"""What the ledger calls payments that are the same whoever buys the service."""


@dataclass(eq=False)
class Drafting:
    """Where a form's ledger is written. `cells` binds what is assumed of the form."""

    model: Model
    terms: Comparison
    cells: Cells
    section: Section
    ledger: Ledger

    def pay(self, payer: str, payee: str, label: str, line: Line) -> None:
        """Enter a payment between parties, each taken with those who are one with it."""
        payer, payee = party_of(self.model, payer), party_of(self.model, payee)
        if payer != payee:
            self.ledger.transfer(payer, payee, label, line)

    def share(self, name: str, title: str) -> Line:
        """A share that the comparison assumes."""
        return self.cells.once(self.terms, name, "comparison", title)


def payers_of(model: Model) -> list[str]:
    """All outcome payers."""
    return list(dict.fromkeys(payer.name for payment in model.deal.payments for payer in payment.payers))


def investors_of(model: Model) -> list[str]:
    """Those who hold a tranche that is no grant, and neither pay for outcomes nor provide the service."""
    others = {*payers_of(model), *(one.name for one in model.providers)}
    held = (name for tranche in model.deal.funding.tranches if tranche.kind != "grant" for name in tranche.parties)
    return [name for name in dict.fromkeys(held) if name not in others]


def party_of(model: Model, name: str) -> str:
    """The party that stands for a party of the deal's own ledger in a comparison."""
    if name in payers_of(model):
        return COMMISSIONER
    if name in investors_of(model):
        return INVESTORS
    mutuals = {members_of(one.name): one.name for one in model.providers}
    return mutuals.get(name, name)


def bond(draft: Drafting) -> None:
    """The deal as it is written."""
    for one in draft.model.ledger.transfers:
        draft.pay(one.payer, one.payee, one.label, one.line)


def fee(draft: Drafting) -> None:
    """The commissioner pays each provider of the first rank what it earns, in the month in which it earns it: its real
    cost where by the deal outcomes alone would pay it. What hangs on results is paid as if they were reached."""
    model = draft.model
    for terms, lines in _first_rank(model):
        on_results = terms.pay is not None and terms.pay.all_at_risk
        draft.pay(COMMISSIONER, lines.name, FEE_LABEL, lines.cost_paid if on_results else lines.earned)
    _as_they_are(draft)
    _bills(draft, "under_fee")


def results(draft: Drafting) -> None:
    """What the deal pays for outcomes goes to the providers of the first rank, in proportion to what each pays for its
    own work and its subcontractors."""
    model, section = draft.model, draft.section
    section.heading = "Shares of outcome payments"
    _as_they_are(draft)
    spent = {}
    for _, lines in _first_rank(model):
        own = [one.line for one in draft.ledger.transfers if one.payer == lines.name]
        monthly = section.line(
            f"{lines.name}: pays for delivery", sum_of(own) * 1, unit="£", note="Its costs and subcontractors."
        )
        spent[lines.name] = section.line(
            f"{lines.name}: pays for delivery in all", total(monthly), unit="£", note="Over the whole deal."
        )
    everybody = section.line("All pay for delivery", sum_of(list(spent.values())) * 1, unit="£", note="In all.")
    for name, amount in spent.items():
        part = section.line(
            f"{name}: share of outcome payments",
            ratio(amount, everybody),
            unit="share",
            note="By what it pays.",
        )
        received = section.line(
            f"{name}: outcome payments", model.commissioning.paid * part, unit="£", note="Its share of all of them."
        )
        draft.pay(COMMISSIONER, name, OUTCOMES, received)
    _bills(draft, "under_results")


def _first_rank(model: Model) -> Iterator[tuple[Provider, ProviderLines]]:
    for terms, lines in zip(model.deal.providers, model.providers, strict=True):
        if terms.paid_by is None:
            yield terms, lines


def _as_they_are(draft: Drafting) -> None:
    names = {one.name for one in draft.model.providers}
    for one in draft.model.ledger.transfers:
        if one.label in BETWEEN_PROVIDERS and names & {one.payer, one.payee}:
            draft.pay(one.payer, one.payee, one.label, one.line)


def _bills(draft: Drafting, form: str) -> None:
    """The shares of the intermediary's and the assessor's bills that the commissioner pays under another form."""
    deal, section = draft.model.deal, draft.section
    section.heading = "Bills that are still paid"
    for which, who in (("management", deal.intermediary), ("assessment", deal.assessor)):
        if who is None or getattr(draft.terms, f"{which}_{form}") == 0:
            continue
        share = draft.share(f"{which}_{form}", f"Share of {which} that is still paid {form.replace('_', ' ')}")
        bills = [one.bill.line for one in draft.model.funding.arrears if one.bill.payee == who.name]
        paid = section.line(
            f"{who.name}: still paid", np.maximum(sum_of(bills), 0.0) * share, unit="£", note="Of its bills."
        )
        draft.pay(COMMISSIONER, who.name, "Bills", paid)
