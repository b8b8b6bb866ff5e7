"""A unit's table with the rows of another unit's: both get a warning, and rows that may well be alike
raise none."""

from __future__ import annotations

import datetime as dt

import pytest
from made_facts import GOOD_CELL, GOOD_VILLAGES, Report, commune_report, night, rows, wide_campaign
from nights import Report as SentReport
from nights import night as warehouse_night

from expectations.rules import checks
from sources.campaigns import Campaign, CampaignError
from warehouse.reports.outliers import read_outliers

GENERIC = ("Công an xã", "Quân sự xã", "Trạm Y tế", "Trường Mầm non", "Trường Tiểu học", "Cơ quan")
BLANK = dict.fromkeys(
    ("held_on", "mode", "members_attended", "members_assigned", "committee_attended", "covid_safe")
)
ONE, OTHER = "Xã Mẫu 1", "Xã Mẫu 2"


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return wide_campaign(4)


def cell(name: str, members: int, **values) -> dict:
    known = {"members_total": members, "members_attended": members - 2, "members_assigned": 3}
    return {**GOOD_CELL, "name": name, **known, **values}


def village(number: int, members: int, **values) -> dict:
    return {**GOOD_VILLAGES[0], "name": f"Thôn {number}", "party_members": members, **values}


def cells(first: int, count: int, shift: int = 0, **values) -> list[dict]:
    return [cell(f"Chi bộ thôn {n}", 20 + n + shift, **values) for n in range(first, first + count)]


def report(unit: str, cells: list[dict], villages: list[dict] = [], **more) -> Report:  # noqa: B006
    made = commune_report(unit)
    info = {k: v for k, v in made.info.items() if not k.startswith(("cells", "members", "village"))}
    return made.but(info=info, cells=cells, villages=villages, file_name=f"{unit}.xlsx", **more)


def found(folder, campaign, *reports: Report) -> list[dict]:
    con = night(folder, campaign, list(reports))
    sql = (
        "SELECT unit_code, severity, section, row_name, field, value, sheet, cell, message "
        "FROM finding JOIN submission USING (submission_id) WHERE rule = 'copied_table' ORDER BY ALL"
    )
    return rows(con, sql)


def test_both_units_are_told_of_the_same_table(tmp_path, campaign):
    table, own = cells(1, 8), cells(1, 8, shift=9)
    hits = found(tmp_path, campaign, report("M1", table), report("M2", table), report("M3", own))
    assert [(h["unit_code"], h["severity"], h["section"], h["field"]) for h in hits] == [
        ("M1", "warning", "cells", "name"),
        ("M2", "warning", "cells", "name"),
    ]
    first, second = hits
    assert first["row_name"] is None and first["value"] == "Chi bộ thôn 1"
    assert (first["sheet"], first["cell"]) == ("cells", "name:1")
    assert first["message"].startswith(
        f"Bảng “Chi bộ”: 8 trong 8 dòng trùng cả tên và số liệu với báo cáo của {OTHER} (tệp "
        "“M2.xlsx”). Đề nghị hai đơn vị kiểm tra lại"
    )
    assert f"của {ONE} (tệp “M1.xlsx”)" in second["message"]


# two tables of cells that are not the same
DIFFERENT = {
    "other numbers under the same names": (cells(1, 8), cells(1, 8, shift=4)),
    "other names over the same numbers": (
        cells(1, 8),
        [{**c, "name": f"Chi bộ tổ {n}"} for n, c in enumerate(cells(1, 8))],
    ),
    "generic cells, all small and alike, among a unit's own": (
        [*(cell(f"Chi bộ {name}", 5) for name in GENERIC), *cells(1, 8)],
        [*(cell(f"Chi bộ {name}", 5) for name in GENERIC), *cells(1, 8, shift=5)],
    ),
    "five rows in all": (cells(1, 5), cells(1, 5)),
    "six rows, less than half of either table": (
        [*cells(1, 6), *cells(7, 7)],
        [*cells(1, 6), *cells(20, 7)],
    ),
    "a name and its members alone": (cells(1, 8, **BLANK), cells(1, 8, **BLANK)),
    "names without numbers": (
        cells(1, 8, members_total=None, members_attended=None, members_assigned=None),
        cells(1, 8, members_total=None, members_attended=None, members_assigned=None),
    ),
    "the same members, met on another day": (cells(1, 8), cells(1, 8, held_on="2022-04-07")),
}
# two tables, how many rows are the same, and how many the smaller one has
SAME = {
    "the whole table": (cells(1, 8), cells(1, 8), 8),
    "names spelled otherwise": (
        cells(1, 8),
        [{**c, "name": c["name"].replace("Chi bộ thôn", "CB thôn") + "."} for c in cells(1, 8)],
        8,
    ),
    "half of the smaller table": ([*cells(1, 6), *cells(7, 20)], [*cells(1, 6), *cells(40, 6)], 6),
    "a column that one of them lacks": (cells(1, 8), cells(1, 8, members_assigned=None), 8),
    "another order": (cells(1, 8), cells(1, 8)[::-1], 8),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_tables_that_may_be_alike_are_no_copies(tmp_path, campaign, name):
    one, other = DIFFERENT[name]
    assert found(tmp_path, campaign, report("M1", one), report("M2", other)) == []


@pytest.mark.parametrize("name", SAME)
def test_copied_rows_are_counted(tmp_path, campaign, name):
    one, other, same = SAME[name]
    hits = found(tmp_path, campaign, report("M1", one), report("M2", other))
    assert [h["unit_code"] for h in hits] == ["M1", "M2"]
    for hit, table in zip(hits, (one, other), strict=True):
        assert f": {same} trong {len(table)} dòng trùng" in hit["message"]


def test_villages_are_compared_as_cells_are(tmp_path, campaign):
    table = [village(n, 10 + n) for n in range(7)]
    hits = found(
        tmp_path,
        campaign,
        report("M1", cells(1, 8), table),
        report("M2", cells(1, 8, shift=6), table),
        report("M3", [], [village(n, 12 + n) for n in range(7)]),
    )
    assert [(h["unit_code"], h["section"]) for h in hits] == [
        ("M1", "villages"),
        ("M2", "villages"),
    ]


def test_lines_of_organisations_are_not_compared(tmp_path, campaign):
    reports = [commune_report(unit).but(cells=[], villages=[]) for unit in ("M1", "M2")]
    assert found(tmp_path, campaign, *reports) == []
    assert {c.section for c in checks(campaign) if c.rule == "copied_table"} == {
        "cells",
        "villages",
    }


def test_returned_file_is_no_copy(tmp_path, campaign):
    wrong = [*cells(1, 8), cell("Chi bộ thôn 9", 20, members_attended=21)]
    assert found(tmp_path, campaign, report("M1", cells(1, 8)), report("M2", wrong)) == []


def test_correction_ends_the_finding(tmp_path, campaign):
    later = dt.datetime.fromisoformat("2022-04-17T08:00:00+07:00")
    replacing = report(
        "M2", cells(1, 8, shift=6), received_at=later, content={"declares": "replacement"}
    )
    copies = [report("M1", cells(1, 8)), report("M2", cells(1, 8))]
    assert len(found(tmp_path / "1", campaign, *copies)) == 2
    assert found(tmp_path / "2", campaign, *copies, replacing.but(file_name="lại.xlsx")) == []


def test_no_file_can_be_returned_for_it(campaign):
    severity = {**campaign.severity, "copied_table": "error"}
    with pytest.raises(CampaignError, match=r"severity\.copied_table: compares a file with those"):
        checks(campaign.model_copy(update={"severity": severity}))


def test_copied_table_stands_among_the_unlikely_values_of_the_page(tmp_path, campaign):
    table = [{**c, "members_assigned": None} for c in cells(1, 8)]
    reports = [SentReport(unit, "2022-04-16T08:00:00+07:00", cells=table) for unit in ("M1", "M2")]
    with warehouse_night(tmp_path, campaign, reports, "2022-04-19T20:00:00+07:00") as con:
        listed, count = read_outliers(con, campaign.form)
    assert count == 2
    assert [(o.unit, o.field, o.value) for o in listed] == [
        (unit, "Tên chi bộ", "Chi bộ thôn 1") for unit in (ONE, OTHER)
    ]
    assert OTHER in listed[0].message and ONE in listed[1].message
