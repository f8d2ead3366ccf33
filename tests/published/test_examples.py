"""The example deals: each keeps to the figures expected of it, and reproduces what was published of the deal.

Sources, by the name that a test gives:
Northumbria PCC: https://archive.northumbria-pcc.gov.uk/concern-at-failure-in-payment-by-results-model-at-doncaster-prison-so-serco-have-to-repay/
FT 2011: https://www.ft.com/content/03ea4d34-14f3-11e1-a2a6-00144feabdc0
CIPS 2019: https://www.cips.org/supply-management/news/2019/february/payment-by-results-not-well-suited-for-probation-contracts/
Social Ventures: https://socialventures.com.au/case-studies/rikers-island-sib
Tomkinson 2013: https://emmatomkinson.com (3 June 2013)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sibmodel import results
from sibmodel.deals import read
from tests.deals import Case, base_case, when

EXAMPLES = Path(__file__).parents[2] / "examples"
EXPECTED = {
    path.name.removesuffix(".expected.json"): json.loads(path.read_text("utf-8"))
    for path in sorted(EXAMPLES.glob("*.expected.json"))
}
NEW = ("doncaster", "transforming-rehabilitation", "rikers", "newpin", "better-futures")


@pytest.fixture(scope="module", params=sorted(EXPECTED))
def name(request: pytest.FixtureRequest) -> str:
    wanted: str = request.param
    return wanted


@pytest.fixture(scope="module")
def run(name: str) -> results.Run:
    return results.run(read(name), paths=1)


def case_of(name: str) -> Case:
    return base_case(read(name))


# ── every example with expected figures ────────────────────────────────────────────────────────


def test_the_example_keeps_to_its_expected_figures(name: str, run: results.Run) -> None:
    document = results.document(run)
    assert EXPECTED[name]["deal"] == run.deal.name
    for expected in EXPECTED[name]["figures"]:
        found: Any = document
        for step in _steps(expected["figure"]):
            found = found[step]
        allowed = max(expected["tolerance"], 1e-12)
        assert found == pytest.approx(expected["value"], abs=allowed), (expected["figure"], expected["printed"])
        assert expected["source"]
        assert expected["kind"] in ("published", "derived", "calibrated", "assumed")


def test_all_checks_hold(run: results.Run) -> None:
    assert run.base.figure(run.model.checks.failing) == 0


@pytest.mark.parametrize("new", NEW)
def test_each_has_expected_figures(new: str) -> None:
    assert new in EXPECTED


def _steps(figure: str) -> Iterator[str | int]:
    for step, place in re.findall(r"([^.\[\]]+)|\[(\d+)\]", figure):
        yield step or int(place)


# ── P4: HMP Doncaster ──────────────────────────────────────────────────────────────────────────


def test_P4_year_1_keeps_all_and_year_2_repays_a_tenth() -> None:
    """Falls of 5.7 and 3.3 points (Northumbria PCC), a tenth of about £20 million a year (FT 2011)."""
    case = case_of("doncaster")
    first, second = case.model.measured.compared["Reconvicted"].cohorts
    assert case.figure(first.points) == pytest.approx(0.057, abs=1e-6)
    assert case.figure(second.points) == pytest.approx(0.033, abs=1e-6)
    assert case.figure_of("Core contract: repaid or added, Year 1") == 0
    assert case.figure_of("Core contract: repaid or added, Year 2") == pytest.approx(-2_000_000)
    (payment,) = case.model.payments
    assert payment.lines.owed_back is not None
    assert list(when(case.row(payment.lines.owed_back)).values()) == pytest.approx([2_000_000])
    paid = {one.cohort: case.figure(one.amount) for one in payment.cohorts}
    assert paid == pytest.approx({"Year 1": 20_000_000, "Year 2": 18_000_000})


@pytest.mark.parametrize(("points", "repaid"), [(0.0499, 2_000_000), (0.05, 0)])
def test_P4_the_test_is_five_points(points: float, repaid: float) -> None:
    deal = read("doncaster").replace("assumptions.drift", 0)
    deal = deal.replace("assumptions.effect.by_cohort[Year 2].base", points / 0.58)
    assert base_case(deal).figure_of("Core contract: repaid or added, Year 2") == pytest.approx(-repaid)


# ── P5: Transforming Rehabilitation ────────────────────────────────────────────────────────────


def test_P5_the_share_who_reoffend_passes_while_reoffences_rise() -> None:
    """47.5 to 45.0 %, and 22 % more reoffences per reoffender (CIPS 2019): 15.6 % more a person."""
    case = case_of("transforming-rehabilitation")
    measured = case.model.measured.compared
    assert case.figure(measured["Reoffend"].points) == pytest.approx(0.025, abs=1e-6)
    assert case.figure(measured["Reoffences per reoffender"].effect) == pytest.approx(-0.22, abs=1e-6)
    assert round(-case.figure(measured["Reoffences per person"].effect), 3) == 0.156
    paid = {one.name: case.row(one.paid).sum() for one in case.model.payments}
    assert paid["Fewer reoffenders"] == pytest.approx(5440 * 0.025 * 4000, rel=1e-4)
    assert paid["Fewer reoffences"] == 0


# ── P7: Rikers Island ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("reduction", "bonus", "irr"),
    [(0.11, 0.0125, 0.012), (0.12, 0.015, 0.015), (0.13, 0.02, 0.019), (0.16, 0.035, 0.033), (0.20, 0.055, 0.051)],
)
def test_P7_what_is_repaid_by_reduction(reduction: float, bonus: float, irr: float) -> None:
    """A loan of $9.6 million, repaid after four years as 9.6 × (1 + 4 r) (Social Ventures)."""
    case = base_case(read("rikers").replace("assumptions.effect", reduction))
    paid = when(case.row(case.model.commissioning.paid))
    assert paid == pytest.approx({49: 9_600_000 * (1 + 4 * bonus)})
    assert round(case.figure(case.model.returns.everyone.irr), 3) == irr


@pytest.mark.parametrize(("reduction", "paid"), [(0.0, 0), (0.0999, 0), (0.10, 9_600_000), (0.1099, 9_600_000)])
def test_P7_below_ten_per_cent_nothing_is_repaid(reduction: float, paid: float) -> None:
    case = base_case(read("rikers").replace("assumptions.effect", reduction))
    assert case.row(case.model.commissioning.paid).sum() == pytest.approx(paid)


# ── P10 and P11: Newpin ────────────────────────────────────────────────────────────────────────


def test_P10_coupons_of_7_50_and_8_94_per_cent() -> None:
    """Success rates of 60 and 61.6 %, read by straight lines (Tomkinson 2013); paid were 7.5 and 8.9 %."""
    case = case_of("newpin")
    assert case.figure_of("Coupon: by the table, Year 1") == pytest.approx(0.075)
    assert case.figure_of("Coupon: by the table, Year 2") == pytest.approx(0.0894)
    paid = {one.cohort: case.figure(one.amount) for one in case.model.payments[0].cohorts}
    assert paid["Year 1"] / 7_000_000 == pytest.approx(0.075)
    assert paid["Year 2"] / 7_000_000 == pytest.approx(0.0894)


@pytest.mark.parametrize(("year", "coupon"), [("Year 2", 0.05), ("Year 5", 0.0)])
def test_P11_the_least_coupon_is_for_early_years_only(year: str, coupon: float) -> None:
    """A success rate of 50 %."""
    place = f"assumptions.by_metric[Restored].success_rate.by_cohort[{year}].base"
    case = base_case(read("newpin").replace(place, 0.5))
    paid = {one.cohort: case.figure(one.amount) for one in case.model.payments[0].cohorts}
    assert paid[year] / 7_000_000 == pytest.approx(coupon)


def test_P11_at_least_half_of_the_principal_is_returned() -> None:
    deal = read("newpin").replace("assumptions.by_metric[Restored].success_rate", 0)
    case = base_case(deal)
    assert case.row(case.model.payments[1].paid).sum() == pytest.approx(3_500_000)


# ── a made-up rate card ────────────────────────────────────────────────────────────────────────


def test_the_local_authority_pays_up_to_its_own_cap() -> None:
    deal = read("better-futures").replace("payments[0].payers[1].cap", 500_000)
    case = base_case(deal)
    payment = case.model.payments[0]
    assert case.row(payment.by_payer["Local authority"]).sum() == pytest.approx(500_000)
    assert case.row(payment.by_payer["Government"]).sum() == pytest.approx(1_075_707, abs=1)
