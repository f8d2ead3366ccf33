"""A solved price as a page: the answer, how it was reached, what it costs whom, and the figure along the term."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeVar

from sibmodel import __version__
from sibmodel.analysis.price import Change, Constraint, Solution, Term
from sibmodel.analysis.price.response import cells_at, name_of
from sibmodel.deal import Deal
from sibmodel.files import deal_hash
from sibmodel.model import build
from sibmodel.simulation import Estimate
from sibmodel.views.common import Block, Cell, Constant, Kind, Pictures, Table, View, Words
from sibmodel.views.kinds import UNITS, capital, fine, spelt, wanted
from sibmodel.views.price import Called, by_command, changed_before, kind_of, months_of, of_term, sentences
from sibmodel.views.price_pictures import curve, moved
from sibmodel.words import number

T = TypeVar("T")
NAME = "Price"
ERRORS = "± and every column of errors: Monte Carlo standard error, what more paths would make smaller."
SAMPLERS = {"random": "pseudo-random", "latin": "Latin hypercube", "sobol": "scrambled Sobol' sequence"}
HALF_A_POUND = 0.5
"""A solved figure that is nearer to nil is nil."""
BASE_CASE = "In the base case, which has no Monte Carlo error."
NONE = "–"
"""A cell that has nothing to say."""


def price(found: Solution, changes: Sequence[str] = ()) -> View:
    """The view of a solved price, of the deal with `changes` made to it beforehand: `payments[0].cap=£9m`."""
    called = by_name(found)
    response, parties = _response(found, called), _parties(found)
    charts = (*curve(found, called, response), *moved(found, parties))
    blocks: list[Block] = [Words((*sentences(found, called), ERRORS))]
    blocks += [Pictures(charts)] if charts else []
    blocks.append(_answer(found, called))
    blocks += [parties, _parties_in_the_base_case(found)] if found.parties else []
    blocks += [_constraints(found, called)] if found.constraints else []
    blocks += [
        asked(found, called, *changed_before(changes)),
        *([response] if response.rows else []),
    ]
    return View(
        NAME, f"What {called.term} would have to be, for {called.target}, and what that costs whom.", tuple(blocks)
    )


# Names, units and kinds -------------------------------------------------------------------------------------------
def named(deal: Deal, path: str) -> str:
    """A term as the model's inputs call it, in quotation marks; its path where it is no input, or a plain word."""
    if "." not in path:
        return f"“{path.replace('_', ' ')}”"
    cells = cells_at(build(deal), path)
    return f"“{name_of(cells)}”" if cells else path


def by_name(found: Solution) -> Called:
    """As a reader has them who knows no paths."""
    words = by_command(found)
    ties = tuple(named(found.deal, path) for path in found.ties)
    target = wanted(words.target, found.target.sense)
    constraints = tuple(capital(wanted(one.text, one.sense)) for one in found.constraints)
    return Called(named(found.deal, found.term.path), ties, spelt(words.figure), target, constraints)


def heading(deal: Deal, term: Term) -> str:
    """A term as the head of a column: its name and unit."""
    return f"{named(deal, term.path).strip('“”')}, {unit_of(term)}"


def unit_of(term: Term) -> str:
    """The unit in which a term's values are shown."""
    unit = term.quantity.unit.replace("GBP", "£")
    return unit.replace("share", "%", 1) if term.quantity.takes_percent else unit or "number"


def figure_heading(found: Solution, called: Called) -> str:
    """The figure that is asked for as the head of a column: its name and unit."""
    return f"{capital(called.figure)}, {UNITS[found.target.question.kind]}"


def of_a_term(value: float, term: Term) -> Constant:
    """A value of a term, as its cell shows it."""
    kind = kind_of(term)
    if kind == "share":
        return Constant(value, "fine share")
    if kind == "money":
        return Constant(value, "money")
    return Constant(value, "count" if term.whole else "number")


def of_figure(value: float, kind: Kind) -> Constant:
    """A figure that is asked for, as its cell shows it."""
    if kind == "money" and abs(value) < HALF_A_POUND:
        return Constant(0.0, "money")
    return Constant(value, fine(kind))


def if_simulated(found: Solution, cell: T) -> tuple[T, ...]:
    """What is there of a simulated target alone: an error."""
    return (cell,) if found.target.question.simulated else ()


# Tables -----------------------------------------------------------------------------------------------------------
def _answer(found: Solution, called: Called) -> Table:
    """The values that matter: as signed, where the target is reached, or the nearest to it."""
    kind, term = found.target.question.kind, found.term

    jumps, simulated = any(one.jumps for one in found.crossings), found.target.question.simulated

    def row(name: str, value: float, error: float, reached: Estimate, across: float = math.nan) -> tuple[Cell, ...]:
        cells: list[Cell] = [of_a_term(value, term), *if_simulated(found, of_a_term(error, term))]
        cells += [of_figure(reached.value, kind), *if_simulated(found, of_figure(reached.error, kind))]
        cells += [of_figure(across, kind)] if jumps else []
        return (name, *cells)

    rows = [row("As signed", term.value, 0.0, found.now)]
    for one in sorted(found.crossings, key=lambda each: each is not found.answer):
        name = "Answer" if one is found.answer else "Reaches the target too"
        rows.append(row(name, one.value, one.error, one.reached, one.across if one.jumps else math.nan))
    if found.nearest is not None:
        rows.append(row("Nearest, without reaching it", found.nearest.value, 0.0, found.nearest.reached))
    figure = figure_heading(found, called)
    header: tuple[str, ...] = ("Value", heading(found.deal, term), *if_simulated(found, "Error of that"), figure)
    header += if_simulated(found, "Error of the figure")
    note = f"{number(found.paths)} paths, seed {found.seed}." if simulated else BASE_CASE
    if jumps:
        header += ("The figure just across the jump",)
        note += " Where the figure jumps, the value has no Monte Carlo error: n/a." if simulated else ""
    return Table("The answer", header, tuple(rows), note)


def _parties_in_the_base_case(found: Solution) -> Table:
    rows = tuple(
        _amounts(one.party, one.base_before, one.base_after, one.base_after - one.base_before)
        for one in _by_size(found)
    )
    header = ("Party", "As signed", "With the answer", "Change")
    note = f"{months_of(found.deal)}, in £ of the day. Parties whose money does not move are left out."
    return Table("What it costs whom in the base case: money in less money out, £", header, rows, note)


def _parties(found: Solution) -> Table:
    rows = tuple(
        _amounts(
            one.party,
            *(value for each in (one.before, one.after, one.difference) for value in (each.value, each.error)),
        )
        for one in _by_size(found)
    )
    header = (
        *("Party", "Mean as signed", "Error as signed", "Mean with the answer", "Error with the answer"),
        *("Change of the mean", "Error of the change"),
    )
    note = (
        f"{months_of(found.deal)}, in £ of the day. The same paths with and without the answer, so that a change is "
        "surer than the means."
    )
    title = f"What it costs whom over {number(found.paths)} paths: money in less money out, £"
    return Table(title, header, rows, note)


def _by_size(found: Solution) -> list[Change]:
    """The parties, those whose money moves most first."""
    return sorted(found.parties, key=lambda one: -abs(one.difference.value))


def _amounts(party: str, *amounts: float) -> tuple[Cell, ...]:
    return (party, *(of_figure(one, "money") for one in amounts))


def _constraints(found: Solution, called: Called) -> Table:
    header = ("Wanted", "Holds", "Is", "Error of that", f"Nearest {heading(found.deal, found.term)} at which it holds")
    rows = tuple(
        _constraint(text, one, found.term) for text, one in zip(called.constraints, found.constraints, strict=True)
    )
    where = "as signed, for there is no answer" if found.answer is None else "with the answer"
    return Table(
        "What else is wanted", header, rows, f"Each {where}. n/a: it holds already, or no value tried meets it."
    )


def _constraint(text: str, one: Constraint, term: Term) -> tuple[Cell, ...]:
    figures = (of_figure(one.found.value, one.kind), of_figure(one.found.error, one.kind))
    return (text, "yes" if one.met else "no", *figures, of_a_term(one.limit, term))


def asked(found: Solution, called: Called, *more: str) -> Words:
    """What was asked, for whoever wants to ask again."""
    term = found.term
    low, high = found.tried
    ties = [f"In proportion to it moves {' and '.join(called.ties)}."] if called.ties else []
    return Words(
        (
            f"Solved for: {called.term}, in the deal file {term.path}, in {unit_of(term)}. Target: {called.target}.",
            f"Sought from {of_term(low, term)} to {of_term(high, term)}: at {len(found.response)} values first, then "
            "between those where the target is crossed.",
            *ties,
            *more,
            f"{number(found.paths)} paths, {SAMPLERS[found.sampler]}, seed {found.seed}, the same at each value.",
            f"Made with sibmodel {__version__} from the deal with the fingerprint {deal_hash(found.deal)}.",
        ),
        "How it was reached",
    )


def _response(found: Solution, called: Called) -> Table:
    kind = found.target.question.kind
    known = [one for one in found.response if math.isfinite(one.reached.value)]
    rows = tuple(
        (
            of_a_term(one.value, found.term),
            of_figure(one.reached.value, kind),
            *if_simulated(found, of_figure(one.reached.error, kind)),
            of_figure(found.target.goal, kind),
        )
        for one in known
    )
    how = (
        f"Simulated with {number(found.few)} paths, to find where the target is reached"
        if found.target.question.simulated
        else "In the base case"
    )
    left = len(found.response) - len(known)
    missing = f" At {number(left)} more values there is no such figure." if left else ""
    its_error = if_simulated(found, "Error of the figure")
    header = (heading(found.deal, found.term), figure_heading(found, called), *its_error, "Target")
    return Table(f"{capital(called.figure)} at every value tried", header, rows, f"{how}.{missing}")
