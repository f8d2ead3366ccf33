"""Every answer as plain data and as a workbook: a run, and what `sibmodel.questions` finds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sibmodel import results, workbook
from sibmodel.analysis.differences import Difference
from sibmodel.analysis.error_rates import ErrorRates
from sibmodel.analysis.incentives import Incentives
from sibmodel.analysis.price import Frontier, Solution, WinnersCurse
from sibmodel.analysis.sensitivity import Sensitivity
from sibmodel.analysis.transfer.contracts import Comparison
from sibmodel.analysis.value_for_money.judging import ValueForMoney
from sibmodel.results import Run
from sibmodel.results.as_data import plain
from sibmodel.results.sensitivity import sensitivity as sensitivity_data
from sibmodel.views import (
    curse_sheet,
    difference_sheet,
    differences,
    error_screen,
    frontier_sheet,
    price_document,
    price_sheet,
)
from sibmodel.views.common import View
from sibmodel.views.error_rates import PURPOSE, blocks
from sibmodel.views.incentives import incentives as incentives_page
from sibmodel.views.incentives_screen import as_data as incentives_data
from sibmodel.workbook.loose import write_views

Paged = Solution | Frontier | WinnersCurse | Incentives | Difference | ErrorRates
"""Answers with pages of their own."""
OfARun = Comparison | ValueForMoney | Sensitivity
"""Answers that are pages among those of a run."""
Answer = Run | Paged | OfARun


def document(answer: Answer) -> dict[str, Any]:
    """A run or an answer as plain data, ready for JSON: numbers, texts, None where a figure is not available. It is
    what the command prints with --json: of a frontier and of a winner's curse, the part with that name.

    Raises TypeError for anything else.
    """
    if isinstance(answer, Run):
        return results.document(answer)
    if isinstance(answer, Comparison):
        return results.comparison_document(answer)
    if isinstance(answer, ValueForMoney):
        return results.value_document(answer)
    if isinstance(answer, Difference):
        return differences.as_data(answer)
    if isinstance(answer, Incentives):
        return incentives_data(answer)
    if isinstance(answer, ErrorRates):
        return error_screen.document(answer.terms, answer)
    if isinstance(answer, Sensitivity):
        found = {"deal": answer.deal.name, **sensitivity_data(answer)}
    elif isinstance(answer, Solution):
        found = price_document.document(answer)
    elif isinstance(answer, Frontier):
        found = price_document.frontier_document(answer)
    elif isinstance(answer, WinnersCurse):
        found = price_document.curse_document(answer)
    else:
        raise TypeError(_none(answer))
    finite: dict[str, Any] = plain(found)
    return finite


def write_workbook(answer: Answer, path: Path | str, replay: Sequence[int] = ()) -> None:
    """Write a run or an answer as an Excel workbook to `path`, at once or not at all.

    A run is written with the model: live formulas, and the paths of the numbers `replay` among those that can be put
    through it. So are a comparison, a value for money and a sensitivity, over as many paths with the same seed, with
    their own pages. Other answers are pages of constants.

    Raises OutputError where the folder cannot be written or the file is open in another program, NotFoundError for a
    path that the simulation has not, and TypeError for anything else.
    """
    if isinstance(answer, Paged):
        title, pages = _pages(answer)
        write_views(pages, title, Path(path))
        return
    workbook.write_workbook(run_of(answer), path, replay)


def run_of(answer: Run | OfARun) -> Run:
    """The run that an answer is pages of, over the same paths."""
    if isinstance(answer, Run):
        return answer
    if isinstance(answer, Comparison):
        return results.of_comparison(answer)
    if isinstance(answer, ValueForMoney):
        return results.of_value(answer)
    if isinstance(answer, Sensitivity):
        return results.of_sensitivity(answer)
    raise TypeError(_none(answer))


def _pages(answer: Paged) -> tuple[str, list[View]]:
    """The deal's name, and the pages."""
    if isinstance(answer, Solution):
        return answer.deal.name, [price_sheet.price(answer)]
    if isinstance(answer, Frontier):
        return answer.points[0].solution.deal.name, [frontier_sheet.frontier(answer)]
    if isinstance(answer, WinnersCurse):
        return answer.deal, [curse_sheet.winners_curse(answer)]
    if isinstance(answer, Incentives):
        return answer.deal, [incentives_page(answer)]
    if isinstance(answer, Difference):
        return answer.names[0], difference_sheet.difference(answer)
    return answer.deal, [View("Error rates", PURPOSE, blocks(answer.terms, answer))]


def _none(answer: object) -> str:
    return (
        f"A {type(answer).__name__} is neither a run nor an answer: give what sibmodel.run, price, frontier, "
        "winners_curse, compare, value, sensitivity, incentives, difference or error_rates has found."
    )
