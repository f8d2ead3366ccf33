"""The simulation of a run as plain data, each figure with its Monte Carlo error."""

from __future__ import annotations

from typing import Any

import numpy as np

from sibmodel.analysis.estimates import Estimate
from sibmodel.analysis.provider_risk import ProviderRisk
from sibmodel.metrics import (
    RateStatus,
    error_of_expected_shortfall,
    expected_shortfall,
    summarise,
)
from sibmodel.payments import caps_of
from sibmodel.results.runs import CRUMB, Run, chance, lost, paid
from sibmodel.simulation import Simulation, realised_correlations
from sibmodel.simulation.paths import Floats


def simulated(simulation: Simulation) -> dict[str, Any]:
    """All figures of the simulation."""
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


def risks(run: Run, one: ProviderRisk) -> dict[str, Any]:
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


def _targets(simulation: Simulation) -> dict[str, Any]:
    """How often each investor's target is reached; nothing where there is none."""
    found = []
    for one in simulation.model.returns.investors:
        if one.target is not None:
            reached = chance(simulation.figures[f"target_reached, {one.who}"] > 0, simulation.replicates)
            name = one.who.removeprefix("Investor ")
            found.append({"investor": name, "probability": reached.value, "error": reached.error})
    return {"targets": found} if found else {}


def _correlations(simulation: Simulation) -> dict[str, Any]:
    """How far drivers went together; nothing where none are linked."""
    found = [
        {"between": list(one.between), "asked": one.asked, "realised": one.realised, "error": one.error}
        for one in realised_correlations(simulation)
    ]
    return {"correlations": found} if found else {}
