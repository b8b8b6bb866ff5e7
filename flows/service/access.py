"""How whoever is on this machine finds the server of a home: who serves it, on which port, with
which credentials."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from flows.engine.api import Api
from flows.home.layout import Home

AUTH_VARIABLE = "TONGHOP_SERVER_AUTH"  # user:password, instead of those of the file


class HomeServedError(Exception):
    """Another service holds the home: its process, host, port and since when."""

    def __init__(self, home: Path, note: dict[str, Any]) -> None:
        pid, host, port, since = (note.get(key, "?") for key in ("pid", "host", "port", "since"))
        super().__init__(
            f"{home} is already served (process {pid} on {host}, port {port}, since {since}); "
            "stop that one first, or serve another --home"
        )
        self.note = note


@contextlib.contextmanager
def lock_service(home: Home, port: int) -> Iterator[None]:
    """Holds the service of a home, on that port, until the block ends. Raises HomeServedError."""
    home.service.mkdir(parents=True, exist_ok=True)
    lock = _lock(home)
    try:
        lock.acquire(timeout=1)
    except Timeout:
        raise HomeServedError(home.folder, last_note(home)) from None
    try:
        now = dt.datetime.now().astimezone().isoformat(timespec="seconds")
        about = {"pid": os.getpid(), "host": socket.gethostname(), "port": port, "since": now}
        _note_file(home).write_text(json.dumps(about), encoding="utf-8")
        yield
    finally:
        lock.release()


def serving_process(home: Home) -> dict[str, Any] | None:
    """Who serves the home now (pid, host, port, since); None where nobody does."""
    if not _note_file(home).exists():
        return None
    lock = _lock(home)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return last_note(home)
    lock.release()
    return None


def last_note(home: Home) -> dict[str, Any]:
    """What the last service of the home said of itself, whether it still runs or not; empty where
    there was none."""
    try:
        note: dict[str, Any] = json.loads(_note_file(home).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note


def credentials(home: Home) -> str:
    """`user:password` of the home's server: of TONGHOP_SERVER_AUTH, else of a file made now if it
    was not there."""
    if auth := os.environ.get(AUTH_VARIABLE):
        return auth
    path = _auth(home)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".writing")
        draft.unlink(missing_ok=True)
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(f"tonghop:{secrets.token_urlsafe(24)}\n")
        draft.rename(path)
    return path.read_text(encoding="utf-8").strip()


def credentials_source(home: Home) -> str:
    """For a person: the variable, or the file."""
    return AUTH_VARIABLE if os.environ.get(AUTH_VARIABLE) else str(_auth(home))


def api_of(home: Home, port: int) -> Api:
    """The interface of the home's server."""
    return Api(f"http://127.0.0.1:{port}/api", credentials(home))


def client_environment(home: Home) -> dict[str, str]:
    """The environment by which a run in a served home meets its server; empty where nobody serves
    it."""
    served = serving_process(home)
    if not served or "port" not in served:
        return {}
    api = api_of(home, served["port"])
    return {
        "PREFECT_API_URL": api.url,
        "PREFECT_API_AUTH_STRING": api.auth or "",
        "PREFECT_HOME": str(home.engine),
    }


def _auth(home: Home) -> Path:
    return home.service / "auth"


def _lock(home: Home) -> FileLock:
    return FileLock(home.service / "lock")


def _note_file(home: Home) -> Path:
    return home.service / "holder.json"
