"""What a deal file is told about wrong terms of a tranche: place, cause and way out."""

from __future__ import annotations

from typing import Any

import pytest

from sibmodel.errors import DealError
from tests.deals import data, deal_of

TABLE = [{"at": 0.05, "rate": 0.02}, {"at": 0.1, "rate": 0.05}]
BULLET = {"kind": "bullet", "month": "2031-01"}
TRANCHE = "funding.tranches[0]"


def told(funding: dict[str, Any] | None = None, **senior: Any) -> list[str]:
    """The problems of the small deal with other terms of its first tranche, and of funding."""
    plain = data()
    plain["funding"]["tranches"][0] |= senior
    plain["funding"] |= funding or {}
    with pytest.raises(DealError) as caught:
        deal_of(plain)
    return [f"{problem.path}: {problem.message} {problem.fix}".rstrip() for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (
            {"available_from": "2028-01", "repayment": {"kind": "bullet", "month": "2027-06"}},
            "repayment.month: Principal falls due in 2027-06, before the tranche is available, 2028-01. "
            "Write a later month.",
        ),
        (
            {"repayment": {"kind": "bullet", "month": "2040-01"}},
            "repayment.month: 2040-01 is not inside the deal, 2027-01 to 2032-12. Move it, or the deal's start or end.",
        ),
        (
            {"available_from": "2028-01", "available_until": "2027-06"},
            "available_until: 2027-06 is before 2028-01, when it is first available. Write a later month.",
        ),
        (
            {"interest": {"steps": [{"start": "2029-01", "rate": 0.1}, {"start": "2028-01", "rate": 0.2}]}},
            "interest.steps[1].start: 2028-01 is not after 2029-01. List them in order of time.",
        ),
        (
            {"interest": {"every": "whole term"}},
            "interest.every: A sweep has no last month of repayment. "
            "Give `repayment` of another kind, such as `{kind: bullet, month: 2031-01}`.",
        ),
        (
            {"interest": {"every": "whole term", "first_due": "2028-01"}, "repayment": BULLET},
            "interest.first_due: has no use where interest falls due once. Leave it out.",
        ),
        (
            {"performance": {"metric": "Reconvictions", "table": TABLE}},
            'performance.metric: "Reconvictions" is not a measure of this deal. Did you mean "Reconviction events"?',
        ),
        (
            {"performance": {"cohorts": ["Third"], "table": TABLE}},
            'performance.cohorts[0]: "Third" is not a cohort of this deal. There are: First, Second.',
        ),
        (
            {"performance": {"table": TABLE[::-1]}},
            "performance.table[1]: 0.05 is not above 0.1, the level before. Let levels rise.",
        ),
        (
            {"performance": {"table": []}},
            "performance.table: There are no levels. Give at least one, such as `{at: 10%, rate: 4%}`.",
        ),
        (
            {"performance": {"table": TABLE, "minimum_until": "2030-01"}},
            "performance.minimum_until: There is no least coupon that could end. Give it as `minimum`.",
        ),
        (
            {"condition": {"cohort": "Frist", "reaches": 0.1}},
            'condition.cohort: "Frist" is not a cohort of this deal. Did you mean "First"?',
        ),
        (
            {"repayment": {"kind": "scheduled", "instalments": []}},
            "repayment.instalments: There are no instalments. Give at least one.",
        ),
        (
            {"repayment": {"kind": "scheduled", "instalments": [{"month": "2030-01"}, {"month": "2030-02"}]}},
            "repayment.instalments[0]: needs one of: share, amount. Only the last may be a month alone.",
        ),
        (
            {"repayment": {"kind": "scheduled", "instalments": [{"month": "2030-01", "share": 0.5, "amount": 1}]}},
            "repayment.instalments[0].amount: stands beside `share`. Write one of them.",
        ),
        (
            {"repayment": {"kind": "scheduled", "instalments": [{"month": "2030-01", "amount": 1}]}},
            "repayment.instalments[0]: Some of the principal might never fall due. "
            "Write the month alone for the last instalment: then it is all that is left.",
        ),
        (
            {
                "repayment": {
                    "kind": "scheduled",
                    "instalments": [{"month": "2030-01", "share": 0.7}, {"month": "2031-01", "share": 0.7}],
                }
            },
            "repayment.instalments: The shares add up to 1.4. Write shares of 100 % together.",
        ),
        (
            {
                "repayment": {
                    "kind": "target balance",
                    "targets": [{"month": "2030-01", "balance": 5}, {"month": "2031-01", "balance": 9}],
                }
            },
            "repayment.targets[1].balance: 9 is above 5, the balance before. "
            "Let balances fall: repaid principal is not drawn again.",
        ),
        (
            {"repayment": {"kind": "target balance", "targets": [{"month": "2030-01", "balance": 5000}]}},
            "repayment.targets[0].balance: 5,000 of the principal would never fall due. End with a balance of 0.",
        ),
        (
            {"kind": "equity"},
            "coupon: has no use in a tranche of kind equity. "
            "Equity has no interest and nothing falls due: it is paid by the steps that name it. Leave it out.",
        ),
        (
            {"investors": [{"name": "A", "share": 0.5}, {"name": "B", "share": 0.5}]},
            "investor: stands beside `investors`. Write one of them.",
        ),
        (
            {"investor": None, "investors": [{"name": "A", "share": 0.5}, {"name": "B", "share": 0.4}]},
            "investors: The investors' shares add up to 0.9, not to 1. Write shares that add up to 100 %.",
        ),
        (
            {"investor": None, "investors": [{"name": "Charity"}]},
            'investors[0].name: "Charity" is the name of a provider and of an investor. Give one of them another name.',
        ),
        (
            {"fees": {"management": 0.01, "agent": "Bank"}},
            'fees.agent: "Bank" holds the tranche. Leave it out: holders get the fees.',
        ),
        (
            {"fees": {"management": 0.01, "agent": "Vehicle"}},
            'fees.agent: "Vehicle" is the name of the vehicle and of an agent. Give one of them another name.',
        ),
        (
            {"kind": "deferred fees"},
            'investor: "Bank" is not a provider of this deal. There are: Charity.',
        ),
    ],
)
def test_what_is_wrong_with_a_tranche(terms: dict[str, Any], expected: str) -> None:
    assert told(**terms) == [f"{TRANCHE}.{expected}"]


def test_draws_beyond_the_commitment_and_outside_availability() -> None:
    draws = [{"month": "2027-02", "amount": 400_000}, {"month": "2028-06", "amount": 200_000}]
    problems = told({"distributions_from": "2029-01"}, draws=draws, available_until="2028-01")
    assert problems == [
        f"{TRANCHE}.draws[1].month: 2028-06 is not inside the tranche's availability, 2027-01 to 2028-01. "
        "Move the draw, or the months of availability.",
        f"{TRANCHE}.draws: The draws add up to 600,000, more than the commitment, 500,000. "
        "Write smaller draws, or a larger commitment.",
    ]


def test_cash_drawn_early_would_go_straight_back() -> None:
    assert told(draws=[{"month": "2027-02", "amount": 400_000}]) == [
        f'{TRANCHE}.draws: What is drawn before it is needed would repay "Senior" in the same month. '
        "Write `distributions_from`, the first month in which investors may be paid."
    ]


def test_a_grant_in_a_step() -> None:
    problems = told(kind="grant", coupon=0.0)
    assert problems == [
        f'funding.waterfall[{step}].tranches: "Senior" is a grant, for which nothing is paid. '
        "Leave it out, or change its `kind`."
        for step in (1, 2)
    ]


def test_equity_without_a_step_and_with_interest() -> None:
    waterfall = [{"kind": "costs"}, {"kind": "principal", "tranches": ["Junior"]}]
    assert told({"waterfall": waterfall}, kind="equity", coupon=0.0) == [
        f'{TRANCHE}: No step of the waterfall pays "Senior". Name it in a step of kind principal or surplus.'
    ]
    assert told(kind="equity", coupon=0.0) == [
        'funding.waterfall[1].tranches: "Senior" has no interest: it is of kind equity. '
        "Leave it out, or change its `kind`."
    ]


def test_performance_without_a_step_for_interest() -> None:
    waterfall = [{"kind": "costs"}, {"kind": "principal", "tranches": ["Senior", "Junior"]}]
    assert told({"waterfall": waterfall}, coupon=0.0, performance={"table": TABLE}) == [
        f'{TRANCHE}.name: No step of the waterfall pays the interest of "Senior". Add a step of kind interest for it.'
    ]


def test_only_grants() -> None:
    grants = [{"name": name, "kind": "grant", "commitment": 500_000} for name in ("A", "B")]
    assert told({"tranches": grants, "waterfall": [{"kind": "costs"}]}) == [
        "funding.tranches: Every tranche is a grant, so nobody invests. Add a tranche of another kind."
    ]


def test_a_target_twice() -> None:
    plain = data()["funding"]["tranches"]
    both = [{**one, "investor": None, "investors": [{"name": "Bank", "target_return": 0.05}]} for one in plain]
    assert told({"tranches": both}) == [
        'funding.tranches[1].investors[0].target_return: A target of "Bank" stands in an earlier tranche. '
        "Write it once: it is for all that the investor holds."
    ]
