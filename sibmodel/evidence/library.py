"""The library: every row with its source, found by id, kind, source or words. Loaded when first asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from importlib import resources
from typing import Any

from sibmodel.errors import NotFoundError
from sibmodel.evidence.source import KINDS, Row, Source, Status
from sibmodel.files import read_terms


@dataclass(frozen=True)
class Entry:
    """A row and the source it was read in."""

    row: Row
    source: Source

    @property
    def id(self) -> str:
        return self.row.id

    @property
    def status(self) -> Status:
        """The row's own status, otherwise its source's."""
        return self.row.status or self.source.status

    @cached_property
    def searched(self) -> str:
        """The text in which words are looked for, in small letters."""
        row, of = self.row, self.source
        texts = (row.id, row.kind, row.what, row.unit, row.period, row.cohort, row.measure, row.design, row.caution)
        return " ".join(filter(None, (*texts, self.status, of.id, of.title, of.publisher))).casefold()

    def as_dict(self) -> dict[str, Any]:
        """For programs: the row's fields, its status, and its source."""
        of = self.source
        return {
            **self.row.plain(),
            "status": self.status,
            "source": of.id,
            "title": of.title,
            "publisher": of.publisher,
            "address": of.address,
            "accessed": str(of.accessed),
            **({"licence": of.licence} if of.licence else {}),
            **({"source_note": of.note} if of.note else {}),
        }


@cache
def sources() -> tuple[Source, ...]:
    """All sources, by id."""
    folder = resources.files("sibmodel.evidence")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    return tuple(read_terms(file.read_text(encoding="utf-8"), Source, f"evidence/{file.name}") for file in files)


@cache
def entries() -> tuple[Entry, ...]:
    """All rows, in the order of their sources."""
    return tuple(Entry(row, source) for source in sources() for row in source.rows)


def find(name: str) -> Entry:
    """The row of that id. Raises NotFoundError with near misses."""
    known = {entry.id: entry for entry in entries()}
    if name.strip() not in known:
        raise NotFoundError(f'There is no row "{name}" in the library. {_near(name, known)}')
    return known[name.strip()]


def source(name: str) -> Source:
    """The source of that id. Raises NotFoundError with near misses."""
    known = {one.id: one for one in sources()}
    if name.strip() not in known:
        raise NotFoundError(f'There is no source "{name}" in the library. {_near(name, known)}')
    return known[name.strip()]


def search(words: Iterable[str] = (), *, kind: str | None = None, source_id: str | None = None) -> tuple[Entry, ...]:
    """The rows of a kind and a source in which every word occurs, in whatever order and case.

    Raises NotFoundError for a kind or a source that does not exist, and where nothing is found, with near misses.
    """
    wanted = [word for text in words for word in text.casefold().split()]
    if kind is not None and kind not in KINDS:
        near = get_close_matches(kind, KINDS, n=1, cutoff=0.4)
        hint = f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(KINDS)}."
        raise NotFoundError(f'There is no kind "{kind}". {hint}')
    within = source(source_id).id if source_id is not None else None
    pool = [
        entry for entry in entries() if kind in (None, entry.row.kind) and (within is None or entry.source.id == within)
    ]
    found = tuple(entry for entry in pool if all(word in entry.searched for word in wanted))
    if not found:
        raise NotFoundError(_nothing_found(wanted, pool))
    return found


def _nothing_found(wanted: list[str], pool: list[Entry]) -> str:
    said = "No row of the library fits." if not wanted else f'No row of the library has "{" ".join(wanted)}".'
    known = sorted({word for entry in pool for word in _words_in(entry)})
    near = [get_close_matches(word, known, n=1, cutoff=0.7) for word in wanted if not any(word in one for one in known)]
    offered = [one[0] for one in near if one]
    hint = f'Did you mean "{" ".join(offered)}"?' if offered else "Use fewer words, or none for all rows."
    return f"{said} {hint}"


def _near(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name.strip().casefold(), list(known), n=3, cutoff=0.5)
    return f"Did you mean: {', '.join(near)}?" if near else "See them all with: sibmodel evidence"


def _words_in(entry: Entry) -> Iterator[str]:
    for word in entry.searched.replace("-", " ").split():
        bare = word.strip(".,:;()'\"")
        if len(bare) > 3:
            yield bare
