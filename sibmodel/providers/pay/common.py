"""What ways of paying a provider share: the job that is paid for, what is kept back, what is at risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sibmodel.lines import Line, sum_of
from sibmodel.providers.costs import CostLines
from sibmodel.providers.desk import Desk
from sibmodel.providers.people import Stream
from sibmodel.terms import Terms

if TYPE_CHECKING:
    from sibmodel.providers.provider import Provider


@dataclass(frozen=True, eq=False)
class Subcontract:
    """What a provider bills to the lead that pays it, and what the lead adds to it."""

    bill: Line
    fee: Line | None
    """The lead's fee, as a share of the bill."""


@dataclass(frozen=True, eq=False)
class Job:
    """What is paid for: the provider's terms, its costs, the people whom it serves, and its subcontracts."""

    desk: Desk
    terms: Provider
    costs: CostLines
    served: Sequence[Stream]
    subcontracts: Sequence[Subcontract]

    @property
    def bills_mobilisation(self) -> bool:
        """Whether mobilisation is part of what it bills."""
        return self.terms.mobilisation is not None and self.terms.mobilisation.billed

    def without_unbilled(self, what: str, amount: Line, mobilisation: Any) -> Line:
        """A cost without the mobilisation that somebody else pays."""
        if self.costs.mobilisation is None or self.bills_mobilisation:
            return amount
        return self.desk.line(what, amount - mobilisation, "Without the mobilisation that is not billed.")

    def passed_on(self) -> list[Any]:
        """What subcontractors bill, each with the lead's fee."""
        return [one.bill if one.fee is None else one.bill * (1 + one.fee) for one in self.subcontracts]

    def with_subcontracts(self, amount: Any) -> Any:
        """An amount, and what subcontractors bill with the lead's fee."""
        return sum_of([amount, *self.passed_on()]) if self.subcontracts else amount


class ProviderContract(Terms):
    """How a provider is paid."""

    covers_mobilisation: ClassVar[bool] = False
    """Whether mobilisation that is billed is in what `earned` says; where not, it is billed beside it at cost."""
    all_at_risk: ClassVar[bool] = False
    """Whether nothing is paid without outcomes."""

    def earned(self, job: Job) -> tuple[Any, str]:
        """What it earns, over time, and how, in a sentence."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class AtRisk:
    """Pay that hangs on results. Both are figures."""

    stake: Line
    """The most that can be lost."""
    lost: Line
    """What is lost of it."""


@dataclass(frozen=True, eq=False)
class Kept:
    """What is kept back of a bill, and what of it is paid later. Both run over time."""

    kept: Line
    paid: Line
    risk: AtRisk | None
