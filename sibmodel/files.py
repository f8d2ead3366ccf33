"""Deal files: YAML to terms, with the line in every error, and terms to YAML."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, SingleQuotedScalarString

from sibmodel.errors import DealError, NotFoundError, Problem
from sibmodel.faults import located_problems
from sibmodel.reading import Place
from sibmodel.replacing import place_of, replace, value_at
from sibmodel.terms import Terms, plain
from sibmodel.yaml_text import Document, read_yaml, scalar

__all__ = ["deal_hash", "place_of", "read_terms", "read_text", "replace", "value_at", "write_yaml"]

T = TypeVar("T", bound=Terms)

LARGEST_FILE = 5_000_000
"""Bytes; far above any deal."""
_PLAIN_TEXT = re.compile(r"[\w£]([\w £.,;/()+%–-]*[\w£.;/()+%])?")
LONGEST_FLOW = 80
"""Characters; a shorter group is written on one line, as people write it."""


def _right(_terms: Any) -> tuple[ValidationError, ...]:
    """No further faults."""
    return ()


def read_terms(
    source: Path | str,
    model: type[T],
    name: str = "",
    check: Callable[[T], Iterable[ValidationError]] = _right,
) -> T:
    """The terms in a YAML file (a Path) or in YAML text (a str).

    Raises DealError with every fault and its line, and NotFoundError for a file that does not exist.
    `name` is what errors call the source; without it, the path as given, or "The text". `check` tells what else is
    wrong with terms that are each right by themselves.
    """
    name = name or (str(source) if isinstance(source, Path) else "The text")
    document = read_yaml(read_text(source, name) if isinstance(source, Path) else source, name, model.begin)
    problems = list(document.problems)
    if not isinstance(document.value, dict):
        found = "a list" if isinstance(document.value, list) else "a single value"
        begin = "Write fields, one to a line: `name: value`." if model.begin == Terms.begin else model.begin
        raise DealError(name, [Problem("line 1", "", f"is {found}.", begin)])
    try:
        terms = model.model_validate(document.value)
        for fault in check(terms):
            problems += located_problems(fault, model, _lines_of(document), document.value)
    except ValidationError as error:
        problems += located_problems(error, model, _lines_of(document), document.value)
    if problems:
        raise DealError(name, [problem for _, problem in sorted(problems, key=lambda found: found[0])])
    return terms


def _lines_of(document: Document) -> Any:
    def locate(place: Place) -> tuple[int, str]:
        line = document.line(place)
        return line, f"line {line}"

    return locate


def read_text(path: Path, name: str) -> str:
    """The text of a file. Raises NotFoundError with near misses, or DealError when it is no readable text."""
    content = content_of(path, name, LARGEST_FILE)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = "has a character that is not UTF-8."
        raise DealError(name, [Problem(f"line {line}", "", message, "Save the file as UTF-8.")]) from None


def content_of(path: Path, name: str, largest: int) -> bytes:
    """The bytes of a file of at most `largest`. Raises NotFoundError with near misses, or DealError."""
    try:
        if path.is_dir():
            raise unreadable(name, "is a folder.", "Name the file in it.")
        with path.open("rb") as reading:
            content = reading.read(largest + 1)
        if len(content) > largest:
            raise unreadable(name, f"is larger than {largest // 1_000_000} MB.", "Split it.")
        return content
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise NotFoundError(f"There is no file {name}.{_files_like(path)}") from None
    except OSError as error:
        raise unreadable(name, f"cannot be read: {error.strerror}.", "") from None


def unreadable(name: str, message: str, fix: str) -> DealError:
    """The error of a file that cannot be read at all."""
    return DealError(name, [Problem("the file", "", message, fix)])


def _files_like(path: Path) -> str:
    try:
        near = get_close_matches(path.name, [other.name for other in path.parent.iterdir()], n=1)
    except (OSError, ValueError):
        return ""
    return f" Did you mean {path.with_name(near[0])}?" if near else ""


def write_yaml(model: Terms) -> str:
    """The terms as YAML, fields in their own order; reading it gives equal terms."""
    yaml = YAML(pure=True)
    yaml.width = 1_000_000  # never fold a line: a text stays on its own
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    yaml.dump(_laid_out(plain(model), may_flow=False), stream)
    return stream.getvalue()


def _laid_out(value: Any, *, may_flow: bool) -> Any:
    """The value with quotation marks where text would not stay text, and small groups on one line."""
    if isinstance(value, dict):
        group = CommentedMap((_quoted(key), _laid_out(item, may_flow=True)) for key, item in value.items())
        if may_flow and len(json.dumps(value, ensure_ascii=False)) <= LONGEST_FLOW:
            group.fa.set_flow_style()
        return group
    if isinstance(value, list):
        items = CommentedSeq([_laid_out(item, may_flow=False) for item in value])
        if not any(isinstance(item, dict | list) for item in value):
            items.fa.set_flow_style()
        return items
    return _quoted(value) if isinstance(value, str) else value


def _quoted(text: str) -> str:
    """The text, in quotation marks where without them it might be read as something else."""
    written: str = text
    if not text.isprintable():
        written = DoubleQuotedScalarString(text)  # line breaks survive only as escapes
    elif not (_PLAIN_TEXT.fullmatch(text) and isinstance(scalar(text), str)):
        written = SingleQuotedScalarString(text)
    return written


def deal_hash(model: Terms) -> str:
    """SHA-256 of the terms, in hexadecimal: the same for equal terms however their file is written."""
    canonical = json.dumps(plain(model), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()
