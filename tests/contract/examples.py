"""Small terms of every payment mechanism, as a file holds them: what the contract suite runs on.

The measures are those of `tests.contract.bench`: the share who reoffend and their events, both against a fixed
baseline, and two milestones, a job and a job kept. To have a new mechanism tested, add its examples here.
"""

from __future__ import annotations

from typing import Any

from sibmodel import payments as family
from sibmodel.payments import PaymentTerms

Plain = dict[str, Any]

STEPS = [{"at": "5%", "amount": 100_000}, {"at": "10%", "amount": 250_000}, {"at": "20%", "amount": 400_000}]
SHARES = [{"at": "5%", "share": "20%"}, {"at": "15%", "share": "100%"}]

EXAMPLES: dict[type[PaymentTerms], dict[str, Plain]] = {
    family.ThresholdPayment: {
        "cliff with a pool": {"threshold": "10%", "fallback": {"pooled": "7.5%"}, "price": 10_000},
        "excess": {"threshold": "7.5%", "price": 10_000, "pays": "excess"},
        "excess of the pool alone": {"fallback": {"pooled": "7.5%"}, "price": 10_000, "pays": "excess"},
        "points by cohort": {"test": "difference", "thresholds": {"First": "5%", "Second": "3%"}, "price": 9_000},
    },
    family.TariffPayment: {
        "avoided": {"price": 8_000},
        "two-way": {"price": 8_000, "worse": "owed back"},
        "carried forward": {"price": 8_000, "carry_forward": True},
        "achieved": {"price": 3_000, "metric": "Job"},
    },
    family.TablePayment: {
        "steps": {"table": STEPS},
        "straight lines, pooled": {"table": STEPS, "reading": "straight lines", "pooled": True},
        "sliding scale": {"table": SHARES, "reading": "straight lines", "whole": 900_000},
        "points a person": {"measured": "difference", "amounts": "a person", "table": [{"at": "2%", "amount": 300}]},
        "a unit, pooled": {"amounts": "a unit", "pooled": True, "table": [{"at": "5%", "amount": 4_000}]},
        "two-way": {
            "two_way": True,
            "below": "first amount",
            "reading": "straight lines",
            "table": [{"at": "-10%", "amount": -200_000}, {"at": 0, "amount": 0}, {"at": "10%", "amount": 300_000}],
        },
        "success rate": {"metric": "Job", "table": [{"at": "30%", "amount": 50_000}, {"at": "50%", "amount": 90_000}]},
        "success rate, pooled": {"metric": "Job", "pooled": True, "table": STEPS, "reading": "straight lines"},
        "for one cohort": {"cohorts": ["Second"], "pooled": True, "table": STEPS},
    },
    family.TiersPayment: {
        "reduction": {"bands": [{"up_to": "5%", "price": 4_000}, {"up_to": "15%", "price": 9_000}]},
        "points, dead zone": {
            "by": "difference",
            "price_of": "a percentage point",
            "bands": [{"up_to": "2%", "price": 0}, {"up_to": "5%", "price": 50_000}, {"price": 20_000}],
        },
        "units": {"by": "units", "bands": [{"units": 30, "price": 9_000}, {"units": 100, "price": 5_000}]},
        "units together": {"by": "units", "together": True, "bands": [{"units": 60, "price": 9_000}, {"price": 5_000}]},
        "achieved together": {
            "by": "units",
            "together": True,
            "metric": "Job",
            "bands": [{"units": 100, "price": 2_000}, {"units": 500, "price": 1_000}],
        },
        "success rate": {"metric": "Job", "bands": [{"up_to": "20%", "price": 500}, {"price": 2_000}]},
    },
    family.SavingsPayment: {
        "share": {"saving": 20_000, "cashable": "60%", "share": "50%"},
        "ratchet over months": {
            "saving": 20_000,
            "share": "80%",
            "ratchet": {"paid": 500_000, "then": "25%"},
            "arising_months": 12,
        },
        "by bands": {
            "saving": 20_000,
            "threshold": "5%",
            "bands": [{"up_to": "5%", "share": "50%"}, {"up_to": "20%", "share": "100%"}],
        },
        "achieved": {"saving": 5_000, "metric": "Job kept", "share": "40%", "arising_months": 6},
        "achieved, ratchet": {
            "saving": 5_000,
            "metric": "Job",
            "share": "40%",
            "ratchet": {"paid": 200_000, "then": "10%"},
        },
    },
    family.StreamPayment: {
        "avoided": {"benefit_a_year": 2_000, "years": 5, "discount_rate": "3.5%", "stock": 1_000},
        "achieved": {
            "benefit_a_year": 2_000,
            "years": 4,
            "discount_rate": "3.5%",
            "fades": "10%",
            "share": "60%",
            "metric": "Job",
        },
    },
    family.CompositePayment: {
        "two measures": {
            "measures": [{"metric": "Events", "weight": "70%"}, {"metric": "Reoffend", "weight": "30%"}],
            "table": STEPS,
        },
        "adjusted": {
            "measures": [
                {"metric": "Reoffend", "weight": "60%", "measured": "difference", "target": "5%"},
                {"metric": "Job", "weight": "40%", "target": "40%"},
            ],
            "weights": {"First": "50%", "Second": "50%"},
            "treated": "times the share treated",
            "unmatched": "2%",
            "guaranteed": {"people": 1_600, "deemed": "0%"},
            "reading": "straight lines",
            "whole": 800_000,
            "table": [{"at": "50%", "share": "0%"}, {"at": "100%", "share": "100%"}],
        },
    },
    family.FeeForService: {
        "with a band": {
            "start": "2027-04",
            "fees": [400_000, 400_000],
            "expected": [1_000, 500],
            "learning_discount": "5%",
            "band": {"below": "5%", "above": "5%", "most_off": "50%"},
        },
        "within a maximum, carried forward": {
            "start": "2027-04",
            "fees": [400_000, 400_000, 400_000],
            "expected": [900, 900, 1],
            "counts": "people",
            "weights": {"First": 1.2},
            "band": {"below": "5%", "above": "10%", "follows": "50%"},
            "maximum": [450_000, 450_000, 450_000],
            "carry_forward": True,
        },
    },
    family.StandingCharge: {"monthly": {"per_month": 10_000, "start": "2027-04", "months": 36}},
    family.FoundationPayment: {"trued up": {"price": 8_000, "expected": 300_000, "advance": "40%"}},
    family.ClawbackPayment: {
        "in full": {"core": 500_000, "target": "5%", "at_risk": "10%"},
        "in proportion, with a bonus": {
            "core": 500_000,
            "target": "5%",
            "at_risk": "10%",
            "repaid": "in proportion",
            "bonus": {"full_at": "10%", "share": "5%"},
        },
    },
    family.HurdlePayment: {
        "binary before frequency": {
            "metric": "Events",
            "price": 1_500,
            "hurdle": {"metric": "Reoffend", "by": "difference", "at": "2%"},
        },
        "significance, two-way": {
            "metric": "Events",
            "price": 1_500,
            "hurdle": {"metric": "Reoffend", "by": "significance", "at": 1.64},
            "worse": "owed back",
        },
    },
    family.SignificancePayment: {
        "zone": {"price": 8_000},
        "no deductions": {"price": 8_000, "deductions": False},
        "beyond the zone, points": {"price": 90_000, "pays_by": "point", "pays": "excess"},
        "a year judged together": {
            "price": 8_000,
            "pools": {"Year": ["First", "Second"]},
            "termination": {"worse_by": "5%", "stops_payment": True},
        },
    },
    family.TopUpPayment: {
        "a year of two": {
            "price": 8_000,
            "criterion": {"by": "reduction", "at": "10%"},
            "years": {"All": ["First", "Second"]},
            "year_criterion": {"by": "reduction", "at": "7.5%"},
        },
        "settled both ways": {
            "price": 8_000,
            "criterion": {"by": "significance", "at": 1.64},
            "years": {"All": ["First", "Second"]},
            "year_price": 9_000,
            "year_criterion": {"by": "difference", "at": "3%"},
            "excess_owed_back": True,
        },
    },
    family.BonusMalus: {
        "around five points": {
            "test": "difference",
            "target": "5%",
            "bonus_per_point": 40_000,
            "malus_per_point": 20_000,
            "most_malus": 100_000,
        },
        "a milestone, engagement": {
            "metric": "Job",
            "target": "30%",
            "bonus_per_point": 40_000,
            "malus_per_point": 20_000,
            "engagement_floor": "60%",
        },
    },
    family.MilestonesPayment: {
        "ladder": {"rungs": [{"milestone": "Job", "price": 1_000}, {"milestone": "Job kept", "price": 2_000}]},
        "all or nothing": {
            "pays": "all or nothing",
            "rungs": [{"milestone": "Job", "price": 1_000}, {"milestone": "Job kept", "price": 2_000}],
        },
    },
    family.RateCard: {
        "two lines": {
            "discount": "10%",
            "lines": [
                {"milestone": "Job", "tariff": 1_500, "cap": 700_000},
                {"milestone": "Job kept", "tariff": 2_500, "most_units": 250},
            ],
        },
        "uplifts": {
            "lines": [{"milestone": "Job", "tariff": 1_500, "cap": 900_000}],
            "uplifts": [{"factor": 1.5, "share": "20%"}, {"factor": 1.2, "cohorts": ["Second"]}],
        },
    },
}
"""By mechanism, then by what the example is about."""
