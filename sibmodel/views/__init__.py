"""Views: what each reader wants to know, as tables and charts by line, one file each. `VIEWS` is the list."""

from sibmodel.results import Run
from sibmodel.views.actuals import actuals
from sibmodel.views.assurance import assumptions_log, assurance
from sibmodel.views.checks import checks
from sibmodel.views.commissioner import commissioner
from sibmodel.views.common import View
from sibmodel.views.consortium import consortium
from sibmodel.views.error_rates import error_rates
from sibmodel.views.investor import investor
from sibmodel.views.provider import providers
from sibmodel.views.simulation import simulation
from sibmodel.views.waterfall import waterfall

VIEWS = (investor, commissioner, error_rates, waterfall, simulation, assurance, assumptions_log, checks)
"""Every view of a run, in the order in which they are read; one that a deal has no use for is None."""


def every_view(run: Run) -> list[View]:
    """All views of a run, in the order in which they are read: those of `VIEWS`, those that only some deals have, and
    the providers'."""
    shown = [build(run) for build in (*VIEWS[:-4], actuals, consortium)]
    last = [build(run) for build in VIEWS[-4:]]
    return [view for view in (*shown, *providers(run), *last) if view is not None]


__all__ = ["VIEWS", "every_view"]
