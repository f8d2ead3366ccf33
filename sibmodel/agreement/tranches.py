"""Tranches: kinds and their steps, shares, dates, and the measures and cohorts that their terms read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sibmodel.agreement.common import Faults, different, unknown
from sibmodel.funding import Condition, Performance, Sweep, Tranche
from sibmodel.month import Month
from sibmodel.outcomes import Milestone
from sibmodel.reading import Place, fault_at

if TYPE_CHECKING:
    from sibmodel.deal import Deal


def tranches(deal: Deal) -> Faults:
    """What each tranche says fits the rest of the deal."""
    if deal.funding.tranches and all(one.kind == "grant" for one in deal.funding.tranches):
        yield fault_at(
            ("funding", "tranches"),
            "Every tranche is a grant, so nobody invests.",
            "Add a tranche of another kind.",
        )
    for number, tranche in enumerate(deal.funding.tranches):
        where: Place = ("funding", "tranches", number)
        yield from _steps(deal, tranche, where)
        yield from _holders(deal, tranche, where)
        yield from _dates(deal, tranche, where)
        yield from _draws(deal, tranche, where)
        for inside, terms in _readers(tranche):
            yield from _reads(deal, terms, (*where, *inside))
    yield from _targets(deal)


def _steps(deal: Deal, tranche: Tranche, where: Place) -> Faults:
    named = {step.kind for step in deal.funding.waterfall if tranche.name in getattr(step, "tranches", ())}
    for number, step in enumerate(deal.funding.waterfall):
        if tranche.name not in getattr(step, "tranches", ()):
            continue
        at: Place = ("funding", "waterfall", number, "tranches")
        if tranche.kind == "grant":
            yield fault_at(
                at, f'"{tranche.name}" is a grant, for which nothing is paid.', "Leave it out, or change its `kind`."
            )
        elif step.kind == "interest" and tranche.kind in ("equity", "recyclable grant"):
            yield fault_at(
                at,
                f'"{tranche.name}" has no interest: it is of kind {tranche.kind}.',
                "Leave it out, or change its `kind`.",
            )
    if tranche.kind == "equity" and not named:
        yield fault_at(
            where, f'No step of the waterfall pays "{tranche.name}".', "Name it in a step of kind principal or surplus."
        )


def _holders(deal: Deal, tranche: Tranche, where: Place) -> Faults:
    if tranche.investors:
        yield from different("investors", (one.name for one in tranche.investors), *where)
        shares = sum(one.share for one in tranche.investors)
        if abs(shares - 1.0) > 1e-9:
            yield fault_at(
                (*where, "investors"),
                f"The investors' shares add up to {shares:.10g}, not to 1.",
                "Write shares that add up to 100 %.",
            )
    if tranche.kind == "deferred fees":
        yield from unknown(tranche.holder, [one.name for one in deal.providers], (*where, "investor"), "provider")
    if tranche.fees is not None and tranche.fees.agent in tranche.parties:
        yield fault_at(
            (*where, "fees", "agent"),
            f'"{tranche.fees.agent}" holds the tranche.',
            "Leave it out: holders get the fees.",
        )


def _months(tranche: Tranche) -> Iterator[tuple[Place, Month]]:
    """Every month that a tranche names, with its place."""
    for name in ("available_from", "available_until"):
        if getattr(tranche, name) is not None:
            yield (name,), getattr(tranche, name)
    for place, draw in enumerate(tranche.draws):
        yield ("draws", place, "month"), draw.month
    if tranche.interest is not None:
        if tranche.interest.first_due is not None:
            yield ("interest", "first_due"), tranche.interest.first_due
        for place, step in enumerate(tranche.interest.steps):
            yield ("interest", "steps", place, "start"), step.start
    if tranche.performance is not None:
        for name in ("start", "minimum_until"):
            if getattr(tranche.performance, name) is not None:
                yield ("performance", name), getattr(tranche.performance, name)
    for inside, month in tranche.repaid.months_named():
        yield ("repayment", *inside), month


def _dates(deal: Deal, tranche: Tranche, where: Place) -> Faults:
    last = deal.start.plus(deal.months - 1)
    for inside, month in _months(tranche):
        if not deal.start <= month <= last:
            yield fault_at(
                (*where, *inside),
                f"{month} is not inside the deal, {deal.start} to {last}.",
                "Move it, or the deal's start or end.",
            )
    first = tranche.available_from or deal.start
    until = tranche.available_until or last
    if until < first:
        yield fault_at(
            (*where, "available_until"),
            f"{until} is before {first}, when it is first available.",
            "Write a later month.",
        )
    for inside, month in tranche.repaid.months_named():
        if month < first:
            yield fault_at(
                (*where, "repayment", *inside),
                f"Principal falls due in {month}, before the tranche is available, {first}.",
                "Write a later month.",
            )
    if tranche.interest is not None and tranche.interest.first_due is not None and tranche.interest.first_due < first:
        yield fault_at(
            (*where, "interest", "first_due"),
            f"{tranche.interest.first_due} is before the tranche is available, {first}.",
            "Write a later month.",
        )


def _draws(deal: Deal, tranche: Tranche, where: Place) -> Faults:
    if not tranche.draws:
        return
    last = deal.start.plus(deal.months - 1)
    first, until = tranche.available_from or deal.start, tranche.available_until or last
    for place, draw in enumerate(tranche.draws):
        if not first <= draw.month <= until and deal.start <= draw.month <= last:
            yield fault_at(
                (*where, "draws", place, "month"),
                f"{draw.month} is not inside the tranche's availability, {first} to {until}.",
                "Move the draw, or the months of availability.",
            )
    drawn = sum(draw.amount for draw in tranche.draws)
    if drawn > tranche.commitment * (1 + 1e-12):
        yield fault_at(
            (*where, "draws"),
            f"The draws add up to {drawn:,.10g}, more than the commitment, {tranche.commitment:,.10g}.",
            "Write smaller draws, or a larger commitment.",
        )
    swept = [
        one.name
        for one in deal.funding.tranches
        if isinstance(one.repaid, Sweep)
        and any(step.kind == "principal" and one.name in step.tranches for step in deal.funding.waterfall)
    ]
    if swept and deal.funding.distributions_from is None:
        yield fault_at(
            (*where, "draws"),
            f'What is drawn before it is needed would repay "{swept[0]}" in the same month.',
            "Write `distributions_from`, the first month in which investors may be paid.",
        )


def _readers(tranche: Tranche) -> Iterator[tuple[Place, Condition | Performance]]:
    """The terms that read a measured effect, with their places."""
    if tranche.condition is not None:
        yield ("condition",), tranche.condition
    for place, draw in enumerate(tranche.draws):
        if draw.condition is not None:
            yield ("draws", place, "condition"), draw.condition
    if tranche.performance is not None:
        yield ("performance",), tranche.performance


def _reads(deal: Deal, terms: Condition | Performance, where: Place) -> Faults:
    names = [metric.name for metric in deal.metrics]
    compared = [metric.name for metric in deal.metrics if not isinstance(metric, Milestone)]
    if terms.metric is not None:
        yield from unknown(terms.metric, names, (*where, "metric"), "measure")
    elif not compared:
        yield fault_at((*where, "metric"), "is missing.", f"Name a measure: {', '.join(names)}.")
    cohorts = [cohort.name for cohort in deal.cohorts]
    if isinstance(terms, Condition):
        yield from unknown(terms.cohort, cohorts, (*where, "cohort"), "cohort")
        return
    if terms.cohorts is not None and not terms.cohorts:
        yield fault_at((*where, "cohorts"), "It reads no cohort.", "Name its cohorts, or leave this out for all.")
    for place, name in enumerate(terms.cohorts or ()):
        yield from unknown(name, cohorts, (*where, "cohorts", place), "cohort")


def _targets(deal: Deal) -> Faults:
    """An investor wants one return on all it holds."""
    wanted: dict[str, float] = {}
    for number, tranche in enumerate(deal.funding.tranches):
        for place, one in enumerate(tranche.investors):
            if one.target_return is None:
                continue
            if one.name in wanted:
                yield fault_at(
                    ("funding", "tranches", number, "investors", place, "target_return"),
                    f'A target of "{one.name}" stands in an earlier tranche.',
                    "Write it once: it is for all that the investor holds.",
                )
            wanted[one.name] = one.target_return
