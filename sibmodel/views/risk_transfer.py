"""Risk transfer: the deal as a fee for service, by results from providers, and as a bond, for everybody in it."""

from __future__ import annotations

from collections.abc import Collection

from sibmodel.agreement import WORLD_OUTSIDE
from sibmodel.analysis.transfer.contracts import Comparison, Contract, PartyRisk
from sibmodel.analysis.transfer.drivers import GROUPS, WHAT
from sibmodel.analysis.transfer.ledgers import COMMISSIONER, INVESTORS
from sibmodel.analysis.transfer.written import PUBLIC
from sibmodel.simulation import Estimate
from sibmodel.views.common import Block, Cell, Chart, Constant, Figure, Pictures, Role, Series, Table, View, Words
from sibmodel.views.transfer_words import assumed, findings
from sibmodel.words import money

PURPOSE = "Who pays what, who bears which risk, and what it costs to move it, under three contracts on the same paths."
PARTIES, ERRORS = "What each party may expect, at present value", "Monte Carlo errors of what each party may expect"
SUMS, MOVED = "Who gains what others pay, mean at present value", "Who pays whom, mean over all paths"
DRIVERS, PRICES = "Who bears which risk", "What moving the risk costs"
DRIVERS_EACH = "Which risk each provider bears"
TAIL, FAILURES = "Who bears the worst 5% of paths", "Providers for which somebody must step in"
RISK_OF_PARTIES = "Mean and worst 5% by party"
COLOURS: tuple[Role, ...] = ("investors", "loss", "pale", "gain", "other", "reference", "dark")
"""A look for each group, from the bottom of a column up: no orange beside turquoise, which some cannot tell apart."""
SMALL = 0.01
"""A share below it everywhere is not drawn."""
NIL = 0.5
"""An amount in £ that is nothing but rounding where all of a party's figures are below it."""


def risk_transfer(comparison: Comparison) -> View:
    """The view of a comparison."""
    providers = {one.name for one in comparison.model.providers}
    names = {who for contract in comparison.contracts for who in contract.attributed}
    leading = names - providers if len(providers) > 1 else names
    drivers, prices = _drivers(comparison, DRIVERS, leading), _prices(comparison)
    risk = _risk_of_parties(comparison)
    made: list[Block] = [
        Words(findings(comparison)),
        Pictures((_chart_of_drivers(comparison, drivers), _chart_of_parties(comparison, risk))),
        prices,
        drivers,
        *([] if names == leading else [_drivers(comparison, DRIVERS_EACH, names - leading)]),
        _parties(comparison),
        _errors(comparison),
        risk,
        _sums(comparison),
        _tail(comparison),
        _moved(comparison),
    ]
    if any(one.failures for one in comparison.contracts):
        made.append(_failures(comparison))
    made.append(Words(tuple(f"{name}: {WHAT[name]}." for name in GROUPS), "What belongs to each risk"))
    made.append(Words(assumed(comparison), "What is assumed"))
    return View("Risk transfer", PURPOSE, tuple(made))


def shown(contract: Contract) -> list[PartyRisk]:
    """The parties of a contract that get or give anything beyond rounding, but for those who are paid for delivery: the
    commissioner first, then investors and providers."""
    found = [
        one
        for one in contract.parties
        if one.name != WORLD_OUTSIDE and max(abs(one.mean.value), one.sd.value, one.peak.value) > NIL
    ]
    leading = [COMMISSIONER, INVESTORS, *(one.name for one in contract.form.model.providers)]
    rank = {name: place for place, name in enumerate(leading)}
    return sorted(found, key=lambda one: rank.get(one.name, len(rank)))


def _row(contract: Contract, party: str) -> str:
    return f"{contract.name}: {party}"


def _parties(comparison: Comparison) -> Table:
    header = ("Contract and party", "Base case", "Mean", "Standard deviation", "P5", "Worst 5%", "Chance below nil",
              "Peak cash, mean", "Peak cash, P95")  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for contract in comparison.contracts:
        for one in shown(contract):
            lines = contract.form.party(one.name)
            live = lines is not None and contract.form in comparison.forms
            rows.append(
                (
                    _row(contract, one.name),
                    Figure(lines.npv, "money") if lines is not None and live else "n/a",
                    *(Constant(each.value, "money") for each in (one.mean, one.sd, one.p5, one.worst)),
                    Constant(one.loss.value, "share"),
                    *(Constant(each.value, "money") for each in (one.peak, one.peak_p95)),
                )
            )
    note = (
        f"Simulated, {comparison.paths:,} paths, seed {comparison.seed}; all at the investors' discount rate. Worst "
        "5%: "
        "the mean of the worst 5% of paths. Peak cash: the most a party is out of pocket at once. A commissioner is "
        "always below nil where it pays at all."
    )
    return Table(PARTIES, header, tuple(rows), note)


def _errors(comparison: Comparison) -> Table:
    header = ("Contract and party", "Of the mean", "Of the standard deviation", "Of P5", "Of the worst 5%",
              "Of the chance", "Of mean peak cash", "Of peak cash, P95")  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            _row(contract, one.name),
            *(Constant(each.error, "money") for each in (one.mean, one.sd, one.p5, one.worst)),
            Constant(one.loss.error, "share"),
            *(Constant(each.error, "money") for each in (one.peak, one.peak_p95)),
        )
        for contract in comparison.contracts
        for one in shown(contract)
    )
    return Table(ERRORS, header, rows, "Standard errors: how far the simulation itself may be off.")


def _risk_of_parties(comparison: Comparison) -> Table:
    providers = [one.name for one in comparison.model.providers]
    names = {COMMISSIONER, INVESTORS, *(providers if len(providers) == 1 else [])}
    rows = tuple(
        (_row(contract, one.name), Constant(one.mean.value, "million"), Constant(one.worst.value, "million"))
        for contract in comparison.contracts
        for one in shown(contract)
        if one.name in names
    )
    return Table(RISK_OF_PARTIES, ("Contract and party", "Mean", "Mean of the worst 5%"), rows, "£ million, as above.")


def _drivers(comparison: Comparison, title: str, names: Collection[str]) -> Table:
    header = ("Contract and party", "Standard deviation", *GROUPS, "Largest error")
    rows: list[tuple[Cell, ...]] = []
    for contract in comparison.contracts:
        for place, who in enumerate(contract.attributed):
            if who not in names:
                continue
            deviation = float(contract.attribution.variance[place] ** 0.5)
            if deviation > NIL:
                errors = contract.attribution.errors[:, place]
                rows.append(
                    (
                        _row(contract, who),
                        Constant(deviation, "money"),
                        *(Constant(_not_negative(contract.share(name, who)), "share") for name in GROUPS),
                        Constant(float(errors.max()) if errors.size else float("nan"), "share"),
                    )
                )
    note = (
        "Shapley shares of the variance of net present value: of 100% of a party's risk, what comes from each thing "
        "that nobody knows, shared fairly where several act together. They add up to 100%."
    )
    return Table(title, header, tuple(rows), note)


def _not_negative(share: float) -> float:
    """A share that the simulation's own luck makes slightly negative: none is in truth."""
    return max(share, 0.0) if share > -SMALL else share


def _prices(comparison: Comparison) -> Table:
    header = ("", *(heading for one in comparison.contracts for heading in (one.name, f"Error, {one.name}")))

    def row(label: str, kind: str, *values: Estimate) -> tuple[Cell, ...]:
        cells: list[Cell] = [label]
        for one in values:
            cells += [Constant(one.value, kind), Constant(one.error, kind)]  # type: ignore[arg-type]
        return tuple(cells)

    contracts, nan = comparison.contracts, float("nan")
    rows = [
        row("Commissioner's bill at present value", "money", *(one.bill for one in contracts)),
        row("Cost of a true outcome", "money", *(one.per_true for one in contracts)),
        row("Price of transfer: that against a fee", "share", *(one.price_of_transfer for one in contracts)),
        row("Bill where the true effect is nil or worse", "money", *(one.paid_for_nothing for one in contracts)),
        row("Share of the bill's risk that is signal", "share", *(Estimate(one.signal, nan) for one in contracts)),
        row("Share of the bill's risk that is noise", "share", *(Estimate(one.noise, nan) for one in contracts)),
    ]
    regrets = [one.regret for one in contracts]
    if all(one is not None for one in regrets):
        known = [one for one in regrets if one is not None]
        rows += [
            row("Regret: paid beyond the value received", "money", *(one.mean for one in known)),
            row("Regret in the worst 5% of paths", "money", *(one.worst for one in known)),
            row("Risk-transfer ratio", "share", *(Estimate(one.transferred, nan) for one in known)),
        ]
    note = (
        "Signal: what comes from the true effect. Noise: what comes from measurement. Cost of a true outcome: mean "
        "bill by "
        "mean true outcomes, at present value in one year's prices. Risk-transfer ratio: by how much the worst "
        "regret is smaller than under a fee. Errors of shares stand in the next table."
    )
    return Table(PRICES, header, tuple(rows), note)


def _sums(comparison: Comparison) -> Table:
    names = list(dict.fromkeys(one.name for contract in comparison.contracts for one in contract.parties))
    means = {contract.name: {one.name: one.mean.value for one in contract.parties} for contract in comparison.contracts}
    rows: list[tuple[Cell, ...]] = [
        (name, *(Constant(means[contract.name].get(name, 0.0), "money") for contract in comparison.contracts))
        for name in names
        if any(abs(one.get(name, 0.0)) > NIL for one in means.values())
    ]
    rows.append(("All parties", *(Constant(round(sum(one.values()), 2) + 0.0, "money") for one in means.values())))
    worst = max(contract.imbalance for contract in comparison.contracts)
    tiny = "a millionth" if worst < 1e-8 else "a thousandth" if worst < 1e-5 else f"{worst * 100:.3g}"
    note = (
        f"What one gets, another pays. In every month of every path all parties together are nil, to {tiny} of a penny."
    )
    return Table(SUMS, ("Party", *means), tuple(rows), note, total=True)


def _tail(comparison: Comparison) -> Table:
    names = list(dict.fromkeys(name for contract in comparison.contracts for name in contract.tail))
    rows: list[tuple[Cell, ...]] = [
        (name, *(Constant(contract.tail.get(name, 0.0), "money") for contract in comparison.contracts))
        for name in names
        if any(abs(contract.tail.get(name, 0.0)) > NIL for contract in comparison.contracts)
    ]
    rows.append(("All of them", *(Constant(sum(contract.tail.values()), "money") for contract in comparison.contracts)))
    note = (
        "The mean loss of each party in the 5% of paths in which delivery costs all parties together most: Euler "
        "shares of their expected shortfall. A gain is negative."
    )
    return Table(TAIL, ("Party", *(contract.name for contract in comparison.contracts)), tuple(rows), note, total=True)


def _moved(comparison: Comparison) -> Table:
    ways: dict[tuple[str, str, str], dict[str, Estimate]] = {}
    for contract in comparison.contracts:
        for one in contract.payments:
            ways.setdefault((one.payer, one.payee, one.label), {})[contract.name] = one.mean
    names = [contract.name for contract in comparison.contracts]
    nothing = Estimate(0.0, 0.0)
    rows = []
    for (payer, payee, label), amounts in ways.items():
        if any(abs(one.value) > NIL for one in amounts.values()):
            cells: list[Cell] = [f"{payer} to {payee}: {label}"]
            for name in names:
                mean = amounts.get(name, nothing)
                cells += [Constant(mean.value, "money"), Constant(mean.error, "money")]
            rows.append(tuple(cells))
    header = ("Payer, payee and what for", *(heading for name in names for heading in (name, f"Error, {name}")))
    return Table(MOVED, header, tuple(rows), "In money of the day, not discounted.")


def _failures(comparison: Comparison) -> Table:
    rows = tuple(
        (
            _row(contract, one.provider),
            Constant(one.chance.value, "share"),
            Constant(one.chance.error, "share"),
            Constant(one.cost.value, "money"),
            Constant(one.cost.error, "money"),
        )
        for contract in comparison.contracts
        for one in contract.failures
    )
    header = ("Contract and provider", "Chance", "Error of the chance", "Mean cost", "Error of the mean cost")
    return Table(FAILURES, header, rows, "The cost comes back to the commissioner: see what is assumed.")


def _chart_of_drivers(comparison: Comparison, table: Table) -> Chart:
    looks = dict(zip(GROUPS, COLOURS, strict=True))
    present = [
        name
        for name in GROUPS
        if any(one.share(name, who) >= SMALL for one in comparison.contracts for who in one.attributed)
    ]
    series = tuple(Series(name, looks[name]) for name in present)
    bond = comparison.contracts[min(2, len(comparison.contracts) - 1)]
    said = ", ".join(f"{name.lower()} {bond.share(name, bond.attributed[0]):.0%}" for name in present)
    return Chart(
        f"Measurement makes {bond.noise:.0%} of the risk of the bill under the bond",
        table,
        series,
        "bar",
        "Contract and party",
        "Share of the party's risk",
        "share",
        f"Stacked bars, one for each contract and party. Commissioner under the bond: {said}.",
    )


def _chart_of_parties(comparison: Comparison, table: Table) -> Chart:
    drawn = [cells[0] for cells in table.rows]
    pairs = [(one, contract.name) for contract in comparison.contracts for one in shown(contract)]
    pairs = [(one, name) for one, name in pairs if f"{name}: {one.name}" in drawn]
    party, _ = min(pairs, key=lambda pair: pair[0].worst.value)
    least = money(party.worst.value)
    tied = [name for one, name in pairs if one.name == party.name and money(one.worst.value) == least]
    under = " and ".join(f"“{name}”" for name in tied)
    return Chart(
        f"In the worst 5% of paths, {party.name} is worst off under {under}",
        table,
        (Series("Mean", "investors"), Series("Mean of the worst 5%", "loss")),
        "column",
        "Contract and party",
        "Net present value, £ million",
        "million",
        "Two columns for each contract and party, its mean and the mean of its worst 5% of paths. Lowest: "
        f"{party.name} under {under}, {least}.",
    )


__all__ = ["PUBLIC", "risk_transfer", "shown"]
