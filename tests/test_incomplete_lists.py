"""What a list of cells or villages does not say is not zero: where a column is lacking, the unit's own
total counts; where attendance is known in part, the unit is neither the highest nor complete."""

import datetime as dt

import duckdb
import pytest
from docx import Document
from nights import Report, fetch, night, night_file, one

from sources.campaigns import load_campaign
from sources.decisions import Decision
from warehouse.figures import figure_values
from warehouse.reports.consolidated import write_report
from warehouse.reports.document_check import all_paragraphs

CAMPAIGN = load_campaign()
AS_OF = "2022-04-19T20:00:00+07:00"
FIRST, SECOND, THIRD = (u.code for u in CAMPAIGN.registry.communes[:3])
TOTALS = {
    "cells_total": 3,
    "cells_held": 3,
    "members_total": 90,
    "members_attended": 75,
    "directing_documents": 2,
}
DAY = "2022-04-08"


def cells(count=3, **values):
    return [{"name": f"Chi bộ {n}", "kind": "village", **values} for n in range(count)]


def full_list(attended, total, count=2):
    return cells(
        count, held_on=DAY, mode="separate", members_total=total, members_attended=attended
    )


def commune(code, info=None, cells=(), villages=()):
    return Report(
        code,
        "2022-04-15T08:00:00+07:00",
        info={"directing_documents": 2, **(info or {})},
        cells=list(cells),
        villages=list(villages),
    )


def accepted(report, rule="required_missing"):
    """An officer's decision to count the report in spite of that rule."""
    before = dt.datetime.fromisoformat(AS_OF) - dt.timedelta(days=1)
    return Decision(
        decision_id=1,
        kind="accept",
        rule=rule,
        submission_id=report.submission_id,
        account="canbo",
        reason="đơn vị không có số này",
        recorded_at=before,
        holds_from=before,
    )


def totals_differ(con):
    return fetch(con, "SELECT field, message FROM finding WHERE rule = 'totals_differ'")


def printed(con, *names):
    values = figure_values(con)
    return [values[name].printed for name in names]


@pytest.fixture(scope="module")
def no_day_column(tmp_path_factory):
    """A commune that says that its 3 cells met, with a list without days, beside one with days."""
    reports = [
        commune(FIRST, TOTALS, cells(members_total=30)),
        commune(SECOND, cells=full_list(33, 43)),
    ]
    with night(tmp_path_factory.mktemp("days"), CAMPAIGN, reports, AS_OF) as con:
        yield con


def test_list_without_days_leaves_attendance_to_the_totals(no_day_column):
    assert printed(
        no_day_column, "members_attended_known", "members_known", "members_attended_met"
    ) == ["141", "176", "141"]
    assert printed(no_day_column, "communes_with_attendance", "communes_with_cells") == ["2", "2"]


def test_list_without_days_is_not_a_list_of_cells_that_did_not_meet(no_day_column):
    names = ("cells_listed", "cells_listed_held", "cells_listed_held_share")
    assert printed(no_day_column, *(f"{name}.village" for name in names)) == ["2", "2", "100%"]
    assert printed(no_day_column, "cells_with_kind") == ["2"]


def test_list_without_days_does_not_contradict_the_total(no_day_column):
    assert totals_differ(no_day_column) == []
    assert printed(no_day_column, "totals_differ", "cells_held") == ["0", "5"]


def test_list_without_days_of_a_unit_without_totals_says_nothing(tmp_path):
    report = commune(FIRST, {"cells_total": 3}, cells(members_total=30))
    with night(tmp_path, CAMPAIGN, [report], AS_OF, [accepted(report)]) as con:
        assert one(con, "SELECT status FROM submission") == "accepted"
        assert printed(con, "cells_held", "members_known", "cells_with_kind") == [
            "chưa có số liệu",
            "chưa có số liệu",
            "0",
        ]


@pytest.mark.parametrize(
    "rows, held",
    [({"held_on": None}, None), ({}, 0)],
    ids=["blank days", "no days and a total of none"],
)
def test_list_of_cells_that_did_not_meet_counts_nobody(tmp_path, rows, held):
    info = {} if held is None else {"cells_held": held}
    report = commune(FIRST, info, cells(members_total=30, **rows))
    with night(tmp_path, CAMPAIGN, [report], AS_OF) as con:
        assert printed(con, "members_attended_known", "members_known") == ["0", "90"]
        assert printed(con, "cells_listed.village", "cells_listed_held.village") == ["3", "0"]


def test_blank_days_contradict_a_total_of_cells_that_met(tmp_path):
    report = commune(FIRST, TOTALS, cells(held_on=None, members_total=30))
    with night(tmp_path, CAMPAIGN, [report], AS_OF) as con:
        (found,) = totals_differ(con)
        assert "ghi 3, nhưng bảng “Chi bộ” cho 0. Số liệu của bảng được tính" in found[1]
        assert printed(con, "totals_differ") == ["1"]


def test_villages_without_the_heads_column_do_not_contradict_the_total(tmp_path):
    villages = [{"name": f"Thôn {n}", "candidate_is_party": n < 3} for n in range(4)]
    info = TOTALS | {"villages_total": 4, "village_heads_party": 2}
    with night(tmp_path, CAMPAIGN, [commune(FIRST, info, villages=villages)], AS_OF) as con:
        assert totals_differ(con) == []
        assert printed(con, "village_heads_party", "totals_differ") == ["2", "0"]


def test_list_without_days_in_a_later_file_does_not_contradict_the_total(tmp_path):
    totals = commune(FIRST, TOTALS)
    listed = Report(FIRST, "2022-04-16T08:00:00+07:00", cells=cells(members_total=30))
    reports = [totals, listed]
    with night(tmp_path, CAMPAIGN, reports, AS_OF) as con:
        assert fetch(con, "SELECT DISTINCT status FROM submission") == [("accepted",)]
        assert totals_differ(con) == []
        assert printed(con, "cells_held") == ["3"]


def test_totals_above_each_other_are_not_said_to_be_counted_by_rows(tmp_path):
    over = {
        "villages_total": 4,
        "village_heads_party": 6,
        "prospects_introduced": 1,
        "prospects_village_heads": 2,
    }
    with night(tmp_path, CAMPAIGN, [commune(FIRST, TOTALS | over)], AS_OF) as con:
        assert len(totals_differ(con)) == 2
        assert printed(con, "totals_differ") == ["0"]


def partly_known():
    rows = full_list(20, 20, 6)
    for row in rows[1:]:
        row["members_attended"] = None
    return rows


def report_text(folder, reports):
    """The report's text, and the communes whose attendance is compared."""
    moment = dt.datetime.fromisoformat(AS_OF)
    with duckdb.connect(str(night_file(folder, CAMPAIGN, reports, AS_OF)), read_only=True) as con:
        write_report(con, CAMPAIGN, moment, folder / "bao-cao.docx")
        best = fetch(
            con, "SELECT unit_code FROM unit_figure WHERE figure = 'members_attended_met_share'"
        )
    text = "\n".join(p.text for p in all_paragraphs(Document(folder / "bao-cao.docx")))
    return text, {code for (code,) in best}


def test_attendance_known_in_part_is_not_compared_and_is_said_to_lack(tmp_path):
    reports = [
        commune(FIRST, cells=full_list(18, 20)),
        commune(SECOND, cells=full_list(16, 20)),
        commune(THIRD, cells=partly_known()),
    ]
    text, compared = report_text(tmp_path, reports)
    assert compared == {FIRST, SECOND}
    assert "(tính trên 2/3 xã, thị trấn có số liệu này)" in text


@pytest.mark.parametrize(
    "info, rows",
    [({}, cells(held_on=None, members_total=30)), (TOTALS | {"cells_held": 0}, ())],
    ids=["by its list", "by its totals"],
)
def test_commune_where_no_cell_met_does_not_lack_attendance(tmp_path, info, rows):
    reports = [commune(FIRST, cells=full_list(18, 20)), commune(SECOND, info, rows)]
    text, compared = report_text(tmp_path, reports)
    assert compared == {FIRST}
    assert "Tại các chi bộ đã sinh hoạt, 36/40 đảng viên dự" in text
    assert "có số liệu này" not in text
