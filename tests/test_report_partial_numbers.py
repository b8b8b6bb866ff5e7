"""Sentences of the report where numbers are partial or contradict each other: nothing unknown is said to be
none, and no unit's excess makes up for what another lacks."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from docx import Document
from nights import Report, night_file
from test_decisions import decided

from sources.campaigns import Campaign, Target, load_campaign
from sources.decisions import Decision
from warehouse.reports.consolidated import write_report
from warehouse.reports.document_check import all_paragraphs

CAMPAIGN = load_campaign()
AS_OF = dt.datetime.fromisoformat("2022-04-19T20:00:00+07:00")
A, B = (u.code for u in CAMPAIGN.registry.communes[:2])
BASE = {"cells_total": 9, "cells_held": 9}
YOUTH = "219-DTN"
LINE = {
    "organisation": "youth_union",
    "branches_total": 5,
    "branches_held": 5,
    "first_on": "2022-04-06",
    "last_on": "2022-04-10",
}


def sent(unit: str, info: dict | None = None, *orgs: dict) -> Report:
    lines = [{"commune": unit, **line} for line in orgs]
    return Report(unit, "2022-04-15T08:00:00+07:00", info={**BASE, **(info or {})}, orgs=lines)


def organisation(*lines: dict) -> Report:
    return Report(YOUTH, "2022-04-15T09:00:00+07:00", orgs=list(lines))


MORE_HEADS = {"villages_total": 8, "village_heads_party": 9}
FEWER_HEADS = {"villages_total": 8, "village_heads_party": 7}
MORE_HELD = sent(A, {"cells_held": 10})
MORE_BRANCHES = sent(A, None, {**LINE, "branches_held": 6})
HELD_TOO_MANY = decided(
    1, "accept", submission_id=MORE_HELD.submission_id, rule="held_exceeds_total"
)
BRANCHES_TOO_MANY = decided(
    1, "accept", submission_id=MORE_BRANCHES.submission_id, rule="held_exceeds_total"
)
# reports, decisions, what the report says, what it does not say
CASES = {
    "more heads than villages in one commune": (
        [sent(A, MORE_HEADS), sent(B, FEWER_HEADS)],
        [],
        "Hiện nay, 7/8 trưởng thôn, tổ trưởng tổ dân phố (87,5%)",
        "cả 16",
    ),
    "more assigned than members in one commune": (
        [
            sent(A, {"members_total": 300, "members_assigned": 350}),
            sent(B, {"members_total": 300, "members_assigned": 250}),
        ],
        [],
        "cho 250/300 đảng viên ở nơi có số liệu này (83,3%)",
        "toàn bộ",
    ),
    "more cells held than there are, accepted": (
        [MORE_HELD, sent(B, {"cells_held": 8})],
        [HELD_TOO_MANY],
        "Có 8/9 chi bộ (88,9%)",
        "Cả 18",
    ),
    "more cells held than there are, alone": (
        [MORE_HELD],
        [HELD_TOO_MANY],
        "chưa báo cáo số chi bộ đã tổ chức",
        "-1",
    ),
    "more branches held than there are, accepted": (
        [MORE_BRANCHES, sent(B, None, {**LINE, "branches_held": 4})],
        [BRANCHES_TOO_MANY],
        "Có 4/5 chi hội",
        "Cả 10",
    ),
    "village heads among prospects unknown in one commune": (
        [
            sent(A, {"prospects_introduced": 5, "prospects_village_heads": 0}),
            sent(B, {"prospects_introduced": 7}),
        ],
        [],
        "12 quần chúng ưu tú vào Đảng; trong 5 quần chúng của các đơn vị có số liệu này chưa có",
        "12 quần chúng ưu tú vào Đảng, chưa có",
    ),
    "village heads among prospects without the prospects": (
        [
            sent(A, {"prospects_introduced": 3, "prospects_village_heads": 1}),
            sent(B, {"prospects_village_heads": 10}),
        ],
        [],
        "trong đó có 1 trưởng thôn, phó thôn (các đơn vị báo cáo 11 trưởng thôn, phó thôn",
        "trong đó có 11",
    ),
    "modes of an organisation known on one line": (
        [
            sent(A, None, {**LINE, "held_separately": 1, "held_combined": 4}),
            sent(B, None, {**LINE, "branches_held": 4}),
        ],
        [],
        "gồm 1 nơi tổ chức riêng, 4 nơi lồng ghép, 4 nơi chưa báo cáo hình thức",
        "",
    ),
    "dates of all cells unknown": (
        [sent(A)],
        [],
        "Các đơn vị chưa báo cáo ngày của 9 buổi.",
        "Chưa có buổi nào trong thời gian",
    ),
    "organisation reported other communes": (
        [sent(A, None, LINE), organisation({**LINE, "commune": B})],
        [],
        "của 1 nơi lấy theo báo cáo của xã, thị trấn do tổ chức cấp huyện chưa có số liệu được "
        "tổng hợp về những nơi này;",
        "chưa báo cáo;",
    ),
    "report withdrawn": (
        [sent(A), sent(B)],
        [decided(1, "withdraw", submission_id=sent(B).submission_id)],
        "xã Cấm Sơn (báo cáo đã gửi được rút lại)",
        "bản gửi sau",
    ),
    "newer report of a unit returned": (
        [sent(A), dataclasses.replace(MORE_HELD, received_at="2022-04-16T08:00:00+07:00")],
        [],
        "bản gửi sau của thị trấn Chũ còn lỗi, đã trả lại, số liệu lấy theo bản gửi trước",
        "10/9",
    ),
    "numbers that one unit did not give": (
        [
            sent(A, {"news_items": 3, "prospects_introduced": 2, "committee_members_assigned": 4}),
            sent(B),
        ],
        [],
        "có 3 tin, bài, lượt phát thanh tuyên truyền về đợt sinh hoạt (1 đơn vị có báo cáo chưa có "
        "số liệu này).",
        "",
    ),
    "officer settled for the commune's line": (
        [
            sent(A, None, {**LINE, "branches_held": 4}),
            organisation({**LINE, "commune": A}),
        ],
        [decided(1, "settle", unit_code=A, organisation="youth_union", commune_code=A)],
        "lấy theo tổ chức cấp huyện trừ nơi đã xác minh",
        "lấy theo báo cáo của xã",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_partial_numbers_are_said_as_far_as_they_are_known(case, tmp_path):
    reports, decisions, says, says_not = CASES[case]
    text = report_text(tmp_path, CAMPAIGN, reports, decisions)
    assert says in text
    assert not says_not or says_not not in text


@pytest.mark.parametrize(
    ("heads", "says"),
    [(3199, "thấp hơn chưa đến 0,1"), (3201, "cao hơn chưa đến 0,1"), (3196, "thấp hơn 0,1")],
)
def test_target_missed_or_passed_by_a_hair_is_not_said_by_0_0_points(heads, says, tmp_path):
    campaign = CAMPAIGN.model_copy(update={"target": Target(heads_share=0.8, source="Kế hoạch 12")})
    info = {"villages_total": 4000, "village_heads_party": heads}
    text = report_text(tmp_path, campaign, [sent(A, info)])
    assert f"{says} điểm phần trăm so với mục tiêu 80,0% của Kế hoạch 12" in text


def report_text(
    directory: Path, campaign: Campaign, reports: list[Report], decisions: Sequence[Decision] = ()
) -> str:
    path = night_file(directory, campaign, reports, AS_OF.isoformat(), decisions)
    with duckdb.connect(str(path), read_only=True) as con:
        write_report(con, campaign, AS_OF, directory / "bao-cao.docx")
    return "\n".join(p.text for p in all_paragraphs(Document(directory / "bao-cao.docx")))
