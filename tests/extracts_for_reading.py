"""Replacements for `extract` that misbehave as native code may; the reading child runs them by
name."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from sources.campaigns import Campaign
from sources.extraction.facts import Extract, Fact
from sources.grids import Document

_worn = False
_LIBC = ctypes.pythonapi  # of the process itself: native code is not held by the audit hook


def _native(call: str, *arguments: object) -> str:
    """What a call of the C library says: done, or its error."""
    _LIBC.__errno_location.restype = ctypes.POINTER(ctypes.c_int)
    if getattr(_LIBC, call)(*arguments) >= 0:
        return "done"
    return errno.errorcode[_LIBC.__errno_location().contents.value]


def _write_on_all(data: bytes) -> None:
    """Writes on whatever it has open, the way to its parent among them."""
    for descriptor in range(3, 30):
        with contextlib.suppress(OSError):
            os.write(descriptor, data)


def _trickle() -> None:
    while True:
        _write_on_all(b" ")
        time.sleep(0.1)


def _panic() -> None:
    raise BaseException("as a Rust panic does")


def _forge(about: str) -> None:
    _write_on_all(
        json.dumps({"sha256": about, "outcome": "unsafe", "reason": "forged"}).encode() + b"\n"
    )


CALLS = {  # by name of the C library's function: its arguments, made of what the file says
    "open": lambda path: (path.encode(), os.O_RDONLY),
    "openat": lambda path: (-100, path.encode(), os.O_RDWR),
    "creat": lambda path: (path.encode(), 0o600),
    "truncate": lambda path: (path.encode(), 0),
    "unlink": lambda path: (path.encode(),),
    "rename": lambda path: (path.encode(), path.encode() + b".moved"),
    "chmod": lambda path: (path.encode(), 0o777),
    "symlink": lambda path: (b"/etc/passwd", path.encode() + b".link"),
    "kill": lambda process: (int(process), 0),
    "ptrace": lambda process: (16, int(process), 0, 0),  # PTRACE_ATTACH
    "prlimit": lambda process: (int(process), 7, 0, ctypes.create_string_buffer(16)),
    "socket": lambda family: (int(family), 1, 0),
    "fork": lambda _: (),
    "execv": lambda path: (path.encode(), ctypes.create_string_buffer(8)),
}
# section, letters of a text, how many of them
SIZES = {
    "long": ("info", 30_000, 5),
    "many": ("info", 900, 1_900),
    "cut": ("text", 40_000, 1),
    "rows": ("cells", 1, 2_001),
}
SAID = {
    "secrets": lambda: (
        " ".join(sorted(name for name in os.environ if "PASSWORD" in name or "AUTH" in name))
        or "none"
    ),
    "imports": lambda: " ".join(
        sorted({"pandas", "prefect", "pyarrow", "great_expectations", "duckdb"} & set(sys.modules))
    ),
}
DEEDS = {
    "print": lambda: print("not an answer\n", file=sys.stderr) or print("nor this"),
    "panic": lambda: _panic(),
    "trickle": _trickle,
    "flood": lambda: _write_on_all(b"x" * (40 << 20)),
    "abort": os.abort,
    "hang": lambda: time.sleep(60),
    "memory": lambda: bytearray(8 << 30),
    "write": lambda: Path("/tmp/written-by-a-child").write_text("x"),
    "connect": lambda: socket.create_connection(("127.0.0.1", 9)),
    "start a process": lambda: subprocess.run(["true"], check=True),
}


def extract(document: Document, campaign: Campaign) -> Extract:
    """The document's first value as a fact, unless that value says to misbehave."""
    global _worn
    word, *arguments = document.blocks[0].rows[0]
    DEEDS.get(word, lambda: None)()
    if word in CALLS:
        word = _native(word, *CALLS[word](str(arguments[0])))
    if word == "forge":
        _forge(str(arguments[0]))
    if str(word).startswith("slow"):
        time.sleep(5.5)
    if word == "abort when worn" and _worn:
        os.abort()
    _worn = True
    if word in SIZES:
        section, letters, times = SIZES[word]
        return Extract(
            facts=[
                Fact(section, n, "word", "x" * letters, "x" * letters, "csv", "A1")
                for n in range(times)
            ]
        )
    if str(word).startswith("reader"):
        word = str(os.getpid())
    said = SAID[word]() if word in SAID else str(word)
    return Extract(facts=[Fact("info", 0, "word", said, said, "csv", "A1")])
