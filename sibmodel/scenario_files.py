"""Files of scenarios: named scenarios in a file beside the deal's, read by itself or named by whoever runs the deal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from pydantic import ValidationError

from sibmodel.agreement.scenarios import MOST, scenarios
from sibmodel.deal import Deal
from sibmodel.errors import DealError, NotFoundError, Problem
from sibmodel.files import read_terms, read_text
from sibmodel.reading import fault_at
from sibmodel.scenarios import Scenario
from sibmodel.terms import Terms, part, text
from sibmodel.yaml_text import read_yaml

ENDINGS = (".scenarios.yaml", ".scenarios.yml")
"""What follows the deal's name in the name of a file of scenarios that is read by itself."""
YAML_ENDINGS = (".yaml", ".yml")
Faults = Iterator[ValidationError]


class ScenarioFile(Terms):
    """Scenarios, and the deal that they are for."""

    begin: ClassVar[str] = "Write `scenarios:`, and below it a list of scenarios, each with a name and its changes."

    deal: str | None = text(
        "Name of the deal that they are for; where it is given, another deal refuses them",
        default=None,
        longest=200,
    )
    scenarios: tuple[Scenario, ...] = part("Terms and beliefs that change together, by name")


def beside(deal: Path) -> list[Path]:
    """The files of scenarios that are read with a deal's file by themselves: `mydeal.scenarios.yaml`."""
    named = [deal.with_name(deal.stem + ending) for ending in ENDINGS]
    return [one for one in named if one.is_file()]


def with_files(deal: Deal, files: Sequence[Path], home: Callable[[str], str]) -> Deal:
    """The deal with the scenarios of files after its own, each file read once. `home` says where a scenario of that
    name stands in the deal's own file: `mydeal.yaml, line 41`.

    A scenario that is the same in the deal and in a file, as in a workbook that a run has written, is one scenario.
    Raises DealError for a file with problems, NotFoundError where there is none.
    """
    for file in {one.resolve(): one for one in files}.values():
        deal = _with_file(deal, file, home)
    return deal


def in_its_file(deal: Deal) -> Deal:
    """The deal as its own file holds it: without the scenarios of other files."""
    return deal.model_copy(update={"scenarios": tuple(one for one in deal.scenarios if not one.file)})


def from_files(deal: Deal) -> dict[str, list[str]]:
    """The names of the scenarios that come from files of scenarios, by file."""
    found: dict[str, list[str]] = {}
    for one in deal.scenarios:
        if one.file:
            found.setdefault(one.file, []).append(one.name)
    return found


def said_of_files(deal: Deal) -> list[str]:
    """What was read from files of scenarios, a line for each: `Scenarios of board.yaml: Low, High`."""
    return [f"Scenarios of {file}: {', '.join(names)}" for file, names in from_files(deal).items()]


def _with_file(deal: Deal, file: Path, home: Callable[[str], str]) -> Deal:
    if file.suffix.lower() not in YAML_ENDINGS and file.is_file():
        raise NotFoundError(f"{file} is no file of scenarios: that is YAML, and its name ends in .yaml.")
    if file.is_file() and _is_a_deal(file):
        out = "Its own scenarios are read with it; others stand in a file of their own."
        raise DealError(str(file), [Problem("line 1", "", "is a deal, not a file of scenarios.", out)])
    found = read_terms(file, ScenarioFile, check=lambda read: _faults(deal, read, home))
    known = _by_name(deal)
    new = [one.from_file(str(file)) for one in found.scenarios if one.name.casefold() not in known]
    return deal.model_copy(update={"scenarios": (*deal.scenarios, *new)})


def _is_a_deal(file: Path) -> bool:
    """Whether a file has what a deal cannot do without, and no file of scenarios has."""
    fields = read_yaml(read_text(file, str(file)), str(file), ScenarioFile.begin).value
    return isinstance(fields, dict) and {"cohorts", "funding"} <= fields.keys()


def _by_name(deal: Deal) -> dict[str, Scenario]:
    return {one.name.casefold(): one for one in deal.scenarios}


def _faults(deal: Deal, found: ScenarioFile, home: Callable[[str], str]) -> Faults:
    """What is wrong with the scenarios of a file, of themselves and beside those of the deal."""
    if found.deal is not None and found.deal.casefold() != deal.name.casefold():
        yield fault_at(
            ("deal",),
            f'These scenarios are for "{found.deal}", and the deal is "{deal.name}".',
            "Name the right file, or change or leave out `deal`.",
        )
        return  # that they do not fit follows
    if not found.scenarios:
        yield fault_at(("scenarios",), "There are no scenarios.", "Write at least one, or leave the file out.")
    known, doubled = _by_name(deal), 0
    for number, one in enumerate(found.scenarios):
        other = known.get(one.name.casefold())
        if other is None:
            continue
        doubled += 1
        if other.plain() != one.plain():
            place = other.file or home(other.name)
            yield fault_at(
                ("scenarios", number, "name"), f'"{one.name}" is a scenario in {place}, too.', "Rename one of them."
            )
    together = len(deal.scenarios) + len(found.scenarios) - doubled
    if deal.scenarios and together > MOST >= len(found.scenarios):
        said = f"With the deal's others there are {together} scenarios."
        yield fault_at(("scenarios",), said, f"Keep at most {MOST}.")
    yield from scenarios(deal.model_copy(update={"scenarios": found.scenarios}))
