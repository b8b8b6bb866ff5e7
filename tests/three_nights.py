"""A home after the three nights of which an officer reads the report: a draft with 12 of 35 units, all
35, and the day after the report was issued, when a unit has sent other numbers."""

import datetime as dt
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from rerun_nights import run_night

from flows.home.layout import Home
from flows.issuing import freeze_report, replace_drafts
from sources.campaigns import DEFAULT_CAMPAIGN, load_campaign
from sources.decisions import DecisionLog
from sources.samples import write_samples

CAMPAIGN = load_campaign()
UNITS = len(CAMPAIGN.registry.units)
DRAFT, FULL, CHANGED = (f"2022-04-{day}T20:00:00+07:00" for day in (16, 18, 20))
SIGNED = dt.datetime.fromisoformat("2022-04-19T08:00:00+07:00")
REPORTED_FIRST = 12  # units of the draft
CORRECTED_BY, CELL_THAT_MET = "Xã Tân Sơn", "Chi bộ Quân sự"
MEETING = {3: dt.datetime(2022, 4, 15), 4: "Riêng", 6: 16, **dict.fromkeys((7, 8, 9, 10, 12), "x")}
AN_HOUR = 3600  # seconds
PART = {"number": "76", "date": "2022-04-19", "signer": "Nguyễn Văn An"}
CAUSES = "Một số cấp ủy chưa chủ động xây dựng kế hoạch; địa bàn rộng, đi lại khó khăn."


@dataclass(frozen=True)
class ThreeNights:
    """By night the folder of its reports and a copy of its warehouse; the folder of the issued
    report."""

    reports: dict[str, Path]
    warehouses: dict[str, Path]
    issued: Path


def run_three_nights(folder: Path) -> ThreeNights:
    """Runs them in `folder`, without the engine, and issues the report of the second as
    `tonghop issue` does."""
    inbox, home = folder / "inbox", Home(folder / "home")
    warehouses = {night: folder / f"{night[:10]}.duckdb" for night in (DRAFT, FULL, CHANGED)}
    write_samples(folder / "all", CAMPAIGN, units=UNITS, seed=4)
    files = sorted(p for p in (folder / "all").iterdir() if not p.name.startswith("."))
    inbox.mkdir()
    for path in files[:REPORTED_FIRST]:
        _copy(path, inbox, min(path.stat().st_mtime, _seconds(DRAFT) - AN_HOUR))
    run_night(inbox, home.folder, DRAFT)
    shutil.copyfile(home.warehouse, warehouses[DRAFT])
    for path in files[REPORTED_FIRST:]:
        _copy(path, inbox, max(path.stat().st_mtime, _seconds(DRAFT) + AN_HOUR))
    run_night(inbox, home.folder, FULL)
    shutil.copyfile(home.warehouse, warehouses[FULL])
    issued = _issue(home)
    _copy(_corrected(folder / "forms"), inbox, _seconds(CHANGED) - AN_HOUR)
    run_night(inbox, home.folder, CHANGED)
    shutil.copyfile(home.warehouse, warehouses[CHANGED])
    reports = {night: home.reports(dt.datetime.fromisoformat(night)) for night in warehouses}
    return ThreeNights(reports, warehouses, issued)


def _copy(source: Path, inbox: Path, received: float) -> None:
    target = inbox / source.name
    shutil.copyfile(source, target)
    os.utime(target, (received, received))


def _corrected(folder: Path) -> Path:
    """The report of a commune as it was, but for one cell that has met since."""
    write_samples(folder, CAMPAIGN, units=UNITS, seed=4, layout="form")
    (path,) = (path for path in folder.iterdir() if CORRECTED_BY in path.name)
    book = openpyxl.load_workbook(path)
    pairs, cells = book.worksheets[:2]
    (row,) = (row for row in cells.iter_rows(min_row=5) if row[1].value == CELL_THAT_MET)
    for column, value in MEETING.items():
        row[column].value = value
    for ref, more in {"C15": 1, "C16": 1, "C19": MEETING[6]}.items():
        pairs[ref].value += more
    target = folder / f"đính chính {path.name}"
    book.save(target)
    return target


def _seconds(moment: str) -> float:
    return dt.datetime.fromisoformat(moment).timestamp()


def _issue(home: Home) -> Path:
    """The folder of the report of the last night, issued with the officer's part."""
    log = DecisionLog(home.folder)
    fields = [
        {"field": field, "value": value} for field, value in {**PART, "causes": CAUSES}.items()
    ]
    log.add_all("report", "canbo", "đã ký", SIGNED, SIGNED, fields)
    frozen = freeze_report(home, DEFAULT_CAMPAIGN, None, "canbo", SIGNED)
    about = {
        "name": frozen.name,
        "sha256": frozen.manifest_sha256,
        "value": frozen.facts["numbers"],
    }
    log.add("issue", "canbo", "đã ký", SIGNED, SIGNED, **about)
    replace_drafts(home, frozen)
    return home.issued / frozen.name
