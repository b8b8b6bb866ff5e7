"""Marked copies of units' files, made in a child process: what a hostile file does there harms
nothing here."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sources.campaigns import Limits
from sources.children.confined import confined_environment
from sources.children.line_child import LineChild
from sources.extraction.text_classes import ClassRun
from warehouse.reports.feedback.returned_files import FeedbackItem

MAX_BYTES = 5 << 20  # a larger original is not opened again: its list goes out alone

_logger = logging.getLogger(__name__)


@dataclass
class Marker:
    """Marks files one after another in a child that is started with the first of them, and again
    when it has died."""

    office: str
    titles: tuple[str, ...]
    limits: Limits
    _child: LineChild = field(
        default_factory=lambda: LineChild(
            "warehouse.reports.feedback.marking_child", confined_environment()
        )
    )

    def mark(
        self,
        original: Path,
        target: Path,
        file_name: str,
        findings: Sequence[FeedbackItem],
        account: Sequence[ClassRun] = (),
    ) -> Path | None:
        """The copy with its places marked, named `target` with its extension; None where there is
        none to be made."""
        if not original.exists() or original.stat().st_size > MAX_BYTES:  # purged, or too large
            return None
        answer = self._child.ask(
            {
                "original": str(original),
                "target": str(target),
                "file_name": file_name,
                "office": self.office,
                "titles": self.titles,
                "limits": self.limits.model_dump(),
                "findings": [asdict(t) for t in findings],
                "account": account,
            }
        )
        if answer is None:
            answer = {"why": "the process that marks it has died"}
        if extension := answer.get("extension"):
            return target.with_name(f"{target.name}.{extension}")
        _logger.info("no marked copy of %s: %s", file_name, answer.get("why"))
        for unfinished in target.parent.glob(f"{_escaped(target.name)}.*"):
            unfinished.unlink()
        return None

    def close(self) -> None:
        """Ends the child."""
        self._child.close()


@contextmanager
def open_marker(office: str, titles: tuple[str, ...], limits: Limits) -> Iterator[Marker]:
    """A marker whose child ends with the block; `office` signs the comments, `titles` are those of
    the form."""
    made = Marker(office, titles, limits)
    try:
        yield made
    finally:
        made.close()


def _escaped(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)
