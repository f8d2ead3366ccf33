"""Paths until an error is reached: what may be asked for, when it stops, and what stopping does to the error."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sibmodel import results
from sibmodel.errors import NotFoundError
from sibmodel.metrics import error_of_share
from sibmodel.model import Model, build
from sibmodel.simulation import BLOCK, Execution, simulate
from sibmodel.simulation.running import FIRST_LOOK, MOST_UNTIL, _looks
from sibmodel.simulation.watched import Until, Watched, until, watched
from sibmodel.views.summary import summary
from tests.deals import small
from tests.simulation.test_engines import assert_same

UNCERTAIN = {"assumptions.effect": "{normal: {mean: 0.1, sd: 0.1}}"}


@pytest.fixture(scope="module")
def model() -> Model:
    return build(small(UNCERTAIN))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("probability_of_loss ± 0.005", Until(Watched("probability_of_loss", "chance"), 0.005)),
        ("investor.probability_of_loss+-0.5%", Until(Watched("probability_of_loss", "chance"), 0.005)),
        ("Probability of loss +/- .01", Until(Watched("probability_of_loss", "chance"), 0.01)),
        ("mean npv ± £20,000", Until(Watched("npv", "mean"), 20_000)),
        ("npv ± 2e4", Until(Watched("npv", "mean"), 20_000)),
        ("simulation.investor.irr.p5 ± 0.2%", Until(Watched("irr", "p5"), 0.002)),
        ("irr median ± 0.01", Until(Watched("irr", "p50"), 0.01)),
        ("expected shortfall of npv ± 1000", Until(Watched("npv", "expected_shortfall"), 1000)),
        ("sd payments ± 1000", Until(Watched("payments", "sd"), 1000)),
        ("payments by payer, Ministry ± 500", Until(Watched("payments by payer, Ministry", "mean"), 500)),
        ("margin, charity p95 ± 500", Until(Watched("margin, Charity", "p95"), 500)),
        ("cash_below_zero, Charity ± 0.01", Until(Watched("cash_below_zero, Charity", "chance"), 0.01)),
    ],
)
def test_what_may_be_asked_for(model: Model, text: str, found: Until) -> None:
    assert until(text, model) == found
    assert until(found.text, model) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "probability_of_loss",
            'says no error. Write a figure and its error, for example "probability_of_loss ± 0.005"',
        ),
        ("probability_of_los ± 0.01", 'is not a figure of this simulation. Did you mean "probability_of_loss"?'),
        ("mean npw ± 3", 'Did you mean "mean npv"?'),
        ("weather in may ± 3", "Write a figure and its error"),
        ("npv ± 0", "it must be above nil"),
        ("npv ± 1.2.3", "it must be above nil"),
    ],
)
def test_what_may_not(model: Model, text: str, said: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        until(text, model)
    assert said in str(caught.value)


def test_every_figure_of_the_results_may_be_watched(model: Model) -> None:
    simulation = simulate(model, 200)
    for figure in simulation.figures:
        for statistic in ("mean", "sd", "p5", "p50", "p95", "expected_shortfall"):
            one = watched(f"{statistic} {figure}", model)
            assert (one.figure, one.statistic) == (figure, statistic)
            one.of(simulation)


def test_it_stops_when_the_error_is_reached(model: Model) -> None:
    found = simulate(model, error="probability_of_loss ± 0.0025")
    assert found.reached
    assert found.stopped is not None
    assert (found.stopped.by, found.stopped.asked) == ("rule", MOST_UNTIL)
    # Not far beyond: at the last look but one it was not reached, and looks are an eighth apart.
    loss = Watched("probability_of_loss", "chance").of(found)
    assert 0.0025 * (8 / 9) ** 0.5 * 0.97 <= loss.error <= 0.0025
    assert_same(simulate(model, found.paths), found)


def test_the_first_look_comes_after_two_blocks(model: Model) -> None:
    found = simulate(model, error="probability_of_loss ± 0.2")
    assert found.paths == FIRST_LOOK * BLOCK


def test_what_is_not_reached_is_said(model: Model) -> None:
    run = results.run(small(UNCERTAIN), paths=20_000, error="probability_of_loss ± 0.0001")
    assert not run.simulation.reached
    assert run.simulation.paths == 20_000
    told = results.document(run)["simulation"]
    assert "stopped_early" not in told
    assert (told["until"]["asked"], told["until"]["reached"]) == ("probability_of_loss ± 0.0001", False)
    assert told["until"]["error"] == told["investor"]["probability_of_loss_error"]
    assert "Asked for probability_of_loss ± 0.0001: not reached after 20,000 pseudo-random paths" in summary(run)


def test_looks_are_the_same_however_often_it_is_resumed() -> None:
    class Blocks:
        def __init__(self, blocks: int) -> None:
            self.blocks = blocks

    looks = [count for count in range(1, 60) if _looks(Blocks(count))]  # type: ignore[arg-type]
    assert looks[:8] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert all(later <= max(earlier + 1, earlier * 9 // 8) for earlier, later in pairwise(looks))


@pytest.mark.parametrize("sampler", ["latin", "sobol"])
def test_replicates_double_until_it_is_reached(model: Model, sampler: str) -> None:
    wanted = 0.9 * Watched("probability_of_loss", "chance").of(simulate(model, 16_384, sampler=sampler)).error
    found = simulate(model, error=f"probability_of_loss ± {wanted}", sampler=sampler)
    assert found.reached
    assert found.replicates == 16
    assert found.paths > 16_384
    assert found.paths & (found.paths - 1) == 0
    assert_same(simulate(model, found.paths, sampler=sampler), found)


def test_replicates_that_begin_anew_have_no_checkpoint(model: Model, tmp_path: object) -> None:
    execution = Execution(each=lambda _: None)
    with pytest.raises(NotFoundError, match="take the sampler random"):
        simulate(model, error="npv ± 1", sampler="sobol", execution=execution)


def test_stopping_by_the_estimated_error_costs_little_coverage(rng: np.random.Generator) -> None:
    """Chances of loss of 0.2, 5 and 40 %, stopped as the rule does: 2,000 simulations each. The 95 % interval then
    covers 95 of 100 within 1.7 points, three errors of these trials and a little for stopping itself."""
    for chance in (0.002, 0.05, 0.4):
        wanted = (chance * (1 - chance) / (12 * BLOCK)) ** 0.5
        covered = 0
        for _ in range(2_000):
            lost = np.cumsum(rng.binomial(BLOCK, chance, 40))
            look = FIRST_LOOK
            while error_of_share(int(lost[look - 1]), look * BLOCK) > wanted and look < 40:
                look = max(look + 1, look * 9 // 8)
            share = lost[min(look, 40) - 1] / (min(look, 40) * BLOCK)
            covered += abs(share - chance) <= 1.96 * error_of_share(int(lost[min(look, 40) - 1]), min(look, 40) * BLOCK)
        assert covered / 2_000 == pytest.approx(0.95, abs=0.017)
