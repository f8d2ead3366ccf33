"""A new deal file to begin with."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import click

from sibmodel.errors import OutputError
from sibmodel.options import json_option, print_json

YAML, EXCEL = (".yaml", ".yml"), ".xlsx"
BEGIN_WITH = "through-the-gate"
BLANK = "deal.xlsx"
"""The blank form among the package's templates."""


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--from", "source", metavar="DEAL", help="The example or deal file to begin with.", show_default=BEGIN_WITH
)
@click.option("--blank", is_flag=True, help="An Excel form with nothing filled in.")
@json_option
def new(file: Path, source: str | None, blank: bool, as_json: bool) -> None:
    """Write a new deal file to begin with: YAML, or an Excel form, by the file's ending."""
    ending = file.suffix.lower()
    if ending not in (*YAML, EXCEL):
        raise click.UsageError(f"{file} should end in .yaml or .xlsx.")
    if blank and (source is not None or ending != EXCEL):
        raise click.UsageError("--blank makes an Excel form (.xlsx), and goes without --from.")
    begin_with = source or BEGIN_WITH
    content = _blank() if blank else _form_of(begin_with) if ending == EXCEL else _yaml_of(begin_with)
    try:
        with file.open("xb") as writing:
            writing.write(content)
    except FileExistsError:
        raise OutputError(f"{file} exists already. Choose another name, or delete it first.") from None
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}.") from None
    if as_json:
        print_json({"file": str(file), "from": None if blank else begin_with})
        return
    what = "a blank form" if blank else f"a copy of {begin_with}"
    where = "Excel" if ending == EXCEL else "a text editor"
    click.echo(f"Wrote {file}, {what}. Open it in {where} and put in your own figures.")
    click.echo(f"\nNext: sibmodel check {file}")


def _blank() -> bytes:
    return resources.files("sibmodel.templates").joinpath(BLANK).read_bytes()


def _form_of(source: str) -> bytes:
    from sibmodel.deals import find
    from sibmodel.scenario_files import in_its_file
    from sibmodel.workbook.form import form_bytes

    return form_bytes(in_its_file(find(source)[0]))


def _yaml_of(source: str) -> bytes:
    """The text of an example or a YAML file as it stands, with its comments; of a workbook, what it means."""
    from sibmodel.deals import find, text_of
    from sibmodel.files import write_yaml
    from sibmodel.scenario_files import in_its_file

    deal, _ = find(source)
    return (text_of(source) or write_yaml(in_its_file(deal))).encode("utf-8")
