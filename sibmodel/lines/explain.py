"""The reading in words: what a line is, its formula in names, its value and its precedents' values, to any depth."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sibmodel.lines import operations as op
from sibmodel.lines.arrays import Values
from sibmodel.lines.book import Draw, Input, Line
from sibmodel.lines.expression import Call, Constant, Expression
from sibmodel.lines.operations import CALL, COMPARISON, Operation
from sibmodel.lines.order import precedents_of


@dataclass(frozen=True)
class Explanation:
    """One line explained in one period and path. `value` is None where a line over time has no period to show."""

    name: str
    section: str
    unit: str
    note: str
    formula: str
    value: float | None
    period: int | None
    origin: str
    source: str
    precedents: tuple[Explanation, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """The explanation as plain data for JSON."""
        return {
            "name": self.name,
            "section": self.section,
            "unit": self.unit,
            "note": self.note,
            "formula": self.formula,
            "value": self.value,
            "period": self.period,
            "defined_at": self.origin,
            "source": self.source,
            "precedents": [precedent.as_dict() for precedent in self.precedents],
        }


def words(expression: Expression) -> str:
    """An expression in names."""
    return _words(expression)[0]


def _words(expression: Expression) -> tuple[str, int]:
    if isinstance(expression, Line):
        return expression.name, CALL
    if isinstance(expression, Constant):
        return f"{expression.value:g}", CALL
    assert isinstance(expression, Call)
    operation, operands = expression.operation, expression.operands
    if operation is op.PREVIOUS and isinstance(operands[1], Constant) and operands[1].value == 1:
        return f"{_words(operands[0])[0]} of the period before", CALL

    def fill(match: re.Match[str]) -> str:
        if match["which"] == "*":
            return ", ".join(_words(operand)[0] for operand in operands)
        text, binding = _words(operands[int(match["which"])])
        # Words have no brackets of their own: an operation inside another gets them.
        inner = operands[int(match["which"])]
        return f"({text})" if isinstance(inner, Call) and (binding < CALL or _wordy(inner)) else text

    return re.sub(r"\{(?P<which>\d+|\*)\}", fill, operation.words), operation.binding


def _wordy(expression: Call) -> bool:
    operation: Operation = expression.operation
    return operation.binding == CALL and operation is not op.PREVIOUS


def explain(
    line: Line,
    values: Values,
    *,
    period: int | None = None,
    path: int = 0,
    depth: int = 1,
    columns: Mapping[Input, Any] | None = None,
) -> Explanation:
    """Explain `line` in `period` (counted from 1) and `path`, with `depth` levels of precedents.

    `values` is an array reading of the line and all it needs.
    """
    value: float | None
    if not line.timed:
        value = values.figure(line, path)
    elif period is None:
        value = None
    elif period < 1:
        value = 0.0
    else:
        value = float(values.row(line, path)[period - 1])
    precedents: list[Explanation] = []
    if depth > 0:
        for other, before in precedents_of(line).items():
            when = None if period is None else period - 1 if before else period
            if other is line and (when is None or when < 1):
                continue
            precedents.append(explain(other, values, period=when if other.timed else None, path=path, depth=depth - 1))
    return Explanation(
        name=line.name,
        section=line.section.name,
        unit=line.unit,
        note=line.note,
        formula=_formula(line),
        value=value,
        period=period if line.timed else None,
        origin=str(line.origin),
        source=line.source if isinstance(line, Input) else "",
        precedents=tuple(precedents),
    )


def _formula(line: Line) -> str:
    if isinstance(line, Input):
        return f"input ({line.path})" if line.path else "input"
    assert line.definition is not None
    text = words(line.definition)
    if isinstance(line, Draw):
        return f"drawn: {line.distribution.name} with mean {text}"
    return f"1 if {text}, otherwise 0" if line.definition.flag else text


__all__ = ["COMPARISON", "Explanation", "explain", "words"]
