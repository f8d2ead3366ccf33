"""A small deal whose measured falls a test sets to the point, for any payment and any measures.

Two cohorts of 1,000 and 500 people, released evenly over the periods 4 to 15 and 16 to 27. Half of them would
reoffend, which is the fixed baseline; all that the service brings about is fewer people who do, so that an effect of
10 % is a fall of five percentage points: 50 and 25 reoffenders avoided. Decided 12 + 6 + 4 months after the last
release: in the periods 37 and 49.
"""

from __future__ import annotations

from typing import Any

from sibmodel.deal import Deal
from sibmodel.yaml_text import read_yaml
from tests.deals import Case, base_case, deal_of

TEXT = """\
name: Small deal
start: 2027-01
months: 72
cohorts:
  - {name: First, people: 1000, referrals: {start: 2027-04, months: 12}, service_months: 6}
  - {name: Second, people: 500, referrals: {start: 2028-04, months: 12}, service_months: 6}
metrics:
  - {kind: binary, name: Reoffend}
measurement:
  - {kind: historical, baseline: 0.5, metrics: [Reoffend]}
providers:
  - {name: Charity, fixed_per_month: 1000}
funding:
  vehicle: Vehicle
  tranches: [{name: Capital, investor: Foundation, commitment: 5000000}]
  waterfall:
    - kind: costs
    - {kind: principal, tranches: [Capital]}
    - {kind: surplus, tranches: [Capital]}
assumptions:
  share_reoffending: 50%
  desistance: 1
"""
DECIDED = {"First": 37, "Second": 49}
MILESTONES = [
    {"kind": "milestone", "name": "Job", "months_after_start": 3},
    {"kind": "milestone", "name": "Job kept", "months_after_start": 9, "of": "Job"},
]
"""A job three months after the start, still held six months later."""
RATES = {"Job": {"success_rate": "40%"}, "Job kept": {"success_rate": "50%"}}
"""400 and 200 of the first cohort get a job; 200 and 100 keep it."""


def plain(payment: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The small deal with one payment, as plain data. `changes` are whole parts of it; those of `assumptions` are
    added."""
    value = read_yaml(TEXT, "the small deal").value
    assert isinstance(value, dict)
    value["payments"] = [{"payers": [{"name": "Ministry"}], "name": "Pay", **payment}]
    for name, part in changes.items():
        if name == "assumptions":
            value["assumptions"] = {**value["assumptions"], **part}
        elif name == "metrics":
            value[name] = [*value[name], *part]
        elif name == "measurement":
            value[name] = [*part, *value[name]]  # the first that covers a measure counts
        else:
            value[name] = part
    return value


def deal(payment: dict[str, Any], effect: Any = 0.1, **changes: Any) -> Deal:
    """The small deal with one payment and an effect, for both cohorts or `{"First": …, "Second": …}`."""
    stated = {"by_cohort": effect} if isinstance(effect, dict) else effect
    assumptions = {"effect": stated, **changes.pop("assumptions", {})}
    return deal_of(plain(payment, assumptions=assumptions, **changes))


def case(payment: dict[str, Any], effect: Any = 0.1, **changes: Any) -> Case:
    """Its base case."""
    return base_case(deal(payment, effect, **changes))


def with_milestones(payment: dict[str, Any], **changes: Any) -> Case:
    """The base case of the small deal with a job and a job kept as further measures."""
    more = changes.pop("metrics", [])
    rates = {**RATES, **changes.pop("rates", {})}
    return case(payment, metrics=[*MILESTONES, *more], assumptions={"by_metric": rates}, **changes)
