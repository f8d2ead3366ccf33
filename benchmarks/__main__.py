"""Measure everything, or some parts, and print the tables, or write them into a page.

python -m benchmarks
python -m benchmarks --only irr --only memory
python -m benchmarks --write docs/performance.md
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks import (
    blocks_speed,
    clusters,
    comparison,
    growth,
    processes,
    race,
    rates_speed,
    samplers_speed,
    two_cores,
)
from benchmarks.readings import Trial, trial
from benchmarks.tables import Table, put_in_place, write_between_marks
from sibmodel.deals import read

DEALS = {"Peterborough": "peterborough", "Larger deal": str(Path(__file__).with_name("benchmark_deal.yaml"))}
COMPARED = ("peterborough", "yorkshire-and-humber")
"""Examples whose contracts are compared, a small one and a large one."""
ROUNDS = 5
FEW_ROUNDS = 3
"""For what takes long, or varies little."""
PACKAGES = ("numpy", "scipy", "numba", "distributed", "pyxirr", "numpy-financial")


@cache
def trials() -> Mapping[str, Trial]:
    """The deals, made ready for all ways of calculating them."""
    return {name: trial(read(deal)) for name, deal in DEALS.items()}


PARTS: Mapping[str, Callable[[int, int], Table]] = {
    "one-core": lambda rounds, _: race.one_core(trials(), rounds),
    "two-cores": lambda _, few: two_cores.one_and_two_cores(few),
    "blocks": lambda _, few: blocks_speed.block_sizes("Larger deal", trials()["Larger deal"], few),
    "paths": lambda _, few: growth.as_paths_grow(few),
    "growth": lambda _, few: growth.as_deals_grow(few),
    "irr": lambda rounds, _: rates_speed.rates_a_second(trials(), rounds),
    "samplers": lambda _, __: samplers_speed.worth_of_a_path(),
    "contracts": lambda _, few: comparison.contracts_side_by_side(COMPARED, few),
    "others": lambda _, few: clusters.by_others(few),
    "commands": lambda _, few: processes.first_results(few),
    "run": lambda _, few: processes.parts_of_a_run(few),
    "memory": lambda _, __: processes.memory(),
}
"""What is measured, by name, in this order: each makes a table, in so many rounds, or in few."""


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure how fast the model is.")
    parser.add_argument(
        "--write", type=Path, metavar="PAGE", help="Write the tables into this page too; with --only, those."
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"Rounds of each comparison; {ROUNDS} unless told.")
    parser.add_argument(
        "--only", action="append", choices=PARTS, metavar="PART", help=f"Only this: {', '.join(PARTS)}. Repeatable."
    )
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("It needs at least one round.")
    print(machine())
    tables = []
    for name in options.only or PARTS:
        tables.append(PARTS[name](options.rounds, min(options.rounds, FEW_ROUNDS)))
        print(f"\n{tables[-1].markdown()}", flush=True)
    if options.write is not None and options.only:
        put_in_place(options.write, machine(), tables)
    elif options.write is not None:
        write_between_marks(options.write, "\n".join([machine(), *(table.markdown() for table in tables)]))


def machine() -> str:
    """What was measured on, in a sentence."""
    packages = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    return (
        f"Measured on {os.cpu_count()} cores of {_processor()}, {platform.system()}, "
        f"Python {platform.python_version()}, {packages}.\n"
    )


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    main()
