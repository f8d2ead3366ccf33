"""`python -m sibmodel` is the command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sibmodel", *arguments], cwd=cwd, capture_output=True, text=True, timeout=60
    )


def test_the_package_starts_the_command(tmp_path: Path) -> None:
    done = run("examples", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "peterborough" in done.stdout


def test_it_calls_itself_by_the_commands_name_and_keeps_its_exit_codes(tmp_path: Path) -> None:
    assert run("--version", cwd=tmp_path).stdout.startswith("sibmodel, version")
    assert run("--help", cwd=tmp_path).stdout.startswith("Usage: sibmodel ")
    wrong = run("check", "nowhere", cwd=tmp_path)
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr
