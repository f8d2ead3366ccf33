"""The deals that the benchmark grows are deals, and larger."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import PARTS
from benchmarks.growth import GROWN, grown
from sibmodel.model import build


@pytest.fixture(scope="module")
def lines() -> dict[str, int]:
    return {title: len(build(grown(change)).book.lines) for title, change in GROWN.items()}


def test_grown_deals_have_more_lines(lines: dict[str, int]) -> None:
    first, *others = lines.values()
    assert all(count > first for count in others)
    assert lines["6 providers"] < lines["12 providers"]
    assert lines["6 tranches"] < lines["12 tranches"]


def test_grown_deals_are_what_they_say() -> None:
    assert grown(GROWN["180 months"]).months == 180
    assert len(grown(GROWN["12 providers"]).providers) == 12
    assert [one.name for one in grown(GROWN["6 tranches"]).funding.tranches][::5] == ["Junior", "Senior"]


def test_parts_are_named_as_on_the_command_line() -> None:
    assert all(name == name.lower() and " " not in name for name in PARTS)
