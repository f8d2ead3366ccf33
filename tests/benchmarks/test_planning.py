"""The plan of a large model: made in one go, and not in hours."""

from __future__ import annotations

from benchmarks.planning import MONTHS, many_lines
from sibmodel.lines import Tape


def test_the_made_up_book_is_as_large_as_it_says() -> None:
    book, uncertain, wanted = many_lines(lines=100)
    assert 85 <= len(book.lines) <= 100
    tape = Tape(wanted, MONTHS, uncertain, keep=wanted)
    assert tape.description.operations > 5_000
