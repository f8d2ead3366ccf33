"""Who holds the cash: terms of payment, leads and subcontractors, members, reserves; by hand and by property."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibmodel.cautions import cautions
from sibmodel.errors import DealError
from sibmodel.model import build
from tests.deals import base_case, data, deal_of, when
from tests.providers.made import SERVED, bill, cash, deal_with, made

FIXED = {"fixed_per_month": 10_000}


# ── terms of payment ───────────────────────────────────────────────────────────────────────────


def test_sixty_days_are_two_months() -> None:
    """Two months of cost are ahead of receipts: what the provider must find."""
    case = made({**FIXED, "payment_days": 60, "opening_cash": 15_000})
    assert when(bill(case)) == pytest.approx(dict.fromkeys(range(6, 33), 10_000))
    one = cash(case)
    assert case.figure(one.peak) == pytest.approx(20_000)
    assert case.figure(one.lowest) == pytest.approx(-5_000)
    assert case.figure(case.model.book.find("Charity: period of lowest cash")[0]) == 5
    assert when(case.row(one.shortfall)) == pytest.approx(dict.fromkeys(range(5, 31), 5_000))
    assert case.row(one.cash.closing)[-1] == pytest.approx(15_000)


def test_forty_five_days_are_half_one_month_and_half_two() -> None:
    expected = {5: 5_000, **dict.fromkeys(range(6, 32), 10_000), 32: 5_000}
    assert when(bill(made({**FIXED, "payment_days": 45}))) == pytest.approx(expected)


def test_what_would_be_paid_beyond_the_end_is_paid_in_the_last_month() -> None:
    """Service in the last two months; 45 days: half of the first comes a month later, the rest all in the last."""
    plain = data()
    plain["cohorts"] = [{"name": "One", "people": 10, "referrals": {"start": "2032-11", "months": 1}}]
    plain["cohorts"][0]["service_months"] = 2
    plain["providers"] = [{"name": "Charity", **FIXED, "payment_days": 45}]
    assert when(bill(base_case(deal_of(plain)))) == pytest.approx({72: 20_000})


def test_suppliers_may_be_paid_late_too() -> None:
    case = made({**FIXED, "payment_days": 30, "supplier_days": 30})
    assert case.row(cash(case).cash.closing) == pytest.approx(0, abs=1e-6)
    assert when(case.row(cash(case).paid)) == pytest.approx(dict.fromkeys(range(5, 32), 10_000))


def test_what_the_vehicle_cannot_pay_is_late_for_the_provider() -> None:
    """Commitments of £100,000 last for ten of 27 months; the rest is paid when outcomes are, in period 36."""
    plain = data()
    plain["providers"] = [{"name": "Charity", **FIXED}]
    for tranche in plain["funding"]["tranches"]:
        tranche["commitment"] = 50_000
    case = base_case(deal_of(plain))
    one = cash(case)
    assert case.figure(one.lowest) == pytest.approx(-170_000)
    assert case.figure(case.model.book.find("Charity: period of lowest cash")[0]) == 30
    assert case.row(one.cash.closing)[[34, 35]] == pytest.approx([-170_000, 0], abs=1e-6)


# ── leads ──────────────────────────────────────────────────────────────────────────────────────


def test_a_lead_bills_its_subcontractor_with_its_fee_and_pays_it_late() -> None:
    """The lead gets £10,000, £4,000 and 5 % of the latter at once, and pays £4,000 after a month."""
    lead = {**FIXED, "name": "Lead"}
    sub = {"name": "Sub", "fixed_per_month": 4_000, "paid_by": "Lead", "lead_fee": 0.05, "payment_days": 30}
    for providers in ((lead, sub), (sub, lead)):
        case = made(*providers)
        of = {one.name: one for one in case.model.provider_cash}
        assert when(case.row(of["Lead"].received)) == pytest.approx(dict.fromkeys(SERVED, 14_200))
        assert case.row(of["Lead"].cash.closing)[[3, 4]] == pytest.approx([4_200, 4_400])
        assert when(case.row(of["Sub"].received)) == pytest.approx(dict.fromkeys(range(5, 32), 4_000))
        assert case.figure(of["Sub"].lowest) == pytest.approx(-4_000)
        assert case.figure(of["Lead"].margin) == pytest.approx(27 * 200)


def test_a_lead_with_a_fixed_fee_pays_its_subcontractor_out_of_it() -> None:
    lead = {"name": "Lead", "pay": {"kind": "fee", "per_month": 5_000}}
    case = made(lead, {"name": "Sub", "fixed_per_month": 4_000, "paid_by": "Lead"})
    assert case.figure(cash(case).margin) == pytest.approx(27 * 1_000)
    assert case.row(case.model.funding.drawn).sum() == pytest.approx(27 * 5_000)


def test_subcontractors_have_subcontractors() -> None:
    names = ("A", "B", "C")
    case = made(
        *(
            {"name": one, **FIXED, **({"paid_by": lead} if lead else {})}
            for one, lead in zip(names, (None, "A", "B"), strict=True)
        )
    )
    assert [case.figure(one.income) for one in case.model.provider_cash] == pytest.approx([810_000, 540_000, 270_000])
    assert [case.figure(one.margin) for one in case.model.provider_cash] == pytest.approx([0, 0, 0], abs=1e-6)


@pytest.mark.parametrize(
    ("leads", "said"),
    [
        ((None, "Nobody", None), '"Nobody" is not a provider'),
        (("A", None, None), "by way of itself"),
        (("B", "C", "A"), "by way of itself"),
    ],
)
def test_nobody_is_paid_by_way_of_itself(leads: tuple[str | None, ...], said: str) -> None:
    with pytest.raises(DealError, match=said):
        deal_with(*({"name": name, "paid_by": lead} for name, lead in zip("ABC", leads, strict=True)))


def test_a_leads_fee_needs_a_lead() -> None:
    with pytest.raises(DealError, match="no use where no lead pays"):
        deal_with({**FIXED, "lead_fee": 0.1})


# ── members and reserves ───────────────────────────────────────────────────────────────────────


def test_members_put_in_capital_and_share_the_surplus() -> None:
    """£2,000 a month for 27 months: 54,000, of which half is shared out at the end; capital of 30,000 stays."""
    mutual = {"capital": 30_000, "paid_in": "2027-03", "profit_share": 0.5}
    case = made({**FIXED, "margin": 0.2, "members": mutual})
    one = cash(case)
    assert when(case.row(case.model.flows.of["Members of Charity"])) == pytest.approx({3: -30_000, 72: 27_000})
    assert case.row(one.cash.closing)[-1] == pytest.approx(57_000)
    assert case.figure(one.margin) == pytest.approx(54_000)
    assert case.figure(one.peak) == 0


def test_a_yearly_share_keeps_reserves() -> None:
    """Nine months earn 18,000 by period 12, 24,000 more by 24, 12,000 by 36; the policy keeps 25,000 of cash.

    Period 12: 18,000 in hand, nothing above reserves. 24: 42,000 in hand, 17,000 above, half of it: 8,500.
    36: 45,500 in hand, 20,500 above; earned and not dealt with 37,000; half of 20,500: 10,250.
    48: 35,250 in hand, 10,250 above; half: 5,125. 60: 5,125 above; half: 2,562.50. Now 52,875 of 54,000 are dealt with:
    in 72 half of the other 1,125.
    """
    terms = {**FIXED, "margin": 0.2, "reserves": 25_000, "members": {"profit_share": 0.5, "shared_out": "yearly"}}
    paid = when(made(terms).row_of("Charity: profit share"))
    assert paid == pytest.approx({24: 8_500, 36: 10_250, 48: 5_125, 60: 2_562.5, 72: 562.5})


def test_reserves_in_months_of_running_cost() -> None:
    case = made(
        {**FIXED, "mobilisation": {"cost": 9_000, "start": "2027-01"}, "reserves_months": 3, "opening_cash": 25_000}
    )
    one = cash(case)
    assert one.floor is not None
    assert case.figure(one.floor) == pytest.approx(30_000)
    assert case.figure(one.cover) == pytest.approx(2.5)


def test_running_out_of_own_cash_deserves_a_caution() -> None:
    told = cautions(build(deal_with({**FIXED, "payment_days": 60, "opening_cash": 15_000})))
    assert [one.message for one in told if one.path == "providers[0].opening_cash"] == [
        "Charity runs out of its own cash: at worst it lacks £5,000."
    ]


# ── uptake ─────────────────────────────────────────────────────────────────────────────────────


def test_uptake_may_be_believed_to_differ_and_is_never_above_all() -> None:
    terms = {"uptake": 0.4, "pay": {"kind": "unit price", "price": 100}}
    assert bill(made(terms, uptake={"Charity": 1.5})).sum() == pytest.approx(1_500 * 0.6 * 100)
    assert bill(made(terms, uptake={"Charity": 3})).sum() == pytest.approx(1_500 * 100)
    with pytest.raises(DealError, match='"Charty" is not a provider of this deal'):
        deal_with(terms, uptake={"Charty": 1.5})


# ── what always holds ──────────────────────────────────────────────────────────────────────────

KINDS: list[dict[str, Any]] = [
    {"kind": "cost plus"},
    {"kind": "cost reimbursement", "ceiling": 150_000},
    {"kind": "fee", "per_month": 9_000},
    {"kind": "fee", "total": 90_000, "start": "2027-05", "weights": [1, 2, 0, 4]},
    {"kind": "unit price", "price": 250, "unit": "completion"},
    {"kind": "share of outcome payments", "share": 0.1},
]


@st.composite
def consortia(draw: st.DrawFn) -> list[dict[str, Any]]:
    made_up: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 3))):
        one: dict[str, Any] = {"name": f"P{number}", "fixed_per_month": draw(st.integers(0, 20_000))}
        one["pay"] = draw(st.sampled_from(KINDS))
        one["payment_days"] = draw(st.integers(0, 200))
        one["supplier_days"] = draw(st.sampled_from([0, 15, 30]))
        one["opening_cash"] = draw(st.integers(0, 50_000))
        if number and draw(st.booleans()):
            one |= {"paid_by": f"P{draw(st.integers(0, number - 1))}", "lead_fee": 0.05}
        if draw(st.booleans()):
            one |= {"deferred": {"share": 0.2, "from_receipts": 0.02}, "holdback": {"share": 0.1, "target": 0.1}}
        if draw(st.booleans()):
            one["bonus_malus"] = {"target": 0.1, "per_point": 3_000, "most_bonus": 0, "most_malus": 9_000}
        if draw(st.booleans()):
            by = draw(st.sampled_from([None, "own reserves", "grant", "advance"]))
            funded = {"kind": by, "giver": "Trust"} if by == "grant" else {"kind": by, "repaid_share": 0.3}
            one["mobilisation"] = {"cost": 30_000, "start": "2027-01"}
            if by is not None:
                one["mobilisation"]["funded_by"] = funded if by != "own reserves" else {"kind": by}
        if draw(st.booleans()):
            one["members"] = {
                "capital": 10_000,
                "profit_share": 0.4,
                "shared_out": draw(st.sampled_from(["yearly", "at the end"])),
            }
        made_up.append(one)
    return made_up


@settings(max_examples=25)
@given(consortia(), st.floats(-0.1, 0.25), st.floats(0.2, 1.3))
def test_cash_closes_and_nobody_is_paid_more_than_billed(
    providers: list[dict[str, Any]], effect: float, volume: float
) -> None:
    case = base_case(deal_with(*providers, effect=effect, volume=volume, cost_overrun=0.04))
    for one, lines in zip(case.model.provider_cash, case.model.providers, strict=True):
        closing = case.row(one.cash.closing)
        own = 0.0 if one.opening_cash is None else case.figure(one.opening_cash)
        assert closing == pytest.approx(own + np.cumsum(case.row(case.model.flows.of[one.name])), abs=0.01)
        assert case.figure(one.years[-1].closing) == pytest.approx(closing[-1], abs=0.01)
        fees = [t.line for t in case.model.ledger.transfers if (t.payer, t.payee) == (lines.paid_by, one.name)]
        paid, billed = sum(case.row(line) for line in fees), case.row(lines.bill.line)
        assert np.all(np.cumsum(paid) <= np.cumsum(billed) + 0.01)
        assert billed.min() >= -1e-6
        earned = case.row(lines.earned).sum() + (30_000 if "advance" in str(providers) else 0)
        assert billed.sum() <= earned + 0.01
        if one.stake is not None and one.lost is not None:
            assert -0.01 <= case.figure(one.lost) <= case.figure(one.stake) + 0.01
        assert case.row(one.shortfall) == pytest.approx(np.maximum(-closing, 0), abs=1e-9)
    assert all(case.row(t.line).min() >= -1e-6 for t in case.model.ledger.transfers)
    assert abs(case.row(case.model.flows.net)).max() < 0.01
