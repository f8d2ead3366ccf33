"""The ledger: every payment has a payer, a payee and a label, so that no money appears from nowhere.

A party's cash flow is a sum of transfers. All parties together are nil in every period of every path.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sibmodel.lines import Line, Section, highest, lowest, sum_of


@dataclass(frozen=True, eq=False)
class Bill:
    """An amount that the vehicle owes to a party, over time; it becomes a transfer when it is paid."""

    payee: str
    label: str
    line: Line


@dataclass(frozen=True, eq=False)
class Transfer:
    """A positive amount over time from payer to payee."""

    payer: str
    payee: str
    label: str
    line: Line


@dataclass(eq=False)
class Ledger:
    """All transfers of a deal. A party is an investor, a payer, a provider, the vehicle, or the world outside."""

    transfers: list[Transfer] = field(default_factory=list)

    def transfer(self, payer: str, payee: str, label: str, line: Line) -> None:
        """Record a transfer. Raises ValueError for a party that pays itself."""
        if payer == payee:
            raise ValueError(f"{payer} cannot pay itself ({label}).")
        self.transfers.append(Transfer(payer, payee, label, line))

    @property
    def parties(self) -> list[str]:
        """All parties, in the order in which they first appear."""
        return list(dict.fromkeys(party for one in self.transfers for party in (one.payer, one.payee)))

    def received(self, party: str, *labels: str) -> list[Line]:
        """What a party receives, under all labels or those named."""
        return [one.line for one in self.transfers if one.payee == party and (not labels or one.label in labels)]

    def paid(self, party: str, *labels: str) -> list[Line]:
        """What a party pays, under all labels or those named."""
        return [one.line for one in self.transfers if one.payer == party and (not labels or one.label in labels)]


@dataclass(frozen=True, eq=False)
class Flows:
    """Each party's cash flow, and the sum over all parties, which is nil."""

    of: dict[str, Line]
    net: Line
    net_highest: Line
    net_lowest: Line


def build(section: Section, ledger: Ledger) -> Flows:
    """The parties' cash flows as lines: money in is positive."""
    flows = {}
    for party in ledger.parties:
        section.heading = party
        flows[party] = section.line(
            f"Cash flow, {party}",
            _net(section, f"Cash flow, {party}", ledger.received(party), ledger.paid(party)),
            unit="£",
            note="All that the party receives, less all that it pays.",
        )
    section.heading = "All parties"
    net = section.line(
        "Cash flow of all parties together",
        sum_of(list(flows.values())),
        unit="£",
        note="Nil in every period: each transfer leaves one party and reaches another.",
    )
    return Flows(
        flows,
        net,
        section.line("Highest of any period", highest(net), unit="£", note="Nil."),
        section.line("Lowest of any period", lowest(net), unit="£", note="Nil."),
    )


MOST_IN_A_FORMULA = 17
"""So many flows make a formula that can be read; more are gathered in subtotals."""


def _net(section: Section, name: str, received: list[Line], paid: list[Line]) -> Any:
    if len(received) + len(paid) > MOST_IN_A_FORMULA:
        most = MOST_IN_A_FORMULA // 2
        received = section.gathered(f"{name}: received", received, most, unit="£")
        paid = section.gathered(f"{name}: paid", paid, most, unit="£")
    if not paid:
        return sum_of(received)
    return sum_of(received) - sum_of(paid) if received else -sum_of(paid)
