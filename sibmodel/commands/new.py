"""A new deal file to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from sibmodel.errors import OutputError
from sibmodel.options import json_option, print_json


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--from", "source", default="through-the-gate", metavar="EXAMPLE", help="The example to begin with.")
@json_option
def new(file: Path, source: str, as_json: bool) -> None:
    """Write a new deal file to begin with."""
    from sibmodel.deals import example

    if file.suffix not in (".yaml", ".yml"):
        raise click.UsageError(f"{file} should end in .yaml.")
    text = example(source).text
    try:
        with file.open("x", encoding="utf-8") as writing:
            writing.write(text)
    except FileExistsError:
        raise OutputError(f"{file} exists already. Choose another name, or delete it first.") from None
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}.") from None
    if as_json:
        print_json({"file": str(file), "from": source})
        return
    click.echo(f"Wrote {file}, a copy of {source}. Open it in a text editor and put in your own figures.")
    click.echo(f"\nNext: sibmodel check {file}")
