"""Outcome payers: who bears which share of a payment, from when on, and up to which cap."""

from __future__ import annotations

from sibmodel.month import Month
from sibmodel.terms import Terms, money, month, part, share, text


class LaterShare(Terms):
    """The share of each payment that a payer bears from a month on."""

    start: Month = month("First month in which this share holds, until the next")
    share: float = share("Share of each payment from then on")


class Payer(Terms):
    """An outcome payer, the share of each payment that it bears, and the most that it pays in all."""

    name: str = text("Name of the outcome payer")
    share: float = share("Share of each payment, from the first month on", default=1.0)
    later_shares: tuple[LaterShare, ...] = part("Other shares, each from its month on", default=())
    cap: float | None = money("Most that this payer pays of this payment in all", default=None)

    def share_in(self, when: Month) -> float:
        """Its share of a payment made in that month."""
        begun = [one.share for one in self.later_shares if one.start <= when]
        return begun[-1] if begun else self.share
