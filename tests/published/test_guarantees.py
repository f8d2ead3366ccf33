"""Guarantees against what is published of two American deals that paid nothing.

Rikers Island: https://socialventures.com.au/case-studies/rikers-island-sib (loan of 9.6 million, guaranteed up to
75 %); of 7.2 million advanced in the end, 6.0 million was guaranteed and 1.2 million lost. New York State:
https://socialventures.com.au/case-studies/new-york-state-sib (below the thresholds, 10 % of principal is guaranteed).
"""

from __future__ import annotations

from typing import Any

import pytest

from sibmodel.deal import Deal
from sibmodel.deals import example
from tests.deals import Case, base_case


def without_payment(advanced: float, guarantee: dict[str, Any]) -> Case:
    """The Rikers loan with `advanced` drawn in its first month, no effect and no payment, under a guarantee."""
    deal: Deal = example("rikers").deal()
    deal = deal.replace("providers[0].mobilisation.cost", advanced)
    full = {"name": "Guarantee of principal", "guarantor": "Guarantor", "tranches": ["Loan"], **guarantee}
    case = base_case(deal.replace("funding.guarantees", [full]))
    assert case.figure_of("Outcome payments in all") == 0
    return case


def test_p8_rikers_is_topped_up_to_three_quarters_of_the_loan() -> None:
    case = without_payment(9_600_000, {"kind": "top up", "up_to": 0.75})
    assert case.figure(case.model.returns.everyone.received) == pytest.approx(7_200_000)
    assert case.figure(case.model.returns.everyone.moic) - 1 == pytest.approx(-0.25)


def test_p9_rikers_as_it_went() -> None:
    case = without_payment(7_200_000, {"kind": "full", "most": 6_000_000})
    investors = case.model.returns.everyone
    assert case.figure(investors.invested) == pytest.approx(7_200_000)
    assert case.figure(investors.invested) - case.figure(investors.received) == pytest.approx(1_200_000)
    assert round(case.figure(investors.moic) - 1, 3) == -0.167


def test_p12_new_york_state_loses_nine_tenths_of_principal() -> None:
    case = without_payment(9_600_000, {"kind": "first loss", "share": 0.1})
    assert case.figure(case.model.returns.everyone.moic) - 1 == pytest.approx(-0.9)
