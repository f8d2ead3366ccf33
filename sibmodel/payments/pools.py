"""Pools of cohorts tested together: the quarters of a year, say. A cohort that is in none is tested by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sibmodel.lines import Line, sum_of
from sibmodel.measurement import MeasuredCohort, MeasuredMetric, pooled
from sibmodel.payments.desk import Desk
from sibmodel.reading import Place, fault_at

Pools = Mapping[str, tuple[str, ...]]
"""The cohorts of each pool, by its name."""


@dataclass(frozen=True, eq=False)
class Pool:
    """Cohorts tested together, or one by itself; `measured` is what is measured of all of them."""

    name: str
    cohorts: tuple[MeasuredCohort, ...]
    measured: MeasuredMetric | MeasuredCohort
    people: Line
    decision: Line


def check(pools: Pools, field: str) -> None:
    """Raises a fault for a pool without cohorts, and for a cohort in two pools."""
    for name, cohorts in pools.items():
        if not cohorts:
            raise fault_at((field, name), "There are no cohorts in it.", "Name them, or leave the pool out.")
    for name, times in Counter(name for cohorts in pools.values() for name in cohorts).items():
        if times > 1:
            raise fault_at((field,), f'"{name}" is in it {times} times.', "A cohort is in one pool at most.")


def named(pools: Pools, field: str) -> Iterator[tuple[Place, str]]:
    """The cohorts that pools name, and where."""
    for pool, cohorts in pools.items():
        yield from (((field, pool, place), name) for place, name in enumerate(cohorts))


def pools_of(desk: Desk, title: str, metric: MeasuredMetric, pools: Pools) -> list[Pool]:
    """The pools, in the order of their first cohorts, with a pool for each cohort that is in none."""
    made: dict[str, Pool] = {}
    for one in metric.cohorts:
        name = next((pool for pool, cohorts in pools.items() if one.name in cohorts), None)
        if name is None:
            made[one.name] = Pool(one.name, (one,), one, one.people, one.decision)
        elif name not in made:
            own = tuple(cohort for cohort in metric.cohorts if cohort.name in pools[name])
            made[name] = _together(desk, f"{title}: {name}", name, metric, own)
    return list(made.values())


def _together(desk: Desk, title: str, name: str, metric: MeasuredMetric, own: tuple[MeasuredCohort, ...]) -> Pool:
    pool = pooled(desk.section, title, own)
    measured = replace(
        metric, cohorts=own, effect=pool["effect"], points=pool["points"], avoided=pool["avoided"], z=pool["z"]
    )
    people = desk.section.line(
        f"{title}: people", sum_of([one.people for one in own]) * 1, unit="people", note="In all its cohorts."
    )
    return Pool(name, own, measured, people, desk.latest_decision(title, measured))
