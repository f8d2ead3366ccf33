"""The verbs of the command: one file each. Each imports what it needs when it is called. `VERBS` is the list."""

from sibmodel.commands.check import check
from sibmodel.commands.error_rates import error_rates
from sibmodel.commands.evidence import evidence
from sibmodel.commands.examples import examples
from sibmodel.commands.explain import explain
from sibmodel.commands.export import export
from sibmodel.commands.new import new
from sibmodel.commands.prior import prior
from sibmodel.commands.run import run

VERBS = (
    examples,
    new,
    check,
    run,
    export,
    explain,
    error_rates,
    evidence,
    prior,
)

__all__ = ["VERBS"]
