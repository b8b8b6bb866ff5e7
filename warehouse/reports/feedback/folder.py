"""feedback/: a folder per unit that has a file to correct, made again each night and put in place
at once."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import duckdb

from sources.blank_form import write_form
from sources.campaigns import Campaign
from sources.extraction.text_classes import ClassRun
from sources.registry import Unit
from warehouse.publish import publish_folder
from warehouse.published_folder import PublishedFolder
from warehouse.reports.feedback.file_names import blank_form_name, numbered, safe_name, safe_stem
from warehouse.reports.feedback.letter import LETTER, is_unreadable, letter
from warehouse.reports.feedback.list_workbook import write_list
from warehouse.reports.feedback.marking import Marker, open_marker
from warehouse.reports.feedback.returned_files import ReturnedFile, returned_files

_MADE_FROM_FILE = (
    ".made"  # beside a unit's files: of what they were made, so that the next night may keep them
)
_VERSION = "6"  # another one makes all files again

ReadAccounts = Callable[[set[str]], dict[str, list[ClassRun]]]  # of contents, by SHA-256
_logger = logging.getLogger(__name__)


def write_feedback(
    con: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    as_of: dt.datetime,
    folder: Path,
    originals: Callable[[str], Path],
    previous: Path | None = None,
    accounts: ReadAccounts | None = None,
) -> list[Path]:
    """Makes `folder` hold one folder per unit with a returned file, or a rejected one that is known
    to be the unit's.

    In it: of each such file a copy with the places marked (a workbook, a Word report) or a workbook
    that lists them, a letter, and the blank form where nothing of the unit could be read. What needs
    no feedback any more is removed. `originals` gives the path of the bytes of a SHA-256; `previous`,
    the published feedback of an earlier night (`folder` itself, where left out), spares marking what is
    unchanged, by the unit and by a person; `accounts` gives what the texts of these contents were
    understood as, which colours the copies. Returns the files written or kept, sorted.
    """
    files = returned_files(con, campaign)
    understood = (
        accounts({file.sha256 for returned in files.values() for file in returned})
        if accounts
        else {}
    )
    fresh = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    earlier = _unchanged_files(previous) if previous else _files_by_unit(folder)
    with open_marker(
        campaign.document.issuer_name, campaign.form.words.name_titles, campaign.limits
    ) as marking:
        for code, returned in files.items():
            if unit := campaign.registry.by_code.get(code):
                _write_unit(
                    unit,
                    returned,
                    originals,
                    campaign,
                    as_of,
                    fresh / safe_name(code),
                    marking,
                    earlier.get(safe_name(code), {}),
                    understood,
                )
    publish_folder(fresh, folder)
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name != _MADE_FROM_FILE)


def feedback_of(folder: Path, unit_code: str) -> dict[str, Path]:
    """The files of a unit's published feedback by name, the letter (LETTER) among them, as the last
    night wrote them: what a person has changed there or put there is not sent for the office."""
    files = _published_files(folder).get(safe_name(unit_code), {})
    return {name: path for name, path in files.items() if path and name != _MADE_FROM_FILE}


def _published_files(folder: Path) -> dict[str, dict[str, Path | None]]:
    """By unit and name the files that the last night published; None for one that a person has
    changed."""
    published = PublishedFolder(folder)
    files: dict[str, dict[str, Path | None]] = {}
    for name in sorted(published.names()):
        unit, _, file_name = name.partition("/")
        files.setdefault(unit, {})[file_name] = published.current(name)
    return files


def _unchanged_files(folder: Path) -> dict[str, dict[str, Path]]:
    """By unit and name the published files but the letters; of a unit where a person has changed one
    of them, or taken it away, none."""
    found: dict[str, dict[str, Path]] = {}
    for unit, files in _published_files(folder).items():
        files.pop(LETTER, None)
        unchanged = {name: path for name, path in files.items() if path}
        found[unit] = unchanged if len(unchanged) == len(files) else {}
    return found


def _files_by_unit(folder: Path) -> dict[str, dict[str, Path]]:
    return {
        unit.name: {path.name: path for path in unit.iterdir() if path.name != LETTER}
        for unit in folder.glob("*")
    }


def _write_unit(
    unit: Unit,
    files: Sequence[ReturnedFile],
    originals: Callable[[str], Path],
    campaign: Campaign,
    as_of: dt.datetime,
    target: Path,
    marking: Marker,
    before: dict[str, Path],
    understood: dict[str, list[ClassRun]],
) -> None:
    digest = _digest_of_inputs(files, originals, campaign, understood)
    made_from = before.get(_MADE_FROM_FILE)
    target.mkdir(parents=True)
    if made_from and made_from.read_text(encoding="utf-8") == digest:
        for name, path in before.items():
            shutil.copy2(path, target / name)
    else:
        used: set[str] = set()
        for file in files:
            copy = target / numbered(f"Cần sửa - {safe_stem(file.file_name)}", used)
            _write_file(file, originals, copy, marking, understood.get(file.sha256, []))
        (target / _MADE_FROM_FILE).write_text(digest, encoding="utf-8")
    # it follows from what else the unit has sent, not from these files alone: so it is made each night
    form = target / blank_form_name(unit)
    form.unlink(missing_ok=True)
    if is_unreadable(files):
        write_form(unit, campaign, form)
    attached = sorted(p.name for p in target.iterdir() if p.name not in (_MADE_FROM_FILE, LETTER))
    (target / LETTER).write_text(letter(unit, files, attached, campaign, as_of), encoding="utf-8")


def _write_file(
    file: ReturnedFile,
    originals: Callable[[str], Path],
    target: Path,
    marking: Marker,
    account: list[ClassRun],
) -> None:
    """The marked copy where one can be made; a list beside it unless the copy holds the list
    itself."""
    marked = None
    # what was rejected was not fit to be read, and is not opened again
    if file.status == "returned":
        marked = marking.mark(
            originals(file.sha256), target, file.file_name, file.findings, account
        )
    if marked is None or marked.suffix != ".xlsx":
        write_list(file, target.with_name(f"{target.name}.xlsx"))


def _digest_of_inputs(
    files: Sequence[ReturnedFile],
    originals: Callable[[str], Path],
    campaign: Campaign,
    understood: dict[str, list[ClassRun]],
) -> str:
    """A digest of all that a unit's files, the letter apart, are made of; of a purged original no
    copy is kept."""
    made_of = [
        _VERSION,
        campaign.reading_digest,
        *(
            {
                **asdict(f),
                "received_at": f.received_at.isoformat(),
                "replaced": None,
                "unit_has_report": None,
                "original": originals(f.sha256).exists(),
                "account": understood.get(f.sha256),
            }
            for f in files
        ),
    ]
    return hashlib.sha256(json.dumps(made_of, ensure_ascii=False).encode()).hexdigest()
