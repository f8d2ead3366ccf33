"""Takes the commands out of README.md, so that CI runs the very text a reader copies.

A marker on a line of its own stands before each code block that is to be run:

    <!-- command: test -->
    ```bash
    python3 -m venv .venv
    ...
    ```

`test` is run in the checkout. All other names are a user's commands, run in the order of the README as one script in an
empty folder. They install the checkout (`pip install .`); to prove the wheel, its path takes the checkout's place.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"

MARKER = re.compile(r"^<!-- command: *(?P<name>[a-z][a-z0-9-]*) *-->$")
FENCE = re.compile(r"^(?P<fence>```+)(?P<language>\w*)$")
SHELLS = ("bash", "sh", "shell", "console", "")
INSTALL = re.compile(r"\bpip3?\s+install\b[^;&|\n]*")
CHECKOUT = re.compile(
    r"""(?P<before>\s)(?:(?:-e|--editable)[\s=]+)?(?P<quote>["']?)(?:\.|sibmodel)(?P<extra>\[[\w,-]+\])?(?P=quote)(?=\s|$)"""
)


class ReadmeError(Exception):
    """README.md does not hold what is asked of it; the text says what and where."""


@dataclass(frozen=True)
class Block:
    """One marked code block: its name, its commands, and the line of its marker."""

    name: str
    commands: str
    line: int


def marked_blocks(text: str) -> list[Block]:
    """All marked code blocks of `text`, in its order. Raises ReadmeError where a marker has no block after it."""
    lines = text.splitlines()
    blocks = []
    for index, line in enumerate(lines):
        if marker := MARKER.match(line.strip()):
            blocks.append(Block(marker["name"], _fenced(lines, index), index + 1))
        elif line.lstrip().startswith("<!-- command"):
            raise ReadmeError(f"README line {index + 1}: write the marker as <!-- command: name -->.")
    return blocks


def _fenced(lines: list[str], marker: int) -> str:
    """The text of the fence that follows the marker, blank lines between them left aside."""
    opening = next((index for index in range(marker + 1, len(lines)) if lines[index].strip()), None)
    fence = FENCE.match(lines[opening]) if opening is not None else None
    if opening is None or fence is None or fence["language"] not in SHELLS:
        raise ReadmeError(f"README line {marker + 1}: no block of shell commands follows the marker.")
    body = lines[opening + 1 :]
    if fence["fence"] not in body:
        raise ReadmeError(f"README line {opening + 1}: the code block is not closed.")
    return "\n".join(body[: body.index(fence["fence"])]) + "\n"


def commands(text: str, name: str) -> str:
    """The commands of every block called `name`. Raises ReadmeError if there is none."""
    found = [block.commands for block in marked_blocks(text) if block.name == name]
    if not found:
        raise ReadmeError(f"README.md has no code block marked <!-- command: {name} -->.")
    return "".join(found)


def user_commands(text: str, wheel: str) -> str:
    """Every block but `test`, as one script that installs `wheel` where it says to install the checkout.

    Raises ReadmeError if there is no block called `run`, or no command that installs the checkout: nothing would be
    proved.
    """
    commands(text, "run")
    script = "".join(block.commands for block in marked_blocks(text) if block.name != "test")
    script, installs = _install_wheel(script, wheel)
    if not installs:
        raise ReadmeError("README.md: no marked command installs the checkout (pip install .).")
    return script


def _install_wheel(script: str, wheel: str) -> tuple[str, int]:
    count = 0

    def requirement(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f'{match["before"]}"{wheel}{match["extra"] or ""}"'

    return INSTALL.sub(lambda install: CHECKOUT.sub(requirement, install[0]), script), count


def main(arguments: list[str] | None = None) -> int:
    """Print the commands asked for; 1, with the reason on standard error, when README.md does not hold them."""
    parser = argparse.ArgumentParser(description="Print the commands of README.md.")
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("--name", help="the blocks marked with this name, literally")
    asked.add_argument("--wheel", help="all blocks but `test`, installing this wheel in place of the checkout")
    chosen = parser.parse_args(arguments)
    try:
        text = README.read_text(encoding="utf-8")
        print(commands(text, chosen.name) if chosen.name else user_commands(text, chosen.wheel), end="")
    except (ReadmeError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
