"""What has been filled in, as a tree that remembers cells; and from it what a deal file would hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sibmodel.deal import Deal
from sibmodel.forms.cells import RefusedCell, value_for
from sibmodel.forms.sheets import FormSheet
from sibmodel.lines import column_name
from sibmodel.reading import Place, bare, item_of, members_of
from sibmodel.terms import Terms, keys, kind_of


@dataclass(frozen=True, order=True)
class CellPlace:
    """A cell: its sheet's position and name, its row and column from 1; of the sheet as a whole, row and column 0."""

    order: int
    row: int
    column: int
    sheet: str

    def __str__(self) -> str:
        return f"{self.sheet}!{column_name(self.column - 1)}{self.row}" if self.row else f"the sheet {self.sheet}"


@dataclass
class Filled:
    """A cell that is filled in, or the part of the deal that several such cells make up."""

    cell: CellPlace
    """Of a part, its first."""
    value: Any = None
    parts: dict[str | int, Filled] = field(default_factory=dict)

    def put(self, steps: Place, value: Any, cell: CellPlace) -> CellPlace | None:
        """Put a value at a place inside this part; the cell that has it already, where there is one."""
        here = self
        for step in steps:
            if here.value is not None:
                return here.cell
            here = here.parts.setdefault(step, Filled(cell))
        if here.value is not None or here.parts:
            return here.cell
        here.value, here.cell = value, cell
        return None


Tell = Callable[[CellPlace, Place, str, str], None]
"""Takes a problem: the cell, the place in the deal, what is wrong, and the way out."""


def as_in_a_file(
    filled: Filled, options: Sequence[Any], place: Place, cells: dict[Place, CellPlace], tell: Tell
) -> Any:
    """What a deal file would hold for a part that may be of these types; `cells` learns where each place stands.

    Of lists, what is left blank does not count: the second payer is the second that is filled in.
    """
    cells[place] = filled.cell
    options = _narrowed(filled, [bare(one) for option in options for one in members_of(bare(option)) or [option]])
    if not filled.parts:
        try:
            return value_for(filled.value, options)
        except RefusedCell as refused:
            tell(filled.cell, place, *refused.refusal)
            return None
    is_mapping = any(_is_mapping(one) for one in options)
    steps = list(filled.parts)
    if all(isinstance(step, int) for step in steps) and not is_mapping:
        ordered = [filled.parts[step] for step in sorted(steps, key=int)]
        inside = [item_of(one) for one in options if item_of(one) is not None]
        return [as_in_a_file(one, inside, (*place, at), cells, tell) for at, one in enumerate(ordered)]
    found = {}
    for step, one in filled.parts.items():
        found[str(step)] = as_in_a_file(one, list(_inside(options, str(step))), (*place, str(step)), cells, tell)
    return found


def _narrowed(filled: Filled, options: list[Any]) -> list[Any]:
    """Of several kinds of terms, the one that was chosen."""
    chosen = filled.parts.get("kind")
    written = str(chosen.value).strip().casefold() if chosen is not None else ""
    of_kind = [one for one in options if _is_terms(one) and kind_of(one).casefold() == written]
    return of_kind if written and of_kind else options


def _inside(options: Sequence[Any], step: str) -> Iterator[Any]:
    """The types that what stands under a name may be of."""
    for one in options:
        if _is_terms(one):
            name = keys(one).get(step)
            if name is not None:
                yield one.model_fields[name].annotation
        elif _is_mapping(one):
            yield item_of(one)


def _is_terms(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Terms)


def _is_mapping(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) is dict


def options_at(sheet: FormSheet, steps: Place) -> list[Any]:
    """The types that what stands at a path inside a sheet's part may be of; none for a path that does not exist."""
    options: list[Any] = [Deal]
    members: Place = (0,) if sheet.member else ()
    for step in (*sheet.steps, *members, *steps):
        options = [bare(one) for option in options for one in members_of(bare(option)) or [option]]
        if isinstance(step, int):
            options = [item_of(one) for one in options if item_of(one) is not None]
        else:
            options = list(_inside(options, step))
    return options
