"""A row of a form: one field, or the fields of one name that several kinds have, and what its members have there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic.fields import FieldInfo

from sibmodel.quantities import QUANTITIES, Quantity
from sibmodel.reading import quantity_name, quantity_of
from sibmodel.terms import choices_of, plain

Form = Literal["number", "month", "choice", "yes or no", "text", "list", "group", "belief"]
"""What a cell of a field holds."""
Values = Mapping[int, Any]
"""By member, counted from 0, what a file would hold."""
MOST_SENTENCES = 2
"""Of kinds that have a field of one name and mean different things by it."""


@dataclass(frozen=True)
class Scope:
    """When a field counts: for which kinds, where there are others, and within which part that may be left out."""

    kinds: tuple[str, ...] = ()
    chosen_at: str = ""
    """The path of the field that says the kind."""
    within: str = ""
    """The path of the part; empty where no part around the field may be left out."""


@dataclass(frozen=True)
class Row:
    """A field of a part, and what its members have there. Paths begin at the part."""

    path: str
    sentence: str
    form: Form
    quantity: Quantity | None
    choices: tuple[str, ...]
    required: bool
    default: Any
    scope: Scope
    values: Values


def row_of(
    path: str,
    fields: Sequence[FieldInfo],
    form: Form,
    values: Values,
    scope: Scope,
    choices: tuple[str, ...] = (),
) -> Row:
    """The row of fields that hold the same shape of thing. Without `choices`, they are the fields' own."""
    field = fields[0]
    sentences = list(dict.fromkeys(one.description for one in fields if one.description))
    return Row(
        path=path,
        sentence="; or: ".join(sentences[:MOST_SENTENCES]) or "Which kind it is",
        form=form,
        quantity=_common_quantity(fields),
        choices=choices or _all_choices(fields, form),
        required=all(one.is_required() for one in fields),
        default=None if field.is_required() else plain(field.get_default(call_default_factory=True)),
        scope=scope,
        values=values,
    )


def _common_quantity(fields: Sequence[FieldInfo]) -> Quantity | None:
    """The kind of number that all these fields hold, in the widest of their ranges; None where there is none."""
    quantities = [quantity_of(field) for field in fields]
    if len({quantity_name(field) for field in fields}) > 1 or quantities[0] is None:
        return None
    lowest = [one.minimum for one in quantities if one]
    highest = [one.maximum for one in quantities if one]
    units = {one.unit for one in quantities if one}
    return replace(
        quantities[0],
        unit=units.pop() if len(units) == 1 else QUANTITIES[quantity_name(fields[0])].unit,
        minimum=None if None in lowest else min(one for one in lowest if one is not None),
        maximum=None if None in highest else max(one for one in highest if one is not None),
    )


def _all_choices(fields: Sequence[FieldInfo], form: Form) -> tuple[str, ...]:
    if form != "choice":
        return ()
    return tuple(dict.fromkeys(choice for field in fields for choice in choices_of(field.annotation)))
