"""Value for money: benefits are of measures that there are, and only kinds that there are can be added up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sibmodel.agreement.common import Faults, different, unknown
from sibmodel.reading import fault_at

if TYPE_CHECKING:
    from sibmodel.deal import Deal


def measures(deal: Deal) -> Faults:
    """Benefits have names of their own and name measures of the deal; net value adds up kinds that there are."""
    value = deal.value
    if value is None:
        return
    names = [metric.name for metric in deal.metrics]
    yield from different("benefits", (one.name for one in value.benefits), "value")
    for number, one in enumerate(value.benefits):
        if one.measure is not None:
            yield from unknown(one.measure, names, ("value", "benefits", number, "measure"), "measure")
    kinds = {one.kind for one in value.benefits}
    for number, kind in enumerate(value.counts):
        if kind not in kinds:
            yield fault_at(
                ("value", "counts", number),
                f"There is no benefit of kind {kind}.",
                f"Leave it out{'; there are: ' + ', '.join(sorted(kinds)) if kinds else ''}.",
            )
