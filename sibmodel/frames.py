"""A run as pandas tables: its figures by path, and its lines over time, for whoever works on in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sibmodel.metrics import RateStatus
from sibmodel.results import Run
from sibmodel.timeline import month_end

if TYPE_CHECKING:
    import pandas as pd


def paths(run: Run) -> pd.DataFrame:
    """One row for each simulated path, counted from 1; one column for each headline figure, money in pounds, and the
    status of the rate of return in words. Raises NotFoundError where not all paths are kept."""
    import pandas as pd

    frame = pd.DataFrame(run.simulation.every_path(), index=pd.RangeIndex(1, run.simulation.paths + 1, name="path"))
    names = {status.value: status.name.lower() for status in RateStatus}
    frame["rate_status"] = pd.Categorical([names[int(one)] for one in run.simulation.rate_status])
    return frame


def cash_flows(run: Run) -> pd.DataFrame:
    """The base case: one row for each month's end, one column for each party; money in is positive, pounds."""
    import pandas as pd

    ends = [month_end(run.deal.start.plus(passed)) for passed in range(run.model.book.periods)]
    flows = {party: run.base.row(line) for party, line in run.model.flows.of.items()}
    return pd.DataFrame(flows, index=pd.DatetimeIndex(np.array(ends, dtype="datetime64[D]"), name="month end"))


def second_opinion(run: Run) -> float:
    """Investors' rate of return in the base case by numpy-financial, annual effective; nan where it finds none.

    Where there is exactly one rate it must agree with ours; where there are several it names one of them.
    """
    import numpy_financial

    monthly = float(numpy_financial.irr(run.base.row(run.model.returns.everyone.flow)))
    return float((1.0 + monthly) ** 12 - 1.0)
