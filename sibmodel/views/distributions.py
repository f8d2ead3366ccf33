"""Tables behind the charts: distributions and fans of the simulation, drawn in more than one view."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from sibmodel.metrics import RateStatus
from sibmodel.results import Run, paid
from sibmodel.views.common import Cell, Constant, Figure, Table
from sibmodel.views.effect_words import leading
from sibmodel.views.sentences import kept_note
from sibmodel.words import MINUS, number

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
ABOUT = 14
"""Bars of a histogram, more or less."""
MOST = 19
"""Bars where the place of a threshold among them matters."""
LOWEST_RATE = -0.3
"""Rates of return below it stand in one bar: what is nearly all lost needs no finer tale."""
ALL_LOST, SOME_LOST, GAINED = "All lost", "Part lost", "Money back or more"
LOW, MIDDLE, HIGH = "P5", "P50", "P95"
RATES, VALUES, FAN = (
    "Distribution of the rate of return",
    "Distribution of net present value",
    "Net position of all investors by month",
)


def edges(values: np.ndarray, lowest: float = -math.inf, about: int = ABOUT) -> np.ndarray:
    """Round limits for a histogram of the values but their most extreme hundredth on either side; nil is one of them
    where it lies among them."""
    low, high = np.quantile(values, [0.01, 0.99])
    low = max(float(low), lowest)
    step = _step(max(float(high) - low, 1e-9 * max(1.0, abs(float(high)))), about)
    first, last = math.floor(low / step), math.ceil(float(high) / step)
    return np.arange(first, max(last, first + 1) + 1) * step


def _step(span: float, about: int) -> float:
    size = 10.0 ** math.floor(math.log10(span / about))
    return next((step * size for step in STEPS if step * size * about >= span * 0.999), 10 * size)


def rate_distribution(run: Run) -> Table:
    """Paths by rate of return; those that lose everything in a bar of their own, those without a rate left out."""
    rates, status = run.simulation.figures["irr"], run.simulation.rate_status
    lost = status == RateStatus.TOTAL_LOSS
    has_rate = np.isfinite(rates) & ~lost
    paths = run.simulation.kept
    rows: list[tuple[Cell, ...]] = [
        ("all lost", Constant(float(lost.mean()), "share"), Constant(0.0, "share"), Constant(0.0, "share"))
    ]
    if has_rate.any():
        limits = edges(rates[has_rate], LOWEST_RATE)
        for label, inside in _bars(rates, limits, _percent):
            share = np.count_nonzero(inside & has_rate) / paths
            loses = np.count_nonzero(inside & has_rate & (rates < 0)) / paths
            rows.append((label, Constant(0.0, "share"), Constant(loses, "share"), Constant(share - loses, "share")))
    missing = int(np.count_nonzero(~np.isfinite(rates)))
    note = "Shares of all paths. A bar begins at the rate that names it, and ends at the next."
    note += kept_note(run.simulation)
    if missing:
        note += f" {number(missing)} paths have no rate of return and are not drawn."
    return Table(RATES, ("Rate of return a year, %", ALL_LOST, SOME_LOST, GAINED), tuple(rows), note)


def value_distribution(run: Run) -> Table:
    """Paths by net present value."""
    values = run.simulation.figures["npv"]
    rows: list[tuple[Cell, ...]] = []
    for label, inside in _bars(values, edges(values), _million):
        share, loses = float(inside.mean()), float((inside & (values < 0)).mean())
        rows.append((label, Constant(loses, "share"), Constant(share - loses, "share")))
    note = "Shares of all paths. A bar begins at the amount that names it, in £ million, and ends at the next."
    note += kept_note(run.simulation)
    return Table(VALUES, ("Net present value, £ million", "Below nil", "Nil or above"), tuple(rows), note)


def net_position_fan(run: Run) -> Table:
    """The net position of all investors in each month: base case, and percentiles of the simulation."""
    position, month = run.model.returns.everyone.position, run.model.timeline.month_end
    percentiles = np.quantile(run.simulation.over_time["net_position"], [0.05, 0.5, 0.95], axis=1)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            Figure(month, "date", period),
            Figure(position, "money", period),
            *(Constant(float(value), "money") for value in percentiles[:, period]),
        )
        for period in range(run.model.book.periods)
    )
    note = "The base case moves with the inputs; percentiles are taken month by month, so no single path follows them."
    return Table(FAN, ("Month", "Base case", LOW, MIDDLE, HIGH), rows, note)


def payment_by_reduction(run: Run) -> Table:
    """The mean payment among paths whose pooled measured reduction lies in each band."""
    words = leading(run)
    return _payment_by(run, "measured_reduction", f"Payment by measured {words.noun}", f"Measured {words.noun}")


def payment_by_truth(run: Run) -> Table:
    """How often and how much is paid among paths whose pooled true reduction lies in each band."""
    words = leading(run)
    return _payment_by(run, "true_reduction", f"Payment by true {words.noun}", f"True {words.noun}")


def _payment_by(run: Run, name: str, title: str, label: str) -> Table:
    words, effect, payment = leading(run), run.simulation.figures[name], run.simulation.figures["payments"]
    something = paid(run.simulation)
    rows = tuple(
        (
            band,
            Constant(float(payment[inside].mean()), "money"),
            Constant(float(something[inside].mean()), "share"),
            Constant(float(inside.mean()), "share"),
        )
        for band, inside in _bars(effect, edges(effect, about=MOST), _percent if words.kind == "share" else _plain)
        if inside.any()
    )
    note = f"A band begins at the {words.noun} that names it, and ends at the next. Paid: anything for results."
    note += kept_note(run.simulation)
    header = (f"{label}, pooled, {words.unit}", "Mean payment", "Share of paths paid", "Share of all paths")
    return Table(title, header, rows, note)


def _bars(values: np.ndarray, limits: np.ndarray, shown: type | object) -> list[tuple[str, np.ndarray]]:
    """Each bar's label and which values stand in it; the outer two are open where values lie outside."""
    assert callable(shown)
    places = _places(limits[1] - limits[0])
    bars = [(shown(low, places), (values >= low) & (values < high)) for low, high in pairwise(limits)]
    below, above = values < limits[0], values >= limits[-1]
    if below.any():
        bars.insert(0, (f"<{shown(limits[0], places)}", below))
    if above.any():
        bars.append((f"≥{shown(limits[-1], places)}", above))
    return bars


def _places(step: float) -> int:
    """The decimals that a round step needs; below zero for tens, hundreds and so on."""
    places = -math.floor(math.log10(step) + 1e-9)
    return places + (0 if abs(round(step * 10.0**places) - step * 10.0**places) < 1e-6 else 1)


def _percent(value: float, places: int) -> str:
    text = number(value * 100, max(0, places - 2))
    return _unsigned_nil(text.removesuffix(".0"))


def _plain(value: float, places: int) -> str:
    return _unsigned_nil(number(value, max(0, places)))


def _million(value: float, places: int) -> str:
    return _unsigned_nil(number(value / 1e6, max(0, places + 6)))


def _unsigned_nil(text: str) -> str:
    return text if any(digit in text for digit in "123456789") else text.removeprefix(MINUS)
