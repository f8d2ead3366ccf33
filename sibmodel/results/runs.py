"""A run: a deal, its base case and its simulation, and chances read from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.analysis.error_rates import ErrorRates, effect_cells, error_rates
from sibmodel.analysis.needed import Needed, needed
from sibmodel.analysis.payoff import Payoff, payoff
from sibmodel.analysis.provider_risk import ProviderRisk, break_even_volumes, provider_risk
from sibmodel.analysis.scenarios import ScenarioCase, scenario_cases
from sibmodel.deal import Deal
from sibmodel.files import deal_hash
from sibmodel.lines import Line, Values, evaluate
from sibmodel.metrics import (
    RateStatus,
    error_of_probability,
    irr,
)
from sibmodel.model import Model, build
from sibmodel.plan import Plan, planned
from sibmodel.simulation import SEED, EngineName, Simulation, simulate
from sibmodel.simulation.running import Progress

PATHS_OF_ERROR_RATES = 2_048
"""Paths for each true effect in a run's error rates; the command `error-rates` takes more."""
CRUMB = 0.005
"""Half a penny: a payment below it is none."""


@dataclass(frozen=True, eq=False)
class Run:
    """A deal calculated: `base` has every line of the base case."""

    deal: Deal
    model: Model
    base: Values
    simulation: Simulation
    hash: str
    errors: ErrorRates | None = None
    """How payment sorts truth; None where it does not hang on an effect."""
    risks: tuple[ProviderRisk, ...] = ()
    """What each provider risks, in the order of the deal's."""
    break_even: tuple[float, ...] = ()
    """The people, as a share of the base case's, at which each provider's margin is nil; nan where there is none."""
    needed: tuple[Needed, ...] = ()
    """The effect needed for some rates of return; empty where it does not hang on an effect."""
    plan: Plan | None = None
    """The deal as it was signed; None where nothing has become known since."""
    payoff: tuple[Payoff, ...] = ()
    """What is paid at each measured effect; empty where payment hangs on none."""
    scenarios: tuple[ScenarioCase, ...] = ()
    """The deal's scenarios, each with its base case."""

    def figure(self, line: Line) -> float:
        """A figure of the base case; nan where it is not available."""
        return self.base.figure(line)


def run(
    deal: Deal,
    paths: int | None = None,
    seed: int = SEED,
    progress: Progress | None = None,
    engine: EngineName | None = None,
    sampler: str | None = None,
) -> Run:
    """Build and calculate a deal: base case and simulation, by the pseudo-random sampler unless told. The figures do
    not depend on the engine."""
    model = build(deal)
    base = evaluate(model.book.lines, model.book.periods)
    simulation = simulate(model, paths, seed, progress, engine, sampler)
    errors = (
        error_rates(deal, paths=min(simulation.paths, PATHS_OF_ERROR_RATES), seed=seed) if effect_cells(model) else None
    )
    risks = tuple(provider_risk(simulation, place) for place in range(len(model.provider_cash)))
    return Run(
        deal,
        model,
        base,
        simulation,
        deal_hash(deal),
        errors,
        risks,
        break_even_volumes(model),
        needed(model),
        planned(deal),
        payoff(model),
        scenario_cases(deal, model),
    )


@dataclass(frozen=True)
class Chance:
    """A probability and its Monte Carlo standard error."""

    value: float
    error: float


def chance(condition: Any, replicates: int) -> Chance:
    """The share of paths in which `condition` holds."""
    return Chance(float(np.mean(condition)), error_of_probability(condition, replicates))


def lost(simulation: Simulation) -> Any:
    """For each path, whether investors got back less than they put in."""
    return simulation.figures["received"] < simulation.figures["invested"] - CRUMB


def paid(simulation: Simulation) -> Any:
    """For each path, whether anything was paid for results: fees and charges are no proof of success."""
    return simulation.figures["for_results"] > CRUMB


def rate_status(run: Run) -> RateStatus:
    """What is known of investors' rate of return in the base case."""
    return RateStatus(int(irr(run.base.row(run.model.returns.everyone.flow)).status))
