"""Deals by file or by an example's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import resources
from pathlib import Path

from sibmodel.deal import Deal
from sibmodel.errors import NotFoundError
from sibmodel.files import read_terms, read_text
from sibmodel.replacing import value_at
from sibmodel.scenario_files import ENDINGS, YAML_ENDINGS, beside, with_files
from sibmodel.scenarios import Scenario
from sibmodel.uncertain import Belief
from sibmodel.yaml_text import read_yaml

_OTHER_WORKBOOKS = (".xls", ".xlsm", ".xlsb", ".ods", ".numbers", ".csv")


@dataclass(frozen=True)
class Example:
    """A deal that comes with the package."""

    name: str
    text: str

    def deal(self) -> Deal:
        return read_terms(self.text, Deal, name=f"example {self.name}")


def examples() -> Iterator[Example]:
    """All deals that come with the package, by name."""
    folder = resources.files("sibmodel.examples")
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".yaml"):
            yield Example(entry.name.removesuffix(".yaml"), entry.read_text(encoding="utf-8"))


def example(name: str) -> Example:
    """The example of that name. Raises NotFoundError, with the nearest."""
    known = {one.name: one for one in examples()}
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(known)}."
        raise NotFoundError(f'There is no example "{name}". {hint}')
    return known[name]


def read(name: str | Path, scenarios: str | Path | Sequence[str | Path] = ()) -> Deal:
    """The deal in a file, or the example of that name, with the scenarios of files of scenarios, one or several.

    Raises DealError or NotFoundError.
    """
    files = [scenarios] if isinstance(scenarios, str | Path) else scenarios
    return find(str(name), [Path(one) for one in files])[0]


def find(name: str, scenarios: Sequence[Path] = ()) -> tuple[Deal, str]:
    """The deal in the file `name`, or the example of that name, as `opened` has it; of a scenario with a name that says
    so. And a short name for what is made of it."""
    one = opened(name, scenarios)
    return one.titled, one.short


@dataclass(frozen=True)
class Opened:
    """A deal as it was asked for."""

    deal: Deal
    """In the scenario, where one was asked for."""
    stem: str
    scenario: Scenario | None = None
    base_alone: bool = False
    """Whether the scenario changes the base case alone, so that simulated figures are those of the deal without it."""

    @property
    def called(self) -> str:
        """What it is called beside others: `mydeal`, `mydeal@Few people`."""
        return self.stem if self.scenario is None else f"{self.stem}@{self.scenario.name}"

    @property
    def short(self) -> str:
        """What files made of it are called: `mydeal-few-people`."""
        return "-".join([self.stem, *([] if self.scenario is None else self.scenario.name.casefold().split())])

    @property
    def titled(self) -> Deal:
        """The deal, with a name that says which scenario it is in, and how far that goes."""
        if self.scenario is None:
            return self.deal
        where = f" of {Path(self.scenario.file).name}" if self.scenario.file else ""
        only = ", in the base case alone; simulated figures are the deal's" if self.base_alone else ""
        of = f"scenario {self.scenario.name}{where}{only}"
        return self.deal.model_copy(update={"name": f"{self.deal.name} ({of})"[:LONGEST_TITLE]})


def opened(name: str, scenarios: Sequence[Path] = ()) -> Opened:
    """The deal in the file `name`, or the example of that name. After an @ may stand one of its scenarios:
    `mydeal.yaml@Low`. Its scenarios are its own, those of a file `mydeal.scenarios.yaml` beside it, and those of the
    files `scenarios`.

    Raises DealError for a file with problems, NotFoundError where there is neither file nor example, nor scenario.
    """
    within, wanted = _scenario_of(name)
    found = _located(within)
    deal, stem = (read_file(found), found.stem or "deal") if isinstance(found, Path) else (found.deal(), found.name)
    files = [*(beside(found) if isinstance(found, Path) else []), *scenarios]
    deal = with_files(deal, files, lambda one: _home(found, deal, one))
    if not wanted:
        return Opened(deal, stem)
    changed = deal.in_scenario(wanted)
    chosen = next(one for one in deal.scenarios if one.name.casefold() == wanted.casefold())
    return Opened(changed, stem, chosen, all(_of_the_base_case(deal, path) for path in chosen.changes))


def _of_the_base_case(deal: Deal, path: str) -> bool:
    """Whether a change is of the base case of something uncertain; of a plain number the base case is all there is."""
    belief = value_at(deal, path.removesuffix(BASE)) if path.endswith(BASE) else None
    return isinstance(belief, Belief) and belief.value is None


def _home(found: Path | Example, deal: Deal, scenario: str) -> str:
    """Where a scenario stands in the deal's own file, in words."""
    name = str(found) if isinstance(found, Path) else f"example {found.name}"
    text = text_of(name) if isinstance(found, Path) else found.text
    if text is None:
        return name
    number = [one.name for one in deal.scenarios].index(scenario)
    return f"{name}, line {read_yaml(text, name).line(('scenarios', number))}"


def text_of(name: str) -> str | None:
    """The YAML text of the file or example that `find` reads, as it was written; None where it is a workbook."""
    found = _located(name)
    if isinstance(found, Path):
        return read_text(found, str(found)) if found.suffix.lower() in YAML_ENDINGS else None
    return found.text


BASE = ".base"
"""How the path of a belief's base case ends."""
LONGEST_TITLE = 200
"""Characters of a deal's name."""


def _scenario_of(name: str) -> tuple[str, str]:
    """`mydeal.yaml@Low` is the scenario Low of mydeal.yaml: the deal's name and the scenario's, which may be empty."""
    deal, at, scenario = name.rpartition("@")
    return (deal, scenario.strip()) if at and deal and not Path(name).exists() else (name, "")


def _located(name: str) -> Path | Example:
    path = Path(name)
    if path.suffix != "" or path.exists() or len(path.parts) > 1:
        return path
    for ending in YAML_ENDINGS:
        if path.with_suffix(ending).is_file():
            return path.with_suffix(ending)
    try:
        return example(name)  # before a workbook of that name: a run of the example leaves one
    except NotFoundError as error:
        if path.with_suffix(".xlsx").is_file():
            return path.with_suffix(".xlsx")
        raise NotFoundError(
            f'There is no file "{name}" and no example of that name. {str(error).split(". ", 1)[1]}'
        ) from None


def read_file(path: Path) -> Deal:
    """The deal in a YAML file or an Excel workbook, by the file's ending. Raises DealError or NotFoundError."""
    ending = path.suffix.lower()
    if path.name.endswith(ENDINGS) and path.is_file():
        raise NotFoundError(
            f"{path} is a file of scenarios. Name the deal first: sibmodel check DEAL --scenarios {path}"
        )
    if ending == ".xlsx":
        from sibmodel.forms import read_workbook

        return read_workbook(path)
    if ending in YAML_ENDINGS or not path.is_file():
        return read_terms(path, Deal)
    if ending in _OTHER_WORKBOOKS:
        raise NotFoundError(f"{path} is not an Excel workbook that can be read here. Save it as .xlsx, and try that.")
    raise NotFoundError(
        f"{path} is neither YAML nor an Excel workbook: a deal file ends in .yaml or .xlsx. Write one with: "
        "sibmodel new mydeal.xlsx"
    )
