"""Pages for outcome payers alone, without what is private to investors and providers: who bears what, assurance, and
how the pages are read."""

from __future__ import annotations

from collections.abc import Callable

from sibmodel.results import Run
from sibmodel.simulation import PAYMENT, chance_of, summary_of
from sibmodel.views.assurance import assurance
from sibmodel.views.bearing import TITLE, of_payer, table_of
from sibmodel.views.caps import cap_of
from sibmodel.views.common import Table, View, Words
from sibmodel.views.guide import GLOSSARY, NAME
from sibmodel.views.sentences import of_a_hundred
from sibmodel.words import money

OF_PAYERS = ("Chance of outcome payment", "Mean outcome payments")
"""Headline figures that are payers' own."""
OF_THE_MODEL = ("Corkscrew", "Replay")
"""Words that only the workbook of the model needs."""
READ = Words(
    (
        "Start with the Commissioner view: the first sentence is the answer, the tables below are its grounds.",
        "Value for money holds the bill by year, what a true outcome costs, and what it is worth. Error rates say how "
        "often payment is made for nothing, and missed for something that works.",
        "Base case: one course of events, in which everything goes as planned. Simulated: many courses, drawn from "
        "what is believed. Decide by the range, not by the base case.",
        "P5, P50, P95: 5, 50 and 95 in 100 paths are at or below the figure. A figure after ± is the simulation's own "
        "error, which more paths would make smaller.",
        "All pages are values: nothing moves when a cell is changed. Ask for another run to see other terms.",
    ),
    "How to read these pages",
)


def bearing_of_payers(run: Run) -> View:
    """What each outcome payer may expect, and how much more it may be; what happens where nothing is paid."""
    payers = {f"{payer}: payments": of_payer(run, payer) for payer in run.model.commissioning.by_payer}
    ranked = sorted(payers.items(), key=lambda item: item[1][0] - item[1][2], reverse=True)
    return View(
        TITLE, "What falls to outcome payers, and what they do not bear.", (Words(_sentences(run)), table_of(ranked))
    )


def _sentences(run: Run) -> tuple[str, ...]:
    paid, bill, most = chance_of(run.simulation, PAYMENT), summary_of(run.simulation, "payments"), cap_of(run.deal)
    limit = "there is no cap on it" if most is None else f"it cannot exceed {money(most)}, its cap"
    return (
        f"Outcome payers bear the bill: {money(bill.mean)} (± {money(bill.error)}) on average, {money(bill.p95)} or "
        f"less in 95 of 100 paths; {limit}.",
        f"In {of_a_hundred(1.0 - paid.value)} of 100 paths nothing is paid for results: then those who advanced the "
        "money, or the providers, have borne the cost of the service.",
        "Outcome payers keep the risk of paying for luck: the page Error rates says how often. A service that works "
        f"better than planned costs them more{'' if most is None else ', up to the cap'}.",
        "What investors and providers may gain or lose is private to them, and not in this file.",
    )


def assurance_of_payers(run: Run, sees: Callable[[str], bool]) -> View:
    """The assurance of what payers are shown. `sees` says of a path in the deal whether they are."""
    return assurance(run, sees, OF_PAYERS)


def guide_of_payers() -> View:
    """How the pages are read, and the words of the field."""
    rows = tuple(row for row in GLOSSARY if row[0] not in OF_THE_MODEL)
    words = Table("Words of the field", ("Word", "What it means"), rows)
    return View(NAME, "How to read these pages, and the words of the field.", (READ, words), kind="control")
