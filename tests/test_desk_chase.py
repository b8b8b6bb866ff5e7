"""“Đôn đốc”: who owes a report, what is sent to them, and what was sent."""

import os
import re
import shutil
import time

import openpyxl
import pytest
from campaign_folders import copy_campaign
from desks import RunningDesk
from killed_nights import run
from smtp_server import PASSWORD, post_office

from sources.campaigns import load_campaign
from sources.samples import write_samples

CAMPAIGN = load_campaign()
AS_OF = "2022-04-16T08:00:00+07:00"
CHU, KIEN_LAO, NAM_DUONG = "07525", "07552", "07603"  # missing, accepted, returned
COPY = "Cần sửa - BC Xã Nam Dương.xlsx"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A desk after a night with one good report and one with an invalid date."""
    folder = tmp_path_factory.mktemp("chase")
    (folder / "inbox").mkdir()
    write_samples(folder / "all", CAMPAIGN, layout="form")
    for name, wrong in (("BC Xã Kiên Lao.xlsx", False), ("BC Xã Nam Dương.xlsx", True)):
        book = openpyxl.load_workbook(folder / "all" / name)
        if wrong:
            book.worksheets[0]["C8"] = "31/4/2022"
        book.save(folder / "inbox" / name)
        os.utime(folder / "inbox" / name, (1_650_000_000, 1_650_000_000))
    run(folder / "inbox", folder / "home", AS_OF)
    running = RunningDesk(folder / "home")
    running.enter()
    yield running
    running.stop()


def post(desk, path):
    return desk.client.post(
        path, data={"form_key": desk.form_key()}, headers={"origin": desk.address}
    )


def test_page_lists_who_owes_with_address_and_the_text_for_all(desk):
    page = desk.client.get("/don-doc").text
    assert "Đơn vị còn thiếu báo cáo (34)" in page and "nam-duong@lucngan.example" in page
    assert "Xã Kiên Lao" not in page
    assert "còn 34 đơn vị chưa có báo cáo" in page and 'data-copy="tin-chung-chu"' in page


def test_returned_unit_has_letter_marked_copy_and_form_as_downloads(desk):
    page = desk.client.get(f"/don-doc/{NAM_DUONG}").text
    assert "ô C8" in page and COPY in page
    copy = desk.client.get(f"/don-doc/{NAM_DUONG}/tep/{COPY}")
    assert copy.content[:2] == b"PK" and "attachment" in copy.headers["content-disposition"]
    assert "ô C8" in desk.client.get(f"/don-doc/{NAM_DUONG}/tep/thu-gui-don-vi.txt").text
    assert desk.client.get(f"/don-doc/{CHU}/bieu-mau").content[:2] == b"PK"
    assert "chưa nhận được báo cáo" in desk.client.get(f"/don-doc/{CHU}").text


@pytest.mark.parametrize(
    "path",
    [
        f"/don-doc/{CHU}/tep/{COPY}",  # another unit's
        f"/don-doc/{NAM_DUONG}/tep/.made",
        f"/don-doc/{NAM_DUONG}/tep/..%2F..%2Fnights.jsonl",
        "/don-doc/..%2F..%2Fetc/tep/passwd",
        "/don-doc/thu/.written.json",
        "/don-doc/thu/..%2Fnights.jsonl",
        "/don-doc/khong-co",
    ],
)
def test_no_other_file_is_to_be_had(desk, path):
    assert desk.client.get(path).status_code in (404, 422)


def test_reminders_are_written_as_files_by_a_click(desk):
    assert "Đã ghi 34 thư nhắc ra tệp" in post(desk, "/don-doc/ghi").text
    assert f"zalo-{CHU}.txt" in desk.client.get("/don-doc").text
    text = desk.client.get(f"/don-doc/thu/zalo-{CHU}.txt").text
    assert "Đảng ủy thị trấn Chũ" in text
    names = re.findall(r"reminder-[\w-]+\.eml", desk.client.get("/don-doc").text)
    assert len(set(names)) == 34 and f"reminder-{KIEN_LAO}.eml" not in names


def test_nothing_is_sent_without_a_mail_server(desk):
    assert post(desk, "/don-doc/gui").status_code == 422
    assert not (desk.home / "notices.jsonl").exists()


def test_reminders_go_through_a_mail_server_by_a_click(tmp_path, monkeypatch):
    inbox, campaign = tmp_path / "inbox", copy_campaign(tmp_path / "campaign")
    units = (campaign / "units.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in units if line.partition(",")[0] in (CHU, KIEN_LAO)]
    (campaign / "units.csv").write_text("".join([units[0], *kept]), encoding="utf-8")
    inbox.mkdir()
    write_samples(tmp_path / "all", CAMPAIGN, layout="form")
    shutil.copy2(tmp_path / "all" / "BC Xã Kiên Lao.xlsx", inbox)
    with post_office(tmp_path) as office:
        monkeypatch.setenv("TONGHOP_SMTP", office.address)
        monkeypatch.setenv("TONGHOP_SMTP_PASSWORD", PASSWORD)
        desk = RunningDesk(tmp_path / "home", "--inbox", inbox, "--campaign", campaign)
        try:
            desk.enter()
            post(desk, "/tong-hop").raise_for_status()  # while it runs, reminders are asked for
            post(desk, "/don-doc/gui").raise_for_status()
            until = time.monotonic() + 300
            while not office.to("chu@lucngan.example") or _is_running(desk):
                assert time.monotonic() < until, desk.client.get("/don-doc").text
                time.sleep(0.5)
            page = desk.client.get("/don-doc").text
        finally:
            desk.stop()
    (mail,) = office.to("chu@lucngan.example")
    assert "Kính gửi: Đảng ủy thị trấn Chũ" in mail.get_body().get_content()
    assert office.to("kien-lao@lucngan.example") == []
    assert "Đã gửi" in page


def _is_running(desk):
    return "Đang tổng hợp" in desk.client.get("/don-doc").text
