"""Draws random models for property tests, well-conditioned: while a model is drawn it is calculated, and what would
divide by nearly nothing, grow without bound or compare two numbers that differ by floating-point noise is left out.

Numbers known to be multiples of 1/64 are `exact`, and may be compared and rounded at their boundaries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.lines.programs import ALONG_TIME, ELEMENTWISE, OVER_TIME, Definition, Program, Tree, Value, halves, run_now

COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
CONDITIONS = (*COMPARISONS, "and", "or", "not")
LARGEST = 1e4


class Unfit(Exception):
    """An operation whose result hangs on floating-point noise, or grows without bound."""


def combined(operation: str, *operands: Value) -> Value:
    """The operation's value. Raises Unfit where it is ill-conditioned."""
    arrays = [operand.array for operand in operands]
    exact = all(operand.exact for operand in operands)
    _require_condition(operation, operands, arrays)
    function = {**ELEMENTWISE, **ALONG_TIME, **OVER_TIME}[operation]
    with np.errstate(all="raise", under="ignore"):
        try:
            array = function(*arrays)
        except FloatingPointError as error:
            raise Unfit from error
    if operation in ("/", "**", "exp", "log", "sqrt", "ratio", "interpolate"):
        exact = False
    if operation == "floor":
        exact = True
    if np.any(np.abs(array) > LARGEST):
        raise Unfit
    if exact and not np.all(np.asarray(array) * 64 % 1 == 0):
        exact = False
    timed = operation not in OVER_TIME and any(operand.timed for operand in operands)
    return Value(array, timed, exact)


def _require_condition(operation: str, operands: tuple[Value, ...], arrays: list[Any]) -> None:
    first, last = np.asarray(arrays[0], dtype=float), np.asarray(arrays[-1], dtype=float)
    if operation == "/":
        fit = np.all(np.abs(last) > 0.05)
    elif operation == "ratio":
        fit = np.all((np.abs(last) > 0.05) | ((last == 0) & operands[-1].exact))
    elif operation == "**":
        whole = operands[-1].exact and np.all(last == np.floor(last)) and np.all(last > 0)
        fit = np.all(np.abs(last) <= 3) and (whole or np.all((first > 0.1) & (first < 20)))
    elif operation == "exp":
        fit = np.all(np.abs(first) <= 5)
    elif operation in ("log", "sqrt"):
        fit = np.all(first > 0.05)
    elif operation == "floor":
        fit = operands[0].exact or np.all(np.abs(first - np.rint(first)) > 1e-6)
    elif operation in COMPARISONS:
        exact = operands[0].exact and operands[1].exact
        fit = exact or np.all(np.abs(first - last) > 1e-6 * (1 + np.abs(first) + np.abs(last)))
    elif operation in ("and", "or", "not", "where"):
        tested = operands[:1] if operation == "where" else operands
        fit = all(one.is_condition or one.exact or np.all(np.abs(one.array) > 1e-6) for one in tested)
    elif operation == "step_lookup":
        knots, _ = halves(tuple(arrays[1:]))
        fit = operands[0].exact or all(np.all(np.abs(first - knot) > 1e-6) for knot in knots)
    else:
        fit = True
    if not fit:
        raise Unfit


Draw = Callable[[st.SearchStrategy[Any]], Any]
KNOTS = ("Knot 1", "Knot 2", "Knot 3")
STEPS = ("Step 1", "Step 2", "Step 3")
COUNTS = ("Count 1", "Count 2", "Count 3")
BACKS = ("Back 1", "Back 2")
AMOUNTS = ("Amount 1", "Amount 2", "Amount 3", "Amount 4")


@st.composite
def programs(draw: Draw, lines: int = 16) -> Program:
    """A random model of about that many lines over a few periods and paths."""
    program = Program(periods=draw(st.integers(1, 9)), paths=draw(st.integers(1, 5)))
    _draw_inputs(draw, program)
    grower = _Grower(draw, program)
    for number in range(lines):
        kind = draw(st.sampled_from(("line", "line", "line", "row", "figure", "figure", "recurrence", "corkscrew")))
        getattr(grower, kind)(number)
    return program


def _draw_inputs(draw: Draw, program: Program) -> None:
    def column(*names: str, low: int, high: int, parts: int = 1, least: int = 1) -> None:
        for name in names:
            width = draw(st.sampled_from((least, program.paths)))
            program.inputs[name] = np.array(
                [draw(st.integers(low * parts, high * parts)) / parts for _ in range(width)]
            )

    column(*AMOUNTS, low=-8, high=8, parts=8)
    column("Share", low=0, high=1, parts=8)
    column(*COUNTS, low=-3, high=program.periods + 3)
    column("Part count", low=-2, high=program.periods, parts=2)
    column(*BACKS, low=1, high=program.periods + 2)
    first = draw(st.integers(-4, 2))
    for name in KNOTS:
        program.inputs[name] = np.array([float(first)])
        first += draw(st.integers(1, 4))
    column(*STEPS, low=-9, high=9, parts=4)
    for name, array in program.inputs.items():
        program.values[name] = Value(array, timed=False, exact=True)
    counted = np.arange(1.0, program.periods + 1)[:, None]
    program.values["Period"] = Value(counted, timed=True, exact=True)


class _Grower:
    """Grows a program line by line."""

    def __init__(self, draw: Draw, program: Program) -> None:
        self.draw = draw
        self.program = program
        self.visible = ["Period", *AMOUNTS, "Share", "Part count", *COUNTS]
        self.proxies: dict[str, Value] = {}

    def pick(self, *options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def value(self, tree: Tree) -> Value:
        return self.proxies.get(tree[1]) or self.program.values[tree[1]]

    # Trees ---------------------------------------------------------------------------------------------------------
    def leaf(self) -> tuple[Tree, Value]:
        tree = ("name", self.pick(*self.visible))
        return tree, self.value(tree)

    def tree(self, depth: int) -> tuple[Tree, Value]:
        """A number; on ill-conditioned ground, its first operand."""
        if depth == 0 or self.draw(st.integers(0, 5)) == 0:
            return self.leaf()
        operation = self.pick(
            *(
                "+",
                "-",
                "*",
                "/",
                "**",
                "negative",
                "abs",
                "ratio",
                "minimum",
                "maximum",
                "clip",
                "where",
                "exp",
                "log",
            ),
            *("sqrt", "floor", "sum_of", "if", "step_lookup", "interpolate", "before", "row", "square", "numbered"),
        )
        if operation == "before":
            return self.before()
        if operation == "row":
            return self.row_tree()
        first = self.tree(depth - 1)
        if operation in ("negative", "abs", "exp", "log", "sqrt", "floor"):
            return self.joined(operation, first)
        if operation == "square":
            return self.joined("**", first, (("number", 2), Value(2.0, False, True)))
        if operation == "numbered":
            number = self.pick(0, 1, 2, 12, 100, -1)
            other = (("number", number), Value(float(number), False, True))
            pair = self.pick((first, other), (other, first))
            return self.joined(self.pick("+", "-", "*", "minimum", "maximum", "/", "ratio"), *pair, fallback=first)
        if operation == "if":
            return self.joined("*", self.condition(depth - 1), first, fallback=first)
        if operation == "where":
            return self.joined("where", self.condition(depth - 1), first, self.tree(depth - 1), fallback=first)
        if operation == "clip":
            return self.joined("clip", first, self.tree(depth - 1), self.leaf())
        if operation == "sum_of":
            return self.joined("sum_of", first, *[self.leaf() for _ in range(self.draw(st.integers(0, 3)))])
        if operation in ("step_lookup", "interpolate"):
            count = self.draw(st.integers(1, 3))
            table = [("name", name) for name in (*KNOTS[:count], *STEPS[:count])]
            return self.joined(operation, first, *[(cell, self.value(cell)) for cell in table])
        return self.joined(operation, first, self.tree(depth - 1))

    def condition(self, depth: int) -> tuple[Tree, Value]:
        """A condition; on ill-conditioned ground, whether there is a first period."""
        sure: tuple[Tree, Value] = (
            (">=", ("name", "Period"), ("number", 1)),
            Value(np.ones((self.program.periods, 1), dtype=bool), True, True),
        )
        operation = self.pick(*CONDITIONS)
        if operation == "not":
            return self.joined("not", self.condition(depth - 1) if depth > 0 else sure)
        if operation in ("and", "or"):
            both = (self.condition(depth - 1), self.pick(sure, self.leaf())) if depth > 0 else (sure, self.leaf())
            return self.joined(operation, *both, fallback=sure)
        return self.joined(operation, self.tree(max(depth, 0)), self.leaf(), fallback=sure)

    def joined(
        self, operation: str, *operands: tuple[Tree, Value], fallback: tuple[Tree, Value] | None = None
    ) -> tuple[Tree, Value]:
        try:
            value = combined(operation, *[value for _, value in operands])
        except Unfit:
            return fallback or operands[0]
        return (operation, *[tree for tree, _ in operands]), value

    def rows(self) -> list[str]:
        return [name for name in self.visible if self.program.values[name].timed]

    def row_tree(self) -> tuple[Tree, Value]:
        """A function along time of a line that is defined already."""
        row = ("name", self.pick(*self.rows()))
        operation = self.pick(*ALONG_TIME)
        counts = {"previous": BACKS, "delayed": (*COUNTS, "Part count"), "window_total": (*COUNTS, "Part count")}
        extra: list[Tree] = [("name", self.pick(*counts[operation]))] if operation in counts else []
        if operation == "previous":
            extra = self.pick([], [("number", 2)], extra)
        if extra and extra[0][0] == "number":
            return self.joined(operation, (row, self.value(row)), (extra[0], Value(2, False, True)))
        return self.joined(operation, (row, self.value(row)), *[(tree, self.value(tree)) for tree in extra])

    def before(self) -> tuple[Tree, Value]:
        """The value before of a line being defined; outside a recurrence, of any line."""
        if not self.proxies:
            return self.row_tree()
        name = self.pick(*self.proxies)
        back = self.pick((), (), (), (("number", 2),), (("name", self.pick(*BACKS)),))
        return ("previous", ("name", name), *back), self.proxies[name]

    # Lines -----------------------------------------------------------------------------------------------------------
    def admit(self, definition: Definition, values: dict[str, Value]) -> None:
        self.program.definitions.append(definition)
        self.program.values.update(values)
        self.visible.extend(values)

    def line(self, number: int) -> None:
        tree, value = self.pick(self.tree, self.tree, self.condition)(3)
        self.admit(Definition(((f"Line {number}", tree),)), {f"Line {number}": _as_number(value)})

    def row(self, number: int) -> None:
        tree, value = self.row_tree()
        self.admit(Definition(((f"Line {number}", tree),)), {f"Line {number}": value})

    def figure(self, number: int) -> None:
        row = ("name", self.pick(*self.rows()))
        operation = self.pick(*OVER_TIME)
        keys = [name for name in self.rows() if self.program.values[name].exact]
        extra: dict[str, list[Tree]] = {
            "product_total": [("name", self.pick(*self.rows()))],
            "total_where": [("name", self.pick(*keys)), ("name", self.pick(*COUNTS))],
            "at": [("name", self.pick(*COUNTS))],
        }
        trees = [row, *extra.get(operation, [])]
        tree, value = self.joined(operation, *[(part, self.value(part)) for part in trees])
        self.admit(Definition(((f"Line {number}", tree),)), {f"Line {number}": value})

    def recurrence(self, number: int) -> None:
        """One to three lines that meet each other through `previous`."""
        names = [f"Line {number}{letter}" for letter in "abc"[: self.draw(st.integers(1, 3))]]
        still = Value(np.full((self.program.periods, 1), 0.71828), True, False)
        self.proxies = dict.fromkeys(names, still)
        members: list[tuple[str, Tree]] = []
        for position, name in enumerate(names):
            tree, _ = self.tree(3)
            if members:  # the same period's value of the member before
                tree = self.pick(tree, ("minimum", tree, ("name", names[position - 1])))
            # Each member reads the next one's period before, the last one the first's: they make one group.
            kept = ("*", ("name", "Share"), ("previous", ("name", names[(position + 1) % len(names)])))
            members.append((name, ("+", kept, tree)))
        self.proxies = {}
        safe = tuple((name, ("+", tree[1], ("name", "Amount 1"))) for name, tree in members)
        self.settle(Definition(tuple(members), recurrent=True), Definition(safe, recurrent=True))

    def corkscrew(self, number: int) -> None:
        opening, closing = f"Balance {number}, opening", f"Balance {number}"
        added, taken = f"Added {number}", f"Taken {number}"
        self.proxies = {closing: Value(np.full((self.program.periods, 1), 0.71828), True, False)}
        before = ("previous", ("name", closing))
        adds, _ = self.tree(2)
        adds = ("minimum", adds, before)
        self.proxies = {}
        outside = ("name", self.pick(*self.visible))
        takes = ("*", ("name", "Share"), ("name", opening))
        tail = (closing, ("-", ("+", ("+", ("name", opening), ("name", added)), outside), ("name", taken)))
        grown = ((opening, before), (added, adds), (taken, takes), tail)
        safe = ((opening, before), (added, ("minimum", ("name", "Amount 2"), before)), (taken, takes), tail)
        self.settle(Definition(grown, True, True), Definition(safe, True, True))

    def settle(self, grown: Definition, safe: Definition) -> None:
        """Calculate a recurrence; take the safe one where the grown one is ill-conditioned in some period."""
        for definition in (grown, safe):
            try:
                values = self.measured(definition)
            except Unfit:
                continue
            self.admit(definition, values)
            return

    def measured(self, definition: Definition) -> dict[str, Value]:
        names = {name: value.array for name, value in self.program.values.items()}
        program = _Checked(self.program)
        inside = frozenset(name for name, _ in definition.members)
        for name in inside:
            names[name] = np.zeros((self.program.periods, self.program.paths))
        for now in range(self.program.periods):
            for name, tree in definition.members:
                names[name][now] = program.now(tree, names, now, inside).array
        return {name: Value(names[name], True, False) for name, _ in definition.members}


class _Checked:
    """Runs a recurrence's trees in one period, refusing what is ill-conditioned."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def now(self, tree: Tree, names: Mapping[str, Any], now: int, inside: frozenset[str]) -> Value:
        kind, *parts = tree
        if kind in ELEMENTWISE:
            return combined(kind, *[self.now(part, names, now, inside) for part in parts])
        exact = kind == "number" or (kind == "name" and parts[0] not in inside and self.program.values[parts[0]].exact)
        return Value(run_now(tree, names, self.program, now, inside), False, exact)


def _as_number(value: Value) -> Value:
    """A condition that is a line of its own is 1 or 0."""
    return Value(np.asarray(value.array, dtype=float), value.timed, value.exact) if value.is_condition else value
