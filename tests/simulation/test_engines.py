"""Engines: the same bytes from each, whatever the number of paths."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from sibmodel.cli import main
from sibmodel.deals import read
from sibmodel.errors import UnknownOperation
from sibmodel.lines import machine
from sibmodel.metrics import compiled_irr, irr_is_compiled
from sibmodel.model import Model, build
from sibmodel.simulation import BLOCK, Simulation, engines, simulate
from sibmodel.simulation.engines import (
    ENGINES,
    FEW_PATHS,
    PART_OF_FEW,
    WORTH_A_MACHINE,
    WORTH_A_TAPE,
    WORTH_COMPILING,
    engine_of,
)
from sibmodel.simulation.kept import headline_lines
from sibmodel.simulation.paths import CALCULATED_AT_ONCE

pytestmark = pytest.mark.no_cover  # other tests go these ways, and faster

EXAMPLES = sorted(Path("examples").glob("*.yaml"))


def assert_same(one: Simulation, other: Simulation) -> None:
    """Every figure the same, the sign of zero included."""
    assert set(one.figures) == set(other.figures)
    for name, column in one.figures.items():
        assert column.tobytes() == other.figures[name].tobytes(), name
    assert np.array_equal(one.rate_status, other.rate_status)
    assert set(one.over_time) == set(other.over_time)
    for name, rows in one.over_time.items():
        assert rows.tobytes() == other.over_time[name].tobytes(), name


@pytest.fixture(scope="module")
def model() -> Model:
    return build(read("examples/peterborough.yaml"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_examples_give_the_same_bytes(example: Path) -> None:
    model = build(read(str(example)))
    by_arrays = simulate(model, 2 * CALCULATED_AT_ONCE, seed=5, engine="arrays")
    for name in ("tape", "numba"):
        assert_same(simulate(model, 2 * CALCULATED_AT_ONCE, seed=5, engine=name), by_arrays)


@pytest.mark.parametrize("paths", [1, CALCULATED_AT_ONCE + 1, BLOCK + 3, FEW_PATHS + 1])
def test_any_number_of_paths_gives_the_same_bytes(model: Model, paths: int) -> None:
    assert_same(simulate(model, paths, engine="tape"), simulate(model, paths, engine="arrays"))


def test_the_first_paths_do_not_depend_on_how_many_are_played_at_once(model: Model) -> None:
    many = simulate(model, FEW_PATHS + 1)
    few = simulate(model, PART_OF_FEW + 7, engine="tape")
    for name, column in few.figures.items():
        assert column.tobytes() == many.figures[name][: PART_OF_FEW + 7].tobytes(), name


def test_the_usual_course_gives_the_same_bytes(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "WORTH_A_COURSE", 1)
    by_course = simulate(model, 3 * PART_OF_FEW + 7, engine="tape")
    assert_same(by_course, simulate(model, 3 * PART_OF_FEW + 7, engine="arrays"))


def test_progress_is_told_alike(model: Model) -> None:
    told: dict[str, list[tuple[int, int]]] = {name: [] for name in ENGINES}
    for name in ENGINES:
        simulate(model, BLOCK + 3_000, progress=lambda *done, of=told[name]: of.append(done), engine=name)  # type: ignore[misc]
    assert told["tape"] == told["arrays"] == told["numba"] == [(BLOCK, BLOCK + 3_000), (BLOCK + 3_000, BLOCK + 3_000)]


@pytest.mark.parametrize(("paths", "tapes"), [(WORTH_A_TAPE - 1, 0), (WORTH_A_TAPE, 1)])
def test_the_faster_engine_is_taken(model: Model, monkeypatch: pytest.MonkeyPatch, paths: int, tapes: int) -> None:
    made: list[object] = []
    tape = engines.Tape
    monkeypatch.setattr(engines, "Tape", lambda *given: (made.append(given), tape(*given))[1])
    engine_of(model, list(headline_lines(model).values()), paths)
    assert len(made) == tapes


def test_an_engine_that_does_not_exist_is_refused(model: Model) -> None:
    with pytest.raises(ValueError, match=r"There is no engine “loop”. There are: tape, arrays, numba\."):
        simulate(model, 10, engine="loop")  # type: ignore[arg-type]


def test_an_engine_that_is_not_installed_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    said = CliRunner().invoke(main, ["run", "peterborough", "--paths", "500", "--engine", "numba"])
    assert said.exit_code != 0
    assert 'pip install "sibmodel[fast]"' in said.output
    assert "Traceback" not in said.output


@pytest.mark.parametrize(
    ("paths", "on_disk", "name"),
    [
        (WORTH_A_TAPE - 1, True, "arrays"),
        (WORTH_A_MACHINE - 1, True, "tape"),
        (WORTH_A_MACHINE, True, "numba"),
        (WORTH_A_MACHINE, False, "tape"),
        (WORTH_COMPILING, False, "numba"),
    ],
)
def test_a_machine_is_taken_where_it_pays(
    model: Model, monkeypatch: pytest.MonkeyPatch, paths: int, on_disk: bool, name: str
) -> None:
    """A million paths never wait for the compiler."""
    monkeypatch.setattr(machine, "is_compiled", lambda: True)
    monkeypatch.setattr(engines, "irr_is_compiled", lambda: on_disk)
    assert engine_of(model, [model.returns.everyone.flow], paths).name == name


def test_where_the_machine_does_not_take_an_operation_the_tape_is_taken(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "is_compiled", lambda: True)
    monkeypatch.setattr(engines, "irr_is_compiled", lambda: True)
    rate = model.returns.everyone.irr
    assert engine_of(model, [rate], WORTH_A_MACHINE).name == "tape"
    with pytest.raises(UnknownOperation, match="“numba” does not take the operation rate_of_return"):
        engine_of(model, [rate], 10, "numba")


def test_the_machine_and_the_rates_of_return_are_kept_on_disk() -> None:
    simulate(build(read("examples/rikers.yaml")), 10, engine="numba")
    assert machine.is_compiled()
    compiled_irr([-1.0, 1.1])
    assert irr_is_compiled()


def test_the_command_gives_the_same_answer_by_either_engine(tmp_path: Path) -> None:
    said = [
        CliRunner().invoke(
            main, ["run", "peterborough", "--paths", "500", "--engine", name, "--out", str(tmp_path / name), "--json"]
        )
        for name in ENGINES
    ]
    assert [one.exit_code for one in said] == [0, 0, 0]
    assert said[0].output == said[1].output == said[2].output


def test_the_command_knows_its_engines() -> None:
    said = CliRunner().invoke(main, ["run", "peterborough", "--engine", "loop"])
    assert said.exit_code == 2
    assert "'tape', 'arrays', 'numba'" in said.output
