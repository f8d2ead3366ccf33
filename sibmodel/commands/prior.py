"""What to believe of a service's effect."""

from __future__ import annotations

from typing import Any

import click

from sibmodel.options import json_option, print_json, share_option


@click.command()
@click.argument("name", required=False)
@click.option("--rows", metavar="ID,ID", help="Effects of the library, pooled into a prior instead of one by name.")
@share_option("--haircut", 0, 1, "Share of the pooled mean to keep, against the optimism of small studies; 75%, say.")
@share_option("--base-rate", 0.001, 0.999, "Share who reoffend, to convert odds at.", "55.7%")
@share_option("--pilot", -1, 0.99, "Reduction that a pilot of your own showed.")
@click.option("--pilot-people", type=click.IntRange(1, 10_000_000), help="People that it served.")
@click.option(
    "--baseline", type=click.FloatRange(0.001, 1000), default=1.55, show_default=True, help="Events a person, compared."
)
@click.option(
    "--dispersion", type=click.FloatRange(0.001, 1000), default=0.7, show_default=True, help="Shape of their count."
)
@share_option("--matching-error", 0, 1, "What matching leaves out, in the pilot and in studies not randomised.", "5%")
@share_option("--delivery", 0, 1, "Share of the effect that is kept in delivery at scale; 75%, say.")
@share_option("--bid", -1, 0.99, "A reduction that somebody promises, to see how bold it is.")
@json_option
def prior(name: str | None, rows: str | None, pilot: float | None, pilot_people: int | None, **options: Any) -> None:
    """Say what to believe of a service's effect: by a prior, published effects, a pilot.

    NAME is sceptical, neutral, library or favourable; without it, all four.
    """
    from sibmodel.evidence import answers, saying
    from sibmodel.evidence.pilots import Pilot

    if name is not None and rows is not None:
        raise click.UsageError("Name a prior, or rows of the library, not both.")
    if (pilot is None) != (pilot_people is None):
        raise click.UsageError("--pilot and --pilot-people belong together: a result, and how many people it is from.")
    if options["haircut"] is not None and rows is None:
        raise click.UsageError("--haircut is for pooled rows: name them with --rows.")
    error = options["matching_error"]
    then: dict[str, Any] = {"pilot": None, "kept": options["delivery"]}
    if pilot is not None and pilot_people is not None:
        then["pilot"] = Pilot(pilot, pilot_people, options["baseline"], options["dispersion"], error)
    if rows is not None:
        haircut = 1.0 if options["haircut"] is None else options["haircut"]
        wanted = [one for one in rows.split(",") if one.strip()]
        rate = options["base_rate"]
        found = [answers.pooled_answer(wanted, matching_error=error, haircut=haircut, base_rate=rate, **then)]
    elif name is not None:
        found = [answers.answer(name, **then)]
    else:
        found = list(answers.answers(**then))
    if options["as_json"]:
        print_json(saying.document(found, options["bid"]))
    else:
        click.echo(saying.screen(found, options["bid"]))
