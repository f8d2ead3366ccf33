"""The calculation language: lines recorded once from ordinary NumPy expressions and read as arrays, as Excel formulas
and in words. It knows nothing about bonds."""

from sibmodel.lines.aligned import aligned
from sibmodel.lines.alike import difference
from sibmodel.lines.arrays import Plan, Values, evaluate
from sibmodel.lines.book import Book, Corkscrew, Section
from sibmodel.lines.course import Course
from sibmodel.lines.explain import Explanation, explain
from sibmodel.lines.expression import Expression, apply
from sibmodel.lines.formulas import Layout, Place, column_name, formula, reference
from sibmodel.lines.line import Distribution, Draw, Input, Line
from sibmodel.lines.nothing import why_nothing
from sibmodel.lines.operations import OPERATIONS, Operation
from sibmodel.lines.over_time import (
    at,
    delayed,
    given,
    highest,
    interpolate,
    lowest,
    previous,
    product_total,
    ratio,
    running_total,
    step_lookup,
    sum_of,
    total,
    total_where,
    window_total,
)
from sibmodel.lines.tape import Tape

__all__ = [
    "OPERATIONS",
    "Book",
    "Corkscrew",
    "Course",
    "Distribution",
    "Draw",
    "Explanation",
    "Expression",
    "Input",
    "Layout",
    "Line",
    "Operation",
    "Place",
    "Plan",
    "Section",
    "Tape",
    "Values",
    "aligned",
    "apply",
    "at",
    "column_name",
    "delayed",
    "difference",
    "evaluate",
    "explain",
    "formula",
    "given",
    "highest",
    "interpolate",
    "lowest",
    "previous",
    "product_total",
    "ratio",
    "reference",
    "running_total",
    "step_lookup",
    "sum_of",
    "total",
    "total_where",
    "why_nothing",
    "window_total",
]
