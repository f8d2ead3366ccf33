"""Whether payment follows the effect: how often it does, and the three effects, true, measured and paid, by cohort."""

from __future__ import annotations

import math

import numpy as np

from sibmodel.results import Run, chance, paid
from sibmodel.simulation import summary_of
from sibmodel.simulation.kept import effect_names
from sibmodel.views.common import Cell, Chart, Constant, Figure, Series, Table
from sibmodel.views.distributions import payment_by_truth
from sibmodel.views.effect_words import leading, words_of
from sibmodel.views.sentences import kept_note, of_a_hundred

EFFECTS = "Effect by cohort: true, measured, paid"


def target(run: Run) -> float | None:
    """The reduction that payers ask for: the pooled threshold of the first payment that has one, or the cohort's."""
    for payment in run.deal.payments:
        pooled = getattr(getattr(payment, "fallback", None), "pooled", None)
        found = pooled if pooled is not None else getattr(payment, "threshold", None)
        if found is not None:
            return float(found)
    return None


def payment_and_truth(run: Run) -> Table:
    """How often something is paid, and how often that fits the true effect."""
    simulation, wanted = run.simulation, target(run)
    shown = "" if wanted is None else leading(run).text(wanted)
    pays, true = paid(simulation), simulation.figures["true_reduction"]
    asked: list[tuple[str, np.ndarray]] = [
        ("Chance of paying at all", pays),
        ("Chance of paying although the true effect is nil or negative", pays & (true <= 0)),
    ]
    if wanted is not None:
        asked.append((f"Chance of paying nothing although the true effect reaches {shown}", ~pays & (true >= wanted)))
        if pays.any():
            asked.append(
                (
                    f"Where something is paid: chance that the true effect reaches {shown}",
                    true[pays] >= wanted,
                )
            )
    rows = []
    for label, condition in asked:
        # Among some paths only, these count as independent: with replicates that says rather too much error.
        found = chance(condition, run.simulation.replicates if condition.size == run.simulation.kept else 1)
        rows.append((label, Constant(found.value, "share"), Constant(found.error, "share")))
    note = f"Error: Monte Carlo standard error.{kept_note(simulation)}"
    if wanted is not None:
        note += f" {shown} is the {leading(run).noun} over all cohorts from which the contract pays."
    return Table("Does payment follow the effect?", ("Chance", "Simulated", "Error"), tuple(rows), note)


def effects(run: Run) -> Table:
    """The three effects of each cohort by every measure: in the base case, and on average over all paths."""
    rows: list[tuple[Cell, ...]] = []
    several = len(run.model.effects) > 1
    for number, measure in enumerate(run.model.effects):
        kind = words_of(run.deal.metrics[number]).kind
        for one in (*measure.cohorts, measure.pooled):
            live = (Figure(line, kind) for line in (one.true, one.measured, one.paid))
            means = (
                Constant(summary_of(run.simulation, name).mean, kind)
                for name in effect_names(measure, one, number == 0)
            )
            rows.append((*([measure.metric] if several else []), one.who, *live, *means))
    header = ("Cohort", "True", "Measured", "Paid", "Mean true", "Mean measured", "Mean paid")
    note = (
        "True, measured, paid: base case. Means: of all simulated paths. A reduction is relative to what would happen "
        "without the service; of a milestone, the share who reach it, in truth less those who would anyway."
    )
    return Table(EFFECTS, (*(["Measure"] if several else []), *header), tuple(rows), note, total=not several)


def paid_effects(run: Run) -> Table:
    """The three effects of each cohort, on average over the paths in which something is paid for results."""
    first, figures, pays = run.model.effects[0], run.simulation.figures, paid(run.simulation)
    words = leading(run)
    rows: list[tuple[Cell, ...]] = []
    for one in (*first.cohorts, first.pooled):
        means = (
            float(figures[name][pays].mean()) if pays.any() else math.nan
            for name in effect_names(first, one, leads=True)
        )
        rows.append((one.who, *(Constant(mean, words.kind) for mean in means)))
    note = "Payment picks the paths in which luck helped: what is measured there is as a rule more than what is true."
    note += kept_note(run.simulation)
    header = ("Cohort", "True effect", "Measured effect", "Paid effect")
    return Table(f"Mean {words.noun} where something is paid", header, tuple(rows), note, total=True)


def by_truth(run: Run) -> Chart:
    """How likely payment is at each true effect."""
    true, pays, words = run.simulation.figures["true_reduction"], paid(run.simulation), leading(run)
    title = "Payment becomes likelier with the true effect"
    if pays.all():
        title = "Something is paid whatever the true effect"
    elif (true <= 0).any():
        often = of_a_hundred(float(pays[true <= 0].mean()))
        title = f"Where the true effect is nil or negative, {often} of 100 repeats still pay"
    table = payment_by_truth(run)
    return Chart(
        title,
        table,
        (Series("Share of paths paid", "investors"),),
        "histogram",
        f"True {words.noun} over all cohorts, {words.unit}, from",
        "Share of paths that pay",
        "share",
        f"Columns of the share of paths that pay by true {words.noun} over all cohorts. {title}. The figures are in "
        f"the table {table.title}.",
    )


def three_effects(run: Run, table: Table) -> Chart:
    """The table of `paid_effects`, drawn."""
    figures, pays, words = run.simulation.figures, paid(run.simulation), leading(run)
    title = "Nothing is ever paid"
    if pays.any():
        true, measured = (float(figures[f"{effect}_reduction"][pays].mean()) for effect in ("true", "measured"))
        title = f"Where payers pay, {words.text(measured)} is measured and {words.text(true)} is true"
    return Chart(
        title,
        table,
        (Series("True effect", "investors"), Series("Measured effect", "gain"), Series("Paid effect", "other")),
        "column",
        "Cohort",
        f"Mean {words.noun} of paths that pay",
        words.kind,
        f"Columns of the mean true, measured and paid {words.noun} by cohort among paths that pay. {title}. The "
        "figures are in the table below.",
    )
