"""What the checks of a whole deal share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from sibmodel.reading import Place, fault_at

Faults = Iterator[ValidationError]
"""What a check of a whole deal finds wrong, one fault in each."""


def some(members: tuple[Any, ...], name: str, *around: str) -> Faults:
    if not members:
        yield fault_at((*around, name), f"There are no {name}.", "A deal needs at least one.")


def different(name: str, names: Iterable[str], *around: str | int) -> Faults:
    for one, times in Counter(names).items():
        if times > 1:
            yield fault_at((*around, name), f'{times} of the {name} are named "{one}".', "Give each a name of its own.")


def taken(name: str, who: str, *where: str | int) -> ValidationError:
    return fault_at(where, f'"{name}" is what {who} are called.', "Give it another name.")


def unknown(name: str, known: list[str], where: Place, what: str) -> Faults:
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(known)}."
        yield fault_at(where, f'"{name}" is not a {what} of this deal.', hint)
