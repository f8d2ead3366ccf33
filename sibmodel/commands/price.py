"""A term solved for a target."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    share_option,
)

if TYPE_CHECKING:
    from sibmodel.deal import Deal
    from sibmodel.views.common import View


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
@click.option("--paths", type=click.IntRange(2, 10_000_000), show_default=PLAIN_PATHS_TEXT, help="Paths to simulate.")
@plain_sampler_option
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of the luck.")
@set_option
@scenarios_option
@asked_out_option
@json_option
def price(
    deal: str,
    changes: tuple[str, ...],
    scenarios: tuple[Path, ...],
    out: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
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
    terms, name = open_deal(deal, changes, scenarios)
    screens: list[str] = []
    views: list[View] = []
    data: dict[str, Any] = {"changes": list(changes)} if changes else {}
    if options["solve"] is not None:
        asked = {**options, "changes": changes, "opened": again(deal, scenarios, changes)}
        _solve(terms, asked, screens, views, data)
    if options["bidders"] is not None:
        _curse(terms, options, screens, views, data)
    from sibmodel.results.as_data import plain as finite

    written: list[Path] = []
    if out is not None:
        from sibmodel.output import write_pages

        written = write_pages(out, f"{name}-price", views, terms.name, finite(data))
    if as_json:
        print_json(finite(data))
        return
    click.echo("\n\n".join(screens))
    if written:
        click.echo(f"\nWrote {' and '.join(str(file) for file in written)}")


def _solve(terms: Deal, options: dict[str, Any], screens: list[str], views: list[View], data: dict[str, Any]) -> None:
    from sibmodel.analysis.price import frontier, solve
    from sibmodel.views import price as view
    from sibmodel.views import price_document as plain
    from sibmodel.views.frontier_screen import frontier_screen
    from sibmodel.views.frontier_sheet import frontier as frontier_page
    from sibmodel.views.price_sheet import price as page

    asked = {key: options[key] for key in ("subject_to", "in_proportion", "paths", "seed", "sampler")}
    if options["along"] is not None:
        points = frontier(terms, options["solve"], options["target"], options["along"], **asked)
        screens.append(frontier_screen(points, options["changes"]))
        views.append(frontier_page(points, options["changes"]))
        data["frontier"] = plain.frontier_document(points)
        return
    found = solve(terms, options["solve"], options["target"], **asked)
    screens.append(view.screen(found, options["opened"], options["changes"]))
    views.append(page(found, options["changes"]))
    data |= plain.document(found)


def _curse(terms: Deal, options: dict[str, Any], screens: list[str], views: list[View], data: dict[str, Any]) -> None:
    from sibmodel.analysis.price import bid_at_risk, solve, with_effect
    from sibmodel.views import price as view
    from sibmodel.views import price_document as plain
    from sibmodel.views.curse_sheet import winners_curse as page
    from sibmodel.views.kinds import paragraph

    found = bid_at_risk(terms, options["bidders"], options["estimate_error"], options["estimate"])
    screens.append(view.curse_screen(found))
    data["winners_curse"] = plain.curse_document(found)
    if options["solve"] is None or options["along"] is not None:
        views.append(page(found))
        return
    believed = found.asked
    there = with_effect(terms, believed.given_winning, believed.spread)
    asked = {key: options[key] for key in ("in_proportion", "paths", "seed", "sampler")}
    again = solve(there, options["solve"], options["target"], parties=False, **asked)
    words = " ".join(view.answer(again, view.by_command(again))[: 1 if again.answer else 2])
    others = believed.bidders - 1
    believing = f"Believing what whoever wins against {others} other{'' if others == 1 else 's'} should of the effect:"
    screens.append(paragraph(f"{believing} {words}"))
    views.append(page(found, again))
    data["winners_curse"]["solved"] = plain.document(again)
