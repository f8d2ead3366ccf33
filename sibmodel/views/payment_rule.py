"""The payment rule in a picture: what is paid at each measured effect, and what is paid there on average."""

from __future__ import annotations

from sibmodel.results import CRUMB, Run
from sibmodel.views.caps import cap
from sibmodel.views.common import Chart, Constant, Series, Table
from sibmodel.views.distributions import payment_by_reduction
from sibmodel.views.effect_words import leading
from sibmodel.views.effects import target
from sibmodel.views.sentences import scale
from sibmodel.words import money


def payment_curve(run: Run) -> Table:
    """The payment rule: what is paid at each measured effect, with its steps."""
    words, most = leading(run), cap(run)
    rows = tuple(
        (
            Constant(one.measured, words.kind),
            Constant(one.payment, "money"),
            *(() if most is None else (Constant(most, "money"),)),
        )
        for one in run.payoff
    )
    note = (
        "The same true effect in every cohort, everything else as in the base case, and the luck of measurement at its "
    )
    note += "middle. Not live: calculated when the file was written. A step stands in two rows."
    header = (f"Measured {words.noun}, all cohorts", "Payment", *(() if most is None else ("Cap",)))
    return Table("What is paid at each measured effect", header, rows, note)


def payment(run: Run, table: Table) -> Chart:
    """What is paid at each measured effect, the figures of `payment_curve`; the simulated mean where the rule hangs on
    none."""
    if not run.payoff:
        return by_reduction(run)
    words, most = leading(run), cap(run)
    highest = max(one.payment for one in run.payoff)
    unit, kind = scale(max(highest, most or 0.0))
    title = _rule(run, highest)
    capped = () if most is None else (Series("Cap", "reference", faint=True),)
    return Chart(
        title,
        table,
        (Series("Payment", "investors"), *capped),
        "curve",
        f"Measured {words.noun}, the same in every cohort",
        f"Payments in all, {unit}",
        kind,
        f"Line of the payments in all at each measured {words.noun}, steps where the rule has them"
        f"{'' if most is None else ', and a dashed line at the cap'}. {title}. The figures are in the table What is "
        "paid at each measured effect.",
    )


def _rule(run: Run, highest: float) -> str:
    """The payment rule in a few words."""
    words = leading(run)
    pays = [one for one in run.payoff if one.payment > CRUMB]
    if not pays:
        return "Nothing is paid at any measured effect drawn here"
    full = next(one for one in run.payoff if one.payment >= highest - CRUMB)
    if len(pays) == len(run.payoff):
        least = min(one.payment for one in run.payoff)
        return f"{money(least)} whatever is measured, up to {money(highest)}"
    start = f"Nothing is paid below {words.text(pays[0].measured)}"
    return f"{start}; {money(highest)} from {words.text(full.measured)}"


def by_reduction(run: Run) -> Chart:
    wanted, payments = target(run), run.simulation.figures["payments"]
    measured = run.simulation.figures["measured_reduction"]
    unit, kind = scale(float(payments.max()))
    words = leading(run)
    table, title = payment_by_reduction(run), f"Payment rises with the measured {words.noun}"
    if wanted is not None and (measured >= wanted).any() and (measured < wanted).any():
        above, below = (float(payments[side].mean()) for side in (measured >= wanted, measured < wanted))
        title = f"Measured {words.text(wanted)} or more: {money(above)} on average; less: {money(below)}"
    return Chart(
        title,
        table,
        (Series("Mean payment", "investors"),),
        "histogram",
        f"Measured {words.noun} over all cohorts, {words.unit}, from",
        f"Mean payment, {unit}",
        kind,
        f"Columns of the mean payment by measured {words.noun} over all cohorts. {title}. The figures are in the table "
        f"{table.title}.",
    )
