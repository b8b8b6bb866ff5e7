"""What a child process that opens untrusted files may know and do: no secrets, no network, no
other processes."""

from __future__ import annotations

import os
import sys

_NEEDED = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TZDIR",
    "LD_LIBRARY_PATH",
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPYCACHEPREFIX",
    "VIRTUAL_ENV",
    "TMPDIR",
)
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "ctypes.dlopen",
)


def confined_environment() -> dict[str, str]:
    """The environment to start such a child with: passwords of mailboxes and of the engine stay
    with the parent."""
    return {name: os.environ[name] for name in _NEEDED if name in os.environ}


def confine() -> None:
    """From now on whatever this process's Python code does towards the network or another process
    is refused.

    By an audit hook, which cannot be taken back. Native code is not held by it, only by the
    process's limits.
    """
    sys.addaudithook(_refuse)


def _refuse(event: str, _: object) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"a process that opens files of strangers may not do this: {event}")
