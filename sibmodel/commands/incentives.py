"""What a deal rewards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sibmodel.options import json_option, open_deal, out_option, print_json, scenarios_option, set_option

if TYPE_CHECKING:
    from sibmodel.analysis.incentives import Band


@click.command()
@click.argument("deal")
@click.option(
    "--band",
    "bands",
    multiple=True,
    metavar="NAME=EVENTS[:COST]",
    help="A band of risk: events a person, and what serving one costs, such as Prolific=8:£2,400. May be repeated.",
)
@click.option(
    "--paths", type=click.IntRange(100, 1_000_000), default=8_192, show_default=True, help="Paths for each effect."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of the luck.")
@set_option
@scenarios_option
@out_option
@json_option
def incentives(
    deal: str,
    bands: tuple[str, ...],
    paths: int,
    seed: int,
    changes: tuple[str, ...],
    scenarios: tuple[Path, ...],
    out: Path,
    as_json: bool,
) -> None:
    """Say what one more outcome earns where, and whom it pays to serve.

    Dead zones, cliffs and caps that tire; pay against cost to serve by band of risk; the value of early payment.
    """
    from sibmodel.analysis.incentives import incentives as incentives_of
    from sibmodel.output import write_all
    from sibmodel.views.incentives import incentives as view
    from sibmodel.views.incentives_screen import as_data, screen
    from sibmodel.workbook.loose import write_views

    terms, name = open_deal(deal, changes, scenarios)
    found = incentives_of(terms, paths=paths, seed=seed, bands=[_band(one) for one in bands])
    written = write_all(out, {f"{name}-incentives.xlsx": lambda path: write_views([view(found)], terms.name, path)})
    if as_json:
        print_json(as_data(found))
        return
    click.echo(screen(found))
    click.echo(f"\nWrote {written[0]}")


def _band(text: str) -> Band:
    from pydantic_core import PydanticCustomError

    from sibmodel.analysis.incentives import Band
    from sibmodel.quantities import MONEY, NUMBER

    name, equals, rest = text.partition("=")
    events, colon, cost = rest.partition(":")
    try:
        if not equals or not name.strip():
            raise ValueError
        found = Band(name.strip(), float(NUMBER.read(events)), float(MONEY.read(cost)) if colon else float("nan"))
    except (ValueError, PydanticCustomError):
        raise click.UsageError(
            f"--band takes NAME=EVENTS or NAME=EVENTS:COST, such as Prolific=8:£2,400, not '{text}'."
        ) from None
    if found.events <= 0 or found.cost <= 0:
        raise click.UsageError(f"--band {text}: events and cost are above nil.")
    return found
