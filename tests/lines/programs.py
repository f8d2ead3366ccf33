"""Random models in the calculation language, as data: run on plain arrays or on lines by the same Python functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel import lines as language
from sibmodel.lines import Book, Input, Line

Tree = tuple[Any, ...]
"""`("name", "X3")`, `("number", 1)`, or an operation's name with its operands' trees."""

ELEMENTWISE: dict[str, Callable[..., Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
    "negative": lambda a: -a,
    "abs": abs,
    "ratio": language.ratio,
    "minimum": np.minimum,
    "maximum": np.maximum,
    "clip": np.clip,
    "where": np.where,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "floor": np.floor,
    "sum_of": lambda *members: language.sum_of(members),
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "step_lookup": lambda position, *table: language.step_lookup(position, *halves(table)),
    "interpolate": lambda position, *table: language.interpolate(position, *halves(table)),
}
ALONG_TIME: dict[str, Callable[..., Any]] = {
    "previous": language.previous,
    "delayed": language.delayed,
    "window_total": language.window_total,
    "running_total": language.running_total,
}
OVER_TIME: dict[str, Callable[..., Any]] = {
    "total": language.total,
    "lowest": language.lowest,
    "highest": language.highest,
    "product_total": language.product_total,
    "total_where": language.total_where,
    "at": language.at,
}


def halves(table: tuple[Any, ...]) -> tuple[list[Any], list[Any]]:
    """A table's knots and values."""
    return list(table[: len(table) // 2]), list(table[len(table) // 2 :])


@dataclass(frozen=True)
class Value:
    """What a tree came to in the paths it was drawn with."""

    array: Any
    timed: bool
    exact: bool

    @property
    def is_condition(self) -> bool:
        return np.asarray(self.array).dtype == bool


@dataclass(frozen=True)
class Definition:
    """Lines defined together: one, or several that meet each other through `previous`."""

    members: tuple[tuple[str, Tree], ...]
    recurrent: bool = False
    corkscrew: bool = False


class Program:
    """A model as data. Inputs are one path wide, or many."""

    def __init__(self, periods: int, paths: int) -> None:
        self.periods = periods
        self.paths = paths
        self.inputs: dict[str, np.ndarray] = {}
        self.definitions: list[Definition] = []
        self.values: dict[str, Value] = {}

    def __repr__(self) -> str:
        inputs = [f"{name} = {column.tolist()}" for name, column in self.inputs.items()]
        lines = [f"{name} = {written(tree)}" for one in self.definitions for name, tree in one.members]
        return "\n".join((f"{self.periods} periods, {self.paths} paths", *inputs, *lines))

    def on_arrays(self, inputs: Mapping[str, Any], period: Any) -> dict[str, Any]:
        """Every line by plain Python on arrays: `[time, path]`, or `[time]` where the inputs are plain numbers."""
        names: dict[str, Any] = {"Period": period, **inputs}
        for definition in self.definitions:
            if definition.recurrent:
                _run_recurrence(definition, names, self)
            else:
                for name, tree in definition.members:
                    names[name] = np.asarray(run(tree, names), dtype=float)
        return names

    def on_lines(self, book: Book) -> dict[str, Line]:
        """Every line recorded in the book, in three sections by turns."""
        cells = book.section("Inputs")
        names: dict[str, Any] = {"Period": book.period}
        for name, column in self.inputs.items():
            names[name] = cells.input(name, float(column[0]), unit="number")
        sections = [book.section("Sums"), book.section("Ann's sums"), book.section("Cash flow 2")]
        for step, definition in enumerate(self.definitions):
            _record(definition, names, sections[step % 3], sections[(step + 1) % 3])
        return names

    def columns(self, names: Mapping[str, Line], path: int | None = None) -> dict[Input, np.ndarray]:
        """The uncertain inputs' columns, of all paths or of one; of one path, all inputs."""
        wanted = {name: column for name, column in self.inputs.items() if path is not None or column.size > 1}
        cells = {name: names[name] for name in wanted}
        return {
            cell: wanted[name] if path is None else self.one(name, path)
            for name, cell in cells.items()
            if isinstance(cell, Input)
        }

    def one(self, name: str, path: int) -> np.ndarray:
        """An input's column of one path."""
        column = self.inputs[name]
        return column[path : path + 1] if column.size > 1 else column


def run(tree: Tree, names: Mapping[str, Any]) -> Any:
    """The Python function that the tree stands for, on whatever stands in `names`."""
    kind, *parts = tree
    if kind == "name":
        return names[parts[0]]
    if kind == "number":
        return parts[0]
    function = ELEMENTWISE.get(kind) or ALONG_TIME.get(kind) or OVER_TIME[kind]
    return function(*[run(part, names) for part in parts])


def run_now(tree: Tree, names: Mapping[str, Any], program: Program, now: int, inside: frozenset[str]) -> Any:
    """The same in one period, with `previous` of the lines being calculated."""
    kind, *parts = tree
    if kind == "name":
        value = names[parts[0]]
        return value[now] if parts[0] in inside or program.values[parts[0]].timed else value
    if kind == "number":
        return parts[0]
    if kind == "previous" and parts[0][1] in inside:
        back = run(parts[1], names) if len(parts) > 1 else 1
        return _before(names[parts[0][1]], now, np.asarray(back, dtype=int))
    if kind in ALONG_TIME:
        return run(tree, names)[now]
    if kind in OVER_TIME:
        return run(tree, names)
    return ELEMENTWISE[kind](*[run_now(part, names, program, now, inside) for part in parts])


def _before(rows: Any, now: int, back: Any) -> Any:
    if back.size == 1:
        steps = int(back.flat[0])
        return rows[now - steps] if now >= steps else np.zeros_like(rows[0])
    rows = np.broadcast_to(rows, (rows.shape[0], back.size))
    return np.array([rows[now - steps, path] if now >= steps else 0.0 for path, steps in enumerate(back)])


def _run_recurrence(definition: Definition, names: dict[str, Any], program: Program) -> None:
    inside = frozenset(name for name, _ in definition.members)
    reads = [names[name] for _, tree in definition.members for name in leaves(tree) if name in names]
    width = np.broadcast_shapes(*[np.shape(value)[-1:] if np.ndim(names["Period"]) > 1 else () for value in reads])
    for name in inside:
        names[name] = np.zeros((program.periods, *width))
    for now in range(program.periods):
        for name, tree in definition.members:
            names[name][now] = run_now(tree, names, program, now, inside)


def written(tree: Tree) -> str:
    """The tree as a formula, for messages."""
    kind, *parts = tree
    return str(parts[0]) if kind in ("name", "number") else f"{kind}({', '.join(map(written, parts))})"


def leaves(tree: Tree) -> list[str]:
    """The names in a tree."""
    if tree[0] == "name":
        return [tree[1]]
    return [name for part in tree[1:] if isinstance(part, tuple) for name in leaves(part)]


def _record(definition: Definition, names: dict[str, Any], section: Any, other: Any) -> None:
    if definition.corkscrew:
        (opening, _), *movements, (closing, balanced) = definition.members
        balance = section.corkscrew(closing, unit="£")
        names[opening], names[closing] = balance.opening, balance.closing
        for name, tree in movements:
            names[name] = section.line(name, run(tree, names), unit="£")
        (added, _), (taken, _) = movements
        outside = balanced[1][2][1]
        balance.close([names[added], names[outside]], [names[taken]])
    elif definition.recurrent:
        places = [section, other]
        for position, (name, _) in enumerate(definition.members):
            names[name] = places[position % 2].forward(name, unit="£")
        for position, (name, tree) in reversed(list(enumerate(definition.members))):
            places[position % 2].define(names[name], run(tree, names))
    else:
        for name, tree in definition.members:
            names[name] = section.line(name, run(tree, names), unit="£")
