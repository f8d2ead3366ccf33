"""The array reading: what stays one path wide, what is kept, blocks, draws, and what surrounds them."""

from __future__ import annotations

import numpy as np
import pytest

from sibmodel.lines import Book, Line, Plan, Section, at, delayed, evaluate, previous, running_total, total
from tests.lines.kit import PERIODS, Kit

PATHS = 5


class Scattered:
    """A distribution for tests: mean × (first uniform + second uniform)."""

    name = "scattered"
    uniforms = 2

    def sample(self, uniforms: np.ndarray, mean: np.ndarray) -> np.ndarray:
        return mean * (uniforms[0] + uniforms[1])


class Deal:
    """A balance fed by an uncertain price, beside lines that know nothing of it."""

    def __init__(self) -> None:
        self.book = Book(PERIODS)
        section = self.section = self.book.section("Deal")
        self.price = section.input("Price", 10, unit="£")
        self.fee = section.input("Fee", 3, unit="£")
        self.share = section.input("Share kept", 0.5, unit="share")
        self.lag = section.input("Lag", 1, unit="months")
        self.costs = section.line("Costs", self.fee * self.book.period, unit="£")
        self.reserve = section.corkscrew("Reserve", unit="£")
        self.reserve.close([self.costs], [self.reserve.opening * self.share])
        self.income = section.line("Income", self.price * self.book.period, unit="£")
        self.cash = section.corkscrew("Cash", unit="£")
        interest = section.line("Interest", self.cash.opening * self.share, unit="£")
        self.cash.close([self.income, interest], [self.costs])
        self.count = section.draw("Count", self.price * self.fee, Scattered(), self.price, unit="events")
        self.late = section.line("Income received", delayed(self.income, self.lag), unit="£")
        self.profit = section.line("Profit", total(self.income) - total(self.costs), unit="£")
        self.prices = np.array([10.0, 11.0, 8.0, 0.0, -2.5])

    def evaluate(self) -> dict[Line, np.ndarray]:
        return dict(evaluate(self.book.lines, PERIODS, {self.price: self.prices}))


@pytest.fixture
def deal() -> Deal:
    return Deal()


# Width --------------------------------------------------------------------------------------------------------------
def test_what_nothing_uncertain_reaches_stays_one_path_wide(deal: Deal) -> None:
    widths = {line.name: array.shape for line, array in deal.evaluate().items()}
    for name in ("Period", "Costs", "Reserve, opening", "Reserve, closing"):
        assert widths[name] == (PERIODS, 1), name
    for name in ("Income", "Interest", "Cash, opening", "Cash, closing", "Income received"):
        assert widths[name] == (PERIODS, PATHS), name
    assert widths["Fee"] == (1,)
    assert widths["Price"] == widths["Profit"] == widths["Count"] == (PATHS,)


def test_the_base_case_is_one_path_wide(deal: Deal) -> None:
    values = evaluate(deal.book.lines, PERIODS)
    assert {array.shape for array in values.values()} == {(PERIODS, 1), (1,)}
    assert values.row(deal.income).tolist() == [10, 20, 30, 40]
    assert values.figure(deal.profit) == 70


def test_an_uncertain_lag_moves_each_path_by_its_own(deal: Deal) -> None:
    values = evaluate([deal.late], PERIODS, {deal.lag: np.array([0.0, 2.0, -1.0])})
    assert values[deal.late].T.tolist() == [[10, 20, 30, 40], [0, 0, 10, 20], [20, 30, 40, 0]]
    assert values[deal.income].shape == (PERIODS, 1)


def test_an_uncertain_step_back_inside_a_recurrence(deal: Deal) -> None:
    back = deal.section.input("Periods back", 1, unit="periods")
    grown = deal.section.forward("Grown", unit="£")
    deal.section.define(grown, previous(grown, back) + 1)
    values = evaluate([grown], PERIODS, {back: np.array([1.0, 2.0, 9.0])})
    assert values[grown].T.tolist() == [[1, 2, 3, 4], [1, 1, 2, 2], [1, 1, 1, 1]]


def test_a_line_announced_over_time_and_defined_by_a_figure_is_the_same_in_every_period(deal: Deal) -> None:
    flat = deal.section.forward("Flat fee", unit="£")
    deal.section.define(flat, deal.price)
    nothing = deal.section.forward("Nothing", unit="£")
    deal.section.define(nothing, 0)
    all_of_it = deal.section.line("All of it", total(flat) + total(nothing), unit="£")
    values = evaluate([all_of_it], PERIODS, {deal.price: deal.prices})
    assert values[flat].shape == (PERIODS, PATHS)
    assert values[nothing].shape == (PERIODS, 1)
    np.testing.assert_array_equal(values[all_of_it], PERIODS * deal.prices)


# Paths and blocks ---------------------------------------------------------------------------------------------------
def test_one_path_equals_its_column(deal: Deal) -> None:
    many = deal.evaluate()
    for path in range(PATHS):
        one = evaluate(deal.book.lines, PERIODS, {deal.price: deal.prices[[path]]})
        for line, array in many.items():
            assert one[line][..., 0].tolist() == array[..., path if array.shape[-1] > 1 else 0].tolist()


def test_blocks_equal_the_whole(deal: Deal) -> None:
    rng = np.random.default_rng(7)
    prices, uniforms = rng.normal(size=100), rng.random((2, 100))
    plan = Plan(deal.book.lines)
    whole = plan.evaluate(PERIODS, {deal.price: prices}, {deal.count: uniforms})
    blocks = [
        plan.evaluate(PERIODS, {deal.price: prices[block]}, {deal.count: uniforms[:, block]})
        for block in (slice(0, 33), slice(33, 34), slice(34, 100))
    ]
    for line in deal.book.lines:
        parts = [block[line] for block in blocks]
        joined = np.concatenate(parts, axis=-1) if whole[line].shape[-1] > 1 else parts[0]
        assert joined.tobytes() == whole[line].tobytes(), line.key


def test_figures_and_rows_are_read_by_path(deal: Deal) -> None:
    values = evaluate(deal.book.lines, PERIODS, {deal.price: deal.prices})
    assert values.figure(deal.price, 4) == -2.5
    assert values.figure(deal.fee, 4) == 3.0
    assert values.row(deal.income, 1).tolist() == [11, 22, 33, 44]
    assert values.row(deal.costs, 1).tolist() == [3, 6, 9, 12]
    assert len(values) == len(list(values)) == len(deal.book.lines)


# What is kept -------------------------------------------------------------------------------------------------------
def test_a_plan_returns_what_it_keeps_and_frees_the_rest(deal: Deal) -> None:
    kept = Plan([deal.cash.closing, deal.profit], keep=[deal.profit, deal.income]).evaluate(PERIODS)
    assert set(kept) == {deal.profit, deal.income}
    everything = evaluate(deal.book.lines, PERIODS)
    for line, array in kept.items():
        assert array.tolist() == everything[line].tolist()


def test_a_plan_frees_a_line_as_soon_as_it_is_not_needed(deal: Deal) -> None:
    plan = Plan(deal.book.lines, keep=[deal.cash.closing])
    held = most = 0
    for group, letting_go in zip(plan.groups, plan._last_use, strict=True):
        held += len(group.lines)
        most = max(most, held)
        held -= len(letting_go)
    assert held == 1
    assert most < len(deal.book.lines)


def test_only_what_is_needed_is_calculated(deal: Deal) -> None:
    deal.section.forward("Never defined", unit="£")
    deal.section.line("Fails", deal.price / (deal.fee - deal.fee), unit="£")
    values = evaluate([deal.income], PERIODS)
    assert {line.name for line in values} == {"Income", "Price", "Period"}


# Draws --------------------------------------------------------------------------------------------------------------
def test_a_draw_is_its_mean_without_uniforms(deal: Deal) -> None:
    assert evaluate([deal.count], PERIODS).figure(deal.count) == 30
    assert evaluate([deal.count], PERIODS, {deal.price: deal.prices})[deal.count].tolist() == (3 * deal.prices).tolist()


def test_a_draw_is_sampled_with_uniforms(deal: Deal) -> None:
    paid = deal.section.line("Paid", deal.count * deal.fee, unit="£")
    uniforms = np.array([[0.25, 0.5], [0.5, 0.25]])
    values = evaluate([paid], PERIODS, {deal.price: np.array([4.0, 8.0])}, {deal.count: uniforms})
    assert values[deal.count].tolist() == [3, 6]
    assert values[paid].tolist() == [9, 18]
    certain = evaluate([paid], PERIODS, None, {deal.count: uniforms})
    assert certain[deal.count].tolist() == [7.5, 7.5]
    assert certain[deal.price].shape == (1,)


def test_a_draw_knows_its_stream_and_its_parameters(deal: Deal) -> None:
    assert deal.count.stream == "Deal / Count"
    shared = deal.section.draw("Other", deal.price, Scattered(), deal.fee, unit="events", stream="luck")
    assert shared.stream == "luck"
    assert set(shared.precedents()) == {(deal.price, False), (deal.fee, False)}
    assert deal.book.draws == [deal.count, shared]


# The book -----------------------------------------------------------------------------------------------------------
def test_lines_stand_in_the_order_of_their_definitions(deal: Deal) -> None:
    names = [line.name for line in deal.section.lines]
    assert names.index("Cash, opening") < names.index("Interest") < names.index("Cash, closing")
    assert [cell.name for cell in deal.book.inputs] == ["Price", "Fee", "Share kept", "Lag"]
    assert [section.name for section in deal.book.sections] == ["Timeline", "Deal"]


def test_a_line_remembers_its_place_unit_note_and_heading(deal: Deal) -> None:
    deal.section.heading = "Bills"
    line = deal.section.line("Bill", deal.fee * 2, unit="£ a month", note="Twice the fee.")
    assert (line.unit, line.note, line.heading, line.timed) == ("£ a month", "Twice the fee.", "Bills", False)
    assert line.origin.text == 'line = deal.section.line("Bill", deal.fee * 2, unit="£ a month", note="Twice the fee.")'
    assert str(line.origin).startswith("test_arrays.py:") or "/test_arrays.py:" in str(line.origin)
    assert repr(line) == "<calculated Deal / Bill>"
    assert repr(deal.price) == "<input Deal / Price>"


def test_lines_of_the_package_give_their_place_inside_it() -> None:
    namespace: dict[str, Section] = {"section": Book(1).section("Costs")}
    code = compile("\nline = section.line('Fee', 0, unit='£')", "/home/sibmodel/sibmodel/providers/fee.py", "exec")
    exec(code, namespace)
    assert str(namespace["line"].origin) == "sibmodel/providers/fee.py:2"  # type: ignore[attr-defined]


def test_whole_lines_inside_a_recurrence_are_read_once(deal: Deal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A running total of an outside line is the same in every period: adding it up again would cost its length."""
    grown = deal.section.forward("Grown", unit="£")
    so_far = running_total(deal.costs)
    calls: list[int] = []
    compute = so_far.operation.compute
    monkeypatch.setitem(so_far.operation.__dict__, "compute", lambda values: (calls.append(1), compute(values))[1])
    deal.section.define(grown, np.maximum(previous(grown), so_far) + at(deal.costs, 2))
    assert evaluate([grown], PERIODS).row(grown).tolist() == [9, 15, 24, 36]
    assert len(calls) == 1


def test_a_small_book_says_what_it_calculates(kit: Kit) -> None:
    paid = kit.line(kit.price * kit.people, name="Paid")
    assert kit.evaluate().row(paid).tolist() == [28000, 56000, 84000, 112000]
