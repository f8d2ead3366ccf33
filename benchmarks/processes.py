"""What is measured in a process of its own: the time to a first result, and the memory of a simulation."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import ONE_THREAD
from benchmarks.rounds import spread
from benchmarks.tables import Table

NOTHING = "Python itself"
COMMANDS: dict[str, Sequence[str]] = {
    NOTHING: ("-c", "pass"),
    "import sibmodel": ("-c", "import sibmodel"),
    "sibmodel --help": ("-m", "sibmodel.cli", "--help"),
    "sibmodel check peterborough": ("-m", "sibmodel.cli", "check", "peterborough"),
    "sibmodel explain peterborough": ("-m", "sibmodel.cli", "explain", "peterborough", "Outcome payments"),
    "sibmodel run peterborough (10,000 paths)": ("-m", "sibmodel.cli", "run", "peterborough"),
}
MEMORY = """
import json, pathlib, resource, sys
from sibmodel.deals import read
from sibmodel.model import build
from sibmodel.simulation import simulate
model = build(read(sys.argv[1]))
if int(sys.argv[2]):
    simulate(model, int(sys.argv[2]))
status = pathlib.Path("/proc/self/status")
if status.exists():  # what getrusage gives may be the peak of the process that started this one
    kibibytes = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
else:
    kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "darwin" else 1)
print(json.dumps(kibibytes))
"""
RUN = """
import json, pathlib, sys, tempfile, time
taken, last = {}, 0.0
def note(what):
    global last
    now = time.process_time()
    taken[what], last = now - last, now
from sibmodel import output, results
from sibmodel.analysis import needed
from sibmodel.options import open_deal
note("Python and imports")
deal, name = open_deal("peterborough", (), ())
from sibmodel.model import build
model = build(deal)
note("reading the deal, building the model")
import scipy.special
note("SciPy's functions")
from sibmodel.simulation import simulate
simulate(model, 10_000)
note("simulation of 10,000 paths")
from sibmodel.analysis.error_rates import error_rates
error_rates(deal, paths=results.runs.PATHS_OF_ERROR_RATES)
note("error rates of the test")
needed.needed(model)
note("effects that returns need")
done = results.run(deal, 1, sampler="random")
last = time.process_time()
with tempfile.TemporaryDirectory() as folder:
    output.write_results(done, pathlib.Path(folder), name)
    note("workbook and JSON")
print(json.dumps(taken))
"""
LARGER_DEAL = Path(__file__).with_name("benchmark_deal.yaml")
PATHS = (0, 10_000, 100_000, 1_000_000)


def first_results(rounds: int) -> Table:
    """Wall-clock seconds from the start of a command to its end. Commands that are not there are left out."""
    taken: dict[str, list[float]] = {title: [] for title in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for title, arguments in COMMANDS.items():
                start = time.perf_counter()
                done = _python(arguments, folder)
                if done.returncode == 0:
                    taken[title].append(time.perf_counter() - start)
                elif "No such command" not in done.stderr and "No module named sibmodel.cli" not in done.stderr:
                    raise RuntimeError(f"{title} failed: {done.stderr.strip()[-400:]}")
    rows = [(title, spread(seconds).text(".2f")) for title, seconds in taken.items() if seconds]
    return Table(
        "Time to a first result",
        f"Wall clock of the whole command in a process of its own, files in the page cache. {rounds} rounds.",
        ("command", "seconds"),
        rows,
    )


def parts_of_a_run(rounds: int) -> Table:
    """Where the processor time of a run goes."""
    taken: dict[str, list[float]] = {}
    for _ in range(rounds):
        done = _python(("-c", RUN))
        if done.returncode != 0:
            raise RuntimeError(f"The run failed: {done.stderr.strip()[-400:]}")
        for part, seconds in json.loads(done.stdout).items():
            taken.setdefault(part, []).append(seconds)
    in_all = sum(spread(seconds).median for seconds in taken.values())
    rows = [(part, spread(s).text(".2f"), f"{spread(s).median / in_all:.0%}") for part, s in taken.items()]
    return Table(
        "Where a run spends its time",
        "sibmodel run peterborough, 10,000 paths, part by part in a process of its own. Processor time. "
        f"Median [lowest..highest] of {rounds} rounds.",
        ("part", "seconds", "share"),
        rows,
    )


def memory() -> Table:
    """The most memory that a process held which read a deal and simulated it."""
    rows = []
    for paths in PATHS:
        done = _python(("-c", MEMORY, str(LARGER_DEAL), str(paths)))
        if done.returncode != 0:
            raise RuntimeError(f"The simulation of {paths} paths failed: {done.stderr.strip()[-400:]}")
        title = f"{paths:,} paths" if paths else "model built, nothing simulated"
        rows.append((title, f"{json.loads(done.stdout) / 1024:,.0f} MiB"))
    return Table(
        "Peak memory",
        "Resident set of a process that reads the larger deal, builds the model and simulates it.",
        ("simulation", "peak"),
        rows,
    )


def _python(arguments: Sequence[str], folder: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != ONE_THREAD}  # as a user has it
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
