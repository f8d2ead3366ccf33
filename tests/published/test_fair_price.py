"""METHOD 4.4: the tariff at which investors' mean net present value is nil, by threshold, with the cap in proportion.

| Threshold | tariff | P(pay) | SD investor | E[pay | true ≤ 0] |
| 0 | £18.4k | .85 | 3.3 | £0.81m | · | 7.5% | £22.6k | .51 | 4.8 | £0.19m |

The separate program pays providers at three dates and counts time in years; here capital is drawn month by month as
cash is needed, and delays are whole months. So tariffs are some 3% lower here, in the same
proportion to each other.
"""

from __future__ import annotations

import pytest

from sibmodel.analysis.price import Frontier, frontier
from sibmodel.deal import Deal
from sibmodel.faults import terms_from
from sibmodel.yaml_text import read_yaml

CAP = 0.13 * 1.55 * 3_000
"""Events by the cap: a reduction of 13% of the events of 3,000 people."""
TEXT = f"""\
name: One service, by results
start: 2027-04
months: 100
cohorts:
  - {{name: First, people: 1000, referrals: {{start: 2027-04, months: 1}}, service_months: 12}}
  - {{name: Second, people: 1000, referrals: {{start: 2028-04, months: 1}}, service_months: 12}}
  - {{name: Third, people: 1000, referrals: {{start: 2029-04, months: 1}}, service_months: 12}}
metrics:
  - {{kind: frequency, window_months: 12, court_months: 6, assessment_months: 18}}
measurement:
  - {{kind: matched, controls_per_person: 10}}
payments:
  - kind: threshold
    name: Outcome payment
    payers: [{{name: Commissioner of the service}}]
    price: 14000
    fallback: {{pooled: 7.5%}}
    cap: {14_000 * CAP}
    payment_months: 0
providers:
  - name: Provider
    mobilisation: {{cost: 400000, start: 2027-04, months: 1}}
    fixed_per_month: 50000
    per_start: 800
    margin: 5%
    holdback: {{share: 5%, target: 7.5%}}
intermediary: {{name: Intermediary, set_up: 100000, per_month: 8333.33, months: 48}}
funding:
  vehicle: Bond vehicle
  tranches: [{{name: Capital, investor: Social investor, commitment: 9000000}}]
  waterfall:
    - kind: costs
    - {{kind: principal, tranches: [Capital]}}
    - {{kind: surplus, tranches: [Capital]}}
early_end: {{outcomes: paid, closing_months: 12}}
assumptions:
  events_per_person: {{lognormal: {{mean: 1.55, sd: 0.124}}}}
  effect: {{log_reduction: {{mean: 0.08, sd: 0.06}}}}
  dispersion: 0.693
  matching_error: {{normal: {{mean: 0, sd: 4%}}}}
  volume: {{lognormal: {{mean: 1, sd: 0.18}}}}
  cost_overrun: {{normal: {{mean: 0, sd: 8%}}}}
  delay_months: {{gamma: {{mean: 4.2, sd: 4.2}}}}
  policy_shock: 4.877%
  investor_discount_rate: 3.5%
"""
PRINTED = {
    0.0: {"tariff": 18_400, "paid": 0.85, "spread": 3.3e6, "for_nothing": 0.81e6, "most": 11.1e6},
    0.075: {"tariff": 22_600, "paid": 0.51, "spread": 4.8e6, "for_nothing": 0.19e6, "most": 13.6e6},
}


@pytest.fixture(scope="module")
def fair() -> Frontier:
    deal = terms_from(read_yaml(TEXT, "the deal").value, Deal, "the deal")
    return frontier(
        deal, "payments[0].price=£16,000..£26,000", "mean npv = 0", "payments[0].fallback.pooled=0,7.5%",
        in_proportion=["payments[0].cap"], paths=2_048, sampler="sobol",
    )  # fmt: skip


def test_as_printed(fair: Frontier) -> None:
    for point in fair.points:
        printed, answer, made = PRINTED[point.along], point.solution.answer, point.contract
        assert answer is not None
        assert made is not None
        assert answer.value == pytest.approx(printed["tariff"], rel=0.04)
        assert answer.error < 0.015 * answer.value
        assert made.paid.value == pytest.approx(printed["paid"], abs=0.012)
        assert made.investors_spread.value == pytest.approx(printed["spread"], rel=0.05)
        assert made.most == pytest.approx(printed["most"], rel=0.04)
        assert abs(made.paid_without_effect.value - printed["for_nothing"]) < 3 * made.paid_without_effect.error
        assert made.mean_bill.value == pytest.approx(5.75e6, rel=0.02)


def test_a_threshold_makes_the_tariff_dearer_in_the_printed_proportion(fair: Frontier) -> None:
    first, second = (point.solution.answer for point in fair.points)
    assert first is not None
    assert second is not None
    assert second.value / first.value == pytest.approx(22.6 / 18.4, rel=0.02)


def test_a_threshold_loosens_the_link_between_pay_and_effect(fair: Frontier) -> None:
    first, second = (point.contract for point in fair.points)
    assert first is not None
    assert second is not None
    assert first.likeness > second.likeness > 0.5
