"""Nights run in a home without the engine: the flow's order of stages, in this process.

`FOUR_NIGHTS` are the nights of a usual campaign: reports arrive, are returned, arrive again, are
corrected, and some are copied in long after the time that they bear. Each brings files of the
first or second sample.
"""

import datetime as dt
import os
import shutil
from pathlib import Path

import duckdb
import openpyxl

from flows import stages
from flows.home.layout import Home
from flows.home.lock import lock_home
from flows.home.places import NightPlaces, places_of_night
from flows.night import parse_night
from sources.campaigns import load_campaign
from sources.samples import write_samples
from warehouse.reports.documents import DOCUMENTS
from warehouse.schema import tables

DOCUMENT_NAMES = [document.name for document in DOCUMENTS]
STAGES = (
    "collect",
    "validate",
    "build",
    *DOCUMENT_NAMES,
    "publish",
    "clear_work",
)
AddedFile = tuple[int, str, str, str]  # sample, unit, file name, modification time
# returned; the one before counts on
# copied in late, and older than the other
# the first again: a duplicate
# a correction, copied in late
FOUR_NIGHTS: dict[str, tuple[AddedFile, ...]] = {
    "2022-04-12T20:00:00+07:00": (
        (1, "Xã Tân Sơn", "Tân Sơn.xlsx", "2022-04-11T08:00:00+07:00"),
        (1, "Huyện đoàn", "Huyện đoàn.xlsx", "2022-04-11T09:00:00+07:00"),
        (0, "Xã Xa Lý", "Xa Lý lỗi.xlsx", "2022-04-11T10:00:00+07:00"),  # returned
        (1, "Xã Quý Sơn", "Quý Sơn.xlsx", "2022-04-12T08:00:00+07:00"),
    ),
    "2022-04-16T20:00:00+07:00": (
        (1, "Xã Xa Lý", "Xa Lý.docx", "2022-04-15T08:00:00+07:00"),  # sent again, right
        (2, "Xã Tân Sơn", "Tân Sơn sửa.xlsx", "2022-04-16T08:00:00+07:00"),  # corrects what counted
        (1, "Xã Cấm Sơn", "Cấm Sơn.xlsx", "2022-04-11T11:00:00+07:00"),  # copied in late
        (1, "Xã Biên Sơn", "Biên Sơn.xlsx", "2022-04-16T09:00:00+07:00"),
    ),
    "2022-04-17T20:00:00+07:00": (
        (
            0,
            "Xã Biên Sơn",
            "Biên Sơn lỗi.xlsx",
            "2022-04-17T08:00:00+07:00",
        ),
        (2, "Huyện đoàn", "Huyện đoàn sửa.xlsx", "2022-04-17T09:00:00+07:00"),
        (2, "Xã Quý Sơn", "Quý Sơn cũ.xlsx", "2022-04-11T08:00:00+07:00"),
    ),
    "2022-04-19T20:00:00+07:00": (
        (1, "Thị trấn Chũ", "Chũ.xlsx", "2022-04-18T08:00:00+07:00"),  # late
        (
            1,
            "Xã Tân Sơn",
            "Tân Sơn nữa.xlsx",
            "2022-04-19T08:00:00+07:00",
        ),
        (2, "Xã Cấm Sơn", "Cấm Sơn sửa.xlsx", "2022-04-15T08:00:00+07:00"),
    ),
}


def write_two_samples(folder: Path) -> Path:
    """Two write_two_samples of the sample's files in folders 1 and 2 of `folder`."""
    for seed in (1, 2):
        write_samples(folder / str(seed), load_campaign(), seed=seed)
    return folder


def add_to_inbox(files: tuple[AddedFile, ...], of: Path, inbox: Path) -> None:
    """Puts the files into the inbox; one of sample 0 says that more cells met than there are."""
    inbox.mkdir(exist_ok=True)
    for making, unit, name, received in files:
        target = inbox / name
        if making:
            (source,) = (path for path in (of / str(making)).iterdir() if unit in path.name)
            shutil.copyfile(source, target)
        else:
            _write_wrong_report(unit, target)
        moment = dt.datetime.fromisoformat(received).timestamp()
        os.utime(target, (moment, moment))


def _write_wrong_report(unit: str, target: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ("Đơn vị báo cáo", unit),
        ("Tổng số chi bộ trực thuộc", 9),
        ("Số chi bộ đã tổ chức sinh hoạt", 40),
    ):
        book.active.append(row)
    book.save(target)


def run_night(inbox: Path, home: Path, as_of: str) -> None:
    """Runs the stages of one night."""
    home.mkdir(exist_ok=True)
    night = parse_night(str(inbox), str(home), as_of, None, "run", dt.datetime.now(dt.UTC))
    with lock_home(home):
        stages.open_work(night)
        for name in STAGES:
            if name in DOCUMENT_NAMES:
                stages.write_document(night, name)
            else:
                getattr(stages, name)(night)
            if name == "collect":
                chunks = stages.list_unread(night)
                for number, chunk in enumerate(chunks, start=1):
                    stages.read(night, number, chunk, sum(map(len, chunks)))


def content(home: Path, as_of: str) -> dict[str, list[tuple]]:
    """The rows of each table of the warehouse that the night of that moment published, sorted."""
    with duckdb.connect(str(_places(home, as_of).warehouse), read_only=True) as con:
        return {
            table.name: sorted(con.execute(f"FROM {table.name}").fetchall(), key=repr)
            for table in tables(load_campaign().form)
        }


def documents(home: Path, as_of: str) -> dict[str, bytes]:
    """All files that people read of that night: its documents and Data Docs."""
    places = _places(home, as_of)
    beside = {places.warehouse, *places.feedback.rglob("*")}  # within the reports of a past night
    folders = {"": places.reports, "feedback/": places.feedback}
    return {
        f"{prefix}{path.relative_to(folder)}": path.read_bytes()
        for prefix, folder in folders.items()
        for path in folder.rglob("*")
        if path.is_file() and (prefix or path not in beside)
    }


def _places(home: Path, as_of: str) -> NightPlaces:
    return places_of_night(Home(home), dt.datetime.fromisoformat(as_of))
