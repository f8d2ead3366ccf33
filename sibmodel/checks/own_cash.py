"""Checks of the providers' own cash."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sibmodel.checks.common import Desk
from sibmodel.ledger import Flows
from sibmodel.lines import (
    running_total,
    sum_of,
)
from sibmodel.providers import ProviderCash


def providers(desk: Desk, flows: Flows, cash: Sequence[ProviderCash]) -> None:
    title = "Providers' cash agrees with the ledger"
    desk.section.heading = title
    gaps = []
    for one in cash:
        moved = desk.section.line(
            f"{one.name}: moved so far",
            running_total(flows.of[one.name]),
            unit="£",
            note="All its flows, by the ledger.",
        )
        all_cash = moved if one.opening_cash is None else moved + one.opening_cash
        gaps.append(
            desk.section.line(
                f"{one.name}: cash by the ledger, off by",
                np.abs(all_cash - one.cash.closing),
                unit="£",
                note="Its own cash and all that moved, against its closing cash.",
            )
        )
    desk.nil(
        title,
        "A provider's own cash and all that moved by the ledger is its closing cash.",
        sum_of(gaps) * 1,
        "Of all providers.",
    )
