"""The words in which something is asked: `irr = 5%`, `mean npv = 0`, `p95 bill <= £6m`, `P(loss) <= 20%`.

A question is a figure of the base case (`irr`), a statistic of a figure over the paths (`mean`, `p95`, `worst 5%`), or
the chance of an event (`P(...)`). A target is a question, a sign and a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

import numpy as np
from pydantic_core import PydanticCustomError

from sibmodel.analysis.asking.figures import Event, Figure, Kind, Values, events, figures
from sibmodel.analysis.estimates import BASE, CHANCE, MEAN, Statistic
from sibmodel.errors import NotFoundError
from sibmodel.model import Model
from sibmodel.quantities import NUMBER, Quantity

Sense = Literal["=", ">=", "<="]
_SIGN = re.compile(r"\s*(>=|=>|≥|<=|=<|≤|==|=|>|<|\bat least\b|\bat most\b)\s*")
_SENSES: dict[str, Sense] = {
    ">=": ">=", "=>": ">=", "≥": ">=", ">": ">=", "at least": ">=",
    "<=": "<=", "=<": "<=", "≤": "<=", "<": "<=", "at most": "<=", "=": "=", "==": "=",
}  # fmt: skip
_CHANCE = re.compile(r"^(?:p|chance|probability)\s*(?:of\s*)?\((?P<event>.*)\)$", re.IGNORECASE)
_STATISTIC = re.compile(
    r"^(?P<name>base case|base|mean|expected|average|median|p\s?(?P<level>\d{1,2}(?:\.\d+)?)"
    r"|worst\s+(?P<worst>\d{1,2}(?:\.\d+)?)\s?%)\s+(?:of\s+)?",
    re.IGNORECASE,
)
_SAME = (("outcome payments", "payments"), ("expected bill", "mean payments"), ("bill", "payments"))
_OF_ALL = re.compile(r"^(?:all )?(?:the )?(?:investors?|providers?|commissioners?)['’]?s? (?=irr|npv|moic|invested|"
                     r"received|payback|peak capital|margin|payments)")  # fmt: skip
EXAMPLES = '"irr = 5%", "mean npv = 0", "p95 bill <= £6m", "P(irr >= 5%) >= 80%" or "P(loss) <= 20%"'

UNITS: dict[Kind, Quantity] = {
    "money": Quantity("an amount of money", "GBP", "12500, £12,500 or £1.2m", takes_pounds=True),
    "share": Quantity("a share", "share", "0.10 or 10%", takes_percent=True),
    "rate": Quantity("a yearly rate", "share a year", "0.05 or 5%", takes_percent=True),
    "multiple": NUMBER,
    "months": Quantity("a number of months", "months", "24"),
    "count": NUMBER,
}


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked: a statistic of a figure or of an event."""

    text: str
    statistic: Statistic
    of: Figure | Event

    @property
    def kind(self) -> Kind:
        """How its answer is written."""
        return self.of.kind if isinstance(self.of, Figure) else "share"

    @property
    def simulated(self) -> bool:
        """Whether it takes a simulation."""
        return self.statistic.name != "base"


@dataclass(frozen=True, eq=False)
class Target:
    """What is wanted of the answer to a question."""

    question: Question
    sense: Sense
    goal: float

    @property
    def text(self) -> str:
        """The target as it was written, its spaces set right."""
        return self.question.text

    def met_by(self, value: float, allowance: float = 0.0) -> bool:
        """Whether a value reaches the goal, within an allowance."""
        if self.sense == ">=":
            return value >= self.goal - allowance
        if self.sense == "<=":
            return value <= self.goal + allowance
        return abs(value - self.goal) <= allowance


def read_target(text: str, model: Model) -> Target:
    """A target in words. Raises NotFoundError, with what can be asked, for words that mean none."""
    what, sense, value = _parted(text)
    question = read_question(what, model)
    return Target(
        Question(f"{question.text} {sense} {value}", question.statistic, question.of),
        sense,
        _number(value, question.kind, text),
    )


def read_question(text: str, model: Model) -> Question:
    """A question in words. Raises NotFoundError, with what can be asked, for words that mean none."""
    words = " ".join(text.split())
    chance = _CHANCE.match(words)
    if chance is not None:
        return Question(words, CHANCE, _event(chance["event"].strip(), model))
    plain = _usual(words)
    found = _STATISTIC.match(plain)
    statistic = BASE if found is None else _statistic(found)
    name = plain if found is None else plain[found.end() :]
    figure = _figure(_usual(name), model)
    if statistic == MEAN and figure.kind == "rate":
        raise NotFoundError(
            f'A mean of rates of return is the return of nothing. Instead of "{words}", ask for '
            f'"median {figure.name}", "mean {figure.name.replace("irr", "npv")}" or "P({figure.name} >= 5%)".'
        )
    return Question(words, statistic, figure)


def _usual(text: str) -> str:
    """Words in small letters, with the names that figures have here."""
    plain = text.lower().strip()
    for other, name in _SAME:
        if plain == other or plain.endswith(f" {other}") or plain.startswith(f"{other} in "):
            plain = plain.replace(other, name)
    return _OF_ALL.sub("", plain)


def _statistic(found: re.Match[str]) -> Statistic:
    name = found["name"].lower()
    if name in ("mean", "expected", "average"):
        return MEAN
    if name == "median":
        return Statistic("percentile", 0.5)
    if found["level"] is not None:
        return Statistic("percentile", float(found["level"]) / 100)
    if found["worst"] is not None:
        return Statistic("worst", float(found["worst"]) / 100)
    return BASE


def _parted(text: str) -> tuple[str, Sense, str]:
    """What is asked, the sign, and the value: the last sign that stands in no brackets."""
    depth, place = 0, None
    opened = []
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        opened.append(depth)
    for found in _SIGN.finditer(text):
        if opened[found.start()] == 0 and found.start() > 0:
            place = found
    if place is None or not text[place.end() :].strip():
        raise NotFoundError(f'"{text}" is not a target: it needs a sign and a value. Write it like {EXAMPLES}.')
    return text[: place.start()], _SENSES[place[1].lower()], text[place.end() :].strip()


def _number(text: str, kind: Kind, whole: str) -> float:
    unit = UNITS[kind]
    try:
        number = float(unit.read(text))
        if kind in ("rate", "share") and number >= 1 and number != 1 and "%" not in text:
            raise NotFoundError(
                f'"{whole}" would be {number:.0%}. For {number:g} % write {number:g}% or {number / 100:g}.'
            )
        return number
    except PydanticCustomError as error:
        raise NotFoundError(f'"{whole}" cannot be read: {str(error).strip()}') from None


def _figure(name: str, model: Model) -> Figure:
    known = figures(model)
    if name in known:
        return known[name]
    if name in events(model):
        raise NotFoundError(f'"{name}" happens or does not: ask for its chance, P({name}).')
    raise NotFoundError(_unknown(name, "a figure of this deal", known, _listed(model)))


def _listed(model: Model) -> list[str]:
    """The figures that may be asked for, those of a kind together."""
    tranches = [one.who.removeprefix("Investor ") for one in (*model.returns.tranches, *model.returns.investors)]
    payers, cash = list(model.commissioning.by_payer), [one.name for one in model.provider_cash]
    found = ["irr", "npv", "moic", "invested", "received", "payback", "peak capital"]
    found += [f"the first six of one investor ({', '.join(f'{one} irr' for one in tranches)})"] if tranches else []
    found += [f"payments (also {', '.join(f'{one} payments' for one in payers)})"]
    found += [f"payments in {model.commissioning.years[-1].name} or another year", "true effect", "measured effect"]
    found += ["true outcomes", "measured outcomes"]
    if cash:
        each = "".join(f", {one} margin" for one in cash)
        found.append(f"margin (also{each[1:]}), and a provider's lowest cash, peak funding need, income, cost")
    return found


def _event(text: str, model: Model) -> Event:
    known = events(model)
    plain = " ".join(text.lower().split())
    if plain in known:
        return known[plain]
    if _SIGN.search(text) is None:
        names = [one.name for one in known.values()]
        raise NotFoundError(
            f"{_unknown(text, 'an event of this deal', known, names)} Or compare a figure: P(irr >= 5%)."
        )
    what, sense, value = _parted(text)
    figure = _figure(_usual(what), model)
    goal = _number(value, figure.kind, text)
    return Event(f"{figure.name} {sense} {value}", figure.lines, _compared(figure, sense, goal, text))


def _compared(figure: Figure, sense: Sense, goal: float, text: str) -> Callable[[Values, int], Any]:
    """Whether a figure reaches a goal; a path without the figure does not."""
    if sense == "=":
        raise NotFoundError(f'"{text}" hardly ever happens exactly: write >= or <=.')

    def read(values: Values, paths: int) -> Any:
        found = figure.read(values, paths)
        known = np.isfinite(found)
        filled = np.where(known, found, 0.0)
        return known & (filled >= goal if sense == ">=" else filled <= goal)

    return read


def _unknown(name: str, what: str, known: Iterable[str], shown: list[str]) -> str:
    near = get_close_matches(name.lower(), list(known), n=1)
    hint = f'Did you mean "{near[0]}"? ' if near else ""
    return f'"{name}" is not {what}. {hint}There are: {"; ".join(shown)}.'
