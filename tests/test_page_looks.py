"""The look of tien-do.html: every width, print, accessibility, without script."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import Visit, browser, needs_chromium
from playwright.sync_api import Playwright

pytestmark = [needs_chromium, pytest.mark.long]
WIDTHS = {360: 740, 768: 1024, 1100: 800, 1220: 800, 1280: 800, 1920: 1080, 3840: 2160}
STATES = {  # what is shown, and the address of it
    "list": "",
    "filtered": "tim=phong&tinh-trang=on_time&sap=-nhan",
    "unit": "don-vi=07531",
    "unit returned": "don-vi=07582",
    "number": "so=cells_held",
    "number of a unit": "don-vi=07531&so=cells_held",
}


def test_page_of_35_units_stays_below_a_megabyte(file: Path) -> None:
    assert file.stat().st_size < 1_000_000


@pytest.mark.parametrize("address", STATES.values(), ids=STATES)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_width_scrolls_sideways(visit: Visit, width: int, address: str) -> None:
    visit.page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    visit.go(address)
    for element in ("document.documentElement", "document.getElementById('ho-so')"):
        assert visit.page.evaluate(f"{element}.scrollWidth - {element}.clientWidth") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", STATES.values(), ids=STATES)
def test_the_accessibility_audit_has_no_serious_violation(
    visit: Visit, address: str, scheme: str
) -> None:
    visit.page.emulate_media(color_scheme=scheme)
    for width in (360, 1280, 3840):
        visit.page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        visit.go(address)
        visit.page.eval_on_selector_all(
            "dialog details", "all => all.slice(0, 1).forEach(d => { d.open = true; })"
        )
        found = Axe().run(visit.page).response["violations"]
        assert [
            (v["id"], v["impact"], [n["html"] for n in v["nodes"]][:3])
            for v in found
            if v["impact"] in ("serious", "critical")
        ] == []


def test_table_prints_on_one_sheet(visit: Visit, tmp_path: Path) -> None:
    text = _printed(visit.go(), tmp_path / "wall.pdf", pages=1)
    assert text.count("/") > 35 and "Tìm" not in text and "Đóng" not in text
    for name in visit.texts("#bang-don-vi tbody th"):
        assert name in text
    assert (
        "32/35 đơn vị đã báo cáo: 31 đã nhận đúng hạn, 1 nộp muộn, 1 bị trả lại, 2 chưa báo cáo."
        in text
    )
    assert "Hiện" not in text


def test_filtered_list_is_printed_filtered_even_with_open_unit(
    visit: Visit, tmp_path: Path
) -> None:
    text = _printed(visit.go("tim=phong&don-vi=07531"), tmp_path / "some.pdf", pages=1)
    assert "Hiện 2 trên 35 đơn vị" in text and "Xã Phong Vân" in text and "Xã Tân Sơn" not in text


def _printed(visit: Visit, target: Path, pages: int) -> str:
    """The text of the page printed to A4 landscape, on that many pages."""
    if not shutil.which("pdfinfo"):
        pytest.skip(
            "no pdfinfo here (Debian's package poppler-utils): nobody counts the printed pages"
        )
    visit.page.pdf(path=target, prefer_css_page_size=True, print_background=True)
    about = subprocess.run(["pdfinfo", target], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Pages:\s+(\d+)", about)[1] == str(pages)
    assert [
        round(float(side))
        for side in re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", about).groups()
    ] == [842, 595]
    return subprocess.run(
        ["pdftotext", "-layout", target, "-"], capture_output=True, text=True, check=True
    ).stdout


def test_page_is_complete_without_script(
    playwright: Playwright, tmp_path: Path, file: Path
) -> None:
    with browser(playwright, tmp_path / "profile", java_script_enabled=False) as plain:
        page = plain.new_page()
        page.goto(f"file://{file}")
        said = page.inner_text("body")
        assert page.locator("#bang-don-vi tbody tr").count() == 35
        assert not page.locator("#loc").is_visible()
        for expected in (
            "Cần đôn đốc ai?",
            "Xã Phì Điền",
            "23/24",
            "Số dự nhiều hơn tổng số",
            "Tệp gửi trùng",
        ):
            assert expected in said
