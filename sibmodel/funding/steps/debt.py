"""What the steps that pay interest and principal share: each pays tranches in proportion to what each is owed."""

from __future__ import annotations

from collections.abc import Sequence

from sibmodel.funding.steps.common import Desk, StepTerms
from sibmodel.funding.tranche import TrancheLines
from sibmodel.lines import Line, sum_of
from sibmodel.terms import part


class PayDebt(StepTerms):
    """Pay tranches what they are owed of one kind, in proportion."""

    tranches: tuple[str, ...] = part("Tranches that share this step")

    def pay(
        self,
        desk: Desk,
        title: str,
        label: str,
        tranches: Sequence[TrancheLines],
        owed: Sequence[Line],
        paid: Sequence[list[Line]],
    ) -> None:
        """The step's lines. `owed` and `paid` are each tranche's; what the step pays is added to `paid`."""
        still = [
            desk.still_owed(title, one, debt, before) for one, debt, before in zip(tranches, owed, paid, strict=True)
        ]
        step = desk.take(self, title, sum_of(still))
        for before, line in zip(paid, desk.share_out(step, label, tranches, still), strict=True):
            before.append(line)
