"""A replacement for `extract` that forges answers, as code that took over a reader could.

A file `forge;SEED;SHA256` names another file: the seed chooses what is written on the way to the
parent. Any other file is read as usual.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from random import Random

from sources.campaigns import Campaign
from sources.extraction.facts import Extract, Fact
from sources.grids import Document

GOOD = {
    "outcome": "read",
    "content": {"kind": "csv", "macros": False},
    "facts": [["info"], [0], ["cells_total"], ["999"], ["999"], ["csv"], ["A1"]],
    "findings": [],
    "account": [],
}
LIES = (
    None,
    True,
    1.5,
    -1,
    2**31,
    2**70,
    "x",
    "\ud800",
    "\x00",
    [],
    {},
    [[]],
    ["a", 1],
    "9" * 10_000,
)


def extract(document: Document, campaign: Campaign) -> Extract:
    """The document's first value as a fact, after whatever it writes itself."""
    word, *arguments = map(str, document.blocks[0].rows[0])
    if word == "forge":
        rng = Random(arguments[0])
        rng.choice(DEEDS)(rng, arguments[1])
    return Extract(facts=[Fact("info", 0, "word", word, word, "csv", "A1")])


def _write(data: bytes) -> None:
    """On whatever is open, the way to the parent among it."""
    for descriptor in range(3, 30):
        with contextlib.suppress(OSError):
            os.write(descriptor, data)


def _line(answer: object) -> bytes:
    return json.dumps(answer).encode() + b"\n"


def _changed(rng: Random, value: object) -> object:
    """The value with one part of it, however deep, replaced by a lie."""
    if isinstance(value, dict) and value and rng.random() < 0.8:
        key = rng.choice(sorted(value))
        return {**value, rng.choice((key, key, "x")): _changed(rng, value[key])}
    if isinstance(value, list) and value and rng.random() < 0.8:
        place = rng.randrange(len(value))
        return [*value[:place], _changed(rng, value[place]), *value[place + 1 :]]
    return rng.choice(LIES)


def _own_and_another(rng: Random, other: str) -> None:
    """An answer in the place of its own, and at once another's."""
    _write(_line({"sha256": _asked(), **GOOD}) + _line({"sha256": other, **GOOD}))


def _asked() -> str:
    """The SHA-256 that the reader was asked about, as native code would find it."""
    frame = sys._getframe()
    while frame is not None and "questions" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["sha256"].decode() if frame else ""


def _trickle(rng: Random, other: str) -> None:
    while True:
        _write(b" ")
        time.sleep(0.05)


def _end(rng: Random, other: str) -> None:
    _write(_line({"sha256": other, **GOOD})[: rng.randrange(1, 60)])
    os._exit(rng.choice((0, 1, 77, 255))) if rng.random() < 0.7 else os.kill(
        os.getpid(), signal.SIGSEGV
    )


def _swapped(rng: Random, other: str) -> None:
    whole = bytearray(_line({"sha256": other, **GOOD}))
    for _ in range(rng.choice((1, 5, 50))):
        whole[rng.randrange(len(whole))] = rng.randrange(256)
    _write(bytes(whole))


DEEDS: tuple[Callable[[Random, str], object], ...] = (
    lambda rng, other: _write(_line({"sha256": other, **GOOD})),
    lambda rng, other: _write(
        _line({"sha256": other, "outcome": "unsafe", "reason": "forged"}) * rng.choice((1, 500))
    ),
    lambda rng, other: _write(_line(_changed(rng, {"sha256": other, **GOOD}))),
    lambda rng, other: _write(
        _line({**GOOD, "sha256": rng.choice((other[::-1], "", "a" * 64, None, other.upper()))})
    ),
    lambda rng, other: _write(rng.randbytes(rng.choice((1, 100, 70_000)))),
    lambda rng, other: _write(b"\n" * rng.choice((1, 1_000))),
    lambda rng, other: _write(b"[" * rng.choice((10, 100_000)) + b"\n"),
    lambda rng, other: _write(_line({"sha256": other, **GOOD})[:-1]),
    lambda rng, other: (
        _write(b"x" * (17 << 20)) if rng.random() < 0.2 else _write(b'{"sha256": "' + b"a" * 90_000)
    ),
    lambda rng, other: _trickle(rng, other) if rng.random() < 0.2 else None,
    _end,
    _swapped,
    _own_and_another,
)
