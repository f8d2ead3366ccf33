"""Incentives: what an extra outcome earns where, whom it pays to serve, and what a right to early payment is worth."""

from sibmodel.analysis.incentives.asking import PATHS, Incentives, incentives
from sibmodel.analysis.incentives.bands import BANDS, Band, BandPay, band_pay
from sibmodel.analysis.incentives.early import EarlyPayment, early_payment
from sibmodel.analysis.incentives.marginal import (
    BATCHES,
    CAP_FATIGUE,
    CLIFF,
    DEAD_ZONE,
    Margin,
    flag_of,
    marginal_pay,
    marginal_share,
)

__all__ = [
    "BANDS",
    "BATCHES",
    "CAP_FATIGUE",
    "CLIFF",
    "DEAD_ZONE",
    "PATHS",
    "Band",
    "BandPay",
    "EarlyPayment",
    "Incentives",
    "Margin",
    "band_pay",
    "early_payment",
    "flag_of",
    "incentives",
    "marginal_pay",
    "marginal_share",
]
