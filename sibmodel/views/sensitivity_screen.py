"""Sensitivity on the screen: the sentences, then each table, narrow enough for a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sibmodel.analysis.sensitivity import (
    LEVELS,
    Bar,
    BreakEvens,
    Indices,
    Reverse,
    Sensitivity,
    Spider,
    Stressed,
    Tornado,
    TwoWay,
)
from sibmodel.simulation import Estimate
from sibmodel.views.kinds import kind_of_unit, paragraph, shown
from sibmodel.views.price import of_term
from sibmodel.views.sensitivity import sentences
from sibmodel.words import NOT_AVAILABLE, money, number, percent

HALF = 12
"""Characters of a bar to either side of the middle."""


def screen(name: str, found: Sensitivity) -> str:
    """All of it in words."""
    held = {one.asked: one.tornado for one in found.spiders}
    parts = [[name, *(paragraph(sentence) for sentence in sentences(found))]]
    parts += [_tornado(one, held.get(one.asked)) for one in found.tornados if one.bars]
    parts += [_spider(one) for one in found.spiders if one.spokes]
    parts += [_indices(one) for one in found.indices if one.indices]
    parts += [_break_evens(one) for one in found.break_evens if one.inputs]
    parts += [] if found.two_way is None else [_two_way(found.two_way)]
    parts.append(_stresses(found.stresses))
    parts += [_reverse(one) for one in found.reverse if one.drivers]
    return "\n\n".join("\n".join(part) for part in parts)


def _tornado(found: Tornado, held: Tornado | None) -> list[str]:
    """Bars among the paths, with the figures when the driver alone is held beside them."""
    alone = {} if held is None else {one.driver.name: one for one in held.bars}
    largest = max(
        (abs(one - found.middle.value) for bar in found.bars for one in (bar.low.value, bar.high.value)
         if math.isfinite(one)),
        default=0.0,
    )  # fmt: skip
    lines = [
        f"  Tornado: {found.asked}, {shown(found.middle.value, found.kind)} ± {shown(found.middle.error, found.kind)} "
        "over all paths",
        f"  {'':<26} {'':<{2 * HALF + 1}} {'near P10':>15} {'near P90':>15} {'each ±':>13}   "
        f"{'held at P10':>15} {'at P90':>15}",
    ]
    for one in found.bars:
        own = alone.get(one.driver.name)
        ends = () if own is None else (shown(own.low.value, found.kind), shown(own.high.value, found.kind))
        both = "  " + "".join(f" {end:>15}" for end in ends) if ends else ""
        bar = _bar(one.low.value - found.middle.value, one.high.value - found.middle.value, largest)
        if _by_luck(one, found.middle):
            bar = f"{'no more than luck':^{2 * HALF + 1}}"
        error = shown(max(one.low.error, one.high.error), found.kind)
        low, high = shown(one.low.value, found.kind), shown(one.high.value, found.kind)
        lines.append(f"  {one.driver.label[:26]:<26} {bar} {low:>15} {high:>15} {error:>13}{both}")
    lines.append(f"  {'░' * 2} driver low  {'█' * 2} driver high")
    return lines


def _by_luck(bar: Bar, middle: Estimate) -> bool:
    """Whether both ends, and the middle over all paths, lie within two errors of each other."""
    pairs = ((bar.low, bar.high), (bar.low, middle), (bar.high, middle))
    return all(abs(one.value - other.value) <= 2 * math.hypot(one.error, other.error) for one, other in pairs)


def _bar(low: float, high: float, largest: float) -> str:
    """A bar from the middle to either side: light where the driver is low, dark where it is high."""
    if not (math.isfinite(low) and math.isfinite(high)) or largest <= 0:
        return " " * (2 * HALF + 1)
    cells = [" "] * (2 * HALF + 1)
    cells[HALF] = "│"
    for value, mark in ((low, "░"), (high, "█")):
        size = round(abs(value) / largest * HALF)
        for step in range(1, size + 1):
            place = HALF + (step if value > 0 else -step)
            cells[place] = mark if cells[place] == " " else "▒"
    return "".join(cells)


def _spider(found: Spider) -> list[str]:
    head = "".join(f"{f'P{level * 100:.0f}':>16}" for level in LEVELS)
    lines = [f"  Spider: {found.asked} with each driver held, the others as they fall", f"  {'':<26}{head}"]
    for one in found.spokes:
        values = "".join(f"{shown(value.value, found.kind):>16}" for value in one.values)
        lines.append(f"  {one.driver.label[:26]:<26}{values}")
    return lines


def _indices(found: Indices) -> list[str]:
    lines = [f"  Share of variance: {found.asked}", f"  {'':<26} {'first-order':>18} {'total':>18}"]
    for one in found.indices:
        first = f"{percent(one.first.value)} ± {percent(one.first.error)}"
        total = f"{percent(one.total.value)} ± {percent(one.total.error)}"
        lines.append(f"  {one.driver.label[:26]:<26} {first:>18} {total:>18}")
    lines += [
        "  They say how much of the spread goes with knowing a driver. The Shapley shares of `compare` divide a risk",
        "  among groups of drivers so that they add up to 100%: another question, and so another answer.",
    ]
    if found.linked:
        lines.append("  Drivers go together in this deal: what they share is counted in each, and they do not add up.")
    return lines


def _break_evens(found: BreakEvens) -> list[str]:
    goal = shown(found.goal, found.kind)
    lines = [f"  Base case: {found.asked} is {goal} at", f"  {'':<44} {'as it is':>15} {'break-even':>15}"]
    for one in found.inputs:
        kind = kind_of_unit(one.unit)
        turned = shown(one.value, kind) if one.reachable else "never"
        lines.append(f"  {one.name[:44]:<44} {shown(one.now, kind):>15} {turned:>15}")
    return lines


def _two_way(found: TwoWay) -> list[str]:
    down, across = found.names
    head = "".join(f"{of_term(one, found.across):>16}" for one in found.columns)
    lines = [f"  Base case: {found.asked} by {down[0].lower()}{down[1:]}, and {across[0].lower()}{across[1:]} across"]
    lines.append(f"  {'':<12}{head}")
    for row, values in zip(found.rows, found.values, strict=True):
        cells = "".join(f"{shown(one, found.kind):>16}" for one in values)
        lines.append(f"  {of_term(row, found.down):<12}{cells}")
    return lines


def _stresses(found: Sequence[Stressed]) -> list[str]:
    lines = [
        f"  {'Stress':<32} {'IRR':>8} {'NPV':>15} {'payments':>15}   {'mean NPV':>28} {'chance of loss':>16}",
    ]
    for one in found:
        if not one.applies:
            lines.append(f"  {one.name[:32]:<32} does not apply: {one.why_not}")
            continue
        base = one.base
        simulated = ""
        if one.mean_npv is not None and one.loss is not None:
            mean = f"{money(one.mean_npv.value)} ± {money(one.mean_npv.error)}"
            simulated = f"   {mean:>28} {percent(one.loss.value) + ' ± ' + percent(one.loss.error):>16}"
        rate = percent(base["irr"]) if "irr" in base else NOT_AVAILABLE
        figures = f"{rate:>8} {money(base['npv']):>15} {money(base['payments']):>15}"
        lines.append(f"  {one.name[:32]:<32} {figures}{simulated}")
        if one.caution:
            lines.append(f"    Caution: {one.caution}")
    return lines


def _reverse(found: Reverse) -> list[str]:
    lines = [
        f"  What the {percent(found.chance.value)} ± {percent(found.chance.error)} of paths with {found.event} have in "
        "common",
        f"  {'':<26} {'half lie below':>15} {'mean percentile':>18} {'mean there':>12} {'of all':>10} {'distance':>10}",
    ]
    for one in found.drivers:
        place = f"{percent(one.place.value)} ± {percent(one.place.error)}"
        mark = "" if one.matters else "   no more than luck"
        lines.append(
            f"  {one.driver.label[:26]:<26} {f'P{number(one.median * 100)}':>15} {place:>18} "
            f"{number(one.mean_there, 3):>12} {number(one.mean_of_all, 3):>10} {number(one.distance, 2):>10}{mark}"
        )
    return lines
