"""The example deals."""

from __future__ import annotations

import click

from sibmodel.options import json_option, print_json


@click.command()
@json_option
def examples(as_json: bool) -> None:
    """List the example deals."""
    from sibmodel.deals import examples as all_examples

    found = [(one.name, one.deal()) for one in all_examples()]
    if as_json:
        print_json([{"name": name, "title": deal.name, "description": deal.description} for name, deal in found])
        return
    for name, deal in found:
        click.echo(f"{name:<20} {deal.name}")
        click.echo(click.wrap_text(deal.description or "", 100, " " * 21, " " * 21))
    click.echo(f"\nNext: sibmodel run {found[0][0]}")
