"""All that is told of a deal's sensitivity: what a run tells from the paths it has, and what takes paths of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sibmodel.analysis.asking import Figure, Question, Trials, events, figures, read_question, read_target
from sibmodel.analysis.estimates import CHANCE, MEAN, Statistic
from sibmodel.analysis.price.frontier import read_along
from sibmodel.analysis.sensitivity.break_even import BreakEvens, break_evens, term_at
from sibmodel.analysis.sensitivity.drivers import luck_of
from sibmodel.analysis.sensitivity.reverse import Reverse, reverse
from sibmodel.analysis.sensitivity.sobol import Indices, indices
from sibmodel.analysis.sensitivity.stress import Stress, Stressed, of_deal, shipped, stressed
from sibmodel.analysis.sensitivity.tornado import Spider, Tornado, among_paths, spiders
from sibmodel.analysis.sensitivity.two_way import TwoWay, two_way
from sibmodel.deal import Deal
from sibmodel.errors import NotFoundError
from sibmodel.model import Model
from sibmodel.simulation import SEED, Sampling, Simulation, sampling

EFFECTS = (0.0, 0.025, 0.05, 0.075, 0.10, 0.125, 0.15, 0.20)
"""Rows of the two-way table: true effects."""
VOLUMES = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1)
"""Its columns: people eligible, relative to plan."""
USUAL = ("npv", "payments", "loss")
"""What is asked about unless told."""
BREACH = "loss"
"""What the reverse stress test looks back from unless told."""


@dataclass(frozen=True)
class Sensitivity:
    """What moves a deal's figures. What takes paths of its own is empty where only a run was asked for."""

    deal: Deal = field(repr=False)
    spread: Sampling
    """How the luck of its paths was drawn."""
    tornados: tuple[Tornado, ...]
    """Among the paths of a simulation."""
    break_evens: tuple[BreakEvens, ...]
    two_way: TwoWay | None
    stresses: tuple[Stressed, ...]
    reverse: tuple[Reverse, ...]
    spiders: tuple[Spider, ...] = ()
    indices: tuple[Indices, ...] = ()
    paths: int = 0
    seed: int = SEED


def question_of(text: str, model: Model) -> Question:
    """A question in words; of a figure alone its mean, of a rate of return the median, of an event alone the chance.

    Raises NotFoundError for words that mean none.
    """
    plain = " ".join(text.lower().split())
    if plain in events(model):
        event = events(model)[plain]
        return Question(f"P({event.name})", CHANCE, event)
    asked = read_question(text, model)
    if asked.simulated:
        return asked
    if asked.kind == "rate":
        return Question(f"median {asked.of.name}", Statistic("percentile", 0.5), asked.of)
    return Question(f"mean {asked.of.name}", MEAN, asked.of)


def brief(simulation: Simulation) -> Sensitivity:
    """What the paths of a simulation and the base case tell, in about a second."""
    model = simulation.model
    luck = luck_of(model, simulation.kept, simulation.seed, simulation.spread)
    kept = simulation.figures
    lost = kept["received"] < kept["invested"] - 0.005
    values = {"npv": kept["npv"], "payments": kept["payments"], "loss": lost}
    questions = [question_of(name, model) for name in USUAL]
    return Sensitivity(
        model.deal,
        simulation.spread,
        tuple(among_paths(model, luck, one, values[one.of.name], simulation.replicates) for one in questions),
        (break_evens(model, figures(model)["npv"]),),
        _table(model),
        stressed(model.deal, (*shipped(), *of_deal(model.deal))),
        (reverse(model, luck, BREACH, lost, simulation.replicates),),
        paths=simulation.kept,
        seed=simulation.seed,
    )


def _table(model: Model) -> TwoWay | None:
    """Investors' rate of return over the effect and the number of people; None for a deal without an effect."""
    effect, volume = (term_at(model.deal, f"assumptions.{name}") for name in ("effect", "volume"))
    if effect is None or volume is None:
        return None
    try:
        return two_way(model, figures(model)["irr"], effect, EFFECTS, volume, VOLUMES)
    except NotFoundError:
        return None


def whole(
    model: Model,
    asked: Sequence[str] = USUAL,
    stresses: Sequence[Stress] | None = None,
    breach: str = BREACH,
    break_even: Sequence[str] = (),
    goal: tuple[str, float] = ("npv", 0.0),
    paths: int | None = None,
    seed: int = SEED,
    sampler: str | None = None,
    of_indices: int | None = None,
    table: tuple[str, str] | None = None,
) -> Sensitivity:
    """All of it, with paths of its own: every driver held at every level, Sobol' indices, stresses simulated.

    `break_even` are the inputs whose break-even is sought for the figure and value of `goal`; the usual ones unless
    told. `table` has two terms with their values, `payments[0].price=£8,000..£12,000:5`. Raises NotFoundError for words
    that cannot be read.
    """
    spread = sampling(sampler, paths)
    questions = [question_of(one, model) for one in asked]
    looked_back = question_of(breach, model)
    if looked_back.statistic != CHANCE:
        raise NotFoundError(f'"{breach}" is not an event: the paths to look back from must have something happen.')
    ask = {one.of.name: one.of for one in (*questions, looked_back)}
    uncertain = [one.cell for one in model.uncertain]
    trials = Trials(model, list(ask.values()), uncertain, spread.paths, seed, spread)
    found, luck = trials.at(), luck_of(model, spread.paths, seed, spread)
    chosen = (*shipped(), *of_deal(model.deal)) if stresses is None else stresses
    return Sensitivity(
        model.deal,
        spread,
        tuple(among_paths(model, luck, one, found[one.of.name], trials.replicates) for one in questions),
        (break_evens(model, _figure(model, goal[0]), goal[1], break_even),),
        _table(model) if table is None else _table_of(model, _figure(model, goal[0]), *table),
        stressed(model.deal, chosen, spread.paths, seed, spread),
        (reverse(model, luck, looked_back.of.name, found[looked_back.of.name], trials.replicates),),
        spiders(model, questions, trials),
        indices(model, questions, of_indices or _power_of_two(spread), seed, "sobol"),
        spread.paths,
        seed,
    )


def _table_of(model: Model, figure: Figure, down: str, across: str) -> TwoWay:
    """A table of one's own: the two terms with their values, as for a frontier."""
    (first, rows), (second, columns) = (read_along(model.deal, one) for one in (down, across))
    return two_way(model, figure, first, rows, second, columns)


def _power_of_two(spread: Sampling) -> int:
    """Paths of the indices: about as many as of the rest, and as many as a Sobol' sequence takes."""
    return int(2 ** np.clip(round(float(np.log2(spread.paths))), 9, 17))


def _figure(model: Model, name: str) -> Figure:
    found = read_question(name, model).of
    assert isinstance(found, Figure)
    return found


def goal_of(text: str, model: Model) -> tuple[str, float]:
    """The figure of the base case and the value that break-evens reach: `npv = 0`. Raises NotFoundError for others."""
    target = read_target(text, model)
    if target.question.simulated or target.sense != "=":
        raise NotFoundError(f'"{text}" is no goal of the base case: write it like "npv = 0" or "irr = 5%".')
    return target.question.of.name, target.goal
