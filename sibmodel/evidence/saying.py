"""Answers about an effect on the screen and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sibmodel.evidence.answers import Answer
from sibmodel.evidence.pilots import Updated
from sibmodel.evidence.pooling import Pooled
from sibmodel.evidence.priors import LEVELS, EffectBelief, percentile_of
from sibmodel.words import in_a_hundred, number, percent

LABEL = 26


def screen(answers: Sequence[Answer], bid: float | None) -> str:
    """What is believed about the true effect: a column for each answer, and before and after for a single one."""
    single = answers[0] if len(answers) == 1 else None
    lines = ["True relative reduction in events, of the whole cohort, whether or not people take part.", ""]
    if single is not None:
        lines += _how(single)
        columns = [("Prior", single.prior), *([("Then", single.belief)] if single.changed else [])]
    else:
        lines += [f"  {one.name:<12}{one.rests_on}" for one in answers] + [""]
        lines += _then(answers[0])
        columns = [(one.name, one.belief) for one in answers]
    lines += _columns(columns)
    lines += _bids(answers, bid)
    if single is not None:
        lines += ["", "In a deal file, below assumptions:", f"  {single.yaml}"]
    else:
        lines += ["", "Next: sibmodel prior neutral, or: sibmodel prior --rows ID,ID (sibmodel evidence --kind effect)"]
    return "\n".join(lines)


def _how(one: Answer) -> list[str]:
    title = "From rows of the library" if one.pooled else f"Prior {one.name}"
    lines = [f"{title}: the log rate falls by {_log(one.prior)}", f"  {one.rests_on}"]
    if one.pooled is not None:
        lines += _studies(one.pooled)
    lines += [f"  Caution  {said}" for said in one.cautions]
    return [*lines, *_then(one), *([] if one.changed else [""])]


def _log(belief: EffectBelief) -> str:
    degrees = f"{belief.freedom} degree{'' if belief.freedom == 1 else 's'} of freedom"
    shape = "normal" if belief.freedom is None else f"Student's t, {degrees}"
    return f"{number(belief.mean, 3)} ± {number(belief.spread, 3)} ({shape})"


def _studies(found: Pooled) -> list[str]:
    wide = max(len(one.name) for one in found.studies)
    rows = [
        f"  {one.name:<{wide}}  log rate falls by {number(one.fall, 3)}, standard error {number(one.error, 3)}"
        for one in found.studies
    ]
    mean = f"  together: {number(found.mean, 3)}, standard error {number(found.error, 3)}, "
    return [*rows, f"{mean}spread between services {number(found.spread, 3)}"]


def _then(one: Answer) -> list[str]:
    lines = []
    if one.updated is not None:
        pilot = one.updated.pilot
        lines.append(
            f"Then a pilot of {number(pilot.people)} people that showed {percent(pilot.reduction)}, "
            f"standard error {percent(pilot.error)} with {percent(pilot.matching_error)} for what matching leaves out:"
        )
        lines.append(f"  {_moved(one.updated)}")
    if one.kept is not None:
        lines.append(f"Then {percent(one.kept, 0)} of it is kept in delivery, give or take 15 points (assumed).")
    return [*lines, ""] if lines else []


def _moved(updated: Updated) -> str:
    return f"the belief moves {percent(updated.weight, 0)} of the way to it."


def _columns(columns: Sequence[tuple[str, EffectBelief]]) -> list[str]:
    rows = [
        ("", [name for name, _ in columns]),
        ("As likely above as below", [percent(one.median) for _, one in columns]),
        ("90 times in 100, from", [percent(one.interval()[0]) for _, one in columns]),
        ("  to", [percent(one.interval()[1]) for _, one in columns]),
        *((_level(level), [in_a_hundred(one.chance_of(level)) for _, one in columns]) for level in LEVELS),
    ]
    width = max(len(text) for _, texts in rows for text in texts) + 2
    return [f"{label:<{LABEL}}{''.join(text.rjust(width) for text in texts)}" for label, texts in rows]


def _level(level: float) -> str:
    return "Any reduction" if level == 0 else f"{percent(level, 1 if level == 0.075 else 0)} or more"


def _bids(answers: Sequence[Answer], bid: float | None) -> list[str]:
    if bid is None:
        return []
    single = len(answers) == 1
    return ["", *(bid_text(one.belief, bid, "this belief" if single else one.name) for one in answers)]


def bid_text(belief: EffectBelief, bid: float, name: str) -> str:
    """`A bid of 10.0% is the 79th percentile of neutral: the chance that ...`"""
    place = percentile_of(belief, bid)
    return (
        f"A bid of {percent(bid)} is {percentile_text(place)} of {name}: "
        f"the chance that the truth falls short of it is {in_a_hundred(place / 100)}."
    )


def percentile_text(place: float) -> str:
    """`the 79th percentile`; `below the 1st` and `above the 99th` at the ends."""
    whole = int(place + 0.5)
    if whole < 1:
        return "below the 1st percentile"
    if whole > 99:
        return "above the 99th percentile"
    tens, ones = divmod(whole, 10)
    ending = "th" if tens == 1 else {1: "st", 2: "nd", 3: "rd"}.get(ones, "th")
    return f"the {whole}{ending} percentile"


def document(answers: Sequence[Answer], bid: float | None) -> dict[str, Any]:
    """The same for programs."""
    return {"answers": [_document(one, bid) for one in answers]}


def _document(one: Answer, bid: float | None) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": one.name,
        "rests_on": one.rests_on,
        "prior": belief_document(one.prior),
        "belief": belief_document(one.belief),
        "cautions": list(one.cautions),
        "source": one.source,
        "yaml": one.yaml,
    }
    if one.pooled is not None:
        found = one.pooled
        made["pooled"] = {
            "rows": [{"id": each.name, "log_fall": each.fall, "standard_error": each.error} for each in found.studies],
            "mean": found.mean,
            "standard_error": found.error,
            "spread": found.spread,
            "disagreement": found.disagreement,
        }
    if one.updated is not None:
        pilot = one.updated.pilot
        made["pilot"] = {
            "reduction": pilot.reduction,
            "people": pilot.people,
            "standard_error": pilot.error,
            "weight": one.updated.weight,
        }
    if one.kept is not None:
        made["kept_in_delivery"] = one.kept
    if bid is not None:
        made["bid"] = {"reduction": bid, "percentile": percentile_of(one.belief, bid)}
    return made


def belief_document(belief: EffectBelief) -> dict[str, Any]:
    """A belief's mean and spread in log units, its median and interval as reductions, and the chances of some."""
    low, high = belief.interval()
    return {
        "mean": belief.mean,
        "spread": belief.spread,
        "degrees_of_freedom": belief.freedom,
        "median": belief.median,
        "interval_90": [low, high],
        "chance_of_at_least": {f"{level:g}": belief.chance_of(level) for level in LEVELS},
    }
