"""Comments on cells: of an xlsx the notes of old, and the threads of conversation that took their
place."""

from __future__ import annotations

import re

from lxml import etree

from sources.readers.packages import Package
from sources.readers.safe_xml import parse_xml

_REF = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_AUTHOR = re.compile(r"[^\d\n]{0,60}:[ \t]*\n")  # as Excel begins a note
_PLACEHOLDER = "[Threaded comment]"  # what an old program shows in place of a thread


def comments_on(
    package: Package, targets: dict[str, tuple[str, str]]
) -> dict[tuple[int, int], str]:
    """The comments by their zero-based places, the answers of a thread on lines of their own.

    `targets` are the relations of the sheet's part.
    """
    found: dict[tuple[int, int], str] = {}
    for kind, part in targets.values():
        if kind in ("comments", "threadedComment") and part in package:
            for element in parse_xml(package.read(part)).iter("{*}comment", "{*}threadedComment"):
                place = _place(element.get("ref", ""))
                text = _text(element)
                if place is None or not text:
                    continue
                before = found.get(place, "")
                if text.startswith(_PLACEHOLDER):
                    found.setdefault(place, text)
                else:
                    found[place] = (
                        text
                        if not before or before.startswith(_PLACEHOLDER)
                        else f"{before}\n{text}"
                    )
    return {place: without_author(text) for place, text in found.items()}


def without_author(text: str) -> str:
    """A note without the line of its author's name, or of advice on threads, that Excel begins it
    with."""
    if text.startswith(_PLACEHOLDER):
        return text.rpartition(":")[2].strip()
    author = _AUTHOR.match(text)
    return (text[author.end() :] if author else text).strip()


def _text(comment: etree._Element) -> str:
    return "".join(t.text or "" for t in comment.iter("{*}t", "{*}text") if len(t) == 0).strip()


def _place(ref: str) -> tuple[int, int] | None:
    match = _REF.fullmatch(ref)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
