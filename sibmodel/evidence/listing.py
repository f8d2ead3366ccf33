"""The library on the screen, for programs, and as the table of sources in the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sibmodel.evidence.library import Entry, sources
from sibmodel.evidence.source import Row, Source
from sibmodel.quantities import number_text
from sibmodel.words import MINUS, money, number, percent

LONGEST = 30
"""Characters of a period in the table."""
SHARES = {"relative reduction": " reduction", "share": ""}


def figure(row: Row) -> str:
    """The figure with its interval and unit, as people write it."""
    parts = [] if row.value is None else [_number(row.value, row.unit)]
    if row.low is not None and row.high is not None:
        span = f"{_number(row.low, row.unit)} to {_number(row.high, row.unit)}"
        parts.append(f"({span})" if parts else span)
    if not parts:
        return "no figure"
    if row.standard_error is not None:
        parts.append(f"(standard error {number_text(row.standard_error)})")
    return f"{' '.join(parts)}{_unit(row.unit)}"


def table(entries: Sequence[Entry]) -> str:
    """Rows as a table, and the addresses of their sources at the end."""
    heads = ("Row", "Figure", "Period", "Source", "Status")
    cells = [heads, *((e.id, figure(e.row), _short(e.row.period or ""), e.source.id, e.status) for e in entries)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    named = {entry.source.id: entry.source.address for entry in entries}
    wide = max(len(name) for name in named)
    rows = f"{len(entries)} row{'' if len(entries) == 1 else 's'}"
    return "\n".join([*lines, "", f"{rows}, from:", *(f"  {name.ljust(wide)}  {at}" for name, at in named.items())])


def full(entries: Sequence[Entry]) -> str:
    """Rows with all that is known of each."""
    return "\n\n".join(_full(entry) for entry in entries)


def _full(entry: Entry) -> str:
    row, of = entry.row, entry.source
    fields = {
        "figure": figure(row),
        "rates": _rates(row),
        "people": None if row.people is None else f"{row.people:,}",
        "period": row.period,
        "who": row.cohort,
        "measure": row.measure,
        "design": row.design,
        "status": entry.status + (f": {row.derived}" if row.derived else ""),
        "caution": row.caution,
        "source": f"{of.id}: {of.title}",
        "publisher": of.publisher,
        "read": f"by {of.accessed}" + (f", {of.licence}" if of.licence else ""),
        "note": of.note,
        "address": of.address,
    }
    lines = [f"  {name:<10}{value}" for name, value in fields.items() if value]
    return "\n".join([f"{row.id} ({row.kind})", f"  {row.what}.", *lines])


def source_text(entries: Sequence[Entry]) -> str:
    """The rows of one source, with what it is."""
    of = entries[0].source
    about = [f"{of.title}. {of.publisher}.", *([of.note] if of.note else [])]
    return "\n".join([*about, "", table(entries)])


def document(entries: Sequence[Entry]) -> dict[str, Any]:
    """The same for programs."""
    return {"count": len(entries), "rows": [entry.as_dict() for entry in entries]}


def sources_table() -> str:
    """The table of sources in docs/evidence.md."""
    head = ["| Source | Rows | Status | Where |", "| --- | --- | --- | --- |"]
    return "\n".join(
        [
            *head,
            *(
                f"| `{of.id}`: {of.title} ({of.publisher}) | {len(of.rows)} | {_statuses(of)} | [page]({of.address}) |"
                for of in sources()
            ),
        ]
    )


def _statuses(of: Source) -> str:
    derived = sum(row.status == "derived" for row in of.rows)
    return of.status + (f", {derived} derived" if derived else "")


def _rates(row: Row) -> str | None:
    if row.served is None or row.compared is None:
        return None
    return f"{number_text(row.served)} served, {number_text(row.compared)} compared"


def _number(value: float, unit: str) -> str:
    if unit.startswith("GBP"):
        return f"£{number(value / 1e9, 1)} billion" if value >= 1e9 else money(value)
    if unit in SHARES or unit.startswith("share"):
        return percent(value)
    text = f"{value:,.0f}" if value == int(value) else number_text(value)
    return text.replace("-", MINUS)


def _unit(unit: str) -> str:
    if unit.startswith("GBP"):
        return unit.removeprefix("GBP")
    if unit in SHARES:
        return SHARES[unit]
    if unit.startswith("share"):
        return unit.removeprefix("share")
    return " points" if unit == "percentage points" else f" {unit}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
