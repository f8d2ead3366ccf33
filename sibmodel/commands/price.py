"""A term solved for a target."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sibmodel.options import (
    PATHS_TEXT,
    json_option,
    open_deal,
    print_json,
    sampler_option,
    scenarios_option,
    set_option,
    share_option,
)


@click.command()
@click.argument("deal")
@click.option("--solve", metavar="TERM", help="What is varied: a number of the deal, or TERM=LOWEST..HIGHEST.")
@click.option("--target", metavar="TARGET", help='What is asked: "irr = 5%", "mean npv = 0", "P(loss) <= 20%".')
@click.option("--subject-to", multiple=True, metavar="TARGET", help="Something else that is wanted. May be repeated.")
@click.option(
    "--in-proportion", multiple=True, metavar="TERM", help="A term that moves in proportion to it. May be repeated."
)
@click.option("--along", metavar="TERM=VALUES", help="Solve at each of several values of another term: 0..10%:5.")
@click.option("--bidders", type=click.IntRange(1, 1000), help="How many bid, to see what winning would say.")
@share_option("--estimate", -1, 0.99, "Your estimate of the effect; the deal's base case unless told.")
@share_option("--estimate-error", 0.0001, 1, "Its standard error; 12 points is a pilot of 200 people.", "12%")
@click.option("--paths", type=click.IntRange(2, 10_000_000), show_default=PATHS_TEXT, help="Paths to simulate.")
@sampler_option
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of the luck.")
@set_option
@scenarios_option
@json_option
def price(deal: str, changes: tuple[str, ...], scenarios: tuple[Path, ...], as_json: bool, **options: Any) -> None:
    """Find the price, or any other term, at which a deal reaches a target.

    Targets are of the base case ("irr = 5%"), of the simulation ("mean npv = 0", "p95 bill <= £6m"), or chances
    ("P(investor irr >= 5%) >= 80%").
    """
    if (options["solve"] is None) != (options["target"] is None):
        raise click.UsageError("--solve and --target belong together: what is varied, and what is asked of it.")
    if options["solve"] is None and options["bidders"] is None:
        raise click.UsageError(
            'Say what is varied and what is asked: --solve payments[0].price --target "irr = 5%". Or ask what winning '
            "would say: --bidders 5."
        )
    terms, _ = open_deal(deal, changes, scenarios)
    screens: list[str] = []
    data: dict[str, Any] = {}
    if options["solve"] is not None:
        _solve(terms, deal, options, screens, data)
    if options["bidders"] is not None:
        _curse(terms, options, screens, data)
    if as_json:
        from sibmodel.results.as_data import plain as finite

        print_json(finite(data))
    else:
        click.echo("\n\n".join(screens))


def _solve(terms: Any, name: str, options: dict[str, Any], screens: list[str], data: dict[str, Any]) -> None:
    from sibmodel.analysis.price import frontier, solve
    from sibmodel.views import price as view
    from sibmodel.views import price_document as plain

    asked = {key: options[key] for key in ("subject_to", "in_proportion", "paths", "seed", "sampler")}
    if options["along"] is not None:
        points = frontier(terms, options["solve"], options["target"], options["along"], **asked)
        screens.append(view.frontier_screen(points))
        data["frontier"] = plain.frontier_document(points)
        return
    found = solve(terms, options["solve"], options["target"], **asked)
    screens.append(view.screen(found, name))
    data |= plain.document(found)


def _curse(terms: Any, options: dict[str, Any], screens: list[str], data: dict[str, Any]) -> None:
    from sibmodel.analysis.price import bid_at_risk
    from sibmodel.views import price as view
    from sibmodel.views import price_document as plain

    found = bid_at_risk(terms, options["bidders"], options["estimate_error"], options["estimate"])
    screens.append(view.curse_screen(*found))
    data["winners_curse"] = plain.curse_document(*found)
    if options["solve"] is None or options["along"] is not None:
        return
    from sibmodel.analysis.price import solve, with_effect

    believed = found[-1][-1]
    there = with_effect(terms, believed.given_winning, believed.spread)
    asked = {key: options[key] for key in ("in_proportion", "paths", "seed", "sampler")}
    again = solve(there, options["solve"], options["target"], parties=False, **asked)
    words = " ".join(view.answer(again)[: 1 if again.answer else 2])
    others = believed.bidders - 1
    screens.append(f"  Believing what whoever wins against {others} others should believe of the effect:\n  {words}")
    data["winners_curse"]["solved"] = plain.document(again)
