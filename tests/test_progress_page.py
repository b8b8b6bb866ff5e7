"""tien-do.html: what the officer reads, and that no unit text becomes active in it."""

import base64
import datetime as dt
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from small_warehouse import FORMULA, HOSTILE, another_campaign, build_warehouse, count_findings

from sources.campaigns import Campaign, IssuedReport, OfficersPart, load_campaign
from sources.registry import Registry, Unit, load_registry
from warehouse.numbers_vi import count
from warehouse.printed_numbers import numbers_digest
from warehouse.reports import page_sources, progress, wording
from warehouse.reports.progress_page import write_page

CAMPAIGN = load_campaign()
AFTER = dt.datetime.fromisoformat("2022-04-19T20:00:00+07:00")
BEFORE = dt.datetime.fromisoformat("2022-04-16T20:00:00+07:00")
VOID = {"meta", "input", "br", "rect", "line"}


class Page(HTMLParser):
    """The page's text, headings, ids and links, and whether its elements close in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html, self.open, self.words = html, [], []
        self.headings, self.ids, self.links, self.elements = [], [], [], []
        self.feed(html)
        self.text = " ".join(" ".join(self.words).split()).replace(" :", ":")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.links += [attributes["href"]] if "href" in attributes else []
        self.headings += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.words.append(data)

    def section(self, heading: str) -> str:
        return self.text.partition(heading)[2]


def page(
    folder: Path, campaign: Campaign = CAMPAIGN, as_of: dt.datetime = AFTER, **made: object
) -> Page:
    database = folder / "warehouse.duckdb"
    if not database.exists():
        build_warehouse(database, campaign, **made)
    with duckdb.connect(str(database), read_only=True) as con:
        write_page(con, campaign, as_of, folder / "tien-do.html")
    return Page((folder / "tien-do.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return page(tmp_path_factory.mktemp("page"))


def test_page_counts_units_in_each_of_four_states(mixed: Page) -> None:
    assert "Chưa đủ: 27/35 đơn vị đã báo cáo (77,1%)." in mixed.text
    for said in (
        "Đã nhận đúng hạn 23 65,7%",
        "Nộp muộn 4 11,4%",
        "Bị trả lại 4 11,4%",
        "Chưa báo cáo 4 11,4%",
    ):
        assert said in mixed.text
    bar = next(
        attributes
        for tag, attributes in mixed.elements
        if tag == "svg" and attributes.get("class") == "whole"
    )
    assert bar["aria-label"] == (
        "Đã nhận đúng hạn: 23 đơn vị; Nộp muộn: 4 đơn vị; Bị trả lại: 4 đơn vị; "
        "Chưa báo cáo: 4 đơn vị"
    )


def test_page_lists_units_to_chase_missing_first(mixed: Page) -> None:
    chased = mixed.section("Cần đôn đốc ai?").partition("Sai ở đâu?")[0]
    assert (
        chased.index("Xã Hộ Đáp")
        < chased.index("Hội Cựu chiến binh huyện")
        < chased.index("Xã Phong Vân")
    )
    assert "1 lỗi phong-van@lucngan.example" in chased


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ("2022-04-13T22:30:00+07:00", "Còn 4 ngày 1 giờ"),
        ("2022-04-16T20:00:00+07:00", "Còn 1 ngày 4 giờ"),
        ("2022-04-17T00:00:00+07:00", "Còn 1 ngày"),
        ("2022-04-17T21:30:00+07:00", "Còn 2 giờ"),
        ("2022-04-17T23:59:59+07:00", "Còn chưa đầy 1 giờ"),
        ("2022-04-18T00:00:00+07:00", "Đã quá hạn chưa đầy 1 giờ"),
        ("2022-04-19T13:00:00+00:00", "Đã quá hạn 1 ngày 20 giờ"),
    ],
)
def test_time_to_deadline_is_shown_in_days_and_hours(as_of: str, said: str) -> None:
    assert wording.time_left(CAMPAIGN, dt.datetime.fromisoformat(as_of)) == said


def test_page_is_draft_only_before_deadline(tmp_path: Path) -> None:
    before, after = page(tmp_path, as_of=BEFORE), page(tmp_path, as_of=AFTER)
    assert "Tiến độ báo cáo Dự thảo" in before.text
    assert "Còn 1 ngày 4 giờ." in before.text
    assert "Dự thảo" not in after.text


def test_totals_are_printed_as_in_the_report(mixed: Page) -> None:
    assert re.search(r"Chỉ tiêu cells_held 137 trên 203", mixed.text)
    assert re.search(r"Chỉ tiêu org_branches_held 557 trên 830", mixed.text)


def test_chart_numbers_are_also_in_a_table(mixed: Page) -> None:
    chart = next(
        attributes
        for tag, attributes in mixed.elements
        if tag == "div" and attributes.get("class") == "bars"
    )
    assert chart["role"] == "img"
    assert "cao nhất" in chart["aria-label"]
    table = mixed.section("Bảng số liệu của biểu đồ").partition("Chưa có số liệu")[0]
    assert "Xã Tân Sơn 13 10 76,9%" in table
    bars = mixed.section("Xếp từ cao xuống thấp").partition("Bảng số liệu")[0]
    assert re.findall(r"\d+,\d%", bars) == re.findall(r"\d+,\d%", table)


def test_findings_are_listed_by_unit_with_place_and_severity(
    mixed: Page,
) -> None:
    text = mixed.section("Sai sót theo đơn vị")
    assert (
        "Bao cao Xã Phong Vân.xlsx nhận lúc 17/04/2022 17:00: trả lại. Tệp có lỗi; đề nghị sửa."
        in text
    )
    assert f"Lỗi Biểu 2 F7 {HOSTILE} Tổng số đảng viên {FORMULA}" in text


def test_unidentified_and_duplicate_files_are_listed_with_reasons(mixed: Page) -> None:
    text = mixed.section("Tệp không rõ của đơn vị nào")
    assert f"{HOSTILE}.docx 16/04/2022 00:00 Tệp hỏng; đề nghị gửi lại." in text
    assert "ban sao.xlsx 16/04/2022 00:00 Bao cao Thị trấn Chũ.xlsx (Thị trấn Chũ)" in text


def test_unit_text_cannot_run(mixed: Page) -> None:
    assert HOSTILE not in mixed.html
    elements = [attributes for tag, attributes in mixed.elements if tag == "script"]
    data, *scripts = re.findall(r"<script[^>]*>(.*?)</script>", mixed.html, re.S)
    policy = next(
        attributes["content"] for tag, attributes in mixed.elements if "http-equiv" in attributes
    )
    assert elements == [{"type": "application/json", "id": "nguon"}, {"type": "module"}]
    assert not set("<>&\u2028\u2029") & set(data)  # data cannot leave its element
    assert FORMULA in json.dumps(json.loads(data), ensure_ascii=False).replace('\\"', '"')
    assert base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode() in policy
    assert "default-src 'none'" in policy
    assert not [
        attributes
        for _, attributes in mixed.elements
        if any(key.startswith("on") or key == "style" for key in attributes)
    ]


def test_page_needs_no_network(mixed: Page) -> None:
    assert not re.search(r"(?:src|href|url)\s*[=(]\s*[\"']?(?:https?:)?//", mixed.html)
    assert {link.partition(":")[0] for link in mixed.links if not link.startswith("#")} <= {
        "mailto"
    }


def test_headings_ids_and_internal_links_are_valid(
    mixed: Page,
) -> None:
    assert mixed.headings[0] == 1
    assert mixed.headings.count(1) == 1
    assert all(
        after - before <= 1
        for before, after in zip(mixed.headings, mixed.headings[1:], strict=False)
    )
    assert len(mixed.ids) == len(set(mixed.ids))
    assert {link[1:] for link in mixed.links if link.startswith("#")} <= set(mixed.ids)
    assert mixed.open == []


def test_every_table_has_a_caption_and_every_header_a_scope(mixed: Page) -> None:
    count = [tag for tag, _ in mixed.elements].count
    assert count("caption") == count("table") > 3
    assert all(
        attributes.get("scope") in ("col", "row")
        for tag, attributes in mixed.elements
        if tag == "th"
    )
    assert {"header", "nav", "main", "footer"} <= {tag for tag, _ in mixed.elements}
    assert ("html", {"lang": "vi"}) in mixed.elements


def test_returned_file_replaced_by_accepted_one_is_no_error(tmp_path: Path) -> None:
    database = build_warehouse(
        tmp_path / "warehouse.duckdb", CAMPAIGN, states=("returned", *["on_time"] * 34)
    )
    with duckdb.connect(str(database)) as con:
        con.execute(
            "INSERT INTO submission SELECT 'new', 'Bao cao sua.xlsx', 'f', received_at + INTERVAL 1 HOUR, "
            "channel, sender, unit_code, 'accepted', NULL, false FROM submission WHERE submission_id = 's0'"
        )
        con.execute(
            "UPDATE unit_status SET status = 'accepted', on_time = true, submission_id = 'new', received_at = "
            "(SELECT received_at FROM submission WHERE submission_id = 'new') WHERE submission_id IS NULL"
        )
        con.execute("UPDATE finding SET replaced = true WHERE submission_id = 's0'")
        count_findings(con)
    shown_page = page(tmp_path)
    assert "Đã đủ: 35/35 đơn vị đã báo cáo (100%)." in shown_page.text
    assert "Không còn đơn vị nào phải đôn đốc." in shown_page.text
    assert "trả lại, đã có tệp sau thay thế." in shown_page.text
    assert (
        "Số không phải là số nguyên"
        not in shown_page.section("Sai ở đâu?").partition("Số liệu chung")[0]
    )


def test_every_unit_is_chased_when_nobody_reported(tmp_path: Path) -> None:
    shown_page = page(tmp_path, states=("missing",), as_of=BEFORE)
    assert "Chưa đủ: 0/35 đơn vị đã báo cáo (0%)." in shown_page.text
    assert "Chưa báo cáo 35 đơn vị" in shown_page.text


def test_same_warehouse_and_moment_give_same_bytes(tmp_path: Path) -> None:
    assert page(tmp_path).html == page(tmp_path).html
    assert [path.name for path in tmp_path.glob("*tien-do*")] == ["tien-do.html"]


def test_every_rule_has_a_name_in_words() -> None:
    assert set(CAMPAIGN.severity) <= set(wording.RULES)


def test_findings_beyond_page_limit_are_counted_with_pointer(tmp_path: Path) -> None:
    database = build_warehouse(tmp_path / "warehouse.duckdb", CAMPAIGN)
    with duckdb.connect(str(database)) as con:
        con.execute(
            "INSERT INTO finding SELECT f.* FROM (SELECT * FROM finding WHERE submission_id = 's4' AND "
            "severity = 'warning' LIMIT 1) AS f, range(5000)"
        )
    shown_page = page(tmp_path)
    shown = progress.MAX_FINDINGS_PER_UNIT
    assert "Số không phải là số nguyên" in shown_page.text  # errors come first
    assert (
        f"Còn {count(5002 - shown)} điều nữa không hiện ở đây; xem Biểu làm việc số 1"
        in shown_page.text
    )
    assert len(shown_page.html) < 1_000_000


def test_page_of_a_thousand_units_keeps_all_lines_and_stays_small(tmp_path: Path) -> None:
    units = tuple(Unit(code=f"{n:05d}", name=f"Xã {n}", type="xa") for n in range(1000))
    shown_page = page(
        tmp_path, CAMPAIGN.model_copy(update={"registry": Registry(units=units)}), rows=1
    )
    assert (
        sum(tag == "tr" and "data-s" in attributes for tag, attributes in shown_page.elements)
        == 1000
    )
    assert "chỉ vẽ 30 đơn vị thấp nhất, đủ các đơn vị ở Phụ lục 3" in shown_page.text
    assert len(shown_page.html) < 2_000_000


def test_page_follows_another_form_without_code_changes(
    tmp_path: Path,
) -> None:
    shown_page = page(tmp_path, another_campaign())
    assert "Chỉ tiêu posters" in shown_page.text
    assert "Chỉ tiêu news_items" not in shown_page.text
    assert "trước 17 giờ 00 ngày 05/5/2023" in shown_page.text


def test_no_village_head_chart_when_not_asked(
    tmp_path: Path,
) -> None:
    shown_page = page(tmp_path, another_campaign(without=("info.village_heads_party",)))
    assert "Trưởng thôn là đảng viên" not in shown_page.text
    assert not [tag for tag, attributes in shown_page.elements if attributes.get("class") == "bars"]


def test_each_unit_has_a_tile_at_its_declared_position(
    mixed: Page,
) -> None:
    html = mixed.html.partition('<ul class="tiles placed">')[2].partition("</ul>")[0]
    names = [
        re.sub("<[^>]+>", " ", item).split() for item in re.findall(r"<li[^>]*>(.*?)</li>", html)
    ]
    assert len(names) == 7 * 6
    assert names[1][:3] == ["Đ", "Cấm", "Sơn"]  # row 1, column 2
    assert names[0] == []
    assert ".placed { grid-template-columns: repeat(6, minmax(0, 1fr)); }" in mixed.html
    assert mixed.html.count('<a class="tile ') == 35


def test_tiles_without_positions_are_in_rows(tmp_path: Path) -> None:
    units = tuple(Unit(code=f"{n:05d}", name=f"Xã {n}", type="xa") for n in range(40))
    shown_page = page(tmp_path, CAMPAIGN.model_copy(update={"registry": Registry(units=units)}))
    assert shown_page.html.count('<a class="tile ') == 40
    assert "tiles placed" not in shown_page.html
    assert "Vị trí các xã chỉ gần đúng" not in shown_page.text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("00102,Xã B,xa,1,1", "the tiles 1-1 stand more than once"),
        ("00101,Xã B,xa,1,2", "the codes 00101 stand more than once"),
        ("00102,Xã B,xa,0,2", "tile_row"),
    ],
)
def test_two_units_at_one_tile_position_are_refused(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "units.csv").write_text(
        f"code,name,type,tile_row,tile_column\n00101,Xã A,xa,1,1\n{line}\n", "utf-8"
    )
    with pytest.raises(ValueError, match=said):
        load_registry(tmp_path / "units.csv")


def test_unit_numbers_add_up_to_campaign_numbers(mixed: Page) -> None:
    data = json.loads(re.search(r'id="nguon">(.*?)</script>', mixed.html, re.S)[1])
    assert {"cells_held", "cells_total", "org_branches_held"} <= set(data["figures"])
    for figure in data["figures"].values():
        assert sum(figure["by"].values()) == int(figure["printed"].replace(".", "")) > 0


def test_first_units_have_sources_and_the_rest_a_sum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_sources, "MAX_ROWS", 30)
    data = json.loads(re.search(r'id="nguon">(.*?)</script>', page(tmp_path).html, re.S)[1])
    figure = data["figures"]["cells_held"]
    assert data["units"] == [u.code for u in CAMPAIGN.registry.units if u.code in data["units"]]
    assert set(figure["by"]) <= set(data["units"]) == set(data["values"])
    units, rest = figure["rest"]
    assert len(figure["by"]) + units > len(figure["by"]) > 0
    assert sum(figure["by"].values()) + rest == int(figure["printed"])


ISSUED = [  # whether its numbers are the page's, whether its words are the officer's; what the page says
    (True, True, "số liệu đến nay không thay đổi."),
    (True, False, "số liệu không đổi, nhưng lời văn đã được sửa sau đó."),
    (False, True, "từ đó số liệu đã thay đổi, cần báo cáo bổ sung."),
]


@pytest.mark.parametrize(("same_numbers", "is_current", "said"), ISSUED)
def test_page_says_whether_numbers_changed_since_the_report_was_issued(
    tmp_path: Path, same_numbers: bool, is_current: bool, said: str
) -> None:
    build_warehouse(tmp_path / "warehouse.duckdb", CAMPAIGN)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as con:
        digest = numbers_digest(con) if same_numbers else "0" * 64
    issued = IssuedReport(
        folder="76-2022-04-19",
        manifest_sha256="f" * 64,
        numbers_digest=digest,
        number=76,
        dated=dt.date(2022, 4, 19),
        is_current=is_current,
    )
    campaign = CAMPAIGN.model_copy(update={"officers_part": OfficersPart(issued=issued)})
    text = page(tmp_path, campaign).text
    assert f"Báo cáo số 76-BC/BTGHU ngày 19/4/2022 đã phát hành; {said}" in text


def test_page_is_silent_of_a_report_before_one_is_issued(mixed: Page) -> None:
    assert "đã phát hành" not in mixed.text
