"""The plan: the deal as it was signed, without what has become known since, beside the deal as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sibmodel.deal import Deal
from sibmodel.lines import Line, Values, evaluate
from sibmodel.model import Model, build

What = Literal["people", "starts", "measured effect", "people counted", "decision period"]


@dataclass(frozen=True, eq=False)
class Fact:
    """Something of a cohort that may be known: `line` is its figure now, `planned` the plan's in its base case."""

    cohort: str
    measure: str
    """Empty where it is about the cohort as a whole."""
    what: What
    planned: float
    line: Line
    known: bool


@dataclass(frozen=True, eq=False)
class Headline:
    """A figure of the whole deal: `line` as it stands now, `planned` as it was."""

    name: str
    planned: float
    line: Line


@dataclass(frozen=True, eq=False)
class Plan:
    """The deal without its actuals, and its base case."""

    model: Model
    base: Values

    def facts(self, now: Model) -> tuple[Fact, ...]:
        """What may be known of each cohort, and whether it is."""
        return tuple(self._facts(now))

    def headlines(self, now: Model) -> tuple[Headline, ...]:
        """Payments, investors' returns, and each provider's lowest cash."""
        then, ours, theirs = self.model, now.returns.everyone, self.model.returns.everyone
        pairs = [
            ("Outcome payments", then.commissioning.paid_in_all, now.commissioning.paid_in_all),
            ("Investors: invested", theirs.invested, ours.invested),
            ("Investors: received", theirs.received, ours.received),
            ("Investors: rate of return a year (IRR)", theirs.irr, ours.irr),
            ("Investors: multiple of invested capital (MOIC)", theirs.moic, ours.moic),
            ("Investors: net present value", theirs.npv, ours.npv),
        ]
        for before, after in zip(then.provider_cash, now.provider_cash, strict=True):
            pairs.append((f"{after.name}: lowest cash", before.lowest, after.lowest))
        return tuple(Headline(name, self.base.figure(before), after) for name, before, after in pairs)

    def _facts(self, now: Model) -> Iterator[Fact]:
        actuals = now.deal.actuals
        told = {} if actuals is None else actuals.cohorts
        for place, cohort in enumerate(now.service.cohorts):
            who, before, facts = cohort.name, self.model.service.cohorts[place], told.get(cohort.name)
            yield self._fact(who, "", "people", before.people, cohort.people, facts and facts.people is not None)
            yield self._fact(who, "", "starts", before.starts, cohort.starts, facts and facts.starts is not None)
            for name, metric in now.measured.compared.items():
                then, one = self.model.measured.compared[name].cohorts[place], metric.cohorts[place]
                known = facts and name in facts.measured
                yield self._fact(who, name, "measured effect", then.effect, one.effect, known)
                yield self._fact(who, name, "decision period", then.decision, one.decision, known)
            for name, milestone in now.measured.achieved.items():
                earlier, later = self.model.measured.achieved[name].cohorts[place], milestone.cohorts[place]
                yield self._fact(
                    who, name, "people counted", earlier.counted, later.counted, facts and name in facts.counted
                )

    def _fact(self, cohort: str, measure: str, what: What, before: Line, now: Line, known: object) -> Fact:
        return Fact(cohort, measure, what, self.base.figure(before), now, bool(known))


def planned(deal: Deal) -> Plan | None:
    """The deal as it was signed, in its base case; None where nothing has become known since."""
    if deal.actuals is None:
        return None
    model = build(deal.alone().replace("actuals", None))
    return Plan(model, evaluate(model.book.lines, model.book.periods))
