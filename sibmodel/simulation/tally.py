"""What is told of all paths of a simulation that is too large to keep them: a sketch of every figure, and counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.metrics import RateStatus
from sibmodel.model import Model
from sibmodel.simulation.block import Block
from sibmodel.simulation.events import Event, events_of, made_of
from sibmodel.simulation.sketch import PARTS, Sketch


@dataclass(eq=False)
class Tally:
    """Blocks folded in their order."""

    sketches: dict[str, Sketch]
    """By figure: the headline figures, and those that are made of them."""
    happened: dict[str, int]
    """Paths in which each event happens."""
    statuses: dict[RateStatus, int]
    """Paths by what their rate of return is worth."""
    events: dict[str, Event]
    paths: int = 0

    @classmethod
    def laid_out(cls, model: Model, first: Block) -> Tally:
        """An empty tally, for figures such as the first block has."""
        every = first.figures | made_of(first.figures)
        events = events_of(model)
        return cls(
            {name: Sketch.laid_out(values) for name, values in every.items()},
            dict.fromkeys(events, 0),
            dict.fromkeys(RateStatus, 0),
            events,
        )

    def fold(self, block: Block) -> None:
        """Take in the next block."""
        for name, values in (block.figures | made_of(block.figures)).items():
            self.sketches[name].fold(values)
        for name, event in self.events.items():
            self.happened[name] += int(np.count_nonzero(event(block.figures, block.rate_status)))
        for status in RateStatus:
            self.statuses[status] += int(np.count_nonzero(block.rate_status == status))
        self.paths += block.paths

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """All of it, as plain data and as arrays by name."""
        arrays: dict[str, np.ndarray] = {}
        for name, sketch in self.sketches.items():
            arrays |= {f"sketch {part} {name}": array for part, array in sketch.arrays().items()}
        plain = {
            "sketches": list(self.sketches),
            "happened": self.happened,
            "statuses": {str(int(status)): count for status, count in self.statuses.items()},
            "paths": self.paths,
        }
        return plain, arrays

    @classmethod
    def taken_up(cls, model: Model, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> Tally:
        """From what `state` gave."""
        sketches = {
            name: Sketch.of_arrays({part: arrays[f"sketch {part} {name}"] for part in PARTS})
            for name in plain["sketches"]
        }
        statuses = {RateStatus(int(status)): count for status, count in plain["statuses"].items()}
        return cls(sketches, plain["happened"], statuses, events_of(model), plain["paths"])
