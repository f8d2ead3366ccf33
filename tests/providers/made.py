"""The small deal with a provider of one's own: people of the first cohort start in periods 4 to 13, a hundred a month,
those of the second in 16 to 25, fifty a month; each is served for six months. Outcome payments of £1,860,000 and
£930,000 come in periods 36 and 48."""

from __future__ import annotations

from typing import Any

from sibmodel.deal import Deal
from sibmodel.providers import ProviderCash
from tests.deals import Case, Floats, base_case, data, deal_of

FIRST, SECOND = range(4, 14), range(16, 26)
SERVED = range(4, 31)
RECEIPTS = {36: 1_860_000.0, 48: 930_000.0}


def deal_with(*providers: dict[str, Any], **changes: Any) -> Deal:
    """The small deal with these providers, and other assumptions."""
    plain = data()
    plain["providers"] = [{"name": "Charity", **one} for one in providers]
    plain["assumptions"].update(changes)
    for tranche in plain["funding"]["tranches"]:
        tranche["commitment"] = 5_000_000
    return deal_of(plain)


def made(*providers: dict[str, Any], **changes: Any) -> Case:
    """Its base case; every check of it holds."""
    case = base_case(deal_with(*providers, **changes))
    assert case.figure(case.model.checks.failing) == 0
    return case


def bill(case: Case, place: int = 0) -> Floats:
    """What falls due to a provider."""
    return case.row(case.model.providers[place].bill.line)


def cash(case: Case, place: int = 0) -> ProviderCash:
    return case.model.provider_cash[place]
