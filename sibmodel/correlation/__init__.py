"""Correlation of what nobody knows: the terms, the matrix that they make, and luck that goes together by it."""

from sibmodel.correlation.drivers import Group, groups
from sibmodel.correlation.terms import DEGREES, Copula, Correlation

__all__ = ["DEGREES", "Copula", "Correlation", "Group", "groups"]
