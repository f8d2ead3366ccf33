"""What moves a deal's figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sibmodel.options import (
    PLAIN_PATHS_TEXT,
    again,
    asked_out_option,
    json_option,
    open_deal,
    plain_sampler_option,
    print_json,
    scenarios_option,
    set_option,
)


@click.command()
@click.argument("deal")
@click.option("--of", "asked", multiple=True, help="A figure or an event: npv, loss, median irr. Repeatable.")
@click.option("--stress", type=click.Path(path_type=Path), help="A file of stresses, instead of the usual ones.")
@click.option("--breach", default="loss", show_default=True, help="The event to look back from.")
@click.option("--break-even", multiple=True, metavar="TERM", help="An input to turn; the usual ones unless told.")
@click.option("--goal", default="npv = 0", show_default=True, help="What the break-evens reach, in the base case.")
@click.option(
    "--two-way",
    nargs=2,
    metavar="TERM=VALUES TERM=VALUES",
    help="The goal's figure by two inputs: 5%..15%:5, or 5%,10%.",
)
@click.option("--paths", type=click.IntRange(64, 10_000_000), show_default=PLAIN_PATHS_TEXT, help="Paths to simulate.")
@plain_sampler_option
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of the luck.")
@asked_out_option
@set_option
@scenarios_option
@json_option
def sensitivity(
    deal: str, changes: tuple[str, ...], scenarios: tuple[Path, ...], as_json: bool, **options: Any
) -> None:
    """Say what moves a deal's figures most, and what it takes to turn them.

    Tornado, spider and Sobol' indices of its drivers, break-evens, stress scenarios, and what the paths that go wrong
    have in common. `sibmodel run` has a brief form of it in every workbook.
    """
    from sibmodel import results
    from sibmodel.analysis.sensitivity import USUAL, goal_of, read_stresses, whole
    from sibmodel.model import build
    from sibmodel.results.as_data import plain
    from sibmodel.results.sensitivity import sensitivity as document
    from sibmodel.views.sensitivity_screen import screen

    terms, name = open_deal(deal, changes, scenarios)
    model = build(terms)
    found = whole(
        model,
        options["asked"] or USUAL,
        None if options["stress"] is None else read_stresses(options["stress"]),
        options["breach"],
        options["break_even"],
        goal_of(options["goal"], model),
        options["paths"],
        options["seed"],
        options["sampler"],
        table=options["two_way"],
    )
    written: list[Path] = []
    if options["out"] is not None:
        from sibmodel.output import write_results

        written = write_results(results.of_sensitivity(found), options["out"], f"{name}-sensitivity")
    if as_json:
        print_json(plain({"deal": terms.name, **document(found)}))
        return
    click.echo(screen(terms.name, found))
    if written:
        click.echo(f"\nWrote {' and '.join(str(file) for file in written)}")
    opened = again(deal, scenarios, changes)
    click.echo(f'\nNext: sibmodel price {opened} --solve "payments[0].price" --target "mean npv = 0"')
