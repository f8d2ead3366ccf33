"""A deal's value for money."""

from __future__ import annotations

from pathlib import Path

import click

from sibmodel.options import (
    again,
    json_option,
    open_deal,
    out_option,
    print_json,
    sampler_option,
    scenarios_option,
    set_option,
)


@click.command()
@click.argument("deal")
@click.option(
    "--paths", type=click.IntRange(100, 10_000_000), default=16_384, show_default=True, help="Paths to simulate."
)
@sampler_option
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of the luck.")
@set_option
@scenarios_option
@out_option
@json_option
def value(
    deal: str,
    paths: int,
    sampler: str | None,
    seed: int,
    changes: tuple[str, ...],
    scenarios: tuple[Path, ...],
    out: Path,
    as_json: bool,
) -> None:
    """Say what a deal costs its commissioner, by year and by outcome, and what that is worth."""
    from sibmodel import results
    from sibmodel.output import write_results
    from sibmodel.views.value_screen import screen

    terms, name = open_deal(deal, changes, scenarios)
    done = results.valued(terms, paths, seed, sampler)
    assert done.value is not None
    data = results.value_document(done.value)
    written = write_results(done, out, f"{name}-value", data)
    if as_json:
        print_json(data)
        return
    click.echo(screen(done.value))
    click.echo(f"\nWrote {' and '.join(str(file) for file in written)}")
    click.echo(f"\nNext: open {written[0]}, or: sibmodel compare {again(deal, scenarios, changes)}")
