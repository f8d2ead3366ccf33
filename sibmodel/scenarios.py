"""Scenarios: other values of a deal's terms and beliefs, changed together under a name, such as low and high."""

from __future__ import annotations

from typing import Any, Self

from pydantic import PrivateAttr

from sibmodel.terms import Terms, part, text
from sibmodel.uncertain import ASSUMED

BASE_CASE, OWN = "Base case", "User's own"
"""What the workbook calls the deal as it is, and the column that its reader fills in."""
RESERVED = (BASE_CASE, "Base", OWN, "Own")
LONGEST_NAME = 40


class Scenario(Terms):
    """Terms and beliefs that change together. Each path is written as for `--set`, each value as in the file."""

    name: str = text("Name of the scenario", longest=LONGEST_NAME)
    description: str | None = text("What it stands for, in a sentence", default=None, longest=500)
    source: str = text("Where its values come from", default=ASSUMED)
    changes: dict[str, Any] = part("Another value for each path")
    _file: str = PrivateAttr("")

    @property
    def file(self) -> str:
        """The file of scenarios that it was read from; empty where it stands in the deal's own file."""
        return self._file

    def from_file(self, file: str) -> Self:
        """The same scenario, as read from that file of scenarios."""
        read = self.model_copy()
        read._file = file
        return read
