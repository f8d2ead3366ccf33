"""Sources and uses, recycling, the waterfall by financial year, and the effect that is needed for a return."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import sibmodel as sib
from sibmodel.analysis.needed import needed
from sibmodel.deal import Deal
from sibmodel.files import read_terms
from sibmodel.model import build
from sibmodel.results import document, run
from sibmodel.views.investor import investor
from sibmodel.views.summary import summary
from sibmodel.views.waterfall import waterfall
from sibmodel.words import percent
from tests.deals import Case, base_case, small

HERE = Path(__file__).parent


def mechanic(name: str) -> Deal:
    return read_terms(HERE / "mechanics" / f"{name}.yaml", Deal)


def figures(case: Case, which: str) -> dict[str, float]:
    return {name: case.figure(line) for name, line in getattr(case.model.uses, which).items()}


def test_sources_and_uses_of_a_deal_with_income() -> None:
    case = base_case(mechanic("35-recycling"))
    income = 12 * 3_000 + 12 * 3_300
    assert figures(case, "sources") == pytest.approx(
        {"Capital: Capital": 32_500, "Outcome payments": 17 * 15_000, "Income: Shop": income}
    )
    assert figures(case, "uses") == pytest.approx(
        {
            "Charity: service fee": 340_000,
            "Principal: Capital": 23_100,
            "Surplus: Capital": 0,
            "Cash at the end": 0,
        },
        abs=1e-6,
    )
    uses = case.model.uses
    assert case.figure(uses.recycled) == pytest.approx(307_500)
    assert case.figure(uses.peak_drawn) == pytest.approx(32_500)
    assert case.figure(uses.recycling) == pytest.approx(340_000 / 32_500)


def test_guarantees_are_sources_and_part_of_principal() -> None:
    case = base_case(mechanic("31-guarantees"))
    assert figures(case, "sources")["Guarantee: Top-up"] == pytest.approx(45_000)
    assert figures(case, "uses")["Principal: Topped up"] == pytest.approx(75_000)
    assert case.figure(case.model.uses.sources_in_all) == pytest.approx(case.figure(case.model.uses.uses_in_all))


def test_the_log_by_financial_year() -> None:
    """A silo's note is owed £200,000 and gets £100,000 in month 38 and £50,000 in month 50: 2029-30 and 2030-31."""
    case = base_case(mechanic("30-silos"))
    rows = {
        one.name: (case.figure(one.asked), case.figure(one.got), case.figure(one.left))
        for one in case.model.uses.years
        if one.step.title == "Step 4, principal"
    }
    assert rows["2028-29"] == pytest.approx((200_000, 0, 0))
    assert rows["2029-30"] == pytest.approx((200_000, 100_000, 0))
    assert rows["2030-31"] == pytest.approx((100_000, 50_000, 0))


def test_all_years_together_are_all_that_a_step_pays() -> None:
    case = base_case(small())
    for step in case.model.funding.log:
        got = sum(case.figure(one.got) for one in case.model.uses.years if one.step is step)
        assert got == pytest.approx(case.row(step.paid).sum(), abs=1e-6)


def test_the_effect_needed_by_hand() -> None:
    """£400,000 in month 1, £16,000 for each of 500 and 250 reoffenders times the effect, in months 38 and 50."""
    found = {one.target: one.effect for one in needed(build(mechanic("32-return-cap")), (0.0, 0.08, 0.081))}
    assert found[0.0] == pytest.approx(400_000 / (16_000 * 750), abs=1e-6)
    # Interest and principal, then surplus: all of it is the investors' up to 8 %.
    per_effect = 16_000 * (500 * 1.08 ** (-37 / 12) + 250 * 1.08 ** (-49 / 12))
    assert found[0.08] == pytest.approx(400_000 / per_effect, abs=1e-6)
    assert math.isnan(found[0.081])


def test_a_threshold_is_the_effect_needed() -> None:
    """The small deal pays nothing below its thresholds, and then more than all is worth at once."""
    deal = small({"payments[0].fallback": None, "payments[0].price": 9_000})
    (found,) = needed(build(deal), (0.0,))
    assert found.effect == pytest.approx(0.10, abs=1e-6)


def test_a_deal_without_an_effect_needs_none() -> None:
    deal = read_terms(HERE.parent / "examples" / "better-futures.yaml", Deal)
    assert needed(build(deal)) == ()


def test_the_run_tells_it_on_the_screen_in_json_and_in_the_view() -> None:
    done = run(mechanic("31-guarantees"), paths=50)
    told = document(done)["base"]
    assert [one["rate_of_return"] for one in told["investor"]["needed_effects"]] == [0.0, 0.05, 0.08]
    # Each tranche is repaid and no more: there is no interest and no surplus for investors.
    assert told["investor"]["needed_effects"][1]["true_reduction"] is None
    assert "not reachable" in summary(done)
    assert told["investor"]["guarantees"][0]["paid"] == pytest.approx(45_000)
    assert sum(told["sources"].values()) == pytest.approx(sum(told["uses"].values()))
    titles = [table.title for table in investor(done).tables]
    for title in ("What effect is needed", "Sources of money, base case", "What guarantees cost"):
        assert title in titles
    assert [table.title for table in waterfall(done).tables] == ["Steps paid from Vehicle, base case"]


def test_cash_that_stays_in_a_silo_is_told() -> None:
    """Without its step of surplus, £250,000 stays there."""
    from sibmodel.cautions import cautions

    deal = mechanic("30-silos")
    steps = [step.plain() for number, step in enumerate(deal.funding.waterfall) if number != 2]
    said = [one.message for one in cautions(build(deal.replace("funding.waterfall", steps)))]
    assert "£250,000 is left in Events silo at the end: no step takes it." in said


def test_the_creditors_of_unpaid_bills_are_named() -> None:
    from sibmodel.cautions import cautions

    deal = small({"funding.tranches[0].commitment": 1000, "funding.tranches[1].commitment": 1000})
    said = [one.message for one in cautions(build(deal)) if "owed, to Charity." in one.message]
    assert len(said) == 1


def test_the_chance_of_the_effect_that_is_needed() -> None:
    """Held against the deal's own belief: nothing but the effect moves the truth of this one."""
    done = run(sib.read("one-service"), paths=4096)
    belief = done.deal.assumptions.effect.distribution
    assert belief is not None
    for one, often in zip(done.needed, done.reached, strict=True):
        assert often.effect.value == pytest.approx(1 - belief.share_under(one.effect), abs=0.01)
        assert 0 < often.effect.error < 0.01
    assert done.reached[1].rate.value == pytest.approx(float((done.simulation.figures["irr"] >= 0.05).mean()))
    told = document(done)["base"]["investor"]["needed_effects"]
    assert [one["probability_of_effect"] for one in told] == [one.effect.value for one in done.reached]
    assert f"true in {percent(done.reached[0].effect.value)} ± " in summary(done)


def test_an_effect_out_of_reach_has_no_chance() -> None:
    done = run(mechanic("31-guarantees"), paths=50)
    assert not done.needed[1].reachable
    assert math.isnan(done.reached[1].effect.value)
    assert done.reached[1].rate.value == 0
    assert document(done)["base"]["investor"]["needed_effects"][1]["probability_of_effect"] is None
