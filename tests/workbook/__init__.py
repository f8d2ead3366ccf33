"""Tests of the exported workbook, and the spreadsheet programs that judge it."""
