"""What a run leaves behind: a workbook and a JSON file, both or neither, and nothing half-written."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from sibmodel.errors import OutputError
from sibmodel.results import Run, document
from sibmodel.workbook import write_workbook


def refuse_to_write_over(source: str, folder: Path, name: str) -> None:
    """Raise OutputError where the results would take the place of the workbook that the deal is read from."""
    workbook = (folder / f"{name}.xlsx").resolve()
    if workbook in (Path(source).resolve(), Path(f"{source}.xlsx").resolve()) and workbook.exists():
        raise OutputError(f"The results would be written over {source}. Choose another folder with --out.")


def write_results(run: Run, folder: Path, name: str) -> list[Path]:
    """Write `<folder>/<name>.xlsx` and `<folder>/<name>.json`; the folder is made where it is missing.

    Raises OutputError where that cannot be; what stood there before is then untouched.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".sibmodel-", dir=folder) as temporary:
            made = [Path(temporary) / f"{name}.xlsx", Path(temporary) / f"{name}.json"]
            write_workbook(run, made[0])
            made[1].write_text(
                json.dumps(document(run), ensure_ascii=False, indent=2, allow_nan=False) + "\n", encoding="utf-8"
            )
            kept = [folder / one.name for one in made]
            for one, place in zip(made, kept, strict=True):
                os.replace(one, place)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"The results cannot be written to {folder}: {reason}. Choose another folder with --out, or close the file "
            "if it is open in another program."
        ) from None
    return kept
