"""The command `sibmodel`: thin, and outermost."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from sibmodel import __version__
from sibmodel.commands import VERBS
from sibmodel.errors import DealError, NotFoundError, OutputError, SibmodelError

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

    DEAL is a deal file (YAML, or an Excel form), a workbook that run has written, or the name of an example;
    DEAL@SCENARIO is one of its scenarios.
    """


for verb in VERBS:
    main.add_command(verb)


if __name__ == "__main__":
    main()
