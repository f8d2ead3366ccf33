"""One change to a deal by its path."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sibmodel.errors import DealError, NotFoundError
from sibmodel.files import read_terms
from sibmodel.replacing import place_of, replace, value_at
from sibmodel.terms import Month
from sibmodel.uncertain import SET_BY_HAND
from tests.toy_deal import TOY, Fallback, ToyDeal

DEAL = read_terms(TOY, ToyDeal)


@pytest.mark.parametrize(
    ("path", "written", "meant"),
    [
        ("name", "Another", "Another"),
        ("real", "true", True),
        ("payments[0].price", "£9k", 9000.0),
        ("payments[0].cap", "none", None),
        ("payments[0].cap", None, None),
        ("payments[0].tiers", "[1, £2k]", (1.0, 2000.0)),
        ("payments[0].fallback", "none", None),
        ("payments[0].fallback", Fallback(pooled=0.05), Fallback(pooled=0.05)),
        ("payments[0].fallback.pooled", "5%", 0.05),
        ("cohorts[1].people", 3, 3),
        ("cohorts[Cohort 2].people", "1,100", 1100),
        ('cohorts["Cohort 2"].start', "2029-01", Month(2029, 1)),
        ("cohorts['Cohort 2'].start", Month(2029, 1), Month(2029, 1)),
        ("assumptions.effect.by_cohort[Cohort 1].normal.sd", "5%", 0.05),
        ("assumptions.effect.by_cohort.Cohort 1.note", "Why.", "Why."),
    ],
)
def test_one_value_is_replaced(path: str, written: Any, meant: Any) -> None:
    changed = replace(DEAL, path, written)
    assert value_at(changed, path) == meant
    assert value_at(replace(changed, path, value_at(DEAL, path)), path) == value_at(DEAL, path)


def test_nothing_else_changes() -> None:
    changed = replace(DEAL, "payments[0].price", 1)
    assert replace(changed, "payments[0].price", 14_000) == DEAL
    assert DEAL.payments[0].price == 14_000


@pytest.mark.parametrize("path", ["assumptions.effect", "assumptions.effect.by_cohort[Cohort 1]", "assumptions.volume"])
def test_a_belief_becomes_a_plain_number_set_by_hand(path: str) -> None:
    changed = value_at(replace(DEAL, path, "7%"), path)
    assert (changed.base, changed.uncertain, changed.source) == (0.07, False, SET_BY_HAND)


def test_only_the_base_of_a_belief() -> None:
    changed = replace(DEAL, "assumptions.effect.by_cohort[Cohort 1].base", "7%")
    belief = changed.assumptions.effect.for_cohort("Cohort 1")
    assert (belief.base, belief.source) == (0.07, "a-study")
    assert belief.normal == DEAL.assumptions.effect.for_cohort("Cohort 1").normal
    plain_number = replace(DEAL, "assumptions.effect.by_cohort[Cohort 2].base", "7%")
    assert plain_number.assumptions.effect.for_cohort("Cohort 2").value == 0.07


def test_a_belief_may_become_a_distribution() -> None:
    changed = replace(DEAL, "assumptions.volume", "{normal: {mean: 1, sd: 10%}, source: a-study}")
    assert changed.assumptions.volume.normal is not None
    assert changed.assumptions.volume.source == "a-study"


def test_a_part_that_was_not_there_is_made() -> None:
    without = replace(DEAL, "payments[0].fallback", "none")
    assert replace(without, "payments[0].fallback.pooled", "7.5%") == DEAL


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("payments[0].treshold", 'There is no "treshold" in payments[0]. Did you mean "threshold"?'),
        ("payments[1].cap", 'There is no "cap" in payments[1]. There are: kind, price.'),
        ("payments[5].price", 'There is no "5" in payments. There are: 0, 1.'),
        ("cohorts[Cohort 3].people", 'There is no "Cohort 3" in cohorts. Did you mean "Cohort 2"?'),
        ("assumptions.efect", 'There is no "efect" in assumptions. Did you mean "effect"?'),
        (
            "assumptions.effect.by_cohort[Cohort 3]",
            'There is no "Cohort 3" in assumptions.effect.by_cohort. Did you mean "Cohort 2"?',
        ),
        ("assumptions.volume.normal.sd", 'assumptions.volume has no "normal": it is triangular.'),
        ("price", 'There is no "price" in the deal. Did you mean payments[0].price or payments[1].price?'),
        ("cap", 'There is no "cap" in the deal. Did you mean payments[0].cap?'),
        ("nmae", 'There is no "nmae" in the deal. Did you mean "name"?'),
        ("name.first", 'name is a single value: there is no "first" in it.'),
        ("payments..price", '"payments..price" is not a path. Write it like payments[0].price.'),
        ("payments[0]price", '"payments[0]price" is not a path. Write it like payments[0].price.'),
        ("payments[0", '"payments[0" is not a path. Write it like payments[0].price.'),
        ("", "An empty path names nothing. Write it like payments[0].price."),
    ],
)
def test_a_path_that_does_not_exist(path: str, told: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        replace(DEAL, path, 1)
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("path", "written", "at", "told"),
    [
        ("payments[0].threshold", 10, "payments[0].threshold", "10 is not a share between 0 and 1."),
        ("payments[0].kind", "tarif", "payments[0].kind", '"tarif" is not one of: tariff, threshold.'),
        ("payments[0].kind", "tariff", "payments[0].threshold", 'is not a field of "tariff".'),
        ("assumptions.effect", "10", "assumptions.effect", "10 is not a share between -1 and 1."),
        ("payments[0].price", "none", "payments[0].price", "is empty."),
        (
            "assumptions.volume.triangular.low",
            1,
            "assumptions.volume.triangular.mode",
            "0.9 is not between low, 1, and high, 1.05.",
        ),
    ],
)
def test_a_wrong_value_is_told_as_in_a_file(path: str, written: Any, at: str, told: str) -> None:
    with pytest.raises(DealError) as caught:
        replace(DEAL, path, written)
    assert (caught.value.problems[0].path, caught.value.problems[0].message) == (at, told)
    assert caught.value.source.startswith(f"The deal with {path} = ")


def test_a_path_reads_back_as_errors_write_it() -> None:
    assert place_of('a.b[0][Cohort 1]["x]y"]') == ("a", "b", 0, "Cohort 1", "x]y")


@given(st.text(alphabet="ab.[]\"' 01", max_size=12), st.text(alphabet="{}[]:, 1%£a", max_size=6))
def test_any_path_and_value_gives_our_own_errors(path: str, value: str) -> None:
    with pytest.raises((NotFoundError, DealError)):
        replace(DEAL, path, value)
