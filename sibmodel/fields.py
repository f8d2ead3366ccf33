"""What the fields of terms are: the input workbook, the JSON schema and the reference page are made from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sibmodel.reading import ReadsQuantity, bare, item_of, members_of, quantity_name, quantity_of
from sibmodel.terms import Terms, choices_of, keys, kind_of, plain


@dataclass(frozen=True)
class FieldNote:
    """One field as documents show it."""

    path: str
    """Where it stands: `payments[].price`; `[]` is any item of a list or mapping."""
    name: str
    member: str
    """The `kind` of the terms that have it, where there are several kinds; otherwise empty."""
    sentence: str
    quantity: str
    """The name of its field helper (`money`); empty for a field that is no number."""
    unit: str
    minimum: float | None
    maximum: float | None
    required: bool
    default: Any
    """In the form of a file; None where there is none."""
    choices: tuple[str, ...]
    """The texts it may be; empty where any will do."""
    uncertain: bool
    """Whether it may be a distribution."""


def describe(model: type[Terms]) -> Iterator[FieldNote]:
    """Every field of the terms and of the terms inside them, in order, ready for a template or a reference."""
    return _describe(model, "", ())


def _describe(model: type[Terms], path: str, around: tuple[type[Terms], ...]) -> Iterator[FieldNote]:
    for key, name in keys(model).items():
        field = model.model_fields[name]
        here = f"{path}.{key}".lstrip(".")
        quantity = quantity_of(field)
        yield FieldNote(
            path=here,
            name=key,
            member=kind_of(model),
            sentence=field.description or "",
            quantity=quantity_name(field),
            unit=quantity.unit if quantity else "",
            minimum=quantity.minimum if quantity else None,
            maximum=quantity.maximum if quantity else None,
            required=field.is_required(),
            default=None if field.is_required() else plain(field.get_default(call_default_factory=True)),
            choices=choices_of(field.annotation),
            uncertain=_reads_itself(field.annotation),
        )
        if not quantity_name(field):
            yield from _describe_inside(field.annotation, here, (*around, model))


def _describe_inside(annotation: Any, path: str, around: tuple[type, ...]) -> Iterator[FieldNote]:
    annotation = bare(annotation)
    for member in members_of(annotation):
        yield from _describe_inside(member, path, around)
    if item_of(annotation) is not None:
        yield from _describe_inside(item_of(annotation), f"{path}[]", around)
    if isinstance(annotation, type) and issubclass(annotation, Terms) and annotation not in around:
        yield from _describe(annotation, path, around)


def _reads_itself(annotation: Any) -> bool:
    annotation = bare(annotation)
    return isinstance(annotation, type) and issubclass(annotation, ReadsQuantity)
