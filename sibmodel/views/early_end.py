"""Whether the contract ends before its term, and what that costs."""

from __future__ import annotations

import numpy as np

from sibmodel.metrics import error_of_mean
from sibmodel.results import Run, chance
from sibmodel.views.common import Cell, Constant, Figure, Table


def early_end(run: Run) -> Table | None:
    """How often the contract ends early or investors stop, and the compensation; None where it can do neither."""
    end, figures = run.model.end, run.simulation.figures
    if end is None:
        return None
    rows: list[tuple[Cell, ...]] = []
    for label, name, line in (
        ("Ended by the payer or by a change of policy", "ended_early", end.ended),
        ("Stopped by investors", "stopped", end.stopped),
    ):
        if line is not None:
            found = chance(figures[name] > 0, run.simulation.replicates)
            rows.append((label, Figure(line, "count"), Constant(found.value, "share"), Constant(found.error, "share")))
    if end.compensation_in_all is not None:
        rows.append(
            (
                "Compensation",
                Figure(end.compensation_in_all, "money"),
                *_mean(figures["compensation"], run.simulation.replicates),
            )
        )
    note = "Base case: 1 where it does. Simulated: the chance, or the mean. Error: Monte Carlo standard error."
    return Table("Early end", ("What happens", "Base case", "Simulated", "Error"), tuple(rows), note)


def _mean(values: np.ndarray, replicates: int) -> tuple[Cell, Cell]:
    return Constant(float(values.mean()), "money"), Constant(error_of_mean(values, replicates), "money")
