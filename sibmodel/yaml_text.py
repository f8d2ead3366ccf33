"""YAML text to plain values that remember their lines, with every fault of the text in plain words.

Works on the parser's events, not on a YAML library's own objects: so dates stay text, nothing is
constructed from a tag, and a file that unfolds to a huge one is stopped while it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sibmodel.errors import DealError, Problem
from sibmodel.quantities import LONGEST_NUMBER
from sibmodel.reading import Place, path_text

MOST_VALUES = 100_000
"""Values in one file, each repeat of an anchor counted: a portfolio of hundreds of deals has fewer."""
BEGIN = "Start from an example or a template."
"""The way out of an empty file."""
DEEPEST = 40
"""Levels of indentation; a deal needs some ten."""

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_TEXT_TAG = "tag:yaml.org,2002:str"


def scalar(text: str) -> str | int | float | bool | None:
    """What an unquoted text means (YAML 1.2): only these words and decimal numbers are not text."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > LONGEST_NUMBER:
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


@dataclass
class Node:
    """A value in the file, the line it begins on, and its parts by name or position."""

    line: int
    value: Any = None
    parts: dict[str | int, Node] = field(default_factory=dict)
    count: int = 1
    """Values in it, itself included."""


class Document:
    """What a YAML text holds: plain values, their lines, and the faults that did not stop the reading."""

    def __init__(self, root: Node, problems: list[tuple[int, Problem]]) -> None:
        self._root = root
        self.problems = tuple(problems)
        """Each with the number of its line."""

    @property
    def value(self) -> Any:
        """Mappings, lists, texts, numbers, true, false and None; a date is a text."""
        return self._root.value

    def line(self, place: Place) -> int:
        """The line on which what stands at `place` begins; of what is not there, that of what it would be in."""
        node = self._root
        for step in place:
            if step not in node.parts:
                break
            node = node.parts[step]
        return node.line


def read_yaml(text: str, source: str, begin: str = BEGIN) -> Document:
    """The document in `text`; `source` is what an error calls it, `begin` the way out where it is empty.

    Raises DealError for a text that is not YAML or has no values. Duplicate names and unknown tags
    are left in `problems`, so that they can be told together with faults of the values.
    """
    builder = _Builder(source)
    for event in _events(text, builder):
        builder.take(event)
    if builder.root is None or (builder.root.value is None and not builder.problems):
        raise DealError(source, [Problem("line 1", "", "is empty.", begin)])
    return Document(builder.root, builder.problems)


def _events(text: str, builder: _Builder) -> Iterator[Any]:
    events = iter(YAML(typ="safe", pure=True).parse(text))
    while True:
        try:
            event = next(events, None)
        except YAMLError as error:
            line = _line_of(error, text)
            raise builder.stopped(line, *_in_plain_words(error, text, line)) from None
        except (ValueError, IndexError, AttributeError, TypeError, AssertionError, OverflowError):
            # The parser's own slips on broken text; the reader needs to know only where it was.
            raise builder.stopped(builder.line, "is not YAML from here on.", "Check the lines around it.") from None
        if event is None:
            return
        yield event


@dataclass
class _Open:
    """A mapping or list that is being read."""

    node: Node
    place: Place
    anchor: str | None
    is_mapping: bool
    key: str | None = None
    key_line: int = 0


class _Builder:
    """Builds nodes from events with a stack of its own, so that depth cannot exhaust Python's."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.root: Node | None = None
        self.problems: list[tuple[int, Problem]] = []
        self.line = 1
        self._stack: list[_Open] = []
        self._anchors: dict[str, Node] = {}

    def take(self, event: Any) -> None:
        """Take in the next event."""
        self.line = event.start_mark.line + 1
        match type(event).__name__:
            case "DocumentStartEvent" if self.root is not None:
                raise self.stopped(self.line, "begins a second document.", "Leave out the line ---.")
            case "ScalarEvent":
                self._take_scalar(event)
            case "AliasEvent":
                self._take_alias(event)
            case "MappingStartEvent" | "SequenceStartEvent":
                self._begin(event, is_mapping=type(event).__name__ == "MappingStartEvent")
            case "MappingEndEvent" | "SequenceEndEvent":
                self._end()

    def stopped(self, line: int, message: str, fix: str) -> DealError:
        """The error that ends the reading, with the faults found before it."""
        found = [problem for _, problem in self.problems]
        return DealError(self.source, [*found, Problem(f"line {line}", "", message, fix)])

    def _take_scalar(self, event: Any) -> None:
        plain = not event.style and event.implicit[0]
        tag = str(event.tag) if event.tag else ""
        if tag not in ("", "!", _TEXT_TAG):
            self._note(self._here(), f"has a tag, {_short_tag(tag)}.", "Tags are not used here: leave it out.")
        if self._stack and self._stack[-1].is_mapping and self._stack[-1].key is None:
            self._take_key(str(event.value))
            return
        value = scalar(event.value) if plain and not tag else str(event.value)
        self._add(Node(self._line_of_value(), value), event.anchor)

    def _take_key(self, key: str) -> None:
        mapping = self._stack[-1]
        mapping.key, mapping.key_line = key, self.line
        first = mapping.node.parts.get(key)
        if first is not None:
            self._note(self._here(), f"is given twice: first on line {first.line}.", "Keep one of them.")

    def _take_alias(self, event: Any) -> None:
        name = str(event.anchor)
        if any(entry.anchor == name for entry in self._stack):
            raise self.stopped(self.line, f"*{name} stands inside &{name} itself.", "Write the values out.")
        if name not in self._anchors:
            raise self.stopped(self.line, f"there is no &{name} above for *{name}.", "Write the value out.")
        if self._stack and self._stack[-1].is_mapping and self._stack[-1].key is None:
            raise self.stopped(self.line, f"*{name} stands for a name.", "Write the name out.")
        first = self._anchors[name]
        self._add(Node(self._line_of_value(), first.value, first.parts, first.count), None)

    def _begin(self, event: Any, *, is_mapping: bool) -> None:
        if self._stack and self._stack[-1].is_mapping and self._stack[-1].key is None:
            raise self.stopped(
                self.line, "has a list or a group where a name should stand.", "Write a name, then a colon."
            )
        if len(self._stack) >= DEEPEST:
            raise self.stopped(self.line, f"is more than {DEEPEST} levels deep.", "Check the brackets around it.")
        if event.tag:
            self._note(self._here(), f"has a tag, {_short_tag(event.tag)}.", "Tags are not used here: leave it out.")
        node = Node(self._line_of_value(), {} if is_mapping else [])
        self._stack.append(_Open(node, self._here(), event.anchor, is_mapping))

    def _end(self) -> None:
        finished = self._stack.pop()
        self._add(finished.node, finished.anchor)

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[str(anchor)] = node
        if not self._stack:
            self.root = node
            return
        around = self._stack[-1]
        step: str | int = len(around.node.parts) if around.key is None else around.key
        if around.is_mapping:
            around.node.value[step] = node.value
        else:
            around.node.value.append(node.value)
        around.node.parts[step] = node
        around.node.count += node.count
        around.key = None
        if around.node.count > MOST_VALUES:
            raise self.stopped(self.line, f"has more than {MOST_VALUES:,} values.", "Split the file.")

    def _here(self) -> Place:
        """Where the value that is awaited stands."""
        if not self._stack:
            return ()
        around = self._stack[-1]
        if around.is_mapping:
            return around.place if around.key is None else (*around.place, around.key)
        return (*around.place, len(around.node.parts))

    def _line_of_value(self) -> int:
        """The line of the value's name, which is where a reader looks for it; without one, its own."""
        around = self._stack[-1] if self._stack else None
        return around.key_line if around is not None and around.key is not None else self.line

    def _note(self, place: Place, message: str, fix: str) -> None:
        self.problems.append((self.line, Problem(f"line {self.line}", path_text(place), message, fix)))


def _short_tag(tag: Any) -> str:
    return str(tag).replace("tag:yaml.org,2002:", "!!")[:40]


def _line_of(error: YAMLError, text: str) -> int:
    """The line to look at: of what is never closed, the one that opens it."""
    opened = re.search("flow|quoted", str(getattr(error, "context", None)))
    mark = getattr(error, "context_mark" if opened else "problem_mark", None)
    return int(mark.line) + 1 if mark else text.count("\n", 0, getattr(error, "position", 0)) + 1


def _in_plain_words(error: YAMLError, text: str, line: int) -> tuple[str, str]:
    """What a syntax fault means, and the way out."""
    problem = str(getattr(error, "problem", None) or "")
    context = str(getattr(error, "context", None) or "")
    lines = text.splitlines()
    written = lines[line - 1] if line <= len(lines) else ""
    if "'\\t'" in problem or "\t" in written[: len(written) - len(written.lstrip())]:
        return "has a tab.", "Use spaces, not tabs."
    if "mapping values are not allowed" in problem:
        return (
            "has a colon where none is expected.",
            "Check the indentation; put a text that contains a colon in quotation marks.",
        )
    if "could not find expected ':'" in problem:
        return "lacks a colon after a name.", "Write `name: value`."
    if "quoted scalar" in context and "end of stream" in problem:
        return "opens a quotation mark that is never closed.", "Close it, or leave it out."
    if "flow sequence" in context or "flow mapping" in context:
        closing = "]" if "sequence" in context else "}"
        return f"has a bracket that is not closed with {closing}.", "Check commas and brackets from here on."
    if "expected <block end>" in problem:
        return "is not in line with what stands above.", "Give the fields of one group the same indentation."
    if "cannot start any token" in problem:
        return (
            f"has {problem.split('character ')[1].split(' that')[0]} where a value begins.",
            "Put the text in quotation marks.",
        )
    if "escape" in problem:
        return "has a backslash in double quotation marks.", "Use single quotation marks, or two backslashes."
    if not problem:
        return "has a character that a text file cannot hold.", "Delete it and type it again."
    return "is not YAML.", "Check the line and the one above: `name: value`, and spaces before it."
