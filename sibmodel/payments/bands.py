"""Bands: what lies in each counts at its own price or share; only the last may be open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.lines import Line, sum_of
from sibmodel.payments.desk import Desk
from sibmodel.terms import Terms, fault_at


@dataclass(frozen=True, eq=False)
class Bands:
    """Bands as cells: `ends`, None for an open last one, and what each counts at."""

    ends: list[Line | None]
    worths: list[Line]


def check_bands(name: str, bands: Sequence[Terms], end: str) -> None:
    """Raise the fault of bands whose ends, in the field `end`, do not rise, or of which one before the last is open."""
    if not bands:
        raise fault_at((name,), "There are no bands.", f"Give at least one, with `{end}` where it ends.")
    before = 0.0
    for place, band in enumerate(bands):
        value = getattr(band, end)
        if value is None and place < len(bands) - 1:
            raise fault_at((name, place), "has no end, but another band follows.", f"Give it `{end}`.")
        if value is not None and value <= before:
            raise fault_at(
                (name, place, end), f"{value:.10g} is not above {before:.10g}, where it begins.", "Let ends rise."
            )
        before = value if value is not None else before


def bind_bands(desk: Desk, title: str, name: str, bands: Sequence[Terms], end: str, worth: str) -> Bands:
    """Bands as cells: ends below each other, then what each counts at."""
    path = desk.path
    ends: list[Line | None] = [
        desk.cells.number(band, end, f"{path}.{name}[{place}]", f"{title}: end of band {place + 1}")
        if getattr(band, end) is not None
        else None
        for place, band in enumerate(bands)
    ]
    worths: list[Line] = [
        desk.cells.number(band, worth, f"{path}.{name}[{place}]", f"{title}: {worth} in band {place + 1}")
        for place, band in enumerate(bands)
    ]
    return Bands(ends, worths)


def in_bands(desk: Desk, title: str, who: str, bands: Bands, position: Line, signed: bool) -> list[Line]:
    """The part of `position` in each band. Where `signed`, less than nothing stands in the first."""
    parts = []
    begins: Any = 0.0
    for place, end in enumerate(bands.ends):
        inside: Any = position if end is None else np.minimum(position, end)
        if not (signed and place == 0):
            inside = np.maximum(inside, begins) - begins if place else np.maximum(inside, 0.0)
        parts.append(
            desk.section.line(
                f"{title}: in band {place + 1}, {who}",
                inside,
                unit=position.unit,
                note="The part that lies in the band.",
            )
        )
        begins = end
    return parts


def counted_at(bands: Bands, parts: Sequence[Line]) -> Any:
    """The parts, each at its band's price or share, as an expression."""
    return sum_of([part * worth for part, worth in zip(parts, bands.worths, strict=True)])


def counted_at_all(bands: Bands, parts: Sequence[Line]) -> Any:
    """The parts that count at anything, as an expression: what lies in a dead zone is left out."""
    return sum_of([(worth > 0) * part for part, worth in zip(parts, bands.worths, strict=True)])
