"""The example `one-service` by hand, in NumPy: as the separate program of METHOD 4.4 calculates it and, one assumption
changed after another, as this package does.

All steps meet the same luck. Money is at present value at the start, in £; years are counted from there.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri
from scipy.stats import nbinom

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

COHORTS = ("First cohort", "Second cohort", "Third cohort")
YEARS = np.arange(3)[:, None]
"""In which each cohort begins `[cohort, 1]`."""
PEOPLE, EVENTS, SHAPE, COMPARED = 1_000, 1.55, 0.693, 10
MOBILISATION, FIXED, A_HEAD, MARGIN = 400_000, 600_000, 800, 0.05
HELD_BACK, CLOSING_COST = 0.05, 150_000
SET_UP, MANAGEMENT, MANAGED_AFTER, LAST_MONTH = 100_000, 8_333.33, 12, 99
RATE, BORROWING = 0.035, 0.08
SHARE_CAPPED = 0.13
"""The cap of a fairly priced bond, as a share of all events expected, at the price of each."""


@dataclass(frozen=True)
class Ways:
    """Where the two programs differ: False as the separate one has it, True as this package has it."""

    spread_of_figures: bool = False
    """8 % and 18 % are standard deviations of the figures themselves, not of their logarithms; of cost, normal."""
    parts_of_people: bool = False
    """People are not rounded to whole ones."""
    measured_on_average: bool = False
    """Both groups have their true rate on average; there the mean is that of the logarithm, so that the service looks
    a tenth of a point worse than it is."""
    counts_drawn: bool = False
    """Events are counted, negative binomially; there their logarithm is normal."""
    paid_as_counted: bool = False
    """A unit is an event fewer than the comparison group's count; there the measured effect is applied to the true
    rate, which nobody knows."""
    ends_in_any_month: bool = False
    """A change of policy stops a cohort that begins in its month, the first included."""
    no_closing_cost: bool = False
    """A provider that is stopped early has no closing cost: no term of a deal says one."""
    delivered_by_month: bool = False
    """Delivery is paid at the start of each month; there in the middle of each year."""
    managed_by_month: bool = False
    """Management is paid at the start of each month for four years; there at the end of each of them."""
    management_ends: bool = False
    """Management ends a year after a contract that is stopped; there it goes on."""
    released_when_decided: bool = False
    """What is held back is paid when the last cohort is decided; there with the fee."""
    all_is_borrowed: bool = False
    """Under payment by results the provider borrows for mobilisation too."""
    whole_months: bool = False
    """Decisions fall in whole months, and of a cohort that never begins a month earlier."""
    waits_for_all: bool = False
    """Each cohort's assessment has a delay of its own, and the latest is waited for."""


def ladder() -> dict[str, Ways]:
    """From the separate program to this package, one step after another, each by the name of what it changes."""
    found = {"as printed": Ways()}
    for field in fields(Ways):
        found[field.name] = replace(list(found.values())[-1], **{field.name: True})
    return found


def now(years: npt.ArrayLike) -> Floats:
    """What £1 in so many years is worth at the start."""
    return np.asarray((1 + RATE) ** -np.asarray(years, dtype=float))


@dataclass(frozen=True, eq=False)
class Service:
    """What is delivered, what it costs and what is measured. `luck` has a uniform number `[path]` by driver."""

    luck: dict[str, Floats]
    ways: Ways

    def normal(self, driver: str) -> Floats:
        return np.asarray(ndtri(self.luck[driver]))

    def about_one(self, driver: str, sd: float) -> Floats:
        """A lognormal number with mean 1."""
        of_logarithm = np.sqrt(np.log1p(sd**2)) if self.ways.spread_of_figures else sd
        return np.asarray(np.exp(of_logarithm * self.normal(driver) - of_logarithm**2 / 2))

    @cached_property
    def stopped(self) -> Floats:
        """Years until policy changes: with the same chance in any year, 4.877 %."""
        if self.ways.ends_in_any_month:
            return np.asarray(np.floor(12 * np.log(self.luck["policy shock"]) / np.log1p(-0.04877)) / 12)
        return -np.log(self.luck["policy shock"]) / 0.05

    @cached_property
    def begins(self) -> Flags:
        """Whether each cohort begins `[cohort, path]`."""
        if self.ways.ends_in_any_month:
            return np.asarray(np.rint(12 * self.stopped) > 12 * YEARS)
        return np.asarray(self.stopped >= YEARS)

    @cached_property
    def people(self) -> Floats:
        """Of each cohort `[cohort, path]`."""
        people = PEOPLE * np.array([self.about_one(f"volume, {one}", 0.18) for one in COHORTS])
        return np.asarray((people if self.ways.parts_of_people else np.round(people)) * self.begins)

    @cached_property
    def served(self) -> Floats:
        """People of all cohorts."""
        return np.asarray(self.people.sum(axis=0))

    @cached_property
    def rate(self) -> Floats:
        """Events a person without the service, in truth."""
        return EVENTS * self.about_one("events per person", 0.08)

    @cached_property
    def reduction(self) -> Floats:
        """The true effect."""
        return np.asarray(-np.expm1(-0.08 - 0.06 * self.normal("effect")))

    @cached_property
    def measured(self) -> tuple[Floats, Floats]:
        """Events a person that are measured of those served, and of the comparison group `[cohort, path]`."""
        with_service = self.rate * (1 - self.reduction)
        of_comparison = self._measured("comparison group, ", self.rate, COMPARED * self.people)
        bias = np.exp(0.04 * self.normal("matching error"))
        return self._measured("", with_service, self.people), of_comparison * bias

    def _measured(self, group: str, rate: Floats, people: Floats) -> Floats:
        some = np.where(people > 0, people, 1.0)
        luck = np.array([self.luck[f"events counted, {group}{one}"] for one in COHORTS])
        if self.ways.counts_drawn:
            with np.errstate(all="ignore"):
                counted = nbinom.ppf(luck, some * SHAPE, SHAPE / (SHAPE + rate))
            return np.where(people > 0, counted / some, rate)
        sd = np.sqrt((1 / rate + 1 / SHAPE) / some)
        return np.asarray(rate * np.exp(sd * ndtri(luck) - (sd**2 / 2 if self.ways.measured_on_average else 0)))

    @cached_property
    def effect(self) -> Floats:
        """The measured effect of all cohorts together, by people."""
        served, compared = self.measured
        return np.asarray(((1 - served / compared) * self.people).sum(axis=0) / np.maximum(self.served, 1))

    @cached_property
    def units(self) -> Floats:
        """Events avoided by this measure."""
        served, compared = self.measured
        if self.ways.paid_as_counted:
            return np.asarray(((compared - served) * self.people).sum(axis=0))
        return self.effect * self.rate * self.served

    @cached_property
    def decided(self) -> Floats:
        """Years until the last cohort is decided: two after its year, and a delay."""
        delays = -0.35 * np.log1p(-np.array([self.luck[f"delay, {one}"] for one in COHORTS]))
        each = 3 + YEARS + delays
        if self.ways.whole_months:
            each = np.minimum(36 + 12 * YEARS + self.begins - 1 + np.floor(12 * delays + 0.5), LAST_MONTH) / 12
        return np.asarray(each.max(axis=0) if self.ways.waits_for_all else each[2])

    @cached_property
    def delivered(self) -> Floats:
        """What each cohort's year costs by the budget, undiscounted `[cohort, path]`."""
        return FIXED * self.begins + A_HEAD * self.people

    @property
    def days(self) -> Floats:
        """Years into a cohort's year in which its cost is paid, in equal parts `[part, 1, 1]`."""
        return (np.arange(12) / 12 if self.ways.delivered_by_month else np.array([0.5]))[:, None, None]

    @cached_property
    def budget(self) -> Floats:
        """All delivery by the budget, mobilisation included."""
        return MOBILISATION + (self.delivered * now(YEARS + self.days).mean(axis=0)).sum(axis=0)

    @cached_property
    def overrun(self) -> Floats:
        """Real cost against budget."""
        if self.ways.spread_of_figures:
            return 1 + 0.08 * self.normal("cost overrun")
        return self.about_one("cost overrun", 0.08)

    @cached_property
    def cost(self) -> Floats:
        """What delivery really costs the provider."""
        closing = 0.0 if self.ways.no_closing_cost else np.where(self.begins.all(axis=0), 0.0, CLOSING_COST * now(2))
        return np.asarray(self.budget * self.overrun + closing)

    @cached_property
    def fee(self) -> Floats:
        """The provider's bills."""
        return self.budget * (1 + MARGIN)

    @cached_property
    def interest(self) -> Floats:
        """What borrowing the cost until the decision costs more than the discount rate."""
        dearer = (1 + BORROWING) / (1 + RATE)
        when = YEARS + self.days
        growth = (now(when) * (dearer ** (self.decided - when) - 1)).mean(axis=0)
        extra = MOBILISATION * (dearer**self.decided - 1) if self.ways.all_is_borrowed else 0.0
        return np.asarray(((self.delivered * growth).sum(axis=0) + extra) * self.overrun)

    @cached_property
    def management(self) -> Floats:
        """The intermediary's bills."""
        if not self.ways.managed_by_month:
            return np.full(self.served.shape, SET_UP * now(np.arange(5)).sum())
        month = np.arange(48)[:, None]
        until = (
            np.rint(12 * self.stopped) + MANAGED_AFTER if self.ways.management_ends else np.full(self.served.shape, 48)
        )
        return np.asarray(SET_UP + MANAGEMENT * (now(month / 12) * (month < until)).sum(axis=0))


@dataclass(frozen=True, eq=False)
class Contracts:
    """What the parties get, by path, where all units are paid once the effect of all cohorts reaches the threshold."""

    service: Service
    threshold: float
    price: float
    capped_units: float
    target: float | None = None
    """The effect that releases what is held back; the threshold unless told."""

    @cached_property
    def units(self) -> Floats:
        """Units that are paid for, discounted."""
        passes = (self.service.effect >= self.threshold - 1e-9) & (self.service.served > 0)
        return np.where(passes, np.clip(self.service.units, 0, self.capped_units), 0.0) * now(self.service.decided)

    @cached_property
    def provider_under_bond(self) -> Floats:
        """Fees: what is held back only where the target is reached."""
        one, target = self.service, self.threshold if self.target is None else self.target
        whole = one.fee
        if one.ways.released_when_decided:
            nominal = (MOBILISATION + one.delivered.sum(axis=0)) * (1 + MARGIN)
            whole = nominal * now(one.decided)
        return one.fee * (1 - HELD_BACK) + np.where(one.effect >= target - 1e-9, whole, 0.0) * HELD_BACK - one.cost

    def means(self) -> dict[tuple[str, str], Floats]:
        """Net present value by form and party, by path."""
        one, paid = self.service, self.price * self.units
        return {
            ("Fee for service", "Commissioner"): -one.fee,
            ("Fee for service", "Provider"): one.fee - one.cost,
            ("Payment by results", "Commissioner"): -paid,
            ("Payment by results", "Provider"): paid - one.cost - one.interest,
            ("Bond", "Commissioner"): -paid,
            ("Bond", "Provider"): self.provider_under_bond,
            ("Bond", "Investors"): paid - self.outlay,
        }

    @property
    def outlay(self) -> Floats:
        """All that investors pay for."""
        return self.provider_under_bond + self.service.cost + self.service.management


def fair_prices(contracts: Contracts, replicates: int) -> Floats:
    """The price at which investors' mean is nil, of each replicate: what they pay for by the units that are paid."""
    outlay, units = (one.reshape(replicates, -1).mean(axis=1) for one in (contracts.outlay, contracts.units))
    return np.asarray(outlay / units)
