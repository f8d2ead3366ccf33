"""The simulation of a run as plain data, each figure with its Monte Carlo error."""

from __future__ import annotations

from typing import Any

from sibmodel.analysis.provider_risk import ProviderRisk
from sibmodel.metrics import RateStatus
from sibmodel.payments import caps_of
from sibmodel.results.runs import Run
from sibmodel.simulation import (
    LOSS,
    PAYMENT,
    Estimate,
    Simulation,
    chance_of,
    rates_by_status,
    realised_correlations,
    shortfall_of,
    summary_of,
    width_of,
)


def simulated(simulation: Simulation) -> dict[str, Any]:
    """All figures of the simulation."""
    worst, rates = shortfall_of(simulation, "npv"), rates_by_status(simulation)
    return {
        "paths": simulation.paths,
        "seed": simulation.seed,
        "sampler": simulation.spread.sampler,
        "replicates": simulation.replicates,
        **_extent(simulation),
        "investor": {
            "irr": statistics(simulation, "irr"),
            "moic": statistics(simulation, "moic"),
            "npv": {
                **statistics(simulation, "npv"),
                "expected_shortfall": worst.value,
                "expected_shortfall_error": worst.error,
            },
            **_chance(LOSS, chance_of(simulation, LOSS)),
            "rates_of_return": {name: rates.get(name, 0) for name in (status.name.lower() for status in RateStatus)},
            **_targets(simulation),
        },
        "commissioner": {
            "payments": statistics(simulation, "payments"),
            **_chance(PAYMENT, chance_of(simulation, PAYMENT)),
            "payments_by_payer": {
                name: statistics(simulation, f"payments by payer, {name}")
                for name in simulation.model.commissioning.by_payer
            },
            "caps": [_cap(simulation, name) for name, _ in caps_of(simulation.model.payments)],
        },
        "outcomes": {
            f"{effect}_reduction": statistics(simulation, f"{effect}_reduction")
            for effect in ("true", "measured", "paid")
        },
        **_early_end(simulation),
        **_correlations(simulation),
    }


def _extent(simulation: Simulation) -> dict[str, Any]:
    """Whether it stopped before its time, and whether all its paths are kept; nothing where it is as one expects."""
    found: dict[str, Any] = {}
    if simulation.stopped is not None and simulation.stopped.by == "hand":
        found |= {"stopped_early": True, "paths_asked": simulation.stopped.asked}
    if simulation.until is not None:
        estimate = simulation.until.watched.of(simulation)
        found["until"] = {
            "asked": simulation.until.text,
            "reached": simulation.reached,
            "value": estimate.value,
            "error": estimate.error,
        }
    if simulation.kept < simulation.paths:
        found["paths_kept"] = simulation.kept
    return found


def _chance(name: str, found: Estimate) -> dict[str, float]:
    return {name: found.value, f"{name}_error": found.error}


def _early_end(simulation: Simulation) -> dict[str, Any]:
    """How often the contract ends early, where it may."""
    found: dict[str, Any] = {}
    for key, name in (("ended", "ended_early"), ("stopped_by_investors", "stopped")):
        if name in simulation.figures:
            found |= _chance(key, chance_of(simulation, name))
    if "compensation" in simulation.figures:
        found["compensation"] = statistics(simulation, "compensation")
    return {"early_end": found} if found else {}


def _cap(simulation: Simulation, cap: str) -> dict[str, Any]:
    return {
        "cap": cap,
        **_chance("probability_that_it_binds", chance_of(simulation, f"cap_binds, {cap}")),
        "cut_off": statistics(simulation, f"cut off, {cap}"),
    }


def risks(run: Run, one: ProviderRisk) -> dict[str, Any]:
    """A provider's simulation."""
    found: dict[str, Any] = {"name": one.name}
    for name, key in (("lowest_cash", "lowest_cash"), ("peak_funding_need", "peak_funding"), ("margin", "margin")):
        found[name] = statistics(run.simulation, f"{key}, {one.name}")
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
        found |= _chance(name, estimate)
    return found


def statistics(simulation: Simulation, figure: str) -> dict[str, float]:
    """Mean, spread and percentiles, each with its Monte Carlo error; `error` is that of the mean. Where paths are not
    kept, `width` is the most by which percentiles may lie from those of the same paths kept."""
    summary = summary_of(simulation, figure)
    return {
        "mean": summary.mean,
        "sd": summary.sd,
        "p5": summary.p5,
        "p50": summary.p50,
        "p95": summary.p95,
        "error": summary.error,
        **{f"{name}_error": error for name, error in summary.errors.items()},
        "undefined": summary.undefined,
        **({} if simulation.tally is None else {"width": width_of(simulation, figure)}),
    }


def _targets(simulation: Simulation) -> dict[str, Any]:
    """How often each investor's target is reached; nothing where there is none."""
    found = []
    for one in simulation.model.returns.investors:
        if one.target is not None:
            reached = chance_of(simulation, f"target_reached, {one.who}")
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
