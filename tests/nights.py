"""Nights of a few reports, for the tests of the warehouse: values in, and through the real rules
and the real build.

A value None is a blank place, True a mark "x", False a mark left blank; a key that is left out is a
column that the report does not have.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from expectations.batches import load_inputs
from expectations.night import run
from sources.campaigns import Campaign
from sources.decisions import Decision, with_names
from sources.staged import CONTENT, FACT, FINDING, READING
from warehouse.build import build_warehouse

Row = dict[str, Any]


@dataclass
class Report:
    """One file of a unit, as it was read."""

    unit: str
    received_at: str
    info: Row = field(default_factory=dict)
    text: Row = field(default_factory=dict)
    cells: list[Row] = field(default_factory=list)
    orgs: list[Row] = field(default_factory=list)
    villages: list[Row] = field(default_factory=list)
    file: str = ""
    sender: str | None = None
    channel: str = "folder"
    unreadable: bool = False
    declares: str | None = None  # correction or replacement
    sums: tuple[str, ...] = ()  # sections whose table ends in a row of totals that agrees
    not_held: tuple[str, ...] = ()  # rows (cells:1) that say that their meeting was not held
    named: str = ""  # its submission_id, where several come at once
    same_as: "Report | None" = None  # another report of the same bytes
    issuer: str = "unit"  # who issues it: unit, part or other
    issued_by: str | None = None  # as the file names it
    near: str | None = None  # the unit whose name is nearly that
    scanned: bool = False  # every place was read from a picture, surely
    own_time: str | None = None  # where it had not come when the file was first seen
    content: bytes = b""  # the file's own bytes, where it has some
    sums_confirmed: tuple[str, ...] = ()  # the columns (cells:members_total) that a total confirms

    @property
    def file_name(self) -> str:
        return self.file or f"BC {self.unit}.xlsx"

    @property
    def sha256(self) -> str:
        if self.same_as:
            return self.same_as.sha256
        if self.content:
            return hashlib.sha256(self.content).hexdigest()
        return hashlib.sha256(
            repr(
                (
                    self.unit,
                    self.info,
                    self.text,
                    self.cells,
                    self.orgs,
                    self.villages,
                    self.received_at,
                    self.file_name,
                    *([True] if self.scanned else []),
                )
            ).encode()
        ).hexdigest()

    @property
    def submission_id(self) -> str:
        return self.named or f"{self.unit}@{self.received_at[:16]}"


def night(
    folder: Path,
    campaign: Campaign,
    reports: list[Report],
    as_of: str,
    decisions: Sequence[Decision] = (),
) -> duckdb.DuckDBPyConnection:
    """The warehouse of these reports, open read-only."""
    return duckdb.connect(
        str(night_file(folder, campaign, reports, as_of, decisions)), read_only=True
    )


def night_file(
    folder: Path,
    campaign: Campaign,
    reports: list[Report],
    as_of: str,
    decisions: Sequence[Decision] = (),
) -> Path:
    """The file of the warehouse of these reports, in a folder that is made for it."""
    folder.mkdir(parents=True, exist_ok=True)
    moment = dt.datetime.fromisoformat(as_of)
    contents = [r for r in reports if r.same_as is None]
    pq.write_table(
        pa.Table.from_pylist([_content(r) for r in contents], CONTENT), folder / "content.parquet"
    )
    pq.write_table(
        pa.Table.from_pylist([f for r in contents for f in _facts(r)], FACT),
        folder / "fact.parquet",
    )
    pq.write_table(pa.Table.from_pylist([], FINDING), folder / "finding.parquet")
    pq.write_table(
        pa.Table.from_pylist([p for r in contents for p in _readings(r)], READING),
        folder / "reading.parquet",
    )
    arrivals = [
        {
            "submission_id": r.submission_id,
            "file_name": r.file_name,
            "sha256": r.sha256,
            "size": 1,
            "received_at": r.received_at,
            "first_seen": as_of,
            "channel": r.channel,
            "is_trusted": r.channel == "folder",
            "sender": r.sender,
            "missed_by": None,
            "own_time": r.own_time,
        }
        for r in reports
    ]
    working, target = folder / "night.duckdb", folder / "warehouse.duckdb"
    with duckdb.connect(str(working)) as con:
        load_inputs(
            con,
            arrivals,
            {k: [folder / f"{k}.parquet"] for k in ("content", "fact", "finding", "reading")},
        )
        run(con, with_names(campaign, decisions), moment, decisions=decisions)
    build_warehouse(working, target, with_names(campaign, decisions), moment)
    return target


def fetch(con: duckdb.DuckDBPyConnection, sql: str, *parameters: object) -> list[tuple]:
    """All rows of a query."""
    return con.execute(sql, list(parameters)).fetchall()


def one(con: duckdb.DuckDBPyConnection, sql: str, *parameters: object) -> Any:
    """The only value of a query, or its only row where it has several columns."""
    (row,) = fetch(con, sql, *parameters)
    return row[0] if len(row) == 1 else row


def _content(report: Report) -> Row:
    if report.unreadable:
        return {
            "sha256": report.sha256,
            "outcome": "unreadable",
            "reason": "Tệp hỏng; đề nghị gửi lại.",
        }
    return {
        "sha256": report.sha256,
        "outcome": "read",
        "kind": "xlsx",
        "macros": False,
        "issuer": report.issuer if report.unit or report.issued_by else None,
        "unit_text": report.issued_by,
        "unit_near": report.near,
        "unit_code": report.unit or None,
        "unit_sheet": "Thông tin chung",
        "unit_cell": "C4",
        "declares": report.declares,
        "whole_sections": ",".join(report.sums) or None,
        "not_held_rows": ",".join(report.not_held) or None,
        "sums_confirmed": ",".join(report.sums_confirmed) or None,
    }


def _facts(report: Report) -> list[Row]:
    if report.unreadable:
        return []
    pairs = [("info", 0, report.info), ("text", 0, report.text)]
    tables = [
        (s, n, row)
        for s in ("cells", "orgs", "villages")
        for n, row in enumerate(getattr(report, s), 1)
    ]
    return [
        _fact(report, section, row, key, value, f"{chr(66 + column)}{row + 4}")
        for section, row, values in pairs + tables
        for column, (key, value) in enumerate(values.items())
    ]


def _readings(report: Report) -> list[Row]:
    """Of a scan a reading for each place, whose box tells its sheet and cell."""
    places = {(fact["sheet"], fact["cell"]) for fact in _facts(report)} if report.scanned else ()
    return [
        {
            "sha256": report.sha256,
            "sheet": sheet,
            "cell": cell,
            "page": 1 + ("info", "text", "cells", "orgs", "villages").index(sheet),
            "left": 100 * ord(cell[0]),
            "top": 100 * int(cell[1:]),
            "right": 100 * ord(cell[0]) + 50,
            "bottom": 100 * int(cell[1:]) + 50,
            "confidence": 99,
            "is_sure": 1,
        }
        for sheet, cell in sorted(places)
    ]


def _fact(report: Report, section: str, row: int, key: str, value: object, cell: str) -> Row:
    if isinstance(value, bool):
        canonical, raw = ("true", "x") if value else ("false", "")
    else:
        canonical, raw = (None, "") if value is None else (str(value), str(value))
    return {
        "sha256": report.sha256,
        "section": section,
        "row": row,
        "field": key,
        "value": canonical,
        "raw": raw,
        "sheet": section,
        "cell": cell,
    }
