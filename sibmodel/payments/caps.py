"""Caps: what falls due as far as a cap on its sum allows, and what the cap cuts off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sibmodel.lines import Line, Section, total


@dataclass(frozen=True, eq=False)
class Cut:
    """What a cap cut off, in all: a figure. `kind` is what it holds for: a cohort, a payer, the contract.

    Where the cap is on the sum of one line over time, `left` is what it leaves of that line, and `limit` the cap.
    """

    cap: str
    amount: Line
    kind: str = ""
    left: Line | None = None
    limit: Line | None = None


def capped(section: Section, title: str, line: Line, cap: Line, cuts: list[Cut], of: str, kind: str) -> Line:
    """`line` as far as a cap on its sum so far allows; amounts owed back make room again."""
    so_far = section.corkscrew(f"{title}, so far", unit="£")
    paid = section.line(
        title, np.minimum(line, cap - so_far.opening), unit="£", note="What falls due, up to what the cap leaves."
    )
    so_far.close(additions=[paid])
    note_cut(section, of, line, paid, cuts, kind, cap)
    return paid


def note_cut(
    section: Section, of: str, before: Line, after: Line, cuts: list[Cut], kind: str, limit: Line | None = None
) -> None:
    """Note what a cap cuts off, over time and in all."""
    cut = section.line(f"{of}, cut off", before - after, unit="£", note="What the cap cuts off.")
    in_all = section.line(f"{of}, cut off in all", total(cut), unit="£", note="Above 0 where the cap binds.")
    cuts.append(Cut(of, in_all, kind, after if limit is not None else None, limit))
