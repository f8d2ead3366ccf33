"""Why the example `one-service` differs from the separate program of METHOD 4.4: step by step, until nothing is left.

The figures in print come out of the program by hand (`one_service_by_hand.py`) to the last printed digit. Each step
then changes one assumption of it to this package's; its size is a golden figure, and stands in docs/method.md. After
the last step every party's present value agrees with the package's own in every path.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sibmodel.analysis.transfer.comparing import Comparison, compare
from sibmodel.analysis.transfer.forms import BOND, FEE, RESULTS
from sibmodel.analysis.transfer.ledgers import COMMISSIONER, INVESTORS
from sibmodel.deal import Deal
from sibmodel.deals import read
from sibmodel.metrics import error_of_mean
from sibmodel.model import Model, build
from sibmodel.simulation import Sampling, sampling_of
from sibmodel.simulation.paths import Luck, blocks
from tests.published.one_service_by_hand import (
    EVENTS,
    PEOPLE,
    SHARE_CAPPED,
    Contracts,
    Floats,
    Service,
    Ways,
    fair_prices,
    ladder,
    now,
)

PATHS, SEED = 16_384, 1
PROVIDER = "Provider"
PRICE, CAP, THRESHOLD = 14_000, 8_000_000, 0.075
THRESHOLDS = (0.0, 0.05, 0.075, 0.10)
PARTIES = (
    (FEE, COMMISSIONER),
    (FEE, PROVIDER),
    (BOND, COMMISSIONER),
    (RESULTS, PROVIDER),
    (BOND, PROVIDER),
    (BOND, INVESTORS),
)

PRINTED_PRICES = (18_400, 19_800, 22_600, 28_300)
PRINTED_MEANS = (-4.41, 0.20, -2.88, -2.03, 0.09, -1.89)
PRINTED_FOR_NOTHING = (0.81, 0.44, 0.19, 0.09)
"""METHOD 4.4: fair prices by threshold; means in £ million by party; by threshold, what is paid at the fair price where
the true effect is nil or worse, in £ million and not discounted."""

STEPS = {
    "spread_of_figures": ((-2, -1, -4, -4), (0.0, 0.0, -0.6, 0.6, 0.0, 0.6)),
    "parts_of_people": ((0, 0, 0, 0), (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)),
    "measured_on_average": ((-144, -171, -230, -351), (0.0, 0.0, -29.9, 29.9, 1.0, 28.9)),
    "counts_drawn": ((2, 5, 3, -11), (0.0, 0.0, 0.3, -0.3, 0.0, -0.3)),
    "paid_as_counted": ((-63, -85, -116, -145), (0.0, 0.0, -12.3, 12.3, 0.0, 12.3)),
    "ends_in_any_month": ((24, 30, 31, 51), (18.1, -1.6, 14.9, 4.8, -1.2, 2.9)),
    "no_closing_cost": ((0, 0, 0, 0), (0.0, 13.9, 0.0, 13.9, 13.9, 0.0)),
    "delivered_by_month": ((22, 24, 27, 34), (-5.9, 0.3, 0.0, -15.5, 0.1, -5.8)),
    "managed_by_month": ((26, 28, 32, 41), (0.0, 0.0, 0.0, 0.0, 0.0, -6.9)),
    "management_ends": ((-75, -81, -93, -117), (0.0, 0.0, 0.0, 0.0, 0.0, 19.9)),
    "released_when_decided": ((-92, -76, -68, -63), (0.0, 0.0, 0.0, 0.0, -14.6, 14.6)),
    "all_is_borrowed": ((0, 0, 0, 0), (0.0, 0.0, 0.0, -102.3, 0.0, 0.0)),
    "whole_months": ((-3, -4, -4, -5), (0.0, 0.0, -0.6, 1.7, 0.0, 0.5)),
    "waits_for_all": ((6, 7, 8, 10), (0.0, 0.0, 1.1, -3.4, 0.0, -1.0)),
}
"""By step, what it adds to the fair prices, in £, and to the means, in £ thousand."""
FAIR_PRICES = (18_111, 19_462, 22_142, 27_752)
"""Of this package."""

IN_WORDS = {
    "measured_on_average": "Counts are right on average; there the measured effect was 0.1 point too low on average",
    "counts_drawn": "Whole events are counted; there the logarithm of the measured rate was drawn from a bell curve",
    "paid_as_counted": "A unit is an event fewer than are counted in the comparison group; there, than its true rate",
    "ends_in_any_month": "A change of policy also stops the cohort that begins in its month",
    "no_closing_cost": "A provider that is stopped early has no closing cost of £150,000",
    "delivered_by_month": "Delivery is paid month by month; there in the middle of each year",
    "managed_by_month": "Management is paid month by month; there once a year, in arrears",
    "management_ends": "Management ends a year after a contract that is stopped early",
    "released_when_decided": "What is held back is released with the decision; there with the fee",
    "all_is_borrowed": "A provider paid by results borrows for mobilisation too",
    "waits_for_all": "Each cohort's assessment has its own delay, and payment waits for the last",
}
"""The rows of the table in docs/method.md; the other steps are in its last row."""
OTHERS = "Spreads of figures instead of logarithms, parts of people, whole months of delay"


@cache
def model() -> Model:
    return build(read("one-service"))


@cache
def spread() -> Sampling:
    return sampling_of(model(), "sobol", PATHS, SEED)


@cache
def luck() -> dict[str, Floats]:
    """The package's own uniform numbers `[path]`, by driver."""
    found: dict[str, list[Floats]] = {}
    for block, wanted in blocks(PATHS):
        drawn = Luck(model(), SEED, block, spread())
        counts = {draw.stream: numbers[0] for draw, numbers in drawn.draws.items()}
        for name, numbers in {**drawn.drivers, **counts}.items():
            found.setdefault(name, []).append(numbers[:wanted])
    return {name: np.concatenate(parts) for name, parts in found.items()}


@cache
def service(step: str) -> Service:
    return Service(luck(), ladder()[step])


@cache
def means(step: str) -> Floats:
    """Of each party `[party, path]`, in £ thousand."""
    found = Contracts(service(step), THRESHOLD, PRICE, CAP / PRICE).means()
    return np.array([found[party] for party in PARTIES]) / 1e3


def prices(step: str, target: float | None = None) -> Floats:
    """Fair prices `[threshold, replicate]`."""
    capped = SHARE_CAPPED * EVENTS * 3 * PEOPLE
    return np.array(
        [fair_prices(Contracts(service(step), one, 1, capped, target), spread().replicates) for one in THRESHOLDS]
    )


def compared(deal: Deal) -> Comparison:
    return compare(deal, paths=PATHS, seed=SEED, paths_of_shares=0, sampler=spread())


def before(step: str) -> str:
    names = list(ladder())
    return names[names.index(step) - 1]


def test_the_print_comes_out_by_hand() -> None:
    """To the last printed digit, within two errors."""
    first = means("as printed")
    for printed, values in zip(PRINTED_MEANS, first, strict=True):
        error = error_of_mean(values, spread().replicates)
        assert values.mean() / 1e3 == pytest.approx(printed, abs=0.005 + 2 * error / 1e3)
    for printed, found in zip(PRINTED_PRICES, prices("as printed"), strict=True):
        assert found.mean() == pytest.approx(printed, abs=50 + 2 * found.std(ddof=1) / 4)


def test_what_is_paid_for_nothing_by_hand() -> None:
    """Within half a printed digit and three errors: some 1,500 paths have no effect."""
    nothing = service("as printed").reduction <= 0
    for threshold, price, printed in zip(THRESHOLDS, PRINTED_PRICES, PRINTED_FOR_NOTHING, strict=True):
        bond = Contracts(service("as printed"), threshold, price, SHARE_CAPPED * EVENTS * 3 * PEOPLE)
        paid = (price * bond.units / now(service("as printed").decided))[nothing] / 1e6
        assert paid.mean() == pytest.approx(printed, abs=0.005 + 3 * paid.std() / len(paid) ** 0.5)


@pytest.mark.parametrize("step", STEPS)
def test_what_each_step_moves(step: str) -> None:
    """To the last digit told: all steps meet the same luck."""
    of_prices, of_means = STEPS[step]
    moved = (prices(step) - prices(before(step))).mean(axis=1)
    assert moved == pytest.approx(of_prices, abs=0.6)
    assert (means(step) - means(before(step))).mean(axis=1) == pytest.approx(of_means, abs=0.06)


def test_the_steps_are_all_that_differs() -> None:
    assert list(STEPS) == list(ladder())[1:]
    assert list(ladder().values())[-1] == Ways(*[True] * len(STEPS))
    assert prices(list(STEPS)[-1]).mean(axis=1) == pytest.approx(FAIR_PRICES, abs=0.6)


def test_after_the_last_step_every_path_agrees() -> None:
    """Three contracts, and every party of them, to the hundredth of a penny."""
    own, last = compared(read("one-service")), means(list(STEPS)[-1])
    for (form, party), by_hand in zip(PARTIES, last, strict=True):
        found = next(one for one in own.contracts if one.name == form).npv[party]
        assert np.abs(found / 1e3 - by_hand).max() < 1e-7


def test_our_fair_prices_are_fair() -> None:
    """At each of them investors' mean is nil, within a fifth of its error."""
    for threshold, price in zip(THRESHOLDS, FAIR_PRICES, strict=True):
        deal = read("one-service").replace("payments[0].price", price)
        deal = deal.replace("payments[0].cap", SHARE_CAPPED * EVENTS * 3 * PEOPLE * price)
        deal = deal.replace("payments[0].fallback.pooled", threshold)
        deal = deal.replace("providers[0].holdback.target", threshold)
        bond = next(one for one in compared(deal).contracts if one.name == BOND)
        mean = next(one for one in bond.parties if one.name == INVESTORS).mean
        assert abs(mean.value) < mean.error / 5


def test_the_page_says_the_same(checkout: Path) -> None:
    """By step, what it adds to two fair prices, to investors' mean and to that of a provider paid by results."""
    page = (checkout / "docs" / "method.md").read_text(encoding="utf-8")
    rows = {words: (name,) for name, words in IN_WORDS.items()}
    rows[OTHERS] = tuple(name for name in STEPS if name not in IN_WORDS)
    for words, names in rows.items():
        moved, errors = _together(names)
        cells = [_pounds(moved[place], errors[place], "") for place in (0, 1)]
        cells += [_pounds(moved[place], errors[place], "thousand") for place in (2, 3)]
        assert f"| {words} | {' | '.join(cells)} |" in page


def _together(names: tuple[str, ...]) -> tuple[Floats, Floats]:
    """What some steps move together, and the errors: of the page's four columns."""
    count = spread().replicates
    apart = np.zeros((4, count))
    for name in names:
        by_price = (prices(name) - prices(before(name)))[[0, 2]]
        by_mean = (means(name) - means(before(name)))[[5, 3]].reshape(2, count, -1).mean(axis=2)
        apart += np.concatenate([by_price, by_mean])
    return apart.mean(axis=1), apart.std(axis=1, ddof=1) / count**0.5


def _pounds(moved: float, error: float, unit: str) -> str:
    digits = 1 if unit else 0
    if abs(moved) < 0.5 / 10**digits and error < 0.5 / 10**digits:
        return "–"
    sign, ending = "−" if moved < 0 else "+", " thousand" if unit else ""
    return f"{sign}£{abs(moved):,.{digits}f}{ending} ± {error:.{digits}f}"
