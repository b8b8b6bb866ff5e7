"""A second campaign with other units, dates and fields needs no change of code."""

import datetime as dt
import os
from pathlib import Path

import duckdb
import pytest
from nights import Report, fetch, night, one
from second_campaign import TOPIC, write_second_campaign

from flows import stages
from flows.night import Night, parse_night
from sources.blank_form import FormValues, fill_form
from warehouse.ask import run_query, status_lines, why_lines
from warehouse.figures import load_figures
from warehouse.reports.documents import ANNEX, DOCUMENTS, PAGE, REPORT

AS_OF = "2025-09-12T20:00:00+07:00"
IN_TIME, LATE = "2025-09-10T23:59:00+07:00", "2025-09-11T00:00:00+07:00"
CELLS = [
    {
        "name": "Chi bộ 1",
        "held_on": dt.date(2025, 8, 20),
        "mode": "separate",
        "members_total": 30,
        "members_attended": 28,
        "committee_attended": True,
        "content_1": True,
        "content_2": True,
        "content_3": True,
    },
    {
        "name": "Chi bộ 2",
        "held_on": dt.date(2025, 8, 19),
        "mode": "combined",
        "members_total": 12,
        "members_attended": 12,
        "committee_attended": True,
        "content_1": True,
        "content_2": True,
        "content_3": True,
    },
]
VILLAGES = [
    {
        "name": "Tổ dân phố 1",
        "head_is_party": True,
        "candidate_is_party": True,
        "party_members": 20,
    },
    {
        "name": "Tổ dân phố 2",
        "head_is_party": False,
        "candidate_is_party": True,
        "party_members": 9,
    },
]


def lines(organisation: str, *communes: str) -> list[dict]:
    return [
        {
            "organisation": organisation,
            "commune": c,
            "branches_total": 6,
            "branches_held": 6,
            "held_separately": 6,
            "held_combined": 0,
            "first_on": dt.date(2025, 8, 25),
            "last_on": dt.date(2025, 9, 5),
            "members_total": 70,
            "members_attended": 66,
            "content_1": True,
            "content_2": True,
            "content_3": True,
            "covid_safe": True,
        }
        for c in communes
    ]


REPORTS = [
    Report(
        "00101",
        IN_TIME,
        info={"banners": 7, "directing_documents": 2},
        cells=CELLS,
        villages=VILLAGES,
    ),
    Report("00102", LATE, info={"banners": 5, "cells_total": 3, "cells_held": 3}),
    Report(
        "1-HND",
        IN_TIME,
        info={"banners": 1},
        orgs=lines("farmers_union", "00101", "00102", "00103", "00104"),
    ),
]


@pytest.fixture(scope="module")
def campaign(tmp_path_factory):
    return write_second_campaign(tmp_path_factory.mktemp("campaign"))


@pytest.fixture(scope="module")
def con(tmp_path_factory, campaign) -> duckdb.DuckDBPyConnection:
    with night(tmp_path_factory.mktemp("night"), campaign, REPORTS, AS_OF) as opened:
        yield opened


@pytest.fixture(scope="module")
def home(tmp_path_factory, campaign) -> Path:
    """A home after a night over two filled forms, without the engine: the stages of the night one
    after another."""
    folder = tmp_path_factory.mktemp("forms")
    inbox, home, files = folder / "inbox", folder / "home", folder / "campaign"
    inbox.mkdir()
    given = {
        f.key: True
        for f in campaign.form.by_key["info"].fields
        if f.expected_rule == "material_missing"
    }
    write_second_campaign(files)
    _fill(
        inbox,
        campaign,
        "00101",
        FormValues(
            pairs={
                "info": {"unit": "00101", "banners": 7, "directing_documents": 2, **given},
                "text": {"advantages": "Được quan tâm chỉ đạo."},
            },
            rows={"cells": CELLS, "villages": VILLAGES, "orgs": lines("womens_union", "00101")},
        ),
    )
    _fill(
        inbox,
        campaign,
        "1-HND",
        FormValues(
            pairs={"info": {"unit": "1-HND", "banners": 1}},
            rows={"orgs": lines("farmers_union", "00101", "00102")},
        ),
    )
    tonight = parse_night(
        str(inbox), str(home), AS_OF, str(files), "run", now=dt.datetime.fromisoformat(AS_OF)
    )
    _run(tonight)
    return home


def test_tables_follow_the_fields_of_the_form(con):
    columns = {
        (t, c)
        for t, c in fetch(
            con, "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
        )
    }
    assert {("unit_summary", "banners"), ("campaign_summary", "banners")} <= columns
    assert not columns & {
        ("unit_summary", "news_items"),
        ("campaign_summary", "news_items"),
        ("village", "deputy_is_party"),
    }


def test_second_campaign_has_its_own_units_dates_and_sums(con):
    totals = one(
        con,
        """SELECT units_expected, units_reported, units_on_time, units_late, units_missing, cells_held,
                       cells_in_window, cells_out_of_window, cells_date_unknown, banners FROM campaign_summary""",
    )
    assert totals == (6, 3, 2, 1, 3, 5, 1, 1, 3, 13)
    assert one(con, "SELECT count(*) FROM org_meeting WHERE in_window") == 4


def test_report_figures_follow_the_form(con, campaign):
    printed = dict(fetch(con, "SELECT figure, printed FROM report_figure"))
    assert printed["banners"] == "13" and "news_items" not in printed
    assert not [name for name in printed if name.startswith("village_deputies")]
    assert {f.name for f in load_figures(campaign) if f.in_report} == printed.keys()


def test_filled_form_is_read_back_without_findings(home):
    assert (
        run_query(
            home / "warehouse.duckdb",
            "SELECT * FROM finding WHERE rule NOT IN ('outside_window', 'number_missing')",
            csv=True,
        ).count("\n")
        == 0
    )
    status = run_query(
        home / "warehouse.duckdb", "SELECT file_name, status FROM submission ORDER BY 1", csv=True
    )
    assert status.splitlines()[1:] == ["00101.xlsx,accepted", "1-HND.xlsx,accepted"]


def test_warehouse_has_the_values_of_the_form(home, campaign):
    query = "SELECT unit_code, banners, cells_held, village_heads_party, advantages FROM unit_summary ORDER BY 1"
    table = run_query(home / "warehouse.duckdb", query, csv=True)
    assert table.splitlines()[1:] == ["00101,7,2,1,Được quan tâm chỉ đạo.", "1-HND,1,,,"]
    why = why_lines(home / "warehouse.duckdb", "banners", campaign)
    assert any("00101.xlsx" in line and "“7”" in line for line in why)


def test_report_annex_and_page_are_written(home):
    folder = home / "reports" / AS_OF[:10]
    assert all((folder / document.file_name).stat().st_size for document in (REPORT, ANNEX, PAGE))
    page = (folder / PAGE.file_name).read_text(encoding="utf-8")
    assert "Phường Bắc Sơn" in page and "Lục Ngạn" not in page
    assert "Số băng rôn" in page
    assert "Đơn vị đã báo cáo: 2/6" in "\n".join(status_lines(home / "warehouse.duckdb"))


def test_second_campaign_has_its_own_topic(campaign):
    assert campaign.campaign.topic == TOPIC


def _fill(inbox: Path, campaign, unit: str, values: FormValues) -> None:
    path = inbox / f"{unit}.xlsx"
    fill_form(values, campaign.registry.by_code[unit], campaign, path)
    received = dt.datetime.fromisoformat(IN_TIME).timestamp()
    os.utime(path, (received, received))


def _run(tonight: Night) -> None:
    stages.open_work(tonight)
    stages.collect(tonight)
    for number, chunk in enumerate(stages.list_unread(tonight), 1):
        stages.read(tonight, number, chunk, len(chunk))
    stages.validate(tonight)
    stages.build(tonight)
    for document in DOCUMENTS:
        stages.write_document(tonight, document.name)
    stages.publish(tonight)
