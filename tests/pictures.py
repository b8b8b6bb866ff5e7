"""Makes the pictures of docs/images from the sample of `make run`: `python tests/pictures.py`;
check them afterwards.

Needs chromium, LibreOffice and poppler, as the tests of the page and of the report do.
"""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from browser import Visit, browser
from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES, HOME = ROOT / "docs" / "images", ROOT / "run" / "home"
PAGES = {"don-vi": "don-vi=07582", "con-so": "so=cells_held"}
PAPER = {  # file under the home, resolution, and what of its first page is shown, in pixels
    "bao-cao": ("reports/*/bao-cao-tong-hop.docx", 80, (0, 0, 660, 932)),
    "cho-can-sua": ("feedback/07582/*.xlsx", 110, (40, 60, 1250, 340)),
}


def main() -> None:
    """Writes each picture over the one before it."""
    subprocess.run(["make", "run"], cwd=ROOT, check=True)
    (page,) = HOME.glob("reports/*/tien-do.html")
    with TemporaryDirectory() as scratch, sync_playwright() as playwright:
        with browser(playwright, Path(scratch) / "800", device_scale_factor=0.625) as context:
            Visit(context, page, 1280, 1500).go().page.screenshot(path=IMAGES / "tien-do.png")
        with browser(playwright, Path(scratch) / "1100") as context:
            for name, address in PAGES.items():
                visit = Visit(context, page, 1100, 640).go(address)
                if name == "con-so":
                    visit.page.locator("dialog summary").first.click()
                visit.page.screenshot(path=IMAGES / f"{name}.png")
        for name, (where, resolution, shown) in PAPER.items():
            (document,) = HOME.glob(where)
            paper = _paper(document, resolution, Path(scratch)).crop(shown)
            paper.quantize(64).save(IMAGES / f"{name}.png", optimize=True)


def _paper(document: Path, resolution: int, scratch: Path) -> Image.Image:
    """The document's first page."""
    subprocess.run(
        [
            "soffice",
            "--headless",
            f"-env:UserInstallation=file://{scratch}/office",
            "--convert-to",
            "pdf",
            "--outdir",
            scratch,
            document,
        ],
        check=True,
        capture_output=True,
    )
    printed = (scratch / document.name).with_suffix(".pdf")
    subprocess.run(
        ["pdftoppm", "-r", str(resolution), "-png", "-singlefile", printed, scratch / "page"],
        check=True,
    )
    return Image.open(scratch / "page.png").convert("RGB")


if __name__ == "__main__":
    main()
