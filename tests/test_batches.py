"""Batches: the unit of an arrival, duplicates, and rows that count once."""

from __future__ import annotations

import datetime as dt
import random
import time

import duckdb
import pytest
from made_facts import (
    AS_OF,
    FIRST,
    GOOD_CELL,
    GOOD_ORG,
    Report,
    arrival_of,
    commune_report,
    rows,
    wide_campaign,
    write_staged,
)

from expectations.batches import load_inputs, prepare_batches
from sources.campaigns import load_campaign
from sources.registry import Registry, Unit
from sources.unit_names import UnitNames

FILE_NAMES = [
    ("BC Xã Tân Sơn.xlsx", "07531"),
    ("bao_cao-xa_tan_son (1).XLSX", "07531"),
    ("BC Xa\u0303 Ta\u0302n So\u031bn.docx", "07531"),
    ("Đảng ủy xã Tân Sơn - báo cáo.doc", "07531"),
    ("BC Hội LHPN huyện Lục Ngạn.xlsx", "219-HLHPN"),
    ("Huyện đoàn - kết quả.docx", "219-DTN"),
    ("BC thị trấn Chũ.docx", "07525"),
    ("BC Chũ.docx", "07525"),
    ("Xã Kiên Lao/bao cao.xlsx", "07552"),
    ("ngày 15/Xã Kiên Lao/phu luc.zip", "07552"),
    ("Xã Kiên Lao/BC Xã Hộ Đáp.xlsx", "07543"),
    ("BC SH CĐ xã Tân Sơn.xlsx", "07531"),
    ("BC Xã Tân Sơn - Hội Nông dân.xlsx", "07531"),
    ("BC SHCD Quí Sơn.docx", "07576"),
    ("BC xa Sa Ly.xlsx", "07540"),
    ("Đảng uỷ xã Mĩ An.docx", "07600"),
]
TELL_NOTHING = [
    ("bao cao.xlsx", "no name of a unit"),
    ("BC Chủ tịch UBND.docx", "“Chủ” is not the town of Chũ"),
    ("dan chu.xlsx", "“chu” without accents may be any word"),
    ("BC Xã Tân Sơn và Xã Tân Hoa.xlsx", "two units"),
    ("BC Tân Sơnn.xlsx", "a word only begins like the name"),
    ("Chũng.xlsx", "a word only begins like the name"),
    ("BC - Nguyen Thanh Hai gui.xlsx", "a person's name"),
    ("BC Trần Thị Kim Sơn.docx", "a person's name"),
    ("BC Hội Nông dân xã Tân Sơn.xlsx", "a commune's organisation reports for no commune"),
    ("Xã Tân Sơn/BC ĐTN xã Tân Sơn.xlsx", "nor does it where the commune's folder holds it"),
]


def batches(tmp_path, reports, campaign=None, as_of=AS_OF, order=None):
    campaign = campaign or load_campaign()
    arrivals = [arrival_of(n, r) for n, r in enumerate(reports)]
    if order:
        order.shuffle(arrivals)
    con = duckdb.connect()
    load_inputs(con, arrivals, write_staged(tmp_path, campaign, reports))
    prepare_batches(con, campaign, as_of)
    return con


def drafts(con):
    return {r["submission_id"]: r for r in rows(con, "SELECT * FROM submission_draft")}


def named(file_name):
    campaign = load_campaign()
    return UnitNames(
        campaign.registry, campaign.form.organisations, campaign.campaign.area
    ).in_file_name(file_name)


@pytest.mark.parametrize(("file_name", "code"), FILE_NAMES)
def test_file_name_identifies_the_unit(file_name, code):
    assert named(file_name) == code


@pytest.mark.parametrize(("file_name", "why"), TELL_NOTHING)
def test_ambiguous_file_name_identifies_no_unit(file_name, why):
    assert named(file_name) is None, why


def test_shared_name_identifies_no_unit_but_longer_name_does():
    names = UnitNames(
        Registry(
            units=(
                Unit(
                    code="1", name="Xã Tân Sơn", type="xa", aliases=("Tân Sơn", "Tân Sơn huyện A")
                ),
                Unit(
                    code="2", name="Xã Tân Sơn", type="xa", aliases=("Tân Sơn", "Tân Sơn huyện B")
                ),
            )
        )
    )
    assert names.in_file_name("BC Xã Tân Sơn.xlsx") is None
    assert names.in_file_name("BC Tân Sơn huyện B.xlsx") == "2"


def test_names_of_all_communes_are_looked_up_in_seconds():
    names = UnitNames(wide_campaign(10_600).registry)
    start = time.process_time()
    assert [names.in_file_name(f"BC đảng ủy Xã Mẫu {n}.xlsx") for n in range(1, 10_601)] == [
        f"M{n}" for n in range(1, 10_601)
    ]
    assert time.process_time() - start < 5


def test_unit_comes_from_content_then_file_name_then_sender(tmp_path):
    con = batches(
        tmp_path,
        [
            commune_report("07525").but(
                file_name="BC Xã Tân Sơn.xlsx", sender="hnd@lucngan.example"
            ),
            commune_report().but(
                unit=None, file_name="BC Xã Tân Sơn.xlsx", sender="hnd@lucngan.example"
            ),
            commune_report().but(
                unit=None, file_name="BC.xlsx", sender="Hội <HND@lucngan.example>"
            ),
            commune_report().but(unit=None, file_name="BC.xlsx", sender="ai@lucngan.example"),
        ],
    )
    rows = [
        (d["unit_code"], d["unit_from"], d["unit_by_name"], d["reporter"])
        for d in drafts(con).values()
    ]
    assert rows == [
        ("07525", "content", "07531", "commune"),
        ("07531", "file_name", "07531", "commune"),
        ("219-HND", "sender", None, "district_org"),
        (None, None, None, None),
    ]


def test_same_bytes_are_a_duplicate_of_the_first_arrival(tmp_path):
    first = commune_report().but(bytes_of="a", file_name="b.xlsx", received_at=FIRST)
    con = batches(
        tmp_path,
        [first.but(file_name="c.xlsx"), first, first.but(received_at=FIRST + dt.timedelta(days=1))],
    )
    assert {k: d["duplicate_of"] for k, d in drafts(con).items()} == {
        "s000": "s001",
        "s001": None,
        "s002": "s001",
    }
    assert rows(con, "SELECT DISTINCT submission_id FROM batch_cells") == [
        {"submission_id": "s001"}
    ]


def test_renamed_copy_of_unidentified_file_is_judged_on_its_own(tmp_path):
    nameless = commune_report().but(unit=None, bytes_of="a", file_name="bao cao.xlsx")
    con = batches(
        tmp_path,
        [
            nameless,
            nameless.but(file_name="BC Xã Tân Sơn.xlsx"),
            nameless.but(file_name="BC Xã Tân Sơn lần 2.xlsx"),
        ],
    )
    assert [d["duplicate_of"] for d in drafts(con).values()] == [None, None, "s001"]


def test_files_received_after_as_of_are_excluded(tmp_path):
    con = batches(
        tmp_path,
        [
            commune_report().but(received_at=AS_OF),
            commune_report().but(received_at=AS_OF + dt.timedelta(seconds=1)),
        ],
    )
    assert list(drafts(con)) == ["s000"]


def test_identical_rows_count_once(tmp_path):
    like = {**GOOD_CELL, "name": "CHI BỘ thôn  Một."}
    con = batches(
        tmp_path,
        [Report(unit="07525", cells=[dict(GOOD_CELL), like, {**GOOD_CELL, "members_total": 31}])],
    )
    assert rows(con, "SELECT row, members_total FROM batch_cells ORDER BY row") == [
        {"row": 1, "members_total": 30},
        {"row": 3, "members_total": 31},
    ]
    assert rows(con, "SELECT section, row, row_name FROM repeated_row") == [
        {"section": "cells", "row": 2, "row_name": "CHI BỘ thôn  Một."}
    ]


def test_blank_unit_in_lines_is_filled_from_the_issuer(tmp_path):
    line = {k: v for k, v in GOOD_ORG.items() if k not in ("commune", "organisation")}
    con = batches(
        tmp_path,
        [
            Report(
                unit="07525",
                orgs=[{**line, "organisation": "farmers_union"}, {**line, "commune": ("Xã Lạ",)}],
            ),
            Report(unit="219-HND", orgs=[{**line, "commune": "07528"}]),
        ],
    )
    assert rows(
        con, "SELECT organisation, commune_code FROM batch_orgs ORDER BY submission_id, row"
    ) == [
        {"organisation": "farmers_union", "commune_code": "07525"},
        {"organisation": None, "commune_code": None},
        {"organisation": "farmers_union", "commune_code": "07528"},
    ]


def test_values_are_typed_and_untypable_ones_are_listed(tmp_path):
    con = batches(
        tmp_path,
        [
            Report(
                unit="07525",
                info={
                    "cells_total": 18,
                    "news_items": ("vài",),
                    "document_date": None,
                    "villages_total": 99999999999,
                    "material_14_ct_tu": False,
                },
            )
        ],
    )
    assert rows(
        con,
        "SELECT cells_total, news_items, document_date, villages_total, material_14_ct_tu, "
        "material_64_kh_hu, chk_untyped_count, chk_untyped_date FROM batch_info",
    ) == [
        {
            "cells_total": 18,
            "news_items": None,
            "document_date": None,
            "villages_total": None,
            "material_14_ct_tu": False,
            "material_64_kh_hu": None,
            "chk_untyped_count": "news_items,villages_total",
            "chk_untyped_date": None,
        }
    ]


def test_empty_report_has_a_pair_row_and_no_table_rows(tmp_path):
    con = batches(tmp_path, [Report(unit="07525")])
    assert [
        len(rows(con, f"SELECT * FROM batch_{s.key}")) for s in load_campaign().form.sections
    ] == [1, 0, 0, 0, 1]


def test_unread_file_is_in_no_batch(tmp_path):
    con = batches(
        tmp_path, [Report(unit="07525", info={"cells_total": 1}, content={"outcome": "unsafe"})]
    )
    assert rows(con, "SELECT * FROM batch_info") == []


def test_arrival_order_does_not_matter(tmp_path):
    reports = [
        commune_report(f"0752{5 + 3 * (n % 2)}").but(bytes_of=str(n % 4), received_at=FIRST)
        for n in range(8)
    ]
    one = batches(tmp_path, reports)
    other = batches(tmp_path, reports, order=random.Random(3))
    for table in ("submission_draft", "batch_cells", "batch_info", "repeated_row"):
        query = f"SELECT * FROM {table} ORDER BY ALL"
        assert rows(one, query) == rows(other, query)


def small_limits(**changed):
    campaign = load_campaign()
    return campaign.model_copy(update={"limits": campaign.limits.model_copy(update=changed)})


def test_only_first_and_latest_of_many_files_of_a_unit_are_checked(tmp_path):
    other = commune_report("07531").but(file_name="BC.xlsx")
    con = batches(
        tmp_path,
        [commune_report().but(file_name=f"{n}.xlsx") for n in range(6)] + [other],
        small_limits(unit_files=3),
    )
    assert [d["checked"] for d in drafts(con).values()] == [
        True,
        False,
        False,
        False,
        True,
        True,
        True,
    ]
    assert [d["read"] for d in drafts(con).values()] == [
        True,
        False,
        False,
        False,
        True,
        True,
        True,
    ]


def test_many_files_that_may_not_count_push_out_none_that_may(tmp_path):
    earlier = [commune_report().but(file_name=f"{n}.xlsx") for n in range(2)]
    of_parts = [
        commune_report().but(file_name=f"chi bộ {n}.xlsx", content={"issuer": "part"})
        for n in range(9)
    ]
    con = batches(tmp_path, earlier + of_parts, small_limits(unit_files=3))
    checked = {d["file_name"]: d["checked"] for d in drafts(con).values()}
    assert checked["0.xlsx"] and checked["1.xlsx"]
    assert sum(checked.values()) == 5


def test_many_small_files_push_out_none_of_those_that_hold_most(tmp_path):
    whole = commune_report().but(cells=[GOOD_CELL] * 12, file_name="whole.xlsx")
    small = [commune_report().but(cells=[GOOD_CELL], file_name=f"{n}.xlsx") for n in range(12)]
    con = batches(tmp_path, [small[0], whole, *small[1:]], small_limits(unit_files=6))
    assert {d["file_name"]: d["checked"] for d in drafts(con).values()}["whole.xlsx"]


def test_files_of_a_unit_beyond_the_size_limit_are_not_checked(tmp_path):
    long = dict(GOOD_CELL, name="Chi bộ " + "x" * 4_000)
    con = batches(
        tmp_path,
        [commune_report().but(cells=[long], file_name=f"{n}.xlsx") for n in range(4)],
        small_limits(table_rows=25),
    )
    assert [d["checked"] for d in drafts(con).values()] == [True, False, True, True]


def test_refused_content_keeps_only_its_unit(tmp_path):
    campaign, reports = load_campaign(), [commune_report("07531"), commune_report()]
    arrivals = [arrival_of(n, r) for n, r in enumerate(reports)]
    con = duckdb.connect()
    load_inputs(
        con,
        arrivals,
        write_staged(tmp_path, campaign, reports),
        {arrivals[0]["sha256"]: "vì sao", "of no arrival": "x"},
    )
    assert con.execute(
        "SELECT outcome, reason, unit_code, unit_text FROM content ORDER BY unit_code DESC"
    ).fetchall() == [("unreadable", "vì sao", "07531", None), ("read", None, "07525", None)]
    assert con.execute("SELECT DISTINCT sha256 FROM fact").fetchall() == [(arrivals[1]["sha256"],)]
