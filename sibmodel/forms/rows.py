"""From terms to the rows of a form: one for each field, with what it takes, and the values of each member."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from pydantic.fields import FieldInfo

from sibmodel.deal import Deal
from sibmodel.forms.row import Form, Row, Scope, Values, row_of
from sibmodel.forms.sheets import FormSheet, elsewhere, key_step
from sibmodel.month import Month
from sibmodel.reading import bare, item_of, members_of
from sibmodel.terms import Terms, choices_of, keys, kind_of, plain
from sibmodel.uncertain import Belief, ByCohort

LONGEST = 30_000
"""Characters of a list in one cell; a longer one has a row for each item."""
FIRST = ("kind", "name")
"""Fields that stand first: they say what a column is about."""


def rows_of(sheet: FormSheet, deal: Deal | None) -> list[Row]:
    """The rows of a sheet, filled in from a deal or, without one, blank."""
    annotation: Any = Deal
    for step in sheet.steps:
        annotation = bare(_field(bare(annotation), step).annotation)
    values = _values_of(sheet, deal)
    if item_of(annotation) is None:
        return list(_of_terms([annotation], values, "", Scope(), elsewhere(sheet)))
    item = bare(item_of(annotation))
    if item is str:  # a mapping of texts, such as sources: its keys are fields by themselves
        texts = (values.get(0) or {}).items()
        return [Row(key, "", "text", None, (), False, None, Scope(), {0: text}) for key, text in texts]
    return list(_of_terms(_alternatives(item), values, "", Scope()))


def _values_of(sheet: FormSheet, deal: Deal | None) -> Values:
    found: Any = {} if deal is None else plain(deal)
    for step in sheet.steps:
        found = (found or {}).get(step)
    if sheet.member:
        return dict(enumerate(found or []))
    return {} if found is None else {0: found}


def _field(model: type[Terms], key: str) -> FieldInfo:
    return model.model_fields[keys(model)[key]]


def _alternatives(annotation: Any) -> list[Any]:
    """The members of a union, or the one type."""
    annotation = bare(annotation)
    return [bare(one) for one in members_of(annotation)] or [annotation]


def _of_terms(
    models: Sequence[type[Terms]], values: Values, path: str, scope: Scope, without: Iterable[str] = ()
) -> Iterator[Row]:
    """The rows of terms of one kind or another; a field that several kinds have is one row."""
    owners: dict[str, list[type[Terms]]] = {}
    for model in models:
        for key in keys(model):
            owners.setdefault(key, []).append(model)
    kinds = [kind_of(model) for model in models if kind_of(model)]
    names = sorted(owners, key=lambda key: FIRST.index(key) if key in FIRST else len(FIRST))
    for key in names:
        if key in without:
            continue
        inside = {member: value[key] for member, value in values.items() if isinstance(value, dict) and key in value}
        here = f"{path}.{key}".lstrip(".")
        if key == "kind" and len(kinds) == len(models):
            kind = row_of(here, [_field(model, key) for model in models], "choice", inside, scope, choices=tuple(kinds))
            yield replace(kind, required=len(kinds) > 1 or kind.required)
            continue
        for of_kinds, fields in _by_shape(key, owners[key]):
            some = len(of_kinds) < len(kinds)
            narrowed = replace(scope, kinds=of_kinds, chosen_at=f"{path}.kind".lstrip(".")) if some else scope
            own = {member: one for member, one in inside.items() if not some or values[member].get("kind") in of_kinds}
            yield from _of_fields(here, fields, own, narrowed)


def _by_shape(key: str, owners: Sequence[type[Terms]]) -> Iterator[tuple[tuple[str, ...], list[FieldInfo]]]:
    """The fields of one name, together where they hold the same shape of thing, with the kinds that have them."""
    shapes: dict[str, list[type[Terms]]] = {}
    for owner in owners:
        annotation = bare(_field(owner, key).annotation)
        shape = _shape(annotation)
        alike = _form(annotation) if shape == "single" else repr(annotation)
        shapes.setdefault(f"{shape} {alike}", []).append(owner)
    for of_shape in shapes.values():
        yield tuple(kind_of(owner) for owner in of_shape), [_field(owner, key) for owner in of_shape]


def _shape(annotation: Any) -> str:
    annotation = bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Belief):
        return "belief"
    item = item_of(annotation)
    if item is None:
        return "group" if all(_is_terms(one) for one in _alternatives(annotation)) else "single"
    if isinstance(item, type) and issubclass(item, Belief):
        return "mapping"
    if getattr(annotation, "__origin__", None) is dict:
        return "mapping"
    return "groups" if all(_is_terms(one) for one in _alternatives(item)) else "single"


def _is_terms(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Terms)


def _of_fields(path: str, fields: Sequence[FieldInfo], values: Values, scope: Scope) -> Iterator[Row]:
    shape = _shape(fields[0].annotation)
    if shape == "single":
        yield from _single(path, fields, values, scope)
    elif shape == "belief":
        yield from _belief(path, fields, fields[0].annotation, values, scope)
    elif shape == "mapping":
        yield from _mapping(path, fields, values, scope)
    else:
        empty = {member: value for member, value in values.items() if not value}
        if empty:
            yield row_of(path, fields, "group", empty, scope)
        filled = {member: value for member, value in values.items() if member not in empty}
        models = list({id(one): one for field in fields for one in _models_in(field, shape)}.values())
        needed = all(field.is_required() for field in fields)
        if shape == "group":
            yield from _of_terms(models, filled, path, scope if needed else replace(scope, within=path))
            return
        for position in range(max([1, *(len(value) for value in filled.values())])):
            items = {member: value[position] for member, value in filled.items() if position < len(value)}
            item = f"{path}[{position}]"
            first = needed and position == 0
            yield from _of_terms(models, items, item, scope if first else replace(scope, within=item))


def _models_in(field: FieldInfo, shape: str) -> list[type[Terms]]:
    annotation = bare(field.annotation)
    return _alternatives(item_of(annotation) if shape == "groups" else annotation)


def _single(path: str, fields: Sequence[FieldInfo], values: Values, scope: Scope) -> Iterator[Row]:
    long = {member: value for member, value in values.items() if _is_long(value)}
    short = {member: value for member, value in values.items() if member not in long}
    yield row_of(path, fields, _form(fields[0].annotation), short, scope)
    for position in range(max((len(value) for value in long.values()), default=0)):
        items = {member: value[position] for member, value in long.items() if position < len(value)}
        yield row_of(f"{path}[{position}]", fields, _form(item_of(bare(fields[0].annotation))), items, scope)


def _is_long(value: Any) -> bool:
    return isinstance(value, list) and len(json.dumps(value, ensure_ascii=False)) > LONGEST


def _belief(path: str, fields: Sequence[FieldInfo], annotation: Any, values: Values, scope: Scope) -> Iterator[Row]:
    """A belief's row; with a row for each cohort where there are beliefs by cohort."""
    by_cohort = {m: value["by_cohort"] for m, value in values.items() if _is_by_cohort(value)}
    whole = {m: _without_cohorts(value) for m, value in values.items() if _without_cohorts(value) != {}}
    yield from _one_belief(path, fields, whole, scope)
    if by_cohort and issubclass(bare(annotation), ByCohort):
        yield from _items(f"{path}.by_cohort", fields, Belief, by_cohort, scope)


def _is_by_cohort(value: Any) -> bool:
    return isinstance(value, dict) and "by_cohort" in value


def _without_cohorts(value: Any) -> Any:
    return {key: other for key, other in value.items() if key != "by_cohort"} if _is_by_cohort(value) else value


def _one_belief(path: str, fields: Sequence[FieldInfo], values: Values, scope: Scope) -> Iterator[Row]:
    """A belief's row; numbers of a distribution that are too many for a cell have rows of their own."""
    value = values.get(0)
    long = [
        (shape, name, items)
        for shape, numbers in (value if isinstance(value, dict) else {}).items()
        if isinstance(numbers, dict)
        for name, items in numbers.items()
        if _is_long(items)
    ]
    whole = dict(values)
    for shape, name, _ in long:
        kept = {other: items for other, items in whole[0][shape].items() if other != name}
        whole[0] = {**whole[0], shape: kept}
    yield row_of(path, fields, "belief", whole, scope)
    for shape, name, items in long:
        for position, item in enumerate(items):
            form: Form = "group" if isinstance(item, dict) else "number"
            yield row_of(f"{path}.{shape}.{name}[{position}]", fields, form, {0: item}, scope)


def _mapping(path: str, fields: Sequence[FieldInfo], values: Values, scope: Scope) -> Iterator[Row]:
    yield from _items(path, fields, item_of(bare(fields[0].annotation)), values, scope)


def _items(path: str, fields: Sequence[FieldInfo], item: Any, values: Values, scope: Scope) -> Iterator[Row]:
    """A row, or rows, for each key of mappings. Where a key cannot be written in a path, one for the whole mapping."""
    whole = {
        member: value for member, value in values.items() if not value or any(key_step(key) is None for key in value)
    }
    names = list(dict.fromkeys(key for member, value in values.items() if member not in whole for key in value))
    if whole:
        yield row_of(path, fields, "group", whole, scope)
    for name in names:
        inside = {m: value[name] for m, value in values.items() if m not in whole and name in value}
        yield from _item(f"{path}{key_step(name)}", fields, item, inside, scope)
    if not names and not whole:
        yield from _item(f"{path}[]", fields, item, {}, scope)


def _item(path: str, fields: Sequence[FieldInfo], item: Any, values: Values, scope: Scope) -> Iterator[Row]:
    models = _alternatives(item)
    if models[0] is not Belief and all(_is_terms(model) for model in models):
        found = list(_of_terms(models, values, path, replace(scope, within=path)))
        beliefs = any(row.form == "belief" for row in found)  # a measure may have any: show those that it has
        shown = [row for row in found if row.values or not (beliefs and values)]
        yield from shown if not beliefs or values else ()
        empty = {member: value for member, value in values.items() if value == {}}
        if empty:
            yield row_of(path, fields, "group", empty, scope)
    elif models[0] is Belief:
        yield from _one_belief(path, fields, values, scope)
    else:
        yield row_of(path, fields, _form(item), values, scope)


def _form(annotation: Any) -> Form:
    annotation = bare(annotation)
    if item_of(annotation) is not None:
        return "list"
    if choices_of(annotation):
        return "choice"
    if annotation is bool:
        return "yes or no"
    if annotation is Month:
        return "month"
    return "text" if annotation is str else "number" if annotation in (int, float) else "group"


def _textrow_of(path: str, values: Values) -> Row:
    return Row(path, "", "text", None, (), False, None, Scope(), values)
