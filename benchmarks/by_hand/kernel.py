"""The larger deal as a Numba kernel by hand: one path after another, all of it in registers and a few short rows.

Needs Numba (`pip install 'sibmodel[fast]'`).
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, expm1, floor, log, nan

import numba
import numpy as np

from benchmarks.by_hand import terms
from benchmarks.by_hand.terms import CRUMB, DISCOUNT, MONTHS, Floats

SERVED, FIXED_COSTS, MANAGEMENT = terms.served(), terms.fixed_costs(), terms.management()
PEOPLE, PER_START = np.array(terms.PEOPLE), np.array(terms.PER_START)
LAST = np.array([last for _, last in terms.REFERRALS])
COMMITMENTS = np.array(terms.COMMITMENTS)
INTEREST = np.array([0.0, terms.MEZZANINE_INTEREST, terms.SENIOR_INTEREST])
PRICE, THRESHOLD, POOLED, CAP = terms.PRICE, terms.THRESHOLD, terms.POOLED, terms.CAP
ROUNDING, CONTROLS, MARGIN, ASSESSMENT = terms.ROUNDING, terms.CONTROLS, terms.MARGIN, terms.ASSESSMENT
FIRST_DISTRIBUTION, MOST_STEPS, CLOSE_ENOUGH = terms.FIRST_DISTRIBUTION, 12, 1e-13

_compiled = numba.njit(cache=True, nogil=True, error_model="numpy")

OF_ALL = ("invested", "received", "moic", "npv", "payback", "peak_capital", "payments", "cut off, Outcome payment: cap",
          "beyond_the_end, 0", "true_avoided", "measured_avoided", "true_reduction", "measured_reduction",
          "paid_reduction")  # fmt: skip
OF_COHORTS = ("true_reduction", "measured_reduction", "paid_reduction")
OF_PROVIDERS = ("lowest_cash", "margin", "cost")
RATES = ("irr", *(f"irr, {name}" for name in terms.TRANCHES))
YEARS = tuple(f"payments, {2027 + year}-{28 + year}" for year in range(MONTHS // 12))
NAMES = (
    *OF_ALL,
    *(f"{what}, {who}" for who in terms.COHORTS for what in OF_COHORTS),
    *(f"{what}, {who}" for who in terms.PROVIDERS for what in OF_PROVIDERS),
    *YEARS,
    *RATES,
)
COHORTS_AT, PROVIDERS_AT = len(OF_ALL), len(OF_ALL) + 9
YEARS_AT, RATES_AT = PROVIDERS_AT + 9, PROVIDERS_AT + 9 + len(YEARS)


def calculate(columns: Mapping[str, Floats]) -> dict[str, Floats]:
    """The headline figures, each `[path]`."""
    given = np.array([columns[key] for key in terms.GIVEN])
    found = np.empty((len(NAMES), given.shape[1]))
    _paths(given, found)
    figures = dict(zip(NAMES, found, strict=True))
    figures |= dict.fromkeys(("for_results", "paid for, Reconviction events"), figures["payments"])
    figures |= {f"payments by payer, {who}": share * figures["payments"] for who, share in terms.SHARES.items()}
    figures |= {f"{which} units, Reconviction events": figures[f"{which}_avoided"] for which in ("true", "measured")}
    for name in terms.PROVIDERS:
        lack = np.maximum(-figures[f"lowest_cash, {name}"], 0.0)
        figures |= {f"shortfall, {name}": lack, f"peak_funding, {name}": lack}
        figures[f"income, {name}"] = figures[f"margin, {name}"] + figures[f"cost, {name}"]
    return figures


@_compiled
def _paths(given, found):  # type: ignore[no-untyped-def]
    flows, received, assessed = np.empty((4, MONTHS)), np.empty(MONTHS), np.empty(MONTHS)
    one, starts, few = np.empty(given.shape[0]), np.empty(3), np.empty((10, 5))
    for path in range(given.shape[1]):
        one[:] = given[:, path]
        into = found[:, path]
        _payments(one, into, received, assessed, starts, few)
        _months(received, assessed, starts, 1.0 + one[22], flows, into, few)
        _returns(flows, into)
        for flow in range(4):
            into[RATES_AT + flow] = _rate(flows[flow])


@_compiled
def _payments(one, into, received, assessed, starts, few):  # type: ignore[no-untyped-def]
    """What is measured, and what is paid for it by month."""
    people, avoided, measured, at_level = few[0], few[1], few[2], few[3]
    own, pool, fall, paid_for = few[4], few[5], few[6], few[7]
    few[:] = 0.0
    received[:] = 0.0
    assessed[:] = 0.0
    everyone = true_all = measured_all = truly = 0.0
    level_by = exp(one[21])
    last_fall = beyond = 0.0
    for k in range(3):
        people[k] = PEOPLE[k] * one[k]
        starts[k] = people[k] * one[3 + k]
        without = one[9 + k]
        left = max(without * (1.0 - one[6 + k] * one[3 + k]), 0.0)
        level = one[18 + k] / (people[k] * CONTROLS) * level_by
        difference = level - one[15 + k] / people[k]
        measured[k], avoided[k], at_level[k] = difference / level, difference * people[k], level * people[k]
        true = 1.0 - left / without
        everyone += people[k]
        true_all += true * people[k]
        measured_all += measured[k] * people[k]
        truly += (without - left) * people[k]
        into[COHORTS_AT + 3 * k], into[COHORTS_AT + 3 * k + 1] = true, measured[k]
        decided = 22.0 + LAST[k] + floor(one[12 + k] + 0.5)
        assessed[int(min(decided, MONTHS)) - 1] += ASSESSMENT
        fall[k] = decided + 2.0
        last_fall = max(last_fall, fall[k])
        beyond += fall[k] > MONTHS
    beyond += last_fall > MONTHS
    remaining = 0.0
    for k in range(3):
        if measured[k] + ROUNDING >= THRESHOLD:
            own[k] = PRICE * max(avoided[k], 0.0)
        elif measured_all / everyone + ROUNDING >= POOLED:
            pool[k] = PRICE * avoided[k]
            remaining += avoided[k]
    if not remaining > 0.0:
        pool[:] = 0.0
    so_far = cut = 0.0
    pooled_at = int(min(last_fall, MONTHS))
    for month in range(int(min(min(fall[0], fall[1]), min(fall[2], MONTHS))), pooled_at + 1):
        due = 0.0
        for k in range(3):
            due += own[k] * (int(min(fall[k], MONTHS)) == month) + pool[k] * (pooled_at == month)
        if due > 0.0:
            paid = min(due, CAP - so_far)
            so_far += paid
            cut += due - paid
            received[month - 1] = paid
            for k in range(3):
                mine = own[k] * (int(min(fall[k], MONTHS)) == month) + pool[k] * (pooled_at == month)
                paid_for[k] += paid * mine / due
    paid_all = 0.0
    for k in range(3):
        due = own[k] + pool[k]
        effect = due / PRICE / at_level[k] * (paid_for[k] / due) if due != 0.0 else 0.0
        into[COHORTS_AT + 3 * k + 2] = effect
        paid_all += effect * people[k]
    into[6], into[7], into[8], into[9] = so_far, cut, beyond, truly
    into[10] = avoided[0] + avoided[1] + avoided[2]
    into[11], into[12], into[13] = true_all / everyone, measured_all / everyone, paid_all / everyone
    for year in range(MONTHS // 12):
        into[YEARS_AT + year] = received[12 * year : 12 * year + 12].sum()


@_compiled
def _months(received, assessed, starts, more, flows, into, few):  # type: ignore[no-untyped-def]
    """Bills, drawing, paying and distributing; each provider's own cash."""
    flows[:] = 0.0
    few[:] = 0.0
    owed, undrawn, principal, rolled_up = few[0], few[1], few[2], few[3]
    position, lowest, cost, budget = few[4], few[5], few[6], few[7]
    for t in range(3):
        undrawn[t], lowest[t] = COMMITMENTS[t], np.inf
    cash = 0.0
    for now in range(MONTHS):
        owed[0] += MANAGEMENT[now]
        owed[1] += assessed[now]
        later = SERVED[1, now] * starts[1] + SERVED[2, now] * starts[2]
        heads = later + SERVED[0, now] * starts[0]
        for p in range(3):
            budget[p] = FIXED_COSTS[p, now] + PER_START[p] * (heads if p < 2 else later)
            owed[2 + p] += budget[p] * MARGIN
        cash += received[now]
        bills = owed[0] + owed[1] + owed[2] + owed[3] + owed[4]
        needed = max(bills - cash, 0.0)
        for t in range(3):
            rolled_up[t] += (principal[t] + rolled_up[t]) * INTEREST[t]
            if needed > 0.0 and undrawn[t] > 0.0:
                drawn = min(needed, undrawn[t])
                needed -= drawn
                undrawn[t] -= drawn
                principal[t] += drawn
                flows[1 + t, now] -= drawn
                cash += drawn
        paid = min(bills, cash)
        share = paid / bills if bills > 0.0 else 0.0
        cash = cash - paid
        for p in range(5):
            mine = owed[p] * share
            owed[p] = owed[p] - mine if share < 1.0 else 0.0
            if p >= 2:
                real = budget[p - 2] * more
                cost[p - 2] += real
                position[p - 2] += mine - real
                lowest[p - 2] = min(lowest[p - 2], position[p - 2])
        if now + 1 >= FIRST_DISTRIBUTION and cash > 0.0:
            for t in (2, 1, 0):
                for owing in (rolled_up, principal):
                    back = min(owing[t], cash)
                    owing[t] -= back
                    cash -= back
                    flows[1 + t, now] += back
            drawn = COMMITMENTS[0] - undrawn[0]
            both = drawn + COMMITMENTS[1] - undrawn[1]
            if both > 0.0:
                flows[1, now] += cash * drawn / both
                flows[2, now] += cash * (both - drawn) / both
                cash = 0.0
        flows[0, now] = flows[1, now] + flows[2, now] + flows[3, now]
    for p in range(3):
        into[PROVIDERS_AT + 3 * p], into[PROVIDERS_AT + 3 * p + 1] = lowest[p], position[p]
        into[PROVIDERS_AT + 3 * p + 2] = cost[p]


@_compiled
def _returns(flows, into):  # type: ignore[no-untyped-def]
    invested = received = position = lowest = npv = last_behind = 0.0
    first_in = float(MONTHS)
    for now in range(MONTHS):
        flow = flows[0, now]
        position += flow
        npv += flow * DISCOUNT[now]
        lowest = min(lowest, position)
        if flow > 0.0:
            received += flow
        else:
            invested -= flow
        if flow < -CRUMB:
            first_in = min(first_in, now + 1.0)
        if position < -CRUMB:
            last_behind = now + 1.0
    into[0], into[1], into[3], into[5] = invested, received, npv, -lowest
    into[2] = received / invested if invested > CRUMB else nan
    into[4] = last_behind + 1.0 - first_in if invested > CRUMB and last_behind < MONTHS else nan


@_compiled
def _rate(flow):  # type: ignore[no-untyped-def]
    """Newton's method on the log of (what comes back ÷ what goes in), as the plain loop does it."""
    first, last, goes_in, comes_back = MONTHS, -1, False, False
    for now in range(MONTHS):
        if flow[now] != 0.0:
            first, last = min(first, now), now
            goes_in |= flow[now] < 0.0
            comes_back |= flow[now] > 0.0
    if not goes_in:
        return nan
    if not comes_back:
        return -1.0
    log_rate = 0.0
    for _ in range(MOST_STEPS):
        factor, weight = exp(-log_rate), 1.0
        back = paid_in = timed_back = timed_in = 0.0
        for now in range(first, last + 1):
            worth = flow[now] * weight
            if worth > 0.0:
                back += worth
                timed_back += worth * now
            else:
                paid_in -= worth
                timed_in -= worth * now
            weight *= factor
        gap = timed_back / back - timed_in / paid_in
        if gap == 0.0:
            return nan
        step = log(back / paid_in) / gap
        log_rate += step
        if abs(step) < CLOSE_ENOUGH:
            return expm1(12.0 * log_rate)
        if not abs(log_rate) < 5.0:
            return nan
    return nan
