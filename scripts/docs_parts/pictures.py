"""Pictures of the sheets of the example's workbook."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from docs_parts.examples import value_at
from docs_parts.pages import DocsError
from sibmodel.deals import read as read_deal
from sibmodel.results import Run, document, run
from sibmodel.workbook import write_workbook

PICTURES = {"Investor view": "investor-view.png", "Commissioner view": "commissioner-view.png"}
"""Sheets of the example's workbook, by their title, and the pictures of them."""
MADE_FROM = "figures.json"
"""Beside the pictures: the figures of the run that they show, so that a test can tell when they are out of date."""
DOTS_PER_INCH = 110
TALLEST = 0.80
"""Of a picture's width. It is cut off above that, at the last gap between two parts of the sheet."""
ONE_PAGE_A_SHEET = 'pdf:calc_pdf_Export:{"SinglePageSheets":{"type":"boolean","value":"true"}}'


def draw_pictures(folder: Path) -> None:
    """Draw the views of the Peterborough example's workbook, as LibreOffice shows them."""
    done = run(read_deal("peterborough"))
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as room:
        write_workbook(done, Path(room) / "deal.xlsx")
        profile = f"-env:UserInstallation={(Path(room) / 'profile').as_uri()}"
        _tool("soffice", "--headless", profile, "--convert-to", ONE_PAGE_A_SHEET, "--outdir", room, f"{room}/deal.xlsx")
        pages = _tool("pdftotext", f"{room}/deal.pdf", "-").decode().split("\f")
        for title, name in PICTURES.items():
            page = next(number for number, text in enumerate(pages, start=1) if text.startswith(title))
            _draw(f"{room}/deal.pdf", page, folder / name)
    (folder / MADE_FROM).write_text(json.dumps(pictured(done), indent=2) + "\n", encoding="utf-8")


def pictured(done: Run) -> dict[str, str]:
    """The figures by which a picture is known to be of this run."""
    figures = document(done)
    return {path: f"{value_at(figures, path):.3e}" for path in PICTURED}


PICTURED = (
    "base.investor.irr",
    "base.investor.npv",
    "base.commissioner.payments",
    "simulation.investor.npv.mean",
    "simulation.investor.probability_of_loss",
    "simulation.commissioner.payments.mean",
    "simulation.commissioner.probability_of_payment",
)


def _draw(pdf: str, page: int, picture: Path) -> None:
    """The top of a page, down to the last gap that keeps it no taller than `TALLEST`."""
    one = ["-f", str(page), "-l", str(page), "-r", str(DOTS_PER_INCH)]
    header, body = re.split(rb"(?<=\n255\n)", _tool("pdftoppm", *one, pdf), maxsplit=1)
    width, height = (int(size) for size in header.split()[1:3])
    pixels = np.frombuffer(body, dtype=np.uint8).reshape(height, width, 3)
    blank = (pixels == 255).all(axis=(1, 2))
    gap = DOTS_PER_INCH // 5
    ends = [row for row in range(gap, int(TALLEST * width)) if blank[row - gap : row].all()]
    size = ["-x", "0", "-y", "0", "-W", str(width), "-H", str(ends[-1])]
    picture.write_bytes(_tool("pdftoppm", *one, *size, "-png", pdf))


def _tool(*command: str) -> bytes:
    try:
        return subprocess.run(command, capture_output=True, timeout=180, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise DocsError(f"{command[0]} failed: {error}") from None
