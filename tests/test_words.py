"""How figures and words of commands are written."""

import shlex

import pytest

from sibmodel.views.kinds import WIDTH, paragraph
from sibmodel.words import argument


@pytest.mark.parametrize("plain", ["mydeal.yaml", "through-the-gate@Low", "months=90", "C:\\bids\\mine.yaml", "irr=5%"])
def test_a_word_that_a_shell_takes_as_it_is_stays_bare(plain: str) -> None:
    assert argument(plain) == plain


@pytest.mark.parametrize(
    "word", ["mydeal.yaml@Few people", "payments[0].price=15000", "payments[0].cap=£9m", "my bids/deal.yaml", "a;b", ""]
)
def test_a_word_with_more_in_it_is_one_argument_in_quotation_marks(word: str) -> None:
    assert argument(word) == f'"{word}"'
    assert shlex.split(argument(word)) == [word]


def test_a_name_in_a_path_keeps_its_marks_within_those_of_the_shell() -> None:
    assert shlex.split(argument('assumptions.uptake["Debt advice"].base=0.8')) == [
        "assumptions.uptake['Debt advice'].base=0.8"
    ]


def test_a_line_is_not_broken_between_a_figure_and_its_error() -> None:
    for before in range(60, WIDTH):
        lines = paragraph(f"{'x' * before} £3.83 million ± £12 and more").split("\n")
        assert max(map(len, lines)) <= WIDTH
        assert any("£3.83 million ± £12" in line for line in lines)
