"""The kinds of file that are texts of marks (rtf, html), told from how they begin."""

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


def kind_of_text(data: bytes) -> FileKind | None:
    """The kind of a text of marks; None where it is none."""
    head = head_of(data)
    if head.startswith(b"{\\rtf"):
        return "rtf"
    return "html" if _HTML.match(head) else None


def head_of(data: bytes) -> bytes:
    """How a text begins, in UTF-8 and without what is blank."""
    head = data[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", errors="replace").encode()
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()
