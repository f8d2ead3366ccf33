"""Deal files in YAML: every fault at once with its line, writing and reading back, and the hash."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, field_validator

from sibmodel.errors import DealError, NotFoundError, SibmodelError
from sibmodel.faults import terms_from
from sibmodel.files import LARGEST_FILE, deal_hash, read_terms, write_yaml
from sibmodel.reading import Place
from sibmodel.terms import Month, Terms, plain, text, yes_no
from sibmodel.uncertain import Belief, belief
from sibmodel.yaml_text import DEEPEST, read_yaml
from tests.toy_deal import TOY, Threshold, ToyDeal

WRONG = """\
nmae: Toy
measure: frequencies
real: perhaps
cohorts:
  - name:
    people: yes
    start: 2027-02-30
  - {name: Cohort 2, people: 9.5, start: 2028-13}
  - hello
payments:
  - kind: threshold
    price: 5%
    threshold: 10
    treshold: 10
    fallback: 3
    tiers: [1, a, -2]
  - kind: tarif
    price: 3_000
  - price: 3
  - 12
  - kind: tariff
assumptions:
  effect: {by_cohort: {Cohort 1: {normal: {mean: 8, sd: 0.1}}, Cohort 2: £3}}
  volume:
    triangular: {low: 0.6, mode: 0.9, hihg: 1.05}
    base: -0.9
labels: [a, b]
"""

TOLD = """\
wrong.yaml has 23 problems. Nothing was run.
line 1   nmae  is not a field of this file. Did you mean "name"?
line 2   measure  "frequencies" is not one of: binary, frequency. Did you mean "frequency"?
line 3   real  "perhaps" is not true or false. Write true or false.
line 5   cohorts[0].name  is empty. Add it: Name of the cohort.
line 6   cohorts[0].people  "yes" is not a number of people. Write it like 1000.
line 7   cohorts[0].start  2027-02-30 is not a real date: 2027-02 has no day 30. Write the month alone: 2027-02.
line 8   cohorts[1].people  9.5 is not a whole number. Write a number of people like 1000.
line 8   cohorts[1].start  2028-13 is not a month: there is no month 13. Write 01 to 12.
line 9   cohorts[2]  "hello" is not a group of fields. Write below it, indented: name, people, start.
line 12  payments[0].price  5% is not an amount of money. Leave out the per-cent sign: 12500, £12,500 or £1.2m.
line 13  payments[0].threshold  10 is not a share between 0 and 1. For 10 % write 0.10 or 10%.
line 14  payments[0].treshold  is not a field of "threshold". Did you mean "threshold"?
line 15  payments[0].fallback  3 is not a group of fields. Write below it, indented: pooled.
line 16  payments[0].tiers[1]  "a" is not an amount of money. Write it like 12500, £12,500 or £1.2m.
line 16  payments[0].tiers[2]  -2 is not an amount of money of £0 or more.
line 17  payments[1].kind  "tarif" is not one of: tariff, threshold. Did you mean "tariff"?
line 19  payments[2].kind  is missing. Add it; one of: tariff, threshold.
line 20  payments[3]  12 is not a group of fields. Write `name: value` below it.
line 21  payments[4].price  is missing. Add it: Price paid per event avoided (GBP).
line 23  assumptions.effect.by_cohort[Cohort 1].normal.mean  8 is not a share between -1 and 1. For 8 % write 0.08 or 8%.
line 23  assumptions.effect.by_cohort[Cohort 2]  £3 is not a share. Leave out the pound sign: -0.05 or -5%.
line 25  assumptions.volume.triangular.hihg  is not a field of "triangular". Did you mean "high"?
line 26  assumptions.volume.base  -0.9 is not a number of 0 or more.
line 27  labels  a list is not a group of fields. Write `name: value` below it.
"""  # noqa: E501 - a snapshot of what the user reads


def problems(text: str, name: str = "wrong.yaml") -> list[str]:
    with pytest.raises(DealError) as caught:
        read_terms(text, ToyDeal, name)
    assert str(caught.value).startswith(f"{name} has {len(caught.value.problems)} problem")
    return [f"{found.place:<8} {found.path}  {found.message} {found.fix}".rstrip() for found in caught.value.problems]


def test_a_file_is_read() -> None:
    deal = read_terms(TOY, ToyDeal)
    assert deal.cohorts[0].people == 1000
    assert deal.cohorts[1].start == Month(2028, 4)
    threshold = deal.payments[0]
    assert isinstance(threshold, Threshold)
    assert (threshold.price, threshold.threshold, threshold.cap) == (14_000, 0.10, 8_000_000)
    assert deal.assumptions.effect.for_cohort("Cohort 1").source == "a-study"
    assert deal.assumptions.volume.base == 0.9


def test_all_faults_are_told_at_once_by_line() -> None:
    assert problems(WRONG) == TOLD.splitlines()[1:]


def test_no_word_of_the_validator_reaches_the_reader() -> None:
    told = "\n".join(problems(WRONG))
    for word in ("pydantic", "Input should", "type=", "ToyDeal", "Belief", "_type", "union", "extra_forbidden"):
        assert word not in told


def test_a_misspelt_name_is_not_also_missing() -> None:
    assert problems(TOY.replace("threshold: 10%", "treshold: 10%")) == [
        'line 10  payments[0].treshold  is not a field of "threshold". Did you mean "threshold"?'
    ]


def test_a_fault_between_fields_stands_at_the_field_even_where_its_name_is_also_a_kind() -> None:
    assert problems(TOY.replace("threshold: 10%", "threshold: 100%")) == [
        "line 10  payments[0].threshold  1 can never be reached. Lower it."
    ]


class Odd(Terms):
    """Fields that carry no quantity, as a schema may have them."""

    called = "the odd one"

    bare: int = 0
    ratio: float = Field(0.0, gt=0, description="A ratio")
    names: tuple[str, ...] = Field((), min_length=2, max_length=3)
    title: str = text("Title", default="A title", longest=5)
    sure: bool = yes_no("Sure", default=True)
    beliefs: dict[str, Belief] = belief("By name", "share", default={})

    @field_validator("bare")
    @classmethod
    def _is_not_seven(cls, value: int) -> int:
        if value == 7:
            raise ValueError("7 is taken.")
        return value


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("bare", "x", '"x" is not a number.'),
        ("bare", 7, "7 is taken."),
        ("bare", None, "is empty. Add it."),
        ("ratio", [1], "a list is not a number. Write: A ratio."),
        ("ratio", 0, "0 is not accepted here. Write: A ratio."),
        ("names", ["a"], "has 1 items and needs at least 2."),
        ("names", ["a"] * 4, "has 4 items and needs at most 3."),
        ("names", 3, "3 is not a list. Begin each item on a line of its own, with a dash."),
        ("title", ["a"], "a list is not a text. Write: Title."),
        ("title", True, "true is not a text. Write: Title."),
        ("title", " ", "is blank. Write: Title."),
        ("title", "A long title", "has more than 5 characters. Make it shorter."),
        ("title", "\ud800", "has a character that no text can hold. Type it again."),
        ("sure", "perhaps", '"perhaps" is not true or false. Write true or false.'),
        ("sure", [], "a list is not true or false. Write true or false."),
        ("beliefs", 3, "3 is not a group of fields. Write `name: value` below it."),
        ("xyzzy", 3, 'is not a field of "the odd one". It may have: bare, ratio, names, title, sure, beliefs.'),
    ],
)
def test_every_kind_of_fault_has_our_own_words(field: str, value: object, told: str) -> None:
    with pytest.raises(DealError) as caught:
        terms_from({field: value}, Odd, "odd")
    (only,) = caught.value.problems
    assert (only.path, f"{only.message} {only.fix}".strip()) == (field, told)


def test_a_misspelt_field_of_a_belief_in_a_mapping() -> None:
    with pytest.raises(DealError) as caught:
        terms_from({"beliefs": {"a": {"valeu": 3, "note": "n"}}}, Odd, "odd")
    assert caught.value.problems[0].path == "beliefs.a.valeu"
    assert caught.value.problems[0].fix == 'Did you mean "value"?'


def test_an_unknown_name_that_is_near_nothing_gets_the_list() -> None:
    assert problems(TOY + "xyzzy: 1\n") == [
        "line 18  xyzzy  is not a field of this file. "
        "It may have: name, measure, real, cohorts, payments, assumptions, labels."
    ]


def test_a_missing_field_is_told_at_the_group_it_belongs_to() -> None:
    assert problems(TOY.replace("    price: £14k\n", "").replace("name: Toy\n", "")) == [
        "line 1   name  is missing. Add it: Name of the deal.",
        "line 7   payments[0].price  is missing. Add it: Price paid per event avoided (GBP).",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1     is empty. Start from an example or a template."),
        ("# nothing but a comment\n", "line 1     is empty. Start from an example or a template."),
        ("~", "line 1     is empty. Start from an example or a template."),
        ("- a\n- b\n", "line 1     is a list. Write fields, one to a line: `name: value`."),
        ("hello", "line 1     is a single value. Write fields, one to a line: `name: value`."),
        ("name:\n\t- b\n", "line 2     has a tab. Use spaces, not tabs."),
        ("name:\tb\nreal:\t\ttrue: 1\n", "line 1     has a tab. Use spaces, not tabs."),
        (
            "name: a\n  real: true\n",
            "line 2     has a colon where none is expected. "
            "Check the indentation; put a text that contains a colon in quotation marks.",
        ),
        ("name: 'a\n", "line 1     opens a quotation mark that is never closed. Close it, or leave it out."),
        (
            "cohorts: [1, 2\n",
            "line 1     has a bracket that is not closed with ]. Check commas and brackets from here on.",
        ),
        (
            "cohorts: {a: 1\n",
            "line 1     has a bracket that is not closed with }. Check commas and brackets from here on.",
        ),
        (
            "- a\nname: b\n",
            "line 2     is not in line with what stands above. Give the fields of one group the same indentation.",
        ),
        ("name: @a\n", "line 1     has '@' where a value begins. Put the text in quotation marks."),
        (
            'name: "C:\\q"\n',
            "line 1     has a backslash in double quotation marks. Use single quotation marks, or two backslashes.",
        ),
        ("name: \x01\n", "line 1     has a character that a text file cannot hold. Delete it and type it again."),
        ("name: a\n---\nname: b\n", "line 2     begins a second document. Leave out the line ---."),
        ("name: *a\n", "line 1     there is no &a above for *a. Write the value out."),
        ("cohorts: &a [*a]\n", "line 1     *a stands inside &a itself. Write the values out."),
        (
            "? [a]\n: b\n",
            "line 1     has a list or a group where a name should stand. Write a name, then a colon.",
        ),
        ("a: &n b\n*n : c\n", "line 2     *n stands for a name. Write the name out."),
        (
            "a: " + "[" * 100 + "\n",
            f"line 1     is more than {DEEPEST} levels deep. Check the brackets around it.",
        ),
    ],
)
def test_texts_that_are_no_deal(text: str, told: str) -> None:
    assert problems(text)[:1] == [told]


def test_a_name_given_twice_is_told_with_the_other_faults() -> None:
    text = TOY.replace("    cap: £8m\n", "    cap: £8m\n    cap: 5%\n")
    assert [found.split("  ")[1] for found in problems(text)] == ["payments[0].cap"] * 2


def test_tags_run_nothing_and_are_told() -> None:
    told = problems(TOY.replace("name: Toy", "name: !!python/object/apply:os.system [echo]"))
    assert "Tags are not used here: leave it out." in told[0]
    assert problems(TOY.replace("name: Toy", "name: !mine Toy")) == [
        "line 1   name  has a tag, !mine. Tags are not used here: leave it out."
    ]


def test_anchors_may_be_used_but_not_to_unfold_a_huge_file() -> None:
    text = TOY.replace("price: £14k", "price: &price £14k").replace("price: 3_000", "price: *price")
    assert read_terms(text, ToyDeal).payments[1].price == 14_000
    bomb = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
        f"{name}: &{name} [{', '.join(['*' + before] * 10)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert problems(bomb) == ["line 5     has more than 100,000 values. Split the file."]


def test_words_and_dates_stay_what_they_look_like() -> None:
    document = read_yaml("a: [yes, no, on, 2027-04-01, 0o17, 007, 1_000, 'true', true, ~, 1e3, -2, .5, .inf]", "x")
    read = document.value["a"]
    assert read[:8] == ["yes", "no", "on", "2027-04-01", "0o17", "007", "1_000", "true"]
    assert read[8:] == [True, None, 1000.0, -2, 0.5, ".inf"]
    assert read_terms(TOY.replace("name: Toy", "name: 2027"), ToyDeal).name == "2027"


def test_a_text_may_run_over_several_lines() -> None:
    folded = TOY.replace("name: Toy", "name: >\n  a long\n  name")
    assert read_terms(folded, ToyDeal).name == "a long name"
    assert read_terms(TOY.replace("name: Toy", "name: a long\n  name"), ToyDeal).name == "a long name"
    assert read_terms(TOY.replace("name: Toy", "name: |\n  two\n  lines"), ToyDeal).name == "two\nlines"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "deal.yaml").write_text(TOY, encoding="utf-8-sig")
    assert read_terms(tmp_path / "deal.yaml", ToyDeal) == read_terms(TOY, ToyDeal)
    with pytest.raises(NotFoundError, match=r"There is no file .*dael\.yaml\. Did you mean .*deal\.yaml\?"):
        read_terms(tmp_path / "dael.yaml", ToyDeal)
    with pytest.raises(NotFoundError, match="There is no file"):
        read_terms(tmp_path / "nowhere" / "deal.yaml", ToyDeal)
    with pytest.raises(NotFoundError, match="There is no file"):
        read_terms(Path("de\0al.yaml"), ToyDeal)
    with pytest.raises(DealError, match=r"is a folder\. Name the file in it\."):
        read_terms(tmp_path, ToyDeal)
    (tmp_path / "latin.yaml").write_bytes("name: a\nprice: £5\n".encode("latin-1"))
    with pytest.raises(DealError, match=r"line 2 .*not UTF-8\. Save the file as UTF-8\."):
        read_terms(tmp_path / "latin.yaml", ToyDeal)
    (tmp_path / "large.yaml").write_bytes(b"#" * (LARGEST_FILE + 1))
    with pytest.raises(DealError, match="larger than 5 MB"):
        read_terms(tmp_path / "large.yaml", ToyDeal)


def test_terms_from_elsewhere_are_located_by_the_caller() -> None:
    def locate(place: Place) -> tuple[int, str]:
        return len(place), f"Sheet!{len(place)}"

    with pytest.raises(DealError) as caught:
        terms_from({"name": "a", "cohorts": [{"people": 1}], "payments": []}, ToyDeal, "deal.xlsx", locate)
    assert [found.place for found in caught.value.problems] == ["Sheet!1", "Sheet!3", "Sheet!3"]


def test_writing_is_canonical_and_reads_back() -> None:
    deal = read_terms(TOY, ToyDeal)
    written = write_yaml(deal)
    assert read_terms(written, ToyDeal) == deal
    assert write_yaml(read_terms(written, ToyDeal)) == written
    assert "  volume:\n    triangular: {low: 0.6, mode: 0.9, high: 1.05}\n" in written
    assert "cap: 8000000\n" in written
    assert "tiers" not in written


def test_the_hash_is_of_the_terms_not_of_the_file() -> None:
    deal = read_terms(TOY, ToyDeal)
    rewritten = TOY.replace("£14k", "14000.0").replace("10%", "0.1 # of the baseline").replace("name: Toy\n", "")
    assert deal_hash(read_terms(rewritten + "name: 'Toy'\nmeasure: frequency\n", ToyDeal)) == deal_hash(deal)
    assert deal_hash(read_terms(write_yaml(deal), ToyDeal)) == deal_hash(deal)
    assert deal_hash(read_terms(TOY.replace("£14k", "£14,001"), ToyDeal)) != deal_hash(deal)
    assert re.fullmatch("[0-9a-f]{64}", deal_hash(deal))


@pytest.mark.parametrize(
    "name", ["yes", "true", "~", "1.10", "0o17", "2027-04-01", "a: b", "# a", "a\nb", "a\x85b", "£"]
)
def test_texts_stay_text(name: str) -> None:
    deal = ToyDeal.model_validate({**plain(read_terms(TOY, ToyDeal)), "name": name, "labels": {name: name}})
    assert read_terms(write_yaml(deal), ToyDeal) == deal


TEXTS = st.text(min_size=1, max_size=30).filter(lambda text: text.strip() and not _unwritable(text))
NUMBERS = st.floats(0, 1e9).map(lambda number: number or 0.0)
SHARES = st.floats(0, 0.99)
BELIEFS = st.one_of(
    st.floats(-1, 1),
    st.fixed_dictionaries(
        {"normal": st.fixed_dictionaries({"mean": st.floats(-1, 1), "sd": st.floats(1e-3, 1)}), "source": TEXTS},
        optional={"base": st.floats(-1, 1), "note": TEXTS},
    ),
    st.fixed_dictionaries({"value": st.floats(-1, 1), "source": TEXTS}),
)
DEALS = st.fixed_dictionaries(
    {
        "name": TEXTS,
        "cohorts": st.lists(
            st.fixed_dictionaries(
                {
                    "name": TEXTS,
                    "people": st.integers(0, 10**6),
                    "start": st.builds(lambda y, m: f"{y}-{m:02d}", st.integers(1900, 2200), st.integers(1, 12)),
                }
            ),
            max_size=3,
        ),
        "payments": st.lists(
            st.one_of(
                st.fixed_dictionaries({"kind": st.just("tariff"), "price": NUMBERS}),
                st.fixed_dictionaries(
                    {"kind": st.just("threshold"), "price": NUMBERS, "threshold": SHARES},
                    optional={"cap": st.none() | NUMBERS, "tiers": st.lists(NUMBERS, max_size=3)},
                ),
            ),
            max_size=3,
        ),
        "assumptions": st.fixed_dictionaries(
            {
                "effect": BELIEFS
                | st.fixed_dictionaries({"by_cohort": st.dictionaries(TEXTS, BELIEFS, min_size=1, max_size=3)})
            }
        ),
    },
    optional={"real": st.booleans(), "labels": st.dictionaries(TEXTS, TEXTS, max_size=3)},
)


def _unwritable(text: str) -> bool:
    return any(0xD800 <= ord(character) <= 0xDFFF for character in text)


@given(DEALS)
def test_any_deal_is_read_back_as_it_was_written(data: dict[str, object]) -> None:
    deal = ToyDeal.model_validate(data)
    written = write_yaml(deal)
    again = read_terms(written, ToyDeal)
    assert again == deal
    assert deal_hash(again) == deal_hash(deal)
    assert ToyDeal.model_validate(plain(deal)) == deal


@given(st.text(alphabet=st.sampled_from("abc:-[]{}#&*!|>'\"%@`,?~ \n\t01.\\<\0\x85\u2028£"), max_size=60))
def test_no_text_gives_anything_but_our_own_errors(text: str) -> None:
    with pytest.raises(SibmodelError):
        read_terms(text, ToyDeal)


@given(st.integers(0, len(TOY)), st.integers(0, 12), st.text(alphabet=":-[]{}&*!|'\"%, \n\tab10£<~", max_size=6))
def test_no_slip_in_a_file_gives_anything_but_our_own_errors(start: int, length: int, instead: str) -> None:
    text = TOY[:start] + instead + TOY[start + length :]
    with suppress(SibmodelError):
        read_terms(text, ToyDeal)


JUNK = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "kind", "value", "normal", "by_cohort", "x", "mean", "sd"]), inner)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*ToyDeal.model_fields, "x"]), JUNK))
def test_no_value_gives_anything_but_our_own_errors(data: dict[str, object]) -> None:
    with pytest.raises(DealError) as caught:
        terms_from(data, ToyDeal, "junk")
    assert "accepted here" not in str(caught.value)
