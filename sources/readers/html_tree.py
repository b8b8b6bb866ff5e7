"""From the bytes of a web page to the tree of its elements."""

from __future__ import annotations

import codecs
import re

from lxml import etree

from sources.legacy_encodings import decode_unnamed
from sources.readers.refusals import broken

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_HEAD = 4_096
_LEGACY_FONT = re.compile(rb"""["':\s,](?:\.vn|vni-)\w""", re.I)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def parse_page(data: bytes) -> etree._Element | None:
    """The page's root element, None where it has none. Raises RefusedFile where it is cut off, or too
    deep or large for the parser."""
    text = _decoded(data)
    _refuse_cut_off(text)
    return _parsed(text)


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    match = _CHARSET.search(data, 0, _HEAD)
    named = match[1].decode("ascii", "replace") if match else None
    if _LEGACY_FONT.search(data) and not _is_utf8(data):  # the letters that the fonts then change
        named = named if named and named.lower().startswith(("windows-", "iso-8859")) else "cp1252"
        try:
            return data.decode(named, errors="replace")
        except LookupError:
            pass
    return decode_unnamed(data, named)


def _refuse_cut_off(text: str) -> None:
    """Raises RefusedFile where a table does not end: the rows after that would be missed without a
    word."""
    low, place, open_tables = text.lower(), 0, 0
    while (place := low.find("<", place)) >= 0:
        if low.startswith("<!--", place):
            end = low.find("-->", place)
            place = end if end >= 0 else len(low)
        elif low.startswith("<table", place):
            open_tables += 1
        elif low.startswith("</table", place):
            open_tables -= 1
        place += 1
    if open_tables > 0:
        raise broken()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _parsed(text: str) -> etree._Element | None:
    parser = etree.HTMLParser(
        recover=True,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise broken() from error
    # it ends where a limit is met, and nothing else says that the rest is missed
    if any("LIMIT" in e.type_name or "huge" in e.message.lower() for e in parser.error_log):
        raise broken()
    return root
