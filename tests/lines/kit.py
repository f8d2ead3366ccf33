"""A small book that the tests of refusals spoil."""

from __future__ import annotations

from typing import Any

from sibmodel.lines import Book, Line, Values, evaluate

PERIODS = 4


class Kit:
    """A small book: a figure `price`, a row `people`, and a section to define lines in."""

    def __init__(self) -> None:
        self.book = Book(PERIODS)
        self.section = self.book.section("Payments")
        self.price = self.section.input("Price", 14000, unit="£")
        self.lag = self.section.input("Lag", 2, unit="months")
        self.none = self.section.input("None", 0, unit="£")
        self.people = self.section.line("People", self.book.period * self.lag, unit="people")

    def line(self, value: Any, name: str = "Line") -> Line:
        return self.section.line(name, value, unit="£")

    def evaluate(self) -> Values:
        return evaluate(self.book.lines, PERIODS)


class Kind:
    """A distribution that is never sampled here."""

    name = "poisson"
    uniforms = 1

    def sample(self, uniforms: Any, *parameters: Any) -> Any:
        raise NotImplementedError
