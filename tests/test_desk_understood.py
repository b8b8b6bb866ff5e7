"""The desk shows what was understood: from a number to its cell in two clicks, each file in a frame
that can do nothing, and the values of a scan to confirm."""

import datetime as dt
import json
import os
import re
from dataclasses import replace
from html import unescape

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import browser, needs_chromium
from desks import RunningDesk
from nights import night_file
from planted_inbox import write_inbox
from playwright.sync_api import expect
from rerun_nights import run_night
from test_decisions import NIGHT
from test_scans_confirmed import CAMPAIGN, SCAN

from flows.desk.pages.file import safe_name
from sources.arrivals import Arrival
from sources.decisions import DecisionLog
from sources.landing import Landing
from sources.page_boxes import box_text
from sources.samples import write_samples
from warehouse.ask import open_warehouse
from warehouse.reports.confirm_page import waiting_values

pytestmark = pytest.mark.long
AS_OF = "2022-04-19T20:00:00+07:00"
RECEIVED = dt.datetime.fromisoformat("2022-04-16T08:00:00+07:00")
ACTIVE = ("<script>alert", "<img src=x")
SCAN_ID = "5ca0000000000001"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A desk over a night of the hostile inbox and some samples."""
    folder = tmp_path_factory.mktemp("desk")
    write_inbox(folder / "inbox")
    for hostile in folder.rglob("*"):
        os.utime(hostile, (RECEIVED.timestamp(), RECEIVED.timestamp()))
    write_samples(folder / "inbox" / "mau", CAMPAIGN, units=2, layout="form")
    run_night(folder / "inbox", folder / "home", AS_OF)
    desk = RunningDesk(folder / "home")
    desk.enter()
    yield desk
    desk.stop()


@pytest.fixture
def scan_desk(tmp_path):
    """A desk over a night with a scan of which nothing is confirmed."""
    scan = replace(SCAN, named=SCAN_ID)
    night_file(tmp_path, CAMPAIGN, [scan], NIGHT)
    moment = dt.datetime.fromisoformat(SCAN.received_at)
    arrival = Arrival(SCAN_ID, "scan.pdf", scan.sha256, 1, moment, moment, "folder")
    Landing(tmp_path).record_again([arrival])
    desk = RunningDesk(tmp_path)
    desk.enter()
    yield desk
    desk.stop()


def files(desk):
    """The ids of the files that have landed."""
    return [arrival.submission_id for arrival in Landing(desk.home).known()]


def page(desk, address):
    answer = desk.client.get(address)
    assert answer.status_code == 200, (address, answer.text)
    return answer


def test_what_units_wrote_is_shown_as_text_on_every_page(desk):
    with open_warehouse(desk.home / "warehouse.duckdb") as con:
        units = [code for (code,) in con.execute("SELECT unit_code FROM unit_status").fetchall()]
    addresses = ["/tep", "/so-lieu", "/so-lieu/members_attended", "/so-lieu/findings_errors"]
    addresses += [f"/don-vi/{code}" for code in units[:40:4]]
    for one in files(desk):
        addresses += [f"/tep/{one}", f"/tep/{one}/da-hieu", f"/tep/{one}/gia-tri"]
    answers = {address: page(desk, address) for address in addresses}
    pages = {  # a refused file is answered as plain text, which a browser shows as it is
        address: answer.text
        for address, answer in answers.items()
        if answer.headers["content-type"].startswith("text/html")
    }
    assert all(a.headers["x-content-type-options"] == "nosniff" for a in answers.values())
    for address, text in pages.items():
        assert not re.search(r'(href|src)="javascript:', text), address
        for active in ACTIVE:
            assert active not in text, address
    shown = [address for address, text in pages.items() if "&lt;img src=x" in text]
    assert {address.rpartition("/")[2] for address in shown} >= {"tep", "da-hieu"}


def test_understood_file_may_load_and_run_nothing(desk):
    one = files(desk)[0]
    policy = page(desk, f"/tep/{one}/da-hieu").headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'self'" in policy
    assert "script-src" not in policy and "img-src" not in policy
    assert re.search(r"<iframe [^>]*\bsandbox(?! *=)", page(desk, f"/tep/{one}").text)


def test_original_is_saved_and_never_shown(desk):
    for arrival in Landing(desk.home).known():
        answer = page(desk, f"/tep/{arrival.submission_id}/ban-goc")
        assert answer.content == Landing(desk.home).original(arrival.sha256).read_bytes()
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment; filename")
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("landed", "saved"),
    [
        ("thu/BC Xã A.xlsx", "BC Xã A.xlsx"),
        ("../..\\BC.docx", "_BC.docx"),
        ('a"; filename=b.exe\r\nx: y.xlsx', "a_; filename=b.exe_x0ax_ y.xlsx"),
        ("...", "tep"),
        ("", "tep"),
        ("a" * 300 + ".xlsx", "a" * 145 + ".xlsx"),
    ],
)
def test_name_of_a_saved_file_is_plain(landed, saved):
    assert safe_name(landed) == saved


def test_unknown_file_unit_and_number_are_refused(desk):
    for address in ("/tep/0000000000000000", "/don-vi/99999", "/so-lieu/no_such_number"):
        assert desk.client.get(address).status_code == 422, address


def test_blank_place_and_missing_place_are_told_apart(desk):
    with open_warehouse(desk.home / "warehouse.duckdb") as con:
        submission, sheet, cell = con.execute(
            "SELECT submission_id, sheet, cell FROM finding JOIN submission USING (submission_id) "
            "WHERE value IS NULL AND cell IS NOT NULL AND file_name LIKE 'mau/%' LIMIT 1"
        ).fetchone()
    shown = page(desk, f"/tep/{submission}?o={sheet}!{cell}").text
    frame = unescape(re.search(r'<iframe src="([^"]+)"', shown).group(1))
    address, _, anchor = frame.partition("#")
    text = page(desk, address).text
    assert f'id="{anchor}"' in text and "Không thấy ô" not in text
    assert "Không thấy ô" in page(desk, f"/tep/{submission}/da-hieu?o=Không có!ZZ9").text


@needs_chromium
def test_number_leads_to_its_cell_in_two_clicks(desk, playwright, tmp_path):
    with browser(playwright, tmp_path / "profile") as context:
        context.add_cookies(
            [
                {"name": c.name, "value": c.value, "url": desk.address}
                for c in desk.client.cookies.jar
            ]
        )
        shown = context.new_page()
        problems = []
        shown.on("console", lambda message: problems.append(message.text))
        shown.on("pageerror", lambda error: problems.append(str(error)))
        shown.goto(f"{desk.address}/so-lieu")
        shown.locator("a[href='/so-lieu/members_total']").click()
        source = shown.locator(".places .places li").last
        quoted = re.search(r"“(\d+)”", source.inner_text()).group(1)
        source.locator("a").click()
        cell = shown.frame_locator("iframe").locator("td:target")
        expect(cell).to_have_text(quoted, timeout=60_000)
        expect(cell).to_be_in_viewport(timeout=30_000)
        expect(shown.locator("#gia-tri ~ div table").first).to_be_visible(timeout=60_000)
        serious = [
            (v["id"], [n["html"] for n in v["nodes"]][:2])
            for v in Axe().run(shown).response["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert serious == [] and problems == []


def answers_of(values, **changed):
    """Answers that confirm all values; `changed` by field."""
    return "\n".join(
        json.dumps(
            {
                "sha256": v.sha256,
                "page": v.page,
                "box": box_text(v.box),
                "section": v.section,
                "field": v.field,
                "value": changed.get(v.field, v.raw.strip()),
            }
        )
        for v in values
    )


def test_scan_is_confirmed_at_the_desk(scan_desk):
    address, home = f"/tep/{SCAN_ID}/xac-nhan", scan_desk.home
    with open_warehouse(home / "warehouse.duckdb") as con:
        values = waiting_values(con, SCAN_ID)
    assert f"Xác nhận {len(values)} số liệu" in page(scan_desk, f"/tep/{SCAN_ID}").text
    asked = page(scan_desk, address)
    nonce = re.search(r'<script nonce="([^"]+)"', asked.text).group(1)
    assert f"script-src 'nonce-{nonce}'" in asked.headers["content-security-policy"]
    key = scan_desk.form_key()

    def send(answers, key=key):
        form = {"form_key": key, "answers": answers}
        return scan_desk.client.post(address, data=form)

    assert send(answers_of(values), key="forged").status_code == 403
    wrong = send(answers_of(values, members_attended="hai mươi"))
    assert wrong.status_code == 422 and "không phải là một giá trị" in wrong.text
    assert wrong.text.count('class="settled"') == len(values)  # nothing has to be typed again
    assert send(answers_of([replace(values[0], sha256="0" * 64)])).status_code == 422
    assert DecisionLog(home).recorded() == []

    done = send(answers_of(values[:3]))
    assert done.status_code == 200 and f"Còn chờ: {len(values) - 3} giá trị" in done.text
    assert [d.kind for d in DecisionLog(home).recorded()] == ["confirm"] * 3
    assert page(scan_desk, address).text.count("<li data-answer") == len(values) - 3
