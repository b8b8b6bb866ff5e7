"""The campaign in a real browser, from an empty home, as an officer works."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import browser, needs_chromium
from campaign_folders import copy_campaign
from desks import RunningDesk
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from flows.desk.rendering import SECTIONS
from sources.campaigns import load_campaign
from sources.samples import write_samples
from sources.unit_links import UnitLinks

pytestmark = [needs_chromium, pytest.mark.long]
NIGHT_SECONDS, CHECK_SECONDS = 300_000, 120_000  # milliseconds
WIDTHS = {360: 640, 1280: 800, 3840: 2160}


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    write_samples(folder, load_campaign())
    return sorted(p for p in folder.iterdir() if not p.name.startswith("."))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    campaign = copy_campaign(folder / "campaign")
    with (campaign / "campaign.toml").open("a", encoding="utf-8") as file:
        file.write("\n[unit_links]\nenabled = true\n")
    desk = RunningDesk(folder / "home", "--campaign", str(campaign))
    yield desk
    desk.stop()


@pytest.fixture(scope="module")
def context(tmp_path_factory):
    with (
        sync_playwright() as playwright,
        browser(playwright, tmp_path_factory.mktemp("profile")) as context,
    ):
        yield context


@pytest.fixture(scope="module")
def worked(desk: RunningDesk, context: BrowserContext, reports) -> list[str]:
    """What the browser complained of while all reports were brought, and a night was run."""
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(desk.link)
    page.set_input_files("#chon-tep", reports)
    lines = page.locator("[data-new-files] tr")
    expect(lines).to_have_count(len(reports), timeout=CHECK_SECONDS)
    expect(page.locator("[data-new-files] .waiting")).to_have_count(0, timeout=CHECK_SECONDS)
    expect(page.locator("[data-new-files] .file-state.returned").first).to_be_visible()
    page.get_by_role("button", name="Tổng hợp ngay").click()
    expect(page.get_by_text("Tổng hợp xong.")).to_be_visible(timeout=NIGHT_SECONDS)
    page.get_by_role("link", name="Xem kết quả").click()
    expect(page.get_by_text("32/35 đơn vị có báo cáo được tổng hợp")).to_be_visible()
    page.close()
    return complaints


def test_campaign_is_consolidated_without_a_terminal(worked):
    assert worked == []


@pytest.mark.parametrize("path", [path for path, _ in SECTIONS])
def test_page_is_accessible_at_every_width(desk, context, worked, path):
    assert_accessible(context, desk.address + path)


def test_units_own_pages_are_accessible_at_every_width(desk, context, worked, reports):
    door = f"{desk.address}/dv/{UnitLinks(desk.home / 'desk').token('07525')}"
    page = context.new_page()
    page.goto(door)
    name = "Báo cáo kết quả sinh hoạt chuyên đề của Đảng bộ thị trấn Chũ (bản sửa lần hai).xlsx"
    content = next(p for p in reports if p.suffix == ".xlsx").read_bytes()
    page.set_input_files("#chon-tep", {"name": name, "mimeType": "", "buffer": content})
    line = page.locator("[data-new-files] tr")
    expect(line.locator(".file-state")).to_be_visible(timeout=CHECK_SECONDS)
    pages = [a.get_attribute("href") for a in line.locator("a").all()]
    page.close()
    for address in (door, *(desk.address + str(path) for path in pages)):
        assert_accessible(context, address)


def assert_accessible(context: BrowserContext, address: str) -> None:
    """No width scrolls sideways, axe finds nothing serious, and nothing is complained of."""
    complaints: list[str] = []
    page: Page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        serious = [
            (found["id"], found["impact"], [node["html"] for node in found["nodes"]][:3])
            for found in Axe().run(page).response["violations"]
            if found["impact"] in ("serious", "critical")
        ]
        assert serious == []
    assert complaints == []
    page.close()


def test_dropped_file_is_sent_like_a_chosen_one(desk, context, worked, reports):
    page = context.new_page()
    page.goto(f"{desk.address}/tep")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["không phải báo cáo"], "thả vào.xlsx"));
            document.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true}));
        }"""
    )
    line = page.locator("[data-new-files] tr", has_text="thả vào.xlsx")
    expect(line).to_contain_text("Từ chối", timeout=CHECK_SECONDS)
    page.close()


def test_keyboard_reaches_the_content_and_the_button(desk, context, worked):
    page = context.new_page()
    page.goto(desk.address)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Tới nội dung chính")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Tổng hợp ngay":
            break
    else:
        pytest.fail("the button is not reached by the keyboard")
    page.close()
