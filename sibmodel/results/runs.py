"""A run: a deal, its base case and its simulation, and chances read from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from sibmodel.analysis.conditional import Condition, conditional_means
from sibmodel.analysis.error_rates import ErrorRates, effect_cells, error_rates
from sibmodel.analysis.needed import Needed, Reached, needed, reached
from sibmodel.analysis.payoff import Payoff, payoff
from sibmodel.analysis.provider_risk import ProviderRisk, break_even_volumes, provider_risk
from sibmodel.analysis.scenarios import ScenarioCase, scenario_cases
from sibmodel.analysis.sensitivity import Sensitivity, brief
from sibmodel.analysis.transfer.comparing import Progress as ComparisonProgress
from sibmodel.analysis.transfer.comparing import compare
from sibmodel.analysis.transfer.contracts import Comparison
from sibmodel.analysis.value_for_money.judging import ValueForMoney, judged
from sibmodel.analysis.value_for_money.lines import ValueLines
from sibmodel.analysis.value_for_money.lines import build as build_value
from sibmodel.cautions import Caution, cautions
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
from sibmodel.simulation import (
    CRUMB,
    LOSS,
    SEED,
    EngineName,
    Estimate,
    Execution,
    Sampling,
    Simulation,
    simulate,
    usual,
)
from sibmodel.simulation.running import ALONE, Progress

PATHS_OF_ERROR_RATES = 2_048
"""Paths for each true effect in a run's error rates; the command `error-rates` takes more."""
PATHS_OF_A_COMPARISON = 16_384
"""Paths of a comparison of contracts, and of value for money by itself."""


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
    where_lost: Condition | None = None
    """What is different where investors lose money; None where they do so in every path, or in none."""
    plan: Plan | None = None
    """The deal as it was signed; None where nothing has become known since."""
    value: ValueForMoney | None = None
    """What it is worth to those who pay for it; None where the deal does not say what outcomes are worth."""
    comparison: Comparison | None = None
    """The deal beside other contracts; None unless asked for."""
    payoff: tuple[Payoff, ...] = ()
    """What is paid at each measured effect; empty where payment hangs on none."""
    scenarios: tuple[ScenarioCase, ...] = ()
    """The deal's scenarios, each with its base case."""
    whole_sensitivity: Sensitivity | None = None
    """With paths of its own, where it was asked for."""

    @cached_property
    def sensitivity(self) -> Sensitivity:
        """What moves the deal's figures: from the paths of the simulation, unless it was asked for with its own."""
        return self.whole_sensitivity or brief(self.simulation)

    @cached_property
    def reached(self) -> tuple[Reached, ...]:
        """How often the simulation reaches what `needed` says, in its order."""
        return reached(self.needed, self.simulation)

    @cached_property
    def cautions(self) -> tuple[Caution, ...]:
        """What is likely to mislead whoever relies on the deal."""
        return tuple(cautions(self.model, self.errors))

    def figure(self, line: Line) -> float:
        """A figure of the base case; nan where it is not available."""
        return self.base.figure(line)


def run(
    deal: Deal,
    paths: int | None = None,
    seed: int = SEED,
    progress: Progress | None = None,
    engine: EngineName | None = None,
    sampler: str | Sampling | None = None,
    error: str | None = None,
    execution: Execution = ALONE,
) -> Run:
    """Build and calculate a deal: base case and simulation, by the usual sampler for so many paths unless told
    (`sibmodel.simulation.usual`); until `error` is reached, where it is told, and then pseudo-randomly unless told. The
    figures do not depend on the engine, nor on how it is carried out: see `simulate`."""
    model = build(deal)
    value = None if deal.value is None else build_value(model)
    chosen = sampler or (usual(paths) if error is None else "random")
    return _run(model, value, simulate(model, paths, seed, progress, engine, chosen, error, execution))


def compared(
    deal: Deal,
    others: Sequence[tuple[str, Deal]] = (),
    paths: int = PATHS_OF_A_COMPARISON,
    seed: int = SEED,
    progress: ComparisonProgress | None = None,
    sampler: str | Sampling | None = None,
    execution: Execution = ALONE,
) -> Run:
    """A deal calculated, and compared with a fee for service, with payment by results to providers, and with other
    deals, each under its name; by the usual sampler for so many paths unless told. Of the `execution`, the crew and the
    helpers divide the risk among drivers."""
    chosen, crew, helpers = sampler or usual(paths), execution.crew, execution.helpers
    found = compare(deal, others, paths, seed, progress, sampler=chosen, crew=crew, helpers=helpers)
    return of_comparison(found)


def of_comparison(found: Comparison) -> Run:
    """The deal of a comparison calculated, over the same paths."""
    return _run(found.model, found.value, simulate(found.model, found.paths, found.seed, sampler=found.spread), found)


def valued(deal: Deal, paths: int = PATHS_OF_A_COMPARISON, seed: int = SEED, sampler: str | None = None) -> Run:
    """A deal calculated, and judged by its value for money, whether or not it says what outcomes are worth; by the
    usual sampler for so many paths unless told."""
    model = build(deal)
    value = build_value(model)
    return _run(model, value, simulate(model, paths, seed, sampler=sampler or usual(paths)))


def of_value(found: ValueForMoney) -> Run:
    """The deal of a value for money calculated, over the same paths."""
    return _run(found.model, found.lines, simulate(found.model, found.paths, found.seed, sampler=found.spread))


def of_sensitivity(found: Sensitivity) -> Run:
    """The deal of a sensitivity calculated, with as many paths, drawn by the same sampler."""
    return replace(run(found.deal, found.paths, found.seed, sampler=found.spread), whole_sensitivity=found)


def _run(model: Model, value: ValueLines | None, simulation: Simulation, comparison: Comparison | None = None) -> Run:
    deal, seed = model.deal, simulation.seed
    base = evaluate(model.book.lines, model.book.periods)
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
        conditional_means(simulation, LOSS),
        planned(deal),
        None if value is None else judged(value, simulation),
        comparison,
        payoff(model),
        scenario_cases(deal, model),
    )


Chance = Estimate
"""A probability and its Monte Carlo standard error."""


def chance(condition: Any, replicates: int) -> Chance:
    """The share of paths [path] in which `condition` holds."""
    return Chance(float(np.mean(condition)), error_of_probability(condition, replicates))


def lost(simulation: Simulation) -> Any:
    """For each path that is kept, whether investors got back less than they put in."""
    return simulation.figures["received"] < simulation.figures["invested"] - CRUMB


def paid(simulation: Simulation) -> Any:
    """For each path that is kept, whether anything was paid for results: fees and charges are no proof of success."""
    return simulation.figures["for_results"] > CRUMB


def rate_status(run: Run) -> RateStatus:
    """What is known of investors' rate of return in the base case."""
    return RateStatus(int(irr(run.base.row(run.model.returns.everyone.flow)).status))
