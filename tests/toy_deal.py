"""A small schema with everything that terms can hold: lists, kinds, optional parts, beliefs, months."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sibmodel.terms import Month, Terms, choice, fault_at, money, month, part, people, share, text, yes_no
from sibmodel.uncertain import Belief, ByCohort, belief


class Tariff(Terms):
    kind: Literal["tariff"]
    price: float = money("Price paid per event avoided")


class Fallback(Terms):
    pooled: float = share("Reduction over all cohorts")


class Threshold(Terms):
    kind: Literal["threshold"]
    price: float = money("Price paid per event avoided")
    threshold: float = share("Reduction from which it is paid")
    fallback: Fallback | None = part("Second test", default=None)
    cap: float | None = money("Most that is paid", default=None)
    tiers: tuple[float, ...] = money("Price in each tier", default=())


class Cohort(Terms):
    name: str = text("Name of the cohort")
    people: int = people("People referred")
    start: Month = month("First month of referrals")


class Assumptions(Terms):
    effect: ByCohort = belief("Relative reduction", "share_of_any_sign")
    volume: Belief = belief("Share of the planned volume", "number", default=1.0, minimum=0.0)


class ToyDeal(Terms):
    name: str = text("Name of the deal")
    measure: Literal["binary", "frequency"] = choice("What is counted", default="frequency")
    real: bool = yes_no("Whether in real terms", default=False)
    cohorts: tuple[Cohort, ...] = part("The cohorts")
    payments: tuple[Annotated[Tariff | Threshold, Field(discriminator="kind")], ...] = part("What is paid")
    assumptions: Assumptions = part("What nobody knows")
    labels: dict[str, str] = part("Words of the reader's own", default={})

    @model_validator(mode="after")
    def _thresholds_can_be_reached(self) -> Self:
        for position, payment in enumerate(self.payments):
            if isinstance(payment, Threshold) and payment.threshold == 1:
                raise fault_at(("payments", position, "threshold"), "1 can never be reached.", "Lower it.")
        return self


TOY = """\
name: Toy
cohorts:
  - name: Cohort 1
    people: 1,000
    start: 2027-04
  - {name: Cohort 2, people: 900, start: 2028-04-01}
payments:
  - kind: threshold
    price: £14k
    threshold: 10%
    fallback: {pooled: 0.075}
    cap: £8m
  - kind: tariff
    price: 3_000
assumptions:
  effect: {by_cohort: {Cohort 1: {normal: {mean: 8%, sd: 0.06}, source: a-study}, Cohort 2: 9.7%}}
  volume: {triangular: {low: 0.6, mode: 0.9, high: 1.05}, source: nao-2017, base: 0.9}
"""
