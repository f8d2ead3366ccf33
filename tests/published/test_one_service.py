"""One service under three contracts: the example `one-service`, held against figures that a separate program calculated
for the same inputs (METHOD 4.4 and 4.5, docs/method.md).

Where the two differ by design, the difference is named and allowed for:

- COUNTS. The other program draws measured effects from normal logarithms, which makes them 0.1 point too low on
  average, and prices them at the true baseline. Here events are counted, and paid as counted: luck in the comparison
  group both helps to pass and makes each unit dearer. Bills are 1.5 % larger, and fair prices as much smaller; what is
  paid for nothing is up to 9 % more.
- CLOSING. There a provider that is stopped early has closing costs of £150,000, which no term of a deal says.
- FIRST MONTH. There the first cohort always begins; here a change of policy may come in the first month too, one time
  in 240, and nothing is then delivered at all.
- HOLDBACK. There what is held back is paid with the fee; here in the month in which the last cohort is decided.
- BORROWING. There mobilisation is not borrowed; here it is, so that payment by results costs the provider £0.10 million
  more.
- MANAGEMENT. There it goes on for five years; here it ends a year after a contract that is stopped.
- YEARS. There all value falls two and a half years after the start; here in the year after each cohort's release, on
  average a year earlier. With its discount, value is some 5 % larger.

`test_one_service_by_hand.py` changes one of them after another, and leaves nothing over.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sibmodel.analysis.transfer.comparing import compare
from sibmodel.analysis.transfer.contracts import Comparison, Contract, PartyRisk
from sibmodel.analysis.transfer.drivers import COST, EFFECT, END, GROUPS, NOISE, VOLUME
from sibmodel.analysis.transfer.forms import BOND, FEE, RESULTS
from sibmodel.analysis.transfer.ledgers import COMMISSIONER, INVESTORS
from sibmodel.analysis.transfer.written import PUBLIC
from sibmodel.deals import read

PROVIDER, LENDERS = "Provider", "Lenders to providers"
PATHS, PATHS_OF_SHARES = 16_384, 2_048


@cache
def comparison() -> Comparison:
    return compare(read("one-service"), paths=PATHS, paths_of_shares=PATHS_OF_SHARES)


@cache
def priced(threshold: str, price: int, cap: int) -> Comparison:
    """At another price, its cap 13 % of all events at that price, and what is held back released by the same threshold,
    as the other program has it."""
    deal = read("one-service").replace("payments[0].price", price).replace("payments[0].cap", cap)
    deal = deal.replace("providers[0].holdback.target", threshold).replace("payments[0].fallback.pooled", threshold)
    return compare(deal, paths=PATHS, paths_of_shares=0, sampler="sobol")


def contract(name: str, found: Comparison | None = None) -> Contract:
    return next(one for one in (found or comparison()).contracts if one.name == name)


def party(form: str, name: str, found: Comparison | None = None) -> PartyRisk:
    return next(one for one in contract(form, found).parties if one.name == name)


CLOSING, FIRST_MONTH, COUNTS, HOLDBACK, BORROWING, MANAGEMENT = 0.014, 0.06, 0.042, 0.015, 0.102, 0.013
"""What each difference may move a figure by, in £ million: `test_one_service_by_hand.py` has the sizes."""


@pytest.mark.parametrize(
    ("form", "who", "figure", "printed", "allowed"),
    [
        (FEE, COMMISSIONER, "mean", -4.41, 0.0),
        (FEE, COMMISSIONER, "sd", 0.69, FIRST_MONTH),
        (FEE, COMMISSIONER, "worst", -5.16, 0.0),
        (FEE, PROVIDER, "mean", 0.20, CLOSING),
        (FEE, PROVIDER, "sd", 0.35, CLOSING),
        (FEE, PROVIDER, "worst", -0.55, 4 * CLOSING),
        (RESULTS, COMMISSIONER, "mean", -2.88, COUNTS),
        (RESULTS, COMMISSIONER, "sd", 2.98, 0.03),
        (RESULTS, COMMISSIONER, "worst", -6.73, 0.0),
        (RESULTS, PROVIDER, "mean", -2.03, BORROWING - COUNTS),
        (RESULTS, PROVIDER, "sd", 2.99, 0.03),
        (RESULTS, PROVIDER, "worst", -6.02, 0.1),
        (BOND, COMMISSIONER, "mean", -2.88, COUNTS),
        (BOND, COMMISSIONER, "sd", 2.98, 0.03),
        (BOND, COMMISSIONER, "worst", -6.73, 0.0),
        (BOND, PROVIDER, "mean", 0.09, CLOSING + HOLDBACK),
        (BOND, PROVIDER, "sd", 0.36, CLOSING),
        (BOND, PROVIDER, "worst", -0.69, 4 * CLOSING),
        (BOND, INVESTORS, "mean", -1.89, COUNTS + HOLDBACK + MANAGEMENT),
        (BOND, INVESTORS, "sd", 2.85, 0.03),
        (BOND, INVESTORS, "worst", -5.28, 0.02),
        (RESULTS, LENDERS, "peak", 4.4, 0.0),
        (RESULTS, LENDERS, "peak_p95", 5.3, 0.05),
    ],
)
def test_what_each_party_may_expect(form: str, who: str, figure: str, printed: float, allowed: float) -> None:
    found = getattr(party(form, who), figure)
    half_a_digit = 0.05 if printed in (4.4, 5.3) else 0.005
    assert found.value / 1e6 == pytest.approx(printed, abs=allowed + half_a_digit + 4 * found.error / 1e6)


@pytest.mark.parametrize(
    ("form", "who", "printed", "allowed"),
    [
        (FEE, PROVIDER, 0.29, 0.025),  # CLOSING
        (RESULTS, PROVIDER, 0.62, 0.01),
        (BOND, PROVIDER, 0.40, 0.01),
        (BOND, INVESTORS, 0.61, 0.01),
    ],
)
def test_how_often_each_loses(form: str, who: str, printed: float, allowed: float) -> None:
    found = party(form, who).loss
    assert found.value == pytest.approx(printed, abs=allowed + 0.005 + 4 * found.error)


@pytest.mark.parametrize(("form", "printed"), [(FEE, 0.03), (BOND, 0.05)])
def test_how_often_the_provider_loses_half_a_million(form: str, printed: float) -> None:
    assert np.mean(contract(form).npv[PROVIDER] < -500_000) == pytest.approx(printed, abs=0.016)


def test_what_is_paid_for_nothing() -> None:
    fee, bond = contract(FEE).paid_for_nothing, contract(BOND).paid_for_nothing
    assert fee.value / 1e6 == pytest.approx(4.41, abs=0.005 + 4 * fee.error / 1e6)
    assert bond.value / 1e6 == pytest.approx(0.10, abs=0.005 + 4 * bond.error / 1e6)


@pytest.mark.parametrize(("form", "mean", "sd"), [(FEE, 1.70, 4.67), (BOND, 3.23, 3.62)], ids=[FEE, BOND])
def test_what_society_gains(form: str, mean: float, sd: float) -> None:
    """Value less bill, with 5 % more value (YEARS): £0.3 million on the mean."""
    one = contract(form)
    place = one.attributed.index(PUBLIC)
    assert one.attribution.variance[place] ** 0.5 / 1e6 == pytest.approx(sd * 1.045, rel=0.08)
    net = one.bill.value * (20_000 / one.per_true.value - 1) / 1e6  # mean bill by mean true outcomes, £20,000 each
    assert net == pytest.approx(mean + 0.3, abs=0.15)


SHARES = {
    (FEE, COMMISSIONER): (0, 0, 0, 12, 0, 0, 88),
    (FEE, PROVIDER): (0, 0, 0, 0, 95, 0, 5),
    (RESULTS, PROVIDER): (56, 40, 0, 1, 2, 0, 2),
    (BOND, COMMISSIONER): (56, 40, 0, 1, 0, 0, 3),
    (BOND, PROVIDER): (5, 4, 0, 0, 87, 0, 3),
    (BOND, INVESTORS): (57, 40, 0, 1, 0, 0, 2),
    (FEE, PUBLIC): (95, 0, 1, 1, 0, 0, 2),
    (BOND, PUBLIC): (64, 27, 2, 3, 0, 0, 5),
}
"""METHOD 4.5, in the order of `GROUPS`, in %."""
MORE = {(FEE, PROVIDER): 3.5, (BOND, PROVIDER): 4.5}
"""Without closing costs, the early end is less of a provider's risk, and cost more of it (CLOSING)."""


@pytest.mark.parametrize("of", SHARES, ids=" ".join)
def test_who_bears_which_risk(of: tuple[str, str]) -> None:
    """Within half a printed digit, 1.5 points for the differences named, and four errors."""
    form, who = of
    one = contract(form)
    place = one.attributed.index(who)
    for row, (group, printed) in enumerate(zip(GROUPS, SHARES[of], strict=True)):
        error = float(one.attribution.errors[row, place])
        allowed = 0.5 + MORE.get(of, 1.5) + 400 * error
        assert 100 * one.share(group, who) == pytest.approx(printed, abs=allowed), group
    assert one.attribution.shares[:, place].sum() == pytest.approx(1.0, abs=1e-12)


def test_what_a_contract_does_not_have_has_no_share() -> None:
    fee = contract(FEE)
    assert fee.share(EFFECT, COMMISSIONER) == fee.share(NOISE, COMMISSIONER) == fee.share(COST, COMMISSIONER) == 0.0
    assert fee.share(END, COMMISSIONER) > fee.share(VOLUME, COMMISSIONER) > 0.0
    assert contract(BOND).share(COST, INVESTORS) == 0.0


def test_nobody_gains_what_nobody_pays() -> None:
    for one in comparison().contracts:
        assert one.imbalance < 1e-8
        assert abs(np.sum(list(one.npv.values()), axis=0)).max() < 1e-6


@pytest.mark.parametrize(
    ("threshold", "price", "cap", "paid", "sd", "for_nothing", "left"),
    [
        ("0%", 18_400, 11_100_000, 0.85, 3.3, 0.81, 0.072),
        ("5%", 19_800, 12_000_000, 0.64, 3.9, 0.44, 0.092),
        ("7.5%", 22_600, 13_600_000, 0.51, 4.8, 0.19, 0.079),
        ("10%", 28_300, 17_100_000, 0.37, 6.2, 0.09, 0.086),
    ],
)
def test_fair_prices(
    threshold: str, price: int, cap: int, paid: float, sd: float, for_nothing: float, left: float
) -> None:
    """The table of fair prices: investors' mean is nil there; here it is what the named differences leave, which is
    why our fair prices are 1.6 to 2 % lower."""
    found = priced(threshold, price, cap)
    bond, investors = contract(BOND, found), party(BOND, INVESTORS, found)
    assert investors.mean.value / 1e6 == pytest.approx(left, abs=0.001 + investors.mean.error / 1e6)
    assert investors.sd.value / 1e6 == pytest.approx(sd, abs=0.05 + 0.02 * sd + 4 * investors.sd.error / 1e6)
    assert np.mean(bond.npv[COMMISSIONER] < -0.005) == pytest.approx(paid, abs=0.005 + 0.01)
    nothing = bond.paid_for_nothing
    present = for_nothing * 1.035**-5.35  # this column alone is not discounted in print
    assert nothing.value / 1e6 == pytest.approx(present, abs=0.005 + 0.09 * present + 4 * nothing.error / 1e6)  # COUNTS


def test_moving_the_risk_costs_a_tenth() -> None:
    """At fair prices a true outcome costs 7 to 10 % more than under a fee (METHOD 4.4)."""
    for threshold, price, cap in (("0%", 18_400, 11_100_000), ("7.5%", 22_600, 13_600_000)):
        found = contract(BOND, priced(threshold, price, cap)).price_of_transfer
        assert 0.07 - 4 * found.error < found.value < 0.10 + 0.03 + 4 * found.error


@pytest.mark.parametrize(
    ("threshold", "price", "cap", "ratio"), [("0%", 18_400, 11_100_000, 0.33), ("7.5%", 22_600, 13_600_000, 0.22)]
)
def test_how_much_regret_is_moved(threshold: str, price: int, cap: int, ratio: float) -> None:
    """Of the worst 5 %, so that its error is that of a tail: about three points."""
    regret = contract(BOND, priced(threshold, price, cap)).regret
    assert regret is not None
    assert regret.transferred == pytest.approx(ratio, abs=0.05)
