"""Two deals, and what lies between them."""

from __future__ import annotations

from pathlib import Path

import click

from sibmodel.options import (
    asked_out_option,
    changed,
    json_option,
    of_scenario,
    print_json,
    scenarios_option,
    set_option,
)


@click.command()
@click.argument("deal")
@click.argument("other", required=False)
@click.option(
    "--paths", type=click.IntRange(100, 1_000_000), default=4_096, show_default=True, help="Paths to simulate."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of the luck.")
@set_option
@scenarios_option
@asked_out_option
@json_option
def diff(
    deal: str,
    other: str | None,
    paths: int,
    seed: int,
    changes: tuple[str, ...],
    scenarios: tuple[Path, ...],
    out: Path | None,
    as_json: bool,
) -> None:
    """Say what differs between two deals, and what each change does to the headline figures.

    OTHER is DEAL itself unless given; --set changes OTHER alone. A scenario of a deal is DEAL@SCENARIO.
    """
    from sibmodel.analysis.differences import difference
    from sibmodel.deals import opened
    from sibmodel.output import write_pages
    from sibmodel.views.difference_sheet import difference as page
    from sibmodel.views.differences import as_data, screen

    if other is None and not changes:
        raise click.UsageError("Name another deal, a scenario (DEAL@Low), or a change with --set.")
    first, last = (opened(one, of_scenario(one, scenarios)) for one in (deal, other or deal))
    names = (first.called, last.called) if other is None or first.called != last.called else (deal, other)
    if changes:
        names = (names[0], f"{names[1]} with {', '.join(changes)}")
    found = difference(names, first.deal, changed(last.deal, changes), paths, seed)
    written: list[Path] = []
    if out is not None:
        written = write_pages(out, f"{first.short}-difference", page(found), first.deal.name, as_data(found))
    if as_json:
        print_json(as_data(found))
        return
    click.echo(screen(found))
    if written:
        click.echo(f"\nWrote {' and '.join(str(file) for file in written)}")
