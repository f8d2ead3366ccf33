"""How payment sorts truth: METHOD 2.7's and 2.8's tables by simulating whole deals, 2.7's sample sizes by formula."""

from __future__ import annotations

import pytest

from sibmodel.analysis.error_rates import error_rates
from sibmodel.analysis.power import people_needed, people_needed_binary
from sibmodel.deal import Deal
from sibmodel.files import read_terms

PATHS = 16_384

DEAL = """
name: One test
start: 2027-04
months: 60
cohorts:
  - {{name: Only, people: {people}, referrals: {{start: 2027-04, months: 12}}}}
metrics:
  - {{kind: frequency}}
measurement:
  - {{kind: matched, controls_per_person: 10}}
payments:
  - {{kind: threshold, price: 1000, threshold: {threshold}, payers: [{{name: Ministry of Justice}}]}}
providers:
  - {{name: Charity, fixed_per_month: 1000}}
funding:
  tranches: [{{name: Lender, commitment: 1000000}}]
  waterfall: [{{kind: costs}}, {{kind: principal, tranches: [Lender]}}]
assumptions:
  events_per_person: 1.55
  dispersion: 0.693
  effect: {{log_reduction: {{mean: 0.05, sd: 0.07}}}}
  matching_error: {matching}
"""


def deal(people: int, threshold: float, matching: float) -> Deal:
    error = "0" if matching == 0 else f"{{normal: {{mean: 0, sd: {matching}}}}}"
    return read_terms(DEAL.format(people=people, threshold=threshold, matching=error), Deal)


@pytest.mark.parametrize(
    ("people", "threshold", "matching", "paid", "measured", "true", "meets", "missed", "false"),
    [
        (1000, 0.10, 0.0, 0.26, 0.144, 0.114, 0.62, 0.25, 0.12),
        (1000, 0.10, 0.05, 0.29, 0.153, 0.102, 0.52, 0.31, 0.18),
        (3000, 0.075, 0.0, 0.36, 0.120, 0.111, 0.83, 0.15, 0.09),
        (3000, 0.075, 0.05, 0.38, 0.130, 0.098, 0.68, 0.25, 0.18),
        (404, 0.10, 0.05, 0.31, 0.163, 0.092, 0.45, 0.34, 0.22),
    ],
)
def test_true_measured_paid(
    people: int,
    threshold: float,
    matching: float,
    paid: float,
    measured: float,
    true: float,
    meets: float,
    missed: float,
    false: float,
) -> None:
    """METHOD 2.8, the waterfall at the prior N(-.05, .07²). Printed to two places (means to 0.1 point); the tables use
    the delta method and we the counts themselves, so that half a printed digit and four Monte Carlo errors are allowed.
    """
    found = error_rates(deal(people, threshold, matching), paths=PATHS, effects=()).judgement
    assert found.paid == pytest.approx(paid, abs=0.005 + 4 * found.paid_error)
    assert found.measured_if_paid == pytest.approx(measured, abs=0.0005 + 4 * 0.0007)
    assert found.true_if_paid == pytest.approx(true, abs=0.0005 + 4 * found.true_if_paid_error)
    assert found.meets_target_if_paid == pytest.approx(meets, abs=0.005 + 4 * 0.008)
    assert found.unpaid_if_meets_target == pytest.approx(missed, abs=0.005 + 4 * 0.008)
    assert found.paid_if_below_target == pytest.approx(false, abs=0.005 + 4 * 0.004)


@pytest.mark.parametrize(
    ("people", "threshold", "matching", "chances"),
    [
        (1000, 0.10, 0.0, {0.0: 0.014, 0.05: 0.13, 0.10: 0.50, 0.15: 0.88}),
        (1000, 0.10, 0.05, {0.0: 0.064, 0.05: 0.22, 0.10: 0.50, 0.15: 0.79}),
        (2000, 0.075, 0.03, {0.0: 0.042, 0.05: 0.28, 0.10: 0.73, 0.15: 0.97}),
        (3000, 0.075, 0.05, {0.0: 0.086, 0.05: 0.32, 0.10: 0.68, 0.15: 0.93}),
    ],
)
def test_chance_of_passing(people: int, threshold: float, matching: float, chances: dict[float, float]) -> None:
    """METHOD 2.7's second table; it is by formula, which the counts themselves meet to within a point."""
    found = error_rates(deal(people, threshold, matching), paths=PATHS, effects=tuple(chances))
    for point in found.curve:
        if point.effect in chances:
            assert point.paid == pytest.approx(chances[point.effect], abs=0.01 + 3 * point.paid_error)


@pytest.mark.parametrize(
    ("reduction", "events", "poisson", "reoffences", "low_risk", "binary", "binary_low"),
    [
        (0.05, 5477, 1747, 6491, 20310, 2510, 5681),
        (0.10, 1319, 435, 1554, 4851, 629, 1384),
        (0.15, 564, 193, 661, 2056, 279, 598),
        (0.20, 305, 108, 355, 1101, 156, 326),
    ],
)
def test_sample_sizes(
    reduction: float, events: int, poisson: int, reoffences: int, low_risk: int, binary: int, binary_low: int
) -> None:
    """METHOD 2.7's last table, to the printed person."""
    assert round(people_needed(reduction, 1.55, 0.693)) == events
    assert round(people_needed(reduction, 1.55, 1e9)) == poisson
    assert round(people_needed(reduction, 2.05, 0.5)) == reoffences
    assert round(people_needed(reduction, 0.88, 0.15)) == low_risk
    assert round(people_needed_binary(reduction, 0.557)) == binary
    assert round(people_needed_binary(reduction, 0.35)) == binary_low
