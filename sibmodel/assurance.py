"""Assurance: who stands behind a model, and how far its assumptions may be relied upon, as the Aqua Book asks.

The roles are those of HM Treasury's Aqua Book (https://www.gov.uk/guidance/the-aqua-book): who commissioned the
analysis, who did it, who assured it, who approved it. A rating says how good the evidence for an assumption is.
"""

from __future__ import annotations

from typing import Literal

from sibmodel.terms import Terms, part, text

Rating = Literal["green", "amber", "red"]
RATINGS: dict[Rating, str] = {
    "green": "published, reported, or a term of the deal as it stands",
    "amber": "derived, or a convention",
    "red": "judgement, without evidence",
}
"""What each rating means, from the best to the worst."""
RATING_OF_STATUS: dict[str, Rating] = {
    "published": "green",
    "as signed": "green",
    "as reported": "green",
    "derived": "amber",
    "convention": "amber",
    "assumed": "red",
}
"""The rating of an assumption that nobody has rated, by what its source says (assumed rule)."""


class Change(Terms):
    """An entry of the log of changes."""

    version: str = text("Version of the deal, such as 1.2", longest=40)
    date: str = text("The day, such as 2027-03-31", longest=40)
    who: str = text("Who changed it", longest=200)
    what: str = text("What was changed, and why", longest=1000)
    checked_by: str | None = text("Who checked it", default=None, longest=200)


class Assurance(Terms):
    """Who stands behind the model, what it is for, and what it must not be used for."""

    purpose: str | None = text("The decision that the model is for", default=None, longest=1000)
    commissioner: str | None = text("Who asked for the analysis and uses it", default=None, longest=200)
    analyst: str | None = text("Who did the analysis", default=None, longest=200)
    assurer: str | None = text("Who assured its quality, and did not do it", default=None, longest=200)
    approver: str | None = text("Who approved it for use", default=None, longest=200)
    owners: dict[str, str] = part(
        "Who answers for a term or a belief, by its path or that of a part around it", default={}
    )
    ratings: dict[str, Rating] = part(
        "How good the evidence is, by path: green, amber or red; by the kind of source unless told", default={}
    )
    limits: tuple[str, ...] = part("What the figures must not be used for, a sentence each", default=())
    changes: tuple[Change, ...] = part("What was changed from version to version, the newest first", default=())
