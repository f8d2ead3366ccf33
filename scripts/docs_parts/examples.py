"""Tables of the examples: every input with its source, and what was printed beside what is calculated."""

from __future__ import annotations

import json
import re
from typing import Any

import three_bonds

from docs_parts import CHECKOUT
from docs_parts.markdown import rows_of
from sibmodel import words
from sibmodel.deal import Deal
from sibmodel.deals import read as read_deal
from sibmodel.lines import Input
from sibmodel.model import build
from sibmodel.results import document, run


def compared_table(name: str) -> str:
    """What was printed of an example's deal beside its base case, from the figures expected of it."""
    expected = json.loads((CHECKOUT / "examples" / f"{name}.expected.json").read_text(encoding="utf-8"))
    figures = document(run(read_deal(name), paths=1))
    rows = [
        [f"{one['printed'].replace(' %', '%')}", _figure(figures, one["figure"]), one["kind"], _source(one["source"])]
        for one in expected["figures"]
    ]
    return rows_of(["What was printed", "In the example", "Kind", "Source"], rows)


def value_at(figures: Any, path: str) -> float:
    """The figure at a path such as `base.outcomes[0].paid_reduction`."""
    for name, place in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        figures = figures[name] if name else figures[int(place)]
    return float(figures)


def _figure(figures: Any, path: str) -> str:
    value = value_at(figures, path)
    what = re.split(r"[.\]]+", path)[-1].replace("_", " ")
    if what == "irr" or what.endswith("reduction"):
        return f"{words.percent(value, 2)} ({what.replace('irr', 'IRR')})"
    return f"{words.money(value)} ({'in ' if what[0].isdigit() else ''}{what})"


def inputs_table(name: str) -> str:
    """Every number in an example, with its source."""
    deal = read_deal(name)
    rows = [
        [cell.name, _value(deal, cell), _source(cell.source), f"`{cell.path}`"]
        for cell in build(deal).book.inputs
        if cell.path
    ]
    return rows_of(["Number", "Base case", "Source", "Where in the deal"], rows)


def _value(deal: Deal, cell: Input) -> str:
    amount, unit = f"{cell.value:,.10g}".replace("-", words.MINUS), cell.unit
    if unit.startswith("£"):
        return f"£{amount}{unit[1:]}"
    if unit.startswith("share"):
        return f"{100 * cell.value:.10g}%{unit.removeprefix('share')}"
    if cell.path == "start":
        return str(deal.start)
    if unit == "period":
        return f"{amount} months" if cell.path == "months" else str(deal.start.plus(int(cell.value) - 1))
    return f"{amount} {unit}" if unit != "shape" else amount


def _source(source: str) -> str:
    """The source, with addresses as links named by their host."""
    return ADDRESS.sub(lambda found: f"[{found[1].removeprefix('www.')}]({found[0]})", source)


ADDRESS = re.compile(r"https?://([^/\s]+)(?:/\S*?)?(?=[,;]?(?:\s|$))")


def three_bonds_table(_of: str = "") -> str:
    """The made-up programme for Yorkshire and the Humber as one bond and as three."""
    return rows_of(three_bonds.HEAD, three_bonds.rows(three_bonds.compare()))
