"""What a comparison of contracts finds, in sentences, and what it assumes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sibmodel.analysis.transfer.contracts import Comparison, Contract, Failure
from sibmodel.analysis.transfer.drivers import EFFECT, NOISE, groups_of, linked_across
from sibmodel.analysis.transfer.forms import BOND, FEE, RESULTS
from sibmodel.analysis.transfer.ledgers import INVESTORS
from sibmodel.comparing import Comparison as Terms
from sibmodel.views.sentences import of_a_hundred
from sibmodel.views.value_for_money import year_name
from sibmodel.words import money, percent


def findings(comparison: Comparison) -> tuple[str, ...]:
    """What the comparison says, the most important first."""
    return tuple(_findings(comparison))


def _findings(comparison: Comparison) -> Iterator[str]:
    fee, results, bond = (_named(comparison, name) for name in (FEE, RESULTS, BOND))
    price = bond.price_of_transfer
    yield (
        f"The commissioner's mean bill, at present value, is {money(bond.bill.value)} (± {money(bond.bill.error)}) "
        f"under the bond and {money(fee.bill.value)} (± {money(fee.bill.error)}) for a fee."
    )
    if np.isfinite(price.value):
        way = "more" if price.value >= 0 else "less"
        yield (
            f"A true outcome costs {money(bond.per_true.value)} under the bond and {money(fee.per_true.value)} for a "
            f"fee: {percent(abs(price.value))} {way} (± {percent(price.error)})"
            + (", which is the price of moving the risk." if price.value >= 0 else _who_pays_for_it(bond))
        )
    if np.isfinite(bond.paid_for_nothing.value):
        yield (
            f"Where the true effect is nil or worse, the commissioner pays {money(bond.paid_for_nothing.value)} on "
            f"average under the bond, and {money(fee.paid_for_nothing.value)} for a fee."
        )
    if INVESTORS in bond.attributed:
        yield (
            f"Of investors' risk, {percent(bond.share(EFFECT, INVESTORS), 0)} is how well the service works, and "
            f"{percent(bond.share(NOISE, INVESTORS), 0)} is the luck and the error of measuring it."
        )
    yield from _providers(comparison, results, bond)
    if bond.regret is not None and np.isfinite(bond.regret.transferred):
        less = bond.regret.transferred
        yield (
            f"Regret, what is paid beyond the value received, is {money(bond.regret.worst.value)} in the worst 5% of "
            f"paths under the bond: {percent(abs(less))} {'less' if less >= 0 else 'more'} than for a fee."
        )


def _who_pays_for_it(bond: Contract) -> str:
    investors = next((one for one in bond.parties if one.name == INVESTORS), None)
    if investors is None or investors.mean.value >= 0:
        return "."
    return f", but investors lose {money(-investors.mean.value)} on average at this price."


def _providers(comparison: Comparison, results: Contract, bond: Contract) -> Iterator[str]:
    names = [one.name for one in comparison.model.providers]
    called = names[0] if len(names) == 1 else "providers together"
    chance, under = (of_a_hundred(_loses(contract, names)) for contract in (results, bond))
    yield f"Paid by results, {called} would lose money in {chance} of 100 paths, against {under} under the bond."
    failing = [one for one in results.failures if one.chance.value > 0]
    if failing:
        yield _step_in(failing)


def _step_in(failing: list[Failure]) -> str:
    """What it costs in all that providers run out of cash, then by the one for which it costs most."""
    worst = max(failing, key=lambda one: one.cost.value)
    often = f"{worst.provider} runs out of cash in {of_a_hundred(worst.chance.value)} of 100 paths"
    cost = f"{money(worst.cost.value)} (± {money(worst.cost.error)})"
    if len(failing) == 1:
        return f"Paid by results, {often}: somebody must step in, which costs the commissioner {cost} on average."
    every = sum(one.cost.value for one in failing)
    return (
        f"Paid by results, somebody must step in for providers that run out of cash, which costs the commissioner "
        f"{money(every)} on average in all. Most of it is for one: {often}, which costs {cost}."
        if worst.cost.value > every / 2
        else f"Paid by results, somebody must step in for providers that run out of cash, which costs the commissioner "
        f"{money(every)} on average in all; the largest part is {cost}: {often}."
    )


def _loses(contract: Contract, names: list[str]) -> float:
    """How often some parties lose money together."""
    together = np.sum([contract.npv[name] for name in names if name in contract.npv], axis=0)
    return float(np.mean(together < 0))


def _named(comparison: Comparison, name: str) -> Contract:
    return next(one for one in comparison.contracts if one.name == name)


def present_values(comparison: Comparison) -> str:
    """At which rate, in whose prices, and with what, each of the two present values is reckoned."""
    rates = ", ".join(f"{percent(one.rate)} a year from year {one.from_year}" for one in comparison.value.terms.rates)
    investors = percent(comparison.deal.assumptions.investor_discount_rate)
    return (
        f"The bill, with what stepping in costs, is at real rates of {rates}, in prices of "
        f"{year_name(comparison.value.price_year)}; what each party may expect is at the investors' "
        f"nominal rate of {investors} a year."
    )


def assumed(comparison: Comparison) -> tuple[str, ...]:
    """What the other forms of the deal rest on."""
    terms = comparison.deal.comparison or Terms()
    said = [
        "Fee for service: the commissioner pays each provider that the vehicle would pay what it earns, in the month "
        "in which it earns it, as if all that hangs on results were reached; of the intermediary's bills it pays "
        f"{percent(terms.management_under_fee, 0)}, of the assessor's {percent(terms.assessment_under_fee, 0)}.",
        "Payment by results: these providers get what the deal pays for outcomes, in proportion to what each pays for "
        f"delivery; the commissioner pays {percent(terms.management_under_results, 0)} of the intermediary's bills and "
        f"{percent(terms.assessment_under_results, 0)} of the assessor's.",
        f"Providers that are paid by results and whose own cash is not told borrow what they lack at "
        f"{percent(terms.borrowing_rate)} a year, and repay what is left when the last outcome is decided.",
        "A provider whose own cash is told runs out where its cash, and what it can borrow "
        f"({'nothing' if terms.credit is None else money(terms.credit)}), no longer pay its bills. The commissioner "
        "then "
        f"pays them, and {percent(terms.step_in_cost, 0)} of them more for its trouble; later receipts pay it back.",
        "Subcontracts, grants and advances stay as they are. Under every form people come, and contracts end early, as "
        "in the deal: where investors may stop, their stop counts as well.",
        present_values(comparison),
        "The service works equally well under each contract: whether a contract changes that is for you to judge.",
    ]
    linked = linked_across(comparison.model, groups_of(comparison.model))
    if linked:
        pairs = "; ".join(f"{one} and {other}" for one, other in linked)
        said.append(
            f"The deal lets drivers of several groups go together ({pairs}): each gets its part of what they share."
        )
    return tuple(said)
