"""A deal beside the same service under other contracts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sibmodel.options import (
    again,
    crew_options,
    json_option,
    of_scenario,
    open_deal,
    out_option,
    print_json,
    sampler_option,
    scenarios_option,
    set_option,
)

if TYPE_CHECKING:
    from sibmodel.simulation import Crew


@click.command()
@click.argument("deal")
@click.option("--with", "others", multiple=True, metavar="OTHER", help="Another deal beside it. May be repeated.")
@click.option(
    "--paths", type=click.IntRange(100, 10_000_000), default=16_384, show_default=True, help="Paths to simulate."
)
@sampler_option
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of the luck.")
@set_option
@scenarios_option
@out_option
@crew_options
@json_option
def compare(
    deal: str,
    others: tuple[str, ...],
    paths: int,
    sampler: str | None,
    seed: int,
    changes: tuple[str, ...],
    scenarios: tuple[Path, ...],
    out: Path,
    crew: Crew | None,
    as_json: bool,
) -> None:
    """Compare a deal with a fee for service and with payment by results, on the same paths.

    --set changes DEAL alone. Every OTHER stands beside it as it is written.
    """
    from sibmodel import results
    from sibmodel.deals import opened
    from sibmodel.output import write_results
    from sibmodel.simulation import Execution, helpers
    from sibmodel.views.transfer_screen import screen

    terms, name = open_deal(deal, changes, scenarios)
    beside = []
    for other in others:
        one = opened(other, of_scenario(other, scenarios))
        if one.base_alone:
            raise click.UsageError(_base_alone(deal, other, one.called))
        beside.append((one.called if one.called != name else f"{one.called} as written", one.titled))
    execution = Execution(crew, helpers=helpers)
    done = results.compared(terms, beside, paths, seed, _progress(), sampler, execution)
    assert done.comparison is not None
    data = results.comparison_document(done.comparison)
    written = write_results(done, out, f"{name}-compared", data)
    if as_json:
        print_json(data)
        return
    click.echo(screen(done.comparison))
    click.echo(f"\nWrote {' and '.join(str(file) for file in written)}")
    click.echo(f"\nNext: open {written[0]}, or: sibmodel value {again(deal, scenarios, changes)}")


def _base_alone(deal: str, other: str, called: str) -> str:
    from sibmodel.words import argument

    return (
        f"{called} changes the base case alone, and what is compared here is simulated: its figures would be those of "
        "the deal without the scenario. Change what is believed, or what is signed. What the scenario does to the base "
        f"case: sibmodel diff {argument(deal)} {argument(other)}"
    )


def _progress() -> Callable[[str, int, int], None] | None:
    """A line on the error stream, where somebody is watching."""
    if not sys.stderr.isatty():
        return None

    def show(name: str, done: int, of: int) -> None:
        click.echo(f"\rSharing out the risk of {name}: {done / of:.0%}", nl=done == of, err=True)

    return show
