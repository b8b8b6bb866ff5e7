"""Names of the files that go back: the unit's own, made safe for any disk."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from sources.registry import Unit

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_MAX_BYTES = 150  # so that a suffix fits into the 255 that disks allow


def safe_name(name: str) -> str:
    """The name without path, control and reserved characters, cut to a length that any disk takes;
    never empty."""
    safe = _UNSAFE.sub(" ", unicodedata.normalize("NFC", name))
    safe = safe.encode("utf-8", "ignore")[:_MAX_BYTES].decode("utf-8", "ignore").strip(". ")
    return safe or "tep"


def safe_stem(file_name: str) -> str:
    """The last part of a file's path without its extension, made safe."""
    return safe_name(PurePosixPath(file_name.replace("\\", "/")).stem)


def blank_form_name(unit: Unit) -> str:
    """The name of the blank form as the unit gets it."""
    return f"Biểu mẫu báo cáo - {safe_name(unit.name)}.xlsx"


def numbered(stem: str, used: set[str]) -> str:
    """The stem, with a number where it is already used; adds it to `used`. Case is ignored, as some
    disks ignore it."""
    found, number = stem, 1
    while found.casefold() in used:
        number += 1
        found = f"{stem} ({number})"
    used.add(found.casefold())
    return found
