"""What an outcome costs those who pay for it."""

from __future__ import annotations

import math

import numpy as np

from sibmodel.metrics import error_of_mean
from sibmodel.results import Run
from sibmodel.views.common import Cell, Constant, Figure, Table


def costs(run: Run) -> Table:
    bill, figures = run.model.commissioning, run.simulation.figures
    rows: list[tuple[Cell, ...]] = []
    for cost in bill.costs:
        of = "" if len(bill.costs) == 1 and bill.paid_without_measure is None else f": {cost.metric}"
        paid_for = figures[f"paid for, {cost.metric}"]
        for label, line, units in (
            ("Cost of an event truly avoided", cost.per_true, figures[f"true units, {cost.metric}"]),
            ("Cost of an event avoided as measured", cost.per_measured, figures[f"measured units, {cost.metric}"]),
        ):
            named = (
                label
                if not of
                else label.replace("event truly avoided", "outcome in truth").replace(
                    "event avoided as measured", "outcome as measured"
                )
            )
            rows.append(
                (f"{named}{of}", Figure(line, "money"), *ratio_of_means(paid_for, units, run.simulation.replicates))
            )
    note = "Simulated: the mean bill by the mean number of events avoided, over all paths, also those that pay "
    note += "nothing. Error: Monte Carlo standard error."
    if bill.paid_without_measure is not None:
        note += " Each cost has the payments on its own measure only; fees and charges are in none."
    return Table("What an outcome costs", ("Cost", "Base case", "Simulated", "Error"), tuple(rows), note)


def ratio_of_means(bill: np.ndarray, events: np.ndarray, replicates: int) -> tuple[Cell, Cell]:
    """The ratio of two means, and its standard error to first order."""
    mean = float(events.mean())
    if mean <= 0 or len(events) < 2:
        return Constant(math.nan, "money"), Constant(math.nan, "money")
    ratio = float(bill.mean()) / mean
    if replicates > 1:
        return Constant(ratio, "money"), Constant(error_of_mean(bill - ratio * events, replicates) / mean, "money")
    error = float(np.std(bill - ratio * events, ddof=1)) / math.sqrt(len(events)) / mean
    return Constant(ratio, "money"), Constant(error, "money")
