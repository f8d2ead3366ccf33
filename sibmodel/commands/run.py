"""A deal run: base case, simulation, workbook."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sibmodel.options import PATHS_TEXT, engine_option, json_option, open_deal, print_json, sampler_option, set_option

if TYPE_CHECKING:
    from sibmodel.simulation import EngineName


@click.command()
@click.argument("deal")
@click.option(
    "--paths", type=click.IntRange(1, 100_000_000), default=None, show_default=PATHS_TEXT, help="Paths to simulate."
)
@sampler_option
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of the luck.")
@set_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out"),
    show_default=True,
    help="Where to write.",
)
@engine_option
@json_option
def run(
    deal: str,
    paths: int | None,
    sampler: str,
    seed: int,
    changes: tuple[str, ...],
    out: Path,
    engine: EngineName | None,
    as_json: bool,
) -> None:
    """Run a deal: base case, simulation, workbook."""
    from sibmodel import results
    from sibmodel.output import refuse_to_write_over, write_results
    from sibmodel.simulation import sampling
    from sibmodel.views.summary import summary

    terms, name = open_deal(deal, changes)
    refuse_to_write_over(deal, out, name)
    spread = sampling(sampler, paths)
    done = results.run(terms, spread.paths, seed, _progress(spread.paths), engine, sampler)
    written = write_results(done, out, name)
    if as_json:
        print_json(results.document(done))
        return
    click.echo(summary(done))
    click.echo(f"\nWrote {' and '.join(str(file) for file in written)}")
    click.echo(f'\nNext: open {written[0]}, or: sibmodel explain {deal} "Outcome payments"')


def _progress(paths: int) -> Callable[[int, int], None] | None:
    """A line on the error stream for long work, where somebody is watching."""
    if not sys.stderr.isatty() or paths < 50_000:
        return None

    def show(done: int, of: int) -> None:
        end = "\n" if done == of else ""
        click.echo(f"\rSimulating: {done:,} of {of:,} paths", nl=False, err=True)
        click.echo(end, nl=False, err=True)

    return show
