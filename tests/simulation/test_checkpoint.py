"""A run that was stopped, or killed, and goes on: the same bytes; and a file of another run is refused by name."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from sibmodel import results
from sibmodel.cli import main
from sibmodel.errors import NotFoundError, OutputError
from sibmodel.files import write_yaml
from sibmodel.model import Model, build
from sibmodel.simulation import BLOCK, Execution, Simulation, simulate
from sibmodel.simulation.checkpoint import Checkpoint
from sibmodel.simulation.gathering import Gathering
from tests.deals import small
from tests.simulation.test_correlation import linked
from tests.simulation.test_engines import assert_same

UNCERTAIN = {"assumptions.effect": "{normal: {mean: 0.1, sd: 0.1}}"}
PATHS = 4 * BLOCK + 9


@pytest.fixture(scope="module")
def model() -> Model:
    return build(small(UNCERTAIN))


def after(blocks: int) -> Callable[[], bool]:
    """Stop before so many blocks and one more are asked for."""
    asked = iter(range(blocks))
    return lambda: next(asked, None) is None


def bytes_of(simulation: Simulation) -> dict[str, bytes]:
    assert simulation.tally is not None
    return {name: array.tobytes() for name, array in simulation.tally.state()[1].items()}


@pytest.mark.parametrize("keep", [10 * BLOCK, 2 * BLOCK])
def test_a_stopped_run_goes_on_to_the_same_bytes(model: Model, tmp_path: Path, keep: int) -> None:
    file = tmp_path / "progress"
    whole = simulate(model, PATHS, execution=Execution(keep=keep))
    for blocks in (1, 2):
        part = simulate(model, PATHS, execution=Execution(keep=keep, checkpoint=file, stop=after(blocks)))
        assert part.stopped is not None
        assert part.stopped.by == "hand"
    assert part.paths == 3 * BLOCK
    told: list[int] = []
    execution = Execution(keep=keep, checkpoint=file)
    again = simulate(model, PATHS, execution=execution, progress=lambda done, _: told.append(done))
    assert told == [4 * BLOCK, PATHS]
    assert again.stopped is None
    assert_same(again, whole)
    assert dict(again.settling) == dict(whole.settling)
    if keep < PATHS:
        assert bytes_of(again) == bytes_of(whole)


def test_a_finished_run_may_be_made_longer(model: Model, tmp_path: Path) -> None:
    execution = Execution(checkpoint=tmp_path / "progress")
    simulate(model, 2 * BLOCK + 5, execution=execution)
    assert_same(simulate(model, PATHS, execution=execution), simulate(model, PATHS))
    with pytest.raises(OutputError, match=r"holds 32,768 paths already, more than the 10 asked for"):
        simulate(model, 10, execution=execution)


def test_correlated_drivers_are_in_it_too(tmp_path: Path) -> None:
    model = build(linked(("effect", "volume", 0.4)))
    file = tmp_path / "progress"
    simulate(model, PATHS, execution=Execution(checkpoint=file, stop=after(2)))
    again = simulate(model, PATHS, execution=Execution(checkpoint=file))
    whole = simulate(model, PATHS)
    assert {name: one.tobytes() for name, one in again.drivers.items()} == {
        name: one.tobytes() for name, one in whole.drivers.items()
    }


def test_until_goes_on_too(model: Model, tmp_path: Path) -> None:
    rule = "probability_of_loss ± 0.003"
    whole = simulate(model, error=rule)
    file = tmp_path / "progress"
    simulate(model, error=rule, execution=Execution(checkpoint=file, stop=after(1)))
    again = simulate(model, error=rule, execution=Execution(checkpoint=file))
    assert again.paths == whole.paths
    assert_same(again, whole)
    # A third time it is reached already: nothing is calculated.
    third = simulate(model, error=rule, execution=Execution(checkpoint=file, stop=lambda: pytest.fail("asked")))
    assert_same(third, whole)


@pytest.mark.parametrize(
    ("changes", "more", "said"),
    [
        ({"payments[0].price": 9_000}, {}, "the deal's fingerprint was"),
        ({}, {"seed": 2}, "the seed was 1, and is 2"),
        ({}, {"sampler": "sobol", "paths": 65_536}, "the sampler was random, and is sobol"),
        ({}, {"error": "payments p5 ± 1"}, "what is watched was"),
        ({}, {"execution": BLOCK}, "the number of paths kept was 262144, and is 8192"),
    ],
    ids=["deal", "seed", "sampler", "figure", "kept"],
)
def test_of_another_run_it_is_refused_by_name(
    model: Model, tmp_path: Path, changes: dict[str, Any], more: dict[str, Any], said: str
) -> None:
    file = tmp_path / "progress"
    simulate(model, 2 * BLOCK, execution=Execution(checkpoint=file))
    before = file.read_bytes()
    keep = {"keep": more.pop("execution")} if "execution" in more else {}
    other = build(small({**UNCERTAIN, **changes}))
    with pytest.raises(OutputError, match=f"{file} is the checkpoint of another run: {said}"):
        simulate(other, **{"paths": 3 * BLOCK, **more}, execution=Execution(checkpoint=file, **keep))
    assert file.read_bytes() == before


def test_of_another_version_it_is_refused(model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "progress"
    simulate(model, BLOCK, execution=Execution(checkpoint=file))
    monkeypatch.setattr("sibmodel.simulation.checkpoint.__version__", "9.9")
    with pytest.raises(OutputError, match=r"the version of sibmodel was .*, and is 9\.9"):
        simulate(model, BLOCK, execution=Execution(checkpoint=file))


@pytest.mark.parametrize("content", [b"", b"not one", b"PK\x03\x04 half of one"])
def test_what_is_no_checkpoint_is_left_alone(model: Model, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "progress"
    file.write_bytes(content)
    with pytest.raises(OutputError, match=r"is not a checkpoint of a simulation. Name another file, or delete it."):
        simulate(model, BLOCK, execution=Execution(checkpoint=file))
    assert file.read_bytes() == content


def test_a_file_that_cannot_be_written_is_said_at_once(model: Model, tmp_path: Path) -> None:
    execution = Execution(checkpoint=tmp_path / "nowhere" / "progress", stop=lambda: pytest.fail("it began"))
    with pytest.raises(OutputError, match=r"cannot be written: No such file or directory\. Name another file\."):
        simulate(model, BLOCK, execution=execution)


def test_it_is_written_now_and_then(model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    write = Checkpoint.write
    monkeypatch.setattr("sibmodel.simulation.checkpoint.EVERY", 0.0)

    def noted(self: Checkpoint, gathered: Gathering) -> None:
        written.append(gathered.blocks)
        write(self, gathered)

    monkeypatch.setattr(Checkpoint, "write", noted)
    simulate(model, PATHS, execution=Execution(checkpoint=tmp_path / "progress"))
    assert written == [1, 2, 3, 4, 4]
    assert [one.name for one in tmp_path.iterdir()] == ["progress"]


def test_a_stop_before_anything_is_done_tells_nothing(model: Model) -> None:
    with pytest.raises(NotFoundError, match="Stopped before enough paths were done"):
        simulate(model, PATHS, execution=Execution(stop=lambda: True))
    with pytest.raises(NotFoundError, match="Stopped before enough paths were done"):
        simulate(model, 262_144, sampler="sobol", execution=Execution(stop=after(3)))


def test_a_stopped_sampler_tells_of_its_whole_replicates(model: Model) -> None:
    whole = simulate(model, 65_536, sampler="sobol")
    part = simulate(model, 65_536, sampler="sobol", execution=Execution(stop=after(3)))
    assert (part.paths, part.replicates) == (3 * BLOCK // 4_096 * 4_096, 6)
    assert part.figures["npv"].tobytes() == whole.figures["npv"][: part.paths].tobytes()


EAGER = "import sibmodel.simulation.checkpoint as one; one.EVERY = 0.0; from sibmodel.cli import main; main()"
"""The command, which writes its checkpoint after every block."""


def command(paths: int) -> list[str]:
    run = ["run", "deal.yaml", "--json", "--paths", str(paths), "--checkpoint", "progress"]
    return [sys.executable, "-c", EAGER, *run, "--out", "out", "--workers", "1"]


def begun(folder: Path, paths: int) -> subprocess.Popen[str]:
    """The command under way, once it has written its checkpoint."""
    (folder / "deal.yaml").write_text(write_yaml(small(UNCERTAIN)), encoding="utf-8")
    process = subprocess.Popen(
        command(paths), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    for _ in range(600):
        if (folder / "progress").exists() or process.poll() is not None:
            break
        time.sleep(0.05)
    return process


def test_a_killed_run_resumed_gives_the_same_answer(tmp_path: Path) -> None:
    """Killed without a word after its checkpoint was first written; then the same command again."""
    paths = 7 * BLOCK
    with begun(tmp_path, paths) as process:
        process.kill()
        process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    with (tmp_path / "progress").open("rb") as reading, np.load(reading) as stored:
        assert 0 < json.loads(str(stored["header"]))["paths"] < paths
    resumed = subprocess.run(command(paths), cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True)
    assert json.loads(resumed.stdout) == results.document(results.run(small(UNCERTAIN), paths))


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no interrupt to one process alone.")
def test_an_interrupt_leaves_a_valid_partial_result(tmp_path: Path) -> None:
    with begun(tmp_path, 9_000_000) as process:
        process.send_signal(signal.SIGINT)
        said, errors = process.communicate(timeout=120)
    assert process.returncode == 130, errors
    assert "Stopping: what is done is told." in errors
    told = json.loads(said)["simulation"]
    assert (told["stopped_early"], told["paths_asked"]) == (True, 9_000_000)
    assert told["paths"] % BLOCK == 0
    assert sum(told["investor"]["rates_of_return"].values()) == told["paths"]
    assert json.loads((tmp_path / "out" / "deal.json").read_text(encoding="utf-8"))["simulation"] == told
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == ["deal.json", "deal.xlsx"]


def test_a_checkpoint_and_a_file_of_paths_do_not_go_together() -> None:
    said = CliRunner().invoke(main, ["run", "peterborough", "--checkpoint", "a", "--paths-file", "b.csv"])
    assert said.exit_code == 2
    assert "do not go together" in said.output
