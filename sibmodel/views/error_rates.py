"""The error rates: how often the deal pays for nothing, and how often it does not pay for something that works."""

from __future__ import annotations

from math import ceil

from sibmodel.analysis.error_rates import ErrorRates
from sibmodel.analysis.power import designs, sample_sizes, what_designs_test, what_drifts
from sibmodel.cautions import Caution, about_errors
from sibmodel.deal import Deal
from sibmodel.results import Run
from sibmodel.views.common import Block, Cell, Chart, Constant, Pictures, Series, Table, View, Words
from sibmodel.words import in_a_hundred, percent

PURPOSE = "How often payment is made for nothing, and how often it is missed for something that works."
CURVE = "Chance of payment by true effect"
DESIGNS = "The same two errors if it were measured otherwise"
SIZES = "People needed to see a true effect"
AGAINST_NIL = (
    "For a one-sided test at 5 % with a power of 80 %, against no effect: without a matching error, which more people "
    "do not make smaller, and not against the contract's threshold."
)
"""What the people needed are needed for."""


def error_rates(run: Run) -> View | None:
    """The view; None for a deal whose payment does not hang on an effect."""
    return None if run.errors is None else View("Error rates", PURPOSE, blocks(run.deal, run.errors))


def blocks(deal: Deal, errors: ErrorRates) -> tuple[Block, ...]:
    """The words, tables and chart of a deal's error rates."""
    curve = _curve(errors)
    said = tuple(one.message for one in cautions_of(deal, errors))
    warned = [Words(said, "Caution" if len(said) == 1 else "Cautions")] if said else []
    made: list[Block] = [Words(sentences(errors)), *warned, Pictures((_chart(errors, curve),)), curve]
    other = designs(deal, errors.judgement.target)
    if other:
        made.append(_designs(deal, errors))
    if sample_sizes(deal):
        made.append(_sizes(deal))
    return tuple(made)


def cautions_of(deal: Deal, errors: ErrorRates) -> list[Caution]:
    """Cautions about the deal's two errors."""
    return about_errors(deal, errors.paid_without_effect, errors.as_planned)


def sentences(errors: ErrorRates) -> tuple[str, ...]:
    """What the error rates say, the most important first."""
    judged = errors.judgement
    said = [
        f"A service without any effect would be paid in {in_a_hundred(errors.paid_without_effect.paid)} cases "
        f"(± {percent(errors.paid_without_effect.paid_error)}).",
        f"A service with a true effect of {percent(judged.target)} would be paid nothing in "
        f"{in_a_hundred(errors.unpaid_at_target)} cases (± {percent(errors.at_target.paid_error)})."
        if judged.target > 0
        else "The deal pays from the smallest effect on, so it names no target: give the effect that it is meant for, "
        "`sibmodel error-rates DEAL --target 10%`, to see how often what works is missed.",
    ]
    planned = errors.as_planned
    if planned.effect > 0 and percent(planned.effect) != percent(judged.target):
        said.append(
            f"A service that works as planned, with a true effect of {percent(planned.effect)}, would be paid nothing "
            f"in {in_a_hundred(1.0 - planned.paid)} cases (± {percent(planned.paid_error)})."
        )
    if judged.paid > 0:
        said.append(
            f"Where payment is made, the measured effect is {percent(judged.measured_if_paid)} on average, and the "
            f"true one {percent(judged.true_if_paid)}: of 100 payments, {judged.meets_target_if_paid * 100:.0f} are "
            f"for a true effect of {percent(judged.target)} or more."
        )
    return tuple(said)


def _curve(errors: ErrorRates) -> Table:
    header = (
        "True effect",
        "Chance of payment",
        "Monte Carlo error",
        "Mean payment for results",
        "Error of the mean",
        *(f"Chance, {name}" for name in errors.cohorts),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            percent(point.effect),
            Constant(point.paid, "share"),
            Constant(point.paid_error, "share"),
            Constant(point.mean_payment, "money"),
            Constant(point.mean_payment_error, "money"),
            *(Constant(chance, "share") for chance in point.cohorts_paid),
        )
        for point in errors.curve
    )
    note = f"Simulated, {errors.paths:,} paths for each true effect, seed {errors.seed}; everything else as it falls."
    return Table(CURVE, header, rows, note)


def _chart(errors: ErrorRates, curve: Table) -> Chart:
    nothing = in_a_hundred(errors.paid_without_effect.paid)
    return Chart(
        f"With no effect at all, payment is made in {nothing} cases",
        curve,
        (Series("Chance of payment", "paid"),),
        "line",
        "True effect",
        "Chance of payment",
        "share",
        f"A line that rises from {percent(errors.curve[0].paid)} at a true effect of "
        f"{percent(errors.curve[0].effect)} to {percent(errors.curve[-1].paid)} at {percent(errors.curve[-1].effect)}.",
    )


def _designs(deal: Deal, errors: ErrorRates) -> Table:
    target = errors.judgement.target
    header = ("If it were", "People in a test", "Tests", "Threshold", "Paid with no effect", "Unpaid at the target")
    rows = tuple(
        (
            one.name,
            Constant(one.people, "people"),
            Constant(one.tests, "count"),
            Constant(one.threshold, "share"),
            Constant(one.false_payment, "share"),
            Constant(one.missed_payment, "share"),
        )
        for one in designs(deal, target)
    )
    note = (
        f"By formula, for the first measure: {what_designs_test(deal)}, at the base case's volume; so not quite the "
        f"simulated chances above. The target is an effect of {percent(target)}. {what_drifts(deal)}"
    )
    return Table(DESIGNS, header, rows, note)


def _sizes(deal: Deal) -> Table:
    header = ("True effect", "People needed", "People needed if counts were Poisson")
    rows = tuple(
        (percent(one.reduction), Constant(ceil(one.people), "people"), Constant(ceil(one.poisson), "people"))
        for one in sample_sizes(deal)
    )
    note = f"{AGAINST_NIL} Poisson counts are wrong for reoffending: shown to warn."
    return Table(SIZES, header, rows, note)
