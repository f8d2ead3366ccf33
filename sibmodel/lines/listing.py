"""A tape to read: its operations counted by kind and by line, and those of a line written out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sibmodel.lines.line import Line
from sibmodel.lines.operations import OPERATIONS
from sibmodel.lines.rows import READ, Row, Rows
from sibmodel.lines.tape import Tape


@dataclass(frozen=True)
class Step:
    """One operation of one period."""

    row: Row
    """Its number on the tape."""
    period: int
    """The period in which it is played, from 1."""
    line: Line
    """The line for which it was first recorded; others may share it."""
    text: str
    """The operation on rows, by their numbers and what they belong to, and on constants."""


def by_kind(rows: Rows, order: list[Row]) -> dict[str, int]:
    """How many operations there are of each kind, the most frequent first."""
    return dict(Counter(_operation(rows, row).name for row in order).most_common())


def by_line(rows: Rows, order: list[Row]) -> dict[Line, dict[str, int]]:
    """The operations of each line by kind, the line with most first."""
    found: dict[Line, Counter[str]] = {}
    for row in order:
        found.setdefault(rows.lines[row], Counter())[_operation(rows, row).name] += 1
    return {line: dict(found[line].most_common()) for line in sorted(found, key=lambda line: -found[line].total())}


def steps_of(tape: Tape, line: Line) -> list[Step]:
    """The operations recorded for a line, in the order in which they are played; none where the line is constant."""
    rows = tape.rows
    mine = [row for row in tape.player.order if rows.lines[row] is line]
    return [Step(row, rows.period[row] + 1, line, step_text(rows, row)) for row in mine]


def step_text(rows: Rows, row: Row) -> str:
    """An operation in words: what is done to which rows and constants."""
    call: Any = rows.calls[row]
    operation, operands, _ = call
    names = [_named(rows, operand) for operand in operands]
    if operation in OPERATIONS and "{*}" not in operation.words:
        return str(operation.words.format(*names))
    return f"{operation.words.replace('{0}', '').strip()}: {', '.join(names)}" if names else str(operation.words)


def _named(rows: Rows, row: Row) -> str:
    value = rows.constant[row]
    if value is not None:
        return str(value).lower() if isinstance(value, bool) else f"{value:,.10g}"
    call = rows.calls[row]
    if call is not None and call[0] is READ:
        return f"[{call[2].name}]"
    return f"row {row} [{rows.lines[row].name}]"


def _operation(rows: Rows, row: Row) -> Any:
    call = rows.calls[row]
    assert call is not None
    return call[0]
