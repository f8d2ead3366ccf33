"""Faults that people make in deal files, beyond those of single fields."""

from __future__ import annotations

import pytest

from sibmodel.deal import Deal
from sibmodel.errors import DealError
from sibmodel.files import read_terms


def test_a_comma_in_braces_is_explained() -> None:
    with pytest.raises(DealError) as raised:
        read_terms("intermediary: {set_up: £60,000}\n", Deal)
    fixes = [problem.fix for problem in raised.value.problems if problem.path.startswith("intermediary")]
    assert fixes == ["Inside { } a number may not hold a comma: write £60000, or put it in quotes."]


def test_the_number_that_commas_split_is_named() -> None:
    with pytest.raises(DealError) as raised:
        read_terms("value: {benefits: [{name: Harm, per_event: 1,250,000, prices: 2018}]}\n", Deal)
    fixes = {problem.fix for problem in raised.value.problems if "comma" in problem.fix}
    assert fixes == {"Inside { } a number may not hold a comma: write 1250000, or put it in quotes."}
