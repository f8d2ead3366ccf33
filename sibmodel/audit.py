"""The audit trail: any line of a deal explained in words and figures, in the base case or in one path."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches

import numpy as np

from sibmodel.deal import Deal
from sibmodel.errors import NotFoundError
from sibmodel.lines import Explanation, Line, evaluate, explain, why_nothing
from sibmodel.model import Model, build
from sibmodel.month import Month
from sibmodel.simulation import reopen, usual
from sibmodel.words import NOT_AVAILABLE, money, number, percent

COMPARED = 4
"""Figures that are told of a cause."""
FIXED = "input"
"""The formula of an input that is no term of the deal."""


def find_line(model: Model, name: str) -> Line:
    """The line of that name, or "Section / name". Raises NotFoundError with near misses, or with all where several
    fit."""
    found = model.book.find(name)
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFoundError(
            f'Several lines are named "{name}": {"; ".join(line.key for line in found)}. Name the section too.'
        )
    names = {line.name.casefold(): line.name for line in model.book.lines}
    inside = [line.name for line in model.book.lines if name.casefold() in line.name.casefold()]
    near = [names[one] for one in get_close_matches(name.casefold(), names, n=4, cutoff=0.5)]
    of_all = [one for one in inside if one.casefold() == f"all investors: {name.casefold()}"]
    offered = list(dict.fromkeys([*of_all, *near, *inside]))[:6]
    hint = f"Did you mean: {'; '.join(offered)}?" if offered else "The workbook's first column names every line."
    raise NotFoundError(f'There is no line named "{name}". {hint}')


def explanation(
    deal: Deal,
    name: str,
    *,
    period: str | None = None,
    path: int | None = None,
    seed: int = 1,
    depth: int = 1,
    sampler: str | None = None,
    paths: int | None = None,
) -> Explanation:
    """A line explained in a month (the last with any amount unless told) and a path (the base case unless told)."""
    model = build(deal)
    line = find_line(model, name)
    if path is None:
        values = evaluate(model.book.lines, model.book.periods)
    else:
        values = reopen(model, seed, path, sampler or usual(paths), paths)
    when: int | None = None
    if line.timed:
        row = values.row(line)
        when = _period(deal, period) if period is not None else int(np.flatnonzero(row)[-1]) + 1 if np.any(row) else 1
    found = explain(line, values, period=when, depth=depth)
    return replace(found, why_nothing=why_nothing(line, values))


def _period(deal: Deal, period: str) -> int:
    try:
        count = deal.start.months_until(Month.read(period)) + 1
    except ValueError:
        raise NotFoundError(f"{period} is not a month: write year and month, like {deal.start}.") from None
    if not 1 <= count <= deal.months:
        last = deal.start.plus(deal.months - 1)
        raise NotFoundError(f"{period} is outside the deal, {deal.start} to {last}.")
    return count


def explanation_text(one: Explanation, deal: Deal, indent: str = "") -> str:
    """The explanation for a terminal."""
    when = (
        ""
        if one.period is None
        else f" in {deal.start.plus(one.period - 1)}"
        if one.period > 0
        else " before the start"
    )
    throughout = one.why_nothing and one.period is not None
    rows = [f"{indent}{one.name}{', in every month' if throughout else when} = {shown(one.value, one.unit)}"]
    if not indent:
        rows += [f"  {one.note}" if one.note else "", f"  section: {one.section}   defined at {one.origin}"]
    rows.append(f"{indent}  = {one.formula}" + (f"   source: {one.source}" if one.source else ""))
    if one.why_nothing:
        rows += ["  Why nothing comes of it:", *(f"    {_cause(cause)}" for cause in one.why_nothing)]
    rows += [explanation_text(other, deal, indent + "    ") for other in one.precedents]
    return "\n".join(row for row in rows if row)


def _cause(one: Explanation) -> str:
    """A test that fails, or a line from which nothing comes, with what it compares."""
    compared = [other for other in one.precedents if other.formula != FIXED and other.value is not None]
    figures = [f"{other.name} = {shown(other.value, other.unit)}" for other in compared[:COMPARED]]
    if len(compared) > COMPARED:
        figures.append(f"{len(compared) - COMPARED} more")
    said = "no" if one.unit == "1 or 0" else "nil" if not one.value else shown(one.value, one.unit)
    return f"{one.name}: {said}. {'; '.join(figures)}"


def shown(value: float | None, unit: str) -> str:
    """A value with its unit, as people write it."""
    if value is None:
        return "a line over time"
    if not np.isfinite(value):
        return NOT_AVAILABLE
    if unit == "£":
        return money(value) if abs(value) >= 1000 else f"£{number(value, 2)}".replace("£−", "−£")
    if unit.startswith("share"):
        return f"{percent(value, 3)}{unit.removeprefix('share')}"
    places = 0 if float(value).is_integer() else 4
    return f"{number(value, places)} {'month' if unit == 'months' and value == 1 else unit}"
