"""The contract's tables from a few reports: which file counts, and what is known of a meeting."""

import random

import duckdb
import pytest
from nights import Report, fetch, night, one

from sources.campaigns import Campaign, load_campaign
from warehouse.build import build_warehouse
from warehouse.schema import tables

AS_OF = "2022-04-19T20:00:00+07:00"
XA_LY, TAN_SON, CAM_SON, CHU, BIEN_SON, MISSING = (
    "07540",
    "07531",
    "07528",
    "07525",
    "07555",
    "07549",
)
YOUTH, FRONT = "219-DTN", "219-MTTQ"
MATERIALS = {
    "material_14_ct_tu": True,
    "material_64_kh_hu": True,
    "material_40_kh_ubnd": True,
    "material_resolution": True,
}


def cell(name: str, held_on: str | None, **values: object) -> dict:
    marks = dict.fromkeys(
        ("committee_attended", "content_1", "content_2", "content_3"), held_on is not None
    )
    return {
        "name": name,
        "held_on": held_on,
        "mode": "separate" if held_on else None,
        "members_total": 20,
        "members_attended": 18 if held_on else None,
        **marks,
        **values,
    }


def without(row: dict, *keys: str) -> dict:
    return {k: v for k, v in row.items() if k not in keys}


def line(organisation: str, commune: str, total: int, took_place: int, **values: object) -> dict:
    return {
        "organisation": organisation,
        "commune": commune,
        "branches_total": total,
        "branches_held": took_place,
        "held_separately": took_place,
        "held_combined": 0,
        "first_on": "2022-04-05",
        "last_on": "2022-04-15",
        "members_total": 100,
        "members_attended": 90,
        "content_1": True,
        "content_2": True,
        "content_3": True,
        "covid_safe": False,
        **values,
    }


REPORTS = [
    # A full report, two days before the deadline.
    Report(
        XA_LY,
        "2022-04-15T08:00:00+07:00",
        info={
            "document_number": "113-BC/ĐU",
            **MATERIALS,
            "cells_total": 9,
            "cells_held": 9,
            "news_items": 4,
            "members_assigned": 33,
            "prospects_introduced": 2,
            "villages_total": 9,
            "village_heads_party": 9,
        },
        text={"advantages": "Được quan tâm.", "proposals": "Không"},
        cells=[
            cell("Chi bộ A", "2022-04-03"),
            cell("Chi bộ B", "2022-04-15", mode="combined"),
            cell("Chi bộ C", "2022-04-16", committee_attended=False),
            cell("Chi bộ D", None),
        ],
        orgs=[
            line("youth_union", XA_LY, 8, 8),
            line("farmers_union", XA_LY, 6, 0, first_on=None, last_on=None),
        ],
        villages=[
            {"name": "Thôn Một", "head_is_party": True, "candidate_is_party": True},
            {"name": "Thôn Hai", "head_is_party": False, "candidate_is_party": True},
        ],
    ),
    # Its supplement, late: other villages, a key corrected, the rest left blank.
    Report(
        XA_LY,
        "2022-04-18T00:00:00+07:00",
        file="bo sung.xlsx",
        info={"document_number": None, "news_items": 6, "material_14_ct_tu": False},
        villages=[{"name": "Thôn Ba", "head_is_party": True}],
    ),
    # Totals alone, at the deadline: late.
    Report(
        CAM_SON,
        "2022-04-18T00:00:00+07:00",
        info={
            **MATERIALS,
            "cells_total": 12,
            "cells_held": 10,
            "cells_held_separately": 10,
            "members_total": 300,
            "members_attended": 280,
            "villages_total": 8,
            "village_heads_party": 5,
        },
    ),
    # Rows without a column for the mode: the unit's own totals count.
    Report(
        CHU,
        "2022-04-16T09:00:00+07:00",
        info={**MATERIALS, "cells_held_separately": 1, "cells_held_combined": 1},
        cells=[
            without(cell("Chi bộ E", "2022-04-10"), "mode"),
            without(cell("Chi bộ G", "2022-04-11"), "mode"),
        ],
    ),
    # Wrong, and sent again right.
    Report(
        TAN_SON,
        "2022-04-14T09:00:00+07:00",
        file="ban dau.xlsx",
        cells=[cell("Chi bộ H", "2022-04-10", members_attended=50)],
    ),
    Report(
        TAN_SON, "2022-04-17T23:59:59+07:00", info=MATERIALS, cells=[cell("Chi bộ H", "2022-04-10")]
    ),
    # Wrong, and not sent again.
    Report(
        BIEN_SON,
        "2022-04-14T09:00:00+07:00",
        cells=[cell("Chi bộ I", "2022-04-10", members_attended=50)],
    ),
    # The organisation's own lines; the same meeting as in Xa Lý's report, with other numbers.
    Report(
        YOUTH,
        "2022-04-15T10:00:00+07:00",
        orgs=[
            line("youth_union", XA_LY, 9, 7, last_on="2022-04-16"),
            line("youth_union", CHU, 5, 5, last_on=None),
        ],
    ),
]


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return load_campaign()


@pytest.fixture(scope="module")
def con(tmp_path_factory, campaign) -> duckdb.DuckDBPyConnection:
    with night(tmp_path_factory.mktemp("night"), campaign, REPORTS, AS_OF) as opened:
        yield opened


# the wrong file before it counts for nothing
@pytest.mark.parametrize(
    ("unit", "status", "on_time", "latest"),
    [
        (XA_LY, "accepted", True, "2022-04-18T00:00"),  # its first was on time; its latest counts
        (CAM_SON, "accepted", False, "2022-04-18T00:00"),  # "before 18/4" ends at midnight
        (
            TAN_SON,
            "accepted",
            True,
            "2022-04-17T23:59",
        ),
        (BIEN_SON, "returned", None, None),
        (MISSING, "missing", None, None),
    ],
)
def test_unit_status_follows_its_files(con, unit, status, on_time, latest):
    row = one(
        con, "SELECT status, on_time, submission_id FROM unit_status WHERE unit_code = ?", unit
    )
    assert row == (status, on_time, latest and f"{unit}@{latest}")


def test_later_files_replace_info_by_key_but_not_with_blanks(con):
    row = one(
        con,
        "SELECT document_number, news_items, material_14_ct_tu, advantages FROM unit_summary "
        "WHERE unit_code = ?",
        XA_LY,
    )
    assert row == ("113-BC/ĐU", 6, True, "Được quan tâm.")


def test_supplement_adds_rows_and_keeps_other_tables(con):
    assert fetch(con, "SELECT name FROM village WHERE unit_code = ?", XA_LY) == [
        ("Thôn Một",),
        ("Thôn Hai",),
        ("Thôn Ba",),
    ]
    assert one(con, "SELECT count(*) FROM cell_meeting WHERE unit_code = ?", XA_LY) == 4


def test_rows_win_over_unit_totals(con):
    row = one(
        con,
        """SELECT cells_total, cells_held, cells_held_separately, cells_held_combined, members_total,
                       members_attended, villages_total, village_heads_party FROM unit_summary WHERE unit_code = ?""",
        XA_LY,
    )
    assert row == (4, 3, 2, 1, 80, 54, 3, 2)


def test_unit_total_stands_where_rows_lack_the_column(con):
    assert one(con, "SELECT members_assigned FROM unit_summary WHERE unit_code = ?", XA_LY) == 33
    assert one(
        con,
        "SELECT cells_held, cells_held_separately, cells_held_combined FROM unit_summary "
        "WHERE unit_code = ?",
        CHU,
    ) == (2, 1, 1)


def test_unit_totals_count_without_rows(con):
    row = one(
        con,
        "SELECT cells_total, cells_held, cells_held_combined, village_heads_party FROM unit_summary "
        "WHERE unit_code = ?",
        CAM_SON,
    )
    assert row == (12, 10, None, 5)


@pytest.mark.parametrize(
    ("name", "in_window"),
    [("Chi bộ A", True), ("Chi bộ B", True), ("Chi bộ C", False), ("Chi bộ D", None)],
)
def test_window_includes_both_ends_and_unheld_meetings_are_unknown(con, name, in_window):
    assert one(con, "SELECT in_window FROM cell_meeting WHERE name = ?", name) is in_window


@pytest.mark.parametrize(
    ("organisation", "commune", "source", "took_place", "in_window"),
    [
        ("youth_union", XA_LY, YOUTH, 7, False),  # its own line before the commune's
        ("youth_union", CHU, YOUTH, 5, None),  # the last day is not known
        ("farmers_union", XA_LY, XA_LY, 0, None),  # the commune fills in; none took place
    ],
)
def test_organisation_line_wins_over_commune_line(
    con, organisation, commune, source, took_place, in_window
):
    row = one(
        con,
        "SELECT unit_code, branches_held, in_window FROM org_meeting WHERE organisation = ? "
        "AND commune_code = ?",
        organisation,
        commune,
    )
    assert row == (source, took_place, in_window)


def test_campaign_sums_include_meetings_of_unknown_date(con):
    row = one(
        con,
        """
        SELECT units_expected, units_reported, units_on_time, units_late, units_returned, units_missing, cells_held,
               cells_in_window, cells_out_of_window, cells_date_unknown, org_branches_held
        FROM campaign_summary""",
    )
    assert row == (35, 5, 4, 1, 1, 29, 16, 5, 1, 10, 12)


def test_every_mart_value_has_one_lineage_row(con, campaign):
    marts = {s.table: s for s in campaign.form.tables}
    for table, section in marts.items():
        for column in [f.column_name for f in section.fields]:
            known = one(con, f"SELECT count({column}) FROM {table}")
            traced = one(
                con,
                "SELECT count(*) FROM lineage WHERE table_name = ? AND field = ?",
                table,
                column,
            )
            assert (table, column, traced) == (table, column, known)
    assert (
        one(
            con,
            "SELECT count(*) FROM lineage WHERE submission_id IS NULL OR sheet IS NULL OR cell IS NULL",
        )
        == 0
    )


def test_blank_mark_of_a_meeting_has_lineage_without_raw_text(con):
    rows = fetch(
        con,
        "SELECT DISTINCT raw_text, cell IS NOT NULL FROM lineage WHERE table_name = 'cell_meeting' "
        "AND field = 'committee_attended' AND unit_code = ? AND row_name = 'Chi bộ C'",
        XA_LY,
    )
    assert rows == [(None, True)]


def test_marks_of_a_meeting_not_held_are_unknown_and_untraced(con):
    marks = "committee_attended, content_1, content_2, content_3"
    sql = f"SELECT {marks} FROM cell_meeting WHERE unit_code = ? AND name = 'Chi bộ D'"
    assert one(con, sql, XA_LY) == (None,) * 4
    sql = f"SELECT {marks} FROM cell_meeting WHERE unit_code = ? AND name = 'Chi bộ A'"
    assert None not in one(con, sql, XA_LY)
    sql = (
        "SELECT field FROM lineage WHERE table_name = 'cell_meeting' AND unit_code = ? "
        "AND row_name = 'Chi bộ D' AND field LIKE 'content%'"
    )
    assert fetch(con, sql, XA_LY) == []
    sql = "SELECT content_1 FROM org_meeting WHERE commune_code = ? AND organisation = 'farmers_union'"
    assert one(con, sql, XA_LY) is None  # no branch of it met


def test_total_replaced_by_rows_has_no_lineage(con):
    traced = {
        f
        for (f,) in fetch(
            con,
            "SELECT field FROM lineage WHERE table_name = 'unit_summary' AND unit_code = ?",
            XA_LY,
        )
    }
    assert "news_items" in traced and "members_assigned" in traced
    assert not traced & {"cells_total", "cells_held", "villages_total", "village_heads_party"}


def test_lineage_row_names_match_findings(con):
    names = {
        n
        for (n,) in fetch(
            con,
            "SELECT row_name FROM lineage WHERE table_name = 'org_meeting_reported' "
            "AND unit_code IN (?, ?)",
            YOUTH,
            XA_LY,
        )
    }
    assert names == {"Xã Xa Lý", "Thị trấn Chũ", "youth_union", "farmers_union"}


def test_arrival_order_does_not_matter(tmp_path, campaign, con):
    shuffled = random.Random(3).sample(REPORTS, len(REPORTS))
    with night(tmp_path, campaign, shuffled, AS_OF) as other:
        for table in tables(campaign.form):
            sql = f"SELECT * FROM {table.name} ORDER BY ALL"
            assert fetch(other, sql) == fetch(con, sql), table.name


def test_warehouse_without_reports_is_all_zero(tmp_path, campaign):
    with night(tmp_path, campaign, [], AS_OF) as empty:
        assert one(
            empty,
            "SELECT units_missing, cells_held, news_items, org_branches_held FROM campaign_summary",
        ) == (35, 0, 0, 0)
        assert (
            one(empty, "SELECT printed FROM report_figure WHERE figure = 'cells_held_share'")
            == "chưa có số liệu"
        )


def test_warehouse_is_built_only_as_a_new_file(tmp_path, campaign):
    (tmp_path / "warehouse.duckdb").touch()
    with pytest.raises(FileExistsError, match="new file"):
        build_warehouse(tmp_path / "night.duckdb", tmp_path / "warehouse.duckdb", campaign, None)
