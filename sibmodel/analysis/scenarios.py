"""A deal's scenarios calculated: the base case of each, and which of its changes are numbers of the same model."""

from __future__ import annotations

from dataclasses import dataclass

from sibmodel.deal import Deal
from sibmodel.errors import DealError, NotFoundError
from sibmodel.lines import Input, Line, Values, difference, evaluate
from sibmodel.model import Model, build
from sibmodel.scenarios import Scenario


@dataclass(frozen=True, eq=False)
class ScenarioCase:
    """A scenario and its base case. `values` has the inputs of the deal's own model that it changes."""

    scenario: Scenario
    model: Model | None
    """The model of the deal as the scenario changes it; None where it does not fit the deal."""
    base: Values | None
    values: dict[Input, float]
    problem: str
    """Why it is not the same model with other numbers, in words; empty where it is."""

    @property
    def live(self) -> bool:
        """Whether the deal's own model calculates it from other inputs."""
        return not self.problem

    def figure(self, line: Line, own: Model) -> float | None:
        """The scenario's value of the figure that is `line` in the deal's own model; None where it has none such."""
        if self.model is None or self.base is None:
            return None
        found = self.model.book.find(line.key)
        return self.base.figure(found[0]) if found and not found[0].timed else None


def scenario_cases(deal: Deal, own: Model) -> tuple[ScenarioCase, ...]:
    """Every scenario of a deal whose model is `own`, in the order of the deal's."""
    return tuple(_case(deal, one, own) for one in deal.scenarios)


def _case(deal: Deal, scenario: Scenario, own: Model) -> ScenarioCase:
    try:
        model = build(deal.in_scenario(scenario.name))
    except (DealError, NotFoundError) as error:
        return ScenarioCase(scenario, None, None, {}, f"it does not fit the deal: {error}")
    base = evaluate(model.book.lines, model.book.periods)
    problem = difference(own.book, model.book)
    values = {}
    if not problem:
        pairs = zip(own.book.inputs, model.book.inputs, strict=True)
        values = {one: other.value for one, other in pairs if other.value != one.value}
    return ScenarioCase(scenario, model, base, values, problem)
