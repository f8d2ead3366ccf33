"""Numbers as people write them, months, and what fields say of themselves."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from sibmodel.fields import describe
from sibmodel.quantities import QUANTITIES
from sibmodel.reading import path_text
from sibmodel.terms import (
    Month,
    Terms,
    count,
    fault_at,
    money,
    month,
    months,
    number,
    people,
    plain,
    share,
    share_of_any_sign,
    text,
    yearly_rate,
    years,
    yes_no,
)
from tests.toy_deal import ToyDeal


class Everything(Terms):
    amount: float = money("Amount", default=0)
    part: float = share("Part", default="10%")
    change: float = share_of_any_sign("Change", default=0.0)
    discount: float = yearly_rate("Discount rate", default=0.035)
    heads: int = people("People", default=0)
    staff: int = count("Staff", default=0)
    length: int = months("Length", default=0)
    term: float = years("Term", default=0.0)
    rate: float = number("Events a person", default=1.55, unit="events a person")
    cap: float | None = money("Most that is paid", default=None)
    weights: tuple[float, ...] = number("Weights", default=())
    prices: dict[str, float] = money("Price by name", default={})
    start: Month = month("Start", default=Month(2027, 4))
    title: str = text("Title", default="A title")
    real: bool = yes_no("Real", default=False)


def message(**given: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        Everything.model_validate(given)
    (only,) = caught.value.errors()
    return only["msg"].strip()


@pytest.mark.parametrize(
    ("field", "written", "meant"),
    [
        ("amount", "£12,500", 12500.0),
        ("amount", "12,500.75", 12500.75),
        ("amount", "£1.2m", 1_200_000.0),
        ("amount", "£1.2 million", 1_200_000.0),
        ("amount", "£250k", 250_000.0),
        ("amount", "£3bn", 3e9),
        ("amount", "GBP 5", 5.0),
        ("amount", "1_000", 1000.0),
        ("amount", " £ 7 ", 7.0),
        ("amount", "1e3", 1000.0),
        ("part", "7.5%", 0.075),
        ("part", "7.5 %", 0.075),
        ("part", "12 per cent", 0.12),
        ("part", ".5", 0.5),
        ("part", 1, 1.0),
        ("change", "-5%", -0.05),
        ("change", "−5%", -0.05),
        ("discount", "3.5%", 0.035),
        ("heads", "1,000", 1000),
        ("heads", 1000.0, 1000),
        ("length", "24", 24),
        ("term", "1.5", 1.5),
        ("rate", "155%", 1.55),
        ("cap", None, None),
        ("weights", ["1", "50%"], (1.0, 0.5)),
        ("prices", {"a": "£1k"}, {"a": 1000.0}),
    ],
)
def test_numbers_are_read_as_people_write_them(field: str, written: Any, meant: Any) -> None:
    read = getattr(Everything.model_validate({field: written}), field)
    assert read == meant
    assert type(read) is type(meant)


@pytest.mark.parametrize(
    ("field", "written", "said"),
    [
        ("part", 10, "10 is not a share between 0 and 1. For 10 % write 0.10 or 10%."),
        ("part", "10", "10 is not a share between 0 and 1. For 10 % write 0.10 or 10%."),
        ("part", 7.5, "7.5 is not a share between 0 and 1. For 7.5 % write 0.075 or 7.5%."),
        ("part", "150%", "150% is not a share between 0 and 1."),
        ("part", 250, "250 is not a share between 0 and 1."),
        ("part", -0.1, "-0.1 is not a share between 0 and 1."),
        ("part", "£5", "£5 is not a share. Leave out the pound sign: 0.10 or 10%."),
        ("discount", 3.5, "3.5 is not a yearly rate between -1 and 1. For 3.5 % write 0.035 or 3.5%."),
        ("amount", "5%", "5% is not an amount of money. Leave out the per-cent sign: 12500, £12,500 or £1.2m."),
        ("amount", -5, "-5 is not an amount of money of £0 or more."),
        ("amount", True, "true is not an amount of money. Write it like 12500, £12,500 or £1.2m."),
        ("amount", "1.200,50", "1.200,50 is not an amount of money. Write it like 12500, £12,500 or £1.2m."),
        ("amount", "12,50", "12,50 is not an amount of money. Write it like 12500, £12,500 or £1.2m."),
        ("amount", "", '"" is not an amount of money. Write it like 12500, £12,500 or £1.2m.'),
        ("amount", float("nan"), "nan is not an amount of money. Write a finite number."),
        ("amount", float("inf"), "inf is not an amount of money. Write a finite number."),
        ("amount", "1e999", "1e999 is not an amount of money. Write a finite number."),
        ("amount", 10**400, "a number of more than 60 digits is not an amount of money. It is too large."),
        ("amount", 2e15, "2000000000000000 is too large for an amount of money. Check the digits and the unit."),
        ("amount", [1], "a list is not an amount of money. Write it like 12500, £12,500 or £1.2m."),
        ("amount", None, "is empty. Write an amount of money like 12500, £12,500 or £1.2m."),
        ("heads", 2.5, "2.5 is not a whole number. Write a number of people like 1000."),
        ("length", "5%", "5% is not a number of months. Leave out the per-cent sign: 24."),
        ("staff", -1, "-1 is not a count of 0 or more."),
        ("rate", "many", '"many" is not a number. Write it like 1.55.'),
        (
            "start",
            "2027-02-30",
            "2027-02-30 is not a real date: 2027-02 has no day 30. Write the month alone: 2027-02.",
        ),
        ("start", "2027-13", "2027-13 is not a month: there is no month 13. Write 01 to 12."),
        ("start", "April", '"April" is not a month. Write year and month, like 2027-04.'),
        ("start", 2027, "2027 is not a month. Write year and month, like 2027-04."),
        ("start", "0027-04", "0027-04 is outside 1900 to 2200. Check the year: write year and month, like 2027-04."),
    ],
)
def test_faults_say_what_was_found_and_the_way_out(field: str, written: Any, said: str) -> None:
    assert message(**{field: written}) == said


def test_every_wrong_item_of_a_list_is_told_with_its_position() -> None:
    with pytest.raises(ValidationError) as caught:
        Everything.model_validate({"weights": [1, "a", 2, True], "prices": {"x": "5%"}})
    assert [error["loc"] for error in caught.value.errors()] == [("weights", 1), ("weights", 3), ("prices", "x")]


def test_defaults_are_read_too() -> None:
    everything = Everything()
    assert everything.part == 0.10
    assert isinstance(everything.amount, float)
    assert everything.cap is None


def test_terms_are_frozen_closed_and_stripped() -> None:
    everything = Everything(title="  two words ")
    assert everything.title == "two words"
    with pytest.raises(ValidationError):
        everything.amount = 3.0
    with pytest.raises(ValidationError):
        Everything.model_validate({"amuont": 3})
    with pytest.raises(ValidationError):
        Everything(title="   ")


def test_a_validator_can_point_at_a_field_further_in() -> None:
    with pytest.raises(ValidationError) as caught:
        raise fault_at(("tiers", 0, "price"), "5 is too low.", "Raise it.")
    assert caught.value.errors()[0]["loc"] == ("tiers", 0, "price")
    assert caught.value.errors()[0]["msg"] == "5 is too low. Raise it."


@given(st.floats(-1e15, 1e15), st.sampled_from(sorted(QUANTITIES)))
def test_a_number_is_itself_or_refused(value: float, kind: str) -> None:
    with suppress(PydanticCustomError):
        assert QUANTITIES[kind].read(value) == value == QUANTITIES[kind].read(repr(value))


@given(
    st.text(max_size=70) | st.from_regex(r"[-+£0-9.,_ kmbn%e]{0,20}", fullmatch=True),
    st.sampled_from(sorted(QUANTITIES)),
)
def test_any_text_is_a_number_or_a_fault_in_our_words(written: str, kind: str) -> None:
    with suppress(PydanticCustomError):
        assert isinstance(QUANTITIES[kind].read(written), float | int)


@pytest.mark.parametrize(
    "written", ["2027-04", "2027-4", "2027-04-01", "2027-04-30", date(2027, 4, 9), datetime(2027, 4, 1), Month(2027, 4)]
)
def test_a_month_is_read_from_any_date_in_it(written: Any) -> None:
    assert Everything.model_validate({"start": written}).start == Month(2027, 4)


def test_months_count() -> None:
    april = Month(2027, 4)
    assert str(april) == "2027-04"
    assert april.plus(9) == Month(2028, 1)
    assert april.plus(-4) == Month(2026, 12)
    assert april < april.plus(1)
    with pytest.raises(ValueError, match="no month 2027-13"):
        Month(2027, 13)


@given(st.integers(1950, 2100), st.integers(1, 12), st.integers(-500, 500))
def test_months_until_undoes_plus(year: int, number_of_month: int, later: int) -> None:
    first = Month(year, number_of_month)
    assert first.months_until(first.plus(later)) == later
    assert Month.read(str(first)) == first


def test_plain_is_the_shortest_form_of_a_file() -> None:
    everything = Everything(amount="£3k", start="2030-01")
    assert plain(everything)["amount"] == 3000
    assert plain(everything)["start"] == "2030-01"
    assert "cap" not in plain(everything)
    assert "weights" not in plain(everything)
    assert Everything.model_validate(plain(everything)) == everything


def test_fields_describe_themselves() -> None:
    notes = {note.path: note for note in describe(ToyDeal)}
    threshold = notes["payments[].threshold"]
    assert (threshold.unit, threshold.minimum, threshold.maximum) == ("share", 0.0, 1.0)
    assert (threshold.sentence, threshold.member) == ("Reduction from which it is paid", "threshold")
    assert threshold.required
    assert notes["payments[].cap"].default is None
    assert not notes["payments[].cap"].required
    assert notes["payments[].fallback.pooled"].quantity == "share"
    assert notes["measure"].choices == ("binary", "frequency")
    assert notes["assumptions.effect"].uncertain
    assert not threshold.uncertain
    assert not any(path.startswith("assumptions.effect.") for path in notes)
    assert all(note.sentence for note in notes.values() if note.name != "kind")
    assert [note.path for note in describe(Everything)][:2] == ["amount", "part"]


def test_the_json_schema_carries_unit_and_range() -> None:
    price = Everything.model_json_schema()["properties"]["part"]
    assert (price["unit"], price["minimum"], price["maximum"]) == ("share", 0.0, 1.0)
    assert ToyDeal.model_json_schema()["$defs"]["Cohort"]["properties"]["start"]["type"] == "string"


@pytest.mark.parametrize(
    ("place", "path"),
    [
        (("payments", 0, "price"), "payments[0].price"),
        (("effect", "by_cohort", "Cohort 1", "base"), "effect.by_cohort[Cohort 1].base"),
        (("labels", "a]b"), 'labels["a]b"]'),
        (("labels", "2027"), 'labels["2027"]'),
        ((), ""),
    ],
)
def test_paths_are_written_as_people_write_them(place: tuple[str | int, ...], path: str) -> None:
    assert path_text(place) == path


def test_terms_load_without_the_heavy_libraries() -> None:
    code = (
        "import sys, sibmodel.terms, sibmodel.uncertain, sibmodel.fields, sibmodel.files\n"
        "assert not {'scipy', 'pandas', 'openpyxl', 'numba'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
