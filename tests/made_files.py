"""Generated reports as files of every readable type, with the place of each value in the file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile

import docx
import xlsxwriter
import xlwt
from made_books import Book, Place, Sheet
from made_texts import excel_xml_of, html_of, odt_of, rtf_of
from odf import opendocument, table, text

from sources.grids import Grid

KINDS = ("xlsx", "xls", "ods", "xml", "docx", "odt", "rtf", "html", "csv", "zip")
TEXT_KINDS = ("docx", "odt", "rtf", "html", "csv")  # hold nothing but text


def written(book: Book, kind: str) -> bytes:
    """The book as a file: `csv` is a zip of one csv a sheet, `zip` one of a workbook a sheet."""
    return _WRITERS[kind](book)


def where(book: Book, kind: str, place: Place) -> tuple[str, str]:
    """Sheet and ref of a place, as lineage calls them in a file of that kind."""
    ref = Grid.ref(place.row, place.column)
    if kind in ("docx", "odt", "rtf", "html"):
        return f"Bảng {place.sheet + 1}", ref
    if kind in ("csv", "zip"):
        return f"{place.sheet:02d}.{'csv' if kind == 'csv' else 'xlsx'}", ref
    return book.sheets[place.sheet].name, ref


def _xlsx(book: Book) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for sheet in book.sheets:
            _fill(workbook.add_worksheet(sheet.name), sheet, day)
    return target.getvalue()


def _fill(page: xlsxwriter.worksheet.Worksheet, sheet: Sheet, day: object) -> None:
    for top, left, bottom, right in sheet.merged:
        page.merge_range(top, left, bottom, right, "")
    for (row, column), value in sheet.cells.items():
        if isinstance(value, dt.date):
            page.write_datetime(row, column, value, day)
        elif isinstance(value, str):
            page.write_string(row, column, value)
        elif value is not None:
            page.write_number(row, column, value)
    for row in sheet.hidden_rows:
        page.set_row(row, None, None, {"hidden": True})
    if sheet.hidden_rows:
        page.autofilter(min(sheet.hidden_rows) - 1, 0, max(sheet.hidden_rows), 1)
        page.filter_column(0, "x > 0")
    for column in sheet.hidden_columns:
        page.set_column(column, column, None, None, {"hidden": True})


def _xls(book: Book) -> bytes:
    workbook, target = xlwt.Workbook(), io.BytesIO()
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for sheet in book.sheets:
        page = workbook.add_sheet(sheet.name, cell_overwrite_ok=True)
        for (row, column), value in sheet.cells.items():
            if value is not None:
                page.write(row, column, value, *([day] if isinstance(value, dt.date) else []))
        for top, left, bottom, right in sheet.merged:
            page.merge(top, bottom, left, right)
    workbook.save(target)
    return target.getvalue()


def _ods(book: Book) -> bytes:
    document, target = opendocument.OpenDocumentSpreadsheet(), io.BytesIO()
    for sheet in book.sheets:
        page = table.Table(name=sheet.name)
        spans = {
            (top, left): (bottom - top + 1, right - left + 1)
            for top, left, bottom, right in sheet.merged
        }
        for r, row in enumerate(sheet.rows()):
            line = (
                table.TableRow(visibility="filter") if r in sheet.hidden_rows else table.TableRow()
            )
            for c, value in enumerate(row):
                line.addElement(_ods_cell(value, spans.get((r, c))))
            page.addElement(line)
        document.spreadsheet.addElement(page)
    document.save(target)
    return target.getvalue()


def _ods_cell(value: object, span: tuple[int, int] | None) -> table.TableCell:
    about: dict[str, object] = {}
    if span:
        about = {"numberrowsspanned": span[0], "numbercolumnsspanned": span[1]}
    if isinstance(value, dt.date):
        about |= {"valuetype": "date", "datevalue": value.isoformat()}
    elif isinstance(value, int | float):
        about |= {"valuetype": "float", "value": value}
    elif isinstance(value, str):
        about |= {"valuetype": "string"}
    cell = table.TableCell(**about)
    for line in str(value).split("\n") if isinstance(value, str) else ():
        cell.addElement(text.P(text=line))
    return cell


def _docx(book: Book) -> bytes:
    """Each sheet as a table of its own, with a paragraph between."""
    document, target = docx.Document(), io.BytesIO()
    for sheet in book.sheets:
        rows = sheet.rows()
        page = document.add_table(len(rows), max(map(len, rows)))
        for line, row in zip(page._tbl.tr_lst, rows, strict=True):
            for cell, value in zip(line.tc_lst, row, strict=True):
                cell.p_lst[0].add_r().text = "" if value is None else str(value)
        for top, left, bottom, right in sheet.merged:
            page.cell(top, left).merge(page.cell(bottom, right))
        document.add_paragraph("")
    document.save(target)
    return target.getvalue()


def _csv(book: Book) -> bytes:
    def lines(sheet: Sheet) -> bytes:
        target = io.StringIO(newline="")
        csv.writer(target, delimiter=";").writerows(sheet.rows())
        return target.getvalue().encode("utf-8-sig")

    return _zip({f"{n:02d}.csv": lines(sheet) for n, sheet in enumerate(book.sheets)})


def _parts(book: Book) -> bytes:
    return _zip({f"{n:02d}.xlsx": _xlsx(Book([sheet])) for n, sheet in enumerate(book.sheets)})


def _zip(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


_WRITERS = {
    "xlsx": _xlsx,
    "xls": _xls,
    "ods": _ods,
    "docx": _docx,
    "odt": odt_of,
    "xml": excel_xml_of,
    "rtf": rtf_of,
    "html": html_of,
    "csv": _csv,
    "zip": _parts,
}
