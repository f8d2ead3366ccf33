"""The figures and events of a deal that may be asked for, by name: one number, or yes or no, in every path."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from sibmodel.lines import Line
from sibmodel.metrics import irr
from sibmodel.model import Model
from sibmodel.payments import caps_of
from sibmodel.returns.figures import ReturnLines

Floats = npt.NDArray[np.float64]
Values = Mapping[Line, Floats]

Kind = Literal["money", "share", "rate", "multiple", "months", "count"]
CRUMB = 0.005
"""Half a penny: an amount below it is none."""


@dataclass(frozen=True, eq=False)
class Figure:
    """A number in every path. `read` takes the values of `lines` and the number of paths, and gives `[path]`."""

    name: str
    kind: Kind
    lines: tuple[Line, ...]
    read: Callable[[Values, int], Floats]


@dataclass(frozen=True, eq=False)
class Event:
    """Something that happens in a path or does not. `read` gives true or false `[path]`."""

    name: str
    lines: tuple[Line, ...]
    read: Callable[[Values, int], npt.NDArray[np.bool_]]


def figures(model: Model) -> dict[str, Figure]:
    """Every figure that may be asked for, by its name in small letters."""
    every = [*_investors(model), *_commissioner(model), *_effects(model), *_providers(model)]
    return {one.name.lower(): one for one in every}


def events(model: Model) -> dict[str, Event]:
    """Every event that may be asked for, by its name in small letters."""
    return {one.name.lower(): one for one in (*_events(model), *_events_of_providers(model))}


def _single(name: str, kind: Kind, line: Line) -> Figure:
    return Figure(name, kind, (line,), lambda values, paths: _over(values[line], paths))


def _rate(name: str, flow: Line) -> Figure:
    def read(values: Values, paths: int) -> Floats:
        wide = np.ascontiguousarray(np.broadcast_to(values[flow], (values[flow].shape[0], paths)))
        return np.asarray(irr(wide).rate, dtype=float)

    return Figure(name, "rate", (flow,), read)


def _over(array: Floats, paths: int) -> Floats:
    """A figure `[path]`; one that nothing uncertain reaches is the same in all. No zero is negative."""
    return np.array(np.broadcast_to(array, (paths,)), dtype=float) + 0.0


def _sum_over(values: Values, lines: tuple[Line, ...], paths: int) -> Floats:
    return np.asarray(np.sum([_over(values[one], paths) for one in lines], axis=0))


def in_all(name: str, flow: Line) -> Figure:
    """The sum over time of a cash flow."""
    return Figure(name, "money", (flow,), lambda values, paths: _over(values[flow].sum(axis=0), paths))


def _investors(model: Model) -> Iterator[Figure]:
    yield from _returns("", model.returns.everyone)
    yield _single("peak capital", "money", model.returns.everyone.peak)
    for one in (*model.returns.tranches, *model.returns.investors):
        yield from _returns(f"{one.who.removeprefix('Investor ')} ", one)


def _returns(of: str, lines: ReturnLines) -> Iterator[Figure]:
    yield _rate(f"{of}irr", lines.flow)
    yield _single(f"{of}npv", "money", lines.npv)
    yield _single(f"{of}moic", "multiple", lines.moic)
    yield _single(f"{of}invested", "money", lines.invested)
    yield _single(f"{of}received", "money", lines.received)
    yield _single(f"{of}payback", "months", lines.payback)


def _commissioner(model: Model) -> Iterator[Figure]:
    bill = model.commissioning
    yield _single("payments", "money", bill.paid_in_all)
    for payer, line in bill.by_payer.items():
        yield _single(f"{payer} payments", "money", line)
    for year in bill.years:
        yield _single(f"payments in {year.name}", "money", year.paid)


def _effects(model: Model) -> Iterator[Figure]:
    first = model.effects[0]
    yield _single("true effect", "share", first.pooled.true)
    yield _single("measured effect", "share", first.pooled.measured)
    yield _single("true outcomes", "count", first.true_units)
    yield _single("measured outcomes", "count", first.measured_units)


def _providers(model: Model) -> Iterator[Figure]:
    several = tuple(one.margin for one in model.provider_cash)
    if several:
        yield Figure("margin", "money", several, lambda values, paths: _sum_over(values, several, paths))
    for one in model.provider_cash:
        for what, line in (
            ("margin", one.margin),
            ("lowest cash", one.lowest),
            ("peak funding need", one.peak),
            ("income", one.income),
            ("cost", one.cost),
        ):
            yield _single(f"{one.name} {what}", "money", line)


def _events(model: Model) -> Iterator[Event]:
    investors, bill = model.returns.everyone, model.commissioning
    out, back = investors.invested, investors.received
    yield Event(
        "loss", (out, back), lambda values, paths: _over(values[back], paths) < _over(values[out], paths) - CRUMB
    )
    yield Event(
        "total loss",
        (out, back),
        lambda values, paths: (_over(values[out], paths) > CRUMB) & (_over(values[back], paths) <= CRUMB),
    )
    yield _above("payment", bill.for_results)
    yield Event(
        "no payment",
        (bill.for_results,),
        lambda values, paths: _over(values[bill.for_results], paths) <= CRUMB,
    )
    if model.end is not None:
        yield _above("early end", model.end.ended)
    for name, cut in caps_of(model.payments):
        yield _above(f"{name} binds", cut.amount)


def _above(name: str, line: Line) -> Event:
    return Event(name, (line,), lambda values, paths: _over(values[line], paths) > CRUMB)


def _events_of_providers(model: Model) -> Iterator[Event]:
    short = {one.name: one.worst for one in model.provider_cash}
    below = {one.name: one.headroom for one in model.provider_cash if one.headroom is not None}
    for name, line in short.items():
        yield _above(f"{name} cash below zero", line)
    for name, line in below.items():
        yield _below(f"{name} cash below reserves", (line,))
    if short:
        lines = tuple(short.values())
        yield Event(
            "provider cash below zero",
            lines,
            lambda values, paths: np.any([_over(values[one], paths) > CRUMB for one in lines], axis=0),
        )
    if below:
        yield _below("provider cash below reserves", tuple(below.values()))


def _below(name: str, lines: tuple[Line, ...]) -> Event:
    """Whether any of some headrooms is negative."""
    return Event(
        name, lines, lambda values, paths: np.any([_over(values[one], paths) < -CRUMB for one in lines], axis=0)
    )
