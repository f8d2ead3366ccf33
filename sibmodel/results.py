"""A run: a deal, its base case and its simulation; and the figures of all that as plain data.

`document` is what `--json` prints and `<deal>.json` holds. Its keys are documented in docs/results.md and held to
`sibmodel/result_schema.json` by a test.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel import __version__
from sibmodel.analysis.error_rates import ErrorRates, effect_cells, error_rates
from sibmodel.deal import Deal
from sibmodel.effects import Effects
from sibmodel.files import deal_hash
from sibmodel.lines import Line, Values, evaluate
from sibmodel.metrics import (
    RateStatus,
    error_of_expected_shortfall,
    error_of_probability,
    expected_shortfall,
    irr,
    summarise,
)
from sibmodel.model import Model, build
from sibmodel.simulation import PATHS, SEED, Simulation, simulate
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

    def figure(self, line: Line) -> float:
        """A figure of the base case; nan where it is not available."""
        return self.base.figure(line)


def run(deal: Deal, paths: int = PATHS, seed: int = SEED, progress: Progress | None = None) -> Run:
    """Build and calculate a deal: base case and simulation."""
    model = build(deal)
    base = evaluate(model.book.lines, model.book.periods)
    simulation = simulate(model, paths, seed, progress)
    errors = error_rates(deal, paths=min(paths, PATHS_OF_ERROR_RATES), seed=seed) if effect_cells(model) else None
    return Run(deal, model, base, simulation, deal_hash(deal), errors)


@dataclass(frozen=True)
class Chance:
    """A probability and its Monte Carlo standard error."""

    value: float
    error: float


def chance(condition: Any) -> Chance:
    """The share of paths in which `condition` holds."""
    return Chance(float(np.mean(condition)), error_of_probability(condition))


def lost(simulation: Simulation) -> Any:
    """For each path, whether investors got back less than they put in."""
    return simulation.figures["received"] < simulation.figures["invested"] - CRUMB


def paid(simulation: Simulation) -> Any:
    """For each path, whether anything was paid for outcomes."""
    return simulation.figures["payments"] > CRUMB


def rate_status(run: Run) -> RateStatus:
    """What is known of investors' rate of return in the base case."""
    return RateStatus(int(irr(run.base.row(run.model.returns.everyone.flow)).status))


def document(run: Run) -> dict[str, Any]:
    """The run as plain data: numbers, texts, None where a figure is not available."""
    return {
        "deal": run.deal.name,
        "version": __version__,
        "deal_hash": run.hash,
        "base": _plain(_base(run)),
        "simulation": _plain(_simulated(run.simulation)),
    }


def _base(run: Run) -> dict[str, Any]:
    model, figure = run.model, run.figure
    investors, bill = model.returns.everyone, model.commissioning
    return {
        "investor": {
            "irr": figure(investors.irr),
            "irr_status": rate_status(run).name.lower(),
            "moic": figure(investors.moic),
            "npv": figure(investors.npv),
            "invested": figure(investors.invested),
            "received": figure(investors.received),
            "payback": figure(investors.payback),
            "peak_capital": figure(investors.peak),
            "tranches": [
                {
                    "name": one.who,
                    "irr": figure(one.irr),
                    "moic": figure(one.moic),
                    "invested": figure(one.invested),
                    "received": figure(one.received),
                }
                for one in model.returns.tranches
            ],
            **_investors(run),
        },
        "commissioner": {
            "payments": figure(bill.paid_in_all),
            "cost_per_event_avoided": figure(bill.cost_per_true_event),
            "cost_per_measured_event_avoided": figure(bill.cost_per_measured_event),
            "payments_by_payer": {name: figure(line) for name, line in bill.by_payer.items()},
            "payments_by_financial_year": {year.name: figure(year.paid) for year in bill.years},
        },
        "outcomes": [{"cohort": one.who, **_three(run, one)} for one in model.effects[0].cohorts],
        "pooled": _three(run, model.effects[0].pooled),
        "measures": [
            {
                "name": one.metric,
                "unit": one.unit,
                "true_units": figure(one.true_units),
                "measured_units": figure(one.measured_units),
                "cohorts": [{"cohort": each.who, **_three(run, each)} for each in one.cohorts],
                "pooled": _three(run, one.pooled),
            }
            for one in model.effects
        ],
        "providers": [
            {
                "name": one.name,
                "lowest_cash": lowest_cash(run, one.name),
                "bill": float(run.base.row(one.bill.line).sum()),
            }
            for one in model.providers
        ],
    }


def _investors(run: Run) -> dict[str, Any]:
    """Those who share a tranche; nothing where nobody does."""
    found = [
        {
            "name": one.who.removeprefix("Investor "),
            "irr": run.figure(one.irr),
            "xirr": run.figure(one.xirr),
            "moic": run.figure(one.moic),
            "invested": run.figure(one.invested),
            "received": run.figure(one.received),
            "target_return": None if one.target is None else run.figure(one.target.rate),
            "target_reached": None if one.target is None else bool(run.figure(one.target.met)),
        }
        for one in run.model.returns.investors
    ]
    return {"investors": found} if found else {}


def _targets(simulation: Simulation) -> dict[str, Any]:
    """How often each investor's target is reached; nothing where there is none."""
    found = []
    for one in simulation.model.returns.investors:
        if one.target is not None:
            reached = chance(simulation.figures[f"target_reached, {one.who}"] > 0)
            name = one.who.removeprefix("Investor ")
            found.append({"investor": name, "probability": reached.value, "error": reached.error})
    return {"targets": found} if found else {}


def _three(run: Run, effects: Effects) -> dict[str, float]:
    return {
        "true_reduction": run.figure(effects.true),
        "measured_reduction": run.figure(effects.measured),
        "paid_reduction": run.figure(effects.paid),
    }


def lowest_cash(run: Run, provider: str) -> float:
    """The lowest sum of a provider's cash flow from this deal so far; 0 where it never falls below."""
    lowest = float(np.cumsum(run.base.row(run.model.flows.of[provider])).min())
    return lowest if lowest < -CRUMB else 0.0


def _simulated(simulation: Simulation) -> dict[str, Any]:
    figures = simulation.figures
    loss, payment = chance(lost(simulation)), chance(paid(simulation))
    return {
        "paths": simulation.paths,
        "seed": simulation.seed,
        "investor": {
            "irr": statistics(figures["irr"]),
            "moic": statistics(figures["moic"]),
            "npv": {
                **statistics(figures["npv"]),
                "expected_shortfall": expected_shortfall(figures["npv"]),
                "expected_shortfall_error": error_of_expected_shortfall(figures["npv"]),
            },
            "probability_of_loss": loss.value,
            "probability_of_loss_error": loss.error,
            "rates_of_return": {
                status.name.lower(): int(np.count_nonzero(simulation.rate_status == status)) for status in RateStatus
            },
            **_targets(simulation),
        },
        "commissioner": {
            "payments": statistics(figures["payments"]),
            "probability_of_payment": payment.value,
            "probability_of_payment_error": payment.error,
        },
        "outcomes": {
            f"{effect}_reduction": statistics(figures[f"{effect}_reduction"]) for effect in ("true", "measured", "paid")
        },
    }


def statistics(values: Any) -> dict[str, float]:
    """Mean, spread and percentiles, each with its Monte Carlo error; `error` is that of the mean."""
    summary = summarise(values)
    return {
        "mean": summary.mean,
        "sd": summary.sd,
        "p5": summary.p5,
        "p50": summary.p50,
        "p95": summary.p95,
        "error": summary.error,
        **{f"{name}_error": error for name, error in summary.errors.items()},
        "undefined": summary.undefined,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
