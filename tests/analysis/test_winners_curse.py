"""The winner's curse, against the printed table and against bidders who bid."""

from __future__ import annotations

import numpy as np
import pytest

import sibmodel as sib
from sibmodel.analysis.price import bid_at_risk, overstatement, winners_curse
from sibmodel.errors import NotFoundError


@pytest.mark.parametrize(("bidders", "errors", "points"), [(1, 0.0, 0), (3, 0.85, 10), (5, 1.16, 14), (10, 1.54, 18)])
def test_as_printed(bidders: int, errors: float, points: int) -> None:
    """METHOD 1.4: s·E[max] = 0, .85s, 1.16s, 1.54s; with s = 12 points, 10, 14 and 18 points."""
    assert overstatement(bidders, 1.0) == pytest.approx(errors, abs=0.005)
    assert round(overstatement(bidders) * 100) == points


def test_three_bidders_in_closed_form() -> None:
    assert overstatement(2, 1.0) == pytest.approx(1 / np.sqrt(np.pi), abs=1e-8)
    assert overstatement(3, 1.0) == pytest.approx(1.5 / np.sqrt(np.pi), abs=1e-8)


def test_against_bidders_who_bid() -> None:
    """A million tenders of four: of those that one wins with an estimate near 15%, the mean true effect."""
    mean, spread, error, bidders = 0.05, 0.07, 0.12, 4
    luck = np.random.default_rng(7)
    truth = luck.normal(mean, spread, 1_000_000)
    estimates = truth + luck.normal(0, error, (bidders, truth.size))
    wins = (estimates[0] == estimates.max(axis=0)) & (np.abs(estimates[0] - 0.15) < 0.01)
    found = winners_curse(0.15, error, mean, spread, bidders)
    assert abs(truth[wins].mean() - found.given_winning) < 4 * truth[wins].std() / np.sqrt(wins.sum())
    assert truth[wins].std() == pytest.approx(found.spread, rel=0.02)


def test_alone_it_is_plain_shrinkage() -> None:
    """METHOD 2.8: m + B(y − m), B = t² ÷ (t² + s²), with spread t√(1 − B)."""
    share = 0.07**2 / (0.07**2 + 0.12**2)
    found = winners_curse(0.15, 0.12, 0.05, 0.07, 1)
    assert found.given_winning == pytest.approx(0.05 + share * 0.10, abs=1e-6)
    assert found.spread == pytest.approx(0.07 * np.sqrt(1 - share), abs=1e-6)


def test_more_bidders_make_it_worse() -> None:
    found = [winners_curse(0.15, 0.12, 0.05, 0.07, count).given_winning for count in (1, 2, 5, 20)]
    assert found == sorted(found, reverse=True)


def test_of_a_deal() -> None:
    found = bid_at_risk(sib.read("through-the-gate"), 5)
    assert (found.estimate, found.error) == (0.08, 0.12)
    assert found.mean == pytest.approx(1 - np.exp(-0.08 + 0.06**2 / 2), abs=1e-4)
    assert found.spread == pytest.approx(0.0554, abs=2e-4)
    assert [one.bidders for one in found.curses] == [1, 3, 10, 5]
    assert found.asked.bidders == 5


def test_what_cannot_be() -> None:
    with pytest.raises(NotFoundError, match="from 1 to 1,000 bidders"):
        overstatement(0)
    with pytest.raises(NotFoundError, match="above nil"):
        winners_curse(0.1, 0.0, 0.05, 0.07, 3)
    with pytest.raises(NotFoundError, match="a belief about the effect with a spread"):
        bid_at_risk(sib.read("through-the-gate").replace("assumptions.effect", "8%"), 3)
