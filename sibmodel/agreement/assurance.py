"""Assurance: owners and ratings are about parts that the deal has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sibmodel.agreement.common import Faults
from sibmodel.reading import fault_at

if TYPE_CHECKING:
    from sibmodel.deal import Deal


def assurance(deal: Deal) -> Faults:
    """Every path begins with a part of a deal."""
    if deal.assurance is None:
        return
    parts = sorted(type(deal).model_fields)
    for name in ("owners", "ratings"):
        for path in getattr(deal.assurance, name):
            if path.partition(".")[0].partition("[")[0] not in parts:
                yield fault_at(
                    ("assurance", name, path),
                    f'"{path}" is no place in a deal.',
                    "Write it as for --set, for example assumptions.effect, or payments[0].price.",
                )
