"""A term that is solved for: where it stands, what it is now, and the values among which an answer is sought."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic_core import PydanticCustomError

from sibmodel.deal import Deal
from sibmodel.errors import NotFoundError
from sibmodel.quantities import NUMBER, Quantity
from sibmodel.reading import path_text, quantity_of
from sibmodel.replacing import place_of, value_at
from sibmodel.terms import Terms, keys
from sibmodel.uncertain import Belief

Floats = npt.NDArray[np.float64]

FARTHEST = 10.0
"""How many times its present value a term without a highest value is sought up to. Assumed."""
WIDE, NEAR = 17, 17
"""Values tried over the whole range, and around the present value."""
MOST_WHOLE = 240
"""A whole number is tried at every value of a range no longer than this."""


@dataclass(frozen=True)
class Term:
    """A numeric term of a deal, and the range in which it is sought."""

    path: str
    """As errors and the audit trail write it."""
    value: float
    quantity: Quantity = field(repr=False)
    lowest: float
    highest: float

    @property
    def whole(self) -> bool:
        return self.quantity.whole

    @property
    def scale(self) -> float:
        """How large the term is, to say what is a small difference."""
        return abs(self.value) or (self.highest - self.lowest) / FARTHEST

    def tried(self) -> Floats:
        """The values of the first scan: evenly over the range, and more densely around the present value."""
        if self.whole and self.highest - self.lowest <= MOST_WHOLE:
            return np.arange(np.ceil(self.lowest), np.floor(self.highest) + 1)
        near = np.clip(self.value + self.scale * np.linspace(-1, 1, NEAR), self.lowest, self.highest)
        every = np.unique(np.concatenate([np.linspace(self.lowest, self.highest, WIDE), near]))
        return np.unique(np.round(every)) if self.whole else every


def read_term(deal: Deal, text: str) -> Term:
    """The term at a path, `payments[0].price`; `payments[0].price=£5,000..£20,000` says where to seek.

    Raises NotFoundError for a path that does not exist or does not hold a number, or a range that is none.
    """
    path, _, between = text.partition("=")
    found = value_at(deal, path.strip())
    number = found.base if isinstance(found, Belief) else found
    here, quantity = _place_and_quantity(deal, path.strip())
    if number is None:
        instead = _pooled_instead(deal, here)
        if instead:
            raise NotFoundError(f"{here} is not set: the deal tests all cohorts together, by {instead}. Name that.")
        raise NotFoundError(f"{here} is not set, so there is nothing to begin from: give it a value first, by --set.")
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise NotFoundError(f"{here} is not a number: it cannot be solved for.")
    lowest, highest = _range(float(number), quantity)
    if between.strip():
        lowest, highest = _between(between, quantity, here)
    return Term(here, float(number), quantity, lowest, highest)


def _pooled_instead(deal: Deal, path: str) -> str:
    """The pooled threshold of a payment that has no other; empty where that is not what is asked for."""
    payment, dot, field = path.rpartition(".")
    if not dot or field != "threshold" or getattr(value_at(deal, payment), "fallback", None) is None:
        return ""
    return f"{payment}.fallback.pooled"


def _place_and_quantity(deal: Deal, path: str) -> tuple[str, Quantity]:
    """The path with every step as errors write it, and the kind of number that stands there."""
    here: Any = deal
    walked: list[str | int] = []
    found = NUMBER
    for step in place_of(path):
        if isinstance(here, Terms):
            field = type(here).model_fields[keys(type(here))[str(step)]]
            found = quantity_of(field) or found
        elif isinstance(here, list | tuple) and not isinstance(step, int):
            step = [str(getattr(one, "name", "")) for one in here].index(str(step))
        walked.append(step)
        here = value_at(deal, path_text(tuple(walked)))
    return path_text(tuple(walked)), found


def _range(value: float, quantity: Quantity) -> tuple[float, float]:
    reach = FARTHEST * (abs(value) or 1.0)
    lowest = -reach if quantity.minimum is None else quantity.minimum
    return lowest, reach if quantity.maximum is None else quantity.maximum


def _between(text: str, quantity: Quantity, path: str) -> tuple[float, float]:
    low, dots, high = text.partition("..")
    if not dots:
        raise NotFoundError(f'"{text}" is no range for {path}: write it like {path}=LOWEST..HIGHEST.')
    lowest, highest = (read_number(one, quantity, path) for one in (low, high))
    if not lowest < highest:
        raise NotFoundError(f"{path} cannot be sought from {low.strip()} to {high.strip()}: the first must be lower.")
    return lowest, highest


def read_number(text: str, quantity: Quantity, path: str) -> float:
    """A value of a term in words. Raises NotFoundError for one that it cannot have."""
    try:
        return float(replace(quantity, whole=False).read(text.strip()))
    except PydanticCustomError as error:
        raise NotFoundError(f"{path}: {str(error).strip()}") from None
