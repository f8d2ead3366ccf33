"""The command `sibmodel`: thin, and outermost. Each verb imports what it needs when it is called."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sibmodel import __version__
from sibmodel.errors import DealError, NotFoundError, OutputError, SibmodelError
from sibmodel.options import (
    PATHS_TEXT,
    engine_option,
    json_option,
    open_deal,
    print_json,
    sampler_option,
    set_option,
)  # fmt: skip
from sibmodel.questions import error_rates, evidence, prior

if TYPE_CHECKING:
    from sibmodel.simulation import EngineName

DEAL_IS_WRONG, COMMAND_IS_WRONG = 1, 2


class Verbs(click.Group):
    """A group whose errors are sentences: a wrong deal ends with 1, a wrong command with 2, and nothing with a
    traceback."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        try:
            return super().main(*arguments, **options)
        except DealError as error:
            _say_error(str(error), [problem.__dict__ for problem in error.problems])
            sys.exit(DEAL_IS_WRONG)
        except (NotFoundError, OutputError) as error:
            _say_error(str(error), [])
            sys.exit(COMMAND_IS_WRONG)
        except SibmodelError as error:
            _say_error(str(error), [])
            sys.exit(DEAL_IS_WRONG)

    def resolve_command(self, context: click.Context, arguments: list[str]) -> Any:
        try:
            return super().resolve_command(context, arguments)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(arguments[0], self.list_commands(context), n=1)
            if not near or "Did you mean" in error.message:
                raise
            raise click.UsageError(f"{error.message} Did you mean '{near[0]}'?", context) from None


def _say_error(message: str, problems: list[dict[str, str]]) -> None:
    """To the screen as text; to a program that asked for JSON as JSON."""
    if "--json" in sys.argv[1:]:
        click.echo(json.dumps({"error": message, "problems": problems}, ensure_ascii=False, indent=2))
    else:
        click.echo(message, err=True)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sibmodel")
def main() -> None:
    """Model a social impact bond (social outcomes partnership): who pays what, when, and who carries the risk.

    DEAL is a deal file (YAML) or the name of an example.
    """


@main.command()
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


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--from", "source", default="through-the-gate", metavar="EXAMPLE", help="The example to begin with.")
@json_option
def new(file: Path, source: str, as_json: bool) -> None:
    """Write a new deal file to begin with."""
    from sibmodel.deals import example

    if file.suffix not in (".yaml", ".yml"):
        raise click.UsageError(f"{file} should end in .yaml.")
    text = example(source).text
    try:
        with file.open("x", encoding="utf-8") as writing:
            writing.write(text)
    except FileExistsError:
        raise OutputError(f"{file} exists already. Choose another name, or delete it first.") from None
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}.") from None
    if as_json:
        print_json({"file": str(file), "from": source})
        return
    click.echo(f"Wrote {file}, a copy of {source}. Open it in a text editor and put in your own figures.")
    click.echo(f"\nNext: sibmodel check {file}")


@main.command()
@click.argument("deal")
@set_option
@json_option
def check(deal: str, changes: tuple[str, ...], as_json: bool) -> None:
    """Check a deal file: every fault at once, and cautions."""
    from sibmodel.cautions import cautions
    from sibmodel.model import build
    from sibmodel.words import money

    terms, _ = open_deal(deal, changes)
    found = cautions(build(terms))
    if as_json:
        print_json({"deal": terms.name, "problems": [], "cautions": [one.__dict__ for one in found]})
        return
    committed = sum(tranche.commitment for tranche in terms.funding.tranches)
    cohorts = len(terms.cohorts)
    click.echo(
        f"No problems. {terms.name}: {cohorts} cohort{'' if cohorts == 1 else 's'}, {terms.start} to "
        f"{terms.start.plus(terms.months - 1)}, {money(committed)} committed."
    )
    for one in found:
        click.echo(f"  Caution  {one.path}  {one.message}")
    click.echo(f"\nNext: sibmodel run {deal}")


@main.command()
@click.argument("deal")
@click.option(
    "--paths", type=click.IntRange(1, 100_000_000), default=None, show_default=PATHS_TEXT, help="Paths to simulate."
)
@sampler_option
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of the luck.")
@set_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out"),
    show_default=True,
    help="Where to write.",
)
@engine_option
@json_option
def run(
    deal: str,
    paths: int | None,
    sampler: str,
    seed: int,
    changes: tuple[str, ...],
    out: Path,
    engine: EngineName | None,
    as_json: bool,
) -> None:
    """Run a deal: base case, simulation, workbook."""
    from sibmodel import results
    from sibmodel.output import write_results
    from sibmodel.simulation import sampling
    from sibmodel.views.summary import summary

    terms, name = open_deal(deal, changes)
    spread = sampling(sampler, paths)
    done = results.run(terms, spread.paths, seed, _progress(spread.paths), engine, sampler)
    written = write_results(done, out, name)
    if as_json:
        print_json(results.document(done))
        return
    click.echo(summary(done))
    click.echo(f"\nWrote {' and '.join(str(file) for file in written)}")
    click.echo(f'\nNext: open {written[0]}, or: sibmodel explain {deal} "Outcome payments"')


@main.command()
@click.argument("deal")
@click.argument("line")
@click.option("--period", metavar="YYYY-MM", help="The month; the last with any amount unless told.")
@click.option("--path", type=click.IntRange(1), help="A path of the simulation; the base case unless told.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed of that simulation.")
@sampler_option
@click.option("--paths", type=click.IntRange(1), show_default=PATHS_TEXT, help="Its paths, for latin and sobol.")
@click.option(
    "--depth", type=click.IntRange(0, 20), default=1, show_default=True, help="Levels of lines that it comes from."
)
@set_option
@json_option
def explain(
    deal: str,
    line: str,
    period: str | None,
    path: int | None,
    seed: int,
    sampler: str,
    paths: int | None,
    depth: int,
    changes: tuple[str, ...],
    as_json: bool,
) -> None:
    """Explain a line: its formula in names, its value, and the lines that it comes from."""
    from sibmodel.audit import explanation, explanation_text

    terms, _ = open_deal(deal, changes)
    found = explanation(terms, line, period=period, path=path, seed=seed, depth=depth, sampler=sampler, paths=paths)
    if as_json:
        print_json(found.as_dict())
    else:
        click.echo(explanation_text(found, terms))


def _progress(paths: int) -> Callable[[int, int], None] | None:
    """A line on the error stream for long work, where somebody is watching."""
    if not sys.stderr.isatty() or paths < 50_000:
        return None

    def show(done: int, of: int) -> None:
        end = "\n" if done == of else ""
        click.echo(f"\rSimulating: {done:,} of {of:,} paths", nl=False, err=True)
        click.echo(end, nl=False, err=True)

    return show


for verb in (error_rates, evidence, prior):
    main.add_command(verb)


if __name__ == "__main__":
    main()
