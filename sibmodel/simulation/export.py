"""Paths in files for others: one row for each path, one column for each figure, as Parquet or CSV."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from sibmodel.errors import NotFoundError, OutputError
from sibmodel.metrics import RateStatus
from sibmodel.simulation.block import Block
from sibmodel.simulation.events import Statuses
from sibmodel.simulation.paths import Floats
from sibmodel.simulation.simulated import Simulation
from sibmodel.simulation.streams import BLOCK

NAMES = {int(status): status.name.lower() for status in RateStatus}


class PathsFile(Protocol):
    """A file that takes rows."""

    def add(self, first: int, figures: Mapping[str, Floats], status: Statuses) -> None:
        """Rows for paths from the number `first` on, counted from 1."""


@contextmanager
def paths_file(file: Path, seed: int) -> Iterator[PathsFile]:
    """A file of paths under way: Parquet or CSV as its name ends. Its folder is made where there is
    none; the file is there once all is written, and not before.

    Columns: `path`, counted from 1; `seed`; each headline figure, by its name, empty where a path has none; and
    `rate_status`, what the rate of return is worth.

    Raises NotFoundError for another ending, and OutputError where the file cannot be written.
    """
    kinds = {".parquet": _parquet, ".csv": _csv}
    if file.suffix not in kinds:
        raise NotFoundError(f"{file} ends in neither .parquet nor .csv. Name it so that the form is clear.")
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with kinds[file.suffix](beside, seed) as taking:
            yield taking
        os.replace(beside, file)
    except OSError as error:
        raise OutputError(f"The paths cannot be written to {file}: {error.strerror or error}.") from None
    finally:
        with suppress(OSError):
            beside.unlink()


def write_paths(simulation: Simulation, file: Path) -> None:
    """Write every path of a simulation that is kept in memory; as `paths_file`.

    Raises NotFoundError also where not all paths are kept.
    """
    figures = simulation.every_path()
    with paths_file(file, simulation.seed) as taking:
        for start in range(0, simulation.paths, BLOCK):
            part = slice(start, start + BLOCK)
            columns = {name: column[part] for name, column in figures.items()}
            taking.add(start + 1, columns, simulation.rate_status[part])


def add_block(taking: PathsFile, block: Block) -> None:
    """Write a block's paths."""
    taking.add(block.number * BLOCK + 1, block.figures, block.rate_status)


class _Csv:
    def __init__(self, opened: Any, seed: int) -> None:
        self._writing, self._seed, self._names = csv.writer(opened, lineterminator="\n"), seed, False

    def add(self, first: int, figures: Mapping[str, Floats], status: Statuses) -> None:
        if not self._names:
            self._writing.writerow(["path", "seed", *figures, "rate_status"])
            self._names = True
        columns = [["" if one != one else repr(one) for one in column.tolist()] for column in figures.values()]
        words = [NAMES[one] for one in status.tolist()]
        numbers = range(first, first + status.size)
        self._writing.writerows(zip(numbers, [self._seed] * status.size, *columns, words, strict=True))


@contextmanager
def _csv(file: Path, seed: int) -> Iterator[PathsFile]:
    with file.open("w", encoding="utf-8", newline="") as opened:
        yield _Csv(opened, seed)


class _Parquet:
    def __init__(self, file: Path, seed: int) -> None:
        self._file, self._seed = file, seed
        self._writing: Any = None

    def add(self, first: int, figures: Mapping[str, Floats], status: Statuses) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        words = pa.DictionaryArray.from_arrays(status, pa.array([NAMES[one] for one in range(len(NAMES))]))
        columns = {
            "path": pa.array(np.arange(first, first + status.size)),
            "seed": pa.array([self._seed if self._seed < 2**63 else str(self._seed)] * status.size),
            # A figure that a path does not have is nan here, and missing in the file.
            **{name: pa.array(column, from_pandas=True) for name, column in figures.items()},
            "rate_status": words,
        }
        table = pa.table(columns)
        if self._writing is None:
            self._writing = pq.ParquetWriter(self._file, table.schema, compression="zstd")
        self._writing.write_table(table)

    def close(self) -> None:
        if self._writing is not None:
            self._writing.close()


@contextmanager
def _parquet(file: Path, seed: int) -> Iterator[PathsFile]:
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise OutputError(
            "A Parquet file needs pyarrow. Install it with: pip install 'sibmodel[parquet]', or name a .csv file."
        ) from None
    file.open("wb").close()  # better to hear at once that it cannot be written
    taking = _Parquet(file, seed)
    try:
        yield taking
    finally:
        taking.close()
