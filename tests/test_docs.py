"""The pages: what is generated in them is fresh, links lead somewhere, and the words are plain."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from docs_parts import fields, measuring, pages, pictures
from docs_parts.pages import END, PAGES, DocsError, alike, renewed
from readme_commands import commands

from sibmodel import results
from sibmodel.deal import Deal
from sibmodel.deals import read
from sibmodel.distributions import SHAPES
from sibmodel.fields import describe
from sibmodel.funding import STEPS
from sibmodel.measurement import DESIGNS
from sibmodel.outcomes import METRICS
from sibmodel.payments import PAYMENTS
from sibmodel.terms import Terms, keys, kind_of
from sibmodel.yaml_text import read_yaml

SMALL_ENOUGH = 300_000
"""Bytes of a picture."""
BANNED = (
    *("utilise", "leverage", "facilitate", "robust", "streamline", "empower", "foster", "tackle", "overarching"),
    *("going forward", "in order to", "one-stop", "seamless", "cutting-edge", "state-of-the-art", "best-in-class"),
    *("methodology", "functionality", "actionable", "holistic", "paradigm", "synergy", "simply", "easily", "deploy"),
    "GBP",
)
"""Words that GOV.UK style, or plain English, does without."""


@pytest.mark.no_cover  # what a page's commands reach, other tests reach too
@pytest.mark.parametrize("page", PAGES)
def test_what_is_generated_is_fresh(page: str) -> None:
    """Make it so with: python scripts/make_docs.py"""
    _, parts = renewed(page, pages.read(page))
    for part in parts:
        assert alike(part.stands, part.fresh), f"{page} line {part.line} ({part.marker}) should be:\n{part.fresh}"


def test_the_pictures_show_the_figures_of_the_example(checkout: Path) -> None:
    """Make it so with: python scripts/make_docs.py --pictures"""
    shown = json.loads((checkout / "docs" / "images" / pictures.MADE_FROM).read_text(encoding="utf-8"))
    now = pictures.pictured(results.run(read("peterborough")))
    assert alike(json.dumps(shown), json.dumps(now))


def test_pictures_are_small_and_in_the_readme(checkout: Path) -> None:
    for name in pictures.PICTURES.values():
        picture = checkout / "docs" / "images" / name
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert picture.stat().st_size < SMALL_ENOUGH
        assert f"docs/images/{name}" in pages.read("README.md")


def test_every_page_is_made_and_named_in_the_index(checkout: Path) -> None:
    names = {path.name for path in (checkout / "docs").glob("*.md")} - {"index.md"}
    assert {Path(page).name for page in PAGES} - {"README.md", "index.md"} <= names
    assert names <= set(re.findall(r"\]\(([^)#]+\.md)", pages.read("docs/index.md")))


@pytest.mark.parametrize("page", PAGES)
def test_relative_links_lead_somewhere(checkout: Path, page: str) -> None:
    text = pages.read(page)
    for address in [*re.findall(r"\]\(([^)\s]+)\)", text), *re.findall(r'(?:src|href)="([^"]+)"', text)]:
        if re.match(r"https?:", address):
            continue
        file, _, heading = address.partition("#")
        target = (checkout / page).parent / file if file else checkout / page
        assert target.exists(), address
        if heading:
            assert heading in headings(target.read_text(encoding="utf-8")), address


@pytest.mark.parametrize("page", PAGES)
def test_links_by_name_have_an_address(page: str) -> None:
    text = prose(pages.read(page))
    known = set(re.findall(r"^\[([^\]]+)\]: https?://\S+$", text, re.MULTILINE))
    assert set(re.findall(r"\(\[([^\]]+)\]\)", text)) <= known


def headings(text: str) -> set[str]:
    """The headings of a page as they are addressed."""
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


def prose(text: str) -> str:
    """A page without code, commands' output and what is between back-ticks."""
    return re.sub(r"`[^`\n]+`", "", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("page", [*PAGES, "CHANGELOG.md"])
def test_words_are_plain(page: str) -> None:
    text = prose(pages.read(page))
    assert [word for word in BANNED if re.search(rf"\b{word}", text, re.IGNORECASE)] == []


@pytest.mark.parametrize("page", [*PAGES, "CHANGELOG.md"])
def test_numbers_are_written_as_gov_uk_does(page: str) -> None:
    """10%, not 10 %; £5 million, not £5m. Titles of sources stay as they are printed."""
    text = re.sub(r"^\| `.*\[page\].*$", "", prose(pages.read(page)).replace("| : ", "| `: "), flags=re.MULTILINE)
    assert re.findall(r"\d %|£[\d.,]+ ?(?:m|k|bn)\b", text) == []


def test_the_readme_has_its_two_commands() -> None:
    text = pages.read("README.md")
    assert commands(text, "run").count("\n") == commands(text, "test").count("\n") == 1


def test_the_python_in_the_readme_is_ten_lines_at_most() -> None:
    (snippet,) = pages.PYTHON.findall(pages.read("README.md"))
    assert len([line for line in snippet.splitlines() if line.strip()]) <= 10
    assert f"```\n{END}" in pages.read("README.md").split(snippet)[1]  # and it is run: what it prints follows


def test_every_field_and_distribution_has_its_row() -> None:
    text = pages.read("docs/deal-file.md")
    paths = [note.path for note in describe(Deal) if not note.path.startswith(fields.ELSEWHERE)]
    assert [path for path in paths if f"| `{path}` |" not in text] == []
    for choices in (PAYMENTS, METRICS, DESIGNS, STEPS):
        assert [kind_of(one) for one in choices if f"| `{kind_of(one)}` | `{kind_of(one)}` |" not in text] == []
    assert [shape for shape in SHAPES if f"| `{shape}` |" not in text] == []
    assert re.findall(r"^\| `[^`]+` \| \|", text, re.MULTILINE) == []  # each says what it is


@pytest.mark.parametrize(("part", "kinds"), [("payments", PAYMENTS), ("metrics", METRICS), ("measurement", DESIGNS)])
def test_each_kind_has_a_table_of_its_own(part: str, kinds: tuple[type[Terms], ...]) -> None:
    table = fields.fields_table(part)
    assert re.findall(rf"^### {part}: (.+)$", table, re.MULTILINE) == [kind_of(one) for one in kinds]
    for one, text in zip(kinds, re.split(r"^### .+$", table, flags=re.MULTILINE)[1:], strict=True):
        shared = table.partition("###")[0]
        for key in keys(one):
            assert f"| `{part}[].{key}` |" in text + shared


def test_every_kind_of_payment_stands_in_the_mechanics() -> None:
    text = pages.read("docs/mechanics.md")
    assert [kind_of(one) for one in PAYMENTS if f"`{kind_of(one)}`" not in text] == []
    numbers = [int(found) for found in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)]
    assert numbers == [*range(1, 33), *range(32, 42)]


def test_the_beliefs_shown_can_be_written() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", pages.read("docs/deal-file.md"), re.DOTALL)[0]
    forms = re.split(r"\n(?=effect:)", examples)
    assert len(forms) == 4
    for form in forms:
        belief = read_yaml(form, "The example").value["effect"]
        assert read("through-the-gate").replace("assumptions.effect", belief).assumptions.effect.source


def test_every_key_of_the_results_has_its_row_and_its_meaning() -> None:
    text = pages.read("docs/results.md")
    document = results.document(results.run(read("through-the-gate"), paths=20))
    keys = set(re.findall(r"^\| `([^`]+)` \| .+? \| .+ \|$", text, re.MULTILINE))
    assert sorted(key for key in paths_in(document) if key not in keys) == []


def paths_in(found: object, path: str = "") -> set[str]:
    """The keys of a run's figures as the page writes them: names given by the deal, and statistics, left out."""
    if isinstance(found, list) and (not found or isinstance(found[0], dict)):
        return set().union(*(paths_in(one, f"{path}[]") for one in found))
    named = path.endswith(
        ("payments_by_payer", "by_financial_year", "rates_of_return", "base.sources", "base.uses", "made_with")
    )
    if not isinstance(found, dict) or named:
        return {path.removesuffix("[]")}
    if {"mean", "p5"} <= found.keys():
        extra = [key for key in found if key.startswith("expected")]
        return {path, *(f"{path}.{key}" for key in extra), *(key for key in found if key not in extra)}
    return set().union(*(paths_in(value, f"{path}.{key}".lstrip(".")) for key, value in found.items()))


def test_the_rule_pays_as_often_as_in_the_separate_program() -> None:
    """As the method's table, which is fresh, has it."""
    rows = re.findall(
        r"^\| (\d+)% \| (\d)% \| (0\.\d+) ± .+? \| (0\.\d+) \|$", pages.read("docs/method.md"), re.MULTILINE
    )
    assert len(rows) == len(measuring.ERRORS) * len(measuring.CALCULATED_SEPARATELY) == 9
    assert [row for row in rows if abs(float(row[2]) - float(row[3])) > 0.015] == []


@pytest.mark.parametrize(
    ("stands", "fresh", "same"),
    [
        ("£928,410 ± £13,236", "£928,660 ± £13,230", True),
        ("£928,410", "£938,410", False),
        ("50.1%", "50.2%", True),
        ("50.1%", "50.3%", False),
        ("8.4%", "8.40%", False),
        ("3 cohorts", "5 cohorts", False),
        ("paid", "due", False),
        ("defined at sibmodel/cohorts.py:8", "defined at sibmodel/cohorts.py:80", True),
    ],
)
def test_texts_are_alike_but_for_the_last_digit_of_what_is_simulated(stands: str, fresh: str, same: bool) -> None:
    assert alike(stands, fresh) == same


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<!-- table: fields -->\n", "no <!-- end --> follows"),
        ("<!-- table: nonsense -->\n<!-- end -->\n", "there is no table nonsense"),
        ("<!-- printed -->\n<!-- end -->\n", "no Python stands above"),
        ("<!-- run: rm -r mine -->\n<!-- end -->\n", "rm is not sibmodel"),
        ("```python\n1 / 0\n```\n<!-- printed -->\n<!-- end -->\n", "the command failed"),
        ("<!-- run: sibmodel new a.yaml -->\n<!-- end -->\n<!-- edit: a.yaml: nowhere => here -->\n", "stands 0 times"),
    ],
)
def test_a_page_that_cannot_be_made_is_told(text: str, said: str) -> None:
    with pytest.raises(DocsError, match=re.escape(said)):
        renewed("page.md", text)


def test_a_page_is_made_and_then_left_as_it_is() -> None:
    text = "<!-- table: statistics -->\nold\n<!-- end -->\nafter\n".replace("statistics", "results statistics")
    made, parts = renewed("page.md", text)
    assert [part.line for part in parts] == [1]
    assert "`mean`" in made
    assert made.endswith("<!-- end -->\nafter\n")
    assert renewed("page.md", made)[0] == made
