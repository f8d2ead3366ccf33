"""Funding: every tranche has its steps, and every step its tranches."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sibmodel.agreement.common import Faults, unknown
from sibmodel.reading import Place, fault_at

if TYPE_CHECKING:
    from sibmodel.deal import Deal


def waterfall(deal: Deal) -> Faults:
    """Bills, interest and principal each have their step, before the surplus."""
    names = [tranche.name for tranche in deal.funding.tranches]
    kinds = [step.kind for step in deal.funding.waterfall]
    if kinds.count("costs") != 1:
        steps = f"{kinds.count('costs')} steps" if "costs" in kinds else "no step"
        yield fault_at(
            ("funding", "waterfall"),
            f"It has {steps} of kind costs, and needs one.",
            "Add `- kind: costs`, as a rule as the first step." if steps == "no step" else "Keep one of them.",
        )
    taken_by: dict[str | None, str] = {}
    for number, step in enumerate(deal.funding.waterfall):
        where: Place = ("funding", "waterfall", number)
        if step.silo in taken_by and not step.leaves_nothing:
            yield fault_at(
                where,
                f"This step, {step.kind}, comes after the {taken_by[step.silo]}, which leaves nothing.",
                "Put it before.",
            )
        if step.leaves_nothing and not step.may_be_off and getattr(step, "up_to", None) is None:
            taken_by.setdefault(step.silo, "surplus" if step.kind.startswith("surplus") else f"step {step.kind}")
        if not hasattr(step, "tranches"):
            continue
        if not step.tranches:
            yield fault_at((*where, "tranches"), "There are no tranches.", "Name at least one.")
        for name, times in Counter(step.tranches).items():
            if times > 1:
                yield fault_at((*where, "tranches"), f'"{name}" is listed {times} times.', "List it once.")
        for place, name in enumerate(step.tranches):
            yield from unknown(name, names, (*where, "tranches", place), "tranche")
    for number, tranche in enumerate(deal.funding.tranches):
        if tranche.is_debt and not _has_step(deal, "principal", tranche.name):
            yield fault_at(
                ("funding", "waterfall"),
                f'No step repays the principal of "{tranche.name}".',
                "Add a step of kind principal for it.",
            )
        if tranche.bears_interest and not _has_step(deal, "interest", tranche.name):
            yield fault_at(
                ("funding", "tranches", number, "coupon" if tranche.coupon > 0 else "name"),
                f'No step of the waterfall pays the interest of "{tranche.name}".',
                "Add a step of kind interest for it.",
            )


def _has_step(deal: Deal, kind: str, tranche: str) -> bool:
    return any(step.kind == kind and tranche in getattr(step, "tranches", ()) for step in deal.funding.waterfall)
