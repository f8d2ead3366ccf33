"""How often a deal pays for nothing, and misses what works."""

from __future__ import annotations

from pathlib import Path

import click

from sibmodel.options import json_option, open_deal, print_json, scenarios_option, set_option, share_option


@click.command("error-rates")
@click.argument("deal")
@share_option("--target", -1, 0.99, "The true effect that payment is meant for; the lowest threshold unless told.")
@click.option(
    "--paths", type=click.IntRange(100, 10_000_000), default=8_192, show_default=True, help="Paths for each effect."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of the luck.")
@set_option
@scenarios_option
@json_option
def error_rates(
    deal: str,
    target: float | None,
    paths: int,
    seed: int,
    changes: tuple[str, ...],
    scenarios: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Say how often a deal pays for nothing, and misses what works."""
    from sibmodel.analysis.error_rates import error_rates as rates_of
    from sibmodel.views.error_screen import document, screen

    terms, _ = open_deal(deal, changes, scenarios)
    found = rates_of(terms, target, paths=paths, seed=seed)
    if as_json:
        print_json(document(terms, found))
    else:
        click.echo(screen(terms, found))
