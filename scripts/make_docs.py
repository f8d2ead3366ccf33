"""Writes the parts of README.md and docs/ that come from the package: what commands print, and tables.

    python scripts/make_docs.py              write what is out of date
    python scripts/make_docs.py --check      say what is out of date, and write nothing
    python scripts/make_docs.py --pictures   draw the pictures of the example's workbook again (LibreOffice, poppler)

How a page says what belongs where: `docs_parts/pages.py`.
"""

from __future__ import annotations

import argparse
import sys

from docs_parts import CHECKOUT
from docs_parts.pages import PAGES, DocsError, alike, read, renewed
from docs_parts.pictures import draw_pictures


def main(arguments: list[str] | None = None) -> int:
    """Write the pages, or only check them; 1 where a page is out of date or cannot be made."""
    parser = argparse.ArgumentParser(description="Make the parts of README.md and docs/ that come from the package.")
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 where a page is out of date")
    parser.add_argument("--pictures", action="store_true", help="draw the pictures too")
    chosen = parser.parse_args(arguments)
    stale = 0
    try:
        if chosen.pictures:
            draw_pictures(CHECKOUT / "docs" / "images")
        for page in PAGES:
            text, parts = renewed(page, read(page))
            for part in parts:
                if not alike(part.stands, part.fresh):
                    stale += 1
                    print(f"{page} line {part.line}: {part.marker} {'is out of date' if chosen.check else 'is new'}")
            if not chosen.check:
                (CHECKOUT / page).write_text(text, encoding="utf-8")
    except DocsError as error:
        print(error, file=sys.stderr)
        return 1
    return 1 if chosen.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
