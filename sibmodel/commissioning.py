"""What outcome payers pay and get in the base case, as lines: the bill by payer and financial year, cost per event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sibmodel.effects import MetricEffects
from sibmodel.ledger import Ledger
from sibmodel.lines import Book, Line, Section, given, ratio, sum_of, total, total_where
from sibmodel.payments import SettledPayment
from sibmodel.payments.settlement import owed_back_label
from sibmodel.timeline import Timeline


@dataclass(frozen=True, eq=False)
class YearOfPayments:
    """A financial year and what is paid in it. Both are figures."""

    name: str
    year: Line
    paid: Line


@dataclass(frozen=True, eq=False)
class Cost:
    """What an outcome by one measure costs: what was paid, by the units it bought. All lines are figures."""

    metric: str
    divides: str
    """What is divided by what, in words."""
    paid: Line
    true_units: Line
    measured_units: Line
    per_true: Line
    per_measured: Line


@dataclass(frozen=True, eq=False)
class Commissioning:
    """The outcome payers' bill and what it buys."""

    paid: Line
    """Over time, by all payers, less what they are paid back."""
    paid_in_all: Line
    for_results: Line
    """What is paid for results, fees and charges apart: all of it where there are none, or nothing else."""
    paid_back_in_all: Line | None
    """What the vehicle pays back in all; None where no payment can be owed back."""
    by_payer: dict[str, Line]
    years: tuple[YearOfPayments, ...]
    costs: tuple[Cost, ...]
    """What an outcome costs, by every measure that is paid for; the first leads the headlines."""
    paid_without_measure: Line | None
    """Fees and charges in all, where `costs` leave them out."""


def build(
    book: Book,
    time: Timeline,
    payments: Sequence[SettledPayment],
    payers: Sequence[str],
    transfers: Ledger,
    effects: Sequence[MetricEffects],
) -> Commissioning:
    """The lines of the commissioner's bill."""
    section = book.section("Commissioning", "What outcome payers pay, and what they get for it.")
    section.heading = "The bill"
    labels = [payment.name for payment in payments]  # a payer may be an investor too, and pay in for that as well
    back = [owed_back_label(name) for name in labels]
    all_back = [line for payer in payers for line in transfers.received(payer, *back)]
    paid, paid_back = _all_payers(section, payments, all_back)
    in_all = section.line("Outcome payments in all", total(paid), unit="£", note="Over the whole deal.")
    for_results = _for_results(section, payments, in_all)
    by_payer = {}
    for payer in payers:
        gross, returned = transfers.paid(payer, *labels), transfers.received(payer, *back)
        line = section.line(
            f"Paid by {payer}",
            sum_of(gross) - sum_of(returned) if returned else sum_of(gross),
            unit="£",
            note="Its share of all payments, less what it is paid back." if returned else "Its share of all payments.",
        )
        by_payer[payer] = section.line(f"Paid by {payer} in all", total(line), unit="£", note="Over the whole deal.")
    section.heading = "By financial year"
    years = []
    for one in time.years:
        amount = section.line(
            f"Paid in {one.name}",
            total_where(paid, time.financial_year, one.year),
            unit="£",
            note="From April to March.",
        )
        years.append(YearOfPayments(one.name, one.year, amount))
    section.heading = "What it buys"
    by_measure = _paid_parts(payments, effects)
    if set(by_measure) <= {effects[0].metric}:
        costs, without = [_cost_of_all(section, in_all, effects[0])], None
    else:
        costs = [_cost(section, one, by_measure[one.metric]) for one in effects if one.metric in by_measure]
        without = section.line(
            "Paid for no measure",
            in_all - sum_of([one.paid for one in costs]),
            unit="£",
            note="Fees and charges: no measure's cost has a part of them.",
        )
    return Commissioning(paid, in_all, for_results, paid_back, by_payer, tuple(years), tuple(costs), without)


def _for_results(section: Section, payments: Sequence[SettledPayment], in_all: Line) -> Line:
    results = [payment.paid for payment in payments if payment.for_results]
    if not results or len(results) == len(payments):
        return in_all
    monthly = section.line("Paid for results", sum_of(results) * 1, unit="£", note="Without fees and charges.")
    return section.line("Paid for results in all", total(monthly), unit="£", note="Over the whole deal.")


def _paid_parts(payments: Sequence[SettledPayment], effects: Sequence[MetricEffects]) -> dict[str, list[Line]]:
    """What was paid for by each measure: one figure for each payment and cohort."""
    found: dict[str, list[Line]] = {}
    for payment in payments:
        for cohort in payment.cohorts:
            for part in cohort.parts:
                found.setdefault(part.metric or effects[0].metric, []).append(part.amount)
    return found


def _cost_of_all(section: Section, in_all: Line, effects: MetricEffects) -> Cost:
    """All payments, by the outcomes of the only measure that any of them is for."""
    per_true = section.line(
        "Cost of a true outcome",
        given(effects.true_units > 0, ratio(in_all, effects.true_units)),
        unit="£ an outcome",
        note="All payments by all outcomes of the first measure, in truth: events avoided, milestones less deadweight.",
    )
    per_measured = section.line(
        "Cost of an outcome as measured",
        given(effects.measured_units > 0, ratio(in_all, effects.measured_units)),
        unit="£ an outcome",
        note="All payments by all outcomes of the first measure, as measured.",
    )
    divides = f"All payments by outcomes of {effects.metric}"
    return Cost(effects.metric, divides, in_all, effects.true_units, effects.measured_units, per_true, per_measured)


def _cost(section: Section, effects: MetricEffects, parts: list[Line]) -> Cost:
    """Payments on one measure, by its outcomes."""
    name = effects.metric
    paid = section.line(
        f"Paid for {name}",
        sum_of(parts) * 1,
        unit="£",
        note="What all payments are for by this measure, less what is owed back. No money is for two measures.",
    )
    per_true = section.line(
        f"Cost of a true outcome, {name}",
        given(effects.true_units > 0, ratio(paid, effects.true_units)),
        unit="£ an outcome",
        note="Payments on this measure by its outcomes, in truth: events avoided, milestones less deadweight.",
    )
    per_measured = section.line(
        f"Cost of an outcome as measured, {name}",
        given(effects.measured_units > 0, ratio(paid, effects.measured_units)),
        unit="£ an outcome",
        note="Payments on this measure by its outcomes, as measured.",
    )
    divides = f"Payments on {name} by outcomes of {name}"
    return Cost(name, divides, paid, effects.true_units, effects.measured_units, per_true, per_measured)


def _all_payers(
    section: Section, payments: Sequence[SettledPayment], returned: Sequence[Line]
) -> tuple[Line, Line | None]:
    """What all payers pay over time, less what they are paid back; and the latter in all."""
    gross = sum_of([payment.paid for payment in payments])
    if not returned:
        return section.line("Outcome payments", gross, unit="£", note="By all outcome payers."), None
    back = section.line("Paid back to outcome payers", sum_of(returned) * 1, unit="£", note="By the vehicle.")
    net = section.line(
        "Outcome payments", gross - back, unit="£", note="By all outcome payers, less what is paid back."
    )
    return net, section.line("Paid back in all", total(back), unit="£", note="Over the whole deal.")
