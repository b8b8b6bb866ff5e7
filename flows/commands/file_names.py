"""Which of several files a person means by a name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import TypeVar

T = TypeVar("T")

_QUOTES = str.maketrans("“”„‘’", '"""\'\'')
_SPACES = re.compile(r"\s+")


def files_named(named: str, files: Iterable[T], name_of: Callable[[T], str]) -> list[T]:
    """The files that the name means, most exactly: by path or name as written; else whatever the
    case, the form of accents, spaces and quotes; else without the ending too.

    More than one where several bear the name.
    """
    known = [(file, name_of(file)) for file in files]
    for wanted, written in ((named, str), (_key(named), _key), (_key(named), _stem_key)):
        if found := [f for f, name in known if wanted in (written(name), written(_last(name)))]:
            return found
    return []


def _key(name: str) -> str:
    plain = _SPACES.sub(" ", unicodedata.normalize("NFC", name).translate(_QUOTES)).strip()
    return unicodedata.normalize("NFC", plain.casefold())


def _stem_key(name: str) -> str:
    path = PurePosixPath(name)
    return _key(str(path.with_name(path.stem)) if path.name else name)


def _last(name: str) -> str:
    return PurePosixPath(name).name
