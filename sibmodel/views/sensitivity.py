"""Sensitivity: what moves a deal's figures, what it takes to turn them, and what the paths that go wrong share."""

from __future__ import annotations

import math

from sibmodel.analysis.sensitivity import BreakEven, BreakEvens, Sensitivity
from sibmodel.results import Run
from sibmodel.views.common import Block, Cell, Constant, Table, View, Words
from sibmodel.views.kinds import kind_of_unit, shown
from sibmodel.views.sensitivity_tables import (
    index_blocks,
    reverse_table,
    spider_blocks,
    stress_table,
    tornado_blocks,
    two_way_table,
)
from sibmodel.views.sentences import of_a_hundred
from sibmodel.words import money, number, percent

PURPOSE = "What moves the figures most, what it takes to turn them, and what the paths that go wrong have in common."
BREAK_EVENS = "Where the base case breaks even"
CALLED = {"npv": "investors' net present value", "payments": "the bill", "irr": "investors' rate of return"}
"""What figures are called in sentences."""


def sensitivity(run: Run) -> View:
    """The view: from the paths of the run, or with paths of its own where it was asked for."""
    return View("Sensitivity", PURPOSE, blocks(run.sensitivity))


def blocks(found: Sensitivity) -> tuple[Block, ...]:
    """The words, tables and charts, the finding first."""
    made: list[Block] = [Words(sentences(found))]
    for one in found.tornados:
        made += tornado_blocks(one, found.paths)
    for spider in found.spiders:
        made += spider_blocks(spider, found.paths)
    for indices in found.indices:
        made += index_blocks(indices)
    made += [_break_evens(one) for one in found.break_evens]
    if found.two_way is not None:
        made.append(two_way_table(found.two_way))
    made.append(stress_table(found.stresses))
    made += [reverse_table(one) for one in found.reverse if one.drivers]
    return tuple(made)


def sentences(found: Sensitivity) -> tuple[str, ...]:
    """What it says, the most important first."""
    said = [
        *_of_tornado(found),
        *_of_break_evens(found),
        *_of_stresses(found),
        *_of_reverse(found),
        *_of_indices(found),
    ]
    return tuple(said) or ("Nothing in this deal is uncertain, so nothing moves its figures.",)


def called(asked: str) -> str:
    """A question in the words of a sentence."""
    statistic, _, name = asked.partition(" ")
    return f"the {statistic} of {CALLED[name]}" if name in CALLED else f"“{asked}”"


def _of_tornado(found: Sensitivity) -> list[str]:
    first = next((one for one in found.tornados if one.bars and math.isfinite(one.bars[0].swing)), None)
    if first is None:
        return []
    longest = first.bars[0]
    low, high = shown(longest.low.value, first.kind), shown(longest.high.value, first.kind)
    name = called(first.asked)
    said = [
        f"{name[0].upper()}{name[1:]} hangs most on the {longest.driver.name}: {low} where it is low (P10), {high} "
        f"where it is high (P90), {shown(first.middle.value, first.kind)} over all paths."
    ]
    others = [one for one in first.bars[1:] if math.isfinite(one.swing)]
    if others:
        share = abs(others[0].swing / longest.swing)
        said.append(f"Next comes the {others[0].driver.name}, which moves it {percent(share, 0)} as far.")
    return said


def _of_break_evens(found: Sensitivity) -> list[str]:
    said = []
    for one in found.break_evens:
        turned = [each for each in one.inputs if each.reachable][:3]
        if turned:
            each = "; ".join(
                f"{_small(each.name)} {_input(each, each.value)} instead of {_input(each, each.now)}" for each in turned
            )
            said.append(f"In the base case {_goal(one)} at, one at a time: {each}.")
    return said


def _goal(one: BreakEvens) -> str:
    name = CALLED.get(one.asked, one.asked)
    return f"{name} is nil" if one.goal == 0 else f"{name} is {shown(one.goal, one.kind)}"


def _small(name: str) -> str:
    return name[0].lower() + name[1:]


def _of_stresses(found: Sensitivity) -> list[str]:
    told = [one for one in found.stresses[1:] if one.applies and math.isfinite(one.base.get("npv", math.nan))]
    if not told or not found.stresses[0].applies:
        return []
    own = found.stresses[0].base["npv"]
    negative = [one for one in told if one.base["npv"] < 0]
    worst = min(told, key=lambda one: one.base["npv"])
    said = (
        f"Of {len(told)} stresses, {len(negative)} leave investors with a negative net present value in the base case, "
        f"which is {money(own)} as it is"
    )
    if worst.base["npv"] < own:
        return [f"{said}; the worst is “{_small(worst.name)}”, {money(worst.base['npv'])}."]
    return [f"{said}; none makes it worse."]


def _of_reverse(found: Sensitivity) -> list[str]:
    said = []
    for one in found.reverse:
        telling = [each for each in one.drivers if each.matters][:2]
        if telling:
            each = " and ".join(f"the {each.driver.name} lies {_side(each.median)}" for each in telling)
            often = f"{of_a_hundred(one.chance.value)} in 100 paths end in {one.event}"
            said.append(f"{often}; in half of these {each}, where P50 would be chance.")
    return said


def _side(median: float) -> str:
    return f"{'below' if median < 0.5 else 'above'} P{number(median * 100)}"


def _of_indices(found: Sensitivity) -> list[str]:
    if not found.indices or not found.indices[0].indices:
        return []
    first = found.indices[0]
    shares = [
        f"the {one.driver.name}, {percent(one.first.value, 0)} alone and {percent(one.total.value, 0)} with others"
        for one in first.indices[:3]
    ]
    return [f"Where the variance behind {called(first.asked)} comes from: {'; '.join(shares)}."]


def _input(one: BreakEven, value: float) -> str:
    return shown(value, kind_of_unit(one.unit))


def _break_evens(found: BreakEvens) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for one in found.inputs:
        kind = kind_of_unit(one.unit)
        change = one.value / one.now - 1 if one.now and kind != "share" else math.nan
        away = Constant(change, "share") if math.isfinite(change) else "–"
        turned: Cell = Constant(one.value, kind) if one.reachable else "never in its range"
        rows.append((one.name, one.unit, Constant(one.now, kind), turned, away))
    title = f"{BREAK_EVENS}: {_goal(found)}"
    header = ("Input", "Unit", "As exported", "Break-even", "Away from it")
    note = (
        f"One input at a time, the others at their base case; {CALLED.get(found.asked, found.asked)} is "
        f"{shown(found.now, found.kind)} there. A belief by cohort is held at one value in all; its base case is the "
        "first cohort's. Of several break-evens, the nearest to the base case. Not live: calculated when the file was "
        "written."
    )
    return Table(title, header, tuple(rows), note)
