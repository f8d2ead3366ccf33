"""What a comparison writes into a model's book: its forms, what each costs the commissioner, and the figures whose
spread is divided among drivers. Workers that share the division write the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sibmodel import __version__
from sibmodel.analysis.attribution import Game, Part
from sibmodel.analysis.transfer.drivers import groups_of
from sibmodel.analysis.transfer.forms import Form
from sibmodel.analysis.transfer.forms import build as build_forms
from sibmodel.analysis.transfer.ledgers import COMMISSIONER, INVESTORS
from sibmodel.analysis.value_for_money.lines import ValueLines
from sibmodel.analysis.value_for_money.lines import build as build_value
from sibmodel.deal import Deal
from sibmodel.ledger import MOST_IN_A_FORMULA
from sibmodel.lines import Line, sum_of
from sibmodel.model import Model, build
from sibmodel.simulation.workers import deal_of, text_of

PUBLIC = "Public"
"""What the attribution calls the value of outcomes less the commissioner's bill."""
PROVIDERS = "Providers together"
"""What it calls all providers, where there are several."""


class Written:
    """A deal's model with some forms in its book."""

    def __init__(self, deal: Deal, names: tuple[str, ...]) -> None:
        self.names = names
        self.model: Model = build(deal)
        self.value: ValueLines = build_value(self.model)
        self.forms: tuple[Form, ...] = build_forms(self.model, names)
        self.costs = {
            form.name: self.value.present_cost(form.flows.net.section, COMMISSIONER, form.commissioner.flow)
            for form in self.forms
        }
        self.attributed = {form.name: self._attributed(form) for form in self.forms}
        """By form and party, the figures whose spread is divided."""

    @property
    def rows(self) -> list[tuple[str, Line]]:
        """Those figures in their order, each with its form's name."""
        return [(form, line) for form, lines in self.attributed.items() for line in lines.values()]

    def _attributed(self, form: Form) -> dict[str, Line]:
        """The figures whose spread is divided among drivers: those of who signs, and the public's."""
        section, providers = form.flows.net.section, [one.name for one in self.model.providers]
        names = [COMMISSIONER, INVESTORS, PROVIDERS, PUBLIC, *providers]
        found = {one.name: one.npv for one in form.parties if one.name in names}
        if len(providers) > 1:
            each = [found[name] for name in providers if name in found]
            parts = section.gathered(PROVIDERS, each, MOST_IN_A_FORMULA, unit="£")
            found[PROVIDERS] = section.line(PROVIDERS, sum_of(parts) * 1, unit="£", note="At present value.")
        if self.value.counted is not None:
            found[PUBLIC] = section.line(
                PUBLIC, self.value.counted - self.costs[form.name], unit="£", note="At present value."
            )
        return {name: found[name] for name in names if name in found}


@dataclass(frozen=True)
class SharesJob:
    """The division of a deal's risk among drivers, each block's sets in some portions."""

    deal: str
    """Its terms as JSON."""
    names: tuple[str, ...]
    """Of the forms."""
    paths: int
    seed: int
    portions: int
    version: str = __version__

    def calculator(self) -> Callable[[int], Part]:
        """What calculates the part of a number. The model is built anew."""
        written = Written(deal_of(self.deal), self.names)
        lines, groups = [line for _, line in written.rows], groups_of(written.model)
        return Game(written.model, lines, groups, self.paths, self.seed, self.portions).part


def shares_job(deal: Deal, names: tuple[str, ...], paths: int, seed: int, portions: int) -> SharesJob:
    """The division of a deal's risk under those forms."""
    return SharesJob(text_of(deal), names, paths, seed, portions)
