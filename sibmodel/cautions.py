"""Cautions: what is allowed in a deal and yet likely to mislead whoever relies on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sibmodel.deal import Deal
from sibmodel.lines import evaluate
from sibmodel.measurement import pass_probability, standard_error
from sibmodel.model import Model
from sibmodel.words import in_a_hundred, money, number, percent

TOO_OFTEN_BY_LUCK = 0.10
"""A payment that a service without any effect would get more often than this deserves a caution. Assumed."""


@dataclass(frozen=True)
class Caution:
    """A caution and the part of the deal that it is about."""

    path: str
    message: str


def cautions(model: Model) -> list[Caution]:
    """All cautions about a deal, from its terms and its base case."""
    return [*_about_beliefs(model.deal), *_about_luck(model.deal), *_about_the_base_case(model)]


def _about_beliefs(deal: Deal) -> list[Caution]:
    assumptions, found = deal.assumptions, []
    if not assumptions.matching_error.uncertain and assumptions.matching_error.base == 0:
        found.append(
            Caution(
                "assumptions.matching_error",
                "There is no matching error: the comparison group is taken to be perfect. "
                "Evidence suggests a spread of 3 % to 10 %.",
            )
        )
    effects = [assumptions.effect.for_cohort(cohort.name) for cohort in deal.cohorts]
    if not any(effect.uncertain for effect in effects):
        found.append(
            Caution(
                "assumptions.effect",
                "The effect is certain: a simulation then shows the luck of measurement and little else.",
            )
        )
    found.extend(
        Caution("assumptions.volume", f"More people than planned are expected in {cohort.name}.")
        for cohort in deal.cohorts
        if assumptions.volume.for_cohort(cohort.name).base > 1
    )
    return found


def _about_luck(deal: Deal) -> list[Caution]:
    """Cohorts so small, or tests so near to nothing, that luck alone is often paid."""
    assumptions, found = deal.assumptions, []
    matching = assumptions.matching_error.distribution
    spread = float(getattr(matching, "sd", 0.0)) if matching is not None else 0.0
    for number_of, payment in enumerate(deal.payments):
        for cohort in deal.cohorts:
            error = standard_error(
                cohort.people * assumptions.volume.for_cohort(cohort.name).base,
                assumptions.events_per_person.for_cohort(cohort.name).base,
                assumptions.dispersion.base,
                deal.measurement.controls_per_person,
                0.0,
                spread,
            )
            chance = float(pass_probability(0.0, payment.threshold, error))
            if chance > TOO_OFTEN_BY_LUCK:
                found.append(
                    Caution(
                        f"payments[{number_of}].threshold",
                        f"{cohort.name} would reach {percent(payment.threshold)} with no true effect at all in "
                        f"{in_a_hundred(chance)} cases: it has {number(cohort.people)} people.",
                    )
                )
    return found


def _about_the_base_case(model: Model) -> list[Caution]:
    deal, found = model.deal, []
    bill, capital = model.commissioning, model.funding
    values = evaluate(
        [bill.paid_in_all, capital.uncovered, *[payment.beyond_the_end for payment in model.payments]],
        model.book.periods,
    )
    if values.figure(bill.paid_in_all) <= 0:
        found.append(Caution("payments", "In the base case nothing is ever paid for outcomes."))
    short = float(np.max(values.row(capital.uncovered)))
    if short > 1:
        found.append(
            Caution(
                "funding.tranches",
                f"Commitments do not cover the bills: at worst {money(short)} is owed. "
                "Providers carry that until outcomes are paid.",
            )
        )
    for number_of, payment in enumerate(model.payments):
        if values.figure(payment.beyond_the_end) > 0:
            found.append(
                Caution(
                    "months",
                    f"A decision on {deal.payments[number_of].name} falls after the last month; "
                    "it is paid in the last month. Give the deal more months.",
                )
            )
    return found
