"""Plan and actuals: what has become known since the deal was signed, and what that makes of it."""

from __future__ import annotations

from sibmodel.plan import Fact, Headline
from sibmodel.results import Run
from sibmodel.views.common import Cell, Constant, Figure, Kind, Table, View, Words
from sibmodel.words import money, percent

NAME = "Plan and actuals"
NOT_KNOWN = "not known yet"
HEADER = ("Cohort", "People, plan", "People, known", "Starts, plan", "Starts, known")


def actuals(run: Run) -> View | None:
    """Plan against what is known; None where nothing has become known."""
    if run.plan is None or run.deal.actuals is None:
        return None
    facts = run.plan.facts(run.model)
    blocks: list[Words | Table] = [_words(run), _figures(run), _cohorts(facts), *_effects(run, facts)]
    blocks += _milestones(facts)
    return View(NAME, "What was planned, what is known by now, and what that makes of the deal.", tuple(blocks))


def sentence(run: Run) -> str | None:
    """Payments and return, plan against now, in a line; None where nothing has become known."""
    if run.plan is None or run.deal.actuals is None:
        return None
    then, now, figure = run.plan, run.model, run.plan.base.figure
    paid, rate = then.model.commissioning.paid_in_all, then.model.returns.everyone.irr
    return (
        f"outcome payments {money(figure(paid))} by plan, {money(run.figure(now.commissioning.paid_in_all))} now; "
        f"IRR {percent(figure(rate))} by plan, {percent(run.figure(now.returns.everyone.irr))} now"
    )


def _words(run: Run) -> Words:
    assert run.deal.actuals is not None
    return Words(
        (
            f"Known by {run.deal.actuals.as_of}, base case as exported: {sentence(run)}.",
            "The plan is the same deal without what has become known: its figures are those of the day of the export "
            "and do not move. The figures of now are live.",
            "What is known is not drawn in the simulation. What is not known yet is believed as before: a published "
            "effect does not change what is believed of later cohorts.",
        )
    )


def _figures(run: Run) -> Table:
    assert run.plan is not None
    rows = [
        (one.name, Constant(one.planned, _kind(one)), Figure(one.line, _kind(one)))
        for one in run.plan.headlines(run.model)
    ]
    return Table("Plan against now, base case", ("Figure", "Plan", "Now"), tuple(rows))


def _kind(one: Headline) -> Kind:
    return "rate" if "(IRR)" in one.name else "multiple" if "(MOIC)" in one.name else "money"


def _pair(one: Fact, kind: Kind) -> tuple[Cell, Cell]:
    return Constant(one.planned, kind), Figure(one.line, kind) if one.known else NOT_KNOWN


def _cohorts(facts: tuple[Fact, ...]) -> Table:
    people = [one for one in facts if one.what == "people"]
    starts = [one for one in facts if one.what == "starts"]
    rows = [
        (one.cohort, *_pair(one, "people"), *_pair(other, "people")) for one, other in zip(people, starts, strict=True)
    ]
    return Table("People and starts, plan and known", HEADER, tuple(rows), "Plan: in its base case.")


def _effects(run: Run, facts: tuple[Fact, ...]) -> list[Table]:
    effects = [one for one in facts if one.what == "measured effect"]
    decisions = [one for one in facts if one.what == "decision period"]
    relative = {metric.name: metric.relative for metric in run.deal.metrics}
    rows: list[tuple[Cell, ...]] = []
    for one, decision in zip(effects, decisions, strict=True):
        kind: Kind = "share" if relative[one.measure] else "number"
        rows.append((one.cohort, one.measure, *_pair(one, kind), *_pair(decision, "count")))
    header = ("Cohort", "Measure", "Effect, plan", "Effect, published", "Decided in period, plan", "Period, known")
    note = "Plan: measured in its base case. Periods are months, counted from 1 at the deal's start."
    return [Table("Measured effect, plan and published", header, tuple(rows), note)] if rows else []


def _milestones(facts: tuple[Fact, ...]) -> list[Table]:
    rows: list[tuple[Cell, ...]] = [
        (one.cohort, one.measure, *_pair(one, "people")) for one in facts if one.what == "people counted"
    ]
    header = ("Cohort", "Milestone", "People, plan", "People, counted")
    return [Table("Milestones, plan and counted", header, tuple(rows), "Plan: in its base case.")] if rows else []
