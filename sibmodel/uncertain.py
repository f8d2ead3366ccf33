"""A belief: a number that nobody knows, as a plain number or a distribution, with its source.

In a file, a belief is one of

    0.08                                                   a plain number, assumed
    {value: 1.55, source: moj-peterborough-2014}           a plain number with its source
    {normal: {mean: 0.08, sd: 0.06}, source: ..., base: 0.09, note: ...}
    {prior: library}                                       an effect: a prior that comes with the package
    {by_cohort: {Cohort 1: 0.084, Cohort 2: {normal: ...}}}   where the field allows it
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal, Self, get_args

import numpy as np
import numpy.typing as npt
from pydantic import ValidationInfo, model_validator

from sibmodel.distributions import SHAPES, Distribution, Floats, LogReduction, Shapes
from sibmodel.errors import NotFoundError
from sibmodel.quantities import NUMBER, QUANTITIES, Quantity, fault
from sibmodel.reading import SAME, fault_at, quantity_around
from sibmodel.terms import choice, part, quantity_field, text

ASSUMED = "assumed"
"""The source of a belief for which none is given."""
SET_BY_HAND = "set by hand"
"""The source of a belief that was replaced by a plain number."""

PriorName = Literal["sceptical", "neutral", "library", "favourable"]
PRIORS: dict[PriorName, LogReduction] = {
    "sceptical": LogReduction(mean=0.02, sd=0.06),
    "neutral": LogReduction(mean=0.05, sd=0.07),
    "library": LogReduction(mean=0.068, sd=0.053),
    "favourable": LogReduction(mean=0.08, sd=0.06),
}
"""Priors on the effect that a deal may name: log rate ratio of a whole cohort, whether or not people take part. What
each rests on stands in `sibmodel.evidence.priors`. Source: METHOD 3.2."""
PRIOR_SOURCE = "library/"
"""Before a prior's name, the source of a belief that names it."""


@dataclass(frozen=True)
class SetByHand:
    """A plain number that someone puts in the place of a belief."""

    value: Any


class Belief(Shapes):
    """A plain number or one distribution, with its source. The field it stands in gives unit and range."""

    value: float | None = quantity_field(SAME, "A plain number", None, "as the field", None, None)
    prior: PriorName | None = choice("A prior on the effect that comes with the package, by name", default=None)
    # The key in a file is `base`; the attribute `base` is never None.
    given_base: float | None = quantity_field(SAME, "Base case", None, "as the field", None, None, key="base")
    source: str = text("Where it comes from: an entry of the evidence library, or words", default=ASSUMED)
    note: str | None = text("Anything a reader should know about it", default=None)

    @classmethod
    def of(cls, value: Any) -> Self:
        """The belief that a file would hold as `value`: a number, a text such as `8%`, or a mapping."""
        return cls.model_validate(value)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        yield from ((name, value) for name, value in super().__repr_args__() if value is not None)

    @property
    def distribution(self) -> Distribution | None:
        """The distribution; None for a plain number."""
        if self.prior is not None:
            return PRIORS[self.prior]
        return self.shape

    @property
    def base(self) -> float:
        """The base case: as given, otherwise the plain number or the distribution's expected value."""
        if self.given_base is not None:
            return self.given_base
        if self.value is not None:
            return self.value
        if self.distribution is None:
            raise AttributeError("A belief by cohort has no base of its own: use `for_cohort`.")
        return self.distribution.expected_value()

    @property
    def uncertain(self) -> bool:
        """Whether it has a distribution."""
        return self.distribution is not None

    @property
    def assumed(self) -> bool:
        """Whether no source is given."""
        return self.source == ASSUMED

    def quantile(self, u: npt.ArrayLike) -> Floats:
        """The value at each cumulative probability in `u`, in the shape of `u`; a plain number repeated."""
        distribution = self.distribution
        if distribution is None:
            return np.full(np.shape(u), self.base)
        return distribution.quantile(u)

    @classmethod
    def read_quantity(cls, value: Any, quantity: Quantity) -> Self:
        """A belief about a number of this kind: its parts have that unit and range."""
        if isinstance(value, Belief):
            value = value.plain()
        return cls.model_validate(value, context={"quantity": replace(quantity, whole=False)})

    @model_validator(mode="before")
    @classmethod
    def _read_plain_number(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, Belief):
            return value
        if isinstance(value, Mapping):
            return _with_source_of_prior(value)
        if isinstance(value, SetByHand):
            return {"value": quantity_around(info).read(value.value), "source": SET_BY_HAND}
        return {"value": quantity_around(info).read(value)}

    @model_validator(mode="after")
    def _says_one_thing(self, info: ValidationInfo) -> Self:
        given = self._given()
        if not given:
            raise fault("has no number and no distribution.", f"Write a number, or one of: {', '.join(self._forms())}.")
        if len(given) > 1:
            raise fault(f"has {' and '.join(given)}.", "Keep one of them.")
        if self.given_base is not None and self.distribution is None:
            raise fault_at(("base",), f"stands beside {given[0]}.", "A base belongs to a distribution: leave it out.")
        if self.prior is not None and not _may_be_an_effect(quantity_around(info)):
            raise fault_at(("prior",), "is about an effect, and this is none.", "Write a number, or a distribution.")
        if self.given_base is None and self.distribution is not None:
            quantity_around(info).check(self.base, self.base, f"The expected value, {self.base:.4g},")
        return self

    @classmethod
    def _forms(cls) -> tuple[str, ...]:
        return ("value", *SHAPES, "prior")

    def _given(self) -> list[str]:
        return [form for form in self._forms() if getattr(self, form) is not None]

    def plain(self) -> Any:
        """As a file would hold it: a plain number without a source is just the number."""
        written = super().plain()
        if self.assumed or self.source == f"{PRIOR_SOURCE}{self.prior}":
            del written["source"]
        return written["value"] if list(written) == ["value"] else written


def _with_source_of_prior(written: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """What is written, with the source of the prior that it names, unless it gives one of its own."""
    prior = written.get("prior")
    own = str(written.get("source", PRIOR_SOURCE))
    if prior not in get_args(PriorName) or not own.startswith(PRIOR_SOURCE):
        return written
    return {**written, "source": f"{PRIOR_SOURCE}{prior}"}


def _may_be_an_effect(quantity: Quantity) -> bool:
    """Whether a number of this kind may be a relative reduction: a share that may be negative."""
    return quantity is NUMBER or (quantity.unit == "share" and quantity.minimum is not None and quantity.minimum < 0)


class ByCohort(Belief):
    """One belief for all cohorts, or `by_cohort` with one for each."""

    by_cohort: dict[str, Belief] | None = part("A belief for each cohort, by its name", default=None)

    @classmethod
    def _forms(cls) -> tuple[str, ...]:
        return (*super()._forms(), "by_cohort")

    @property
    def cohorts(self) -> tuple[str, ...]:
        """The cohorts that are named; none when one belief stands for all."""
        return tuple(self.by_cohort or ())

    def for_cohort(self, name: str) -> Belief:
        """The belief for a cohort; one without a source has the source of the whole.

        Raises NotFoundError for a cohort that is not among those named.
        """
        if self.by_cohort is None:
            return self
        if name not in self.by_cohort:
            near = get_close_matches(name, self.by_cohort, n=1)
            hint = f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(self.by_cohort)}."
            raise NotFoundError(f'There is nothing for a cohort "{name}". {hint}')
        belief = self.by_cohort[name]
        return belief.model_copy(update={"source": self.source}) if belief.assumed else belief


def belief(
    sentence: str,
    kind: str = "number",
    *,
    default: Any = ...,
    unit: str | None = None,
    minimum: float | None = None,
    maximum: float | None = None,
) -> Any:
    """A field of type `Belief` or `ByCohort`, about a number of a kind: the name of its field helper.

    Without `minimum` or `maximum` the kind's own hold (a share lies between 0 and 1).
    """
    quantity = QUANTITIES[kind]
    return quantity_field(
        kind,
        sentence,
        default,
        quantity.unit if unit is None else unit,
        quantity.minimum if minimum is None else minimum,
        quantity.maximum if maximum is None else maximum,
    )
