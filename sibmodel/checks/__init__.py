"""Checks: figures that should be nil whatever the inputs, each a line with its tolerance, and one that counts failures.

Most add up in another way what a stage has added up already: over the whole deal instead of month by month, by the
ledger instead of by balances. A few say that the deal itself does not hang together (a bill that nobody can pay, say).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sibmodel.binding import Cells
from sibmodel.checks import cash_and_capital, outcome_payments, own_cash, rates
from sibmodel.checks.common import Check, Checks, Desk
from sibmodel.commissioning import Commissioning
from sibmodel.deal import Deal
from sibmodel.funding import FundingLines
from sibmodel.ledger import Flows, Ledger
from sibmodel.lines import Book, sum_of
from sibmodel.payments import SettledPayment
from sibmodel.providers import ProviderCash
from sibmodel.returns import Returns
from sibmodel.timeline import Timeline
from sibmodel.uses import Uses

CHECKS_IN_A_FORMULA = 26
"""So many checks make a formula that can be read; more are counted in parts."""


def build(
    book: Book,
    cells: Cells,
    deal: Deal,
    payments: Sequence[SettledPayment],
    capital: FundingLines,
    transfers: Ledger,
    flows: Flows,
    gains: Returns,
    bill: Commissioning,
    time: Timeline,
    cash: Sequence[ProviderCash],
    used: Uses,
) -> Checks:
    """The lines of all checks."""
    section = book.section("Check workings", "What should be nil, worked out in another way than the model does.")
    cells.heading("Tolerances of the checks")
    desk = Desk(
        section,
        cells.section.input(
            "Tolerance, money", 0.005, unit="£", source="half a penny", note="A check on money holds up to here."
        ),
        cells.section.input(
            "Tolerance, shares",
            1e-6,
            unit="share",
            source="a ten-thousandth of a per cent",
            note="A check on shares holds up to here.",
        ),
        cells.section.input(
            "Tolerance, counts", 0, unit="number", source="none", note="A check on counts holds up to here."
        ),
    )
    cash_and_capital.money_goes_somewhere(desk, deal, capital, transfers, flows)
    desk.add(
        "Sources and uses are equal",
        "All that comes into the deal goes out of it, or is held at the end.",
        np.maximum(used.sources_in_all - used.uses_in_all, used.uses_in_all - used.sources_in_all),
        desk.money,
    )
    cash_and_capital.capital(desk, capital, transfers)
    cash_and_capital.bills(desk, deal, capital, transfers)
    outcome_payments.payments(desk, book, payments, bill, deal.funding.vehicle, transfers, time)
    rates.returns(desk, book, gains)
    own_cash.providers(desk, flows, cash)
    section.heading = "All checks"
    failed = section.gathered(
        "Checks that fail", [1 - check.holds for check in desk.made], CHECKS_IN_A_FORMULA, unit="number"
    )
    failing = section.line("Checks that fail", sum_of(failed), unit="number", note="0 where all hold.")
    return Checks(tuple(desk.made), failing)


__all__ = ["Check", "Checks", "build"]
