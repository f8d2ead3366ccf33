"""Results: a run of a deal, what it says, and all of it as plain data (`document`)."""

from sibmodel.results.as_data import document
from sibmodel.results.base_case import lowest_cash
from sibmodel.results.runs import PATHS_OF_ERROR_RATES, Chance, Run, chance, lost, paid, rate_status, run
from sibmodel.simulation import CRUMB

__all__ = [
    "CRUMB",
    "PATHS_OF_ERROR_RATES",
    "Chance",
    "Run",
    "chance",
    "document",
    "lost",
    "lowest_cash",
    "paid",
    "rate_status",
    "run",
]
