"""The facts of a run for its cover: which deal, which version, which luck, and what the figures are not good for."""

from __future__ import annotations

from sibmodel import __version__
from sibmodel.results import Run
from sibmodel.views.common import Words
from sibmodel.views.sentences import sampler_words, stopped_words

PURPOSE = "Financial model of a social impact bond (also called a social outcomes partnership)"
LIMITS = Words(
    (
        "The base case is one course of events, not a forecast: read it beside the simulated range.",
        "Simulated figures hold only as far as the distributions on the sheet Inputs are right. Those marked "
        "“assumed” are judgement.",
        "Cash flows are nominal: tax and inflation are not in them, and benefits to the public stand apart, if at all.",
        "The number of months and the number of cohorts, tranches and providers are fixed: another structure needs "
        "a new export.",
    ),
    "What it is not good for",
)
CHANGE = Words(
    (
        "Change the blue cells on the sheet Inputs: every other figure of the base case follows at once.",
        "Simulated figures stay as they were exported; row 4 of each sheet says so when an input has changed.",
    ),
    "What may be changed",
)


def facts(run: Run) -> tuple[Words | tuple[tuple[str, str], ...], ...]:
    """What the cover says about the run, in its order."""
    deal, last = run.deal, run.deal.start.plus(run.deal.months - 1)
    return (
        (
            ("Deal", deal.name),
            ("What it is", deal.description or "not described"),
            ("Months", f"{deal.months}, from {deal.start} to {last}"),
            (
                "Simulation",
                f"{run.simulation.paths:,} paths, seed {run.simulation.seed}{sampler_words(run.simulation)}",
            ),
            *((("Its extent", stopped_words(run.simulation)),) if stopped_words(run.simulation) else ()),
            ("Made with", f"sibmodel {__version__}"),
            ("Deal's fingerprint", run.hash),
        ),
        CHANGE,
        LIMITS,
    )
