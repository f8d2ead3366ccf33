"""Marginal pay: what one more true outcome earns, at one true effect after another, with the luck of measurement.

With luck a threshold is no step: a service near it gains a chance of the whole payment, and one far from it gains
nothing. The marginal pay is the slope of the expected payment over the slope of the expected true outcomes; over the
price of an outcome it is 1 where an extra outcome is rewarded in full. Source: METHOD 4.7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sibmodel.analysis.asking import Trials, figures
from sibmodel.analysis.error_rates import effect_cells, held_at
from sibmodel.model import Model
from sibmodel.simulation import Estimate

EFFECTS = (-0.05, 0.0, 0.025, 0.05, 0.075, 0.10, 0.13, 0.15, 0.20)
"""True effects tried: METHOD 4.7's."""
APART = 0.005
"""Half the distance between the two effects whose difference is the slope."""
BATCHES = 16
"""Of paths, from which the error of a slope is told."""

Flag = Literal["dead zone", "cliff", "cap fatigue", ""]
DEAD_ZONE, CLIFF, CAP_FATIGUE = 0.2, 1.3, 0.3
"""Shares of the full reward below which nothing is gained by more effect, above which a little more gains too much, and
below which a service above the cap has no reason to go on. Source: METHOD 4.7."""


@dataclass(frozen=True)
class Margin:
    """At a true effect: the expected payment and true outcomes, what one more outcome earns, and that over the price.
    `share` is nan where payments have no one price."""

    effect: float
    paid: Estimate
    outcomes: float
    pay: Estimate
    share: Estimate
    flag: Flag


def marginal_pay(
    model: Model, price: float, most_paid_from: float, effects: Sequence[float], paths: int, seed: int
) -> tuple[Margin, ...]:
    """The margin at each true effect, all with the same luck. `price` is that of an outcome, nan where there is no one
    price; at effects from `most_paid_from` on a cap leaves nothing to earn, once luck is left out."""
    asked = figures(model)
    trials = Trials(model, [asked["payments"], asked["true outcomes"]], effect_cells(model), paths, seed)
    return tuple(_margin(model, trials, effect, price, most_paid_from) for effect in effects)


def _margin(model: Model, trials: Trials, effect: float, price: float, most_paid_from: float) -> Margin:
    below, at, above = (trials.at(held_at(model, effect + apart)) for apart in (-APART, 0.0, APART))
    gained, more = (above[name] - below[name] for name in ("payments", "true outcomes"))
    pay = _ratio(gained, more)
    share = Estimate(pay.value / price, pay.error / price)
    paid = at["payments"]
    error = float(np.std(paid, ddof=1) / np.sqrt(paid.size)) if paid.size > 1 else 0.0
    return Margin(
        effect,
        Estimate(float(paid.mean()), error),
        float(at["true outcomes"].mean()),
        pay,
        share,
        flag_of(share.value, effect, most_paid_from),
    )


def _ratio(gained: Any, more: Any) -> Estimate:
    """The ratio of two means over the same paths, and its error from batches of them."""
    if not more.mean() > 0:
        return Estimate(float("nan"), float("nan"))
    ratio = float(gained.mean() / more.mean())
    batches = [part.mean() for part in np.array_split(gained - ratio * more, BATCHES)]
    return Estimate(ratio, float(np.std(batches, ddof=1) / np.sqrt(len(batches)) / more.mean()))


def flag_of(share: float, effect: float, most_paid_from: float = float("inf")) -> Flag:
    """What is wrong with a marginal pay of so large a share of the full reward; nothing where the service does harm."""
    if not np.isfinite(share) or effect < 0:
        return ""
    if share > CLIFF:
        return "cliff"
    if effect >= most_paid_from:
        return "cap fatigue" if share < CAP_FATIGUE else ""
    return "dead zone" if share < DEAD_ZONE else ""


def marginal_share(effect: Any, error: Any, threshold: float, cap: float) -> Any:
    """The slope of the expected payment for a measured effect that is normal about the true one with standard `error`,
    paid from zero from `threshold` on and not beyond `cap`, over the slope of the effect.

    With E = K Φ((θ − K)/s) + c(K) − c(C) and c(x) = (θ − x) Φ((θ − x)/s) + s φ((θ − x)/s), it is
    K φ((θ − K)/s)/s + Φ((θ − K)/s) − Φ((θ − C)/s). Source: METHOD 2.8 and 4.7.
    """
    from scipy.stats import norm

    from_threshold, from_cap = (effect - threshold) / error, (effect - cap) / error
    return threshold * norm.pdf(from_threshold) / error + norm.cdf(from_threshold) - norm.cdf(from_cap)
