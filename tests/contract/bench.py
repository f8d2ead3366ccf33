"""Any payment in the small deal, at many measured effects at once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from sibmodel.deal import Deal
from sibmodel.lines import Input, Line, Plan, Values
from sibmodel.model import Model, build
from sibmodel.payments import SettledPayment
from tests.deals import Floats
from tests.payments import small

EVENTS = {"kind": "frequency", "name": "Events"}
BASELINE = {"kind": "historical", "baseline": 1.5, "metrics": ["Events"]}
BELIEFS = {"events_per_person": 1.5, "dispersion": 0.7, "volume": 1, "by_metric": small.RATES}
SECTIONS = ("Inputs", "Timeline", "Referrals", "Outcomes", "Measurement", "Payments", "Effects", "Commissioning")
EVEN = {"First": 0, "Second": 0}


def deal_with(*payments: dict[str, Any], **changes: Any) -> Deal:
    """The small deal with these payments, an effect for each cohort, and all measures that examples may name."""
    assumptions = {**BELIEFS, "effect": {"by_cohort": EVEN}, **changes.pop("assumptions", {})}
    plain = small.plain(
        payments[0],
        metrics=[EVENTS, *small.MILESTONES],
        measurement=[BASELINE],
        assumptions=assumptions,
        **changes,
    )
    payer = {"payers": [{"name": "Ministry"}]}
    plain["payments"] = [{**payer, "name": f"Pay {place + 1}", **one} for place, one in enumerate(payments)]
    return small.deal_of(plain)


@dataclass(frozen=True, eq=False)
class Bench:
    """A deal's lines, read at any true effects; against a fixed baseline these are the measured ones."""

    model: Model

    @cached_property
    def read(self) -> list[Line]:
        """All lines up to what is paid and for what; capital and returns are left out."""
        return [line for line in self.model.book.lines if line.section.name in SECTIONS]

    @cached_property
    def plan(self) -> Plan:
        """The order of their calculation."""
        return Plan(self.read)

    @property
    def payment(self) -> SettledPayment:
        return self.model.payments[0]

    def cell(self, path: str) -> Input:
        """The one input whose path begins so."""
        (cell,) = [one for one in self.model.book.inputs if one.path.startswith(path)]
        return cell

    def at(self, first: Any = 0.1, second: Any = 0.1, **others: Any) -> Values:
        """All lines, at one effect of each cohort or at many (columns of one length). `others` by name of a belief:
        `volume`, or the success rates `job` and `job_kept`."""
        paths = {
            "volume": "assumptions.volume",
            "job": "assumptions.by_metric[Job].success_rate",
            "job_kept": "assumptions.by_metric[Job kept].success_rate",
        }
        wanted = {
            'assumptions.effect.by_cohort["First"]': first,
            'assumptions.effect.by_cohort["Second"]': second,
            **{paths[name]: value for name, value in others.items()},
        }
        width = max(np.size(value) for value in wanted.values())
        columns = {
            cell: np.broadcast_to(np.asarray(value, dtype=float), width).copy()
            for path, value in wanted.items()
            for cell in self.model.book.inputs
            if cell.path.startswith(path)
        }
        return self.plan.evaluate(self.model.book.periods, columns)

    def paid(self, values: Values) -> Floats:
        """What all payers pay, over time and paths, less what is owed back to them."""
        paid: Any = sum(self.rows(values, one.paid) for one in self.model.payments)
        for one in self.model.payments:
            if one.lines.owed_back is not None:
                paid = paid - self.rows(values, one.lines.owed_back)
        return np.asarray(paid)

    def net(self, values: Values) -> Floats:
        """That in all, by path."""
        return self.paid(values).sum(axis=0)

    def rows(self, values: Values, line: Line) -> Floats:
        """A line over time, as wide as the values are."""
        width = max(np.asarray(values[one]).shape[-1] for one in self.model.book.inputs)
        array = np.asarray(values[line])
        return np.broadcast_to(array, (array.shape[0], width))


def bench(*payments: dict[str, Any], **changes: Any) -> Bench:
    """The bench of a deal with these payments; asked again, the same."""
    return _bench(json.dumps([payments, changes]))


@lru_cache(maxsize=200)
def _bench(key: str) -> Bench:
    payments, changes = json.loads(key)
    return Bench(build(deal_with(*payments, **changes)))
