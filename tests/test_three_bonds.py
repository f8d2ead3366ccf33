"""One programme as one bond and as three: the totals agree, and what the how-to says of the difference is so."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
import three_bonds
from three_bonds import THREE, Comparison, Mean, compare

from sibmodel.deals import examples
from sibmodel.model import build
from sibmodel.results import Chance, chance, lost, paid
from sibmodel.simulation import simulate

CHECKOUT = Path(__file__).parents[1]
PAGE = CHECKOUT / "docs" / "how-to-one-bond-or-three.md"
SURE = 4
"""Standard errors: a difference of so many is none of luck."""


@pytest.fixture(scope="module")
def found() -> Comparison:
    return compare()


# ── the totals agree ───────────────────────────────────────────────────────────────────────────


@pytest.mark.no_cover
def test_people_are_the_same_each_year(found: Comparison) -> None:
    (one,), three = found.one.bonds, found.three.bonds
    assert sum(bond.people for bond in three) == one.people == 3_000
    for year, cohort in enumerate(one.deal.cohorts):
        parts = [bond.deal.cohorts[year] for bond in three]
        assert sum(part.people for part in parts) == cohort.people
        assert all(part.referrals == cohort.referrals for part in parts)
        assert all(part.service_months == cohort.service_months for part in parts)


def test_prices_thresholds_and_beliefs_are_the_same_and_caps_are_split(found: Comparison) -> None:
    (one,), three = found.one.bonds, found.three.bonds
    for bond in three:
        (whole,), (part,) = one.deal.payments, bond.deal.payments
        assert whole.model_dump(exclude={"cap"}) == part.model_dump(exclude={"cap"})
        assert bond.deal.assumptions == one.deal.assumptions
        assert bond.deal.metrics == one.deal.metrics
        assert bond.deal.measurement == one.deal.measurement
        assert bond.deal.intermediary == one.deal.intermediary
        assert bond.deal.assessor == one.deal.assessor
    caps = [getattr(bond.deal.payments[0], "cap") for bond in (one, *three)]  # noqa: B009
    assert caps[0] == sum(caps[1:]) == 9_000_000


def test_heads_cost_the_same(found: Comparison) -> None:
    (one,), three = found.one.bonds, found.three.bonds
    for place, whole in enumerate(one.deal.providers):
        for bond in three:
            part = bond.deal.providers[place]
            assert part.name.removesuffix(f", {_area(bond.deal.cohorts[0].name)}") == whole.name
            assert (part.per_start, part.uptake) == (whole.per_start, whole.uptake)
            assert (part.payment_days, part.margin, part.overhead) == (whole.payment_days, whole.margin, whole.overhead)


def test_partners_income_cost_and_own_cash_add_up_to_the_one_bonds(found: Comparison) -> None:
    """Of each provider but the lead; margins, members' capital and reserves with it."""
    (one,), three = found.one.bonds, found.three.bonds
    for place in range(1, len(one.deal.providers)):
        for name in ("income", "cost", "margin"):
            whole = one.base.figure(getattr(one.model.provider_cash[place], name))
            parts = [bond.base.figure(getattr(bond.model.provider_cash[place], name)) for bond in three]
            assert sum(parts) == pytest.approx(whole, abs=0.01), (one.deal.providers[place].name, name)
        for name in ("fixed_per_month", "opening_cash", "reserves"):
            amounts = [getattr(bond.deal.providers[place], name) or 0 for bond in (one, *three)]
            assert sum(amounts[1:]) == pytest.approx(amounts[0]), (one.deal.providers[place].name, name)


def test_the_base_cases_bill_is_the_same(found: Comparison) -> None:
    """£18,000 × 10% × 1.55 events × 3,000 people."""
    for programme in (found.one, found.three):
        bill = sum(bond.base.figure(bond.model.commissioning.paid_in_all) for bond in programme.bonds)
        assert bill == pytest.approx(18_000 * 0.1 * 1.55 * 3_000)


def test_at_the_cost_of_one_the_fixed_cost_is_the_one_bonds(found: Comparison) -> None:
    cheap = sum(bond.fixed_cost for bond in found.three_at_the_cost_of_one.bonds)
    assert cheap == pytest.approx(found.one.bonds[0].fixed_cost)


def test_the_fixed_cost_is_what_is_signed(found: Comparison) -> None:
    """By hand: set-up £90,000, 64 months of £6,000, three assessments of £45,000; and the lead's own cost: mobilisation
    £120,000, and £21,000 a month for 44 months of service, less 40% and 20% of the first two, rising by 2.5% on each
    April; with 12% of overhead, half of 3% of contingency, and VAT of 15% × 20% × 80% on the running cost."""
    months = np.arange(6, 6 + 44)
    running = 21_000 * (1.025 ** (months // 12)).sum() - 21_000 * (0.4 + 0.2)
    own = running * 1.12 * (1 + 0.03 * 0.5) * (1 + 0.15 * 0.2 * 0.8)
    (one,) = found.one.bonds
    assert one.fixed_cost == pytest.approx(90_000 + 64 * 6_000 + 3 * 45_000 + 120_000 + own, rel=1e-9)
    bonds = 3 * (90_000 + 64 * 6_000 + 3 * 45_000)
    assert sum(bond.fixed_cost for bond in found.three.bonds) == pytest.approx(bonds + 2 * (120_000 + own), rel=1e-9)


def test_all_checks_hold(found: Comparison) -> None:
    for bond in (*found.one.bonds, *found.three.bonds):
        assert bond.base.figure(bond.model.checks.failing) == 0


def test_what_everybody_shares_is_drawn_once_and_counts_are_not(found: Comparison) -> None:
    west, south, north = (bond.simulation.figures for bond in found.three.bonds)
    errors = [one["measured_reduction"] - one["true_reduction"] for one in (west, south, north)]
    alike = np.corrcoef(errors)
    assert 0 < alike[0, 1] < 0.9  # the matching error is common, the counts are not
    assert np.corrcoef(south["true_reduction"], north["true_reduction"])[0, 1] > 0.9


# ── what differs ───────────────────────────────────────────────────────────────────────────────


def test_something_is_paid_more_often(found: Comparison) -> None:
    _more(found.three.any_paid, found.one.any_paid)
    for each in found.three.each(paid):
        _more(each, found.one.any_paid)


def test_a_service_without_effect_is_paid_more_often_and_more(found: Comparison) -> None:
    _more(found.three_without_effect.any_paid, found.one_without_effect.any_paid)
    _more(found.three_without_effect.bill, found.one_without_effect.bill)


def test_the_expected_bill_is_higher(found: Comparison) -> None:
    _more(found.three.bill, found.one.bill)


def test_more_capital_is_needed_and_lost_more_often(found: Comparison) -> None:
    assert sum(bond.capital for bond in found.three.bonds) > found.one.bonds[0].capital * 1.3
    _more(found.three.capital, found.one.capital)
    _more(found.three.lost, found.one.lost)


def test_most_of_the_loss_is_fixed_cost_and_not_measurement(found: Comparison) -> None:
    """At the cost of one, each bond loses about as often as the one."""
    for each in found.three_at_the_cost_of_one.each(lost):
        assert abs(each.value - found.one.lost.value) < 0.06
    _more(found.three.lost, found.three_at_the_cost_of_one.lost)
    assert found.three.lost.value - found.three_at_the_cost_of_one.lost.value > 0.2


def test_the_south_needs_a_higher_price_and_a_higher_cap(found: Comparison) -> None:
    """As the how-to says: with the price alone raised investors lose nearly always, with both as often as the one's."""
    south = found.three.bonds[1].deal.replace("payments[0].price", 24_000)
    dearer = chance(lost(simulate(build(south), 1_000)), replicates=1)
    both = chance(lost(simulate(build(south.replace("payments[0].cap", 4_000_000)), 1_000)), replicates=1)
    assert dearer.value > 0.95
    assert both.value == pytest.approx(found.one.lost.value, abs=0.06)


def _more(one: Chance | Mean, than: Chance | Mean) -> None:
    assert one.value - than.value > SURE * math.hypot(one.error, than.error)


# ── where they are found ───────────────────────────────────────────────────────────────────────


def test_they_are_not_among_the_examples() -> None:
    assert not any("three" in one.name or one.name in ("west", "south", "north-and-humber") for one in examples())


def test_the_page_names_the_files_and_how_its_figures_were_made() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for file in THREE:
        assert f"examples/{file}" in text
    assert f"{three_bonds.PATHS:,} paths and seed {three_bonds.SEED}" in text


def test_the_figures_in_the_pages_sentences_stand_in_its_table() -> None:
    """The table is made anew by scripts/make_docs.py; sentences round what it says."""
    sentences, _, rest = PAGE.read_text(encoding="utf-8").partition("<!-- table: three-bonds -->")
    table, _, after = rest.partition("<!-- end -->")
    figures = {round(float(one)) for one in re.findall(r"(?<![\d.,£])(\d+\.\d)%", table)}
    said = {int(one) for one in re.findall(r"\b(\d+)(?= in 100)", sentences + after)}
    assert said
    assert said <= figures
    money = set(re.findall(r"£[\d.,]+\d(?: million)?", table))
    assert set(re.findall(r"£\d\.\d\d million", sentences + after)) <= money


def _area(cohort: str) -> str:
    return cohort.partition(", ")[2]
