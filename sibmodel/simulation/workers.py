"""Workers: numbered parts of some work, such as blocks of paths, calculated here, by threads, by processes, on a
cluster, by any executor.

A worker is sent the deal as text and the numbers of parts. Luck goes by seed and block number, so parts are the same
bytes wherever and in whatever order they are calculated; they are handed on in their order. A part whose worker died is
calculated again.
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
from typing import Generic, Protocol, TypeVar

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
"""Parts in a task, at most: a lost task is calculated again as a whole."""
LOOK_EVERY = 0.2
"""Seconds between looks whether to stop, while a result is waited for."""


Part = TypeVar("Part")
Part_co = TypeVar("Part_co", covariant=True)


class InParts(Protocol[Part_co]):
    """Work in numbered parts: all that a worker has to know, as plain data that can be compared."""

    @property
    def version(self) -> str:
        """Of this package, where the work was handed out."""

    def calculator(self) -> Callable[[int], Part_co]:
        """What calculates the part of a number, counted from 0. It serves one thread."""


@dataclass(frozen=True)
class Job:
    """A simulation, block by block."""

    deal: str
    """Its terms as JSON."""
    seed: int
    spread: Sampling
    engine: EngineName | None
    version: str = __version__

    def calculator(self) -> Callable[[int], Block]:
        """What calculates the block of a number. The model is built anew."""
        return Calculator(build(deal_of(self.deal)), self.seed, self.spread, self.engine).block


def job_of(model: Model, seed: int, spread: Sampling, engine: EngineName | None) -> Job:
    """The job of a simulation."""
    return Job(text_of(model.deal), seed, spread, engine)


def text_of(deal: Deal) -> str:
    """A deal's terms as JSON, as workers are sent them."""
    return json.dumps(plain(deal), allow_nan=False)


def deal_of(text: str) -> Deal:
    """The deal that `text_of` wrote."""
    return terms_from(json.loads(text), Deal, "the deal")


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
class Done(Generic[Part]):
    """Parts that a worker calculated, and the seconds that it took."""

    parts: list[Part]
    seconds: float


def work(job: InParts[Part], numbers: Sequence[int]) -> Done[Part]:
    """Those parts of a job. Its calculator is made once for a thread's job, and kept for its next parts.

    Raises WorkersError where the worker has another version of this package.
    """
    if job.version != __version__:
        raise WorkersError(
            f"A worker has sibmodel {__version__}, and this is {job.version}. Install the same version on both."
        )
    if getattr(_of_this_thread, "job", None) != job:
        _of_this_thread.calculator = job.calculator()
        _of_this_thread.job = job
    calculate: Callable[[int], Part] = _of_this_thread.calculator
    began = perf_counter()
    parts = [calculate(number) for number in numbers]
    return Done(parts, perf_counter() - began)


def by_crew(crew: Crew, job: InParts[Part], numbers: range, stop: Callable[[], bool]) -> Iterator[Part]:
    """Parts in the order of their numbers, by the crew's workers; fewer where `stop` says so.

    Raises WorkersError where workers are lost again and again, and whatever the calculation itself raises.
    """
    sent: deque[tuple[range, Future[Done[Part]]]] = deque()
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
                size = min(MOST_IN_A_TASK, ceil(crew.seconds_in_a_task * len(done.parts) / done.seconds))
            yield from done.parts
        for _, future in sent:
            future.cancel()


def _result(future: Future[Done[Part]], stop: Callable[[], bool]) -> Done[Part] | None:
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
