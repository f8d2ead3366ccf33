"""A row of the sheet Assumptions: from its columns to the parts of a belief."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sibmodel.forms.cells import RefusedCell, in_yaml
from sibmodel.forms.sheets import BASE, DISTRIBUTION, NOTE, OTHER_NUMBERS, PARAMETERS, PRIOR, SOURCE

Part = tuple[tuple[str, ...], str, Any]
"""Names on the way into the belief, the heading of the column, and the value."""
_NUMBERS = {heading: name for name, heading in PARAMETERS.items()}
EMPTY = "{}"
"""A distribution of which no number is given yet."""


def parts_of(row: Mapping[str, Any]) -> Iterator[Part]:
    """The parts that a row's values, by their headings, are of. A number alone is the belief itself.

    Raises RefusedCell for other numbers that cannot be read.
    """
    if list(row) == [BASE]:
        yield (), BASE, row[BASE]
        return
    for heading, name in ((SOURCE, "source"), (NOTE, "note")):
        if heading in row:
            yield (name,), heading, row[heading]
    shape = _name_of(row.get(DISTRIBUTION))
    if BASE in row:
        yield ("base" if shape else "value",), BASE, row[BASE]
    if not shape:
        return
    if shape.startswith(PRIOR.strip(": ")):
        yield ("prior",), DISTRIBUTION, shape.partition(":")[2].strip()
        return
    numbers: list[Part] = [
        ((shape, _NUMBERS[heading]), heading, row[heading]) for heading in row if heading in _NUMBERS
    ]
    if OTHER_NUMBERS in row:
        numbers += [((shape, str(name)), OTHER_NUMBERS, value) for name, value in _others(row[OTHER_NUMBERS]).items()]
    yield from numbers or [((shape,), DISTRIBUTION, EMPTY)]


def without_distribution(row: Mapping[str, Any]) -> str:
    """The heading of the first number that belongs to a distribution where none is chosen; empty where all is well."""
    if DISTRIBUTION in row:
        return ""
    return next((heading for heading in row if heading in _NUMBERS or heading == OTHER_NUMBERS), "")


def _name_of(written: Any) -> str:
    """A distribution's name as a file has it: `log_reduction`, also where it is typed `Log reduction`."""
    text = "" if written is None else str(written).strip().casefold()
    return text if ":" in text else text.replace(" ", "_")


def _others(written: Any) -> dict[str, Any]:
    text = str(written).strip()
    found = in_yaml(text if text.startswith("{") else f"{{{text}}}")
    if not isinstance(found, dict):
        raise RefusedCell("is not a number with its name.", "Write it like degrees: 5.")
    return found
