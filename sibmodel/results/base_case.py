"""The base case of a run as plain data."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

from sibmodel.effects import Effects
from sibmodel.payments import caps_of
from sibmodel.results.runs import Run, rate_status
from sibmodel.simulation import CRUMB, summary_of


def base(run: Run) -> dict[str, Any]:
    """All figures of the base case."""
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
            "needed_effects": [
                {
                    "rate_of_return": one.target,
                    "true_reduction": one.effect,
                    "probability_of_effect": often.effect.value,
                    "probability_of_effect_error": often.effect.error,
                    "probability_of_rate": often.rate.value,
                    "probability_of_rate_error": often.rate.error,
                }
                for one, often in zip(run.needed, run.reached, strict=True)
            ],
            "guarantees": [
                {
                    "name": one.name,
                    "guarantor": one.terms.guarantor,
                    "paid": figure(one.paid_in_all),
                    "expected": summary_of(run.simulation, f"guarantee, {one.name}").mean,
                    "expected_error": summary_of(run.simulation, f"guarantee, {one.name}").error,
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
        **_actuals(run),
    }


def _actuals(run: Run) -> dict[str, Any]:
    """The plan, and what has become known since; nothing where nothing has."""
    if run.plan is None or run.deal.actuals is None:
        return {}
    facts = run.plan.facts(run.model)
    return {
        "actuals": {
            "as_of": str(run.deal.actuals.as_of),
            "facts": [
                {
                    "cohort": one.cohort,
                    "fact": one.what,
                    "measure": one.measure or None,
                    "plan": one.planned,
                    "now": run.figure(one.line),
                    "known": one.known,
                }
                for one in facts
            ],
            "figures": [
                {"figure": one.name, "plan": one.planned, "now": run.figure(one.line)}
                for one in run.plan.headlines(run.model)
            ],
        }
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


def _three(run: Run, effects: Effects) -> dict[str, float]:
    return {
        "true_reduction": run.figure(effects.true),
        "measured_reduction": run.figure(effects.measured),
        "paid_reduction": run.figure(effects.paid),
    }


def lowest_cash(run: Run, place: int) -> float:
    """The lowest cash at any month's end of the provider in that place of the deal's, own cash with it where it is
    told; without the crumbs that rounding leaves."""
    lowest = run.figure(run.model.provider_cash[place].lowest)
    return 0.0 if abs(lowest) < CRUMB else lowest
