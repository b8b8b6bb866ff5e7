"""The bytes of an upload: in a file of the desk's folder until it has landed."""

from __future__ import annotations

import datetime as dt
import errno
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request

from flows.desk.desk import ARRIVING, Desk
from flows.desk.guard import Refusal
from sources.arrivals import Arrival
from sources.brought_files import NotLandedError, land_file

DISK_FULL = "Đĩa của máy chủ đã đầy; xin báo người vận hành. Tệp chưa được lưu."


class TooLargeError(Exception):
    """More bytes than may be brought at once; what had come of them is gone."""


def too_large(max_bytes: int) -> str:
    """What whoever sends a larger file reads."""
    return f"tệp lớn quá {max_bytes >> 20} MB nên không nhận"


def is_disk_full(error: Exception) -> bool:
    """Whether it says that the disk, or what the account may use of it, is full."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def _disk_full_refused() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if not is_disk_full(error):
            raise
        raise Refusal(DISK_FULL) from error


@asynccontextmanager
async def arriving(request: Request, desk: Desk, max_bytes: int) -> AsyncIterator[Path]:
    """The body of a request as a file, gone after the block. Raises TooLargeError as soon as it is
    too long, Refusal where the disk is full."""
    with (
        _disk_full_refused(),
        tempfile.NamedTemporaryFile(dir=desk.home.desk, prefix=ARRIVING) as body,
    ):
        size = 0
        async for block in request.stream():
            size += len(block)
            if size > max_bytes:
                raise TooLargeError
            await run_in_threadpool(body.write, block)
        body.flush()
        yield Path(body.name)


@contextmanager
def copied(file: UploadFile, desk: Desk) -> Iterator[Path]:
    """A file of a form, gone after the block. Raises Refusal where the disk is full."""
    with (
        _disk_full_refused(),
        tempfile.NamedTemporaryFile(dir=desk.home.desk, prefix=ARRIVING) as body,
    ):
        file.file.seek(0)
        shutil.copyfileobj(file.file, body)
        body.flush()
        yield Path(body.name)


def landed(
    desk: Desk, name: str, body: Path, channel: str, link_unit_code: str | None = None
) -> Arrival:
    """The arrival of a file whose bytes are at `body`, now that it has landed (`land_file`). Raises
    Refusal."""
    if not desk.has_space(body.stat().st_size):
        raise Refusal(DISK_FULL)
    now = dt.datetime.now(dt.UTC)
    try:
        return land_file(desk.home.folder, name, body, channel, now, link_unit_code)
    except NotLandedError as error:
        raise Refusal(f"{name}: {error}") from error
