"""Workers: blocks of paths calculated here, by threads, by processes, on a cluster, by any executor.

A worker is sent the deal as text and the numbers of blocks. Luck goes by seed and block number, so blocks are the same
bytes wherever and in whatever order they are calculated; they are handed on in their order. A block whose worker died
is calculated again.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from math import ceil
from time import perf_counter

from sibmodel import __version__
from sibmodel.deal import Deal
from sibmodel.errors import WorkersError
from sibmodel.faults import terms_from
from sibmodel.model import Model, build
from sibmodel.simulation.block import Block, calculate_block
from sibmodel.simulation.crew import Crew
from sibmodel.simulation.engines import EngineName, engine_of
from sibmodel.simulation.kept import kept_of
from sibmodel.simulation.samplers import Sampling
from sibmodel.terms import plain

TASKS_AHEAD = 2
"""Tasks that wait for each worker beside the one it works on: what bounds the memory of results that come early."""
OFTEN_LOST = 3
"""Losses of workers in a row after which no further are started."""
MOST_IN_A_TASK = 32
"""Blocks in a task, at most: a lost task is calculated again as a whole."""
LOOK_EVERY = 0.2
"""Seconds between looks whether to stop, while a result is waited for."""


@dataclass(frozen=True)
class Job:
    """All that a worker has to know, as plain data."""

    deal: str
    """Its terms as JSON."""
    seed: int
    spread: Sampling
    engine: EngineName | None
    version: str = __version__


def job_of(model: Model, seed: int, spread: Sampling, engine: EngineName | None) -> Job:
    """The job of a simulation."""
    return Job(json.dumps(plain(model.deal), allow_nan=False), seed, spread, engine)


class Calculator:
    """Calculates blocks of one simulation, one at a time: an engine's buffers serve one thread."""

    def __init__(self, model: Model, seed: int, spread: Sampling, engine: EngineName | None) -> None:
        self.model, self.seed, self.spread = model, seed, spread
        self.kept = kept_of(model)
        self.engine = engine_of(model, self.kept.lines, spread.paths, engine, flows=[self.kept.flow])

    def block(self, number: int) -> Block:
        """The block of that number, counted from 0."""
        return calculate_block(self.model, self.kept, self.seed, number, self.spread, self.engine)


_of_this_thread = threading.local()


@dataclass(frozen=True, eq=False)
class Done:
    """Blocks that a worker calculated, and the seconds that it took."""

    blocks: list[Block]
    seconds: float


def work(job: Job, numbers: Sequence[int]) -> Done:
    """Those blocks of a job. The model is built once for a thread's job, and kept for its next blocks.

    Raises WorkersError where the worker has another version of this package.
    """
    if job.version != __version__:
        raise WorkersError(
            f"A worker has sibmodel {__version__}, and this is {job.version}. Install the same version on both."
        )
    if getattr(_of_this_thread, "job", None) != job:
        model = build(terms_from(json.loads(job.deal), Deal, "the deal"))
        _of_this_thread.calculator = Calculator(model, job.seed, job.spread, job.engine)
        _of_this_thread.job = job
    calculator: Calculator = _of_this_thread.calculator
    began = perf_counter()
    blocks = [calculator.block(number) for number in numbers]
    return Done(blocks, perf_counter() - began)


def by_crew(crew: Crew, job: Job, numbers: range, stop: Callable[[], bool]) -> Iterator[Block]:
    """Blocks in the order of their numbers, by the crew's workers; fewer where `stop` says so.

    Raises WorkersError where workers are lost again and again, and whatever the calculation itself raises.
    """
    sent: deque[tuple[range, Future[Done]]] = deque()
    lost: deque[range] = deque()
    size, losses = 1, 0
    with crew:
        while not stop():
            try:
                while len(sent) < (1 + TASKS_AHEAD) * crew.workers and (lost or numbers):
                    task = lost[0] if lost else numbers[:size]
                    sent.append((task, crew.executor.submit(work, job, task)))
                    if lost:
                        lost.popleft()
                    else:
                        numbers = numbers[size:]
                if not sent:
                    return
                done = _result(sent[0][1], stop)
            except crew.losses as error:
                losses += 1
                if losses > OFTEN_LOST:
                    raise WorkersError(_often_lost(error)) from error
                lost.extendleft(task for task, _ in reversed(sent))
                sent.clear()
                crew.end()
                continue
            if done is None:
                break
            losses = 0
            sent.popleft()
            if crew.seconds_in_a_task and done.seconds > 0:
                size = min(MOST_IN_A_TASK, ceil(crew.seconds_in_a_task * len(done.blocks) / done.seconds))
            yield from done.blocks
        for _, future in sent:
            future.cancel()


def _result(future: Future[Done], stop: Callable[[], bool]) -> Done | None:
    """What a worker gives; None where it is to stop before that."""
    while not wait([future], LOOK_EVERY).done:
        if stop():
            return None
    return future.result()


def _often_lost(error: BaseException) -> str:
    return (
        f"Workers were lost {OFTEN_LOST + 1} times in a row: {error or type(error).__name__} A Python script that uses "
        'processes must call them under: if __name__ == "__main__".'
    )
