"""Whole deals: what a user may get wrong, told by line, field, what was found and what to do instead."""

from __future__ import annotations

from typing import Any

import pytest

from sibmodel.deal import Deal
from sibmodel.deals import examples
from sibmodel.errors import DealError, NotFoundError
from sibmodel.files import deal_hash, read_terms, write_yaml
from sibmodel.lines import evaluate
from sibmodel.model import build
from tests.deals import SMALL, data, deal_of, small


def told(text: str) -> list[str]:
    """The problems of a deal file, each as `place  path  message fix`."""
    with pytest.raises(DealError) as caught:
        read_terms(text, Deal, "deal.yaml")
    assert str(caught.value).startswith(f"deal.yaml has {len(caught.value.problems)} problem")
    assert "Nothing was run." in str(caught.value)
    return [f"{one.place}  {one.path}  {one.message} {one.fix}".rstrip() for one in caught.value.problems]


def wrong(*changes: tuple[str, str]) -> list[str]:
    """The problems of the small deal with a text in the place of another."""
    text = SMALL
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return told(text)


def refused(**plain: Any) -> list[str]:
    """The problems of the small deal with other parts, without their lines."""
    return refused_data({**data(), **plain})


def refused_data(plain: dict[str, Any]) -> list[str]:
    with pytest.raises(DealError) as caught:
        deal_of(plain)
    return [f"{one.path}  {one.message} {one.fix}".rstrip() for one in caught.value.problems]


def test_the_small_deal_is_right() -> None:
    read_terms(SMALL, Deal)


# ── slips of the pen ───────────────────────────────────────────────────────────────────────────


def test_a_misspelt_key() -> None:
    assert wrong(("    threshold: 10%", "    treshold: 10%")) == [
        'line 22  payments[0].treshold  is not a field of "threshold". Did you mean "threshold"?'
    ]


def test_a_misspelt_part() -> None:
    assert wrong(("measurement: [{kind", "mesurement: [{kind")) == [
        'line 14  mesurement  is not a field of this file. Did you mean "measurement"?'
    ]


def test_a_percentage_without_its_sign() -> None:
    assert wrong(("threshold: 10%", "threshold: 10")) == [
        "line 22  payments[0].threshold  10 is not a share between 0 and 1. For 10 % write 0.10 or 10%."
    ]


def test_an_effect_in_per_cent() -> None:
    assert wrong(("effect: 12%", "effect: 12")) == [
        "line 43  assumptions.effect  12 is not a share between -5 and 1. For 12 % write 0.12 or 12%."
    ]


def test_a_month_that_does_not_exist() -> None:
    assert wrong(("start: 2027-01\nmonths", "start: 2027-13\nmonths")) == [
        "line 2  start  2027-13 is not a month: there is no month 13. Write 01 to 12."
    ]


def test_a_day_that_does_not_exist() -> None:
    assert wrong(("start: 2027-01\nmonths", "start: 2027-02-30\nmonths")) == [
        "line 2  start  2027-02-30 is not a real date: 2027-02 has no day 30. Write the month alone: 2027-02."
    ]


def test_a_negative_number_of_people() -> None:
    assert wrong(("    people: 500", "    people: -500")) == [
        "line 10  cohorts[1].people  -500 is not a number of people of 1 or more."
    ]


def test_a_negative_commitment() -> None:
    assert wrong(("commitment: 500000}", "commitment: -500000}")) == [
        "line 34  funding.tranches[1].commitment  -500000 is not an amount of money of £0 or more."
    ]


def test_half_a_person_and_half_a_month() -> None:
    assert wrong(("    people: 500", "    people: 500.5"), ("months: 72", "months: 72.5")) == [
        "line 3  months  72.5 is not a whole number. Write a number of months like 24.",
        "line 10  cohorts[1].people  500.5 is not a whole number. Write a number of people like 1000.",
    ]


def test_a_kind_that_there_is_not() -> None:
    assert wrong(("    - {kind: principal, tranches: [Senior]}", "    - {kind: principle, tranches: [Senior]}")) == [
        'line 38  funding.waterfall[2].kind  "principle" is not one of: costs, interest, principal, reserve, '
        'surplus, surplus to, to main account. Did you mean "principal"?'
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing but words\n", "---\n"])
def test_an_empty_file(text: str) -> None:
    with pytest.raises(DealError) as caught:
        read_terms(text, Deal, "deal.yaml")
    (problem,) = caught.value.problems
    assert (problem.place, problem.path) == ("line 1", "")
    assert "empty" in problem.message


def test_a_missing_part() -> None:
    assert wrong(("  dispersion: 0.693\n", "")) == [
        'line 41  assumptions.dispersion  is missing: "Reconviction events" needs it. Add it: Shape of the negative '
        "binomial count of events a person; the smaller, the noisier (shape)."
    ]


def test_an_assumption_without_a_number() -> None:
    found = wrong(("effect: 12%", "effect: {normal: {mean: 12%}}"))
    assert found == ["line 43  assumptions.effect.normal.sd  is missing. Add it: Standard deviation."]


def test_a_term_that_was_signed_is_no_belief() -> None:
    assert wrong(("price: 10000", "price: {normal: {mean: 10000, sd: 500}}")) == [
        "line 21  payments[0].price  a group of fields is not an amount of money. "
        "Write it like 12500, £12,500 or £1.2m."
    ]


# ── parts that do not fit each other ───────────────────────────────────────────────────────────


def test_all_faults_between_parts_are_told_at_once() -> None:
    assert wrong(
        ("  - name: Second", "  - name: First"),
        ("{name: Fund, share: 40%}", "{name: Fund, share: 50%}"),
        ("    - {kind: surplus, tranches: [Junior]}", "    - {kind: surplus, tranches: [Juniors]}"),
    ) == [
        'line 4  cohorts  2 of the cohorts are named "First". Give each a name of its own.',
        "line 18  payments[0].payers  The payers' shares add up to 1.1, not to 1. Write shares that add up to 100 %.",
        'line 40  funding.waterfall[4].tranches[0]  "Juniors" is not a tranche of this deal. Did you mean "Junior"?',
    ]


def test_a_tranche_that_the_waterfall_does_not_know() -> None:
    assert wrong(("    - {kind: principal, tranches: [Senior]}", "    - {kind: principal, tranches: [Snior]}")) == [
        'line 35  funding.waterfall  No step repays the principal of "Senior". Add a step of kind principal for it.',
        'line 38  funding.waterfall[2].tranches[0]  "Snior" is not a tranche of this deal. Did you mean "Senior"?',
    ]


def test_a_tranche_missing_from_the_waterfall() -> None:
    assert wrong(("    - {kind: principal, tranches: [Junior]}\n", "")) == [
        'line 35  funding.waterfall  No step repays the principal of "Junior". Add a step of kind principal for it.'
    ]


def test_a_coupon_that_no_step_pays() -> None:
    assert wrong(("    - {kind: interest, tranches: [Senior]}\n", "")) == [
        'line 33  funding.tranches[0].coupon  No step of the waterfall pays the interest of "Senior". '
        "Add a step of kind interest for it."
    ]


def test_a_waterfall_without_costs() -> None:
    assert wrong(("    - kind: costs\n", "")) == [
        "line 35  funding.waterfall  It has no step of kind costs, and needs one. "
        "Add `- kind: costs`, as a rule as the first step."
    ]


def test_a_waterfall_with_costs_twice() -> None:
    assert wrong(("    - kind: costs\n", "    - kind: costs\n    - kind: costs\n")) == [
        "line 35  funding.waterfall  It has 2 steps of kind costs, and needs one. Keep one of them."
    ]


def test_a_step_after_the_surplus() -> None:
    funding = data()["funding"]
    steps = funding["waterfall"]
    funding["waterfall"] = [*steps[:3], steps[4], steps[3]]
    assert refused(funding=funding) == [
        "funding.waterfall[4]  This step, principal, comes after the surplus, which leaves nothing. Put it before."
    ]


def test_a_tranche_twice_in_a_step_and_a_step_without_any() -> None:
    assert wrong(
        ("    - {kind: principal, tranches: [Senior]}", "    - {kind: principal, tranches: [Senior, Senior]}"),
        ("    - {kind: surplus, tranches: [Junior]}", "    - {kind: surplus, tranches: []}"),
    ) == [
        'line 38  funding.waterfall[2].tranches  "Senior" is listed 2 times. List it once.',
        "line 40  funding.waterfall[4].tranches  There are no tranches. Name at least one.",
    ]


def test_an_unknown_cohort_among_beliefs() -> None:
    assert wrong(("effect: 12%", "effect: {by_cohort: {First: 12%, Secund: 8%}}")) == [
        'line 43  assumptions.effect.by_cohort.Secund  "Secund" is not a cohort of this deal. Did you mean "Second"?',
        'line 43  assumptions.effect.by_cohort  There is nothing for the cohort "Second". Add it.',
    ]


def test_an_unknown_cohort_of_a_provider() -> None:
    assert wrong(("    per_start: 300", "    per_start: 300\n    cohorts: [Third]")) == [
        'line 30  providers[0].cohorts[0]  "Third" is not a cohort of this deal. There are: First, Second.'
    ]


def test_a_provider_of_no_cohort() -> None:
    assert wrong(("    per_start: 300", "    per_start: 300\n    cohorts: []")) == [
        'line 30  providers[0].cohorts  "Charity" serves no cohort. Name its cohorts, or leave this out for all.'
    ]


def test_payers_shares_that_do_not_add_up() -> None:
    assert wrong(("{name: Fund, share: 40%}", "{name: Fund, share: 30%}")) == [
        "line 18  payments[0].payers  The payers' shares add up to 0.9, not to 1. Write shares that add up to 100 %."
    ]


def test_a_third_is_a_third() -> None:
    """A share may be as exact as it likes: thirds to four digits add up to 1, or not."""
    thirds = [{"name": name, "share": share} for name, share in zip("ABC", ("33.33%", "33.33%", "33.33%"), strict=True)]
    plain = data()
    plain["payments"][0]["payers"] = thirds
    assert refused_data(plain) == [
        "payments[0].payers  The payers' shares add up to 0.9999, not to 1. Write shares that add up to 100 %."
    ]
    thirds[2]["share"] = "33.34%"
    assert len(deal_of(plain).payments[0].payers) == 3


def test_a_payment_that_nobody_pays() -> None:
    plain = data()
    plain["payments"][0]["payers"] = []
    assert refused_data(plain) == ["payments[0].payers  There are no payers. A payment needs at least one."]


def test_two_payers_of_one_name() -> None:
    assert wrong(("{name: Fund, share: 40%}", "{name: Ministry, share: 40%}")) == [
        'line 18  payments[0].payers  2 of the payers are named "Ministry". Give each a name of its own.'
    ]


@pytest.mark.parametrize("part", ["cohorts", "payments", "providers"])
def test_a_deal_without_any(part: str) -> None:
    problems = refused(**{part: []})
    assert f"{part}  There are no {part}. A deal needs at least one." in problems


def test_a_deal_without_capital() -> None:
    plain = data()
    plain["funding"].update(tranches=[], waterfall=[{"kind": "costs"}])
    assert refused_data(plain) == ["funding.tranches  There are no tranches. A deal needs at least one."]


# ── dates ──────────────────────────────────────────────────────────────────────────────────────


def test_a_cohort_after_the_end() -> None:
    assert wrong(("months: 72", "months: 20")) == [
        "line 11  cohorts[1].referrals.start  The cohort closes in 2029-01, after the deal ends, 2028-08. "
        "Give the deal more months."
    ]


def test_a_cohort_before_the_start() -> None:
    assert wrong(("{start: 2027-04, months: 10}", "{start: 2026-12, months: 10}")) == [
        "line 7  cohorts[0].referrals.start  2026-12 is before the deal starts, 2027-01. Start the deal earlier."
    ]


@pytest.mark.parametrize("start", ["2026-12", "2033-01", "2032-11"])
def test_mobilisation_outside_the_deal(start: str) -> None:
    """The last begins in time and would be cut off."""
    (problem,) = wrong(("cost: 60000, start: 2027-01", f"cost: 60000, start: {start}"))
    assert problem.startswith(f"line 27  providers[0].mobilisation.start  Mobilisation, {start} to ")
    assert problem.endswith(" is not all inside the deal, 2027-01 to 2032-12. Move it, or the deal's start or end.")


def test_distributions_after_the_end() -> None:
    assert wrong(("  vehicle: Vehicle", "  vehicle: Vehicle\n  distributions_from: 2033-01")) == [
        "line 32  funding.distributions_from  2033-01 is after the deal ends, 2032-12, "
        "so investors would never be paid. Write an earlier month, or leave it out."
    ]


# ── parties and names ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"intermediary": {"name": "Vehicle"}},
            'intermediary.name  "Vehicle" is the name of the vehicle and of the intermediary.',
        ),
        (
            {"intermediary": {"name": "Charity"}},
            'intermediary.name  "Charity" is the name of a provider and of the intermediary.',
        ),
        (
            {"intermediary": {"name": "Office"}, "assessor": {"name": "Office"}},
            'assessor.name  "Office" is the name of the intermediary and of the assessor.',
        ),
        (
            {"assessor": {"name": "Staff and suppliers"}},
            'assessor.name  "Staff and suppliers" is the name of the world outside and of the assessor.',
        ),
    ],
)
def test_two_parties_of_one_name(changes: dict[str, Any], problem: str) -> None:
    assert refused(**changes) == [f"{problem} Give one of them another name."]


def test_an_investor_named_as_a_provider_or_the_vehicle() -> None:
    assert wrong(("investor: Bank", "investor: Charity")) == [
        'line 33  funding.tranches[0].investor  "Charity" is the name of a provider and of an investor. '
        "Give one of them another name."
    ]
    assert wrong(("{name: Junior, investor: Foundation,", "{name: Junior, investor: Vehicle,")) == [
        'line 34  funding.tranches[1].investor  "Vehicle" is the name of the vehicle and of an investor. '
        "Give one of them another name."
    ]


def test_a_payer_named_as_the_vehicle() -> None:
    assert wrong(("{name: Fund, share: 40%}", "{name: Vehicle, share: 40%}")) == [
        'line 20  payments[0].payers[1].name  "Vehicle" is the name of the vehicle and of an outcome payer. '
        "Give one of them another name."
    ]


@pytest.mark.parametrize(
    ("party", "problem"),
    [
        ("Vehicle", "The vehicle cannot pay its surplus to itself. Name another party."),
        (
            "Bank",
            '"Bank" is an investor: this way the surplus would not count in its return. '
            "Write a step of kind surplus, with its tranches.",
        ),
    ],
)
def test_a_surplus_to_the_wrong_party(party: str, problem: str) -> None:
    surplus = ("    - {kind: surplus, tranches: [Junior]}", f"    - {{kind: surplus to, party: {party}}}")
    assert wrong(surplus) == [f"line 40  funding.waterfall[4].party  {problem}"]


@pytest.mark.parametrize("name", ["pool", "pooled"])
def test_a_cohort_named_as_the_pool(name: str) -> None:
    assert wrong(("  - name: Second", f"  - name: {name}")) == [
        f'line 9  cohorts[1].name  "{name}" is what the cohorts together are called. Give it another name.'
    ]


def test_a_tranche_named_as_all_of_them() -> None:
    funding = data()["funding"]
    funding["tranches"] = [{"name": "All investors", "commitment": 1000}]
    funding["waterfall"] = [{"kind": "costs"}, {"kind": "principal", "tranches": ["All investors"]}]
    assert refused(funding=funding) == [
        'funding.tranches[0].name  "All investors" is what the tranches together are called. Give it another name.'
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"payments[0].payers[1].name": "Foundation"},  # pays for outcomes and invests
        {"payments[0].payers[1].name": "Charity"},
        {"funding.tranches[1].investor": "Bank"},  # holds both tranches
        {"intermediary": {"name": "Bank"}},
        {"funding.tranches[0].name": "Vehicle"},  # a tranche is no party where it names its investor
        {"cohorts[0].name": "Charity"},
        {"payments[0].name": "Senior"},
    ],
    ids=str,
)
def test_names_that_may_be_shared(changes: dict[str, Any]) -> None:
    """The model can be built and calculated, and money still goes from somewhere to somewhere."""
    plain = data()
    if "funding.tranches[0].name" in changes:
        plain["funding"]["tranches"][0]["name"] = "Vehicle"
        for step in plain["funding"]["waterfall"][1:3]:
            step["tranches"] = ["Vehicle"]
        deal = deal_of(plain)
    elif "intermediary" in changes:
        deal = deal_of({**plain, **changes})
    else:
        deal = small(changes)
    model = build(deal)
    values = evaluate(model.book.lines, model.book.periods)
    assert abs(values.row(model.flows.net)).max() < 1e-6


# ── replacing, writing, reading ────────────────────────────────────────────────────────────────


def test_a_change_is_checked_with_the_whole() -> None:
    deal = small()
    assert deal.replace("payments[0].price", "£12,500").payments[0].price == 12_500
    with pytest.raises(DealError, match="is not a tranche of this deal"):
        deal.replace("funding.waterfall[1].tranches[0]", "Mezzanine")
    with pytest.raises(NotFoundError, match='There is no "prise" in payments'):
        deal.replace("payments[0].prise", 1)


def test_a_discount_rate_of_minus_100_per_cent_is_no_rate() -> None:
    """Money would be worth infinitely much later."""
    with pytest.raises(DealError, match=r"-1 is not a yearly rate between -0\.99 and 1"):
        small({"assumptions.investor_discount_rate": -1})


@pytest.mark.parametrize("name", ["small", *(one.name for one in examples())])
def test_a_deal_written_and_read_again_is_the_same(name: str) -> None:
    deal = small() if name == "small" else next(one.deal() for one in examples() if one.name == name)
    again = read_terms(write_yaml(deal), Deal)
    assert again == deal
    assert deal_hash(again) == deal_hash(deal)
