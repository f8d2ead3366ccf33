"""What a deal may be asked, as Python functions: a deal in, a frozen answer out.

Options have the names of the command's. Simulated means, chances and percentiles come with their Monte Carlo standard
error (most as an `Estimate`: `value`, `error`); the same seed gives the same answer. `sibmodel.document` has an answer
as plain data, `sibmodel.write_workbook` as a workbook. Money is in pounds; shares and rates are of one: 5% is 0.05.

Every function raises NotFoundError for words and paths that mean nothing in the deal, with what can be asked, and
DealError where the deal cannot have what is asked of it, NotFoundError too for a share that is none and for too few
paths, and TypeError where there is no deal, such as the name of a file. Where several texts may be given, one may be
given as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path

from sibmodel.analysis import differences as between
from sibmodel.analysis import error_rates as errors
from sibmodel.analysis import incentives as rewards
from sibmodel.analysis import price as solving
from sibmodel.analysis import sensitivity as moving
from sibmodel.analysis.price.winners_curse import ERROR
from sibmodel.analysis.transfer import comparing
from sibmodel.analysis.transfer.contracts import Comparison
from sibmodel.analysis.value_for_money import judging
from sibmodel.analysis.value_for_money.lines import build as lines_of_value
from sibmodel.arguments import asked_of, share, texts
from sibmodel.deal import Deal
from sibmodel.model import build
from sibmodel.simulation import SEED, simulate, usual


def price(
    deal: Deal,
    solve: str,
    target: str,
    *,
    subject_to: str | Iterable[str] = (),
    in_proportion: str | Iterable[str] = (),
    paths: int | None = None,
    sampler: str | None = None,
    seed: int = SEED,
) -> solving.Solution:
    """The value of a term at which a deal reaches a target, and what that costs whom: `sibmodel price`.

    `solve` is the path of any number of the deal, `payments[0].price`, or says where to seek it:
    `payments[0].price=£5,000..£20,000`. `target` is in words: `irr = 5%` of the base case, `mean npv = 0` or
    `p95 bill <= £6m` of the simulation, `P(loss) <= 20%` of a chance. `subject_to` are further targets, told of at the
    answer; the terms of `in_proportion` move with the one that is solved for. 10,000 pseudo-random paths unless told.

        found = sibmodel.price(deal, "payments[0].price", "mean npv = 0")
        found.answer.value, found.answer.error      # None for an answer where no value reaches the target: found.why
        found.solved                                # the deal with the answer

    See `analysis.price.solving` for how it is sought.
    """
    asked_of(deal, paths)
    return solving.solve(deal, solve, target, texts(subject_to), texts(in_proportion), paths, seed, sampler)


def frontier(
    deal: Deal,
    solve: str,
    target: str,
    along: str,
    *,
    subject_to: str | Iterable[str] = (),
    in_proportion: str | Iterable[str] = (),
    paths: int | None = None,
    sampler: str | None = None,
    seed: int = SEED,
) -> solving.Frontier:
    """`price` at each of several values of another term, with the same luck: `sibmodel price --along`.

    `along` is a term and its values, `payments[0].threshold=0..10%:5` for five from 0 to 10%, or `...=0,5%,7.5%`. Each
    of the answer's `points` has its value `along`, the `solution`, and the `contract` with both in a few figures.
    """
    asked_of(deal, paths)
    asked = (texts(subject_to), texts(in_proportion), paths, seed, sampler)
    return solving.frontier(deal, solve, target, along, *asked)


def winners_curse(
    deal: Deal, bidders: int, *, estimate: float | None = None, estimate_error: float = ERROR
) -> solving.WinnersCurse:
    """What winning against others says about a bidder's own estimate of the effect: `sibmodel price --bidders`.

    `estimate` is a share, the deal's base case unless told, with the standard error `estimate_error`, which every other
    bidder's has too (0.12 is a pilot of some 200 people). By formula, so without Monte Carlo error: the `spread` of a
    belief is its standard deviation. For the usual numbers of bidders too, `bidders` last.
    """
    asked_of(deal)
    share("estimate", estimate)
    share("estimate_error", estimate_error, 0.0001, 1.0)
    return solving.bid_at_risk(deal, bidders, estimate_error, estimate)


def compare(
    deal: Deal,
    others: Mapping[str, Deal] | None = None,
    *,
    paths: int = comparing.PATHS,
    sampler: str | None = None,
    seed: int = SEED,
) -> Comparison:
    """The deal beside a fee for service and payment by results to providers, on the same paths: `sibmodel compare`.

    `others` are more deals to stand beside it, each under its name. Each of the answer's `contracts` has what every
    party may expect, who bears which risk, and what a true outcome costs.
    """
    asked_of(deal, paths)
    if others is not None and not isinstance(others, Mapping):
        raise TypeError('Give each other deal under its name: sibmodel.compare(deal, {"at £15,000": other}).')
    for other in (others or {}).values():
        asked_of(other)
    return comparing.compare(deal, tuple((others or {}).items()), paths, seed, sampler=sampler or usual(paths))


def value(
    deal: Deal, *, paths: int = judging.PATHS, sampler: str | None = None, seed: int = SEED
) -> judging.ValueForMoney:
    """What a deal costs its commissioner, by year and by outcome, and what that is worth: `sibmodel value`."""
    asked_of(deal, paths)
    model = build(deal)
    lines = lines_of_value(model)
    return judging.judged(lines, simulate(model, paths, seed, sampler=sampler or usual(paths)))


def sensitivity(
    deal: Deal,
    of: str | Sequence[str] = moving.USUAL,
    *,
    stress: str | PathLike[str] | Iterable[moving.Stress] | None = None,
    breach: str = moving.BREACH,
    break_even: str | Iterable[str] = (),
    goal: str = "npv = 0",
    two_way: tuple[str, str] | None = None,
    paths: int | None = None,
    sampler: str | None = None,
    seed: int = SEED,
) -> moving.Sensitivity:
    """What moves a deal's figures, how far, and what it takes to turn them: `sibmodel sensitivity`.

    `of` are figures or events, `npv`, `median irr`, `loss`; `stress` a file of stresses or the stresses themselves, in
    place of the usual ones; `breach` the event to look back from; `break_even` the inputs to turn until the base case
    reaches `goal`; `two_way` two terms with their values, `assumptions.effect=5%..15%:5`. 10,000 pseudo-random paths
    unless told.
    """
    asked_of(deal, paths, 64)
    model = build(deal)
    stresses: Sequence[moving.Stress] | None
    if isinstance(stress, str | PathLike):
        stresses = moving.read_stresses(Path(stress))
    else:
        stresses = None if stress is None else tuple(stress)
    reached = moving.goal_of(goal, model)
    turned = texts(break_even)
    return moving.whole(model, texts(of), stresses, breach, turned, reached, paths, seed, sampler, table=two_way)


def incentives(
    deal: Deal, bands: Iterable[rewards.Band] = (), *, paths: int = rewards.PATHS, seed: int = SEED
) -> rewards.Incentives:
    """What one more outcome earns at each true effect, and whom it pays to serve: `sibmodel incentives`.

    `bands` are bands of risk, `sibmodel.Band("Prolific", events=8, cost=2400)`; assumed ones unless told. `paths` are
    for each effect.
    """
    asked_of(deal, paths, rewards.BATCHES)
    return rewards.incentives(deal, paths=paths, seed=seed, bands=tuple(bands))


def difference(
    deal: Deal,
    other: Deal,
    *,
    names: tuple[str, str] | None = None,
    paths: int = between.PATHS,
    seed: int = SEED,
) -> between.Difference:
    """What changed from one deal to another, and what each change did to the headline figures: `sibmodel diff`.

    `names` are what the two are called; their own names unless told. The changes are made one after the other in the
    order of the deal file, on the same luck: each of the answer's `steps` has the figures after it, and how far it
    `moved` them, with the error of that difference.
    """
    asked_of(deal, paths, between.BATCHES)
    asked_of(other)
    return between.difference(names or (deal.name, other.name), deal, other, paths, seed)


def error_rates(
    deal: Deal, target: float | None = None, *, paths: int = errors.PATHS, seed: int = SEED
) -> errors.ErrorRates:
    """How often a deal pays for nothing, and misses what works: `sibmodel error-rates`.

    `target` is the true effect that payment is meant for, a share; the deal's lowest threshold unless told. `paths` are
    for each true effect.
    """
    asked_of(deal, paths)
    share("target", target)
    return errors.error_rates(deal, target, paths=paths, seed=seed)
