"""One path of a simulation whole: its headline figures, what was drawn in it, and every payment that was made."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sibmodel.audit import shown
from sibmodel.deal import Deal
from sibmodel.errors import NotFoundError, OutputError
from sibmodel.lines import Line, Values
from sibmodel.lines.arrays import read
from sibmodel.metrics import RateStatus, irr
from sibmodel.model import Model, build
from sibmodel.publication.as_csv import safe_text
from sibmodel.results import CRUMB
from sibmodel.simulation import RANKS, Execution, Sampling, paths_by_rank, reopen, sampling_of, simulate, usual
from sibmodel.words import money, number, percent


@dataclass(frozen=True)
class Drawn:
    """A belief, or a count, in a path."""

    name: str
    value: float
    unit: str
    usual: float
    """A belief's base case; a count's mean, given what else is true in the path."""
    share: float | None
    """Of a belief: the share of its distribution at or below the value."""


@dataclass(frozen=True)
class Payment:
    """What one party paid another in a month, in pounds."""

    month: str
    payer: str
    payee: str
    label: str
    amount: float


@dataclass(frozen=True, eq=False)
class Opened:
    """A path with every line."""

    deal: Deal
    model: Model
    number: int
    """Counted from 1."""
    seed: int
    spread: Sampling
    values: Values
    rank: str | None = None
    """How it was found, where it was by rank; then `by` is the figure that ranks."""
    by: str = "npv"

    @property
    def rate_status(self) -> RateStatus:
        """What its rate of return is worth."""
        return RateStatus(int(irr(self.values.row(self.model.returns.everyone.flow)).status))

    def headlines(self) -> list[tuple[str, float, str]]:
        """Names, values and units of its headline figures."""
        investors, bill, first = self.model.returns.everyone, self.model.commissioning, self.model.effects[0]
        lines: list[tuple[str, Line]] = [
            ("Invested", investors.invested),
            ("Received", investors.received),
            ("Rate of return a year", investors.irr),
            ("Multiple of capital", investors.moic),
            ("Net present value", investors.npv),
            ("Outcome payments", bill.paid_in_all),
            ("True effect", first.pooled.true),
            ("Measured effect", first.pooled.measured),
            ("Paid effect", first.pooled.paid),
        ]
        lines += [(f"Margin, {one.name}", one.margin) for one in self.model.provider_cash]
        return [(name, self.values.figure(line), line.unit) for name, line in lines]

    def drawn(self) -> list[Drawn]:
        """What was drawn: beliefs, then counts and other draws, in the order of the model."""
        found = []
        for one in self.model.uncertain:
            value = self.values.figure(one.cell)
            share = float(one.distribution.share_below(value))
            found.append(Drawn(one.cell.name, value, one.cell.unit, one.cell.value, share))
        for draw in self.model.book.draws:
            assert draw.definition is not None
            mean = float(np.ravel(read(draw.definition, self.values))[0])
            found.append(Drawn(draw.name, self.values.figure(draw), draw.unit, mean, None))
        return found

    def ledger(self) -> Iterator[Payment]:
        """Every payment of half a penny or more, by month and then in the order of the ledger."""
        transfers = self.model.ledger.transfers
        rows = [self.values.row(one.line) for one in transfers]
        for passed in range(self.model.book.periods):
            for one, row in zip(transfers, rows, strict=True):
                if abs(row[passed]) >= CRUMB:
                    month = str(self.deal.start.plus(passed))
                    yield Payment(month, one.payer, one.payee, one.label, float(row[passed]))

    def balances(self) -> dict[str, tuple[float, float]]:
        """What each party received and paid in all, by its name."""
        found = dict.fromkeys(self.model.ledger.parties, (0.0, 0.0))
        for one in self.model.ledger.transfers:
            amount = float(self.values.row(one.line).sum())
            (received, paid), (received_by, paid_by) = found[one.payee], found[one.payer]
            found[one.payee], found[one.payer] = (received + amount, paid), (received_by, paid_by + amount)
        return found


def open_path(
    deal: Deal,
    number: int | None = None,
    rank: str | None = None,
    by: str = "npv",
    *,
    seed: int = 1,
    sampler: str | None = None,
    paths: int | None = None,
) -> Opened:
    """A path by its number, or by its rank among the paths of a simulation when these stand in rising order of a
    figure; with the usual sampler for so many paths unless told.

    Raises NotFoundError for a number or a figure that there is not, and for none or both of number and rank.
    """
    if (number is None) == (rank is None):
        raise NotFoundError("Give one of both: the number of a path, or its rank.")
    if rank is not None and rank not in RANKS:
        raise NotFoundError(f'"{rank}" is no rank. There are: {", ".join(RANKS)}.')
    model = build(deal)
    spread = sampling_of(model, sampler or usual(paths), paths, seed)
    if rank is not None:
        every = Execution(keep=spread.paths)
        number = paths_by_rank(simulate(model, seed=seed, sampler=spread, execution=every), by)[rank]
    assert number is not None
    return Opened(deal, model, number, seed, spread, reopen(model, seed, number, spread), rank, by)


def as_data(opened: Opened) -> dict[str, Any]:
    """The path as plain data."""
    return {
        "deal": opened.deal.name,
        "path": opened.number,
        "seed": opened.seed,
        "sampler": opened.spread.sampler,
        **({} if opened.rank is None else {"rank": opened.rank, "by": opened.by}),
        "rate_status": opened.rate_status.name.lower(),
        "figures": [{"name": name, "value": value, "unit": unit} for name, value, unit in opened.headlines()],
        "drawn": [one.__dict__ for one in opened.drawn()],
        "parties": [
            {"party": party, "received": received, "paid": paid, "net": received - paid}
            for party, (received, paid) in opened.balances().items()
        ],
        "ledger": [one.__dict__ for one in opened.ledger()],
    }


def as_text(opened: Opened) -> str:
    """The path for a terminal."""
    how = "" if opened.rank is None else f", the {opened.rank} by {opened.by}"
    status = opened.rate_status
    said = "" if status is RateStatus.UNIQUE else f"  ({status.label})"
    rows = [
        f"{opened.deal.name}: path {number(opened.number)} of seed {opened.seed}, sampler {opened.spread.sampler}{how}",
        "",
        "Headline figures",
    ]
    for name, value, unit in opened.headlines():
        rows.append(f"  {name:<34} {_shown(value, unit):>26}" + (said if name.startswith("Rate of return") else ""))
    rows += ["", f"{'Drawn':<50} {'in this path':>26} {'base or mean':>26}  at or below it"]
    for one in opened.drawn():
        share = "" if one.share is None else f"{percent(one.share, 0)} of draws"
        figures = f"{_shown(one.value, one.unit):>26} {_shown(one.usual, one.unit):>26}"
        rows.append(f"  {one.name:<48} {figures}  {share}".rstrip())
    rows += ["", f"{'Parties':<36} {'received':>16} {'paid':>16} {'net':>16}"]
    for party, (received, paid) in opened.balances().items():
        rows.append(f"  {party:<34} {money(received):>16} {money(paid):>16} {money(received - paid):>16}")
    rows += ["", "Ledger"]
    month = ""
    for entry in opened.ledger():
        when, month = ("" if entry.month == month else entry.month), entry.month
        rows.append(f"  {when:<8} £{number(entry.amount):>12}  {entry.payer} → {entry.payee}: {entry.label}")
    return "\n".join(rows)


def _shown(value: float, unit: str) -> str:
    """A value with its unit; a large one, and a share in percent, to a decimal."""
    if unit.startswith("share"):
        return f"{percent(value)}{unit.removeprefix('share')}"
    large = abs(value) >= 100 and unit != "£"
    return f"{number(value, 0 if value.is_integer() else 1)} {unit}" if large else shown(value, unit)


def write_ledger(opened: Opened, file: Path) -> None:
    """The ledger as CSV: month, payer, payee, label, amount in pounds. A text that a spreadsheet would run as a
    formula gets an apostrophe before it.

    Raises OutputError where that cannot be; what stood there before is then untouched.
    """
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8-sig", newline="") as opening:
            writing = csv.writer(opening, lineterminator="\n")
            writing.writerow(["month", "payer", "payee", "label", "amount"])
            for one in opened.ledger():
                texts = [safe_text(text) for text in (one.payer, one.payee, one.label)]
                writing.writerow([one.month, *texts, repr(one.amount)])
        os.replace(beside, file)
    except OSError as error:
        raise OutputError(f"The ledger cannot be written to {file}: {error.strerror or error}.") from None
    finally:
        with suppress(OSError):
            beside.unlink()
