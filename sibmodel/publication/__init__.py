"""Publication: the figures of a run as plain tables that a public body may publish, in xlsx, ods and csv.

They follow the Government Analysis Function's "Releasing statistics in spreadsheets" and its checklist
(https://analysisfunction.civilservice.gov.uk/policy-store/releasing-statistics-in-spreadsheets/): one table a sheet at
its left edge, marked up as a table, the title in A1, notes above it and nothing below, no merged or empty cells, no
colour, no frozen panes; a cover and a list of contents come first.
"""

from sibmodel.publication.as_csv import write_csv
from sibmodel.publication.as_ods import write_ods
from sibmodel.publication.as_xlsx import write_xlsx
from sibmodel.publication.layout import contents
from sibmodel.publication.tables import Number, Publication, PublishedTable, publication

__all__ = [
    "Number",
    "Publication",
    "PublishedTable",
    "contents",
    "publication",
    "write_csv",
    "write_ods",
    "write_xlsx",
]
