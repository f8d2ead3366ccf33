"""A comparison of contracts on the screen."""

from __future__ import annotations

from collections.abc import Iterator

from sibmodel.analysis.transfer.contracts import Comparison, Contract
from sibmodel.analysis.transfer.drivers import GROUPS
from sibmodel.simulation import Estimate
from sibmodel.views.risk_transfer import NIL, shown
from sibmodel.views.sentences import spread_words
from sibmodel.views.transfer_words import findings, present_values
from sibmodel.words import money, percent

MOST_ROWS = 6
"""Providers beyond so many rows of a contract are left to the workbook."""

COUNTS = {2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six"}
"""Contracts side by side, in words."""


def screen(comparison: Comparison) -> str:
    """Findings, then each party under each contract, then who bears which risk."""
    count = len(comparison.contracts)
    rows = [
        comparison.deal.name,
        f"{COUNTS.get(count, count)} contracts for the same service, {comparison.paths:,} paths, seed "
        f"{comparison.seed}{spread_words(comparison.spread, comparison.spread.replicates)}",
        present_values(comparison),
        "",
        *(f"  {sentence}" for sentence in findings(comparison)),
        "",
        f"{'':<34}{'mean ± error':<30}{'worst 5%':<17}{'below nil':<12}peak cash",
    ]
    for contract in comparison.contracts:
        rows += _parties(contract)
    rows += ["", f"{'Who bears which risk':<34}" + "".join(f"{name:<13}" for name in GROUPS)]
    for contract in comparison.contracts:
        rows += _risks(contract)
    rows += ["", f"{'What moving the risk costs':<34}" + "".join(f"{one.name:<28}" for one in comparison.contracts)]
    rows += _prices(comparison)
    return "\n".join(row.rstrip() for row in rows)


def _parties(contract: Contract) -> Iterator[str]:
    yield contract.name
    rows = shown(contract)
    for one in rows[:MOST_ROWS]:
        mean = f"{money(one.mean.value)} ± {money(one.mean.error)}"
        yield (
            f"  {one.name[:30]:<32}{mean:<30}{money(one.worst.value):<17}{percent(one.loss.value):<12}"
            f"{money(one.peak.value)}"
        )
    if len(rows) > MOST_ROWS:
        yield f"  and {len(rows) - MOST_ROWS} more: see the workbook"


def _risks(contract: Contract) -> Iterator[str]:
    yield contract.name
    for place, who in enumerate(contract.attributed[:MOST_ROWS]):
        if contract.attribution.variance[place] ** 0.5 > NIL:
            shares = "".join(f"{percent(contract.share(name, who)):<13}" for name in GROUPS)
            yield f"  {who[:30]:<32}{shares}"


def _prices(comparison: Comparison) -> Iterator[str]:
    contracts = comparison.contracts

    def row(label: str, *texts: str) -> str:
        return f"  {label:<32}" + "".join(f"{text:<28}" for text in texts)

    def amount(one: Estimate) -> str:
        return f"{money(one.value)} ± {money(one.error)}"

    yield row("Commissioner's bill", *(amount(one.bill) for one in contracts))
    yield row("Cost of a true outcome", *(amount(one.per_true) for one in contracts))
    yield row(
        "Price of transfer",
        *(
            f"{percent(one.price_of_transfer.value)} ± {percent(one.price_of_transfer.error)}"
            if one.price_of_transfer.value == one.price_of_transfer.value
            else "n/a"
            for one in contracts
        ),
    )
    yield row("Bill where nothing works", *(amount(one.paid_for_nothing) for one in contracts))
    regrets = [one.regret for one in contracts]
    if all(one is not None for one in regrets):
        yield row("Regret in the worst 5%", *(amount(one.worst) for one in regrets if one is not None))
        yield row("Risk-transfer ratio", *(percent(one.transferred) for one in regrets if one is not None))
