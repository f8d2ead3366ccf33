"""When a tranche's principal falls due: as cash allows, in one bullet, by instalments, or down to a target balance.

What falls due and cannot be paid stays due. `REPAYMENTS` is the list of kinds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from sibmodel.funding.setting import Setting
from sibmodel.lines import Corkscrew, Line, step_lookup, sum_of
from sibmodel.month import Month
from sibmodel.reading import Place
from sibmodel.terms import Terms, fault_at, money, month, part, share


@dataclass(frozen=True, eq=False)
class Dates:
    """When principal falls due: `falls` is 1 in the months in which any does, `matured` from the last of them on."""

    falls: Line
    matured: Line
    months: tuple[Line, ...]


@dataclass(frozen=True, eq=False)
class Balances:
    """What a tranche's repayment reads."""

    owed: Line
    drawn_before: Corkscrew
    principal: Corkscrew
    drawn_in_all: Line


class Repayment(Terms):
    """How principal is repaid."""

    kind: str

    def months_named(self) -> Iterator[tuple[Place, Month]]:
        """The months in which principal falls due, each with its place in these terms."""
        yield from ()

    def dates(self, setting: Setting) -> Dates | None:
        """The lines of its dates; None where principal falls due in every month."""
        named = list(self.months_named())
        months = tuple(
            setting.month(
                value,
                f"repayment{_written(place)}",
                "period of repayment" if len(named) == 1 else f"period of repayment {number}",
                "When principal falls due.",
            )
            for number, (place, value) in enumerate(named, start=1)
        )
        matured = setting.section.line(
            f"{setting.title}: matured",
            setting.period >= months[-1],
            unit="1 or 0",
            note="1 from the last repayment on.",
        )
        falls = matured
        if len(months) > 1:
            any_of_them: Any = matured > 0
            for one in months[:-1]:
                any_of_them = np.logical_or(any_of_them, setting.period == one)
            falls = setting.section.line(
                f"{setting.title}: repayment falls due",
                any_of_them,
                unit="1 or 0",
                note="1 in the months of repayment, and from the last of them on.",
            )
        return Dates(falls, matured, months)

    def due(self, setting: Setting, balances: Balances, dates: Dates | None) -> Line:
        """What of the principal is due in each period, with what has stayed due."""
        raise NotImplementedError


def _written(place: Place) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)


class Sweep(Repayment):
    """All that is owed, as cash allows, from when distributions open."""

    kind: Literal["sweep"] = "sweep"

    def dates(self, setting: Setting) -> Dates | None:
        return None

    def due(self, setting: Setting, balances: Balances, dates: Dates | None) -> Line:
        return balances.owed


class Bullet(Repayment):
    """All of it at once."""

    kind: Literal["bullet"] = "bullet"
    month: Month = month("Month in which all principal falls due")

    def months_named(self) -> Iterator[tuple[Place, Month]]:
        yield ("month",), self.month

    def due(self, setting: Setting, balances: Balances, dates: Dates | None) -> Line:
        assert dates is not None
        return setting.section.line(
            f"{setting.title}: principal due",
            np.where(dates.matured > 0, balances.owed, 0.0),
            unit="£",
            note="All of it, once it has matured.",
        )


class Instalment(Terms):
    """A part of the principal, and when it falls due. Without share and amount it is all that is left."""

    month: Month = month("Month in which it falls due")
    share: float | None = share("Share of all that has been drawn", default=None)
    amount: float | None = money("Amount", default=None)

    @property
    def is_the_rest(self) -> bool:
        return self.share is None and self.amount is None

    @model_validator(mode="after")
    def _one_at_most(self) -> Self:
        if self.share is not None and self.amount is not None:
            raise fault_at(("amount",), "stands beside `share`.", "Write one of them.")
        return self


class Scheduled(Repayment):
    """By instalments; the last is all that is left, unless all are shares of the whole."""

    kind: Literal["scheduled"] = "scheduled"
    instalments: tuple[Instalment, ...] = part("The instalments, in order of time; the last may be a month alone")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _check_order("instalments", [one.month for one in self.instalments])
        for place, one in enumerate(self.instalments[:-1]):
            if one.is_the_rest:
                raise fault_at(
                    ("instalments", place), "needs one of: share, amount.", "Only the last may be a month alone."
                )
        shares = [one.share for one in self.instalments if one.share is not None]
        if sum(shares) > 1 + 1e-9:
            raise fault_at(
                ("instalments",), f"The shares add up to {sum(shares):.10g}.", "Write shares of 100 % together."
            )
        whole = len(shares) == len(self.instalments) and sum(shares) > 1 - 1e-9
        if not whole and not self.instalments[-1].is_the_rest:
            raise fault_at(
                ("instalments", len(self.instalments) - 1),
                "Some of the principal might never fall due.",
                "Write the month alone for the last instalment: then it is all that is left.",
            )
        return self

    def months_named(self) -> Iterator[tuple[Place, Month]]:
        yield from ((("instalments", place, "month"), one.month) for place, one in enumerate(self.instalments))

    def due(self, setting: Setting, balances: Balances, dates: Dates | None) -> Line:
        assert dates is not None
        so_far = [
            self._so_far(setting, place, one, when, balances)
            for place, (one, when) in enumerate(zip(self.instalments, dates.months, strict=True))
        ]
        repaid = setting.section.line(
            f"{setting.title}: principal repaid before",
            balances.drawn_before.opening - balances.principal.opening,
            unit="£",
            note="Drawn before, less what is outstanding.",
        )
        return setting.section.line(
            f"{setting.title}: principal due",
            np.minimum(np.maximum(sum_of(so_far) - repaid, 0.0), balances.owed),
            unit="£",
            note="The instalments so far, less what has been repaid; no more than is owed.",
        )

    def _so_far(self, setting: Setting, place: int, one: Instalment, when: Line, balances: Balances) -> Line:
        path, what = f"{setting.path}.repayment.instalments[{place}]", f"instalment {place + 1}"
        if one.is_the_rest:
            amount: Any = balances.drawn_in_all
        elif one.amount is not None:
            amount = setting.cells.number(one, "amount", path, f"{setting.title}: {what}")
        else:
            part_of = setting.cells.number(one, "share", path, f"{setting.title}: {what}, share")
            amount = part_of * balances.drawn_in_all
        return setting.section.line(
            f"{setting.title}: {what} due so far",
            np.where(setting.period >= when, amount, 0.0),
            unit="£",
            note="From its month on; a share, or the rest, is of all that has been drawn.",
        )


class Target(Terms):
    """A balance that the principal is to come down to, and from when."""

    month: Month = month("Month from which it holds")
    balance: float = money("Most that may then be outstanding")


class TargetBalance(Repayment):
    """As cash allows, down to a balance and no further; in the end, to nothing."""

    kind: Literal["target balance"] = "target balance"
    targets: tuple[Target, ...] = part("The balances, in order of time")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _check_order("targets", [one.month for one in self.targets])
        for place, (before, one) in enumerate(pairwise(self.targets), start=1):
            if one.balance > before.balance:
                raise fault_at(
                    ("targets", place, "balance"),
                    f"{one.balance:,.10g} is above {before.balance:,.10g}, the balance before.",
                    "Let balances fall: repaid principal is not drawn again.",
                )
        if self.targets[-1].balance > 0:
            raise fault_at(
                ("targets", len(self.targets) - 1, "balance"),
                f"{self.targets[-1].balance:,.10g} of the principal would never fall due.",
                "End with a balance of 0.",
            )
        return self

    def months_named(self) -> Iterator[tuple[Place, Month]]:
        yield from ((("targets", place, "month"), one.month) for place, one in enumerate(self.targets))

    def due(self, setting: Setting, balances: Balances, dates: Dates | None) -> Line:
        assert dates is not None
        cells = setting.cells
        targets: list[Line] = [
            cells.number(
                one,
                "balance",
                f"{setting.path}.repayment.targets[{place}]",
                f"{setting.title}: target balance {place + 1}",
            )
            for place, one in enumerate(self.targets)
        ]
        target = setting.section.line(
            f"{setting.title}: target balance",
            step_lookup(setting.period, dates.months, targets),
            unit="£",
            note="The one in force; it means nothing before the first.",
        )
        return setting.section.line(
            f"{setting.title}: principal due",
            np.where(setting.period >= dates.months[0], np.maximum(balances.owed - target, 0.0), 0.0),
            unit="£",
            note="What is owed above the target balance.",
        )


def _check_order(name: str, months: Sequence[Month]) -> None:
    if not months:
        raise fault_at((name,), f"There are no {name}.", "Give at least one.")
    for place, (before, one) in enumerate(pairwise(months), start=1):
        if one <= before:
            raise fault_at((name, place, "month"), f"{one} is not after {before}.", "List them in order of time.")


REPAYMENTS = (Sweep, Bullet, Scheduled, TargetBalance)
"""Every way to repay."""

AnyRepayment = Annotated[Sweep | Bullet | Scheduled | TargetBalance, Field(discriminator="kind")]
"""A repayment in a deal file, told apart by `kind`."""
