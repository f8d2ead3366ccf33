"""What holds in every waterfall: random steps, triggers, silos, reserves and guarantees around the small deal."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sibmodel.metrics import irr
from tests.deals import Case, base_case, data, deal_of

PENNY = 0.01
TRANCHES = ["Senior", "Middle", "Junior"]
FEW = settings(max_examples=settings().max_examples // 5, deadline=None)
MONTHS = st.integers(0, 71).map(lambda passed: f"{2027 + passed // 12}-{passed % 12 + 1:02d}")
SHARES = st.floats(0, 1).map(lambda value: round(value, 3))


@st.composite
def triggers(draw: st.DrawFn) -> dict[str, Any]:
    """Whether, and on what, a step waits."""
    chosen = draw(st.sampled_from(["none", "none", "from", "until", "after", "when"]))
    if chosen in ("from", "until"):
        return {chosen: draw(MONTHS)}
    if chosen == "after":
        return {"after": {"repaid": draw(st.sampled_from(TRANCHES))}}
    return {"when": {"at_least": draw(st.sampled_from([0.05, 0.12, 0.2]))}} if chosen == "when" else {}


@st.composite
def waterfalls(draw: st.DrawFn) -> dict[str, Any]:
    """The small deal under a random funding."""
    made = data()
    made["assumptions"]["effect"] = draw(st.floats(-0.05, 0.3).map(lambda value: round(value, 3)))
    made["payments"].append(
        {
            "kind": "standing charge", "name": "Charge", "payers": [{"name": "Ministry"}], "start": "2027-02",
            "per_month": draw(st.sampled_from([0, 9_000, 60_000])), "months": draw(st.integers(1, 40)),
        }
    )  # fmt: skip
    made["payments"][0]["price"] = draw(st.integers(100, 9_000))
    some = st.lists(st.sampled_from(TRANCHES), min_size=1, max_size=3, unique=True)
    silo = draw(st.booleans())
    steps: list[dict[str, Any]] = []
    for name in (None, "Pot") if silo else (None,):
        here = {"silo": name} if name else {}
        for kind in draw(st.lists(st.sampled_from(["interest", "principal", "reserve", "surplus"]), max_size=5)):
            if kind == "reserve":
                steps += [] if name else [{"kind": "reserve", "reserve": "Kept"}]
                continue
            cap = {"up_to": {"irr": draw(SHARES)}} if kind == "surplus" else {}
            steps.append({"kind": kind, "tranches": draw(some), **cap, **draw(triggers()), **here})
        if name:
            steps.append({"kind": "to main account", **draw(triggers()), **here})
    steps = draw(st.permutations(steps)) if not silo else steps
    steps = [*steps, {"kind": "reserve", "reserve": "Kept"}]
    steps += [{"kind": kind, "tranches": TRANCHES} for kind in ("interest", "principal")]
    kinds = st.sampled_from([("top up", "up_to"), ("first loss", "share"), ("full", None)])
    guarantees = []
    for number in range(draw(st.integers(0, 2))):
        kind, key = draw(kinds)
        share = {} if key is None else {key: draw(SHARES)}
        call = {"call": draw(MONTHS)} if draw(st.booleans()) else {}
        guarantees.append(
            {"kind": kind, "name": f"G{number}", "guarantor": "City", "tranches": draw(some), **share, **call}
        )
    made["funding"] = {
        "vehicle": "Vehicle",
        "drawdown": draw(st.sampled_from(["in order", "pro rata"])),
        "tranches": [
            {"name": name, "investor": f"Holder of {name}", "commitment": draw(st.integers(0, 300_000)), "coupon": 0.04}
            for name in TRANCHES
        ],
        "silos": [{"name": "Pot", "payments": [draw(st.sampled_from(["Tariff", "Charge"]))]}] if silo else [],
        "reserves": [{"name": "Kept", "months_of_bills": draw(st.integers(1, 80))}],
        "guarantees": guarantees,
        "waterfall": [
            {"kind": "costs"},
            *steps,
            {"kind": "surplus to", "party": "Fund", **draw(triggers())},
        ],
    }
    return made


def by_account(case: Case) -> dict[str, list[Any]]:
    steps: dict[str, list[Any]] = {}
    for one in case.model.funding.log:
        steps.setdefault(one.account, []).append(one)
    return steps


@FEW
@given(waterfalls())
def test_every_waterfall(plain: dict[str, Any]) -> None:
    """One model serves for all that must hold."""
    case = base_case(deal_of(plain))
    no_money_is_lost_and_none_is_made(case)
    nobody_is_paid_before_those_above_have_what_they_ask(case)
    nobody_is_repaid_too_much_and_no_guarantee_pays_beyond_its_share(case)


def no_money_is_lost_and_none_is_made(case: Case) -> None:
    """What an account starts from is what its steps pay and what it holds at the month's end; every check holds."""
    funding = case.model.funding
    starts = {"Vehicle": case.row_of("Cash to distribute"), **{one.name: None for one in funding.silos}}
    closing = {"Vehicle": case.row(funding.cash.closing)}
    for one in funding.silos:
        starts[one.name] = case.row_of(f"{one.name}: cash to distribute")
        closing[one.name] = case.row(one.cash.closing)
    for account, steps in by_account(case).items():
        paid = sum(case.row(step.paid) for step in steps)
        assert np.allclose(starts[account], paid + closing[account], atol=PENNY)
        assert closing[account].min() > -PENNY
        assert min(case.row(step.paid).min() for step in steps) > -PENNY
    assert case.row(funding.reserves[0].balance.closing).min() > -PENNY
    short = [one.name for one in case.model.checks.every if case.figure(one.holds) == 0]
    assert set(short) <= {"Bills are paid in the end", "Bills are paid at once"}


def nobody_is_paid_before_those_above_have_what_they_ask(case: Case) -> None:
    for steps in by_account(case).values():
        for place, senior in enumerate(steps):
            short = case.row(senior.asked) - case.row(senior.paid) > PENNY
            for junior in steps[place + 1 :]:
                assert not (case.row(junior.paid)[short] > PENNY).any()


def nobody_is_repaid_too_much_and_no_guarantee_pays_beyond_its_share(case: Case) -> None:
    for tranche in case.model.funding.tranches:
        assert case.row(tranche.principal.closing).min() > -PENNY
        assert case.row(tranche.interest.closing).min() > -PENNY
    for one in case.model.funding.guarantees:
        for name, line in one.by_tranche.items():
            (tranche,) = (each for each in case.model.funding.tranches if each.name == name)
            paid, drawn = case.row(line).sum(), case.row(tranche.drawn).sum()
            repaid = sum(case.row(each).sum() for each in tranche.principal_paid)
            assert repaid <= drawn + PENNY
            share = getattr(one.terms, "share", getattr(one.terms, "up_to", 1.0))
            assert -PENNY < paid <= share * drawn + PENNY


SIMPLE = [
    {"kind": "costs"},
    {"kind": "interest", "tranches": ["Senior"]},
    {"kind": "principal", "tranches": ["Senior", "Junior"]},
    {"kind": "surplus", "tranches": ["Senior", "Junior"]},
    {"kind": "surplus to", "party": "Fund"},
]


def simple(price: float, commitment: float, effect: float, cap: float | None) -> Case:
    made = data()
    made["payments"][0]["price"] = price
    made["assumptions"]["effect"] = effect
    made["funding"]["waterfall"] = SIMPLE[:4]
    if cap is not None:
        made["funding"]["waterfall"] = [*SIMPLE[:3], {**SIMPLE[3], "up_to": {"irr": cap}}, SIMPLE[4]]
    for tranche in made["funding"]["tranches"]:
        tranche["commitment"] = commitment
    return base_case(deal_of(made))


@FEW
@given(
    st.integers(1_000, 9_000), st.integers(50_000, 600_000), st.floats(0, 0.3), SHARES.filter(lambda cap: cap > 0.05)
)
def test_a_cap_on_the_return_is_never_passed_and_is_the_return_where_it_binds(
    price: int, commitment: int, effect: float, cap: float
) -> None:
    """The rate of return is worked out by another code, from the cash flow alone."""
    case = simple(price, commitment, effect, cap)
    found = irr(case.row(case.model.returns.everyone.flow))
    rate = float(np.asarray(found.rate))
    if np.isfinite(rate):
        assert rate <= cap + 1e-6
        if sum(case.row_of("Step 5, surplus to Fund: paid")) > 1:
            after = case.row_of("Step 5, surplus to Fund: paid").nonzero()[0][-1]
            if not case.row(case.model.returns.everyone.put_in)[after:].any():
                assert abs(rate - cap) < 1e-6


@FEW
@given(st.integers(100, 9_000), st.integers(0, 600_000), st.floats(0, 0.3), st.sampled_from([1.0, 1.3, 4.0]))
def test_a_higher_price_and_a_larger_commitment_harm_nobody(
    price: int, commitment: int, effect: float, more: float
) -> None:
    """A higher price never leaves investors with less; a larger commitment never leaves more bills unpaid.

    Under a cap on the rate a higher price may leave them with less money: they are repaid sooner, and earn the rate for
    a shorter time. So there is none here.
    """
    low = simple(price, commitment, effect, None)
    high, larger = simple(price * more, commitment, effect, None), simple(price, commitment * more, effect, None)
    least = low.row(low.model.returns.everyone.position)[-1]
    assert high.row(high.model.returns.everyone.position)[-1] >= least - PENNY
    owed = [case.row(case.model.funding.uncovered).sum() for case in (low, larger)]
    assert owed[1] <= owed[0] + PENNY
