"""Drivers that go together: the groups that a deal's correlations make of its streams of luck."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt

from sibmodel.correlation.matrix import can_be, factor, nearest
from sibmodel.correlation.ranks import correlation_of, rank_of
from sibmodel.correlation.terms import Correlation
from sibmodel.errors import Problem

Floats = npt.NDArray[np.float64]
Pair = tuple[str, str]

LOWEST, HIGHEST = 2.0**-54, 1 - 2.0**-53
"""The ends of the shares from which anything is drawn: no inverse distribution function takes 0 or 1."""
STEP = 0.001
"""To which a correlation that could be is rounded for a message."""


@dataclass(frozen=True, eq=False)
class Group:
    """Streams of luck that go together."""

    streams: tuple[str, ...]
    ranks: Mapping[Pair, float]
    """The rank correlation of each pair that a deal names, in the order of `streams`."""
    lower: Floats
    """Factor of the correlations of the normal or t numbers behind."""
    degrees: float | None
    """Of freedom, of a t copula; None for the Gaussian."""

    @property
    def scale_stream(self) -> str:
        """The luck of the scale that a t copula shares among the group."""
        return f"copula, {self.streams[0]}"

    def together(self, luck: Sequence[Floats], scale: Floats | None = None) -> list[Floats]:
        """Uniform numbers `[path]` of each stream that go together, from independent ones.

        `scale` has the uniform numbers of a t copula's shared scale. In a Gaussian copula a stream that depends on
        none before it keeps its numbers to the last bit.
        """
        from scipy.special import ndtr, ndtri

        normal = [ndtri(one) for one in luck]
        found = []
        for place, weights in enumerate(self.lower):
            if self.degrees is None and weights[place] == 1.0:
                found.append(luck[place])
                continue
            number = sum(weight * normal[other] for other, weight in enumerate(weights) if weight != 0)
            shares = ndtr(number) if self.degrees is None else self._t(np.asarray(number), scale)
            found.append(np.clip(shares, LOWEST, HIGHEST))
        return found

    def given(
        self, known: Mapping[str, Floats], new: Mapping[str, Floats], scale: Floats | None = None
    ) -> dict[str, Floats]:
        """Uniform numbers `[path]` of the streams `new`, from independent ones, given those of `known` that are drawn.

        Normal numbers given others have mean R₂₁R₁₁⁻¹z₁ and covariance R₂₂ − R₂₁R₁₁⁻¹R₁₂; t numbers the same times
        (ν + z₁′R₁₁⁻¹z₁) ÷ (ν + n₁), with ν + n₁ degrees of freedom (P. Ding, "On the conditional distribution of the
        multivariate t distribution", The American Statistician 70, 2016). `scale` has the uniform numbers of their
        new shared scale.
        """
        from scipy.special import ndtr, ndtri, stdtr, stdtrit

        matrix = self.lower @ self.lower.T
        first, second = ([self.streams.index(stream) for stream in side] for side in (known, new))
        shares = np.array([known[stream] for stream in known])
        numbers = ndtri(shares) if self.degrees is None else stdtrit(self.degrees, shares)
        weights = np.linalg.lstsq(matrix[np.ix_(first, first)], matrix[np.ix_(first, second)], rcond=None)[0]
        mean = weights.T @ numbers
        left = matrix[np.ix_(second, second)] - weights.T @ matrix[np.ix_(first, second)]
        apart = factor(left) @ ndtri(np.array([new[stream] for stream in new]))
        if self.degrees is None:
            found = ndtr(mean + apart)
        else:
            found = stdtr(self.degrees, mean + apart * self._spread_given(matrix[np.ix_(first, first)], numbers, scale))
        return dict(zip(new, np.clip(found, LOWEST, HIGHEST), strict=True))

    def _spread_given(self, matrix: Floats, numbers: Floats, scale: Floats | None) -> Floats:
        from scipy.special import chdtri

        assert self.degrees is not None
        assert scale is not None
        distance = (numbers * np.linalg.lstsq(matrix, numbers, rcond=None)[0]).sum(axis=0)
        chi_squared = np.maximum(chdtri(self.degrees + len(numbers), scale), 1e-290)
        return np.asarray(np.sqrt((self.degrees + distance) / chi_squared))

    def _t(self, normal: Floats, scale: Floats | None) -> Floats:
        from scipy.special import chdtri, stdtr

        assert self.degrees is not None
        assert scale is not None
        # A chi-squared of a very small share is next to nil, and the t as large as a float may be.
        spread = np.sqrt(self.degrees / np.maximum(chdtri(self.degrees, scale), 1e-290))
        return np.asarray(stdtr(self.degrees, normal * spread))


def groups(
    correlations: Sequence[Correlation], streams: Sequence[str], degrees: float | None
) -> tuple[list[Group], list[Problem]]:
    """The groups of linked streams, and what is wrong with the correlations. `streams` are the drivers there are."""
    problems: list[Problem] = []
    ranks: dict[frozenset[str], float] = {}
    for number, one in enumerate(correlations):
        here = f"assumptions.correlations[{number}].between"
        pairs = list(_pairs(one, streams, here, problems))
        for pair in pairs:
            if pair in ranks:
                both = " and ".join(sorted(pair))
                problems.append(Problem("", here, f"The correlation of {both} is given twice.", "Keep one of them."))
            ranks[pair] = one.rank
    if problems:
        return [], problems
    found = []
    for members in _linked([pair for pair, rank in ranks.items() if rank != 0], streams):
        known = {
            (first, second): ranks[frozenset((first, second))]
            for place, first in enumerate(members)
            for second in members[place + 1 :]
            if frozenset((first, second)) in ranks
        }
        matrix = _matrix(members, known, degrees)
        if can_be(matrix):
            found.append(Group(members, known, factor(matrix), degrees))
        else:
            problems.append(_cannot_be(members, known, matrix, degrees))
    return found, problems


def _pairs(one: Correlation, streams: Sequence[str], here: str, problems: list[Problem]) -> Iterator[frozenset[str]]:
    """The pairs of streams that a correlation names."""
    sides = []
    for name in one.between:
        side = [stream for stream in streams if stream == name or stream.startswith(f"{name}, ")]
        side = [name] if name in side else side
        if not side:
            problems.append(_unknown(name, streams, here))
        sides.append(side)
    first, second = sides
    pairs = dict.fromkeys(frozenset((a, b)) for a in first for b in second if a != b)
    if first and second and not pairs:
        problems.append(
            Problem("", here, f'"{one.between[0]}" is one driver.', "It goes with itself: name another beside it.")
        )
    yield from pairs


def _unknown(name: str, streams: Sequence[str], here: str) -> Problem:
    if not streams:
        return Problem("", here, "Nothing in this deal is uncertain.", "Leave the correlations out.")
    names = list(dict.fromkeys([*(stream.partition(", ")[0] for stream in streams), *streams]))
    near = get_close_matches(name, names, n=1)
    hint = f'Did you mean "{near[0]}"?' if near else f"There are: {'; '.join(names)}."
    return Problem("", here, f'"{name}" is no driver: nothing uncertain in this deal has that name.', hint)


def _linked(pairs: Sequence[frozenset[str]], streams: Sequence[str]) -> list[tuple[str, ...]]:
    """The streams in groups that pairs link, each in the order of `streams`."""
    sets: list[set[str]] = []
    for pair in pairs:
        apart = [one for one in sets if not one & pair]
        sets = [*apart, set(pair).union(*(one for one in sets if one & pair))]
    order = {stream: place for place, stream in enumerate(streams)}
    return sorted((tuple(sorted(one, key=order.__getitem__)) for one in sets), key=lambda one: order[one[0]])


def _matrix(members: Sequence[str], ranks: Mapping[Pair, float], degrees: float | None) -> Floats:
    """The correlations of the numbers behind the copula."""
    matrix = np.eye(len(members))
    for (first, second), rank in ranks.items():
        row, column = members.index(first), members.index(second)
        matrix[row, column] = matrix[column, row] = correlation_of(rank, degrees)
    return matrix


def _cannot_be(members: Sequence[str], ranks: Mapping[Pair, float], matrix: Floats, degrees: float | None) -> Problem:
    named = ", ".join(members)
    changed = [
        f"{first} with {second} {rank:g} instead of {ranks.get((first, second), 0.0):g}"
        for (first, second), rank in _nearest_ranks(members, matrix, degrees).items()
        if abs(rank - ranks.get((first, second), 0.0)) >= STEP / 2
    ]
    return Problem(
        "",
        "assumptions.correlations",
        f"These cannot all hold together: {named}. (The matrix is not positive semi-definite.)",
        f"The nearest that can: {'; '.join(changed)}.",
    )


def _nearest_ranks(members: Sequence[str], matrix: Floats, degrees: float | None) -> dict[Pair, float]:
    """The nearest rank correlations that can be, rounded so that they still can be."""
    best = nearest(matrix)
    less = 0.0
    while True:
        ranks = {
            (first, second): round(rank_of(float((1 - less) * best[row, column]), degrees) / STEP) * STEP
            for row, first in enumerate(members)
            for column, second in enumerate(members)
            if row < column
        }
        if can_be(_matrix(members, ranks, degrees)):
            return ranks
        less += STEP
