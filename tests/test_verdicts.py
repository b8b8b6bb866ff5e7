"""Verdicts: accepted, returned, rejected or duplicate; which rows count; sources that differ."""

from __future__ import annotations

import datetime as dt

import pytest
from made_facts import (
    AS_OF,
    FIRST,
    GOOD_CELL,
    GOOD_ORG,
    GOOD_VILLAGES,
    Report,
    commune_report,
    night,
    org_report,
    rows,
    wide_campaign,
)

from sources.campaigns import load_campaign


def later(days, hours=0):
    return FIRST + dt.timedelta(days=days, hours=hours)


def wrong(unit):
    return commune_report(unit).but(cells=[{**GOOD_CELL, "members_attended": 57}], info={})


VILLAGES = Report(villages=GOOD_VILLAGES)
DISAGREES = {**GOOD_ORG, "branches_held": 8, "held_combined": 4, "members_attended": 149}

# Each unit's files in the order of receipt, and their verdicts.
UNITS = {
    "a good report": [(commune_report(), "accepted")],
    "an error": [(wrong("M"), "returned")],
    "an error corrected": [(wrong("M"), "returned"), (commune_report(), "accepted")],
    "a warning": [(commune_report().but(orgs=[{**GOOD_ORG, "last_on": "2022-04-16"}]), "accepted")],
    "a supplement to an accepted report": [
        (commune_report().but(villages=[]), "accepted"),
        (VILLAGES, "accepted"),
    ],
    "a supplement before the report": [(VILLAGES, "returned"), (commune_report(), "accepted")],
    "a supplement to a returned report": [(wrong("M"), "returned"), (VILLAGES, "returned")],
    "a supplement to a supplement": [
        (commune_report(), "accepted"),
        (VILLAGES, "accepted"),
        (Report(text={"proposals": "Cấp kinh phí."}), "accepted"),
    ],
    "an empty form after a good report": [
        (commune_report(), "accepted"),
        (Report(info={"cells_total": None}), "returned"),
    ],
    "an empty form": [(Report(), "returned")],
    "totals alone": [(commune_report().but(cells=[], villages=[]), "accepted")],
    "another topic": [(commune_report().but(content={"other_topic": "Học tập"}), "returned")],
    "unreadable": [
        (
            Report(content={"outcome": "unreadable", "reason": "Tệp hỏng; đề nghị gửi lại."}),
            "rejected",
        )
    ],
    "unsafe": [(Report(content={"outcome": "unsafe", "reason": "Tệp nén quá lớn."}), "rejected")],
    "the same again": [
        (commune_report().but(bytes_of="twice"), "accepted"),
        (commune_report().but(bytes_of="twice"), "duplicate"),
    ],
    "an error while reading": [
        (
            commune_report().but(
                findings=[
                    {
                        "rule": "not_a_count",
                        "section": "cells",
                        "row": 1,
                        "field": "members_total",
                        "message": "#REF!",
                    }
                ]
            ),
            "returned",
        )
    ],
    "two files and totals that differ": [
        (commune_report().but(cells=[]), "accepted"),
        (Report(cells=[dict(GOOD_CELL)]), "accepted"),
    ],
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """One night with all units of UNITS, and four reports of the registry's own units that may
    differ."""
    campaign = wide_campaign(len(UNITS))
    reports, keys = [], []
    for number, (name, files) in enumerate(UNITS.items(), 1):
        for order, (report, _) in enumerate(files):
            reports.append(
                report.but(unit=f"M{number}", received_at=later(order), bytes_of=report.bytes_of)
            )
            keys.append((name, order))
    reports += [
        org_report("219-HND").but(file_name="HND.xlsx"),
        commune_report("07525").but(file_name="Chũ.xlsx", orgs=[dict(DISAGREES)]),
        commune_report("07528").but(file_name="Cấm Sơn.xlsx"),
        commune_report("07531").but(orgs=[dict(DISAGREES)]),
        commune_report().but(
            unit=None, file_name="bao cao.xlsx", content={"unit_text": "Xã Yên Định"}
        ),
        Report(unit=None, file_name="Xã Kim Sơn.xlsx", content={"outcome": "unreadable"}),
    ]
    con = night(tmp_path_factory.mktemp("verdicts"), campaign, reports)
    submissions = rows(con, "SELECT * FROM submission ORDER BY submission_id")
    return con, dict(zip(keys, submissions, strict=False)), {s["file_name"]: s for s in submissions}


@pytest.mark.parametrize(
    ("name", "order", "status"),
    [(n, i, status) for n, files in UNITS.items() for i, (_, status) in enumerate(files)],
)
def test_each_file_gets_a_verdict_and_reason(judged, name, order, status):
    submission = judged[1][name, order]
    assert submission["status"] == status, submission["reason"]
    assert bool(submission["reason"]) == (status != "accepted")


def test_reason_says_what_where_and_how_many(judged):
    assert judged[1]["an error", 0]["reason"] == (
        "Có 1 lỗi cần sửa. Chi bộ thôn Một: Số đảng viên dự (57) lớn hơn tổng số đảng viên (30). "
        "Đề nghị kiểm tra lại. (cells, members_attended:1)"
    )
    assert judged[1]["unreadable", 0]["reason"] == "Tệp hỏng; đề nghị gửi lại."
    again = judged[1]["the same again", 1]["reason"]
    assert (
        again.startswith("Trùng hoàn toàn với tệp “tep ")
        and "nhận lúc 08:00 ngày 16/04/2022" in again
    )


def test_report_of_unknown_unit_is_rejected_with_reason(judged):
    submission = judged[2]["bao cao.xlsx"]
    assert (submission["status"], submission["unit_code"]) == ("rejected", None)
    assert "“Xã Yên Định”" in submission["reason"]


def test_unreadable_file_keeps_the_unit_in_its_name(judged):
    assert (judged[2]["Xã Kim Sơn.xlsx"]["status"], judged[2]["Xã Kim Sơn.xlsx"]["unit_code"]) == (
        "rejected",
        "07564",
    )


def test_a_duplicate_has_no_findings_of_its_own(judged):
    con, by_name, _ = judged
    again = by_name["the same again", 1]["submission_id"]
    assert rows(con, f"SELECT * FROM finding WHERE submission_id = '{again}'") == []


def test_latest_accepted_file_with_rows_counts_per_section(judged):
    con, by_name, _ = judged
    unit = by_name["a supplement to an accepted report", 0]["unit_code"]
    counted = {
        r["section"]: r["submission_id"]
        for r in rows(con, f"FROM counted_section WHERE unit_code = '{unit}'")
    }
    first, second = (
        by_name["a supplement to an accepted report", n]["submission_id"] for n in (0, 1)
    )
    assert counted == {"cells": first, "orgs": first, "villages": second}


def test_nothing_of_a_returned_file_counts(judged):
    con, by_name, _ = judged
    assert (
        rows(con, f"FROM counted_section WHERE unit_code = '{by_name['an error', 0]['unit_code']}'")
        == []
    )


def test_differing_sources_are_reported_at_organisation_line(judged):
    con, _, by_file = judged
    found = rows(con, "SELECT * FROM finding WHERE rule = 'sources_differ' ORDER BY field")
    assert {f["submission_id"] for f in found} == {by_file["HND.xlsx"]["submission_id"]}
    assert [(f["row_name"], f["section"], f["field"], f["value"], f["cell"]) for f in found] == [
        ("Thị trấn Chũ", "orgs", "branches_held", "9", "branches_held:1"),
        ("Thị trấn Chũ", "orgs", "members_attended", "150", "members_attended:1"),
    ]
    assert (
        "ghi 9" in found[0]["message"]
        and "Thị trấn Chũ (tệp “Chũ.xlsx”) ghi 8" in found[0]["message"]
    )


def test_total_is_compared_with_rows_of_a_later_file(judged):
    con, by_name, _ = judged
    first = by_name["two files and totals that differ", 0]["submission_id"]
    found = {
        f["field"]: f
        for f in rows(
            con, f"SELECT * FROM finding WHERE rule = 'totals_differ' AND submission_id = '{first}'"
        )
    }
    assert set(found) == {
        "cells_total",
        "cells_held",
        "cells_held_combined",
        "members_total",
        "members_attended",
        "members_assigned",
    }
    assert (found["cells_total"]["section"], found["cells_total"]["cell"]) == (
        "info",
        "cells_total:0",
    )


def test_findings_and_submissions_have_contract_columns(judged):
    con = judged[0]
    assert (
        " ".join(rows(con, "SELECT * FROM finding LIMIT 1")[0])
        == "submission_id rule severity section row_name field value sheet cell message decision_id"
    )
    assert (
        " ".join(rows(con, "SELECT * FROM submission LIMIT 1")[0])
        == "submission_id file_name sha256 received_at channel sender unit_code status reason set_aside"
    )


def test_night_without_files_succeeds(tmp_path):
    con = night(tmp_path, load_campaign(), [])
    assert rows(con, "SELECT * FROM submission") == rows(con, "SELECT * FROM finding") == []


def test_same_reports_give_same_rows_in_same_order(tmp_path):
    reports = [
        wrong("07525"),
        commune_report("07528"),
        org_report("219-HND").but(orgs=[{**DISAGREES, "commune": "07528"}]),
    ]
    one, other = (night(tmp_path / str(n), load_campaign(), reports) for n in range(2))
    for table in ("finding", "submission", "counted_section"):
        assert rows(one, f"SELECT * FROM {table}") == rows(other, f"SELECT * FROM {table}")


def test_data_docs_need_no_network(tmp_path):
    night(
        tmp_path / "staged",
        load_campaign(),
        [wrong("07525"), commune_report("07528")],
        AS_OF,
        tmp_path / "kiem-tra",
    )
    pages = {p.name: p.read_text(encoding="utf-8") for p in (tmp_path / "kiem-tra").iterdir()}
    assert {
        "index.html",
        "info.html",
        "cells.html",
        "orgs.html",
        "villages.html",
        "submission.html",
    } <= set(pages)
    assert "Chi bộ thôn Một" in pages["cells.html"]
    assert not any('src="http' in p or 'href="http' in p or "url(http" in p for p in pages.values())
