"""Where numbers come from, in words: the status of a source, and a distribution as people write it."""

from __future__ import annotations

from typing import Any

from sibmodel.binding import Status, Uncertain
from sibmodel.distributions import Component, Distribution

SHOWN = 12
"""Values of a list that are written out."""
RELIABILITY: dict[Status, str] = {
    "published": "Green: published",
    "as signed": "Green: agreed",
    "as reported": "Green: reported",
    "derived": "Amber: derived",
    "convention": "Amber: convention",
    "assumed": "Red: assumed",
}
"""How far a number can be relied on, as a word and as its usual colour."""


def drawn_from(uncertain: Uncertain) -> str:
    """A distribution in words: `triangular: low 0.8, mode 0.95, high 1.05`."""
    return _in_words(uncertain.distribution)


def _in_words(distribution: Distribution) -> str:
    parts = ", ".join(f"{name.replace('_', ' ')} {_part(value)}" for name, value in distribution if value is not None)
    kind = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in type(distribution).__name__)
    return f"{kind.strip()}: {parts}"


def _part(value: Any) -> str:
    """A parameter: a number, a word, another distribution, or several of them."""
    if isinstance(value, tuple):
        shown = " / ".join(_part(one) for one in value[:SHOWN])
        return shown if len(value) <= SHOWN else f"{shown} / … ({len(value)} in all)"
    if isinstance(value, Component):
        return f"{value.value:g}" if value.value is not None else f"({_in_words(value.distribution)})"
    return f"{value:g}" if isinstance(value, float) else str(value)
