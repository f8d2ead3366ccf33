"""What a command leaves behind: all of its files or none, and nothing half-written."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from sibmodel.errors import OutputError
from sibmodel.results import Run, document
from sibmodel.workbook import write_workbook

Writer = Callable[[Path], None]
"""Writes one file at the path that it is given."""


def write_results(run: Run, folder: Path, name: str) -> list[Path]:
    """Write `<folder>/<name>.xlsx` and `<folder>/<name>.json`; the folder is made where it is missing.

    Raises OutputError where that cannot be; what stood there before is then untouched.
    """
    return write_all(
        folder,
        {f"{name}.xlsx": lambda path: write_workbook(run, path), f"{name}.json": lambda path: as_json(run, path)},
    )


def as_json(run: Run, path: Path) -> None:
    """Write the results as JSON."""
    text = json.dumps(document(run), ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(f"{text}\n", encoding="utf-8")


def write_all(folder: Path, files: Mapping[str, Writer]) -> list[Path]:
    """Write each file, by its name within `folder`, under a temporary name, and move all into place at the end.

    Raises OutputError where that cannot be; what stood there before is then untouched.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".sibmodel-", dir=folder) as temporary:
            for name, write in files.items():
                made = Path(temporary) / name
                made.parent.mkdir(parents=True, exist_ok=True)
                write(made)
            kept = [folder / name for name in files]
            for name, place in zip(files, kept, strict=True):
                place.parent.mkdir(parents=True, exist_ok=True)
                os.replace(Path(temporary) / name, place)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"The results cannot be written to {folder}: {reason}. Choose another folder with --out, or close the file "
            "if it is open in another program."
        ) from None
    return kept
