"""Random models: the array reading equals plain NumPy to the last bit, and the Excel reading equals both."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings

from sibmodel.lines import Book, Line, evaluate
from tests.lines.excel import differences, recalculate
from tests.lines.growing import programs
from tests.lines.programs import Program

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def recorded(program: Program) -> tuple[Book, dict[str, Line]]:
    book = Book(program.periods)
    return book, program.on_lines(book)


def same_bits(first: np.ndarray, second: np.ndarray) -> bool:
    return first.shape == second.shape and first.tobytes() == second.tobytes()


@given(program=programs())
@settings(max_examples=60, suppress_health_check=SLOW)
def test_arrays_equal_plain_numpy_to_the_last_bit(program: Program) -> None:
    plain = program.on_arrays(program.inputs, np.arange(1.0, program.periods + 1)[:, None])
    book, names = recorded(program)
    values = evaluate(book.lines, program.periods, program.columns(names))
    for name, line in names.items():
        assert same_bits(values[line], plain[name]), f"{line.key}: {values[line]} is not {plain[name]}"


@given(program=programs())
@settings(max_examples=30, suppress_health_check=SLOW)
def test_one_path_equals_the_same_column_of_many(program: Program) -> None:
    book, names = recorded(program)
    many = evaluate(book.lines, program.periods, program.columns(names))
    for path in range(program.paths):
        one = evaluate(book.lines, program.periods, program.columns(names, path))
        for line in book.lines:
            column = path if many[line].shape[-1] > 1 else 0
            assert same_bits(one[line][..., 0], many[line][..., column].copy()), line.key


@given(program=programs())
@settings(max_examples=30, suppress_health_check=SLOW)
def test_without_a_path_axis_the_same_functions_give_one_path(program: Program) -> None:
    figures = {name: column[0] for name, column in program.inputs.items()}
    plain = program.on_arrays(figures, np.arange(1.0, program.periods + 1))
    book, names = recorded(program)
    values = evaluate(book.lines, program.periods)
    for name, line in names.items():
        np.testing.assert_allclose(plain[name], values[line][..., 0], rtol=1e-12, atol=1e-12, err_msg=line.key)


# Without shrinking: every step would recalculate a workbook. The message names the line and its formula.
@given(program=programs(lines=24))
@settings(max_examples=40, suppress_health_check=SLOW, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_excel_equals_the_arrays(program: Program) -> None:
    book, names = recorded(program)
    columns = program.columns(names, path=program.paths - 1)
    values = evaluate(book.lines, program.periods, columns)
    excel = recalculate(book, {cell: float(column[0]) for cell, column in columns.items()})
    found = differences(excel, values)
    assert not found, "\n".join(found)
