"""The desk's part of `make bench`: from drop to verdict, and each page, at 35 and at 1,000 units.

A real desk (`tonghop desk`) on a home with a published night; each figure is the median of several.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

TONGHOP = Path(sys.executable).with_name("tonghop")
PAGES = ("/", "/tep", "/so-lieu", "/quyet-dinh", "/don-doc", "/bao-cao")
TIMES, FILES = 5, 10
VERDICT_SECONDS = 2.0  # to reach, from drop to verdict


def desk_rows(units: int, home: Path, inbox: Path) -> list[tuple[str, ...]]:
    """The rows of the table for a home whose night counted so many units."""
    with _desk(home, inbox / ".campaign") as visitor:
        visitor.get("/tep")  # the process that checks is on its way
        files = sorted(p for p in inbox.iterdir() if not p.name.startswith("."))[: FILES + 1]
        seconds = [visitor.verdict_seconds(file, n) for n, file in enumerate(files)][1:]
        rows = [
            (
                f"desk at {units:,} units: drop to verdict",
                f"{statistics.median(seconds):.2f} s",
                f"{VERDICT_SECONDS:g} s",
                f"slowest of {len(seconds)} {max(seconds):.2f} s",
            )
        ]
        for path in PAGES:
            times = [visitor.seconds(path) for _ in range(TIMES)]
            rows.append(
                (
                    f"desk at {units:,} units: page {path}",
                    f"{statistics.median(times):.2f} s",
                    "",
                    "",
                )
            )
        return rows


class _Visitor:
    """A browser that has entered."""

    def __init__(self, link: str) -> None:
        self._address = link.partition("/vao")[0]
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )
        found = re.search(r'data-key="([^"]+)"', self._open(link))
        assert found
        self._key = found.group(1)

    def get(self, path: str) -> str:
        return self._open(self._address + path)

    def seconds(self, path: str) -> float:
        begun = time.perf_counter()
        self.get(path)
        return time.perf_counter() - begun

    def verdict_seconds(self, file: Path, number: int) -> float:
        """From sending the file until its line has a verdict."""
        begun = time.perf_counter()
        name = urllib.parse.quote(f"bench {number} {file.name}")
        # a byte more makes no other report, but another content
        line = self._open(
            f"{self._address}/tep/moi?ten={name}", file.read_bytes() + b"\0" * (number + 1)
        )
        found = re.search(r'id="tep-([0-9a-f]+)"', line)
        assert found
        while "Đang kiểm tra" in self.get(f"/tep/{found.group(1)}/dong"):
            time.sleep(0.02)
        return time.perf_counter() - begun

    def _open(self, address: str, body: bytes | None = None) -> str:
        headers = {} if body is None else {"x-form-key": self._key}
        request = urllib.request.Request(address, data=body, headers=headers)
        with self._opener.open(request, timeout=120) as answer:
            text: str = answer.read().decode()
        return text


@contextmanager
def _desk(home: Path, campaign: Path) -> Iterator[_Visitor]:
    options = ["--campaign", campaign] if campaign.is_dir() else []
    with subprocess.Popen(
        [TONGHOP, "desk", "--home", home, *options], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("http"):
                break
        try:
            yield _Visitor(line.strip())
        finally:
            process.terminate()
