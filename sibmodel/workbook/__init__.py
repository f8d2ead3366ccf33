"""The workbook: the only part that knows Excel. Formula and stored value are written together, from one line."""

from sibmodel.workbook.write import lay_out, write_workbook

__all__ = ["lay_out", "write_workbook"]
