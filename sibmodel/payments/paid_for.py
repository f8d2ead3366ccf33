"""What falls due for each cohort; and once it is known what was paid, what each was paid for, measure by measure."""

from __future__ import annotations

from dataclasses import dataclass

from sibmodel.cohorts import CohortLines
from sibmodel.lines import Line, Section, product_total, ratio, total
from sibmodel.payments.caps import Cut
from sibmodel.payments.payers import Payer


@dataclass(frozen=True, eq=False)
class DuePart:
    """What falls due over time for a cohort on one measure, where a payment is for several.

    `recognised` is the effect by that measure that the mechanism recognises for it.
    """

    metric: str
    line: Line
    recognised: Line


@dataclass(frozen=True, eq=False)
class Due:
    """What falls due over time for a cohort (None: for none in particular), negative where it is owed back.

    `recognised` is the effect that the mechanism recognises for it, where it pays for an effect.
    """

    cohort: CohortLines | None
    line: Line
    recognised: Line | None = None
    whole: Line | None = None
    """What it is before anything takes off it that holds for the cohort by itself; None where that is `line`."""
    parts: tuple[DuePart, ...] = ()
    """Where the payment is for several measures, what is for each; together they are `whole`."""


@dataclass(frozen=True, eq=False)
class PaidPart:
    """What one cohort was paid for by one measure: an amount, and the effect that it stands for. Both are figures."""

    metric: str | None
    amount: Line
    effect: Line | None


@dataclass(frozen=True, eq=False)
class CohortPayment:
    """What one cohort was paid for: an amount, and the effect that it stands for, by the leading measure. Both are
    figures. `parts` has each measure by itself; together they are the amount.
    """

    cohort: str
    amount: Line
    effect: Line | None
    parts: tuple[PaidPart, ...]


@dataclass(frozen=True, eq=False)
class PaymentLines:
    """A mechanism's payments over time: what is payable to the vehicle, and what the vehicle owes back."""

    name: str
    metric: str | None
    payers: tuple[Payer, ...]
    payable: Line
    owed_back: Line | None
    dues: tuple[Due, ...]
    all_due: Line
    cuts: tuple[Cut, ...]
    beyond_the_end: Line | None
    """Decisions that fell beyond the timeline: a figure that should be 0."""
    for_results: bool = True
    """Whether it pays for results at all; a fee does not."""

    def paid_for(self, section: Section, paid: Line) -> tuple[CohortPayment, ...]:
        """What each cohort was paid for, once it is known what was paid after every cap."""
        section.heading = f"{self.name}, what it is for"
        made = []
        kept = paid
        if self.owed_back is not None:
            kept = section.line(
                f"{self.name}: paid less owed back", paid - self.owed_back, unit="£", note="What the vehicle may keep."
            )
        for one in self.dues:
            if one.cohort is None:
                continue
            who = one.cohort.name
            part_of = section.line(
                f"{self.name}: share paid, {who}",
                ratio(one.line, self.all_due),
                unit="share",
                note="The cohort's share of what falls due in the period.",
            )
            amount = section.line(
                f"{self.name}: paid for, {who}",
                product_total(kept, part_of),
                unit="£",
                note="The cohort's part of what was paid, under all caps, less what is owed back.",
            )
            parts = self._by_measure(section, one, who, amount)
            lead = next((part for part in parts if part.metric == self.metric), parts[0])
            made.append(CohortPayment(who, amount, lead.effect, parts))
        return tuple(made)

    def _by_measure(self, section: Section, one: Due, who: str, amount: Line) -> tuple[PaidPart, ...]:
        """What a cohort was paid for by each measure. What caps cut off, they cut off every measure's part alike."""
        if not one.parts and one.recognised is None:
            return (PaidPart(self.metric, amount, None),)
        whole = one.line if one.whole is None else one.whole
        in_all = section.line(f"{self.name}: due in all, {who}", total(whole), unit="£", note="Before caps.")
        if not one.parts:
            assert one.recognised is not None
            effect = section.line(
                f"{self.name}: paid effect, {who}",
                one.recognised * ratio(amount, in_all),
                unit=one.recognised.unit,
                note="The effect that the terms recognise, as far as it was paid.",
            )
            return (PaidPart(self.metric, amount, effect),)
        kept = section.line(
            f"{self.name}: share of what fell due that is kept, {who}",
            ratio(amount, in_all),
            unit="share",
            note="After all caps, less what is owed back.",
        )
        return tuple(
            PaidPart(
                part.metric,
                section.line(
                    f"{self.name}: paid for {part.metric}, {who}",
                    kept * total(part.line),
                    unit="£",
                    note="Its part of what the cohort was paid for: caps on the whole take the same share off each.",
                ),
                section.line(
                    f"{self.name}: paid effect by {part.metric}, {who}",
                    part.recognised * kept,
                    unit=part.recognised.unit,
                    note="The effect that the terms recognise, as far as it was paid.",
                ),
            )
            for part in one.parts
        )
