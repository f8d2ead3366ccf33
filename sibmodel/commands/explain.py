"""Where a line comes from."""

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
@click.argument("line")
@click.option("--period", metavar="YYYY-MM", help="The month; the last with any amount unless told.")
@click.option("--path", type=click.IntRange(1), help="A path of the simulation; the base case unless told.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of that simulation.")
@sampler_option
@click.option("--paths", type=click.IntRange(1), show_default=PATHS_TEXT, help="How many paths it has.")
@click.option(
    "--depth", type=click.IntRange(0, 20), default=1, show_default=True, help="Levels of lines that it comes from."
)
@set_option
@scenarios_option
@json_option
def explain(
    deal: str,
    line: str,
    period: str | None,
    path: int | None,
    seed: int,
    sampler: str | None,
    paths: int | None,
    depth: int,
    changes: tuple[str, ...],
    scenarios: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Explain a line: its formula in names, its value, and the lines that it comes from."""
    from sibmodel.audit import explanation, explanation_text

    terms, _ = open_deal(deal, changes, scenarios)
    found = explanation(terms, line, period=period, path=path, seed=seed, depth=depth, sampler=sampler, paths=paths)
    if as_json:
        print_json(found.as_dict())
    else:
        click.echo(explanation_text(found, terms))
