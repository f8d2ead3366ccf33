"""Silos, reserves, triggers, guarantees, caps and income: does the workbook calculate what Python calculates?"""

from __future__ import annotations

from pathlib import Path

import pytest

from sibmodel.deal import Deal
from sibmodel.files import read_terms
from tests.workbook.exported import Exported, export_deal
from tests.workbook.test_parity import agree, random_sets, shocks

DEAL = Path(__file__).parent.parent / "funding" / "every_feature.yaml"


@pytest.fixture(scope="module", params=[0.1, 0.01])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """With an effect of 10 % surpluses reach their caps; with 1 % guarantees are called."""
    deal = read_terms(DEAL, Deal).replace("assumptions.effect", request.param)
    return export_deal(deal, "every-feature", tmp_path_factory.mktemp("every-feature"))


def test_every_step_reserve_and_guarantee_is_at_work(made: Exported) -> None:
    funding, base = made.run.model.funding, made.run.base
    late = base.figure(made.run.model.effects[0].pooled.true) > 0.05
    for guarantee in funding.guarantees:
        assert (base.figure(guarantee.paid_in_all) > 1) != late
    for reserve in funding.reserves:
        assert base.row(reserve.used).sum() > 1
    assert sum(base.row(reserve.released).sum() for reserve in funding.reserves) > 1
    if late:
        assert [step.title for step in funding.log if base.row(step.paid).sum() < 1] == []


def test_the_base_case(made: Exported) -> None:
    assert list(made.differences(made.run.base, made.judge.values())) == []


def test_every_input_is_followed(made: Exported) -> None:
    assert agree(made, shocks(made)) == []


def test_many_inputs_together(made: Exported) -> None:
    assert agree(made, random_sets(made)) == []
