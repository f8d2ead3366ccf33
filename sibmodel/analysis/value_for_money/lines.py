"""Value for money as lines: true outcomes as they happen, each kind of benefit in one year's prices, discounted.

An event is avoided evenly over the window that counts, from each person's release on; a milestone, in the month in
which it is reached. Benefits are real: in the prices of one year, discounted at the real rate. What is paid is nominal:
first brought to the prices of that year, then discounted at the same rate. METHOD 4.6 (docs/method.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.binding import Cells
from sibmodel.lines import (
    Line,
    Section,
    given,
    previous,
    product_total,
    ratio,
    step_lookup,
    sum_of,
    total,
    window_total,
)
from sibmodel.model import Model
from sibmodel.month import Month
from sibmodel.outcomes import AchievedCohort, Metric, TrueCohort
from sibmodel.timeline import FIRST_MONTH_OF_FINANCIAL_YEAR
from sibmodel.valuing import GREEN_BOOK, KINDS, Benefit, Kind, Value

SECTION = "Value for money lines"


@dataclass(frozen=True, eq=False)
class BenefitLines:
    """A benefit: its worth over time in the prices of one year, and at present value."""

    terms: Benefit
    per_event: Line
    """In the prices of the price year."""
    by_month: Line
    present: Line


@dataclass(frozen=True, eq=False)
class ValueLines:
    """Value for money. All but the factors are figures."""

    terms: Value
    price_year: int
    nominal_factor: Line
    """What £1 paid in a month is worth at the start, in the prices of the price year."""
    real_factor: Line
    benefits: tuple[BenefitLines, ...]
    by_kind: dict[Kind, Line]
    """Present value of the benefits of each kind that there is."""
    counted: Line | None
    """Of the kinds that the deal adds up; None where it names none."""
    cost: Line
    """Present value of what the payers pay, less what they get back."""
    events: dict[str, Line]
    """Units truly avoided or reached over time, by measure."""
    true_present: Line
    """Units of the first measure, each counted at its discount factor."""
    net: dict[str, Line]
    """Benefits less cost: by kind, and of the kinds counted under `counted`."""
    benefit_cost: dict[str, Line]
    cost_per_present: Line

    def present_cost(self, section: Section, title: str, flow: Line) -> Line:
        """The present value of what a party pays by its nominal cash flow, in the prices of the price year."""
        worth = section.line(f"{title}: flow at present value", product_total(flow, self.nominal_factor), unit="£")
        return section.line(f"{title}: cost at present value", -worth, unit="£", note="In one year's prices.")


def financial_year(month: Month) -> int:
    """The calendar year in which a month's financial year begins."""
    return (month.year * 12 + month.month - FIRST_MONTH_OF_FINANCIAL_YEAR) // 12


def build(model: Model) -> ValueLines:
    """The lines of value for money, added to the model's book: once for each model. A deal that says nothing of value
    has its cost and its outcomes at present value, and no benefits."""
    terms = model.deal.value or Value()
    section = model.book.section(SECTION, "Benefits by kind, in one year's prices, against what payers pay.")
    inputs = next(one for one in model.book.sections if one.name == "Inputs")
    cells = Cells(model.book, inputs, model.deal.start, model.deal.sources)
    cells.heading("Value for money")
    writing = _Writing(model, terms, section, cells, terms.price_year or financial_year(model.deal.start))
    real, nominal = writing.factors()
    events = writing.events()
    benefits = tuple(writing.benefit(number, one, events, real) for number, one in enumerate(terms.benefits))
    section.heading = "In all, at present value"
    by_kind = {kind: writing.kind(kind, benefits) for kind in KINDS if any(one.terms.kind == kind for one in benefits)}
    counted = None
    if terms.counts:
        counted = section.line(
            "Benefits counted", sum_of([by_kind[kind] for kind in terms.counts]) * 1, unit="£", note="Kinds named."
        )
    flow = section.line(
        "Payers' cash flow", sum_of([model.flows.of[name] for name in _payers(model)]) * 1, unit="£", note="Together."
    )
    paid = section.line("Payers' flow at present value", product_total(flow, nominal), unit="£", note="Discounted.")
    cost = section.line("Cost to payers", -paid, unit="£", note="What they pay, less what they get back.")
    first = events[model.effects[0].metric]
    present = section.line(
        "True outcomes at present value", product_total(first, real), unit="units", note="Each at its discount factor."
    )
    against: dict[str, Line] = {str(kind): line for kind, line in by_kind.items()}
    if counted is not None:
        against["counted"] = counted
    net = {
        name: section.line(f"Net present value, {name}", worth - cost, unit="£", note="Benefits less cost to payers.")
        for name, worth in against.items()
    }
    by_cost = {
        name: section.line(
            f"Benefit by cost, {name}", given(cost > 0, ratio(worth, cost)), unit="ratio", note="Benefits ÷ cost."
        )
        for name, worth in against.items()
    }
    each = section.line(
        "Cost of a true outcome at present value",
        given(present > 0, ratio(cost, present)),
        unit="£ an outcome",
        note="Cost ÷ true outcomes, both at present value.",
    )
    return ValueLines(
        terms, writing.price_year, nominal, real, benefits, by_kind, counted, cost, events, present, net, by_cost, each
    )


def _payers(model: Model) -> list[str]:
    return list(dict.fromkeys(payer.name for payment in model.deal.payments for payer in payment.payers))


@dataclass(eq=False)
class _Writing:
    """Where value for money is written."""

    model: Model
    terms: Value
    section: Section
    cells: Cells
    price_year: int
    _at_base: Line | None = None
    _table: tuple[list[Line], list[Line]] | None = None

    def factors(self) -> tuple[Line, Line]:
        """The real discount factor, and the factor for nominal money, over time."""
        section, period = self.section, self.section.book.period
        section.heading = "Discounting and prices"
        steps = self.terms.rates
        source = self.cells.source_of("value.discounting") if self.terms.discounting else GREEN_BOOK
        starts: list[Line] = [
            self._input(
                f"Discounting: from year {n + 1}", step.from_year, "year", f"discounting[{n}].from_year", source
            )
            for n, step in enumerate(steps)
        ]
        rates: list[Line] = [
            self._input(f"Discounting: real rate {n + 1}", step.rate, "share a year", f"discounting[{n}].rate", source)
            for n, step in enumerate(steps)
        ]
        year = section.line(
            "Year of discounting",
            np.floor((period - 2) / 12) + 1,
            unit="year",
            note="In which the month falls.",
        )
        rate = section.line(
            "Real discount rate", step_lookup(year, starts, rates), unit="share a year", note="By year."
        )
        decay = section.line(
            "Discount of the month", np.exp(-np.log(1 + rate) / 12), unit="ratio", note="One month's discount."
        )
        real = section.forward("Real discount factor", unit="ratio", note="What £1 is worth at the start.")
        section.define(real, np.where(period == 1, 1.0, previous(real) * decay))
        base = self._input("Financial year of prices", self.price_year, "year", "price_year", "the deal's own")
        index = section.line(
            "Price index", self._index(self.model.timeline.financial_year), unit="index", note="Of the financial year."
        )
        at_base = section.line("Price index of the price year", self._index(base), unit="index", note="Its base.")
        self._at_base = at_base
        nominal = section.line(
            "Factor for money paid",
            real * ratio(at_base, index),
            unit="ratio",
            note="Deflated and discounted.",
        )
        return real, nominal

    def events(self) -> dict[str, Line]:
        """Units truly avoided or reached, over time, by measure."""
        found = {}
        for place, metric in enumerate(self.model.deal.metrics):
            self.section.heading = metric.name
            if metric.name in self.model.outcomes.true:
                window = self._window(place, metric)
                parts = [self._avoided(one, window) for one in self.model.outcomes.true[metric.name]]
            else:
                parts = [self._reached(one) for one in self.model.outcomes.achieved[metric.name].cohorts]
            found[metric.name] = self.section.line(
                f"{metric.name}: truly avoided or reached", sum_of(parts) * 1, unit="units", note="In the month."
            )
        return found

    def benefit(self, number: int, one: Benefit, events: dict[str, Line], real: Line) -> BenefitLines:
        """A benefit's lines."""
        section, title = self.section, f"Benefit, {one.name}"
        section.heading = one.name
        worth = self._input(
            f"{title}: worth of a unit", one.per_event, "£ a unit", f"benefits[{number}].per_event", one.source
        )
        year = self._input(f"{title}: year of its prices", one.prices, "year", f"benefits[{number}].prices", one.source)
        then = section.line(f"{title}: price index then", self._index(year), unit="index", note="Of its prices.")
        each = section.line(
            f"{title}: worth in one year's prices",
            worth * ratio(self._at_base, then),
            unit="£ a unit",
            note="Brought to the price year.",
        )
        units = events[one.measure or self.model.effects[0].metric]
        monthly = section.line(f"{title}: by month", units * each, unit="£", note=f"{one.kind}, {one.basis}.")
        present = section.line(
            f"{title}: present value", product_total(monthly, real), unit="£", note="At the real discount rate."
        )
        return BenefitLines(one, each, monthly, present)

    def kind(self, kind: Kind, benefits: tuple[BenefitLines, ...]) -> Line:
        """All benefits of a kind, at present value."""
        members = [one.present for one in benefits if one.terms.kind == kind]
        return self.section.line(f"Benefits, {kind}", sum_of(members) * 1, unit="£", note="At present value.")

    def _index(self, year: Any) -> Any:
        """The price index of a financial year."""
        rise = self.cells.once(self.terms, "inflation", "value", "Rise of prices a year")
        if not self.terms.deflator:
            base = self._input("Financial year of prices", self.price_year, "year", "price_year", "the deal's own")
            return np.power(1 + rise, year - base)
        years, values = self._deflator()
        within = np.clip(year, years[0], years[-1])
        return step_lookup(within, years, values) * np.power(1 + rise, year - within)

    def _deflator(self) -> tuple[list[Line], list[Line]]:
        """The deflator's years, each one after the last, and its values: below each other, as tables must stand."""
        if not self._table:
            source, given = self.cells.source_of("value.deflator"), sorted(self.terms.deflator.items())
            first = self._input("Deflator: first year", given[0][0], "year", "deflator first year", source)
            years: list[Line] = []
            for year, _ in given:
                value: Any = years[-1] + 1 if years else first * 1
                years.append(self.section.line(f"Deflator: {year}", value, unit="year", note="Of the table."))
            values: list[Line] = [
                self._input(f"Deflator: index of {year}", index, "index", f"deflator[{year}]", source)
                for year, index in given
            ]
            self._table = (years, values)
        return self._table

    def _input(self, title: str, value: float, unit: str, path: str, source: str) -> Line:
        key = ("value", title)
        if key not in self.cells.bound:
            self.cells.bound[key] = self.cells.section.input(
                title, value, unit=unit, path=f"value.{path}", source=source
            )
        return self.cells.bound[key]

    def _window(self, place: int, metric: Metric) -> Line:
        """The months that count, as the measure's own input where it has been bound."""
        path = f"metrics[{place}].window_months"
        bound = [cell for cell in self.model.book.inputs if cell.path == path]
        if bound:
            return bound[0]
        return self.cells.number(metric, "window_months", f"metrics[{place}]", f"{metric.name}: months that count")

    def _avoided(self, one: TrueCohort, window: Line) -> Line:
        cohort = one.cohort
        return self.section.line(
            f"{one.metric.name}: truly avoided, {cohort.name}",
            one.avoided * ratio(window_total(cohort.referred, window), cohort.people * window),
            unit="units",
            note="Evenly over each person's window.",
        )

    def _reached(self, one: AchievedCohort) -> Line:
        in_all = self.section.line(
            f"{one.metric.name}: achieved in all, {one.name}", total(one.achieved), unit="units", note="As it happens."
        )
        return self.section.line(
            f"{one.metric.name}: truly reached, {one.name}",
            one.true_achieved * ratio(one.achieved, in_all),
            unit="units",
            note="In the month in which it is reached.",
        )
