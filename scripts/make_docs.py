"""Writes the parts of README.md and docs/ that come from the package: what commands print, and tables.

    python scripts/make_docs.py              write what is out of date
    python scripts/make_docs.py --check      say what is out of date, and write nothing
    python scripts/make_docs.py --pictures   draw the pictures of the example's workbook again (LibreOffice, poppler)

A page says what belongs where; the text up to `<!-- end -->` is replaced. All of a page happens in one empty folder;
its first command in a process of its own, as at a terminal, the others in this one, which has loaded the package:

    <!-- run: sibmodel check mine.yaml -->                    the command and what it prints
    <!-- printed -->                                          what the page's Python above prints
    <!-- table: fields payments -->                           a table of `docs_tables`
    <!-- edit: mine.yaml: price: £16,000 => price: £1 -->     a change to a file, for the commands that follow
    <!-- file: board.yaml -->                                 the block below is that file, for the commands that follow
"""

from __future__ import annotations

import argparse
import inspect
import json
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import three_bonds
from click.testing import CliRunner

from sibmodel import questions, words
from sibmodel.cli import main as sibmodel
from sibmodel.deal import Deal
from sibmodel.deals import read as read_deal
from sibmodel.distributions import SHAPES
from sibmodel.evidence import listing
from sibmodel.fields import FieldNote, describe
from sibmodel.files import read_terms
from sibmodel.forms.sheets import GUIDE, LISTS, SHEETS
from sibmodel.funding import GUARANTEES, REPAYMENTS, STEPS
from sibmodel.lines import Input
from sibmodel.measurement import DESIGNS, dispersion, pass_probability, standard_error
from sibmodel.model import build
from sibmodel.outcomes import METRICS
from sibmodel.payments import PAYMENTS
from sibmodel.providers import FUNDERS, PROVIDER_CONTRACTS
from sibmodel.reading import bare
from sibmodel.results import Chance, Run, chance, document, paid, run
from sibmodel.scenario_files import ScenarioFile
from sibmodel.simulation import simulate
from sibmodel.terms import Terms, kind_of
from sibmodel.uncertain import Belief
from sibmodel.workbook import write_workbook

CHECKOUT = Path(__file__).resolve().parent.parent
BY_OTHER_COMMANDS = ("docs/performance.md",)
"""Pages whose generated parts are not made here."""
PAGES = tuple(
    page
    for page in ("README.md", *sorted(f"docs/{path.name}" for path in (CHECKOUT / "docs").glob("*.md")))
    if page not in BY_OTHER_COMMANDS
)
END = "<!-- end -->"
MARKER = re.compile(r"^<!-- (?P<kind>run|printed|table|edit|file)(?:: (?P<what>.+?))? -->$")
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)

NUMBER = re.compile(r"(?<![\w.])[0-9][0-9,]*(?:\.[0-9]+)?")
SIMULATED = 0.001
"""A simulated figure may differ by so much on another processor or with another version of NumPy or SciPy."""


class DocsError(Exception):
    """A page that does not hold what is asked of it; the text says where and what."""


@dataclass(frozen=True)
class Part:
    """A generated part of a page: the line of its marker, and its text as it stands and as it should be."""

    page: str
    line: int
    marker: str
    stands: str
    fresh: str


def renewed(page: str, text: str) -> tuple[str, list[Part]]:
    """The page with its generated parts made anew, and these parts. Raises DocsError for a page that cannot be read."""
    lines, made, position = text.splitlines(), [], 0
    parts: list[Part] = []
    with tempfile.TemporaryDirectory() as folder:
        while position < len(lines):
            line = lines[position]
            made.append(line)
            position += 1
            marker = MARKER.match(line)
            if marker is None:
                continue
            where = f"{page} line {position}"
            if marker["kind"] == "edit":
                _edit(Path(folder), marker["what"], where)
                continue
            if marker["kind"] == "file":
                _put(Path(folder) / marker["what"], lines[position:], where)
                continue
            if END not in lines[position:]:
                raise DocsError(f"{where}: no {END} follows.")
            close = lines.index(END, position)
            alone = not any(part.marker.startswith("<!-- run") for part in parts)
            above = "\n".join(lines[:position])
            fresh = _made(marker["kind"], marker["what"] or "", above, Path(folder), where, alone)
            parts.append(Part(page, position, line, "\n".join(lines[position:close]), fresh))
            made += [*fresh.split("\n"), END]
            position = close + 1
    return "\n".join(made) + "\n", parts


def _made(kind: str, what: str, above: str, folder: Path, where: str, alone: bool) -> str:
    if kind == "run":
        run = _in_a_process if alone else _in_this_process
        return f"```text\n$ {what}\n{run(_arguments(what, where), folder, where)}```"
    if kind == "printed":
        snippets = PYTHON.findall(above)
        if not snippets:
            raise DocsError(f"{where}: no Python stands above.")
        return f"```text\n{_output([sys.executable, '-c', snippets[-1]], folder, where)}```"
    name, _, of = what.partition(" ")
    if name not in TABLES:
        raise DocsError(f"{where}: there is no table {name}. There are: {', '.join(TABLES)}.")
    return f"\n{TABLES[name](of)}\n"


def _arguments(command: str, where: str) -> list[str]:
    name, *arguments = shlex.split(command)
    if name != "sibmodel":
        raise DocsError(f"{where}: {name} is not sibmodel.")
    return arguments


def _in_a_process(arguments: list[str], folder: Path, where: str) -> str:
    return _output([sys.executable, "-m", "sibmodel.cli", *arguments], folder, where)


def _in_this_process(arguments: list[str], folder: Path, where: str) -> str:
    """What a command prints, errors where they come between."""
    with chdir(folder), patch.object(sys, "argv", ["sibmodel", *arguments]):
        done = CliRunner().invoke(sibmodel, arguments)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise DocsError(f"{where}: the command failed.\n{done.exception!r}") from done.exception
    return done.output.rstrip() + "\n"


def _output(command: list[str], folder: Path, where: str) -> str:
    done = subprocess.run(
        command, cwd=folder, text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300,
    )  # fmt: skip
    if "Traceback" in done.stdout:
        raise DocsError(f"{where}: the command failed.\n{done.stdout}")
    return done.stdout.rstrip() + "\n"


def _put(file: Path, below: Sequence[str], where: str) -> None:
    if not below or not below[0].startswith("```") or "```" not in below[1:]:
        raise DocsError(f"{where}: no block follows.")
    file.write_text("\n".join(below[1 : below.index("```", 1)]) + "\n", encoding="utf-8")


def _edit(folder: Path, what: str, where: str) -> None:
    name, _, change = what.partition(": ")
    old, _, new = change.partition(" => ")
    file = folder / name
    text = file.read_text(encoding="utf-8")
    if not old or text.count(old) != 1:
        raise DocsError(f"{where}: {old!r} stands {text.count(old)} times in {name}; it must be once.")
    file.write_text(text.replace(old, new), encoding="utf-8")


def alike(stands: str, fresh: str) -> bool:
    """Whether two texts say the same: the same words, and numbers equal but for the last digit of what is simulated.

    Where a line of the model was defined in the code (`cohorts.py:88`) does not count.
    """
    one, other = (re.sub(r"\.py:\d+", ".py", text) for text in (stands, fresh))
    if NUMBER.split(one) != NUMBER.split(other):
        return False
    pairs = zip(NUMBER.findall(one), NUMBER.findall(other), strict=True)
    return all(first == second or _close(first, second) for first, second in pairs)


def _close(first: str, second: str) -> bool:
    places = len(first.partition(".")[2])
    if places != len(second.partition(".")[2]):
        return False
    one, other = (float(text.replace(",", "")) for text in (first, second))
    last_digit = 0.1**places
    return bool(abs(one - other) <= max(SIMULATED * abs(one), 1.001 * last_digit))


# ── tables ─────────────────────────────────────────────────────────────────────────────────────


def rows_of(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    body = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |".replace("|  |", "| |") for row in [head, ["---"] * len(head), *body])


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


def results_table(part: str) -> str:
    """Every key of one part of a run's figures, from `sibmodel/result_schema.json`."""
    schema = json.loads((CHECKOUT / "sibmodel" / "result_schema.json").read_text(encoding="utf-8"))
    if part == "statistics":
        rows = list(_keys(schema["$defs"]["statistics"], ""))
    elif part:
        inside = _inside(schema, part)
        rows = [*_keys(inside, part), *_keys(inside.get("items", {}), f"{part}[]")]
    else:
        rows = [row for row in _keys(schema, "") if "." not in row[0]]
    return rows_of(["Key", "What it is", "Holds"], rows)


def _inside(schema: dict[str, Any], path: str) -> dict[str, Any]:
    for key in path.split("."):
        schema = schema["properties"][key]
    return schema


def _keys(schema: dict[str, Any], path: str) -> Iterator[list[str]]:
    for key, inside in schema.get("properties", {}).items():
        here = f"{path}.{key}".lstrip(".")
        yield [f"`{here}`", inside["description"], _holds(inside)]
        yield from _keys(inside, here)
        yield from _keys(inside.get("items", {}), f"{here}[]")


def _holds(schema: dict[str, Any]) -> str:
    if "$ref" in schema or "allOf" in schema:
        return "[statistics](#statistics)"
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"])
    kind = schema.get("type", "")
    if isinstance(kind, list):
        return " or ".join(kind)
    extra = schema.get("additionalProperties")
    return f"{kind} by name" if kind == "object" and isinstance(extra, dict) else kind


PAIRS = {"Comparison group, cohort 1": (0.557, 1.55), "Served, cohort 1": (0.534, 1.42)}
"""Share reconvicted and events a person of Peterborough, https://gov.uk/government/news/payment-by-results-pilots-on-track-for-success."""


def dispersion_table(_of: str = "") -> str:
    """The shape of the count that follows from a published pair of figures."""
    rows = []
    for who, (share, events) in PAIRS.items():
        shape = dispersion(share, events)
        rows.append([who, f"{share:.1%}", f"{events:.2f}", f"{shape:.3f}", f"{1 + events / shape:.1f}"])
    return rows_of(["Group", "Reconvicted", "Events a person, μ", "Shape, k", "Variance ÷ mean"], rows)


PEOPLE = (300, 404, 1000, 2000, 3000)
ERRORS = (0.0, 0.03, 0.05)
EFFECTS = (0.0, 0.05, 0.075, 0.10, 0.125, 0.15, 0.20)
TESTS = ((1000, 0.10), (2000, 0.075), (3000, 0.075))
EVENTS, SHAPE, CONTROLS = 1.55, 0.693, 10
"""Peterborough's first cohort: events a person, the shape that follows from 55.7 % reconvicted, and ten to one."""


def spread_table(_of: str = "") -> str:
    """Standard deviation of the measured reduction where there is no true effect, by people and matching error."""
    rows = []
    for people in PEOPLE:
        poisson = standard_error(people, EVENTS, 1e12, CONTROLS)
        errors = [standard_error(people, EVENTS, SHAPE, CONTROLS, 0.0, error) for error in ERRORS]
        rows.append([f"{people:,}", *(f"{100 * float(one):.1f}" for one in (poisson, *errors))])
    return rows_of(["People", "Poisson (wrong)", "Matching error 0", "3%", "5%"], rows)


def chances_table(_of: str = "") -> str:
    """Chance that the measured reduction reaches the threshold, by true effect, people and matching error."""
    rows = []
    for effect in EFFECTS:
        cells = []
        for people, threshold in TESTS:
            errors = [standard_error(people, EVENTS, SHAPE, CONTROLS, effect, error) for error in ERRORS]
            cells.append(" / ".join(f"{float(pass_probability(effect, threshold, one)):.3f}" for one in errors))
        rows.append([words.percent(effect), *cells])
    return rows_of(["True effect", *(f"{people:,} people at {threshold:.1%}" for people, threshold in TESTS)], rows)


CALCULATED_SEPARATELY = {0.0: (0.048, 0.093, 0.159), 0.05: (0.38, 0.42, 0.44), 0.10: (0.91, 0.84, 0.77)}
"""Chance of any payment under Peterborough's rule, by a separate program with 400,000 paths; by effect and error."""


THE_RULE = """
name: Peterborough's rule as it was signed, and nothing else
start: 2010-09
months: 1
cohorts:
  - {name: Cohort 1, people: 1000, referrals: {start: 2010-09, months: 1}}
  - {name: Cohort 2, people: 1000, referrals: {start: 2010-09, months: 1}}
  - {name: Cohort 3, people: 1000, referrals: {start: 2010-09, months: 1}}
metrics: [{kind: frequency}]
measurement: [{kind: matched}]
payments: [{kind: threshold, payers: [{name: Payer}], price: 1, threshold: 10%, fallback: {pooled: 7.5%}}]
providers: [{name: Provider}]
funding:
  tranches: [{name: Capital, commitment: 0}]
  waterfall: [{kind: costs}, {kind: principal, tranches: [Capital]}]
assumptions: {events_per_person: 1.55, effect: 0, dispersion: 0.693, matching_error: 0}
"""


def rule_chance(effect: float, error: float, paths: int = 10_000) -> Chance:
    """The package's chance of any payment under Peterborough's rule as signed: three cohorts of 1,000."""
    deal = read_terms(THE_RULE, Deal).replace("assumptions.effect", effect)
    if error:
        deal = deal.replace("assumptions.matching_error", {"normal": {"mean": 0, "sd": error}})
    return chance(paid(simulate(build(deal), paths)), 1)


def rule_table(_of: str = "") -> str:
    """Chance of any payment under Peterborough's rule: by the package, and by a separate program."""
    rows = []
    for effect, others in CALCULATED_SEPARATELY.items():
        for error, other in zip(ERRORS, others, strict=True):
            found = rule_chance(effect, error)
            ours = f"{found.value:.3f} ± {found.error:.3f}"
            rows.append([words.percent(effect, 0), words.percent(error, 0), ours, f"{other:g}"])
    return rows_of(["True effect", "Matching error", "This package", "Separate program"], rows)


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


def evidence_table(_of: str = "") -> str:
    """Every source of the evidence library."""
    return listing.sources_table()


def three_bonds_table(_of: str = "") -> str:
    """The made-up programme for Yorkshire and the Humber as one bond and as three."""
    return rows_of(three_bonds.HEAD, three_bonds.rows(three_bonds.compare()))


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


# ── pictures ───────────────────────────────────────────────────────────────────────────────────

PICTURES = {"Investor view": "investor-view.png", "Commissioner view": "commissioner-view.png"}
"""Sheets of the example's workbook, by their title, and the pictures of them."""
MADE_FROM = "figures.json"
"""Beside the pictures: the figures of the run that they show, so that a test can tell when they are out of date."""
DOTS_PER_INCH = 110
TALLEST = 0.80
"""Of a picture's width. It is cut off above that, at the last gap between two parts of the sheet."""
ONE_PAGE_A_SHEET = 'pdf:calc_pdf_Export:{"SinglePageSheets":{"type":"boolean","value":"true"}}'


def draw_pictures(folder: Path) -> None:
    """Draw the views of the Peterborough example's workbook, as LibreOffice shows them."""
    done = run(read_deal("peterborough"))
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as room:
        write_workbook(done, Path(room) / "deal.xlsx")
        profile = f"-env:UserInstallation={(Path(room) / 'profile').as_uri()}"
        _tool("soffice", "--headless", profile, "--convert-to", ONE_PAGE_A_SHEET, "--outdir", room, f"{room}/deal.xlsx")
        pages = _tool("pdftotext", f"{room}/deal.pdf", "-").decode().split("\f")
        for title, name in PICTURES.items():
            page = next(number for number, text in enumerate(pages, start=1) if text.startswith(title))
            _draw(f"{room}/deal.pdf", page, folder / name)
    (folder / MADE_FROM).write_text(json.dumps(pictured(done), indent=2) + "\n", encoding="utf-8")


def pictured(done: Run) -> dict[str, str]:
    """The figures by which a picture is known to be of this run."""
    figures = document(done)
    return {path: f"{value_at(figures, path):.3e}" for path in PICTURED}


PICTURED = (
    "base.investor.irr",
    "base.investor.npv",
    "base.commissioner.payments",
    "simulation.investor.npv.mean",
    "simulation.investor.probability_of_loss",
    "simulation.commissioner.payments.mean",
    "simulation.commissioner.probability_of_payment",
)


def _draw(pdf: str, page: int, picture: Path) -> None:
    """The top of a page, down to the last gap that keeps it no taller than `TALLEST`."""
    one = ["-f", str(page), "-l", str(page), "-r", str(DOTS_PER_INCH)]
    header, body = re.split(rb"(?<=\n255\n)", _tool("pdftoppm", *one, pdf), maxsplit=1)
    width, height = (int(size) for size in header.split()[1:3])
    pixels = np.frombuffer(body, dtype=np.uint8).reshape(height, width, 3)
    blank = (pixels == 255).all(axis=(1, 2))
    gap = DOTS_PER_INCH // 5
    ends = [row for row in range(gap, int(TALLEST * width)) if blank[row - gap : row].all()]
    size = ["-x", "0", "-y", "0", "-W", str(width), "-H", str(ends[-1])]
    picture.write_bytes(_tool("pdftoppm", *one, *size, "-png", pdf))


def _tool(*command: str) -> bytes:
    try:
        return subprocess.run(command, capture_output=True, timeout=180, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise DocsError(f"{command[0]} failed: {error}") from None


# ── the command ────────────────────────────────────────────────────────────────────────────────


def read(page: str) -> str:
    """The text of a page of the checkout."""
    return (CHECKOUT / page).read_text(encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Write the pages, or only check them; 1 where a page is out of date or cannot be made."""
    parser = argparse.ArgumentParser(description="Make the parts of README.md and docs/ that come from the package.")
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 where a page is out of date")
    parser.add_argument("--pictures", action="store_true", help="draw the pictures too")
    chosen = parser.parse_args(arguments)
    stale = 0
    try:
        if chosen.pictures:
            draw_pictures(CHECKOUT / "docs" / "images")
        for page in PAGES:
            text, parts = renewed(page, read(page))
            for part in parts:
                if not alike(part.stands, part.fresh):
                    stale += 1
                    print(f"{page} line {part.line}: {part.marker} {'is out of date' if chosen.check else 'is new'}")
            if not chosen.check:
                (CHECKOUT / page).write_text(text, encoding="utf-8")
    except DocsError as error:
        print(error, file=sys.stderr)
        return 1
    return 1 if chosen.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
