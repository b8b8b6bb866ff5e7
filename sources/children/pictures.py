"""Pictures of places on a scan's pages, cut out by a locked child (`picture_child`)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from sources.children.confined import confined_environment
from sources.children.line_child import LineChild
from sources.children.picture_child import SECONDS_PER_PAGE
from sources.page_boxes import PageBox

_START_SECONDS = 30
_MAX_BOXES = 20


def cut_pictures(
    original: Path,
    places: Iterable[tuple[int, PageBox]],
    written_as: Literal["JPEG", "PNG"] = "JPEG",
) -> dict[tuple[int, PageBox], str]:
    """The picture of each place (page, box in ten thousandths) in base64; none where the page
    cannot be shown. Raises OSError where the file cannot be opened."""
    found: dict[tuple[int, PageBox], str] = {}
    descriptor = os.open(original, os.O_RDONLY)
    child = LineChild(
        "sources.children.picture_child",
        confined_environment(),
        [str(descriptor)],
        pass_fds=[descriptor],
    )
    try:
        for page, boxes in _questions(places):
            pictures = child.ask(
                {"page": page, "boxes": boxes, "format": written_as},
                seconds=SECONDS_PER_PAGE + _START_SECONDS,
            )
            if pictures is None or len(pictures) != len(boxes):
                child.close()
                os.lseek(descriptor, 0, os.SEEK_SET)  # for the next child, which reads it again
                continue
            found |= {(page, box): str(p) for box, p in zip(boxes, pictures, strict=True)}
    except TimeoutError:
        return found
    finally:
        child.close()
        os.close(descriptor)
    return found


def _questions(places: Iterable[tuple[int, PageBox]]) -> Iterator[tuple[int, list[PageBox]]]:
    """Each page with its boxes, at most _MAX_BOXES at a time: an answer is one line of limited
    length."""
    by_page: dict[int, list[PageBox]] = {}
    for page, box in dict.fromkeys(places):
        by_page.setdefault(page, []).append(box)
    for page, boxes in by_page.items():
        for first in range(0, len(boxes), _MAX_BOXES):
            yield page, boxes[first : first + _MAX_BOXES]
