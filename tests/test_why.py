"""`why`, `sql` and `status`: where a number comes from, read-only queries, progress."""

import dataclasses
import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from nights import Report, night_file
from second_campaign import write_second_campaign

from sources.campaigns import load_campaign
from warehouse.ask import (
    NotAQueryError,
    open_warehouse,
    run_query,
    run_sql,
    status_lines,
    why_lines,
)
from warehouse.figures import load_figures
from warehouse.numbers_vi import UNKNOWN
from warehouse.reports.annex_why import OtherCampaignError, UnknownPlaceError
from warehouse.why import Explanation, Part, Place, UnknownFigureError, UnknownUnitError, why
from warehouse.why_lines import how_computed
from warehouse.why_lines import why_lines as warehouse_why_lines

LINE = {
    "organisation": "youth_union",
    "branches_total": 5,
    "branches_held": 5,
    "first_on": "2022-04-06",
    "last_on": "2022-04-18",
    "members_total": 90,
    "members_attended": 80,
}
REPORTS = [
    Report(
        "07540",
        "2022-04-15T08:00:00+07:00",
        file="BC Xa Ly.xlsx",
        info={
            "document_number": "113-BC/ĐU",
            "cells_total": 9,
            "cells_held": 9,
            "material_14_ct_tu": False,
        },
        cells=[
            {
                "name": "Chi bộ A",
                "held_on": "2022-04-05",
                "members_total": 20,
                "members_attended": 17,
            },
            {"name": "Chi bộ B", "held_on": None, "members_total": 8, "members_attended": None},
        ],
    ),
    Report("07528", "2022-04-18T08:00:00+07:00", info={"cells_total": 10, "cells_held": 8}),
    Report(
        "219-DTN",
        "2022-04-15T08:00:00+07:00",
        orgs=[{**LINE, "commune": "07540"}, {**LINE, "commune": "07525"}],
    ),
    Report("07555", "2022-04-15T08:00:00+07:00", info={"cells_total": "3", "cells_held": "5"}),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return night_file(
        tmp_path_factory.mktemp("why"), load_campaign(), REPORTS, "2022-04-19T20:00:00+07:00"
    )


@pytest.fixture(scope="module")
def con(path):
    with open_warehouse(path) as opened:
        yield opened


def test_sum_leads_to_each_unit_value_and_place(con):
    answer = why(con, "cells_held", "07528")
    (part,) = answer.parts
    assert (answer.printed, part.unit_name, part.value, part.computed) == (
        "9",
        "Xã Cấm Sơn",
        "8",
        None,
    )
    assert part.places[0][2:6] == ("BC 07528.xlsx", "info", "C4", "8")


def test_sum_leads_to_row_places_where_rows_win(con):
    (part,) = why(con, "cells_held", "07540").parts
    assert (part.value, part.computed) == ("1", "count(held_on)")
    assert [(p.row_name, p.file_name, p.sheet, p.cell, p.raw_text) for p in part.places] == [
        ("Chi bộ A", "BC Xa Ly.xlsx", "cells", "C5", "2022-04-05")
    ]


def test_count_of_rows_leads_to_row_names(con):
    (part,) = why(con, "cells_total", "07540").parts
    assert [p.raw_text for p in part.places] == ["Chi bộ A", "Chi bộ B"]


def test_unit_key_is_explained(con):
    (part,) = why(con, "document_number", "07540").parts
    assert (part.value, part.places[0].raw_text) == ("113-BC/ĐU", "113-BC/ĐU")


def test_only_rows_matching_the_condition_are_listed(con):
    answer = why(con, "org_lines_out_of_window")
    assert [(p.row_name, p.field, p.value) for p in answer.parts] == [
        (commune, *value)
        for commune in ("Thị trấn Chũ", "Xã Xa Lý")
        for value in (("branches_held", "5"), ("first_on", "2022-04-06"), ("last_on", "2022-04-18"))
    ]
    assert all(p.places[0].file_name == "BC 219-DTN.xlsx" for p in answer.parts)


@pytest.mark.parametrize(
    ("figure", "unit", "file_name"),
    [
        ("units_late", "07528", "BC 07528.xlsx"),
        ("files_not_counted", "07555", "BC 07555.xlsx"),
        ("findings_errors", "07555", "BC 07555.xlsx"),
    ],
)
def test_counted_files_are_listed(con, figure, unit, file_name):
    parts = why(con, figure).parts
    assert {(p.unit_code, place.file_name) for p in parts for place in p.places} == {
        (unit, file_name)
    }


def test_every_figure_can_be_explained(con):
    unplaced = [
        f.name
        for f in load_figures(load_campaign())
        for part in why(con, f.name).parts
        if part.value is not None and not part.places and f.trace.fields
    ]
    assert unplaced == []


def test_unknown_figure_or_unit_suggests_the_nearest(con):
    with pytest.raises(UnknownFigureError, match="cells_held"):
        why(con, "cell_held")
    with pytest.raises(UnknownUnitError, match="07540 Xã Xa Lý"):
        why(con, "cells_held", "7540")


def test_terminal_shows_file_sheet_cell_and_raw_text(path):
    text = "\n".join(why_lines(path, "members_attended", load_campaign(), "07540"))
    assert "SELECT members_attended FROM campaign_summary" in text
    assert "Chi bộ A · Số đảng viên dự ← BC Xa Ly.xlsx · cells!E5 · “17”" in text


def test_unknown_number_says_so_and_names_units_without_it(path, con):
    answer = why(con, "news_items")
    assert (answer.value, answer.printed, answer.parts) == (None, UNKNOWN, ())
    status = {unit.unit_code: unit.status for unit in answer.lacking}
    assert len(status) == 35
    assert (status["07540"], status["07555"], status["07603"]) == (
        "accepted",
        "returned",
        "missing",
    )
    text = "\n".join(why_lines(path, "news_items", load_campaign()))
    assert "news_items: Số tin, bài, lượt phát thanh tuyên truyền = chưa có số liệu" in text
    assert "Xã Xa Lý (báo cáo không có nội dung này)" in text
    assert "… còn 23 đơn vị (thêm --all)" in text


def test_sum_names_units_without_a_value(con):
    lacking = {unit.unit_code for unit in why(con, "members_total").lacking}
    # an organisation has no party cells
    assert "07528" in lacking and not lacking & {
        "07540",
        "219-DTN",
    }


def test_organisation_figure_lists_only_that_organisation(con):
    assert why(con, "org_branches_total.youth_union").lacking == ()
    assert [unit.unit_code for unit in why(con, "org_branches_total.farmers_union").lacking] == [
        "219-HND"
    ]


@pytest.mark.parametrize(
    ("place", "lines"),
    [
        ("PL1.B9", ("PL1a.B9", "Xã Cấm Sơn", "Ô này không lấy từ báo cáo của đơn vị nào.")),
        ("PL1.A9", ("Tiêu đề, số thứ tự",)),
        ("PL1.F6", ("Tiêu đề, số thứ tự",)),
        ("pl1b!d9", ("Số chi bộ đã tổ chức sinh hoạt = 8", "← BC 07528.xlsx · info!C4 · “8”")),
        (
            "PL1b.D44",
            (
                "Tổng cộng",
                "= 9",
                "8 + 1 = 9.",
                "Chi bộ A · Ngày sinh hoạt ← BC Xa Ly.xlsx · cells!C5",
            ),
        ),
        ("PL1b.D38", ("Nội dung này không hỏi đơn vị này",)),
        ("PL1a.C24", ("Chưa gửi", "Chưa báo cáo")),
        ("PL1a.H37", ("MTTQ, tổ chức cấp huyện", "không cộng số của các tổ chức")),
        ("PL2.D8", ("Thị trấn Chũ · Tổng số chi hội", "← BC 219-DTN.xlsx · orgs!C6 · “5”")),
        ("PL3.C35", ("Chưa biết: không đơn vị nào được hỏi có số liệu này.",)),
        (
            "PL4.G7",
            (
                "Chưa tổ chức",
                "Chi bộ B · Tên chi bộ = Chi bộ B ← BC Xa Ly.xlsx · cells!B6 · “Chi bộ B”",
            ),
        ),
        (
            "PL4.E7",
            ("Ngày sinh hoạt", "Chi bộ B · Tên chi bộ = Chi bộ B ← BC Xa Ly.xlsx · cells!B6"),
        ),
        ("LV1.J7", ("BC 07528.xlsx", "Chưa có số liệu")),
        (
            "LV4.C11",
            (
                "Số đơn vị gửi báo cáo muộn",
                "Xã Cấm Sơn (07528): Nộp muộn ← BC 07528.xlsx · nhận 08:00 ngày 18/04/2022",
            ),
        ),
    ],
)
def test_annex_cell_is_explained_like_a_figure(path, place, lines):
    text = "\n".join(why_lines(path, place, load_campaign()))
    assert [part for part in lines if part not in text] == [], text


@pytest.mark.parametrize(
    ("place", "lines"),
    [
        ("PL7.B8", "Có các biểu từ PL1 đến PL5"),
        ("LV5.B8", "Có các biểu từ LV1 đến LV4"),
        ("PL1d.B8", "Có PL1a, PL1b, PL1c"),
        ("PL1.B99", "ở các ô từ B7 đến K44"),
        ("PL3.ZZ9", "từ B7 đến"),
    ],
)
def test_unknown_annex_cell_names_existing_ones(path, place, lines):
    with pytest.raises(UnknownPlaceError, match=lines):
        why_lines(path, place, load_campaign())


def test_annex_cell_of_another_campaign_is_refused(path, tmp_path):
    with pytest.raises(OtherCampaignError, match="--campaign"):
        why_lines(path, "PL1.B8", write_second_campaign(tmp_path))


def test_long_lists_are_cut_with_a_hint(path):
    rows = [{"name": f"Chi bộ {n}", "held_on": "2022-04-05", "members_total": 20} for n in range(9)]
    lines = list(
        warehouse_why_lines(
            Explanation(
                "f",
                "Số",
                "SELECT",
                180,
                "180",
                "unit_summary",
                None,
                None,
                tuple(
                    Part(
                        f"{unit:05}",
                        f"Xã {unit}",
                        None,
                        "members_total",
                        "20",
                        "sum(members_total)",
                        tuple(
                            Place(row["name"], "members_total", "a.xlsx", "S", f"B{n}", "20")
                            for n, row in enumerate(rows, 4)
                        ),
                        "Số",
                    )
                    for unit in range(60)
                ),
            )
        )
    )
    assert "    … còn 5 dòng; thêm --unit 00000 để xem đủ." in lines
    assert "… còn 10 đơn vị; thêm --unit MÃ để xem một đơn vị, --all để xem tất cả." in lines
    assert len(lines) < 60 * len(rows)


def test_status_says_once_that_a_number_is_unknown(path, tmp_path):
    copy = Path(shutil.copy(path, tmp_path / "w.duckdb"))
    with duckdb.connect(str(copy)) as con:
        con.execute(
            "UPDATE report_figure SET printed = 'chưa có số liệu' WHERE figure LIKE 'cells_%'"
        )
    assert "Chi bộ đã sinh hoạt: chưa có số liệu." in status_lines(copy)


def test_status_is_at_most_ten_lines(path):
    lines = status_lines(path)
    assert len(lines) <= 10
    assert "Đơn vị đã báo cáo: 3/35 (8,6%); đúng hạn 2, muộn 1." in lines
    assert "Tính" not in lines[0] and "20:00 ngày 19/04/2022" in lines[1]


def test_query_result_is_a_table_or_csv(path):
    query = "SELECT unit_name, received_at FROM unit_status WHERE unit_code = '07528'"
    assert run_sql(path, query).columns == ("unit_name", "received_at")
    assert "Xã Cấm Sơn  2022-04-18 08:00:00+07:00" in run_query(path, query)
    assert (
        run_query(path, query, csv=True)
        == "unit_name,received_at\nXã Cấm Sơn,2022-04-18 08:00:00+07:00"
    )


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM finding",
        "SELECT 1; DROP TABLE finding",
        "COPY (SELECT 1) TO '{folder}/out.csv'",
        "ATTACH '{folder}/other.duckdb' AS other",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/hostname'",
        "SELECT * FROM glob('{folder}/*')",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "EXPORT DATABASE '{folder}'",
        "PRAGMA enable_profiling = 'json'",
        "CALL pragma_version()",
        "SET memory_limit = '64GB'",
        "SELECT nope",
        "",
    ],
)
def test_query_cannot_write_or_read_other_files(path, tmp_path, query):
    with pytest.raises(NotAQueryError):
        run_sql(path, query.format(folder=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_python_variables_are_not_tables(path):
    secret = duckdb.sql("SELECT 'secret' AS text").to_arrow_table()
    with pytest.raises(NotAQueryError):
        run_sql(path, "SELECT * FROM secret")
    assert secret.num_rows == 1


@pytest.mark.parametrize(
    "query",
    [
        "DESCRIBE finding",
        "SHOW TABLES",
        "SUMMARIZE finding",
        "FROM unit_status LIMIT 1",
        "VALUES (1)",
        "WITH a AS (SELECT 1) FROM a",
        "EXPLAIN SELECT 1",
        "SELECT name FROM pragma_table_info('finding')",
    ],
)
def test_allowed_query_kinds_are_answered(path, query):
    assert run_sql(path, query).rows


COSTLY = [  # a query, and the error
    ("SELECT count(*) FROM range(100000000000) a, range(100000000) b", "quá 1 giây"),
    ("SELECT * FROM range(100000000000)", "quá dài|quá 1 giây"),
    ("SELECT repeat('x', 10000000) FROM range(30)", "quá dài|quá 1 giây"),
    (
        "SELECT max(x) FROM (SELECT repeat('x', 999) || i || j AS x "
        "FROM range(99999) a(i), range(999) b(j) ORDER BY 1)",
        "bộ nhớ|quá 1 giây",
    ),
    (
        "WITH RECURSIVE a AS (SELECT repeat('x', 1000) x UNION ALL SELECT x || x FROM a) SELECT max(length(x)) FROM a",
        "bộ nhớ|quá 1 giây",
    ),
]


@pytest.mark.parametrize(("query", "error"), COSTLY, ids=range(len(COSTLY)))
def test_costly_query_is_stopped_and_leaves_no_file(path, query, error):
    before, begun = sorted(path.parent.rglob("*")), time.monotonic()
    with pytest.raises(NotAQueryError, match=error):
        run_sql(path, query, seconds=1)
    assert time.monotonic() - begun < 8
    assert sorted(path.parent.rglob("*")) == before
    assert run_sql(path, "SELECT 1").rows == [(1,)]


def test_killed_query_leaves_no_file(path):
    query = "SELECT count(*) FROM (SELECT repeat('x', 99) || i AS x FROM range(1000000000) t(i) ORDER BY 1)"
    before = sorted(path.parent.rglob("*"))
    asked = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from warehouse.ask import "
            "run_sql; run_sql(Path(sys.argv[1]), sys.argv[2])",
            path,
            query,
        ]
    )
    time.sleep(1.5)
    asked.kill()
    asked.wait()
    assert sorted(path.parent.rglob("*")) == before


def test_command_stops_a_query_with_huge_result(path):
    asked = subprocess.run(
        [
            Path(sys.executable).with_name("tonghop"),
            "sql",
            "--home",
            path.parent,
            "--seconds",
            "20",
            "SELECT repeat('x', 10000000) FROM range(2048)",
        ],
        capture_output=True,
        text=True,
    )
    assert asked.returncode == 2
    assert "quá nhiều bộ nhớ" in asked.stderr or "quá dài" in asked.stderr


def test_command_ends_even_if_query_cannot_be_interrupted(path):
    begun = time.monotonic()
    asked = subprocess.run(
        [
            Path(sys.executable).with_name("tonghop"),
            "sql",
            "--home",
            path.parent,
            "--seconds",
            "1",
            "SELECT length(repeat('x', 1000000000))",
        ],
        capture_output=True,
        text=True,
    )
    assert asked.returncode == 2 and "tonghop: Câu truy vấn" in asked.stderr
    assert time.monotonic() - begun < 12


def test_fraction_that_does_not_give_the_share_is_not_shown_as_its_source():
    parts = tuple(
        Part("07540", "Xã Biên Sơn", None, field, value, None, (), field)
        for field, value in (("members_assigned", "10"), ("members_total", "80"))
    )
    one_set = Explanation("share", "", "", 0.125, "12,5%", "unit_summary", None, None, parts)
    fewer_rows = dataclasses.replace(one_set, value=0.2, printed="20,0%")
    assert how_computed(one_set).startswith("10 / 80, cộng")
    assert "Chỉ tính những dòng có đủ cả hai số liệu" in how_computed(fewer_rows)
