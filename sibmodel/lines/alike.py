"""Whether two books are the same model with other numbers in its inputs."""

from __future__ import annotations

from sibmodel.lines.book import Book
from sibmodel.lines.expression import Call, Constant, Expression
from sibmodel.lines.line import Draw, Line

Numbers = dict[Line, int]


def difference(book: Book, other: Book) -> str:
    """The first way in which two books differ but for the values of inputs, in words; empty where they do not."""
    if book.periods != other.periods:
        return f"it has {other.periods} periods instead of {book.periods}"
    for one, two in zip(book.lines, other.lines, strict=False):
        if one.key != two.key:
            return f"it has “{two.name}” in the place of “{one.name}”"
    if len(book.lines) != len(other.lines):
        return f"it has {len(other.lines)} lines instead of {len(book.lines)}"
    mine, theirs = _numbers(book), _numbers(other)
    for one, two in zip(book.lines, other.lines, strict=True):
        if (one.unit, one.timed, type(one)) != (two.unit, two.timed, type(two)) or not _defined_alike(
            one, two, mine, theirs
        ):
            return f"it defines “{one.name}” otherwise"
    return ""


def _numbers(book: Book) -> Numbers:
    return {line: number for number, line in enumerate(book.lines)}


def _defined_alike(one: Line, two: Line, mine: Numbers, theirs: Numbers) -> bool:
    if isinstance(one, Draw) and isinstance(two, Draw):
        pairs = zip(one.parameters, two.parameters, strict=False)
        if one.distribution != two.distribution or len(one.parameters) != len(two.parameters):
            return False
        if not all(_alike(first, second, mine, theirs) for first, second in pairs):
            return False
    if one.definition is None or two.definition is None:
        return one.definition is two.definition
    return _alike(one.definition, two.definition, mine, theirs)


def _alike(one: Expression, two: Expression, mine: Numbers, theirs: Numbers) -> bool:
    if isinstance(one, Line):
        return isinstance(two, Line) and mine[one] == theirs[two]
    if isinstance(one, Constant):
        return isinstance(two, Constant) and one.value == two.value
    assert isinstance(one, Call)
    return (
        isinstance(two, Call)
        and one.operation is two.operation
        and len(one.operands) == len(two.operands)
        and all(_alike(first, second, mine, theirs) for first, second in zip(one.operands, two.operands, strict=True))
    )
