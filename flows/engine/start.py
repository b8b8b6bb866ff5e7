"""How a run meets the Prefect engine: the server that PREFECT_API_URL names, else one that the
night brings along.

The embedded one is Prefect's ephemeral server, started by us rather than by Prefect, for three
reasons: it starts before Prefect is even imported, so that both imports overlap; it gets a socket
that is already bound, so no port can be taken from it; and it is stopped only when every task run
is on record (Prefect kills its own at exit, and loses some). Nothing here may import prefect at
module level: the environment must stand first.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from uuid import UUID

from flows.engine.api import Api
from flows.engine.database import copy_database
from sources.secrets import environment_without_secrets

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.filters import FlowRunFilter

START_SECONDS = 120
ANSWER_SECONDS = 20  # of a server that somebody else has started
DEFAULT_ENVIRONMENT = {
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(START_SECONDS),
    "PREFECT_UI_ENABLED": "false",
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",  # no block is used; a server of the operator's registers its own
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    # Errors are not lost by this: they are in the night's log, and printed at its end
    # (flows/logs/night_log.py).
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
}


class EngineError(Exception):
    """The Prefect engine did not start or did not answer: why, and what to do."""


@dataclass
class Engine:
    """A Prefect server that this process may use: `process` is None where somebody else runs it."""

    api_url: str
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    started: float = field(default_factory=time.monotonic)
    seconds: float | None = None  # from its start until it answered
    _waiter: threading.Thread | None = None
    _problem: str | None = None

    def wait_until_ready(self) -> None:
        """Returns when the engine answers. Raises EngineError when it does not."""
        if self._waiter:
            self._waiter.join()
        if self._problem:
            raise EngineError(self._problem)

    def api(self) -> Api:
        """How it is asked, with the credentials of the environment."""
        return Api(self.api_url, os.environ.get("PREFECT_API_AUTH_STRING"))

    def stop(self) -> None:
        """Stops the server, if it is ours."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def prefect_engine(
    home: Path, logs: Path, served: dict[str, str] | None = None
) -> Iterator[Engine]:
    """The engine of a run: starts it at once and does not wait; use `wait_until_ready` before the
    first flow.

    Sets the environment that Prefect reads when it is imported, so enter this before importing
    prefect. `home` is Prefect's own folder (its database), `logs` takes the server's log; `served`,
    where a service holds the home, is the environment by which its server is met. A server of
    PREFECT_API_URL comes before it.
    """
    os.environ.update({k: v for k, v in DEFAULT_ENVIRONMENT.items() if k not in os.environ})
    if url := os.environ.get("PREFECT_API_URL"):
        engine = _connect(url, ANSWER_SECONDS)
    elif served:
        os.environ.update(served)
        _bypass_proxy()
        # the service may have begun just now
        engine = _connect(served["PREFECT_API_URL"], START_SECONDS)
    else:
        engine = _start(home, logs)
    try:
        yield engine
    finally:
        engine.stop()


def recorded_task_runs(flow_run_id: UUID, expected: int, seconds: float = 30) -> int:
    """How many of the `expected` task runs of a flow run are final on the engine's record; waits
    until all are.

    The server learns of task runs by events, some tenths of a second after they end.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    mine = FlowRunFilter(id=FlowRunFilterId(any_=[flow_run_id]))
    until = time.monotonic() + seconds
    with get_client(sync_client=True) as client:
        while True:
            final = _final_task_runs(client, mine)
            if final >= expected or time.monotonic() > until:
                return final
            time.sleep(0.05)


def _final_task_runs(client: SyncPrefectClient, flow_run: FlowRunFilter) -> int:
    final, page = 0, 200
    for offset in range(0, 1_000_000, page):
        runs = client.read_task_runs(flow_run_filter=flow_run, limit=page, offset=offset)
        final += sum(1 for run in runs if run.state is not None and run.state.is_final())
        if len(runs) < page:
            break
    return final


def flush_to_engine() -> None:
    """Sends what Prefect still holds of logs and events, so that stopping the engine loses none."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    EventsWorker.drain_all(timeout=5)
    APILogWorker.drain_all(timeout=5)


def _connect(api_url: str, seconds: float) -> Engine:
    engine = Engine(api_url=api_url.rstrip("/"))
    _watch(engine, seconds)
    return engine


def _start(home: Path, logs: Path) -> Engine:
    """The server as a child process, listening on a free port of 127.0.0.1 from the first
    moment."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        logs.mkdir(parents=True, exist_ok=True)
        copy_database(home)
    except OSError as error:
        raise EngineError(
            f"{home} cannot be written: {error}; correct its rights, or choose another --home"
        ) from error
    listening = socket.create_server(("127.0.0.1", 0))
    api_url = f"http://127.0.0.1:{listening.getsockname()[1]}/api"
    _bypass_proxy()
    os.environ["PREFECT_HOME"] = str(home)
    password = f"tonghop:{secrets.token_urlsafe(24)}"  # of this engine alone: other accounts reach its port as well
    os.environ |= {"PREFECT_SERVER_API_AUTH_STRING": password, "PREFECT_API_AUTH_STRING": password}
    log = logs / "engine.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-m",
                "flows.engine.server",
                str(listening.fileno()),
                str(os.getpid()),
                "night",
            ],
            pass_fds=[listening.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=environment_without_secrets(),
        )
    listening.close()
    os.environ["PREFECT_API_URL"] = api_url
    engine = Engine(api_url=api_url, log=log, process=process)
    _watch(engine, seconds=START_SECONDS)
    return engine


def _bypass_proxy() -> None:
    """Keeps an office's proxy out of what goes to this very machine."""
    for name in ("NO_PROXY", "no_proxy"):
        hosts = [h for h in os.environ.get(name, "").split(",") if h]
        os.environ[name] = ",".join([*hosts, "127.0.0.1"] if "127.0.0.1" not in hosts else hosts)


def _watch(engine: Engine, seconds: float) -> None:
    engine._waiter = threading.Thread(target=_await_answer, args=(engine, seconds), daemon=True)
    engine._waiter.start()


def _await_answer(engine: Engine, seconds: float) -> None:
    until = engine.started + seconds
    # which another's server answers only to whom it knows
    asked = "/health" if engine.process else "/admin/version"
    while time.monotonic() < until:
        if engine.process is not None and engine.process.poll() is not None:
            engine._problem = _exit_reason(engine)
            return
        try:
            engine.api().ask(asked)
        except OSError as error:
            engine._problem = f"no answer from {engine.api_url}: {error}"
            if isinstance(error, HTTPError) and error.code == 401:
                engine._problem = (
                    f"máy chủ Prefect {engine.api_url} không nhận mật khẩu (401): đặt biến "
                    "TONGHOP_SERVER_AUTH như khi chạy dịch vụ (set it as the service has it)"
                )
                return
            if isinstance(error, HTTPError):
                break
            time.sleep(0.05)
        else:
            engine._problem, engine.seconds = None, time.monotonic() - engine.started
            _warm_up(engine)
            return
    engine._problem = f"the Prefect engine does not answer ({engine._problem}); is the server of PREFECT_API_URL up?"


def _warm_up(engine: Engine) -> None:
    """Asks once for what a flow asks first, while this process still imports: a server's first
    answers are slow."""
    if engine.process is None:
        return
    with contextlib.suppress(OSError):
        engine.api().ask("/admin/version")
        engine.api().ask("/flows/", {"name": "nightly"})
        engine.api().ask("/flow_runs/filter", {"limit": 1})
        engine.api().ask("/task_runs/filter", {"limit": 1})


def _exit_reason(engine: Engine) -> str:
    code = engine.process.returncode if engine.process else None
    lines = (
        engine.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        if engine.log
        else []
    )
    last = next(
        (line.strip() for line in reversed(lines) if "Error" in line),
        lines[-1].strip() if lines else "no log",
    )
    return (
        f"the Prefect engine stopped while starting (exit {code}): {last}; see {engine.log}. Its database can be "
        f"made again: move {os.environ['PREFECT_HOME']} away and run the night again"
    )
