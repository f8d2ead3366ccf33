"""Tables of how sure a measured reduction is, and how often Peterborough's rule pays."""

from __future__ import annotations

from docs_parts.markdown import rows_of
from sibmodel import words
from sibmodel.deal import Deal
from sibmodel.files import read_terms
from sibmodel.measurement import dispersion, pass_probability, standard_error
from sibmodel.model import build
from sibmodel.results import Chance, chance, paid
from sibmodel.simulation import simulate

PAIRS = {"Comparison group, cohort 1": (0.557, 1.55), "Served, cohort 1": (0.534, 1.42)}
"""Share reconvicted and events a person of Peterborough, https://gov.uk/government/news/payment-by-results-pilots-on-track-for-success."""


def dispersion_table(_of: str = "") -> str:
    """The shape of the count that follows from a published pair of figures."""
    rows = []
    for who, (share, events) in PAIRS.items():
        shape = dispersion(share, events)
        rows.append([who, f"{share:.1%}", f"{events:.2f}", f"{shape:.3f}", f"{1 + events / shape:.1f}"])
    return rows_of(["Group", "Reconvicted", "Events a person, μ", "Shape, k", "Variance ÷ mean"], rows)


PEOPLE = (300, 404, 1000, 2000, 3000)
ERRORS = (0.0, 0.03, 0.05)
EFFECTS = (0.0, 0.05, 0.075, 0.10, 0.125, 0.15, 0.20)
TESTS = ((1000, 0.10), (2000, 0.075), (3000, 0.075))
EVENTS, SHAPE, CONTROLS = 1.55, 0.693, 10
"""Peterborough's first cohort: events a person, the shape that follows from 55.7 % reconvicted, and ten to one."""


def spread_table(_of: str = "") -> str:
    """Standard deviation of the measured reduction where there is no true effect, by people and matching error."""
    rows = []
    for people in PEOPLE:
        poisson = standard_error(people, EVENTS, 1e12, CONTROLS)
        errors = [standard_error(people, EVENTS, SHAPE, CONTROLS, 0.0, error) for error in ERRORS]
        rows.append([f"{people:,}", *(f"{100 * float(one):.1f}" for one in (poisson, *errors))])
    return rows_of(["People", "Poisson (wrong)", "Matching error 0", "3%", "5%"], rows)


def chances_table(_of: str = "") -> str:
    """Chance that the measured reduction reaches the threshold, by true effect, people and matching error."""
    rows = []
    for effect in EFFECTS:
        cells = []
        for people, threshold in TESTS:
            errors = [standard_error(people, EVENTS, SHAPE, CONTROLS, effect, error) for error in ERRORS]
            cells.append(" / ".join(f"{float(pass_probability(effect, threshold, one)):.3f}" for one in errors))
        rows.append([words.percent(effect), *cells])
    return rows_of(["True effect", *(f"{people:,} people at {threshold:.1%}" for people, threshold in TESTS)], rows)


CALCULATED_SEPARATELY = {0.0: (0.048, 0.093, 0.159), 0.05: (0.38, 0.42, 0.44), 0.10: (0.91, 0.84, 0.77)}
"""Chance of any payment under Peterborough's rule, by a separate program with 400,000 paths; by effect and error."""
THE_RULE = """
name: Peterborough's rule as it was signed, and nothing else
start: 2010-09
months: 1
cohorts:
  - {name: Cohort 1, people: 1000, referrals: {start: 2010-09, months: 1}}
  - {name: Cohort 2, people: 1000, referrals: {start: 2010-09, months: 1}}
  - {name: Cohort 3, people: 1000, referrals: {start: 2010-09, months: 1}}
metrics: [{kind: frequency}]
measurement: [{kind: matched}]
payments: [{kind: threshold, payers: [{name: Payer}], price: 1, threshold: 10%, fallback: {pooled: 7.5%}}]
providers: [{name: Provider}]
funding:
  tranches: [{name: Capital, commitment: 0}]
  waterfall: [{kind: costs}, {kind: principal, tranches: [Capital]}]
assumptions: {events_per_person: 1.55, effect: 0, dispersion: 0.693, matching_error: 0}
"""


def rule_chance(effect: float, error: float, paths: int = 10_000) -> Chance:
    """The package's chance of any payment under Peterborough's rule as signed: three cohorts of 1,000."""
    deal = read_terms(THE_RULE, Deal).replace("assumptions.effect", effect)
    if error:
        deal = deal.replace("assumptions.matching_error", {"normal": {"mean": 0, "sd": error}})
    return chance(paid(simulate(build(deal), paths)), 1)


def rule_table(_of: str = "") -> str:
    """Chance of any payment under Peterborough's rule: by the package, and by a separate program."""
    rows = []
    for effect, others in CALCULATED_SEPARATELY.items():
        for error, other in zip(ERRORS, others, strict=True):
            found = rule_chance(effect, error)
            ours = f"{found.value:.3f} ± {found.error:.3f}"
            rows.append([words.percent(effect, 0), words.percent(error, 0), ours, f"{other:g}"])
    return rows_of(["True effect", "Matching error", "This package", "Separate program"], rows)
