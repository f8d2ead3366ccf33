"""What a question is asked of, checked before anything is calculated: a deal, enough paths, shares that are shares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sibmodel.deal import Deal
from sibmodel.errors import NotFoundError
from sibmodel.words import number, percent


def asked_of(deal: Any, paths: int | None = None, fewest: int = 2) -> None:
    """Raise TypeError where `deal` is no deal, such as the name of a file, and NotFoundError for too few paths."""
    if not isinstance(deal, Deal):
        raise TypeError(
            f'A {type(deal).__name__} is no deal. Read one first: deal = sibmodel.read("mydeal.yaml"); then ask of it.'
        )
    if paths is not None and paths < fewest:
        raise NotFoundError(f"paths = {paths} is too few. Ask for {number(fewest)} or more: each figure has an error.")


def share(name: str, value: float | None, lowest: float = -1.0, highest: float = 0.99) -> None:
    """Raise NotFoundError for a value that is no such share: of one, so that 14% is 0.14."""
    if value is not None and not lowest <= value <= highest:
        instead = f" For {number(value)}% write {value / 100:g}." if lowest <= value / 100 <= highest else ""
        raise NotFoundError(
            f"{name} = {value:g} is {percent(value, 0)}. It is a share from {lowest:g} to {highest:g}.{instead}"
        )


def texts(given: str | Iterable[str]) -> tuple[str, ...]:
    """Several texts; one alone may be given as it is."""
    return (given,) if isinstance(given, str) else tuple(given)
