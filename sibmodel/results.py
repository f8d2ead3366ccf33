"""A run: a deal, its base case and its simulation; and the figures of all that as plain data.

`document` is what `--json` prints and `<deal>.json` holds. Its keys are documented in docs/results.md and held to
`sibmodel/result_schema.json` by a test.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from sibmodel import __version__
from sibmodel.analysis.error_rates import ErrorRates, effect_cells, error_rates
from sibmodel.analysis.needed import Needed, needed
from sibmodel.analysis.provider_risk import Estimate, ProviderRisk, break_even_volumes, provider_risk
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
from sibmodel.payments import caps_of
from sibmodel.simulation import SEED, Simulation, realised_correlations, simulate
from sibmodel.simulation.paths import Floats
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

    def figure(self, line: Line) -> float:
        """A figure of the base case; nan where it is not available."""
        return self.base.figure(line)


def run(
    deal: Deal,
    paths: int | None = None,
    seed: int = SEED,
    progress: Progress | None = None,
    sampler: str | None = None,
) -> Run:
    """Build and calculate a deal: base case and simulation, by the pseudo-random sampler unless told."""
    model = build(deal)
    base = evaluate(model.book.lines, model.book.periods)
    simulation = simulate(model, paths, seed, progress, sampler)
    errors = (
        error_rates(deal, paths=min(simulation.paths, PATHS_OF_ERROR_RATES), seed=seed) if effect_cells(model) else None
    )
    risks = tuple(provider_risk(simulation, place) for place in range(len(model.provider_cash)))
    return Run(deal, model, base, simulation, deal_hash(deal), errors, risks, break_even_volumes(model), needed(model))


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


def document(run: Run) -> dict[str, Any]:
    """The run as plain data: numbers, texts, None where a figure is not available."""
    return {
        "deal": run.deal.name,
        "version": __version__,
        "deal_hash": run.hash,
        "base": _plain(_base(run)),
        "simulation": _plain(_simulated(run.simulation) | {"providers": [_risks(run, one) for one in run.risks]}),
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
            "peak_drawn": figure(model.uses.peak_drawn),
            "recycled": figure(model.uses.recycled),
            "recycling_factor": figure(model.uses.recycling),
            "needed_effects": [{"rate_of_return": one.target, "true_reduction": one.effect} for one in run.needed],
            "guarantees": [
                {
                    "name": one.name,
                    "guarantor": one.terms.guarantor,
                    "paid": figure(one.paid_in_all),
                    "expected": float(run.simulation.figures[f"guarantee, {one.name}"].mean()),
                    "expected_error": summarise(
                        run.simulation.figures[f"guarantee, {one.name}"], run.simulation.replicates
                    ).error,
                }
                for one in model.funding.guarantees
            ],
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
        "sources": {name: figure(line) for name, line in model.uses.sources.items()},
        "uses": {name: figure(line) for name, line in model.uses.uses.items()},
        "waterfall": [
            {
                "account": one.step.account,
                "step": one.step.title,
                "financial_year": one.name,
                "asked": figure(one.asked),
                "got": figure(one.got),
                "left": figure(one.left),
            }
            for one in model.uses.years
        ],
        "commissioner": {
            "payments": figure(bill.paid_in_all),
            "cost_per_event_avoided": figure(bill.costs[0].per_true),
            "cost_per_measured_event_avoided": figure(bill.costs[0].per_measured),
            "cost_divides": bill.costs[0].divides,
            "cost_by_measure": [
                {
                    "measure": one.metric,
                    "divides": one.divides,
                    "payments": figure(one.paid),
                    "cost_per_true_outcome": figure(one.per_true),
                    "cost_per_measured_outcome": figure(one.per_measured),
                }
                for one in bill.costs
            ],
            "payments_by_payer": {name: figure(line) for name, line in bill.by_payer.items()},
            "payments_by_financial_year": {year.name: figure(year.paid) for year in bill.years},
            "caps": [{"cap": name, "cut_off": figure(cut.amount)} for name, cut in caps_of(model.payments)],
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
        "providers": [_provider(run, place) for place in range(len(model.providers))],
    }


def _provider(run: Run, place: int) -> dict[str, Any]:
    """A provider's base case."""
    figure, lines, cash = run.figure, run.model.providers[place], run.model.provider_cash[place]
    return {
        "name": lines.name,
        "paid_by": lines.paid_by,
        "bill": float(run.base.row(lines.bill.line).sum()),
        "income": figure(cash.income),
        "cost": figure(cash.cost),
        "margin": figure(cash.margin),
        "opening_cash": None if cash.opening_cash is None else figure(cash.opening_cash),
        "lowest_cash": lowest_cash(run, place),
        "month_of_lowest_cash": _month(figure(cash.lowest_month)),
        "largest_shortfall": figure(cash.worst),
        "first_month_short": _month(figure(cash.first_short)),
        "peak_funding_need": figure(cash.peak),
        "months_of_cover": figure(cash.cover),
        "reserves_policy": None if cash.floor is None else figure(cash.floor),
        "pay_at_risk": 0.0 if cash.stake is None else figure(cash.stake),
        "break_even_volume": run.break_even[place],
        "cash_by_financial_year": {year.name: figure(year.closing) for year in cash.years},
    }


def _month(day: float) -> str | None:
    """The month of a day counted as spreadsheets do; None where there is none."""
    return f"{date(1899, 12, 30) + timedelta(days=round(day)):%Y-%m}" if math.isfinite(day) else None


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
            reached = chance(simulation.figures[f"target_reached, {one.who}"] > 0, simulation.replicates)
            name = one.who.removeprefix("Investor ")
            found.append({"investor": name, "probability": reached.value, "error": reached.error})
    return {"targets": found} if found else {}


def _three(run: Run, effects: Effects) -> dict[str, float]:
    return {
        "true_reduction": run.figure(effects.true),
        "measured_reduction": run.figure(effects.measured),
        "paid_reduction": run.figure(effects.paid),
    }


def lowest_cash(run: Run, place: int) -> float:
    """The lowest cash of the provider in that place of the deal's, own cash with it where it is told; without, 0 where
    it never falls below."""
    one = run.model.provider_cash[place]
    lowest = run.figure(one.lowest)
    return lowest if one.opening_cash is not None or lowest < -CRUMB else 0.0


def _simulated(simulation: Simulation) -> dict[str, Any]:
    figures, replicates = simulation.figures, simulation.replicates
    loss, payment = chance(lost(simulation), replicates), chance(paid(simulation), replicates)
    return {
        "paths": simulation.paths,
        "seed": simulation.seed,
        "sampler": simulation.spread.sampler,
        "replicates": replicates,
        "investor": {
            "irr": statistics(figures["irr"], replicates),
            "moic": statistics(figures["moic"], replicates),
            "npv": {
                **statistics(figures["npv"], replicates),
                "expected_shortfall": expected_shortfall(figures["npv"]),
                "expected_shortfall_error": error_of_expected_shortfall(figures["npv"], replicates=replicates),
            },
            "probability_of_loss": loss.value,
            "probability_of_loss_error": loss.error,
            "rates_of_return": {
                status.name.lower(): int(np.count_nonzero(simulation.rate_status == status)) for status in RateStatus
            },
            **_targets(simulation),
        },
        "commissioner": {
            "payments": statistics(figures["payments"], replicates),
            "probability_of_payment": payment.value,
            "probability_of_payment_error": payment.error,
            "payments_by_payer": {
                name: statistics(figures[f"payments by payer, {name}"], replicates)
                for name in simulation.model.commissioning.by_payer
            },
            "caps": [_cap(simulation, name) for name, _ in caps_of(simulation.model.payments)],
        },
        "outcomes": {
            f"{effect}_reduction": statistics(figures[f"{effect}_reduction"], replicates)
            for effect in ("true", "measured", "paid")
        },
        **_early_end(figures, replicates),
        **_correlations(simulation),
    }


def _correlations(simulation: Simulation) -> dict[str, Any]:
    """How far drivers went together; nothing where none are linked."""
    found = [
        {"between": list(one.between), "asked": one.asked, "realised": one.realised, "error": one.error}
        for one in realised_correlations(simulation)
    ]
    return {"correlations": found} if found else {}


def _early_end(figures: dict[str, Floats], replicates: int) -> dict[str, Any]:
    """How often the contract ends early, where it may."""
    found: dict[str, Any] = {}
    for key, name in (("ended", "ended_early"), ("stopped_by_investors", "stopped")):
        if name in figures:
            share = chance(figures[name] > 0, replicates)
            found |= {key: share.value, f"{key}_error": share.error}
    if "compensation" in figures:
        found["compensation"] = statistics(figures["compensation"], replicates)
    return {"early_end": found} if found else {}


def binds(simulation: Simulation, cap: str) -> Any:
    """For each path, whether a cap cuts anything off."""
    return simulation.figures[f"cut off, {cap}"] > CRUMB


def _cap(simulation: Simulation, cap: str) -> dict[str, Any]:
    bound = chance(binds(simulation, cap), simulation.replicates)
    return {
        "cap": cap,
        "probability_that_it_binds": bound.value,
        "probability_that_it_binds_error": bound.error,
        "cut_off": statistics(simulation.figures[f"cut off, {cap}"], simulation.replicates),
    }


def _risks(run: Run, one: ProviderRisk) -> dict[str, Any]:
    """A provider's simulation."""
    figures = run.simulation.figures
    found: dict[str, Any] = {"name": one.name}
    for name, key in (("lowest_cash", "lowest_cash"), ("peak_funding_need", "peak_funding"), ("margin", "margin")):
        found[name] = statistics(figures[f"{key}, {one.name}"], run.simulation.replicates)
    estimates: dict[str, Estimate] = {
        "probability_of_cash_below_zero": one.below_zero,
        "probability_of_cash_below_reserves": one.below_reserves,
        "margin_of_the_worst_5_percent": one.margin_of_the_worst,
        "margin_at_risk": one.margin_at_risk,
        "margin_at_risk_by_income": one.margin_at_risk_by_income,
        "lost_of_each_pound_at_risk": one.lost_of_each_pound,
        "largest_stake": one.largest_stake,
    }
    for name, estimate in estimates.items():
        found |= {name: estimate.value, f"{name}_error": estimate.error}
    return found


def statistics(values: Any, replicates: int) -> dict[str, float]:
    """Mean, spread and percentiles, each with its Monte Carlo error; `error` is that of the mean."""
    summary = summarise(values, replicates)
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
