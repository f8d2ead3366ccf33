"""What a deal costs as it grows: months, providers and tranches of the larger deal, and paths of a simulation."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.race import FIRST_BLOCKS, engines_here, reading_of, rounds_said
from benchmarks.readings import trial
from benchmarks.rounds import in_turn, per_second, spread
from benchmarks.tables import Table
from sibmodel.deal import Deal
from sibmodel.deals import read
from sibmodel.files import read_terms
from sibmodel.model import Model, build
from sibmodel.simulation import BLOCK, simulate
from sibmodel.terms import plain

LARGER_DEAL = Path(__file__).with_name("benchmark_deal.yaml")
PATHS = (1_000, 10_000, 100_000)
MOST_PATHS_OF_ARRAYS = 10_000


def longer(terms: dict[str, Any], months: int) -> None:
    """The deal over more months."""
    terms["months"] = months


def more_providers(terms: dict[str, Any], count: int) -> None:
    """Further providers, small ones, of which no two are alike."""
    for number in range(len(terms["providers"]) + 1, count + 1):
        fee = {"fixed_per_month": 500 + 10 * number, "per_start": 20 + number, "uptake": 0.2 + number / 100}
        terms["providers"].append({"name": f"Provider {number}", "margin": 0.04, **fee})


def more_tranches(terms: dict[str, Any], count: int) -> None:
    """Further tranches between the first and the second, each with its steps in the waterfall."""
    funding = terms["funding"]
    for number in range(len(funding["tranches"]), count):
        name = f"Tranche {number + 1}"
        loan = {"name": name, "investor": f"Investor {number + 1}", "commitment": 200_000, "coupon": 0.07}
        funding["tranches"].insert(1, loan)
        steps = [{"kind": kind, "tranches": [name]} for kind in ("interest", "principal")]
        funding["waterfall"][-2:-2] = steps


GROWN: Mapping[str, Callable[[dict[str, Any]], None]] = {
    "as it is: 84 months, 3 providers, 3 tranches": lambda _: None,
    "120 months": partial(longer, months=120),
    "180 months": partial(longer, months=180),
    "6 providers": partial(more_providers, count=6),
    "12 providers": partial(more_providers, count=12),
    "6 tranches": partial(more_tranches, count=6),
    "12 tranches": partial(more_tranches, count=12),
}


def grown(change: Callable[[dict[str, Any]], None]) -> Deal:
    """The larger deal, changed."""
    terms = deepcopy(plain(read(LARGER_DEAL)))
    change(terms)
    return read_terms(json.dumps(terms), Deal, name="a grown deal")


def as_deals_grow(rounds: int) -> Table:
    """Lines, the times of building and planning, and paths a second, of the larger deal and larger ones."""
    rows = []
    for title, change in GROWN.items():
        deal = grown(change)
        start = time.process_time()
        lines = len(build(deal).book.lines)
        built = time.process_time() - start
        of = trial(deal)
        speeds = []
        for name in [name for name in engines_here() if name != "arrays"]:
            start = time.process_time()
            reading = reading_of(of, name)
            for _ in range(FIRST_BLOCKS):
                reading()
            first = time.process_time() - start
            taken = in_turn({name: reading}, rounds)[name]
            speeds.append((name, max(first - FIRST_BLOCKS * median(taken), 0.0), per_second(taken, BLOCK).text(",.0f")))
        rows += [(title, f"{lines:,}", f"{built:.2f}", name, f"{plan:.2f}", speed) for name, plan, speed in speeds]
    return Table(
        "As a deal grows",
        "The larger deal, and ones made of it. Building reads terms into lines; planning is what an engine does once, "
        "before and in its first blocks. Paths a second as above, on one core, with the rates of all tranches. "
        f"Processor time. {rounds_said(rounds)}",
        ("deal", "lines", "building, s", "engine", "planning, s", "paths a second"),
        rows,
    )


def as_paths_grow(rounds: int) -> Table:
    """Whole simulations of more and more paths."""
    models: dict[str, Model] = {"Peterborough": build(read("peterborough")), "Larger deal": build(read(LARGER_DEAL))}
    rows = []
    for deal, model in models.items():
        tasks: dict[str, Callable[[], object]] = {}
        for paths in PATHS:
            for name in engines_here():
                if name != "arrays" or paths <= MOST_PATHS_OF_ARRAYS:
                    tasks[f"{paths} {name}"] = partial(simulate, model, paths, engine=name)
        taken = in_turn(tasks, rounds)
        for task, seconds in taken.items():
            number, name = task.split()
            speed = per_second(seconds, int(number)).text(",.0f")
            rows.append((deal, f"{int(number):,}", name, spread(seconds).text(".2f"), speed))
    return Table(
        "As paths grow",
        "Whole simulations: the plan, luck, counts, all figures, the rate of return of all investors, and lines for "
        f"charts. Processor time on one core. {rounds_said(rounds)}",
        ("deal", "paths", "engine", "seconds", "paths a second"),
        rows,
    )
