"""The kinds of file that are texts of marks (rtf), told from how they begin."""

from __future__ import annotations

from sources.grids import FileKind

_HEAD = 4096


def kind_of_text(data: bytes) -> FileKind | None:
    """The kind of a text of marks; None where it is none."""
    head = head_of(data)
    return "rtf" if head.startswith(b"{\\rtf") else None


def head_of(data: bytes) -> bytes:
    """How a text begins, in UTF-8 and without what is blank."""
    head = data[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", errors="replace").encode()
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()
