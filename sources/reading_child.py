"""The child process that reads: bytes to facts within limits of memory and time, one answer a line.

Started by `sources.reading` as `python -m sources.reading_child PARENT`, with which it ends. It imports neither the
engine nor the warehouse's libraries, may write no file, open no socket and start no process, knows no credentials
(`sources.confined`), and tells what it read through its standard output alone. A file that kills it kills nothing else.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from sources.campaigns import Campaign, Limits, load_campaign
from sources.confined import confine
from sources.decisions import Decision, with_names
from sources.extraction.facts import Extract
from sources.extraction.people import hide_names
from sources.grids import Document, RefusedFile
from sources.orphans import end_with
from sources.readers import read
from sources.readers.refusals import too_much
from sources.reading import OUT_OF_MEMORY, STRANGE
from sources.text import visible

_ANSWER_LETTERS = 32 << 20  # 20,000 rows of twelve values told in full take two thirds of it
_SELDOM = (50_000, 20, 20)  # a file makes some thousand values and no cycles: looking for them took a tenth of the time
_LONG, _LONG_LETTERS = 1000, 250_000   # all texts of that length together: a hundred pages, and no report's


def main() -> None:
    """Answer each line of the input, `[sha256, path]`, until there is none. The first line says how to read."""
    end_with(int(sys.argv[1]))
    inquiries, answers = sys.stdin, _answers_only()
    setup = json.loads(inquiries.readline())
    campaign = with_names(load_campaign(Path(setup["campaign"])), map(Decision.model_validate, setup["decisions"]))
    module, _, name = setup["extract"].partition(":")
    extract = getattr(importlib.import_module(module), name)
    gc.freeze()  # what is there now stays for good: no look at it again and again while files are read
    gc.set_threshold(*_SELDOM)
    print("ready", file=answers, flush=True)
    _restrict(campaign.limits)
    for line in inquiries:
        sha256, path = json.loads(line)
        signal.alarm(campaign.limits.seconds + 5)  # the parent ends it first, unless the parent itself has died
        answer = _answer(Path(path), campaign, extract)
        signal.alarm(0)
        print(_line(sha256, answer, campaign.limits), file=answers, flush=True)


def _answer(path: Path, campaign: Campaign, extract: Callable[[Document, Campaign], Extract]) -> dict[str, object]:
    try:
        document = read(_bytes(path, campaign.limits), campaign.limits)
        return _as_read(document, extract(document, campaign))
    except RefusedFile as refusal:
        return {"outcome": refusal.rule, "reason": visible(hide_names(str(refusal), campaign.form.words.name_titles))}
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # what is left of the memory would fail the next file too
    except BaseException as error:  # noqa: BLE001 - calamine's panics are no Exception; one file must not cost the others
        defect = _where(error) if isinstance(error, Exception) else None
        return {"outcome": "unreadable", "reason": STRANGE, "defect": defect}


def _line(sha256: str, answer: dict[str, object], limits: Limits) -> str:
    """The answer as JSON; one that would fill the parent's memory, as a long text merged over many rows, is refused."""
    line = json.dumps({"sha256": sha256, **answer}, ensure_ascii=False)
    if len(line) <= _LONG_LETTERS or (len(line) <= _ANSWER_LETTERS and _long_letters(answer) <= _LONG_LETTERS):
        return line
    return json.dumps({"sha256": sha256, "outcome": "unreadable", "reason": str(too_much(limits))}, ensure_ascii=False)


def _long_letters(answer: dict[str, object]) -> int:
    """The letters of all long texts: a database holds what it works on in memory whole, however long each text is."""
    columns = [column for kind in ("facts", "findings") for column in answer.get(kind, ())]
    return sum(len(text) for column in columns for text in column if isinstance(text, str) and len(text) > _LONG)


def _where(error: Exception) -> str:
    """What went wrong in our own code and where, in one line that repeats no name."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    places = (f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    said = visible(hide_names(str(error)), line_breaks=False)
    return f"{type(error).__name__}: {said} in {' < '.join(places)}"


def _as_read(document: Document, extract: Extract) -> dict[str, object]:
    content = {
        "kind": document.kind,
        "macros": document.macros,
        "issuer": extract.issuer,
        "unit_code": extract.unit_code,
        "unit_near": extract.unit_near,
        "unit_text": extract.unit_text,
        "unit_sheet": extract.unit_sheet,
        "unit_cell": extract.unit_cell,
        "other_topic": extract.other_topic,
        "other_topic_sheet": extract.other_topic_sheet,
        "other_topic_cell": extract.other_topic_cell,
        "declares": extract.declares,
        "declares_sheet": extract.declares_sheet,
        "declares_cell": extract.declares_cell,
        "whole_sections": ",".join(extract.whole_sections) or None,
    }
    facts, findings = _columns(extract.facts), _columns(extract.findings)
    return {"outcome": "read", "content": content, "facts": facts, "findings": findings}


def _columns(rows: Sequence[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """The rows by column, as they will be stored: a few long lists cost the parent less than many short ones."""
    return list(zip(*rows, strict=True))


def _bytes(path: Path, limits: Limits) -> bytes:
    """The file's bytes, one more than allowed at the most: the reader then refuses it by its size."""
    with path.open("rb") as file:
        return file.read(limits.file_bytes + 1)


def _answers_only() -> TextIO:
    """The standard output kept for answers: what a library prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="surrogateescape")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    return answers


def _restrict(limits: Limits) -> None:
    """Give up what reading does not need: memory past the limit, files to write, network, the terminal's signals."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    confine()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(1, 2)  # native code tells of its panics here; the answer says what matters


if __name__ == "__main__":
    main()
