"""The base of everything that is read from a file, and the field helpers that give each number
its unit, its range and its sentence. Template, schema and reference page are made from these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from sibmodel.month import Month
from sibmodel.quantities import QUANTITIES, fault
from sibmodel.reading import ReadsAs, bare, fault_at
from sibmodel.yaml_text import BEGIN

__all__ = [
    "Month",
    "Terms",
    "choice",
    "count",
    "fault",
    "fault_at",
    "money",
    "month",
    "months",
    "number",
    "part",
    "people",
    "rate_of_return",
    "share",
    "share_of_any_sign",
    "text",
    "yearly_rate",
    "years",
    "yes_no",
]


class Terms(BaseModel):
    """Frozen terms; an unknown key, NaN or infinity is a fault, and numbers may be written as people do."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        str_strip_whitespace=True,
        coerce_numbers_to_str=True,
    )

    called: ClassVar[str] = ""
    """What an error calls these terms, where their `kind` or the field's name would not do."""
    begin: ClassVar[str] = BEGIN
    """The way out of a file of these terms that is empty."""

    def plain(self) -> Any:
        """The terms as a file would hold them: what is empty by default is left out."""
        written = {}
        for key, name in keys(type(self)).items():
            value = getattr(self, name)
            empty = value is None or (isinstance(value, str | tuple | list | dict) and not value)
            if not (empty and value == type(self).model_fields[name].default):
                written[key] = plain(value)
        return written


def keys(model: type[Terms]) -> dict[str, str]:
    """The keys that a file may give for these terms, each with its attribute."""
    return {field.alias or name: name for name, field in model.model_fields.items()}


def plain(value: Any) -> Any:
    """A value as a file would hold it: mappings, lists, texts, numbers, true, false and nothing."""
    if isinstance(value, Terms):
        return value.plain()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return int(value)
    return str(value) if isinstance(value, Month) else value


def kind_of(model: type[Terms]) -> str:
    """The `kind` by which a file chooses these terms among others; empty when there is no choice."""
    field = model.model_fields.get("kind")
    kinds = choices_of(field.annotation) if field else ()
    return kinds[0] if len(kinds) == 1 else ""


def choices_of(annotation: Any) -> tuple[str, ...]:
    """The texts that a `Literal` type allows; nothing for other types."""
    annotation = bare(annotation)
    return tuple(map(str, get_args(annotation))) if get_origin(annotation) is Literal else ()


# ── field helpers ──────────────────────────────────────────────────────────────────────────────


def quantity_field(
    name: str,
    sentence: str,
    default: Any,
    unit: str,
    minimum: float | None,
    maximum: float | None,
    key: str | None = None,
) -> Any:
    """A field whose number is of the kind `name`; the helpers below are how one writes it.

    `key` is its name in a file, where that is not the attribute's.
    """
    kind = QUANTITIES.get(name)
    quantity = kind and replace(kind, unit=unit, minimum=minimum, maximum=maximum)
    extra: dict[str, Any] = {"unit": unit, "minimum": minimum, "maximum": maximum}
    field: FieldInfo = Field(
        default, description=sentence, json_schema_extra=extra, alias=key, validate_default=default is not None
    )
    field.metadata.append(ReadsAs(name, quantity))
    return field


def money(
    sentence: str,
    *,
    default: Any = ...,
    unit: str = "GBP",
    minimum: float | None = 0.0,
    maximum: float | None = None,
) -> Any:
    """An amount of money. A default of None means that there is none (no cap, say)."""
    return quantity_field("money", sentence, default, unit, minimum, maximum)


def share(
    sentence: str,
    *,
    default: Any = ...,
    unit: str = "share",
    minimum: float | None = 0.0,
    maximum: float | None = 1.0,
) -> Any:
    """A share of one: 0.10 or 10%."""
    return quantity_field("share", sentence, default, unit, minimum, maximum)


def share_of_any_sign(
    sentence: str,
    *,
    default: Any = ...,
    unit: str = "share",
    minimum: float | None = -1.0,
    maximum: float | None = 1.0,
) -> Any:
    """A share that may be negative, such as a reduction that turns out to be a rise."""
    return quantity_field("share_of_any_sign", sentence, default, unit, minimum, maximum)


def yearly_rate(
    sentence: str,
    *,
    default: Any = ...,
    unit: str = "share a year",
    minimum: float | None = -1.0,
    maximum: float | None = 1.0,
) -> Any:
    """A rate a year, effective: a discount rate, a coupon, an inflation rate."""
    return quantity_field("yearly_rate", sentence, default, unit, minimum, maximum)


rate_of_return = yearly_rate


def people(
    sentence: str,
    *,
    default: Any = ...,
    unit: str = "people",
    minimum: float | None = 0,
    maximum: float | None = None,
) -> Any:
    """A whole number of people."""
    return quantity_field("people", sentence, default, unit, minimum, maximum)


def count(
    sentence: str,
    *,
    default: Any = ...,
    unit: str = "count",
    minimum: float | None = 0,
    maximum: float | None = None,
) -> Any:
    """A whole number of things."""
    return quantity_field("count", sentence, default, unit, minimum, maximum)


def months(
    sentence: str,
    *,
    default: Any = ...,
    unit: str = "months",
    minimum: float | None = 0,
    maximum: float | None = None,
) -> Any:
    """A whole number of months."""
    return quantity_field("months", sentence, default, unit, minimum, maximum)


def years(
    sentence: str,
    *,
    default: Any = ...,
    unit: str = "years",
    minimum: float | None = 0.0,
    maximum: float | None = None,
) -> Any:
    """A length of time in years, whole or not."""
    return quantity_field("years", sentence, default, unit, minimum, maximum)


def number(
    sentence: str,
    *,
    default: Any = ...,
    unit: str = "number",
    minimum: float | None = None,
    maximum: float | None = None,
) -> Any:
    """Any other number; say its unit (`events a person`)."""
    return quantity_field("number", sentence, default, unit, minimum, maximum)


def text(sentence: str, *, default: Any = ..., longest: int = 1000) -> Any:
    """A text that is not blank."""
    return Field(default, description=sentence, min_length=1, max_length=longest)


def month(sentence: str, *, default: Any = ..., key: str | None = None) -> Any:
    """A `Month`: 2027-04, or any date in it. `key` is its name in a file, where that is not the attribute's."""
    return Field(default, description=sentence, alias=key, validate_default=default is not None)


def choice(sentence: str, *, default: Any = ...) -> Any:
    """One of the texts that the field's `Literal` type lists."""
    return Field(default, description=sentence)


def yes_no(sentence: str, *, default: Any = ...) -> Any:
    """True or false."""
    return Field(default, description=sentence)


def part(sentence: str, *, default: Any = ...) -> Any:
    """Terms inside these terms, or a list or mapping of them."""
    return Field(default, description=sentence)
