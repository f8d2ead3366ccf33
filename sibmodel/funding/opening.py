"""A tranche's lines before the waterfall: opening balances, interest, what is owed, what is due."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sibmodel.funding.accrual import accrue
from sibmodel.funding.coupon import Interest
from sibmodel.funding.drawing import Availability, availability, scheduled
from sibmodel.funding.fees import bills
from sibmodel.funding.investors import holders
from sibmodel.funding.repayment import Balances
from sibmodel.funding.setting import Setting
from sibmodel.funding.tranche import Tranche, TrancheLines
from sibmodel.ledger import Bill
from sibmodel.lines import Corkscrew, Line, sum_of


def open_tranche(setting: Setting, terms: Tranche, owed_by_vehicle: Sequence[Bill]) -> TrancheLines:
    """The tranche's opening balances, its interest of the period, what it is owed and what is due.

    `owed_by_vehicle` are the vehicle's bills: deferred fees are lent out of the holder's own.
    """
    section, cells, path, name = setting.section, setting.cells, setting.path, terms.name
    setting.title = name
    cells.heading(f"Tranche: {name}")
    section.heading = name
    held_by = holders(cells, path, name, terms.holder, terms.investors)
    commitment = cells.number(terms, "commitment", path, f"{name}: commitment")
    coupon = cells.number(terms, "coupon", path, f"{name}: coupon") if _has_interest(terms) else None
    price = None
    if terms.issue_price is not None:
        price = cells.number(terms, "issue_price", path, f"{name}: issue price")
    monthly_rate = None
    if coupon is not None and not _by_terms(terms):
        monthly_rate = section.line(
            f"{name}: interest a month",
            np.exp(np.log(1 + coupon) / 12) - 1,
            unit="share a month",
            note="A twelfth root.",
        )
    drawn_before = section.corkscrew(f"{name}: drawn so far", unit="£")
    principal = section.corkscrew(f"{name}: principal", unit="£")
    interest = section.corkscrew(f"{name}: interest rolled up", unit="£") if coupon is not None else None
    when = availability(setting, terms)
    undrawn, available = _available(setting, terms, commitment, drawn_before, when, owed_by_vehicle)
    by_schedule = scheduled(setting, terms)
    drawn = section.forward(
        f"{name}: drawn", unit="£", note="As cash is needed." if by_schedule is None else "By schedule."
    )
    dates = terms.repaid.dates(setting)
    closing: list[Callable[[], None]] = []
    accrued = interest_owed = interest_due = foreseen = None
    if coupon is not None and interest is not None and monthly_rate is not None:
        accrued = section.line(
            f"{name}: interest of the period",
            (principal.opening + interest.opening) * monthly_rate,
            unit="£",
            note="On the opening balance, rolled up interest included.",
        )
    owed = section.line(
        f"{name}: principal owed", principal.opening + drawn, unit="£", note="Before this period's repayment."
    )
    paid: list[Line] = []
    if accrued is not None and interest is not None:
        interest_due = interest_owed = section.line(
            f"{name}: interest owed", interest.opening + accrued, unit="£", note="Rolled up, with this period's."
        )
    elif coupon is not None and interest is not None:
        run = accrue(
            setting, terms.interest or Interest(), terms.performance, coupon, when.first, principal, interest, dates
        )
        accrued, interest_owed, interest_due, foreseen = run.accrued, run.owed, run.due, run.foreseen
        closing.append(lambda: run.close(paid))
    in_all = section.line(f"{name}: drawn in all", drawn_before.opening + drawn, unit="£", note="Up to this period.")
    due = terms.repaid.due(setting, Balances(owed, drawn_before, principal, in_all), dates)
    fees: Sequence[Bill] = ()
    if terms.fees is not None:
        fees = bills(setting, terms.fees, held_by, commitment, undrawn, principal.opening, when.first, when.until)
    if when.until is not None:
        closing.append(lambda: _cancelled(setting, name, undrawn, drawn, when))
    return TrancheLines(
        terms, section, held_by, price, available, by_schedule, drawn, drawn, drawn_before, principal, interest,
        accrued, owed, interest_owed, due, interest_due, foreseen, in_all, tuple(fees),
        interest_paid=paid, closing=closing,
    )  # fmt: skip


def _has_interest(terms: Tranche) -> bool:
    return terms.kind in ("loan", "deferred fees")


def _by_terms(terms: Tranche) -> bool:
    """Whether interest follows agreed terms, and not the plain coupon."""
    return terms.interest is not None or terms.performance is not None


def _available(
    setting: Setting,
    terms: Tranche,
    commitment: Line,
    drawn_before: Corkscrew,
    when: Availability,
    owed_by_vehicle: Sequence[Bill],
) -> tuple[Line, Line]:
    """What of the commitment is undrawn, and what of that may be drawn."""
    deferred = terms.kind == "deferred fees"
    undrawn = setting.section.line(
        f"{setting.title}: undrawn" if when.open is None and not deferred else f"{setting.title}: commitment undrawn",
        commitment - drawn_before.opening,
        unit="£",
        note="What may still be drawn, before this period.",
    )
    available = undrawn
    if deferred:
        own = [bill.line for bill in owed_by_vehicle if bill.payee == terms.holder]
        available = setting.section.line(
            f"{setting.title}: bills that may be deferred",
            np.minimum(undrawn, sum_of(own)),
            unit="£",
            note="The provider's own of the period, within the commitment.",
        )
    if when.open is not None:
        available = setting.section.line(
            f"{setting.title}: undrawn",
            np.where(when.open > 0, available, 0.0),
            unit="£",
            note="What may still be drawn, if it may.",
        )
    return undrawn, available


def _cancelled(setting: Setting, name: str, undrawn: Line, drawn: Line, when: Availability) -> None:
    setting.section.line(
        f"{name}: cancelled",
        np.where(setting.period == when.until, undrawn - drawn, 0.0),
        unit="£",
        note="What is undrawn when availability ends.",
    )
