"""Marked copies without the time of their making: the same file and findings give the same bytes,
whenever made."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_TIMES = {
    "docProps/core.xml": re.compile(rb"<dcterms:(created|modified)\b[^>]*>[^<]*</dcterms:\1>"),
    "word/comments.xml": re.compile(rb'\sw:date="[^"]*"'),
}


def forget_times(path: Path) -> None:
    """Rewrites the package at `path` without the moments at which it, a member or a comment was
    made or changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename in _TIMES:
                content = _TIMES[member.filename].sub(b"", content)
            fixed = zipfile.ZipInfo(member.filename, _ZIP_TIME)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fixed, content)
    path.write_bytes(out.getvalue())
