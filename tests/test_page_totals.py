"""The totals of the progress page: a part stands beside its whole only where both are known."""

import datetime as dt
from pathlib import Path

import duckdb
import pytest
from lxml import html
from nights import Report, night_file

from sources.campaigns import load_campaign
from warehouse.reports.progress_page import write_page

CAMPAIGN = load_campaign()
AS_OF = dt.datetime.fromisoformat("2022-04-16T20:00:00+07:00")
RECEIVED = "2022-04-15T08:00:00+07:00"
FIRST, SECOND, THIRD = (unit.code for unit in CAMPAIGN.registry.communes[:3])
IN_WINDOW = "Số chi bộ tổ chức sinh hoạt trong thời gian quy định"
CANDIDATES = "Số thôn, tổ dân phố có nhân sự dự kiến làm trưởng thôn, tổ trưởng là đảng viên"
HELD = "Số chi bộ đã tổ chức sinh hoạt"


def totals(folder: Path, *reports: Report) -> dict[str, str]:
    """The page's totals of a night of these reports, by what they count."""
    warehouse = night_file(folder, CAMPAIGN, list(reports), AS_OF.isoformat())
    with duckdb.connect(str(warehouse), read_only=True) as con:
        write_page(con, CAMPAIGN, AS_OF, folder / "tien-do.html")
    page = html.fromstring((folder / "tien-do.html").read_text("utf-8"))
    return {
        dd.getprevious().text_content(): " ".join(dd.text_content().split())
        for dd in page.xpath("//dd[b]")
    }


def of_totals(unit: str, **info: int) -> Report:
    return Report(unit, RECEIVED, info={"cells_total": 9, "cells_held": 9} | info)


def of_cells(unit: str, *days: str) -> Report:
    cells = [
        {
            "name": f"Chi bộ {n}",
            "held_on": f"2022-04-{day}",
            "mode": "separate",
            "members_total": 30,
            "members_attended": 25,
        }
        for n, day in enumerate(days)
    ]
    return Report(unit, RECEIVED, cells=cells)


def test_first_night_says_once_of_each_total_that_nothing_is_known(tmp_path):
    found = totals(tmp_path)
    assert found[HELD] == "chưa có số liệu"
    assert {name: text for name, text in found.items() if "trên" in text} == {}


def test_no_candidate_compared_stands_without_a_whole_and_a_share(tmp_path):
    assert totals(tmp_path, of_totals(FIRST))[CANDIDATES] == "0"


MET_IN_TIME = {
    "no day is known": ((of_totals(FIRST), of_totals(SECOND)), "0"),
    "days of some are known": ((of_totals(FIRST), of_cells(SECOND, "08", "09", "20")), "2"),
    "all days are known": ((of_cells(FIRST, "08", "09", "20"),), "2 trên 3"),
}


@pytest.mark.parametrize(("reports", "printed"), MET_IN_TIME.values(), ids=MET_IN_TIME)
def test_cells_in_time_are_part_of_all_only_where_every_day_is_known(tmp_path, reports, printed):
    assert totals(tmp_path, *reports)[IN_WINDOW] == printed


def test_part_and_whole_of_different_units_are_not_one_share(tmp_path):
    found = totals(
        tmp_path,
        Report(FIRST, RECEIVED, info={"cells_held": 6}),
        Report(SECOND, RECEIVED, info={"cells_total": 9}),
    )
    assert " trên " not in found[HELD]
