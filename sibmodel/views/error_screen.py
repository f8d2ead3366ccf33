"""The error rates on the screen and as data."""

from __future__ import annotations

import math
from dataclasses import asdict, fields, is_dataclass
from typing import Any

from sibmodel.analysis.error_rates import ErrorRates
from sibmodel.analysis.power import designs, sample_sizes, what_designs_test, what_drifts
from sibmodel.deal import Deal
from sibmodel.views.error_rates import AGAINST_NIL, cautions_of, sentences
from sibmodel.views.kinds import paragraph
from sibmodel.words import money, number, percent

BAR = 40
"""Characters of a full bar."""


def screen(deal: Deal, errors: ErrorRates) -> str:
    """The error rates in words, with a bar for each chance."""
    head = "  True effect   Chance of payment        Mean payment for results"
    rows = [errors.deal, *(paragraph(sentence) for sentence in sentences(errors))]
    rows += [paragraph(f"Caution  {one.path}  {one.message}") for one in cautions_of(deal, errors)]
    rows += ["", head]
    for point in errors.curve:
        bar = "█" * round(point.paid * BAR)
        rows.append(
            f"  {percent(point.effect):>8}      {percent(point.paid):>6} ± {percent(point.paid_error):<7} "
            f"{money(point.mean_payment):>15}   {bar}"
        )
    others = designs(deal, errors.judgement.target)
    if others:
        rows += [
            "",
            "  If it were measured otherwise       People   Tests   Paid with no effect   Unpaid at target",
        ]
        rows += [
            f"  {one.name:<34} {number(one.people):>7}   {one.tests:>5}   {percent(one.false_payment):>19}   "
            f"{percent(one.missed_payment):>16}"
            for one in others
        ]
        rows.append(f"  By formula: {what_designs_test(deal)}, at the base case's volume. {what_drifts(deal)}")
    sizes = sample_sizes(deal)
    if sizes:
        rows += ["", "  People needed to see a true effect"]
        rows += [f"  {percent(one.reduction):>8}      {number(math.ceil(one.people)):>8}" for one in sizes]
        rows.append(f"  {AGAINST_NIL}")
    return "\n".join(rows)


def document(deal: Deal, errors: ErrorRates) -> dict[str, Any]:
    """The error rates as plain data."""
    data: dict[str, Any] = {
        one.name: _plain(getattr(errors, one.name)) for one in fields(errors) if one.name != "terms"
    }
    data["unpaid_at_target"] = errors.unpaid_at_target
    data["designs"] = [asdict(one) for one in designs(deal, errors.judgement.target)]
    data["sample_sizes"] = [asdict(one) for one in sample_sizes(deal)]
    cleaned: dict[str, Any] = _finite(data)
    return cleaned


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
