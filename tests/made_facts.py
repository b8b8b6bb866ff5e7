"""Reports given as plain values, for tests of the steps after reading: a night of facts without
files."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from expectations.batches import load_inputs
from expectations.night import run
from sources.campaigns import Campaign, load_campaign
from sources.registry import Registry, Unit
from sources.staged import CONTENT, FACT, FINDING

AS_OF = dt.datetime.fromisoformat("2022-04-19T20:00:00+07:00")
FIRST = dt.datetime.fromisoformat("2022-04-16T08:00:00+07:00")

Value = str | int | bool | None | tuple[str]

GOOD_INFO: dict[str, Value] = {
    "document_number": "12-BC/ĐU",
    "document_date": "2022-04-14",
    "directing_documents": 2,
    "material_14_ct_tu": True,
    "material_64_kh_hu": True,
    "material_40_kh_ubnd": True,
    "material_resolution": True,
    "cells_total": 2,
    "cells_held": 2,
    "cells_held_separately": 1,
    "cells_held_combined": 1,
    "members_total": 50,
    "members_attended": 45,
    "committee_members_assigned": 2,
    "members_assigned": 10,
    "prospects_introduced": 5,
    "prospects_village_heads": 2,
    "villages_total": 2,
    "village_heads_party": 1,
    "news_items": 3,
}
# Of GOOD_INFO the counts that are asked of a commune and that its rows do not give.
UNIT_COUNTS: dict[str, Value] = {
    key: GOOD_INFO[key]
    for key in (
        "directing_documents",
        "committee_members_assigned",
        "prospects_introduced",
        "news_items",
    )
}
GOOD_CELL: dict[str, Value] = {
    "name": "Chi bộ thôn Một",
    "kind": "village",
    "held_on": "2022-04-05",
    "mode": "separate",
    "members_total": 30,
    "members_attended": 27,
    "committee_attended": True,
    "content_1": True,
    "content_2": True,
    "content_3": True,
    "members_assigned": 6,
    "covid_safe": True,
}
OTHER_CELL = {
    **GOOD_CELL,
    "name": "Chi bộ thôn Hai",
    "mode": "combined",
    "members_total": 20,
    "members_attended": 18,
    "members_assigned": 4,
}
GOOD_ORG: dict[str, Value] = {
    "organisation": "farmers_union",
    "commune": None,
    "branches_total": 10,
    "branches_held": 9,
    "held_separately": 4,
    "held_combined": 5,
    "first_on": "2022-04-05",
    "last_on": "2022-04-15",
    "members_total": 200,
    "members_attended": 150,
    "content_1": True,
    "content_2": True,
    "content_3": True,
    "covid_safe": True,
}
GOOD_VILLAGES = [
    {
        "name": "Thôn Một",
        "head_is_party": True,
        "deputy_is_party": False,
        "candidate_is_party": True,
        "party_members": 20,
        "prospects": 2,
    },
    {
        "name": "Thôn Hai",
        "head_is_party": False,
        "deputy_is_party": False,
        "candidate_is_party": True,
        "party_members": 15,
        "prospects": 1,
    },
]


@dataclass
class Report:
    """What one file says. A value in a tuple, such as ("hai mươi",), stands in the file but could
    not be typed."""

    unit: str | None = None
    info: dict[str, Value] = field(default_factory=dict)
    cells: list[dict[str, Value]] = field(default_factory=list)
    orgs: list[dict[str, Value]] = field(default_factory=list)
    villages: list[dict[str, Value]] = field(default_factory=list)
    text: dict[str, Value] = field(default_factory=dict)
    content: dict[str, object] = field(default_factory=dict)
    findings: list[dict[str, object]] = field(default_factory=list)
    file_name: str = ""
    sender: str | None = None
    received_at: dt.datetime | None = None
    missed_by: dt.datetime | None = None
    bytes_of: str | None = None

    def but(self, **changes: object) -> Report:
        """A copy with some of its attributes changed."""
        made = copy.deepcopy(self)
        for name, value in changes.items():
            setattr(made, name, value)
        return made


def commune_report(unit: str = "07525") -> Report:
    """A commune's report in which nothing is wrong."""
    return copy.deepcopy(
        Report(
            unit=unit,
            info=dict(GOOD_INFO),
            cells=[dict(GOOD_CELL), dict(OTHER_CELL)],
            orgs=[dict(GOOD_ORG)],
            villages=GOOD_VILLAGES,
            text={"advantages": "Thuận lợi."},
        )
    )


def org_report(unit: str = "219-HND", communes: tuple[str, ...] = ("07525", "07528")) -> Report:
    """A district organisation's report in which nothing is wrong."""
    return Report(
        unit=unit,
        info={"document_number": "5-BC/HND", "news_items": 1},
        orgs=[{**GOOD_ORG, "organisation": None, "commune": c} for c in communes],
    )


def wide_campaign(communes: int) -> Campaign:
    """The product's campaign with so many communes more, named Xã Mẫu 1 and so on, with the codes
    M1 and so on."""
    campaign = load_campaign()
    more = tuple(
        Unit(
            code=f"M{n}",
            name=f"Xã Mẫu {n}",
            type="xa",
            aliases=(f"Mẫu {n}",),
            email=f"mau-{n}@example",
        )
        for n in range(1, communes + 1)
    )
    return campaign.model_copy(
        update={"registry": Registry(units=(*campaign.registry.units, *more))}
    )


def night(
    folder: Path,
    campaign: Campaign,
    reports: list[Report],
    as_of: dt.datetime = AS_OF,
    docs_dir: Path | None = None,
) -> duckdb.DuckDBPyConnection:
    """The working database after the night's expectations; submission_id is the report's place in
    the list."""
    con = duckdb.connect()
    load_inputs(
        con,
        [arrival_of(n, r) for n, r in enumerate(reports)],
        write_staged(folder, campaign, reports),
    )
    run(con, campaign, as_of, docs_dir)
    return con


def write_staged(folder: Path, campaign: Campaign, reports: list[Report]) -> dict[str, list[Path]]:
    """The Parquet files of the reports' contents, as reading leaves them."""
    folder.mkdir(parents=True, exist_ok=True)
    by_sha256 = {_sha(n, r): r for n, r in reversed(list(enumerate(reports)))}
    tables = {
        "content": (
            CONTENT,
            [
                {
                    "outcome": "read",
                    "kind": "xlsx",
                    "macros": False,
                    "unit_code": r.unit,
                    **r.content,
                    "sha256": sha,
                }
                for sha, r in by_sha256.items()
            ],
        ),
        "fact": (FACT, [fact for sha, r in by_sha256.items() for fact in _facts(sha, r, campaign)]),
        "finding": (
            FINDING,
            [{**f, "sha256": sha} for sha, r in by_sha256.items() for f in r.findings],
        ),
    }
    for name, (schema, rows) in tables.items():
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / f"{name}.parquet")
    return {name: [folder / f"{name}.parquet"] for name in tables}


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, object]]:
    """The query's rows as dictionaries."""
    result = con.execute(sql)
    names = [d[0] for d in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def arrival_of(number: int, report: Report) -> dict[str, object]:
    """The record of the report's arrival, as landing keeps it."""
    received = report.received_at or FIRST + dt.timedelta(minutes=number)
    return {
        "submission_id": f"s{number:03}",
        "file_name": report.file_name or f"tep {number}.xlsx",
        "sha256": _sha(number, report),
        "size": 1,
        "received_at": received,
        "first_seen": AS_OF,
        "channel": "folder",
        "is_trusted": True,
        "sender": report.sender,
        "missed_by": report.missed_by,
    }


def _sha(number: int, report: Report) -> str:
    return hashlib.sha256((report.bytes_of or f"file {number}").encode()).hexdigest()


def _facts(sha: str, report: Report, campaign: Campaign) -> list[dict[str, object]]:
    facts = []
    for section in campaign.form.sections:
        said = getattr(report, section.key)
        for row, values in enumerate(
            [said] if section.layout == "pairs" else said, 0 if section.layout == "pairs" else 1
        ):
            facts += [_fact(sha, section.key, row, key, value) for key, value in values.items()]
    return facts


def _fact(sha: str, section: str, row: int, key: str, value: Value) -> dict[str, object]:
    """A blank mark is false with nothing written; a value in a tuple was written and could not be
    typed."""
    raw = (
        value[0]
        if isinstance(value, tuple)
        else ""
        if value is None or value is False
        else str(value)
    )
    typed = (
        None
        if value is None or isinstance(value, tuple)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )
    return {
        "sha256": sha,
        "section": section,
        "row": row,
        "field": key,
        "value": typed,
        "raw": raw,
        "sheet": section,
        "cell": f"{key}:{row}",
    }
