"""Where something was defined: the source line outside the language that led to it."""

from __future__ import annotations

import linecache
import os
import sys
from dataclasses import dataclass
from functools import cache

_HERE = os.path.dirname(os.path.abspath(__file__))


@dataclass(frozen=True)
class Origin:
    """The source line that defined something: file, number, and its text."""

    file: str
    number: int

    @property
    def text(self) -> str:
        return linecache.getline(self.file, self.number).strip()

    def __str__(self) -> str:
        *folders, name = self.file.replace(os.sep, "/").split("/")
        inside = folders[len(folders) - 1 - folders[::-1].index("sibmodel") :] if "sibmodel" in folders else []
        return f"{'/'.join([*inside, name])}:{self.number}"


def origin() -> Origin:
    """The place outside the language from which it was called."""
    frame = sys._getframe(1)
    while frame.f_back is not None and _is_of_the_language(frame.f_code.co_filename):
        frame = frame.f_back
    return Origin(frame.f_code.co_filename, frame.f_lineno)


@cache
def _is_of_the_language(file: str) -> bool:
    return os.path.dirname(os.path.abspath(file)) == _HERE


def statement() -> str:
    """That place with its text, for messages."""
    place = origin()
    return f"{place}: {place.text}" if place.text else str(place)
