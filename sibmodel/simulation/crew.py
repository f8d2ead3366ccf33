"""Crews: who calculates blocks, by any executor of `concurrent.futures`, and what to do when a worker is lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from types import TracebackType
from typing import Self

from sibmodel.errors import WorkersError

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""Settings that keep a worker's libraries from starting threads of their own: the workers are as many as wanted."""
MOST_PROCESSES = 61
"""As many as Windows waits for."""
ANSWERS_WITHIN = 10.0
"""Seconds in which a cluster must answer."""
WORTH_A_TRIP = 0.2
"""Seconds of work in a task on a cluster: sending one costs some hundredths."""


class Crew:
    """Workers behind an executor, begun when they are first needed and ended on leaving; where it is entered more than
    once, on leaving it the last time, so that several simulations may go to the same workers.

    `begin` makes the executor and `end` ends it; `losses` are the errors that say that a worker, not the work, failed;
    `workers` are as many tasks as it works on at once; a task takes at least `seconds_in_a_task`, where that is told.
    """

    def __init__(
        self,
        workers: int,
        begin: Callable[[], Executor],
        end: Callable[[Executor], None],
        losses: tuple[type[BaseException], ...] = (BrokenExecutor,),
        seconds_in_a_task: float = 0.0,
    ) -> None:
        self.workers, self.losses, self.seconds_in_a_task = workers, losses, seconds_in_a_task
        self._begin, self._end = begin, end
        self._executor: Executor | None = None
        self._entered = 0

    @property
    def executor(self) -> Executor:
        """Begun where it is not yet."""
        if self._executor is None:
            self._executor = self._begin()
        return self._executor

    def end(self) -> None:
        """End what is left of the executor; the next use begins another."""
        if self._executor is not None:
            executor, self._executor = self._executor, None
            self._end(executor)

    def __enter__(self) -> Self:
        self._entered += 1
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._entered -= 1
        if not self._entered:
            self.end()


def threads(count: int) -> Crew:
    """Threads of this process: quick to begin; they help as far as the engine lets others run beside it."""
    return Crew(count, lambda: ThreadPoolExecutor(count), _end)


def processes(count: int) -> Crew:
    """Processes of this machine, begun afresh rather than copied, as Windows and macOS do."""

    def begin() -> Executor:
        return _Processes(count, mp_context=get_context("spawn"), initializer=_leave_interrupts)

    return Crew(count, begin, _end)


def here() -> Crew:
    """One thread, and no help however long it takes."""
    return threads(1)


def helpers() -> Crew | None:
    """As many processes as this process may use processors; None where that is one."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processes(min(usable, MOST_PROCESSES)) if usable > 1 else None


def given(executor: Executor, workers: int) -> Crew:
    """An executor of the caller's, which is left running; `workers` are as many as it has."""
    return Crew(workers, lambda: executor, lambda _: None, (BrokenExecutor, CancelledError))


def cluster(address: str) -> Crew:
    """The workers of a Dask cluster whose scheduler listens at `address` (`tcp://host:port`).

    Raises WorkersError where `distributed` is not installed, or nobody answers there or works for it.
    """
    try:
        from distributed import Client, KilledWorker
        from distributed.comm import CommClosedError
    except ImportError:
        raise WorkersError("A cluster needs Dask. Install it with: pip install 'sibmodel[cluster]'") from None

    def connect() -> Client:
        try:
            return Client(address, timeout=ANSWERS_WITHIN, set_as_default=False)
        except (OSError, ValueError) as error:
            raise WorkersError(
                f"No cluster answers at {address}: {str(error) or type(error).__name__}. Give the address that its "
                "scheduler prints, such as tcp://127.0.0.1:8786."
            ) from None

    client = connect()
    workers = sum(client.nthreads().values())
    if workers == 0:
        client.close()
        raise WorkersError(f"The cluster at {address} has no workers. Start some with: dask worker {address}")

    def begin() -> Executor:
        nonlocal client
        if client.status != "running":
            client = connect()
        executor: Executor = client.get_executor(pure=False)
        return executor

    def end(executor: Executor) -> None:
        executor.shutdown(wait=False)
        client.close()

    return Crew(workers, begin, end, (KilledWorker, CommClosedError, CancelledError), WORTH_A_TRIP)


class _Processes(ProcessPoolExecutor):
    """Processes whose libraries start no threads of their own."""

    def submit(self, *given, **named):  # type: ignore[no-untyped-def]
        with _one_thread_each():  # a process begins when there is work for it
            return super().submit(*given, **named)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _end(executor: Executor) -> None:
    executor.shutdown(wait=True, cancel_futures=True)


def _leave_interrupts() -> None:
    """Ctrl-C reaches every process of a terminal: what to do about it is for the first to say."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
