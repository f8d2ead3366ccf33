"""Two-way tables: a figure of the base case over two inputs at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sibmodel.analysis.asking import Figure, Kind
from sibmodel.analysis.asking.trials import in_base_case
from sibmodel.analysis.price.response import cells_at
from sibmodel.analysis.price.term import Term
from sibmodel.errors import NotFoundError
from sibmodel.lines import Input
from sibmodel.model import Model


@dataclass(frozen=True)
class TwoWay:
    """`values[row][column]`, for each value of `down` and of `across`."""

    asked: str
    kind: Kind
    down: Term
    across: Term
    names: tuple[str, str]
    """What the two inputs are called."""
    rows: tuple[float, ...]
    columns: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]


def two_way(
    model: Model, figure: Figure, down: Term, rows: Sequence[float], across: Term, columns: Sequence[float]
) -> TwoWay:
    """A figure of the base case at every pair of values. Raises NotFoundError for a term that is no cell."""
    first, second = (np.array(one, dtype=float) for one in np.meshgrid(rows, columns, indexing="ij"))
    cells: dict[Input, np.ndarray] = {}
    names = []
    for term, values in ((down, first), (across, second)):
        own = cells_at(model, term.path)
        if not own:
            raise NotFoundError(f"{term.path} shapes the model and is no cell of it: it has no place in a table.")
        cells |= dict.fromkeys(own, values.ravel())
        names.append(own[0].name.rpartition(", ")[0] if len(own) > 1 and ", " in own[0].name else own[0].name)
    found = in_base_case(model, [figure], cells)[figure.name].reshape(first.shape)
    return TwoWay(
        figure.name, figure.kind, down, across, (names[0], names[1]), tuple(rows), tuple(columns),
        tuple(tuple(float(one) for one in row) for row in found),
    )  # fmt: skip
