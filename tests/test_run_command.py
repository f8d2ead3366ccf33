"""The command `run` watched from a terminal: progress, time left, who calculates, until when."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sibmodel.cli import main
from sibmodel.commands import watching
from sibmodel.files import write_yaml
from sibmodel.simulation import BLOCK, Execution, crew, processes, running, simulate, threads
from tests.deals import small


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "1 second"), (40, "40 seconds"), (89, "89 seconds"), (700, "12 minutes"), (7_500, "2 hours 5 minutes")],
)
def test_time_left_is_said_in_words(seconds: float, said: str) -> None:
    assert watching.time_left(seconds) == said


def test_progress_says_how_far_and_how_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    times = iter([0.0, 10.0, 20.0, 30.0])
    monkeypatch.setattr(watching, "monotonic", lambda: next(times))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert watching.progress(watching.LONG - 1) is None
    show = watching.progress(400_000)
    assert show is not None
    for done in (100_000, 200_000, 400_000):
        show(done, 400_000)
    said = capsys.readouterr().err
    assert "100,000 of 400,000 paths\r" in said
    assert "200,000 of 400,000 paths, 40 seconds left" in said
    assert said.endswith("400,000 of 400,000 paths\n")


def test_nobody_watching_hears_nothing() -> None:
    assert watching.progress(10_000_000) is None


def test_one_interrupt_stops_and_the_next_is_as_ever() -> None:
    before = signal.getsignal(signal.SIGINT)
    with watching.stopping() as stop:
        assert not stop()
        signal.raise_signal(signal.SIGINT)
        assert stop()
        assert signal.getsignal(signal.SIGINT) is before
    with watching.stopping() as stop:
        assert not stop()
    assert signal.getsignal(signal.SIGINT) is before


@pytest.fixture
def deal(tmp_path: Path) -> str:
    """The small deal in a file."""
    file = tmp_path / "deal.yaml"
    file.write_text(write_yaml(small()), encoding="utf-8")
    return str(file)


def test_who_calculates_changes_nothing(tmp_path: Path, deal: str) -> None:
    command = ["run", deal, "--paths", "600", "--json", "--out", str(tmp_path)]
    alone, helped = CliRunner().invoke(main, command), CliRunner().invoke(main, [*command, "--threads", "2"])
    assert (alone.exit_code, helped.exit_code) == (0, 0)
    assert alone.stdout == helped.stdout


def test_who_shares_out_the_risk_changes_nothing(tmp_path: Path, deal: str) -> None:
    command = ["compare", deal, "--with", deal, "--paths", "600", "--json", "--out", str(tmp_path)]
    alone, helped = CliRunner().invoke(main, command), CliRunner().invoke(main, [*command, "--threads", "2"])
    assert (alone.exit_code, helped.exit_code) == (0, 0)
    assert alone.stdout == helped.stdout


@pytest.mark.parametrize("command", ["run", "compare"])
def test_one_kind_of_worker_at_a_time(command: str) -> None:
    said = CliRunner().invoke(main, [command, "peterborough", "--workers", "2", "--threads", "2"])
    assert said.exit_code == 2
    assert "Give one of --workers, --threads and --cluster." in said.output


def test_until_by_the_command(tmp_path: Path, deal: str) -> None:
    command = ["run", deal, "--until", "probability_of_loss +- 2%", "--paths", "20000", "--sampler", "random"]
    paths_file = tmp_path / "paths.csv"
    said = CliRunner().invoke(main, [*command, "--json", "--out", str(tmp_path), "--paths-file", str(paths_file)])
    assert said.exit_code == 0, said.output
    told = json.loads(said.stdout)["simulation"]
    assert (told["paths"], told["until"]["asked"]) == (2 * BLOCK, "probability_of_loss ± 0.02")
    assert told["until"]["reached"] is True
    assert len(paths_file.read_text(encoding="utf-8").splitlines()) == 1 + 2 * BLOCK
    wrong = CliRunner().invoke(main, ["run", deal, "--until", "weather ± 1", "--out", str(tmp_path)])
    assert (wrong.exit_code, "is not a figure of this simulation" in wrong.output) == (2, True)


def test_helpers_come_where_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    from sibmodel.model import build
    from tests.simulation.test_engines import assert_same

    model, called = build(small()), []

    def helpers() -> crew.Crew:
        called.append(True)
        return threads(2)

    paths = 3 * BLOCK
    alone = simulate(model, paths, execution=Execution(helpers=helpers))
    assert not called
    monkeypatch.setattr(running, "LONG", 0.0)
    assert_same(simulate(model, paths, execution=Execution(helpers=helpers)), alone)
    assert called
    assert_same(simulate(model, paths, execution=Execution(helpers=lambda: None)), alone)


def test_helpers_are_as_many_as_there_are_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew.os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    found = crew.helpers()
    assert found is not None
    assert found.workers == processes(3).workers == 3
    monkeypatch.setattr(crew.os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert crew.helpers() is None
