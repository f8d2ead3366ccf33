"""A cap on investors' return: how much more they may be paid until they have earned it, and not a penny above.

For a rate of return the hurdle is a balance: what is drawn is added, what investors receive is taken off, and the rest
grows at the rate. The return is the rate exactly when the balance is nil, so nothing circular is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
from pydantic import model_validator

from sibmodel.binding import Cells
from sibmodel.funding.tranche import TrancheLines
from sibmodel.lines import Line, Section, sum_of
from sibmodel.terms import Terms, fault_at, number, rate_of_return


class ReturnCap(Terms):
    """The return at which a surplus ends: a rate a year, a multiple of what is drawn, or whichever comes first."""

    irr: float | None = rate_of_return(
        "Rate of return a year, effective, from monthly flows", default=None, minimum=0.0
    )
    multiple: float | None = number(
        "All that is received by all that is drawn", default=None, unit="times", minimum=0.0
    )

    @model_validator(mode="after")
    def _some_cap(self) -> Self:
        if self.irr is None and self.multiple is None:
            raise fault_at(("irr",), "needs one of: irr, multiple.", "Write `irr: 12%`, or `multiple: 1.5`.")
        return self

    def room(
        self,
        section: Section,
        cells: Cells,
        path: str,
        title: str,
        tranches: Sequence[TrancheLines],
        with_this_draw: bool,
    ) -> tuple[Any, Callable[[], None]]:
        """What the tranches together may still be paid in the month, at this place in the waterfall; and what closes
        the balances once the whole waterfall is known. `with_this_draw` is False before this month's draw is."""
        so_far = _received(tranches)
        rooms: list[Any] = []
        closers: list[Callable[[], None]] = []
        drawn = [one.proceeds for one in tranches]
        if self.irr is not None:
            irr = cells.number(self, "irr", path, f"{title}: highest rate of return")
            hurdle = section.corkscrew(f"{title}: hurdle", unit="£", note="What investors lack to the highest rate.")
            monthly = section.line(
                f"{title}: highest rate a month",
                np.exp(np.log(1 + irr) / 12) - 1,
                unit="share a month",
                note="A twelfth root.",
            )
            growth = section.line(
                f"{title}: growth of the hurdle", hurdle.opening * monthly, unit="£", note="At the highest rate."
            )
            lacking = [hurdle.opening, growth, *(drawn if with_this_draw else [])]
            rooms.append(_room(section, f"{title}: may still be paid, by rate", lacking, so_far))
            closers.append(lambda: _close(hurdle.close, [growth, *drawn], _received(tranches)))
        if self.multiple is not None:
            multiple = cells.number(self, "multiple", path, f"{title}: highest multiple")
            before = section.corkscrew(f"{title}: received so far", unit="£")
            put_in = sum_of([one.drawn_in_all if with_this_draw else one.drawn_before.opening for one in tranches])
            most = section.line(
                f"{title}: most that may be received", multiple * put_in, unit="£", note="Of what is drawn so far."
            )
            rooms.append(_room(section, f"{title}: may still be paid, by multiple", [most], [before.opening, *so_far]))
            closers.append(lambda: _close(before.close, _received(tranches), []))

        def close() -> None:
            section.heading = title
            for one in closers:
                one()

        room = rooms[0]
        for another in rooms[1:]:
            room = np.minimum(room, another)
        return room, close


def _received(tranches: Sequence[TrancheLines]) -> list[Line]:
    return [line for one in tranches for line in one.paid]


def _room(section: Section, title: str, lacking: Sequence[Line], received: Sequence[Line]) -> Line:
    gap = sum_of(lacking) - sum_of(received) if received else sum_of(lacking)
    return section.line(title, np.maximum(gap, 0.0), unit="£", note="After the steps above.")


def _close(close: Callable[..., Line], additions: Sequence[Line], reductions: Sequence[Line]) -> None:
    close(additions=additions, reductions=reductions)
