"""`sibmodel price` and `sibmodel sensitivity` as a user meets them: answers, data, and errors in words."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sibmodel import read
from sibmodel.analysis.price import solve
from sibmodel.cli import main
from sibmodel.views.common import Words
from sibmodel.views.price_sheet import price as price_page

FEW = ("--paths", "300")


def sibmodel(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def data(*arguments: str) -> dict:  # type: ignore[type-arg]
    done = sibmodel(*arguments, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


PRICE = ("price", "through-the-gate", "--solve", "payments[0].price")


def test_a_price_is_told_with_what_it_costs_whom() -> None:
    done = sibmodel(*PRICE, "--target", "irr = 5%", "--subject-to", "expected bill <= £3m", *FEW)
    assert done.exit_code == 0
    assert "payments[0].price of £14,352 gives irr 5.0%." in done.output
    assert "As signed, £16,000, it is 8.4%." in done.output
    assert "expected bill <= £3m does not hold there" in done.output
    assert "Ministry of Justice" in done.output
    assert 'Next: sibmodel run through-the-gate --set "payments[0].price=14351.5' in done.output


def test_the_command_that_follows_reaches_the_target() -> None:
    found = data(*PRICE, "--target", "P(irr >= 5%) >= 45%", *FEW)
    answer = found["answer"]
    assert answer["reached"]["value"] >= 0.45
    done = sibmodel(*PRICE, "--target", "P(irr >= 5%) >= 45%", *FEW)
    value = done.output.split("payments[0].price=")[1].split('"')[0]
    again = data(*PRICE, "--target", "P(irr >= 5%) >= 45%", "--set", f"payments[0].price={value}", *FEW)
    assert again["figure_as_signed"]["value"] >= 0.45


def test_the_command_that_follows_makes_the_same_changes_on_the_same_luck() -> None:
    done = sibmodel(*PRICE, "--target", "mean npv = 0", "--set", "intermediary.per_month=£8,000", "--seed", "3", *FEW)
    assert "Asked of the deal with intermediary.per_month=£8,000; “as signed” is with that." in done.output
    following = done.output.split("Next: sibmodel ")[1].strip()
    assert following.startswith('run through-the-gate --set "intermediary.per_month=£8,000" --set "payments[0].price=')
    assert following.endswith("--paths 300 --seed 3")
    asked = [*PRICE, "--target", "mean npv = 0", *shlex.split(following)[2:]]
    assert abs(data(*asked)["figure_as_signed"]["value"]) < 200  # to the penny of the price; the error is some £150,000


def test_the_page_of_a_price_says_what_was_changed_first() -> None:
    found = solve(read("through-the-gate"), "payments[0].price", "irr = 5%", paths=300)
    words = [
        text
        for block in price_page(found, ["months=90"]).blocks
        if isinstance(block, Words)
        for text in block.sentences
    ]
    assert any("months=90" in text for text in words)


@pytest.mark.parametrize(
    "more", [(), ("--along", "payments[0].threshold=5%,15%"), ("--target", "mean npv = £9m", "--bidders", "4")]
)
def test_no_line_on_the_screen_is_wider_than_a_hundred_characters(more: tuple[str, ...]) -> None:
    done = sibmodel(*PRICE, "--target", "mean npv = 0", "--subject-to", "P(loss) <= 10%", *more, *FEW)
    assert done.exit_code == 0, done.output
    lines = [line for line in done.output.splitlines() if not line.startswith("Next:")]
    assert max(map(len, lines)) <= 100


def test_where_there_is_no_answer_it_says_why() -> None:
    done = sibmodel("price", "peterborough", "--solve", "payments[0].price", "--target", "irr = 12%", *FEW)
    assert done.exit_code == 0
    assert "No value of payments[0].price from £0 to £105,500 gives irr = 12%." in done.output
    assert "The nearest is 8.0%, at £13,188. The base case meets a cap there" in done.output
    found = data("price", "peterborough", "--solve", "payments[0].price", "--target", "irr = 12%", *FEW)
    assert found["answer"] is None
    assert found["nearest"]["figure"]["value"] == pytest.approx(0.08, abs=5e-4)


def test_a_frontier_and_a_curse() -> None:
    done = sibmodel(
        *PRICE, "--target", "mean npv = 0", "--along", "payments[0].cap=£7m,£9m", "--bidders", "4", *FEW
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "£7,000,000" in done.output
    assert "Winner's curse" in done.output
    found = data("price", "through-the-gate", "--bidders", "3", "--estimate", "14%")["winners_curse"]
    assert found["bidders"][-1]["overstated"] == pytest.approx(0.102, abs=5e-4)
    solved = data(*PRICE, "--target", "npv = 0", "--bidders", "2", *FEW)["winners_curse"]["solved"]
    assert solved["answer"]["value"] > 13_680  # what it takes at the base case's 8 %


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("price", "through-the-gate"), 2, "Say what is varied and what is asked"),
        ((*PRICE,), 2, "belong together"),
        ((*PRICE, "--target", "irr"), 2, "it needs a sign and a value"),
        (
            ("price", "through-the-gate", "--solve", "payments[0].prise", "--target", "irr=5%"),
            2,
            'Did you mean "price"',
        ),
        ((*PRICE, "--target", "irr=5%", "--along", "payments[0].cap"), 2, "has no values"),
        ((*PRICE, "--target", "irr=5%", "--along", "payments[0].price=1,2"), 2, "cannot both be solved for"),
        (("sensitivity", "through-the-gate", "--of", "npw"), 2, 'Did you mean "npv"'),
        (("sensitivity", "through-the-gate", "--breach", "npv"), 2, "is not an event"),
        (("sensitivity", "through-the-gate", "--stress", "nowhere.yaml"), 2, "nowhere.yaml"),
        (("sensitivity", "through-the-gate", "--goal", "mean npv = 0"), 2, "no goal of the base case"),
    ],
)
def test_errors_are_sentences(arguments: tuple[str, ...], code: int, said: str) -> None:
    done = sibmodel(*arguments)
    assert (done.exit_code, said in done.output) == (code, True), done.output
    assert "Traceback" not in done.output


def test_sensitivity_on_the_screen_as_data_and_as_a_workbook(tmp_path: Path) -> None:
    asked = ("sensitivity", "through-the-gate", "--of", "npv", "--paths", "512", "--out", str(tmp_path))
    table = ("--two-way", "payments[0].price=£14,000,£18,000", "assumptions.effect=6%..10%:2")
    done = sibmodel(*asked, *table)
    assert done.exit_code == 0, done.output
    for part in ("Tornado: mean npv", "Spider: mean npv", "Share of variance", "Stress", "have in common", "£18,000"):
        assert part in done.output
    assert {file.name for file in tmp_path.iterdir()} == {
        "through-the-gate-sensitivity.xlsx",
        "through-the-gate-sensitivity.json",
    }
    written = json.loads((tmp_path / "through-the-gate-sensitivity.json").read_text(encoding="utf-8"))
    assert [one["asked"] for one in written["sensitivity"]["spiders"]] == ["mean npv"]
    assert len(written["sensitivity"]["two_way"][0]["values"]) == 2
