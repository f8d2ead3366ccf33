"""The summary on the screen: what investor and commissioner want to know first, in a dozen lines."""

from __future__ import annotations

from collections.abc import Callable

from sibmodel.cautions import cautions
from sibmodel.lines import Line
from sibmodel.metrics import RateStatus, Summary, error_of_expected_shortfall, expected_shortfall, summarise
from sibmodel.results import Run, chance, lost, lowest_cash, paid, rate_status
from sibmodel.words import in_a_hundred, money, months, number, percent, times

HEADINGS = f"{'base case':<16} {'mean ± error':<26} 5% / 50% / 95% of paths"
"""`±` is the simulation's own error; the percentages are of simulated paths at or below the figure."""


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
        f"{number(run.simulation.paths)} paths, seed {run.simulation.seed}",
    ]


def _investor(run: Run) -> list[str]:
    investors, simulation = run.model.returns.everyone, run.simulation
    figures, loss = simulation.figures, chance(lost(simulation))
    all_lost = chance(simulation.rate_status == RateStatus.TOTAL_LOSS)
    status = rate_status(run)
    label = "" if status is RateStatus.UNIQUE else f"  ({status.label})"
    irr = summarise(figures["irr"])
    # A mean of rates of return is the return of nothing: the share of total losses stands in its place.
    rates = f"{'all lost in ' + in_a_hundred(all_lost.value):<26} {_percentiles(irr, percent)}"
    shortfall = f"{money(expected_shortfall(figures['npv']))} ± {money(error_of_expected_shortfall(figures['npv']))}"
    return [
        f"{'Investor':<28} {HEADINGS}",
        _row("Invested", money(run.figure(investors.invested))),
        _row("Received", money(run.figure(investors.received))),
        _row("Rate of return a year", percent(run.figure(investors.irr)), rates) + label,
        _row("Multiple of capital", times(run.figure(investors.moic)), _range(summarise(figures["moic"]), times)),
        _row("Net present value", money(run.figure(investors.npv)), _range(summarise(figures["npv"]), money)),
        _row("Payback", months(run.figure(investors.payback))),
        _row("Chance of losing money", "", f"{percent(loss.value)} ± {percent(loss.error)}"),
        _row("Mean NPV of the worst 5%", "", shortfall),
        *_targets(run),
    ]


def _targets(run: Run) -> list[str]:
    """How often each investor reaches the return it wants."""
    rows = []
    for one in run.model.returns.investors:
        if one.target is not None:
            reached = chance(run.simulation.figures[f"target_reached, {one.who}"] > 0)
            base = "reached" if run.figure(one.target.met) else "not reached"
            label = f"{one.who.removeprefix('Investor ')} gets {percent(run.figure(one.target.rate))}"
            rows.append(_row(label[:26], base, f"{percent(reached.value)} ± {percent(reached.error)}"))
    return rows


def _commissioner(run: Run) -> list[str]:
    bill, simulation = run.model.commissioning, run.simulation
    payments, payment = summarise(simulation.figures["payments"]), chance(paid(simulation))
    caps = [payment.cap for payment in run.deal.payments]
    most = money(sum(cap for cap in caps if cap is not None)) if None not in caps else "no cap"
    avoided = float(simulation.figures["true_avoided"].mean())
    per_event = payments.mean / avoided if avoided > 0 else float("nan")
    return [
        f"{'Commissioner':<28} {HEADINGS}",
        _row("Outcome payments", money(run.figure(bill.paid_in_all)), _range(payments, money)),
        _row("Most it can be", most),
        _row(
            "Cost of a true outcome",
            money(run.figure(bill.cost_per_true_event)),
            f"{money(per_event)}, mean bill by mean outcome",
        ),
        _row("Chance of paying", "", f"{percent(payment.value)} ± {percent(payment.error)}"),
    ]


def _providers(run: Run) -> list[str]:
    rows = [f"{'Providers, base case':<28} {'billed':<16} lowest cash"]
    for one in run.model.providers:
        billed = float(run.base.row(one.bill.line).sum())
        rows.append(_row(one.name[:26], money(billed), money(lowest_cash(run, one.name))))
    return rows


def _cautions(run: Run) -> list[str]:
    return [f"Caution  {one.path}  {one.message}" for one in cautions(run.model)]


def _outcomes(run: Run) -> list[str]:
    rows = [f"{'Effect, base case':<28} true     measured  paid"]
    first = run.model.effects[0]
    rows += [_effects(run, one.who, one.true, one.measured, one.paid) for one in first.cohorts]
    rows.append(_effects(run, "Pooled", first.pooled.true, first.pooled.measured, first.pooled.paid))
    return rows


def _effects(run: Run, name: str, *lines: Line) -> str:
    shown = [percent(run.figure(line)) for line in lines]
    return f"  {name[:26]:<26} {shown[0]:<8} {shown[1]:<9} {shown[2]}"


def _row(label: str, base: str, simulated: str = "") -> str:
    return f"  {label:<26} {base:<16} {simulated}".rstrip()


def _range(one: Summary, shown: Callable[[float], str]) -> str:
    return f"{shown(one.mean) + ' ± ' + shown(one.error):<26} {_percentiles(one, shown)}"


def _percentiles(one: Summary, shown: Callable[[float], str]) -> str:
    return f"{shown(one.p5)} / {shown(one.p50)} / {shown(one.p95)}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
