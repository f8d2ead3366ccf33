"""Who holds a tranche: one investor, or several who share all its flows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sibmodel.binding import Cells
from sibmodel.ledger import Ledger
from sibmodel.lines import Input, Line, Section
from sibmodel.terms import Terms, rate_of_return, share, text


class Holding(Terms):
    """An investor's part of a tranche."""

    name: str = text("Name of the investor")
    share: float = share("Its share of the tranche: of all that is drawn and of all that is paid", default=1.0)
    target_return: float | None = rate_of_return(
        "Return a year that it wants on all it holds, effective; the simulation says how often it is reached",
        default=None,
        minimum=-0.99,
    )


@dataclass(frozen=True, eq=False)
class Holder:
    """An investor as a party. `share` is None where it holds the whole tranche."""

    name: str
    share: Input | None
    target: Input | None


@dataclass(frozen=True, eq=False)
class Held:
    """What moves between the vehicle and one holder, over time."""

    holder: str
    into: bool
    """Whether the holder pays it."""
    line: Line


def holders(cells: Cells, path: str, tranche: str, single: str, several: Sequence[Holding]) -> tuple[Holder, ...]:
    """The holders of a tranche: `single`, or `several` with their shares as cells."""
    if not several:
        return (Holder(single, None, None),)
    return tuple(
        Holder(
            one.name,
            cells.number(one, "share", f"{path}.investors[{place}]", f"{tranche}: share of {one.name}"),
            None
            if one.target_return is None
            else cells.number(one, "target_return", f"{path}.investors[{place}]", f"{tranche}: target of {one.name}"),
        )
        for place, one in enumerate(several)
    )


def parts(section: Section, held_by: Sequence[Holder], line: Line) -> list[tuple[str, Line]]:
    """What of a line each holder pays or gets."""
    return [
        (
            one.name,
            line
            if one.share is None
            else section.line(f"{line.name}, {one.name}", line * one.share, unit="£", note="Its share."),
        )
        for one in held_by
    ]


def enter(
    section: Section, ledger: Ledger, vehicle: str, held_by: Sequence[Holder], label: str, line: Line, *, into: bool
) -> list[Held]:
    """Enter a flow of a tranche in the ledger, shared by its holders: `into` the vehicle, or out of it."""
    entered = []
    for name, own in parts(section, held_by, line):
        payer, payee = (name, vehicle) if into else (vehicle, name)
        ledger.transfer(payer, payee, label, own)
        entered.append(Held(name, into, own))
    return entered
