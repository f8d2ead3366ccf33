"""Investors' returns in the base case, as lines: cash flow, multiple, net present value, rates of return, payback."""

from sibmodel.returns.figures import ReturnLines, Target
from sibmodel.returns.stage import Returns, YearOfReturns, build

__all__ = ["ReturnLines", "Returns", "Target", "YearOfReturns", "build"]
