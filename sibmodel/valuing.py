"""What an outcome is worth, to whom, in whose prices, and how later years count: for a commissioner's value for money.

Four kinds of benefit are kept apart. Cashable: money that is really no longer spent. Fiscal: what public services are
spared without any budget falling. Economic: earnings and the like. Social: harm that nobody suffers. The average cost
of a prisoner is no cash saving: one prisoner fewer saves only food and the like until a wing closes.
"""

from __future__ import annotations

from typing import Literal, Self, get_args

from pydantic import model_validator

from sibmodel.reading import fault_at
from sibmodel.terms import Terms, choice, count, money, number, part, text, yearly_rate

Kind = Literal["cashable", "fiscal", "economic", "social"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""Kinds of benefit, from money that budgets save to what nobody is paid for."""
Basis = Literal["marginal", "average", "value"]

GREEN_BOOK = (
    "HM Treasury's Green Book, as of February 2026 and under review: "
    "https://www.gov.uk/government/publications/green-book-discount-rate-review-2026/review-of-discounting-in-the-green"
    "-book-terms-of-reference; years from 31 on, https://ppponline.affinitext.com/public/book?id=1475&toc_id=508091"
)
"""Where the discount rates come from, unless a deal gives its own."""


class Benefit(Terms):
    """What one unit of an outcome is worth, of one kind."""

    name: str = text("What is spared or gained, such as Prison places", longest=100)
    kind: Kind = choice("Cashable; fiscal or economic, which no budget notices; or social")
    basis: Basis = choice(
        "A marginal cost, an average cost, or a value that is no cost (of harm, say)", default="marginal"
    )
    per_event: float = money("Worth of one unit truly avoided or reached", unit="£ a unit")
    measure: str | None = text("The measure whose units are counted; the deal's first unless named", default=None)
    prices: int = count(
        "Financial year of its prices, by the year in which it begins: 2022 is 2022-23", unit="year", minimum=1990
    )
    source: str = text("Where the figure comes from, or assumed")

    @model_validator(mode="after")
    def _averages_are_no_cash(self) -> Self:
        if self.kind == "cashable" and self.basis == "average":
            raise fault_at(
                ("basis",),
                "An average cost is not saved in cash by one person fewer.",
                "Write the marginal cost, or kind: fiscal.",
            )
        return self


class DiscountStep(Terms):
    """The real discount rate from a year on."""

    from_year: int = count("First year after the deal's start in which it holds; the start is year 0", unit="year")
    rate: float = yearly_rate("Real rate a year", minimum=0.0, maximum=0.2)


GREEN_BOOK_STEPS = (DiscountStep(from_year=0, rate=0.035), DiscountStep(from_year=31, rate=0.03))
"""Its rates: the social time preference rate, and the lower rate of later years."""


class Value(Terms):
    """What outcomes are worth, and how values of different years are made comparable."""

    benefits: tuple[Benefit, ...] = part("What a unit of outcome is worth, each kind by itself", default=())
    counts: tuple[Kind, ...] = part(
        "Kinds that are added up in the net value; none unless named, for they overlap and fall to different people",
        default=(),
    )
    price_year: int | None = count(
        "Financial year in whose prices all is stated, by the year in which it begins; the deal's first unless told",
        default=None,
        unit="year",
        minimum=1990,
    )
    inflation: float = yearly_rate(
        "Rise of prices from one financial year to the next, where there is no deflator (assumed)",
        default=0.02,
        minimum=-0.1,
    )
    deflator: dict[int, float] = number(
        "Price index by financial year, in place of inflation: HM Treasury's GDP deflator, say; before its first year "
        "and after its last, prices move with inflation",
        default={},
        unit="index",
        minimum=0.001,
    )
    discounting: tuple[DiscountStep, ...] = part(
        "Real discount rates by year; the Green Book's 3.5% for years 0 to 30 and 3.0% from year 31 unless given",
        default=(),
    )

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        starts = [step.from_year for step in self.discounting]
        if starts and (starts[0] != 0 or sorted(set(starts)) != starts):
            raise fault_at(("discounting",), "The steps do not begin with year 0 and rise.", "List them by year.")
        years = sorted(self.deflator)
        if years and years != list(range(years[0], years[-1] + 1)):
            raise fault_at(("deflator",), "A year between its first and last is missing.", "Give every year.")
        if len(set(self.counts)) != len(self.counts):
            raise fault_at(("counts",), "A kind is listed twice.", "List each once.")
        return self

    @property
    def rates(self) -> tuple[DiscountStep, ...]:
        """The real discount rates by year: the deal's own, or the Green Book's."""
        return self.discounting or GREEN_BOOK_STEPS
