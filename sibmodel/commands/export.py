"""The figures of a deal as files for others: tables to publish, CSV, JSON, the model, and each party's own workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sibmodel.options import (
    PATHS_TEXT,
    json_option,
    open_deal,
    out_option,
    print_json,
    sampler_option,
    scenarios_option,
    set_option,
)

if TYPE_CHECKING:
    from sibmodel.results import Run

COMMISSIONER = "commissioner"
FORMS = ("tables", "csv", "json", "model")


@click.command()
@click.argument("deal")
@click.option(
    "--as",
    "form",
    type=click.Choice(FORMS),
    default="tables",
    show_default=True,
    help="tables: accessible spreadsheets to publish (xlsx and ods); csv: the same tables, one file each; json: all "
    "results; model: the workbook of live formulas, or, with --for, a party's own pages.",
)
@click.option(
    "--for",
    "who",
    metavar="WHO",
    help="Only what a party may see: investor, commissioner or provider:NAME. Figures are then values, not formulas.",
)
@click.option("--paths", type=click.IntRange(1), default=None, show_default=PATHS_TEXT, help="Paths to simulate.")
@sampler_option
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of the luck.")
@set_option
@scenarios_option
@out_option
@json_option
def export(
    deal: str,
    form: str,
    who: str | None,
    paths: int | None,
    sampler: str,
    seed: int,
    changes: tuple[str, ...],
    scenarios: tuple[Path, ...],
    out: Path,
    as_json: bool,
) -> None:
    """Write the figures for others: tables to publish, one party's pages, CSV, JSON."""
    from sibmodel import results
    from sibmodel.output import refuse_to_write_over, write_all
    from sibmodel.simulation import sampling

    if form == "json" and who is not None:
        raise click.UsageError("--as json holds every party's figures: leave out --for, or write --as tables or csv.")
    terms, name = open_deal(deal, changes, scenarios)
    if form == "model" and who is None:
        refuse_to_write_over(deal, out, name)
    # A commissioner is told what a true outcome costs, whether or not the deal says what it is worth.
    made = results.valued if who == COMMISSIONER else results.run
    run = made(terms, sampling(sampler, paths).paths, seed, sampler=sampler)
    written = write_all(out, _files(run, name, form, who))
    if as_json:
        print_json({"deal": terms.name, "files": [str(file) for file in written]})
        return
    if form == "csv":
        click.echo(f"Wrote {len(written)} files in {written[0].parent}; contents.csv says what each holds.")
    else:
        click.echo("\n".join(f"Wrote {file}" for file in written))


def _files(run: Run, name: str, form: str, who: str | None) -> dict[str, Callable[[Path], None]]:
    """What is written, by the file's name."""
    from sibmodel.output import as_json
    from sibmodel.views import every_view
    from sibmodel.views.audience import audience
    from sibmodel.workbook import write_workbook

    party = None if who is None else audience(who, run)
    named = name if party is None else f"{name}-{party.file_part}"
    if form == "json":
        return {f"{name}.json": lambda path: as_json(run, path)}
    if form == "model" and party is None:
        return {f"{name}.xlsx": lambda path: write_workbook(run, path)}
    if form == "model" and party is not None:
        from sibmodel.workbook.party import write_party

        return {f"{named}.xlsx": lambda path: write_party(run, party, path)}
    from sibmodel.publication import contents, publication, write_csv, write_ods, write_xlsx

    published = publication(run, every_view(run) if party is None else party.views(run))
    if form == "tables":
        return {
            f"{named}-tables.xlsx": lambda path: write_xlsx(published, path),
            f"{named}-tables.ods": lambda path: write_ods(published, path),
        }
    return {f"{named}-csv/contents.csv": lambda path: write_csv(contents(published), path)} | {
        f"{named}-csv/{table.name.lower()}.csv": lambda path, table=table: write_csv(table, path)
        for table in published.tables
    }
