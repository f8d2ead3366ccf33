"""Published tables as an OpenDocument spreadsheet, the government's format for documents that are to be edited."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sibmodel.publication.as_csv import day
from sibmodel.publication.as_xlsx import LANGUAGE, SIZE, TITLE_SIZE
from sibmodel.publication.layout import COVER_WIDTH, contents, cover, headed, widths
from sibmodel.publication.tables import Number, Publication, Published, PublishedTable


def write_ods(published: Publication, path: Path) -> None:
    """Write the publication to `path`."""
    from odf.dc import Creator, Language, Title
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import DatabaseRanges

    document = OpenDocumentSpreadsheet()
    looks = _Looks(document)
    for part, text in ((Title, published.title), (Creator, "sibmodel"), (Language, LANGUAGE)):
        document.meta.addElement(part(text=text))
    ranges = DatabaseRanges()
    _sheet(document, looks, ranges, "Cover", cover(published), None, [COVER_WIDTH])
    for table in (contents(published), *published.tables):
        _sheet(document, looks, ranges, table.name, headed(table), table, widths(table))
    document.spreadsheet.addElement(ranges)
    document.save(str(path))


class _Looks:
    """The document's styles, each made when it is first asked for."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._made: dict[tuple[Any, ...], Any] = {}

    def cell(self, bold: bool, size: int, number: Number | None) -> Any:
        """The style of a cell."""
        key = ("cell", bold, size, number and (number.places, number.is_date))
        return self._once(key, lambda name: self._cell(name, bold, size, number))

    def column(self, width: float) -> Any:
        """The style of a column that is so many characters wide."""
        return self._once(("column", width), lambda name: self._column(name, width))

    def _once(self, key: tuple[Any, ...], make: Any) -> Any:
        if key not in self._made:
            self._made[key] = make(f"style{len(self._made)}")
            self._document.automaticstyles.addElement(self._made[key])
        return self._made[key]

    def _cell(self, name: str, bold: bool, size: int, number: Number | None) -> Any:
        from odf.style import ParagraphProperties, Style, TableCellProperties, TextProperties

        data = (
            None if number is None else self._once(("data", number.places, number.is_date), lambda n: _shown(n, number))
        )
        style = Style(name=name, family="table-cell", **({} if data is None else {"datastylename": data}))
        style.addElement(TableCellProperties(wrapoption="wrap", verticalalign="top"))
        style.addElement(ParagraphProperties(textalign="end" if number else "start"))
        words = {"fontfamily": "Arial", "fontsize": f"{size}pt", "fontweight": "bold" if bold else "normal"}
        style.addElement(TextProperties(**words, language="en", country="GB"))
        return style

    def _column(self, name: str, width: float) -> Any:
        from odf.style import Style, TableColumnProperties

        style = Style(name=name, family="table-column")
        style.addElement(TableColumnProperties(columnwidth=f"{width * 0.23:.2f}cm"))
        return style


def _shown(name: str, number: Number) -> Any:
    from odf import number as numbers

    if not number.is_date:
        style = numbers.NumberStyle(name=name)
        style.addElement(numbers.Number(decimalplaces=number.places, minintegerdigits=1, grouping="true"))
        return style
    style = numbers.DateStyle(name=name)
    for part in (
        numbers.Day(style="long"),
        numbers.Text(text=" "),
        numbers.Month(textual="true"),
        numbers.Text(text=" "),
    ):
        style.addElement(part)
    style.addElement(numbers.Year(style="long"))
    return style


def _sheet(
    document: Any,
    looks: _Looks,
    ranges: Any,
    name: str,
    lines: tuple[str, ...],
    table: PublishedTable | None,
    wide: list[float],
) -> None:
    from odf.table import DatabaseRange, Table, TableColumn

    sheet = Table(name=name)
    for width in wide:
        sheet.addElement(TableColumn(stylename=looks.column(width)))
    for place, text in enumerate(lines):
        sheet.addElement(_row([text], looks, bold=place == 0, size=TITLE_SIZE if place == 0 else SIZE))
    if table is not None:
        sheet.addElement(_row(table.header, looks, bold=True))
        for row in table.rows:
            sheet.addElement(_row(row, looks))
        last = f"{_letters(len(table.header))}{len(lines) + 1 + len(table.rows)}"
        area = f"{name}.A{len(lines) + 1}:{name}.{last}"
        ranges.addElement(DatabaseRange(name=name, targetrangeaddress=area, displayfilterbuttons="false"))
    document.spreadsheet.addElement(sheet)


def _row(cells: Any, looks: _Looks, bold: bool = False, size: int = SIZE) -> Any:
    from odf.table import TableRow

    row = TableRow()
    for cell in cells:
        row.addElement(_cell(cell, looks, bold, size))
    return row


def _cell(content: Published, looks: _Looks, bold: bool, size: int) -> Any:
    from odf.table import TableCell
    from odf.text import P

    if isinstance(content, str):
        cell = TableCell(valuetype="string", stylename=looks.cell(bold, size, None))
        cell.addElement(P(text=content))
        return cell
    look = looks.cell(bold, size, content)
    if content.is_date:
        when = day(content.value)
        cell = TableCell(valuetype="date", datevalue=when.isoformat(), stylename=look)
        cell.addElement(P(text=f"{when:%d %b %Y}"))
        return cell
    cell = TableCell(valuetype="float", value=repr(content.value), stylename=look)
    cell.addElement(P(text=f"{content.value:,.{content.places}f}"))
    return cell


def _letters(column: int) -> str:
    """The letters of a column counted from 1."""
    from sibmodel.lines import column_name

    return column_name(column - 1)
