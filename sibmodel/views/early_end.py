"""Whether the contract ends before its term, and what that costs."""

from __future__ import annotations

from sibmodel.results import Run
from sibmodel.simulation import chance_of, summary_of
from sibmodel.views.common import Cell, Constant, Figure, Table


def early_end(run: Run) -> Table | None:
    """How often the contract ends early or investors stop, and the compensation; None where it can do neither."""
    end = run.model.end
    if end is None:
        return None
    rows: list[tuple[Cell, ...]] = []
    for label, name, line in (
        ("Ended by the payer or by a change of policy", "ended_early", end.ended),
        ("Stopped by investors", "stopped", end.stopped),
    ):
        if line is not None:
            found = chance_of(run.simulation, name)
            rows.append((label, Figure(line, "count"), Constant(found.value, "share"), Constant(found.error, "share")))
    if end.compensation_in_all is not None:
        paid = summary_of(run.simulation, "compensation")
        rows.append(
            (
                "Compensation",
                Figure(end.compensation_in_all, "money"),
                Constant(paid.mean, "money"),
                Constant(paid.error, "money"),
            )
        )
    note = "Base case: 1 where it does. Simulated: the chance, or the mean. Error: Monte Carlo standard error."
    return Table("Early end", ("What happens", "Base case", "Simulated", "Error"), tuple(rows), note)
