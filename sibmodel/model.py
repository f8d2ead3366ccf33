"""The model: a deal's terms become lines, stage by stage. The order of the stages stands here, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel import (
    checks,
    cohorts,
    commissioning,
    early_end,
    effects,
    funding,
    ledger,
    measurement,
    providers,
    returns,
    timeline,
    uses,
)  # fmt: skip
from sibmodel.actuals import Known
from sibmodel.agreement import WORLD_OUTSIDE
from sibmodel.binding import Cells, Uncertain
from sibmodel.checks import Checks
from sibmodel.cohorts import Service
from sibmodel.commissioning import Commissioning
from sibmodel.correlation import Group, groups
from sibmodel.deal import Deal
from sibmodel.early_end import End
from sibmodel.effects import MetricEffects
from sibmodel.errors import DealError
from sibmodel.funding import FundingLines, Seen
from sibmodel.ledger import Flows, Ledger
from sibmodel.lines import Book, Line
from sibmodel.measurement import Measured
from sibmodel.outcomes import stage as outcomes
from sibmodel.outcomes.call_offs import CallOff
from sibmodel.outcomes.stage import Outcomes
from sibmodel.payments import Desk, SettledPayment, Settlement, settle
from sibmodel.providers import ProviderCash, ProviderLines
from sibmodel.returns import Returns
from sibmodel.timeline import Timeline
from sibmodel.uses import Uses


@dataclass(frozen=True, eq=False)
class Model:
    """A deal's lines, its ledger, and the inputs that nobody knows."""

    deal: Deal
    book: Book
    timeline: Timeline
    service: Service
    end: End | None
    """When the contract ends before its term; None where its terms know no such end."""
    outcomes: Outcomes
    measured: Measured
    payments: tuple[SettledPayment, ...]
    effects: tuple[MetricEffects, ...]
    """By measure, in the order of the deal's; the first leads the headlines."""
    providers: tuple[ProviderLines, ...]
    provider_cash: tuple[ProviderCash, ...]
    """By provider, in the order of the deal's."""
    funding: FundingLines
    ledger: Ledger
    flows: Flows
    returns: Returns
    commissioning: Commissioning
    uses: Uses
    checks: Checks
    uncertain: tuple[Uncertain, ...]
    groups: tuple[Group, ...]
    """The drivers that go together."""


def build(deal: Deal) -> Model:
    """All lines of a deal.

    Raises DealError where its correlations do not fit its uncertain beliefs, and LineError where the terms cannot be
    recorded, which is a fault of ours.
    """
    book = Book(deal.months)
    inputs = book.section("Inputs", "Every number that somebody gives. Change the blue cells; all else follows.")
    cells = Cells(book, inputs, deal.start, deal.sources)
    time = timeline.build(book, cells, deal.start)
    known = Known(cells, deal.actuals)
    end = early_end.build(book, cells, deal.early_end, deal.assumptions, time, known)
    service = cohorts.build(book, cells, deal.cohorts, deal.assumptions, end, known)
    truth = outcomes.build(book, cells, service, deal.metrics, deal.assumptions, _call_offs(cells, deal), known)
    measured = measurement.build(book, cells, truth, deal.measurement, deal.assumptions, known)
    _investors_may_stop(cells, deal, end, measured)
    transfers = Ledger()
    settled = _payments(book, cells, deal, service, measured, time, end, transfers)
    paid = settled.payments
    provided, bills = _providers(book, cells, deal, service, truth, measured, paid, time, end, transfers)
    bills += settled.owed_back
    achieved = effects.build(book, [metric.name for metric in deal.metrics], measured, paid)
    section = book.section(
        "Funding", "Capital drawn as cash is needed, and the waterfall that pays bills and investors."
    )
    if end is not None:
        end.announce(section, deal.funding.vehicle, transfers)
    seen = Seen(measured, deal.metrics[0].name)
    capital = funding.build(section, cells, deal.funding, bills, transfers, time, seen)
    if end is not None:
        end.compensate(cells, [tranche.principal.closing for tranche in capital.tranches])
    cash = providers.cash.build(
        book.section("Provider cash", "Each provider's own cash: what reaches it, what it pays, what it lacks."),
        cells, deal.providers, provided, time, transfers,
    )  # fmt: skip
    flows = ledger.build(book.section("Ledger", "Each party's cash flow; all together are nil."), transfers)
    gains = returns.build(book, cells, deal.assumptions, capital, transfers, time)
    payers = list(dict.fromkeys(payer.name for payment in deal.payments for payer in payment.payers))
    bill = commissioning.build(book, time, paid, payers, transfers, achieved)
    used = uses.build(book, capital, transfers, deal.funding.vehicle, time)
    proofs = checks.build(book, cells, deal, paid, capital, transfers, flows, gains, bill, time, cash, used)
    return Model(
        deal, book, time, service, end, truth, measured, paid, achieved, provided, cash, capital, transfers, flows,
        gains, bill, used, proofs, tuple(cells.uncertain), _groups(deal, cells),
    )  # fmt: skip


def _groups(deal: Deal, cells: Cells) -> tuple[Group, ...]:
    """The drivers that go together. Raises DealError where correlations name none, or cannot all hold."""
    assumptions = deal.assumptions
    streams = list(dict.fromkeys(one.stream for one in cells.uncertain))
    degrees = assumptions.copula_degrees if assumptions.copula == "t" else None
    found, problems = groups(assumptions.correlations, streams, degrees)
    if problems:
        raise DealError(deal.name, problems)
    return tuple(found)


def _call_offs(cells: Cells, deal: Deal) -> list[CallOff]:
    """The providers that add to the effect on those who use them."""
    found: list[CallOff] = []
    assumptions = deal.assumptions
    for number, one in enumerate(deal.providers):
        if one.name not in assumptions.call_off_effects:
            continue
        if not found:
            cells.heading("Call-off services")
            overlap = cells.belief(assumptions, "overlap", "assumptions", "Overlap of call-off services", "overlap")
        cells.heading(f"Provider: {one.name}")
        uptake: Any = cells.once(one, "uptake", f"providers[{number}]", f"{one.name}: uptake")
        if one.name in assumptions.uptake:
            believed = cells.belief_of(
                assumptions, "uptake", one.name, "assumptions", f"{one.name}: uptake against its terms",
                f"uptake, {one.name}",
            )  # fmt: skip
            uptake = np.minimum(uptake * believed, 1)
        effect = cells.belief_of(
            assumptions, "call_off_effects", one.name, "assumptions", f"{one.name}: true effect on its users",
            f"effect of {one.name}",
        )  # fmt: skip
        found.append(CallOff(one.name, uptake, effect, overlap, one.cohorts, one.segments))
    return found


def _investors_may_stop(cells: Cells, deal: Deal, end: End | None, measured: Measured) -> None:
    """The investors' option to stop, once what decides it has been measured."""
    option = None if end is None else end.terms.stop_option
    if end is None or option is None:
        return
    metric = measured.compared[option.measure or next(iter(measured.compared))]
    deciding = next(one for one in metric.cohorts if one.name == option.cohort)
    cells.heading("Early end")
    below = cells.number(option, "below", "early_end.stop_option", "Measured effect below which investors stop")
    end.decide(deciding.effect, deciding.decision, below)


def _payments(
    book: Book,
    cells: Cells,
    deal: Deal,
    service: Service,
    measured: Measured,
    time: Timeline,
    end: End | None,
    transfers: Ledger,
) -> Settlement:
    section = book.section("Payments", "What outcome payers pay on what is measured.")
    desk = Desk(section, cells, time, service, measured, end)
    built = []
    for number, terms in enumerate(deal.payments):
        desk.path = f"payments[{number}]"
        built.append(terms.build(desk))
    cells.heading("All payments")
    cap = cells.number(deal, "payments_cap", "", "All payments: cap") if deal.payments_cap is not None else None
    payer_caps: dict[str, Line] = {
        payer: cells.item(deal, "payer_caps", payer, "", f"All payments: cap of {payer}") for payer in deal.payer_caps
    }
    return settle(section, cells, built, cap, payer_caps, transfers, deal.funding.vehicle)


def _providers(
    book: Book,
    cells: Cells,
    deal: Deal,
    service: Service,
    truth: Outcomes,
    measured: Measured,
    payments: Sequence[SettledPayment],
    time: Timeline,
    end: End | None,
    transfers: Ledger,
) -> tuple[tuple[ProviderLines, ...], list[ledger.Bill]]:
    section = book.section("Delivery", "What the service costs, who bills for it, and what is really spent.")
    cells.heading("Delivery")
    overrun = cells.belief(deal.assumptions, "cost_overrun", "assumptions", "Cost overrun", "cost overrun")
    bills = []
    if deal.intermediary is not None:
        bills.append(
            deal.intermediary.build(
                section, cells, "intermediary", time.last_period, None if end is None else end.managed_until
            )
        )
    if deal.assessor is not None:
        decisions = [
            (cohort.decision, None if end is None else cohort.cohort.people)
            for cohorts_of in truth.true.values()
            for cohort in cohorts_of
        ]
        bills.append(deal.assessor.build(section, cells, "assessor", decisions, time.last_period))
    desk = providers.Desk(
        section,
        cells,
        time,
        service,
        measured,
        deal.assumptions,
        deal.assumptions.uptake,
        overrun,
        [one.paid for one in payments],
    )
    provided, billed = providers.stage.build(desk, deal.providers, deal.funding.vehicle, WORLD_OUTSIDE, transfers)
    return provided, bills + billed
