"""What the verbs of the command share: options, how a deal is opened, how an answer is printed as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sibmodel.deal import Deal


def print_json(data: Any) -> None:
    """An answer for programs, alone on the screen."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False))


json_option = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON alone.")
sampler_option = click.option(
    "--sampler",
    type=click.Choice(["random", "latin", "sobol"]),
    show_default="sobol; random where --paths is no power of two from 1024 on",
    help="How what is uncertain is drawn: pseudo-random, Latin hypercube, or scrambled Sobol' sequence.",
)
plain_sampler_option = click.option(
    "--sampler",
    type=click.Choice(["random", "latin", "sobol"]),
    show_default="random",
    help="How what is uncertain is drawn: pseudo-random, Latin hypercube, or scrambled Sobol' sequence.",
)
PLAIN_PATHS_TEXT = "10000; 16384 for latin and sobol"
"""Of commands that draw pseudo-randomly unless told."""
PATHS_TEXT = "16384; 10000 for random"
"""Paths of a simulation unless told, for a help text."""
set_option = click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change a term for this run, for example --set payments[0].price=12000. May be repeated.",
)
scenarios_option = click.option(
    "--scenarios",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A file of more scenarios of the deal. DEAL.scenarios.yaml beside it is read by itself. May be repeated.",
)
out_option = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out"),
    show_default=True,
    help="Where to write.",
)
asked_out_option = click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Write a workbook with all of it there, and JSON."
)
"""Of commands whose answer hangs on what is asked, again and again: they write only where they are told to."""
engine_option = click.option(
    "--engine",
    type=click.Choice(["tape", "arrays", "numba"]),
    help="What calculates the paths; the fastest one unless told. The figures are the same. "
    'numba needs the extra: pip install "sibmodel[fast]".',
)


def crew_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Who calculates, as the argument `crew`: None for this process alone, or with helpers where it takes long."""

    @wraps(command)
    def with_crew(workers: int | None, threads: int | None, cluster: str | None, **options: Any) -> Any:
        from sibmodel import simulation

        if sum(one is not None for one in (workers, threads, cluster)) > 1:
            raise click.UsageError("Give one of --workers, --threads and --cluster.")
        crew = None
        if workers is not None:
            crew = simulation.here() if workers == 1 else simulation.processes(workers)
        elif threads is not None:
            crew = simulation.threads(threads)
        elif cluster is not None:
            crew = simulation.cluster(cluster)
        return command(crew=crew, **options)

    for option in reversed(_CREW):
        with_crew = option(with_crew)
    return with_crew


_CREW = (
    click.option(
        "--workers",
        type=click.IntRange(1, 61),
        show_default="1, and one for each processor where it takes long",
        help="Processes that calculate. The figures are the same for any number.",
    ),
    click.option("--threads", type=click.IntRange(1, 1024), help="Threads that calculate, instead of processes."),
    click.option(
        "--cluster", metavar="ADDRESS", help="A Dask cluster that calculates, by its scheduler: tcp://host:port."
    ),
)


def again(deal: str, scenarios: tuple[Path, ...], changes: tuple[str, ...]) -> str:
    """The deal, the files of scenarios and the changes that it was opened with, for a command that is to follow."""
    from sibmodel.words import argument

    files = (f"--scenarios {argument(str(file))}" for file in scenarios)
    return " ".join([argument(deal), *files, *(f"--set {argument(change)}" for change in changes)])


def of_scenario(deal: str, scenarios: tuple[Path, ...]) -> tuple[Path, ...]:
    """The files of scenarios, where one of these is asked for: they may fit one of several deals alone."""
    return scenarios if "@" in deal else ()


def open_deal(name: str, changes: tuple[str, ...], scenarios: tuple[Path, ...]) -> tuple[Deal, str]:
    """The deal, with the scenarios of --scenarios and the changes of --set."""
    from sibmodel.deals import find

    deal, short = find(name, scenarios)
    return changed(deal, changes), short


def changed(deal: Deal, changes: tuple[str, ...]) -> Deal:
    """The deal with the changes of --set."""
    for change in changes:
        path, equals, value = change.partition("=")
        if not equals or not path.strip() or not value.strip():
            raise click.UsageError(f"--set takes PATH=VALUE, for example payments[0].price=12000, not '{change}'.")
        deal = deal.replace(path.strip(), value.strip())
    return deal


def _share_in(lowest: float, highest: float) -> Callable[[click.Context, click.Parameter, str | None], float | None]:
    """A callback that reads an option as a share within a range: 0.10 or 10%."""

    def read(_context: click.Context, _option: click.Parameter, text: str | None) -> float | None:
        from dataclasses import replace

        from pydantic_core import PydanticCustomError

        from sibmodel.quantities import SHARE_OF_ANY_SIGN

        try:
            within = replace(SHARE_OF_ANY_SIGN, minimum=lowest, maximum=highest)
            return None if text is None else float(within.read(text))
        except PydanticCustomError as error:
            raise click.BadParameter(str(error)) from None

    return read


def share_option(
    name: str, lowest: float, highest: float, sentence: str, default: str | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    shown = default is not None
    read = _share_in(lowest, highest)
    return click.option(name, metavar="SHARE", default=default, show_default=shown, callback=read, help=sentence)
