"""The sheet Paths: what was drawn in chosen paths of the simulation, one row each, and the selector that puts one of
them through the whole book."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sibmodel.lines import Line, Values, column_name
from sibmodel.results import Run
from sibmodel.scenarios import BASE_CASE
from sibmodel.simulation import paths_by_rank
from sibmodel.simulation.drawn import drawn
from sibmodel.simulation.paths import Floats
from sibmodel.workbook.scenario_sheet import Headline
from sibmodel.workbook.sheet import Live, Sheet, Value, plain
from sibmodel.workbook.showing import choice_of
from sibmodel.workbook.style import (
    BLOCK_TITLE,
    COLUMN,
    COLUMN_RIGHT,
    INPUT_FILL,
    INPUT_INK,
    KINDS,
    NAME,
    NOTE,
    TIMES,
    UNIT,
    WHOLE,
    Look,
    number_format,
)

NAME_OF_SHEET = "Paths"
PURPOSE = "Choose a path of the simulation: what was drawn in it goes through the whole book, instead of the base case."
FIRST_PATHS = 1_000
"""So many paths from the first are always there."""
FIRST_ROW = 5
CHOOSER_ROW = FIRST_ROW + 1
PLACE_ROW = FIRST_ROW + 2
NUMBER_ROW = FIRST_ROW + 3
CHOOSER = f"{NAME_OF_SHEET}!$D${CHOOSER_ROW + 1}"
PLACE = f"{NAME_OF_SHEET}!$D${PLACE_ROW + 1}"
NUMBER = f"{NAME_OF_SHEET}!$D${NUMBER_ROW + 1}"
"""The path in use: what was chosen, its row in the table (0: none), its number in the simulation."""
TITLE_ROW = NUMBER_ROW + 2
UNIT_ROW, USED_ROW, HEADER_ROW = TITLE_ROW + 1, TITLE_ROW + 2, TITLE_ROW + 3
BASE_ROW = HEADER_ROW + 1
"""The row of the base case, at the top of the list; paths stand below it."""
LABEL_AT, NUMBER_AT, RANK_AT, FIGURES_AT = range(4)
WIDTHS = {LABEL_AT: 30.0, NUMBER_AT: 16.0, RANK_AT: 46.0}
COLUMN_WIDTH = 17.0
PRINTED_PATHS = 20
PRINT_SCALE = 50
RANKS = {
    "worst": ("Worst", "the lowest net present value to investors"),
    "p5": ("P5", "5 in 100 paths are worse"),
    "p25": ("P25", "25 in 100 paths are worse"),
    "median": ("Median", "half of all paths are worse"),
    "p75": ("P75", "25 in 100 paths are better"),
    "p95": ("P95", "5 in 100 paths are better"),
    "best": ("Best", "the highest net present value to investors"),
}


@dataclass(frozen=True, eq=False)
class Column:
    """What was drawn: a column of numbers, for one line or for several that share their luck."""

    lines: tuple[Line, ...]
    values: Floats

    @property
    def heading(self) -> str:
        """The first line's name, and how many more have the same numbers."""
        more = len(self.lines) - 1
        return self.lines[0].name + (f" (and {more} more)" if more else "")


class PathSheet:
    """Which paths there are, what was drawn in them, and where all of it stands."""

    def __init__(self, run: Run, figures: Sequence[Headline], asked: Sequence[int] = ()) -> None:
        self.run = run
        self.figures = tuple(figures)
        self.paths = _paths(run, asked)
        numbers = [number for _, number, _ in self.paths]
        self.columns = _columns(drawn(run.simulation, numbers))
        self.drawn_at = FIGURES_AT + len(self.figures)
        self._of = {line: column for column in self.columns for line in column.lines}
        self._at = {column: self.drawn_at + number for number, column in enumerate(self.columns)}
        self.last = BASE_ROW + len(self.paths)

    def in_use(self, line: Line) -> str | None:
        """The cell of what was drawn for a line in the path in use; None for a line that is never drawn."""
        column = self._of.get(line)
        return None if column is None else f"{NAME_OF_SHEET}!${column_name(self._at[column])}${USED_ROW + 1}"

    def stored(self, headline: int) -> str:
        """The cells of a headline figure of all paths, the base case's row with them."""
        column = column_name(FIGURES_AT + headline)
        return f"{NAME_OF_SHEET}!${column}${BASE_ROW + 1}:${column}${self.last + 1}"

    def stored_value(self, headline: Headline, place: int) -> float:
        """The simulation's figure in the path of that row."""
        return float(self.run.simulation.figures[headline.key][self.paths[place - 1][1] - 1])

    def values_in(self, place: int) -> dict[Line, float]:
        """What was drawn in the path of that row, by line."""
        return {line: float(column.values[place - 1]) for column in self.columns for line in column.lines}

    def written(self) -> Sheet:
        """The sheet without its head."""
        sheet = Sheet(NAME_OF_SHEET, "inputs", freeze=(FIRST_ROW, 1), scale=PRINT_SCALE)
        widest = self.drawn_at + len(self.columns)
        sheet.widths = {**WIDTHS, **dict.fromkeys(range(FIGURES_AT, widest), COLUMN_WIDTH)}
        self._chooser(sheet)
        self._heads(sheet)
        for place, (label, number, why) in enumerate(self.paths, start=1):
            self._path(sheet, place, label, number, why)
        sheet.printed = (0, 0, min(self.last, BASE_ROW + PRINTED_PATHS), widest - 1)
        return sheet

    def _chooser(self, sheet: Sheet) -> None:
        for column, text in enumerate(("Control", "Unit", "What it is", "Value")):
            sheet.write(FIRST_ROW, column, text, COLUMN_RIGHT if column == FIGURES_AT else COLUMN)
        labels = f"$A${BASE_ROW + 1}:$A${self.last + 1}"
        place = f"=IFERROR(MATCH($D${CHOOSER_ROW + 1},{labels},0)-1,0)"
        number = f"=INDEX($B${BASE_ROW + 1}:$B${self.last + 1},$D${PLACE_ROW + 1}+1)"
        rows: tuple[tuple[int, str, str, str, Live | str], ...] = (
            (CHOOSER_ROW, "Path in use", "choice", "Input: choose one from the list, or type its name.", BASE_CASE),
            (
                PLACE_ROW,
                "Its row in the table of paths",
                "number",
                "0: none, the base case or a scenario is shown.",
                Live(place, lambda values: float(choice_of(values).path)),
            ),
            (
                NUMBER_ROW,
                "Its number in the simulation",
                "number",
                "Counted from 1, as in sibmodel explain --path; 0: none.",
                Live(number, lambda values: float(self.number(choice_of(values).path))),
            ),
        )
        for row, name, unit, note, content in rows:
            sheet.write(row, 0, name, NAME)
            sheet.write(row, 1, unit, UNIT)
            sheet.write(row, 2, note, NOTE)
            blue = row == CHOOSER_ROW
            look = (
                Look(ink=INPUT_INK, fill=INPUT_FILL, right=True, bold=True) if blue else Look(number=WHOLE, right=True)
            )
            sheet.write(row, FIGURES_AT, content, look)
        sheet.lists[CHOOSER_ROW, FIGURES_AT] = labels

    def number(self, place: int) -> int:
        """The number of a path in the simulation by its row; 0 for none."""
        return self.paths[place - 1][1] if place else 0

    def _heads(self, sheet: Sheet) -> None:
        sheet.write(TITLE_ROW, 0, "Paths of the simulation: their figures, and what was drawn in them", BLOCK_TITLE)
        heads = ["Path", "Number", "Which it is", *(one.name for one in self.figures)]
        heads += [column.heading for column in self.columns]
        for column, text in enumerate(heads):
            right = column >= FIGURES_AT or column == NUMBER_AT
            sheet.write(HEADER_ROW, column, text, COLUMN_RIGHT if right else COLUMN)
        sheet.write(UNIT_ROW, 0, "Unit", NAME)
        sheet.write(USED_ROW, 0, "In use now", NAME)
        sheet.write(USED_ROW, RANK_AT, "None: the base case or a scenario is shown.", NOTE)
        for number, one in enumerate(self.figures):
            sheet.write(UNIT_ROW, FIGURES_AT + number, one.unit, Look(right=True, size=9))
        for one_drawn, at in self._at.items():
            unit = one_drawn.lines[0].unit
            sheet.write(UNIT_ROW, at, unit, Look(right=True, size=9))
            area = f"{column_name(at)}{BASE_ROW + 1}:{column_name(at)}{self.last + 1}"
            text = f'=IF($D${PLACE_ROW + 1}=0,"none",INDEX({area},$D${PLACE_ROW + 1}+1))'
            sheet.write(
                USED_ROW, at, Live(text, _used(one_drawn)), Look(number=number_format(unit), right=True, bold=True)
            )
        sheet.write(BASE_ROW, 0, BASE_CASE, NAME)
        sheet.write(BASE_ROW, NUMBER_AT, 0.0, Look(number=WHOLE, right=True))
        sheet.write(BASE_ROW, RANK_AT, "no path", Look(size=9, indent=1))

    def _path(self, sheet: Sheet, place: int, label: str, number: int, why: str) -> None:
        row = BASE_ROW + place
        sheet.write(row, LABEL_AT, label, Look())
        sheet.write(row, NUMBER_AT, float(number), Look(number=WHOLE, right=True))
        sheet.write(row, RANK_AT, why, Look(size=9, indent=1))
        for at, one in enumerate(self.figures):
            sheet.write(row, FIGURES_AT + at, self.stored_value(one, place), Look(number=KINDS[one.kind], right=True))
        for column in self.columns:
            look = Look(number=_format(column.lines[0].unit), right=True)
            sheet.write(row, self._at[column], float(column.values[place - 1]), look)


def _used(column: Column) -> Callable[[Values], Value]:
    def read(values: Values) -> Value:
        place = choice_of(values).path
        return plain(float(column.values[place - 1])) if place else "none"

    return read


def _format(unit: str) -> str:
    """The number format of what was drawn, which is not whole where a term is."""
    return TIMES if unit == "months" else number_format(unit)


def _paths(run: Run, asked: Sequence[int]) -> list[tuple[str, int, str]]:
    """Each path's label, its number, and why it is there: the ranks, those asked for, and the first ones."""
    simulation = run.simulation
    ranked = paths_by_rank(simulation)
    paths = [(RANKS[rank][0], number, f"{RANKS[rank][1]}; path {number}") for rank, number in ranked.items()]
    first = range(1, min(FIRST_PATHS, simulation.paths) + 1)
    paths += [(f"Path {number}", number, "asked for") for number in dict.fromkeys(asked) if number not in first]
    return paths + [(f"Path {number}", number, "asked for" if number in asked else "") for number in first]


def _columns(found: dict[Line, Floats]) -> list[Column]:
    """The drawn lines, those with the same numbers in every path in one column."""
    together: dict[bytes, list[Line]] = {}
    for line, values in found.items():
        together.setdefault(values.tobytes(), []).append(line)
    return [Column(tuple(lines), found[lines[0]]) for lines in together.values()]
