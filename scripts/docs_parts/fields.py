"""Tables of what a deal file, a file of scenarios and the Excel form may hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from docs_parts.markdown import rows_of
from sibmodel import words
from sibmodel.deal import Deal
from sibmodel.distributions import SHAPES
from sibmodel.fields import FieldNote, describe
from sibmodel.forms.sheets import GUIDE, LISTS, SHEETS
from sibmodel.funding import GUARANTEES, REPAYMENTS, STEPS
from sibmodel.measurement import DESIGNS
from sibmodel.outcomes import METRICS
from sibmodel.payments import PAYMENTS
from sibmodel.providers import FUNDERS, PROVIDER_CONTRACTS
from sibmodel.reading import bare
from sibmodel.scenario_files import ScenarioFile
from sibmodel.terms import Terms, kind_of
from sibmodel.uncertain import Belief


def fields_table(part: str) -> str:
    """Every field of one part of a deal file; without `part`, those at its top. Each kind has a table of its own."""
    notes = [one for one in describe(Deal) if _belongs(one.path, part)]
    kinds = [one.choices[0] for one in notes if one.path == f"{part}[].kind"]
    if len(kinds) < 2:
        return _fields(_once(notes))
    of_kind = _by_kind(notes, part)
    shared = [one for one in of_kind[kinds[0]] if sum(_has(of_kind[kind], one) for kind in kinds) > len(kinds) / 2]
    head = f"What all {len(kinds)} kinds have, unless a kind's own table says otherwise:"
    texts = [head, _fields([*notes[:1], *shared])]
    for kind in kinds:
        own = [one for one in of_kind[kind] if not _has(shared, one)]
        texts += [f"### {part}: {kind}", _fields(own)]
    return "\n\n".join(texts)


def _fields(notes: Sequence[FieldNote]) -> str:
    rows = [[f"`{one.path}`", _sentence(one), _kind_of_field(one), _allowed(one), _default(one)] for one in notes]
    return rows_of(["Field", "What it is", "Unit", "Allowed", "Default"], rows)


def _sentence(one: FieldNote) -> str:
    kinds = KINDS_OF_GUARANTEE if one.path.startswith("funding.guarantees") else KINDS
    return (one.sentence or kinds[one.member]).replace(" %", "%").replace("None for", "left out for")


def _once(notes: Sequence[FieldNote]) -> list[FieldNote]:
    """The fields, with those that every kind in a list shares only where they come first."""
    kept: list[FieldNote] = []
    for one in notes:
        kinds = [other for other in notes if other.path == f"{one.path.partition('[]')[0]}[].kind"]
        shared = len(kinds) > 1 and sum(_same(one) == _same(other) for other in notes) == len(kinds)
        if not (shared and _has(kept, one)):
            kept.append(one)
    return kept


def _by_kind(notes: Sequence[FieldNote], part: str) -> dict[str, list[FieldNote]]:
    """The fields of each kind, those inside its parts with it."""
    found: dict[str, list[FieldNote]] = {}
    kind = ""
    for one in notes:
        if one.path.count(".") == 1:
            kind = one.member
        if kind:
            found.setdefault(kind, []).append(one)
    return found


def _has(notes: Sequence[FieldNote], one: FieldNote) -> bool:
    """Whether such a field is among these, whatever kind it is of."""
    return any(_same(one) == _same(other) for other in notes)


def _same(one: FieldNote) -> tuple[object, ...]:
    return one.path, one.sentence, one.choices, repr(one.default)


ELSEWHERE = ("measurement[].first.", "measurement[].second.", "assumptions.by_metric[].", "assumptions.by_segment[].")
"""Fields that stand in the tables once already, by what their paths begin with."""


def _belongs(path: str, part: str) -> bool:
    if path.startswith(ELSEWHERE):
        return False
    top = re.split(r"[.\[]", path)[0]
    return top == part if part else path in AT_THE_TOP


AT_THE_TOP = ("name", "description", "start", "months", "payments_cap", "payer_caps")
"""The fields of a deal that are no part of their own."""


def _kind_of_field(one: FieldNote) -> str:
    if one.quantity:
        unit = {"GBP": "£", "number": ""}.get(one.unit, one.unit)
        return f"{unit}; may be uncertain" if one.uncertain else unit
    if one.choices:
        return "words"
    inside = [other.path for other in describe(Deal) if other.path.startswith((f"{one.path}.", f"{one.path}[]"))]
    if inside:
        return "list" if inside[0].startswith(f"{one.path}[]") else "group"
    if isinstance(one.default, bool):
        return "yes or no"
    return _TYPES.get(one.name, "text")


_TYPES = {
    "metrics": "list of names",
    "between": "list of names",
    "pools": "lists of names by name",
    "years": "lists of names by name",
    "start": "month",
    "distributions_from": "month",
    "paid_in": "month",
    "month": "month",
    "from": "month",
    "until": "month",
    "release": "month",
    "call": "month",
    "payments": "list of names",
    "cohorts": "list of names",
    "tranches": "list of names",
    "sources": "texts by path",
    "owners": "texts by path",
    "ratings": "words by path",
    "limits": "list of texts",
    "changes": "values by path",
}
"""What fields hold that are neither numbers nor single texts."""


def _what_each_is(family: Iterable[type[Terms]]) -> dict[str, str]:
    return {kind_of(terms): " ".join((terms.__doc__ or "").partition("\n\n")[0].split()) for terms in family}


KINDS = _what_each_is((*PAYMENTS, *PROVIDER_CONTRACTS, *FUNDERS, *STEPS, *REPAYMENTS, *METRICS, *DESIGNS))
"""What each kind of payment, of provider's pay, of funder, of step, of measure and of design is, by its `kind`."""
KINDS_OF_GUARANTEE = _what_each_is(GUARANTEES)
"""What each kind of guarantee is: a payment may be called the same."""


def _allowed(one: FieldNote) -> str:
    if one.choices:
        return ", ".join(f"`{choice}`" for choice in one.choices)
    low, high = (None if end is None else _amount(one, end) for end in (one.minimum, one.maximum))
    if low is not None and high is not None:
        return f"{low} to {high}"
    return f"{low} or more" if low is not None else f"{high} or less" if high is not None else ""


def _default(one: FieldNote) -> str:
    if one.required:
        return "**must be given**"
    if one.default is None or one.default in ({}, (), []):
        return "none"
    if isinstance(one.default, bool):
        return "yes" if one.default else "no"
    return _amount(one, one.default) if isinstance(one.default, int | float) else f"`{one.default}`"


def _amount(one: FieldNote, value: float) -> str:
    if one.quantity == "money":
        return words.money(value)
    if one.quantity.startswith(("share", "yearly")):
        return f"{value * 100:g}%".replace("-", words.MINUS)
    return f"{value:g}".replace("-", words.MINUS)


def scenario_file_table(_of: str = "") -> str:
    """Every field of a file of scenarios."""
    return _fields(list(describe(ScenarioFile)))


def form_sheets_table(_of: str = "") -> str:
    """Every sheet of the Excel form, and what it holds."""
    around = [[GUIDE, "How to fill it in, and the version of the form."], [LISTS, "What the drop-downs offer."]]
    rows = [around[0], *([sheet.name, sheet.purpose] for sheet in SHEETS), around[1]]
    return rows_of(["Sheet", "What it holds"], rows)


def distributions_table(_of: str = "") -> str:
    """Every distribution that a belief may have."""
    rows = []
    for shape in SHAPES:
        field = Belief.model_fields[shape]
        inside = bare(field.annotation).model_fields
        parts = "; ".join(f"`{name}`: {_small(part.description)}" for name, part in inside.items())
        rows.append([f"`{shape}`", f"{field.description}", parts])
    return rows_of(["Distribution", "What it is", "Its numbers"], rows)


def _small(text: str | None) -> str:
    return (text or "")[:1].lower() + (text or "")[1:]
