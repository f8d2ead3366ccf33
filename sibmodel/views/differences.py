"""What differs between two deals, on the screen and as data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sibmodel.analysis.asking.figures import Kind
from sibmodel.analysis.differences import HEADLINES, Change, Difference, Step
from sibmodel.deal import Deal
from sibmodel.fields import describe
from sibmodel.results.as_data import plain
from sibmodel.simulation import Estimate
from sibmodel.views.kinds import paragraph, shown, titled
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
    lines += [f"  {one.path}: {before_of(one)} → {after_of(one)}" for one in found.changes if not one.in_words]
    if words:
        lines += [f"  and in words alone: {', '.join(one.path for one in words)}"]
    if len(found.steps) == 1:
        return "\n".join([*lines, "", "No figure hangs on what changed."])
    lines += ["", f"What it did, step by step, on the same {number(found.paths)} paths"]
    still = []
    for name in found.steps[0].figures:
        if moves(found, name):
            lines += _figure(found, name)
        else:
            still.append(f"{_title(name)}: {shown(found.steps[-1].figures[name].value, kind_of(name))}")
    if still:
        lines += ["", paragraph(f"Not moved: {'; '.join(still)}.")]
    if not any_simulated_moves(found):
        lines += ["", paragraph(NONE_SIMULATED)]
    return "\n".join(
        [
            *lines,
            "",
            "Each change is made after those above it; another order would share out the same whole otherwise.",
            "± is the Monte Carlo error of the difference, on the same luck.",
        ]
    )


NONE_SIMULATED = "No figure over the paths moves: what changed is the base case alone, or nothing hangs on it."


def moves(found: Difference, name: str) -> bool:
    """Whether a step moves a headline figure, or one of the deals has it alone."""
    steps = [step.moved[name].value for step in found.steps[1:] if name in step.moved]
    return name not in found.moved or any(not abs(by) <= crumb(kind_of(name)) for by in steps)


def any_simulated_moves(found: Difference) -> bool:
    """Whether any headline figure over the paths moves."""
    return any(moves(found, name) for name in found.steps[0].figures if simulated(name))


def _title(name: str) -> str:
    return titled(name) if simulated(name) else f"{titled(name)}, base case"


def _figure(found: Difference, name: str) -> list[str]:
    """A headline figure from the first deal to the second, with the steps that moved it."""
    kind = kind_of(name)
    start, end = found.steps[0].figures[name], found.steps[-1].figures.get(name)
    moved = [(step, step.moved[name]) for step in found.steps[1:] if name in step.moved]
    lines = [f"  {_title(name)}: {shown(start.value, kind)} → {shown(end.value, kind) if end else NOT_AVAILABLE}"]
    steps = [(step, by) for step, by in moved if not abs(by.value) <= crumb(kind)]
    if len(found.steps) > 2:
        lines += [f"    {signed(by, kind):<{COLUMN}} {named(step)}" for step, by in steps]
    elif steps:
        lines[0] += f"  ({signed(steps[0][1], kind)})"
    return lines


def named(step: Step) -> str:
    """The places of a step's first changes."""
    shown_of = [one.path for one in step.changes[:3]]
    return ", ".join(shown_of) + (f" and {len(step.changes) - 3} more" if len(step.changes) > 3 else "")


def signed(by: Estimate, kind: Kind) -> str:
    """A change with its sign and error; of shares in points."""
    sign = "+" if by.value > 0 else ""
    error = f" ± {shown(by.error, kind)}" if by.error > 0 else ""
    unit = " points" if kind in ("share", "rate") else ""
    text = f"{sign}{shown(by.value, kind)}{error}"
    return text.replace("%", "") + unit if unit else text


def crumb(kind: Kind) -> float:
    """Below it a difference is none: half a pound, half a hundredth of a multiple, 0.005 % of a share."""
    return {"money": 0.5, "multiple": 0.005}.get(kind, 5e-5)


def kind_of(name: str) -> Kind:
    """The kind of number that a headline figure is."""
    if name.startswith("P("):
        return "share"
    if name.endswith("irr"):
        return "rate"
    if name == "moic":
        return "multiple"
    return "count" if name.endswith("outcomes") else "money"


def simulated(name: str) -> bool:
    """Whether it is over the paths: a tranche's figures (`Senior irr`) are of the base case, as `irr` is."""
    return name in HEADLINES and (" " in name or name.startswith("P("))


def before_of(one: Change) -> str:
    """What stood at a place, in words."""
    return _shown(one.before, _unit(one)) if one.shown_before is None else _expected(one, one.before, one.shown_before)


def after_of(one: Change) -> str:
    """What stands there now, in words."""
    return _shown(one.after, _unit(one)) if one.shown_after is None else _expected(one, one.after, one.shown_after)


def _expected(one: Change, given: Any, known: Any) -> str:
    return _shown(known, _unit(one)) + (" (expected)" if given is None else "")


def _unit(one: Change) -> str:
    """The unit of the field that a change is about, or of the belief around it; empty where it has none."""
    return _nearest(one, _units())


def meaning(one: Change) -> str:
    """What the field that a change is about is, or the belief around it, in a few words."""
    return _nearest(one, _meanings())


def _nearest(one: Change, known: Mapping[str, str]) -> str:
    """What is known of a change's place, or of the nearest place around it; empty where nothing is."""
    pattern = "".join("[]" if isinstance(step, int) else f".{step}" for step in one.place).lstrip(".")
    while pattern and pattern not in known:
        pattern = pattern.rpartition(".")[0]
    return known.get(pattern, "")


@cache
def _units() -> dict[str, str]:
    return {note.path: note.unit for note in describe(Deal) if note.unit}


@cache
def _meanings() -> dict[str, str]:
    """What each field is; of kinds that say it otherwise, the shortest, which holds for all."""
    found: dict[str, str] = {}
    for note in describe(Deal):
        if note.sentence and len(note.sentence) < len(found.get(note.path, note.sentence + " ")):
            found[note.path] = note.sentence
    return found


def _shown(value: Any, unit: str = "") -> str:
    if value is None:
        return "nothing"
    if isinstance(value, int | float) and not isinstance(value, bool):
        if unit.startswith(("GBP", "£")):
            return f"£{value:,.0f}" if value == round(value) else f"£{value:,.2f}"
        if unit.startswith("share"):
            return f"{number(100 * value, 2).rstrip('0').rstrip('.')}%"
        return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
    text = _written(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _written(value: Any) -> str:
    """A part of a deal as a reader has it: `normal (mean 0.02, sd 0.06)`."""
    if isinstance(value, dict):
        parts = ((key, _written(one), isinstance(one, dict | list)) for key, one in value.items())
        return ", ".join(f"{key} ({text})" if inner else f"{key} {text}" for key, text, inner in parts)
    if isinstance(value, list):
        return "; ".join(_written(one) for one in value)
    return str(value)


def as_data(found: Difference) -> dict[str, Any]:
    """All of it as plain data."""
    data: dict[str, Any] = plain(
        {
            "from": found.names[0],
            "to": found.names[1],
            "paths": found.paths,
            "seed": found.seed,
            "changes": [_change(one) for one in found.changes],
            "difference": _figures(found.moved),
            "steps": [
                {
                    "changes": [one.path for one in step.changes],
                    "figures": _figures(step.figures),
                    "moved": _figures(step.moved),
                }
                for step in found.steps
            ],
        }
    )
    return data


def _figures(found: Mapping[str, Estimate]) -> dict[str, Any]:
    return {name: {"value": one.value, "error": one.error} for name, one in found.items()}


def _change(one: Change) -> dict[str, Any]:
    return {"path": one.path, "before": one.before, "after": one.after, "in_words_alone": one.in_words}
