"""A process that is kept running: started again when it dies, stopped when told, its words in a log
that rotates."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import logging
import os
import signal
import time
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path

log = logging.getLogger("tonghop.service")

LOG_BYTES, LOGS_KEPT = 5 << 20, 5
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds between a death and the next start
STEADY_SECONDS = 60.0  # seconds; what ran so long and dies is started again at once


def rotating(path: Path) -> RotatingFileHandler:
    """A log of that name, turned over at LOG_BYTES; LOGS_KEPT old ones stay."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, encoding="utf-8")


@dataclass
class SupervisedProcess:
    """One process, in a process group of its own, started again with growing pauses until
    `stop`."""

    name: str
    command: list[str]
    environment: dict[str, str]
    folder: Path  # its working folder
    log: Path
    stop_signal: signal.Signals
    pass_fds: tuple[int, ...] = ()
    deaths: int = 0
    _process: asyncio.subprocess.Process | None = None
    # of this one and those before it: what they started may live on
    _groups: set[int] = field(default_factory=set)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._file = rotating(self.log)
        self._file.terminator = ""  # the process writes its own line breaks

    async def supervise(self) -> None:
        """Runs it again and again; returns once it has been stopped."""
        pause = SHORTEST_PAUSE
        while not self._stopping.is_set():
            begun = time.monotonic()
            code = await self._run()
            if self._stopping.is_set():
                break
            self.deaths += 1
            if time.monotonic() - begun > STEADY_SECONDS:
                pause = SHORTEST_PAUSE
            log.warning(
                "%s died (exit code %s); starting it again in %.0f s", self.name, code, pause
            )
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def stop(self, seconds: float) -> None:
        """Asks it to end, then ends it and all that it started and left behind."""
        self._stopping.set()
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(self.stop_signal)
            try:
                await asyncio.wait_for(self._process.wait(), seconds)
            except TimeoutError:
                log.warning("%s did not stop in %.0f s and is killed", self.name, seconds)
        for group in self._groups:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)

    async def _run(self) -> int:
        """Runs it once; its exit code. What it has started may go on, and then still writes to its
        log."""
        self._groups = {group for group in self._groups if _group_is_alive(group)}
        # not asyncio's own, with which a process has not ended until its children have
        read_end, write_end = os.pipe()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self.command,
                env=self.environment,
                cwd=self.folder,
                pass_fds=self.pass_fds,
                start_new_session=True,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=write_end,
                stderr=write_end,
            )
        finally:
            os.close(write_end)
        self._groups.add(self._process.pid)
        log.info("%s started (process %s)", self.name, self._process.pid)
        pumping = asyncio.create_task(self._pump(read_end))
        code = await self._process.wait()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(pumping), 1)
        return code

    async def _pump(self, read_end: int) -> None:
        """Writes what the process says to its log, which is turned over at LOG_BYTES."""
        reader, decoder = asyncio.StreamReader(), codecs.getincrementaldecoder("utf-8")("replace")
        pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(read_end, "rb")
        )
        with contextlib.closing(pipe):
            while chunk := await reader.read(1 << 16):
                self._file.emit(logging.makeLogRecord({"msg": decoder.decode(chunk)}))


def _group_is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
