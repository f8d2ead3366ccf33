"""Views: what each reader wants to know, as tables and charts by line, one file each. `VIEWS` is the list."""

from sibmodel.results import Run
from sibmodel.views.actuals import actuals
from sibmodel.views.assurance import assurance
from sibmodel.views.bearing import bearing
from sibmodel.views.checks import checks
from sibmodel.views.commissioner import commissioner
from sibmodel.views.common import View
from sibmodel.views.consortium import consortium
from sibmodel.views.error_rates import error_rates
from sibmodel.views.guide import guide
from sibmodel.views.investor import investor
from sibmodel.views.provider import providers
from sibmodel.views.records import assumptions_log, change_log, sources
from sibmodel.views.risk_transfer import risk_transfer
from sibmodel.views.sensitivity import sensitivity
from sibmodel.views.simulation import simulation
from sibmodel.views.value_for_money import value_for_money
from sibmodel.views.waterfall import waterfall

VIEWS = (investor, commissioner, error_rates, bearing, waterfall, sensitivity, simulation, assurance, checks)
"""Every view of a run, in the order in which they are read; one that a deal has no use for is None."""


def every_view(run: Run) -> list[View]:
    """All views of a run, in the order in which they are read: those of `VIEWS`, those that only some deals have, the
    providers', and those about the book itself."""
    shown = [build(run) for build in (*VIEWS[:-3], actuals, consortium)]
    shown.append(None if run.value is None else value_for_money(run.value))
    shown.append(None if run.comparison is None else risk_transfer(run.comparison))
    last = [build(run) for build in VIEWS[-3:]]
    records = [build(run) for build in (guide, assumptions_log, sources, change_log)]
    return [view for view in (*shown, *providers(run), *last, *records) if view is not None]


__all__ = ["VIEWS", "every_view"]
