"""What differs between two deals, on the screen and as data."""

from __future__ import annotations

from functools import cache
from typing import Any

from sibmodel.analysis.asking.figures import Kind
from sibmodel.analysis.differences import HEADLINES, Change, Difference, Step
from sibmodel.deal import Deal
from sibmodel.fields import describe
from sibmodel.results.as_data import plain
from sibmodel.simulation import Estimate
from sibmodel.views.kinds import shown, titled
from sibmodel.words import NOT_AVAILABLE, number

LONGEST = 60
"""Characters of a value that is written out."""
COLUMN = 19


def screen(found: Difference) -> str:
    """What changed, then the headline figures step by step."""
    first, second = found.names
    if not found.changes:
        return f"{first} and {second} are the same deal."
    words = [one for one in found.changes if one.in_words]
    lines = [f"From {first} to {second}", "", "What changed"]
    lines += [f"  {one.path}: {_before(one)} → {_after(one)}" for one in found.changes if not one.in_words]
    if words:
        lines += [f"  and in words alone: {', '.join(one.path for one in words)}"]
    if len(found.steps) == 1:
        return "\n".join([*lines, "", "No figure hangs on what changed."])
    lines += ["", f"What it did, step by step, on the same {number(found.paths)} paths"]
    for name in found.steps[0].figures:
        lines += _figure(found, name)
    lines += [
        "",
        "Each change is made after those above it; another order would share out the same whole otherwise.",
        "± is the Monte Carlo error of the difference, on the same luck.",
    ]
    return "\n".join(lines)


def _figure(found: Difference, name: str) -> list[str]:
    """A headline figure from the first deal to the second, with the steps that moved it."""
    kind = _kind(name)
    start, end = found.steps[0].figures[name], found.steps[-1].figures.get(name)
    moved = [(step, step.moved[name]) for step in found.steps[1:] if name in step.moved]
    title = titled(name) if _simulated(name) else f"{titled(name)}, base case"
    lines = [f"  {title}: {shown(start.value, kind)} → {shown(end.value, kind) if end else NOT_AVAILABLE}"]
    steps = [(step, by) for step, by in moved if not abs(by.value) <= _crumb(kind)]
    if len(found.steps) > 2:
        lines += [f"    {_signed(by, kind):<{COLUMN}} {_named(step)}" for step, by in steps]
    elif steps:
        lines[0] += f"  ({_signed(steps[0][1], kind)})"
    return lines


def _named(step: Step) -> str:
    shown_of = [one.path for one in step.changes[:3]]
    return ", ".join(shown_of) + (f" and {len(step.changes) - 3} more" if len(step.changes) > 3 else "")


def _signed(by: Estimate, kind: Kind) -> str:
    sign = "+" if by.value > 0 else ""
    error = f" ± {shown(by.error, kind)}" if by.error > 0 else ""
    unit = " points" if kind in ("share", "rate") else ""
    text = f"{sign}{shown(by.value, kind)}{error}"
    return text.replace("%", "") + unit if unit else text


def _crumb(kind: Kind) -> float:
    """Below it a difference is none: half a pound, half a hundredth of a multiple, 0.005 % of a share."""
    return {"money": 0.5, "multiple": 0.005}.get(kind, 5e-5)


def _kind(name: str) -> Kind:
    if name.startswith("P("):
        return "share"
    if name.endswith("irr"):
        return "rate"
    if name == "moic":
        return "multiple"
    return "count" if name.endswith("outcomes") else "money"


def _simulated(name: str) -> bool:
    """Whether it is over the paths: a tranche's figures (`Senior irr`) are of the base case, as `irr` is."""
    return name in HEADLINES and (" " in name or name.startswith("P("))


def _before(one: Change) -> str:
    return _shown(one.before, _unit(one)) if one.shown_before is None else _expected(one, one.before, one.shown_before)


def _after(one: Change) -> str:
    return _shown(one.after, _unit(one)) if one.shown_after is None else _expected(one, one.after, one.shown_after)


def _expected(one: Change, given: Any, known: Any) -> str:
    return _shown(known, _unit(one)) + (" (expected)" if given is None else "")


def _unit(one: Change) -> str:
    """The unit of the field that a change is about, or of the belief around it; empty where it has none."""
    units = _units()
    steps = [step for step in one.place if isinstance(step, str) and step != "by_cohort"]
    pattern = "".join("[]" if isinstance(step, int) else f".{step}" for step in one.place).lstrip(".")
    while pattern and pattern not in units:
        pattern = pattern.rpartition(".")[0]
    return units.get(pattern, "") if steps else ""


@cache
def _units() -> dict[str, str]:
    return {note.path: note.unit for note in describe(Deal) if note.unit}


def _shown(value: Any, unit: str = "") -> str:
    if value is None:
        return "nothing"
    if isinstance(value, int | float) and not isinstance(value, bool):
        if unit.startswith(("GBP", "£")):
            return f"£{value:,.0f}" if value == round(value) else f"£{value:,.2f}"
        if unit.startswith("share"):
            return f"{number(100 * value, 2).rstrip('0').rstrip('.')}%"
        return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def as_data(found: Difference) -> dict[str, Any]:
    """All of it as plain data."""
    data: dict[str, Any] = plain(
        {
            "from": found.names[0],
            "to": found.names[1],
            "paths": found.paths,
            "seed": found.seed,
            "changes": [_change(one) for one in found.changes],
            "steps": [
                {
                    "changes": [one.path for one in step.changes],
                    "figures": {name: {"value": one.value, "error": one.error} for name, one in step.figures.items()},
                    "moved": {name: {"value": one.value, "error": one.error} for name, one in step.moved.items()},
                }
                for step in found.steps
            ],
        }
    )
    return data


def _change(one: Change) -> dict[str, Any]:
    return {"path": one.path, "before": one.before, "after": one.after, "in_words_alone": one.in_words}
