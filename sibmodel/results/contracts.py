"""Contracts side by side, and value for money, as plain data: each simulated figure with its Monte Carlo error."""

from __future__ import annotations

from typing import Any

from sibmodel.analysis.transfer.contracts import Contract, PartyRisk
from sibmodel.analysis.transfer.drivers import GROUPS
from sibmodel.analysis.value_for_money.judging import Net, Spread, ValueForMoney
from sibmodel.simulation import Estimate


def contract(one: Contract) -> dict[str, Any]:
    """A contract."""
    regret = one.regret
    return {
        "name": one.name,
        "form": one.form.name,
        "bill_at_present_value": _estimate(one.bill),
        "cost_per_true_outcome": _estimate(one.per_true),
        "price_of_transfer": _estimate(one.price_of_transfer),
        "bill_without_effect": _estimate(one.paid_for_nothing),
        "signal_share": one.signal,
        "noise_share": one.noise,
        "regret": None
        if regret is None
        else {
            "mean": _estimate(regret.mean),
            "worst_5_percent": _estimate(regret.worst),
            "risk_transfer_ratio": regret.transferred,
        },
        "parties": [_party(party) for party in one.parties],
        "payments": [
            {"payer": each.payer, "payee": each.payee, "label": each.label, **_estimate(each.mean)}
            for each in one.payments
        ],
        "step_in": [
            {"provider": each.provider, "chance": _estimate(each.chance), "cost": _estimate(each.cost)}
            for each in one.failures
        ],
        "risk": [_risk(one, place, who) for place, who in enumerate(one.attributed)],
        "loss_in_the_worst_5_percent": one.tail,
        "largest_imbalance": one.imbalance,
    }


def _party(one: PartyRisk) -> dict[str, Any]:
    estimates = {
        "mean": one.mean,
        "sd": one.sd,
        "p5": one.p5,
        "worst_5_percent": one.worst,
        "probability_below_zero": one.loss,
        "peak_cash": one.peak,
        "peak_cash_p95": one.peak_p95,
    }
    return {"name": one.name, **{name: _estimate(estimate) for name, estimate in estimates.items()}}


def _risk(one: Contract, place: int, who: str) -> dict[str, Any]:
    found, groups = one.attribution, one.attribution.groups
    errors = {name: float(found.errors[groups.index(name), place]) if name in groups else 0.0 for name in GROUPS}
    return {
        "of": who,
        "sd": float(found.variance[place] ** 0.5),
        "shares": {name: {"value": one.share(name, who), "error": errors[name]} for name in GROUPS},
    }


def value_for_money(found: ValueForMoney) -> dict[str, Any]:
    """What a deal is worth to those who pay for it."""
    return {
        "bill": _spread(found.bill),
        "bill_by_financial_year": {name: _spread(spread) for name, spread in found.years},
        "cost_per_outcome": [
            {
                "measure": one.measure,
                "true": _estimate(one.true),
                "measured": _estimate(one.measured),
                "true_outcomes": _estimate(one.true_units),
                "measured_outcomes": _estimate(one.measured_units),
            }
            for one in found.outcomes
        ],
        "price_year": found.lines.price_year,
        "discounting": [{"from_year": one.from_year, "rate": one.rate} for one in found.lines.terms.rates],
        "cost_at_present_value": _spread(found.cost),
        "cost_per_true_outcome_at_present_value": _estimate(found.per_true_present),
        "benefits": [
            {
                "name": one.terms.name,
                "kind": one.terms.kind,
                "basis": one.terms.basis,
                "worth_of_one": one.per_event,
                "source": one.terms.source,
                "present_value": _spread(one.present),
            }
            for one in found.benefits
        ],
        "net_present_value": [_net(one) for one in found.nets],
    }


def _net(one: Net) -> dict[str, Any]:
    return {
        "of": one.of,
        "benefits": _spread(one.benefits),
        "net": _spread(one.net),
        "probability_below_zero": _estimate(one.negative),
        "benefit_cost_ratio": _estimate(one.by_cost),
        "switching_effect": _estimate(one.switching.effect),
        "always": one.switching.always or None,
    }


def _spread(one: Spread) -> dict[str, Any]:
    return {
        "mean": one.mean.value,
        "error": one.mean.error,
        "p5": one.p5.value,
        "p5_error": one.p5.error,
        "p95": one.p95.value,
        "p95_error": one.p95.error,
        "highest": one.highest,
    }


def _estimate(one: Estimate) -> dict[str, Any]:
    return {"value": one.value, "error": one.error}
