"""The kinds of file that are texts of marks (rtf, html, xml, messages), by how they begin."""

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
_MESSAGE_HEAD = 1 << 16
_HEADERS = re.compile(rb"(?:[!-9;-~]{1,60}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)+")
_NAME = re.compile(rb"^([!-9;-~]{1,60}):", re.M)
_OF_MESSAGES = {b"mime-version", b"received", b"message-id", b"return-path", b"delivered-to"}
_OF_LETTERS = {b"received", b"to", b"return-path", b"delivered-to", b"cc"}
_RELATED = re.compile(rb"^content-type:\s*multipart/related", re.I | re.M)
_SAVED = re.compile(rb"^from:\s*[\"<]*saved by", re.I | re.M)


def kind_of_text(data: bytes) -> FileKind | None:
    """The kind of a text of marks; None where it is none."""
    head = head_of(data)
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if _HTML.match(head):
        return "html"
    if not head.startswith(_XML_STARTS):
        return _kind_of_message(data)
    if _SPREADSHEET in head:
        return "xml"
    return "wordxml" if any(name in head for name in _WORD) else None


def _kind_of_message(data: bytes) -> FileKind | None:
    """A message, or the page that a program keeps as one; None for another text."""
    match = _HEADERS.match(data[:_MESSAGE_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip())
    if match is None:
        return None
    names = {name.lower() for name in _NAME.findall(match[0])}
    if not names & _OF_MESSAGES or not names & {b"from", b"subject", b"content-type", b"to"}:
        return None
    is_letter = names & _OF_LETTERS or (b"from" in names and not _SAVED.search(match[0]))
    return "mht" if _RELATED.search(match[0]) and not is_letter else "eml"


def head_of(data: bytes) -> bytes:
    """How a text begins, in UTF-8 and without what is blank."""
    head = data[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", errors="replace").encode()
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()
