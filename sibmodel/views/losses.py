"""What is different in the paths in which investors lose money: in a sentence for the screen, and as a table."""

from __future__ import annotations

from math import isclose

from sibmodel.analysis.conditional import Condition, Given
from sibmodel.results import Run
from sibmodel.views.common import Cell, Constant, Kind, Table
from sibmodel.words import money, number, percent

NAMED = 2
"""Beliefs that the screen names, those most apart."""
LEAST_APART = 0.25
"""Standard deviations between the two means, for the screen to name a belief."""


def where_lost_words(run: Run) -> list[str]:
    """For the screen: what is different where investors lose, each with its two means; the true effect first."""
    found = run.where_lost
    if found is None:
        return []
    effect = found.effects[0]
    beliefs = [one for one in found.drawn if abs(one.apart) >= LEAST_APART and not _same(one, effect)]
    return [
        f"{one.name[:1].lower()}{one.name[1:]}: {_shown(one, where=True)}, otherwise {_shown(one, where=False)}"
        for one in (effect, *beliefs[:NAMED])
    ]


def _same(one: Given, other: Given) -> bool:
    """Whether it is the same figure, but for rounding: a belief in the effect, and the effect of all cohorts."""
    return all(
        isclose(mine.value, its.value, rel_tol=1e-9)
        for mine, its in ((one.happens, other.happens), (one.otherwise, other.otherwise))
    )


def where_lost_table(run: Run) -> tuple[Table, ...]:
    """All effects and beliefs, those most apart first; none where investors always lose, or never."""
    found = run.where_lost
    if found is None:
        return ()
    rows: list[tuple[Cell, ...]] = [
        (
            one.name,
            *(Constant(value, _kind(one.unit)) for estimate in (one.happens, one.otherwise)
              for value in (estimate.value, estimate.error)),
            Constant(one.apart, "number"),
        )
        for one in (*found.effects, *found.drawn)
    ]  # fmt: skip
    header = ("Mean of", "Where they lose", "Error there", "Otherwise", "Error otherwise", "Apart")
    return (Table("Where investors lose money", header, tuple(rows), _note(found)),)


def _note(found: Condition) -> str:
    return (
        f"In {number(found.paths)} of {number(found.of)} paths investors get back less than they put in. What is the "
        "same in the others is not to blame. Apart: the difference in standard deviations of all paths."
    )


def _kind(unit: str) -> Kind:
    kinds: dict[str, Kind] = {"share": "share", "£": "money"}
    return kinds.get(unit, "size")


def _shown(one: Given, *, where: bool) -> str:
    estimate = one.happens if where else one.otherwise
    if one.unit == "share":
        return f"{percent(estimate.value)} ± {percent(estimate.error)}"
    if one.unit == "£":
        return f"{money(estimate.value)} ± {money(estimate.error)}"
    places = 2 if abs(estimate.value) >= 1 else 3
    return f"{number(estimate.value, places)} ± {number(estimate.error, places)}"
