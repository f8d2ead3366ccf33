"""Cautions: what is allowed in a deal and yet likely to mislead whoever relies on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sibmodel.analysis.error_rates import AtEffect, ErrorRates, effect_cells, two_errors
from sibmodel.cohorts import Cohort
from sibmodel.deal import Deal
from sibmodel.lines import Values, evaluate
from sibmodel.measurement import Historical, Matched, pass_probability, standard_error
from sibmodel.model import Model
from sibmodel.outcomes import Frequency
from sibmodel.outcomes.base_case import events_and_shape, spread_of
from sibmodel.outcomes.beliefs import belief_about
from sibmodel.uncertain import ByCohort
from sibmodel.words import in_a_hundred, money, number, percent

TOO_OFTEN_BY_LUCK = 0.10
"""A payment that a service without any effect would get more often than this deserves a caution. Assumed: METHOD 8."""
MISSED_TOO_OFTEN = 0.40
"""A service that works as planned and is paid nothing more often than this deserves one too. Assumed."""
PATHS_OF_ERRORS = 2_048
"""Paths by which these two are found where no error rates are given: their Monte Carlo error is a point or less."""
CERTAIN = 1.0 - 1e-9


@dataclass(frozen=True)
class Caution:
    """A caution and the part of the deal that it is about."""

    path: str
    message: str


def cautions(model: Model, errors: ErrorRates | None = None) -> list[Caution]:
    """All cautions about a deal, from its terms, its base case and its error rates: a few paths' unless they are
    given."""
    return [
        *_about_beliefs(model.deal),
        *_about_luck(model.deal),
        *_about_errors(model, errors),
        *_about_the_base_case(model),
        *_about_the_end(model),
    ]


def _about_errors(model: Model, errors: ErrorRates | None) -> list[Caution]:
    if not effect_cells(model):
        return []
    if errors is not None:
        return about_errors(model.deal, errors.paid_without_effect, errors.as_planned)
    return about_errors(model.deal, *two_errors(model, PATHS_OF_ERRORS))


def about_errors(deal: Deal, nothing: AtEffect, planned: AtEffect) -> list[Caution]:
    """A deal that pays too often for nothing, or misses too often what works as planned: by what happens without any
    true effect, and with that of the base case."""
    if _all_published(deal):
        return []
    found, missed = [], 1.0 - planned.paid
    # What is paid in every case, to be given back or topped up later, says nothing about the effect.
    if TOO_OFTEN_BY_LUCK < nothing.paid < CERTAIN:
        said = f"Without any true effect something is still paid for results in {in_a_hundred(nothing.paid)} cases"
        found.append(
            Caution(
                "payments",
                f"{said} (± {percent(nothing.paid_error)}), more than the {in_a_hundred(TOO_OFTEN_BY_LUCK)} that may "
                "be borne. More people, one test of all cohorts or a higher threshold bring it down.",
            )
        )
    if planned.effect > 0 and missed > MISSED_TOO_OFTEN:
        said = f"A service that works as planned, with a true effect of {percent(planned.effect)}, is paid nothing"
        found.append(
            Caution(
                "payments",
                f"{said} for results in {in_a_hundred(missed)} cases (± {percent(planned.paid_error)}), more than the "
                f"{in_a_hundred(MISSED_TOO_OFTEN)} that may be borne. More people, one test of all cohorts or a lower "
                "threshold bring it down.",
            )
        )
    return found


def _all_published(deal: Deal) -> bool:
    """Whether it is known what was measured of every cohort by every measure that has a comparison."""
    return all(
        _published(deal, metric.name, cohort)
        for metric in deal.metrics
        for cohort in deal.cohorts
        if any(one.covers(metric.name, cohort.name) for one in deal.measurement)
    )


def _about_beliefs(deal: Deal) -> list[Caution]:
    assumptions, found = deal.assumptions, []
    matching = assumptions.matching_error
    if matching is not None and not matching.uncertain and matching.base == 0:
        found.append(
            Caution(
                "assumptions.matching_error",
                "There is no matching error: the comparison group is taken to be perfect. "
                "Evidence suggests a spread of 3 % to 10 %.",
            )
        )
    beliefs = [assumptions.effect, *(about.effect for about in assumptions.by_segment.values())]
    found += _about_drift(deal)
    effects = [one for one in beliefs if one is not None]
    if effects and not any(_uncertain(one) for one in effects):
        found.append(
            Caution(
                "assumptions.effect",
                "The effect is certain: a simulation then shows the luck of measurement and little else.",
            )
        )
    found.extend(
        Caution("assumptions.volume", f"More people than planned are expected in {cohort.name}.")
        for cohort in deal.cohorts
        if _people_known(deal, cohort) is None and assumptions.volume.for_cohort(cohort.name).base > 1
    )
    return found


def _about_drift(deal: Deal) -> list[Caution]:
    """A historical baseline is held against another time: what else changed in between is nowhere in the measure."""
    held = [
        belief_about(deal.assumptions, metric.name, "drift")
        for metric in deal.metrics
        for cohort in deal.cohorts
        if isinstance(next((one for one in deal.measurement if one.covers(metric.name, cohort.name)), None), Historical)
    ]
    if all(drift is not None and _uncertain(drift) for drift in held):
        return []
    return [
        Caution(
            "assumptions.drift",
            "A historical baseline without an uncertain drift: whatever else changes meanwhile would be measured as if "
            "it were the service's effect. Say how far the baseline may drift.",
        )
    ]


def _uncertain(belief: ByCohort) -> bool:
    return belief.uncertain or any(belief.for_cohort(name).uncertain for name in belief.cohorts)


def _about_luck(deal: Deal) -> list[Caution]:
    """Cohorts so small, or tests so near to nothing, that luck alone is often paid."""
    found = []
    for number_of, payment in enumerate(deal.payments):
        threshold = getattr(payment, "threshold", None)
        metric = next((one for one in deal.metrics if payment.metric in (None, one.name)), None)
        if threshold is None or not isinstance(metric, Frequency) or getattr(payment, "test", "") == "difference":
            continue
        for cohort in deal.cohorts:
            if _published(deal, metric.name, cohort):
                continue
            chance = _paid_by_luck(deal, metric.name, cohort, threshold)
            if chance > TOO_OFTEN_BY_LUCK:
                found.append(
                    Caution(
                        f"payments[{number_of}].threshold",
                        f"{cohort.name} would reach {percent(threshold)} with no true effect at all in "
                        f"{in_a_hundred(chance)} cases: it has {number(_people(deal, cohort))} people.",
                    )
                )
    return found


def _published(deal: Deal, metric: str, cohort: Cohort) -> bool:
    """Whether it is known what was measured of a cohort: then luck has had its say."""
    facts = None if deal.actuals is None else deal.actuals.cohorts.get(cohort.name)
    return facts is not None and metric in facts.measured


def _people_known(deal: Deal, cohort: Cohort) -> int | None:
    facts = None if deal.actuals is None else deal.actuals.cohorts.get(cohort.name)
    return None if facts is None else facts.people


def _people(deal: Deal, cohort: Cohort) -> int:
    """A cohort's people: as known, or as planned."""
    known = _people_known(deal, cohort)
    return cohort.people if known is None else known


def _paid_by_luck(deal: Deal, metric: str, cohort: Cohort, threshold: float) -> float:
    """The chance that a cohort without any true effect reaches a threshold, by matched comparison; 0 by other
    designs."""
    design = next((one for one in deal.measurement if one.covers(metric, cohort.name)), None)
    if not isinstance(design, Matched):
        return 0.0
    rate, shape = events_and_shape(deal.assumptions, metric, cohort)
    matching = belief_about(deal.assumptions, metric, "matching_error")
    known = _people_known(deal, cohort)
    people = cohort.people * deal.assumptions.volume.for_cohort(cohort.name).base if known is None else known
    if not people * design.matched > 0 or not rate > 0:
        return 0.0  # nobody is measured, or there is nothing to count: luck has no say
    error = standard_error(
        people * design.matched,
        rate,
        shape,
        design.controls_per_person,
        0.0,
        spread_of(matching),
    )
    return float(pass_probability(0.0, threshold, error))


def _below_policy(model: Model) -> list[Caution]:
    """Providers whose cash falls below what their reserves policy asks for, though not below nil."""
    found = []
    for number_of, one in enumerate(model.provider_cash):
        if one.floor is None or one.headroom is None:
            continue
        values = evaluate([one.floor, one.headroom, one.lowest], model.book.periods)
        lowest, policy = values.figure(one.lowest), values.figure(one.floor)
        if values.figure(one.headroom) < -1 and lowest >= 0:
            text = f"The cash of {one.name} falls to {money(lowest)}, below its reserves policy's {money(policy)}."
            found.append(Caution(f"providers[{number_of}].reserves", text))
    return found


def _about_the_base_case(model: Model) -> list[Caution]:
    deal, found = model.deal, []
    bill, capital = model.commissioning, model.funding
    values = evaluate(
        [
            bill.paid_in_all,
            capital.uncovered,
            *[one.owed.closing for one in capital.arrears],
            *capital.balances.values(),
            *[payment.beyond_the_end for payment in model.payments if payment.beyond_the_end is not None],
            *[one.worst for one in model.provider_cash],
        ],
        model.book.periods,
    )
    if values.figure(bill.paid_in_all) <= 0:
        found.append(Caution("payments", "In the base case nothing is ever paid for outcomes."))
    short = float(np.max(values.row(capital.uncovered)))
    if short > 1:
        found.append(
            Caution(
                "funding.tranches",
                f"Commitments do not cover the bills: at worst {money(short)} is owed, to {_creditors(model, values)}. "
                "They carry that until outcomes are paid.",
            )
        )
    found += _below_policy(model)
    for number_of, one in enumerate(model.provider_cash):
        lacks = values.figure(one.worst)
        if one.opening_cash is not None and lacks > 1:
            found.append(
                Caution(
                    f"providers[{number_of}].opening_cash",
                    f"{one.name} runs out of its own cash: at worst it lacks {money(lacks)}.",
                )
            )
    for name, balance in capital.balances.items():
        kept = float(values.row(balance)[-1])
        if kept > 1:
            found.append(Caution("funding.waterfall", f"{money(kept)} is left in {name} at the end: no step takes it."))
    for number_of, payment in enumerate(model.payments):
        if payment.beyond_the_end is not None and values.figure(payment.beyond_the_end) > 0:
            found.append(
                Caution(
                    "months",
                    f"A decision on {deal.payments[number_of].name} falls after the last month; "
                    "it is paid in the last month. Give the deal more months.",
                )
            )
    return found


def _creditors(model: Model, values: Values) -> str:
    """Whom the vehicle owes at some time, in words."""
    owed = {one.bill.payee: None for one in model.funding.arrears if values.row(one.owed.closing).max() > 1}
    names = list(owed)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _about_the_end(model: Model) -> list[Caution]:
    """An option to stop, and a compensation, that nothing can ever bring about."""
    deal, end, found = model.deal, model.end, []
    if end is None:
        return []
    option, shock = end.terms.stop_option, deal.assumptions.policy_shock
    if option is not None and end.decision is not None and end.stop_period is not None:
        values = evaluate([end.decision, end.stop_period], model.book.periods)
        decided = values.figure(end.decision)
        if not any(cohort.referrals.start >= option.before for cohort in deal.cohorts):
            said = f"no cohort begins in {option.before} or later"
        elif decided >= values.figure(end.stop_period):
            said = f"{option.cohort} is decided in {deal.start.plus(round(decided) - 1)}, not before {option.before}"
        else:
            said = ""
        if said:
            found.append(Caution("early_end.stop_option", f"Investors can never use their option to stop: {said}."))
    may_come = shock is not None and (shock.uncertain or shock.base > 0)
    if end.terms.compensation is not None and end.terms.ends is None and not may_come:
        found.append(
            Caution(
                "early_end.compensation",
                "It can never be owed: the deal has neither a month in which it ends early nor a policy shock.",
            )
        )
    return found
