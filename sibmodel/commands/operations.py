"""What a simulation calculates."""

from __future__ import annotations

from pathlib import Path

import click

from sibmodel.options import json_option, open_deal, print_json, scenarios_option, set_option


@click.command()
@click.argument("deal")
@click.argument("line", required=False)
@set_option
@scenarios_option
@json_option
def operations(
    deal: str, line: str | None, changes: tuple[str, ...], scenarios: tuple[Path, ...], as_json: bool
) -> None:
    """List what a simulation calculates: its operations counted by kind and line, or those of one LINE month by
    month."""
    from sibmodel.audit import find_line
    from sibmodel.model import build
    from sibmodel.simulation.listed import listed, listed_text, steps_text

    terms, _ = open_deal(deal, changes, scenarios)
    model = build(terms)
    found = listed(model)
    if line is not None:
        one = find_line(model, line)
        if as_json:
            steps = [{"row": step.row, "period": step.period, "operation": step.text} for step in found.steps(one)]
            print_json({"deal": terms.name, "line": one.key, "steps": steps})
        else:
            click.echo(steps_text(found, one, terms))
    elif as_json:
        print_json(found.as_dict())
    else:
        click.echo(listed_text(found))
