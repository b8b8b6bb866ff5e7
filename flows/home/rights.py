"""A home is its owner's alone: folders 0700, files 0600, nothing in it that is another account's or
leads elsewhere."""

from __future__ import annotations

import contextlib
import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from warehouse.reports.documents import DOCUMENTS

# what names of ours begin with
OWN_NAME_STARTS = (
    "landed",
    "staged",
    "reports",
    "issued",
    *(document.file_name for document in DOCUMENTS if document.is_folder),
    "logs",
    "prefect",
    "work",
    "lock",
    "warehouse.duckdb",
    "decisions",
    "desk",
    "notices",
    "service",
    "running",
    "clock.json",
)
LEDGER_SUFFIX = ".jsonl"

_logger = logging.getLogger(__name__)


class HomeNotPrivateError(OSError):
    """Something in the home is another account's, leads out of it, or cannot be closed: which, and
    what to do."""

    def __init__(self, path: Path | str, why: str) -> None:
        super().__init__(f"{path} {why}")


def make_private(home: Path) -> None:
    """Closes the home, and what is in it, to all but its owner, whatever rights it had; links are
    not followed.

    A folder that holds other things than ours is left as it is, and that is logged; our own things
    in it are closed. Raises HomeNotPrivateError for what belongs to another account, and for a link
    where a folder or file of ours is.
    """
    trusted = {os.geteuid(), home.stat().st_uid, 0}
    entries = list(os.scandir(home))
    own = [
        entry
        for entry in entries
        if entry.name.startswith(OWN_NAME_STARTS) or entry.name.endswith(LEDGER_SUFFIX)
    ]
    if len(own) == len(entries):
        _restrict(home, home.stat(), 0o700)
    elif home.stat().st_mode & 0o077:
        _logger.warning(
            "%s is open to others and holds more than a home: chmod 700 it, or give another --home",
            home,
        )
    for entry in own:
        for path, about in _walk(entry):
            if about.st_uid not in trusted:
                raise HomeNotPrivateError(
                    path,
                    f"belongs to another account (uid {about.st_uid}); remove it, or give "
                    "it to the account that runs this (chown)",
                )
            if stat.S_ISLNK(about.st_mode):
                raise HomeNotPrivateError(
                    path,
                    "is a link, which a home does not hold; put the folder or file itself "
                    "there (another disk can be mounted there)",
                )
            _restrict(path, about, 0o700 if stat.S_ISDIR(about.st_mode) else 0o600)


def _walk(entry: os.DirEntry[str]) -> Iterator[tuple[str, os.stat_result]]:
    """The entry and all below it, each with what it is; what is vanishing meanwhile is passed
    over."""
    with contextlib.suppress(FileNotFoundError):
        about = entry.stat(follow_symlinks=False)
        yield entry.path, about
        if stat.S_ISDIR(about.st_mode):
            with os.scandir(entry.path) as inside:
                for one in inside:
                    yield from _walk(one)


def _restrict(path: Path | str, about: os.stat_result, mode: int) -> None:
    if stat.S_IMODE(about.st_mode) == mode:
        return
    try:
        os.chmod(path, mode)  # noqa: PTH101 - a home of 10,000 files is walked each night
    except FileNotFoundError:
        return
    except OSError as error:
        raise HomeNotPrivateError(
            path, f"cannot be closed to other accounts ({error.strerror}): chmod it"
        ) from error
