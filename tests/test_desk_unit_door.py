"""A unit's own door: what its link's holder may send and see, and that nobody else's link opens it."""

import datetime as dt
import re
import shutil
import time

import httpx
import openpyxl
import pytest
from desk_homes import PASSWORD, READER, reader
from desks import RunningDesk, submission_of

from flows.desk.accounts import Accounts
from sources.campaigns import DEFAULT_CAMPAIGN, load_campaign
from sources.landing import Landing
from sources.samples import write_samples
from sources.unit_links import UnitLinks

CAMPAIGN = load_campaign()
KIEN_LAO, NAM_DUONG, CHU, PHONG_MINH = "07552", "07603", "07525", "07534"
SETTINGS = """
[unit_links]
enabled = true
address = "https://bao-cao.example"
files_per_hour = 5
unit_bytes = 3_000_000

[limits]
file_bytes = 2_000_000
"""


def desk_of(folder, settings):
    campaign = folder / "campaign"
    shutil.copytree(DEFAULT_CAMPAIGN, campaign)
    with (campaign / "campaign.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    return RunningDesk(folder / "home", "--campaign", str(campaign))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Filled forms by unit, and one of Nam Dương with a day that there is not."""
    folder = tmp_path_factory.mktemp("made")
    write_samples(folder, CAMPAIGN, layout="form")
    book = openpyxl.load_workbook(folder / "BC Xã Nam Dương.xlsx")
    book.worksheets[0]["C8"] = "31/4/2022"
    book.save(folder / "sai.xlsx")
    return folder


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    running = desk_of(tmp_path_factory.mktemp("open"), SETTINGS)
    running.enter()
    yield running
    running.stop()


class Door:
    """The page of a unit's link, in a browser that has no cookie."""

    def __init__(self, desk, unit):
        self.path = f"/dv/{UnitLinks(desk.home / 'desk').token(unit)}"
        self.address = desk.address
        self.client = httpx.Client(base_url=desk.address, timeout=60)

    def key(self):
        return re.search(r'data-key="([^"]+)"', self.client.get(self.path).text).group(1)

    def bring(self, name, content, key=None):
        headers = {"x-form-key": key or self.key(), "origin": self.address}
        return self.client.post(
            f"{self.path}/moi", params={"ten": name}, content=content, headers=headers
        )

    def get(self, path=""):
        return self.client.get(f"{self.path}{path}")

    def checked(self, answer):
        """The page of a file that was brought, once it has been checked."""
        assert answer.status_code == 200, answer.text
        submission, until = submission_of(answer), time.monotonic() + 180
        while "Đang kiểm tra" in self.get(f"/tep/{submission}/dong").text:
            assert time.monotonic() < until
        return self.get(f"/tep/{submission}").text


@pytest.fixture(scope="module")
def returned(desk, made):
    """The door of Nam Dương after it has brought a report with an error, and that file's page."""
    door = Door(desk, NAM_DUONG)
    answer = door.bring("báo cáo <b>.xlsx", (made / "sai.xlsx").read_bytes())
    return door, submission_of(answer), door.checked(answer)


def test_a_unit_sees_in_seconds_what_is_wrong_at_which_cell_and_what_was_read(returned):
    _, _, page = returned
    assert "Chưa tính được: 1 chỗ phải sửa" in page
    assert "Trang “Thông tin chung”, ô C8" in page and "31/4/2022" in page
    assert "Đã đọc được" in page and "Chi bộ" in page
    assert "Được hiểu là" in page and "/tep/" not in page.partition("Được hiểu là")[2]
    assert "báo cáo &lt;b&gt;.xlsx" in page and "<b>" not in page


def test_a_receipt_says_when_which_bytes_came_and_that_it_was_late(desk, returned):
    door, submission, _ = returned
    receipt = door.get(f"/tep/{submission}/bien-nhan").text
    (arrival,) = [a for a in Landing(desk.home).known() if a.submission_id == submission]
    at = arrival.received_at.astimezone(CAMPAIGN.zone)
    assert arrival.sha256 in receipt and f"{at:%H:%M:%S ngày %d/%m/%Y}" in receipt
    assert "gửi chậm" in receipt and "Xã Nam Dương" in receipt
    assert (arrival.channel, arrival.link_unit_code, arrival.is_trusted) == (
        "unit-link",
        NAM_DUONG,
        False,
    )


def test_a_corrected_report_may_replace_it(returned, made):
    door, _, _ = returned
    page = door.checked(door.bring("sửa.xlsx", (made / "BC Xã Nam Dương.xlsx").read_bytes()))
    assert "sẽ được tính trong lần tổng hợp tới" in page


def test_a_report_of_another_unit_is_on_hold_and_nothing_of_that_unit_is_shown(
    desk, made, returned
):
    door = Door(desk, KIEN_LAO)
    page = door.checked(door.bring("thử.xlsx", (made / "sai.xlsx").read_bytes()))
    assert "giữ lại" in page and "31/4/2022" not in page and "Nam Dương" not in page
    assert "báo cáo" not in page.partition("<main")[2].partition("<h1>")[2][:20]


def test_account_that_only_looks_gets_no_units_link(desk):
    Accounts(desk.home / "desk").add(READER, PASSWORD, "reader", dt.datetime.now(dt.UTC))
    page, token = f"/don-doc/{KIEN_LAO}", Door(desk, KIEN_LAO).path
    assert token in desk.client.get(page).text
    with reader(desk.address) as other:
        assert other.get(page).status_code == 200 and "/dv/" not in other.get(page).text
        for path in ("/ma.svg", "/bieu-mau"):
            assert other.get(page + path).status_code == 422


def test_one_links_holder_cannot_see_what_came_through_another(desk, returned):
    _, submission, _ = returned
    other = Door(desk, KIEN_LAO)
    for path in ("", "/dong", "/bien-nhan"):
        answer = other.get(f"/tep/{submission}{path}")
        assert answer.status_code == 422 and "báo cáo &lt;b&gt;" not in answer.text
    assert submission not in other.get().text


def test_a_form_needs_the_key_of_its_own_link(desk, made):
    content = (made / "BC Xã Kiên Lao.xlsx").read_bytes()
    mine, other = Door(desk, KIEN_LAO), Door(desk, NAM_DUONG)
    assert mine.key() != other.key()
    assert mine.bring("a.xlsx", content, key=other.key()).status_code == 422
    forged = mine.client.post(
        f"{mine.path}/moi",
        content=content,
        headers={"x-form-key": mine.key(), "origin": "https://elsewhere.example"},
    )
    assert forged.status_code == 403
    assert all(a.sha256 not in forged.text for a in Landing(desk.home).known())


def test_officers_pages_are_not_to_be_had_through_a_link_or_its_public_name(desk):
    door = Door(desk, NAM_DUONG)
    assert door.client.get("/don-doc").headers["location"].startswith("/vao")
    public = {"host": "bao-cao.example"}
    assert door.client.get(door.path, headers=public).status_code == 200
    assert door.client.get("/vao", headers=public).status_code == 404


def test_what_is_too_large_or_too_often_is_refused_and_leaves_nothing(desk):
    door = Door(desk, PHONG_MINH)
    assert door.bring("lớn.xlsx", bytes(2_000_001)).status_code == 413
    form = {"form_key": door.key()}
    large = door.client.post(
        door.path,
        data=form,
        files={"tep": ("lớn.xlsx", bytes(2_100_000))},
        headers={"origin": door.address},
    )
    assert large.status_code == 413
    assert door.bring("rỗng.xlsx", b"").status_code == 422
    assert door.bring("a.bin", bytes(1_900_000)).status_code == 200
    full = door.bring("b.bin", bytes([1]) * 1_900_000)
    assert full.status_code == 422 and "chiếm hết chỗ" in full.text
    assert door.bring("c.txt", b"c").status_code == 200  # the fifth file within the hour
    often = door.bring("d.txt", b"d")
    assert often.status_code == 422 and "quá nhiều tệp trong một giờ" in often.text
    assert [p.name for p in (desk.home / "desk").glob("arriving-*")] == []
    assert sorted(
        a.file_name for a in Landing(desk.home).known() if a.link_unit_code == PHONG_MINH
    ) == ["a.bin", "c.txt"]


def test_a_browser_without_script_sends_the_form(desk, made):
    door = Door(desk, CHU)
    answer = door.client.post(
        door.path,
        data={"form_key": door.key()},
        files={"tep": ("BC.xlsx", (made / "BC Xã Kiên Lao.xlsx").read_bytes())},
        headers={"origin": door.address},
        follow_redirects=True,
    )
    assert answer.status_code == 200 and "BC.xlsx" in answer.text


def test_an_officer_renews_and_revokes_a_link(desk):
    before = Door(desk, CHU)
    page = f"/don-doc/{CHU}"
    assert f"https://bao-cao.example{before.path}" in desk.client.get(page).text
    picture = desk.client.get(f"{page}/ma.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    for action in ("doi", "thu-hoi"):
        old = Door(desk, CHU)
        assert old.get().status_code == 200
        answer = desk.client.post(
            f"{page}/duong-dan",
            data={"viec": action, "form_key": desk.form_key()},
            headers={"origin": desk.address},
        )
        assert answer.status_code == 200
        assert old.get().status_code == 404
        assert old.bring("a.xlsx", b"a", key="x").status_code == 404
    assert before.get().status_code == 404 and "đã bị thu hồi" in desk.client.get(page).text
    unknown = before.client.get(f"/dv/{'A' * 43}")
    assert (unknown.status_code, unknown.text) == (404, before.get().text)


def test_doors_are_off_unless_the_campaign_turns_them_on(tmp_path):
    desk = desk_of(tmp_path, "")
    try:
        door = Door(desk, NAM_DUONG)
        assert door.get().status_code == 404
        assert door.bring("a.xlsx", b"a", key="x").status_code == 404
        assert "Đường dẫn riêng" not in desk.enter().get(f"/don-doc/{NAM_DUONG}").text
    finally:
        desk.stop()
