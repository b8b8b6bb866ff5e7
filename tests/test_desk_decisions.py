"""Decisions by click: the lines that the commands write, checked by the same checks."""

import datetime as dt
import json
import re
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from desk_homes import NAMELESS, PASSWORD, READER, RETURNED, file_id, one_night, reader
from desks import RunningDesk, submission_of
from test_cli import tonghop

from flows.desk.accounts import Accounts
from sources.landing import Landing

WHY = "Đã gọi điện xác minh"
AT = "2022-04-15T09:30"
CLICKS = [  # the form, and the same as a command
    ({"loai": "assign", "tep": NAMELESS, "don_vi": "07552"}, ("assign", NAMELESS, "07552")),
    (
        {"loai": "accept", "tep": RETURNED, "loi": '["not_a_date", null, null, null]'},
        ("accept", RETURNED, "--rule", "not_a_date"),
    ),
    ({"loai": "received", "tep": NAMELESS, "luc": AT}, ("received", NAMELESS, AT)),
    ({"loai": "alias", "don_vi": "07525", "ten": "Phố Kim"}, ("alias", "07525", "Phố Kim")),
    ({"loai": "undo", "so": "1"}, ("undo", "1")),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return one_night(tmp_path_factory.mktemp("decisions"))


@pytest.fixture(scope="module")
def desk(home, tmp_path_factory):
    """A desk on a copy of the home, with an account that only looks."""
    copy = tmp_path_factory.mktemp("desk") / "home"
    shutil.copytree(home, copy)
    Accounts(copy / "desk").add(READER, PASSWORD, "reader", dt.datetime.now(dt.UTC))
    running = RunningDesk(copy)
    running.enter()
    yield running
    running.stop()


@pytest.fixture
def send(desk):
    """Sends a form about files by their names; none is recorded before or after the test."""
    key = desk.form_key()

    def sent(path, form, **more):
        ids = {**form, **({"tep": file_id(desk.home, form["tep"])} if "tep" in form else {})}
        return desk.client.post(path, data={"form_key": key, "ly_do": WHY, **ids, **more})

    yield sent
    (desk.home / "decisions.jsonl").unlink(missing_ok=True)


def confirmed(answer):
    """The field by which the page of what is about to be decided names what stands beside it."""
    found = re.search(r'name="da_co" value="([^"]*)"', answer.text)
    assert found, answer.text
    return {"da_co": found.group(1)}


def recorded(folder):
    """The record without its times."""
    path = folder / "decisions.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [
        {
            key: value
            for key, value in json.loads(line).items()
            if not key.endswith(("_from", "_at"))
        }
        | {"received": json.loads(line).get("received_at")}
        for line in lines
    ]


def test_clicks_write_the_lines_of_the_commands(home, desk, send, tmp_path):
    commanded = tmp_path / "home"
    shutil.copytree(home, commanded)
    for form, call in CLICKS:
        answer = send("/quyet-dinh", form, **confirmed(send("/quyet-dinh/moi", form)))
        assert answer.status_code == 200 and "Đã ghi quyết định số" in answer.text, answer.text
        called = tonghop("decide", *call, "--reason", WHY, "--home", commanded)
        assert called.returncode == 0, called.stderr
    assert recorded(desk.home) == recorded(commanded)
    assert len(recorded(desk.home)) == len(CLICKS)
    page = desk.client.get("/quyet-dinh").text
    assert "Hủy quyết định: số 1 (Giao tệp: “bao cao.xlsx”, " in page
    assert "đã hủy" in page


REFUSED = [
    ({"loai": "accept", "tep": RETURNED, "loi": "not_a_count"}, "tệp có lỗi: Ngày không hợp lệ"),
    ({"loai": "accept", "tep": NAMELESS, "loi": "unit_unknown"}, "lỗi này không bỏ qua được"),
    ({"loai": "accept", "tep": RETURNED, "loi": '["not_a_date"]'}, "Lựa chọn này không còn"),
    ({"loai": "accept", "tep": RETURNED, "loi": "[" * 50_000}, "Lựa chọn này không còn"),
    ({"loai": "replace", "tep": RETURNED}, "không thay được tệp nào"),
    ({"loai": "rename", "don_vi": "07540", "ten": "Xã Tân Sơn"}, "đã là tên của 07531"),
    ({"loai": "rename", "don_vi": "07540", "ten": "Xã <b>"}, "không phải là tên"),
    ({"loai": "alias", "don_vi": "07540", "ten": "Lục Ngạn"}, "là tên của cả"),
    ({"loai": "received", "tep": NAMELESS, "luc": "mai"}, "không phải thời điểm"),
    ({"loai": "received", "tep": NAMELESS, "luc": "2090-01-01T08:00"}, "phải trước lúc"),
    ({"loai": "assign", "tep": NAMELESS, "don_vi": "1"}, "không có đơn vị nào mã 1"),
    ({"loai": "settle", "nguon": '["youth_union", "07540", "219-DTN"]'}, "chỉ chọn được giữa hai"),
    ({"loai": "undo", "so": "7"}, "không có quyết định số 7"),
    ({"loai": "assign", "tep": NAMELESS}, "Chưa chọn hoặc ghi: Đơn vị"),
    ({"loai": "issue"}, "Không có loại quyết định này"),
]


@pytest.mark.parametrize(("form", "said"), REFUSED)
def test_what_cannot_be_decided_is_refused_in_words_of_a_page(desk, send, form, said):
    for path in ("/quyet-dinh/moi", "/quyet-dinh"):
        answer = send(path, form)
        said_there = said.lower() in answer.text.lower()
        assert (answer.status_code, said_there) == (422, True), answer.text
        assert "--" not in re.sub(r"<!--.*?-->|<[^>]*>", "", answer.text), "options of a command"
        assert "tonghop" not in answer.text.partition("<main")[2]
    assert recorded(desk.home) == []


def test_reason_is_required(desk, send):
    answer = send("/quyet-dinh", {"loai": "withdraw", "tep": NAMELESS}, ly_do=" ")
    assert (answer.status_code, "Chưa ghi lý do" in answer.text) == (422, True)
    long = send("/quyet-dinh", {"loai": "withdraw", "tep": NAMELESS}, ly_do="x" * 501)
    assert (long.status_code, "Lý do dài quá 500 chữ" in long.text) == (422, True)
    assert recorded(desk.home) == []


def test_forged_key_and_reader_are_refused(desk, send):
    form = {"loai": "withdraw", "tep": file_id(desk.home, NAMELESS), "ly_do": WHY}
    for path in ("/quyet-dinh", "/quyet-dinh/moi", "/quyet-dinh/xem", "/quyet-dinh/thay-doi"):
        assert desk.client.post(path, data={**form, "form_key": "x"}).status_code == 403
    with reader(desk.address) as other:
        key = desk.form_key(other)
        assert other.post("/quyet-dinh", data={**form, "form_key": key}).status_code == 403
        assert other.get("/quyet-dinh/moi?loai=withdraw").status_code == 403
        assert "/quyet-dinh/moi" not in other.get("/quyet-dinh").text
    assert recorded(desk.home) == []


def test_decision_clicked_twice_is_recorded_once(desk, send):
    form = {"loai": "withdraw", "tep": NAMELESS}
    shown = confirmed(send("/quyet-dinh/moi", form))
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: send("/quyet-dinh", form, **shown), range(2)))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "đã được ghi rồi: số 1" in "".join(answer.text for answer in answers)
    assert len(recorded(desk.home)) == 1


def test_decision_of_an_old_page_is_shown_what_was_decided_since(desk, send):
    assign = {"loai": "assign", "tep": NAMELESS, "don_vi": "07552"}
    old = confirmed(send("/quyet-dinh/moi", assign))
    send("/quyet-dinh", {"loai": "withdraw", "tep": NAMELESS}, **old)
    answer = send("/quyet-dinh", assign, **old)
    assert answer.status_code == 409 and len(recorded(desk.home)) == 1
    assert "Từ khi mở trang này đã có quyết định khác" in answer.text
    assert "Rút tệp: “bao cao.xlsx”" in answer.text
    assert send("/quyet-dinh", assign, **confirmed(answer)).status_code == 200
    assert len(recorded(desk.home)) == 2
    page = desk.client.get(f"/tep/{file_id(desk.home, NAMELESS)}").text
    assert "Rút tệp: “bao cao.xlsx” (áp dụng từ lần tổng hợp tới)" in page


def test_error_of_a_file_that_no_night_has_judged_cannot_be_accepted_yet(desk, send):
    content = Landing(desk.home)
    (arrival,) = [a for a in content.known() if a.file_name == RETURNED]
    bytes_of_it = content.original(arrival.sha256).read_bytes()
    brought = submission_of(desk.bring("mới.xlsx", bytes_of_it + b"\0"))
    form = {"loai": "accept", "loi": '["not_a_date", null, null, null]'}
    answer = send("/quyet-dinh/moi", form, tep=brought)
    assert (answer.status_code, "chưa được tổng hợp" in answer.text) == (422, True)


def test_form_is_filled_by_the_page_that_led_to_it(desk):
    asked = {"loai": "accept", "tep": file_id(desk.home, RETURNED)}
    page = desk.client.get("/quyet-dinh/moi", params=asked).text
    assert f"<strong>{RETURNED}</strong>" in page
    assert "Ngày không hợp lệ" in page, "a rule that the file has"
    listed = desk.client.get("/quyet-dinh").text
    assert f"loai=accept&amp;tep={asked['tep']}" in listed


def test_effect_is_shown_before_anything_is_recorded(desk, send):
    form = {"loai": "accept", "tep": RETURNED, "loi": "not_a_date"}
    confirmed = send("/quyet-dinh/moi", form).text
    assert "Ghi quyết định" in confirmed and 'hx-post="/quyet-dinh/thay-doi"' in confirmed
    shown = send("/quyet-dinh/thay-doi", form).text
    assert "0 → 1 đơn vị có báo cáo được tổng hợp" in shown, shown
    assert "1 → 0 đơn vị bị trả lại" in shown
    assert recorded(desk.home) == []
