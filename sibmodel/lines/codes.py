"""What a machine can do: each operation on registers and constants has a number, and so have the checks of a usual
course and the pairs of operations that mostly come together.
"""

from __future__ import annotations

from enum import IntEnum, auto

from sibmodel.lines import operations as op
from sibmodel.lines.operations import Operation
from sibmodel.lines.rows import SPREAD, TO_NUMBER


class Code(IntEnum):
    """What a machine does. `c` after an underscore is a constant, `r` a register, in the operands' order."""

    LOAD = 0
    ADD_RR = auto()
    ADD_RC = auto()
    SUBTRACT_RR = auto()
    SUBTRACT_RC = auto()
    SUBTRACT_CR = auto()
    MULTIPLY_RR = auto()
    MULTIPLY_RC = auto()
    DIVIDE_RR = auto()
    DIVIDE_RC = auto()
    DIVIDE_CR = auto()
    RATIO_RR = auto()
    RATIO_CR = auto()
    MINIMUM_RR = auto()
    MINIMUM_RC = auto()
    MAXIMUM_RR = auto()
    MAXIMUM_RC = auto()
    EQUAL_RR = auto()
    EQUAL_RC = auto()
    NOT_EQUAL_RR = auto()
    NOT_EQUAL_RC = auto()
    LESS_RR = auto()
    LESS_RC = auto()
    LESS_CR = auto()
    LESS_EQUAL_RR = auto()
    LESS_EQUAL_RC = auto()
    LESS_EQUAL_CR = auto()
    AND_RR = auto()
    OR_RR = auto()
    NOT = auto()
    WHERE_RRR = auto()
    WHERE_RRC = auto()
    WHERE_RCR = auto()
    WHERE_RCC = auto()
    NEGATIVE = auto()
    ABSOLUTE = auto()
    FLOOR = auto()
    SQRT = auto()
    COPY = auto()
    FILL = auto()
    STORE = auto()
    STORE_CONSTANT = auto()
    STORE_ROW = auto()
    STORE_CONSTANT_ROW = auto()
    ADD_THEN_ADD = auto()
    ADD_THEN_SUBTRACT = auto()
    ADD_THEN_SUBTRACTED = auto()
    ADD_THEN_MULTIPLY_C = auto()
    SUBTRACT_THEN_ADD = auto()
    SUBTRACT_THEN_SUBTRACT = auto()
    MULTIPLY_THEN_ADD = auto()
    MULTIPLY_C_THEN_ADD = auto()
    MULTIPLY_C_THEN_ADD_C = auto()
    MULTIPLY_C_THEN_SUBTRACTED_C = auto()
    MINIMUM_THEN_MINIMUM = auto()
    NEGATIVE_THEN_MAXIMUM_C = auto()
    RATIO_THEN_MULTIPLY = auto()
    CHECK = auto()
    CHECK_NOT = auto()
    CHECK_EQUAL_RC = auto()
    CHECK_NOT_EQUAL_RC = auto()
    CHECK_LESS_RC = auto()
    CHECK_LESS_CR = auto()
    CHECK_LESS_EQUAL_RR = auto()
    CHECK_LESS_EQUAL_RC = auto()
    CHECK_LESS_EQUAL_CR = auto()
    CHECK_SUBTRACT_THEN_EQUAL_C = auto()
    CHECK_C_SUBTRACT_THEN_EQUAL_C = auto()
    CHECK_C_SUBTRACT_THEN_LESS_EQUAL = auto()
    CHECK_C_SUBTRACT_THEN_MORE = auto()


SWAPPED = {op.GREATER: op.LESS, op.GREATER_EQUAL: op.LESS_EQUAL}
"""Written the other way round."""
EITHER_WAY = frozenset((op.ADD, op.MULTIPLY, op.MINIMUM, op.MAXIMUM, op.EQUAL, op.NOT_EQUAL, op.AND, op.OR))
NAMES: dict[Operation, str] = {
    op.ADD: "ADD",
    op.SUBTRACT: "SUBTRACT",
    op.MULTIPLY: "MULTIPLY",
    op.DIVIDE: "DIVIDE",
    op.RATIO: "RATIO",
    op.MINIMUM: "MINIMUM",
    op.MAXIMUM: "MAXIMUM",
    op.EQUAL: "EQUAL",
    op.NOT_EQUAL: "NOT_EQUAL",
    op.LESS: "LESS",
    op.LESS_EQUAL: "LESS_EQUAL",
    op.AND: "AND",
    op.OR: "OR",
    op.NOT: "NOT",
    op.WHERE: "WHERE",
    op.NEGATIVE: "NEGATIVE",
    op.ABSOLUTE: "ABSOLUTE",
    op.FLOOR: "FLOOR",
    op.SQRT: "SQRT",
    TO_NUMBER: "COPY",
    SPREAD: "COPY",
}
FIRST, SECOND = 0, 1
PAIRS: dict[tuple[Code, Code, int], Code] = {
    (Code.ADD_RR, Code.ADD_RR, FIRST): Code.ADD_THEN_ADD,
    (Code.ADD_RR, Code.ADD_RR, SECOND): Code.ADD_THEN_ADD,
    (Code.ADD_RR, Code.SUBTRACT_RR, FIRST): Code.ADD_THEN_SUBTRACT,
    (Code.ADD_RR, Code.SUBTRACT_RR, SECOND): Code.ADD_THEN_SUBTRACTED,
    (Code.ADD_RR, Code.MULTIPLY_RC, FIRST): Code.ADD_THEN_MULTIPLY_C,
    (Code.SUBTRACT_RR, Code.ADD_RR, FIRST): Code.SUBTRACT_THEN_ADD,
    (Code.SUBTRACT_RR, Code.ADD_RR, SECOND): Code.SUBTRACT_THEN_ADD,
    (Code.SUBTRACT_RR, Code.SUBTRACT_RR, FIRST): Code.SUBTRACT_THEN_SUBTRACT,
    (Code.MULTIPLY_RR, Code.ADD_RR, FIRST): Code.MULTIPLY_THEN_ADD,
    (Code.MULTIPLY_RR, Code.ADD_RR, SECOND): Code.MULTIPLY_THEN_ADD,
    (Code.MULTIPLY_RC, Code.ADD_RR, FIRST): Code.MULTIPLY_C_THEN_ADD,
    (Code.MULTIPLY_RC, Code.ADD_RR, SECOND): Code.MULTIPLY_C_THEN_ADD,
    (Code.MULTIPLY_RC, Code.ADD_RC, FIRST): Code.MULTIPLY_C_THEN_ADD_C,
    (Code.MULTIPLY_RC, Code.SUBTRACT_CR, SECOND): Code.MULTIPLY_C_THEN_SUBTRACTED_C,
    (Code.MINIMUM_RR, Code.MINIMUM_RR, FIRST): Code.MINIMUM_THEN_MINIMUM,
    (Code.MINIMUM_RR, Code.MINIMUM_RR, SECOND): Code.MINIMUM_THEN_MINIMUM,
    (Code.NEGATIVE, Code.MAXIMUM_RC, FIRST): Code.NEGATIVE_THEN_MAXIMUM_C,
    (Code.RATIO_RR, Code.MULTIPLY_RR, FIRST): Code.RATIO_THEN_MULTIPLY,
    (Code.RATIO_RR, Code.MULTIPLY_RR, SECOND): Code.RATIO_THEN_MULTIPLY,
    (Code.SUBTRACT_RR, Code.CHECK_EQUAL_RC, FIRST): Code.CHECK_SUBTRACT_THEN_EQUAL_C,
    (Code.SUBTRACT_CR, Code.CHECK_EQUAL_RC, FIRST): Code.CHECK_C_SUBTRACT_THEN_EQUAL_C,
    (Code.SUBTRACT_CR, Code.CHECK_LESS_EQUAL_RR, FIRST): Code.CHECK_C_SUBTRACT_THEN_LESS_EQUAL,
    (Code.SUBTRACT_CR, Code.CHECK_LESS_EQUAL_RR, SECOND): Code.CHECK_C_SUBTRACT_THEN_MORE,
}
"""Two operations of which the second alone needs what the first gives, as its first or its second operand."""
