"""Terms of tranches and of the waterfall that meet: several investors and guarantees, fees and return caps, repayment
by agreement and silos, capital that waits and surplus."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy_financial as npf
import pytest

from sibmodel.errors import DealError
from tests.deals import Case, base_case, data, deal_of

STEPS = [{"kind": "costs"}, {"kind": "principal", "tranches": ["Notes"]}, {"kind": "surplus", "tranches": ["Notes"]}]
TWO = [{"name": "Bank", "share": 0.75}, {"name": "Trust", "share": 0.25}]


def plain(tranche: dict[str, Any], steps: list[dict[str, Any]] | None = None, **funding: Any) -> dict[str, Any]:
    """The small deal, which costs £650,000, with one tranche of £1,000,000."""
    made = data()
    made["funding"] = {
        "vehicle": "Vehicle",
        "distributions_from": "2029-11",
        "tranches": [{"name": "Notes", "commitment": 1_000_000, **tranche}],
        "waterfall": STEPS if steps is None else steps,
        **funding,
    }
    return made


def case(*terms: Any, effect: float = 0.12, **funding: Any) -> Case:
    made = plain(*terms, **funding)
    made["assumptions"]["effect"] = effect
    found = base_case(deal_of(made))
    assert found.figure(found.model.checks.failing) == 0
    return found


def test_a_guarantee_reaches_the_holders_by_their_shares() -> None:
    """Nothing is paid for no effect: three quarters of the principal come from the guarantor, by 75 % and 25 %."""
    made = case(
        {"investors": TWO}, effect=0.0,
        guarantees=[{"name": "Top-up", "guarantor": "Fund", "tranches": ["Notes"], "kind": "top up", "up_to": 0.75}],
    )  # fmt: skip
    drawn = made.row_of("Notes: drawn").sum()
    ledger = made.model.ledger
    got = {one: sum(made.row(line).sum() for line in ledger.received(one)) for one in ("Bank", "Trust")}
    assert got["Bank"] == pytest.approx(0.75 * 0.75 * drawn)
    assert got["Trust"] == pytest.approx(0.25 * 0.75 * drawn)
    by_investor = {one.who: made.figure(one.moic) for one in made.model.returns.investors}
    assert list(by_investor.values()) == pytest.approx([0.75, 0.75])


def test_fees_to_the_holder_count_against_the_cap_on_its_return() -> None:
    """With a management fee and a surplus up to 6 % a year, the holder has 6 % on all its flows, fees among them."""
    steps = [*STEPS[:2], {**STEPS[2], "up_to": {"irr": 0.06}}, {"kind": "surplus to", "party": "Ministry"}]
    made = case({"investor": "Bank", "fees": {"management": 0.02}}, steps, effect=0.3)
    flow = made.row(made.model.returns.everyone.flow)
    assert made.row_of("Step 4, surplus to Ministry: paid").sum() > 1
    assert (1 + npf.irr(flow)) ** 12 - 1 == pytest.approx(0.06, abs=1e-6)


def test_surplus_waits_for_a_bullet() -> None:
    """Cash that came before the bullet's month is kept for it, and not handed to the party of the surplus."""
    steps = [*STEPS[:2], {"kind": "surplus to", "party": "Ministry"}]
    made = case({"repayment": {"kind": "bullet", "month": "2032-06"}}, steps, effect=0.3)
    repaid = made.row_of("Step 2, principal: paid")
    assert np.flatnonzero(repaid > 1).tolist() == [65]
    assert repaid.sum() == pytest.approx(made.row_of("Notes: drawn").sum())


def test_a_silo_cannot_follow_an_agreed_repayment() -> None:
    made = plain(
        {"repayment": {"kind": "bullet", "month": "2032-06"}},
        [STEPS[0], {**STEPS[1], "silo": "Results"}, {"kind": "to main account", "silo": "Results"}],
        silos=[{"name": "Results", "payments": ["Tariff"]}],
    )
    with pytest.raises(DealError) as caught:
        deal_of(made)
    assert '"Notes" has a repayment of kind bullet, which a silo cannot follow.' in str(caught.value)
