"""Pictures of places on the pages of scans, written beside a day's reports so that an officer sees
what a number was read from."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sources.children.pictures import cut_pictures
from sources.landing import Landing
from sources.ledger import LedgerError
from warehouse.places import PagePicture

FOLDER = "anh-goc"
NO_PICTURE = "không cắt được ảnh (tệp gốc không còn, hoặc không mở được)"


def write_pictures(
    home: Path, folder: Path, pictures: Sequence[PagePicture]
) -> Mapping[PagePicture, str]:
    """Writes each picture into the folder as PNG; by picture its path, or why there is none.

    Cut in a locked child from the landed original. The folder is made where there is something to
    write.
    """
    by_scan: dict[str, list[PagePicture]] = {}
    for picture in pictures:
        by_scan.setdefault(picture.sha256, []).append(picture)
    written = dict.fromkeys(pictures, NO_PICTURE)
    try:
        landing = Landing(home)
    except (LedgerError, OSError):
        return written
    for sha256, wanted in by_scan.items():
        try:
            cut = cut_pictures(landing.original(sha256), [(p.page, p.box) for p in wanted], "PNG")
        except OSError:
            continue
        for picture in wanted:
            if encoded := cut.get((picture.page, picture.box)):
                written[picture] = _write(folder / _file_name(picture), encoded)
    return written


def remove_pictures(home: Path, contents: Iterable[str]) -> None:
    """Removes what `write_pictures` has written beside the home's reports of these contents."""
    for sha256 in contents:
        for path in home.glob(f"reports/*/{FOLDER}/{sha256}-*.png"):
            path.unlink()


def _file_name(picture: PagePicture) -> str:
    """The same for the same place of the same content."""
    return f"{picture.sha256}-trang-{picture.page}-{'-'.join(map(str, picture.box))}.png"


def _write(path: Path, encoded: str) -> str:
    try:
        content = base64.b64decode(encoded, validate=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except ValueError:  # of a child that a file has taken over
        return NO_PICTURE
    except OSError as error:
        return f"không ghi được ảnh vào {path.parent} ({error.strerror})"
    return str(path)
