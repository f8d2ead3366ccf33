"""A view as it stood at the export: every live figure becomes the number that it was."""

from __future__ import annotations

from dataclasses import replace

from sibmodel.lines import Values
from sibmodel.views.common import Block, Cell, Chart, Constant, Figure, Pictures, Table, View
from sibmodel.words import financial_year


def as_values(view: View, values: Values) -> View:
    """The view with constants in the place of lines. Tables that its charts draw and that stand on another view are
    added at its end."""
    tables: dict[int, Table] = {}

    def settled(table: Table) -> Table:
        if id(table) not in tables:
            rows = tuple(tuple(as_value(cell, values) for cell in row) for row in table.rows)
            tables[id(table)] = replace(table, rows=rows)
        return tables[id(table)]

    def drawn(chart: Chart) -> Chart:
        return replace(chart, table=settled(chart.table))

    blocks: list[Block] = []
    for block in view.blocks:
        if isinstance(block, Table):
            blocks.append(settled(block))
        elif isinstance(block, Pictures):
            blocks.append(replace(block, charts=tuple(map(drawn, block.charts))))
        else:
            blocks.append(block)
    own = {id(block) for block in blocks}
    blocks += [table for table in tables.values() if id(table) not in own]
    return replace(view, blocks=tuple(blocks))


def as_value(cell: Cell, values: Values) -> Constant | str:
    """A cell that does not move: a number, or words."""
    if not isinstance(cell, Figure):
        return cell
    figure = values.figure(cell.line) if cell.period is None else float(values.row(cell.line)[cell.period])
    if cell.kind == "holds":
        return "holds" if figure == 1 else "fails"
    if cell.kind == "financial year":
        return financial_year(figure)
    return Constant(figure, cell.kind)
