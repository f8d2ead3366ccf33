"""The winner's curse as a page: what winning says about a bidder's own estimate of the effect."""

from __future__ import annotations

from sibmodel.analysis.price import Solution, WinnersCurse
from sibmodel.views.common import Block, Cell, Chart, Constant, Pictures, Series, Table, View, Words
from sibmodel.views.price import answer
from sibmodel.views.price_sheet import ERRORS, NONE, by_name, figure_heading, heading, of_a_term, of_figure
from sibmodel.words import number, percent

NAME = "Winner's curse"
PURPOSE = "What a bidder should believe of the effect on winning, for whoever wins is the most hopeful of all."
YOURS, TRUE = "Your estimate", "True effect if you win"


def winners_curse(found: WinnersCurse, solved: Solution | None = None) -> View:
    """The view of the winner's curse; with the price at what whoever wins should believe, where it was solved."""
    table = _curses(found)
    blocks: list[Block] = [Words(_sentences(found, solved)), Pictures((_chart(found, table),)), table]
    if solved is not None:
        blocks.append(_price(found, solved))
    return View(NAME, PURPOSE, tuple(blocks))


def _sentences(found: WinnersCurse, solved: Solution | None) -> tuple[str, ...]:
    last = found.asked
    said = [
        f"Of {last.bidders} bidders the most hopeful overstates the effect by {number(last.overstated * 100, 1)} "
        f"percentage points on average. Whoever wins with an estimate of {percent(found.estimate)} should believe "
        f"{percent(last.given_winning)} ± {percent(last.spread)}.",
        f"Every bidder estimates the same effect with a standard error of {percent(found.error)}; before any estimate "
        f"the deal believes {percent(found.mean)} ± {percent(found.spread)}. Here ± is how sure the belief is.",
    ]
    if solved is not None:
        words = " ".join(answer(solved, by_name(solved))[: 1 if solved.answer else 2])
        said += [f"With the belief of whoever wins: {words}", ERRORS]
    return tuple(said)


def _curses(found: WinnersCurse) -> Table:
    rows = tuple(
        (
            number(one.bidders),
            Constant(one.overstated * 100, "number"),
            Constant(found.estimate, "share"),
            Constant(one.given_winning, "share"),
            Constant(one.spread, "share"),
        )
        for one in sorted(found.curses, key=lambda each: each.bidders)
    )
    note = (
        "By formula, without simulation. The lowest price is taken to come from the highest estimate; bidders' errors "
        "are independent. Spread: standard deviation of the belief. Source: H. A. "
        "David and H. N. Nagaraja, Order Statistics, 3rd edition, section 3.1."
    )
    header = ("Bidders", "The winner overstates by, percentage points", YOURS, TRUE, "Spread of that")
    return Table("What winning says, by number of bidders", header, rows, note)


def _chart(found: WinnersCurse, table: Table) -> Chart:
    last = found.asked
    title = f"Among {last.bidders} bidders, {percent(found.estimate)} should be read as {percent(last.given_winning)}"
    return Chart(
        title,
        table,
        (Series(YOURS, "reference"), Series(TRUE, "investors")),
        "column",
        "Number of bidders",
        "Effect, %",
        "share",
        f"Two columns for each number of bidders: your estimate, and the true effect to believe if you win. {title}. "
        f"The figures are in the table {table.title}.",
    )


def _price(found: WinnersCurse, solved: Solution) -> Table:
    called, kind, term, one = by_name(solved), solved.target.question.kind, solved.term, solved.answer
    header = (
        *("Belief about the effect", "Mean", "Spread", heading(solved.deal, term), "Error of that"),
        *(figure_heading(solved, called), "Error of the figure"),
    )
    cells: tuple[Cell, ...] = (NONE,) * 4
    if one is not None:
        term_cells = (of_a_term(one.value, term), of_a_term(one.error, term))
        cells = (*term_cells, of_figure(one.reached.value, kind), of_figure(one.reached.error, kind))
    belief = (Constant(found.asked.given_winning, "share"), Constant(found.asked.spread, "share"))
    row = (f"Of whoever wins among {found.asked.bidders}", *belief, *cells)
    note = f"For {called.target}. The answer for the deal's own belief is on the page Price. –: there is no answer."
    return Table("The price with the belief of whoever wins", header, (row,), note)
