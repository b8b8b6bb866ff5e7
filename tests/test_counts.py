"""Errors and warnings are counted once: terminal, figures, page and working file give the same numbers, and
the score of a unit is made from them."""

from __future__ import annotations

import datetime as dt
import re

import duckdb
import openpyxl
import pytest
from lxml import html
from nights import Report, fetch, night_file

from expectations.rules import built_in_rules, load_rules
from flows.commands.night_summary import night_summary
from flows.home.layout import Home
from sources.campaigns import load_campaign
from sources.decisions import Decision
from warehouse.ask import status
from warehouse.figures import figure_values
from warehouse.reports import wording
from warehouse.reports.progress_page import write_page
from warehouse.reports.working_file import write_working_file

CAMPAIGN = load_campaign()
AS_OF = dt.datetime.fromisoformat("2022-04-19T20:00:00+07:00")
FIRST, SECOND, THIRD, FOURTH, FIFTH = (u.code for u in CAMPAIGN.registry.communes[:5])
OUTSIDE = {"name": "Chi bộ A", "held_on": "2022-04-17", "members_total": 20, "members_attended": 19}
IMPOSSIBLE = {**OUTSIDE, "members_attended": 21}
INSIDE = {**OUTSIDE, "held_on": "2022-04-05"}
TOTALS_DIFFER = {"cells_total": 3}


def sent(unit: str, day: int, *cells: dict, **more) -> Report:
    return Report(unit, f"2022-04-{day}T08:00:00+07:00", cells=list(cells), **more)


REPORTS = [
    sent(FIRST, 16, OUTSIDE, info=TOTALS_DIFFER),
    sent(SECOND, 15, IMPOSSIBLE, info=TOTALS_DIFFER, file="lỗi.xlsx"),
    sent(SECOND, 16, INSIDE, file="đã sửa.xlsx"),  # its errors and warnings are replaced
    sent(THIRD, 16, IMPOSSIBLE, info=TOTALS_DIFFER),  # still to be corrected
    sent(FOURTH, 15, OUTSIDE),
    sent(FOURTH, 16, INSIDE, declares="replacement", file="thay thế.xlsx"),
    sent(FIFTH, 16, OUTSIDE, channel="mailbox", sender="la@example"),  # held
    Report("", "2022-04-16T09:00:00+07:00", file="hỏng.xlsx", unreadable=True),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    """A home with the night's warehouse, page and working file."""
    folder = tmp_path_factory.mktemp("counts")
    moment = dt.datetime.fromisoformat("2022-04-18T08:00:00+07:00")
    unmatched = Decision(
        decision_id=1,
        kind="withdraw",
        account="canbo",
        reason="thử",
        recorded_at=moment,
        holds_from=moment,
        submission_id="không có",
    )
    night_file(folder, CAMPAIGN, REPORTS, AS_OF.isoformat(), [unmatched])
    with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
        write_page(con, CAMPAIGN, AS_OF, folder / "tien-do.html")
        write_working_file(con, CAMPAIGN, AS_OF, folder / "lam-viec.xlsx")
    return Home(folder)


@pytest.fixture(scope="module")
def con(home):
    return duckdb.connect(str(home.warehouse), read_only=True)


def of_figures(con) -> tuple[int, int]:
    """The figures, which the report does not print."""
    figures = figure_values(con)
    return int(figures["findings_errors"].printed), int(figures["findings_warnings"].printed)


def of_line(lines: list[str]) -> tuple[int, int]:
    (line,) = [line for line in lines if "điểm cần lưu ý" in line]
    errors, warnings = re.findall(r"\d+", line)
    return int(errors), int(warnings)


def of_page(home) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """Errors and warnings: in the foot of the page's table of units, added up over its lines, and
    over the rules."""
    page = html.fromstring((home.folder / "tien-do.html").read_text("utf-8"))
    table = page.get_element_by_id("bang-don-vi")

    def numbers(rows):
        texts = [
            [td.text_content() for td in row.xpath("td[contains(@class, 'n')]")] for row in rows
        ]
        return tuple(sum(int(t[at] or 0) for t in texts) for at in (-3, -2))

    *untied, whole = table.xpath("tfoot/tr")
    by_rule = [0, 0]
    for row in page.xpath("//table[@class='rules']/tbody/tr"):
        severity, findings, _ = (td.text_content() for td in row.xpath("td"))
        by_rule[severity == "Lưu ý"] += int(findings)
    return numbers([whole]), numbers([*table.xpath("tbody/tr"), *untied]), tuple(by_rule)


def of_working_file(home) -> tuple[int, int]:
    """The working file's findings of files that still count, or are still to be corrected."""
    sheet = openpyxl.load_workbook(home.folder / "lam-viec.xlsx")["LV1 Sai sót, chênh lệch"]
    rows = list(sheet.iter_rows(values_only=True))
    head = next(row for row in rows if "Xử lý tệp" in row)
    lines = [(row[head.index("Xử lý tệp")], row[head.index("Mức")]) for row in rows]
    returned = (wording.FILE_STATES["returned"], wording.FILE_STATES["rejected"])
    return (
        sum(state in returned and severity == "Lỗi" for state, severity in lines),
        sum(
            state == wording.FILE_STATES["accepted"] and severity == "Lưu ý"
            for state, severity in lines
        ),
    )


def test_figures_terminal_page_and_working_file_count_the_same(home, con):
    errors, warnings = counted = of_figures(con)
    assert errors == 2  # the third commune's, and that of the file that cannot be read
    assert warnings > 2
    assert of_line(status(con)) == counted
    assert of_line(night_summary(home, AS_OF)) == counted
    assert of_page(home) == (counted, counted, counted)
    assert of_working_file(home) == counted


def test_only_what_is_still_open_is_counted(con):
    sql = (
        "SELECT DISTINCT coalesce(unit_code, ''), severity FROM finding WHERE counted "
        "AND rule IN ('outside_window', 'totals_differ', 'attended_exceeds_total', 'unreadable') ORDER BY ALL"
    )
    assert fetch(con, sql) == sorted([("", "error"), (FIRST, "warning"), (THIRD, "error")])
    assert fetch(con, "SELECT counted FROM finding WHERE rule = 'decision_unmatched'") == [(False,)]


def test_score_is_made_from_files_errors_and_warnings_of_the_report(con):
    found = {code: row for code, *row in fetch(con, "FROM unit_quality")}
    for sent_files, returned, errors, warnings, _, score in found.values():
        whole = 100 - 20 * returned - 5 * errors - warnings
        assert score == (max(0, whole) if sent_files else None)
    assert found[SECOND][:3] == [2, 1, 0]
    assert found[THIRD][:4] == [1, 1, 1, 0]
    assert found[THIRD][5] == 75
    assert found[FIFTH] == [0, 0, 0, 0, 0, None]
    assert found[FIRST][0] == 1 and found[FIRST][3] >= 1


def test_warnings_about_the_meeting_take_nothing_from_the_score(con):
    sql = "SELECT count(*) FROM finding WHERE counted AND unit_code = ? AND about = ?"
    ((meeting,),), ((report,),) = (fetch(con, sql, FIRST, a) for a in ("meeting", "report"))
    assert meeting >= 1
    assert fetch(
        con, "SELECT warnings, meeting_warnings, score FROM unit_quality WHERE unit_code = ?", FIRST
    ) == [(report, meeting, 100 - report)]


def test_score_and_its_formula_stand_on_the_page(home):
    page = html.fromstring((home.folder / "tien-do.html").read_text("utf-8"))
    cells = page.get_element_by_id(f"d-{THIRD}").xpath("td[contains(@class, 'score')]")
    assert [td.text_content() for td in cells] == ["75"]
    assert "trừ 20 cho mỗi tệp bị trả lại" in page.text_content()


def test_each_rule_about_meetings_is_a_rule():
    assert set(load_rules().about_meeting) <= built_in_rules()


def test_codes_have_labels_in_vietnamese(con):
    labels = dict(
        fetch(
            con,
            "SELECT code, label FROM code_label WHERE table_name = 'cell_meeting' AND column_name = 'kind'",
        )
    )
    assert labels["village"] == "Thôn, tổ dân phố" and len(labels) == 7
    unlabelled = (
        "SELECT DISTINCT rule FROM finding ANTI JOIN code_label ON code = rule AND table_name = 'finding' "
        "AND column_name = 'rule'"
    )
    assert fetch(con, unlabelled) == []
