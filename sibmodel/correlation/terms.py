"""What a deal says of correlation."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from sibmodel.reading import fault_at
from sibmodel.terms import Terms, part, share_of_any_sign

Copula = Literal["gaussian", "t"]
DEGREES = 4.0
"""Degrees of freedom of a t copula unless told (assumed): extremes come together noticeably."""


class Correlation(Terms):
    """How far two drivers go together: their rank correlation (Spearman's)."""

    between: tuple[str, ...] = part(
        "The two drivers, by name; a name without its cohort stands for that of each cohort, and the same name twice "
        "for each pair of them"
    )
    rank: float = share_of_any_sign("Their rank correlation")

    @model_validator(mode="after")
    def _names_two(self) -> Self:
        if len(self.between) != 2:
            raise fault_at(("between",), f"has {len(self.between)} names.", "Write two, like [effect, volume].")
        return self
