"""Sources of a deal's numbers that are rows or sources of the library, named by id: how far they can be relied on, and
where they can be read."""

from __future__ import annotations

import re

from sibmodel import binding
from sibmodel.binding import Status
from sibmodel.evidence.library import Entry, entries, sources
from sibmodel.evidence.source import Source, is_slug

FIRST_WORD = re.compile(r"[a-z0-9-]+(?=$|[\s,;:.(])")


def cited(source: str) -> Entry | Source | None:
    """The row or the source of the library that a text begins with, by its id: `moj-peterborough-2014, table 2`.

    The library is loaded only where the text may be one.
    """
    found = FIRST_WORD.match(source.strip())
    if found is None or "-" not in found[0] or not is_slug(found[0]):
        return None
    rows = (entry for entry in entries() if entry.id == found[0])
    whole = (one for one in sources() if one.id == found[0])
    return next(rows, None) or next(whole, None)


def status(source: str) -> Status:
    """Where a number comes from, in a word or two: of what the library has, as the library says."""
    found = cited(source)
    if found is None:
        return binding.status(source)
    return "derived" if found.status == "derived" else "published"


def source_text(source: str) -> str:
    """A source as readers see it: of what the library has, with its publisher, title and address."""
    found = cited(source)
    if found is None:
        return source
    of = found.source if isinstance(found, Entry) else found
    parts = (of.publisher, of.title, of.address)
    return f"{source}: {', '.join(part for part in parts if part)}"
