"""Segments of a cohort: people who start, reoffend and respond otherwise than the rest, and are measured with them.

The figures by hand stand in the first lines of the deal file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sibmodel.analysis.power import sample_sizes
from sibmodel.deal import Deal
from sibmodel.errors import DealError
from sibmodel.files import read_terms
from sibmodel.outcomes.base_case import events_and_shape
from tests.deals import Case, base_case, data, deal_of, paths

FILE = Path(__file__).parent / "mechanics" / "27-segments.yaml"
SHARES = {"Women": (0.1, 0.9, 0.3), "Prolific": (0.2, 4.0, 0.9), "Others": (0.7, 1.1, 0.9)}
"""Share of the cohort, events a person, shape."""


@pytest.fixture(scope="module")
def deal() -> Deal:
    return read_terms(FILE, Deal)


@pytest.fixture(scope="module")
def case(deal: Deal) -> Case:
    return base_case(deal)


def test_the_file_says_what_its_first_lines_say(case: Case) -> None:
    ((life,),) = case.model.outcomes.lives.values()
    assert life.effect is not None
    assert case.figure(life.effect) == pytest.approx(203 / 1_660)
    assert case.figure_of("Reconviction events: true effect, First") == pytest.approx(203 / 1_660)
    assert case.figure_of("Starts, First") == pytest.approx(750)
    assert case.figure_of("Job: people counted, First") == pytest.approx(149)
    assert case.figure_of("Outcome payments in all") == pytest.approx(217_900)
    assert case.figure(case.model.checks.failing) == 0


def test_segments_are_the_whole_in_every_month(case: Case) -> None:
    (cohort,) = case.model.service.cohorts
    for name in ("people", "starts"):
        parts = sum(case.figure(getattr(one, name)) for one in cohort.segments)
        assert parts == pytest.approx(case.figure(getattr(cohort, name)), rel=1e-12)
    for name in ("referred", "started", "in_service"):
        rows = np.sum([case.row(getattr(one, name)) for one in cohort.segments], axis=0)
        np.testing.assert_allclose(rows, case.row(getattr(cohort, name)), rtol=1e-12)


def test_the_shape_of_the_whole_keeps_the_variance(deal: Deal) -> None:
    """Var of the sum = Σ n (μ + μ² ÷ k), with segments of fixed sizes."""
    mean, shape = events_and_shape(deal.assumptions, "Reconviction events", deal.cohorts[0])
    assert mean == pytest.approx(1.66)
    expected = sum(w * (m + m * m / k) for w, m, k in SHARES.values())
    assert mean + mean * mean / shape == pytest.approx(expected)
    assert sample_sizes(deal)[0].people > 0


def test_counts_scatter_as_the_segments_do(deal: Deal) -> None:
    """Of 4,000 paths at certain effects, mean and variance of the events counted lie within four standard errors."""
    certain = deal.replace("assumptions.effect", 0.05).replace("assumptions.by_segment[Prolific].effect", 0.2)
    count = 4_000
    made = paths(certain, count)
    line = made.named("Events counted, First")
    found = np.array([made.figure(line, path) for path in range(count)])
    after = {"Women": 0.95, "Prolific": 0.8, "Others": 0.95}
    means = {name: m * after[name] for name, (_, m, _) in SHARES.items()}
    mean = 1_000 * sum(w * means[name] for name, (w, _, _) in SHARES.items())
    variance = 1_000 * sum(w * (means[name] + means[name] ** 2 / k) for name, (w, _, k) in SHARES.items())
    assert abs(found.mean() - mean) < 4 * np.sqrt(variance / count)
    assert abs(found.var() / variance - 1) < 4 * np.sqrt(2 / count)


def test_the_assessors_standard_error_is_that_of_the_counts(deal: Deal, case: Case) -> None:
    levels = {"without": {n: m for n, (_, m, _) in SHARES.items()}}
    levels["with"] = {"Women": 0.9 * 0.95, "Prolific": 4 * 0.8, "Others": 1.1 * 0.95}

    def variance(level: dict[str, float], people: float) -> float:
        mean = sum(SHARES[n][0] * m for n, m in level.items())
        spread = sum(SHARES[n][0] * (m + m * m / SHARES[n][2]) for n, m in level.items())
        return spread / mean**2 / people

    expected = np.sqrt(variance(levels["with"], 1_000) + variance(levels["without"], 10_000))
    assert case.figure_of("Reconviction events: assessor's standard error, First") == pytest.approx(expected)


def test_segments_that_are_alike_change_nothing() -> None:
    plain = data()
    whole = base_case(deal_of(plain))
    plain["cohorts"][0]["segments"] = [{"name": "A", "share": 0.25}, {"name": "B", "share": 0.75}]
    split = base_case(deal_of(plain))
    for name in ("Outcome payments in all", "Starts, First", "All investors: net present value"):
        assert split.figure_of(name) == pytest.approx(whole.figure_of(name), rel=1e-12)


def test_binary_measures_of_segments_agree_with_frequency() -> None:
    plain = data()
    plain["cohorts"][0]["segments"] = [{"name": "A", "share": 0.4}, {"name": "B", "share": 0.6}]
    plain["cohorts"][1]["segments"] = plain["cohorts"][0]["segments"]
    plain["metrics"].append({"kind": "binary"})
    plain["assumptions"] |= {
        "share_reoffending": 0.5,
        "by_segment": {"A": {"share_reoffending": 0.8, "effect": 0.2, "events_per_person": 3}},
    }
    made = base_case(deal_of(plain))
    before, after = 0.4 * 0.8 + 0.6 * 0.5, 0.4 * 0.8 * np.sqrt(0.8) + 0.6 * 0.5 * np.sqrt(0.88)
    assert made.figure_of("Reconvicted: true effect, First") == pytest.approx(1 - after / before)
    assert made.figure_of("Reconvicted: measured effect, First") == pytest.approx(1 - after / before)


def test_a_drift_of_events_a_reoffender_alone() -> None:
    plain = data()
    plain["metrics"].append({"kind": "binary"})
    plain["metrics"].append({"kind": "frequency", "name": "Per reoffender", "per": "reoffender"})
    plain["measurement"] = [
        {"kind": "historical", "baseline": 1.55, "metrics": ["Reconviction events"]},
        {"kind": "historical", "baseline": 0.5, "metrics": ["Reconvicted"]},
        {"kind": "historical", "baseline": 3.1, "metrics": ["Per reoffender"]},
    ]
    plain["assumptions"] |= {"share_reoffending": 0.5, "effect": 0, "drift_per_reoffender": 0.22, "drift": -0.05}
    made = base_case(deal_of(plain))
    assert made.figure_of("Reconvicted: measured effect, First") == pytest.approx(0.05)
    assert made.figure_of("Per reoffender: measured effect, First") == pytest.approx(-0.22)
    assert made.figure_of("Reconviction events: measured effect, First") == pytest.approx(1 - 0.95 * 1.22)


def test_a_specialist_serves_its_segment_alone() -> None:
    """100 of 1,000 women in the first cohort and none in the second, £500 a start: £50,000."""
    plain = data()
    plain["cohorts"][0]["segments"] = [{"name": "Women", "share": 0.1}, {"name": "Men", "share": 0.9}]
    plain["providers"].append({"name": "Women's centre", "per_start": 500, "segments": ["Women"]})
    made = base_case(deal_of(plain))
    assert made.row_of("Women's centre: bill").sum() == pytest.approx(50_000)
    plain["providers"][1]["segments"] = ["Woman"]
    with pytest.raises(DealError) as caught:
        deal_of(plain)
    assert '"Woman" is not a segment of its cohorts of this deal. Did you mean "Women"?' in str(caught.value)
    plain["providers"][1] |= {"segments": ["Women"], "cohorts": ["Second"]}
    with pytest.raises(DealError) as caught:
        deal_of(plain)
    assert '"Women\'s centre" serves nobody.' in str(caught.value)


def changed(**changes: Any) -> dict[str, Any]:
    plain = data()
    plain["cohorts"][0]["segments"] = [{"name": "A", "share": 0.4}, {"name": "B", "share": 0.6}]
    plain["assumptions"] |= changes
    return plain


@pytest.mark.parametrize(
    ("plain", "said"),
    [
        (changed(by_segment={"C": {"engagement": 0.5}}), '"C" is not a segment of this deal. There are: A, B.'),
        (
            changed(
                by_segment={"A": {"events_per_person": 2}}, by_metric={"Reconviction events": {"events_per_person": 1}}
            ),
            '"Reconviction events" has a belief of its own about it, under by_metric.',
        ),
        (changed(by_segment={"A": {"share_reoffending": 0.4}}), "some segments have a share reoffending, others none."),
    ],
)
def test_beliefs_about_segments_that_do_not_fit(plain: dict[str, Any], said: str) -> None:
    with pytest.raises(DealError) as caught:
        deal_of(plain)
    assert said in str(caught.value)


def test_shares_that_are_not_the_whole() -> None:
    plain = data()
    plain["cohorts"][0]["segments"] = [{"name": "A", "share": 0.4}, {"name": "B", "share": 0.5}]
    with pytest.raises(DealError) as caught:
        deal_of(plain)
    assert "The segments' shares add up to 0.9, not to 1." in str(caught.value)
