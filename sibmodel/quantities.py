"""Numbers as people write them (£12,500, 7.5%, 1.2m), and what each kind of number may be."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pydantic_core import PydanticCustomError

LONGEST_NUMBER = 60
"""Characters; a longer text is not a number that a person wrote."""

LARGEST = 1e15
"""Above this, floats are no longer exact to a tenth, and no term of a deal comes near it."""

_WRITTEN_NUMBER = re.compile(
    r"""(?P<sign>[-+−]?)\s*
        (?P<pound>£|GBP)?\s*
        (?P<digits>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?   # 12,500 and 12,500.75
                  |[0-9]+(?:_[0-9]+)*(?:\.[0-9]*)?         # 12500, 12_500, 12500.75
                  |\.[0-9]+)                               # .5
        (?P<exponent>e[-+]?[0-9]{1,3})?\s*
        (?P<scale>k|thousand|m|million|bn|billion)?\s*
        (?P<percent>%|per\ ?cent)?""",
    re.VERBOSE | re.IGNORECASE,
)
_SCALES = {"k": 3, "thousand": 3, "m": 6, "million": 6, "bn": 9, "billion": 9}


def fault(message: str, fix: str = "") -> PydanticCustomError:
    """The one form of error that validation raises: a sentence for the user, and the way out."""
    return PydanticCustomError("sibmodel", "{message} {fix}", {"message": message, "fix": fix})


def shown(value: object, longest: int = 40) -> str:
    """A value as it is named in a message: numbers as they are, other texts in quotation marks."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a group of fields"
    if isinstance(value, list | tuple | set):
        return "a list"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, int) and value.bit_length() > 200:
        return "a number of more than 60 digits"
    text = " ".join(str(value).split())
    text = text if len(text) <= longest else text[: longest - 1] + "…"
    if isinstance(value, str) and not re.match(r"[-+−£.]?[0-9]", text):
        return f'"{text}"'
    return text


def number_text(value: float) -> str:
    """A number at its shortest: 10, not 10.0; 0.075."""
    if math.isfinite(value) and value == int(value) and abs(value) < 1e16:
        return str(int(value))
    return repr(float(value))


@dataclass(frozen=True)
class Quantity:
    """A kind of number: what it is called, its unit, its range, and how it may be written."""

    noun: str
    """With its article, for a message: `a share`."""
    unit: str
    example: str
    """How to write one, for the message that says a text is not one."""
    minimum: float | None = None
    maximum: float | None = None
    whole: bool = False
    takes_pounds: bool = False
    takes_percent: bool = False

    def read(self, value: Any) -> float | int:
        """The number that `value` means, in this kind's range; otherwise an error in the user's words."""
        number = self._number(value)
        if not math.isfinite(number):
            raise fault(f"{shown(value)} is not {self.noun}.", "Write a finite number.")
        if abs(number) > LARGEST:
            raise fault(f"{shown(value)} is too large for {self.noun}.", "Check the digits and the unit.")
        if self.whole and number != int(number):
            raise fault(f"{shown(value)} is not a whole number.", f"Write {self.noun} like {self.example}.")
        self.check(number, value)
        return int(number) if self.whole else number

    def check(self, number: float, written: Any, called: str = "") -> None:
        """Refuse a number outside the range; `written` is how the user gave it, `called` what a message says."""
        below = self.minimum is not None and number < self.minimum
        above = self.maximum is not None and number > self.maximum
        if not (below or above):
            return
        hint = "" if called else self._percent_hint(number, written)
        raise fault(f"{called or shown(written)} is not {self.noun} {self.range_text()}.", hint)

    def range_text(self) -> str:
        """The range in words: `between 0 and 1`, `of £0 or more`; empty when there is none."""
        low, high = (None if end is None else self._end(end) for end in (self.minimum, self.maximum))
        if low is not None and high is not None:
            return f"between {low} and {high}"
        if low is not None:
            return f"of {low} or more"
        return "" if high is None else f"of {high} or less"

    def spread(self) -> Quantity:
        """The standard deviation of such a number: at most as wide as its range."""
        widest = None
        if self.minimum is not None and self.maximum is not None:
            widest = self.maximum - self.minimum
        return replace(self, noun="a standard deviation", minimum=0.0, maximum=widest)

    def _end(self, value: float) -> str:
        return f"£{value:,.0f}" if self.takes_pounds and value == int(value) else number_text(value)

    def _number(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise fault(f"{shown(value)} is not {self.noun}.", f"Write it like {self.example}.")
        if isinstance(value, str):
            return self._number_in(value)
        try:
            return float(value)
        except OverflowError:
            raise fault(f"{shown(value)} is not {self.noun}.", "It is too large.") from None

    def _number_in(self, text: str) -> float:
        match = _WRITTEN_NUMBER.fullmatch(text.strip()) if len(text) <= LONGEST_NUMBER else None
        if match is None:
            raise fault(f"{shown(text)} is not {self.noun}.", f"Write it like {self.example}.")
        if match["percent"] and not self.takes_percent:
            raise fault(f"{shown(text)} is not {self.noun}.", f"Leave out the per-cent sign: {self.example}.")
        if match["pound"] and not self.takes_pounds:
            raise fault(f"{shown(text)} is not {self.noun}.", f"Leave out the pound sign: {self.example}.")
        digits = match["digits"].replace(",", "").replace("_", "") + (match["exponent"] or "")
        places = _SCALES.get((match["scale"] or "").lower(), 0) - (2 if match["percent"] else 0)
        # Decimal, so that 7.5% is the float nearest to 0.075 and not 7.5/100 rounded twice.
        size = float(Decimal(digits).scaleb(places))
        return -size if match["sign"] in ("-", "−") else size

    def _percent_hint(self, number: float, written: Any) -> str:
        """`For 10 % write 0.10 or 10%.`, when a per cent without its sign is the likely slip."""
        if not self.takes_percent or "%" in str(written) or abs(number) <= 1:
            return ""
        hundredth = number / 100
        if (self.minimum is not None and hundredth < self.minimum) or (
            self.maximum is not None and hundredth > self.maximum
        ):
            return ""
        text = format(Decimal(repr(number)).scaleb(-2).normalize(), "f")
        decimals = len(text.partition(".")[2])
        text = f"{float(text):.2f}" if decimals < 2 else text
        return f"For {number_text(number)} % write {text} or {number_text(number)}%."


MONEY = Quantity("an amount of money", "GBP", "12500, £12,500 or £1.2m", minimum=0.0, takes_pounds=True)
SHARE = Quantity("a share", "share", "0.10 or 10%", minimum=0.0, maximum=1.0, takes_percent=True)
SHARE_OF_ANY_SIGN = Quantity("a share", "share", "-0.05 or -5%", minimum=-1.0, maximum=1.0, takes_percent=True)
YEARLY_RATE = Quantity("a yearly rate", "share a year", "0.075 or 7.5%", minimum=-1.0, maximum=1.0, takes_percent=True)
PEOPLE = Quantity("a number of people", "people", "1000", minimum=0.0, whole=True)
COUNT = Quantity("a count", "count", "12", minimum=0.0, whole=True)
MONTHS = Quantity("a number of months", "months", "24", minimum=0.0, whole=True)
YEARS = Quantity("a number of years", "years", "1.5", minimum=0.0)
NUMBER = Quantity("a number", "number", "1.55", takes_percent=True)

QUANTITIES = {
    "money": MONEY,
    "share": SHARE,
    "share_of_any_sign": SHARE_OF_ANY_SIGN,
    "yearly_rate": YEARLY_RATE,
    "people": PEOPLE,
    "count": COUNT,
    "months": MONTHS,
    "years": YEARS,
    "number": NUMBER,
}
"""Every kind of number, by the name of its field helper in `terms`."""
