"""Any number of workers, of any kind, gives the same bytes; a lost worker loses nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from sibmodel.errors import CalculationError, WorkersError
from sibmodel.model import Model, build
from sibmodel.simulation import BLOCK, Execution, Simulation, crew, simulate, workers
from sibmodel.simulation.crew import ONE_THREAD, Crew, cluster, given, processes, threads
from sibmodel.simulation.samplers import Sampling
from sibmodel.simulation.workers import Done, Job, job_of, work
from tests.deals import small
from tests.simulation.test_engines import assert_same

PATHS = 4 * BLOCK + 77


@pytest.fixture(scope="module")
def model() -> Model:
    return build(small({"assumptions.effect": "{normal: {mean: 0.1, sd: 0.1}}"}))


@pytest.fixture(scope="module")
def alone(model: Model) -> Simulation:
    return simulate(model, PATHS)


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A Dask cluster of two workers, on this machine; what they are sent goes through its network."""
    import distributed

    settings = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    settings |= {"processes": False, "protocol": "tcp://"}
    with distributed.LocalCluster(**settings) as found:
        yield found.scheduler_address


def by(model: Model, who: Crew, **more: Any) -> Simulation:
    return simulate(model, PATHS, execution=Execution(crew=who, **more))


@pytest.mark.parametrize("count", [1, 2, 8])
def test_threads_give_the_same_bytes(model: Model, alone: Simulation, count: int) -> None:
    assert_same(by(model, threads(count)), alone)


def test_processes_give_the_same_bytes(model: Model, alone: Simulation) -> None:
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    assert_same(by(model, processes(8)), alone)
    assert {name: os.environ.get(name) for name in ONE_THREAD} == before


def test_a_tally_by_workers_is_the_same_to_the_last_bit(model: Model) -> None:
    here, there = (by(model, threads(count), keep=BLOCK) for count in (1, 3))
    assert here.tally is not None
    assert there.tally is not None
    (_, ours), (_, theirs) = here.tally.state(), there.tally.state()
    assert {name: one.tobytes() for name, one in ours.items()} == {name: one.tobytes() for name, one in theirs.items()}


def test_an_executor_of_the_callers_is_left_running(model: Model, alone: Simulation) -> None:
    with ThreadPoolExecutor(2) as executor:
        assert_same(by(model, given(executor, 2)), alone)
        assert executor.submit(int, "7").result() == 7


def test_a_cluster_gives_the_same_bytes(model: Model, alone: Simulation, scheduler: str) -> None:
    assert_same(by(model, cluster(scheduler)), alone)


def test_a_cluster_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "ANSWERS_WITHIN", 0.5)
    with pytest.raises(WorkersError, match=r"No cluster answers at tcp://127\.0\.0\.1:9: .*Give the address"):
        cluster("tcp://127.0.0.1:9")


def _dies_once(marker: str) -> None:
    """As if the machine took the worker away, the first time."""
    if not Path(marker).exists():
        Path(marker).touch()
        os._exit(3)


class Dying(ThreadPoolExecutor):
    """Threads that break now and then, as processes do whose memory runs out: all that was sent is lost."""

    sent = 0

    def submit(self, *task: Any, **named: Any) -> Future[Any]:  # type: ignore[override]
        type(self).sent += 1
        if self.sent % 7 == 3:
            raise BrokenProcessPool("A process in the process pool was terminated abruptly.")
        return super().submit(*task, **named)


def test_lost_blocks_are_calculated_again(model: Model, alone: Simulation) -> None:
    begun: list[Executor] = []

    def begin() -> Executor:
        begun.append(Dying(2))
        return begun[-1]

    Dying.sent = 0
    assert_same(by(model, Crew(2, begin, lambda one: one.shutdown())), alone)
    assert len(begun) > 1


def test_a_killed_process_loses_nothing(model: Model, alone: Simulation, tmp_path: Path) -> None:
    """A worker process ends without a word in the midst of a block."""
    two = processes(2)
    two.executor.submit(_dies_once, str(tmp_path / "died"))
    assert_same(by(model, two), alone)
    assert (tmp_path / "died").exists()


def test_workers_that_are_lost_again_and_again(model: Model) -> None:
    class Gone(ThreadPoolExecutor):
        def submit(self, *task: Any, **named: Any) -> Future[Any]:  # type: ignore[override]
            raise BrokenProcessPool("gone")

    with pytest.raises(WorkersError, match=r"Workers were lost 4 times in a row: gone.*if __name__"):
        by(model, Crew(2, lambda: Gone(1), lambda one: one.shutdown()))


def test_a_fault_of_the_calculation_is_no_lost_worker(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def fails(_job: Job, numbers: range) -> Done[Any]:
        tried.extend(numbers)
        raise CalculationError("The line “Fee” cannot be calculated.")

    monkeypatch.setattr(workers, "work", fails)
    with pytest.raises(CalculationError, match="Fee"):
        by(model, threads(1))
    assert len(tried) == len(set(tried))


def test_a_worker_of_another_version_refuses(model: Model) -> None:
    job = job_of(model, 1, Sampling("random", 10), None)
    with pytest.raises(WorkersError, match="Install the same version on both"):
        work(Job(job.deal, job.seed, job.spread, job.engine, "0.0.1"), range(1))


def test_a_worker_builds_a_model_once(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[object] = []
    make: Callable[..., Model] = build
    monkeypatch.setattr(workers, "build", lambda deal: (built.append(deal), make(deal))[1])
    job = job_of(model, 11, Sampling("random", 3 * BLOCK), None)
    first, again = work(job, range(1)), work(job, range(1, 3))
    assert len(built) == 1
    assert [one.number for one in (*first.parts, *again.parts)] == [0, 1, 2]


def test_a_stop_keeps_what_is_done_in_order(model: Model, alone: Simulation) -> None:
    done: list[int] = []
    stopped = by(model, threads(2), each=lambda block: done.append(block.number), stop=lambda: len(done) >= 2)
    assert stopped.stopped is not None
    assert (stopped.stopped.by, stopped.stopped.asked, stopped.paths) == ("hand", PATHS, len(done) * BLOCK)
    for name, column in stopped.figures.items():
        assert column.tobytes() == alone.figures[name][: stopped.paths].tobytes()


def test_samplers_in_replicates_give_the_same_bytes(model: Model) -> None:
    here = simulate(model, 2 * BLOCK, sampler="sobol")
    assert_same(simulate(model, 2 * BLOCK, sampler="sobol", execution=Execution(crew=threads(2))), here)


def test_a_crew_that_is_entered_already_serves_several_simulations(model: Model) -> None:
    """Processes begin once, not for every simulation."""
    with threads(2) as crew:
        one = simulate(model, 3 * BLOCK, execution=Execution(crew=crew))
        executor = crew.executor
        other = simulate(model, 3 * BLOCK, execution=Execution(crew=crew))
        assert crew.executor is executor
    assert one.figures["npv"].tobytes() == other.figures["npv"].tobytes()
    assert crew.executor is not executor
    crew.end()
