"""How many rates a flow breaks even at, in exact fractions: the judge of the search for every root."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

Polynomial = list[Fraction]
"""Coefficients by rising power, the last one not zero; empty for zero."""


def break_even_rates(flows: Sequence[int]) -> tuple[int, bool]:
    """The number of different rates above -100 % at which whole-number flows are worth nothing, and whether
    one of them is a multiple root.

    Sturm's theorem, with the discount factor 1 / (1 + rate) between 0 and infinity as the unknown.
    """
    worth = _trimmed([Fraction(flow) for flow in flows])
    while worth and worth[0] == 0:
        worth.pop(0)
    if not worth:
        raise ValueError("no flow but zero is worth nothing at every rate")
    chain = [worth, _trimmed([power * term for power, term in enumerate(worth)][1:])]
    while chain[-1]:
        chain.append([-term for term in _remainder(chain[-2], chain[-1])])
    chain.pop()
    at_zero, at_infinity = [part[0] for part in chain], [part[-1] for part in chain]
    return _sign_changes(at_zero) - _sign_changes(at_infinity), len(chain[-1]) > 1


def _remainder(dividend: Polynomial, divisor: Polynomial) -> Polynomial:
    rest = list(dividend)
    while len(rest) >= len(divisor):
        factor = rest[-1] / divisor[-1]
        shift = len(rest) - len(divisor)
        for power, term in enumerate(divisor):
            rest[shift + power] -= factor * term
        rest = _trimmed(rest)
    return rest


def _trimmed(terms: Polynomial) -> Polynomial:
    while terms and terms[-1] == 0:
        terms = terms[:-1]
    return terms


def _sign_changes(values: Sequence[Fraction]) -> int:
    signs = [value > 0 for value in values if value != 0]
    return sum(before != after for before, after in pairwise(signs))
