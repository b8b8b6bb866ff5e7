"""Corrections: what a unit's later accepted file changes, value by value."""

import datetime as dt
import itertools

import pytest
from made_facts import UNIT_COUNTS
from nights import Report, fetch, night

from sources.campaigns import load_campaign
from warehouse.figures import figure_values
from warehouse.reports.feedback.returned_files import returned_files
from warehouse.reports.progress import read_progress
from warehouse.reports.queries import query

AS_OF = "2022-04-19T20:00:00+07:00"
XA_LY, YOUTH = "07540", "219-DTN"
TEN, ELEVEN, TWELVE = (
    "2022-04-10T08:00:00+07:00",
    "2022-04-11T08:00:00+07:00",
    "2022-04-12T08:00:00+07:00",
)
TOTALS = {"cells_total": 9, "cells_held": 9}
CHANGES = """SELECT row_name, field, old_submission_id[7:], old_value, new_submission_id[7:], new_value
             FROM submission_change ORDER BY ALL"""


def cell(name: str, held_on: str | None = "2022-04-05", **values: object) -> dict:
    return {
        "name": name,
        "held_on": held_on,
        "mode": "separate",
        "members_total": 20,
        "members_attended": 18,
        **values,
    }


def line(commune: str, held: int) -> dict:
    return {
        "organisation": "youth_union",
        "commune": commune,
        "branches_total": 9,
        "branches_held": held,
        "first_on": "2022-04-05",
        "last_on": "2022-04-06",
    }


def at(moment: str) -> str:
    """The submission received then, as CHANGES names it."""
    return moment[:16]


@pytest.fixture
def changes_of(tmp_path):
    """The rows of `sql` in the warehouse of a night of these reports; each call is its own night."""
    nights = itertools.count()

    def ask(*reports: Report, sql: str = CHANGES) -> list[tuple]:
        with night(tmp_path / f"{next(nights)}", load_campaign(), list(reports), AS_OF) as con:
            return fetch(con, sql)

    return ask


CHANGED = [  # what two files of a commune say, and which values the second changed: row, field, old, new
    (
        "a value",
        {"cells": [cell("Chi bộ A"), cell("Chi bộ B")]},
        {"cells": [cell("Chi bộ A", members_attended=17), cell("Chi bộ B")]},
        [("Chi bộ A", "members_attended", "18", "17")],
    ),
    (
        "a date and a mark",
        {"cells": [cell("Chi bộ A", content_1=False)]},
        {"cells": [cell("Chi bộ A", "2022-04-06", content_1=True)]},
        [
            ("Chi bộ A", "content_1", "false", "true"),
            ("Chi bộ A", "held_on", "2022-04-05", "2022-04-06"),
        ],
    ),
    (
        "a row that is not there stays",
        {"cells": [cell("Chi bộ A"), cell("Chi bộ B")]},
        {"cells": [cell("Chi bộ A")]},
        [],
    ),
    (
        "a row gone from a table that is whole by its own count",
        {"cells": [cell("Chi bộ A"), cell("Chi bộ B")]},
        {"info": {"cells_total": 1}, "cells": [cell("Chi bộ A")]},
        [
            ("Chi bộ B", "held_on", "2022-04-05", None),
            ("Chi bộ B", "members_attended", "18", None),
            ("Chi bộ B", "members_total", "20", None),
            ("Chi bộ B", "mode", "separate", None),
            ("Chi bộ B", "name", "Chi bộ B", None),
        ],
    ),
    (
        "a row new",
        {"info": TOTALS, "villages": [{"name": "Thôn Một"}]},
        {"villages": [{"name": "Thôn Một"}, {"name": "Thôn Hai", "head_is_party": True}]},
        [("Thôn Hai", "head_is_party", None, "true"), ("Thôn Hai", "name", None, "Thôn Hai")],
    ),
    (
        "rows in another order",
        {"cells": [cell("Chi bộ A"), cell("Chi bộ B")]},
        {"cells": [cell("Chi bộ B"), cell("Chi bộ A")]},
        [],
    ),
    (
        "a name spelt otherwise is the same row",
        {"cells": [cell("Chi bộ Thôn A")]},
        {"cells": [cell("chi bộ  thôn A.", members_total=21)]},
        [
            ("chi bộ  thôn A.", "members_total", "20", "21"),
            ("chi bộ  thôn A.", "name", "Chi bộ Thôn A", "chi bộ  thôn A."),
        ],
    ),
    (
        "a key",
        {"info": TOTALS | {"news_items": 4}},
        {"info": TOTALS | {"news_items": 6}},
        [(None, "news_items", "4", "6")],
    ),
    (
        "a blank key replaces nothing",
        {"info": TOTALS | {"news_items": 4, "material_14_ct_tu": True}},
        {"info": {"cells_total": 9, "news_items": None, "material_14_ct_tu": False}},
        [],
    ),
    (
        "a key that was left out, or left blank",
        {"info": TOTALS | {"material_14_ct_tu": False}},
        {"info": TOTALS | {"news_items": 6, "material_14_ct_tu": True}},
        [(None, "material_14_ct_tu", "false", "true"), (None, "news_items", None, "6")],
    ),
    (
        "a text",
        {"info": TOTALS, "text": {"advantages": "Có"}},
        {"info": TOTALS, "text": {"advantages": "Nhiều"}},
        [(None, "advantages", "Có", "Nhiều")],
    ),
    (
        "a table that the unit had not sent changes nothing",
        {"info": TOTALS},
        {"cells": [cell("Chi bộ A")]},
        [],
    ),
    (
        "a table that is not sent again stands",
        {"cells": [cell("Chi bộ A")], "villages": [{"name": "Thôn Một"}]},
        {"cells": [cell("Chi bộ A")]},
        [],
    ),
]


COMMUNES = [u.code for u in load_campaign().registry.units if u.reporter == "commune"]


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """The night of CHANGED, each of them from a commune of its own."""
    reports = [
        Report(unit, moment, **says)
        for unit, (_, before, after, _) in zip(COMMUNES, CHANGED, strict=False)
        for moment, says in ((TEN, before), (ELEVEN, after))
    ]
    with night(
        tmp_path_factory.mktemp("changed") / "night", load_campaign(), reports, AS_OF
    ) as con:
        yield con


@pytest.mark.parametrize("number", range(len(CHANGED)), ids=[case[0] for case in CHANGED])
def test_later_accepted_file_changes_only_what_differs(changed, number):
    unit = COMMUNES[number]
    accepted = fetch(
        changed,
        "SELECT submission_id FROM submission WHERE unit_code = ? AND status = 'accepted'",
        unit,
    )
    assert len(accepted) == 2, "both files count, or nothing is shown"
    found = fetch(
        changed,
        "SELECT row_name, field, old_value, new_value FROM submission_change WHERE unit_code = ? "
        "ORDER BY ALL",
        unit,
    )
    assert found == CHANGED[number][3]


def test_first_file_makes_no_change_records(changes_of):
    assert (
        changes_of(
            Report(XA_LY, TEN, info=TOTALS, cells=[cell("Chi bộ A")]),
            Report("07531", ELEVEN, info=TOTALS),
        )
        == []
    )


def test_each_file_is_compared_with_the_previous_one(changes_of):
    cells = [[cell("Chi bộ A", members_attended=n)] for n in (15, 16, 17)]
    news = (4, None, 6)
    found = changes_of(
        *(
            Report(XA_LY, moment, info={"news_items": n}, cells=rows)
            for moment, n, rows in zip((TEN, ELEVEN, TWELVE), news, cells, strict=True)
        )
    )
    assert found == [
        ("Chi bộ A", "members_attended", at(TEN), "15", at(ELEVEN), "16"),
        ("Chi bộ A", "members_attended", at(ELEVEN), "16", at(TWELVE), "17"),
        (None, "news_items", at(TEN), "4", at(TWELVE), "6"),
    ]


def test_file_without_the_table_is_skipped_in_comparison(changes_of):
    found = changes_of(
        Report(XA_LY, TEN, cells=[cell("Chi bộ A")]),
        Report(XA_LY, ELEVEN, info=TOTALS),
        Report(XA_LY, TWELVE, cells=[cell("Chi bộ A", members_total=21)]),
    )
    assert found == [("Chi bộ A", "members_total", at(TEN), "20", at(TWELVE), "21")]


def test_rejected_and_duplicate_files_change_nothing(changes_of):
    wrong = cell("Chi bộ A", members_attended=40)
    assert (
        changes_of(
            Report(XA_LY, TEN, cells=[cell("Chi bộ A")]), Report(XA_LY, ELEVEN, cells=[wrong])
        )
        == []
    )
    found = changes_of(
        Report(XA_LY, TEN, cells=[cell("Chi bộ A")]),
        Report(XA_LY, ELEVEN, cells=[wrong]),
        Report(XA_LY, TWELVE, cells=[cell("Chi bộ A", members_total=21)]),
    )
    assert found == [("Chi bộ A", "members_total", at(TEN), "20", at(TWELVE), "21")]


def test_change_names_both_places_and_the_commune_of_an_organisation_line(changes_of):
    found = changes_of(
        Report(YOUTH, TEN, orgs=[line("07531", 8), line(XA_LY, 8)]),
        Report(YOUTH, ELEVEN, orgs=[line(XA_LY, 9), line("07531", 8)]),
        sql="SELECT unit_code, section, row_name, field, old_sheet, old_cell, new_sheet, new_cell "
        "FROM submission_change",
    )
    assert found == [(YOUTH, "orgs", "Xã Xa Lý", "branches_held", "orgs", "E6", "orgs", "E5")]


def wrong(name: str) -> dict:
    return cell(name, members_attended=40)


RIGHT, LATE = {"cells": [cell("Chi bộ A")]}, "2022-04-18T08:00:00+07:00"
FILES = [  # a unit's files in turn; of each what became of it, and whether it is replaced; the unit's state, on time
    (
        "accepted, then returned: the accepted one counts on and the returned one is to be corrected",
        [(TEN, RIGHT), (LATE, {"cells": [wrong("Chi bộ A")]})],
        [("accepted", False), ("returned", False)],
        ("accepted", True, TEN),
    ),
    (
        "returned, then accepted: nothing is left to correct",
        [(TEN, {"cells": [wrong("Chi bộ A")]}), (ELEVEN, RIGHT)],
        [("returned", True), ("accepted", False)],
        ("accepted", True, ELEVEN),
    ),
    (
        "returned in time, accepted late: late is decided by the accepted one",
        [(TEN, {"cells": [wrong("Chi bộ A")]}), (LATE, RIGHT)],
        [("returned", True), ("accepted", False)],
        ("accepted", False, LATE),
    ),
    (
        "accepted in time, corrected late: on time is decided by the first",
        [(TEN, RIGHT), (LATE, {"cells": [cell("B")]})],
        [("accepted", False), ("accepted", False)],
        ("accepted", True, LATE),
    ),
    (
        "a supplement before the main file is returned, and need not be corrected",
        [(TEN, {"text": {"advantages": "Có"}}), (ELEVEN, RIGHT)],
        [("returned", True), ("accepted", False)],
        ("accepted", True, ELEVEN),
    ),
    (
        "a correction that was returned stands open, though a supplement on something else came after it",
        [
            (TEN, RIGHT),
            (ELEVEN, {"cells": [wrong("Chi bộ A")]}),
            (TWELVE, {"text": {"advantages": "Có"}}),
        ],
        [("accepted", False), ("returned", False), ("accepted", False)],
        ("accepted", True, TWELVE),
    ),
    (
        "a correction that was returned is done with once another one counts",
        [
            (TEN, RIGHT),
            (ELEVEN, {"cells": [wrong("Chi bộ A")]}),
            (TWELVE, {"cells": [cell("Chi bộ B")]}),
        ],
        [("accepted", False), ("returned", True), ("accepted", False)],
        ("accepted", True, TWELVE),
    ),
]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The night of FILES, each of them from a commune of its own."""
    reports = [
        Report(unit, moment, file=f"BC {unit} {turn}.xlsx", **says)
        for unit, (_, sent, *_) in zip(COMMUNES, FILES, strict=False)
        for turn, (moment, says) in enumerate(sent)
    ]
    with night(tmp_path_factory.mktemp("files") / "night", load_campaign(), reports, AS_OF) as con:
        con.execute(query("reported_file"))
        yield con


@pytest.mark.parametrize("number", range(len(FILES)), ids=[case[0] for case in FILES])
def test_counted_file_and_file_to_fix_are_distinguished(files, number):
    unit, (_, _, became, state) = COMMUNES[number], FILES[number]
    assert (
        fetch(
            files,
            "SELECT status, replaced FROM reported_file WHERE unit_code = ? ORDER BY received_at, file_name",
            unit,
        )
        == became
    )
    status, on_time, received = fetch(
        files, "SELECT status, on_time, received_at FROM unit_status WHERE unit_code = ?", unit
    )[0]
    assert (status, on_time, received) == (*state[:2], dt.datetime.fromisoformat(state[2]))
    returned = returned_files(files, load_campaign()).get(unit, [])
    assert [("returned", file.replaced) for file in returned] == [
        b for b in became if b[0] == "returned"
    ]


LISTED = [  # two accepted files; which findings of the first are still shown
    ("a table sent again", {"cells": [cell("A", "2022-04-02")]}, {"cells": [cell("A")]}, []),
    (
        "a table that stands",
        {"cells": [cell("A", "2022-04-02")]},
        {"info": {"news_items": 3}},
        ["outside_window"],
    ),
    (
        "a key given since",
        {"info": {"material_14_ct_tu": False}, **RIGHT},
        {"info": {"material_14_ct_tu": True}},
        [],
    ),
    (
        "a key left blank since",
        {"info": {"material_14_ct_tu": False}, **RIGHT},
        {"info": {"news_items": 3}},
        ["material_missing"],
    ),
]


def test_errors_of_replaced_files_are_neither_sent_nor_counted(tmp_path):
    asked = {**UNIT_COUNTS, "members_assigned": 4, "villages_total": 2, "village_heads_party": 1}
    whole = {"committee_attended": True, "content_1": True, "content_2": True, "content_3": True}
    reports = [
        Report(
            unit,
            moment,
            file=f"BC {unit} {moment}.xlsx",
            info={**(asked if moment == TEN else {}), **says.get("info", {})},
            cells=[{**row, **whole} for row in says.get("cells", ())],
        )
        for unit, (_, before, after, _) in zip(COMMUNES, LISTED, strict=False)
        for moment, says in ((TEN, before), (ELEVEN, after))
    ]
    with night(tmp_path / "night", load_campaign(), reports, AS_OF) as con:
        progress = read_progress(con, load_campaign())
        shown = {
            u.unit.code: sorted({f.rule for found in u.findings.values() for f in found})
            for u in progress.units
        }
        warnings = {u.unit.code: u.warnings for u in progress.units}
        figure = figure_values(con)["findings_warnings"].value
        kept = fetch(con, "SELECT rule FROM finding WHERE replaced")
    expected = {unit: case[3] for unit, case in zip(COMMUNES, LISTED, strict=False)}
    assert {unit: shown[unit] for unit in expected} == expected
    assert {unit: warnings[unit] for unit in expected} == {
        unit: len(rules) for unit, rules in expected.items()
    }
    assert figure == sum(warnings.values())
    assert len(kept) == 2, "they stand in the table of findings"


COUNTED = ("campaign_summary", "unit_summary", "cell_meeting", "lineage")


def test_unreadable_later_file_takes_nothing_away(tmp_path):
    good = Report(XA_LY, TEN, info=TOTALS, cells=[cell("Chi bộ A")])
    broken = Report("", ELEVEN, file="BC xã Xa Lý sửa.xlsx", unreadable=True)
    with night(tmp_path / "with", load_campaign(), [good, broken], AS_OF) as con:
        assert fetch(con, "SELECT status, unit_code FROM submission ORDER BY received_at") == [
            ("accepted", XA_LY),
            ("rejected", XA_LY),
        ]
        assert fetch(
            con, f"SELECT status, submission_id FROM unit_status WHERE unit_code = '{XA_LY}'"
        ) == [("accepted", good.submission_id)]
        assert fetch(con, "SELECT replaced FROM finding WHERE rule = 'unreadable'") == [(False,)]
        (unit,) = read_progress(con, load_campaign()).later_returned
        assert (unit.unit.code, unit.errors, unit.file.submission_id) == (
            XA_LY,
            1,
            good.submission_id,
        )
        assert [f.file_name for f in returned_files(con, load_campaign())[XA_LY]] == [
            "BC xã Xa Lý sửa.xlsx"
        ]
        counted = [sorted(fetch(con, f"FROM {table}"), key=repr) for table in COUNTED]
    with night(tmp_path / "without", load_campaign(), [good], AS_OF) as con:
        assert counted == [sorted(fetch(con, f"FROM {table}"), key=repr) for table in COUNTED]


def test_unreadable_file_is_settled_by_next_readable_one(tmp_path):
    reports = [
        Report(XA_LY, TEN, info=TOTALS),
        Report("", ELEVEN, file="BC xã Xa Lý sửa.xlsx", unreadable=True),
        Report(XA_LY, TWELVE, info=TOTALS | {"news_items": 3}, file="BC xã Xa Lý sửa 2.xlsx"),
    ]
    with night(tmp_path / "night", load_campaign(), reports, AS_OF) as con:
        assert fetch(con, "SELECT replaced FROM finding WHERE rule = 'unreadable'") == [(True,)]
        assert read_progress(con, load_campaign()).later_returned == []
