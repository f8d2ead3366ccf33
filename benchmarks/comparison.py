"""How long a comparison of contracts takes: the figures of all parties, and the shares of their risk."""

from __future__ import annotations

import time
from collections.abc import Sequence

from benchmarks.rounds import spread
from benchmarks.tables import Table
from sibmodel.analysis.transfer.comparing import compare
from sibmodel.analysis.transfer.drivers import groups_of
from sibmodel.deals import read
from sibmodel.model import build

PATHS = 65_536


def contracts_side_by_side(names: Sequence[str], rounds: int, paths: int = PATHS) -> Table:
    """Processor time of a comparison without and with shares of risk."""
    rows = []
    for name in names:
        deal = read(name)
        groups = groups_of(build(deal))
        without, with_shares = [], []
        for _ in range(rounds):
            start = time.process_time()
            compare(deal, paths=paths, paths_of_shares=0)
            between = time.process_time()
            compare(deal, paths=paths)
            without.append(between - start)
            with_shares.append(time.process_time() - between)
        sets = f"{2 ** len(groups)}"
        rows.append((name, sets, spread(without).text(".1f"), spread(with_shares).text(".1f")))
    return Table(
        "Contracts side by side",
        f"Fee for service, payment by results and bond over {paths:,} paths, on one core: what each party may expect, "
        "and the same with Shapley shares of everybody's risk over all sets of groups of drivers that the deal has. "
        f"Each set has as many paths, which serve two sets. Seconds, median [lowest..highest] of {rounds} rounds.",
        ("deal", "sets of drivers", "without shares", "with shares"),
        rows,
    )
