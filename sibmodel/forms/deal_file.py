"""The text of the deal inside a workbook of the model: a sheet with a line of the file in each row."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sibmodel.deal import Deal
from sibmodel.errors import DealError, Problem
from sibmodel.files import read_terms, write_yaml
from sibmodel.forms.cells import RefusedCell, typed
from sibmodel.forms.opening import OpenedWorkbook

SHEET = "Deal file"
PURPOSE = "The deal as a YAML file: what sibmodel reads back from this workbook, with the changes on the sheet Inputs."
HEADING = "The deal, line by line"
"""Above the first line."""
LONGEST = 30_000
"""Characters in one cell; a longer line goes on in the next column."""


def lines_of(deal: Deal) -> Iterator[list[str]]:
    """The lines of the deal's file, each in pieces that fit into cells."""
    for line in write_yaml(deal).splitlines():
        yield [line[start : start + LONGEST] for start in range(0, max(len(line), 1), LONGEST)]


def deal_in(book: OpenedWorkbook) -> Deal:
    """The deal as its file inside the workbook has it. Raises DealError with every fault and its cell."""
    lines, first, problems = [], 0, []
    for number, row in enumerate(book.rows(SHEET), 1):
        if first:
            try:
                lines.append("".join(str(typed(cell) or "") for cell in row))
            except RefusedCell as refused:
                problems.append(Problem(f"{SHEET}!A{number}", "", *refused.refusal))
        elif row[0].value == HEADING:
            first = number + 1
    if not first:
        problems.append(Problem(f"the sheet {SHEET}", "", f'has no heading "{HEADING}".', "Export the workbook again."))
    if problems:
        raise DealError(book.name, problems)
    try:
        return read_terms("\n".join(lines) + "\n", Deal, book.name)
    except DealError as error:
        raise DealError(book.name, [_in_a_cell(problem, first) for problem in error.problems]) from None


def _in_a_cell(problem: Problem, first: int) -> Problem:
    found = re.fullmatch(r"line ([0-9]+)", problem.place)
    place = f"{SHEET}!A{int(found[1]) + first - 1}" if found else problem.place
    return Problem(place, problem.path, problem.message, problem.fix)
