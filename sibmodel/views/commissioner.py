"""What outcome payers want to know: the bill, by whom and when, and whether it buys what it should."""

from __future__ import annotations

from sibmodel.results import Run, paid
from sibmodel.simulation import PAYMENT, chance_of, summary_of
from sibmodel.views.caps import cap_cell, caps, payer_cap
from sibmodel.views.common import Block, Cell, Chart, Constant, Figure, Pictures, Series, Table, View
from sibmodel.views.costs import costs
from sibmodel.views.early_end import early_end
from sibmodel.views.effects import by_truth, effects, paid_effects, payment_and_truth, three_effects
from sibmodel.views.headlines import payers_glance, payers_headline
from sibmodel.views.payment_rule import by_reduction, payment, payment_curve
from sibmodel.views.segments import segments
from sibmodel.views.sentences import RANGE, RANGE_NOTE, scale, spread
from sibmodel.words import money

BILL, YEARS = "The bill", "Payments by financial year"


def commissioner(run: Run) -> View:
    """The commissioner's view of a run."""
    years, cut_off, rule = _years(run), caps(run), payment_curve(run)
    return View(
        "Commissioner view",
        "What outcome payers may have to pay, and what they get for it.",
        (
            payers_headline(run),
            payers_glance(run),
            Pictures((payment(run, rule), _by_year(run, years))),
            _bill(run),
            *(() if cut_off is None else (cut_off,)),
            costs(run),
            payment_and_truth(run),
            years,
            *_where_paid(run),
            effects(run),
            *(table for table in (segments(run), early_end(run)) if table is not None),
            *_rule(run, rule),
        ),
    )


def _rule(run: Run, rule: Table) -> list[Block]:
    """The rule's curve in figures, and what is paid there on average."""
    return [Pictures((by_reduction(run),)), rule] if run.payoff else []


def _where_paid(run: Run) -> list[Block]:
    """What is true where something is paid; nothing of it where that never happens."""
    if not paid(run.simulation).any():
        return [Pictures((by_truth(run),))]
    table = paid_effects(run)
    return [Pictures((by_truth(run), three_effects(run, table))), table]


def _bill(run: Run) -> Table:
    bill = run.model.commissioning
    note = f"{RANGE_NOTE} A cap beside a payer is for all its payments; the last is for all payers together."
    rows: list[tuple[Cell, ...]] = []
    for name, line in bill.by_payer.items():
        simulated = spread(run.simulation, f"payments by payer, {name}", "money")
        rows.append((name, Figure(line, "money"), *simulated, payer_cap(run, name)))
    everyone = spread(run.simulation, "payments", "money")
    rows.append(
        (
            "All outcome payers",
            Figure(bill.paid_in_all, "money"),
            *everyone,
            cap_cell(run),
        )
    )
    return Table(BILL, ("Outcome payer", "Base case", *RANGE, "Cap"), tuple(rows), note, total=True)


def _years(run: Run) -> Table:
    bill = run.model.commissioning
    rows: list[tuple[Cell, ...]] = []
    for year in bill.years:
        one = summary_of(run.simulation, f"payments, {year.name}")
        rows.append(
            (
                Figure(year.year, "financial year"),
                Figure(year.paid, "money"),
                Constant(one.mean, "money"),
                Constant(one.p95, "money"),
                Constant(chance_of(run.simulation, f"paid_in, {year.name}").value, "share"),
            )
        )
    everything = summary_of(run.simulation, "payments")
    rows.append(
        (
            "All years",
            Figure(bill.paid_in_all, "money"),
            Constant(everything.mean, "money"),
            Constant(everything.p95, "money"),
            Constant(chance_of(run.simulation, PAYMENT).value, "share"),
        )
    )
    note = "April to March. The P95 of all years is not the sum of the years' own: they do not all come together."
    header = ("Financial year", "Base case", "Simulated mean", "P95", "Chance of any payment")
    return Table(YEARS, header, tuple(rows), note, total=True)


def _by_year(run: Run, years: Table) -> Chart:
    unit, kind = scale(float(run.simulation.figures["payments"].max()))
    means = {
        year.name: summary_of(run.simulation, f"payments, {year.name}").mean for year in run.model.commissioning.years
    }
    most = max(means, key=lambda name: means[name])
    mean = money(means[most])
    return Chart(
        f"The largest bill falls in {most}: {mean} on average",
        years,
        (Series("Simulated mean", "investors"), Series("P95", "reference")),
        "column",
        "Financial year",
        f"Payments in the year, {unit}",
        kind,
        "Columns by financial year of the simulated mean payment and its 95th percentile; the largest mean is "
        f"{mean}, in {most}. The figures are in the table Payments by financial year.",
        len(years.rows) - 1,
    )
