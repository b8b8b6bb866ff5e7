"""A stage that fails on what it was given: the contents on which it does are found and left out of
the night.

By bisection over contents, those that are new since the last published night first: a night is
tried without them, then with ever smaller parts of them. It costs as many nights as there are
halvings, and is done only where a stage failed.
"""

from __future__ import annotations

import re
import shutil
import traceback
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import duckdb

from flows.logs.progress import log
from flows.night import Night
from sources.landing import HOME_ERRNOS, Landing
from sources.quarantine import Quarantine

_PLACE = re.compile(r'File "(?:[^"]*/)?([^"/]+)", line (\d+)')
_MAX_PLACES = 8

Attempt = Callable[[Night, Collection[str]], object]  # does the stage for these contents alone


def quarantine_failing_contents(night: Night, error: Exception, attempt: Attempt) -> bool:
    """Quarantines the contents on which `attempt` fails as it did with `error`; whether the stage
    is to be done again.

    It is not where no content is the cause: the night then ends with its error.
    """
    if not may_be_caused_by_content(error):
        return False
    known = Quarantine(night.home.folder, night.campaign.digest).reasons().keys()
    contents = [
        sha256
        for sha256, _ in Landing(night.home.folder).contents(
            Landing(night.home.folder).arrivals(night.as_of)
        )
        if sha256 not in known
    ]
    log.warning(
        "đang tìm tệp làm hỏng một bước tổng hợp (a stage failed, looking for the files on which it does): %s",
        place_of(error),
    )
    works = _trial(night, attempt)
    old = _published(night.home.warehouse)
    new = [sha256 for sha256 in contents if sha256 not in old]
    if works([sha256 for sha256 in contents if sha256 in old]):
        found = _failing_contents([sha256 for sha256 in contents if sha256 in old], new, works)
    elif works([]):
        found = _failing_contents([], contents, works)
    else:
        log.warning("the stage fails without any file as well: it is no file's fault")
        return False
    if found:
        Quarantine(night.home.folder, night.campaign.digest).add(found, place_of(error))
    for sha256 in found:
        log.warning(
            "tệp bị để riêng vì lỗi của chương trình, đề nghị báo cho người phát triển (content %s is refused "
            "for a defect of ours, please report it): %s",
            sha256,
            place_of(error),
        )
    return True


def place_of(error: Exception) -> str:
    """What kind of error it is and where in the code it arose, without its words: these may quote a
    file."""
    # of the process that writes documents
    elsewhere = _PLACE.findall("\n".join(getattr(error, "__notes__", ())))
    here = [
        (Path(frame.filename).name, frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    places = [f"{name}:{line}" for name, line in reversed([*here, *elsewhere])]
    return f"{type(error).__name__} in {' < '.join(places[:_MAX_PLACES])}"


def may_be_caused_by_content(error: Exception) -> bool:
    """Whether a content may be at fault, and not the machine."""
    if isinstance(error, OSError):
        return error.errno not in HOME_ERRNOS
    return not isinstance(error, duckdb.IOException)


def _published(warehouse: Path) -> set[str]:
    """The SHA-256 of all contents that the last published night was made of."""
    if not warehouse.is_file():
        return set()
    try:
        with duckdb.connect(str(warehouse), read_only=True) as con:
            return {
                sha256
                for (sha256,) in con.execute("SELECT DISTINCT sha256 FROM submission").fetchall()
            }
    except duckdb.Error:
        return set()


def _trial(night: Night, attempt: Attempt) -> Callable[[Iterable[str]], bool]:
    """A function that says whether the stage works on contents, done in a scratch folder of its
    own."""
    scratch = night.with_run(f"{night.run}/trial")

    def works(contents: Iterable[str]) -> bool:
        shutil.rmtree(scratch.work, ignore_errors=True)
        scratch.work.mkdir(parents=True)
        try:
            attempt(scratch, set(contents))
        except Exception as error:
            if not may_be_caused_by_content(error):
                raise
            return False
        finally:
            shutil.rmtree(scratch.work, ignore_errors=True)
        return True

    return works


def _failing_contents(
    good: list[str], suspects: list[str], works: Callable[[Iterable[str]], bool]
) -> list[str]:
    """Those of the suspects without which it works, where it works on the good ones alone."""
    if not suspects or works([*good, *suspects]):
        return []
    if len(suspects) == 1:
        return suspects
    half = len(suspects) // 2
    first = _failing_contents(good, suspects[:half], works)
    cleared = [sha256 for sha256 in suspects[:half] if sha256 not in first]
    return first + _failing_contents([*good, *cleared], suspects[half:], works)
