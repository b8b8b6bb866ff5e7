"""Checks brought files within seconds of their landing, in a process of its own (`check_child`).

What waits is checked together: most of a check's time does not depend on how many files it is of.
A file on which the process fails or ends is not lost: it has landed, and the next night reads it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.desk.current_campaign import change_of
from sources.arrivals import Arrival
from sources.children.line_child import LineChild
from sources.secrets import environment_without_secrets

CHECK_SECONDS = 120  # a check may take, of all files that waited; scans take seconds a page
EFFECT_SECONDS = 300
MAX_TOGETHER = 50  # files checked at once
MAX_SCANS_TOGETHER = 2  # of which each page takes seconds, and for which no other file waits
# without a question, after which the process ends: with what it has imported it holds some 400 MB
IDLE_SECONDS = 900
SCAN_ENDINGS = (".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".heic")
NOT_CHECKED = "chưa kiểm tra ngay được; lần tổng hợp tới sẽ kiểm tra"

log = logging.getLogger("tonghop.desk")


@dataclass
class _Asked:
    """A question about a decision's effect, and its answer when `done` is set."""

    decisions: list[dict[str, Any]]
    done: threading.Event = field(default_factory=threading.Event)
    answer: dict[str, Any] | None = None


class Checker:
    """The verdicts on brought files by submission_id, each there some seconds after `check`.

    A verdict is what `InstantNight.verdicts` says of the file; `{"problem": …}` where it could not
    be checked. It holds until an officer decides anything, here or by a command.
    """

    def __init__(self, home: Path, campaign: Path) -> None:
        self._child = LineChild(
            "flows.desk.check_child", environment_without_secrets(), [str(home), str(campaign)]
        )
        self._decisions = home / "decisions.jsonl"
        self._decided = change_of(self._decisions)  # as of which the verdicts are
        self._verdicts: dict[str, dict[str, Any]] = {}
        self._read: dict[str, list[dict[str, Any]]] = {}
        self._waiting: list[str] = []
        self._waiting_scans: list[str] = []  # what may be scans, by their names
        self._at_work: list[str] = []
        self._asked: list[_Asked] = []
        self._changed = threading.Condition()
        self._is_closed, self._is_warm = False, False
        # one thread for as long as the desk: the child ends with the thread that started it
        self._thread = threading.Thread(target=self._work, name="checker", daemon=True)

    def __enter__(self) -> Checker:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._thread.join(timeout=5)

    def warm(self) -> None:
        """Has the process imported what it needs by the time a file comes; returns at once."""
        with self._changed:
            self._is_warm = True
            self._changed.notify_all()

    def check(self, arrivals: Sequence[Arrival]) -> None:
        """Has these arrivals checked, unless they have been; returns at once."""
        with self._changed:
            self._forget_old()
            known = {*self._verdicts, *self._waiting, *self._waiting_scans, *self._at_work}
            for arrival in arrivals:
                if arrival.submission_id not in known:
                    self._queue_of(arrival).append(arrival.submission_id)
                    known.add(arrival.submission_id)
            self._changed.notify_all()

    def _queue_of(self, arrival: Arrival) -> list[str]:
        is_scan = arrival.file_name.lower().endswith(SCAN_ENDINGS)
        return self._waiting_scans if is_scan else self._waiting

    def verdict(self, submission: str, seconds: float = 0) -> dict[str, Any] | None:
        """The verdict on an arrival; None where it is still being checked after so many seconds."""
        with self._changed:
            self._forget_old()
            self._changed.wait_for(lambda: submission in self._verdicts, timeout=seconds)
            return self._verdicts.get(submission)

    def values_read(self, submission: str) -> list[dict[str, Any]]:
        """What was read of a file when it was last checked here, as tables of typed_values.py; none
        where it never was."""
        with self._changed:
            return self._read.get(submission, [])

    def _forget_old(self) -> None:
        """Forgets the verdicts once something was decided since: each file is checked again as it
        is asked for."""
        decided = change_of(self._decisions)
        if decided != self._decided:
            self._decided = decided
            self._verdicts.clear()

    def effect(self, decisions: list[dict[str, Any]]) -> dict[str, Any]:
        """The campaign's totals without and with these further decisions (`InstantNight.effect`);
        `{"problem": …}` where they are not known."""
        asked = _Asked(decisions)
        with self._changed:
            self._asked.append(asked)
            self._changed.notify_all()
        asked.done.wait(EFFECT_SECONDS)
        return asked.answer or {"problem": NOT_CHECKED}

    def _work(self) -> None:
        while True:
            with self._changed:
                is_asked = self._changed.wait_for(
                    lambda: bool(
                        self._waiting
                        or self._waiting_scans
                        or self._asked
                        or self._is_warm
                        or self._is_closed
                    ),
                    timeout=IDLE_SECONDS,
                )
                if self._is_closed:
                    break
                self._is_warm = False
                submissions = _taken(self._waiting, MAX_TOGETHER)
                asked = self._asked.pop(0) if not submissions and self._asked else None
                if not submissions and asked is None:
                    submissions = _taken(self._waiting_scans, MAX_SCANS_TOGETHER)
                self._at_work = submissions
            if not is_asked:
                self._child.close()
            elif asked is not None:
                asked.answer = self._ask({"decisions": asked.decisions}, EFFECT_SECONDS)
                asked.done.set()
            elif submissions:
                self._check(submissions)
            else:
                self._child.start()
        self._child.close()

    def _check(self, submissions: list[str]) -> None:
        decided = change_of(self._decisions)
        answer = self._ask({"submissions": submissions}, CHECK_SECONDS)
        if "problem" in answer and len(submissions) > 1:  # one of them: each by itself
            for submission in submissions:
                self._check([submission])
            return
        verdicts = answer.get("verdicts") or [{"submission_id": s, **answer} for s in submissions]
        with self._changed:
            self._read |= {v["submission_id"]: v["read"] for v in verdicts if "read" in v}
            self._forget_old()
            if decided == self._decided:
                self._verdicts |= {verdict["submission_id"]: verdict for verdict in verdicts}
            else:
                self._waiting += [s for s in submissions if s not in self._waiting]
            self._at_work = [s for s in self._at_work if s not in submissions]
            self._changed.notify_all()

    def _ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any]:
        try:
            answer = self._child.ask(question, seconds)
        except TimeoutError:
            answer = None
        if answer is None:
            log.warning("the process that checks files has ended or took too long")
            return {"problem": NOT_CHECKED}
        if "problem" in answer:
            log.warning("not checked: %s\n%s", answer["problem"], answer.get("traceback", ""))
            return {"problem": NOT_CHECKED}
        return dict(answer)


def _taken(queue: list[str], most: int) -> list[str]:
    """The first of a queue, which it loses."""
    first = queue[:most]
    del queue[:most]
    return first
