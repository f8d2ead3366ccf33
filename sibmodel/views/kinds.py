"""Figures of a kind in words."""

from __future__ import annotations

from textwrap import wrap

from sibmodel.views.common import Kind
from sibmodel.words import money, months, number, percent, times


def shown(value: float, kind: Kind, places: int = 1) -> str:
    """A figure of a kind in words."""
    if kind == "money":
        return money(value)
    if kind in ("share", "rate"):
        return percent(value, places)
    if kind == "multiple":
        return times(value)
    if kind == "months":
        return months(value)
    return number(value, 0 if abs(value) >= 100 else 2 if abs(value) >= 1 else 3)


def kind_of_unit(unit: str) -> Kind:
    """How a number of a unit is shown."""
    if unit.startswith("£"):
        return "money"
    if unit.startswith("share"):
        return "share"
    return "months" if unit == "months" else "number"


UNITS = {"money": "£", "share": "%", "rate": "% a year", "multiple": "times", "months": "months", "count": "number"}
"""Units of figures, by their kind."""
SHORT = {"npv": "NPV", "irr": "IRR", "moic": "MOIC"}


def titled(asked: str) -> str:
    """What is asked, as a title has it: `mean npv` is Mean NPV, `P(loss)` is Chance of loss."""
    return capital(spelt(asked))


def spelt(asked: str) -> str:
    """What is asked, with its abbreviations as they are printed: `mean npv` is mean NPV, `P(loss)` chance of loss."""
    chance = asked.startswith("P(") and asked.endswith(")")
    words = " ".join(SHORT.get(word, word) for word in (asked[2:-1] if chance else asked).split(" "))
    return f"chance of {words}" if chance else words


def wanted(target: str, sense: str) -> str:
    """A target for readers: `P(loss) <= 20%` is chance of loss of at most 20%."""
    figure, _, goal = target.rpartition(f" {sense} ")
    return f"{spelt(figure)} of {SENSES[sense]}{goal}"


SENSES = {"=": "", "<=": "at most ", ">=": "at least "}


def capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


HELD = "\N{NO-BREAK SPACE}"
WIDTH = 98
"""Characters of a line on the screen."""


def paragraph(sentence: str) -> str:
    """A sentence on the screen, set in by two, its further lines by four; a figure stays with its error."""
    held = sentence.replace(" ± ", f"{HELD}±{HELD}").replace(" million", f"{HELD}million")
    lines = wrap(held, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
    return "\n".join(lines).replace(HELD, " ")


def fine(kind: Kind) -> Kind:
    """The kind of a cell in which small differences count: shares with two decimals, and counts with theirs."""
    return "fine share" if kind in ("share", "rate") else "number" if kind == "count" else kind
