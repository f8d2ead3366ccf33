"""The assurance of a run: what it was made with, what was checked, what it rests on, and what it is not good for."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sibmodel import __version__
from sibmodel.assurance import RATING_OF_STATUS, Assurance, Rating
from sibmodel.binding import Status, nearest
from sibmodel.evidence.citing import status
from sibmodel.lines import Input
from sibmodel.results.runs import Run
from sibmodel.simulation import LOSS, PAYMENT, chance_of, summary_of

PACKAGES = ("numpy", "scipy", "pydantic", "ruamel.yaml", "XlsxWriter")
"""Packages on which the figures or the files depend."""
LIMITS = (
    "The base case is one course of events, not a forecast: read it beside the simulated range.",
    "Simulated figures hold only as far as the assumptions' distributions are right; those rated red are judgement.",
    "Benefits to society, tax and inflation are no part of the cash flows; money is nominal.",
    "Nobody but those named has checked the terms against the signed contract.",
)
"""What no deal file needs to say, for it holds for all."""


@dataclass(frozen=True)
class Rated:
    """An input with its owner and the rating of its evidence; `given` says whether somebody rated it."""

    cell: Input
    status: Status
    rating: Rating
    given: bool
    owner: str | None
    uncertain: bool


def rated(run: Run) -> list[Rated]:
    """Every input that has a place in the deal."""
    told = run.deal.assurance or Assurance()
    uncertain = {one.cell for one in run.model.uncertain}
    found = []
    for cell in run.model.book.inputs:
        if not cell.path:
            continue
        kind, given = status(cell.source), nearest(told.ratings, cell.path)
        rating = RATING_OF_STATUS[kind] if given is None else given
        owner = nearest(told.owners, cell.path)
        found.append(Rated(cell, kind, rating, given is not None, owner, cell in uncertain))
    return found


def made_with() -> dict[str, str]:
    """The versions of the program, the language and the packages."""
    return {"sibmodel": __version__, "Python": platform.python_version()} | {name: _version(name) for name in PACKAGES}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def limits(run: Run) -> tuple[str, ...]:
    """What the figures must not be used for: the deal's own limits first."""
    return (*(() if run.deal.assurance is None else run.deal.assurance.limits), *LIMITS)


def errors_of_headlines(run: Run) -> list[tuple[str, str, float, float]]:
    """Headline figures of the simulation: name, kind (money or share), value and Monte Carlo standard error."""
    simulation = run.simulation
    loss, payment = chance_of(simulation, LOSS), chance_of(simulation, PAYMENT)
    found = [
        ("Chance of losing money", "share", loss.value, loss.error),
        ("Chance of outcome payment", "share", payment.value, payment.error),
    ]
    for title, name in (("Mean net present value", "npv"), ("Mean outcome payments", "payments")):
        one = summary_of(simulation, name)
        found.append((title, "money", one.mean, one.error))
    return found


def assurance(run: Run) -> dict[str, Any]:
    """All of it as plain data."""
    told, checks = run.deal.assurance or Assurance(), run.model.checks
    return {
        "purpose": told.purpose,
        "commissioner": told.commissioner,
        "analyst": told.analyst,
        "assurer": told.assurer,
        "approver": told.approver,
        "made_with": made_with(),
        "deal_hash": run.hash,
        "seed": run.simulation.seed,
        "paths": run.simulation.paths,
        "sampler": run.simulation.spread.sampler,
        "checks_failing": int(run.figure(checks.failing)),
        "checks": [
            {
                "check": one.name,
                "meaning": one.meaning,
                "off_by": run.figure(one.value),
                "tolerance": one.tolerance.value,
                "holds": bool(run.figure(one.holds) == 1),
            }
            for one in checks.every
        ],
        "monte_carlo": [
            {"figure": title, "kind": kind, "value": value, "error": error}
            for title, kind, value, error in errors_of_headlines(run)
        ],
        "assumptions": [
            {
                "assumption": one.cell.name,
                "path": one.cell.path,
                "value": one.cell.value,
                "unit": one.cell.unit,
                "uncertain": one.uncertain,
                "status": one.status,
                "rating": one.rating,
                "rated_by_hand": one.given,
                "owner": one.owner,
                "source": one.cell.source,
            }
            for one in rated(run)
        ],
        "cautions": [{"path": one.path, "message": one.message} for one in run.cautions],
        "limits": list(limits(run)),
        "changes": [change.plain() for change in told.changes],
    }
