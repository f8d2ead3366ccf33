"""Questions about the effect of a service, answered: a prior by name or from rows, a pilot, what delivery keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from sibmodel.evidence import library
from sibmodel.evidence.pilots import Pilot, Updated, delivered, update
from sibmodel.evidence.pooling import BASE_RATE, LEAST_SPREAD, Estimate, Pooled, estimate, pool
from sibmodel.evidence.priors import RESTS_ON, EffectBelief, named
from sibmodel.uncertain import PRIOR_SOURCE, PRIORS
from sibmodel.words import number, percent

MOST_NAMED = 6
"""Rows that the source of a pooled prior names, before it only counts them."""


@dataclass(frozen=True)
class Answer:
    """A belief about the true effect, and how it came about."""

    name: str
    """Of the prior, or "pooled"."""
    rests_on: str
    prior: EffectBelief
    belief: EffectBelief
    """With the pilot, and what is kept in delivery, where they are given; otherwise the prior itself."""
    pooled: Pooled | None = None
    updated: Updated | None = None
    kept: float | None = None
    haircut: float = 1.0
    cautions: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the belief is another than the prior."""
        return self.updated is not None or self.kept is not None

    @property
    def source(self) -> str:
        """What a deal says of where the belief comes from."""
        if self.name in PRIORS and not self.changed:
            return f"{PRIOR_SOURCE}{self.name}"
        parts = [f"{PRIOR_SOURCE}{self.name}"] if self.pooled is None else self._rows(self.pooled)
        if self.updated is not None:
            pilot = self.updated.pilot
            parts.append(f"a pilot of {number(pilot.people)} people ({percent(pilot.reduction)})")
        if self.kept is not None:
            parts.append(f"{percent(self.kept, 0)} kept in delivery")
        return f"derived from {', '.join(parts)}"

    def _rows(self, pooled: Pooled) -> list[str]:
        names = [one.name for one in pooled.studies]
        others = len(names) - MOST_NAMED
        rows = names if others <= 0 else [*names[:MOST_NAMED], f"{others} other row{'' if others == 1 else 's'}"]
        return rows if self.haircut == 1 else [*rows, f"{percent(self.haircut, 0)} of their mean"]

    @property
    def yaml(self) -> str:
        """The line for a deal file, below `assumptions`."""
        if self.name in PRIORS and not self.changed:
            return f"effect: {{prior: {self.name}}}"
        made = self.belief.log_reduction()
        return f'effect: {{log_reduction: {{mean: {made.mean:g}, sd: {made.sd:g}}}, source: "{self.source}"}}'


def answer(name: str, *, pilot: Pilot | None = None, kept: float | None = None) -> Answer:
    """What a prior that comes with the package says. Raises NotFoundError for a name that does not exist."""
    prior = named(name)
    return _after(Answer(name, RESTS_ON[name], prior, prior), pilot, kept)


def answers(*, pilot: Pilot | None = None, kept: float | None = None) -> tuple[Answer, ...]:
    """What each of the priors that come with the package says."""
    return tuple(answer(name, pilot=pilot, kept=kept) for name in PRIORS)


def pooled_answer(
    rows: Sequence[str],
    *,
    matching_error: float,
    haircut: float = 1.0,
    base_rate: float = BASE_RATE,
    least_spread: float = LEAST_SPREAD,
    pilot: Pilot | None = None,
    kept: float | None = None,
) -> Answer:
    """What rows of the library say of the next service.

    Raises NotFoundError for a row that does not exist, SibmodelError for one that cannot be pooled.
    """
    entries = [library.find(one) for one in dict.fromkeys(row.strip() for row in rows)]
    studies = [estimate(entry, base_rate) for entry in entries]
    found = pool(studies, matching_error=matching_error, least_spread=least_spread, haircut=haircut)
    rests_on = f"derived: {len(studies)} row{'' if len(studies) == 1 else 's'} of the library"
    cautions = _cautions(entries, studies, found, base_rate, matching_error, least_spread)
    if haircut != 1:
        cautions.append(
            f"The mean is cut to {percent(haircut, 0)} of what the rows show, for small and chosen studies."
        )
    made = Answer("pooled", rests_on, found.predictive, found.predictive, found, haircut=haircut)
    return _after(replace(made, cautions=tuple(cautions)), pilot, kept)


def _after(made: Answer, pilot: Pilot | None, kept: float | None) -> Answer:
    updated = None if pilot is None else update(made.prior, pilot)
    belief = made.prior if updated is None else updated.posterior
    if kept is not None:
        belief = delivered(belief, kept)
    return replace(made, belief=belief, updated=updated, kept=kept)


def _cautions(
    entries: Sequence[library.Entry],
    studies: Sequence[Estimate],
    found: Pooled,
    base_rate: float,
    matching_error: float,
    least_spread: float,
) -> list[str]:
    said = []
    if len(studies) < 3:
        said.append(f"So few rows say nothing of how services differ: a spread of {percent(found.spread)} is assumed.")
    elif found.spread == least_spread:
        said.append(f"The rows agree more than services do: a spread of {percent(least_spread)} is assumed.")
    if matching_error and not all(study.randomised for study in studies):
        said.append(
            f"What matching leaves out, {percent(matching_error)}, is added to each study that is not randomised."
        )
    if any(entry.row.unit.startswith(("odds", "standardised")) for entry in entries):
        said.append(f"Odds and standardised differences are converted at a base rate of {percent(base_rate)}.")
    if any(entry.row.measure != "frequency" for entry in entries):
        said.append("Falls in the share who reoffend are taken as falls in events of the same proportion.")
    for one, other in combinations(entries, 2):
        if one.row.period and (one.row.period, one.row.cohort) == (other.row.period, other.row.cohort):
            said.append(f"{one.id} and {other.id} are of the same people: keep one of them.")
    return [*said, *(f"{entry.id}: {entry.row.caution}" for entry in entries if entry.row.caution)]
