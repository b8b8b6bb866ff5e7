"""Shared fixtures: the sample's files, a night's progress page, the browser that opens it."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Visit, browser
from playwright.sync_api import BrowserContext, Playwright, sync_playwright
from rerun_nights import add_to_inbox, run_night, write_two_samples

from flows.home.layout import Home
from flows.home.places import places_of_night
from sources.campaigns import load_campaign
from sources.decisions import DecisionLog
from sources.samples import write_samples
from warehouse.reports.documents import PAGE

# which is a plugin of the tests of mailboxes, and imported by them before
pytest.register_assert_rewrite("mailboxes")
AS_OF = "2022-04-19T20:00:00+07:00"
# returned; the one before counts on
LATER = (
    (2, "Xã Tân Sơn", "Tân Sơn sửa.xlsx", "2022-04-17T22:00:00+07:00"),  # corrects what counted
    (
        0,
        "Xã Biên Sơn",
        "Biên Sơn lỗi.xlsx",
        "2022-04-17T22:30:00+07:00",
    ),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest start first, so that no process has one of them left at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An inbox of the sample's files; a test that changes one changes a copy."""
    folder = tmp_path_factory.mktemp("sample") / "inbox"
    write_samples(folder, load_campaign())
    return folder


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after one night over the sample's files, two later ones and a decision; it is only read."""
    folder = tmp_path_factory.mktemp("sample")
    home, made = folder / "home", write_two_samples(folder / "made")
    add_to_inbox(LATER, made, made / "1")
    home.mkdir()
    decided = dt.datetime.fromisoformat("2022-04-18T08:00:00+07:00")
    DecisionLog(home).add(
        "alias",
        "canbo",
        "tên ghi trong báo cáo cũ <b>",
        decided,
        decided,
        unit_code="07531",
        name="Tân Sơn cũ",
    )
    run_night(made / "1", home, AS_OF)
    return home


@pytest.fixture(scope="session")
def file(home: Path) -> Path:
    return places_of_night(Home(home), dt.datetime.fromisoformat(AS_OF)).place_of(PAGE)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def context(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    with browser(playwright, tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def visit(context: BrowserContext, file: Path) -> Iterator[Visit]:
    """A visit that ends without a complaint of the browser and without a request but for the file
    itself."""
    visit = Visit(context, file)
    yield visit
    visit.page.close()
    assert visit.complaints == []
    assert {re.sub("#.*", "", url) for url in visit.asked} <= {f"file://{file}", "about:blank"}
