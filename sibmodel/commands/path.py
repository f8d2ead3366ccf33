"""One path of a simulation, whole."""

from __future__ import annotations

from pathlib import Path

import click

from sibmodel.options import (
    PATHS_TEXT,
    json_option,
    open_deal,
    print_json,
    sampler_option,
    scenarios_option,
    set_option,
)


@click.command()
@click.argument("deal")
@click.option("--number", type=click.IntRange(1), help="The path, by its number.")
@click.option(
    "--rank",
    type=click.Choice(["worst", "p5", "p25", "median", "p75", "p95", "best"]),
    help="The path, by its rank among all of the simulation.",
)
@click.option("--by", default="npv", show_default=True, help="The figure that ranks, for example payments.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of the luck.")
@sampler_option
@click.option("--paths", type=click.IntRange(1), show_default=PATHS_TEXT, help="How many paths the simulation has.")
@click.option(
    "--csv", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write the ledger to this file as well."
)
@set_option
@scenarios_option
@json_option
def path(
    deal: str,
    number: int | None,
    rank: str | None,
    by: str,
    seed: int,
    sampler: str | None,
    paths: int | None,
    file: Path | None,
    changes: tuple[str, ...],
    scenarios: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Open one path of a simulation: its figures, what was drawn, and every payment.

    The path is that of `sibmodel run` with the same deal, seed, sampler and paths.
    """
    from sibmodel.one_path import as_data, as_text, open_path, write_ledger
    from sibmodel.results.as_data import plain

    if (number is None) == (rank is None):
        raise click.UsageError("Give --number or --rank: --rank worst, for example.")
    terms, _ = open_deal(deal, changes, scenarios)
    opened = open_path(terms, number, rank, by, seed=seed, sampler=sampler, paths=paths)
    if file is not None:
        write_ledger(opened, file)
    if as_json:
        print_json(plain(as_data(opened)))
        return
    click.echo(as_text(opened))
    if file is not None:
        click.echo(f"\nWrote {file}")
