"""What the district knows of each unit (optional columns of units.csv): loaded, asked of the warehouse,
and the denominator of the whole district."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
from campaign_folders import copy_campaign
from nights import Report, fetch, night, one

from sources.campaigns import CampaignError, load_campaign
from sources.registry import REGISTER_COLUMNS, Registry, RegistryError, load_registry
from sources.unit_list import units_csv
from warehouse.figures import load_figures
from warehouse.numbers_vi import UNKNOWN
from warehouse.reports.totals import read_figures, totals
from warehouse.reports.working_file import write_working_file
from warehouse.why import why

AS_OF = "2022-04-19T20:00:00+07:00"
HEADER = "code,name,type,register_cells,register_members,register_villages,register_branches\n"
CELLS = [
    {"name": f"Chi bộ {n}", "held_on": day} for n, day in enumerate(["2022-04-05"] * 3 + [None])
]

# a cell of the csv: the number, or what is said of it
READ = {"18": 18, "0": 0, "": None, " 7 ": 7}
REFUSED = ("-1", "1.234", "1,5", "18.0", "mười", "1e3", "12345678", "²", "٣")


@pytest.mark.parametrize("written", READ)
def test_number_of_the_register_is_read(tmp_path, written):
    (tmp_path / "units.csv").write_text(f"{HEADER}07525,Chũ,thi_tran,{written},,,\n", "utf-8")
    (unit,) = load_registry(tmp_path / "units.csv").units
    assert unit.register_cells == READ[written]
    assert unit.register_members is unit.register_villages is unit.register_branches is None


@pytest.mark.parametrize("written", REFUSED)
def test_what_is_no_whole_number_is_refused_with_its_line(tmp_path, written):
    lines = f'{HEADER}07525,Chũ,thi_tran,18,,,\n07528,Cấm Sơn,xa,,"{written}",,\n'
    (tmp_path / "units.csv").write_text(lines, "utf-8")
    with pytest.raises(RegistryError, match=r"^line 3: register_members: .*digits alone"):
        load_registry(tmp_path / "units.csv")


def test_campaign_names_file_line_and_column(tmp_path):
    folder = copy_campaign(tmp_path / "campaign")
    header, first, *rest = (folder / "units.csv").read_text("utf-8").splitlines()
    lines = [f"{header},register_villages", f"{first},ba", *(f"{line}," for line in rest)]
    (folder / "units.csv").write_text("\n".join(lines), "utf-8")
    with pytest.raises(CampaignError, match=r"units\.csv: line 2: register_villages: .*'ba'"):
        load_campaign(folder)


def test_new_campaign_keeps_the_columns_that_its_list_has():
    row = {"code": "07525", "name": "Xã A", "register_cells": "18"}
    other = {"code": "07526", "name": "Xã B", "register_cells": ""}
    header, first, second = units_csv([row, other]).splitlines()
    assert header.endswith(",senders,register_cells")
    assert first.endswith(",18") and second.endswith(",")
    assert "register" not in units_csv([other])


def test_shipped_list_has_no_register():
    assert load_campaign().registry.registered == frozenset()


def of_district(cells: int | None, communes: int = 3):
    """The campaign of so many communes and one organisation, each commune with 5 cells but the last
    with `cells`, with 100 members and 20 branches."""
    campaign = load_campaign()
    units = [
        u.model_copy(update={"register_cells": 5, "register_members": 100, "register_branches": 20})
        for u in campaign.registry.communes[:communes]
    ]
    units[-1] = units[-1].model_copy(update={"register_cells": cells})
    registry = Registry(units=(*units, campaign.registry.organisations[0]))
    return campaign.model_copy(update={"registry": registry})


def two_of_three(folder, campaign):
    made = [
        Report(u.code, "2022-04-16T08:00:00+07:00", cells=CELLS)
        for u in campaign.registry.communes[:2]
    ]
    return night(folder, campaign, made, AS_OF)


def test_share_of_the_whole_district_counts_communes_that_did_not_report(tmp_path):
    campaign = of_district(cells=10)
    con = two_of_three(tmp_path, campaign)
    figures = read_figures(con)
    assert figures["register_cells"].printed == "20"
    assert figures["cells_held"].printed == "6"
    assert figures["cells_held_register_share"].printed == "30,0%"
    assert figures["cells_held_share"].printed == "75,0%"
    (total,) = [t for t in totals(figures, campaign.form) if t.whole == "20"]
    assert (total.printed, total.share) == ("6", "30,0%")


def test_whole_district_is_unknown_where_one_commune_is(tmp_path):
    campaign = of_district(cells=None)
    con = two_of_three(tmp_path, campaign)
    figures = read_figures(con)
    assert figures["register_cells"].printed == UNKNOWN
    assert figures["cells_held_register_share"].value is None
    assert figures["register_members"].printed == "300"
    assert not [
        t for t in totals(figures, campaign.form) if "toàn huyện" in t.label and "chi bộ" in t.label
    ]


def test_figures_of_the_register_are_dropped_without_it():
    names = {f.name for f in load_figures(load_campaign())}
    assert not [name for name in names if "register" in name]
    known = {f.name for f in load_figures(of_district(cells=1))}
    assert {"register_cells", "cells_held_register_share"} <= known
    assert "register_villages" not in known


def test_register_can_be_asked_of_unit_status(tmp_path):
    con = two_of_three(tmp_path, of_district(cells=None))
    found = fetch(con, f"SELECT {', '.join(REGISTER_COLUMNS)} FROM unit_status ORDER BY rowid")
    assert found == [(5, 100, None, 20)] * 2 + [(None, 100, None, 20), (None,) * 4]


def test_why_names_the_units_of_the_register_and_no_file(tmp_path):
    con = two_of_three(tmp_path, of_district(cells=10))
    parts = why(con, "register_cells").parts
    assert [p.value for p in parts] == ["5", "5", "10"]
    assert all(p.places == () for p in parts)


def test_number_of_the_register_counts_no_organisation(tmp_path):
    campaign = of_district(cells=10)
    *communes, organisation = campaign.registry.units
    known = organisation.model_copy(update={"register_branches": 500})
    units = Registry(units=(*communes, known))
    con = night(tmp_path, campaign.model_copy(update={"registry": units}), [], AS_OF)
    assert one(con, "SELECT value FROM report_figure WHERE figure = 'register_branches'") == 60


def test_working_file_has_the_register_with_no_file_behind_it(tmp_path):
    campaign = of_district(cells=10)
    as_of = dt.datetime.fromisoformat("2022-04-19T20:00:00+07:00")
    with two_of_three(tmp_path, campaign) as con:
        write_working_file(con, campaign, as_of, tmp_path / "lam-viec.xlsx")
    sheets = openpyxl.load_workbook(tmp_path / "lam-viec.xlsx").worksheets
    rows = [row for sheet in sheets for row in sheet.iter_rows(values_only=True)]
    (register,) = (row for row in rows if "register_cells" in row)
    assert tuple(value for value in register if isinstance(value, int))[-2:] == (20, 0)
