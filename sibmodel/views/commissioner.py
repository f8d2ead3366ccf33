"""What outcome payers want to know: the bill, by whom and when, and whether it buys what it should."""

from __future__ import annotations

import math
import re

from sibmodel.metrics import error_of_mean
from sibmodel.payments import caps_of
from sibmodel.results import Run, paid
from sibmodel.simulation import PAYMENT, Simulation, chance_of, summary_of
from sibmodel.views.common import Block, Cell, Chart, Constant, Figure, Pictures, Series, Table, View, Words
from sibmodel.views.distributions import payment_by_reduction
from sibmodel.views.early_end import early_end
from sibmodel.views.effect_words import leading
from sibmodel.views.effects import by_truth, effects, paid_effects, payment_and_truth, target, three_effects
from sibmodel.views.segments import segments
from sibmodel.views.sentences import RANGE, RANGE_NOTE, of_a_hundred, scale, spread
from sibmodel.words import money

BILL, YEARS, CAPS = "The bill", "Payments by financial year", "What caps cut off"


def commissioner(run: Run) -> View:
    """The commissioner's view of a run."""
    years, cut_off = _years(run), caps(run)
    return View(
        "Commissioner view",
        "What outcome payers may have to pay, and what they get for it.",
        (
            _headline(run),
            _bill(run),
            Pictures((_by_reduction(run), _by_year(run, years))),
            *(() if cut_off is None else (cut_off,)),
            _value(run),
            payment_and_truth(run),
            years,
            *_where_paid(run),
            effects(run),
            *(table for table in (segments(run), early_end(run)) if table is not None),
        ),
    )


def _where_paid(run: Run) -> list[Block]:
    """What is true where something is paid; nothing of it where that never happens."""
    if not paid(run.simulation).any():
        return [Pictures((by_truth(run),))]
    table = paid_effects(run)
    return [Pictures((by_truth(run), three_effects(run, table))), table]


def cap(run: Run) -> float | None:
    """The most that can be paid in all; None where any payment has no cap."""
    each = [getattr(payment, "cap", None) for payment in run.deal.payments]
    limits = [] if None in each else [float(sum(one for one in each if one is not None))]
    limits += [run.deal.payments_cap] if run.deal.payments_cap is not None else []
    return min(limits, default=None)


def _headline(run: Run) -> Words:
    simulation = run.simulation
    payments, pays = summary_of(simulation, "payments"), paid(simulation)
    most, wanted, true = cap(run), target(run), simulation.figures["true_reduction"]
    limit = "There is no cap." if most is None else f"It cannot exceed {money(most)}."
    sentences = [
        f"In 100 repeats of this deal, {of_a_hundred(chance_of(simulation, PAYMENT).value)} would pay for outcomes; "
        f"the bill is {money(payments.mean)} on average. {limit}",
        f"In {of_a_hundred(float((pays & (true <= 0)).mean()))} of 100 something would be paid although the true "
        "effect is nil or negative.",
    ]
    if wanted is not None and pays.any():
        reached = float((true[pays] >= wanted).mean())
        missed = float((~pays & (true >= wanted)).mean())
        sentences.append(
            f"Of 100 repeats that pay, {of_a_hundred(reached)} have a true effect of {leading(run).text(wanted)} or "
            f"more. In {of_a_hundred(missed)} of all 100 it is that large and nothing is paid."
        )
    return Words(tuple(sentences))


def _bill(run: Run) -> Table:
    bill = run.model.commissioning
    note = f"{RANGE_NOTE} A cap beside a payer is for all its payments; the last is for all payers together."
    rows: list[tuple[Cell, ...]] = []
    for name, line in bill.by_payer.items():
        simulated = spread(run.simulation, f"payments by payer, {name}", "money")
        rows.append((name, Figure(line, "money"), *simulated, _payer_cap(run, name)))
    everyone = spread(run.simulation, "payments", "money")
    rows.append(
        (
            "All outcome payers",
            Figure(bill.paid_in_all, "money"),
            *everyone,
            _cap_cell(run),
        )
    )
    return Table(BILL, ("Outcome payer", "Base case", *RANGE, "Cap"), tuple(rows), note, total=True)


def _cap_cell(run: Run) -> Cell:
    """The cap: live where one payment has it, a constant where several add up."""
    most = cap(run)
    if most is None:
        return "no cap"
    together = run.deal.payments_cap is not None and most == run.deal.payments_cap
    pattern = r"payments_cap" if together else r"payments\[\d+\]\.cap"
    inputs = [cell for cell in run.model.book.inputs if re.fullmatch(pattern, cell.path)]
    return Figure(inputs[0], "money") if len(inputs) == 1 else Constant(most, "money")


def _payer_cap(run: Run, payer: str) -> Cell:
    """A payer's cap over all payments, live; nothing where it has none."""
    inputs = [cell for cell in run.model.book.inputs if cell.path == f"payer_caps[{payer}]"]
    return Figure(inputs[0], "money") if inputs else ""


def caps(run: Run) -> Table | None:
    """What each cap cuts off, and how often; None where there are no caps."""
    rows: list[tuple[Cell, ...]] = []
    for name, cut in caps_of(run.model.payments):
        bound = chance_of(run.simulation, f"cap_binds, {name}")
        mean = summary_of(run.simulation, f"cut off, {name}")
        rows.append(
            (
                name,
                Figure(cut.amount, "money"),
                Constant(bound.value, "share"),
                Constant(bound.error, "share"),
                Constant(mean.mean, "money"),
                Constant(mean.error, "money"),
            )
        )
    header = ("Cap", "Cut off, base case", "Chance that it binds", "Error of chance", "Mean cut off", "Error of mean")
    note = "A cap binds where it cuts anything off. Error: Monte Carlo standard error. Caps apply in this order; what "
    note += "one has cut off, the next does not see."
    return Table(CAPS, header, tuple(rows), note) if rows else None


def _value(run: Run) -> Table:
    bill = run.model.commissioning
    rows: list[tuple[Cell, ...]] = []
    for cost in bill.costs:
        of = "" if len(bill.costs) == 1 and bill.paid_without_measure is None else f": {cost.metric}"
        paid_for = f"paid for, {cost.metric}"
        for label, line, units in (
            ("Cost of an event truly avoided", cost.per_true, f"true units, {cost.metric}"),
            ("Cost of an event avoided as measured", cost.per_measured, f"measured units, {cost.metric}"),
        ):
            named = (
                label
                if not of
                else label.replace("event truly avoided", "outcome in truth").replace(
                    "event avoided as measured", "outcome as measured"
                )
            )
            rows.append((f"{named}{of}", Figure(line, "money"), *_ratio_of_means(run.simulation, paid_for, units)))
    note = "Simulated: the mean bill by the mean number of events avoided, over all paths, also those that pay "
    note += "nothing. Error: Monte Carlo standard error."
    if bill.paid_without_measure is not None:
        note += " Each cost has the payments on its own measure only; fees and charges are in none."
    return Table("What an outcome costs", ("Cost", "Base case", "Simulated", "Error"), tuple(rows), note)


def _ratio_of_means(simulation: Simulation, bill: str, units: str) -> tuple[Cell, Cell]:
    """The ratio of two figures' means over all paths, and its standard error to first order. How the two go together
    is taken from the paths that are kept; where these are not all, the error is that of so many, made smaller as the
    root of their number says."""
    mean = summary_of(simulation, units).mean
    if not mean > 0 or simulation.paths < 2:
        return Constant(math.nan, "money"), Constant(math.nan, "money")
    ratio = summary_of(simulation, bill).mean / mean
    apart = simulation.figures[bill] - ratio * simulation.figures[units]
    error = error_of_mean(apart, simulation.replicates) * math.sqrt(simulation.kept / simulation.paths)
    return Constant(ratio, "money"), Constant(error / mean, "money")


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


def _by_reduction(run: Run) -> Chart:
    wanted, payments = target(run), run.simulation.figures["payments"]
    measured = run.simulation.figures["measured_reduction"]
    unit, kind = scale(float(payments.max()))
    words = leading(run)
    title = f"Payment rises with the measured {words.noun}"
    if wanted is not None and (measured >= wanted).any() and (measured < wanted).any():
        above, below = (float(payments[side].mean()) for side in (measured >= wanted, measured < wanted))
        title = f"Measured {words.text(wanted)} or more: {money(above)} on average; less: {money(below)}"
    return Chart(
        title,
        payment_by_reduction(run),
        (Series("Mean payment", "investors"),),
        "histogram",
        f"Measured {words.noun} over all cohorts, {words.unit}, from",
        f"Mean payment, {unit}",
        kind,
        f"Columns of the mean payment by measured {words.noun} over all cohorts. {title}. The figures are on the sheet "
        "Simulation.",
    )


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
