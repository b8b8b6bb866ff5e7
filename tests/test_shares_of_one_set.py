"""A share is over one set: a report that gives only its part or only its whole is in neither number of the
share, in the report, on the page and in the terminal."""

import datetime as dt
import re
from pathlib import Path

import duckdb
import pytest
from docx import Document
from lxml import html
from nights import Report, night_file
from test_decisions import decided

from flows.commands.night_summary import night_summary
from flows.home.layout import Home
from sources.campaigns import load_campaign
from warehouse.ask import status
from warehouse.numbers_vi import printed
from warehouse.reports.consolidated import write_report
from warehouse.reports.document_check import all_paragraphs
from warehouse.reports.progress_page import write_page

CAMPAIGN = load_campaign()
AS_OF = dt.datetime.fromisoformat("2022-04-19T20:00:00+07:00")
WHOLE, INCOMPLETE = (u.code for u in CAMPAIGN.registry.communes[:2])
INFO = {
    "cells_total": 9,
    "cells_held": 6,
    "members_total": 300,
    "members_attended": 200,
    "directing_documents": 2,
    "villages_total": 8,
    "village_heads_party": 3,
}
LINE = {
    "organisation": "youth_union",
    "branches_total": 5,
    "branches_held": 4,
    "first_on": "2022-04-06",
    "last_on": "2022-04-10",
    "members_total": 90,
    "members_attended": 80,
}
# What the second commune leaves blank, and what the report says of the first alone.
BLANKS = {
    "cells held": ("info", "cells_held", "Có 6/9 chi bộ (66,7%)"),
    "cells": ("info", "cells_total", "Có 6/9 chi bộ (66,7%)"),
    "attendance": ("info", "members_attended", "200/300 đảng viên dự, đạt 66,7%"),
    "members": ("info", "members_total", "200/300 đảng viên dự, đạt 66,7%"),
    "directing documents": ("info", "directing_documents", "Có 1/1 đơn vị có số liệu đã ban hành"),
    "heads": ("info", "village_heads_party", "3/8 trưởng thôn, tổ trưởng tổ dân phố (37,5%)"),
    "branches held": ("orgs", "branches_held", "Có 4/5 chi hội"),
    "branches": ("orgs", "branches_total", "Có 4/5 chi hội"),
    "members of an organisation": ("orgs", "members_total", "80 lượt đoàn viên, hội viên dự trong"),
    "attendance of an organisation": (
        "orgs",
        "members_attended",
        "80 lượt đoàn viên, hội viên dự trong tổng số 90, đạt 88,9%",
    ),
}
SHARE = re.compile(
    r"(\d[\d.]*)(?:/(\d[\d.]*) [^/;.]*?| lượt [^/;.]*? trong tổng số (\d[\d.]*),? ?)"
    r"(?:\(|đạt )(\d+(?:,\d)?%)"
)
ON_PAGE = re.compile(r"(\d[\d.]*) trên (\d[\d.]*) \((\d+(?:,\d)?%)\)")
IN_TERMINAL = re.compile(r"(\d[\d.]*)/(\d[\d.]*) \((\d+(?:,\d)?%)\)")


class Written:
    """What the night of two communes writes, of which one leaves a value blank and is counted all the
    same, by an officer's decision."""

    def __init__(self, folder: Path, section: str, blank: str) -> None:
        info = INFO if section != "info" else {k: v for k, v in INFO.items() if k != blank}
        line = LINE if section != "orgs" else {**LINE, blank: None}
        reports = [
            Report(code, "2022-04-15T08:00:00+07:00", info=i, orgs=[{"commune": code, **o}])
            for code, i, o in ((WHOLE, INFO, LINE), (INCOMPLETE, info, line))
        ]
        accepted = decided(
            1, "accept", submission_id=reports[1].submission_id, rule="required_missing"
        )
        night_file(folder, CAMPAIGN, reports, AS_OF.isoformat(), [accepted])
        with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as con:
            write_report(con, CAMPAIGN, AS_OF, folder / "bao-cao.docx")
            write_page(con, CAMPAIGN, AS_OF, folder / "tien-do.html")
            self.status = status(con)
            self.unit_count = con.execute("SELECT units_reported FROM campaign_summary").fetchall()
        self.report = "\n".join(p.text for p in all_paragraphs(Document(folder / "bao-cao.docx")))
        self.page = html.fromstring((folder / "tien-do.html").read_text("utf-8"))
        self.terminal = night_summary(Home(folder), AS_OF)


@pytest.fixture(scope="module", params=BLANKS)
def written(request, tmp_path_factory) -> tuple[Written, str]:
    section, blank, sentence = BLANKS[request.param]
    return Written(tmp_path_factory.mktemp("shares"), section, blank), sentence


def assert_follow(shares: list[tuple[str, str, str]]) -> None:
    for part, whole, share in shares:
        value = int(part.replace(".", "")) / int(whole.replace(".", ""))
        assert printed(value, "percent") == share, f"{part}/{whole} ({share})"


def test_report_says_the_share_of_those_that_give_both(written):
    night, sentence = written
    assert night.unit_count == [(2,)]
    assert sentence in night.report
    found = [(part, a or b, share) for part, a, b, share in SHARE.findall(night.report)]
    assert_follow(found)
    assert len(found) >= 4


def test_page_and_terminal_say_the_same_share(written):
    night, _ = written
    in_status = IN_TERMINAL.findall("\n".join(night.status))
    assert_follow(in_status)
    assert len(in_status) >= 4
    (line,) = (line for line in night.terminal if line.startswith("Chi bộ đã sinh hoạt"))
    pairs = re.findall(r"\d+/\d+", line)
    assert len(pairs) == 2
    assert [pair for pair in pairs if pair not in " ".join(night.status)] == []
    on_page = ON_PAGE.findall("\n".join(dd.text_content() for dd in night.page.xpath("//dd")))
    assert_follow(on_page)
    assert len(on_page) >= 5
