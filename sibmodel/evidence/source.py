"""What a file of the library holds: one source, and the figures read in it.

An effect is positive where it is a fall of reoffending, but for odds ratios and standardised differences, which are as
published. Shares and rates are shares of one; percentage points are points (5.7).
"""

from __future__ import annotations

from typing import Literal, Self, get_args

from pydantic import model_validator

from sibmodel.reading import fault_at
from sibmodel.terms import Month, Terms, choice, month, number, part, people, text

Kind = Literal["effect", "base rate", "dispersion", "unit cost", "lag", "volume", "deal fact", "discount rate"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Status = Literal["verified", "secondary", "derived"]
"""Read in the source's own page or a copy of it; read where somebody else reports it; arithmetic on such figures."""

EffectUnit = Literal[
    "relative reduction",
    "percentage points",
    "odds ratio of reoffending",
    "odds ratio of not reoffending",
    "standardised mean difference",
    "share",
]
"""The units of effects. A share is a chance (that benefits exceed costs, say), and cannot be pooled."""

Design = Literal[
    "RCT",
    "meta-analysis",
    "matched comparison",
    "propensity score matching",
    "historical baseline",
    "administrative",
    "contract",
    "appraisal",
]
RANDOMISED: tuple[Design, ...] = ("RCT",)
"""The designs whose comparison cannot be biased by who takes part."""

Measure = Literal["binary", "frequency", "mixed"]
"""Whether people reoffend at all; how many events there are; both, or whatever each study took."""

SLUG = "small letters, digits and hyphens"


class Row(Terms):
    """One figure."""

    id: str = text("Its name, among all rows of the library")
    kind: Kind = choice("What it is a figure of")
    what: str = text("The figure in a sentence")
    value: float | None = number("The figure as published", default=None)
    low: float | None = number("Lower end of the interval or range", default=None)
    high: float | None = number("Upper end of the interval or range", default=None)
    unit: str = text("Unit of the figure and its interval")
    standard_error: float | None = number("Standard error of the figure", minimum=0.0, default=None)
    served: float | None = number(
        "Rate of those served: share who reoffend, or events a person", minimum=0.0, default=None
    )
    compared: float | None = number("The same of the comparison group", minimum=0.0, default=None)
    people: int | None = people("People served, or studied", default=None)
    period: str | None = text("When", default=None)
    cohort: str | None = text("Who", default=None)
    measure: Measure | None = choice("How reoffending is counted", default=None)
    design: Design | None = choice("How it was found out", default=None)
    status: Status | None = choice("Its own status, where that is not the source's", default=None)
    derived: str | None = text("How a derived figure follows, and from what", default=None)
    caution: str | None = text("What to mind before using it", default=None)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if not is_slug(self.id):
            raise fault_at(("id",), f"{self.id} is not {SLUG}.")
        if self.kind == "effect" and self.unit not in get_args(EffectUnit):
            raise fault_at(("unit",), "is not a unit of effects.", f"One of: {', '.join(get_args(EffectUnit))}.")
        if (self.low is None) != (self.high is None):
            raise fault_at(("low" if self.low is None else "high",), "is missing beside the other end.")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise fault_at(("high",), "is below low.")
        if (self.served is not None or self.compared is not None) and self.measure is None:
            raise fault_at(("measure",), "is missing.", "Rates are of a measure.")
        if self.value is None and self.low is None and self.caution is None:
            raise fault_at(("caution",), "is missing.", "Without a figure, say why.")
        if (self.status == "derived") != (self.derived is not None):
            raise fault_at(("derived",), "and status belong together.", "Say how it follows, with status: derived.")
        return self


class Source(Terms):
    """A publication, and its rows."""

    id: str = text("Its name, and that of its file")
    title: str = text("Title")
    publisher: str = text("Who published it")
    address: str = text("Where it was read")
    accessed: Month = month("Month by which that page, or a stored copy of it, was read")
    licence: str | None = text("Under which licence, where that is known", default=None)
    status: Status = choice("Status of its rows")
    note: str | None = text("What to mind about all of it", default=None)
    rows: tuple[Row, ...] = part("Its figures")

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        if not is_slug(self.id):
            raise fault_at(("id",), f"{self.id} is not {SLUG}.")
        if not self.address.startswith(("http://", "https://")):
            raise fault_at(("address",), "is not the address of a page.", "It begins with https:// or http://.")
        if self.status == "derived":
            raise fault_at(("status",), "of a source is verified or secondary.", "Only rows are derived.")
        if not self.rows:
            raise fault_at(("rows",), "is empty.", "Give at least one figure.")
        return self


def is_slug(name: str) -> bool:
    """Whether a name is of small letters, digits and single hyphens."""
    return name.isascii() and name == name.lower() and all(part.isalnum() for part in name.split("-"))
