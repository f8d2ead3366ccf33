"""Figures that say what cash flows and simulated results mean: pure functions, arrays in, arrays out."""

from sibmodel.metrics.irr import Rates, RateStatus, compiled_irr, irr, irr_dated, irr_is_compiled
from sibmodel.metrics.replicates import error_by_replicates
from sibmodel.metrics.risk import (
    Summary,
    error_of_expected_shortfall,
    error_of_mean,
    error_of_probability,
    error_of_quantile,
    error_of_share,
    expected_shortfall,
    probability,
    quantiles,
    summarise,
)
from sibmodel.metrics.value import invested, moic, npv, payback, peak_capital, received

__all__ = [
    "RateStatus",
    "Rates",
    "Summary",
    "compiled_irr",
    "error_by_replicates",
    "error_of_expected_shortfall",
    "error_of_mean",
    "error_of_probability",
    "error_of_quantile",
    "error_of_share",
    "expected_shortfall",
    "invested",
    "irr",
    "irr_dated",
    "irr_is_compiled",
    "moic",
    "npv",
    "payback",
    "peak_capital",
    "probability",
    "quantiles",
    "received",
    "summarise",
]
