"""The form: a deal, or a blank one, as a workbook to fill in. What it holds is decided in `sibmodel.forms`."""

from sibmodel.workbook.form.write import form_bytes

__all__ = ["form_bytes"]
