"""A fee for service: a yearly fee, paid in equal monthly instalments in arrears, against an expected weighted volume.

Each year's bid is lower by the learning curve's discount for every year that has passed. At the year's end the volume
that came is compared with the volume expected: within a band nothing changes; beyond it the fee is topped up or
clawed back, at most by a share of it. Where the contract has a maximum annual payment, the fee never exceeds it, and
what the fee leaves is the pot for results: pot = maximum − fee. Write that as `cap_per_year` of the payment for
results.

Source: Transforming Rehabilitation, straw man of May 2013, memorandum to the Justice Committee:
https://publications.parliament.uk/pa/cm201314/cmselect/cmjust/1004/100406.htm; maximum annual payment and weighted
annual volume: http://probationmatters.blogspot.com/2014/03/its-nightmare-mr-brown.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from pydantic import model_validator

from sibmodel.lines import Line, ratio, step_lookup, sum_of, total_where
from sibmodel.month import Month
from sibmodel.payments.common import Due, PaymentTerms
from sibmodel.payments.desk import Desk
from sibmodel.payments.timing import paid_later
from sibmodel.reading import Place, fault_at
from sibmodel.terms import Terms, choice, money, month, months, number, part, share, text


class VolumeBand(Terms):
    """How far the volume may miss what was expected before the fee follows it, and how far the fee may follow."""

    below: float = share("Shortfall of volume that changes nothing")
    above: float = share("Excess of volume that changes nothing", maximum=10.0)
    most_off: float = share("Most that is clawed back, as a share of the year's fee", default=1.0)
    most_added: float = share("Most that is added, as a share of the year's fee", default=1.0, maximum=10.0)
    follows: float = share("Share of the fee that follows the volume beyond the band", default=1.0)


@dataclass(frozen=True, eq=False)
class _Year:
    """A year of the contract. All are figures."""

    number: Line
    fee: Line
    most: Line | None


class FeeForService(PaymentTerms):
    """A yearly fee in monthly instalments, reconciled with the volume that came."""

    kind: Literal["fee for service"] = "fee for service"
    name: str = text("Name of the payment", default="Fee for service")
    start: Month = month("First month of the contract's first year")
    fees: tuple[float, ...] = money("The fee bid for each year of the contract", unit="£ a year")
    learning_discount: float = share(
        "By how much each year's fee is lower than its bid, for every year passed", default=0.0
    )
    expected: tuple[float, ...] = number(
        "The weighted volume expected in each year", unit="weighted people", minimum=0.001
    )
    counts: Literal["starts", "people"] = choice("Whether starts are counted, or all people referred", default="starts")
    weights: dict[str, float] = number(
        "Weight of a person by cohort; 1 unless named", default={}, unit="weight", minimum=0.0
    )
    band: VolumeBand | None = part(
        "Reconciliation with the volume at the year's end; None for a fixed fee", default=None
    )
    maximum: tuple[float, ...] = money(
        "Maximum annual payment, fee and results together, for each year", default=(), unit="£ a year"
    )
    payment_months: int = months("Months from a month's or year's end to payment", default=1)

    pays_for_effect = False
    may_owe_back = True
    wants = "none"

    @model_validator(mode="after")
    def _years_agree(self) -> Self:
        years = len(self.fees)
        if not years:
            raise fault_at(("fees",), "There are no fees.", "Write one for each year of the contract.")
        for name in ("expected", "maximum"):
            given = len(getattr(self, name))
            if given != years and (given or name == "expected"):
                raise fault_at((name,), f"It has {given} years, and the fees {years}.", "Write one for each year.")
        for year, (fee, most) in enumerate(zip(self.fees, self.maximum, strict=False)):
            if fee > most:
                raise fault_at(
                    ("fees", year), f"The fee of £{fee:,.0f} is above the maximum of £{most:,.0f}.", "Bid within it."
                )
        return self

    def span(self) -> tuple[Month, Month]:
        return self.start, self.start.plus(12 * len(self.fees) - 1)

    def cohorts_named(self) -> Iterator[tuple[Place, str]]:
        yield from super().cohorts_named()
        yield from ((("weights", name), name) for name in self.weights)

    def due(self, desk: Desk, title: str) -> list[Due]:
        """Monthly instalments, and each year's reconciliation."""
        section, period = desk.section, desk.section.book.period
        first = desk.cells.month(self.start, f"{desk.path}.start", f"{title}: first period", "Its years count from it.")
        lag = desk.cells.once(self, "payment_months", desk.path, f"{title}: months to payment")
        current = section.line(
            f"{title}: contract year", np.floor((period - first) / 12) + 1, unit="year", note="The first is 1."
        )
        years = self._years(desk, title)
        fees = step_lookup(current, [year.number for year in years], [year.fee for year in years])
        instalments = paid_later(
            desk,
            f"{title}: instalments",
            np.where(current > years[-1].number, 0.0, fees / 12),
            lag,
            "A twelfth of the year's fee, in each month of the contract.",
        )
        parts = [instalments]
        if self.band is not None:
            volume = self._volume(desk, title)
            for place, year in enumerate(years):
                amount = self._reconciled(desk, title, place, year, total_where(volume, current, year.number))
                end = section.line(
                    f"{title}: last period of year {place + 1}",
                    first + 12 * year.number - 1,
                    unit="period",
                    note="Its end.",
                )
                when = desk.pay_period(f"{title}: payment period, year {place + 1}", end, lag)
                parts.append(desk.in_period(f"{title}: reconciliation, year {place + 1}", when, amount))
        return [
            Due(
                None, section.line(f"{title}: fee", sum_of(parts) * 1, unit="£", note="Instalments and reconciliation.")
            )
        ]

    def _years(self, desk: Desk, title: str) -> list[_Year]:
        """The years' numbers, fees and maxima; numbers and fees stand below each other, as tables must."""
        section, cells, path = desk.section, desk.cells, desk.path
        bids = [
            cells.item(self, "fees", place, path, f"{title}: bid, year {place + 1}") for place in range(len(self.fees))
        ]
        discount = cells.number(self, "learning_discount", path, f"{title}: learning-curve discount a year")
        numbers: list[Line] = []
        for _ in bids:
            numbers.append(
                section.line(
                    f"{title}: year {len(numbers) + 1}",
                    numbers[-1] + 1 if numbers else 1,
                    unit="year",
                    note="Counted from 1.",
                )
            )
        fees = [
            section.line(
                f"{title}: fee of year {place + 1}",
                bid * np.power(1 - discount, numbers[place] - 1),
                unit="£ a year",
                note="The bid, less the learning curve's discount.",
            )
            for place, bid in enumerate(bids)
        ]
        return [
            _Year(here, fee, self._maximum(desk, title, place, fee))
            for place, (here, fee) in enumerate(zip(numbers, fees, strict=True))
        ]

    def _maximum(self, desk: Desk, title: str, place: int, fee: Line) -> Line | None:
        if not self.maximum:
            return None
        most = desk.cells.item(self, "maximum", place, desk.path, f"{title}: maximum annual payment, year {place + 1}")
        desk.section.line(
            f"{title}: pot for results, year {place + 1}",
            most - fee,
            unit="£ a year",
            note="Maximum annual payment less the fee: the cap a year of the payment for results.",
        )
        return most

    def _volume(self, desk: Desk, title: str) -> Line:
        """Weighted people in each month."""
        parts = []
        for cohort in desk.cohorts:
            people: Any = cohort.started if self.counts == "starts" else cohort.referred
            if cohort.name in self.weights:
                people = people * desk.cells.item(
                    self, "weights", cohort.name, desk.path, f"{title}: weight of {cohort.name}"
                )
            parts.append(people)
        return desk.section.line(
            f"{title}: weighted volume", sum_of(parts) * 1, unit="weighted people", note="Who came in the month."
        )

    def _reconciled(self, desk: Desk, title: str, place: int, year: _Year, actual: Any) -> Line:
        """What is added to a year's fee for its volume, or taken off it."""
        assert self.band is not None
        section, cells, path = desk.section, desk.cells, f"{desk.path}.band"
        below = cells.once(self.band, "below", path, f"{title}: shortfall that changes nothing")
        above = cells.once(self.band, "above", path, f"{title}: excess that changes nothing")
        most_off = cells.once(self.band, "most_off", path, f"{title}: most clawed back")
        most_added = cells.once(self.band, "most_added", path, f"{title}: most added")
        follows = cells.once(self.band, "follows", path, f"{title}: share of the fee that follows the volume")
        which = f"year {place + 1}"
        expected = cells.item(self, "expected", place, desk.path, f"{title}: volume expected, {which}")
        came = section.line(f"{title}: volume, {which}", actual, unit="weighted people", note="Who came in the year.")
        missed = section.line(
            f"{title}: volume against expectation, {which}",
            ratio(came, expected) - 1,
            unit="share",
            note="0 where as expected.",
        )
        outside = section.line(
            f"{title}: volume outside the band, {which}",
            np.maximum(missed - above, 0.0) - np.maximum(-below - missed, 0.0),
            unit="share",
            note="Above the band, or below it as a negative share.",
        )
        change = section.line(
            f"{title}: change of the fee, {which}",
            np.clip(follows * outside, -most_off, most_added),
            unit="share",
            note="What follows the volume, within its limits.",
        )
        amount: Any = year.fee * change
        if year.most is not None:
            amount = np.minimum(amount, year.most - year.fee)
        return section.line(
            f"{title}: reconciliation due, {which}", amount, unit="£", note="Added, or owed back as a negative amount."
        )
