"""Many contents read in processes of their own, so that no file can harm or halt the night.

Of a few files each has a reader of its own (`sources.children.reading_server`); of many a reader
reads several of one origin, a sender or a folder (`sources.children.reader_pool`). PDFs, scans and
photographs are handed back, and read last by a crew of their own, whose server is started only for
them.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sources.campaigns import Limits, load_campaign
from sources.children.answers import NEEDS_PAGE_ENGINES, ROWS, STRANGE, refusal
from sources.children.reader_pool import Answer, Crew, ReaderPool, ReadingBudget
from sources.children.reading_server import Content, ReaderServer, ReadingError
from sources.decisions import Decision, naming_decisions

__all__ = ["ChunkResult", "ReadingBudget", "ReadingError", "read_contents", "start_reading_server"]

EXTRACT = "sources.extraction:extract"

_STAGE_BYTES = 8 << 20  # of answers that are held in memory until they are staged together
_MAX_WORKERS = 4


@dataclass(slots=True)
class ChunkResult:
    """What was read from some contents: of each its `content` row, and its facts, findings,
    account and readings by column.

    deferred  SHA-256 and reason (Vietnamese) of contents that were not read, as their origin's
    budget is spent
    """

    contents: list[dict[str, object]] = field(default_factory=list)
    facts: list[tuple[str, list[list[object]]]] = field(default_factory=list)
    findings: list[tuple[str, list[list[object]]]] = field(default_factory=list)
    account: list[tuple[str, list[list[object]]]] = field(default_factory=list)
    readings: list[tuple[str, list[list[object]]]] = field(default_factory=list)
    deferred: list[tuple[str, str]] = field(default_factory=list)

    def add(self, answer: dict[str, Any]) -> None:
        """Add what a reader answered about one content."""
        sha256 = answer["sha256"]
        content = {
            "sha256": sha256,
            "outcome": answer["outcome"],
            "reason": answer.get("reason"),
            "macros": False,
        }
        self.contents.append(content | answer.get("content", {}))
        for name in ROWS:
            getattr(self, name).append((sha256, answer.get(name, [])))


def start_reading_server(
    campaign_folder: Path,
    decisions: Sequence[Decision] = (),
    extract: str = EXTRACT,
    reads_pages: bool = False,
) -> ReaderServer:
    """Starts the process that forks readers, and does not wait for it: its imports take most of a
    second, and another one where it `reads_pages`."""
    names = [d.model_dump(mode="json") for d in naming_decisions(decisions)]
    return ReaderServer(
        {
            "campaign": str(campaign_folder),
            "extract": extract,
            "decisions": names,
            "reads_pages": reads_pages,
        }
    )


def read_contents(
    contents: Iterable[tuple[str, str]],
    campaign_folder: Path,
    on_done: Callable[[int], None] | None = None,
    *,
    extract: str = EXTRACT,
    workers: int | None = None,
    chunk: int = 100,
    decisions: Sequence[Decision] = (),
    origins: Mapping[str, str] | None = None,
    budget: ReadingBudget | None = None,
    server: ReaderServer | None = None,
) -> Iterator[ChunkResult]:
    """Results of all contents in the order in which they are done, `chunk` at a time, or fewer that
    say much.

    contents: SHA-256 and path of each; on_done: called with how many are done; extract:
    "module:function" that makes an Extract of a Document and a Campaign; decisions: what officers
    decided, of which the units' names are read by; origins: by SHA-256 who sent it, or the folder
    it lay in; budget: what slow files may cost, without end if left out; server: one started by
    `start_reading_server` for the same campaign and decisions, which goes on after them. Raises
    ReadingError where readers do not start.
    """
    limits = load_campaign(campaign_folder).limits
    todo = [Content(sha256, path, (origins or {}).get(sha256, "")) for sha256, path in contents]
    result, size, done = ChunkResult(), 0, 0
    if not todo:
        return
    with contextlib.ExitStack() as stack:
        server = server or stack.enter_context(
            start_reading_server(campaign_folder, decisions, extract)
        )
        crew = Crew(server, workers or _cores(), budget or ReadingBudget.without_end())
        for answer, answer_bytes in _answers(
            todo,
            limits,
            crew,
            lambda: stack.enter_context(
                start_reading_server(campaign_folder, decisions, extract, reads_pages=True)
            ),
        ):
            if answer["outcome"] == "deferred":
                result.deferred.append((answer["sha256"], answer["reason"]))
            else:
                result.add(answer)
            size += answer_bytes
            done += 1
            if on_done is not None:
                on_done(done)
            if len(result.contents) >= chunk or size >= _STAGE_BYTES:
                yield result
                result, size = ChunkResult(), 0
    if result.contents or result.deferred:
        yield result


def _answers(
    todo: Sequence[Content],
    limits: Limits,
    crew: Crew,
    start_page_server: Callable[[], ReaderServer],
) -> Iterator[Answer]:
    """The answers of the crew, then those of one that reads pages about the files that need it.

    Pages always take seconds: what they may cost is one sum, whoever sent them.
    """
    pages = []
    by_sha256 = {content.sha256: content for content in todo}
    with ReaderPool(todo, limits, crew) as pool:
        for answer, size in pool.answers():
            if answer["outcome"] == NEEDS_PAGE_ENGINES:
                pages.append(by_sha256[answer["sha256"]])
            else:
                yield answer, size
    if pages:
        budget = ReadingBudget(limits.seconds_per_night, limits.seconds_per_night)
        page_crew = Crew(start_page_server(), crew.workers, budget, reads_pages=True)
        with ReaderPool(pages, limits, page_crew) as pool:
            for answer, size in pool.answers():
                if answer["outcome"] == NEEDS_PAGE_ENGINES:
                    answer = refusal(answer["sha256"], STRANGE)
                yield answer, size


def _cores() -> int:
    return min(len(os.sched_getaffinity(0)), _MAX_WORKERS)
