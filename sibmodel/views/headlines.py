"""What decides, first on the page: a few sentences with their uncertainty in words, and a few figures with theirs."""

from __future__ import annotations

import numpy as np

from sibmodel.lines import Line
from sibmodel.results import Run, chance, paid
from sibmodel.simulation import (
    ANYTHING_BACK,
    LOSS,
    NOTHING_BACK,
    PAYMENT,
    chance_of,
    shortfall_of,
    summary_of,
)
from sibmodel.views.caps import cap, cap_cell
from sibmodel.views.common import Cell, Constant, Figure, Kind, Table, Words
from sibmodel.views.costs import ratio_of_means
from sibmodel.views.effect_words import leading
from sibmodel.views.effects import target
from sibmodel.views.sentences import of_a_hundred
from sibmodel.words import money

GLANCE = ("Figure", "Base case", "Simulated", "Error", "P5", "P95")


def investors_headline(run: Run) -> Words:
    simulation, investors = run.simulation, run.model.returns.everyone
    back, loss, nothing = (chance_of(simulation, event).value for event in (ANYTHING_BACK, LOSS, NOTHING_BACK))
    below = float(np.mean(simulation.figures["npv"] < run.figure(investors.npv)))
    npv = summary_of(simulation, "npv")
    return Words(
        (
            f"In 100 repeats of this deal, {of_a_hundred(back)} would pay investors anything; in "
            f"{of_a_hundred(loss)} they would lose money, in {of_a_hundred(nothing)} all of it.",
            *_met(run),
            f"The mean net present value is {money(npv.mean)} (± {money(npv.error)}). In "
            f"the worst 5 of 100 it is {money(shortfall_of(simulation, 'npv').value)} on average.",
            f"The base case, as exported, is better than {of_a_hundred(below)} in 100 simulated paths: read it as "
            "one case, not as what to expect.",
        )
    )


def _met(run: Run) -> tuple[str, ...]:
    """How many of those that pay would have met the target in truth; nothing where there is no target."""
    pays, wanted = paid(run.simulation), target(run)
    if wanted is None or not pays.any():
        return ()
    met = pays & (run.simulation.figures["true_reduction"] >= wanted)
    words = leading(run)
    return (
        f"In {of_a_hundred(float(pays.mean()))} outcome payers would pay; of those, {of_a_hundred(float(met.mean()))} "
        f"would have met the target in truth, a {words.noun} of {words.text(wanted)} or more: the rest is luck.",
    )


def investors_glance(run: Run) -> Table:
    """What decides, in a few rows."""
    one = run.model.returns.everyone
    rows: list[tuple[Cell, ...]] = []
    wanted: tuple[tuple[str, Line, str, Kind], ...] = (
        ("Rate of return a year (IRR); simulated: the median", one.irr, "irr", "rate"),
        ("Multiple of invested capital (MOIC)", one.moic, "moic", "multiple"),
        ("Net present value", one.npv, "npv", "money"),
        ("Most that is out at once", one.peak, "peak_capital", "money"),
    )
    for label, line, name, kind in wanted:
        found = summary_of(run.simulation, name)
        middle = (found.p50, found.errors["p50"]) if name == "irr" else (found.mean, found.error)
        simulated = (Constant(value, kind) for value in (*middle, found.p5, found.p95))
        rows.append((label, Figure(line, kind), *simulated))
    for label, event in (("Chance of losing money", LOSS), ("Chance of losing all of it", NOTHING_BACK)):
        share = chance_of(run.simulation, event)
        rows.insert(len(rows) - 3, (label, "", Constant(share.value, "share"), Constant(share.error, "share"), "", ""))
    note = (
        "Simulated: the mean, of the rate of return the median. Error: Monte Carlo standard error. −100%: all is lost."
    )
    return Table("At a glance, for investors", GLANCE, tuple(rows), note)


def payers_headline(run: Run) -> Words:
    simulation = run.simulation
    payments, pays = summary_of(simulation, "payments"), paid(simulation)
    most, wanted, true = cap(run), target(run), simulation.figures["true_reduction"]
    met = pays if wanted is None else pays & (true >= wanted)
    paying = chance_of(simulation, PAYMENT).value
    first = f"In 100 repeats of this deal, {of_a_hundred(paying)} would pay for outcomes"
    if wanted is not None and pays.any():
        first += f"; of those, {of_a_hundred(float(met.mean()))} would have met the target in truth"
        first += f", a {leading(run).noun} of {leading(run).text(wanted)} or more"
    limit = "There is no cap." if most is None else f"It cannot exceed {money(most)}."
    sentences = [
        f"{first}.",
        f"The bill is {money(payments.mean)} on average (± {money(payments.error)}); in 5 of 100 it is "
        f"{money(payments.p95)} or more. {limit}",
        f"In {of_a_hundred(float((pays & (true <= 0)).mean()))} of 100 the true effect is nil or negative and "
        f"something is paid all the same{_without_effect(run)}.",
    ]
    if wanted is not None and pays.any():
        missed = float((~pays & (true >= wanted)).mean())
        sentences.append(f"In {of_a_hundred(missed)} of 100 the target is met in truth and nothing is paid.")
    return Words(tuple(sentences))


def _without_effect(run: Run) -> str:
    """How often something is paid where there is no effect, which is another question than how often both happen."""
    if run.errors is None:
        return ""
    given = of_a_hundred(run.errors.paid_without_effect.paid)
    return f"; where the effect is exactly nil, payment follows in {given} of 100 (see Error rates)"


def payers_glance(run: Run) -> Table:
    """What decides, in a few rows."""
    figures, pays, replicates = run.simulation.figures, paid(run.simulation), run.simulation.replicates
    bill, cost = run.model.commissioning, run.model.commissioning.costs[0]
    payments = summary_of(run.simulation, "payments")
    rows: list[tuple[Cell, ...]] = [
        (
            "Expected bill",
            Figure(bill.paid_in_all, "money"),
            Constant(payments.mean, "money"),
            Constant(payments.error, "money"),
            Constant(payments.p5, "money"),
            Constant(payments.p95, "money"),
        ),
        ("Most it can be", "", cap_cell(run), "", "", ""),
        (
            "Cost of a true outcome",
            Figure(cost.per_true, "money"),
            *ratio_of_means(run.simulation, f"paid for, {cost.metric}", f"true units, {cost.metric}"),
            "",
            "",
        ),
    ]
    nothing = pays & (figures["true_reduction"] <= 0)
    for label, condition in (("Chance of no effect and paying", nothing), ("Chance of paying at all", pays)):
        found = chance(condition, replicates)
        rows.append((label, "", Constant(found.value, "share"), Constant(found.error, "share"), "", ""))
    note = (
        "Simulated: the mean; of a cost, the mean bill by the mean outcome. Error: Monte Carlo standard error. No "
        "effect and paying: the true effect is nil or negative, and something is paid all the same."
    )
    return Table("At a glance, for payers", GLANCE, tuple(rows), note)
