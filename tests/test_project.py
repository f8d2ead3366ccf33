"""The house itself: what importing costs, what the package carries, and the README's commands."""

from __future__ import annotations

import configparser
import importlib.resources
import re
import subprocess
import sys
from pathlib import Path

import pytest
import readme_commands
from readme_commands import Block, ReadmeError, commands, marked_blocks, user_commands

HEAVY = ("numba", "openpyxl", "pandas", "scipy", "xlsxwriter")


def test_importing_sibmodel_is_light() -> None:
    shown = f"import sys, sibmodel; print(*sorted(set(sys.modules) & set({HEAVY!r})))"
    ran = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.split() == []


@pytest.mark.parametrize("folder", ["examples", "templates"])
def test_folders_beside_the_package_are_part_of_it(checkout: Path, folder: str) -> None:
    """They stand at the top of the checkout; an editable install, `pip install -e`, finds them there."""
    here = {path.name for path in (checkout / folder).iterdir() if path.is_file()}
    carried = {entry.name for entry in importlib.resources.files(f"sibmodel.{folder}").iterdir() if entry.is_file()}
    assert "__init__.py" in here
    assert here == carried


def test_every_folder_with_code_is_a_package(checkout: Path) -> None:
    """Packages are found by their `__init__.py`; without it a folder's code is missing from the wheel."""
    folders = {path.parent for path in (checkout / "sibmodel").rglob("*.py")}
    assert sorted(folder for folder in folders if not (folder / "__init__.py").is_file()) == []


def test_the_changelog_has_the_version_or_what_is_not_released(checkout: Path) -> None:
    settings = configparser.ConfigParser()
    settings.read(checkout / "setup.cfg", encoding="utf-8")
    first = re.search(r"^## \[(.+?)\]", (checkout / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert first is not None
    assert first[1] in ("Unreleased", settings["metadata"]["version"])


README = """# A package

<!-- command: run -->

```bash
python3 -m venv .venv
.venv/bin/pip install --quiet .
.venv/bin/sibmodel run peterborough
```

```bash
not marked
```
<!-- command: test -->
```
.venv/bin/pip install -e '.[test]'
.venv/bin/python -m pytest
```
<!-- command: run -->
````sh
. .venv/bin/activate && sibmodel list
````
"""


def test_marked_blocks_are_found_in_order() -> None:
    blocks = marked_blocks(README)
    assert [(block.name, block.line) for block in blocks] == [("run", 3), ("test", 14), ("run", 19)]
    assert blocks[2] == Block("run", ". .venv/bin/activate && sibmodel list\n", 19)


def test_commands_of_one_name_are_literal() -> None:
    assert commands(README, "test") == ".venv/bin/pip install -e '.[test]'\n.venv/bin/python -m pytest\n"


def test_user_commands_install_the_wheel_and_leave_the_tests_out() -> None:
    assert user_commands(README, "/w/s.whl") == (
        'python3 -m venv .venv\n.venv/bin/pip install --quiet "/w/s.whl"\n'
        ".venv/bin/sibmodel run peterborough\n. .venv/bin/activate && sibmodel list\n"
    )


@pytest.mark.parametrize(
    ("written", "run"),
    [
        ("pip install .", 'pip install "W"'),
        ("pip install -e .", 'pip install "W"'),
        ("pip install sibmodel", 'pip install "W"'),
        ("python -m pip install -q --editable '.[test]' && sibmodel", 'python -m pip install -q "W[test]" && sibmodel'),
        ('.venv/bin/pip install ".[fast,test]"; ls .', '.venv/bin/pip install "W[fast,test]"; ls .'),
    ],
)
def test_the_wheel_takes_the_place_of_the_checkout(written: str, run: str) -> None:
    assert user_commands(f"<!-- command: run -->\n```bash\n{written}\n```\n", "W") == f"{run}\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Nothing here.", "no code block marked <!-- command: run -->"),
        ("<!-- command: run -->\n```bash\nsibmodel list\n```\n", "no marked command installs the checkout"),
        ("<!-- command: run -->\nText.\n", "line 1: no block of shell commands"),
        ("<!-- command: run -->\n```yaml\na: 1\n```\n", "line 1: no block of shell commands"),
        ("<!-- command: run -->", "line 1: no block of shell commands"),
        ("\n<!-- command run -->\n", "line 2: write the marker as"),
        ("<!-- command: run -->\n```bash\npip install .\n", "line 2: the code block is not closed"),
    ],
)
def test_a_readme_without_what_is_asked_of_it_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ReadmeError, match=re.escape(reason)):
        user_commands(text, "W")


def test_the_script_prints_what_is_asked_or_says_why_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(readme_commands, "README", tmp_path / "README.md")
    (tmp_path / "README.md").write_text(README, encoding="utf-8")
    assert readme_commands.main(["--name", "test"]) == 0
    assert capsys.readouterr().out == commands(README, "test")
    assert readme_commands.main(["--wheel", "W"]) == 0
    assert capsys.readouterr().out == user_commands(README, "W")
    assert readme_commands.main(["--name", "absent"]) == 1
    assert "command: absent" in capsys.readouterr().err


def test_the_readme_has_the_commands_that_ci_runs(checkout: Path) -> None:
    """The test command makes `.venv`, which the rest of CI uses; a user's commands make an environment of their own."""
    text = (checkout / "README.md").read_text(encoding="utf-8")
    test, user = commands(text, "test"), user_commands(text, "sibmodel.whl")
    assert "-m venv .venv" in test
    assert "[test]" in test
    assert "pytest" in test
    assert "-m venv" in user
    assert '"sibmodel.whl"' in user
