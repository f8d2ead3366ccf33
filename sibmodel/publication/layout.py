"""What stands on the sheets of a publication, whatever the file's format."""

from __future__ import annotations

import textwrap

from sibmodel.publication.tables import Publication, Published, PublishedTable

NARROWEST, WIDEST = 16.0, 60.0
"""Characters of a column."""
FIRST_COLUMN = 48.0
"""The least of the first one, in which the notes stand as well."""
COVER_WIDTH = 90.0
LINE = 1.3
"""Height of a line of text, by the size of its letters."""


def cover(published: Publication) -> tuple[str, ...]:
    """The cover's lines, one a row; its title first."""
    return (published.title, *published.about)


def contents(published: Publication) -> PublishedTable:
    """The list of tables, as a table."""
    rows = tuple((table.name, table.title.partition(": ")[2], " ".join(table.notes)) for table in published.tables)
    return PublishedTable("Contents", "Contents", ("Sheet", "What it shows", "Notes"), rows, ())


def headed(table: PublishedTable) -> tuple[str, ...]:
    """What stands above a table, one a row; its title first."""
    return (table.title, "This sheet contains one table.", *table.notes)


def widths(table: PublishedTable) -> list[float]:
    """Of each column, in characters."""
    found = []
    for place, title in enumerate(table.header):
        longest = max((_length(row[place]) for row in table.rows), default=0)
        least = NARROWEST if place else FIRST_COLUMN
        found.append(min(WIDEST, max(least, longest * 1.15 + 2, len(title) / 2 + 4)))
    return found


def height(text: Published, width: float, size: int) -> float:
    """Points that a text takes in a column so many characters wide, wrapped."""
    lines = len(textwrap.wrap(text, max(4, int(width * 10 / size)))) if isinstance(text, str) else 1
    return LINE * size * max(1, lines)


def _length(cell: Published) -> int:
    return len(cell) if isinstance(cell, str) else len(f"{cell.value:,.{cell.places}f}")
