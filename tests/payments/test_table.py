"""A table: steps and straight lines, amounts and shares, the pool, both ways; Rikers Island and Newpin."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sibmodel.errors import DealError
from sibmodel.metrics import irr
from tests.contract.bench import bench
from tests.deals import when
from tests.payments import small

RIKERS = {
    "kind": "table",
    "pooled": True,
    "table": [
        {"at": "10%", "amount": 9_600_000},
        {"at": "11%", "amount": 10_080_000},
        {"at": "12%", "amount": 10_176_000},
        {"at": "13%", "amount": 10_368_000},
        {"at": "16%", "amount": 10_944_000},
        {"at": "20%", "amount": 11_712_000},
    ],
}
"""A loan of 9.6 million and four years of interest: socialventures.com.au/case-studies/rikers-island-sib"""
NEWPIN = {
    "kind": "table",
    "metric": "Job",
    "reading": "straight lines",
    "whole": 7_000_000,
    "table": [
        {"at": "55%", "share": "3%"},
        {"at": "60%", "share": "7.5%"},
        {"at": "65%", "share": "12%"},
        {"at": "70%", "share": "15%"},
    ],
}
"""A coupon by the share of children restored: emmatomkinson.com, 3 June 2013"""


def figures(terms: dict[str, Any], effects: Any) -> Any:
    there = bench(terms)
    return there.net(there.at(effects, effects))


# ── published ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("reduction", "rate"), [(0.11, 0.012), (0.12, 0.015), (0.13, 0.019), (0.16, 0.033), (0.20, 0.051)]
)
def test_rikers_pays_a_bullet_by_steps(reduction: float, rate: float) -> None:
    """P7: the loan repaid after four years with what the table adds gives the published rates of return."""
    (paid,) = figures(RIKERS, np.array([reduction]))
    flows = np.zeros(49)
    flows[0], flows[48] = -9_600_000, paid
    assert round(float(irr(flows).rate), 3) == rate


def test_rikers_between_and_beyond_its_steps() -> None:
    effects = np.array([-0.05, 0.0999, 0.10, 0.159, 0.16, 0.5])
    expected = [0, 0, 9_600_000, 10_368_000, 10_944_000, 11_712_000]
    assert figures(RIKERS, effects) == pytest.approx(expected)


@pytest.mark.parametrize(("success", "coupon", "printed"), [(0.60, 0.0750, 7.5), (0.616, 0.0894, 8.9)])
def test_newpins_coupon_by_straight_lines(success: float, coupon: float, printed: float) -> None:
    """P10: 8.94 % at a success rate of 61.6 %, paid as 8.9 %."""
    there = bench(NEWPIN)
    values = there.at(job=success)
    for one in there.payment.cohorts:
        found = float(np.max(values[one.amount])) / 7_000_000
        assert found == pytest.approx(coupon)
        assert int(found * 1000) / 10 == printed


def test_newpins_least_coupon_in_its_early_years() -> None:
    """P11: a success rate of 50 % brings 5 % in year 2 and nothing in year 5, and at least half of the principal."""
    principal = {
        "kind": "table",
        "metric": "Job",
        "pooled": True,
        "below": "first amount",
        "whole": 7_000_000,
        "table": [{"at": "55%", "share": "50%"}, {"at": "60%", "share": "100%"}],
    }
    there = bench({**NEWPIN, "at_least": {"First": 350_000}}, principal)
    values = there.at(job=0.5)
    early, late = there.model.payments[0].cohorts
    assert np.max(values[early.amount]) == pytest.approx(0.05 * 7_000_000)
    assert np.max(values[late.amount]) == 0
    assert there.rows(values, there.model.payments[1].paid).sum() == pytest.approx(3_500_000)
    assert early.effect is not None
    assert np.max(values[early.effect]) == 0  # a least amount is paid for nothing


# ── by hand ────────────────────────────────────────────────────────────────────────────────────

KINKED = [
    {"at": "5%", "amount": 0},
    {"at": "10%", "amount": 100_000},
    {"at": "12%", "amount": 100_000},
    {"at": "20%", "amount": 500_000},
]


def test_the_same_table_read_in_two_ways() -> None:
    effects = np.array([0.04, 0.05, 0.075, 0.10, 0.11, 0.16, 0.20, 0.4])
    steps = {"kind": "table", "table": KINKED, "pooled": True}
    lines = {**steps, "reading": "straight lines"}
    assert figures(steps, effects) == pytest.approx([0, 0, 0, 1e5, 1e5, 1e5, 5e5, 5e5])
    assert figures(lines, effects) == pytest.approx([0, 0, 5e4, 1e5, 1e5, 3e5, 5e5, 5e5], abs=1e-6)


def test_below_the_first_level() -> None:
    table = {
        "kind": "table",
        "pooled": True,
        "table": [{"at": "5%", "amount": 70_000}, {"at": "10%", "amount": 90_000}],
    }
    effects = np.array([-0.2, 0.0, 0.05])
    assert figures(table, effects) == pytest.approx([0, 0, 70_000])
    assert figures({**table, "below": "first amount"}, effects) == pytest.approx([70_000, 70_000, 70_000])


def test_a_sliding_scale_that_begins_above_nothing() -> None:
    """20 % of the amount whatever happens, all of it from a fall of 15 % on."""
    scale = {
        "kind": "table",
        "pooled": True,
        "reading": "straight lines",
        "below": "first amount",
        "whole": 1_000_000,
        "table": [{"at": "5%", "share": "20%"}, {"at": "15%", "share": "100%"}],
    }
    assert figures(scale, np.array([-0.1, 0.05, 0.1, 0.2])) == pytest.approx([2e5, 2e5, 6e5, 1e6])


def test_both_ways() -> None:
    """Investors pay the commissioner where results are poor, up to a limit."""
    terms = {
        "kind": "table",
        "two_way": True,
        "below": "first amount",
        "reading": "straight lines",
        "table": [{"at": "-10%", "amount": -200_000}, {"at": 0, "amount": 0}, {"at": "10%", "amount": 300_000}],
    }
    case = small.case(terms, {"First": -0.3, "Second": 0.05})
    payment = case.model.payments[0]
    assert payment.lines.owed_back is not None
    assert when(case.row(payment.lines.owed_back)) == pytest.approx({38: 200_000})
    assert when(case.row(payment.paid)) == pytest.approx({50: 150_000})
    first = payment.cohorts[0].effect
    assert first is not None
    assert case.figure(first) == pytest.approx(-0.1)


def test_by_person_by_unit_and_in_points() -> None:
    person = {"kind": "table", "amounts": "a person", "table": [{"at": "10%", "amount": 300}]}
    unit = {"kind": "table", "amounts": "a unit", "table": [{"at": "5%", "amount": 900}, {"at": "10%", "amount": 1000}]}
    points = {"kind": "table", "measured": "difference", "table": [{"points": 0.05, "amount": 1_000}]}
    assert figures(person, np.array([0.09, 0.1])) == pytest.approx([0, 450_000])
    assert figures(unit, np.array([0.08, 0.1])) == pytest.approx([60 * 900, 75 * 1000])
    assert figures(points, np.array([0.09, 0.1])) == pytest.approx([0, 2_000])


def test_a_lump_sum_of_the_pool_is_shared_out_by_people() -> None:
    there = bench({"kind": "table", "pooled": True, "table": [{"at": "10%", "amount": 90_000}]})
    values = there.at(0.14, 0.05)  # 11 % in the pool
    first, second = there.payment.cohorts
    assert np.max(values[first.amount]) == pytest.approx(60_000)
    assert np.max(values[second.amount]) == pytest.approx(30_000)
    assert np.max(values[there.model.effects[0].pooled.paid]) == pytest.approx(0.10)


def test_the_effect_paid_is_the_step_reached() -> None:
    case = small.case({"kind": "table", "table": KINKED}, 0.119)
    first = case.model.payments[0].cohorts[0].effect
    assert first is not None
    assert case.figure(first) == pytest.approx(0.10)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"table": []}, "There are no levels"),
        ({"table": [{"at": "10%", "amount": 1}, {"at": "5%", "amount": 2}]}, "Let levels rise"),
        ({"table": [{"at": "5%", "amount": 2}, {"at": "10%", "amount": 1}]}, "better results would be paid less"),
        ({"table": [{"at": "5%", "amount": -2}]}, "two_way: true"),
        ({"table": [{"at": "5%", "amount": -2}], "two_way": True}, "Write `first amount`"),
        ({"table": [{"at": "5%", "share": "50%"}]}, "Give the amount as `whole`"),
        ({"table": [{"at": "5%", "amount": 5}], "whole": 100}, "stands beside a table of amounts"),
        ({"table": [{"at": "5%", "amount": 5}, {"points": 7, "amount": 9}]}, "is not written like the first level"),
        ({"table": [{"amount": 5}]}, "needs one of: at, points"),
        ({"table": [{"at": "5%"}]}, "needs one of: amount, share"),
        ({"table": [{"at": 10, "amount": 5}]}, "For 10 % write 0.10"),
        ({"table": KINKED, "pooled": True, "at_least": {"First": 5}}, "cohorts read one by one"),
        ({"table": KINKED, "at_least": {"Frist": 5}}, 'Did you mean "First"'),
    ],
)
def test_what_a_table_may_not_be(terms: dict[str, Any], message: str) -> None:
    with pytest.raises(DealError, match=message):
        small.deal({"kind": "table", **terms})
