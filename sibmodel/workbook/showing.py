"""What the workbook shows: which scenario, which path, which inputs as its reader left them. Python's side of the
selectors, so that every formula that hangs on them has a value of its own to be held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sibmodel.lines import Input, Values
from sibmodel.scenarios import BASE_CASE


@dataclass(frozen=True, eq=False)
class Choice:
    """What stands in the cells that a reader may change, where it is not as exported."""

    scenario: str = BASE_CASE
    path: int = 0
    """The row of the path in the table of paths, counted from 1; 0 for none."""
    own: Mapping[Input, float] = field(default_factory=dict)
    """Values on the sheet Inputs."""
    cells: Mapping[tuple[str, Input], float] = field(default_factory=dict)
    """Values on the sheet Scenarios, by scenario and input."""


AS_EXPORTED = Choice()


class Showing(Values):
    """The lines' values under a choice."""

    def __init__(self, values: Values, choice: Choice) -> None:
        super().__init__(dict(values), values.periods)
        self.choice = choice


def choice_of(values: Values) -> Choice:
    """The choice under which values were calculated; inputs that simply differ count as changed on the sheet Inputs."""
    if isinstance(values, Showing):
        return values.choice
    return AS_EXPORTED


def own(values: Values, cell: Input) -> float:
    """What stands in an input's own cell on the sheet Inputs."""
    if isinstance(values, Showing):
        return values.choice.own.get(cell, cell.value)
    return values.figure(cell)
