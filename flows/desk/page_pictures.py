"""A Word document as pictures of its pages, by LibreOffice where it is installed; kept by the SHA-256
of the document."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from sources.secrets import environment_without_secrets
from warehouse.published_folder import file_digest

CONVERT_SECONDS = 120
DRAW_SECONDS = 120
MAX_DOCUMENTS = 12  # whose pages are kept
_SHA256 = re.compile(r"[0-9a-f]{64}")


class NoPicturesError(Exception):
    """The pages cannot be shown here: the message (Vietnamese) says why."""


class PagePictures:
    """The pictures that are kept in a folder; one document is made at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def of(self, document: Path) -> tuple[str, int]:
        """The SHA-256 of the document, and how many pages it has; their pictures are there then.
        Takes seconds where they are not yet. Raises NoPicturesError."""
        sha256 = file_digest(document)
        place = self._folder / sha256
        with self._lock:
            if not place.is_dir():
                self._make(document, place)
            os.utime(place)
        return sha256, len(list(place.glob("*.png")))

    def picture(self, sha256: str, page: int) -> Path | None:
        """The picture of a page, from 1; None where there is none."""
        path = self._folder / sha256 / f"{page}.png"
        return path if _SHA256.fullmatch(sha256) and path.is_file() else None

    def _make(self, document: Path, place: Path) -> None:
        office = shutil.which("soffice")
        if office is None:
            raise NoPicturesError("máy chủ không có LibreOffice")
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix="making-") as scratch:
            made, copy = Path(scratch, "pages"), Path(scratch, f"document{document.suffix}")
            made.mkdir()
            shutil.copyfile(document, copy)
            convert = [
                office,
                f"-env:UserInstallation={Path(scratch, 'profile').as_uri()}",
                *("--headless", "--norestore", "--nolockcheck"),
                *("--convert-to", "pdf", "--outdir", scratch),
                str(copy),
            ]
            _run(convert, CONVERT_SECONDS)
            pdf = copy.with_suffix(".pdf")
            draw = [sys.executable, "-P", "-m", "flows.desk.page_child", str(pdf), str(made)]
            _run(draw, DRAW_SECONDS)
            if not any(made.iterdir()):
                raise NoPicturesError("LibreOffice không dựng được trang")
            made.rename(place)
        self._drop_old()

    def _drop_old(self) -> None:
        kept = sorted(
            (path for path in self._folder.iterdir() if _SHA256.fullmatch(path.name)),
            key=lambda path: path.stat().st_mtime,
            reverse=True,
        )
        for path in kept[MAX_DOCUMENTS:]:
            shutil.rmtree(path, ignore_errors=True)


def _run(command: Sequence[str], seconds: float) -> None:
    """Runs it, and ends it with all that it has started where it takes longer. Raises
    NoPicturesError."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment_without_secrets(),
        start_new_session=True,
    )
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise NoPicturesError("dựng trang quá lâu nên đã dừng") from None
    if code:
        raise NoPicturesError("LibreOffice không dựng được trang")
