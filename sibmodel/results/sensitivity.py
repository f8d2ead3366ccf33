"""What moves the figures of a run, as plain data."""

from __future__ import annotations

import math
from typing import Any

from sibmodel.analysis.sensitivity import LEVELS, BreakEvens, Indices, Reverse, Sensitivity, Spider, Stressed, Tornado
from sibmodel.analysis.sensitivity.stress import SHOWN
from sibmodel.analysis.sensitivity.two_way import TwoWay
from sibmodel.simulation import NONE, Estimate


def sensitivity(found: Sensitivity) -> dict[str, Any]:
    """All of it; lists are empty where nothing was asked for."""
    return {
        "paths": found.paths,
        "seed": found.seed,
        "tornados": [_tornado(one) for one in found.tornados],
        "break_evens": [_break_evens(one) for one in found.break_evens],
        "two_way": [] if found.two_way is None else [_two_way(found.two_way)],
        "stresses": [_stressed(one) for one in found.stresses],
        "looking_back": [_reverse(one) for one in found.reverse],
        "spiders": [_spider(one) for one in found.spiders],
        "indices": [_indices(one) for one in found.indices],
    }


def _tornado(one: Tornado) -> dict[str, Any]:
    return {
        "asked": one.asked,
        **_estimate("middle", one.middle),
        "drivers": [
            {"driver": each.driver.name, **_estimate("low", each.low), **_estimate("high", each.high)}
            for each in one.bars
        ],
    }


def _break_evens(one: BreakEvens) -> dict[str, Any]:
    return {
        "asked": one.asked,
        "goal": one.goal,
        "base": one.now,
        "inputs": [
            {"path": each.path, "name": each.name, "unit": each.unit, "base": each.now, "break_even": each.value}
            for each in one.inputs
        ],
    }


def _two_way(one: TwoWay) -> dict[str, Any]:
    return {
        "asked": one.asked,
        "down": one.down.path,
        "across": one.across.path,
        "rows": list(one.rows),
        "columns": list(one.columns),
        "values": [list(row) for row in one.values],
    }


def _stressed(one: Stressed) -> dict[str, Any]:
    return {
        "name": one.name,
        "source": one.source,
        "does_not_apply": one.why_not or None,
        "caution": one.caution or None,
        "base": {name: one.base.get(name, math.nan) for name in SHOWN},
        **_estimate("mean_npv", one.mean_npv or NONE),
        **_estimate("mean_payments", one.mean_payments or NONE),
        **_estimate("probability_of_loss", one.loss or NONE),
    }


def _reverse(one: Reverse) -> dict[str, Any]:
    return {
        "event": one.event,
        **_estimate("probability", one.chance),
        "drivers": [
            {
                "driver": each.driver.name,
                "median_percentile": each.median,
                **_estimate("mean_percentile", each.place),
                "mean_there": each.mean_there,
                "mean_of_all": each.mean_of_all,
                "distance": each.distance,
                "distance_by_luck": each.by_luck,
            }
            for each in one.drivers
        ],
    }


def _spider(one: Spider) -> dict[str, Any]:
    return {
        "asked": one.asked,
        "percentiles": list(LEVELS),
        "drivers": [
            {
                "driver": each.driver.name,
                "values": [value.value for value in each.values],
                "errors": [value.error for value in each.values],
            }
            for each in one.spokes
        ],
    }


def _indices(one: Indices) -> dict[str, Any]:
    return {
        "asked": one.asked,
        "variance": one.variance,
        "linked": one.linked,
        "paths": one.paths,
        "drivers": [
            {"driver": each.driver.name, **_estimate("first", each.first), **_estimate("total", each.total)}
            for each in one.indices
        ],
    }


def _estimate(name: str, one: Estimate) -> dict[str, float]:
    return {name: one.value, f"{name}_error": one.error}
