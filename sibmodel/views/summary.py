"""The summary on the screen: what investor and commissioner want to know first, in a dozen lines."""

from __future__ import annotations

import math
from collections.abc import Callable

from sibmodel.analysis.needed import Reached
from sibmodel.commissioning import Cost
from sibmodel.metrics import RateStatus, Summary
from sibmodel.payments import caps_of
from sibmodel.results import CRUMB, Run, lowest_cash, rate_status
from sibmodel.scenario_files import said_of_files
from sibmodel.simulation import ALL_LOST, LOSS, PAYMENT, chance_of, shortfall_of, summary_of
from sibmodel.views.actuals import sentence
from sibmodel.views.caps import cap
from sibmodel.views.effect_words import words_of
from sibmodel.views.kinds import paragraph
from sibmodel.views.losses import where_lost_words
from sibmodel.views.sentences import sampler_words, stopped_words
from sibmodel.words import in_a_hundred, money, months, number, percent, times

HEADINGS = f"{'base case':<16} {'mean ± error':<26} 5% / 50% / 95% of paths"
"""`±` is the simulation's own error; the percentages are of simulated paths at or below the figure."""

UNSURE = 0.1
"""Of the standard deviation between paths: a percentile's error above it is told. Assumed."""


def summary(run: Run) -> str:
    """The run in words, for a terminal."""
    parts = (_deal(run), _investor(run), _commissioner(run), _outcomes(run), _providers(run), _cautions(run))
    return "\n".join("\n".join(part) + "\n" for part in parts if part).rstrip()


def _deal(run: Run) -> list[str]:
    deal, last = run.deal, run.deal.start.plus(run.deal.months - 1)
    people = sum(run.figure(cohort.people) for cohort in run.model.service.cohorts)
    return [
        deal.name,
        f"{number(people)} people in {_counted(len(deal.cohorts), 'cohort')}, {deal.start} to {last}; "
        f"{number(run.simulation.paths)} paths, seed {run.simulation.seed}{sampler_words(run.simulation)}",
        *([stopped_words(run.simulation)] if stopped_words(run.simulation) else []),
        *_actuals(run),
        *said_of_files(deal),
    ]


def _actuals(run: Run) -> list[str]:
    """What has become known since, where anything has."""
    said = sentence(run)
    return [] if said is None or run.deal.actuals is None else [f"Known by {run.deal.actuals.as_of}: {said}"]


def _investor(run: Run) -> list[str]:
    investors, simulation = run.model.returns.everyone, run.simulation
    loss, all_lost = chance_of(simulation, LOSS), chance_of(simulation, ALL_LOST)
    status = rate_status(run)
    said = [] if status is RateStatus.UNIQUE else [_row("", f"base case: {status.label}")]
    irr = summary_of(simulation, "irr")
    # A mean of rates of return is the return of nothing: the share of total losses stands in its place.
    rates = f"{'all lost in ' + in_a_hundred(all_lost.value):<26} {_percentiles(irr, percent)}"
    worst = shortfall_of(simulation, "npv")
    shortfall = f"{money(worst.value)} ± {money(worst.error)}"
    return [
        f"{'Investor':<28} {HEADINGS}",
        _row("Invested", money(run.figure(investors.invested))),
        _row("Received", money(run.figure(investors.received))),
        _row("Rate of return a year", percent(run.figure(investors.irr)), rates),
        *said,
        *_unsure(irr, percent),
        _row(
            "Multiple of capital",
            times(run.figure(investors.moic)),
            _range(summary_of(simulation, "moic"), times),
        ),
        *_unsure(summary_of(simulation, "moic"), times),
        _row(
            "Net present value",
            money(run.figure(investors.npv)),
            _range(summary_of(simulation, "npv"), money),
        ),
        *_unsure(summary_of(simulation, "npv"), money),
        _row("Payback", months(run.figure(investors.payback))),
        *[
            _row(
                f"Effect for {percent(one.target, 0)} a year",
                percent(one.effect) if one.reachable else "not reachable",
                _reached(often),
            )
            for one, often in zip(run.needed, run.reached, strict=True)
        ],
        _row("Chance of losing money", "", f"{percent(loss.value)} ± {percent(loss.error)}"),
        _row("Mean NPV of the worst 5%", "", shortfall),
        *[_row("" if place else "Where they lose", "", said) for place, said in enumerate(where_lost_words(run))],
        *_targets(run),
    ]


def _reached(often: Reached) -> str:
    """How often the true effect is as high as needed, and how often the return comes, over the simulated paths."""
    rate = f"the return in {percent(often.rate.value)} ± {percent(often.rate.error)}"
    if math.isnan(often.effect.value):
        return rate
    return f"true in {percent(often.effect.value)} ± {percent(often.effect.error)} of paths; {rate}"


def _targets(run: Run) -> list[str]:
    """How often each investor reaches the return it wants."""
    rows = []
    for one in run.model.returns.investors:
        if one.target is not None:
            reached = chance_of(run.simulation, f"target_reached, {one.who}")
            base = "reached" if run.figure(one.target.met) else "not reached"
            label = f"{one.who.removeprefix('Investor ')} gets {percent(run.figure(one.target.rate))}"
            rows.append(_row(label[:26], base, f"{percent(reached.value)} ± {percent(reached.error)}"))
    return rows


def _commissioner(run: Run) -> list[str]:
    bill, simulation = run.model.commissioning, run.simulation
    payments, payment = summary_of(simulation, "payments"), chance_of(simulation, PAYMENT)
    limit = cap(run)
    most = "no cap" if limit is None else money(limit)
    costs = [row for one in bill.costs for row in _cost(run, one)]
    return [
        f"{'Commissioner':<28} {HEADINGS}",
        _row("Outcome payments", money(run.figure(bill.paid_in_all)), _range(payments, money)),
        *_unsure(payments, money),
        _row("Most it can be", most),
        *costs,
        _row("Chance of outcome payment", "", f"{percent(payment.value)} ± {percent(payment.error)}"),
        *_caps(run),
    ]


def _cost(run: Run, cost: Cost) -> list[str]:
    """What a true outcome costs; where several measures are paid for, what is divided by what in a line below."""
    units = summary_of(run.simulation, f"true units, {cost.metric}").mean
    each = summary_of(run.simulation, f"paid for, {cost.metric}").mean / units if units > 0 else float("nan")
    row = _row("Cost of a true outcome", money(run.figure(cost.per_true)), f"{money(each)}, mean bill by mean outcome")
    alone = run.model.commissioning.paid_without_measure is None
    return [row] if alone else [row, f"    {cost.divides}"]


def _caps(run: Run) -> list[str]:
    """A sentence for each cap that binds, in the base case or in any path."""
    found = []
    for name, cut in caps_of(run.model.payments):
        bound, amount = chance_of(run.simulation, f"cap_binds, {name}"), run.figure(cut.amount)
        mean = summary_of(run.simulation, f"cut off, {name}")
        if amount > CRUMB or bound.value > 0:
            here = f"binds: {money(amount)} cut off" if amount > CRUMB else "does not bind in the base case"
            found.append(
                f"  {name} {here}; in {percent(bound.value)} ± {percent(bound.error)} of paths it does, "
                f"{money(mean.mean)} ± {money(mean.error)} on average"
            )
    return found


def _providers(run: Run) -> list[str]:
    """Billed and lowest cash; of several providers also the margin, and the chances of running out."""
    if len(run.risks) < 2:
        rows = [f"{'Providers, base case':<28} {'billed':<16} lowest cash"]
        for place, only in enumerate(run.model.providers):
            rows.append(_row(only.name[:26], money(_billed(run, place)), money(lowest_cash(run, place))))
        return rows
    rows = [f"{'Providers, base case':<28} {'billed':<16} {'margin':<12} {'lowest cash':<12} {'in':<9} below nil in"]
    for place, (one, risk) in enumerate(zip(run.model.provider_cash, run.risks, strict=True)):
        low = lowest_cash(run, place)
        when = _month_of_lowest(run, place) if low != 0 or one.opening_cash is not None else ""
        shown = f"{money(run.figure(one.margin)):<12} {money(low):<12} {when:<9} "
        shown += f"{percent(risk.below_zero.value)} ± {percent(risk.below_zero.error)} of paths"
        rows.append(_row(one.name[:26], money(_billed(run, place)), shown))
    return rows


def _billed(run: Run, place: int) -> float:
    return float(run.base.row(run.model.providers[place].bill.line).sum())


def _month_of_lowest(run: Run, place: int) -> str:
    cash = run.base.row(run.model.provider_cash[place].cash.closing)
    return str(run.model.timeline.month(int(cash.argmin()) + 1))


def _cautions(run: Run) -> list[str]:
    return [paragraph(f"Caution  {one.path}  {one.message}") for one in run.cautions]


def _outcomes(run: Run) -> list[str]:
    rows = [f"{'Effect, base case':<28} true     measured  paid"]
    several = len(run.model.effects) > 1
    for metric, measure in zip(run.deal.metrics, run.model.effects, strict=True):
        if several:
            rows.append(f" {measure.metric}")
        for one in (*measure.cohorts, measure.pooled):
            who = "Pooled" if one is measure.pooled else one.who
            shown = [words_of(metric).text(run.figure(line)) for line in (one.true, one.measured, one.paid)]
            rows.append(f"  {who[:26]:<26} {shown[0]:<8} {shown[1]:<9} {shown[2]}")
    return rows


def _row(label: str, base: str, simulated: str = "") -> str:
    return f"  {label:<26} {base:<16} {simulated}".rstrip()


def _range(one: Summary, shown: Callable[[float], str]) -> str:
    return f"{shown(one.mean) + ' ± ' + shown(one.error):<26} {_percentiles(one, shown)}"


def _percentiles(one: Summary, shown: Callable[[float], str]) -> str:
    return f"{shown(one.p5)} / {shown(one.p50)} / {shown(one.p95)}"


def _unsure(one: Summary, shown: Callable[[float], str]) -> list[str]:
    """A line of the percentiles that more paths may move far; none where all are sure enough."""
    names = {"p5": "5%", "p50": "median", "p95": "95%"}
    far = [
        f"{name} ± {shown(one.errors[key])}"
        for key, name in names.items()
        if one.errors[key] > UNSURE * one.sd  # not where either is nan
    ]
    return [_row("", f"not settled: {', '.join(far)}, at a jump or from too few paths")] if far else []


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
