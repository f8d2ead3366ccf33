"""The kept lines' arrays, in which a plan's rows are played, block after block, without being copied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sibmodel.lines.line import Line
from sibmodel.lines.operations import Array
from sibmodel.lines.rows import READ, Row, Rows

Place = tuple[Array, Row]
"""Where a row of a line stands, and which row it is."""


class Kept:
    """The arrays of kept lines for each width of block, and which rows of a plan are played into them.

    `of` says which rows each line has. A row is played into the first place that asks for it; other places, constants
    and what is given are filled in.
    """

    def __init__(self, of: Mapping[Line, Sequence[Row]], rows: Rows) -> None:
        self.of = of
        self.rows = rows
        self._arrays: dict[int, dict[Line, Array]] = {}
        self._homes: dict[int, dict[Row, Array]] = {}
        self._copied: dict[int, list[Place]] = {}
        self._constant: dict[int, list[tuple[Array, float]]] = {}

    @property
    def rows_of_lines(self) -> list[Row]:
        """All rows that are kept."""
        return [row for of in self.of.values() for row in of]

    def homes(self, width: int) -> Mapping[Row, Array]:
        """The arrays in which rows are to be played."""
        arrays = {line: np.empty((len(of), width)) for line, of in self.of.items()}
        homes: dict[Row, Array] = {}
        copied: list[Place] = []
        constant: list[tuple[Array, float]] = []
        for line, of in self.of.items():
            for row, place in zip(of, arrays[line], strict=True):
                value, call = self.rows.constant[row], self.rows.calls[row]
                if value is not None:
                    constant.append((place, float(value)))
                elif row in homes or self.rows.flag[row] or (call is not None and call[0] is READ):
                    copied.append((place, row))
                else:
                    homes[row] = place
        self._arrays[width], self._homes[width], self._copied[width] = arrays, homes, copied
        self._constant[width] = constant
        self.restore(width)
        return homes

    def restore(self, width: int) -> None:
        """Put the constants back, where paths have been put right."""
        for place, value in self._constant[width]:
            place.fill(value)

    def arrays(self, width: int, values: Mapping[Row, Any]) -> dict[Line, Array]:
        """The kept lines, once a block has been played: `[time, path]` or `[path]`."""
        for place, row in self._copied[width]:
            place[...] = values[row]
        return {line: array if line.timed else array[0] for line, array in self._arrays[width].items()}

    def put_right(self, width: int, paths: npt.NDArray[np.intp], right: Mapping[Line, Array]) -> None:
        """Other values in some paths, of a block that was played before."""
        for line, array in self._arrays[width].items():
            array[:, paths] = right[line]
