"""Checks of rates of return."""

from __future__ import annotations

from typing import Any

import numpy as np

from sibmodel.checks.common import Desk
from sibmodel.lines import (
    Book,
    Operation,
    apply,
    ratio,
    sum_of,
)
from sibmodel.returns import Returns


def _present_value(flows: Any, rate: Any, period: Any) -> Any:
    usable = np.isfinite(rate) & (np.asarray(rate) > -1)
    worth = (np.where(usable, rate, 0.0) + 1) ** ((1 - period) / 12)
    return np.where(usable, np.sum(flows * worth, axis=0), 0.0)


PRESENT_VALUE = Operation(
    "present_value",
    _present_value,
    "IF(COUNT({1})=0,0,IF({1}<=-1,0,SUMPRODUCT({0:row},(1+{1})^((1-{2:row})/12))))",
    "the present value of {0} at the yearly rate {1} (0 where there is no rate, or all is lost)",
    over_time=True,
    operands=3,
)


def returns(desk: Desk, book: Book, gains: Returns) -> None:
    desk.nil(
        "Tranches add up",
        "The cash flows of all tranches add up to that of all investors.",
        sum_of([one.flow for one in gains.tranches]) - gains.everyone.flow,
        "Tranches' cash flows, less all investors'.",
    )
    for one in (gains.everyone, *gains.tranches, *gains.investors):
        desk.section.heading = f"{one.who}: the rate of return proves itself"
        value = desk.section.line(
            f"{one.who}: present value at the rate of return",
            apply(PRESENT_VALUE, one.flow, one.irr, book.period),
            unit="£",
            note="Nil by the meaning of a rate of return.",
        )
        moved = desk.section.line(
            f"{one.who}: amount moved", np.abs(one.flow), unit="£", note="In the month, in or out."
        )
        worth = desk.section.line(
            f"{one.who}: present value of all amounts moved",
            apply(PRESENT_VALUE, moved, one.irr, book.period),
            unit="£",
            note="At the rate of return: what the present value is held against.",
        )
        desk.add(
            f"{one.who}: the rate of return proves itself",
            "At the rate of return the cash flow is worth nothing, relative to all amounts moved. 0 where there is "
            "no rate.",
            ratio(np.abs(value), worth),
            desk.share,
            "share",
        )
