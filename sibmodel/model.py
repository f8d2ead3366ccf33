"""The model: a deal's terms become lines, stage by stage. The order of the stages stands here, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from sibmodel import checks, cohorts, commissioning, effects, funding, ledger, measurement, returns, timeline
from sibmodel.agreement import WORLD_OUTSIDE
from sibmodel.binding import Cells, Uncertain
from sibmodel.checks import Checks
from sibmodel.cohorts import Service
from sibmodel.commissioning import Commissioning
from sibmodel.deal import Deal
from sibmodel.effects import MetricEffects
from sibmodel.funding import FundingLines
from sibmodel.ledger import Flows, Ledger
from sibmodel.lines import Book
from sibmodel.measurement import Measured
from sibmodel.outcomes import stage as outcomes
from sibmodel.outcomes.stage import Outcomes
from sibmodel.payments import Desk, SettledPayment, Settlement, settle
from sibmodel.providers import ProviderLines
from sibmodel.returns import Returns
from sibmodel.timeline import Timeline


@dataclass(frozen=True, eq=False)
class Model:
    """A deal's lines, its ledger, and the inputs that nobody knows."""

    deal: Deal
    book: Book
    timeline: Timeline
    service: Service
    outcomes: Outcomes
    measured: Measured
    payments: tuple[SettledPayment, ...]
    effects: tuple[MetricEffects, ...]
    """By measure, in the order of the deal's; the first leads the headlines."""
    providers: tuple[ProviderLines, ...]
    funding: FundingLines
    ledger: Ledger
    flows: Flows
    returns: Returns
    commissioning: Commissioning
    checks: Checks
    uncertain: tuple[Uncertain, ...]


def build(deal: Deal) -> Model:
    """All lines of a deal. Raises LineError where the terms cannot be recorded, which is a fault of ours."""
    book = Book(deal.months)
    inputs = book.section("Inputs", "Every number that somebody gives. Change the blue cells; all else follows.")
    cells = Cells(book, inputs, deal.start, deal.sources)
    time = timeline.build(book, cells, deal.start)
    service = cohorts.build(book, cells, deal.cohorts, deal.assumptions)
    truth = outcomes.build(book, cells, service, deal.metrics, deal.assumptions)
    measured = measurement.build(book, cells, truth, deal.measurement, deal.assumptions)
    transfers = Ledger()
    settled = _payments(book, cells, deal, service, measured, time, transfers)
    provided, bills = _providers(book, cells, deal, service, truth, time, transfers)
    bills += settled.owed_back
    paid = settled.payments
    achieved = effects.build(book, [metric.name for metric in deal.metrics], measured, paid)
    receipts = transfers.received(deal.funding.vehicle)
    capital = funding.build(book, cells, deal.funding, bills, receipts, transfers, measured, time)
    flows = ledger.build(book.section("Ledger", "Each party's cash flow; all together are nil."), transfers)
    gains = returns.build(book, cells, deal.assumptions, capital, transfers, time)
    payers = list(dict.fromkeys(payer.name for payment in deal.payments for payer in payment.payers))
    bill = commissioning.build(book, time, paid, payers, transfers, achieved[0])
    proofs = checks.build(book, cells, deal, paid, capital, transfers, flows, gains, bill)
    return Model(
        deal, book, time, service, truth, measured, paid, achieved, provided, capital, transfers, flows, gains,
        bill, proofs, tuple(cells.uncertain),
    )  # fmt: skip


def _payments(
    book: Book,
    cells: Cells,
    deal: Deal,
    service: Service,
    measured: Measured,
    time: Timeline,
    transfers: Ledger,
) -> Settlement:
    section = book.section("Payments", "What outcome payers pay on what is measured.")
    desk = Desk(section, cells, time, service, measured)
    built = []
    for number, terms in enumerate(deal.payments):
        desk.path = f"payments[{number}]"
        built.append(terms.build(desk))
    cells.heading("All payments")
    cap = cells.number(deal, "payments_cap", "", "All payments: cap") if deal.payments_cap is not None else None
    return settle(section, cells, built, cap, transfers, deal.funding.vehicle)


def _providers(
    book: Book, cells: Cells, deal: Deal, service: Service, truth: Outcomes, time: Timeline, transfers: Ledger
) -> tuple[tuple[ProviderLines, ...], list[ledger.Bill]]:
    section = book.section("Delivery", "What the service costs, who bills for it, and what is really spent.")
    cells.heading("Delivery")
    overrun = cells.belief(deal.assumptions, "cost_overrun", "assumptions", "Cost overrun", "cost overrun")
    bills = []
    if deal.intermediary is not None:
        bills.append(deal.intermediary.build(section, cells, "intermediary", time.last_period))
    if deal.assessor is not None:
        decisions = [cohort.decision for cohorts_of in truth.true.values() for cohort in cohorts_of]
        bills.append(deal.assessor.build(section, cells, "assessor", decisions, time.last_period))
    provided = tuple(
        provider.build(section, cells, f"providers[{number}]", service, overrun)
        for number, provider in enumerate(deal.providers)
    )
    for lines in provided:
        bills.append(lines.bill)
        transfers.transfer(lines.name, WORLD_OUTSIDE, "Delivery cost", lines.cost)
    return provided, bills
