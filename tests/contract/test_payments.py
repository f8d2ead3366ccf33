"""What every payment mechanism must keep to, whatever its terms: one suite over all members of the family."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sibmodel.deal import Deal
from sibmodel.errors import DealError
from sibmodel.files import read_terms, write_yaml
from sibmodel.lines import evaluate, explain
from sibmodel.model import build
from sibmodel.payments import PAYMENTS, PaymentTerms
from sibmodel.simulation.paths import Luck
from sibmodel.terms import kind_of
from tests.contract.bench import Bench, bench, deal_with
from tests.contract.examples import EXAMPLES, Plain
from tests.lines import excel

CRUMB = 1e-6
GRID = np.linspace(-0.3, 0.5, 33)
GOOD = {"first": 0.31, "second": 0.24, "job": 0.7, "job_kept": 0.8}
"""Effects good enough for every example to pay."""

Member = tuple[type[PaymentTerms], Plain]
MEMBERS = {
    f"{kind_of(kind)}: {name}": (kind, {"kind": kind_of(kind), **terms})
    for kind, examples in EXAMPLES.items()
    for name, terms in examples.items()
}


@pytest.fixture(params=list(MEMBERS), ids=str)
def member(request: pytest.FixtureRequest) -> Member:
    return MEMBERS[request.param]


def test_every_mechanism_has_an_example() -> None:
    assert set(EXAMPLES) == set(PAYMENTS)


def test_every_kind_is_named_once() -> None:
    kinds = [kind_of(kind) for kind in PAYMENTS]
    assert len(set(kinds)) == len(kinds)


# ── what is paid, and for what ─────────────────────────────────────────────────────────────────


def test_nothing_for_no_people(member: Member) -> None:
    _nothing_is_paid(member, **{**GOOD, "volume": 0.0})


def test_nothing_for_no_effect(member: Member) -> None:
    _nothing_is_paid(member, first=0.0, second=0.0, job=0.0, job_kept=0.0)


def _nothing_is_paid(member: Member, **measured: float) -> None:
    kind, terms = member
    there = bench(terms)
    paid = there.paid(there.at(**measured))
    if kind_of(kind) == "bonus malus":  # no effect is below its target
        assert paid.max() < CRUMB
    elif kind_of(kind) == "foundation":  # what was advanced is owed back
        assert np.abs(paid.sum(axis=0)).max() < CRUMB
    elif kind.pays_for_effect:
        assert np.abs(paid).max() < CRUMB


def test_something_for_a_good_effect(member: Member) -> None:
    """An example that never pays would prove nothing."""
    _, terms = member
    there = bench(terms)
    assert there.net(there.at(**GOOD)).min() > 1000


@pytest.mark.parametrize("other", [-0.1, 0.0, 0.08, 0.2])
def test_more_avoided_never_pays_less(member: Member, other: float) -> None:
    kind, terms = member
    there = bench(terms)
    for values in (there.at(first=GRID, second=other), there.at(first=other, second=GRID), there.at(GRID, GRID)):
        rises = np.diff(there.net(values)).min() > -CRUMB
        assert rises or kind.pays_less_for_more


def test_more_achieved_never_pays_less(member: Member) -> None:
    kind, terms = member
    there = bench(terms)
    shares = np.linspace(0, 1, 41)
    for values in (there.at(job=shares), there.at(job_kept=shares)):
        rises = np.diff(there.net(values)).min() > -CRUMB
        assert rises or kind.pays_less_for_more


def test_only_those_that_may_owe_back(member: Member) -> None:
    kind, terms = member
    there = bench(terms)
    lines, values = there.payment.lines, there.at(GRID, GRID[::-1])
    assert there.rows(values, there.payment.paid).min() >= 0
    if not kind.may_owe_back:
        assert lines.owed_back is None
        assert there.rows(values, lines.all_due).min() > -CRUMB or "carry_forward" in terms
    bills = [bill for bill in there.model.ledger.transfers if bill.label.endswith("owed back")]
    assert bool(bills) == (lines.owed_back is not None)


def test_cohorts_are_paid_for_what_is_paid(member: Member) -> None:
    """No part of a payment is for two cohorts, and none for nobody where it is for cohorts at all."""
    _, terms = member
    there = bench(terms)
    values = there.at(GRID, GRID[::-1], job=0.5)
    if not there.payment.cohorts:
        assert all(one.cohort is None for one in there.payment.lines.dues)
        return
    amounts = sum(np.broadcast_to(values[one.amount], GRID.size) for one in there.payment.cohorts)
    assert amounts == pytest.approx(there.net(values), abs=1e-5)


def test_the_paid_effect_is_within_the_measured_one(member: Member) -> None:
    """For the pool of both cohorts, where neither gets worse."""
    _, terms = member
    there = bench(terms)
    values = there.at(np.linspace(0, 0.5, 33), np.linspace(0.2, 0.1, 33), job=np.linspace(0, 1, 33))
    for one in there.model.effects:
        paid, measured = np.atleast_1d(values[one.pooled.paid]), np.atleast_1d(values[one.pooled.measured])
        assert paid.min() > -CRUMB
        assert (paid <= measured + CRUMB).all()


# ── caps, payers, prices over time ─────────────────────────────────────────────────────────────


def uncapped(terms: Plain) -> tuple[Bench, float]:
    there = bench(terms)
    return there, float(there.rows(there.at(**GOOD), there.payment.paid).sum())


def test_never_above_its_cap(member: Member) -> None:
    _, terms = member
    _, whole = uncapped(terms)
    there = bench({**terms, "cap": whole / 2})
    values = there.at(GRID, GRID, job=0.7)
    sums = np.cumsum(there.rows(values, there.payment.paid), axis=0)
    assert sums.max() <= whole / 2 + CRUMB
    assert there.rows(there.at(**GOOD), there.payment.paid).sum() == pytest.approx(whole / 2)


def test_never_above_its_cap_a_year(member: Member) -> None:
    _, terms = member
    _, whole = uncapped(terms)
    there = bench({**terms, "cap_per_year": whole / 10})
    values = there.at(GRID, GRID, job=0.7)
    for year in there.model.commissioning.years:
        assert np.max(values[year.paid]) <= whole / 10 + CRUMB


@pytest.mark.parametrize(("cap", "most"), [("cap_per_cohort", 40_000), ("cap_per_person", 25)])
def test_never_above_its_cap_a_cohort(member: Member, cap: str, most: float) -> None:
    kind, terms = member
    if kind.wants == "none":
        with pytest.raises(DealError, match="has no use for it"):
            deal_with({**terms, cap: most})
        return
    there = bench({**terms, cap: most})
    values = there.at(GRID, GRID, job=0.7)
    for one in there.payment.lines.dues:
        assert one.cohort is not None
        people = np.max(values[one.cohort.people]) if cap == "cap_per_person" else 1
        assert np.cumsum(there.rows(values, one.line), axis=0).max() <= most * people + CRUMB


def test_never_above_the_contracts_cap(member: Member) -> None:
    """Two payments share it; the first listed comes first."""
    _, terms = member
    _, whole = uncapped(terms)
    there = bench(terms, terms, payments_cap=whole * 1.2)
    values = there.at(GRID, GRID, job=0.7)
    together = sum(there.rows(values, one.paid) for one in there.model.payments)
    assert np.cumsum(together, axis=0).max() <= whole * 1.2 + CRUMB


def test_payers_bear_their_shares_and_no_more_than_their_caps(member: Member) -> None:
    _, terms = member
    _, whole = uncapped(terms)
    payers = [{"name": "Ministry", "share": "70%"}, {"name": "Fund", "share": "30%", "cap": whole / 10}]
    there = bench({**terms, "payers": payers})
    values = there.at(GRID, GRID, job=0.7)
    payment = there.payment
    payable = there.rows(values, payment.lines.payable)
    ministry, fund = (there.rows(values, payment.by_payer[name]) for name in ("Ministry", "Fund"))
    assert ministry == pytest.approx(0.7 * payable)
    assert (fund <= 0.3 * payable + CRUMB).all()
    assert np.cumsum(fund, axis=0).max() <= whole / 10 + CRUMB
    assert ministry + fund == pytest.approx(there.rows(values, payment.paid))


def test_a_payers_share_changes_in_its_month(member: Member) -> None:
    """From period 40 on the fund bears half."""
    _, terms = member
    ministry, fund = ({"name": name, "share": share} for name, share in (("Ministry", "70%"), ("Fund", "30%")))
    for payer in (ministry, fund):
        payer["later_shares"] = [{"start": "2030-04", "share": "50%"}]  # type: ignore[assignment]
    there = bench({**terms, "payers": [ministry, fund]})
    values = there.at(GRID, GRID, job=0.7)
    payment = there.payment
    shares = np.where(np.arange(1, there.model.book.periods + 1) < 40, 0.3, 0.5)[:, None]
    payable = there.rows(values, payment.lines.payable)
    assert there.rows(values, payment.by_payer["Fund"]) == pytest.approx(shares * payable)
    assert there.rows(values, payment.paid) == pytest.approx(payable)


def test_never_above_a_payers_cap_over_all_payments(member: Member) -> None:
    """The first listed comes first, and the other payer bears its share of both."""
    _, terms = member
    _, whole = uncapped(terms)
    payers = [{"name": "Ministry", "share": "50%"}, {"name": "Fund", "share": "50%"}]
    there = bench({**terms, "payers": payers}, {**terms, "payers": payers}, payer_caps={"Fund": whole * 0.7})
    for values in (there.at(GRID, GRID, job=0.7), there.at(**GOOD)):
        paid = [there.rows(values, one.by_payer["Fund"]) for one in there.model.payments]
        assert np.cumsum(sum(paid), axis=0).max() <= whole * 0.7 + CRUMB
        for one in there.model.payments:
            half = there.rows(values, one.lines.payable) / 2
            assert there.rows(values, one.by_payer["Ministry"]) == pytest.approx(half)
    assert sum(one.sum() for one in paid) == pytest.approx(whole * 0.7)
    assert paid[0].sum() >= paid[1].sum() - CRUMB


def test_the_parts_by_measure_are_the_whole(member: Member) -> None:
    _, terms = member
    _, whole = uncapped(terms)
    there = bench({**terms, "cap": whole / 2, "indexation": {"rate": "3%", "start": "2028-01"}})
    values = there.at(GRID, GRID[::-1], job=0.5)
    for cohort in there.payment.cohorts:
        parts = sum(np.broadcast_to(values[part.amount], GRID.size) for part in cohort.parts)
        assert parts == pytest.approx(np.broadcast_to(values[cohort.amount], GRID.size), abs=1e-5)
        assert len({part.metric for part in cohort.parts}) == len(cohort.parts)


def test_what_caps_cut_off_is_reported(member: Member) -> None:
    _, terms = member
    _, whole = uncapped(terms)
    there = bench({**terms, "cap": whole / 2})
    values = there.at(**GOOD)
    (cut,) = [one for one in there.payment.cuts if one.cap == "Pay 1: cap"]
    assert np.max(values[cut.amount]) == pytest.approx(whole / 2)


def test_prices_rise_with_their_index(member: Member) -> None:
    _, terms = member
    plain, there = bench(terms), bench({**terms, "indexation": {"rate": "10%", "start": "2028-01"}})
    index = 1.1 ** np.maximum((np.arange(plain.model.book.periods) - 12) // 12, 0)
    expected = plain.rows(plain.at(**GOOD), plain.payment.lines.all_due) * index[:, None]
    assert there.rows(there.at(**GOOD), there.payment.lines.all_due) == pytest.approx(expected)


def test_two_payments_are_two(member: Member) -> None:
    _, terms = member
    one, two = bench(terms), bench(terms, terms)
    assert two.paid(two.at(GRID, GRID)) == pytest.approx(2 * one.paid(one.at(GRID, GRID)))


def test_some_cohorts_only(member: Member) -> None:
    """What is for the second cohort does not hang on the first, and nothing falls due for the first."""
    kind, terms = member
    if kind.wants == "none":
        return
    there = bench({**terms, "cohorts": ["Second"], **_without_first(terms)})
    values = there.at(first=GRID, second=0.3)
    assert [one.cohort for one in there.payment.cohorts] == ["Second"]
    assert np.ptp(there.net(values)) < CRUMB


def _without_first(terms: Plain) -> Plain:
    changed: Plain = {}
    if "thresholds" in terms:
        changed["thresholds"] = {"Second": "3%"}
    if "weights" in terms:
        changed["weights"] = {"Second": "100%"}
    if terms["kind"] == "top up":
        changed["years"] = {"All": ["Second"]}
    return changed


# ── one set of lines, read in every way ────────────────────────────────────────────────────────

LUCK: dict[str, Any] = {
    "effect": {"normal": {"mean": 0.08, "sd": 0.08}},
    "volume": {"triangular": {"low": 0.7, "mode": 0.95, "high": 1.1}},
    "delay_months": {"triangular": {"low": 0, "mode": 2, "high": 9}},
    "by_metric": {"Job": {"success_rate": {"beta": {"mean": 0.4, "sd": 0.1}}}, "Job kept": {"success_rate": 0.5}},
}


def test_many_paths_at_once_are_each_by_itself(member: Member) -> None:
    _, terms = member
    model = build(deal_with(terms, assumptions=LUCK))
    payment, periods = model.payments[0], model.book.periods
    wanted = [payment.paid, *(one.effect for one in payment.cohorts if one.effect is not None)]
    luck = Luck(model, 1, 0)
    together = evaluate(wanted, periods, *luck.cut(slice(0, 5)))
    for path in range(5):
        alone = evaluate(wanted, periods, *luck.cut(slice(path, path + 1)))
        assert np.array_equal(alone.row(payment.paid), together.row(payment.paid, path))
        for line in wanted[1:]:
            assert alone.figure(line) == together.figure(line, path)


def test_a_file_gives_the_terms_back(member: Member) -> None:
    _, terms = member
    deal = deal_with(terms)
    again = read_terms(write_yaml(deal), Deal)
    assert again == deal
    assert write_yaml(again) == write_yaml(deal)


def test_excel_gives_the_same_figures(member: Member) -> None:
    _, terms = member
    there = bench({**terms, "cap_per_year": 300_000, "indexation": {"rate": "3%", "start": "2028-01"}})
    model = there.model
    first, second = (there.cell(f'assumptions.effect.by_cohort["{who}"]') for who in ("First", "Second"))
    inputs = {first: 0.137, second: -0.04}
    values = evaluate(model.book.lines, model.book.periods, {cell: np.array([value]) for cell, value in inputs.items()})
    sections = ("Measurement", "Payments", "Effects")
    expected = {line: values[line] for line in model.book.lines if line.section.name in sections}
    assert not excel.differences(excel.recalculate(model.book, inputs), expected)


def test_every_line_is_explained(member: Member) -> None:
    _, terms = member
    there = bench(terms)
    values = there.at(0.137, -0.04)
    for line in there.model.book.lines:
        if line.section.name != "Payments":
            continue
        told = explain(line, values, period=40 if line.timed else None)
        assert told.formula
        assert line.note
        row = values.row(line)[39] if line.timed else values.figure(line)
        assert told.value == row
