"""Web pages kept as one file (mht), as Word and Excel save them: a message whose parts are the
page, its styles, and of a workbook a page for each sheet."""

from __future__ import annotations

import html
import re
from email.message import Message

from sources.campaigns import Limits
from sources.channels.mail_parsing import TooMuchError, parse_message
from sources.grids import Document, Grid
from sources.readers.html import items_of
from sources.readers.messages import refuse_cut_off
from sources.readers.refusals import broken, other_format, too_many_sheets
from sources.readers.running_text import document_of

_SHEET = re.compile(
    r"<x:ExcelWorksheet>\s*<x:Name>([^<]*)</x:Name>\s*<x:WorksheetSource\s+HRef=\"([^\"]*)\"\s*/>"
    r"(.{0,3000}?)</x:ExcelWorksheet>",
    re.S | re.I,
)
_HIDDEN = re.compile(r"<x:Visible>\s*Sheet(?:Very)?Hidden", re.I)


def read_web_archive(data: bytes, limits: Limits) -> Document:
    """The page's paragraphs and tables; of a workbook those of all its sheets, the tables named
    after them. Raises RefusedFile."""
    parts = _parts(data)
    pages = [(name, content) for name, kind, content in parts if kind == "text/html"]
    sheets = [
        content.decode("utf-8", "replace") for _, kind, content in parts if kind == "text/css"
    ]
    if not pages:
        raise other_format("tệp lưu một trang web nhưng không có trang nào")
    first = pages[0][1]
    if b"<frameset" not in first.lower():
        return document_of("mht", (), items_of(first, limits, sheets), limits)
    return _workbook(first.decode("utf-8", "replace"), dict(pages[1:]), sheets, limits)


def _workbook(frame: str, pages: dict[str, bytes], styles: list[str], limits: Limits) -> Document:
    whole = Document("mht")
    found = _SHEET.findall(frame)
    if len(found) > limits.sheets:
        raise too_many_sheets(limits)
    if not found or any(_last(href) not in pages for _, href, _ in found):
        raise broken()
    for title, href, about in found:
        sheet = document_of("mht", (), items_of(pages[_last(href)], limits, styles), limits)
        grids = [block for block in sheet.blocks if isinstance(block, Grid)]
        for grid in grids:
            name = html.unescape(title)
            grid.sheet = name if len(grids) == 1 else f"{name} › {grid.sheet}"
            grid.hidden = _HIDDEN.search(about) is not None
        whole.blocks += sheet.blocks
        whole.unseen += sheet.unseen
    return whole


def _parts(data: bytes) -> list[tuple[str, str, bytes]]:
    """Name, kind and bytes of each part."""
    try:
        message = parse_message([data])
        refuse_cut_off(message)
        return [
            (
                _last(str(part.get("Content-Location", ""))),
                part.get_content_type(),
                bytes(part.get_payload(decode=True) or b""),
            )
            for part in message.walk()
            if isinstance(part, Message) and not part.is_multipart()
        ]
    except TooMuchError as error:
        raise broken() from error
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        raise broken() from error


def _last(location: str) -> str:
    return location.replace("\\", "/").rpartition("/")[2].strip().lower()
