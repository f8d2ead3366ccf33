"""The deal: what was signed, and what is believed, as one frozen tree. `Deal.replace` changes a term and checks
again."""

from __future__ import annotations

from typing import Any, Self

from pydantic import ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from sibmodel.actuals import Actuals
from sibmodel.agreement import CHECKS
from sibmodel.assumptions import Assumptions
from sibmodel.assurance import Assurance
from sibmodel.cohorts import Cohort
from sibmodel.comparing import Comparison
from sibmodel.early_end import EarlyEnd
from sibmodel.errors import NotFoundError
from sibmodel.funding import Funding
from sibmodel.measurement import AnyDesign
from sibmodel.month import Month
from sibmodel.outcomes import AnyMetric
from sibmodel.payments import Payment
from sibmodel.providers import Assessor, Intermediary, Provider
from sibmodel.scenarios import Scenario
from sibmodel.terms import Terms, money, month, months, part, text
from sibmodel.valuing import Value


class Deal(Terms):
    """A social impact bond: signed terms, and the beliefs under `assumptions`."""

    name: str = text("Name of the deal", longest=200)
    description: str | None = text("What it is, in a sentence or two", default=None, longest=2000)
    start: Month = month("First month of the model")
    months: int = months("Number of months of the model", minimum=1, maximum=480)
    cohorts: tuple[Cohort, ...] = part("The cohorts")
    metrics: tuple[AnyMetric, ...] = part("What is counted, and when it is known")
    measurement: tuple[AnyDesign, ...] = part(
        "How each measure is compared; the first that covers it counts", default=()
    )
    payments: tuple[Payment, ...] = part("The payments for outcomes")
    payments_cap: float | None = money("Most that all payments are together", default=None)
    payer_caps: dict[str, float] = money(
        "Most that a payer pays over all payments, by its name; in the order in which they are listed", default={}
    )
    providers: tuple[Provider, ...] = part("The service providers")
    intermediary: Intermediary | None = part("Who sets up and manages the bond", default=None)
    assessor: Assessor | None = part("Who measures the outcome", default=None)
    funding: Funding = part("Capital and waterfall")
    early_end: EarlyEnd | None = part("How the contract may end before its term", default=None)
    assumptions: Assumptions = part("What nobody knows")
    value: Value | None = part("What outcomes are worth to the public, for value for money", default=None)
    comparison: Comparison | None = part(
        "What is assumed of a fee for service, and of payment by results to providers, beside this deal", default=None
    )
    actuals: Actuals | None = part("What has become known since it was signed", default=None)
    scenarios: tuple[Scenario, ...] = part("Terms and beliefs that change together, by name", default=())
    sources: dict[str, str] = part("Where signed terms come from, by path", default={})
    assurance: Assurance | None = part("Who stands behind the model, and how far it may be relied upon", default=None)

    def replace(self, path: str, value: Any) -> Deal:
        """The deal with another value at `path` (`payments[0].price`), checked again as a whole.

        Scenarios stay as they are, and are not checked again: whether one still fits is asked by `in_scenario`. Raises
        DealError where the new deal is wrong, NotFoundError where there is no such path.
        """
        from sibmodel.replacing import replace

        if path.strip().startswith("scenarios"):
            return replace(self, path, value)
        return replace(self.alone(), path, value).model_copy(update={"scenarios": self.scenarios})

    def in_scenario(self, name: str) -> Deal:
        """The deal as one of its scenarios changes it, which has no scenarios of its own.

        Raises NotFoundError where there is no scenario of that name, or where the deal has been changed so that there
        is no longer what the scenario changes; DealError where the deal would be wrong.
        """
        from sibmodel.replacing import replace_all

        known = {one.name.casefold(): one for one in self.scenarios}
        if name.casefold() not in known:
            there = f"There are: {', '.join(one.name for one in self.scenarios)}." if known else "It has none."
            raise NotFoundError(f'{self.name} has no scenario "{name}". {there}')
        return replace_all(self.alone(), known[name.casefold()].changes)

    def alone(self) -> Deal:
        """The deal without its scenarios: to change what they may name."""
        return self.model_copy(update={"scenarios": ()})

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        faults = [fault for check in CHECKS for fault in check(self)]
        if faults:
            raise _together(faults)
        return self


def _together(faults: list[ValidationError]) -> ValidationError:
    """Several faults as one error, so that a reader hears of all at once."""
    details = []
    for error in faults:
        for found in error.errors(include_url=False):
            kind = PydanticCustomError("sibmodel", "{message} {fix}", found["ctx"])
            details.append(InitErrorDetails(type=kind, loc=found["loc"], input=None))
    return ValidationError.from_exception_data("terms", details)
