"""Every path in a file: Parquet and CSV, the same figures, and nothing half-written."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sibmodel.errors import NotFoundError, OutputError
from sibmodel.frames import paths as frame_of
from sibmodel.metrics import RateStatus
from sibmodel.model import Model, build
from sibmodel.results import run
from sibmodel.simulation import BLOCK, Execution, Simulation, simulate
from sibmodel.simulation.export import add_block, paths_file, write_paths
from tests.deals import small

UNCERTAIN = {"assumptions.effect": "{normal: {mean: 0.1, sd: 0.1}}"}


@pytest.fixture(scope="module")
def model() -> Model:
    return build(small(UNCERTAIN))


@pytest.fixture(scope="module")
def simulation(model: Model) -> Simulation:
    return simulate(model, BLOCK + 40, seed=3)


def read(file: Path) -> pd.DataFrame:
    return (
        pd.read_parquet(file)
        if file.suffix == ".parquet"
        else pd.read_csv(file, dtype=str).astype({"path": int, "seed": int})
    )


@pytest.mark.parametrize("name", ["paths.parquet", "paths.csv"])
def test_a_file_has_every_figure_of_every_path(tmp_path: Path, simulation: Simulation, name: str) -> None:
    write_paths(simulation, tmp_path / name)
    found = read(tmp_path / name)
    assert list(found.columns) == ["path", "seed", *simulation.figures, "rate_status"]
    assert found["path"].tolist() == list(range(1, BLOCK + 41))
    assert set(found["seed"]) == {3}
    for figure, column in simulation.figures.items():
        assert np.array_equal(found[figure].astype(float).to_numpy(), column, equal_nan=True), figure
    assert found["rate_status"].tolist() == [RateStatus(one).name.lower() for one in simulation.rate_status]
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_blocks_that_are_not_kept_go_into_the_same_file(tmp_path: Path, model: Model, simulation: Simulation) -> None:
    with paths_file(tmp_path / "streamed.parquet", 3) as file:
        streamed = simulate(model, BLOCK + 40, seed=3, execution=Execution(keep=BLOCK, each=partial(add_block, file)))
    write_paths(simulation, tmp_path / "kept.parquet")
    pd.testing.assert_frame_equal(read(tmp_path / "streamed.parquet"), read(tmp_path / "kept.parquet"))
    with pytest.raises(NotFoundError, match=r"Of 8,232 paths only the first 8,192 are kept.*--paths-file"):
        write_paths(streamed, tmp_path / "again.csv")
    assert not (tmp_path / "again.csv").exists()


def test_a_figure_that_a_path_has_not_is_missing(tmp_path: Path, simulation: Simulation) -> None:
    import pyarrow.parquet as pq

    write_paths(simulation, tmp_path / "paths.parquet")
    payback = pq.read_table(tmp_path / "paths.parquet")["payback"]
    assert payback.null_count == np.isnan(simulation.figures["payback"]).sum() > 0


def test_what_fails_leaves_nothing(tmp_path: Path, simulation: Simulation) -> None:
    before = tmp_path / "paths.csv"
    before.write_text("what stood there", encoding="utf-8")

    def interrupted() -> None:
        with paths_file(before, 1) as file:
            file.add(1, simulation.figures, simulation.rate_status)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert before.read_text(encoding="utf-8") == "what stood there"
    assert [one.name for one in tmp_path.iterdir()] == ["paths.csv"]


def test_another_ending_and_another_place_are_refused(tmp_path: Path, simulation: Simulation) -> None:
    with pytest.raises(NotFoundError, match=r"ends in neither \.parquet nor \.csv"):
        write_paths(simulation, tmp_path / "paths.feather")
    (tmp_path / "a file").touch()
    for name in ("paths.csv", "paths.parquet"):
        with pytest.raises(OutputError, match=r"The paths cannot be written to .*: File exists"):
            write_paths(simulation, tmp_path / "a file" / name)


def test_a_folder_is_made_for_the_paths(tmp_path: Path, simulation: Simulation) -> None:
    write_paths(simulation, tmp_path / "new" / "folder" / "paths.csv")
    assert [one.name for one in (tmp_path / "new" / "folder").iterdir()] == ["paths.csv"]


def test_a_table_of_paths_that_are_not_kept_is_refused() -> None:
    done = run(small(UNCERTAIN), BLOCK + 40, execution=Execution(keep=BLOCK))
    with pytest.raises(NotFoundError, match="sibmodel explain --path"):
        frame_of(done)


def test_a_seed_beyond_what_parquet_counts_is_text(tmp_path: Path, model: Model) -> None:
    huge = 2**80
    write_paths(simulate(model, 3, seed=huge), tmp_path / "paths.parquet")
    assert set(read(tmp_path / "paths.parquet")["seed"]) == {str(huge)}
