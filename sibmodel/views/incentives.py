"""Incentives: what an extra outcome earns where, whom it pays to serve, and what early payment is worth."""

from __future__ import annotations

import math

from sibmodel.analysis.incentives import CAP_FATIGUE, CLIFF, DEAD_ZONE, Incentives, Margin
from sibmodel.analysis.incentives.bands import CUT, SPREAD, spread
from sibmodel.views.common import Block, Chart, Constant, Pictures, Series, Table, View, Words
from sibmodel.words import money, number, percent

NAME = "Incentives"
PURPOSE = "What one more outcome earns at each true effect, whom it pays to serve, and what early payment is worth."
MEANING = {
    "dead zone": "a little more effect earns next to nothing",
    "cliff": "a little more effect earns too much: a reason to game the count",
    "cap fatigue": "above the cap more effect earns next to nothing",
}


def incentives(found: Incentives) -> View:
    """The view of a deal's incentives."""
    table = _margins(found)
    blocks: list[Block] = [Words(sentences(found)), Pictures((_chart(found, table),)), table]
    if found.bands:
        blocks.append(_bands(found))
    if found.early:
        blocks.append(_early(found))
    return View(NAME, PURPOSE, tuple(blocks))


def sentences(found: Incentives) -> tuple[str, ...]:
    """What the incentives say, the most important first."""
    said = []
    for flag, meaning in MEANING.items():
        effects = [one.effect for one in found.margins if one.flag == flag]
        if effects:
            where = " and ".join(dict.fromkeys((percent(min(effects)), percent(max(effects)))))
            said.append(f"{flag.capitalize()} at a true effect of {where}: {meaning}.")
    if not math.isfinite(found.price):
        said.append(
            "The payments have no one price of an outcome, so that dead zones, cliffs and cap fatigue cannot be "
            "judged: compare what one more outcome earns from effect to effect."
        )
    elif not said:
        said.append("No dead zone, no cliff and no cap fatigue at the effects tried.")
    said += _about_bands(found)
    for one in found.early:
        said.append(
            f"The right to be paid early adds {money(one.bill.value)} (± {money(one.bill.error)}) to the expected "
            f"bill, and {percent(one.chance_for_nothing.value)} (± {percent(one.chance_for_nothing.error)}) to the "
            "chance of paying a service without any effect."
        )
    return tuple(said)


def _about_bands(found: Incentives) -> list[str]:
    if not found.bands:
        return []
    which = "binary_by_cost" if found.measure == "binary" else "frequency_by_cost"
    ratios = {one.band.name: getattr(one, which) for one in found.bands}
    apart = spread(list(ratios.values()))
    if not math.isfinite(apart):
        return []
    best, worst = max(ratios, key=lambda name: ratios[name]), min(ratios, key=lambda name: ratios[name])
    text = (
        f"The same cut of {percent(CUT, 0)} earns {number(apart, 1)} times as much by cost to serve in the band {best} "
    )
    text += f"as in the band {worst}"
    return [f"{text}: a reason to pick and choose." if apart > SPREAD else f"{text}."]


def _margins(found: Incentives) -> Table:
    rows = tuple(_margin(one) for one in found.margins)
    note = (
        f"The same {number(found.paths)} paths at each effect, seed {found.seed}. Share: of the price of an outcome; 1 "
    )
    note += (
        f"is a full reward. Dead zone: below {DEAD_ZONE:g}; cliff: above {CLIFF:g}; cap fatigue: below {CAP_FATIGUE:g} "
    )
    note += "above the cap. Error: Monte Carlo standard error."
    header = (
        "True effect",
        "Expected payment",
        "Error",
        "One more outcome earns",
        "Error of that",
        "Share",
        "Error of share",
    )
    return Table("What one more outcome earns", (*header, "Flag"), rows, note)


def _margin(one: Margin) -> tuple[Constant | str, ...]:
    return (
        Constant(one.effect, "share"),
        Constant(one.paid.value, "money"),
        Constant(one.paid.error, "money"),
        Constant(one.pay.value, "money"),
        Constant(one.pay.error, "money"),
        Constant(one.share.value, "number"),
        Constant(one.share.error, "number"),
        one.flag or "none",
    )


def _chart(found: Incentives, table: Table) -> Chart:
    most = max(found.margins, key=lambda one: one.pay.value if math.isfinite(one.pay.value) else -math.inf)
    title = f"One more outcome earns most, {money(most.pay.value)}, near {percent(most.effect)}"
    return Chart(
        title,
        table,
        (Series("One more outcome earns", "investors"),),
        "curve",
        "True effect",
        "£ for one more true outcome",
        "money",
        f"Line of what one more true outcome earns at each true effect. {title}. The figures are in the table below.",
    )


def _bands(found: Incentives) -> Table:
    rows = tuple(
        (
            one.band.name,
            Constant(one.band.events, "number"),
            Constant(one.reconvicted, "share"),
            Constant(one.fewer_reconvicted, "number"),
            Constant(one.fewer_events, "number"),
            Constant(one.events_per_success, "number"),
            Constant(one.band.cost, "money"),
            Constant(one.frequency_by_cost, "number"),
            Constant(one.binary_by_cost, "number"),
        )
        for one in found.bands
    )
    header = (
        *("Band", "Events a person", "Reconvicted", "Fewer reconvicted of 100", "Events avoided of 100"),
        *("Events for each fewer reconvicted", "Cost to serve one", "Pay by events, by cost", "Pay by people, by cost"),
    )
    whose = "as given" if found.own_bands else "assumed"
    note = f"The same relative cut of {percent(CUT, 0)} in each band; bands {whose}; a cost that is not given is the "
    note += (
        "deal's own for each who starts. Pay: at the deal's price of an outcome, were it paid by events avoided, or by "
    )
    note += "people no longer reconvicted."
    return Table("Whom it pays to serve", header, rows, note)


def _early(found: Incentives) -> Table:
    rows = tuple(
        (
            one.payment,
            Constant(one.bill.value, "money"),
            Constant(one.bill.error, "money"),
            Constant(one.investors.value, "money"),
            Constant(one.investors.error, "money"),
            Constant(one.chance.value, "share"),
            Constant(one.chance.error, "share"),
            Constant(one.chance_for_nothing.value, "share"),
            Constant(one.chance_for_nothing.error, "share"),
        )
        for one in found.early
    )
    header = (
        *("Payment", "Expected bill", "Error of bill", "Investors' mean NPV", "Error of NPV", "Chance of payment"),
        *("Error of chance", "Chance of it without effect", "Error of that"),
    )
    note = "As signed, less the pooled test alone, on the same luck."
    return Table("What the right to early payment adds", header, rows, note)
