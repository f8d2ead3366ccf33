"""Comparing: a deal's own forms, and other deals as they are written, over the same paths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from sibmodel.agreement import WORLD_OUTSIDE
from sibmodel.analysis.attribution import Attribution, Sharing, attribute
from sibmodel.analysis.estimates import chance_of, mean_of, percentile_of, ratio_of_means, shortfall_of
from sibmodel.analysis.shares import euler_shares
from sibmodel.analysis.transfer.contracts import Comparison, Contract, Failure, PartyRisk, Payment, Regret
from sibmodel.analysis.transfer.drivers import groups_of
from sibmodel.analysis.transfer.forms import BOND, FEE, NOTES, Form
from sibmodel.analysis.transfer.written import Written, shares_job
from sibmodel.deal import Deal
from sibmodel.lines import Line
from sibmodel.metrics import error_of_mean, summarise
from sibmodel.simulation import NONE, SEED, Crew, Estimate, Sampling, sampling_of
from sibmodel.simulation.figures import figures
from sibmodel.simulation.paths import Floats

PATHS = 16_384
"""Paths of a comparison unless told."""
TAIL = 0.05
"""The worst paths over which means are taken."""

Progress = Callable[[str, int, int], None]
"""Called with what is compared, sets of drivers done, and sets in all."""


def compare(
    deal: Deal,
    others: Sequence[tuple[str, Deal]] = (),
    paths: int = PATHS,
    seed: int = SEED,
    progress: Progress | None = None,
    paths_of_shares: int | None = None,
    sampler: str | Sampling | None = None,
    crew: Crew | None = None,
    helpers: Callable[[], Crew | None] | None = None,
) -> Comparison:
    """The deal as a fee for service, as payment by results to providers and as a bond, and other deals as they are
    written, each under its name. Shares of risk take far longer than all else: they may come from fewer paths, or with
    0 be left out; these are pseudo-random. All else is by the sampler, pseudo-random unless told.

    `crew` calculates the shares of risk, this process unless told; `helpers` help it where that would take long. The
    figures are the same.

    Raises ValueError for fewer than two paths.
    """
    if paths < 2:
        raise ValueError("A comparison needs at least two paths.")
    for_shares = paths if paths_of_shares is None else paths_of_shares
    who = Sharing(crew=crew, helpers=helpers)
    own = _Side(deal, tuple(NOTES), paths, seed, sampler)
    contracts = own.contracts(for_shares, None, progress, who)
    for name, other in others:
        side = _Side(other, (BOND,), paths, seed, own.spread)
        (contract,) = side.contracts(for_shares, contracts[0], progress, who, name)
        contracts.append(contract)
    return Comparison(deal, own.model, own.forms, own.value, tuple(contracts), paths, seed, own.spread)


class _Side:
    """A deal under some forms, over all paths."""

    def __init__(
        self, deal: Deal, names: tuple[str, ...], paths: int, seed: int, sampler: str | Sampling | None
    ) -> None:
        self.deal, self.seed = deal, seed
        self.written = Written(deal, names)
        self.model, self.value, self.forms = self.written.model, self.written.value, self.written.forms
        self.spread = sampling_of(self.model, sampler, paths, seed)
        self.figures = figures(self.model, self._lines(), paths, seed, spread=self.spread)

    def contracts(
        self, paths: int, fee: Contract | None, progress: Progress | None, who: Sharing, name: str | None = None
    ) -> list[Contract]:
        """The forms as contracts, each under its own name unless told; `fee` is what they are compared with."""
        rows = self.written.rows
        shares = attribute(
            self.model,
            [line for _, line in rows],
            groups_of(self.model) if paths else (),
            paths,
            self.seed,
            None if progress is None else (lambda done, of: progress(self.deal.name, done, of)),
            replace(who, job=partial(shares_job, self.deal, self.written.names, paths, self.seed)),
        )
        made: list[Contract] = []
        for form in self.forms:
            columns = [place for place, row in enumerate(rows) if row[0] == form.name]
            own = Attribution(
                shares.groups, shares.variance[columns], shares.shares[:, columns], shares.errors[:, columns]
            )
            beside = made[0] if made and made[0].form.name == FEE else fee
            made.append(_Reading(self, form).contract(name or form.name, own, beside))
        return made

    def _lines(self) -> dict[tuple[str, ...], Line]:
        lines: dict[tuple[str, ...], Line] = {
            ("true", "present"): self.value.true_present,
            ("true", "effect"): self.model.effects[0].pooled.true,
            **{("people", one.name): one.people for one in self.model.service.cohorts},
        }
        if self.value.counted is not None:
            lines["value", "counted"] = self.value.counted
        for form in self.forms:
            lines[form.name, "cost"] = self.written.costs[form.name]
            lines[form.name, "highest"], lines[form.name, "lowest"] = form.flows.net_highest, form.flows.net_lowest
            for party in form.parties:
                lines[form.name, "npv", party.name], lines[form.name, "peak", party.name] = party.npv, party.peak
            for number, moved in enumerate(form.moved):
                lines[form.name, "moved", str(number)] = moved.in_all
            for one in form.backing:
                lines[form.name, "failed", one.provider] = one.failed
                lines[form.name, "failure", one.provider] = one.cost
        return lines


@dataclass(frozen=True, eq=False)
class _Reading:
    """A form's figures by path, and what is read from them."""

    side: _Side
    form: Form

    @property
    def replicates(self) -> int:
        return self.side.spread.replicates

    def of(self, *what: str) -> Floats:
        return self.side.figures[(self.form.name, *what)]

    def contract(self, name: str, attribution: Attribution, fee: Contract | None) -> Contract:
        """The contract, compared with a fee for service where there is one."""
        bill, found = self.of("cost"), self.side.figures
        per_true = ratio_of_means(bill, found["true", "present"], self.replicates)
        served = np.sum([people for name, people in found.items() if name[0] == "people"], axis=0) > 0
        nothing = served & (found["true", "effect"] <= 0)
        return Contract(
            name=name,
            form=self.form,
            parties=tuple(
                _party(one.name, self.of("npv", one.name), self.of("peak", one.name), self.replicates)
                for one in self.form.parties
            ),
            payments=tuple(
                Payment(one.payer, one.payee, one.label, mean_of(self.of("moved", str(number)), self.replicates))
                for number, one in enumerate(self.form.moved)
            ),
            failures=tuple(
                Failure(
                    one.provider,
                    chance_of(self.of("failed", one.provider) > 0, self.replicates),
                    mean_of(self.of("failure", one.provider), self.replicates),
                )
                for one in self.form.backing
            ),
            bill=mean_of(bill, self.replicates),
            per_true=per_true,
            price_of_transfer=_price(bill, found["true", "present"], fee, self.replicates),
            regret=self._regret(fee),
            paid_for_nothing=ratio_of_means(bill * nothing, nothing, self.replicates) if nothing.sum() > 1 else NONE,
            attributed=tuple(self.side.written.attributed[self.form.name]),
            attribution=attribution,
            tail=self._tail(),
            npv={one.name: self.of("npv", one.name) for one in self.form.parties},
            bills=bill,
            true_outcomes=found["true", "present"],
            imbalance=float(max(np.abs(self.of("highest")).max(), np.abs(self.of("lowest")).max())),
        )  # fmt: skip

    def _regret(self, fee: Contract | None) -> Regret | None:
        worth = self.side.figures.get(("value", "counted"))
        if worth is None:
            return None
        regret = np.maximum(self.of("cost") - worth, 0.0)
        worst = shortfall_of(-regret, TAIL, self.replicates)
        before = fee.regret.worst.value if fee is not None and fee.regret is not None else float("nan")
        transferred = 1 - -worst.value / before if before > 0 else float("nan")
        return Regret(mean_of(regret, self.replicates), Estimate(-worst.value, worst.error), transferred)

    def _tail(self) -> dict[str, float]:
        names = [one.name for one in self.form.parties if one.name != WORLD_OUTSIDE]
        parts = euler_shares(np.array([self.of("npv", one) for one in names]), TAIL)
        return dict(zip(names, parts.tolist(), strict=True))


def _party(name: str, npv: Floats, peak: Floats, replicates: int) -> PartyRisk:
    spread = summarise(npv, replicates)
    return PartyRisk(
        name,
        Estimate(spread.mean, spread.error),
        Estimate(spread.sd, spread.errors["sd"]),
        Estimate(spread.p5, spread.errors["p5"]),
        shortfall_of(npv, TAIL, replicates),
        chance_of(npv < -CRUMB, replicates),
        mean_of(peak, replicates),
        percentile_of(peak, 0.95, replicates),
    )


CRUMB = 0.005
"""Half a penny: a loss below it is rounding."""


def _price(bill: Floats, true_outcomes: Floats, fee: Contract | None, replicates: int) -> Estimate:
    """What a true outcome costs against a fee for service, less 1. The error is that of the logarithm's first order,
    over the same paths."""
    if fee is None or not (true_outcomes.mean() > 0 and fee.per_true.value > 0):
        return NONE
    ratio = bill.mean() / true_outcomes.mean() / fee.per_true.value
    apart = bill / bill.mean() - true_outcomes / true_outcomes.mean()
    apart = apart - fee.bills / fee.bills.mean() + fee.true_outcomes / fee.true_outcomes.mean()
    return Estimate(float(ratio - 1), float(ratio * error_of_mean(apart, replicates)))
