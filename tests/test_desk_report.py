"""The report at the desk: the officer's part, downloads, pages, issuing, two nights compared."""

import datetime as dt
import json
import re
import shutil

import httpx
import pytest
from desk_homes import MORNING, NEXT, NIGHT, PASSWORD, READER, reader, two_nights
from desks import RunningDesk
from docx import Document

from flows.desk.accounts import Accounts
from warehouse.published_folder import PublishedFolder
from warehouse.reports.documents import ADDENDUM, ANNEX, REPORT

DAY = NEXT[:10]
PART = {
    "number": "76",
    "date": "18/04/2022",
    "signer": "Nguyễn Văn <An>",
    "causes": "Một.\r\n\r\nHai.",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return two_nights(tmp_path_factory.mktemp("report"))


@pytest.fixture
def desk(home, tmp_path):
    """A desk on a copy of the home."""
    shutil.copytree(home, tmp_path / "home")
    Accounts(tmp_path / "home" / "desk").add(READER, PASSWORD, "reader", dt.datetime.now(dt.UTC))
    running = RunningDesk(tmp_path / "home")
    running.enter()
    yield running
    running.stop()


def post(desk, path, **form) -> httpx.Response:
    return desk.client.post(path, data={"form_key": desk.form_key(), **form})


def decisions(desk):
    lines = (desk.home / "decisions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_fields_saved_since_the_form_was_opened_are_not_lost(desk):
    old = {f"truoc_{field}": "" for field in PART}  # of a form that was opened before all
    post(desk, "/bao-cao", **PART)
    blank = dict.fromkeys(PART, "")
    saved = post(desk, "/bao-cao", **{**blank, **old, "title": "TRƯỞNG BAN"})
    assert saved.status_code == 200 and 'name="number" value="76"' in saved.text
    assert [d["field"] for d in decisions(desk) if d["kind"] == "report"][4:] == ["title"]
    refused = post(desk, "/bao-cao", **{**blank, **old, "number": "138"})
    assert refused.status_code == 409
    assert "Số: “76”" in refused.text and 'name="number" value="138"' in refused.text
    assert 'name="title" value="TRƯỞNG BAN"' in refused.text
    assert 'name="truoc_title" value="TRƯỞNG BAN"' in refused.text
    again = post(desk, "/bao-cao", **{**blank, **old, "number": "138", "truoc_number": "76"})
    assert again.status_code == 200 and 'name="number" value="138"' in again.text


def test_part_of_the_officer_is_saved_and_the_report_issued(desk):
    early = desk.client.get("/bao-cao/phat-hanh", params={"ngay": DAY}).text
    assert "chưa có số, ngày, người ký" in early.lower()
    wrong = post(desk, "/bao-cao", **{**PART, "number": "0"})
    assert (wrong.status_code, "Số: phải là số từ 1 đến 9999" in wrong.text) == (422, True)
    saved = post(desk, "/bao-cao", **PART)
    assert saved.status_code == 200
    assert 'value="Nguyễn Văn &lt;An&gt;"' in saved.text
    new = [(d["field"], d["value"]) for d in decisions(desk) if d["kind"] == "report"]
    assert new == [
        ("number", "76"),
        ("date", "2022-04-18"),
        ("signer", "Nguyễn Văn <An>"),
        ("causes", "Một.\n\nHai."),
    ]
    assert "Không có gì thay đổi" in post(desk, "/bao-cao", **PART).text, "what stands is kept"
    assert len([d for d in decisions(desk) if d["kind"] == "report"]) == len(new)

    shown = desk.client.get("/bao-cao/phat-hanh", params={"ngay": DAY}).text
    assert "Số 76" in shown and "Kho số liệu chưa thay đổi" in shown
    assert "tệp mới chưa tổng hợp" not in shown
    moment = re.search(r'name="luc" value="([^"]+)"', shown).group(1)
    assert post(desk, "/bao-cao/phat-hanh", ngay=DAY, ly_do=" ").status_code == 422
    earlier = post(desk, "/bao-cao/phat-hanh", ngay=DAY, ly_do="Đã ký", luc=NIGHT)
    assert (earlier.status_code, "đã có lần tổng hợp mới" in earlier.text) == (409, True)
    assert not (desk.home / "issued").exists()
    desk.bring("mới.txt", b"x")
    assert (
        "Còn 1 tệp mới chưa tổng hợp"
        in desk.client.get("/bao-cao/phat-hanh", params={"ngay": DAY}).text
    )
    issued = post(desk, "/bao-cao/phat-hanh", ngay=DAY, ly_do="Đã ký", luc=moment)
    assert "Đã phát hành" in issued.text, issued.text
    (decision,) = [d for d in decisions(desk) if d["kind"] == "issue"]
    assert (decision["name"], decision["reason"]) == ("76-2022-04-18", "Đã ký")
    frozen = desk.home / "issued" / decision["name"] / ANNEX.file_name
    got = desk.client.get(f"/bao-cao/da-phat-hanh/{decision['name']}/{ANNEX.file_name}")
    assert got.content == frozen.read_bytes()
    again = post(desk, "/bao-cao/phat-hanh", ngay=DAY, ly_do="Đã ký")
    assert (again.status_code, "đã phát hành" in again.text) == (422, True)
    assert "tonghop" not in again.text.partition("<main")[2]


def test_only_documents_can_be_downloaded(desk):
    folder = desk.home / "reports" / DAY
    answer = desk.client.get(f"/bao-cao/{DAY}/tai/{REPORT.file_name}")
    assert answer.content == (folder / REPORT.file_name).read_bytes()
    assert answer.headers["content-disposition"].startswith("attachment;")
    (folder / ADDENDUM.file_name).symlink_to(desk.home / "decisions.jsonl")
    (folder / "rieng.txt").write_text("a person's own", encoding="utf-8")
    for path in (
        f"{DAY}/tai/{ADDENDUM.file_name}",
        f"{DAY}/tai/rieng.txt",
        f"{DAY}/tai/.published.json",
        f"{DAY}/tai/..%2F..%2Fdecisions.jsonl",
        f"{DAY}/tai/%2Fetc%2Fpasswd",
        f"{DAY}/tai/kiem-tra%2F..%2F..%2F..%2Fdecisions.jsonl",
        f"{DAY}/xem/..%2F..%2Fdecisions.jsonl",
        "..%2Flanded/tai/arrivals.jsonl",
        "20220417/tai/phu-luc.xlsx",
        "da-phat-hanh/..%2Freports/manifest.json",
        "da-phat-hanh/..%2F..%2F/warehouse.duckdb",
        "anh/..%2F..%2F/1.png",
    ):
        answer = desk.client.get(f"/bao-cao/{path}")
        assert answer.status_code in (404, 422), path
        assert "đã xác minh" not in answer.text.lower()
    others = PublishedFolder(folder).names()
    assert any("/" in name for name in others)
    for name in others:
        assert desk.client.get(f"/bao-cao/{DAY}/tai/{name}").status_code == 200, name


def test_edited_report_is_said_to_be_and_shown(desk):
    path = desk.home / "reports" / DAY / REPORT.file_name
    document = Document(str(path))
    document.add_paragraph("Câu <i>của cán bộ</i>.")
    document.save(str(path))
    assert desk.client.get("/bao-cao").text.count("Cán bộ đã sửa") == 1
    text = desk.client.get(f"/bao-cao/{DAY}/xem/{REPORT.file_name}?chu=1").text
    assert "Câu &lt;i&gt;của cán bộ&lt;/i&gt;." in text
    if shutil.which("soffice"):
        pages = desk.client.get(f"/bao-cao/{DAY}/trang/{REPORT.file_name}", timeout=300).text
        first = pages.partition('src="')[2].partition('"')[0]
        assert desk.client.get(first).content.startswith(b"\x89PNG"), pages[:500]


def test_nights_are_compared_and_reader_looks_only(desk):
    with reader(desk.address) as other:
        nights = {"tu": NIGHT, "den": NEXT}
        asked = other.get("/bao-cao/so-sanh/ket-qua", params=nights, timeout=300).text
        assert "Xã Nam Dương" in asked and "Đơn vị thay đổi tình trạng: 1" in asked, asked
        turned = other.get("/bao-cao/so-sanh", params={"tu": NEXT, "den": MORNING}).text
        assert "đổi chỗ hai lần" in turned
        key = desk.form_key(other)
        for path in ("/bao-cao", "/bao-cao/phat-hanh"):
            assert other.post(path, data={"form_key": key, "ngay": DAY}).status_code == 403
        assert desk.client.post("/bao-cao", data={**PART, "form_key": "x"}).status_code == 403
        assert "<form method" not in other.get("/bao-cao").text
    assert [d["kind"] for d in decisions(desk)] == ["accept"]
