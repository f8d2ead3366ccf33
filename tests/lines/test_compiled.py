"""The compiled machine: equal to the arrays to the last bit, on and off the usual course, and what it refuses."""

from __future__ import annotations

import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import Phase, settings
from hypothesis import given as drawn
from hypothesis import strategies as some

from sibmodel.deals import read
from sibmodel.errors import CalculationError, UnknownOperation
from sibmodel.lines import Book, Line, Operation, Plan, Tape, apply, evaluate, machine, ratio
from sibmodel.lines.codes import PAIRS, Code
from sibmodel.lines.compiled import BEFOREHAND, Compiled
from sibmodel.lines.program import LANES, takes
from sibmodel.lines.rows import READ
from sibmodel.model import Model, build
from sibmodel.simulation.kept import kept_of
from sibmodel.simulation.paths import Luck
from tests.lines.growing import programs
from tests.lines.kit import PERIODS, Kit
from tests.lines.programs import Program
from tests.lines.test_arrays import Deal
from tests.lines.test_tape import EXAMPLES, SLOW, assert_same

WIDTH = 128


@drawn(program=programs(), factor=some.sampled_from([-1.0, 0.0, 0.5, 3.0]))
@settings(max_examples=40, suppress_health_check=SLOW, phases=[Phase.reuse, Phase.generate])
def test_random_models_equal_the_arrays_or_are_refused(program: Program, factor: float) -> None:
    book = Book(program.periods)
    shown = program.columns(program.on_lines(book))
    try:
        compiled = Compiled(Tape(book.lines, program.periods, shown))
    except UnknownOperation:  # an operation on whole lines, with periods that differ from path to path
        return
    compiled.play(shown, {})
    other = {cell: factor * column[::-1] for cell, column in shown.items()}
    for columns in (other, shown):
        try:
            arrays = evaluate(book.lines, program.periods, columns)
        except CalculationError:
            with pytest.raises(CalculationError):
                compiled.play(columns, {})
        else:
            assert_same(compiled.play(columns, {}), arrays)


def taken_lines(model: Model) -> list[Line]:
    """All lines that need no other operation than the machine takes: no rate of return, say."""
    lines = model.book.lines
    tape = Tape(lines, model.book.periods, [one.cell for one in model.uncertain], model.book.draws)
    refused: set[int] = set()
    for row, call in enumerate(tape.rows.calls):
        if call is not None and (not (call[0] in {READ, *BEFOREHAND} or takes(call[0])) or refused & set(call[1])):
            refused.add(row)
    return [line for line in lines if not refused & set(tape.kept.of.get(line, ()))]


@pytest.mark.no_cover
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_line_of_every_example_equals_the_arrays(example: Path) -> None:
    model = build(read(str(example)))
    luck, lines, periods = Luck(model, 3, 0), taken_lines(model), model.book.periods
    assert len(lines) > 0.9 * len(model.book.lines)
    assert set(lines) >= set(kept_of(model).lines)
    compiled = Compiled(Tape(lines, periods, [one.cell for one in model.uncertain], model.book.draws, lines))
    compiled.play(*luck.cut(slice(0, WIDTH)))
    block = luck.cut(slice(WIDTH, 2 * WIDTH))
    assert_same(compiled.play(*block), Plan(lines, lines).evaluate(periods, *block))


def test_threads_share_a_machine() -> None:
    model = build(read("examples/peterborough.yaml"))
    luck, keep, periods = Luck(model, 3, 0), kept_of(model).lines, model.book.periods
    compiled = Compiled(Tape(keep, periods, [one.cell for one in model.uncertain], model.book.draws, keep))
    blocks = [luck.cut(slice(start, start + 300)) for start in range(0, 3_000, 300)]
    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(lambda block: {k: v + 0.0 for k, v in compiled.play(*block).items()}, blocks))
    for block, values in zip(blocks, found, strict=True):
        arrays = Plan(keep, keep).evaluate(periods, *block)
        assert all((arrays[line] + 0.0).tobytes() == values[line].tobytes() for line in keep)
    assert compiled.off_course[0] > 0


@pytest.mark.parametrize("width", [1, 127, 128, 129, 255, 256, 257, 700])
def test_blocks_of_any_width(width: int) -> None:
    deal = Deal()
    lines = [deal.income, deal.profit, deal.cash.closing]
    rng = np.random.default_rng(7)
    compiled = Compiled(Tape(lines, PERIODS, [deal.price], [deal.count], keep=lines))
    for _ in range(2):
        columns, uniforms = {deal.price: rng.normal(size=width)}, {deal.count: rng.random((2, width))}
        assert_same(compiled.play(columns, uniforms), Plan(lines, lines).evaluate(PERIODS, columns, uniforms))


def test_a_failure_names_the_line_and_the_period() -> None:
    kit = Kit()
    bad = kit.line(kit.people / (kit.price - kit.book.period), "Bad")
    compiled = Compiled(Tape([bad], PERIODS, [kit.price], keep=[bad]))
    fine = {kit.price: np.array([9.0, 8.0])}
    for _ in range(2):
        assert_same(compiled.play(fine, {}), Plan([bad], [bad]).evaluate(PERIODS, fine))
    with pytest.raises(CalculationError, match="“Bad” of Payments cannot be calculated in period 3: divide by zero"):
        compiled.play({kit.price: np.array([9.0, 3.0])}, {})


def test_what_it_does_not_take_is_refused_by_name() -> None:
    kit = Kit()
    paid = kit.line(kit.price * kit.people, "Paid")
    width = Operation("spread", lambda rows: np.ptp(rows, axis=0), "", "", over_time=True)
    line = kit.line(apply(width, paid), "Width")
    with pytest.raises(UnknownOperation, match=r"“numba” does not take the operation spread, .* “Width” of Payments"):
        Compiled(Tape([line], PERIODS, [kit.price]))


def test_every_code_has_a_number_of_its_own() -> None:
    assert [int(code) for code in Code] == list(range(len(Code)))


def test_the_machine_was_changed_with_its_codes() -> None:
    """Or one on disk would take old numbers for new ones."""
    listed = " ".join([*(code.name for code in Code), str(LANES)])
    assert zlib.crc32(listed.encode()) == machine.CODES


def test_pairs_are_of_operations_that_come_together() -> None:
    """Each pair in one program, so that each is compared with the arrays."""
    kit = Kit()
    price, lag, line = kit.price, kit.lag, kit.line
    other = kit.section.input("Other", 3, unit="£")
    third = kit.section.input("Third", 5, unit="£")
    expressions = [
        price + other + third, third + (price + other), price + other - third, third - (price + other),
        (price + other) * lag, price - other + third, third + (price - other), price - other - third,
        price * other + third, third + price * other, price * lag + third, third + price * lag, price * lag + 1,
        1 - price * lag, np.minimum(np.minimum(price, other), third), np.minimum(third, np.minimum(price, other)),
        np.maximum(-price, 0), ratio(price, other) * third, third * ratio(price, other),
    ]  # fmt: skip
    lines = [line(expression, f"Line {number}") for number, expression in enumerate(expressions)]
    rng = np.random.default_rng(4)
    columns = {price: rng.normal(size=300), other: rng.integers(0, 2, 300) * 1.5, third: rng.normal(size=300)}
    for one in lines:  # each alone, for what two lines share is no pair
        compiled = Compiled(Tape([one], PERIODS, columns, keep=[one]))
        assert any(code in PAIRS.values() for code in compiled.whole.runs[:, 0]), one.name
        for _ in range(2):
            assert_same(compiled.play(columns, {}), Plan([one], [one]).evaluate(PERIODS, columns))


def read_registers(code: Code, step: npt.NDArray[np.uint32]) -> list[int]:
    """The registers that a step reads."""
    name, operands = code.name, step[1:].tolist()
    if name in {"LOAD", "FILL", "STORE_CONSTANT", "STORE_CONSTANT_ROW"}:
        return []
    if "THEN" not in name:
        kinds = name.rpartition("_")[2]
        return [
            one for one, kind in zip(operands, kinds if set(kinds) <= {"R", "C"} else "R", strict=False) if kind == "R"
        ]
    first, _, second = name.partition("_THEN_")
    kinds = ["R", "C" if first.endswith("_C") else "R", "C" if second.endswith("_C") else "R"]
    if first.startswith("CHECK_C_"):
        kinds[0], kinds[1] = "C", "R"
    return (
        operands[:1] if first == "NEGATIVE" else [one for one, kind in zip(operands, kinds, strict=True) if kind == "R"]
    )


@pytest.mark.no_cover
@pytest.mark.parametrize("example", EXAMPLES[:3], ids=lambda path: path.stem)
def test_nothing_is_written_where_it_is_read(example: Path) -> None:
    """Or the compiler's own check would send the step the slow way: one path after the other."""
    model = build(read(str(example)))
    lines = taken_lines(model)
    tape = Tape(lines, model.book.periods, [one.cell for one in model.uncertain], model.book.draws, lines)
    compiled = Compiled(tape)
    compiled.play(*Luck(model, 3, 0).cut(slice(0, WIDTH)))
    assert compiled.usual is not None
    for program in (compiled.whole, compiled.usual):
        seen = 0
        for number, first, end in program.runs.tolist():
            code = Code(number)
            if not code.name.startswith(("STORE", "CHECK")):
                for step in program.steps[first:end]:
                    assert int(step[0]) not in read_registers(code, step), code
                    seen += 1
        assert seen > 200
