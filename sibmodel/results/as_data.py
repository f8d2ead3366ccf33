"""A run as plain data: what `--json` prints and `<deal>.json` holds.

Its keys are documented in docs/results.md and held to `sibmodel/result_schema.json` by a test.
"""

from __future__ import annotations

import math
from typing import Any

from sibmodel import __version__
from sibmodel.analysis.transfer.contracts import Comparison
from sibmodel.analysis.value_for_money.judging import ValueForMoney
from sibmodel.files import deal_hash
from sibmodel.results.assurance import assurance
from sibmodel.results.base_case import base
from sibmodel.results.contracts import contract, value_for_money
from sibmodel.results.runs import Run
from sibmodel.results.sensitivity import sensitivity
from sibmodel.results.simulated import risks, simulated, where_lost


def document(run: Run) -> dict[str, Any]:
    """The run as plain data: numbers, texts, None where a figure is not available."""
    worth = {} if run.value is None else {"value_for_money": plain(value_for_money(run.value))}
    return {
        "deal": run.deal.name,
        "version": __version__,
        "deal_hash": run.hash,
        "scenarios": [
            {
                "name": one.name,
                "description": one.description,
                "source": one.source,
                "file": one.file or None,
            }
            for one in run.deal.scenarios
        ],
        "base": plain(base(run)),
        "assurance": plain(assurance(run)),
        "sensitivity": plain(sensitivity(run.sensitivity)),
        "simulation": plain(
            simulated(run.simulation) | where_lost(run) | {"providers": [risks(run, one) for one in run.risks]}
        ),
        **worth,
    }


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """A comparison of contracts as plain data."""
    return {
        "deal": comparison.deal.name,
        "version": __version__,
        "deal_hash": deal_hash(comparison.deal),
        "paths": comparison.paths,
        "seed": comparison.seed,
        "contracts": [plain(contract(one)) for one in comparison.contracts],
    }


def value_document(found: ValueForMoney) -> dict[str, Any]:
    """Value for money as plain data."""
    return {
        "deal": found.deal.name,
        "version": __version__,
        "deal_hash": deal_hash(found.deal),
        "paths": found.paths,
        "seed": found.seed,
        **plain(value_for_money(found)),
    }


def plain(value: Any) -> Any:
    """A value as JSON has it: None for what is not a finite number."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
