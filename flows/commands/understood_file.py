"""A landed file as it was understood, read again in a confined process: for `tonghop show` and for the
desk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sources.children.reading import read_contents
from sources.children.reading_server import ReaderServer
from sources.decisions import Decision
from sources.extraction.facts import Fact, ReadFinding

TEXTS = "sources.extraction.classified_texts:texts_by_class"


class NotUnderstoodError(Exception):
    """The file cannot be read; the message (Vietnamese) is the reader's reason."""


class UnderstoodFile(NamedTuple):
    """All texts of a file, each with its class, and what reading itself found."""

    texts: list[Fact]
    findings: list[ReadFinding]


def understood_file(
    sha256: str,
    path: Path,
    campaign_folder: Path,
    decisions: Sequence[Decision] = (),
    server: ReaderServer | None = None,
) -> UnderstoodFile:
    """The file of that content, with the names of units that officers decided; `server` as of
    `read_contents`, started for TEXTS.

    Raises NotUnderstoodError, and ReadingError where readers do not start.
    """
    reading = read_contents(
        [(sha256, str(path))],
        campaign_folder,
        extract=TEXTS,
        decisions=decisions,
        server=server,
    )
    (read,) = reading
    if read.contents[0]["outcome"] != "read":
        raise NotUnderstoodError(str(read.contents[0]["reason"]))
    return UnderstoodFile(
        [Fact(*row) for _, columns in read.facts for row in zip(*columns, strict=True)],
        [ReadFinding(*row) for _, columns in read.findings for row in zip(*columns, strict=True)],
    )
