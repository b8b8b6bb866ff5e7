"""A desk as an officer starts it: the real command, asked by a real client."""

from __future__ import annotations

import re
import signal
import subprocess
import threading
import time
from pathlib import Path

import httpx
from servers import TONGHOP

START_SECONDS = 60


class RunningDesk:
    """`tonghop desk` on a home; `client` is a browser that has entered as an officer."""

    def __init__(self, home: Path, *options: str) -> None:
        self.home = home
        self.process = subprocess.Popen(
            [TONGHOP, "desk", "--home", home, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self.link = ""
        for line in self.process.stdout:
            if found := re.search(r"https?://\S+ma=\S+", line):
                self.link = found.group(0)
            if line.startswith("Dừng"):
                break
        self.output: list[str] = []  # read on: a full pipe would stop the desk
        threading.Thread(
            target=self.output.extend, args=(self.process.stdout,), daemon=True
        ).start()
        self.address = self.link.partition("/vao")[0]
        self.client = httpx.Client(base_url=self.address, follow_redirects=True, timeout=300)

    def enter(self) -> httpx.Client:
        """The client, once it has opened the one-time link."""
        self.client.get(self.link).raise_for_status()
        return self.client

    def form_key(self, client: httpx.Client | None = None) -> str:
        """The key that the forms of the client's session bear."""
        page = (client or self.client).get("/").text
        found = re.search(r'data-key="([^"]+)"', page)
        assert found, page[:500]
        return found.group(1)

    def bring(self, name: str, content: bytes, key: str | None = None) -> httpx.Response:
        """Sends one file as the page's script does."""
        headers = {"x-form-key": key or self.form_key(), "origin": self.address}
        return self.client.post("/tep/moi", params={"ten": name}, content=content, headers=headers)

    def line(self, submission: str) -> str:
        """The line of a brought file once it has been checked."""
        until = time.monotonic() + 120
        while "Đang kiểm tra" in (text := self.client.get(f"/tep/{submission}/dong").text):
            assert time.monotonic() < until, text
        return text

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ends it; its exit code."""
        self.client.close()
        self.process.send_signal(number)
        return self.process.wait(timeout=20)


def submission_of(line: httpx.Response | str) -> str:
    """The submission_id that a file's line bears."""
    text = line if isinstance(line, str) else line.text
    found = re.search(r'id="tep-([0-9a-f]{16})"', text)
    assert found, text
    return found.group(1)
