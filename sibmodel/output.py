"""What a command leaves behind: all of its files or none, and nothing half-written."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sibmodel.errors import OutputError
from sibmodel.results import Run, document
from sibmodel.views.common import View
from sibmodel.workbook import write_workbook
from sibmodel.workbook.loose import write_views

Writer = Callable[[Path], None]
"""Writes one file at the path that it is given."""


def refuse_to_write_over(source: str, folder: Path, name: str) -> None:
    """Raise OutputError where the results would take the place of the workbook that the deal is read from."""
    workbook = (folder / f"{name}.xlsx").resolve()
    if workbook in (Path(source).resolve(), Path(f"{source}.xlsx").resolve()) and workbook.exists():
        raise OutputError(f"The results would be written over {source}. Choose another folder with --out.")


def write_results(
    run: Run, folder: Path, name: str, data: dict[str, Any] | None = None, replay: Sequence[int] = ()
) -> list[Path]:
    """Write `<folder>/<name>.xlsx` and `<folder>/<name>.json`; the folder is made where it is missing. `data` is what
    the second holds: the run's own figures unless given. The workbook can put the paths of the numbers `replay`
    through, beside those that it always can.

    Raises OutputError where that cannot be, NotFoundError for a path that the simulation has not; what stood there
    before is then untouched.
    """
    return write_all(
        folder,
        {
            f"{name}.xlsx": lambda path: write_workbook(run, path, replay),
            f"{name}.json": lambda path: as_json(run, path, data),
        },
    )


def write_pages(folder: Path, name: str, views: Sequence[View], title: str, data: dict[str, Any]) -> list[Path]:
    """Write views of constants as `<folder>/<name>.xlsx`, a sheet each, and `data` as `<folder>/<name>.json`; `title`
    is the deal's name. Raises OutputError where that cannot be; what stood there before is then untouched."""
    return write_all(
        folder,
        {
            f"{name}.xlsx": lambda path: write_views(views, title, path),
            f"{name}.json": lambda path: _as_json(data, path),
        },
    )


def as_json(run: Run, path: Path, data: dict[str, Any] | None = None) -> None:
    """Write the results as JSON; `data` in their place where it is given."""
    _as_json(data or document(run), path)


def _as_json(data: dict[str, Any], path: Path) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)
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
