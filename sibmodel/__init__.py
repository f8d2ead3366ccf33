"""Financial modelling of social impact bonds that reduce reoffending.

    import sibmodel as sib

    deal = sib.read("peterborough")
    run = sib.run(deal, paths=10_000, seed=1)
    sib.document(run)["base"]["investor"]["irr"]
    sib.write_workbook(run, "peterborough.xlsx")

What stands here is loaded when it is first used, so that importing the package is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from sibmodel.deal import Deal
    from sibmodel.deals import read
    from sibmodel.errors import DealError, NotFoundError, OutputError, SibmodelError
    from sibmodel.model import Model, build
    from sibmodel.results import Run, document, run
    from sibmodel.simulation import reopen, simulate
    from sibmodel.workbook import write_workbook

_HOMES = {
    "Deal": "deal",
    "DealError": "errors",
    "Model": "model",
    "NotFoundError": "errors",
    "OutputError": "errors",
    "Run": "results",
    "SibmodelError": "errors",
    "build": "model",
    "document": "results",
    "read": "deals",
    "reopen": "simulation",
    "run": "results",
    "simulate": "simulation",
    "write_workbook": "workbook",
}

__all__ = [
    "Deal",
    "DealError",
    "Model",
    "NotFoundError",
    "OutputError",
    "Run",
    "SibmodelError",
    "__version__",
    "build",
    "document",
    "read",
    "reopen",
    "run",
    "simulate",
    "write_workbook",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"sibmodel.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'sibmodel' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
