"""Measure everything and print the tables, or write them into a page.

python -m benchmarks
python -m benchmarks --write docs/performance.md
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks import comparison, engines_speed, processes, rates_speed, simulation_speed
from benchmarks.readings import trial
from benchmarks.tables import Table, write_between_marks
from sibmodel.deals import read
from sibmodel.model import build

DEALS = {"Peterborough": "peterborough", "Larger deal": str(Path(__file__).with_name("benchmark_deal.yaml"))}
ENGINES_OF = ("peterborough", "yorkshire-and-humber")
"""Examples for which the engines are compared, a small one and a large one."""
ROUNDS = 5
FEW_ROUNDS = 3
"""For what takes long, or varies little."""


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure how fast the model is.")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="Write the tables into this page as well.")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"Rounds of each comparison; {ROUNDS} unless told.")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("It needs at least one round.")
    few = min(options.rounds, FEW_ROUNDS)
    parts = [machine()]
    print(parts[0])
    trials = {name: trial(read(deal)) for name, deal in DEALS.items()}
    simulation_speed.check_equal(trials)
    larger = list(trials)[-1]
    measures: tuple[Callable[[], Table], ...] = (
        lambda: simulation_speed.paths_a_second(trials, options.rounds),
        lambda: engines_speed.engines_beside_each_other({name: build(read(name)) for name in ENGINES_OF}, few),
        lambda: simulation_speed.block_sizes(larger, trials[larger], few),
        lambda: rates_speed.rates_a_second(trials, options.rounds),
        lambda: comparison.contracts_side_by_side(ENGINES_OF, few),
        lambda: processes.first_results(few),
        processes.memory,
    )
    for measure in measures:
        parts.append(measure().markdown())
        print(f"\n{parts[-1]}", flush=True)
    if options.write is not None:
        write_between_marks(options.write, "\n".join(parts))


def machine() -> str:
    """What was measured on, in a sentence."""
    packages = ", ".join(f"{name} {_version(name)}" for name in ("numpy", "scipy", "pyxirr", "numpy-financial"))
    return (
        f"Measured on one of {os.cpu_count()} cores of {_processor()}, {platform.system()}, "
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
