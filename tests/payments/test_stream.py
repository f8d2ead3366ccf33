"""The present value of a stream plus a stock, against a sum year by year."""

from __future__ import annotations

import pytest

from tests.payments import small


def by_the_year(benefit: float, years: int, fades: float, rate: float, stock: float) -> float:
    return stock + sum(benefit * (1 - fades) ** (year - 1) / (1 + rate) ** year for year in range(1, years + 1))


@pytest.mark.parametrize(
    ("years", "fades", "rate"),
    [(1, 0, 0), (5, 0, 0), (10, 0, 0.035), (4, 0.25, 0.035), (3, 1.0, 0.05), (6, 0.2, -0.2)],
)
def test_the_price_is_the_present_value(years: int, fades: float, rate: float) -> None:
    """Also where a year's benefit is worth as much as the year before's: no fading at no rate, or both alike."""
    terms = {
        "kind": "stream",
        "benefit_a_year": 2_000,
        "years": years,
        "fades": fades,
        "discount_rate": rate,
        "stock": 500,
        "share": "60%",
    }
    case = small.case(terms)
    assert case.figure_of("Pay: price a unit") == pytest.approx(0.6 * by_the_year(2_000, years, fades, rate, 500))
    assert case.row(case.model.payments[0].paid).sum() == pytest.approx(75 * case.figure_of("Pay: price a unit"))


def test_it_pays_a_milestone_as_it_is_reached() -> None:
    terms = {"kind": "stream", "benefit_a_year": 1_000, "years": 2, "discount_rate": 0, "metric": "Job"}
    case = small.with_milestones(terms)
    assert case.row(case.model.payments[0].paid).sum() == pytest.approx(600 * 2_000)
