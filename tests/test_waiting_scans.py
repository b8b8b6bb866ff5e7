"""A unit whose only file is a scan that an officer has not yet confirmed has sent its report: no
document says that it has not."""

import datetime as dt

import duckdb
import openpyxl
import pytest
from lxml import html
from nights import Report, fetch, night_file
from test_decisions import decided

from sources.campaigns import load_campaign
from warehouse.ask import open_warehouse, status, why_lines
from warehouse.figures import figure_values
from warehouse.reports.annex import write_annex
from warehouse.reports.narrative import report_context
from warehouse.reports.party_words import in_sentence
from warehouse.reports.progress_page import write_page
from warehouse.why import why

CAMPAIGN = load_campaign()
AS_OF = dt.datetime.fromisoformat("2022-04-19T20:00:00+07:00")
INFO = {"cells_total": 9, "cells_held": 9, "members_total": 300, "members_attended": 250}
SCANNED, COUNTED, WITHDRAWN, OF_A_CELL = CAMPAIGN.registry.communes[:4]
SCAN = Report(SCANNED.code, "2022-04-15T08:00:00+07:00", INFO, file="quet.pdf", scanned=True)
WORD = Report(COUNTED.code, "2022-04-15T09:00:00+07:00", INFO)
WITHDRAWN_FILE = Report(WITHDRAWN.code, "2022-04-15T10:00:00+07:00", INFO)
CELL_FILE = Report(
    OF_A_CELL.code, "2022-04-15T11:00:00+07:00", INFO, issuer="part", issued_by="Chi bộ thôn Một"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A night with a scan on hold, a report that counts, one that was withdrawn and one of a part."""
    made = tmp_path_factory.mktemp("waiting")
    withdrawal = decided(1, "withdraw", submission_id=WITHDRAWN_FILE.submission_id)
    reports = [SCAN, WORD, WITHDRAWN_FILE, CELL_FILE]
    night_file(made, CAMPAIGN, reports, AS_OF.isoformat(), [withdrawal])
    with duckdb.connect(str(made / "warehouse.duckdb"), read_only=True) as con:
        write_page(con, CAMPAIGN, AS_OF, made / "tien-do.html")
    return made


@pytest.fixture(scope="module")
def con(folder):
    with open_warehouse(folder / "warehouse.duckdb") as opened:
        yield opened


def test_unit_status_stays_missing_while_its_scan_waits(con):
    states = dict(fetch(con, "SELECT unit_code, status FROM unit_status"))
    assert states[SCANNED.code] == "missing"
    assert fetch(con, "SELECT status FROM submission WHERE file_name = 'quet.pdf'") == [("held",)]


def test_waiting_units_are_counted_apart_from_those_that_have_not_sent(con):
    figures = {name: figure.value for name, figure in figure_values(con).items()}
    assert (figures["units_missing"], figures["units_waiting"]) == (34, 1)
    assert figures["units_not_sent"] == 33


def test_two_scans_of_one_unit_are_one_waiting_unit(tmp_path):
    other = Report(
        SCANNED.code, "2022-04-15T12:00:00+07:00", {**INFO, "cells_held": 8}, scanned=True
    )
    night_file(tmp_path, CAMPAIGN, [SCAN, other], AS_OF.isoformat())
    with open_warehouse(tmp_path / "warehouse.duckdb") as con:
        assert fetch(con, "SELECT status FROM submission") == [("held",), ("held",)]
        assert figure_values(con)["units_waiting"].value == 1


def test_unit_with_a_counted_report_and_a_scan_is_not_waiting(tmp_path):
    word = Report(SCANNED.code, "2022-04-15T07:00:00+07:00", {**INFO, "cells_held": 8})
    night_file(tmp_path, CAMPAIGN, [word, SCAN], AS_OF.isoformat())
    with open_warehouse(tmp_path / "warehouse.duckdb") as con:
        assert fetch(con, "SELECT status FROM submission") == [("accepted",), ("held",)]
        assert figure_values(con)["units_waiting"].value == 0
        assert not [line for line in status(con) if "đối chiếu" in line]


def test_why_names_the_scan_of_a_waiting_unit(con, folder):
    (part,) = why(con, "units_waiting").parts
    assert (part.unit_code, part.value) == (SCANNED.code, "held")
    assert [place.file_name for place in part.places] == ["quet.pdf"]
    lines = why_lines(folder / "warehouse.duckdb", "units_waiting", CAMPAIGN)
    assert not [line for line in lines if "chưa gửi" in line]


def test_report_lists_waiting_units_apart_from_those_that_have_not_sent(con):
    lists = report_context(con, CAMPAIGN, AS_OF)["ds"]
    assert lists["cho_doi_chieu"] == in_sentence(SCANNED.name, SCANNED.type)
    for unit in (WITHDRAWN, OF_A_CELL):
        assert in_sentence(unit.name, unit.type) in lists["chua_gui"]
    assert lists["cho_doi_chieu"] not in lists["chua_gui"]


def test_terminal_names_waiting_units_on_their_own_line(con):
    lines = status(con)
    assert f"Đã gửi, đang chờ cán bộ đối chiếu: {SCANNED.name}." in lines
    (not_sent,) = [line for line in lines if "Chưa gửi:" in line]
    assert SCANNED.name not in not_sent and WITHDRAWN.name in not_sent


def test_page_does_not_ask_a_waiting_unit_to_send_again(folder):
    page = html.fromstring((folder / "tien-do.html").read_text("utf-8"))
    items = {
        item.xpath("span")[0].text_content(): item
        for item in page.xpath("//section[@aria-labelledby='thuc-ai']//li")
    }
    waiting = items.pop(SCANNED.name)
    assert "đã gửi, đang đối chiếu" in waiting.text_content()
    assert waiting.xpath(".//a[starts-with(@href, 'mailto:')]") == []
    assert not [name for name, item in items.items() if "đang đối chiếu" in item.text_content()]


def test_annex_does_not_say_that_a_waiting_scan_was_not_sent(con, tmp_path):
    write_annex(con, CAMPAIGN, AS_OF, tmp_path / "phu-luc.xlsx")
    rows = (
        openpyxl.load_workbook(tmp_path / "phu-luc.xlsx").worksheets[0].iter_rows(values_only=True)
    )
    states = {row[1]: row[2] for row in rows}
    assert states[SCANNED.name] == "Đã gửi bản quét, đang đối chiếu"
    assert "Chưa gửi" in states.values()
