"""Members: an employee-owned mutual's own capital, and the share of its surplus that it pays out to its members."""

from __future__ import annotations

from typing import Literal

from sibmodel.month import Month
from sibmodel.terms import Terms, choice, money, month, share


class Members(Terms):
    """Members of a mutual put in capital and share the surplus that this deal earns."""

    capital: float = money("Capital that members put in", default=0.0)
    paid_in: Month | None = month("Month in which it is put in; the first unless told", default=None)
    profit_share: float = share(
        "Share of the surplus paid out to members: of what the deal has earned and not yet paid out, as far as cash is "
        "above reserves",
        default=0.0,
    )
    shared_out: Literal["yearly", "at the end"] = choice(
        "Whether it is paid out at the end of every twelfth month, or in the last month", default="at the end"
    )
