"""Pages with generated parts, and how these are made anew.

A page says what belongs where; the text up to `<!-- end -->` is replaced. All of a page happens in one empty folder;
its first command in a process of its own, as at a terminal, the others in this one, which has loaded the package:

    <!-- run: sibmodel check mine.yaml -->                    the command and what it prints
    <!-- printed -->                                          what the page's Python above prints
    <!-- table: fields payments -->                           a table of `docs_parts.tables`
    <!-- edit: mine.yaml: price: £16,000 => price: £1 -->     a change to a file, for the commands that follow
    <!-- file: board.yaml -->                                 the block below is that file, for the commands that follow
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from click.testing import CliRunner

from docs_parts import CHECKOUT
from docs_parts.tables import TABLES
from sibmodel.cli import main as sibmodel

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


def read(page: str) -> str:
    """The text of a page of the checkout."""
    return (CHECKOUT / page).read_text(encoding="utf-8")
