"""A share of savings: units avoided or achieved, at a saving for each, of which the cashable part is shared.

The share may differ by band of the measured effect (half up to 5 %, all above), and change once a stated amount, as a
rule capital and interest, has fallen due for all cohorts together, before caps (a ratchet). Savings arise at once
when they are paid, or evenly over months from then on; those of a milestone as it is achieved. Source: Local Justice
Reinvestment, two readings of its slope: https://www.russellwebster.com/the-latest-on-justice-reinvestment/,
https://publications.parliament.uk/pa/cm201012/cmselect/cmjust/519/519vw56.htm

The effect recognised is the one of which savings are shared at any rate: in bands, the part in bands with a share.
"""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from sibmodel.lines import Line, previous, ratio, running_total, sum_of, window_total
from sibmodel.payments.bands import bind_bands, check_bands, counted_at, counted_at_all, in_bands
from sibmodel.payments.common import Due, PaymentTerms
from sibmodel.payments.desk import Desk
from sibmodel.payments.seen import Seen, Tested, seen
from sibmodel.payments.timing import units_when_paid
from sibmodel.terms import Terms, choice, fault_at, money, months, part, share


class ShareBand(Terms):
    """A band of the measured effect, and the share of its savings that is paid."""

    up_to: float | None = share("Measured effect at which it ends; open if none", default=None)
    share: float = share("Share of the savings in it")


class Ratchet(Terms):
    """Another share, once an amount has been paid."""

    paid: float = money("Amount after which the share changes: as a rule capital and interest")
    then: float = share("Share of the savings from there on")


class SavingsPayment(PaymentTerms):
    """A share of the savings that the units avoided or achieved bring."""

    kind: Literal["savings"] = "savings"
    saving: float = money("Saving by each unit avoided or achieved", unit="£ a unit")
    cashable: float = share("Part of it that the payer can cash, which is shared", default=1.0)
    threshold: float | None = share("Measured effect of a cohort from which anything is paid", default=None)
    share: float | None = share("Share of the savings that is paid", default=None)
    bands: tuple[ShareBand, ...] = part("Shares by band of the measured effect, in place of one share", default=())
    measured: Tested = choice(
        "Whether bands and threshold are of the relative reduction or of the difference", default="reduction"
    )
    ratchet: Ratchet | None = part("Another share once an amount has been paid", default=None)
    arising_months: int = months("Months over which the savings arise, from the payment on", default=1, minimum=1)

    wants = "either"

    @model_validator(mode="after")
    def _one_way_to_share(self) -> Self:
        if (self.share is None) == (not self.bands):
            raise fault_at(
                ("share",), "Savings need one of: share, bands.", "Write `share: 50%`, or bands with shares."
            )
        if self.bands:
            check_bands("bands", self.bands, "up_to")
        if self.ratchet is not None and not self.share:
            raise fault_at(
                ("ratchet",), "A ratchet begins with one share above nothing.", "Write `share`, and no bands."
            )
        return self

    def due(self, desk: Desk, title: str) -> list[Due]:
        """The share of each cohort's savings, as they arise."""
        cells, path = desk.cells, desk.path
        lag = cells.once(self, "payment_months", path, f"{title}: months to payment")
        saving = cells.number(self, "saving", path, f"{title}: saving a unit")
        cashable = cells.number(self, "cashable", path, f"{title}: cashable part")
        over = cells.number(self, "arising_months", path, f"{title}: months over which savings arise")
        each = desk.section.line(
            f"{title}: cashable saving a unit",
            saving * cashable,
            unit="£ a unit",
            note="What is shared, for each unit.",
        )
        cohorts = seen(desk, self.metric, self.measured)
        shared, recognised = self._bands(desk, title, cohorts) if self.bands else self._share(desk, title, cohorts)
        flows = {one.name: self._flow(desk, title, one, shared[one.name], each, lag, over) for one in cohorts}
        if self.ratchet is not None:
            flows = self._ratcheted(desk, title, flows)
        return [
            Due(
                one.cohort,
                flows[one.name],
                desk.section.line(
                    f"{title}: effect recognised, {one.name}",
                    recognised[one.name],
                    unit=one.effect.unit,
                    note="Of which savings are shared.",
                ),
            )
            for one in cohorts
        ]

    def _passes(self, desk: Desk, title: str, one: Seen) -> Any:
        if self.threshold is None:
            return 1
        threshold = desk.cells.once(self, "threshold", desk.path, f"{title}: threshold")
        return desk.section.line(
            f"{title}: passes, {one.name}",
            desk.reaches(one.position, threshold),
            unit="1 or 0",
            note="1 where the cohort's measured effect reaches the threshold.",
        )

    def _share(self, desk: Desk, title: str, cohorts: list[Seen]) -> tuple[dict[str, Line], dict[str, Any]]:
        """Units shared, and the effect recognised, by cohort."""
        part_of = desk.cells.once(self, "share", desk.path, f"{title}: share of savings")
        shared, recognised = {}, {}
        for one in cohorts:
            passes = self._passes(desk, title, one)
            units: Any = one.units if self.carry_forward else np.maximum(one.units, 0.0)
            effect: Any = one.effect if self.carry_forward else np.maximum(one.effect, 0.0)
            shared[one.name] = self._shared(desk, title, one, passes * part_of * units)
            recognised[one.name] = passes * effect
        return shared, recognised

    def _bands(self, desk: Desk, title: str, cohorts: list[Seen]) -> tuple[dict[str, Line], dict[str, Any]]:
        bands = bind_bands(desk, title, "bands", self.bands, "up_to", "share")
        shared, recognised = {}, {}
        for one in cohorts:
            passes = self._passes(desk, title, one)
            parts = in_bands(desk, title, one.name, bands, one.position, self.carry_forward)
            weighted = desk.section.line(
                f"{title}: effect by its shares, {one.name}",
                counted_at(bands, parts),
                unit=one.position.unit,
                note="Each part of the effect at its band's share.",
            )
            shared[one.name] = self._shared(desk, title, one, passes * weighted * one.units_at_one)
            recognised[one.name] = passes * counted_at_all(bands, parts) * one.effect_at_one
        return shared, recognised

    def _shared(self, desk: Desk, title: str, one: Seen, value: Any) -> Line:
        return desk.section.line(
            f"{title}: units shared, {one.name}", value, unit="units", note="Units, each by the share of its saving."
        )

    def _flow(self, desk: Desk, title: str, one: Seen, shared: Line, each: Line, lag: Line, over: Line) -> Line:
        """The shared savings over time. A milestone's come as it is achieved, unless a test or bands wait for all."""
        section, period = desk.section, desk.section.book.period
        name, note = f"{title}: savings shared, {one.name}", "In the months in which the savings arise."
        if one.achieved is not None and self.threshold is None and not self.bands:
            units = units_when_paid(desk, f"{title}: units to share, {one.name}", one.achieved, lag)
            self._beyond(desk, title, one, one.decision + lag, over)
            part_of = section.line(
                f"{title}: share of a unit, {one.name}",
                ratio(shared, one.units),
                unit="share",
                note="Paid of its saving.",
            )
            return section.line(name, window_total(units, over) / over * part_of * each, unit="£", note=note)
        when = desk.pay_period(f"{title}: payment period, {one.name}", one.decision, lag)
        self._beyond(desk, title, one, when, over)
        amount = section.line(
            f"{title}: savings shared in all, {one.name}", shared * each, unit="£", note="Of the cohort."
        )
        arising = np.logical_and(period >= when, period < when + over)
        return section.line(name, np.where(arising, amount / over, 0.0), unit="£", note=note)

    def _beyond(self, desk: Desk, title: str, one: Seen, last: Any, over: Line) -> None:
        """Note savings that would arise after the last period, and so are not paid."""
        if self.arising_months == 1:
            return
        desk.late.append(
            desk.section.line(
                f"{title}: savings beyond the timeline, {one.name}",
                last + over - 1 > desk.timeline.last_period,
                unit="1 or 0",
                note="1 where some would arise after the last period, and are not paid.",
            )
        )

    def _ratcheted(self, desk: Desk, title: str, flows: dict[str, Line]) -> dict[str, Line]:
        """What falls due when the share changes after an amount; shared out by the month's savings."""
        assert self.ratchet is not None
        section, path = desk.section, f"{desk.path}.ratchet"
        first = desk.cells.once(self, "share", desk.path, f"{title}: share of savings")
        limit = desk.cells.number(self.ratchet, "paid", path, f"{title}: amount at which the share changes")
        then = desk.cells.number(self.ratchet, "then", path, f"{title}: share of savings from there on")
        whole = section.line(
            f"{title}: savings shared, all cohorts",
            sum_of(list(flows.values())) * 1,
            unit="£",
            note="At the first share.",
        )
        so_far = section.line(f"{title}: shared so far", running_total(whole), unit="£", note="At the first share.")
        worth = section.line(
            f"{title}: due so far",
            np.minimum(so_far, limit) + np.maximum(so_far - limit, 0.0) / first * then,
            unit="£",
            note="Up to the amount at the first share, beyond it at the next.",
        )
        grown = section.line(f"{title}: due in the month", worth - previous(worth), unit="£", note="For all cohorts.")
        return {
            name: section.line(
                f"{title}: falls due, {name}",
                grown * ratio(flow, whole),
                unit="£",
                note="Shared out by the month's savings.",
            )
            for name, flow in flows.items()
        }
