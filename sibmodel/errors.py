"""What can go wrong, as a tree. Everything a user can cause is a `SibmodelError`.

SibmodelError
├── LineError            a line of the model that cannot be recorded or calculated
│   ├── UnknownOperation     an operation outside the calculation language
│   ├── LoopError            lines that need each other within one period
│   └── CalculationError     an operation that failed on the figures (a division by zero, say)
├── DealError            a deal file that is wrong: all its problems at once
├── NotFoundError        a deal, an example, a line or a path that does not exist
├── WorkersError         workers that do not answer, are lost, or are of another version
└── OutputError          a result that cannot be written where it was asked for
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class SibmodelError(Exception):
    """Base of every error that is the user's to mend; its text is written for the user."""


class LineError(SibmodelError):
    """A line that cannot be recorded or calculated; the text names the line and where it was defined."""


class UnknownOperation(LineError, TypeError):
    """An operation outside the calculation language; the text says what to use instead."""


class LoopError(LineError):
    """Lines that depend on each other within one period, without `previous` between them."""


class CalculationError(LineError, ArithmeticError):
    """An operation that failed on the figures of a reading."""


@dataclass(frozen=True)
class Problem:
    """One fault in a deal file: where it is, what was found, what was expected, and the way out."""

    place: str
    """Where in the file, as its reader sees it: `line 14`, or `Payments!C7`."""
    path: str
    """The field, as one writes it: `payments[0].threshold`."""
    message: str
    """What was found and what was expected, in one or two plain sentences."""
    fix: str = ""
    """The way out, where there is one to offer: `Did you mean "threshold"?`"""


class DealError(SibmodelError):
    """A deal file with problems. Nothing was run."""

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.source = source
        self.problems = tuple(problems)
        super().__init__(self.text())

    def text(self) -> str:
        """All problems, one block each, under a line that counts them."""
        count = len(self.problems)
        lines = [f"{self.source} has {count} problem{'' if count == 1 else 's'}. Nothing was run."]
        place_width = max((len(problem.place) for problem in self.problems), default=0)
        path_width = min(40, max((len(problem.path) for problem in self.problems), default=0))
        for problem in self.problems:
            sentence = f"{problem.message} {problem.fix}".strip()
            lines.append(f"  {problem.place:<{place_width}}  {problem.path:<{path_width}}  {sentence}")
        return "\n".join(lines)


class NotFoundError(SibmodelError):
    """A deal, an example, a line or a path that does not exist; the text offers near misses."""


class WorkersError(SibmodelError):
    """Workers that do not answer, are lost again and again, or are of another version."""


class OutputError(SibmodelError):
    """A result that cannot be written; nothing that stood there before is lost."""
