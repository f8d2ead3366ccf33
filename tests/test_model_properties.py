"""What holds in every deal, whatever its terms and its luck: random deals, in the base case and in several paths."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sibmodel.deal import Deal
from sibmodel.lines import Line, Values, evaluate
from sibmodel.metrics import RateStatus, irr, npv
from sibmodel.model import Model, build
from sibmodel.payments.threshold import ThresholdPayment
from sibmodel.results import CRUMB
from sibmodel.simulation.paths import Luck
from tests.deals import EVENTS, Floats, deal_of

PATHS = 6
HAIR = 1e-6
"""Pounds: a flow of millions worked out in two ways."""
PENNY = 0.01
"""Pounds: sums over the whole deal."""
EXAMPLES = settings(max_examples=settings().max_examples // 5)
"""Twenty, or four hundred in a search."""

COHORTS = ["North", "South", "East", "West"]
PROVIDERS = ["Charity", "Centre", "Trust", "Mentors"]
TRANCHES = ["Senior", "Mezzanine", "Junior"]


# ── random deals ───────────────────────────────────────────────────────────────────────────────

MONTHS = st.integers(0, 23).map(lambda passed: f"{2027 + passed // 12}-{passed % 12 + 1:02d}")


@st.composite
def effects(draw: st.DrawFn) -> Any:
    """A plain number or a belief of a shape that may go either way."""
    return draw(
        st.one_of(
            st.floats(-0.3, 0.5).map(lambda value: round(value, 3)),
            st.builds(
                lambda mean, sd: {"normal": {"mean": round(mean, 3), "sd": round(sd, 3)}},
                st.floats(-0.1, 0.3),
                st.floats(0.01, 0.4),
            ),
            st.just({"log_reduction": {"mean": 0.08, "sd": 0.1}}),
        )
    )


@st.composite
def cohorts(draw: st.DrawFn, most: int) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "people": draw(st.integers(1, 2000)),
            "referrals": {"start": draw(MONTHS), "months": draw(st.integers(1, 24))},
            "service_months": draw(st.integers(1, 18)),
        }
        for name in COHORTS[: draw(st.integers(1, most))]
    ]


@st.composite
def payments(draw: st.DrawFn, most: int) -> list[dict[str, Any]]:
    share = draw(st.sampled_from([1.0, 0.5, 0.8]))
    payers = [{"name": "Ministry", "share": share}, {"name": "Council", "share": 1 - share}]
    return [
        {
            "kind": "threshold",
            "name": name,
            "payers": payers,
            "price": draw(st.integers(0, 30_000)),
            "threshold": draw(st.sampled_from([0.0, 0.05, 0.1, 0.2])),
            "fallback": draw(st.none() | st.sampled_from([0.0, 0.05, 0.075]).map(lambda pooled: {"pooled": pooled})),
            "cap": draw(st.none() | st.integers(0, 6_000_000)),
            "payment_months": draw(st.integers(0, 6)),
        }
        for name in ["Tariff", "Top-up"][: draw(st.integers(1, most))]
    ]


@st.composite
def providers(draw: st.DrawFn, known: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "mobilisation": draw(
                st.none()
                | st.builds(
                    lambda cost, start, months: {"cost": cost, "start": start, "months": months},
                    st.integers(0, 200_000),
                    MONTHS,
                    st.integers(1, 12),
                )
            ),
            "fixed_per_month": draw(st.integers(0, 30_000)),
            "per_start": draw(st.integers(0, 2000)),
            "uptake": draw(st.sampled_from([0.0, 0.12, 1.0])),
            "margin": draw(st.sampled_from([0.0, 0.05, -0.1])),
            "cohorts": draw(st.none() | st.lists(st.sampled_from(known), min_size=1, unique=True)),
        }
        for name in PROVIDERS[: draw(st.integers(1, 4))]
    ]


@st.composite
def waterfalls(draw: st.DrawFn, names: list[str]) -> list[dict[str, Any]]:
    """Costs first, then interest and principal in any order and any grouping, a tranche perhaps twice; then surplus."""
    steps = [
        {"kind": kind, "tranches": group}
        for kind in ("interest", "principal")
        for group in draw(st.sampled_from([[[name] for name in names], [names]]))
    ]
    again = draw(st.none() | st.sampled_from(steps))
    steps = draw(st.permutations(steps if again is None else [*steps, again]))
    surplus = draw(
        st.sampled_from(
            [
                [],
                [{"kind": "surplus", "tranches": names}],
                [{"kind": "surplus", "tranches": names[-1:]}, {"kind": "surplus to", "party": "Ministry"}],
                [{"kind": "surplus to", "party": "Foundation"}],
            ]
        )
    )
    return [{"kind": "costs"}, *steps, *surplus]


@st.composite
def deals(draw: st.DrawFn, most_cohorts: int = 4, most_payments: int = 2) -> Deal:
    people = draw(cohorts(most_cohorts))
    names = TRANCHES[: draw(st.integers(1, 3))]
    return deal_of(
        {
            "name": "A random deal",
            "start": "2027-01",
            "months": draw(st.integers(48, 84)),
            "cohorts": people,
            "metrics": [
                {
                    "kind": "frequency",
                    "name": EVENTS,
                    "court_months": draw(st.integers(0, 8)),
                    "assessment_months": draw(st.integers(0, 8)),
                }
            ],
            "measurement": [{"kind": "matched", "controls_per_person": draw(st.sampled_from([1, 10]))}],
            "payments": draw(payments(most_payments)),
            "providers": draw(providers([one["name"] for one in people])),
            "intermediary": draw(st.none() | st.just({"set_up": 40_000, "per_month": 2500})),
            "assessor": draw(st.none() | st.just({"per_assessment": 30_000})),
            "funding": {
                "tranches": [
                    {
                        "name": name,
                        "commitment": draw(st.integers(0, 4_000_000)),
                        "coupon": draw(st.sampled_from([0.0, 0.04, 0.15])),
                    }
                    for name in names
                ],
                "drawdown": draw(st.sampled_from(["in order", "pro rata"])),
                "distributions_from": draw(st.none() | st.just("2029-07")),
                "waterfall": draw(waterfalls(names)),
            },
            "assumptions": {
                "events_per_person": draw(st.sampled_from([0.9, 1.55, {"normal": {"mean": 1.5, "sd": 0.6}}])),
                "effect": draw(effects()),
                "effect_among": draw(st.sampled_from(["everyone", "engaged"])),
                "engagement": draw(st.sampled_from([0.0, 0.8, {"normal": {"mean": 0.8, "sd": 0.3}}])),
                "volume": draw(st.sampled_from([1.0, 0.0, {"normal": {"mean": 0.8, "sd": 0.5}}])),
                "delay_months": draw(st.sampled_from([0, {"triangular": {"low": 0, "mode": 2, "high": 30}}])),
                "dispersion": draw(st.sampled_from([0.15, 0.693, {"normal": {"mean": 0.7, "sd": 0.4}}])),
                "matching_error": {"normal": {"mean": 0, "sd": 0.05}},
                "cost_overrun": {"normal": {"mean": 0.02, "sd": 0.1}},
            },
        }
    )


def calculated(deal: Deal) -> tuple[Model, Values]:
    """Every line of the deal in its first paths."""
    model = build(deal)
    columns, draws = Luck(model, 1, 0).cut(slice(0, PATHS))
    return model, evaluate(model.book.lines, model.book.periods, columns, draws)


def wide(values: Values, line: Line) -> Floats:
    """A line over time as `[time, path]` with every path."""
    return np.broadcast_to(values[line], (values.periods, PATHS))


def added(values: Values, lines: Iterable[Line]) -> Floats:
    """The sum of lines over time."""
    return np.asarray(sum((wide(values, line) for line in lines), np.zeros((values.periods, PATHS))))


# ── money ──────────────────────────────────────────────────────────────────────────────────────


@EXAMPLES
@given(deals())
def test_money_never_appears_from_nowhere(deal: Deal) -> None:
    model, values = calculated(deal)
    assert abs(wide(values, model.flows.net)).max() < HAIR
    for transfer in model.ledger.transfers:
        assert wide(values, transfer.line).min() > -HAIR, transfer


@EXAMPLES
@given(deals())
def test_the_vehicles_sources_equal_its_uses(deal: Deal) -> None:
    model, values = calculated(deal)
    capital = model.funding
    sources = wide(values, capital.receipts) + wide(values, capital.drawn)
    uses = added(values, capital.outflows)
    cash = wide(values, capital.cash.closing)
    assert np.cumsum(sources - uses, axis=0) == pytest.approx(cash, abs=HAIR)
    assert cash.min() > -HAIR
    by_ledger = added(values, model.ledger.received(deal.funding.vehicle)) - added(
        values, model.ledger.paid(deal.funding.vehicle)
    )
    assert by_ledger == pytest.approx(np.diff(cash, axis=0, prepend=0.0), abs=HAIR)


@EXAMPLES
@given(deals())
def test_balances_open_where_they_closed(deal: Deal) -> None:
    model, values = calculated(deal)
    capital = model.funding
    balances = [capital.cash, *(one.owed for one in capital.arrears)]
    for tranche in capital.tranches:
        balances += [tranche.principal, tranche.interest, tranche.drawn_before]
    for balance in balances:
        opening, closing = wide(values, balance.opening), wide(values, balance.closing)
        assert not opening[0].any()
        assert np.array_equal(opening[1:], closing[:-1])


# ── capital ────────────────────────────────────────────────────────────────────────────────────


@EXAMPLES
@given(deals())
def test_tranches_are_drawn_and_repaid_within_what_is_agreed(deal: Deal) -> None:
    model, values = calculated(deal)
    for tranche in model.funding.tranches:
        drawn = np.cumsum(wide(values, tranche.drawn), axis=0)
        repaid = np.cumsum(added(values, tranche.principal_paid), axis=0)
        interest = np.cumsum(added(values, tranche.interest_paid), axis=0)
        accrued = np.cumsum(wide(values, tranche.accrued), axis=0)
        assert drawn.max() <= tranche.terms.commitment + HAIR
        assert (repaid <= drawn + HAIR).all()
        assert (interest <= accrued + HAIR).all()
        assert drawn - repaid == pytest.approx(wide(values, tranche.principal.closing), abs=HAIR)
        assert accrued - interest == pytest.approx(wide(values, tranche.interest.closing), abs=HAIR)


@EXAMPLES
@given(deals())
def test_no_step_is_paid_before_those_above_it_are_satisfied(deal: Deal) -> None:
    """So nobody junior is paid in a month in which somebody senior goes short."""
    model, values = calculated(deal)
    short = np.zeros((values.periods, PATHS), dtype=bool)
    left = wide(values, model.funding.cash.opening) + wide(values, model.funding.receipts)
    left = left + wide(values, model.funding.drawn)
    for one in model.funding.log:
        asked, paid = wide(values, one.asked), wide(values, one.paid)
        assert (paid <= asked + HAIR).all()
        assert (paid <= left + HAIR).all()
        assert paid[short].max(initial=0.0) < HAIR, one.title
        short = short | (paid < asked - HAIR)
        left = left - paid
        assert wide(values, one.left) == pytest.approx(left, abs=HAIR)


@EXAMPLES
@given(deals())
def test_capital_is_drawn_for_bills_and_for_nothing_else(deal: Deal) -> None:
    model, values = calculated(deal)
    capital = model.funding
    drawing = wide(values, capital.drawn) > PENNY
    assert wide(values, capital.cash.closing)[drawing].max(initial=0.0) < HAIR
    assert added(values, [one.paid for one in capital.log[1:]])[drawing].max(initial=0.0) < HAIR
    owing = wide(values, capital.uncovered) > PENNY
    undrawn = added(values, [one.available for one in capital.tranches]) - wide(values, capital.drawn)
    assert undrawn[owing].max(initial=0.0) < HAIR  # nobody waits for money that could be called


@EXAMPLES
@given(deals())
def test_bills_are_paid_or_owed(deal: Deal) -> None:
    model, values = calculated(deal)
    for one in model.funding.arrears:
        (paid,) = model.ledger.received(one.bill.payee, one.bill.label)
        billed, settled = (np.cumsum(wide(values, line), axis=0) for line in (one.bill.line, paid))
        assert billed - settled == pytest.approx(wide(values, one.owed.closing), abs=HAIR)
        assert (settled <= billed + HAIR).all()


# ── payments ───────────────────────────────────────────────────────────────────────────────────


@EXAMPLES
@given(deals())
def test_payments_keep_to_caps_dates_and_payers(deal: Deal) -> None:
    model, values = calculated(deal)
    for terms, lines in zip(deal.payments, model.payments, strict=True):
        paid = wide(values, lines.paid)
        assert paid.min() > -HAIR
        if terms.cap is not None:
            assert paid.sum(axis=0).max() <= terms.cap + HAIR
        cohorts = model.measured.compared[EVENTS].cohorts
        times = [np.minimum(values[one.decision] + terms.payment_months, deal.months) for one in cohorts]
        periods = np.arange(1, deal.months + 1)[:, None]
        in_time = np.any([periods == when for when in times], axis=0)
        assert not paid[~np.broadcast_to(in_time, paid.shape)].any()
        by_cohort = sum(values[one.amount] for one in lines.cohorts)
        assert np.broadcast_to(by_cohort, PATHS) == pytest.approx(paid.sum(axis=0), abs=PENNY)
    bill = model.commissioning
    in_all = wide(values, bill.paid).sum(axis=0)
    for parts in (bill.by_payer.values(), [year.paid for year in bill.years]):
        assert sum(np.broadcast_to(values[line], PATHS) for line in parts) == pytest.approx(in_all, abs=PENNY)


@EXAMPLES
@given(deals())
def test_measured_and_true_effects_agree_with_their_events(deal: Deal) -> None:
    """1 − measured rate ÷ comparison rate is events avoided ÷ events at the comparison rate; all are finite."""
    model, values = calculated(deal)
    measured = model.measured.compared[EVENTS]
    for one in measured.cohorts:
        compared = np.broadcast_to(values[one.at_comparison], PATHS)
        reduction, avoided = np.broadcast_to(values[one.effect], PATHS), np.broadcast_to(values[one.avoided], PATHS)
        assert (reduction * compared)[compared > 0] == pytest.approx(avoided[compared > 0], abs=1e-6)
        assert (reduction[compared == 0] == 0).all()
        assert (reduction <= 1).all()
    pooled = model.effects[0].pooled
    assert pooled.true is measured.true_effect
    assert pooled.measured is measured.effect
    for figure in (pooled.true, pooled.measured, pooled.paid):
        assert np.isfinite(values[figure]).all()


# ── investors ──────────────────────────────────────────────────────────────────────────────────


@EXAMPLES
@given(deals())
def test_investors_figures_are_those_of_their_cash_flow(deal: Deal) -> None:
    model, values = calculated(deal)
    returns = model.returns
    flow = wide(values, returns.everyone.flow)
    assert added(values, [one.flow for one in returns.tranches]) == pytest.approx(flow, abs=HAIR)
    for one in (returns.everyone, *returns.tranches):
        flow = wide(values, one.flow)
        invested, received = (np.broadcast_to(values[line], PATHS) for line in (one.invested, one.received))
        assert received - invested == pytest.approx(flow.sum(axis=0), abs=PENNY)
        worth = npv(flow, deal.assumptions.investor_discount_rate)
        assert np.broadcast_to(values[one.npv], PATHS) == pytest.approx(worth, abs=PENNY)
        multiple = np.broadcast_to(values[one.moic], PATHS)
        some = invested > PENNY
        assert np.isnan(multiple[~some]).all()
        assert (multiple * invested)[some] == pytest.approx(received[some], abs=PENNY)
        lowest = np.minimum(np.cumsum(flow, axis=0).min(axis=0), 0.0)
        assert np.broadcast_to(values[one.peak], PATHS) == pytest.approx(-lowest, abs=PENNY)
        rates, own = irr(flow), np.broadcast_to(values[one.irr], PATHS)
        sure = (rates.status == RateStatus.UNIQUE) | (rates.status == RateStatus.TOTAL_LOSS)
        assert own[sure] == pytest.approx(rates.rate[sure], abs=1e-9)


@EXAMPLES
@given(deals())
def test_money_is_back_in_the_month_that_payback_says(deal: Deal) -> None:
    model, values = calculated(deal)
    flow = wide(values, model.returns.everyone.flow)
    position = np.cumsum(flow, axis=0)
    payback = np.broadcast_to(values[model.returns.everyone.payback], PATHS)
    for path in range(PATHS):
        put_in = np.flatnonzero(flow[:, path] < -CRUMB)
        behind = np.flatnonzero(position[:, path] < -CRUMB)
        if not put_in.size or (behind.size and behind[-1] == deal.months - 1):
            assert np.isnan(payback[path])
        else:
            assert payback[path] == (behind[-1] if behind.size else -1) + 1 - put_in[0]


@EXAMPLES
@given(deals(most_cohorts=1, most_payments=1), st.floats(1, 3))
def test_with_one_payment_date_a_higher_price_is_never_worse_for_investors(deal: Deal, times: float) -> None:
    """With several dates it can be: repaid earlier, a tranche earns less interest."""
    (payment,) = deal.payments
    assert isinstance(payment, ThresholdPayment)
    higher = deal.replace("payments[0].price", payment.price * times)
    (model, values), (other, others) = calculated(deal), calculated(higher)
    before = wide(values, model.returns.everyone.position)[-1]
    after = wide(others, other.returns.everyone.position)[-1]
    assert (after >= before - PENNY).all()


# ── paths ──────────────────────────────────────────────────────────────────────────────────────


@EXAMPLES
@given(deals())
def test_many_paths_are_one_path_many_times(deal: Deal) -> None:
    """To the last bit, but for rates of return, which are solved for together, and the checks that prove them."""
    model, together = calculated(deal)
    rates = {rate for one in (model.returns.everyone, *model.returns.tranches) for rate in (one.irr, one.xirr)}
    after = depending_on(model, rates)
    for path in (0, PATHS - 1):
        columns, draws = Luck(model, 1, 0).cut(slice(path, path + 1))
        alone = evaluate(model.book.lines, model.book.periods, columns, draws)
        for line in model.book.lines:
            many, one = together[line], alone[line]
            column = many[..., path if many.shape[-1] > 1 else 0]
            if line in rates:
                assert column == pytest.approx(one[..., 0], abs=1e-9, nan_ok=True), line
            elif line not in after:
                assert np.array_equal(column, one[..., 0], equal_nan=True), line


def depending_on(model: Model, lines: set[Line]) -> set[Line]:
    """The lines that lead back to any of `lines`."""
    found: set[Line] = set()
    for line in model.book.lines:
        if any(other in lines or other in found for other, _ in line.precedents()):
            found.add(line)
    return found


@EXAMPLES
@given(deals())
def test_a_belief_never_leaves_its_range(deal: Deal) -> None:
    """A normal belief about a share may reach beyond 0 and 1; a path of the simulation may not."""
    model = build(deal)
    columns, _ = Luck(model, 1, 0).cut(slice(0, 8192))
    for one in model.uncertain:
        assert columns[one.cell].min() >= one.lowest
        assert columns[one.cell].max() <= one.highest
    ranges = {one.cell.path.split(".")[1]: (one.lowest, one.highest) for one in model.uncertain}
    for name, ends in (
        ("volume", (0, np.inf)),
        ("engagement", (0, 1)),
        ("effect", (-5, 1)),
        ("dispersion", (0.001, np.inf)),
    ):
        assert ranges.get(name, ends) == ends
