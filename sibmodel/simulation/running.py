"""Running a simulation: blocks calculated here or by workers, gathered in their order, until all or enough are done."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from sibmodel.errors import NotFoundError
from sibmodel.model import Model
from sibmodel.simulation.block import Block
from sibmodel.simulation.checkpoint import Checkpoint
from sibmodel.simulation.crew import Crew
from sibmodel.simulation.engines import EngineName
from sibmodel.simulation.gathering import PATHS_KEPT, Gathering
from sibmodel.simulation.samplers import MOST_IN_REPLICATES, PATHS, Sampling, sampling
from sibmodel.simulation.simulated import Simulation, Stopped
from sibmodel.simulation.streams import BLOCK
from sibmodel.simulation.watched import USUAL, Until, until
from sibmodel.simulation.workers import Calculator, by_crew, job_of

SEED = 1
"""The seed unless told: any other will do as well."""
MOST_UNTIL = 1_000_000
"""Paths after which a simulation that was to go on until an error is reached ends, unless told."""
FIRST_LOOK = 2
"""Blocks after which such a simulation first looks: with fewer, an error is itself too uncertain to stop by."""

Progress = Callable[[int, int], None]
"""Called with paths done and paths in all."""


@dataclass(frozen=True, eq=False)
class Execution:
    """How a simulation is carried out. Nothing of it changes a figure."""

    crew: Crew | None = None
    """Who calculates; this thread unless told."""
    keep: int = PATHS_KEPT
    """Figures are kept by path up to so many paths, at least a block; of more, the first so many are."""
    stop: Callable[[], bool] = lambda: False
    """Asked between blocks whether to stop with what is done."""
    checkpoint: Path | None = None
    """A file in which progress is kept, and from which it goes on where it exists."""
    each: Callable[[Block], None] | None = None
    """Called with every block, in their order."""


ALONE = Execution()


def simulate(
    model: Model,
    paths: int | None = None,
    seed: int = SEED,
    progress: Progress | None = None,
    engine: EngineName | None = None,
    sampler: str | None = None,
    error: str | None = None,
    execution: Execution = ALONE,
) -> Simulation:
    """Run `paths` paths, by the pseudo-random sampler unless told, and as many as the sampler has unless told.

    The same seed gives the same figures, by either engine and any number of workers; pseudo-random paths do so one by
    one, for any number of them. Unless told, the engine is the faster one for so many (`sibmodel.simulation.engines`).

    With `error`, such as `probability_of_loss ± 0.005`, paths go on until the standard error of that figure is
    reached, `paths` (a million unless told) at the most; the simulation says whether it was. Because it stops at the
    first look at which the estimated error is small enough, that estimate is a little too small on average; the first
    look comes after 16,384 paths, so that it is little (Y. S. Chow and H. Robbins, Annals of Mathematical Statistics
    36, 1965, for why it vanishes).

    Raises ValueError for fewer than one path, a negative seed, or an engine that does not exist; NotFoundError for
    a sampler that does not exist or cannot take so many paths, or an error that names no figure; OutputError for a
    checkpoint that cannot be used; WorkersError where workers fail.
    """
    if (paths is not None and paths < 1) or seed < 0:
        raise ValueError("A simulation needs at least one path, and a seed of 0 or more.")
    rule = None if error is None else until(error, model)
    if rule is None:
        return _simulated(model, seed, sampling(sampler, paths), None, progress, engine, execution)
    if sampler in (None, "random"):
        return _simulated(model, seed, sampling(sampler, paths or MOST_UNTIL), rule, progress, engine, execution)
    return _doubled(model, seed, str(sampler), paths, rule, progress, engine, execution)


def _doubled(
    model: Model,
    seed: int,
    sampler: str,
    most: int | None,
    rule: Until,
    progress: Progress | None,
    engine: EngineName | None,
    execution: Execution,
) -> Simulation:
    """Replicates as large as the error needs: begun anew with twice the paths until it is reached. All that is told is
    of the last, whose replicates are whole."""
    if execution.checkpoint is not None or execution.each is not None:
        raise NotFoundError(
            f"With the sampler {sampler}, paths until an error is reached begin anew when they double: neither a "
            "checkpoint nor a file of paths goes with it. Leave them out, or take the sampler random."
        )
    last = sampling(sampler, most or MOST_IN_REPLICATES)
    spread = sampling(sampler, min(PATHS[sampler], last.paths))
    while True:
        found = _simulated(model, seed, spread, rule, progress, engine, execution)
        if found.reached:
            return found if spread == last else replace(found, stopped=Stopped(last.paths, "rule"))
        if spread == last or found.stopped is not None:
            return found
        spread = sampling(sampler, min(2 * spread.paths, last.paths))


def _simulated(
    model: Model,
    seed: int,
    spread: Sampling,
    rule: Until | None,
    progress: Progress | None,
    engine: EngineName | None,
    execution: Execution,
) -> Simulation:
    """As many paths as `spread` has, or as `rule` needs."""
    watched = USUAL if rule is None or rule.watched in USUAL else (*USUAL, rule.watched)
    gathered = Gathering(model, seed, spread, max(execution.keep, BLOCK), watched)
    checkpoint = None if execution.checkpoint is None else Checkpoint(execution.checkpoint)
    if checkpoint is not None:
        checkpoint.go_on(gathered)
    by_rule = rule is not None and spread.replicates == 1
    enough = by_rule and rule is not None and _looks(gathered) and rule.holds(gathered)
    if not enough:
        with closing(_blocks(model, seed, spread, engine, execution, gathered.blocks)) as blocks:
            for block in blocks:
                if checkpoint is not None and block.paths < BLOCK:
                    checkpoint.write(gathered)  # with whole blocks, a later run may go beyond
                gathered.add(block)
                if execution.each is not None:
                    execution.each(block)
                if progress is not None:
                    progress(gathered.paths, spread.paths)
                if checkpoint is not None:
                    checkpoint.note(gathered)
                enough = by_rule and rule is not None and _looks(gathered) and rule.holds(gathered)
                if enough:
                    break
    if checkpoint is not None and gathered.paths % BLOCK == 0:
        checkpoint.write(gathered)
    return replace(gathered.simulation(_stopped(gathered, enough)), until=rule)


def _stopped(gathered: Gathering, enough: bool) -> Stopped | None:
    """How it ended before its time, if it did. Raises NotFoundError where too little is done to tell anything."""
    if gathered.paths == gathered.spread.paths:
        return None
    if gathered.paths == 0 or (gathered.spread.replicates > 1 and gathered.replicates < 2):
        raise NotFoundError("Stopped before enough paths were done to tell anything. Nothing was written.")
    return Stopped(gathered.spread.paths, "rule" if enough else "hand")


def _looks(gathered: Gathering) -> bool:
    """Whether a rule looks after so many blocks: after two, and then whenever there are an eighth more, whoever
    calculates them and however often the run was resumed."""
    look = FIRST_LOOK
    while look < gathered.blocks:
        look = max(look + 1, look * 9 // 8)
    return look == gathered.blocks


def _blocks(
    model: Model, seed: int, spread: Sampling, engine: EngineName | None, execution: Execution, first: int
) -> Generator[Block, None, None]:
    """The blocks from the first on, in their order."""
    numbers = range(first, -(-spread.paths // BLOCK))
    if not numbers:
        return
    if execution.crew is not None:
        yield from by_crew(execution.crew, job_of(model, seed, spread, engine), numbers, execution.stop)
        return
    calculator = Calculator(model, seed, spread, engine)
    for number in numbers:
        if execution.stop():
            return
        yield calculator.block(number)
