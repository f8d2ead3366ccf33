"""Incentives: the printed tables, the closed form of the marginal pay beside a simulated one, and what is flagged."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from sibmodel.analysis.incentives import BANDS, band_pay, early_payment, flag_of, incentives, marginal_share
from sibmodel.cli import main
from sibmodel.deals import read
from sibmodel.errors import DealError
from sibmodel.measurement import standard_error
from sibmodel.views.incentives import sentences
from tests.deals import data, deal_of

PRINTED = {
    -0.05: (0.00, 0.06),
    0.0: (0.03, 0.30),
    0.025: (0.25, 0.51),
    0.05: (0.90, 0.73),
    0.075: (1.54, 0.86),
    0.10: (1.39, 0.85),
    0.13: (0.63, 0.66),
    0.15: (0.26, 0.49),
    0.20: (0.01, 0.14),
}
"""METHOD 4.7: dE[pay]/dθ by tariff, cliff 7.5 %, cap 13 %, for a standard error of 2.8 % and of 5.7 %."""


@pytest.mark.parametrize("effect", PRINTED)
def test_the_marginal_pay_is_the_printed_one(effect: float) -> None:
    for error, printed in zip((0.028, 0.057), PRINTED[effect], strict=True):
        assert marginal_share(effect, error, 0.075, 0.13) == pytest.approx(printed, abs=0.005)


@pytest.mark.parametrize(
    ("band", "gain", "avoided", "each"),
    [(0, 1.91, 4, 2.1), (1, 2.25, 15.5, 6.9), (2, 1.69, 40, 23.6), (3, 1.20, 80, 66.7)],
)
def test_the_bands_are_the_printed_ones(band: int, gain: float, avoided: float, each: float) -> None:
    """METHOD 4.7, whose counts have a shape of 0.693 (METHOD 2.7)."""
    found = band_pay(BANDS, 0.693, 1.0, 1.0)[band]
    assert found.fewer_reconvicted == pytest.approx(gain, abs=0.005)
    assert found.fewer_events == pytest.approx(avoided)
    assert found.events_per_success == pytest.approx(each, abs=0.06)


@pytest.mark.parametrize(
    ("share", "effect", "flag"),
    [
        (0.1, 0.0, "dead zone"),
        (0.5, 0.05, ""),
        (1.4, 0.08, "cliff"),
        (0.2, 0.2, "cap fatigue"),
        (0.1, -0.05, ""),
        (np.nan, 0, ""),
    ],
)
def test_what_deserves_a_flag(share: float, effect: float, flag: str) -> None:
    assert flag_of(share, effect, 0.13) == flag


def one_cohort() -> dict[str, object]:
    plain = data()
    plain["cohorts"] = [{**plain["cohorts"][0], "people": 3000}]
    plain["payments"] = [
        {"kind": "threshold", "price": 1000, "threshold": "7.5%", "payers": plain["payments"][0]["payers"]}
    ]
    plain["assumptions"] = {
        "events_per_person": 1.55,
        "dispersion": 0.69,
        "effect": {"normal": {"mean": 0.08, "sd": 0.05}},
        "matching_error": {"normal": {"mean": 0, "sd": 0.04}},
    }
    return plain


def test_a_simulated_margin_is_that_of_the_closed_form() -> None:
    """A cliff without a cap, measured with noise that the delta method foretells (METHOD 2.4): within three errors,
    and 5 % for what is not normal in it."""
    deal = deal_of(one_cohort())
    people = 3000 * deal.measurement[0].matched
    found = incentives(deal, (0.0, 0.05, 0.075, 0.10), paths=8_192)
    assert found.price == 1000
    for one in found.margins:
        error = (1 - one.effect) * standard_error(
            people, 1.55, 0.69, deal.measurement[0].controls_per_person, one.effect, 0.04
        )
        expected = marginal_share(one.effect, error, 0.075, 10.0)
        assert one.share.value == pytest.approx(expected, abs=3 * one.share.error + 0.05 * max(expected, 0.2))


def test_waiting_for_the_pool_pays_less_for_nothing() -> None:
    """Peterborough's rule: the right to early payment multiplies payments for nothing (METHOD 2.7)."""
    (found,) = early_payment(read("peterborough"), 2_048, 1)
    assert found.payment == "payments[0]"
    assert found.chance_for_nothing.value > 3 * found.chance_for_nothing.error > 0
    assert found.bill.value > 0
    assert early_payment(read("newpin"), 100, 1) == ()


def test_a_deal_without_an_effect_has_no_incentives() -> None:
    with pytest.raises(DealError, match="There is no effect to vary"):
        incentives(read("better-futures"), paths=100)


def test_the_command_writes_a_page_and_tells_what_it_found(tmp_path: Path) -> None:
    made = ["--band", "Prolific=8:£2,400", "--band", "Low=0.4:800", "--paths", "300", "--out", str(tmp_path), "--json"]
    ran = CliRunner().invoke(main, ["incentives", "through-the-gate", *made])
    found = json.loads(ran.output)
    assert [one["band"] for one in found["bands"]] == ["Prolific", "Low"]
    assert found["bands"][0]["cost_to_serve"] == 2400
    assert (tmp_path / "through-the-gate-incentives.xlsx").is_file()
    for wrong in ("Prolific", "Prolific=many", "x=0", "x=1:0"):
        assert CliRunner().invoke(main, ["incentives", "through-the-gate", "--band", wrong]).exit_code == 2


def test_without_one_price_nothing_is_judged() -> None:
    found = incentives(read("transforming-rehabilitation"), (0.0, 0.05), paths=200)
    assert np.isnan(found.price)
    assert found.bands == ()
    assert "cannot be judged" in sentences(found)[0]
