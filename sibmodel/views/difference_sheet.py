"""What differs between two deals as pages: what each change did to every headline figure, and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sibmodel.analysis.asking import Kind as Asked
from sibmodel.analysis.differences import Change, Difference, Step
from sibmodel.simulation import NONE, Estimate
from sibmodel.views.common import Block, Cell, Chart, Constant, Pictures, Series, Table, View, Words
from sibmodel.views.differences import (
    NONE_SIMULATED,
    after_of,
    any_simulated_moves,
    before_of,
    crumb,
    kind_of,
    meaning,
    named,
    signed,
    simulated,
)
from sibmodel.views.kinds import UNITS, fine, shown, titled
from sibmodel.views.sentences import scale
from sibmodel.words import number

NAME, TERMS = "Difference", "What changed"
STEPS_IN_A_TABLE = 4
"""So that a table fits on a page; more steps take more tables."""
CHANGES_TOLD = 5
"""Changes that are told in words on the first page; the second has them all."""
DRAWN = (("mean npv", "npv"), ("mean payments", "payments"))
"""The figures of which there is a chart: of each pair the first that moves, over all paths or in the base case."""
FEWEST_DRAWN = 2
"""Steps: one alone is no picture."""
CHANGE = "Change"


def difference(found: Difference) -> list[View]:
    """The views of a difference; the second, of the terms, where anything changed."""
    first, second = found.names
    steps = found.steps[1:]
    blocks: list[Block] = [Words(_sentences(found))]
    drawn = [(name, _steps_of(found, name)) for name in _drawn(found)] if len(steps) >= FEWEST_DRAWN else []
    if drawn:
        blocks.append(Pictures(tuple(_chart(found, name, table) for name, table in drawn)))
    if steps:
        blocks += [_ends_in_the_base_case(found), _ends(found)]
    if len(steps) > 1:
        blocks += [*_matrices(found, over_paths=True), *_matrices(found, over_paths=False)]
    blocks += [table for _, table in drawn]
    pages = [View(NAME, f"What each change from {first} to {second} did to every headline figure.", tuple(blocks))]
    if found.changes:
        pages.append(View(TERMS, f"Every place at which {second} differs from {first}.", (_changes(found),)))
    return pages


# Words ------------------------------------------------------------------------------------------------------------
def _sentences(found: Difference) -> tuple[str, ...]:
    first, second = found.names
    if not found.changes:
        return (f"{first} and {second} are the same deal.",)
    count = len(found.changes)
    said = [f"{second} differs from {first} in {number(count)} place{'' if count == 1 else 's'}."]
    if len(found.steps) == 1:
        return (*said, "No figure hangs on what changed.")
    terms = [one for one in found.changes if not one.in_words]
    said += [f"{meaning(one) or one.path} ({one.path}): {_from_to(one)}." for one in terms[:CHANGES_TOLD]]
    if len(terms) > CHANGES_TOLD:
        said.append(f"{number(len(terms) - CHANGES_TOLD)} more changes are on the page {TERMS}.")
    for name in _drawn(found):
        kind, ends = kind_of(name), [step.figures[name].value for step in (found.steps[0], found.steps[-1])]
        base = "" if simulated(name) else " in the base case"
        ends_in_words = f"from {shown(ends[0], kind)} to {shown(ends[1], kind)}"
        said.append(f"{titled(name)}{base}: {ends_in_words}, {signed(found.moved[name], kind)}.")
    if not any_simulated_moves(found):
        said.append(NONE_SIMULATED)
    return (
        *said,
        f"Simulated figures are over the same {number(found.paths)} paths at every step, seed {found.seed}. ± and "
        "every column of errors: Monte Carlo standard error; of a change it is that of a difference on the same luck.",
        "Each change is made after those before it: another order would share out the same whole otherwise.",
    )


def _from_to(one: Change) -> str:
    return f"{before_of(one)} → {after_of(one)}"


def _drawn(found: Difference) -> list[str]:
    """The figures that are drawn and told in words: nothing of a pair that does not move."""
    moved = [[name for name in pair if _moves(found, name)] for pair in DRAWN]
    return [names[0] for names in moved if names]


def _moves(found: Difference, name: str) -> bool:
    steps = [step.moved[name].value for step in found.steps[1:] if name in step.moved]
    return name in found.moved and any(abs(by) > crumb(kind_of(name)) for by in steps)


# Tables -----------------------------------------------------------------------------------------------------------
def _changes(found: Difference) -> Table:
    """What changed in the terms, with the step in which it is made."""
    step_of = {change.path: place for place, step in enumerate(found.steps) for change in step.changes}
    rows = tuple(
        (
            one.path,
            "words alone" if one.in_words else f"step {step_of[one.path]}",
            before_of(one),
            after_of(one),
            meaning(one),
        )
        for one in found.changes
    )
    note = "Places are written as in the deal file and for --set. Words alone, such as a source, move no figure."
    return Table("What changed in the terms", ("Place in the deal", "Made in", "From", "To", "What it is"), rows, note)


def _ends_in_the_base_case(found: Difference) -> Table:
    """Every headline figure of the base case, of the first deal and of the last."""
    first, second = found.names
    rows = tuple((_label(name), *(one for one, _ in _three(found, name))) for name in _names(found, over_paths=False))
    note = f"First: {first}. Last: {second}. A change of a percentage is in percentage points. n/a: no such figure."
    return Table("The base case, from first to last", ("Headline figure", "First", "Last", CHANGE), rows, note)


def _ends(found: Difference) -> Table:
    """Every headline figure over the paths, of the first deal and of the last."""
    rows = tuple(
        (_label(name), *(cell for pair in _three(found, name) for cell in pair))
        for name in _names(found, over_paths=True)
    )
    header = ("Headline figure", "First", "Error of first", "Last", "Error of last", CHANGE, "Error of change")
    return Table(f"Over {number(found.paths)} paths, from first to last", header, rows)


def _three(found: Difference, name: str) -> list[tuple[Cell, Cell]]:
    """A figure first, last, and its change, each with its error."""
    ends = [step.figures.get(name, NONE) for step in (found.steps[0], found.steps[-1])]
    return [_pair(one, kind_of(name)) for one in (*ends, found.moved.get(name, NONE))]


def _matrices(found: Difference, over_paths: bool) -> Iterator[Table]:
    """What each step did to every headline figure, in order, from the figure before to the figure after."""
    steps = found.steps
    for start in range(1, len(steps), STEPS_IN_A_TABLE):
        some = steps[start : start + STEPS_IN_A_TABLE]
        end = start + len(some) - 1
        middle = []
        for place, step in enumerate(some, start=start):
            middle += [f"Step {place}: {_short(step)}", *([f"Error of step {place}"] if over_paths else [])]
        header = (
            "Headline figure",
            "First" if start == 1 else f"After step {start - 1}",
            *middle,
            "Last" if end == len(steps) - 1 else f"After step {end}",
        )
        rows = []
        for name in _names(found, over_paths):
            kind = kind_of(name)
            ends = [_pair(step.figures.get(name, NONE), kind)[0] for step in (steps[start - 1], some[-1])]
            pairs = [_pair(step.moved.get(name, NONE), kind) for step in some]
            cells = [cell for pair in pairs for cell in (pair if over_paths else pair[:1])]
            rows.append((_label(name), ends[0], *cells, ends[1]))
        which = f"step {start}" if start == end else f"steps {start} to {end}"
        of = f"Over {number(found.paths)} paths" if over_paths else "In the base case"
        yield Table(f"{of}, what each step did: {which}", header, tuple(rows))


def _short(step: Step) -> str:
    """A step's first place in two words at most, for the narrow head of a column."""
    place = step.changes[0].place
    words = [one.replace("_", " ") for one in place if isinstance(one, str) and one not in PLACES_OF_ALL]
    first = ", ".join(words[-2:]) or step.changes[0].path
    return f"{first} and {len(step.changes) - 1} more" if len(step.changes) > 1 else first


PLACES_OF_ALL = ("assumptions", "by_cohort", "by_segment", "base")
"""Steps of a place that say nothing of what changed."""


def _names(found: Difference, over_paths: bool) -> Sequence[str]:
    every = dict.fromkeys(name for step in (found.steps[0], found.steps[-1]) for name in step.figures)
    return [name for name in every if simulated(name) == over_paths]


def _label(name: str) -> str:
    """A headline figure with its unit."""
    return f"{titled(name)}, {UNITS[kind_of(name)]}"


def _pair(one: Estimate, kind: Asked) -> tuple[Cell, Cell]:
    value = 0.0 if abs(one.value) < crumb(kind) / 100 else one.value
    return Constant(value, fine(kind)), Constant(one.error, fine(kind))


# Charts -----------------------------------------------------------------------------------------------------------
def _steps_of(found: Difference, name: str) -> Table:
    """What each step did to one figure, the table of its chart."""
    kind = kind_of(name)
    rows = tuple(
        (
            f"{place}: {named(step)}",
            *_pair(step.moved.get(name, NONE), kind),
            _pair(step.figures.get(name, NONE), kind)[0],
        )
        for place, step in enumerate(found.steps[1:], start=1)
    )
    header = ("Step", CHANGE, "Error of change", "Figure after the step")
    start = shown(found.steps[0].figures[name].value, kind)
    return Table(f"{titled(name)}, £, step by step", header, rows, f"Before the first step: {start}.")


def _chart(found: Difference, name: str, table: Table) -> Chart:
    steps = found.steps[1:]
    by = [step.moved.get(name, NONE) for step in steps]
    most = max(range(len(steps)), key=lambda place: abs(by[place].value) if by[place] is not NONE else -1.0)
    unit, kind = scale(abs(by[most].value))
    ends = [shown(step.figures.get(name, NONE).value, "money") for step in (found.steps[0], found.steps[-1])]
    title = f"{titled(name)}: from {ends[0]} to {ends[1]}"
    return Chart(
        title,
        table,
        (Series(CHANGE, "investors"),),
        "bar",
        "Step",
        f"Change of {titled(name)}, {unit}",
        kind,
        f"Bars of what each step adds to {titled(name)}, to the right, or takes from it, to the left. {title}; the "
        f"largest is step {most + 1}, {signed(by[most], 'money')}. The figures are in the table {table.title}.",
    )
