"""A real browser for the tests of the page: Debian's chromium, without network or downloads."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium here (Debian's package chromium)"
)


@contextmanager
def browser(playwright: Playwright, profile: Path, **options: object) -> Iterator[BrowserContext]:
    """A browser with a profile of its own; its time zone is not the campaign's, so that none of its
    times can pass."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=CHROMIUM,
        headless=True,
        args=FLAGS,
        timezone_id="America/Lima",
        **options,
    )
    yield context
    context.close()


class Visit:
    """A page opened in the browser, and all that it complained of or asked the network for."""

    def __init__(
        self, context: BrowserContext, file: Path, width: int = 1280, height: int = 800
    ) -> None:
        self.file, self.complaints, self.asked = file, [], []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def go(self, address: str = "") -> "Visit":
        """Opens the page at that address after the #."""
        self.page.goto("about:blank")
        self.page.goto(f"file://{self.file}{'#' + address if address else ''}")
        return self

    def texts(self, selector: str) -> list[str]:
        """The visible texts of the elements, each on one line."""
        return [
            " ".join(text.split())
            for text in self.page.locator(selector).filter(visible=True).all_inner_texts()
        ]

    def address(self) -> str:
        """What stands after the # now."""
        return self.page.evaluate("decodeURIComponent(location.hash.slice(1))")
