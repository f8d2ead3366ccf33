"""Results: a run of a deal, what it says, and all of it as plain data (`document`)."""

from sibmodel.results.as_data import comparison_document, document, value_document
from sibmodel.results.base_case import lowest_cash
from sibmodel.results.runs import (
    PATHS_OF_ERROR_RATES,
    Chance,
    Run,
    chance,
    compared,
    lost,
    of_comparison,
    of_sensitivity,
    of_value,
    paid,
    rate_status,
    run,
    valued,
)
from sibmodel.simulation import CRUMB

__all__ = [
    "CRUMB",
    "PATHS_OF_ERROR_RATES",
    "Chance",
    "Run",
    "chance",
    "compared",
    "comparison_document",
    "document",
    "lost",
    "lowest_cash",
    "of_comparison",
    "of_sensitivity",
    "of_value",
    "paid",
    "rate_status",
    "run",
    "value_document",
    "valued",
]
