"""A night that an officer starts at the desk: the very command `tonghop nightly`, its progress read
from what it prints."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from flows.home.layout import Home

Command = Literal["nightly", "remind"]
COMMAND = Path(sys.executable).with_name("tonghop")
MAX_LINES = 200  # of its output that are kept
WAIT_SECONDS = 3600  # for another night on the home


@dataclass
class NightRun:
    """A run and what it has printed: `lines` its progress, `result` its summary, `code` its exit
    code, None while it runs; `command` is `nightly`, or `remind`, which reminds after its night."""

    account: str
    begun: dt.datetime
    command: Command = "nightly"
    lines: list[str] = field(default_factory=list)
    result: list[str] = field(default_factory=list)
    code: int | None = None

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.code is None


class NightRuns:
    """Runs one night at a time for a home."""

    def __init__(self, home: Home, campaign: Path, inboxes: Sequence[str]) -> None:
        self._home, self._campaign, self._inboxes = home, campaign, list(inboxes)
        self._lock = threading.Lock()
        self._reminding_next: str | None = None  # the account that asked for it while a night ran
        self.last: NightRun | None = None

    def start(self, account: str, command: Command = "nightly") -> None:
        """Begins a run. Where one goes on, that is it; but reminders asked for while a night runs
        are sent by a run of their own after it."""
        with self._lock:
            if self.last is None or not self.last.is_running:
                self._begin(account, command)
            elif command == "remind" != self.last.command:
                self._reminding_next = account

    def _begin(self, account: str, command: Command) -> None:
        self.last = NightRun(account, dt.datetime.now(dt.UTC), command)
        threading.Thread(target=self._run, args=(self.last,), daemon=True).start()

    def _run(self, run: NightRun) -> None:
        """Runs it to its end, and then what was asked for meanwhile."""
        code = self._exit_code(run)
        with self._lock:
            run.code = code
            if self._reminding_next is not None:
                account, self._reminding_next = self._reminding_next, None
                self._begin(account, "remind")

    def _exit_code(self, run: NightRun) -> int:
        command = [
            str(COMMAND),
            run.command,
            *(word for inbox in self._inboxes for word in ("--inbox", inbox)),
            "--home",
            str(self._home.folder),
            "--campaign",
            str(self._campaign),
            "--wait",
            str(WAIT_SECONDS),
        ]
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
            with process:
                assert process.stdout is not None and process.stderr is not None
                reading = threading.Thread(
                    target=lambda: run.result.extend(
                        line.rstrip() for line in process.stdout or ()
                    ),
                    daemon=True,
                )
                reading.start()
                for line in process.stderr:
                    run.lines = [*run.lines, line.rstrip()][-MAX_LINES:]
                reading.join()
            return process.returncode
        except OSError as error:
            run.lines.append(f"Không chạy được: {error}")
            return 1
