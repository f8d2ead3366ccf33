"""A deal's incentives on the screen and as data."""

from __future__ import annotations

from typing import Any

from sibmodel.analysis.incentives import BandPay, Incentives
from sibmodel.results.as_data import plain
from sibmodel.simulation import Estimate
from sibmodel.views.incentives import sentences
from sibmodel.words import money, number, percent


def screen(found: Incentives) -> str:
    """The sentences, the margins and the bands."""
    lines = [found.deal, *[f"  {sentence}" for sentence in sentences(found)], ""]
    lines.append(f"  {'True effect':<13}{'Expected payment':>26}{'One more outcome earns':>28}{'Share':>15}  Flag")
    for one in found.margins:
        paid, pay = (f"{money(each.value)} ± {money(each.error)}" for each in (one.paid, one.pay))
        share = f"{number(one.share.value, 2)} ± {number(one.share.error, 2)}"
        lines.append(f"  {percent(one.effect):<13}{paid:>26}{pay:>28}{share:>15}  {one.flag}".rstrip())
    if found.bands:
        lines += [
            "",
            f"  {'Band':<13}{'Events a person':>16}{'Fewer reconvicted':>19}{'Events avoided':>16}{'By cost':>21}",
        ]
        lines += [_band(one) for one in found.bands]
        lines.append(
            "  Of 100 people, with a cut of 10%. By cost: pay by events, and by people, over the cost to serve."
        )
    return "\n".join(lines)


def _band(one: BandPay) -> str:
    by_cost = f"{number(one.frequency_by_cost, 2)} and {number(one.binary_by_cost, 2)}"
    fewer, events = number(one.fewer_reconvicted, 2), number(one.fewer_events, 1)
    return f"  {one.band.name:<13}{number(one.band.events, 2):>16}{fewer:>19}{events:>16}{by_cost:>21}"


def as_data(found: Incentives) -> dict[str, Any]:
    """All of it as plain data."""
    data: dict[str, Any] = plain(
        {
            "deal": found.deal,
            "paths": found.paths,
            "seed": found.seed,
            "price_of_an_outcome": found.price,
            "most_paid_from": found.most_paid_from,
            "margins": [
                {
                    "true_effect": one.effect,
                    "expected_payment": _estimate(one.paid),
                    "true_outcomes": one.outcomes,
                    "one_more_outcome_earns": _estimate(one.pay),
                    "share_of_price": _estimate(one.share),
                    "flag": one.flag or None,
                }
                for one in found.margins
            ],
            "bands": [
                {
                    "band": one.band.name,
                    "events_a_person": one.band.events,
                    "reconvicted": one.reconvicted,
                    "fewer_reconvicted_of_100": one.fewer_reconvicted,
                    "events_avoided_of_100": one.fewer_events,
                    "cost_to_serve": one.band.cost,
                    "pay_by_events_by_cost": one.frequency_by_cost,
                    "pay_by_people_by_cost": one.binary_by_cost,
                }
                for one in found.bands
            ],
            "early_payment": [
                {
                    "payment": one.payment,
                    "bill": _estimate(one.bill),
                    "investors_npv": _estimate(one.investors),
                    "chance_of_payment": _estimate(one.chance),
                    "chance_of_payment_without_effect": _estimate(one.chance_for_nothing),
                }
                for one in found.early
            ],
            "findings": list(sentences(found)),
        }
    )
    return data


def _estimate(one: Estimate) -> dict[str, float]:
    return {"value": one.value, "error": one.error}
