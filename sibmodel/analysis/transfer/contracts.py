"""Contracts side by side: what each party may expect and stands to lose under each, who bears which risk, and what
moving it costs. METHOD 4.3 to 4.6 (docs/method.md)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sibmodel.analysis.attribution import Attribution
from sibmodel.analysis.transfer.drivers import EFFECT, NOISE
from sibmodel.analysis.transfer.forms import Form
from sibmodel.analysis.transfer.ledgers import COMMISSIONER
from sibmodel.analysis.value_for_money.lines import ValueLines
from sibmodel.deal import Deal
from sibmodel.model import Model
from sibmodel.simulation import Estimate, Sampling
from sibmodel.simulation.paths import Floats


@dataclass(frozen=True)
class PartyRisk:
    """A party's net present value over all paths, and the cash that it needs. Each has its Monte Carlo error."""

    name: str
    mean: Estimate
    sd: Estimate
    p5: Estimate
    worst: Estimate
    """Mean of the worst 5 % of paths."""
    loss: Estimate
    """Chance that its net present value is below nil."""
    peak: Estimate
    """Mean of the most it is out of pocket at once."""
    peak_p95: Estimate


@dataclass(frozen=True)
class Payment:
    """What one party pays another under one name: the mean over all paths, nominal."""

    payer: str
    payee: str
    label: str
    mean: Estimate


@dataclass(frozen=True)
class Failure:
    """How often somebody must step in for a provider, and what that costs the commissioner on average."""

    provider: str
    chance: Estimate
    cost: Estimate


@dataclass(frozen=True)
class Regret:
    """What is paid beyond the value received: max(0, bill − value), both at present value in one year's prices."""

    mean: Estimate
    worst: Estimate
    """Mean of the worst 5 % of paths."""
    transferred: float
    """Risk-transfer ratio: 1 − worst ÷ worst under a fee for service. nan where there is none."""


@dataclass(frozen=True, eq=False)
class Contract:
    """One contract over all paths."""

    name: str
    form: Form = field(repr=False)
    parties: tuple[PartyRisk, ...]
    payments: tuple[Payment, ...]
    failures: tuple[Failure, ...]
    bill: Estimate
    """Mean present value of the commissioner's bill, in the prices of one year."""
    per_true: Estimate
    """Mean bill ÷ mean true outcomes, both at present value."""
    price_of_transfer: Estimate
    """`per_true` by that of a fee for service, less 1; nan where there is no fee to compare with."""
    regret: Regret | None
    """None where the deal does not say what is counted as value."""
    paid_for_nothing: Estimate
    """Mean bill where people are served and the true effect is nil or worse."""
    attributed: tuple[str, ...]
    """Whose figures `attribution` divides, in its order."""
    attribution: Attribution = field(repr=False)
    tail: dict[str, float]
    """By party, its part of the mean loss over the worst 5 % of paths of all who sign the contract."""
    npv: dict[str, Floats] = field(repr=False)
    """Each party's net present value by path."""
    bills: Floats = field(repr=False)
    """The commissioner's bill at present value, by path."""
    true_outcomes: Floats
    """True outcomes at present value, by path."""
    imbalance: float
    """The largest sum over all parties in any path, in £: rounding."""

    def share(self, group: str, of: str) -> float:
        """The Shapley share of a group of drivers; 0 for a group that the deal has nothing uncertain of."""
        if group not in self.attribution.groups:
            return 0.0
        return float(self.attribution.shares[self.attribution.groups.index(group), self.attributed.index(of)])

    @property
    def signal(self) -> float:
        """The share of the bill's variance that comes from the true effect."""
        return self.share(EFFECT, COMMISSIONER)

    @property
    def noise(self) -> float:
        """The share of it that comes from measurement."""
        return self.share(NOISE, COMMISSIONER)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Contracts side by side, the deal's own forms first."""

    deal: Deal = field(repr=False)
    model: Model = field(repr=False)
    forms: tuple[Form, ...] = field(repr=False)
    """The deal's own, with their lines in the model's book."""
    value: ValueLines = field(repr=False)
    contracts: tuple[Contract, ...]
    paths: int
    seed: int
    spread: Sampling
    """How the luck of all but the shares of risk was drawn."""
