"""The reports of three nights as an officer reads them: a draft with 12 of 35 units, the issued report
of all, and the addendum when a unit has sent other numbers since; and every share of them, computed
again from its own rows."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest
from docx import Document
from three_nights import CAMPAIGN, CHANGED, DRAFT, FULL, ThreeNights, run_three_nights

from warehouse.figures import load_figures
from warehouse.numbers_vi import printed
from warehouse.reports.document_check import all_paragraphs
from warehouse.reports.documents import ADDENDUM, ANNEX, PAGE, REPORT

pytestmark = pytest.mark.long
NIGHTS = (DRAFT, FULL, CHANGED)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> ThreeNights:
    return run_three_nights(tmp_path_factory.mktemp("golden"))


def text_of(path) -> str:
    return "\n".join(p.text for p in all_paragraphs(Document(str(path))))


def report_of(nights: ThreeNights, night: str) -> str:
    return text_of(nights.reports[night] / REPORT.file_name)


# --- What an officer reads ---

DRAFT_SAYS = (
    "Tính đến ngày 16/4/2022, 12/35 đơn vị (34,3%) đã có báo cáo được tổng hợp, gồm 10/29 xã,"
    " thị trấn và 2/6 đơn vị MTTQ, tổ chức chính trị - xã hội huyện. Số liệu dưới đây là của "
    "các đơn vị đó, chưa phải của toàn huyện Lục Ngạn.",
    "Cả 10 xã, thị trấn có số liệu (100%) đã cung cấp cho chi bộ Chỉ thị số 14-CT/TU, Kế "
    "hoạch số 64-KH/HU, Nghị quyết của đảng ủy; 9/10 xã, thị trấn (90,0%) cung cấp Kế hoạch "
    "số 40/KH-UBND, còn xã Giáp Sơn chưa cung cấp.",
    "Có 209/223 chi bộ (93,7%) của 10/29 xã, thị trấn có số liệu đã tổ chức sinh hoạt chuyên "
    "đề; còn 14 chi bộ chưa tổ chức, nhiều nhất là xã Đồng Cốc (3).",
    "Tại các chi bộ đã sinh hoạt, 5.582/6.070 đảng viên dự, đạt 92,0% (tính trên 9/10 xã, thị"
    " trấn có số liệu này); cao nhất là xã Đồng Cốc (97,0%), thấp nhất là xã Hộ Đáp (86,9%). "
    "Tính chung cả chi bộ chưa sinh hoạt, 6.226/7.198 đảng viên dự, đạt 86,5%.",
    "Hiện nay, 64/113 trưởng thôn, tổ trưởng tổ dân phố (56,6%) của 10/29 xã, thị trấn có số "
    "liệu là đảng viên. Cao nhất là xã Phong Minh, xã Mỹ An (70,0%), thấp nhất là xã Hộ Đáp "
    "(35,7%).",
    "số liệu về MTTQ, đoàn thể của 36 nơi lấy theo báo cáo của xã, thị trấn do tổ chức cấp "
    "huyện chưa có số liệu được tổng hợp về những nơi này;",
)
ISSUED_SAYS = (
    "Số 76-BC/BTGHU",
    "Lục Ngạn, ngày 19 tháng 4 năm 2022",
    "Tính đến ngày 18/4/2022, 35/35 đơn vị (100%) đã có báo cáo được tổng hợp, gồm 29 xã, thị"
    " trấn và 6 đơn vị MTTQ, tổ chức chính trị - xã hội huyện.",
    "Có 589/619 chi bộ (95,2%) của 29 xã, thị trấn đã tổ chức sinh hoạt chuyên đề; còn 30 chi"
    " bộ chưa tổ chức, nhiều nhất là xã Đồng Cốc (3).",
    "Các chi bộ đã phân công nhiệm vụ nắm bắt tâm tư, nguyện vọng của Nhân dân và tuyên "
    "truyền, vận động trong cuộc bầu cử trưởng thôn cho 2.911/20.221 đảng viên (14,4%), trong"
    " khi Hướng dẫn yêu cầu phân công từng đảng viên; cao nhất là xã Nam Dương (20,1%), thấp "
    "nhất là xã Đồng Cốc (10,1%).",
    "trên cùng 257 thôn, tổ dân phố có đủ số liệu, số nơi có trưởng thôn, tổ trưởng là đảng "
    "viên giảm từ 159 (61,9%) xuống 144 (56,0%), giảm 5,9 điểm phần trăm.",
    "43 nơi cả hiện nay và dự kiến đều không có đảng viên, nhiều nhất ở xã Hộ Đáp, xã Phú "
    "Nhuận (5).",
    "3. Nguyên nhân",
    "Đã hết thời hạn gửi báo cáo (trước ngày 18/4/2022). Cả 35 đơn vị đều gửi báo cáo đúng hạn.",
    "Nguyễn Văn An",
)
ADDENDUM_ROWS = (  # what changed; in the issued report, now, through whom
    ("Số chi bộ đã tổ chức sinh hoạt", "589", "590", "xã Tân Sơn: 18 → 19"),
    ("Số chi bộ chưa tổ chức sinh hoạt", "30", "29", "xã Tân Sơn"),
    ("Số xã, thị trấn có tất cả chi bộ đã tổ chức sinh hoạt", "8", "9", "xã Tân Sơn"),
    (
        "Tỷ lệ chi bộ đã tổ chức sinh hoạt, loại hình quân sự",
        "92,0%",
        "96,0%",
        "xã Tân Sơn: 0/1 → 1/1",
    ),
    ("Số đảng viên dự sinh hoạt", "17.762", "17.778", "xã Tân Sơn: 579 → 595"),
)
NOT_FOR_THE_COMMITTEE = re.compile(
    r"\.xlsx|\.docx|\btệp\b|20 giờ|\bNone\b|\bnan\b|[{}_]|không có đơn vị nào|Số liệu khác"
)


def test_draft_of_twelve_units_reads_as_what_it_is(nights):
    text = report_of(nights, DRAFT)
    assert text.splitlines()[0] == "Dự thảo"
    assert [sentence for sentence in DRAFT_SAYS if sentence not in text] == []
    assert "23 đơn vị chưa gửi báo cáo: xã Cấm Sơn," in text
    assert "Đã hết thời hạn" not in text


def test_issued_report_of_all_units_reads_as_signed(nights):
    text = report_of(nights, FULL)
    assert [sentence for sentence in ISSUED_SAYS if sentence not in text] == []
    assert not re.search("Dự thảo|chưa gửi báo cáo|chưa phải của toàn", text)
    for name in (REPORT.file_name, ANNEX.file_name):
        assert (nights.reports[FULL] / name).read_bytes() == (nights.issued / name).read_bytes()


def test_addendum_says_what_changed_since_the_issued_report_and_through_whom(nights):
    lines = text_of(nights.reports[CHANGED] / ADDENDUM.file_name).splitlines()
    (opening,) = (line for line in lines if line.startswith("Ngày 19/4/2022, "))
    assert "Báo cáo số 76-BC/BTGHU" in opening and "Tính đến ngày 20/4/2022" in opening
    for row in ADDENDUM_ROWS:
        at = lines.index(row[0])
        assert tuple(lines[at : at + 4]) == row
    assert not [line for line in lines if "ở đơn vị có tổng số" in line], (
        "said by the number of all"
    )
    assert any(line.endswith("Báo cáo số 76-BC/BTGHU không thay đổi.") for line in lines)
    assert not any("Xã " in line or "đơn vị khác" in line for line in lines), "only one unit did"


def test_report_after_a_change_is_a_draft_again_and_the_page_says_so(nights):
    text = report_of(nights, CHANGED)
    assert text.startswith("Dự thảo") and "Số 76" not in text
    assert "Có 590/619 chi bộ (95,3%)" in text
    page = (nights.reports[CHANGED] / PAGE.file_name).read_text(encoding="utf-8")
    assert "từ đó số liệu đã thay đổi, cần báo cáo bổ sung." in page


@pytest.mark.parametrize("night", NIGHTS)
def test_no_document_speaks_as_a_program(nights, night):
    texts = [report_of(nights, night)]
    if night == CHANGED:
        texts.append(text_of(nights.reports[night] / ADDENDUM.file_name))
    for text in texts:
        assert [line for line in text.splitlines() if NOT_FOR_THE_COMMITTEE.search(line)] == []


# --- Shares, computed again from their own rows ---

Row = dict[str, Any]
Pairs = Iterator[tuple[float, float]]  # of each row that counts, its part and its whole


def parts(rows: list[Row], part: str, whole: str) -> Pairs:
    """Of the rows that give both."""
    return ((r[part], r[whole]) for r in rows if r[part] is not None and r[whole])


def marks(rows: list[Row], field: str) -> Pairs:
    """Of the rows of which the mark is known."""
    return ((r[field], 1) for r in rows if r[field] is not None)


def held(rows: list[Row]) -> list[Row]:
    return [r for r in rows if r["held_on"]]


def of_organisation(rows: list[Row], code: str) -> list[Row]:
    return [r for r in rows if code in ("", r["organisation"])]


def communes(tables: dict[str, list[Row]]) -> list[Row]:
    codes = {r["unit_code"] for r in tables["unit_status"] if r["unit_type"] != "district_org"}
    return [r for r in tables["unit_summary"] if r["unit_code"] in codes]


def compared(rows: list[Row]) -> list[Row]:
    return [r for r in rows if None not in (r["head_is_party"], r["candidate_is_party"])]


SHARES: dict[str, Callable[[dict[str, list[Row]], str], Pairs]] = {
    "units_reported_share": lambda t, _: ((r["status"] == "accepted", 1) for r in t["unit_status"]),
    "material_given_share": lambda t, code: marks(communes(t), code),
    "cells_held_share": lambda t, _: parts(t["unit_summary"], "cells_held", "cells_total"),
    "cells_listed_held_share": lambda t, code: (
        (r["held_on"] is not None, 1) for r in t["cell_meeting"] if r["kind"] == code
    ),
    "members_attended_share": lambda t, _: parts(
        t["unit_attendance"], "members_attended", "members_known"
    ),
    "members_attended_met_share": lambda t, _: parts(
        t["unit_attendance"], "members_attended_met", "members_met"
    ),
    "members_assigned_share": lambda t, _: parts(
        t["unit_attendance"], "members_assigned", "members_of_assigned"
    ),
    "meetings_with_committee_share": lambda t, _: marks(
        held(t["cell_meeting"]), "committee_attended"
    ),
    "meetings_covid_safe_share": lambda t, _: marks(held(t["cell_meeting"]), "covid_safe"),
    "content_covered_share": lambda t, code: marks(held(t["cell_meeting"]), code),
    "org_branches_held_share": lambda t, code: parts(
        of_organisation(t["org_meeting"], code), "branches_held", "branches_total"
    ),
    "org_members_attended_share": lambda t, code: parts(
        of_organisation(t["org_meeting"], code), "members_attended", "members_total"
    ),
    "org_content_covered_share": lambda t, code: marks(
        [r for r in t["org_meeting"] if r["branches_held"]], code
    ),
    "village_heads_party_share": lambda t, _: parts(
        t["unit_summary"], "village_heads_party", "villages_total"
    ),
    "village_deputies_party_share": lambda t, _: marks(t["village"], "deputy_is_party"),
    "heads_compared_share": lambda t, _: marks(compared(t["village"]), "head_is_party"),
    "candidates_compared_share": lambda t, _: marks(compared(t["village"]), "candidate_is_party"),
}
TABLES = (
    "unit_status",
    "unit_summary",
    "unit_attendance",
    "cell_meeting",
    "org_meeting",
    "village",
)
NO_SHARE = {"heads_target"}  # a percentage that is given, not computed


def tables_of(nights: ThreeNights, night: str) -> tuple[dict[str, list[Row]], dict[str, Any]]:
    """The rows of the tables that shares are made of, and the report's figures."""
    with duckdb.connect(str(nights.warehouses[night]), read_only=True) as con:
        figures = con.execute("SELECT figure, value, printed FROM report_figure").fetchall()
        rows = {}
        for name in TABLES:
            cursor = con.execute(f"FROM {name}")
            names = [column[0] for column in cursor.description]
            rows[name] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return rows, {name: (value, text) for name, value, text in figures}


@pytest.mark.parametrize("night", NIGHTS)
def test_every_share_is_part_over_whole_of_the_same_rows(nights, night):
    tables, figures = tables_of(nights, night)
    shares = [f.name for f in load_figures(CAMPAIGN) if f.format == "percent" and f.in_report]
    for name in shares:
        base, _, code = name.partition(".")
        if base in NO_SHARE:
            continue
        pairs = list(SHARES[base](tables, code))
        assert all(part <= whole for part, whole in pairs), name
        whole = sum(whole for _, whole in pairs)
        value = sum(part for part, _ in pairs) / whole if whole else None
        assert figures[name] == (pytest.approx(value), printed(value, "percent")), name
    assert len(shares) > 30


SHARE_IN_TEXT = re.compile(r"(\d[\d.]*)/(\d[\d.]*) [^/;.]*?(?:\(|đạt )(\d+(?:,\d)?%)")


@pytest.mark.parametrize(("night", "at_least"), [(DRAFT, 12), (FULL, 12), (CHANGED, 12)])
def test_every_share_in_a_sentence_follows_from_the_two_numbers_before_it(nights, night, at_least):
    found = SHARE_IN_TEXT.findall(report_of(nights, night))
    for part, whole, share in found:
        value = int(part.replace(".", "")) / int(whole.replace(".", ""))
        assert printed(value, "percent") == share, f"{part}/{whole}"
    assert len(found) >= at_least
