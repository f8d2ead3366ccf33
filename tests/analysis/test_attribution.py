"""Shares of variance over groups of drivers, held against a deal whose variance can be worked out by hand."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from sibmodel.analysis import attribution
from sibmodel.analysis.attribution import ALONE, Attribution, Sharing, attribute
from sibmodel.analysis.transfer.drivers import BELIEFS, COST, EFFECT, GROUPS, NOISE, VOLUME, group_of, groups_of
from sibmodel.analysis.transfer.forms import BOND
from sibmodel.analysis.transfer.written import Written, shares_job
from sibmodel.deals import examples
from sibmodel.model import Model, build
from sibmodel.outcomes import MetricBeliefs, SegmentBeliefs
from sibmodel.simulation import BLOCK, Crew, processes, threads
from tests.deals import data, deal_of, small

PATHS = 4_096


def model(**assumptions: Any) -> Model:
    plain = data()
    plain["providers"][0] |= {"fixed_per_month": 0, "mobilisation": None, "margin": 0}
    plain["assumptions"] |= {
        "volume": {"normal": {"mean": 1, "sd": 0.1}},
        "cost_overrun": {"normal": {"mean": 0, "sd": 0.2}},
        "effect": {"normal": {"mean": 0.1, "sd": 0.05}},
    } | assumptions
    return build(deal_of(plain))


def test_shares_of_a_product_of_two_independent_drivers() -> None:
    """The real cost is £300 × 1,000 people × v₁ × (1 + o) + £300 × 500 × v₂ × (1 + o), v ~ N(1, 0.1²), o ~ N(0, 0.2²).
    With a = 1,000, b = 500: volume alone explains 0.01(a² + b²), the overrun 0.04(a + b)², and both together
    0.0004(a² + b²), which they share equally."""
    built = model()
    cost = built.provider_cash[0].cost
    found = attribute(built, [cost, built.commissioning.paid_in_all], groups_of(built), 16_384, 1)
    squares, square_of_sum = 1000.0**2 + 500.0**2, 1500.0**2
    volume, overrun, both = 0.01 * squares, 0.04 * square_of_sum, 0.0004 * squares
    total = volume + overrun + both
    shares = dict(zip(found.groups, found.shares[:, 0], strict=True))
    errors = dict(zip(found.groups, found.errors[:, 0], strict=True))
    assert found.variance[0] == pytest.approx(300**2 * total, rel=0.03)
    assert shares[VOLUME] == pytest.approx((volume + both / 2) / total, abs=4 * errors[VOLUME])
    assert shares[COST] == pytest.approx((overrun + both / 2) / total, abs=4 * errors[COST])
    assert 0 < errors[VOLUME] < 0.01
    # What the cost does not have gets exactly nothing, though the bill has it.
    assert shares[EFFECT] == shares[NOISE] == 0.0
    assert found.shares[found.groups.index(EFFECT), 1] > 0.1
    assert found.shares.sum(axis=0) == pytest.approx([1.0, 1.0], abs=1e-12)


def test_more_paths_are_nearer() -> None:
    built = model()
    few, many = (attribute(built, [built.provider_cash[0].cost], groups_of(built), n, 1) for n in (1_024, 16_384))
    assert many.errors.max() == pytest.approx(few.errors.max() / 4, rel=0.6)


def test_drivers_that_go_together_share_what_they_share() -> None:
    """Two drivers with rank correlation 1 are one: each explains all, and gets half. The luck of the count is apart."""
    between = [{"between": ["volume", "cost overrun"], "rank": 0.999}]
    plain = data()
    plain["cohorts"] = plain["cohorts"][:1]
    plain["providers"][0] |= {"fixed_per_month": 0, "mobilisation": None}
    plain["assumptions"] |= {"correlations": between, "volume": {"normal": {"mean": 1, "sd": 0.1}}}
    plain["assumptions"] |= {"cost_overrun": {"normal": {"mean": 0, "sd": 0.1}}}
    built = build(deal_of(plain))
    found = attribute(built, [built.provider_cash[0].cost], groups_of(built), PATHS, 1)
    shares = dict(zip(found.groups, found.shares[:, 0], strict=True))
    assert shares[VOLUME] == pytest.approx(shares[COST], abs=0.05)
    assert shares[VOLUME] + shares[COST] == pytest.approx(1.0, abs=0.02)


def test_a_figure_that_does_not_vary_has_no_shares() -> None:
    built = model(volume=1, cost_overrun=0)
    found = attribute(built, [built.provider_cash[0].cost], groups_of(built), 256, 1)
    assert found.variance[0] == 0.0
    assert np.isnan(found.shares).all()
    plain = build(deal_of(data() | {"measurement": [{"kind": "matched", "controls_per_person": 10}]}))
    assert attribute(plain, [plain.returns.everyone.npv], [], 256, 1).shares.shape == (0, 1)


def test_every_driver_has_its_group() -> None:
    fields = {name.replace("_", " ") for name in (*MetricBeliefs.model_fields, *SegmentBeliefs.model_fields)}
    assert fields <= set(BELIEFS)
    assert set(BELIEFS.values()) == set(GROUPS)
    for example in examples():
        built = build(example.deal())
        groups = groups_of(built)
        streams = [stream for group in groups for stream in group.streams]
        assert len(streams) == len(set(streams))
        drawn = {one.stream for one in built.uncertain} | {draw.stream for draw in built.book.draws}
        assert drawn == set(streams)
    assert group_of("effect of Debt advice") == EFFECT
    assert group_of("volume, First cohort") == VOLUME


SHARED_PATHS = BLOCK + 77
FORMS = (BOND,)


def shared(who: Sharing, done: list[tuple[int, int]] | None = None) -> Attribution:
    """The shares of the small deal's bond, of two blocks."""
    deal = small({"assumptions.effect": "{normal: {mean: 0.1, sd: 0.1}}"})
    written = Written(deal, FORMS)
    lines, groups = [line for _, line in written.rows], groups_of(written.model)
    sharing = Sharing(partial(shares_job, deal, FORMS, SHARED_PATHS, 1), who.crew, who.helpers)
    note = None if done is None else (lambda *told: done.append(told))
    return attribute(written.model, lines, groups, SHARED_PATHS, 1, note, sharing)


def assert_same_shares(one: Attribution, other: Attribution) -> None:
    assert one.groups == other.groups
    for name in ("variance", "shares", "errors"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()


@pytest.fixture(scope="module")
def alone() -> Attribution:
    return shared(ALONE)


@pytest.mark.parametrize("who", [threads(1), threads(2), threads(5), processes(2)], ids=["1", "2", "5", "processes"])
def test_any_number_of_workers_gives_the_same_bytes(alone: Attribution, who: Crew) -> None:
    """With five, the sets of one block are shared out too."""
    done: list[tuple[int, int]] = []
    assert_same_shares(shared(Sharing(crew=who), done), alone)
    of = done[0][1]
    assert done == [(number, of) for number in range(1, of + 1)]


def test_helpers_come_where_shares_take_long(alone: Attribution, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[bool] = []

    def helpers() -> Crew:
        called.append(True)
        return threads(3)

    assert_same_shares(shared(Sharing(helpers=helpers)), alone)
    assert not called
    monkeypatch.setattr(attribution, "LONG", 0.0)
    assert_same_shares(shared(Sharing(helpers=helpers)), alone)
    assert called
    assert_same_shares(shared(Sharing(helpers=lambda: None)), alone)
