"""The deal: what was signed, and what is believed, as one frozen tree. `Deal.replace` changes a term and checks
again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, Literal, Self

from pydantic import model_validator

from sibmodel.cohorts import Cohort
from sibmodel.funding import Funding
from sibmodel.measurement import Measurement
from sibmodel.month import Month
from sibmodel.outcomes import Outcome
from sibmodel.payments import Payment
from sibmodel.providers import Assessor, Intermediary, Provider
from sibmodel.reading import fault_at
from sibmodel.terms import Terms, choice, month, months, part, text, yearly_rate
from sibmodel.uncertain import Belief, ByCohort, belief

WORLD_OUTSIDE = "Staff and suppliers"
"""The party to which providers pay what their service costs."""


class Assumptions(Terms):
    """What nobody knows. Only here may a number be a distribution, and each has its source."""

    events_per_person: ByCohort = belief(
        "Reconviction events a person in the window, without the service",
        "number",
        unit="events a person",
        minimum=0.001,
    )
    effect: ByCohort = belief(
        "True relative reduction in events that the service brings about", "share_of_any_sign", minimum=-5.0
    )
    effect_among: Literal["everyone", "engaged"] = choice(
        "Whether the effect is stated over everyone eligible, or among those who engage", default="everyone"
    )
    engagement: ByCohort = belief("Share of eligible people who start the service", "share", default=ByCohort.of(1.0))
    volume: ByCohort = belief(
        "People eligible, relative to plan", "number", unit="ratio to plan", minimum=0.0, default=ByCohort.of(1.0)
    )
    delay_months: ByCohort = belief(
        "Months by which the assessment comes later than planned", "months", minimum=0.0, default=ByCohort.of(0.0)
    )
    dispersion: Belief = belief(
        "Shape of the negative binomial count of events a person; the smaller, the noisier",
        "number",
        unit="shape",
        minimum=0.001,
    )
    matching_error: Belief = belief(
        "Logarithm of the comparison group's rate against the truth: what matching leaves out",
        "number",
        unit="log ratio",
        minimum=-5.0,
        maximum=5.0,
    )
    cost_overrun: Belief = belief(
        "Providers' real cost against budget", "share_of_any_sign", minimum=-1.0, maximum=10.0, default=Belief.of(0.0)
    )
    investor_discount_rate: float = yearly_rate("Rate at which investors' cash flows are discounted", default=0.035)


class Deal(Terms):
    """A social impact bond: signed terms, and the beliefs under `assumptions`."""

    name: str = text("Name of the deal", longest=200)
    description: str | None = text("What it is, in a sentence or two", default=None, longest=2000)
    start: Month = month("First month of the model")
    months: int = months("Number of months of the model", minimum=1, maximum=480)
    cohorts: tuple[Cohort, ...] = part("The cohorts")
    outcome: Outcome = part("What is counted, and when it is known")
    measurement: Measurement = part("How it is measured")
    payments: tuple[Payment, ...] = part("The payments for outcomes")
    providers: tuple[Provider, ...] = part("The service providers")
    intermediary: Intermediary | None = part("Who sets up and manages the bond", default=None)
    assessor: Assessor | None = part("Who measures the outcome", default=None)
    funding: Funding = part("Capital and waterfall")
    assumptions: Assumptions = part("What nobody knows")
    sources: dict[str, str] = part("Where signed terms come from, by path", default={})

    def replace(self, path: str, value: Any) -> Deal:
        """The deal with another value at `path` (`payments[0].price`), checked again as a whole.

        Raises DealError where the new deal is wrong, NotFoundError where there is no such path.
        """
        from sibmodel.replacing import replace

        return replace(self, path, value)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for name in ("cohorts", "payments", "providers"):
            _some(getattr(self, name), name)
            _different(name, (one.name for one in getattr(self, name)))
        _some(self.funding.tranches, "tranches", "funding")
        self._check_dates()
        self._check_cohort_names()
        self._check_waterfall()
        self._check_parties()
        for number, payment in enumerate(self.payments):
            shares = sum(payer.share for payer in payment.payers)
            if abs(shares - 1.0) > 1e-9:
                raise fault_at(
                    ("payments", number, "payers"), f"The payers' shares add up to {shares:g}, not to 1.", ""
                )
        return self

    def _check_dates(self) -> None:
        last = self.start.plus(self.months - 1)
        for number, cohort in enumerate(self.cohorts):
            first, closes = cohort.referrals.start, cohort.referrals.start.plus(cohort.referrals.months - 1)
            where = ("cohorts", number, "referrals", "start")
            if first < self.start:
                raise fault_at(where, f"{first} is before the deal starts, {self.start}.", "Start the deal earlier.")
            if closes > last:
                raise fault_at(
                    where, f"The cohort closes in {closes}, after the deal ends, {last}.", "Give the deal more months."
                )
        for number, provider in enumerate(self.providers):
            if provider.mobilisation is not None and not self.start <= provider.mobilisation.start <= last:
                raise fault_at(
                    ("providers", number, "mobilisation", "start"),
                    f"{provider.mobilisation.start} is outside the deal, {self.start} to {last}.",
                    "Move it, or the deal's start.",
                )

    def _check_cohort_names(self) -> None:
        known = [cohort.name for cohort in self.cohorts]
        for number, provider in enumerate(self.providers):
            for place, name in enumerate(provider.cohorts or ()):
                _known(name, known, ("providers", number, "cohorts", place), "cohort")
        for field in type(self.assumptions).model_fields:
            beliefs = getattr(self.assumptions, field)
            if isinstance(beliefs, ByCohort) and beliefs.cohorts:
                for name in beliefs.cohorts:
                    _known(name, known, ("assumptions", field, "by_cohort", name), "cohort")
                for name in known:
                    if name not in beliefs.cohorts:
                        raise fault_at(
                            ("assumptions", field, "by_cohort"), f'There is nothing for the cohort "{name}".', "Add it."
                        )

    def _check_waterfall(self) -> None:
        names = [tranche.name for tranche in self.funding.tranches]
        _different("tranches", names, "funding")
        kinds = [step.kind for step in self.funding.waterfall]
        if kinds.count("costs") != 1:
            raise fault_at(
                ("funding", "waterfall"),
                f"It has {kinds.count('costs') or 'no'} steps of kind costs, and needs one.".replace(
                    "no steps", "no step"
                ),
                "Add `- kind: costs`, as a rule as the first step.",
            )
        for number, step in enumerate(self.funding.waterfall):
            for place, name in enumerate(getattr(step, "tranches", ())):
                _known(name, names, ("funding", "waterfall", number, "tranches", place), "tranche")
        paid = {name for step in self.funding.waterfall if step.kind == "principal" for name in step.tranches}
        for name in names:
            if name not in paid:
                raise fault_at(
                    ("funding", "waterfall"),
                    f'No step repays the principal of "{name}".',
                    "Add a step of kind principal for it.",
                )

    def _check_parties(self) -> None:
        """Names by which money moves are told apart: nobody pays itself."""
        roles: dict[str, str] = {self.funding.vehicle: "the vehicle", WORLD_OUTSIDE: "the world outside"}
        steps = [step.party for step in self.funding.waterfall if step.kind == "surplus to"]
        named: list[tuple[str, str, tuple[str | int, ...]]] = [
            *(
                (provider.name, "a provider", ("providers", number, "name"))
                for number, provider in enumerate(self.providers)
            ),
            *(
                (tranche.holder, "an investor", ("funding", "tranches", number))
                for number, tranche in enumerate(self.funding.tranches)
            ),
        ]
        for name, role, where in named:
            if name in roles and roles[name] != role:
                raise fault_at(
                    where, f'"{name}" is the name of {roles[name]} and of {role}.', "Give one of them another name."
                )
            roles[name] = role
        for name in steps:
            if name == self.funding.vehicle:
                raise fault_at(
                    ("funding", "waterfall"), "The vehicle cannot pay its surplus to itself.", "Name another party."
                )


def _some(members: tuple[Any, ...], name: str, *around: str) -> None:
    if not members:
        raise fault_at((*around, name), f"There are no {name}.", "A deal needs at least one.")


def _different(name: str, names: Iterable[str], *around: str) -> None:
    for one, times in Counter(names).items():
        if times > 1:
            raise fault_at((*around, name), f'{times} of the {name} are named "{one}".', "Give each a name of its own.")


def _known(name: str, known: list[str], where: tuple[str | int, ...], what: str) -> None:
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(known)}."
        raise fault_at(where, f'"{name}" is not a {what} of this deal.', hint)
