"""Numbers that the guideline asks of each commune: one that is given nowhere is a warning, once."""

from __future__ import annotations

import datetime as dt

import pytest
from made_facts import (
    GOOD_CELL,
    GOOD_INFO,
    UNIT_COUNTS,
    Report,
    commune_report,
    night,
    org_report,
    rows,
)
from nights import Report as SentReport
from nights import night as warehouse_night

from expectations.rules import checks
from sources.campaigns import CampaignError, load_campaign

CAMPAIGN = load_campaign()
LATER = dt.datetime.fromisoformat("2022-04-17T08:00:00+07:00")
ASKED = [f.key for s in CAMPAIGN.form.sections for f in s.fields if f.asked]
NOT_HELD = {
    **GOOD_CELL,
    **dict.fromkeys(("held_on", "mode", "members_attended", "members_assigned")),
    **dict.fromkeys(("content_1", "content_2", "content_3", "committee_attended", "covid_safe")),
}


def totals(**changed) -> Report:
    """A commune's report of totals alone."""
    return commune_report().but(info={**GOOD_INFO, **changed}, cells=[], villages=[], orgs=[])


def with_cells(*cells: dict, **changed) -> Report:
    return commune_report().but(
        info={**GOOD_INFO, **changed}, cells=list(cells), villages=[], orgs=[]
    )


def without(section: str, *keys: str) -> Report:
    """A report whose table has no such column and whose totals do not say it either."""
    report = commune_report()
    table = [{k: v for k, v in row.items() if k not in keys} for row in getattr(report, section)]
    info = {k: v for k, v in report.info.items() if not k.startswith(("members", "village"))}
    return report.but(info=info, **{section: table})


def found(folder, *reports: Report) -> list[dict]:
    con = night(folder, CAMPAIGN, list(reports))
    return rows(con, "FROM finding WHERE rule = 'number_missing' ORDER BY ALL")


def missing(folder, *reports: Report) -> list[str]:
    return [f["field"] for f in found(folder, *reports)]


def test_guideline_asks_for_these_counts():
    assert ASKED == [
        "directing_documents",
        "members_total",
        "members_attended",
        "committee_members_assigned",
        "members_assigned",
        "prospects_introduced",
        "villages_total",
        "village_heads_party",
        "news_items",
    ]


@pytest.mark.parametrize("key", ASKED)
def test_number_that_is_given_nowhere_is_a_warning(tmp_path, key):
    blank = {key: None}
    if key == "villages_total":  # which limits the heads
        blank["village_heads_party"] = None
    hits = found(tmp_path, totals(**blank))
    assert {f["field"] for f in hits} == set(blank)
    hit = next(f for f in hits if f["field"] == key)
    label = CAMPAIGN.form.field("info", key).label
    assert (hit["severity"], hit["section"], hit["row_name"]) == ("warning", "info", None)
    assert (hit["sheet"], hit["cell"]) == ("info", f"{key}:0")
    assert hit["message"] == (
        f"Đơn vị chưa có số liệu về {label[0].lower()}{label[1:]} ở bất cứ chỗ nào trong báo cáo. "
        "Đề nghị bổ sung; nếu không có, đề nghị ghi 0."
    )


def test_column_that_no_row_fills_in_is_one_warning(tmp_path):
    one, other = GOOD_CELL, {**GOOD_CELL, "name": "Chi bộ khác"}
    cells = [{**c, "members_attended": None} for c in (one, other)]
    assert missing(tmp_path, with_cells(*cells, members_attended=None)) == ["members_attended"]


@pytest.mark.parametrize(
    ("section", "columns", "fields"),
    [
        ("cells", ["members_attended"], ["members_attended"]),
        ("cells", ["members_assigned"], ["members_assigned"]),
        ("villages", ["head_is_party"], ["village_heads_party"]),
    ],
)
def test_column_that_the_report_lacks_is_one_warning(tmp_path, section, columns, fields):
    assert missing(tmp_path, without(section, *columns)) == fields


# what gives the number all the same, or makes it no lack
GIVEN = {
    "all of them": [totals()],
    "rows alone": [commune_report().but(info=UNIT_COUNTS)],
    "one row of many": [
        with_cells(
            GOOD_CELL,
            {**GOOD_CELL, "name": "Chi bộ khác", "members_attended": None},
            members_attended=None,
        )
    ],
    "a zero": [totals(news_items=0, prospects_introduced=0, prospects_village_heads=0)],
    "an earlier file": [
        totals(),
        totals(news_items=None).but(received_at=LATER, content={"declares": "correction"}),
    ],
    "a later file": [
        totals(news_items=None),
        totals().but(received_at=LATER, content={"declares": "correction"}),
    ],
    "attendance where no cell met yet": [
        with_cells(NOT_HELD, members_attended=None, cells_held=None)
    ],
    "attendance where the total says that none met": [
        totals(cells_held=0, cells_held_separately=0, cells_held_combined=0, members_attended=None)
    ],
    "an organisation of the district": [org_report()],
}


@pytest.mark.parametrize("name", GIVEN)
def test_given_number_is_not_missing(tmp_path, name):
    assert missing(tmp_path, *GIVEN[name]) == []


def test_several_files_without_it_are_one_warning(tmp_path):
    files = [totals(news_items=None), totals(news_items=None).but(received_at=LATER)]
    (hit,) = found(tmp_path, *files)
    assert hit["submission_id"] == "s001"


def test_number_that_could_not_be_read_is_not_missing(tmp_path):
    unread = {
        "rule": "label_unknown",
        "section": "info",
        "row": 0,
        "field": "news_items",
        "value": "nhiều tin bài",
        "message": "Không rõ.",
    }
    assert missing(tmp_path, totals(news_items=None).but(findings=[unread])) == []


def test_returned_file_lacks_nothing_as_well(tmp_path):
    assert missing(tmp_path, totals(news_items=None, members_attended=51)) == []


def test_no_file_can_be_returned_for_it():
    severity = {**CAMPAIGN.severity, "number_missing": "error"}
    with pytest.raises(CampaignError, match=r"severity\.number_missing: compares a file with"):
        checks(CAMPAIGN.model_copy(update={"severity": severity}))


def test_missing_number_takes_a_point_from_the_score(tmp_path):
    unit, moment = "07525", "2022-04-16T08:00:00+07:00"
    given = {k: v for k, v in GOOD_INFO.items() if k != "members_attended"}
    reports = [SentReport(unit, moment, info={**given, "document_date": None})]
    with warehouse_night(tmp_path, CAMPAIGN, reports, "2022-04-19T20:00:00+07:00") as con:
        found = con.execute("SELECT field, about, counted FROM finding").fetchall()
        score = con.execute(
            "SELECT warnings, score FROM unit_quality WHERE unit_code = ?", [unit]
        ).fetchall()
        status = con.execute("SELECT status FROM submission").fetchall()
    assert found == [("members_attended", "report", True)]
    assert (score, status) == ([(1, 99)], [("accepted",)])
