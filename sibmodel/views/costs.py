"""What an outcome costs those who pay for it."""

from __future__ import annotations

import math

from sibmodel.metrics import error_of_mean
from sibmodel.results import Run
from sibmodel.simulation import Simulation, summary_of
from sibmodel.views.common import Cell, Constant, Figure, Table


def costs(run: Run) -> Table:
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
            rows.append((f"{named}{of}", Figure(line, "money"), *ratio_of_means(run.simulation, paid_for, units)))
    note = "Simulated: the mean bill by the mean number of events avoided, over all paths, also those that pay "
    note += "nothing. Error: Monte Carlo standard error."
    if bill.paid_without_measure is not None:
        note += " Each cost has the payments on its own measure only; fees and charges are in none."
    return Table("What an outcome costs", ("Cost", "Base case", "Simulated", "Error"), tuple(rows), note)


def ratio_of_means(simulation: Simulation, bill: str, units: str) -> tuple[Cell, Cell]:
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
