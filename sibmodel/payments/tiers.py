"""Marginal bands: the first units, or the first points of effect, at one price, the next at another.

Bands of effect are each cohort's own, at its decision. Bands of units fill up over time, for each cohort or for all
together, so that a later unit may be in a later band. A price of 0 is a dead zone; where the last band ends, nothing
more is paid. Prices of a percentage point make a piecewise-linear schedule, with its kinks where bands meet.

The effect recognised is what lies in bands with a price.
"""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from sibmodel.lines import Line, at, previous, ratio, running_total, sum_of
from sibmodel.payments.bands import Bands, bind_bands, check_bands, counted_at, counted_at_all, in_bands
from sibmodel.payments.common import Due, PaymentTerms
from sibmodel.payments.desk import Desk
from sibmodel.payments.seen import Seen, seen
from sibmodel.payments.timing import units_when_paid
from sibmodel.terms import Terms, choice, fault_at, money, number, part, share, yes_no


class PriceBand(Terms):
    """A band and its price."""

    up_to: float | None = share(
        "Effect at which it ends (5 % of a reduction, 5 percentage points); open if none", default=None
    )
    units: float | None = number("Units at which it ends; open if none", default=None, minimum=0.0)
    price: float = money("Price in it, of a unit or of a percentage point", unit="£")


class TiersPayment(PaymentTerms):
    """Prices by marginal bands of units or of effect."""

    kind: Literal["tiers"] = "tiers"
    by: Literal["reduction", "difference", "units"] = choice(
        "What the bands are of: the relative reduction, the difference in the measure's unit (of a milestone, either "
        "is its rate), or units avoided or achieved",
        default="reduction",
    )
    price_of: Literal["a unit", "a percentage point"] = choice(
        "Whether prices are for each unit avoided or achieved, or a lump sum for each percentage point",
        default="a unit",
    )
    together: bool = yes_no(
        "Whether bands of units fill up by all cohorts together, in the order of time", default=False
    )
    bands: tuple[PriceBand, ...] = part("The bands, from nothing upwards; only the last may be open")

    wants = "either"

    @property
    def _end(self) -> str:
        return "units" if self.by == "units" else "up_to"

    @model_validator(mode="after")
    def _bands_rise(self) -> Self:
        check_bands("bands", self.bands, self._end)
        other = "up_to" if self.by == "units" else "units"
        for place, band in enumerate(self.bands):
            if getattr(band, other) is not None:
                raise fault_at(("bands", place, other), f"The bands are of {self.by}.", f"Write `{self._end}`.")
        if self.by == "units" and self.price_of != "a unit":
            raise fault_at(("price_of",), "Bands of units have no percentage points.", "Leave it out.")
        if self.together and self.by != "units":
            raise fault_at(
                ("together",), "Bands of effect are each cohort's own.", "For a price of the pool write `kind: table`."
            )
        return self

    def due(self, desk: Desk, title: str) -> list[Due]:
        """The price of what lies in each band."""
        bands = bind_bands(desk, title, "bands", self.bands, self._end, "price")
        lag = desk.cells.once(self, "payment_months", desk.path, f"{title}: months to payment")
        cohorts = seen(desk, self.metric, "difference" if self.by == "difference" else "reduction")
        if self.by == "units":
            return self._by_units(desk, title, bands, cohorts, lag)
        return [self._by_effect(desk, title, bands, one, lag) for one in cohorts]

    def _by_effect(self, desk: Desk, title: str, bands: Bands, one: Seen, lag: Line) -> Due:
        section = desk.section
        parts = in_bands(desk, title, one.name, bands, one.position, self.carry_forward)
        each: Any = one.units_at_one if self.price_of == "a unit" else 100
        amount = section.line(
            f"{title}: due, {one.name}",
            counted_at(bands, parts) * each,
            unit="£",
            note="Each part at its band's price.",
        )
        when = desk.pay_period(f"{title}: payment period, {one.name}", one.decision, lag)
        recognised = section.line(
            f"{title}: effect recognised, {one.name}",
            counted_at_all(bands, parts) * one.effect_at_one,
            unit=one.effect.unit,
            note="What lies in bands with a price.",
        )
        return Due(one.cohort, desk.in_period(f"{title}: falls due, {one.name}", when, amount), recognised)

    def _by_units(self, desk: Desk, title: str, bands: Bands, cohorts: list[Seen], lag: Line) -> list[Due]:
        section = desk.section
        flows = {one.name: self._flow(desk, title, one, lag) for one in cohorts}
        if not self.together:
            return [
                self._filled(desk, title, bands, one, flows[one.name], flows[one.name], one.name) for one in cohorts
            ]
        whole = section.line(
            f"{title}: units, all cohorts", sum_of(list(flows.values())) * 1, unit="units", note="When they are paid."
        )
        return [self._filled(desk, title, bands, one, flows[one.name], whole, "all cohorts") for one in cohorts]

    def _flow(self, desk: Desk, title: str, one: Seen, lag: Line) -> Line:
        """Units over time, in the months in which they are paid."""
        if one.achieved is not None:
            return units_when_paid(desk, f"{title}: units, {one.name}", one.achieved, lag)
        when = desk.pay_period(f"{title}: payment period, {one.name}", one.decision, lag)
        units: Any = one.units if self.carry_forward else np.maximum(one.units, 0.0)
        return desk.section.line(
            f"{title}: units, {one.name}",
            np.where(desk.section.book.period == when, units, 0.0),
            unit="units",
            note="In the month in which they are paid.",
        )

    def _filled(self, desk: Desk, title: str, bands: Bands, one: Seen, flow: Line, whole: Line, who: str) -> Due:
        """What a cohort's units bring; `whole` is the flow that fills the bands, the cohort's own or that of all."""
        section = desk.section
        worth, paid_for = self._worth(desk, title, bands, whole, who)
        grown = worth - previous(worth)
        due = section.line(
            f"{title}: falls due, {one.name}",
            grown if flow is whole else grown * ratio(flow, whole),
            unit="£",
            note="What the month's units add, shared out by units.",
        )
        recognised = section.line(
            f"{title}: effect recognised, {one.name}",
            one.effect * paid_for,
            unit=one.effect.unit,
            note="The effect, as far as its units lie in bands with a price.",
        )
        return Due(one.cohort, due, recognised)

    def _worth(self, desk: Desk, title: str, bands: Bands, whole: Line, who: str) -> tuple[Line, Line]:
        """The worth of all units so far, and the share of all units in the end that has a price."""
        section = desk.section
        name = f"{title}: worth so far, {who}"
        share_name = f"{title}: share of units with a price, {who}"
        known = {line.name: line for line in section.lines if line.name in (name, share_name)}
        if known:
            return known[name], known[share_name]
        so_far = section.line(
            f"{title}: units so far, {who}", running_total(whole), unit="units", note="Since the start."
        )
        parts = in_bands(desk, title, who, bands, so_far, self.carry_forward)
        worth = section.line(name, counted_at(bands, parts), unit="£", note="Each part at its band's price.")
        priced = section.line(
            f"{title}: units with a price, {who}", counted_at_all(bands, parts), unit="units", note="So far."
        )
        last = desk.timeline.last_period
        return worth, section.line(
            share_name, ratio(at(priced, last), at(so_far, last)), unit="share", note="In the end."
        )
