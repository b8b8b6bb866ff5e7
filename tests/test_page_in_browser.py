"""tien-do.html in a real browser: search, filters, sorting, dialogs, keyboard."""

import datetime as dt
import json
import re
from pathlib import Path

import duckdb
import pytest
from browser import Visit, needs_chromium
from playwright.sync_api import BrowserContext, Locator
from small_warehouse import FORMULA, HOSTILE, build_warehouse

from sources.campaigns import load_campaign
from warehouse.reports.documents import PAGE
from warehouse.reports.progress_page import write_page
from warehouse.why import why

pytestmark = [needs_chromium, pytest.mark.long]
AS_OF = "2022-04-19T20:00:00+07:00"


def rows(home: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        return con.execute(query).fetchall()


def shown_units(visit: Visit) -> list[str]:
    return visit.texts("#bang-don-vi tbody th")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("phong", ["Xã Phong Minh", "Xã Phong Vân"]),
        ("DEO gia", ["Xã Đèo Gia"]),
        ("đèo gia", ["Xã Đèo Gia"]),
        ("tan son sua", ["Xã Tân Sơn"]),  # by the name of its file
        ("huyen doan", ["Huyện đoàn", "Liên đoàn Lao động huyện"]),
        ("không có xã này", []),
    ],
)
def test_a_unit_is_found_with_or_without_accents(visit: Visit, said: str, found: list[str]) -> None:
    visit.go().page.get_by_label("Tìm").fill(said)
    assert sorted(shown_units(visit)) == found
    assert visit.texts("#con-lai") == [f"Hiện {len(found)} trên 35 đơn vị"]


@pytest.mark.parametrize(
    ("state", "condition"),
    [
        ("Đã nhận đúng hạn", "status = 'accepted' AND on_time"),
        ("Nộp muộn", "status = 'accepted' AND NOT on_time"),
        ("Bị trả lại", "status = 'returned'"),
        ("Chưa báo cáo", "status = 'missing'"),
    ],
)
def test_the_filter_by_status_shows_just_the_units_of_that_status(
    visit: Visit, home: Path, state: str, condition: str
) -> None:
    visit.go().page.get_by_label("Tình trạng").select_option(label=state)
    units = [name for (name,) in rows(home, f"SELECT unit_name FROM unit_status WHERE {condition}")]
    assert sorted(shown_units(visit)) == sorted(units) != []


def test_the_filter_by_type_shows_just_the_units_of_that_type(visit: Visit) -> None:
    visit.go().page.get_by_label("Loại đơn vị").select_option(label="MTTQ, tổ chức cấp huyện")
    assert len(shown_units(visit)) == 6
    visit.page.get_by_role("button", name="Bỏ lọc").click()
    assert len(shown_units(visit)) == 35


@pytest.mark.parametrize(
    ("column", "key"),
    [
        ("Nhận lúc", "SELECT epoch(received_at) FROM submission WHERE file_name = ?"),
        (
            "Chi bộ đã sinh hoạt",
            "SELECT cells_held FROM unit_status JOIN unit_summary USING (unit_code) "
            "WHERE unit_name = ?",
        ),
        ("Lỗi", None),
    ],
)
def test_column_sorts_both_ways_with_blanks_last(
    visit: Visit, home: Path, column: str, key: str | None
) -> None:
    header = visit.go().page.locator("#bang-don-vi thead th", has_text=column)
    asked = 3 if column == "Nhận lúc" else 0
    for direction in ("ascending", "descending"):
        header.get_by_role("button").click()
        assert header.get_attribute("aria-sort") == direction
        keys = [
            _key(home, key, row, asked) for row in visit.page.locator("#bang-don-vi tbody tr").all()
        ]
        known = [k for k in keys if k is not None]
        assert known == sorted(known, reverse=direction == "descending") != []
        assert keys == known + [None] * (len(keys) - len(known))


def _key(home: Path, query: str | None, row: Locator, asked: int) -> float | None:
    """What a row of the table is to be sorted by, by the warehouse; else by what its cell says."""
    cells = row.locator("th, td").all_inner_texts()
    if query is None:
        return int(cells[-3]) if cells[-3] else None
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        found = con.execute(query, [cells[asked]]).fetchone()
    return found[0] if found else None


def test_copied_link_restores_the_view(visit: Visit) -> None:
    visit.go().page.get_by_label("Tìm").fill("son")
    visit.page.get_by_label("Tình trạng").select_option(label="Đã nhận đúng hạn")
    visit.page.get_by_role("button", name="Nhận lúc").click()
    visit.page.get_by_role("row", name="Xã Tân Sơn").get_by_role("link").click()
    address, units = visit.address(), shown_units(visit)
    assert address == "tim=son&tinh-trang=on_time&sap=nhan&don-vi=07531"
    visit.go(address)
    assert visit.texts("#ho-so-ten") == ["Xã Tân Sơn"]
    assert shown_units(visit) == units != []
    assert visit.page.get_by_label("Tìm").input_value() == "son"


def test_back_closes_dialog_and_unknown_address_opens_nothing(visit: Visit, home: Path) -> None:
    visit.go().page.get_by_role("row", name="Xã Tân Sơn").get_by_role("link").click()
    [(members,)] = rows(home, "SELECT members_total FROM unit_summary WHERE unit_code = '07531'")
    visit.page.get_by_role("link", name=str(members), exact=True).click()
    visit.page.go_back()
    assert visit.texts("#ho-so-ten") == ["Xã Tân Sơn"]
    visit.page.go_back()
    assert visit.texts("#ho-so-ten") == []
    for nothing in (
        "don-vi=__proto__",
        "so=constructor",
        "don-vi=99999&so=cells_held&x=%3Cscript%3E",
        "%ZZ",
    ):
        visit.go(nothing)
        assert "<script>" not in visit.page.content().partition('id="nguon"')[0]
        assert len(shown_units(visit)) == 35


def test_unit_dialog_shows_numbers_files_findings_decisions_changes(
    visit: Visit, home: Path
) -> None:
    visit.go("don-vi=07531")
    dialog = " ".join(visit.texts("dialog"))
    assert "Mã đơn vị: 07531" in dialog, "decisions and the feedback's folder go by it"
    for name, value in rows(
        home,
        "UNPIVOT (SELECT cells_held, members_attended, news_items FROM unit_summary WHERE "
        "unit_code = '07531') ON COLUMNS(*)",
    ):
        label = load_campaign().form.field("info", name).label
        assert f"{label} {value}" in dialog
    for (file_name,) in rows(home, "SELECT file_name FROM submission WHERE unit_code = '07531'"):
        assert f"{file_name} nhận lúc" in dialog
    changed = rows(home, "SELECT count(*) FROM submission_change WHERE unit_code = '07531'")[0][0]
    assert f"Tệp gửi sau đã thay đổi {changed} số liệu, hiện 40" in dialog
    assert "Quyết định số 1, canbo, 18/04/2022 08:00. Lý do: tên ghi trong báo cáo cũ <b>" in dialog
    findings = rows(
        home,
        "SELECT sheet, cell, message FROM finding WHERE unit_code = '07531' AND NOT replaced",
    )
    assert len(findings) > 3
    for sheet, cell, message in findings:
        # rows missing from a later file have a sheet and no cell
        place = f"{sheet} {cell}" if cell else sheet
        assert f"{place} " in dialog and message in dialog


def test_unit_without_report_says_so(visit: Visit) -> None:
    dialog = " ".join(visit.go("don-vi=07609").texts("dialog"))
    assert (
        "Chưa báo cáo" in dialog
        and "Chưa có số liệu nào" in dialog
        and "Chưa có tệp nào." in dialog
    )


def test_every_number_opens_to_the_warehouse_value(visit: Visit, home: Path) -> None:
    """For every number that opens: its value, each unit's part, and each place behind it are those
    of `tonghop why`."""
    visit.go()
    names = sorted(
        set(visit.page.eval_on_selector_all("[data-so]", "all => all.map(e => e.dataset.so)"))
    )
    assert len(names) >= 15
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        for name in names:
            answer = why(con, name)
            visit.go(f"so={name}")
            assert visit.texts("dialog .number")[0].split()[0] == answer.printed
            given = _opened(visit)
            assert sum(number for number, _ in given.values()) == answer.value, name
            places: dict[str, set[tuple[str, str]]] = {}
            for part in answer.parts:
                places.setdefault(part.unit_name, set()).update(
                    (f"{p.file_name} · {p.sheet}!{p.cell}", p.raw_text or "(để trống)")
                    for p in part.places
                )
            assert {unit: listed for unit, (_, listed) in given.items()} == places, name


def _opened(visit: Visit) -> dict[str, tuple[int, set[tuple[str, str]]]]:
    """By unit of the number that is open: its part, and the places and raw texts behind it."""
    visit.page.eval_on_selector_all("dialog details", "all => all.forEach(d => { d.open = true; })")
    visit.page.wait_for_function(
        "[...document.querySelectorAll('dialog details')].every(d => d.children.length > 1)"
    )
    details = visit.page.eval_on_selector_all(
        "dialog details",
        """all => all.map(d => [
        d.querySelector('summary span').textContent, d.querySelector('summary b').textContent,
        [...d.querySelectorAll('tbody tr')].map(r => [r.cells[2].textContent, r.cells[3].textContent])])""",
    )
    return {
        unit: (int(number.replace(".", "")), {tuple(place) for place in places})
        for unit, number, places in details
    }


def test_unit_number_opens_to_its_place_and_campaign_total(visit: Visit, home: Path) -> None:
    visit.go("don-vi=07531").page.get_by_role("link", name="24", exact=True).first.click()
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        (place,) = why(con, "villages_total", "07531").parts[:1]
    assert place.computed == "count(*)"
    visit.go("don-vi=07531&so=news_items")
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        (place,) = why(con, "news_items", "07531").parts[0].places
    assert (
        f"{place.file_name} · {place.sheet}!{place.cell} {place.raw_text}"
        in visit.texts("dialog tbody tr")[0]
    )
    visit.page.locator("dialog a").first.click()
    assert visit.address() == "so=news_items"


def test_every_unit_has_a_tile_that_opens_it(visit: Visit) -> None:
    visit.go()
    assert len(visit.texts("a.tile")) == 35
    assert visit.page.locator(".placed a.tile").count() == 29
    visit.page.get_by_role("link", name=re.compile("Phì Điền.*Bị trả lại")).click()
    assert visit.texts("#ho-so-ten") == ["Xã Phì Điền"]


def test_status_count_shows_its_units(visit: Visit) -> None:
    visit.go().page.locator("a[data-show=missing]").first.click()
    assert shown_units(visit) == ["Xã Phú Nhuận", "Xã Đèo Gia"]
    assert visit.address() == "tinh-trang=missing"


def test_page_works_with_keyboard_alone(visit: Visit) -> None:
    page = visit.go().page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Đến nội dung chính"
    _tab_to(visit, "document.activeElement.name === 'tim'")
    page.keyboard.type("tan son")
    _tab_to(visit, "document.activeElement.closest('th[data-k=nhan]')")
    page.keyboard.press("Enter")
    assert visit.address() == "tim=tan+son&sap=nhan"
    _tab_to(visit, "document.activeElement.closest('tbody th')")
    opener = page.evaluate("document.activeElement.href")
    page.keyboard.press("Enter")
    assert visit.texts("#ho-so-ten") == ["Xã Tân Sơn"]
    _tab_to(visit, "document.activeElement.closest('dialog dd')")
    page.keyboard.press("Enter")
    _tab_to(visit, "document.activeElement.id === 'ho-so-lui'")
    page.keyboard.press("Enter")
    assert visit.texts("#ho-so-ten") == ["Xã Tân Sơn"]
    page.keyboard.press("Escape")
    assert visit.texts("#ho-so-ten") == []
    assert page.evaluate("document.activeElement.href") == opener


def _tab_to(visit: Visit, there: str, most: int = 120) -> None:
    """Tabs on until there; whatever has the focus on the way must be seen to have it."""
    for _ in range(most):
        visit.page.keyboard.press("Tab")
        if visit.page.evaluate("document.activeElement === document.body"):
            continue
        outline, height = visit.page.evaluate("""(() => { const e = document.activeElement;
            return [getComputedStyle(e).outlineStyle, e.getBoundingClientRect().height]; })()""")
        assert outline != "none" and height > 0, visit.page.evaluate(
            "document.activeElement.outerHTML"
        )
        if visit.page.evaluate(f"Boolean({there})"):
            return
    raise AssertionError(f"{most} tabs do not lead there: {there}")


def test_unit_text_is_shown_and_never_run(context: BrowserContext, tmp_path: Path) -> None:
    database = build_warehouse(tmp_path / "warehouse.duckdb", load_campaign())
    with duckdb.connect(str(database), read_only=True) as con:
        write_page(
            con, load_campaign(), dt.datetime.fromisoformat(AS_OF), tmp_path / PAGE.file_name
        )
    visit = Visit(context, tmp_path / PAGE.file_name)
    visit.page.on("dialog", lambda dialog: visit.complaints.append(dialog.message))
    dialog = visit.go("don-vi=07537").texts("dialog")[0]
    assert HOSTILE in dialog and FORMULA in dialog
    assert visit.page.locator("dialog script").count() == 0
    assert visit.complaints == []
    assert json.loads(visit.page.locator("#nguon").text_content())["units"]
    visit.page.close()
