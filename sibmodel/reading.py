"""How the value of a field becomes its kind of number, whether the field holds one, many or a belief."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Protocol, Union, get_args, get_origin, runtime_checkable

from pydantic import GetCoreSchemaHandler, ValidationError, ValidationInfo
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema

from sibmodel.quantities import NUMBER, Quantity, fault

Reader = Callable[[Any, ValidationInfo], Any]
Place = tuple[str | int, ...]

SAME = "same"
"""Quantity of a distribution's parameters: that of the field in which the distribution stands."""
SPREAD = "spread"
"""Quantity of a standard deviation: in the unit of that field, from 0 to the width of its range."""


@runtime_checkable
class ReadsQuantity(Protocol):
    """A type that is more than a number but stands where one is expected, such as a belief."""

    @classmethod
    def read_quantity(cls, value: Any, quantity: Quantity) -> Any:
        """The value, read as this kind of number."""


@dataclass(frozen=True)
class ReadsAs:
    """Marks a field as a kind of number, and makes pydantic read it as people write it."""

    name: str
    """The name of the kind, that of its field helper."""
    quantity: Quantity | None
    """None for a part of a distribution: then it is that of the field around."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        read = _reader(source, self)
        may_be_none = type(None) in get_args(source)

        def read_or_refuse_nothing(value: Any, info: ValidationInfo) -> Any:
            if value is not None:
                return read(value, info)
            if may_be_none:
                return None
            kind = self.quantity_in(info)
            raise fault("is empty.", f"Write {kind.noun} like {kind.example}.")

        return core_schema.with_info_before_validator_function(read_or_refuse_nothing, handler(source))

    def quantity_in(self, info: ValidationInfo) -> Quantity:
        """The kind of number here, in the field around where it is a part of a distribution."""
        kind = self.quantity or quantity_around(info)
        return kind.spread() if self.name == SPREAD else kind


def quantity_name(field: FieldInfo) -> str:
    """The name of the kind of number that a field holds; empty for other fields."""
    return next((mark.name for mark in field.metadata if isinstance(mark, ReadsAs)), "")


def quantity_of(field: FieldInfo) -> Quantity | None:
    """The kind of number that a field holds, with the field's own unit and range; None for other fields."""
    return next((mark.quantity for mark in field.metadata if isinstance(mark, ReadsAs)), None)


def quantity_around(info: ValidationInfo) -> Quantity:
    """The kind of number of the field in which a belief or its distribution stands."""
    kind = (info.context or {}).get("quantity")
    return kind if isinstance(kind, Quantity) else NUMBER


def bare(annotation: Any) -> Any:
    """A type without `Annotated` and without `| None`."""
    if get_origin(annotation) is Annotated:
        return bare(get_args(annotation)[0])
    members = members_of(annotation)
    return bare(members[0]) if len(members) == 1 else annotation


def members_of(annotation: Any) -> list[Any]:
    """The members of a union other than None; nothing for a type that is no union."""
    if get_origin(annotation) not in (Union, UnionType):
        return []
    return [member for member in get_args(annotation) if member is not type(None)]


def item_of(annotation: Any) -> Any:
    """The type of what a list, tuple or mapping holds; None for other types."""
    if get_origin(annotation) not in (list, tuple, dict):
        return None
    return [argument for argument in get_args(annotation) if argument is not ...][-1]


def _reader(annotation: Any, mark: ReadsAs) -> Reader:
    annotation = bare(annotation)
    item = item_of(annotation)
    if item is not None:
        return _reader_of_each(_reader(item, mark))
    if isinstance(annotation, type) and issubclass(annotation, ReadsQuantity):
        return lambda value, info: annotation.read_quantity(value, mark.quantity_in(info))
    return lambda value, info: mark.quantity_in(info).read(value)


def _reader_of_each(read: Reader) -> Reader:
    def read_each(values: Any, info: ValidationInfo) -> Any:
        if not isinstance(values, list | tuple | dict):
            return values  # pydantic says that it is not a list
        results, errors = {}, []
        for place, value in values.items() if isinstance(values, dict) else enumerate(values):
            try:
                results[place] = read(value, info)
            except PydanticCustomError as error:
                errors.append(InitErrorDetails(type=error, loc=(place,), input=value))
            except ValidationError as error:
                errors.extend(_moved(error, (place,)))
        if errors:
            raise ValidationError.from_exception_data("terms", errors)
        return results if isinstance(values, dict) else list(results.values())

    return read_each


def _moved(error: ValidationError, place: Place) -> list[InitErrorDetails]:
    """The faults of `error` as faults of what stands at `place`."""
    moved = []
    for found in error.errors(include_url=False):
        context = {"message": found["msg"], **found.get("ctx", {})}
        kind = PydanticCustomError(found["type"], "{message}", context)
        moved.append(InitErrorDetails(type=kind, loc=(*place, *found["loc"]), input=found["input"]))
    return moved


def path_text(place: Place) -> str:
    """A place as one writes it: `payments[0].price`, `effect.by_cohort[Cohort 1].base`."""
    path = ""
    for step in place:
        if isinstance(step, str) and re.fullmatch(r"[^\W\d]\w*", step):
            path += f".{step}"
        elif isinstance(step, str) and re.search(r"[\[\]\"]|^[0-9]*$", step):
            path += f"[{json.dumps(step, ensure_ascii=False)}]"
        else:
            path += f"[{step}]"
    return path.removeprefix(".")


def fault_at(place: Place, message: str, fix: str = "") -> ValidationError:
    """A fault of a field further in, to raise from a validator that compares several fields."""
    # The number of its steps tells them from those that pydantic puts before them, which hold union tags.
    context = {"message": message, "fix": fix, "steps": len(place)}
    kind = PydanticCustomError("sibmodel", "{message} {fix}", context)
    details = InitErrorDetails(type=kind, loc=place, input=None)
    return ValidationError.from_exception_data("terms", [details])
