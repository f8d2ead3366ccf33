"""Two providers of the consortium example, and its investors' return, worked out by hand from the terms.

Apart from the package: plain NumPy over the months, and numpy-financial for the rate of return.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import numpy_financial
import pytest

from sibmodel.deals import read
from tests.deals import Case, base_case

MONTHS = 84
Floats = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def case() -> Case:
    return base_case(read("yorkshire-and-humber"))


def starts() -> Floats:
    """80% of 1,000 people a year engage, from October 2027 to September 2030, the seventh month to the 42nd."""
    made = np.zeros(MONTHS)
    made[6:42] = 0.8 * 1000 / 12
    return made


def in_service() -> Floats:
    """Those who started in the month or the eight before it: nine months of service."""
    return np.array([starts()[max(0, month - 8) : month + 1].sum() for month in range(MONTHS)])


def later(amount: Floats, months: int) -> Floats:
    return np.concatenate([np.zeros(months), amount[: MONTHS - months]])


def cash_of(case: Case, name: str) -> Floats:
    place = [one.name for one in case.model.providers].index(name)
    return case.row(case.model.provider_cash[place].cash.closing)


def test_the_cash_of_the_mentoring_partner(case: Case) -> None:
    """£9,000 a month and £260 a start, 10% overhead, 4% margin; £60,000 of mobilisation in three months; half paid one
    month after the bill, half two. Costs rise by 2.5% each April."""
    index = 1.025 ** (np.arange(MONTHS) // 12)
    mobilisation = np.zeros(MONTHS)
    mobilisation[3:6] = 20_000
    cost = mobilisation + 1.1 * index * (9_000 * (in_service() > 0) + 260 * in_service() / 9)
    bill = 1.04 * cost
    cash = 90_000 + np.cumsum((later(bill, 1) + later(bill, 2)) / 2 - cost)
    assert cash_of(case, "Mentoring partner") == pytest.approx(cash, abs=1e-6)
    first_year = [90000, 90000, 90000, 70000, 60400, 61200, 69981, 72494, 69839, 67269, 64784, 62384]
    assert [round(one) for one in cash[:12]] == first_year


def test_the_cash_of_debt_advice(case: Case) -> None:
    """A fifth of those who start, £210 each over nine months; £260 for the 80% who complete, 60 days after."""
    cost = 210 * 0.2 * in_service() / 9
    pay = 260 * 0.2 * 0.8 * later(starts(), 9)
    cash = 15_000 + np.cumsum(later(pay, 2) - cost)
    assert cash_of(case, "Debt advice") == pytest.approx(cash, abs=1e-6)
    first_year = [15000, 15000, 15000, 15000, 15000, 15000, 14689, 14067, 13133, 11889, 10333, 8467]
    assert [round(one) for one in cash[:12]] == first_year
    assert cash.min() == pytest.approx(-5_266.67, abs=0.01)


def test_the_return_of_investors(case: Case) -> None:
    for one in (case.model.returns.everyone, *case.model.returns.tranches):
        flow = case.row(one.flow)
        assert (1 + numpy_financial.irr(flow)) ** 12 - 1 == pytest.approx(case.figure(one.irr), abs=1e-9)
        assert flow[flow > 0].sum() / -flow[flow < 0].sum() == pytest.approx(case.figure(one.moic), rel=1e-12)


def test_sources_are_uses(case: Case) -> None:
    sources, uses = (
        [case.figure(line) for line in one.values()] for one in (case.model.uses.sources, case.model.uses.uses)
    )
    assert sum(sources) == pytest.approx(sum(uses), rel=1e-12)
