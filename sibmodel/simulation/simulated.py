"""A simulation as it came out: its figures by path, and a tally of all paths where not all are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sibmodel.errors import NotFoundError
from sibmodel.metrics import RateStatus
from sibmodel.model import Model
from sibmodel.simulation.paths import INDEPENDENT, Floats
from sibmodel.simulation.samplers import Sampling
from sibmodel.simulation.tally import Tally
from sibmodel.simulation.watched import Until, Watched


@dataclass(frozen=True)
class Point:
    """A figure's estimate after so many paths, and its standard error."""

    paths: int
    value: float
    error: float


@dataclass(frozen=True)
class Stopped:
    """How a simulation came to its end before all paths that were asked for."""

    asked: int
    """Paths that were asked for, or the most that were allowed."""
    by: str
    """`rule`: the error asked for was reached. `hand`: somebody stopped it; what is told is of the paths done."""


@dataclass(frozen=True, eq=False)
class Simulation:
    """Figures by path. `figures` holds one column `[path]` for each headline figure, by name; of a simulation of more
    paths than are kept, it holds the first ones."""

    model: Model
    seed: int
    paths: int
    """All that were simulated."""
    figures: dict[str, Floats]
    rate_status: npt.NDArray[np.int8]
    """A `RateStatus` for each path: which rates of return are rates, and why others are not."""
    over_time: dict[str, Floats]
    """`[time, path]` for the first `PATHS_OF_A_FAN` paths; providers' cash for `PATHS_OF_PROVIDERS`."""
    drivers: dict[str, Floats]
    """The uniform numbers `[path]` behind each driver that goes together with another, by its stream."""
    spread: Sampling = INDEPENDENT
    """How the drivers' luck is spread over the paths."""
    tally: Tally | None = None
    """What is told of all paths, where not all are kept."""
    stopped: Stopped | None = None
    """None where all paths that were asked for were simulated."""
    watched: tuple[Watched, ...] = ()
    """What is shown settling; the last is what the paths were to go on for, where `until` is told."""
    settling: Mapping[str, tuple[Point, ...]] = field(default_factory=dict)
    """How what is watched settled beyond the paths that are kept, by its name."""
    until: Until | None = None
    """The error that was asked for, where one was."""

    @property
    def reached(self) -> bool:
        """Whether that error was reached."""
        return self.until is not None and self.until.holds(self)

    @property
    def kept(self) -> int:
        """Paths kept one by one: the first so many."""
        return int(self.rate_status.size)

    def every_path(self) -> dict[str, Floats]:
        """`figures`, where they hold every path. Raises NotFoundError where they do not, and says what to do."""
        if self.kept < self.paths:
            raise NotFoundError(
                f"Of {self.paths:,} paths only the first {self.kept:,} are kept one by one. Simulate no more than that, "
                "write all to a file with --paths-file, or open one by its number with: sibmodel explain --path."
            )
        return self.figures

    @property
    def replicates(self) -> int:
        """Independent replicates, from which errors are told; 1 where the paths themselves are independent."""
        return self.spread.replicates * self.paths // self.spread.paths if self.spread.replicates > 1 else 1


def rates_by_status(simulation: Simulation) -> dict[str, int]:
    """How many paths have each status of the rate of return, by its label; only those that occur."""
    if simulation.tally is not None:
        counted = simulation.tally.statuses
    else:
        counted = {status: int(np.count_nonzero(simulation.rate_status == status)) for status in RateStatus}
    return {status.name.lower(): count for status, count in counted.items() if count}
