"""Two deals: what changed in the terms, and what each change did to the headline figures, one after the other.

The changes are made in the order of the deal file, and all paths meet the same luck. What a change does depends on
those made before it: another order would give other steps that lead to the same end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sibmodel.analysis.asking import Question, Trials, estimate, figures, read_question
from sibmodel.analysis.estimates import Statistic
from sibmodel.deal import Deal
from sibmodel.distributions import SHAPES
from sibmodel.errors import DealError, NotFoundError
from sibmodel.faults import terms_from
from sibmodel.lines import evaluate
from sibmodel.model import Model, build
from sibmodel.replacing import value_at
from sibmodel.simulation import SEED, Estimate

HEADLINES = (
    "irr",
    "npv",
    "moic",
    "payments",
    "margin",
    "mean npv",
    "worst 5% npv",
    "P(loss)",
    "P(total loss)",
    "mean payments",
    "p95 payments",
    "P(payment)",
    "mean true outcomes",
    "P(provider cash below zero)",
)
"""What is followed from step to step: figures of the base case, then of the simulation."""
PATHS = 4_096
BATCHES = 16
"""Of paths, from which the error of a difference is told."""
MOST_STEPS = 24
"""Of more changes, those of one part of the deal are one step."""
WORDS = ("name", "description", "sources", "assurance")
"""Parts of a deal that no figure hangs on."""
FORMS = {*SHAPES, "value", "prior"}
"""What a belief may be, one of them."""


@dataclass(frozen=True)
class Change:
    """A place at which two deals differ, with what each has there; None for nothing."""

    place: tuple[str | int, ...]
    before: Any
    after: Any
    shown_before: Any = None
    """What stands there in effect, where the deal does not give it: an expected value."""
    shown_after: Any = None

    @property
    def path(self) -> str:
        """The place as for --set."""
        shown = ""
        for step in self.place:
            shown += f"[{step}]" if isinstance(step, int) else f'["{step}"]' if " " in step else f".{step}"
        return shown.removeprefix(".")

    @property
    def in_words(self) -> bool:
        """Whether it changes words alone, such as a source."""
        return self.place[0] in WORDS or (isinstance(self.place[-1], str) and self.place[-1] in ("source", "note"))


@dataclass(frozen=True)
class Step:
    """Changes made together, the headline figures after them, and what they did to each of the simulated ones."""

    changes: tuple[Change, ...]
    figures: Mapping[str, Estimate]
    moved: Mapping[str, Estimate]
    """The difference to the step before, with the error of the difference: both met the same luck."""


@dataclass(frozen=True)
class Difference:
    """From one deal to another. `steps[0]` is the first deal, without changes."""

    names: tuple[str, str]
    changes: tuple[Change, ...]
    steps: tuple[Step, ...]
    moved: Mapping[str, Estimate]
    """The whole difference, from the first deal to the other, with its error on the same luck; empty where there are no
    steps."""
    paths: int
    seed: int


def changes_between(one: Deal, other: Deal) -> tuple[Change, ...]:
    """Every place at which the deals differ, in the order of the file; scenarios are left out of both."""
    found = _changes(one.alone().plain(), other.alone().plain(), ())
    return tuple(_with_expected(change, one, other) for change in found)


def difference(
    names: tuple[str, str],
    one: Deal,
    other: Deal,
    paths: int = PATHS,
    seed: int = SEED,
    progress: Callable[[int, int], None] | None = None,
) -> Difference:
    """What changed from one deal to the other, and what it did, step by step."""
    every = changes_between(one, other)
    made = [change for change in every if not change.in_words]
    steps, first = [], _calculated(one, paths, seed)
    before = first
    steps.append(Step((), before.estimates(), {}))
    groups = _groups(made)
    tree, waiting = one.alone().plain(), []
    for number, group in enumerate(groups):
        waiting += group
        for change in group:
            _make(tree, change)
        deal = _deal(tree)
        if deal is None:
            continue  # it holds together only with what comes next
        after = _calculated(deal, paths, seed)
        steps.append(Step(tuple(waiting), after.estimates(), after.moved_from(before)))
        before, waiting = after, []
        if progress is not None:
            progress(number + 1, len(groups))
    if waiting:  # the end itself holds together, whatever came between
        after = _calculated(other, paths, seed)
        steps.append(Step(tuple(waiting), after.estimates(), after.moved_from(before)))
    whole = before.moved_from(first) if len(steps) > 1 else {}
    return Difference(names, every, tuple(steps), whole, paths, seed)


# Places that differ -----------------------------------------------------------------------------------------------
def _changes(one: Any, other: Any, place: tuple[str | int, ...]) -> list[Change]:
    if one == other:
        return []
    if isinstance(one, dict) and isinstance(other, dict) and not _another_form(one, other):
        keys = list(dict.fromkeys([*one, *other]))
        return [found for key in keys for found in _changes(one.get(key), other.get(key), (*place, key))]
    if isinstance(one, list) and isinstance(other, list) and _same_members(one, other):
        pairs = enumerate(zip(one, other, strict=True))
        return [found for number, pair in pairs for found in _changes(*pair, (*place, number))]
    return [Change(place, one, other)]


def _with_expected(change: Change, one: Deal, other: Deal) -> Change:
    """A base case that a deal does not give is the expected value of what is believed."""
    if change.place[-1] != "base":
        return change
    around = Change(change.place[:-1], None, None).path

    def known(deal: Deal, value: Any) -> Any:
        if value is not None:
            return value
        try:
            return float(value_at(deal, around).base)
        except (NotFoundError, AttributeError):
            return None

    return replace(change, shown_before=known(one, change.before), shown_after=known(other, change.after))


def _another_form(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two beliefs are of different forms, or two members of a family of different kinds."""
    return bool((one.keys() ^ other.keys()) & FORMS) or one.get("kind") != other.get("kind")


def _same_members(one: list[Any], other: list[Any]) -> bool:
    """Whether two lists have the same members, perhaps with other terms."""
    if len(one) != len(other):
        return False
    if not all(isinstance(member, dict) for member in (*one, *other)):
        return False
    return [member.get("name") for member in one] == [member.get("name") for member in other]


# Steps ------------------------------------------------------------------------------------------------------------
def _groups(changes: list[Change]) -> list[list[Change]]:
    if len(changes) <= MOST_STEPS:
        return [[change] for change in changes]
    by_part: dict[tuple[str | int, ...], list[Change]] = {}
    for change in changes:
        by_part.setdefault(change.place[:1], []).append(change)
    return list(by_part.values())


def _make(tree: Any, change: Change) -> None:
    *around, last = change.place
    for step in around:
        tree = tree[step] if isinstance(step, int) else tree.setdefault(step, {})
    if change.after is None:
        tree.pop(last, None)
    else:
        tree[last] = change.after


def _deal(tree: Any) -> Deal | None:
    """The deal that a tree holds; None where it does not hang together."""
    try:
        return terms_from(tree, Deal, "a step")
    except DealError:
        return None


# Figures ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Calculated:
    questions: Mapping[str, Question]
    values: Mapping[str, Any]
    """Of each question: `[path]`, or `[1]` in the base case."""

    def estimates(self) -> dict[str, Estimate]:
        return {text: estimate(question.statistic, self.values[text]) for text, question in self.questions.items()}

    def moved_from(self, before: _Calculated) -> dict[str, Estimate]:
        """The difference of each figure. Its error comes from batches of paths, which are the same before and after."""
        found = {}
        for text, question in self.questions.items():
            if text not in before.values:
                continue
            pair = before.values[text], self.values[text]
            first, second = (estimate(question.statistic, one).value for one in pair)
            error = 0.0 if not question.simulated else _error_of_difference(question, *pair)
            found[text] = Estimate(second - first, error)
        return found


def _error_of_difference(question: Question, before: Any, after: Any) -> float:
    batches = [np.array_split(np.asarray(one), BATCHES) for one in (before, after)]
    apart = [
        estimate(question.statistic, two).value - estimate(question.statistic, one).value
        for one, two in zip(*batches, strict=True)
    ]
    return float(np.std(apart, ddof=1) / np.sqrt(len(apart)))


def _questions(model: Model) -> dict[str, Question]:
    """The headlines, and what each tranche yields in the base case where there are several."""
    headlines = {text: read_question(text, model) for text in HEADLINES}
    if len(model.returns.tranches) < 2:
        return headlines
    known, own = figures(model), {}
    for tranche in model.returns.tranches:
        for what in ("irr", "npv"):
            text = f"{tranche.who.removeprefix('Investor ')} {what}"
            own[text] = Question(text, Statistic("base"), known[text.lower()])
    plain = {text: one for text, one in headlines.items() if not one.simulated}
    return {**plain, **own, **headlines}


def _calculated(deal: Deal, paths: int, seed: int) -> _Calculated:
    model = build(deal)
    questions = _questions(model)
    simulated = [question.of for question in questions.values() if question.simulated]
    drawn = Trials(model, list(dict.fromkeys(simulated)), paths=paths, seed=seed).at()
    base = evaluate(model.book.lines, model.book.periods)
    values = {
        text: drawn[question.of.name] if question.simulated else question.of.read(base, 1)
        for text, question in questions.items()
    }
    return _Calculated(questions, values)
