"""The deal as an Excel form: which sheet holds which part, and how a form that is filled in is read."""

from sibmodel.forms.finding import read_workbook

__all__ = ["read_workbook"]
