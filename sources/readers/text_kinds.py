"""The kinds of file that are texts of marks (rtf, html, xml), told from how they begin."""

from __future__ import annotations

import re

from sources.grids import FileKind

_HEAD = 4096
_HTML = re.compile(
    rb"(?:<\?xml[^>]*\?>\s*)?(?:<!--.{0,2000}?-->\s*)*"
    rb"<(?:!doctype\s+html|(?:html|head|body|table|meta|style|div|title|center|font|tbody|tr|script|link"
    rb"|frameset|h[1-6]|p|span|b)\b)",
    re.I | re.S,
)
_XML_STARTS = (
    b"<?xml",
    b"<?mso-application",
    b"<Workbook",
    b"<ss:Workbook",
    b"<w:wordDocument",
    b"<pkg:",
)
_SPREADSHEET = b"urn:schemas-microsoft-com:office:spreadsheet"
_WORD = (
    b"http://schemas.microsoft.com/office/word/2003/wordml",
    b"http://schemas.microsoft.com/office/2006/xmlPackage",
)


def kind_of_text(data: bytes) -> FileKind | None:
    """The kind of a text of marks; None where it is none."""
    head = head_of(data)
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if _HTML.match(head):
        return "html"
    if not head.startswith(_XML_STARTS):
        return None
    if _SPREADSHEET in head:
        return "xml"
    return "wordxml" if any(name in head for name in _WORD) else None


def head_of(data: bytes) -> bytes:
    """How a text begins, in UTF-8 and without what is blank."""
    head = data[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", errors="replace").encode()
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()
