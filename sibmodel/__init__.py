"""Financial modelling of social impact bonds that reduce reoffending.

    import sibmodel as sib

    deal = sib.read("peterborough")
    run = sib.run(deal, paths=10_000, seed=1)
    sib.document(run)["base"]["investor"]["irr"]
    sib.write_workbook(run, "peterborough.xlsx")

    found = sib.price(deal, "payments[0].price", "irr = 5%")
    found.answer.value

What stands here is loaded when it is first used, so that importing the package is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from sibmodel.analysis.incentives import Band
    from sibmodel.answers import document, write_workbook
    from sibmodel.deal import Deal
    from sibmodel.deals import read
    from sibmodel.errors import DealError, NotFoundError, OutputError, SibmodelError
    from sibmodel.model import Model, build
    from sibmodel.questions import (
        compare,
        difference,
        error_rates,
        frontier,
        incentives,
        price,
        sensitivity,
        value,
        winners_curse,
    )
    from sibmodel.results import Run, run
    from sibmodel.simulation import reopen, simulate

_HOMES = {
    "Band": "analysis.incentives",
    "Deal": "deal",
    "DealError": "errors",
    "Model": "model",
    "NotFoundError": "errors",
    "OutputError": "errors",
    "Run": "results",
    "SibmodelError": "errors",
    "build": "model",
    "compare": "questions",
    "difference": "questions",
    "document": "answers",
    "error_rates": "questions",
    "frontier": "questions",
    "incentives": "questions",
    "price": "questions",
    "read": "deals",
    "reopen": "simulation",
    "run": "results",
    "sensitivity": "questions",
    "simulate": "simulation",
    "value": "questions",
    "winners_curse": "questions",
    "write_workbook": "answers",
}

__all__ = [
    "Band",
    "Deal",
    "DealError",
    "Model",
    "NotFoundError",
    "OutputError",
    "Run",
    "SibmodelError",
    "__version__",
    "build",
    "compare",
    "difference",
    "document",
    "error_rates",
    "frontier",
    "incentives",
    "price",
    "read",
    "reopen",
    "run",
    "sensitivity",
    "simulate",
    "value",
    "winners_curse",
    "write_workbook",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"sibmodel.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'sibmodel' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
