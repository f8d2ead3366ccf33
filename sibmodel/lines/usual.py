"""The usual course of a plan: what the paths of some blocks had in common, and a shorter plan that counts on it.

Much of a deal is nothing in almost every path: a month in which no cohort can be paid for, a bill that is never left
unpaid, a tranche that is drawn already. A shorter plan takes such rows for constants and folds what follows from them.
Each thing that it counts on is checked in every path, and the plan says in which paths all of them hold; the others are
played by the whole plan. So no figure depends on what is counted on, or on the blocks that showed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sibmodel.lines import operations as op
from sibmodel.lines.operations import Array, Operation
from sibmodel.lines.rows import PART, READ, SAMPLE, SPREAD, TO_NUMBER, WHOLE, Row, Rows

COMPARISONS = frozenset((op.EQUAL, op.NOT_EQUAL, op.LESS, op.LESS_EQUAL, op.GREATER, op.GREATER_EQUAL))
CHOICES = frozenset((op.MINIMUM, op.MAXIMUM))
TAKEN_AS_GIVEN = frozenset((READ, SAMPLE, WHOLE, op.EXP, op.LOG, op.POWER_OF))
"""Rows of which nothing is counted on: an engine may be given them from outside, or take them whole."""
AS_RECORDED = frozenset((READ, SAMPLE, SPREAD, WHOLE, PART))
"""What is not folded, whatever is known of its operands."""


class Seen:
    """What has been seen of each row in all paths so far."""

    def __init__(self, rows: Rows, order: Iterable[Row]) -> None:
        count = len(rows.calls)
        self.rows = rows
        self.nothing = np.ones(count, dtype=bool)
        """Zero, or not true, in every path."""
        self.true = np.ones(count, dtype=bool)
        """True in every path."""
        self.first = np.ones(count, dtype=bool)
        """The smaller, or the larger, is the first operand in every path."""
        self.second = np.ones(count, dtype=bool)
        self.something = np.ones(count, dtype=bool)
        """The divisor is not zero in any path."""
        self.low = np.full(count, np.inf)
        """The lowest value of a row that is compared with constants."""
        self.high = np.full(count, -np.inf)
        self.limits: dict[Row, list[float]] = {}
        """The constants that a row is compared with, the lowest first."""
        for row in order:
            compared = constant_comparison(rows, row)
            if compared is not None:
                self.limits.setdefault(compared[0], []).append(compared[1])
        for limits in self.limits.values():
            limits.sort()

    def see_operands(self, row: Row, operation: Operation, operands: Sequence[Array]) -> None:
        """Look at the operands of a row that is about to be played."""
        with np.errstate(all="ignore"):
            if operation in CHOICES:
                one, other = operands if operation is op.MINIMUM else operands[::-1]
                self.first[row] &= bool(np.less_equal(one, other).all())
                self.second[row] &= bool(np.less_equal(other, one).all())
            elif operation is op.RATIO:
                self.something[row] &= bool(operands[1].all())

    def see(self, row: Row, values: Array) -> None:
        """Look at a row that has just been played, or is given."""
        if self.rows.flag[row]:
            self.true[row] &= bool(values.all())
        self.nothing[row] &= not values.any()
        if row in self.limits:
            with np.errstate(all="ignore"):
                self.low[row] = min(self.low[row], float(values.min()))
                self.high[row] = max(self.high[row], float(values.max()))

    def between(self, row: Row) -> tuple[float, float]:
        """The nearest constants that the row has been seen to stay above and below."""
        limits, low, high = self.limits[row], self.low[row], self.high[row]
        below = max((limit for limit in limits if limit < low), default=-np.inf)
        return below, min((limit for limit in limits if limit > high), default=np.inf)


@dataclass(frozen=True, eq=False)
class Usual:
    """A shorter plan. `of` has its row for each row of the whole plan that was asked for; `holds` is true in the paths
    for which it is right."""

    rows: Rows
    of: dict[Row, Row]
    holds: Row
    checks: tuple[Row, ...]
    """What it counts on: rows that are true where `holds` is."""


def usual(whole: Rows, order: Sequence[Row], outputs: Iterable[Row], seen: Seen) -> Usual:
    """The shorter plan of `order`, rows of the whole plan in an order in which they can be calculated."""
    return _Shortening(whole, seen).of(order, outputs)


def constant_comparison(rows: Rows, row: Row) -> tuple[Row, float, Operation] | None:
    """The row that a comparison compares with a constant, that constant, and the comparison read from the row's side;
    None for anything else."""
    call = rows.calls[row]
    if call is None or call[0] not in COMPARISONS:
        return None
    operation, (one, other), _ = call
    if rows.constant[other] is not None:
        return one, float(rows.constant[other] or 0.0), operation
    if rows.constant[one] is not None:
        return other, float(rows.constant[one] or 0.0), _TURNED.get(operation, operation)
    return None


_TURNED = {
    op.LESS: op.GREATER,
    op.GREATER: op.LESS,
    op.LESS_EQUAL: op.GREATER_EQUAL,
    op.GREATER_EQUAL: op.LESS_EQUAL,
}


class _Shortening:
    """Records the rows of a whole plan again, with what has been seen put in the place of what could be."""

    def __init__(self, whole: Rows, seen: Seen) -> None:
        self.whole = whole
        self.seen = seen
        self.rows = Rows()
        self.holds = self.rows.true
        self.checked: dict[Row, None] = {}
        self.found: dict[Row, Row] = {}

    def of(self, order: Sequence[Row], outputs: Iterable[Row]) -> Usual:
        for row in order:
            self.rows.now, self.rows.line = self.whole.period[row], self.whole.lines[row]
            self.found[row] = self._assumed(row, self._again(row))
        return Usual(self.rows, {row: self._row(row) for row in outputs}, self.holds, tuple(self.checked))

    def _row(self, row: Row) -> Row:
        found = self.found.get(row)
        if found is None:
            found = self.found[row] = self._given(row)
        return found

    def _given(self, row: Row) -> Row:
        value = self.whole.constant[row]
        if value is None:
            call = self.whole.calls[row]
            assert call is not None
            return self.rows.emit(*call, self.whole.positive[row])
        return self.rows.truth(value) if isinstance(value, bool) else self.rows.number(value)

    def _again(self, row: Row) -> Row:
        """The row as it is recorded of the rows that its operands have become."""
        call = self.whole.calls[row]
        assert call is not None
        operation, operands, more = call
        mine = tuple(self._row(operand) for operand in operands)
        if operation is TO_NUMBER:
            return self.rows.as_number(mine[0])
        if operation is op.POWER_OF:  # NumPy's power of one number is not its power of a row of the same numbers
            mine = tuple(
                self.rows.emit(SPREAD, (here,)) if self._became_constant(row_of, here) else here
                for row_of, here in zip(operands, mine, strict=True)
            )
        if operation in AS_RECORDED or more is not None or not self.rows.knows(operation):
            return self.rows.emit(operation, mine, more, self.whole.positive[row])
        return self.rows.rule(operation)(*mine)

    def _became_constant(self, row: Row, mine: Row) -> bool:
        return self.whole.constant[row] is None and self.rows.constant[mine] is not None

    # What is counted on ------------------------------------------------------------------------------------------
    def _assumed(self, row: Row, mine: Row) -> Row:
        """The row, or what it has been seen to be."""
        rows, seen = self.rows, self.seen
        call = rows.calls[mine]
        if call is None or call[0] in TAKEN_AS_GIVEN or self.whole.flag[row] != rows.flag[mine]:
            return mine
        if rows.flag[mine]:
            return self._assumed_flag(row, mine)
        if call[0] is op.RATIO and seen.something[row] and not seen.nothing[row]:
            self._check(rows.rule(op.NOT_EQUAL)(call[1][1], rows.zero))
            return rows.rule(op.DIVIDE)(*call[1])
        if call[0] in CHOICES:
            picked = self._picked(row, call)
            if picked is not None:
                return picked
        if seen.nothing[row]:
            self._check(rows.rule(op.EQUAL)(mine, rows.zero))
            return rows.zero
        return mine

    def _picked(self, row: Row, call: tuple[Operation, tuple[Row, ...], Any]) -> Row | None:
        """The operand that is always taken, where it is known that there is one."""
        operation, (one, other), _ = call
        before = self.whole.calls[row]
        assert before is not None
        if before[0] is not operation or [self._row(operand) for operand in before[1]] != [one, other]:
            return None
        first, second = bool(self.seen.first[row]), bool(self.seen.second[row])
        if first and second:  # the same in every path: a constant is the more useful one
            first = self.rows.constant[other] is None
        if not (first or second) or (self.seen.nothing[row] and self.rows.constant[one if first else other] is None):
            return None
        taken, left = (one, other) if first else (other, one)
        within = op.LESS_EQUAL if operation is op.MINIMUM else op.GREATER_EQUAL
        self._check(self.rows.rule(within)(taken, left))
        return taken

    def _assumed_flag(self, row: Row, mine: Row) -> Row:
        rows, seen = self.rows, self.seen
        compared = constant_comparison(rows, mine)
        against = constant_comparison(self.whole, row)
        if compared is not None and against is not None and compared[1:] == against[1:]:
            return self._compared(against[0], compared, mine)
        if seen.nothing[row]:
            self._check(rows.rule(op.NOT)(mine))
            return rows.false
        if seen.true[row]:
            self._check(mine)
            return rows.true
        return mine

    def _compared(self, of: Row, compared: tuple[Row, float, Operation], mine: Row) -> Row:
        """A comparison with a constant that the row has been seen to stay on one side of: one check of the row serves
        all such comparisons."""
        rows = self.rows
        row, limit, operation = compared
        below, above = self.seen.between(of)
        if below < limit < above:
            return mine
        if limit >= above:
            self._check(rows.rule(op.LESS)(row, rows.number(above)))
            return rows.truth(operation in (op.LESS, op.LESS_EQUAL, op.NOT_EQUAL))
        self._check(rows.rule(op.GREATER)(row, rows.number(below)))
        return rows.truth(operation in (op.GREATER, op.GREATER_EQUAL, op.NOT_EQUAL))

    def _check(self, holds: Row) -> None:
        if holds not in self.checked:
            self.checked[holds] = None
            self.holds = self.rows.rule(op.AND)(self.holds, holds)
