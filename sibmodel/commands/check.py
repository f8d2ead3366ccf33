"""What is wrong in a deal file, and what to be careful about."""

from __future__ import annotations

from pathlib import Path

import click

from sibmodel.options import again, json_option, open_deal, print_json, scenarios_option, set_option


@click.command()
@click.argument("deal")
@set_option
@scenarios_option
@json_option
def check(deal: str, changes: tuple[str, ...], scenarios: tuple[Path, ...], as_json: bool) -> None:
    """Check a deal file: every fault at once, and cautions."""
    from sibmodel.cautions import cautions
    from sibmodel.model import build
    from sibmodel.scenario_files import said_of_files
    from sibmodel.views.kinds import paragraph
    from sibmodel.words import money

    terms, _ = open_deal(deal, changes, scenarios)
    found = cautions(build(terms))
    if as_json:
        listed = [{"name": one.name, "file": one.file or None} for one in terms.scenarios]
        told = [one.__dict__ for one in found]
        print_json({"deal": terms.name, "problems": [], "cautions": told, "scenarios": listed})
        return
    committed = sum(tranche.commitment for tranche in terms.funding.tranches)
    cohorts = len(terms.cohorts)
    said = "no cautions" if not found else f"{len(found)} caution{'' if len(found) == 1 else 's'}"
    click.echo(
        f"No faults, {said}. {terms.name}: {cohorts} cohort{'' if cohorts == 1 else 's'}, {terms.start} to "
        f"{terms.start.plus(terms.months - 1)}, {money(committed)} committed."
    )
    for line in said_of_files(terms):
        click.echo(f"  {line}")
    for one in found:
        click.echo(paragraph(f"Caution  {one.path}  {one.message}"))
    click.echo(f"\nNext: sibmodel run {again(deal, scenarios, changes)}")
