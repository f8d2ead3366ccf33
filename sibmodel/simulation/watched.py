"""What a simulation may be asked to settle: a statistic of a figure, or the chance of an event; and how closely."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from sibmodel.errors import NotFoundError
from sibmodel.metrics import Summary
from sibmodel.model import Model
from sibmodel.simulation.estimates import Estimate, Paths, chance_of, shortfall_of, summary_of
from sibmodel.simulation.events import LOSS, events_of
from sibmodel.simulation.kept import headline_lines

CHANCE, SHORTFALL = "chance", "expected_shortfall"
STATISTICS: dict[str, Callable[[Summary], Estimate]] = {
    "mean": lambda one: Estimate(one.mean, one.error),
    "sd": lambda one: Estimate(one.sd, one.errors["sd"]),
    "p5": lambda one: Estimate(one.p5, one.errors["p5"]),
    "p50": lambda one: Estimate(one.p50, one.errors["p50"]),
    "p95": lambda one: Estimate(one.p95, one.errors["p95"]),
}
OTHERWISE = {"median": "p50", "expected shortfall": SHORTFALL, "standard deviation": "sd"}
PLACES = re.compile(r"^(simulation|investor|commissioner|outcomes)\.")
WITHIN = re.compile(r"\s*(?:±|\+/-|\+-)\s*£?\s*([\d.,]+(?:e-?\d+)?)\s*(%?)\s*$", re.IGNORECASE)
SHAPE = 'Write a figure and its error, for example "probability_of_loss ± 0.005" or "mean npv ± 20000".'


@dataclass(frozen=True)
class Watched:
    """A statistic of a headline figure, or the chance of an event."""

    figure: str
    """The figure, or the event."""
    statistic: str

    @property
    def name(self) -> str:
        """As one asks for it: `probability_of_loss`, `mean npv`."""
        return self.figure if self.statistic == CHANCE else f"{self.statistic} {self.figure}"

    def of(self, paths: Paths) -> Estimate:
        """Its estimate over the paths that are done."""
        if self.statistic == CHANCE:
            return chance_of(paths, self.figure)
        if self.statistic == SHORTFALL:
            return shortfall_of(paths, self.figure)
        return STATISTICS[self.statistic](summary_of(paths, self.figure))


USUAL = (Watched(LOSS, CHANCE), Watched("npv", "mean"))
"""What every simulation shows the settling of."""


@dataclass(frozen=True)
class Until:
    """A rule to stop by: when the standard error of what is watched is at most `error`."""

    watched: Watched
    error: float

    @property
    def text(self) -> str:
        """As one asks for it."""
        return f"{self.watched.name} ± {self.error:g}"

    def holds(self, paths: Paths) -> bool:
        """Whether the error is reached; a figure whose error cannot be told yet has not."""
        return self.watched.of(paths).error <= self.error


def until(text: str, model: Model) -> Until:
    """The rule in a text such as `probability_of_loss ± 0.005` or `npv p5 +- 20000`. Errors are standard errors, as
    everywhere.

    Raises NotFoundError for a text without a figure of the deal's or without an error above nil.
    """
    found = WITHIN.search(text)
    if found is None:
        raise NotFoundError(f'"{text}" says no error. {SHAPE}')
    try:
        error = float(found[1].replace(",", "")) / (100 if found[2] else 1)
    except ValueError:
        error = 0.0
    if not error > 0:
        raise NotFoundError(f'"{text}" asks for an error of {found[1]}{found[2]}: it must be above nil. {SHAPE}')
    return Until(watched(text[: found.start()], model), error)


def watched(text: str, model: Model) -> Watched:
    """What a text such as `probability_of_loss`, `mean npv`, `investor.npv.p5` or `irr median` names.

    Raises NotFoundError, with the nearest, for what is no figure of the deal's.
    """
    known = _known(model)
    wanted = _normal(PLACES.sub("", PLACES.sub("", text.strip())))
    if wanted in known:
        return known[wanted]
    near = get_close_matches(wanted, known, n=1)
    hint = f'Did you mean "{known[near[0]].name}"?' if near else SHAPE
    raise NotFoundError(f'"{text.strip()}" is not a figure of this simulation. {hint}')


def _known(model: Model) -> dict[str, Watched]:
    """All that may be watched, by every way of writing it."""
    known = {_normal(name): Watched(name, CHANCE) for name in events_of(model)}
    words = {**{name: name for name in (*STATISTICS, SHORTFALL)}, **OTHERWISE}
    for figure in [*headline_lines(model), "irr"]:
        known[_normal(figure)] = Watched(figure, "mean")
        for word, statistic in words.items():
            for way in (f"{word} {figure}", f"{word} of {figure}", f"{figure} {word}"):
                known[_normal(way)] = Watched(figure, statistic)
    return known


def _normal(text: str) -> str:
    return " ".join(re.sub(r"[._]", " ", text.casefold()).split())
