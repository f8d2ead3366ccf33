"""Writes the blank Excel form, templates/deal.xlsx, from the terms: python scripts/make_template.py"""

from __future__ import annotations

from pathlib import Path

from sibmodel.workbook.form import form_bytes

TEMPLATE = Path(__file__).resolve().parent.parent / "templates" / "deal.xlsx"

if __name__ == "__main__":
    TEMPLATE.write_bytes(form_bytes(None))
