"""Measurement: what the assessor sees of the true effect, through noise, matching error and drift.

`DESIGNS` is the list of ways to find what would have happened without the service.
"""

from sibmodel.measurement.common import Comparison, Design, MeasuredCohort, MeasuredMetric
from sibmodel.measurement.designs import DESIGNS, AnyDesign, Blend, Historical, Matched, Randomised
from sibmodel.measurement.stage import Measured, build, pooled
from sibmodel.measurement.statistics import (
    COUNT,
    NegativeBinomialCount,
    dispersion,
    pass_probability,
    standard_error,
)

__all__ = [
    "COUNT",
    "DESIGNS",
    "AnyDesign",
    "Blend",
    "Comparison",
    "Design",
    "Historical",
    "Matched",
    "Measured",
    "MeasuredCohort",
    "MeasuredMetric",
    "NegativeBinomialCount",
    "Randomised",
    "build",
    "dispersion",
    "pass_probability",
    "pooled",
    "standard_error",
]
