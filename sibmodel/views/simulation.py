"""The simulation's statistics with their errors, and the tables behind the charts."""

from __future__ import annotations

from sibmodel.payments import caps_of
from sibmodel.results import Run
from sibmodel.simulation import chance_of, realised_correlations, summary_of, width_of
from sibmodel.views.common import Constant, Kind, Table, View, Words
from sibmodel.views.distributions import (
    net_position_fan,
    payment_by_reduction,
    payment_by_truth,
    rate_distribution,
    value_distribution,
)
from sibmodel.views.losses import where_lost_table
from sibmodel.views.sentences import RANGE, RANGE_NOTE, direction_words, extent_words, sampler_words, spread
from sibmodel.views.settling import settled
from sibmodel.words import number

FIGURES: tuple[tuple[str, str, Kind], ...] = (
    ("Rate of return a year", "irr", "rate"),
    ("Multiple of invested capital", "moic", "multiple"),
    ("Net present value", "npv", "money"),
    ("Invested", "invested", "money"),
    ("Received", "received", "money"),
    ("Peak capital", "peak_capital", "money"),
    ("Payback, months", "payback", "months"),
    ("Outcome payments", "payments", "money"),
    ("Events truly avoided", "true_avoided", "count"),
    ("Events avoided as measured", "measured_avoided", "count"),
    ("True reduction, all cohorts", "true_reduction", "share"),
    ("Measured reduction, all cohorts", "measured_reduction", "share"),
    ("Paid reduction, all cohorts", "paid_reduction", "share"),
)


def simulation(run: Run) -> View:
    """Every headline figure's statistics, and what the charts draw."""
    named = [name for name, _ in caps_of(run.model.payments)]
    caps = (_caps(run, named),) if named else ()
    return View(
        "Simulation",
        "Statistics of the simulated paths with their errors, and the tables behind the charts. Nothing here moves.",
        (
            Words(
                (
                    f"{number(run.simulation.paths)} paths with seed {run.simulation.seed}"
                    f"{sampler_words(run.simulation)}. The same deal and seed give the same figures again.",
                    *filter(None, [direction_words(run.simulation)]),
                    "Errors are Monte Carlo standard errors: how far a figure may be off because the number of "
                    "paths is limited, and not because an assumption is wrong.",
                    *extent_words(run.simulation),
                )
            ),
            _statistics(run),
            *caps,
            *where_lost_table(run),
            *_correlations(run),
            rate_distribution(run),
            value_distribution(run),
            payment_by_reduction(run),
            payment_by_truth(run),
            net_position_fan(run),
            *settled(run),
        ),
    )


def _caps(run: Run, names: list[str]) -> Table:
    """How often each cap binds, and what it cuts off."""
    rows = []
    for name in names:
        bound = chance_of(run.simulation, f"cap_binds, {name}")
        cut_off = spread(run.simulation, f"cut off, {name}", "money")
        rows.append((name, Constant(bound.value, "share"), Constant(bound.error, "share"), *cut_off))
    note = "A cap binds in a path where it cuts anything off; what it cuts off is over all paths, in pounds. "
    return Table(
        "How often caps bind",
        ("Cap", "Chance that it binds", "Error of chance", *RANGE),
        tuple(rows),
        note + RANGE_NOTE,
    )


def _correlations(run: Run) -> tuple[Table, ...]:
    """How far drivers went together, beside what was asked; none where none are linked."""
    rows = tuple(
        (
            *one.between,
            Constant(one.asked, "number"),
            Constant(one.realised, "number"),
            Constant(one.error, "number"),
        )
        for one in realised_correlations(run.simulation)
    )
    if not rows:
        return ()
    note = "Rank correlations (Spearman's) of the luck of two drivers: as the deal asks, and as it came out."
    return (Table("How drivers go together", ("Driver", "With", "As asked", "As drawn", "Error"), rows, note),)


def _statistics(run: Run) -> Table:
    rows = []
    all_kept = run.simulation.kept == run.simulation.paths
    for label, name, kind in FIGURES:
        one = summary_of(run.simulation, name)
        errors = one.errors
        rows.append(
            (
                label,
                Constant(one.mean, kind),
                Constant(one.error, kind),
                Constant(one.sd, kind),
                Constant(one.p5, kind),
                Constant(errors["p5"], kind),
                Constant(one.p50, kind),
                Constant(errors["p50"], kind),
                Constant(one.p95, kind),
                Constant(errors["p95"], kind),
                Constant(one.undefined, "count"),
                *(() if all_kept else (Constant(width_of(run.simulation, name), kind),)),
            )
        )
    header = (
        "Figure",
        "Mean",
        "Error of mean",
        "Standard deviation",
        "P5",
        "Error of P5",
        "P50",
        "Error of P50",
        "P95",
        "Error of P95",
        "Paths without",
        *(() if all_kept else ("Width of percentiles",)),
    )
    note = "Paths without: paths in which the figure is not available; they are left out of its statistics."
    if not all_kept:
        note += " Width of percentiles: the most by which they may lie from those of the same paths kept one by one."
    return Table("Headline figures", header, tuple(rows), note)
