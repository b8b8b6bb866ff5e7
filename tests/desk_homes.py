"""Homes for the tests of the desk: after one night of a report that names no unit and one that is
returned, and after a second night that a decision changed."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import openpyxl
from rerun_nights import run_night

from sources.campaigns import load_campaign
from sources.decisions import DecisionLog
from sources.landing import Landing
from sources.samples import write_samples

NIGHT, MORNING, NEXT = (
    "2022-04-16T22:30:00+07:00",
    "2022-04-17T08:00:00+07:00",
    "2022-04-17T22:30:00+07:00",
)
RECEIVED = 1_650_000_000  # 15/4/2022
NAMELESS, RETURNED = "bao cao.xlsx", "BC Xã Nam Dương.xlsx"
READER, PASSWORD = "nguoixem", "mat khau dai"


def two_files(folder: Path) -> Path:
    """An inbox of a report that names no unit, and one with a date that is none."""
    inbox = folder / "inbox"
    inbox.mkdir()
    write_samples(folder / "all", load_campaign(), layout="form")
    for source, name, cell, value in (
        ("BC Xã Kiên Lao.xlsx", NAMELESS, "C6", None),
        (RETURNED, RETURNED, "C8", "31/4/2022"),
    ):
        book = openpyxl.load_workbook(folder / "all" / source)
        book.worksheets[0][cell] = value
        book.save(inbox / name)
        os.utime(inbox / name, (RECEIVED, RECEIVED))
    return inbox


def one_night(folder: Path) -> Path:
    """The home after the first night; its inbox is beside it."""
    home = folder / "home"
    run_night(two_files(folder), home, NIGHT)
    return home


def two_nights(folder: Path) -> Path:
    """The home after the second night, which counts the returned report."""
    home, morning = one_night(folder), dt.datetime.fromisoformat(MORNING)
    about = {"submission_id": file_id(home, RETURNED), "rule": "not_a_date"}
    DecisionLog(home).add("accept", "canbo", "Đã xác minh", morning, morning, **about)
    run_night(folder / "inbox", home, NEXT)
    return home


def file_id(home: Path, name: str) -> str:
    """The submission_id of the file of that name."""
    return next(a.submission_id for a in Landing(home).known() if a.file_name == name)


@contextlib.contextmanager
def reader(address: str) -> Iterator[httpx.Client]:
    """A browser that has entered with an account that only looks."""
    with httpx.Client(base_url=address, follow_redirects=True, timeout=60) as client:
        client.post("/vao", data={"ten": READER, "mat_khau": PASSWORD}).raise_for_status()
        yield client
