"""One change to terms, by the path that errors and the audit trail show; the whole is validated again.

A path is names joined by dots; in brackets stands the position in a list, counted from 0, the `name`
of an item of a list, or the key of a mapping: `payments[0].price`, `cohorts[Cohort 1].people`,
`assumptions.effect.by_cohort[Cohort 1].base`. A key with brackets of its own goes in quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sibmodel.distributions import SHAPES
from sibmodel.errors import NotFoundError
from sibmodel.faults import did_you_mean, terms_from
from sibmodel.quantities import shown
from sibmodel.reading import Place, bare, item_of, members_of, path_text
from sibmodel.terms import Terms, keys, plain
from sibmodel.uncertain import Belief, SetByHand
from sibmodel.yaml_text import read_yaml

T = TypeVar("T", bound=Terms)
MOST_NEAR = 3
"""Places that are named where something of that name stands elsewhere in the deal."""

_STEP = re.compile(
    r"""\.?(?P<name>[^.\[\]"]+)
      |\[\s*(?P<position>[0-9]+)\s*\]
      |\[\s*"(?P<double>[^"]*)"\s*\] | \[\s*'(?P<single>[^']*)'\s*\]
      |\[\s*(?P<key>[^\[\]"']+?)\s*\]""",
    re.VERBOSE,
)


def place_of(path: str) -> Place:
    """The steps of a written path. Raises NotFoundError when it cannot be read."""
    steps: list[str | int] = []
    end = 0
    while end < len(path):
        match = _STEP.match(path, end)
        if match is None or (end == 0 and path.startswith(".")) or (end > 0 and _needs_dot(match)):
            raise NotFoundError(f'"{path}" is not a path. Write it like payments[0].price.')
        if match["position"] is not None:
            steps.append(int(match["position"]))
        else:
            steps.append(next(text for text in match.groups() if text is not None).strip())
        end = match.end()
    if not steps:
        raise NotFoundError("An empty path names nothing. Write it like payments[0].price.")
    return tuple(steps)


def _needs_dot(match: re.Match[str]) -> bool:
    return match["name"] is not None and not match[0].startswith(".")


def replace(model: T, path: str, value: Any) -> T:
    """The terms with `value` at `path`; `value` may be written as in a file (`£12,500`, `8%`, `none`).

    A belief set as a whole becomes a plain number with the source "set by hand"; `.base` changes its
    base case only. Raises NotFoundError for a path that does not exist and DealError for terms that
    are wrong with the new value.
    """
    return terms_from(placed(model, {path: value}), type(model), f"The deal with {path} = {shown(value)}")


def replace_all(model: T, changes: Mapping[str, Any]) -> T:
    """The terms with a value at each path, all changed together and then validated once; otherwise as `replace`."""
    return terms_from(placed(model, changes), type(model), f"The deal with {len(changes)} changes")


def placed(model: Terms, changes: Mapping[str, Any]) -> Any:
    """What a file would hold for the terms with a value at each path, not yet validated. Raises NotFoundError for a
    path that does not exist, and for two that mean the same place."""
    return _replaced(model, type(model), [(place_of(path), value) for path, value in changes.items()], ())


def value_at(model: Terms, path: str) -> Any:
    """What stands at `path`. Raises NotFoundError with near misses."""
    here: Any = model
    walked: Place = ()
    for step in place_of(path):
        found = _step_in(here, step, walked)
        here = getattr(here, found[1]) if isinstance(here, Terms) else here[found[0]]
        walked = (*walked, found[0])
    return here


Change = tuple[Place, Any]
"""The steps from here to what changes, and its new value."""


def _replaced(here: Any, annotation: Any, changes: Sequence[Change], walked: Place) -> Any:
    """What a file would hold for `here` once the changes are made inside it."""
    if any(not steps for steps, _ in changes):
        if len(changes) > 1:
            raise NotFoundError(f"{path_text(walked)} is changed twice. Keep one of the changes, or write them as one.")
        return _as_in_a_file(changes[0][1], here, annotation)
    if here is None and _may_hold_parts(annotation):
        parts = {str(steps[0]) for steps, _ in changes}
        return {one: _replaced(None, None, _inside(changes, one), (*walked, one)) for one in sorted(parts)}
    data = Terms.plain(here) if isinstance(here, Terms) else plain(here)
    found: dict[Any, tuple[str, list[Change]]] = {}
    for (first, *rest), value in changes:
        step, attribute = _step_in(here, first, walked)
        if isinstance(here, Belief) and step in SHAPES and rest and getattr(here, attribute) is None:
            raise NotFoundError(f'{path_text(walked)} has no "{step}": it is {_form_of(here)}.')
        if isinstance(here, Belief) and step == "base" and here.value is not None:
            step, attribute = "value", "value"  # of a plain number, the number is the base case
        found.setdefault(step, (attribute, []))[1].append((tuple(rest), value))
    for step, (attribute, inner) in found.items():
        inside = (*walked, step)
        if isinstance(here, Terms):
            field = type(here).model_fields[attribute]
            data[step] = _replaced(getattr(here, attribute), field.annotation, inner, inside)
        else:
            data[step] = _replaced(here[step], item_of(bare(annotation)), inner, inside)
    return data


def _inside(changes: Sequence[Change], step: str) -> list[Change]:
    """The changes within a part, as seen from it."""
    return [(steps[1:], value) for steps, value in changes if str(steps[0]) == step]


def _step_in(here: Any, step: str | int, walked: Place) -> tuple[Any, str]:
    """The key or position that `step` means in `here`, and of terms also the attribute."""
    names: list[str]
    if isinstance(here, Terms):
        attributes = keys(type(here))
        if str(step) in attributes:
            return str(step), attributes[str(step)]
        names = list(attributes)
    elif isinstance(here, Mapping):
        if str(step) in here:
            return str(step), ""
        names = list(here)
    elif isinstance(here, list | tuple):
        if isinstance(step, int) and step < len(here):
            return step, ""
        names = [str(getattr(item, "name", "")) for item in here]
        if step in names and step:
            return names.index(str(step)), ""
        names = [name for name in names if name] or [str(position) for position in range(len(here))]
    elif here is None and walked:
        around = path_text(walked)
        raise NotFoundError(
            f"{around} is not set in this deal. Give it whole first, with all that it needs: "
            f"--set '{around}={{{step}: ...}}'."
        )
    else:
        raise NotFoundError(f'{path_text(walked)} is a single value: there is no "{step}" in it.')
    around = path_text(walked) or "the deal"
    deeper = [] if walked or not isinstance(here, Terms) else list(islice(_below(here, str(step), ()), MOST_NEAR))
    if deeper:
        raise NotFoundError(f'There is no "{step}" in {around}. Did you mean {" or ".join(deeper)}?')
    raise NotFoundError(f'There is no "{step}" in {around}. {did_you_mean(str(step), names, "There are")}')


def _below(here: Any, name: str, walked: Place) -> Iterator[str]:
    """The paths at which something of that name is set, in the order of the file."""
    if isinstance(here, Terms):
        for key, attribute in keys(type(here)).items():
            inside = getattr(here, attribute)
            if key == name and walked and inside is not None:
                yield path_text((*walked, key))
            yield from _below(inside, name, (*walked, key))
    elif isinstance(here, list | tuple):
        for position, item in enumerate(here):
            yield from _below(item, name, (*walked, position))
    elif isinstance(here, Mapping):
        for key, item in here.items():
            yield from _below(item, name, (*walked, key))


def _as_in_a_file(value: Any, here: Any, annotation: Any) -> Any:
    written = plain(value)
    if isinstance(written, str):
        if written.strip().lower() in ("none", "null", ""):
            return None
        if written.lstrip().startswith(("{", "[")):
            written = read_yaml(written, "The new value").value
    holds_belief = isinstance(bare(annotation), type) and issubclass(bare(annotation), Belief)
    if (holds_belief or isinstance(here, Belief)) and not isinstance(written, Mapping | list | None):
        return SetByHand(written)
    return written


def _may_hold_parts(annotation: Any) -> bool:
    annotation = bare(annotation)
    if annotation is None or members_of(annotation):
        return True
    return isinstance(annotation, type) and issubclass(annotation, Terms)


def _form_of(belief: Belief) -> str:
    return next((shape for shape in ("prior", *SHAPES) if getattr(belief, shape) is not None), "a plain number")
