"""The step that shares what is left among tranches, up to a cap on their return where there is one."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from sibmodel.funding.hurdle import ReturnCap
from sibmodel.funding.steps.common import Desk, StepTerms
from sibmodel.lines import sum_of
from sibmodel.terms import part


class ShareSurplus(StepTerms):
    """Pay what is left to tranches, in proportion to what each has put in."""

    kind: Literal["surplus"] = "surplus"
    tranches: tuple[str, ...] = part("Tranches that share the surplus")
    up_to: ReturnCap | None = part("The return of these tranches together above which it pays no more", default=None)

    leaves_nothing: ClassVar[bool] = True

    def build(self, number: int, desk: Desk) -> None:
        """The step's lines."""
        tranches = desk.named(self.tranches)
        title = f"Step {number}, surplus"
        put_in = [one.drawn_in_all if self.silo is None else one.drawn_before.opening for one in tranches]
        desk.section.heading = title
        left = desk.free(title)
        if self.up_to is not None:
            desk.section.heading = title
            path = f"funding.waterfall[{number - 1}].up_to"
            room, close = self.up_to.room(desk.section, desk.cells, path, title, tranches, self.silo is None)
            desk.closers.append(close)
            left = desk.section.line(
                f"{title}: under the cap on the return",
                np.minimum(left, room),
                unit="£",
                note="What may still be paid.",
            )
        # Before the first draw nobody has put anything in, and there is nobody to share with.
        step = desk.take(self, title, np.where(sum_of(put_in) > 0, left, 0.0))
        for tranche, line in zip(tranches, desk.share_out(step, "Surplus", tranches, put_in), strict=True):
            tranche.surplus_paid.append(line)
