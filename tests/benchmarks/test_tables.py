"""The benchmark's tables, and the page that holds them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.rounds import in_turn, per_second, spread, times_as_fast
from benchmarks.tables import FIRST, LAST, Table, put_in_place, write_between_marks


def test_table_in_markdown() -> None:
    table = Table(
        "Speed", "Of two animals.", ("animal", "m/s"), [("hare", "20"), ("tortoise", "0.1")], "The hare wins."
    )
    assert table.markdown().splitlines() == [
        "### Speed",
        "",
        "Of two animals.",
        "",
        "| animal   | m/s |",
        "| -------- | --: |",
        "| hare     |  20 |",
        "| tortoise | 0.1 |",
        "",
        "The hare wins.",
    ]


def test_only_what_stands_between_the_marks_is_written(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{FIRST}\nold\n{LAST}\nafter\n", encoding="utf-8")
    for _ in range(2):  # writing it again changes nothing
        write_between_marks(page, "new\n")
        assert page.read_text(encoding="utf-8") == f"before\n{FIRST}\n\nnew\n\n{LAST}\nafter\n"


def test_page_without_marks_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("no marks", encoding="utf-8")
    with pytest.raises(ValueError, match="has no place for the table"):
        write_between_marks(page, "new")
    assert page.read_text(encoding="utf-8") == "no marks"


def test_page_on_performance_has_the_marks(checkout: Path) -> None:
    text = (checkout / "docs" / "performance.md").read_text(encoding="utf-8")
    assert text.index(FIRST) < text.index("### Paths a second") < text.index(LAST)


def test_ratios_are_formed_inside_each_round() -> None:
    """A slow round slows both, and leaves their ratio as it is."""
    ratio = times_as_fast([1.0, 2.0, 1.0], than=[3.0, 6.0, 4.0])
    assert (ratio.median, ratio.lowest, ratio.highest) == (3.0, 3.0, 4.0)
    assert per_second([2.0, 1.0], done=10).lowest == 5.0
    assert spread([1.0, 2.0, 9.0]).text(".1f") == "2.0 [1.0..9.0]"


def test_tasks_run_in_turn() -> None:
    order: list[str] = []
    taken = in_turn({"one": lambda: order.append("one"), "two": lambda: order.append("two")}, rounds=2)
    assert order == ["one", "two", "one", "two"]
    assert {name: len(times) for name, times in taken.items()} == {"one": 2, "two": 2}


def test_a_table_takes_the_place_of_the_one_of_its_title(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    old = [Table(title, "Old.", ("what", "speed"), [("loop", "1")]) for title in ("First", "Second", "Third")]
    page.write_text(f"Before.\n{FIRST}\n{LAST}\nAfter.\n", encoding="utf-8")
    write_between_marks(page, "\n".join(["Measured here.\n", *(table.markdown() for table in old)]))
    whole = page.read_text(encoding="utf-8")
    for number in range(3):
        put_in_place(page, "Measured here.\n", [old[number]])
        assert page.read_text(encoding="utf-8") == whole
    put_in_place(page, "Measured here.\n", [Table("Second", "New.", ("what", "speed"), [("loop", "22")])])
    assert page.read_text(encoding="utf-8") == whole.replace("### Second\n\nOld.", "### Second\n\nNew.").replace(
        old[1].markdown().partition("Old.\n\n")[2] + "\n### Third",
        Table("Second", "New.", ("what", "speed"), [("loop", "22")]).markdown().partition("New.\n\n")[2]
        + "\n### Third",
    )
    with pytest.raises(ValueError, match="measured on something else"):
        put_in_place(page, "Measured there.", [old[0]])
    with pytest.raises(ValueError, match="no table “Fourth”"):
        put_in_place(page, "Measured here.", [Table("Fourth", "", ("what",), [("x",)])])
