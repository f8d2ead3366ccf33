"""Compares the programme of examples/yorkshire-and-humber.yaml as one bond with the same programme as three bonds.

    python scripts/three_bonds.py            the table of docs/how-to-one-bond-or-three.md
    python scripts/three_bonds.py 20000      with so many paths

The three bonds are simulated with one seed, path by path: the true effect, the events a person, the matching error,
the cost overrun and specialists' uptake are then the same in all three. Cohorts are named by area, so the counts by
courts, the people who come, their engagement and the delays are each bond's own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sibmodel import words
from sibmodel.deal import Deal
from sibmodel.deals import read
from sibmodel.lines import Values, evaluate
from sibmodel.metrics import summarise
from sibmodel.model import Model, build
from sibmodel.results import Chance, chance, lost, paid
from sibmodel.simulation import SEED, Simulation, simulate

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
ONE = "yorkshire-and-humber.yaml"
THREE = tuple(f"yorkshire-as-three-bonds/{area}.yaml" for area in ("west", "south", "north-and-humber"))
PATHS = 4_000
CRUMB = 0.005
"""Half a penny: a loss below it is none."""

Floats = npt.NDArray[np.float64]


INDEPENDENT = 1
"""Replicates of a pseudo-random simulation: its paths are independent."""


@dataclass(frozen=True)
class Mean:
    """A mean over paths and its Monte Carlo standard error."""

    value: float
    error: float


@dataclass(frozen=True, eq=False)
class Bond:
    """One bond: its terms, its lines and base case."""

    deal: Deal
    model: Model
    base: Values
    simulation: Simulation

    @cached_property
    def people(self) -> float:
        """People foreseen in all cohorts."""
        return float(sum(cohort.people for cohort in self.deal.cohorts))

    @cached_property
    def fixed_cost(self) -> float:
        """£ in the base case: the set-up, the management and the assessment of the bond, and its lead's own cost."""
        uses = self.model.uses.uses
        bills = [line for name, line in uses.items() if name.endswith((": management fee", ": assessment fee"))]
        lead = self.model.provider_cash[0].cost
        return sum(self.base.figure(line) for line in (*bills, lead)) - self._passed_on

    @cached_property
    def _passed_on(self) -> float:
        """What the lead's cost holds of its partners' bills."""
        lead = self.model.providers[0].name
        return float(sum(self.base.row(one.bill.line).sum() for one in self.model.providers if one.paid_by == lead))

    @cached_property
    def capital(self) -> float:
        """£ that investors put in, in the base case."""
        return self.base.figure(self.model.returns.everyone.invested)


@dataclass(frozen=True, eq=False)
class Programme:
    """The bonds that fund the programme together, simulated with the same seed."""

    bonds: tuple[Bond, ...]

    def each(self, of: Callable[[Simulation], object]) -> list[Chance]:
        """A chance for each of the bonds by itself."""
        return [chance(of(bond.simulation), bond.simulation.replicates) for bond in self.bonds]

    @cached_property
    def any_paid(self) -> Chance:
        """The chance that any of the bonds is paid anything."""
        return chance(np.any([paid(bond.simulation) for bond in self.bonds], axis=0), INDEPENDENT)

    @cached_property
    def lost(self) -> Chance:
        """The chance that all the bonds together give back less than was put in."""
        return chance(self._sum("received") < self._sum("invested") - CRUMB, INDEPENDENT)

    @cached_property
    def bill(self) -> Mean:
        """£ paid for outcomes, by all the bonds."""
        return _mean(self._sum("payments"))

    @cached_property
    def capital(self) -> Mean:
        """£ that investors put in, over the paths."""
        return _mean(self._sum("invested"))

    def _sum(self, figure: str) -> Floats:
        together: Floats = np.sum([bond.simulation.figures[figure] for bond in self.bonds], axis=0)
        return together


@dataclass(frozen=True, eq=False)
class Comparison:
    """The programme as one bond and as three: as it is, where the service has no effect, and where three cost no
    more than one."""

    one: Programme
    three: Programme
    one_without_effect: Programme
    three_without_effect: Programme
    three_at_the_cost_of_one: Programme


@cache
def compare(paths: int = PATHS, seed: int = SEED) -> Comparison:
    """Simulate the one bond and the three."""
    one, three = [read(EXAMPLES / ONE)], [read(EXAMPLES / file) for file in THREE]
    return Comparison(
        _programme(one, paths, seed),
        _programme(three, paths, seed),
        _programme([_without_effect(deal) for deal in one], paths, seed),
        _programme([_without_effect(deal) for deal in three], paths, seed),
        _programme([at_the_cost_of_one(deal, one[0]) for deal in three], paths, seed),
    )


def at_the_cost_of_one(deal: Deal, one: Deal) -> Deal:
    """A bond that pays of set-up, management, assessment and the lead only its share, by people, of the one bond's."""
    share = deal.cohorts[0].people / one.cohorts[0].people
    lead, manager, assessor = one.providers[0], one.intermediary, one.assessor
    assert lead.mobilisation is not None
    assert manager is not None
    assert assessor is not None
    for path, whole in (
        ("intermediary.set_up", manager.set_up),
        ("intermediary.per_month", manager.per_month),
        ("assessor.per_assessment", assessor.per_assessment),
        ("providers[0].fixed_per_month", lead.fixed_per_month),
        ("providers[0].mobilisation.cost", lead.mobilisation.cost),
    ):
        deal = deal.replace(path, whole * share)
    return deal


def _without_effect(deal: Deal) -> Deal:
    return deal.replace("assumptions.effect", 0)


def _programme(deals: Sequence[Deal], paths: int, seed: int) -> Programme:
    models = [build(deal) for deal in deals]
    return Programme(
        tuple(
            Bond(deal, model, evaluate(model.book.lines, model.book.periods), simulate(model, paths, seed))
            for deal, model in zip(deals, models, strict=True)
        )
    )


def _mean(values: Floats) -> Mean:
    return Mean(float(values.mean()), summarise(values).error)


# ── the table ──────────────────────────────────────────────────────────────────────────────────


def rows(found: Comparison) -> list[list[str]]:
    """The comparison as a table: what, the one bond, the three, and the three one by one."""
    one, three = found.one, found.three
    cheap, no_effect = found.three_at_the_cost_of_one, (found.one_without_effect, found.three_without_effect)
    return [
        ["People", f"{_people(one)}", f"{_people(three)}", _list(f"{bond.people:,.0f}" for bond in three.bonds)],
        ["Fixed cost, base case", *_amounts(one, three, "fixed_cost")],
        ["Capital, base case", *_amounts(one, three, "capital")],
        ["Capital, mean", _money(one.capital), _money(three.capital), ""],
        ["Expected bill", _money(one.bill), _money(three.bill), ""],
        ["Chance that something is paid", _chance(one.any_paid), _chance(three.any_paid), _chances(three, paid)],
        [
            "The same, of a service without effect",
            *(_chance(each.any_paid) for each in no_effect),
            _chances(no_effect[1], paid),
        ],
        ["Expected bill, of a service without effect", *(_money(each.bill) for each in no_effect), ""],
        ["Chance that investors lose money", _chance(one.lost), _chance(three.lost), _chances(three, lost)],
        ["The same, at the fixed cost of one", _chance(one.lost), _chance(cheap.lost), _chances(cheap, lost)],
    ]


HEAD = ("", "One bond", "Three bonds together", "West / South / North and Humber")


def _people(programme: Programme) -> str:
    return f"{sum(bond.people for bond in programme.bonds):,.0f}"


def _amounts(one: Programme, three: Programme, name: str) -> list[str]:
    amounts = [[float(getattr(bond, name)) for bond in programme.bonds] for programme in (one, three)]
    return [*(words.money(sum(each)) for each in amounts), _list(words.money(each) for each in amounts[1])]


def _chances(programme: Programme, of: Callable[[Simulation], object]) -> str:
    return _list(words.percent(each.value, 1) for each in programme.each(of))


def _list(texts: Iterable[str]) -> str:
    return " / ".join(texts)


def _chance(one: Chance) -> str:
    return f"{words.percent(one.value, 1)} ± {words.percent(one.error, 1)}"


def _money(one: Mean) -> str:
    return f"{words.money(one.value)} ± {words.money(one.error)}"


if __name__ == "__main__":
    for row in [list(HEAD), *rows(compare(*map(int, sys.argv[1:2])))]:
        print(f"{row[0]:44s}{row[1]:26s}{row[2]:26s}{row[3]}")
