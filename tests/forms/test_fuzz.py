"""Five hundred broken deal files, forms and workbooks: each is read, or told what is wrong and where."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pytest

from sibmodel.deal import Deal
from sibmodel.deals import example
from sibmodel.errors import DealError, Problem
from sibmodel.files import read_terms
from sibmodel.results import run
from sibmodel.workbook import write_workbook
from tests.deals import data, deal_of
from tests.forms.filled import compact, read, saved
from tests.forms.test_opening import packed, parts_of

SECONDS = 10.0
"""Of processor time for one file; a tenth of a second is usual."""
FORMS, WORKBOOKS, DEAL_FILES = 220, 80, 200
Mutate = Callable[[random.Random, str], str]

NASTY = (
    *("", " ", "0", "-1", "1e999", "NaN", "inf", "9" * 400, "1e-320", "true", "null", "~", "£", "%", "100%%", "=1+1"),
    *("\t", "\x00", "\ufffe", "\ud7ff", "💥", "[", "]", "{", "}", "[]", "{}", "- ", ": ", "&a ", "*a", "!!python/x "),
    *("|", ">", "'", '"', "\\", "#", "---", "payments[0].price", "[][][]", ".".join("abcdefghijklmnopqrstuvwxyz")),
    *("2027-13", "0000-01", "9999-12-31", "First", "kind", "threshold", "normal", "prior", "by_cohort", "x" * 40_000),
)  # fmt: skip
NASTY_XML = (
    *(b"<", b">", b"</c>", b"<c/>", b'<c r="B3"><v/></c>', b"<v>1e999</v>", b"<v>-1</v>", b"<f>1+1</f>", b"<f/>"),
    *(b"&amp;", b' t="s"', b' t="b"', b' t="e"', b' t="d"', b' t="inlineStr"', b' t="n"', b' s="99"', b' r="ZZZ9"'),
    *(b' r="A0"', b' r=""', b"<v>#REF!</v>", b"<v>99999</v>", b"<v>2027-04</v>", b"<v></v>", b"\xff", b"\x00"),
    *(b"&#0;", b"&x;", b"<![CDATA[x]]>", b'<row r="2">', b"</row>", b"<is><t>x</t></is>", b"Field", b"Value"),
    *(b'<mergeCell ref="A1:C9"/>', b'xmlns="x"'),
)  # fmt: skip


def bytes_mutated(luck: random.Random, content: bytes) -> bytes:
    """The packed file with a few bytes changed, or cut short."""
    changed = bytearray(content)
    if luck.random() < 0.2:
        return bytes(changed[: luck.randrange(len(changed))])
    for _ in range(luck.randint(1, 20)):
        changed[luck.randrange(len(changed))] = luck.randrange(256)
    return bytes(changed)


def xml_mutated(luck: random.Random, content: bytes) -> bytes:
    """The file with one or two of its parts changed inside, left out or put in the place of others."""
    parts = parts_of(content)
    for _ in range(luck.randint(1, 3)):
        name = luck.choice(sorted(parts))
        inside = parts[name]
        at = luck.randrange(len(inside) + 1)
        to = min(len(inside), at + luck.choice([0, 1, 3, 10, 60]))
        match luck.randrange(6):
            case 0 | 1:
                parts[name] = inside[:at] + luck.choice(NASTY_XML) + inside[to:]
            case 2:
                parts[name] = inside[:at] + inside[at:to] * luck.choice([2, 50]) + inside[to:]
            case 3:
                parts[name] = inside.replace(
                    *luck.choice([(b"<v>", b"<v>-"), (b"1", b"0"), (b't="s"', b""), (b"A", b"B")])
                )
            case 4:
                parts[name] = parts[luck.choice(sorted(parts))]
            case 5:
                del parts[name]
    return packed(parts)


def text_mutated(luck: random.Random, text: str) -> str:
    """The text with a few pieces put in, left out, doubled or moved."""
    for _ in range(luck.randint(1, 5)):
        lines = text.split("\n")
        at = luck.randrange(len(lines))
        place = luck.randrange(len(text) + 1)
        match luck.randrange(6):
            case 0:
                text = text[:place] + luck.choice(NASTY) + text[place:]
            case 1:
                text = text[:place] + text[place + luck.randint(1, 30) :]
            case 2:
                lines.insert(at, lines[luck.randrange(len(lines))])
                text = "\n".join(lines)
            case 3:
                del lines[at]
                text = "\n".join(lines)
            case 4:
                key, colon, _ = lines[at].partition(":")
                lines[at] = f"{key}{colon} {luck.choice(NASTY)}"
                text = "\n".join(lines)
            case 5:
                lines[at] = " " * luck.randint(0, 9) + lines[at].strip()
                text = "\n".join(lines)
    return text


CONTENT = re.compile(r"(<t(?: [^>]*)?>)([^<]*)(</t>)|(<v>)([^<]*)(</v>)")
WRITABLE = [text for text in NASTY if not re.search("[\x00\ufffe\ud800-\udfff]", text)]


def cells_mutated(luck: random.Random, content: bytes) -> bytes:
    """The workbook with other texts and numbers in one to four cells: fields, headings, names, choices, values."""
    parts = parts_of(content)
    name = luck.choice([name for name in sorted(parts) if re.search(rb"<t[ >]|<v>", parts[name])])
    text = parts[name].decode("utf-8")
    cells = list(CONTENT.finditer(text))
    for found in sorted(luck.sample(cells, min(len(cells), luck.randint(1, 4))), key=lambda one: -one.start()):
        opening, closing = found[1] or found[4], found[3] or found[6]
        other = luck.choice(cells)
        new = luck.choice(
            [other[2] or other[5] or "", escape(luck.choice(WRITABLE)), luck.choice(["0", "3", "1e9", "-7.5"])]
        )
        text = text[: found.start()] + opening + new + closing + text[found.end() :]
    parts[name] = text.encode("utf-8")
    return packed(parts)


def outcome(reading: Callable[[], Deal]) -> str:
    """What becomes of a file: read, or refused with a place in every problem, and both soon."""
    began = time.process_time()
    problems: tuple[Problem, ...] = ()
    try:
        assert isinstance(reading(), Deal)
    except DealError as error:
        problems = error.problems or (Problem("", "", ""),)
    for problem in problems:
        assert problem.place, problem
        assert problem.message, problem
    assert time.process_time() - began < SECONDS
    return "refused" if problems else "read"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A small workbook of the model, less the sheets that are not read."""
    path = tmp_path_factory.mktemp("fuzzed") / "out.xlsx"
    write_workbook(run(deal_of(data()), 20), path)
    book = openpyxl.load_workbook(path)
    for name in [name for name in book.sheetnames if name not in ("Inputs", "Deal file")]:
        book.remove(book[name])
    return saved(book)


MUTATIONS = (bytes_mutated, xml_mutated, xml_mutated, cells_mutated, cells_mutated, cells_mutated, cells_mutated)


def mutated(seed: int, content: bytes) -> bytes:
    luck = random.Random(seed)
    return luck.choice(MUTATIONS)(luck, content)


def both(seen: list[str]) -> bool:
    """Whether some were read and some refused: neither only rubbish was tried nor only what is harmless."""
    return min(seen.count("read"), seen.count("refused")) > len(seen) // 20


def test_broken_forms(tmp_path: Path) -> None:
    form = compact(deal_of(data()))
    files = [mutated(seed, form) for seed in range(FORMS)]
    assert both([outcome(partial(read, file, tmp_path)) for file in files])


def test_broken_workbooks_of_the_model(exported: bytes, tmp_path: Path) -> None:
    files = [mutated(seed, exported) for seed in range(WORKBOOKS)]
    assert both([outcome(partial(read, file, tmp_path)) for file in files])


def test_broken_deal_files() -> None:
    texts = [example(name).text for name in ("peterborough", "doncaster", "better-futures", "rikers")]
    files = [text_mutated(luck, luck.choice(texts)) for luck in map(random.Random, range(DEAL_FILES))]
    assert both([outcome(partial(read_terms, text, Deal, "mine.yaml")) for text in files])
