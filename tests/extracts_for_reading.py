"""Stand-ins for extraction that misbehave as a file may make native code do; run in the reading child by name."""

from __future__ import annotations

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
DEEDS = {
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
    word = document.blocks[0].rows[0][0]
    DEEDS.get(word, lambda: None)()
    if word == "secrets":
        word = " ".join(sorted(name for name in os.environ if "PASSWORD" in name or "AUTH" in name)) or "none"
    if word == "print":
        print("not an answer")
        print("nor this", file=sys.stderr)
    if word == "imports":
        word = " ".join(sorted({"pandas", "prefect", "pyarrow", "great_expectations", "duckdb"} & set(sys.modules)))
    if word == "secrets":
        word = " ".join(name for name in os.environ if "PASSWORD" in name)
    if word == "panic":
        raise BaseException("as a Rust panic does")
    if word == "abort when worn" and _worn:
        os.abort()
    _worn = True
    if word in ("long", "many"):
        text, times = ("x" * 30_000, 5) if word == "long" else ("x" * 900, 1_900)
        return Extract(facts=[Fact("info", n, "word", text, text, "csv", "A1") for n in range(times)])
    return Extract(facts=[Fact("info", 0, "word", str(word), str(word), "csv", "A1")])
