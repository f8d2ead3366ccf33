"""The deal: what was signed, and what is believed, as one frozen tree. `Deal.replace` changes a term and checks
again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, Self

from pydantic import ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from sibmodel.assumptions import Assumptions
from sibmodel.cohorts import Cohort
from sibmodel.funding import Funding
from sibmodel.measurement import AnyDesign
from sibmodel.month import Month
from sibmodel.outcomes import AnyMetric, MetricBeliefs, Milestone
from sibmodel.payments import Payment
from sibmodel.providers import Assessor, Intermediary, Provider
from sibmodel.reading import Place, fault_at, quantity_of
from sibmodel.terms import Terms, money, month, months, part, text
from sibmodel.uncertain import ByCohort

WORLD_OUTSIDE = "Staff and suppliers"
"""The party to which providers pay what their service costs."""
ALL_INVESTORS = "All investors"
"""What the returns call all tranches together."""
NAMES_OF_THE_POOL = ("pool", "pooled")
"""What payments and outcomes call all cohorts together."""

Faults = Iterator[ValidationError]
"""What a check of a whole deal finds wrong, one fault in each."""


class Deal(Terms):
    """A social impact bond: signed terms, and the beliefs under `assumptions`."""

    name: str = text("Name of the deal", longest=200)
    description: str | None = text("What it is, in a sentence or two", default=None, longest=2000)
    start: Month = month("First month of the model")
    months: int = months("Number of months of the model", minimum=1, maximum=480)
    cohorts: tuple[Cohort, ...] = part("The cohorts")
    metrics: tuple[AnyMetric, ...] = part("What is counted, and when it is known")
    measurement: tuple[AnyDesign, ...] = part(
        "How each measure is compared; the first that covers it counts", default=()
    )
    payments: tuple[Payment, ...] = part("The payments for outcomes")
    payments_cap: float | None = money("Most that all payments are together", default=None)
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
        checks = (
            self._names,
            self._dates,
            self._payers,
            self._metrics,
            self._beliefs,
            self._cohort_names,
            self._waterfall,
            self._parties,
        )
        faults = [fault for check in checks for fault in check()]
        if faults:
            raise _together(faults)
        return self

    def _names(self) -> Faults:
        """What there must be at least one of, and the names by which parts and lines are told apart."""
        for name in ("cohorts", "metrics", "payments", "providers"):
            yield from _some(getattr(self, name), name)
            yield from _different(name, (one.name for one in getattr(self, name)))
        yield from _some(self.funding.tranches, "tranches", "funding")
        yield from _different("tranches", (tranche.name for tranche in self.funding.tranches), "funding")
        for number, cohort in enumerate(self.cohorts):
            if cohort.name in NAMES_OF_THE_POOL:
                yield _taken(cohort.name, "the cohorts together", "cohorts", number, "name")
        for number, tranche in enumerate(self.funding.tranches):
            if tranche.name == ALL_INVESTORS:
                yield _taken(tranche.name, "the tranches together", "funding", "tranches", number, "name")

    def _dates(self) -> Faults:
        last = self.start.plus(self.months - 1)
        for number, cohort in enumerate(self.cohorts):
            first, closes = cohort.referrals.start, cohort.referrals.start.plus(cohort.referrals.months - 1)
            where = ("cohorts", number, "referrals", "start")
            if first < self.start:
                yield fault_at(where, f"{first} is before the deal starts, {self.start}.", "Start the deal earlier.")
            if closes > last:
                yield fault_at(
                    where, f"The cohort closes in {closes}, after the deal ends, {last}.", "Give the deal more months."
                )
        for number, payment in enumerate(self.payments):
            span = payment.span()
            if span is not None and (span[0] < self.start or span[1] > last):
                yield fault_at(
                    ("payments", number, "start"),
                    f"It runs from {span[0]} to {span[1]}, which is not all inside the deal, {self.start} to {last}.",
                    "Move it, or the deal's start or end.",
                )
        for number, provider in enumerate(self.providers):
            if provider.mobilisation is None:
                continue
            first, months_long = provider.mobilisation.start, provider.mobilisation.months
            if first < self.start or first.plus(months_long - 1) > last:
                yield fault_at(
                    ("providers", number, "mobilisation", "start"),
                    f"Mobilisation, {first} to {first.plus(months_long - 1)}, is not all inside the deal, "
                    f"{self.start} to {last}.",
                    "Move it, or the deal's start or end.",
                )
        opens = self.funding.distributions_from
        if opens is not None and opens > last:
            yield fault_at(
                ("funding", "distributions_from"),
                f"{opens} is after the deal ends, {last}, so investors would never be paid.",
                "Write an earlier month, or leave it out.",
            )

    def _payers(self) -> Faults:
        for number, payment in enumerate(self.payments):
            where = ("payments", number, "payers")
            if not payment.payers:
                yield fault_at(where, "There are no payers.", "A payment needs at least one.")
                continue
            yield from _different("payers", (payer.name for payer in payment.payers), "payments", number)
            shares = sum(payer.share for payer in payment.payers)
            if abs(shares - 1.0) > 1e-9:
                yield fault_at(
                    where,
                    f"The payers' shares add up to {shares:.10g}, not to 1.",
                    "Write shares that add up to 100 %.",
                )

    def _cohort_names(self) -> Faults:
        known = [cohort.name for cohort in self.cohorts]
        for number, provider in enumerate(self.providers):
            if provider.cohorts is not None and not provider.cohorts:
                yield fault_at(
                    ("providers", number, "cohorts"),
                    f'"{provider.name}" serves no cohort.',
                    "Name its cohorts, or leave this out for all.",
                )
            for place, name in enumerate(provider.cohorts or ()):
                yield from _known(name, known, ("providers", number, "cohorts", place), "cohort")
        for number, payment in enumerate(self.payments):
            if payment.cohorts is not None and not payment.cohorts:
                yield fault_at(
                    ("payments", number, "cohorts"),
                    f'"{payment.name}" is for no cohort.',
                    "Name its cohorts, or leave this out for all.",
                )
            for place, name in enumerate(payment.cohorts or ()):
                yield from _known(name, known, ("payments", number, "cohorts", place), "cohort")
            for inside, name in payment.cohorts_named():
                yield from _known(name, known, ("payments", number, *inside), "cohort")
        for number, design in enumerate(self.measurement):
            for place, name in enumerate(design.cohorts or ()):
                yield from _known(name, known, ("measurement", number, "cohorts", place), "cohort")
        yield from _cohorts_of_beliefs(self.assumptions, known, ("assumptions",))
        for metric, beliefs in self.assumptions.by_metric.items():
            yield from _cohorts_of_beliefs(beliefs, known, ("assumptions", "by_metric", metric))

    def _metrics(self) -> Faults:
        """Measures that are named must exist, and be of the kind that is asked for."""
        names = [metric.name for metric in self.metrics]
        for name in self.assumptions.by_metric:
            yield from _known(name, names, ("assumptions", "by_metric", name), "measure")
        for number, design in enumerate(self.measurement):
            for place, name in enumerate(design.metrics or ()):
                yield from _known(name, names, ("measurement", number, "metrics", place), "measure")
        milestones = [metric.name for metric in self.metrics if isinstance(metric, Milestone)]
        compared = [name for name in names if name not in milestones]
        for number, metric in enumerate(self.metrics):
            if isinstance(metric, Milestone) and metric.of not in ("starts", "people"):
                before = [one.name for one in self.metrics[:number] if isinstance(one, Milestone)]
                yield from _known(
                    metric.of, ["starts", "people", *before], ("metrics", number, "of"), "milestone listed before"
                )
        kinds = {"compared": compared, "achieved": milestones, "either": names}
        called = {"compared": "measure with a comparison", "achieved": "milestone", "either": "measure"}
        for number, payment in enumerate(self.payments):
            for inside, name, kind in payment.further_measures():
                yield from _known(name, kinds[kind], ("payments", number, *inside), called[kind])
            where = ("payments", number, "metric")
            if payment.metric is None and payment.measure() is not None:
                continue  # named elsewhere in its terms, and looked up there
            if payment.wants == "none":
                yield from _without_a_measure(payment, ("payments", number))
            elif payment.wants == "compared" or (payment.wants == "either" and payment.metric is None and compared):
                if not compared:
                    yield fault_at(
                        where, f"A payment of kind {payment.kind} needs a measure with a comparison.", "Add one."
                    )
                elif payment.metric is not None:
                    yield from _known(payment.metric, compared, where, "measure with a comparison")
            elif payment.wants in ("achieved", "either"):
                if payment.metric is None:
                    yield fault_at(
                        where, "is missing.", f"Name a milestone: {', '.join(milestones) or 'there is none yet'}."
                    )
                else:
                    yield from _known(
                        payment.metric, milestones if payment.wants == "achieved" else names, where, "measure"
                    )

    def _beliefs(self) -> Faults:
        """Each measure has the beliefs that it needs, and a design where it is compared."""
        for metric in self.metrics:
            needs = list(metric.needs)
            if metric.compared:
                for cohort in self.cohorts:
                    designs = [one for one in self.measurement if one.covers(metric.name, cohort.name)]
                    if not designs:
                        yield fault_at(
                            ("measurement",),
                            f'Nothing says how "{metric.name}" of {cohort.name} is compared.',
                            "Add a design: matched, randomised, historical or blend.",
                        )
                        break
                    needs += [name for name in designs[0].needs(metric) if name not in needs]
                if metric.relative and self.assumptions.effect is None:
                    yield fault_at(("assumptions", "effect"), f'is missing: "{metric.name}" needs it.', "Add it.")
                if getattr(metric, "per", "") == "reoffender":
                    needs.append("share_reoffending")
            own = self.assumptions.by_metric.get(metric.name)
            for name in needs:
                if getattr(self.assumptions, name) is None and (own is None or getattr(own, name) is None):
                    field = MetricBeliefs.model_fields[name]
                    quantity = quantity_of(field)
                    sentence = f"{field.description} ({quantity.unit})" if quantity else field.description
                    yield fault_at(
                        ("assumptions", name), f'is missing: "{metric.name}" needs it.', f"Add it: {sentence}."
                    )

    def _waterfall(self) -> Faults:
        names = [tranche.name for tranche in self.funding.tranches]
        kinds = [step.kind for step in self.funding.waterfall]
        if kinds.count("costs") != 1:
            steps = f"{kinds.count('costs')} steps" if "costs" in kinds else "no step"
            yield fault_at(
                ("funding", "waterfall"),
                f"It has {steps} of kind costs, and needs one.",
                "Add `- kind: costs`, as a rule as the first step." if steps == "no step" else "Keep one of them.",
            )
        surplus = False
        for number, step in enumerate(self.funding.waterfall):
            where: Place = ("funding", "waterfall", number)
            if surplus and step.kind in ("costs", "interest", "principal"):
                yield fault_at(
                    where, f"This step, {step.kind}, comes after the surplus, which leaves nothing.", "Put it before."
                )
            surplus = surplus or step.kind.startswith("surplus")
            if not hasattr(step, "tranches"):
                continue
            if not step.tranches:
                yield fault_at((*where, "tranches"), "There are no tranches.", "Name at least one.")
            for name, times in Counter(step.tranches).items():
                if times > 1:
                    yield fault_at((*where, "tranches"), f'"{name}" is listed {times} times.', "List it once.")
            for place, name in enumerate(step.tranches):
                yield from _known(name, names, (*where, "tranches", place), "tranche")
        for number, tranche in enumerate(self.funding.tranches):
            if not self._has_step("principal", tranche.name):
                yield fault_at(
                    ("funding", "waterfall"),
                    f'No step repays the principal of "{tranche.name}".',
                    "Add a step of kind principal for it.",
                )
            if tranche.coupon > 0 and not self._has_step("interest", tranche.name):
                yield fault_at(
                    ("funding", "tranches", number, "coupon"),
                    f'No step of the waterfall pays the interest of "{tranche.name}".',
                    "Add a step of kind interest for it.",
                )

    def _has_step(self, kind: str, tranche: str) -> bool:
        return any(step.kind == kind and tranche in getattr(step, "tranches", ()) for step in self.funding.waterfall)

    def _parties(self) -> Faults:
        """Names by which money moves are told apart: nobody pays itself, and nobody bills under another's name."""
        vehicle = self.funding.vehicle
        if vehicle == WORLD_OUTSIDE:
            yield _taken(WORLD_OUTSIDE, "those whom providers pay", "funding", "vehicle")
        roles = {vehicle: "the vehicle", WORLD_OUTSIDE: "the world outside"}
        for name, role, apart_from, where in self._roles():
            held = roles.setdefault(name, role)
            if held in apart_from:
                yield fault_at(
                    where, f'"{name}" is the name of {held} and of {role}.', "Give one of them another name."
                )
        investors = {tranche.holder for tranche in self.funding.tranches}
        for number, step in enumerate(self.funding.waterfall):
            at = ("funding", "waterfall", number, "party")
            if step.kind == "surplus to" and step.party == vehicle:
                yield fault_at(at, "The vehicle cannot pay its surplus to itself.", "Name another party.")
            elif step.kind == "surplus to" and step.party in investors:
                yield fault_at(
                    at,
                    f'"{step.party}" is an investor: this way the surplus would not count in its return.',
                    "Write a step of kind surplus, with its tranches.",
                )

    def _roles(self) -> Iterator[tuple[str, str, tuple[str, ...], Place]]:
        """Each party's name, its role, the roles that it cannot have as well, and where it is named."""
        outside = ("the vehicle", "the world outside")
        billing = (*outside, "a provider", "the intermediary")
        for number, provider in enumerate(self.providers):
            yield provider.name, "a provider", outside, ("providers", number, "name")
        if self.intermediary is not None:
            yield self.intermediary.name, "the intermediary", billing[:-1], ("intermediary", "name")
        if self.assessor is not None:
            yield self.assessor.name, "the assessor", billing, ("assessor", "name")
        for number, tranche in enumerate(self.funding.tranches):
            key = "name" if tranche.investor is None else "investor"
            yield tranche.holder, "an investor", billing[:-1], ("funding", "tranches", number, key)
        for number, payment in enumerate(self.payments):
            for place, payer in enumerate(payment.payers):
                yield payer.name, "an outcome payer", outside, ("payments", number, "payers", place, "name")


def _cohorts_of_beliefs(beliefs: MetricBeliefs, known: list[str], around: Place) -> Faults:
    for field in type(beliefs).model_fields:
        one = getattr(beliefs, field)
        if not isinstance(one, ByCohort) or not one.cohorts:
            continue
        for name in one.cohorts:
            yield from _known(name, known, (*around, field, "by_cohort", name), "cohort")
        for name in known:
            if name not in one.cohorts:
                yield fault_at((*around, field, "by_cohort"), f'There is nothing for the cohort "{name}".', "Add it.")


def _without_a_measure(payment: Payment, around: Place) -> Faults:
    """Terms that mean nothing for a payment that is for no measure and no cohort."""
    for name in ("metric", "cap_per_cohort", "cap_per_person", "engagement_floor"):
        if getattr(payment, name) is not None:
            yield fault_at((*around, name), f"A payment of kind {payment.kind} has no use for it.", "Leave it out.")


def _together(faults: list[ValidationError]) -> ValidationError:
    """Several faults as one error, so that a reader hears of all at once."""
    details = []
    for error in faults:
        for found in error.errors(include_url=False):
            kind = PydanticCustomError("sibmodel", "{message} {fix}", found["ctx"])
            details.append(InitErrorDetails(type=kind, loc=found["loc"], input=None))
    return ValidationError.from_exception_data("terms", details)


def _some(members: tuple[Any, ...], name: str, *around: str) -> Faults:
    if not members:
        yield fault_at((*around, name), f"There are no {name}.", "A deal needs at least one.")


def _different(name: str, names: Iterable[str], *around: str | int) -> Faults:
    for one, times in Counter(names).items():
        if times > 1:
            yield fault_at((*around, name), f'{times} of the {name} are named "{one}".', "Give each a name of its own.")


def _taken(name: str, who: str, *where: str | int) -> ValidationError:
    return fault_at(where, f'"{name}" is what {who} are called.', "Give it another name.")


def _known(name: str, known: list[str], where: Place, what: str) -> Faults:
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(known)}."
        yield fault_at(where, f'"{name}" is not a {what} of this deal.', hint)
