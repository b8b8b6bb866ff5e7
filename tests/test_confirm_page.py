"""The page on which an officer confirms a scan: pictures beside values, answered from the keyboard."""

import base64
import io
import json

import pytest
from browser import browser, needs_chromium

from sources.campaigns import load_campaign
from sources.children.pictures import cut_pictures
from warehouse.reports.confirm_page import WaitingValue, confirm_page

Image = pytest.importorskip("PIL.Image")
ImageDraw = pytest.importorskip("PIL.ImageDraw")
CAMPAIGN = load_campaign()
BLACK_BOX = (1000, 1000, 3000, 2000)


@pytest.fixture
def scan(tmp_path):
    """A white page whose box from a tenth to three tenths is black."""
    page = Image.new("RGB", (1000, 1400), "white")
    ImageDraw.Draw(page).rectangle((100, 140, 300, 280), fill="black")
    page.save(tmp_path / "scan.png")
    return tmp_path / "scan.png"


def value(field, raw, section="cells", row="Chi bộ thôn Một", box=BLACK_BOX, page=1):
    return WaitingValue("ab" * 32, section, field, row, page, box, raw, 90, True)


def test_picture_shows_the_box_with_a_margin(scan):
    white = (6000, 6000, 7000, 7000)
    pictures = cut_pictures(scan, [(1, BLACK_BOX), (1, white)])
    dark, light = (
        Image.open(io.BytesIO(base64.b64decode(pictures[1, box]))).convert("L")
        for box in (BLACK_BOX, white)
    )
    assert dark.getpixel((dark.width // 2, dark.height // 2)) < 20
    assert dark.getpixel((2, 2)) > 230
    assert light.getpixel((light.width // 2, light.height // 2)) > 230


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 broken", b"\x89PNG\r\n\x1a\n....", b"MZ"])
def test_broken_file_has_no_pictures_and_no_crash(tmp_path, content):
    (tmp_path / "broken").write_bytes(content)
    assert cut_pictures(tmp_path / "broken", [(1, BLACK_BOX), (2, BLACK_BOX)]) == {}


def test_page_that_is_not_there_leaves_those_that_are(scan):
    assert set(cut_pictures(scan, [(7, BLACK_BOX), (1, BLACK_BOX)])) == {(1, BLACK_BOX)}


def test_all_that_was_read_is_escaped():
    page = confirm_page(CAMPAIGN, "<b>x.pdf", [value("name", '"><script>alert(1)</script>')], {})
    assert "<script>alert" not in page and "<b>x" not in page


@needs_chromium
@pytest.mark.long
def test_officer_confirms_and_corrects_from_the_keyboard(tmp_path, playwright, scan):
    values = [
        value("document_number", "12-BC/ĐU", "info", None),
        value("members_total", "20"),
        value("members_attended", "1B"),
        value("held_on", "04/4/2022"),
        value("name", "Chi bộ thôn Hai", row="Chi bộ thôn Hai"),
    ]
    page_file = tmp_path / "confirm.html"
    page_file.write_text(
        confirm_page(CAMPAIGN, "scan.png", values, cut_pictures(scan, [(1, BLACK_BOX)])), "utf-8"
    )
    with browser(playwright, tmp_path / "profile") as context:
        page = context.new_page()
        problems = []
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(page_file.as_uri())
        assert page.locator("#values img").count() == 5
        page.keyboard.press("Enter")  # the number of the document
        page.keyboard.press("Enter")  # 20 members
        page.keyboard.type("18")  # the text was selected: it is replaced
        page.keyboard.press("Shift+Enter")  # and the day of the same row
        assert page.locator("#done").inner_text() == "4"
        answers = [json.loads(line) for line in page.locator("#result").input_value().splitlines()]
    assert [(a["field"], a["value"]) for a in answers] == [
        ("document_number", "12-BC/ĐU"),
        ("members_total", "20"),
        ("members_attended", "18"),
        ("held_on", "04/4/2022"),
    ]
    assert set(answers[0]) == {"sha256", "page", "box", "section", "field", "value"}
    assert problems == []
