"""The provider's view and the consortium's."""

from __future__ import annotations

import pytest

from sibmodel.results import Run, run
from sibmodel.views import every_view
from sibmodel.views.common import Constant, Figure, View, Words
from sibmodel.views.provider import sheet_names
from sibmodel.views.summary import summary
from tests.deals import data, deal_of
from tests.providers.made import deal_with


@pytest.fixture(scope="module")
def made() -> Run:
    lead = {"name": "Lead", "fixed_per_month": 10_000, "opening_cash": 50_000, "reserves": 45_000}
    sub = {
        "name": "Women's centre",
        "fixed_per_month": 4_000,
        "paid_by": "Lead",
        "payment_days": 60,
        "opening_cash": 5_000,
    }
    return run(deal_with(lead, sub, cost_overrun={"normal": {"mean": 0, "sd": 0.05}}), 300)


@pytest.fixture(scope="module")
def views(made: Run) -> dict[str, View]:
    return {view.name: view for view in every_view(made)}


def said(view: View) -> str:
    words = view.blocks[0]
    assert isinstance(words, Words)
    return " ".join(words.sentences)


def test_there_is_a_view_for_each_provider_and_one_for_all(views: dict[str, View]) -> None:
    assert [name for name in views if name.startswith("Cash, ")] == ["Cash, Lead", "Cash, Women’s centre"]
    assert "Consortium" in views


def test_one_provider_is_no_consortium() -> None:
    names = [view.name for view in every_view(run(deal_of(data()), 20))]
    assert "Consortium" not in names
    assert "Cash, Charity" in names


def test_it_says_when_cash_runs_out_and_how_much_is_lacking(views: dict[str, View]) -> None:
    """Two months of £4,000 before the first payment, and £5,000 in hand: short in the second month of service."""
    words = said(views["Cash, Women’s centre"])
    assert "runs out of cash in 2027-05; it lacks most, £3,000, in 2027-05" in words
    assert "Lead pays it" in words
    together = said(views["Consortium"])
    assert "1 of 2 providers runs out of cash: Women's centre from 2027-05, by up to £3,000 in 2027-05." in together
    assert "Most likely to run out, in 100 repeats: Women's centre in 100" in together


def test_the_consortium_says_who_falls_below_the_reserves_policy(views: dict[str, View], made: Run) -> None:
    """The lead pays £4,000 to its subcontractor after 60 days, and is paid at once: it never falls below £45,000."""
    lead = made.model.provider_cash[0]
    assert lead.headroom is not None
    below = made.figure(lead.headroom) < 0
    assert ("falls below what the reserves policy asks: Lead." in said(views["Consortium"])) == below


def test_a_low_that_is_below_reserves_is_said(made: Run, views: dict[str, View]) -> None:
    shown = views["Cash, Lead"]
    table = next(one for one in shown.tables if one.title.startswith("What may go wrong"))
    risks = {row[0]: row[1] for row in table.rows}
    chance = risks["Chance of falling below the reserves policy"]
    assert isinstance(chance, Constant)
    assert chance.value == made.risks[0].below_reserves.value


def test_the_table_by_month_is_live(made: Run, views: dict[str, View]) -> None:
    table = next(one for one in views["Cash, Lead"].tables if one.title.startswith("Cash by month"))
    assert len(table.rows) == made.model.book.periods
    assert all(isinstance(cell, Figure) for row in table.rows for cell in row[:5])


def test_titles_of_tables_differ(views: dict[str, View]) -> None:
    titles = [table.title for view in views.values() for table in view.tables]
    assert len(titles) == len(set(titles))


def test_names_of_sheets_are_what_excel_takes() -> None:
    long = "The Very Long Name of a Charity in the North"
    names = sheet_names([long, long.upper(), "A/B: [C]*?", "Women's", "x" * 40, "x" * 40])
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)
    assert names[0] == "Cash, The Very Long Name of a C"


def test_the_screen_shows_several_providers_with_their_chances(made: Run) -> None:
    lines = summary(made).splitlines()
    row = next(line for line in lines if line.strip().startswith("Women's centre"))
    assert row.split()[2:6] == ["£108,000", "£0", "−£3,000", "2027-05"]
    assert row.endswith("of paths")
