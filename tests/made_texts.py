"""Generated reports as texts of marks, written by hand as Word, LibreOffice and web programs write
them."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from xml.sax.saxutils import escape

from made_books import Book, Sheet

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"),
        ("svg", "svg-compatible"),
    )
)


def rtf_text(text: str) -> str:
    """A text with its letters beyond ASCII as Word writes them."""
    out = ""
    for letter in text:
        if letter in "\\{}":
            out += f"\\{letter}"
        elif letter == "\n":
            out += "\\line "
        elif ord(letter) < 128:
            out += letter
        else:
            packed = letter.encode("utf-16-le")
            for n in range(0, len(packed), 2):
                number = int.from_bytes(packed[n : n + 2], "little")
                out += f"\\u{number - 65536 if number > 32767 else number}?"
    return out


def rtf(body: str, fonts: str = r"{\f0\froman\fcharset0 Times New Roman;}") -> bytes:
    """An rtf of that body."""
    head = r"{\rtf1\ansi\ansicpg1252\uc1\deff0{\fonttbl" + fonts + "}"
    return f"{head}\n{body}}}".encode("cp1252")


def rtf_of(book: Book) -> bytes:
    """Each sheet as a table, as in Word, with a paragraph between."""
    return rtf("".join(_rtf_table(sheet) + "\\pard\\plain\\par\n" for sheet in book.sheets))


def _rtf_table(sheet: Sheet) -> str:
    rows = sheet.rows()
    marks: dict[tuple[int, int], str] = {}
    for top, left, bottom, right in sheet.merged:
        for r in range(top, bottom + 1):
            for c in range(left, right + 1):
                down = "" if bottom == top else "\\clvmgf" if r == top else "\\clvmrg"
                across = "" if left == right else "\\clmgf" if c == left else "\\clmrg"
                marks[r, c] = down + across
    out = ""
    for r, row in enumerate(rows):
        ends = "".join(f"{marks.get((r, c), '')}\\cellx{1000 * (c + 1)}" for c in range(len(row)))
        cells = "".join(
            f"\\pard\\plain\\intbl\\f0 {rtf_text('' if v is None else str(v))}\\cell\n" for v in row
        )
        out += f"\\trowd\\trgaph108\\trleft0{ends}\n{cells}\\trowd\\trleft0{ends}\\row\n"
    return out


def odt(body: str, styles: str = "", page: str = "") -> bytes:
    """An odt of that body, with automatic styles, and what its page style holds."""
    root = f"office:document-{{}} {_NAMESPACES}"
    content = (
        f"<{root.format('content')}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    master = (
        f"<{root.format('styles')}><office:master-styles><style:master-page style:name='Standard'>"
        f"{page}</style:master-page></office:master-styles></office:document-styles>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", content)
        package.writestr("styles.xml", master)
    return buffer.getvalue()


def odt_of(book: Book) -> bytes:
    """Each sheet as a table, with a paragraph between."""
    return odt("".join(_odt_table(sheet) + "<text:p/>" for sheet in book.sheets))


def _odt_table(sheet: Sheet) -> str:
    spans = {
        (top, left): f' table:number-rows-spanned="{bottom - top + 1}"'
        f' table:number-columns-spanned="{right - left + 1}"'
        for top, left, bottom, right in sheet.merged
    }
    covered = _covered(sheet)
    out = ""
    for r, row in enumerate(sheet.rows()):
        out += "<table:table-row>"
        for c, value in enumerate(row):
            lines = str("" if value is None else value).split("\n")
            inside = "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)
            out += (
                "<table:covered-table-cell/>"
                if (r, c) in covered
                else f"<table:table-cell{spans.get((r, c), '')}>{inside}</table:table-cell>"
            )
        out += "</table:table-row>"
    return f"<table:table>{out}</table:table>"


def _covered(sheet: Sheet) -> set[tuple[int, int]]:
    """The places of merged ranges but their first."""
    return {
        (r, c)
        for top, left, bottom, right in sheet.merged
        for r in range(top, bottom + 1)
        for c in range(left, right + 1)
        if (r, c) != (top, left)
    }


def html(body: str, head: str = "") -> bytes:
    """A web page of that body."""
    return f'<html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'.encode()


def html_of(book: Book) -> bytes:
    """Each sheet as a table, as programs export them to Excel."""
    return html("".join(_html_table(sheet) for sheet in book.sheets))


def _html_table(sheet: Sheet) -> str:
    spans = {
        (top, left): f" rowspan={bottom - top + 1} colspan={right - left + 1}"
        for top, left, bottom, right in sheet.merged
    }
    covered = _covered(sheet)
    out = ""
    for r, row in enumerate(sheet.rows()):
        cells = "".join(
            f"<td{spans.get((r, c), '')}>{escape(str('' if v is None else v)).replace(chr(10), '<br>')}</td>"
            for c, v in enumerate(row)
            if (r, c) not in covered
        )
        out += f"<tr>{cells}</tr>\n"
    return f"<table border=1>{out}</table>"


def excel_xml(sheets: str, styles: str = "") -> bytes:
    """An XML spreadsheet of 2003 of these sheets."""
    namespace = "urn:schemas-microsoft-com:office:spreadsheet"
    day = '<Style ss:ID="day"><NumberFormat ss:Format="dd/mm/yyyy"/></Style>'
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        f'<Workbook xmlns="{namespace}" xmlns:ss="{namespace}" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f"<Styles>{day}{styles}</Styles>{sheets}</Workbook>"
    ).encode()


def excel_xml_of(book: Book) -> bytes:
    """The sheets as Excel 2003 wrote them as XML, blank places left out."""
    return excel_xml("".join(map(_excel_xml_sheet, book.sheets)))


def _excel_xml_sheet(sheet: Sheet) -> str:
    spans = {
        (top, left): f' ss:MergeAcross="{right - left}" ss:MergeDown="{bottom - top}"'
        for top, left, bottom, right in sheet.merged
    }
    covered = _covered(sheet)
    columns = "".join(
        f'<Column ss:Index="{c + 1}" ss:Hidden="1"/>' for c in sorted(sheet.hidden_columns)
    )
    out = ""
    for r, row in enumerate(sheet.rows()):
        cells = "".join(
            f'<Cell ss:Index="{c + 1}"{spans.get((r, c), "")}>{_excel_xml_data(v)}</Cell>'
            for c, v in enumerate(row)
            if v is not None and (r, c) not in covered
        )
        hidden = ' ss:Hidden="1"' if r in sheet.hidden_rows else ""
        out += f'<Row ss:Index="{r + 1}"{hidden}>{cells}</Row>' if cells else ""
    name = escape(sheet.name, {'"': "&quot;"})
    rows = sorted(sheet.hidden_rows)
    autofilter = (
        f'<x:AutoFilter x:Range="R{rows[0]}C1:R{rows[-1] + 1}C2"><x:AutoFilterColumn x:Type="Custom"/>'
        "</x:AutoFilter>"
        if rows
        else ""
    )
    return f'<Worksheet ss:Name="{name}"><Table>{columns}{out}</Table>{autofilter}</Worksheet>'


def _excel_xml_data(value: object) -> str:
    if isinstance(value, dt.date):
        return f'<Data ss:Type="DateTime">{value.isoformat()}T00:00:00.000</Data>'
    kind = "Number" if isinstance(value, int | float) else "String"
    text = escape(str(value)).replace("\n", "&#10;")
    return f'<Data ss:Type="{kind}">{text}</Data>'
