"""Faults of terms in the words and places of the person who wrote them."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from itertools import takewhile
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from sibmodel.errors import DealError, Problem
from sibmodel.quantities import shown
from sibmodel.reading import Place, bare, item_of, members_of, path_text, quantity_of
from sibmodel.terms import Terms, choices_of, keys, kind_of

THOUSANDS = "[0-9]{3}"
"""What stands after a comma in a number."""
T = TypeVar("T", bound=Terms)
Words = tuple[str, str]
"""A message and its fix."""
Locate = Callable[[Place], tuple[int, str]]
"""From a place in the terms to its order in the file and what a reader calls it: `(14, "line 14")`."""


def nowhere(_place: Place) -> tuple[int, str]:
    """The location of terms that come from no file."""
    return 0, ""


def terms_from(data: Any, model: type[T], source: str, locate: Locate = nowhere) -> T:
    """The terms that plain `data` holds. Raises DealError with every fault, in the order of the file."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = located_problems(error, model, locate, data)
        raise DealError(source, [problem for _, problem in sorted(problems, key=lambda found: found[0])]) from None


def located_problems(
    error: ValidationError, model: type[Terms], locate: Locate, data: Any
) -> list[tuple[int, Problem]]:
    """The faults of `error` in `data`, each with its order in the file."""
    found = [_Fault(details, model, data) for details in error.errors(include_url=False)]
    # A misspelt name is one fault, not two: it is not told again as a missing field.
    misspelt = {(*fault.place[:-1], fault.near_miss) for fault in found if fault.details["type"] == "extra_forbidden"}
    problems = []
    for fault in found:
        missing = fault.details["type"] == "missing"
        if missing and fault.place in misspelt:
            continue
        order, place = locate(fault.place)
        problems.append((order, Problem(place, path_text(fault.place), *fault.words())))
    return problems


def near_miss(written: str, names: list[str]) -> str:
    """The one of `names` that was probably meant; empty when none is near."""
    lower = {name.lower(): name for name in names}
    near = get_close_matches(written.lower(), lower, n=1, cutoff=0.6)
    return lower[near[0]] if near else ""


def did_you_mean(written: str, names: list[str], otherwise: str) -> str:
    """`Did you mean "threshold"?`, or the sentence `otherwise` with all names."""
    near = near_miss(written, names)
    return f'Did you mean "{near}"?' if near else f"{otherwise}: {', '.join(names)}."


class _Fault:
    """One fault as pydantic reports it, with the field it is about."""

    def __init__(self, details: ErrorDetails, model: type[Terms], data: Any) -> None:
        self.details = details
        self.data = data
        self.owner: type[Terms] | None = None
        """The terms in which the fault's last name stands."""
        self.field: FieldInfo | None = None
        self.place: Place = ()
        self.annotation: Any = model
        own_steps = details.get("ctx", {}).get("steps", 0)
        for left, step in zip(range(len(details["loc"]), 0, -1), details["loc"], strict=True):
            self._go_to(step, may_be_tag=left > own_steps)
        if details["type"].startswith("union_tag"):
            self.place = (*self.place, "kind")

    def _go_to(self, step: str | int, *, may_be_tag: bool) -> None:
        annotation = bare(self.annotation)
        members = members_of(annotation)
        if members and may_be_tag:  # the step is the kind that was chosen: no part of the path
            self.annotation = next((member for member in members if _kind(member) == step), None)
            return
        if step == "[key]":
            return
        if isinstance(annotation, type) and issubclass(annotation, Terms):
            self.owner = annotation
            name = keys(annotation).get(str(step))
            self.field = annotation.model_fields[name] if name else None
            self.annotation = self.field.annotation if self.field else None
        else:
            self.annotation = item_of(annotation)
        self.place = (*self.place, step)

    @property
    def near_miss(self) -> str:
        return near_miss(str(self.place[-1]), list(keys(self.owner))) if self.owner else ""

    def words(self) -> Words:
        """The message and the fix."""
        kind, value = self.details["type"], self.details["input"]
        context = self.details.get("ctx", {})
        if kind == "sibmodel":
            return str(context["message"]), str(context["fix"])
        if kind in ("value_error", "assertion_error"):
            return str(context["error"]), ""
        if kind == "missing":
            return "is missing.", self._how_to_add()
        if kind == "extra_forbidden":
            return self._unknown_field()
        if kind.startswith("union_tag"):
            return self._unknown_kind(value)
        if value is None:
            return "is empty.", self._how_to_add()
        if kind == "literal_error":
            return _not_one_of(value, list(choices_of(self.annotation)))
        return self._wrong_type(kind, value, context)

    def _how_to_add(self) -> str:
        if self.field is None:
            return ""
        sentence = self.field.description or ""
        quantity = quantity_of(self.field)
        choices = choices_of(self.annotation)
        what = f"{sentence} ({quantity.unit})" if quantity and sentence else sentence
        if choices:
            what = f"{sentence}; one of: {', '.join(choices)}".removeprefix("; ")
        return f"Add it: {what}." if what else "Add it."

    def _unknown_field(self) -> Words:
        if self.owner is None:
            return "is not a field.", "Leave it out."
        names = [name for name in self.place[:-1] if isinstance(name, str)]
        around = kind_of(self.owner) or self.owner.called or (names[-1] if names else "")
        message = f'is not a field of "{around}".' if around else "is not a field of this file."
        fields = list(keys(self.owner))
        if re.fullmatch(THOUSANDS, str(self.place[-1])):
            return message, f"Inside {{ }} a number may not hold a comma: write {self._split()}, or put it in quotes."
        return message, did_you_mean(str(self.place[-1]), fields, "It may have")

    def _split(self) -> str:
        """The number that a comma split: {cost: £16,000} holds a cost of £16 and a field named 000."""
        around = self.data
        for step in self.place[:-1]:
            around = around[step]
        written = [(str(name), value) for name, value in around.items()]
        first = [name for name, _ in written].index(str(self.place[-1]))
        while first > 0 and re.fullmatch(THOUSANDS, written[first][0]):
            first -= 1
        names = (name for name, _ in written[first + 1 :])
        return f"{written[first][1]}{''.join(takewhile(lambda name: re.fullmatch(THOUSANDS, name), names))}"

    def _unknown_kind(self, value: Any) -> Words:
        kinds = [_kind(member) for member in members_of(bare(self.annotation))]
        written = value.get("kind") if isinstance(value, dict) else None
        if written is None:
            return "is missing.", f"Add it; one of: {', '.join(kinds)}."
        return _not_one_of(written, kinds)

    def _wrong_type(self, kind: str, value: Any, context: dict[str, Any]) -> Words:
        what, sentence = shown(value), self.field.description if self.field else ""
        annotation = bare(self.annotation)
        match kind:
            case "model_type" | "model_attributes_type" | "dict_type" | "mapping_type" | "dataclass_type":
                inside = (
                    list(keys(annotation)) if isinstance(annotation, type) and issubclass(annotation, Terms) else []
                )
                return f"{what} is not a group of fields.", (
                    f"Write below it, indented: {', '.join(inside)}." if inside else "Write `name: value` below it."
                )
            case "list_type" | "tuple_type" | "set_type" | "iterable_type":
                return f"{what} is not a list.", "Begin each item on a line of its own, with a dash."
            case "string_type":
                return f"{what} is not a text.", f"Write: {sentence}." if sentence else "Write a text."
            case "string_unicode":
                return "has a character that no text can hold.", "Type it again."
            case "string_too_short":
                return "is blank.", f"Write: {sentence}." if sentence else "Write a text."
            case "string_too_long":
                return f"has more than {context['max_length']} characters.", "Make it shorter."
            case "bool_type" | "bool_parsing":
                return f"{what} is not true or false.", "Write true or false."
            case "too_short" | "too_long":
                bound = context.get("min_length", context.get("max_length"))
                most = "at least" if kind == "too_short" else "at most"
                return f"has {context['actual_length']} items and needs {most} {bound}.", ""
        if kind.startswith(("int_", "float_", "decimal_", "finite_")):
            return f"{what} is not a number.", f"Write: {sentence}." if sentence else ""
        return f"{what} is not accepted here.", f"Write: {sentence}." if sentence else ""


def _not_one_of(written: Any, names: list[str]) -> Words:
    text = written if isinstance(written, str) else shown(written)
    listed = ", ".join(names)
    near = near_miss(str(text), names)
    return f"{shown(written)} is not one of: {listed}.", f'Did you mean "{near}"?' if near else ""


def _kind(member: Any) -> str:
    member = bare(member)
    return kind_of(member) if isinstance(member, type) and issubclass(member, Terms) else ""
