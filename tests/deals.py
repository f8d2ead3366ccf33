"""A small deal for tests, its base case as numbers, and its paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sibmodel.deal import Deal
from sibmodel.faults import terms_from
from sibmodel.lines import Line, Values, evaluate
from sibmodel.measurement import MeasuredMetric
from sibmodel.model import Model, build
from sibmodel.simulation.paths import Luck
from sibmodel.yaml_text import read_yaml

Floats = npt.NDArray[np.float64]

SMALL = """\
name: Small deal
start: 2027-01
months: 72
cohorts:
  - name: First
    people: 1000
    referrals: {start: 2027-04, months: 10}
    service_months: 6
  - name: Second
    people: 500
    referrals: {start: 2028-04, months: 10}
    service_months: 6
metrics: [{kind: frequency, window_months: 12, court_months: 6, assessment_months: 4}]
measurement: [{kind: matched, controls_per_person: 10}]
payments:
  - kind: threshold
    name: Tariff
    payers:
      - {name: Ministry, share: 60%}
      - {name: Fund, share: 40%}
    price: 10000
    threshold: 10%
    fallback: {pooled: 7.5%}
    payment_months: 1
providers:
  - name: Charity
    mobilisation: {cost: 60000, start: 2027-01, months: 3}
    fixed_per_month: 10000
    per_start: 300
funding:
  vehicle: Vehicle
  tranches:
    - {name: Senior, investor: Bank, commitment: 500000, coupon: 5%}
    - {name: Junior, investor: Foundation, commitment: 500000}
  waterfall:
    - kind: costs
    - {kind: interest, tranches: [Senior]}
    - {kind: principal, tranches: [Senior]}
    - {kind: principal, tranches: [Junior]}
    - {kind: surplus, tranches: [Junior]}
assumptions:
  events_per_person: 1.55
  effect: 12%
  dispersion: 0.693
  matching_error: 0
"""
"""Two cohorts decided in periods 35 (First) and 47 (Second), and paid a month later."""

DECISIONS = {"First": 35, "Second": 47}
EVENTS = "Reconviction events"
"""The name of its one measure."""


def data() -> dict[str, Any]:
    """The small deal as plain data, to change at will."""
    value = read_yaml(SMALL, "the small deal").value
    assert isinstance(value, dict)
    return value


def deal_of(plain: Mapping[str, Any]) -> Deal:
    """The deal that plain data holds."""
    return terms_from(plain, Deal, "the deal")


def small(changes: Mapping[str, Any] | None = None) -> Deal:
    """The small deal with other values at some paths."""
    deal = deal_of(data())
    for path, value in (changes or {}).items():
        deal = deal.replace(path, value)
    return deal


def by_cohort(**effects: float) -> dict[str, Any]:
    """A belief for each cohort of the small deal, as a file holds it."""
    return {"by_cohort": dict(effects)}


@dataclass(frozen=True, eq=False)
class Case:
    """A deal's lines and their values in one path, or in several."""

    model: Model
    values: Values

    def row(self, line: Line, path: int = 0) -> Floats:
        return self.values.row(line, path)

    def figure(self, line: Line, path: int = 0) -> float:
        return self.values.figure(line, path)

    @property
    def measured(self) -> MeasuredMetric:
        """What is measured by the only measure that is compared."""
        (metric,) = self.model.measured.compared.values()
        return metric

    def named(self, name: str) -> Line:
        """The one line of that name."""
        (line,) = self.model.book.find(name)
        return line

    def row_of(self, name: str) -> Floats:
        return self.row(self.named(name))

    def figure_of(self, name: str) -> float:
        return self.figure(self.named(name))


def base_case(deal: Deal) -> Case:
    """Every line in the base case."""
    model = build(deal)
    return Case(model, evaluate(model.book.lines, model.book.periods))


def paths(deal: Deal, count: int, seed: int = 1, lines: Sequence[Line] = ()) -> Case:
    """The wanted lines, or all, in the first paths of a simulation."""
    model = build(deal)
    columns, draws = Luck(model, seed, 0).cut(slice(0, count))
    return Case(model, evaluate(lines or model.book.lines, model.book.periods, columns, draws))


def small_base(changes: Mapping[str, Any] | None = None) -> Case:
    """The base case of the small deal with other values at some paths."""
    return base_case(small(changes))


def when(row: Floats) -> dict[int, float]:
    """The periods, counted from 1, in which anything happens, and how much."""
    return {int(place) + 1: float(row[place]) for place in np.flatnonzero(np.abs(row) > 1e-9)}
