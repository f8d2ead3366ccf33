"""Views: what each reader wants to know, as tables and charts by line, one file each. `VIEWS` is the list."""

from sibmodel.views.checks import checks
from sibmodel.views.commissioner import commissioner
from sibmodel.views.error_rates import error_rates
from sibmodel.views.investor import investor
from sibmodel.views.simulation import simulation
from sibmodel.views.waterfall import waterfall

VIEWS = (investor, commissioner, error_rates, waterfall, simulation, checks)
"""Every view of a run, in the order in which they are read; one that a deal has no use for is None."""

__all__ = ["VIEWS"]
