"""Stress scenarios: named changes that apply to any deal, from a file, and what they do to it.

A change of a belief changes it in the base case and in every path alike; the others are as they fall, with the same
luck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from sibmodel.analysis.asking import Trials, estimate, events, figures
from sibmodel.analysis.asking.trials import in_base_case
from sibmodel.analysis.estimates import CHANCE, MEAN
from sibmodel.analysis.price.response import cells_at
from sibmodel.assumptions import Assumptions
from sibmodel.deal import Deal
from sibmodel.errors import DealError, NotFoundError
from sibmodel.files import read_terms
from sibmodel.lines import Input
from sibmodel.model import Model, build
from sibmodel.month import Month
from sibmodel.quantities import NUMBER
from sibmodel.reading import quantity_of
from sibmodel.replacing import value_at
from sibmodel.scenarios import Scenario
from sibmodel.simulation import Estimate, Sampling
from sibmodel.terms import Terms, part, text

SHOWN = ("irr", "npv", "payments", "margin")
"""Figures of the base case that are told of each stress."""
EVERY = "[*]"


class Stress(Terms):
    """Changes under a name."""

    name: str = text("What happens", longest=60)
    description: str | None = text("What it stands for, in a sentence", default=None, longest=500)
    source: str = text("Where its size comes from", default="assumed")
    changes: dict[str, Any] = part("Another value for each path, or how it changes")


class Stresses(Terms):
    """A file of stress scenarios."""

    stresses: tuple[Stress, ...] = part("The stress scenarios")


@dataclass(frozen=True)
class Stressed:
    """What a stress does: figures of the base case by name, and of the simulation where there is one."""

    name: str
    source: str
    why_not: str
    """Why the deal has no place for it; empty where it has."""
    base: Mapping[str, float]
    mean_npv: Estimate | None = None
    mean_payments: Estimate | None = None
    loss: Estimate | None = None
    caution: str = ""
    """What its figures leave out; empty where there is nothing to say."""

    @property
    def applies(self) -> bool:
        return not self.why_not


def shipped() -> tuple[Stress, ...]:
    """The stress scenarios that come with the package."""
    written = resources.files("sibmodel.analysis.sensitivity").joinpath("stresses.yaml").read_text(encoding="utf-8")
    return read_terms(written, Stresses, name="the stress scenarios").stresses


def read_stresses(file: Path) -> tuple[Stress, ...]:
    """The stress scenarios of a file. Raises DealError for one with problems, NotFoundError where there is none."""
    return read_terms(file, Stresses).stresses


def of_deal(deal: Deal) -> tuple[Stress, ...]:
    """The scenarios that the deal itself names."""
    return tuple(_as_stress(one) for one in deal.scenarios)


def _as_stress(one: Scenario) -> Stress:
    return Stress(name=one.name, description=one.description, source=one.source, changes=one.changes)


def stressed(
    deal: Deal,
    stresses: Sequence[Stress],
    paths: int | None = None,
    seed: int = 1,
    spread: Sampling | None = None,
) -> tuple[Stressed, ...]:
    """What each stress does to a deal, after the deal as it is. Without `paths`, the base case alone."""
    own = Stress(name="As it is", source="the deal", changes={})
    as_it_is = build(deal)
    return tuple(_stressed(as_it_is, one, paths, seed, spread) for one in (own, *stresses))


def _stressed(as_it_is: Model, stress: Stress, paths: int | None, seed: int, spread: Sampling | None) -> Stressed:
    try:
        deal, relative = applied(as_it_is.deal, stress)
        model = as_it_is if deal is as_it_is.deal else build(deal)
        changed = _changed_cells(model, relative)
    except NotFoundError as error:
        return Stressed(stress.name, stress.source, str(error), {})
    except DealError as error:
        return Stressed(stress.name, stress.source, error.problems[0].message, {})
    known = figures(model)
    asked = [known[name] for name in SHOWN if name in known]
    columns = {cell: np.atleast_1d(change(np.array([cell.value]))) for cell, change in changed.items()}
    base = {name: float(found[0]) for name, found in in_base_case(model, asked, columns).items()}
    said = _caution(deal, stress)
    if paths is None:
        return Stressed(stress.name, stress.source, "", base, caution=said)
    simulated = _simulated(model, changed, paths, seed, spread)
    return Stressed(stress.name, stress.source, "", base, *simulated, caution=said)


def _caution(deal: Deal, stress: Stress) -> str:
    """Of a stress of engagement alone, where effects are stated over everyone eligible: whoever does not start then
    costs nothing and takes nothing from the effect, so that fewer starts look like a gain."""
    engagement = any("engagement" in path for path in stress.changes)
    effect = any("effect" in path for path in stress.changes)
    assumptions = deal.assumptions
    stated = assumptions.effect is not None or any(one.effect is not None for one in assumptions.by_segment.values())
    if not engagement or effect or not stated or assumptions.effect_among == "engaged":
        return ""
    return (
        "Effects are stated over everyone eligible, so fewer starts cost less and take nothing from the effect. Lower "
        "the effect too, or state it among those who engage: assumptions.effect_among=engaged."
    )


Change = Callable[[Any], Any]


def _simulated(
    model: Model, changed: Mapping[Input, Change], paths: int, seed: int, spread: Sampling | None
) -> tuple[Estimate, Estimate, Estimate]:
    known = figures(model)
    npv, bill, loss = known["npv"], known["payments"], events(model)["loss"]
    drawn = spread or Sampling("random", paths)
    trials = Trials(model, [npv, bill, loss], list(changed), paths, seed, drawn)
    found = trials.at(changed=changed)
    return (
        estimate(MEAN, found["npv"], trials.replicates),
        estimate(MEAN, found["payments"], trials.replicates),
        estimate(CHANCE, found["loss"], trials.replicates),
    )


def applied(deal: Deal, stress: Stress) -> tuple[Deal, dict[str, tuple[float, float]]]:
    """The deal with a stress's changes of terms, and by path how beliefs change: times so much, plus so much.

    Raises NotFoundError where the deal has no place for a change, DealError where it would then be wrong.
    """
    relative: dict[str, tuple[float, float]] = {}
    for written, change in stress.changes.items():
        for path in _every(deal, written):
            if isinstance(change, Mapping) and path.startswith("assumptions.") and set(change) <= {"times", "plus"}:
                relative[path] = float(change.get("times", 1.0)), float(change.get("plus", 0.0))
            else:
                deal = deal.replace(path, _value(deal, path, change))
    return deal, relative


def _every(deal: Deal, path: str) -> Iterator[str]:
    """The path, or one for each item of the list where it has [*]."""
    before, star, after = path.partition(EVERY)
    if not star:
        yield path
        return
    for number in range(len(value_at(deal, before))):
        yield from _every(deal, f"{before}[{number}]{after}")


def _value(deal: Deal, path: str, change: Any) -> Any:
    """The new value of a term."""
    if not isinstance(change, Mapping) or not set(change) <= {"times", "plus", "months_later", "months_from_start"}:
        return change
    if "months_from_start" in change:
        return str(deal.start.plus(int(change["months_from_start"])))
    now = value_at(deal, path)
    if "months_later" in change and isinstance(now, Month):
        return str(now.plus(int(change["months_later"])))
    if isinstance(now, bool) or not isinstance(now, int | float):
        raise NotFoundError(f"{path} is not a number that can change so.")
    value = now * change.get("times", 1) + change.get("plus", 0)
    return round(value) if isinstance(now, int) else value


def _changed_cells(model: Model, relative: Mapping[str, tuple[float, float]]) -> dict[Input, Change]:
    """How the cells of beliefs change, within the range that their field allows. Raises NotFoundError for none."""
    found: dict[Input, Change] = {}
    for path, (times, plus) in relative.items():
        cells = cells_at(model, path)
        if not cells:
            raise NotFoundError(f"The deal has no {path}.")
        found |= dict.fromkeys(cells, _change(path, times, plus))
    return found


def _change(path: str, times: float, plus: float) -> Change:
    field = Assumptions.model_fields.get(path.split(".")[1].partition("[")[0])
    quantity = (None if field is None else quantity_of(field)) or NUMBER
    lowest = -np.inf if quantity.minimum is None else quantity.minimum
    highest = np.inf if quantity.maximum is None else quantity.maximum
    return lambda values: np.clip(values * times + plus, lowest, highest)
