"""The processes that read: bytes to facts within limits of memory and time, one answer a line.

`sources.children.reading_server` starts one of them as `python -m sources.children.reading_child
PARENT CONTROL`, with which it ends. That one imports and loads everything, opens no untrusted
file, and forks a fresh reader whenever it is asked for one. A reader is given opened files and
answers about each; the kernel (`sources.children.kernel_lock`), an audit hook
(`sources.children.confined`) and limits hold it: it may open libraries alone, write nothing but its
answers, reach no network and no other process, and it knows no credentials. A file that kills a
reader kills nothing else.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sources.campaigns import Campaign, Limits, load_campaign
from sources.children.answers import (
    ANSWER_BYTES,
    LISTS,
    NEEDS_PAGE_ENGINES,
    OUT_OF_MEMORY,
    ROWS,
    STRANGE,
    TEXTS,
    refusal,
)
from sources.children.confined import confine
from sources.children.kernel_lock import kernel_locks, libraries, lock_process
from sources.children.orphans import end_with
from sources.decisions import Decision, with_names
from sources.extraction.bounds import bounded
from sources.extraction.facts import Extract
from sources.extraction.people import hide_names
from sources.extraction.warm_up import warm_up
from sources.grids import Document, RefusedFile
from sources.readers import read
from sources.readers.page_engines import NeedsPageEnginesError, hand_pages_back, load_page_engines
from sources.readers.refusals import too_much
from sources.text import visible

# of a message on a control socket: the setup names the units that officers have named
MESSAGE_BYTES = 1 << 20
# a file makes some thousand values and no cycles: looking for them took a tenth of the time
_SELDOM = (
    50_000,
    20,
    20,
)
# the engines that read pages fill most of an address space with code and models, before any page
_PAGE_MEMORY = 2
# all texts of that length together: a hundred pages, and no report's
_LONG, _LONG_LETTERS = (
    1000,
    250_000,
)


@dataclass(frozen=True, slots=True)
class Task:
    """How to read: the campaign, the function that makes an Extract of a document, and whether the
    files are pages (PDF, scans)."""

    campaign: Campaign
    extract: Callable[[Document, Campaign], Extract]
    reads_pages: bool

    @property
    def seconds(self) -> int:
        """What a file may take."""
        limits = self.campaign.limits
        return limits.seconds_of_pages if self.reads_pages else limits.seconds


def main() -> None:
    """Fork a reader for each request on the control socket, kill and report them, until the parent
    closes it."""
    end_with(int(sys.argv[1]))
    # a night that is called off tells it by its own end
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(sys.argv[2]))
    task = _task(json.loads(control.recv(MESSAGE_BYTES)))
    warm_up(task.campaign)
    if task.reads_pages:
        load_page_engines()
    else:
        hand_pages_back()
    readable = libraries()
    _try_lock(task, readable)
    gc.freeze()  # what is there now stays for good: no look at it again and again while files are read
    gc.set_threshold(*_SELDOM)
    with contextlib.suppress(BrokenPipeError):  # no file was to be read
        control.send(b"ready")
    _serve(control, task, readable)


def _task(setup: dict[str, Any]) -> Task:
    decisions = map(Decision.model_validate, setup["decisions"])
    module, _, name = str(setup["extract"]).partition(":")
    campaign = with_names(load_campaign(Path(str(setup["campaign"]))), decisions)
    return Task(
        campaign, getattr(importlib.import_module(module), name), bool(setup["reads_pages"])
    )


def _try_lock(task: Task, readable: list[Path]) -> None:
    """Ends this process where its readers could not be locked: whatever the files, none is read
    without."""
    kernel_locks()
    process = os.fork()
    if not process:
        try:
            _restrict(task.campaign.limits, readable, task.reads_pages)
            os._exit(0)
        except BaseException:  # noqa: BLE001 - it must not go on as a second server
            traceback.print_exc()
            os._exit(1)
    if os.waitpid(process, 0)[1]:
        sys.exit("a reading process cannot be locked")


def _serve(control: socket.socket, task: Task, readable: list[Path]) -> None:
    """Messages `fork N` (with the reader's ends of its two connections) and `kill N`; each end is
    reported as `N CODE`."""
    # number and process, by the descriptor that tells of its end
    readers: dict[int, tuple[str, int]] = {}
    poll = select.poll()
    poll.register(control, select.POLLIN)
    while True:
        for descriptor, _ in poll.poll():
            if descriptor in readers:
                number, process = readers.pop(descriptor)
                poll.unregister(descriptor)
                os.close(descriptor)
                code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
                # the parent needs no more
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    control.send(f"{number} {code}".encode())
                continue
            try:
                message, given, _, _ = socket.recv_fds(control, MESSAGE_BYTES, 2)
            except ConnectionResetError:  # it went before it had heard of all ends
                return
            if not message:
                return
            order, number = message.decode().split()
            if order == "fork":
                process = _fork(task, given[0], given[1], readable)
                watched = os.pidfd_open(process)
                readers[watched] = number, process
                poll.register(watched, select.POLLIN)
            else:
                for watched, (known, _) in readers.items():
                    if known == number:
                        signal.pidfd_send_signal(watched, signal.SIGKILL)


def _fork(task: Task, questions: int, answers: int, readable: list[Path]) -> int:
    """A reader's process, which has nothing of this one's but its memory and these two
    connections."""
    server = os.getpid()
    process = os.fork()
    if process:
        os.close(questions)
        os.close(answers)
        return process
    try:
        end_with(server)
        _keep_only(questions, answers)
        asked = socket.socket(fileno=questions)
        _restrict(task.campaign.limits, readable, task.reads_pages)
        _read_all(asked, answers, task)
        os._exit(0)
    except BaseException:  # noqa: BLE001 - it must not go on as a second server
        os._exit(1)


def _keep_only(*kept: int) -> None:
    """Close all that the server has open; what is printed, and native code's words of its panics,
    go nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nowhere, standard)
    last = 2
    for descriptor in (*sorted(kept), resource.getrlimit(resource.RLIMIT_NOFILE)[0]):
        os.closerange(last + 1, descriptor)
        last = descriptor


def _restrict(limits: Limits, readable: list[Path], reads_pages: bool) -> None:
    """Give up what reading does not need: memory past the limit, files, network, other processes,
    their signals."""
    memory = limits.memory_bytes * (_PAGE_MEMORY if reads_pages else 1)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    lock_process(readable)
    confine()


def _read_all(questions: socket.socket, answers: int, task: Task) -> None:
    """Answer each question, a content's SHA-256 with its opened file, until there are no more."""
    limits = task.campaign.limits
    while True:
        sha256, given, _, _ = socket.recv_fds(questions, MESSAGE_BYTES, 1)
        if not sha256:
            return
        # the parent ends it first, unless the parent itself has died
        signal.alarm(task.seconds + 5)
        with os.fdopen(given[0], "rb") as file:
            line = _line(sha256.decode(), _answer(file.read(limits.file_bytes + 1), task), limits)
        signal.alarm(0)
        while line:
            line = line[os.write(answers, line) :]


def _answer(data: bytes, task: Task) -> dict[str, object]:
    campaign = task.campaign
    try:
        document = read(data, campaign.limits)
        return _as_read(document, bounded(task.extract(document, campaign), campaign))
    except RefusedFile as refused:
        return {
            "outcome": refused.rule,
            "reason": visible(hide_names(str(refused), campaign.form.words.name_titles)),
        }
    except NeedsPageEnginesError:
        return {"outcome": NEEDS_PAGE_ENGINES}
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # what is left of the memory would fail the next file too
    except BaseException as error:  # noqa: BLE001 - calamine's panics are no Exception; one file must not cost the others
        defect = _where(error) if isinstance(error, Exception) else None
        return {"outcome": "unreadable", "reason": STRANGE, "defect": defect}


def _line(sha256: str, answer: dict[str, Any], limits: Limits) -> memoryview:
    """The answer as JSON; one that would fill the parent's memory, as a long text merged over many
    rows, is refused."""
    line = json.dumps({"sha256": sha256, **answer}, ensure_ascii=False).encode(errors="replace")
    if len(line) > _LONG_LETTERS and (
        len(line) > ANSWER_BYTES or _long_letters(answer) > _LONG_LETTERS
    ):
        line = json.dumps(refusal(sha256, str(too_much(limits))), ensure_ascii=False).encode()
    return memoryview(line + b"\n")


def _long_letters(answer: dict[str, Any]) -> int:
    """The letters of all long texts: a database holds what it works on in memory whole, however
    long each text is."""
    columns = [column for kind in ROWS for column in answer.get(kind, ())]
    return sum(
        len(text)
        for column in columns
        for text in column
        if isinstance(text, str) and len(text) > _LONG
    )


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
        **{name: getattr(extract, name) for name in TEXTS},
        **{name: ",".join(getattr(extract, name)) or None for name in LISTS},
    }
    return {
        "outcome": "read",
        "content": content,
        **{name: _columns(getattr(extract, name)) for name in ROWS},
    }


def _columns(rows: Sequence[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """The rows by column, as they will be stored: a few long lists cost the parent less than many
    short ones."""
    return list(zip(*rows, strict=True))


if __name__ == "__main__":
    main()
