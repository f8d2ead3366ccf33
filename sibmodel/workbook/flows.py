"""Which lines over time have a total: flows, such as payments and people referred, and not balances or flags.

A flow is a transfer of the ledger, or what adds up transfers, or what a transfer is part of.
"""

from __future__ import annotations

from sibmodel.lines import Line
from sibmodel.lines import operations as op
from sibmodel.lines.expression import Call, Expression
from sibmodel.model import Model

FLOWS_IN = ("£", "people")


def flows(model: Model) -> frozenset[Line]:
    """The lines of a model over time that have a meaningful sum."""
    found = {transfer.line for transfer in model.ledger.transfers}
    found |= {line for payment in model.payments for line in (payment.due, payment.paid)}
    found |= {line for cohort in model.service.cohorts for line in (cohort.referred, cohort.started)}
    found |= {arrears.bill.line for arrears in model.funding.arrears}
    found |= {step.paid for step in model.funding.log}
    found |= {tranche.accrued for tranche in model.funding.tranches if tranche.accrued is not None}
    found |= {one.flow for one in (model.returns.everyone, *model.returns.tranches)}
    balances = _balances(model)
    while True:
        more = {part for line in found for part in _parts(line.definition)}
        more |= {line for line in model.book.lines if line not in found and _adds_up(line, found)}
        more = {line for line in more - found - balances if line.timed and line.unit in FLOWS_IN}
        if not more:
            return frozenset(found)
        found |= more


def _balances(model: Model) -> set[Line]:
    """Lines that carry an amount from one period to the next: what is read through `previous`, and what reads so."""
    carried: set[Line] = set()
    for line in model.book.lines:
        for other, before in line.precedents():
            if before:
                carried |= {line, other}
    return carried


def _parts(definition: Expression | None) -> list[Line]:
    """The lines that an expression adds up, weighed or not; none from inside a smaller-of, which picks."""
    if isinstance(definition, Line):
        return [definition]
    if not isinstance(definition, Call):
        return []
    operation, operands = definition.operation, definition.operands
    if operation is op.MULTIPLY and sum(operand.timed for operand in operands) > 1:
        return []
    if operation not in (op.ADD, op.SUBTRACT, op.NEGATIVE, op.FAMILY_SUM, op.MULTIPLY):
        return []
    return [part for operand in operands for part in _parts(operand)]


def _adds_up(line: Line, found: set[Line]) -> bool:
    """Whether a line is made of flows alone: their sum or difference, their positive part, a share of one."""
    definition = line.definition
    if definition is None or line.unit not in FLOWS_IN:
        return False
    read = [other for other, _ in line.precedents() if other.timed and other.unit == line.unit]
    return line.timed and bool(read) and all(other in found for other in read) and _is_plain(definition)


def _is_plain(definition: Expression) -> bool:
    """Whether an expression only adds, weighs or picks: no running total and nothing looked up."""
    if not isinstance(definition, Call):
        return True
    operation = definition.operation
    if operation.along_time or operation.over_time:
        return False
    return all(_is_plain(operand) for operand in definition.operands)
