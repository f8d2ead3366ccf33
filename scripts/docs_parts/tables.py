"""Every table that a page may ask for, by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from docs_parts.examples import compared_table, inputs_table, three_bonds_table
from docs_parts.fields import distributions_table, fields_table, form_sheets_table, scenario_file_table
from docs_parts.markdown import rows_of
from docs_parts.measuring import chances_table, dispersion_table, rule_table, spread_table
from docs_parts.result_keys import results_table
from sibmodel import questions
from sibmodel.evidence import listing


def evidence_table(_of: str = "") -> str:
    """Every source of the evidence library."""
    return listing.sources_table()


def functions_table(_of: str = "") -> str:
    """The questions as Python functions: how each is called, the first sentence of what it says of itself."""
    rows = []
    for name, function in inspect.getmembers(questions, inspect.isfunction):
        if function.__module__ != questions.__name__:
            continue
        sentence, _, command = (inspect.getdoc(function) or "").partition("\n\n")[0].rpartition(": ")
        needed = [one.name for one in inspect.signature(function).parameters.values() if one.default is one.empty]
        rows.append([f"`sib.{name}({', '.join(needed)})`", f"{' '.join(sentence.split())}.", command.rstrip(".")])
    return rows_of(["Function", "What it answers", "Command"], rows)


TABLES: dict[str, Callable[[str], str]] = {
    "fields": fields_table,
    "form_sheets": form_sheets_table,
    "distributions": distributions_table,
    "scenario_file": scenario_file_table,
    "results": results_table,
    "dispersion": dispersion_table,
    "spread": spread_table,
    "chances": chances_table,
    "rule": rule_table,
    "compared": compared_table,
    "inputs": inputs_table,
    "evidence": evidence_table,
    "functions": functions_table,
    "three-bonds": three_bonds_table,
}
"""Every table that a page may ask for; what follows its name in the marker goes to the function."""
