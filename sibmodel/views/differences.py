"""What differs between two deals, on the screen and as data."""

from __future__ import annotations

from typing import Any

from sibmodel.analysis.asking.figures import Kind
from sibmodel.analysis.differences import HEADLINES, Change, Difference, Step
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
    lines += [f"  {one.path}: {_shown(one.before)} → {_shown(one.after)}" for one in found.changes if not one.in_words]
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


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    text = f"{value:,}" if isinstance(value, int) else str(value)
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
