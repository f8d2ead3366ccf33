"""Verbs that answer a question about a deal, or about what is known: error rates, evidence, priors."""

from __future__ import annotations

from typing import Any

import click

from sibmodel.options import json_option, open_deal, print_json, set_option, share_option


@click.command("error-rates")
@click.argument("deal")
@share_option("--target", -1, 0.99, "The true effect that payment is meant for; the lowest threshold unless told.")
@click.option(
    "--paths", type=click.IntRange(100, 10_000_000), default=8_192, show_default=True, help="Paths for each effect."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of the luck.")
@set_option
@json_option
def error_rates(
    deal: str, target: float | None, paths: int, seed: int, changes: tuple[str, ...], as_json: bool
) -> None:
    """Say how often a deal pays for nothing, and misses what works."""
    from sibmodel.analysis.error_rates import error_rates as rates_of
    from sibmodel.views.error_screen import document, screen

    terms, _ = open_deal(deal, changes)
    found = rates_of(terms, target, paths=paths, seed=seed)
    if as_json:
        print_json(document(terms, found))
    else:
        click.echo(screen(terms, found))


@click.command()
@click.argument("words", nargs=-1)
@click.option("--kind", help="One kind of figure: effect, base rate, dispersion, unit cost, lag, volume, deal fact.")
@click.option("--source", metavar="ID", help="One source.")
@json_option
def evidence(words: tuple[str, ...], kind: str | None, source: str | None, as_json: bool) -> None:
    """Find published figures, by words, or one by its id.

    Every row names its source and how sure we are of it: read in the source itself, read elsewhere, or derived.
    """
    from sibmodel.evidence import library, listing

    alone = words[0] if len(words) == 1 and kind is None and source is None else ""
    if alone in {entry.id for entry in library.entries()}:
        found, text = [library.find(alone)], listing.full
    elif alone in {one.id for one in library.sources()}:
        found, text = list(library.search(source_id=alone)), listing.source_text
    else:
        found, text = list(library.search(words, kind=kind, source_id=source)), listing.table
    if as_json:
        print_json(listing.document(found))
    else:
        click.echo(text(found))


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
