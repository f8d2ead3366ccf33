"""The stage of providers: each one's costs and bill, subcontractors before the leads that pay them."""

from __future__ import annotations

from collections.abc import Sequence

from sibmodel.ledger import Bill, Ledger
from sibmodel.lines import Line
from sibmodel.providers.common import ProviderLines
from sibmodel.providers.desk import Desk
from sibmodel.providers.mobilisation import Advanced, Granted
from sibmodel.providers.pay import Subcontract
from sibmodel.providers.provider import Provider

SUBCONTRACT, GRANT, ADVANCE = "Subcontract", "Mobilisation grant", "Mobilisation advance"


def subcontractors_first(providers: Sequence[Provider]) -> list[int]:
    """The places of the providers, each after all whom it pays. Raises ValueError where they pay each other in a
    ring."""
    waiting = list(range(len(providers)))
    ordered: list[int] = []
    while waiting:
        leads = {providers[place].paid_by for place in waiting}
        ready = [place for place in waiting if providers[place].name not in leads]
        if not ready:
            raise ValueError("Providers pay each other in a ring.")
        ordered += ready
        waiting = [place for place in waiting if place not in set(ready)]
    return ordered


def build(
    desk: Desk, terms: Sequence[Provider], vehicle: str, outside: str, transfers: Ledger
) -> tuple[tuple[ProviderLines, ...], list[Bill]]:
    """The lines of all providers, and the bills that the vehicle gets. What others pay is entered in the ledger."""
    made: dict[str, ProviderLines] = {}
    subcontracts: dict[str, list[Subcontract]] = {}
    for place in subcontractors_first(terms):
        one = terms[place]
        desk.turn_to(one.name, f"providers[{place}]")
        lines = one.build(desk, subcontracts.get(one.name, []), one.paid_by or vehicle)
        made[one.name] = lines
        if one.paid_by is not None:
            subcontracts.setdefault(one.paid_by, []).append(one.subcontract(desk, lines.earned))
    provided = tuple(made[one.name] for one in terms)
    bills = []
    for one, lines in zip(terms, provided, strict=True):
        if one.paid_by is None:
            bills.append(lines.bill)
        else:
            transfers.transfer(one.paid_by, one.name, SUBCONTRACT, lines.bill.line)
        transfers.transfer(one.name, outside, "Delivery cost", lines.cost_paid)
        _fund_mobilisation(one, lines.mobilisation, transfers)
    return provided, bills


def _fund_mobilisation(one: Provider, spent: Line | None, transfers: Ledger) -> None:
    by = None if one.mobilisation is None else one.mobilisation.funded_by
    if spent is None:
        return
    if isinstance(by, Granted):
        transfers.transfer(by.giver, one.name, GRANT, spent)
    elif isinstance(by, Advanced) and by.lender is not None:
        transfers.transfer(by.lender, one.name, ADVANCE, spent)
