"""What may happen in a path, and figures made of others: by name, from a simulation's headline figures.

An event is true or false in every path. Its chance is told over all paths, also where these are not kept one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from sibmodel.metrics import RateStatus
from sibmodel.model import Model
from sibmodel.payments import caps_of
from sibmodel.simulation.paths import Floats

CRUMB = 0.005
"""Half a penny: an amount below it is none."""

Holds = npt.NDArray[np.bool_]
Statuses = npt.NDArray[np.int8]
Event = Callable[[Mapping[str, Floats], Statuses], Holds]
"""Whether it happens `[path]`, from figures by name and statuses of rates of return."""

LOSS, PAYMENT, ALL_LOST = "probability_of_loss", "probability_of_payment", "probability_of_total_loss"
ANYTHING_BACK, NOTHING_BACK, NPV_BELOW_NIL = "anything_back", "nothing_back", "npv_below_nil"


def events_of(model: Model) -> dict[str, Event]:
    """All events of a deal, by the names under which results tell their chances."""
    events: dict[str, Event] = {
        LOSS: lambda of, _: of["received"] < of["invested"] - CRUMB,
        # Fees and charges are no proof of success.
        PAYMENT: lambda of, _: of["for_results"] > CRUMB,
        ALL_LOST: lambda _, status: status == RateStatus.TOTAL_LOSS,
        ANYTHING_BACK: lambda of, _: of["received"] > CRUMB,
        NPV_BELOW_NIL: lambda of, _: of["npv"] < 0,
        NOTHING_BACK: lambda of, _: (of["invested"] > CRUMB) & (of["received"] <= CRUMB),
    }
    for guarantee in model.funding.guarantees:
        events[f"guarantee_called, {guarantee.name}"] = _above(f"guarantee, {guarantee.name}", CRUMB)
    for year in model.commissioning.years:
        events[f"paid_in, {year.name}"] = _above(f"payments, {year.name}", CRUMB)
    if model.end is not None:
        may_happen = {"ended_early": model.end.ended, "stopped": model.end.stopped}
        events |= {name: _above(name, 0.0) for name, line in may_happen.items() if line is not None}
    for cap, _ in caps_of(model.payments):
        events[f"cap_binds, {cap}"] = _above(f"cut off, {cap}", CRUMB)
    for investor in model.returns.investors:
        if investor.target is not None:
            name = f"target_reached, {investor.who}"
            events[name] = _above(name, 0.0)
    for provider in model.provider_cash:
        events[f"cash_below_zero, {provider.name}"] = _above(f"shortfall, {provider.name}", CRUMB)
        if provider.headroom is not None:
            events[f"cash_below_reserves, {provider.name}"] = _below(f"above_reserves, {provider.name}", -CRUMB)
    return events


def _above(figure: str, limit: float) -> Event:
    return lambda of, _: of[figure] > limit


def _below(figure: str, limit: float) -> Event:
    return lambda of, _: of[figure] < limit


def made_of(figures: Mapping[str, Floats]) -> dict[str, Floats]:
    """Figures `[path]` that come of others in the same path: of each pound of a provider's pay at risk, what is left
    at the end; nan in a path without any at risk."""
    made = {}
    for name, lost in figures.items():
        if name.startswith("at_risk_lost, "):
            stake = figures[name.replace("at_risk_lost", "at_risk", 1)]
            risked = stake > CRUMB
            made[name.replace("at_risk_lost", "kept_of_each_pound", 1)] = np.where(
                risked, -lost / np.where(risked, stake, 1.0), np.nan
            )
    return made
