"""Timing in rounds: everything that is compared runs in turn, in one process, so that a slow moment slows all alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Seconds = dict[str, list[float]]
"""For each task its processor time in each round."""


@dataclass(frozen=True)
class Spread:
    """A figure's median over the rounds, its lowest and its highest."""

    median: float
    lowest: float
    highest: float

    def text(self, form: str) -> str:
        """As text, each figure in the form given: `,.0f`, say."""
        return f"{self.median:{form}} [{self.lowest:{form}}..{self.highest:{form}}]"


def spread(figures: Sequence[float]) -> Spread:
    """The spread of a figure over the rounds."""
    return Spread(median(figures), min(figures), max(figures))


def in_turn(tasks: Mapping[str, Callable[[], object]], rounds: int) -> Seconds:
    """Run the tasks one after the other, `rounds` times over, and take each one's processor time."""
    taken: Seconds = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            start = time.process_time()
            task()
            taken[name].append(time.process_time() - start)
    return taken


def per_second(taken: Sequence[float], done: int) -> Spread:
    """How many a second, where a round does `done` of them."""
    return spread([done / seconds for seconds in taken])


def times_as_fast(taken: Sequence[float], than: Sequence[float]) -> Spread:
    """How many times as fast as another, round by round. Both are times for the same work."""
    return spread([slow / quick for quick, slow in zip(taken, than, strict=True)])
