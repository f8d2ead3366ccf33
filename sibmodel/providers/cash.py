"""Each provider's own cash, month by month, from what really reaches it and what it really pays.

It may fall below nil: that is the provider's shortfall, which somebody must find, and it is shown by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sibmodel.binding import Cells
from sibmodel.ledger import Ledger
from sibmodel.lines import Corkscrew, Line, Section, ratio, running_total, sum_of, total
from sibmodel.providers.common import ProviderLines
from sibmodel.providers.figures import CashDesk, ProviderCash, figures
from sibmodel.providers.mobilisation import Advanced
from sibmodel.providers.provider import Provider
from sibmodel.providers.stage import ADVANCE
from sibmodel.timeline import Timeline

REPAID, CAPITAL, PROFIT_SHARE = "Repayment of mobilisation advance", "Members' capital", "Profit share"
FINANCING = (ADVANCE, REPAID, CAPITAL, PROFIT_SHARE)
"""What the ledger calls money that is no income and no cost of the work."""


def members_of(provider: str) -> str:
    """What the ledger calls the members of a mutual."""
    return f"Members of {provider}"


def build(
    section: Section,
    cells: Cells,
    terms: Sequence[Provider],
    provided: Sequence[ProviderLines],
    time: Timeline,
    transfers: Ledger,
) -> tuple[ProviderCash, ...]:
    """The lines of all providers' cash. What reaches them has been entered in the ledger; what they pay back to lenders
    and members is entered here."""
    desk = CashDesk(section, cells, time, transfers)
    for place, (one, lines) in enumerate(zip(terms, provided, strict=True)):
        desk.turn_to(one.name, f"providers[{place}]")
        _repay_lender(desk, one, lines)
    made = []
    for place, (one, lines) in enumerate(zip(terms, provided, strict=True)):
        desk.turn_to(one.name, f"providers[{place}]")
        made.append(_provider(desk, one, lines))
    return tuple(made)


def _provider(desk: CashDesk, terms: Provider, lines: ProviderLines) -> ProviderCash:
    name, section, transfers = terms.name, desk.section, desk.transfers
    moves = [one for one in transfers.transfers if name in (one.payer, one.payee)]
    work = [one for one in moves if one.label not in FINANCING]
    lent = [one.line if one.payee == name else -one.line for one in moves if one.label in (ADVANCE, REPAID)]
    received = desk.line(
        "received", sum_of([one.line for one in work if one.payee == name]) * 1, "All that reaches it for its work."
    )
    paid = desk.line(
        "paid", sum_of([one.line for one in work if one.payer == name]) * 1, "Costs, suppliers and subcontractors."
    )
    opening_cash = None
    additions: list[Line] = []
    if terms.opening_cash is not None:
        opening_cash = desk.cells.number(terms, "opening_cash", desk.path, f"{name}: opening cash")
        additions.append(
            desk.line(
                "own cash brought in", np.where(section.book.period == 1, opening_cash, 0.0), "In the first month."
            )
        )
    cash = section.corkscrew(f"{name}: cash", unit="£")
    mean_cost = _mean_cost(desk, lines)
    floor = _floor(desk, terms, mean_cost)
    capital = _capital(desk, terms)
    flow = desk.line(
        "cash flow of the contract",
        sum_of([received - paid, *lent]),
        "Advances and their repayment with it; own cash and members' capital left out.",
    )
    position = desk.line("position", running_total(flow), "All flows of the contract so far, from nothing.")
    shared = _profit_share(desk, terms, cash, [*additions, *capital, flow], position, floor)
    moved = [*lent, *capital, *[-line for line in shared]]
    financing = (
        desk.line("financing", sum_of(moved) * 1, "Advances, members' capital, and what is paid back.")
        if moved
        else None
    )
    cash.close([*additions, received, *([] if financing is None else [financing])], [paid])
    shortfall = desk.line("shortfall", np.maximum(-cash.closing, 0.0), "What it lacks: somebody must find it.")
    return figures(
        desk, lines, received, paid, financing, cash, position, shortfall, opening_cash, mean_cost, floor
    )  # fmt: skip


def _repay_lender(desk: CashDesk, terms: Provider, lines: ProviderLines) -> None:
    """Repay an advance of mobilisation to whom it came from, out of what the provider is paid."""
    by = None if terms.mobilisation is None else terms.mobilisation.funded_by
    if not isinstance(by, Advanced) or by.lender is None or lines.mobilisation is None:
        return
    fees = [one.line for one in desk.transfers.transfers if (one.payer, one.payee) == (lines.paid_by, desk.name)]
    rate = desk.cells.number(
        by, "repaid_share", f"{desk.path}.mobilisation.funded_by", f"{desk.name}: share of receipts that repays"
    )
    owed = desk.section.corkscrew(f"{desk.name}: owed to {by.lender}", unit="£")
    repaid = desk.line(
        "repaid to the lender", np.minimum(sum_of(fees) * rate, owed.opening), "Out of its fees, until all is repaid."
    )
    owed.close([lines.mobilisation], [repaid])
    desk.transfers.transfer(desk.name, by.lender, REPAID, repaid)


def _mean_cost(desk: CashDesk, lines: ProviderLines) -> Line:
    spending = desk.line("months with service", total(lines.running), "In which it has running cost.", "months")
    cost: Any = lines.cost if lines.mobilisation is None else lines.cost - lines.mobilisation
    running = desk.line("running cost", cost * lines.running, "Its own cost in months of service.")
    return desk.line(
        "mean running cost a month", ratio(total(running), spending), "While its service runs.", "£ a month"
    )


def _floor(desk: CashDesk, terms: Provider, mean_cost: Line) -> Line | None:
    if terms.reserves is not None:
        return desk.cells.number(terms, "reserves", desk.path, f"{desk.name}: reserves policy")
    if terms.reserves_months is None:
        return None
    months = desk.cells.number(terms, "reserves_months", desk.path, f"{desk.name}: reserves policy, months of cost")
    return desk.line("reserves that the policy asks for", months * mean_cost, "Months of mean running cost.")


def _capital(desk: CashDesk, terms: Provider) -> list[Line]:
    members = terms.members
    if members is None:
        return []
    path, period = f"{desk.path}.members", desk.section.book.period
    capital = desk.cells.number(members, "capital", path, f"{desk.name}: members' capital")
    when: Any = 1
    if members.paid_in is not None:
        when = desk.cells.month(
            members.paid_in, f"{path}.paid_in", f"{desk.name}: period of members' capital", "When members pay in."
        )
    line = desk.line("members' capital paid in", np.where(period == when, capital, 0.0), "From the members.")
    desk.transfers.transfer(members_of(desk.name), desk.name, CAPITAL, line)
    return [line]


def _profit_share(
    desk: CashDesk, terms: Provider, cash: Corkscrew, flows: Sequence[Line], position: Line, floor: Line | None
) -> list[Line]:
    members = terms.members
    if members is None:
        return []
    period = desk.section.book.period
    rate = desk.cells.number(members, "profit_share", f"{desk.path}.members", f"{desk.name}: members' profit share")
    so_far = desk.section.corkscrew(f"{desk.name}: surplus dealt with", unit="£")
    last: Any = period == desk.time.last_period
    now = desk.line(
        "surplus is shared out",
        np.logical_or(last, np.floor(period / 12) * 12 == period) if members.shared_out == "yearly" else last,
        "1 in months in which members are paid.",
        "1 or 0",
    )
    available = desk.line(
        "cash above reserves",
        np.maximum(cash.opening + sum_of(flows) - (0 if floor is None else floor), 0.0),
        "Before members are paid.",
    )
    surplus = desk.line(
        "surplus to share out",
        np.where(now, np.minimum(np.maximum(position - so_far.opening, 0.0), available), 0.0),
        "Earned by the contract and not dealt with yet, as far as cash is above reserves.",
    )
    so_far.close([surplus])
    paid = desk.line("profit share", surplus * rate, "To the members.")
    desk.transfers.transfer(desk.name, members_of(desk.name), PROFIT_SHARE, paid)
    return [paid]
