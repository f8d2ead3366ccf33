"""What is refused after recording: lines never defined, loops, figures that fail, what Excel does not take."""

from __future__ import annotations

import numpy as np
import pytest

from sibmodel import lines as language
from sibmodel.errors import CalculationError, LineError, LoopError, NotFoundError
from sibmodel.lines import Line, at, evaluate, formula, previous, ratio, running_total, sum_of, total
from tests.lines.excel import SheetLayout
from tests.lines.kit import PERIODS, Kind, Kit


# Announced lines ----------------------------------------------------------------------------------------------------
def test_announced_and_never_defined(kit: Kit) -> None:
    later = kit.section.forward("Later", unit="£")
    kit.line(later + 1)
    with pytest.raises(LineError) as caught:
        kit.evaluate()
    assert str(caught.value) == f"The line “Later” was announced at {later.origin} and never defined."
    with pytest.raises(LineError, match=r"“Later” was announced at .* and never defined"):
        formula(later, SheetLayout(kit.book))


def test_defined_twice(kit: Kit) -> None:
    later = kit.section.forward("Later", unit="£")
    kit.section.define(later, kit.people)
    first = str(later.origin)
    with pytest.raises(LineError, match="“Later” is defined twice") as caught:
        kit.section.define(later, kit.people)
    assert f"at {first} and at test_failures.py:" in str(caught.value)
    with pytest.raises(LineError, match="“Price” is defined twice"):
        kit.section.define(kit.price, kit.people)


def test_a_figure_defined_over_time(kit: Kit) -> None:
    later = kit.section.forward("Later", unit="£", timed=False)
    with pytest.raises(LineError, match=r"“Later” was announced at .* as a figure .* has time in it\. Announce it"):
        kit.section.define(later, kit.people)


# Loops --------------------------------------------------------------------------------------------------------------
def test_a_loop_names_all_its_lines_and_their_places(kit: Kit) -> None:
    costs = kit.book.section("Costs")
    fee = costs.forward("Fee", unit="£")
    drawn = kit.section.forward("Drawn", unit="£")
    outside = kit.line(drawn * 2, name="Outside the loop")
    need = kit.section.line("Need", fee + kit.people, unit="£")
    kit.section.define(drawn, np.maximum(need - previous(drawn), 0))
    costs.define(fee, drawn * kit.price)
    with pytest.raises(LoopError) as caught:
        evaluate([outside], PERIODS)
    message = str(caught.value)
    for line in (fee, drawn, need):
        assert f"{line.describe()} of {line.section.name}, defined at {line.origin}: {line.origin.text}" in message
        assert "test_failures.py:" in str(line.origin)
    assert "Outside" not in message
    assert "Break the loop with previous(line)" in message


def test_a_line_that_needs_itself(kit: Kit) -> None:
    line = kit.section.forward("Balance", unit="£")
    kit.section.define(line, line + kit.people)
    with pytest.raises(LoopError, match=r"“Balance” of Payments, defined at test_failures\.py"):
        kit.evaluate()


@pytest.mark.parametrize("now_first", [False, True])
def test_read_before_and_now_is_a_loop(kit: Kit, now_first: bool) -> None:
    line = kit.section.forward("Balance", unit="£")
    kit.section.define(line, line + previous(line) if now_first else previous(line) + line)
    with pytest.raises(LoopError, match="“Balance”"):
        kit.evaluate()


def test_whole_lines_inside_a_recurrence(kit: Kit) -> None:
    paid = kit.section.forward("Paid", unit="£")
    so_far = kit.line(running_total(paid), name="Paid so far")
    before = kit.line(previous(so_far), name="Paid before")
    kit.section.define(paid, np.minimum(kit.people, kit.price - before))
    with pytest.raises(LoopError) as caught:
        kit.evaluate()
    message = str(caught.value)
    assert f"“Paid so far” ({so_far.origin}) takes running_total of “Paid”" in message
    assert "use a corkscrew" in message


def test_a_total_inside_a_recurrence(kit: Kit) -> None:
    paid = kit.section.forward("Paid", unit="£")
    before = kit.line(previous(paid), name="Paid before")
    kit.section.define(paid, np.minimum(kit.people, kit.line(total(before), name="Paid in all")))
    with pytest.raises(LoopError) as caught:
        kit.evaluate()
    assert "“Paid in all”" in str(caught.value)
    assert "takes total of “Paid before”" in str(caught.value)


def test_a_figure_inside_a_recurrence(kit: Kit) -> None:
    paid = kit.section.forward("Paid", unit="£")
    lag = kit.section.forward("Own lag", unit="months", timed=False)
    kit.section.define(paid, previous(paid, lag) + kit.people)
    kit.section.define(lag, at(paid, 1))
    with pytest.raises(LoopError) as caught:
        kit.evaluate()
    for line in (paid, lag):
        assert f"{line.describe()} of Payments, defined at {line.origin}" in str(caught.value)


def test_a_draw_inside_a_recurrence(kit: Kit) -> None:
    paid = kit.section.forward("Paid", unit="£")
    before = kit.line(previous(paid), name="Paid before")
    count = kit.section.draw("Count", kit.price, Kind(), at(before, 1), unit="events")
    kit.section.define(paid, previous(paid) + count)
    with pytest.raises(LoopError) as caught:
        kit.evaluate()
    assert f"The figure “Count” ({count.origin}) needs whole lines that lead back to it: " in str(caught.value)
    assert "“Paid before”, “Paid”" in str(caught.value)
    assert "such as a corkscrew" in str(caught.value)


# What fails on the figures ------------------------------------------------------------------------------------------
def failure(kit: Kit, line: Line) -> str:
    with pytest.raises(CalculationError) as caught:
        kit.evaluate()
    message = str(caught.value)
    assert f"The line {line.describe()} of Payments cannot be calculated" in message
    assert f"It is defined at {line.origin}: {line.origin.text}." in message
    return message


def test_division_by_zero_names_line_period_and_place(kit: Kit) -> None:
    left = kit.line(kit.people - 2 * kit.lag, name="People left")
    message = failure(kit, kit.line(kit.price / left, name="Price each"))
    assert "“Price each” of Payments cannot be calculated in period 2: divide by zero encountered in divide" in message
    assert "use ratio(a, b)" in message


def test_division_by_zero_in_a_figure(kit: Kit) -> None:
    message = failure(kit, kit.line(kit.price / kit.none, name="Price each"))
    assert "cannot be calculated: divide by zero" in message


def test_division_by_zero_in_a_recurrence(kit: Kit) -> None:
    each = kit.section.forward("Each", unit="£")
    message = failure(kit, kit.section.define(each, previous(each) + kit.people / (kit.lag * 2 - kit.people + 2)))
    assert "cannot be calculated in period 3: divide by zero" in message


def test_division_by_zero_in_one_path_of_many(kit: Kit) -> None:
    kit.line(1 / kit.none, name="Each")
    with pytest.raises(CalculationError, match="“Each”"):
        evaluate(kit.book.lines, PERIODS, {kit.none: np.array([1.0, 2.0, 0.0])})


def test_square_root_of_a_negative(kit: Kit) -> None:
    message = failure(kit, kit.line(np.sqrt(kit.lag - kit.book.period), name="Root"))
    assert "in period 3: invalid value encountered in sqrt" in message
    assert "ratio" not in message


def test_logarithm_of_zero_is_not_sent_to_ratio(kit: Kit) -> None:
    message = failure(kit, kit.line(np.log(kit.none), name="Log"))
    assert "divide by zero encountered in log" in message
    assert "ratio" not in message


def test_overflow(kit: Kit) -> None:
    assert "overflow encountered in exp" in failure(kit, kit.line(np.exp(kit.price), name="Exp"))


@pytest.mark.parametrize("back", [0.0, -1.0, 1.5])
@pytest.mark.parametrize("own", [False, True], ids=["another line", "itself"])
def test_previous_by_an_input_below_one_or_not_whole(kit: Kit, back: float, own: bool) -> None:
    periods = kit.section.input("Periods back", back, unit="periods")
    line = kit.section.forward("Before", unit="£")
    kit.section.define(line, previous(line if own else kit.people, periods) + kit.people)
    message = failure(kit, line)
    assert f"whole number of periods, at least one, not {back:g}; for a delay that may be none use delayed" in message


def test_previous_of_arrays_refuses_the_same() -> None:
    for back in (0, -1, 1.5):
        with pytest.raises(CalculationError, match="at least one"):
            previous(np.arange(4.0), back)


# What Excel does not take -------------------------------------------------------------------------------------------
def excel_refusal(kit: Kit, line: Line) -> str:
    with pytest.raises(LineError) as caught:
        formula(line, SheetLayout(kit.book))
    message = str(caught.value)
    assert line.describe() in message
    assert str(line.origin) in message
    return message


def test_an_input_has_no_formula(kit: Kit) -> None:
    assert "it has a value, not a formula" in excel_refusal(kit, kit.price)


def test_a_formula_too_long_for_excel(kit: Kit) -> None:
    product = kit.people * kit.price * kit.price * kit.price * kit.price * kit.price * kit.price
    message = excel_refusal(kit, kit.line(sum_of([product] * 255), name="Long"))
    assert "too long for Excel" in message
    assert "lines of their own" in message


def test_a_sum_of_too_many_for_excel(kit: Kit) -> None:
    assert formula(kit.line(sum_of([kit.people] * 255)), SheetLayout(kit.book)).count("F6") == 255
    message = excel_refusal(kit, kit.line(sum_of([kit.people] * 256), name="Many"))
    assert "it adds 256 lines, Excel at most 255. Add them in groups" in message


def test_a_table_that_does_not_stand_together(kit: Kit) -> None:
    first = kit.section.input("Knot 1", 1, unit="number")
    kit.section.input("Something between", 1, unit="number")
    second = kit.section.input("Knot 2", 2, unit="number")
    line = kit.line(language.step_lookup(kit.people, [first, second], [kit.price, kit.lag]), name="Looked up")
    message = excel_refusal(kit, line)
    assert "stand below each other" in message
    assert "Define the knots in one go, then the values" in message


def test_ratio_is_the_way_out_of_a_division_by_zero(kit: Kit) -> None:
    line = kit.line(ratio(kit.price, kit.none), name="Price each")
    assert kit.evaluate().figure(line) == 0.0


def test_a_period_or_path_that_is_not_there(kit: Kit) -> None:
    values = kit.evaluate()
    for period in (0, 5):
        with pytest.raises(NotFoundError, match=f"no period {period}: periods run from 1 to 4"):
            language.explain(kit.people, values, period=period)
    with pytest.raises(NotFoundError, match="no path 1: paths run from 0 to 0"):
        language.explain(kit.people, values, period=1, path=1)
