"""A run as plain data: what `--json` prints and `<deal>.json` holds.

Its keys are documented in docs/results.md and held to `sibmodel/result_schema.json` by a test.
"""

from __future__ import annotations

import math
from typing import Any

from sibmodel import __version__
from sibmodel.results.assurance import assurance
from sibmodel.results.base_case import base
from sibmodel.results.runs import Run
from sibmodel.results.simulated import risks, simulated


def document(run: Run) -> dict[str, Any]:
    """The run as plain data: numbers, texts, None where a figure is not available."""
    return {
        "deal": run.deal.name,
        "version": __version__,
        "deal_hash": run.hash,
        "base": plain(base(run)),
        "assurance": plain(assurance(run)),
        "simulation": plain(simulated(run.simulation) | {"providers": [risks(run, one) for one in run.risks]}),
    }


def plain(value: Any) -> Any:
    """A value as JSON has it: None for what is not a finite number."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
