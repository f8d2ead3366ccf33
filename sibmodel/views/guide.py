"""The guide: how the workbook is used and read, and the words of the field."""

from __future__ import annotations

from sibmodel.results import Run
from sibmodel.views.common import Table, View, Words

NAME = "Guide"

USE = Words(
    (
        "1. Read the Investor view or the Commissioner view first. Titles of charts say what was found in the "
        "simulation.",
        "2. Change a blue cell on the sheet Inputs. Every figure called base case, in use now or total follows at "
        "once.",
        "3. Choose a scenario on the sheet Scenarios: it goes through the whole book. The last blue column there "
        "is yours: "
        "fill in what differs, leave the rest blank, and choose “User's own”.",
        "4. Choose a path on the sheet Paths: what was drawn in it goes through the whole book, and the sheet "
        "Checks says "
        "how far its figures are from the simulation's. Set it back to “Base case” when you are done.",
        "5. Look at row 3 of any sheet: it says whether all checks hold. Row 4 says which case is shown, and whether "
        "inputs have changed since the export.",
        "6. For another structure (months, cohorts, tranches, providers, kinds of payment) change the deal file "
        "and export "
        "again: sibmodel run FILE.",
    ),
    "How to use it",
)
READ = Words(
    (
        "Inputs, calculations and outputs stand apart: orange, grey and blue tabs. Black tabs are about the book "
        "itself.",
        "On a sheet of calculations each row is one line: its name, unit, what it is, its total or value, then a "
        "column a "
        "month. The formula is the same in every month; column E is blank, so that the first month needs no other.",
        "Sheets are calculated in their order. Only the choice of a scenario or a path looks ahead: column G of Inputs "
        "reads the sheets Scenarios and Paths.",
        "A transfer is positive from payer to payee. In a party's cash flow, money in is positive. Balances are "
        "opening, "
        "plus, less, closing.",
        "Simulated figures are values of the export: they do not move. Each has its error, or a range of which the "
        "note "
        "below it speaks.",
        "Sheets are protected without a password, so that no formula is lost by a slip: Review, Unprotect sheet.",
        "Calculations are printed without their months, and pages without long tables at their end: to print "
        "these, clear the print area; a page then has 12 "
        "months.",
    ),
    "How to read it",
)
KEY = (
    ("Blue on light blue", "An input: you may change it."),
    ("Black", "A formula, or on outputs a figure of the simulation."),
    ("Grey", "A value or a text of the export, for comparison."),
    ("Green behind a sentence or “holds”", "All is well: the words say so too."),
    ("Orange behind a sentence or “fails”", "Something fails, or is not as exported: the words say so too."),
    ("Dark blue in charts", "Money to investors, or the base case."),
    ("Orange in charts", "Loss, or what is put in."),
    ("Dark pink in charts", "All lost."),
    ("Grey in charts", "What something is measured against: a middle, a 95th percentile."),
)
GLOSSARY = (
    ("Base case", "One course of events, in which everything goes as the deal file says. Not a forecast."),
    ("Cap", "The most that is paid, for one payment, one payer or all together."),
    ("Cohort", "People whose outcomes are measured together."),
    ("Commitment", "What an investor has promised to put in when it is called."),
    ("Comparison group", "People who had no service, against whom the effect is measured."),
    ("Corkscrew", "A balance over time: opening, additions, reductions, closing."),
    ("Drawdown", "Money called from investors as it is needed."),
    ("Expected shortfall", "The mean of the worst cases, here of the worst 5 in 100 paths."),
    ("IRR", "Rate of return a year at which what went in and what came back are worth the same. −100%: all lost."),
    ("Monte Carlo error", "How far a simulated figure may be off because the number of paths is limited."),
    ("MOIC", "Multiple of invested capital: what came back by what went in."),
    ("NPV", "Net present value: cash flows discounted to the start at the investors' rate."),
    ("Outcome payer", "Who pays for results: a commissioner, a ministry, an outcomes fund."),
    ("P5, P50, P95", "5, 50 and 95 in 100 paths are at or below this figure."),
    ("Paid effect", "The effect for which payment is made, after thresholds and caps."),
    ("Path", "One simulated course of events, counted from 1; its luck is the same whenever it is opened again."),
    ("Peak capital", "The most that investors have out at any time."),
    ("Reduction", "How much lower the measured rate is than without the service, relative to it."),
    ("Replay", "To put the drawn inputs of one path through the live formulas."),
    ("Social impact bond", "Investors fund a service, and outcome payers pay if it works."),
    ("Threshold", "The effect below which nothing is paid."),
    ("Tranche", "A part of the capital with its own terms and its own place in the waterfall."),
    ("True effect", "What the service really changes, which nobody sees; measured effect: what the assessor finds."),
    ("Vehicle", "The company through which all money of the bond goes."),
    ("Waterfall", "The order in which money is used: bills, interest, principal, surplus."),
)  # fmt: skip


def guide(_run: Run) -> View:
    """The guide, the same for every deal."""
    return View(
        NAME,
        "How to use and read this workbook, and the words of the field.",
        (
            USE,
            READ,
            Table("Colours", ("Colour", "What it says"), KEY),
            Table("Words of the field", ("Word", "What it means"), GLOSSARY),
        ),
        kind="control",
    )
