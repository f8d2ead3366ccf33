"""Published figures, found by words."""

from __future__ import annotations

import click

from sibmodel.options import json_option, print_json


@click.command()
@click.argument("words", nargs=-1)
@click.option("--kind", help="One kind of figure: effect, base rate, dispersion, unit cost, lag, volume, deal fact.")
@click.option("--source", metavar="ID", help="One source.")
@json_option
def evidence(words: tuple[str, ...], kind: str | None, source: str | None, as_json: bool) -> None:
    """Find published figures, by words, or one by its id.

    Every row names its source and how sure we are of it: read in the source itself, read elsewhere, or derived.
    """
    from sibmodel.evidence import library, listing

    alone = words[0] if len(words) == 1 and kind is None and source is None else ""
    if alone in {entry.id for entry in library.entries()}:
        found, text = [library.find(alone)], listing.full
    elif alone in {one.id for one in library.sources()}:
        found, text = list(library.search(source_id=alone)), listing.source_text
    else:
        found, text = list(library.search(words, kind=kind, source_id=source)), listing.table
    if as_json:
        print_json(listing.document(found))
    else:
        click.echo(text(found))
