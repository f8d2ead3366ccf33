"""Scenarios: names that differ, and changes that lead to a deal as right as the one they change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sibmodel.agreement.common import Faults, different
from sibmodel.errors import DealError, NotFoundError, Problem
from sibmodel.reading import fault_at
from sibmodel.replacing import placed, replace_all
from sibmodel.scenarios import RESERVED, Scenario

if TYPE_CHECKING:
    from sibmodel.deal import Deal

MOST = 12
"""Scenarios of a deal: each is a column of the workbook."""


def scenarios(deal: Deal) -> Faults:
    """Every scenario has a name of its own, and gives a deal that hangs together."""
    if not deal.scenarios:
        return
    yield from different("scenarios", [one.name for one in deal.scenarios])
    if len(deal.scenarios) > MOST:
        yield fault_at(("scenarios",), f"There are {len(deal.scenarios)} scenarios.", f"Keep at most {MOST}.")
    reserved = {name.casefold() for name in RESERVED}
    alone = deal.alone()
    for number, scenario in enumerate(deal.scenarios):
        if scenario.name.casefold() in reserved:
            yield fault_at(
                ("scenarios", number, "name"), f'"{scenario.name}" is a column that is always there.', "Rename it."
            )
        if not scenario.changes:
            yield fault_at(("scenarios", number, "changes"), "There are no changes.", "A scenario needs at least one.")
        yield from _changes(alone, scenario, number)


def _changes(deal: Deal, scenario: Scenario, number: int) -> Faults:
    where = ("scenarios", number, "changes")
    lost = False
    for path, value in scenario.changes.items():
        try:
            if path.startswith("scenarios"):
                raise NotFoundError("A scenario changes terms and beliefs, and no scenarios.")
            placed(deal, {path: value})
        except NotFoundError as error:
            lost = True
            yield fault_at((*where, path), str(error))
    if lost:
        return
    try:
        replace_all(deal, scenario.changes)
    except NotFoundError as error:
        yield fault_at(where, str(error))
    except DealError as error:
        for problem in error.problems:
            yield fault_at(
                (*where, _changed_at(problem, scenario)) if _changed_at(problem, scenario) else where,
                f"In the scenario {scenario.name}, {problem.path or 'the deal'}: {problem.message}",
                problem.fix,
            )


def _changed_at(problem: Problem, scenario: Scenario) -> str:
    """The change that a fault of the changed deal is about; empty where it follows from several."""
    if len(scenario.changes) == 1:
        return next(iter(scenario.changes))
    near = [path for path in scenario.changes if problem.path and problem.path in (path, path.removesuffix(".base"))]
    return near[0] if near else ""
