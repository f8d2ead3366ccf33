"""What investors want to know: what comes back, when, and how likely it is that it does not."""

from __future__ import annotations

from sibmodel.lines import Line
from sibmodel.metrics import RateStatus
from sibmodel.results import Run
from sibmodel.simulation import (
    ANYTHING_BACK,
    LOSS,
    NOTHING_BACK,
    NPV_BELOW_NIL,
    chance_of,
    rates_by_status,
    shortfall_of,
    summary_of,
)
from sibmodel.views.common import Cell, Chart, Constant, Figure, Kind, Pictures, Series, Table, View
from sibmodel.views.distributions import (
    ALL_LOST,
    GAINED,
    HIGH,
    LOW,
    MIDDLE,
    SOME_LOST,
    net_position_fan,
    rate_distribution,
    value_distribution,
)
from sibmodel.views.headlines import investors_glance, investors_headline
from sibmodel.views.sentences import RANGE, RANGE_NOTE, of_a_hundred, scale, spread
from sibmodel.words import money, number, percent


def investor(run: Run) -> View:
    """The investor's view of a run."""
    years = _by_year(run)
    return View(
        "Investor view",
        "What investors put in and get back, and how far that is certain.",
        (
            investors_headline(run),
            investors_glance(run),
            Pictures((_position(run), _rates(run))),
            _returns(run),
            _risks(run),
            *([_needed(run)] if run.needed else []),
            _tranches(run),
            *_investors(run),
            _sources(run),
            _uses(run),
            _recycling(run),
            *([_guarantees(run)] if run.model.funding.guarantees else []),
            Pictures((_cash(run, years), _values(run))),
            years,
            _statuses(run),
        ),
    )


def _returns(run: Run) -> Table:
    one = run.model.returns.everyone
    wanted: tuple[tuple[str, Line, str, Kind], ...] = (
        ("Rate of return a year (IRR)", one.irr, "irr", "rate"),
        ("Multiple of invested capital (MOIC)", one.moic, "moic", "multiple"),
        ("Net present value", one.npv, "npv", "money"),
        ("Invested", one.invested, "invested", "money"),
        ("Received", one.received, "received", "money"),
        ("Most that is out at once (peak capital)", one.peak, "peak_capital", "money"),
        ("Payback, months from the first money in", one.payback, "payback", "months"),
    )
    rows = tuple((label, Figure(line, kind), *spread(run.simulation, name, kind)) for label, line, name, kind in wanted)
    never = summary_of(run.simulation, "payback").undefined
    note = f"{RANGE_NOTE} Payback: of the paths in which all money comes back; in {number(never)} of "
    note += f"{number(run.simulation.paths)} it never does. IRR: −100% where all is lost; its mean is the return of "
    note += "nothing, read MOIC and net present value beside it."
    return Table("Returns to all investors", ("Figure", "Base case", *RANGE), rows, note)


def _risks(run: Run) -> Table:
    simulation = run.simulation
    worst = shortfall_of(simulation, "npv")
    rows: list[tuple[Cell, ...]] = []
    for label, event in (
        ("Chance of losing money", LOSS),
        ("Chance of losing all of it", NOTHING_BACK),
        ("Chance of getting anything back", ANYTHING_BACK),
    ):
        found = chance_of(simulation, event)
        rows.append((label, Constant(found.value, "share"), Constant(found.error, "share")))
    rows.append(
        (
            "Mean net present value of the worst 5% (expected shortfall)",
            Constant(worst.value, "money"),
            Constant(worst.error, "money"),
        )
    )
    return Table("What may go wrong", ("Risk", "Simulated", "Error"), tuple(rows), "Error: Monte Carlo standard error.")


def _tranches(run: Run) -> Table:
    cells = {cell.path: cell for cell in run.model.book.inputs}
    commitments = {
        tranche.name: cells[f"funding.tranches[{place}].commitment"]
        for place, tranche in enumerate(run.deal.funding.tranches)
    }
    rows = []
    for one in (*run.model.returns.tranches, run.model.returns.everyone):
        commitment = commitments.get(one.who)
        rows.append(
            (
                one.who,
                "" if commitment is None else Figure(commitment, "money"),
                Figure(one.invested, "money"),
                Figure(one.received, "money"),
                Figure(one.irr, "rate"),
                Figure(one.xirr, "rate"),
                Figure(one.moic, "multiple"),
                Figure(one.npv, "money"),
            )
        )
    header = ("Tranche", "Commitment", "Invested", "Received", "IRR", "XIRR", "MOIC", "NPV")
    note = "IRR: from monthly flows. XIRR: on the last days of months, by Actual/365."
    return Table("By tranche, base case", header, tuple(rows), note, total=True)


def _investors(run: Run) -> tuple[Table, ...]:
    """Those who share a tranche; no table where nobody does."""
    rows = []
    for one in run.model.returns.investors:
        target: tuple[Cell, ...] = ("", "", "")
        if one.target is not None:
            reached = chance_of(run.simulation, f"target_reached, {one.who}")
            in_base = Figure(one.target.met, "count")
            target = (Figure(one.target.rate, "rate"), in_base, Constant(reached.value, "share"))
        rows.append(
            (
                one.who.removeprefix("Investor "),
                Figure(one.invested, "money"),
                Figure(one.received, "money"),
                Figure(one.irr, "rate"),
                Figure(one.xirr, "rate"),
                Figure(one.moic, "multiple"),
                *target,
                "" if one.target is None else Constant(reached.error, "share"),
            )
        )
    if not rows:
        return ()
    header = ("Investor", "Invested", "Received", "IRR", "XIRR", "MOIC", "Target", "Reached", "Chance", "Error")
    note = "Each on all that it holds. Reached: 1 where the base case reaches the target; chance: how many paths do. "
    note += "Error: Monte Carlo standard error of the chance."
    return (Table("By investor", header, tuple(rows), note),)


def _needed(run: Run) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            percent(one.target, 0),
            Constant(one.effect, "share") if one.reachable else f"not reachable; at most {percent(one.best)} a year",
            *(Constant(chance, "share") for chance in (often.effect.value, often.effect.error)),
            *(Constant(chance, "share") for chance in (often.rate.value, often.rate.error)),
        )
        for one, often in zip(run.needed, run.reached, strict=True)
    ]
    note = "The lowest true effect, the same for every cohort, at which the base case brings investors that rate of "
    note += (
        "return a year, with the luck of measurement at its middle. Not live: calculated when the file was written. "
    )
    note += (
        "Not reachable: caps or other terms keep the return below, whatever the effect. Chances are shares of the "
        "simulated paths: in which the true effect of all cohorts together is as high, and in which the return comes, "
        "with the luck of measurement and all else as it falls."
    )
    effect = ("True effect needed", "Chance of that effect", "Error of that chance")
    header = ("Rate of return a year", *effect, "Chance of that return", "Error of the return's chance")
    return Table("What effect is needed", header, tuple(rows), note)


def _sources(run: Run) -> Table:
    used = run.model.uses
    rows = [(name, Figure(line, "money")) for name, line in used.sources.items()]
    return Table(
        "Sources of money, base case",
        ("Source", "Over the deal"),
        (*rows, ("All", Figure(used.sources_in_all, "money"))),
        total=True,
    )


def _uses(run: Run) -> Table:
    used = run.model.uses
    rows = [(name, Figure(line, "money")) for name, line in used.uses.items()]
    return Table(
        "Uses of money, base case",
        ("Use", "Over the deal"),
        (*rows, ("All", Figure(used.uses_in_all, "money"))),
        "Principal: what guarantors pay included.",
        total=True,
    )


def _recycling(run: Run) -> Table:
    used = run.model.uses
    rows = (
        ("Bills paid", Figure(used.bills, "money")),
        ("Peak capital drawn", Figure(used.peak_drawn, "money")),
        ("Recycled: bills paid by receipts and income", Figure(used.recycled, "money")),
        ("Recycling factor: bills paid by peak capital drawn", Figure(used.recycling, "multiple")),
    )
    return Table("How far capital is recycled, base case", ("Figure", "Base case"), rows)


def _guarantees(run: Run) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for one in run.model.funding.guarantees:
        paid = summary_of(run.simulation, f"guarantee, {one.name}")
        called = chance_of(run.simulation, f"guarantee_called, {one.name}")
        rows.append(
            (
                f"{one.name}, by {one.terms.guarantor}",
                Figure(one.paid_in_all, "money"),
                Constant(paid.mean, "money"),
                Constant(paid.error, "money"),
                Constant(called.value, "share"),
            )
        )
    header = ("Guarantee", "Base case", "Simulated mean", "Error", "Chance of being called on")
    return Table("What guarantees cost", header, tuple(rows), "Error: Monte Carlo standard error of the mean.")


def _by_year(run: Run) -> Table:
    rows = tuple(
        (
            Figure(year.year, "financial year"),
            Figure(year.put_in, "money"),
            Figure(year.back, "money"),
            Figure(year.position, "money"),
        )
        for year in run.model.returns.years
    )
    header = ("Financial year", "Put in", "Got back", "Net position at the year's end")
    return Table("Cash flow by financial year, base case", header, rows, "April to March.")


def _statuses(run: Run) -> Table:
    counted = rates_by_status(run.simulation)
    rows = tuple(
        (RateStatus[name.upper()].label, Constant(count, "count"), Constant(count / run.simulation.paths, "share"))
        for name, count in counted.items()
    )
    return Table("Which simulated paths have a rate of return", ("Rate of return", "Paths", "Share"), rows)


def _position(run: Run) -> Chart:
    back = of_a_hundred(1 - chance_of(run.simulation, LOSS).value)
    peak = money(run.figure(run.model.returns.everyone.peak))
    unit, kind = scale(run.figure(run.model.returns.everyone.peak))
    table = net_position_fan(run)
    return Chart(
        f"In {back} of 100 repeats investors get their money back",
        table,
        (
            Series(HIGH, "gain", faint=True),
            Series(MIDDLE, "reference", faint=True),
            Series(LOW, "loss", faint=True),
            Series("Base case", "investors"),
        ),
        "line",
        "Month",
        f"Net position of all investors, {unit}",
        kind,
        f"Line chart of investors' net position by month: the base case falls to minus {peak} and then recovers; "
        "beside it the 5th, 50th and 95th percentile of the simulation. The figures are in the table "
        f"{table.title}.",
    )


def _rates(run: Run) -> Chart:
    nothing, loss = (chance_of(run.simulation, event).value for event in (NOTHING_BACK, LOSS))
    table = rate_distribution(run)
    return Chart(
        f"All is lost in {of_a_hundred(nothing)} of 100 repeats, part in {of_a_hundred(max(0.0, loss - nothing))}",
        table,
        (Series(ALL_LOST, "other"), Series(SOME_LOST, "loss"), Series(GAINED, "investors")),
        "histogram",
        "Rate of return a year, %, from",
        "Share of paths",
        "share",
        f"Histogram of the simulated rate of return: {percent(nothing)} of paths lose everything, shown in a bar of "
        f"their own; {percent(1 - loss)} get their money back or more. The figures are in the table "
        f"{table.title}.",
    )


def _cash(run: Run, years: Table) -> Chart:
    most = max(run.model.returns.years, key=lambda year: run.figure(year.back))
    unit, kind = scale(run.figure(run.model.returns.everyone.peak))
    return Chart(
        f"Base case as exported: most money comes back in {most.name}",
        years,
        (Series("Put in", "loss"), Series("Got back", "investors")),
        "column",
        "Financial year",
        f"{unit} in the year",
        kind,
        "Columns by financial year of what investors put in and get back in the base case; most comes back in "
        f"{most.name}. The figures are in the table below.",
    )


def _values(run: Run) -> Chart:
    below = chance_of(run.simulation, NPV_BELOW_NIL).value
    table = value_distribution(run)
    return Chart(
        f"Net present value is below nil in {of_a_hundred(below)} of 100 repeats",
        table,
        (Series("Below nil", "loss"), Series("Nil or above", "investors")),
        "histogram",
        "Net present value, £ million, from",
        "Share of paths",
        "share",
        f"Histogram of the simulated net present value: {percent(below)} of paths are below nil. The figures are in "
        f"the table {table.title}.",
    )
