"""The order of a service: server, deployments, worker, a look after the runs every few seconds; and
how it stops."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flows.desk.server import Address, listen, url_of
from flows.engine.api import Api
from flows.engine.database import copy_database
from flows.engine.start import START_SECONDS, EngineError
from flows.home.layout import Home
from flows.home.lock import HomeBusyError, lock_home
from flows.service.access import api_of, credentials_source, last_note, lock_service
from flows.service.deployments import POOL
from flows.service.supervised import SupervisedProcess, rotating
from flows.service.watch import Watch
from sources.campaigns import CampaignError
from sources.ledger import LedgerError

log = logging.getLogger("tonghop.service")

NO_TELEMETRY = {
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}
SETTINGS = {
    # Two runs planned ahead, not a hundred: after a pause two are due, however long it was, and the
    # watch cancels one.
    "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_RUNS": "2",
    "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_RUNS": "2",
    "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME": "PT0S",
    # It only renames runs to Late, and meets others' writing: "database is locked" on SQLite. The
    # watch sees to them.
    "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
}
FIRST_PORT, PORTS = 4200, 100
LOOK_EVERY_SECONDS = 10
DESK_STOPS, WORKER_STOPS, SERVER_STOPS = 10, 20, 15  # seconds
MAX_DEATHS_AT_START = 3


class PortTakenError(Exception):
    """The port that was asked for belongs to another program."""


def serve(
    home: Home,
    inboxes: list[str],
    campaign: Path,
    port: int | None,
    desk: Address,
    notify: Callable[[str], None],
) -> None:
    """Serves the home until SIGTERM or SIGINT: nights by the campaign's schedule from these inboxes,
    and the desk at its address.

    `notify` hears what a person at the terminal should know. Raises HomeServedError,
    PortTakenError, NotServedError (of the desk), EngineError, OSError.
    """
    listening = _listen(port, last_note(home).get("port"))
    with (
        listening,
        listen(desk) as desk_socket,
        lock_service(home, listening.getsockname()[1]),
        _log_of(home),
    ):
        _wait_for_night(home, notify)
        _prepare(home.engine)
        wanted = {
            "inbox": inboxes[0] if len(inboxes) == 1 else inboxes,
            "home": str(home.folder),
            "campaign": str(campaign),
        }
        wanted_desk = {
            **wanted,
            "inbox": inboxes,
            "host": desk.host,
            "certificate": desk.certificate and str(desk.certificate.resolve()),
            "key": desk.key and str(desk.key.resolve()),
            "socket": desk_socket.fileno(),
        }
        asyncio.run(
            _Service(home, listening, wanted_desk, url_of(desk, desk_socket), notify).run(wanted)
        )


class _Service:
    """The processes of a service, and the order in which they come and go."""

    def __init__(
        self,
        home: Home,
        listening: socket.socket,
        desk: dict[str, Any],
        desk_address: str,
        notify: Callable[[str], None],
    ) -> None:
        self._home, self._notify = home, notify
        port, socket_fd = listening.getsockname()[1], listening.fileno()
        self._api, self._watch = api_of(home, port), Watch(home, api_of(home, port))
        self._environment = environment(home, self._api)
        server = ["flows.engine.server", str(socket_fd), str(os.getpid()), "service"]
        self._server = self._supervised("server", server, signal.SIGTERM, socket_fd)
        self._worker = self._supervised("worker", ["flows.service.worker", POOL], signal.SIGINT)
        self._desk_address = desk_address
        self._desk = self._supervised(
            "desk", ["flows.desk.process", json.dumps(desk)], signal.SIGTERM, desk["socket"]
        )
        self._stopping, self._ready = asyncio.Event(), False

    async def run(self, wanted: dict[str, Any]) -> None:
        """Starts all, looks after it until told to stop, and stops all. Raises EngineError where
        the start fails."""
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._stopping.set)
        # the desk at once: what is brought must not wait for the engine
        keeping = [asyncio.create_task(p.supervise()) for p in (self._server, self._desk)]
        try:
            if await self._server_answers():
                await self._deploy(wanted)
                await self._look()  # before the worker sees what was missed
                keeping.append(asyncio.create_task(self._worker.supervise()))
                self._ready = True
                self._say_ready(wanted["inbox"])
                while not await self._stop_within(LOOK_EVERY_SECONDS):
                    await self._look()
        finally:
            await self._stop()
            await asyncio.gather(*keeping)

    async def _stop(self) -> None:
        """The worker first, then what runs it left, marked as crashed while the server is there to
        hear it."""
        log.info("stopping")
        await self._desk.stop(DESK_STOPS)
        await self._worker.stop(WORKER_STOPS)
        if self._ready:
            await self._look()
        await self._server.stop(SERVER_STOPS)
        log.info("stopped")

    async def _server_answers(self) -> bool:
        """Whether the server answers; False where a stop came first. Raises EngineError where it
        does not start."""
        until = time.monotonic() + START_SECONDS
        while not await self._stop_within(0.2):
            with contextlib.suppress(OSError):
                await asyncio.to_thread(self._api.ask, "/flow_runs/count", {}, 2)
                return True
            if self._server.deaths >= MAX_DEATHS_AT_START or time.monotonic() > until:
                raise EngineError(
                    f"Prefect's server does not start; see {self._server.log}. Its database can be made "
                    f"again: move {self._home.engine} away and serve again; no number is lost by it"
                )
        return False

    async def _deploy(self, wanted: dict[str, Any]) -> None:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "flows.service.deployments",
            env=self._environment,
            cwd=self._home.engine,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        words, _ = await child.communicate(json.dumps(wanted).encode())
        log.info("deployments: %s", words.decode("utf-8", "replace").strip())
        if child.returncode:
            raise EngineError(
                f"what is to run was not deployed; see {self._home.logs / 'serve.log'}"
            )

    async def _look(self) -> None:
        try:
            await asyncio.to_thread(self._watch.look, dt.datetime.now(dt.UTC))
        except (
            OSError,
            CampaignError,
            LedgerError,
        ) as error:  # of a server that starts again, a full disk, a file
            # that a person is to correct: the next look does it
            log.warning("the runs could not be looked after: %s", error)

    async def _stop_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()

    def _supervised(
        self, name: str, module: list[str], stop_signal: signal.Signals, *pass_fds: int
    ) -> SupervisedProcess:
        return SupervisedProcess(
            name,
            [sys.executable, "-P", "-m", *module],
            self._environment,
            self._home.engine,
            self._home.logs / f"{name}.log",
            stop_signal,
            pass_fds,
        )

    def _say_ready(self, inbox: str | list[str]) -> None:
        page = self._api.url.removesuffix("/api")
        self._notify(
            f"Đang phục vụ {self._home.folder}, nhận tệp từ {inbox}.\nTrang Prefect: {page} "
            f"(mật khẩu: {credentials_source(self._home)}). Nhật ký: {self._home.logs}. Dừng: Ctrl+C.\n"
            f"Bàn làm việc: {self._desk_address} (thêm tài khoản: tonghop desk account add TÊN)."
        )


def environment(home: Home, api: Api) -> dict[str, str]:
    """The environment of a service's children: none of the operator's PREFECT_ settings, no
    telemetry, credentials."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    hosts = [host for host in ours.get("NO_PROXY", ours.get("no_proxy", "")).split(",") if host]
    auth = api.auth or ""
    return {
        **ours,
        **NO_TELEMETRY,
        **SETTINGS,
        "PREFECT_HOME": str(home.engine),
        "PREFECT_API_URL": api.url,
        "PREFECT_API_AUTH_STRING": auth,
        "PREFECT_SERVER_API_AUTH_STRING": auth,
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(urlsplit(api.url).port),
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(home.engine / "ui"),
        "NO_PROXY": ",".join([*hosts, "127.0.0.1"]),
        "no_proxy": ",".join([*hosts, "127.0.0.1"]),
    }


def _listen(asked: int | None, last: int | None) -> socket.socket:
    """A listening socket of 127.0.0.1: on the port asked for, else on the last one, else on the
    first that is free."""
    ports = [asked] if asked else [*filter(None, [last]), *range(FIRST_PORT, FIRST_PORT + PORTS)]
    for port in ports:
        with contextlib.suppress(OSError):
            return socket.create_server(("127.0.0.1", port))
    raise PortTakenError(
        f"port {ports[0]} of 127.0.0.1 is taken by another program; give another --port, or none"
    )


def _wait_for_night(home: Home, notify: Callable[[str], None]) -> None:
    """Returns once no night runs that brought an engine of its own: two servers on one database
    hinder each other."""
    try:
        with lock_home(home.folder):
            return
    except HomeBusyError as error:
        notify(f"{error}: waiting for its end")
    with lock_home(home.folder, wait=float("inf")):
        return


def _prepare(engine: Path) -> None:
    engine.mkdir(parents=True, exist_ok=True)
    copy_database(engine)


@contextlib.contextmanager
def _log_of(home: Home) -> Iterator[None]:
    """What the service itself does, in serve.log and on the standard error (of systemd: the
    journal)."""
    handlers: list[logging.Handler] = [rotating(home.logs / "serve.log"), logging.StreamHandler()]
    logger = logging.getLogger("tonghop")
    logger.setLevel(logging.INFO)
    for handler in handlers:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        logger.addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            logger.removeHandler(handler)
            handler.close()
