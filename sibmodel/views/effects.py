"""Whether payment follows the effect: how often it does, and the three effects, true, measured and paid, by cohort."""

from __future__ import annotations

import math

import numpy as np

from sibmodel.results import Run, chance, paid
from sibmodel.views.common import Cell, Chart, Constant, Figure, Series, Table
from sibmodel.views.distributions import payment_by_truth
from sibmodel.views.sentences import of_a_hundred
from sibmodel.words import percent

EFFECTS, PAID_EFFECTS = "Reduction by cohort: true, measured, paid", "Mean reduction where something is paid"


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
    pays, true = paid(simulation), simulation.figures["true_reduction"]
    asked: list[tuple[str, np.ndarray]] = [
        ("Chance of paying at all", pays),
        ("Chance of paying although the true effect is nil or negative", pays & (true <= 0)),
    ]
    if wanted is not None:
        asked.append(
            (f"Chance of paying nothing although the true effect reaches {percent(wanted)}", ~pays & (true >= wanted))
        )
        if pays.any():
            asked.append(
                (
                    f"Where something is paid: chance that the true effect reaches {percent(wanted)}",
                    true[pays] >= wanted,
                )
            )
    rows = []
    for label, condition in asked:
        found = chance(condition)
        rows.append((label, Constant(found.value, "share"), Constant(found.error, "share")))
    note = "Error: Monte Carlo standard error."
    if wanted is not None:
        note += f" {percent(wanted)} is the reduction over all cohorts from which the contract pays."
    return Table("Does payment follow the effect?", ("Chance", "Simulated", "Error"), tuple(rows), note)


def effects(run: Run) -> Table:
    """The three effects of each cohort: in the base case, and on average over all paths."""
    first, figures = run.model.effects[0], run.simulation.figures
    rows: list[tuple[Cell, ...]] = []
    lines = [(one.who, one.true, one.measured, one.paid, f", {one.who}") for one in first.cohorts]
    lines.append((first.pooled.who, first.pooled.true, first.pooled.measured, first.pooled.paid, ""))
    for who, *three, ending in lines:
        live = (Figure(line, "share") for line in three)
        means = (float(figures[f"{effect}_reduction{ending}"].mean()) for effect in ("true", "measured", "paid"))
        rows.append((who, *live, *(Constant(mean, "share") for mean in means)))
    header = ("Cohort", "True", "Measured", "Paid", "Mean true", "Mean measured", "Mean paid")
    note = (
        "True, measured, paid: base case. Means: of all simulated paths. All are relative to what would happen without."
    )
    return Table(EFFECTS, header, tuple(rows), note, total=True)


def paid_effects(run: Run) -> Table:
    """The three effects of each cohort, on average over the paths in which something is paid."""
    figures, pays = run.simulation.figures, paid(run.simulation)
    rows: list[tuple[Cell, ...]] = []
    for who, ending in [*((one.who, f", {one.who}") for one in run.model.effects[0].cohorts), ("All cohorts", "")]:
        means = (
            float(figures[f"{effect}_reduction{ending}"][pays].mean()) if pays.any() else math.nan
            for effect in ("true", "measured", "paid")
        )
        rows.append((who, *(Constant(mean, "share") for mean in means)))
    note = "Payment picks the paths in which luck helped: what is measured there is as a rule more than what is true."
    return Table(
        PAID_EFFECTS, ("Cohort", "True effect", "Measured effect", "Paid effect"), tuple(rows), note, total=True
    )


def by_truth(run: Run) -> Chart:
    """How likely payment is at each true effect."""
    true, pays = run.simulation.figures["true_reduction"], paid(run.simulation)
    title = "Payment becomes likelier with the true effect"
    if (true <= 0).any():
        title = f"Without any true effect, {of_a_hundred(float(pays[true <= 0].mean()))} of 100 repeats still pay"
    return Chart(
        title,
        payment_by_truth(run),
        (Series("Share of paths paid", "investors"),),
        "histogram",
        "True reduction over all cohorts, %, from",
        "Share of paths that pay",
        "share",
        f"Columns of the share of paths that pay by true reduction over all cohorts. {title}. The figures are on the "
        "sheet Simulation.",
    )


def three_effects(run: Run, table: Table) -> Chart:
    """The table of `paid_effects`, drawn."""
    figures, pays = run.simulation.figures, paid(run.simulation)
    title = "Nothing is ever paid"
    if pays.any():
        true, measured = (float(figures[f"{effect}_reduction"][pays].mean()) for effect in ("true", "measured"))
        title = f"Where payers pay, {percent(measured)} is measured and {percent(true)} is true"
    return Chart(
        title,
        table,
        (Series("True effect", "investors"), Series("Measured effect", "gain"), Series("Paid effect", "other")),
        "column",
        "Cohort",
        "Mean reduction of paths that pay",
        "share",
        f"Columns of the mean true, measured and paid reduction by cohort among paths that pay. {title}. The figures "
        "are in the table below.",
    )
