"""The larger deal in NumPy by hand: a row of all paths for each month, in place, and nothing that no path needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from benchmarks.by_hand import terms
from benchmarks.by_hand.terms import CRUMB, MONTHS, Floats
from sibmodel.metrics import irr

SERVED, FIXED_COSTS, MANAGEMENT = terms.served(), terms.fixed_costs(), terms.management()
Figures = dict[str, Floats]


def calculate(columns: Mapping[str, Floats]) -> Figures:
    """The headline figures, each `[path]`, of a block of paths: 8,192 or so."""
    beliefs = {
        name: np.array([columns[key.format(who)] for who in terms.COHORTS]) for name, key in terms.BELIEFS.items()
    }
    figures: Figures = {}
    people = beliefs["volume"] * np.array(terms.PEOPLE)[:, None]
    decided = 22.0 + np.array([[last] for _, last in terms.REFERRALS]) + np.floor(beliefs["delay"] + 0.5)
    units = _measure(beliefs, people, columns[terms.MATCHING], figures)
    received = _payments(units, decided, people, figures)
    fund = _Fund(people.shape[1])
    _months(fund, people * beliefs["engagement"], decided, received, columns[terms.OVERRUN], figures)
    _returns(fund, figures)
    return figures


@dataclass(frozen=True, eq=False)
class _Units:
    """What is paid for, each `[cohort, path]`."""

    own: Floats
    pool: Floats
    at_level: Floats
    """Events at the comparison's level: an event avoided is one of these."""


def _measure(beliefs: Mapping[str, Floats], people: Floats, matching: Floats, figures: Figures) -> _Units:
    everyone = people.sum(axis=0)
    without = beliefs["events"]
    left = np.maximum(without * (1.0 - beliefs["effect"] * beliefs["engagement"]), 0.0)
    level = beliefs["compared"] / (people * terms.CONTROLS) * np.exp(matching)
    difference = level - beliefs["counted"] / people
    true, measured, avoided = 1.0 - left / without, difference / level, difference * people
    pooled = (measured * people).sum(axis=0) / everyone
    passes = measured + terms.ROUNDING >= terms.THRESHOLD
    remaining = np.where(passes | ~(pooled + terms.ROUNDING >= terms.POOLED), 0.0, avoided)
    remaining *= remaining.sum(axis=0) > 0.0
    figures |= {"true_reduction": (true * people).sum(axis=0) / everyone, "measured_reduction": pooled}
    figures |= {"true_avoided": ((without - left) * people).sum(axis=0), "measured_avoided": avoided.sum(axis=0)}
    for cohort, name in enumerate(terms.COHORTS):
        figures |= {f"true_reduction, {name}": true[cohort], f"measured_reduction, {name}": measured[cohort]}
    return _Units(passes * np.maximum(avoided, 0.0), remaining, level * people)


def _payments(units: _Units, decided: Floats, people: Floats, figures: Figures) -> dict[int, Floats]:
    """What payers pay by month, `[path]`: months without any are left out."""
    own, pool = terms.PRICE * units.own, terms.PRICE * units.pool
    fall = decided + terms.UNTIL_PAYMENT
    falls_pool = fall.max(axis=0)
    beyond = (fall > MONTHS).sum(axis=0) + (falls_pool > MONTHS)
    fall, falls_pool = np.minimum(fall, MONTHS), np.minimum(falls_pool, MONTHS)
    paths = people.shape[1]
    paid_for, so_far, cut = np.zeros((3, paths)), np.zeros(paths), np.zeros(paths)
    paid: dict[int, Floats] = {}
    for month in np.union1d(fall, falls_pool).astype(int).tolist():
        due = own * (fall == month)
        due += pool * (falls_pool == month)
        in_all = due.sum(axis=0)
        payable = np.maximum(in_all, 0.0)
        paid[month] = np.minimum(payable, terms.CAP - so_far)
        so_far += paid[month]
        cut += payable - paid[month]
        in_all[in_all == 0.0] = 1.0
        paid_for += due * (paid[month] / in_all)
    recognised = (units.own + units.pool) / units.at_level
    due_in_all = own + pool
    effect = recognised * np.where(due_in_all == 0.0, 0.0, paid_for / np.where(due_in_all == 0.0, 1.0, due_in_all))
    figures["paid_reduction"] = (effect * people).sum(axis=0) / people.sum(axis=0)
    figures |= {f"paid_reduction, {name}": effect[cohort] for cohort, name in enumerate(terms.COHORTS)}
    figures |= dict.fromkeys(("payments", "for_results", "paid for, Reconviction events"), so_far)
    figures |= {f"payments by payer, {who}": share * so_far for who, share in terms.SHARES.items()}
    figures |= {"cut off, Outcome payment: cap": cut, "beyond_the_end, 0": beyond.astype(float)}
    figures |= {f"{which} units, Reconviction events": figures[f"{which}_avoided"] for which in ("true", "measured")}
    for year in range(MONTHS // 12):
        rows = [row for month, row in paid.items() if (month - 1) // 12 == year]
        figures[f"payments, {2027 + year}-{28 + year}"] = sum(rows, np.zeros(paths))
    return paid


@dataclass(eq=False)
class _Fund:
    """The vehicle's state and the investors' flows, all paths."""

    paths: int
    cash: Floats = field(init=False)
    undrawn: list[Floats] = field(init=False)
    principal: list[Floats] = field(init=False)
    rolled_up: list[Floats] = field(init=False)
    """Interest of the mezzanine and of the senior tranche."""
    flows: Floats = field(init=False)
    """`[all and each tranche, month, path]`."""

    def __post_init__(self) -> None:
        self.cash = np.zeros(self.paths)
        self.undrawn = [np.full(self.paths, amount) for amount in terms.COMMITMENTS]
        self.principal = [np.zeros(self.paths) for _ in terms.COMMITMENTS]
        self.rolled_up = [np.zeros(self.paths) for _ in terms.COMMITMENTS]
        self.flows = np.zeros((4, MONTHS, self.paths))
        self.used_up = [False] * 3
        self.begun = [False] * 3

    def draw(self, now: int, needed: Floats) -> None:
        """Cash is drawn as it is needed, from one tranche after the other."""
        for tranche, undrawn in enumerate(self.undrawn):
            if self.used_up[tranche]:
                continue
            if not needed.any():
                return
            drawn = np.minimum(needed, undrawn)
            needed = needed - drawn
            undrawn -= drawn
            self.used_up[tranche], self.begun[tranche] = not undrawn.any(), True
            self.principal[tranche] += drawn
            self.flows[1 + tranche, now] -= drawn
            self.cash += drawn

    def accrue(self) -> None:
        """Interest of the month on what is owed at its beginning."""
        for tranche, rate in ((1, terms.MEZZANINE_INTEREST), (2, terms.SENIOR_INTEREST)):
            if self.begun[tranche]:
                self.rolled_up[tranche] += (self.principal[tranche] + self.rolled_up[tranche]) * rate

    def distribute(self, now: int) -> None:
        """What is left goes up the waterfall; the surplus is shared by what was drawn."""
        if not self.cash.any():
            return
        for owed, tranche in (
            (self.rolled_up[2], 2), (self.principal[2], 2), (self.rolled_up[1], 1), (self.principal[1], 1),
            (self.principal[0], 0),
        ):  # fmt: skip
            if self.begun[tranche] and owed.any():
                paid = np.minimum(owed, self.cash)
                owed -= paid
                self.cash -= paid
                self.flows[1 + tranche, now] += paid
        if self.cash.any():
            drawn = [terms.COMMITMENTS[tranche] - self.undrawn[tranche] for tranche in (0, 1)]
            both = drawn[0] + drawn[1]
            share = self.cash / np.where(both > 0.0, both, 1.0) * (both > 0.0)
            self.cash *= both == 0.0
            self.flows[1, now] += share * drawn[0]
            self.flows[2, now] += share * drawn[1]


def _months(
    fund: _Fund, starts: Floats, decided: Floats, received: Mapping[int, Floats], overrun: Floats, figures: Figures
) -> None:
    """Bills, drawing, paying and distributing, month after month; and each provider's own cash."""
    heads = {serves: (SERVED * np.array(serves)[:, None]).T @ starts for serves in dict.fromkeys(terms.SERVES)}
    budgets = [
        FIXED_COSTS[one][:, None] + terms.PER_START[one] * heads[serves] for one, serves in enumerate(terms.SERVES)
    ]
    assessed = np.minimum(decided, MONTHS)
    at = set(np.unique(assessed).astype(int).tolist())
    owed = np.zeros((5, fund.paths))
    """Of the intermediary, the assessor and the providers."""
    position, lowest, income = np.zeros((3, fund.paths)), np.full((3, fund.paths), np.inf), np.zeros((3, fund.paths))
    more, behind = 1.0 + overrun, False
    for now in range(MONTHS):
        owed[0] += MANAGEMENT[now]
        if now + 1 in at:
            owed[1] += terms.ASSESSMENT * (assessed == now + 1).sum(axis=0)
        for one, budget in enumerate(budgets):
            np.multiply(budget[now], terms.MARGIN, out=income[one])  # as scratch: the bill
            owed[2 + one] += income[one]
        if now + 1 in received:
            fund.cash += received[now + 1]
        fund.accrue()
        bills = owed.sum(axis=0)
        fund.draw(now, np.maximum(bills - fund.cash, 0.0))
        paid = np.minimum(bills, fund.cash)
        fund.cash -= paid
        behind = bool((paid < bills).any())
        if behind:
            shares = owed * (paid / np.where(bills > 0.0, bills, 1.0))
            owed -= shares
        else:
            shares = owed
        for one, budget in enumerate(budgets):
            position[one] += shares[2 + one]
            position[one] -= budget[now] * more
            np.minimum(lowest[one], position[one], out=lowest[one])
        if not behind:
            owed[:] = 0.0
        if now + 1 >= terms.FIRST_DISTRIBUTION:
            fund.distribute(now)
    for one, name in enumerate(terms.PROVIDERS):
        cost = budgets[one].sum(axis=0) * more
        lack = np.maximum(-lowest[one], 0.0)
        figures |= {f"lowest_cash, {name}": lowest[one], f"shortfall, {name}": lack, f"peak_funding, {name}": lack}
        figures |= {f"cost, {name}": cost, f"margin, {name}": position[one], f"income, {name}": position[one] + cost}


def _returns(fund: _Fund, figures: Figures) -> None:
    """The figures of all investors' flow, and the four rates of return."""
    flows = fund.flows
    np.add(flows[1], flows[2], out=flows[0])
    flows[0] += flows[3]
    everyone = flows[0]
    position, lowest, last_behind = np.zeros(fund.paths), np.zeros(fund.paths), np.zeros(fund.paths)
    received, net, first_in = np.zeros(fund.paths), np.zeros(fund.paths), np.full(fund.paths, float(MONTHS))
    for now, flow in enumerate(everyone):
        position += flow
        np.minimum(lowest, position, out=lowest)
        last_behind[position < -CRUMB] = now + 1
        received += np.maximum(flow, 0.0)
        if (first_in == MONTHS).any():
            first_in[(flow < -CRUMB) & (first_in == MONTHS)] = now + 1
    net = terms.DISCOUNT @ everyone
    invested = received - position
    some = invested > CRUMB
    figures |= {"invested": invested, "received": received, "peak_capital": -lowest, "npv": net}
    figures["moic"] = np.where(some, received / np.where(some, invested, 1.0), np.nan)
    figures["payback"] = np.where(some & (last_behind < MONTHS), last_behind + 1 - first_in, np.nan)
    for who, flow in zip(("irr", *(f"irr, {name}" for name in terms.TRANCHES)), flows, strict=True):
        figures[who] = irr(flow).rate
