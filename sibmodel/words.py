"""How figures are written for people: one way for screen, workbook text and reports."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal

NOT_AVAILABLE = "n/a"
MINUS = "−"


def rounded(value: float, places: int) -> Decimal:
    """Rounded half up, as Excel does and Python does not."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def number(value: float, places: int = 0) -> str:
    """1,234.5; a minus sign, not a hyphen; n/a for what is not available."""
    if not math.isfinite(value):
        return NOT_AVAILABLE
    amount = rounded(value, places)
    return f"{MINUS if amount < 0 else ''}{abs(amount):,}"


def money(value: float) -> str:
    """£12,500; £5.63 million from a million on."""
    if not math.isfinite(value):
        return NOT_AVAILABLE
    million = abs(value) >= 999_500
    amount = rounded(value / 1e6, 2) if million else rounded(value, 0)
    return f"{MINUS if amount < 0 else ''}£{abs(amount):,}{' million' if million else ''}"


def percent(value: float, places: int = 1) -> str:
    """7.5 % of a share of 0.075."""
    return NOT_AVAILABLE if not math.isfinite(value) else f"{number(value * 100, places)}%"


def months(value: float) -> str:
    """82 months."""
    return NOT_AVAILABLE if not math.isfinite(value) else f"{number(value)} month{'' if value == 1 else 's'}"


def times(value: float) -> str:
    """1.25 times; 0.0008 times, where two places would show nothing."""
    if not math.isfinite(value):
        return NOT_AVAILABLE
    places = next((most for most in (2, 3, 4) if rounded(value, most)), 2)
    return f"{number(value, places)} times"


def in_a_hundred(value: float) -> str:
    """A chance as a number in a hundred; never 0 or 100 where it is not certain."""
    if not math.isfinite(value):
        return NOT_AVAILABLE
    if 0 < value < 0.005:
        return "fewer than 1 in 100"
    if 0.995 < value < 1:
        return "more than 99 in 100"
    return f"{number(value * 100)} in 100"


def financial_year(first: float) -> str:
    """2027-28, from the calendar year in which it begins."""
    year = round(first)
    return f"{year}-{(year + 1) % 100:02d}"


_SAYS_ITSELF = re.compile(r"[\w./\\@=:+,%-]+")


def argument(text: str) -> str:
    """Words of a command: in quotation marks where a shell would take a blank, a bracket or a £ for something else."""
    if _SAYS_ITSELF.fullmatch(text):
        return text
    inner = text.replace('"', "'")
    return f'"{inner}"'
