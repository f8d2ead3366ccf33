"""A deal run: base case, simulation, workbook."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sibmodel.options import (
    PATHS_TEXT,
    again,
    crew_options,
    engine_option,
    json_option,
    open_deal,
    out_option,
    print_json,
    sampler_option,
    scenarios_option,
    set_option,
)

if TYPE_CHECKING:
    from sibmodel.simulation import Crew, EngineName

STOPPED = 130
"""The command's status where Ctrl-C stopped it with what was done, as shells have it."""


def _numbers(_context: click.Context, _option: click.Parameter, text: str | None) -> tuple[int, ...]:
    """Numbers of paths, with commas between them."""
    try:
        found = tuple(int(part) for part in (text or "").split(",") if part.strip())
    except ValueError:
        raise click.BadParameter(f"'{text}' is not numbers with commas between them, such as 17,4711.") from None
    if any(number < 1 for number in found):
        raise click.BadParameter("paths are counted from 1.")
    return found


@click.command()
@click.argument("deal")
@click.option(
    "--paths", type=click.IntRange(1, 1_000_000_000), default=None, show_default=PATHS_TEXT, help="Paths to simulate."
)
@click.option(
    "--until",
    "error",
    metavar="FIGURE±ERROR",
    help='Go on until a standard error is reached, as in "probability_of_loss ± 0.005" or "mean npv +- 20000"; '
    "--paths is then the most to take, a million unless told.",
)
@sampler_option
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of the luck.")
@set_option
@scenarios_option
@out_option
@click.option(
    "--paths-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write every path's figures to a .parquet or .csv file.",
)
@click.option(
    "--checkpoint",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Keep progress in a file every half minute; a run that finds it goes on from there.",
)
@click.option(
    "--replay",
    metavar="PATHS",
    callback=_numbers,
    help="Paths by number, such as 17,4711, that the workbook can put through beside those that it always can.",
)
@crew_options
@engine_option
@json_option
def run(
    deal: str,
    paths: int | None,
    error: str | None,
    sampler: str | None,
    seed: int,
    changes: tuple[str, ...],
    scenarios: tuple[Path, ...],
    out: Path,
    paths_file: Path | None,
    checkpoint: Path | None,
    crew: Crew | None,
    replay: tuple[int, ...],
    engine: EngineName | None,
    as_json: bool,
) -> None:
    """Run a deal: base case, simulation, workbook."""
    from sibmodel import results
    from sibmodel.commands.watching import progress, stopping
    from sibmodel.output import refuse_to_write_over, write_results
    from sibmodel.simulation import Execution, helpers, sampling, usual
    from sibmodel.simulation.export import add_block
    from sibmodel.simulation.export import paths_file as opened
    from sibmodel.views.summary import summary

    if paths_file is not None and checkpoint is not None:
        raise click.UsageError("--paths-file and --checkpoint do not go together: a run that goes on has no paths yet.")
    terms, name = open_deal(deal, changes, scenarios)
    refuse_to_write_over(deal, out, name)
    sampler = sampler or (usual(paths) if error is None else "random")
    known = None if error is not None else sampling(sampler, paths).paths
    with ExitStack() as stack:
        each = None if paths_file is None else partial(add_block, stack.enter_context(opened(paths_file, seed)))
        execution = Execution(
            crew, helpers=helpers, stop=stack.enter_context(stopping()), checkpoint=checkpoint, each=each
        )
        done = results.run(terms, paths, seed, progress(known), engine, sampler, error, execution)
    written = write_results(done, out, name, replay=replay)
    if as_json:
        print_json(results.document(done))
    else:
        written += [] if paths_file is None else [paths_file]
        click.echo(summary(done))
        click.echo(f"\nWrote {' and '.join(str(file) for file in written)}")
        same = again(deal, scenarios, changes)
        click.echo(f'\nNext: open {written[0]}, or: sibmodel explain {same} "Outcome payments"')
    if done.simulation.stopped is not None and done.simulation.stopped.by == "hand":
        sys.exit(STOPPED)
