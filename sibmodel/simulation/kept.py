"""What a simulation keeps of its paths: the headline figures, and a few lines over time."""

from __future__ import annotations

from dataclasses import dataclass

from sibmodel.effects import Effects, MetricEffects
from sibmodel.lines import Line
from sibmodel.model import Model
from sibmodel.payments import caps_of

PATHS_OF_A_FAN = 20_000
"""The first so many paths are kept over time, for fan charts."""
PATHS_OF_PROVIDERS = 2_048
"""As many of each provider's cash: there may be a dozen providers."""


@dataclass(frozen=True, eq=False)
class Kept:
    """The lines of which a simulation keeps anything."""

    headlines: dict[str, Line]
    """Without time: kept in every path, by name."""
    over_time: dict[str, Line]
    """Over time: kept in the first paths."""
    rooms: dict[str, int]
    """In how many, by name."""
    flow: Line
    """What all investors together pay and receive: from it the rates of return."""

    @property
    def lines(self) -> list[Line]:
        """All of them."""
        return [*self.headlines.values(), *self.over_time.values(), self.flow]


def kept_of(model: Model) -> Kept:
    """What every simulation of the model keeps."""
    over_time = {"net_position": model.returns.everyone.position, "payments": model.commissioning.paid}
    rooms = dict.fromkeys(over_time, PATHS_OF_A_FAN)
    for provider in model.provider_cash:
        over_time[f"cash, {provider.name}"] = provider.cash.closing
        rooms[f"cash, {provider.name}"] = PATHS_OF_PROVIDERS
    return Kept(headline_lines(model), over_time, rooms, model.returns.everyone.flow)


def headline_lines(model: Model) -> dict[str, Line]:
    """The figures without time that every simulation keeps, by name."""
    investors, bill, first = model.returns.everyone, model.commissioning, model.effects[0]
    lines = {
        "invested": investors.invested,
        "received": investors.received,
        "moic": investors.moic,
        "npv": investors.npv,
        "payback": investors.payback,
        "peak_capital": investors.peak,
        "payments": bill.paid_in_all,
        "for_results": bill.for_results,
        "true_reduction": first.pooled.true,
        "measured_reduction": first.pooled.measured,
        "paid_reduction": first.pooled.paid,
        "true_avoided": first.true_units,
        "measured_avoided": first.measured_units,
    }
    for measure in model.effects:
        for one in (*measure.cohorts, measure.pooled):
            names = effect_names(measure, one, leads=measure is first)
            lines.update(zip(names, (one.true, one.measured, one.paid), strict=True))
    for year in bill.years:
        lines[f"payments, {year.name}"] = year.paid
    if model.end is not None:
        end = {
            "ended_early": model.end.ended,
            "stopped": model.end.stopped,
            "compensation": model.end.compensation_in_all,
        }
        lines.update({name: line for name, line in end.items() if line is not None})
    for payer, line in bill.by_payer.items():
        lines[f"payments by payer, {payer}"] = line
    for cost in bill.costs:
        lines[f"paid for, {cost.metric}"] = cost.paid
        lines[f"true units, {cost.metric}"] = cost.true_units
        lines[f"measured units, {cost.metric}"] = cost.measured_units
    for name, cut in caps_of(model.payments):
        lines[f"cut off, {name}"] = cut.amount
    for one_of in model.funding.guarantees:
        lines[f"guarantee, {one_of.name}"] = one_of.paid_in_all
    for investor in model.returns.investors:
        if investor.target is not None:
            lines[f"target_reached, {investor.who}"] = investor.target.met
    for number, payment in enumerate(model.payments):
        if payment.beyond_the_end is not None:
            lines[f"beyond_the_end, {number}"] = payment.beyond_the_end
    for provider in model.provider_cash:
        kept = {
            "lowest_cash": provider.lowest,
            "shortfall": provider.worst,
            "peak_funding": provider.peak,
            "income": provider.income,
            "cost": provider.cost,
            "margin": provider.margin,
            "above_reserves": provider.headroom,
            "at_risk": provider.stake,
            "at_risk_lost": provider.lost,
        }
        lines |= {f"{name}, {provider.name}": line for name, line in kept.items() if line is not None}
    return lines


def effect_names(measure: MetricEffects, one: Effects, leads: bool) -> list[str]:
    """What the true, measured and paid effects of a cohort, or of all, are called among the figures. Those by the
    deal's first measure, which leads, go without its name."""
    of = "" if one is measure.pooled else f", {one.who}"
    by = "" if leads else f" by {measure.metric}"
    return [f"{which}_reduction{by}{of}" for which in ("true", "measured", "paid")]
