"""What a later file of a unit may take away: which rows count, from which file, with which
findings."""

import datetime as dt

import pytest
from nights import Report, fetch, night

from expectations.file_order import SentFile, declared_kind, put_in_order
from expectations.row_history import apply_files
from expectations.sent_rows import SentRow, SentTable
from expectations.sent_tables import loose_key
from sources.campaigns import load_campaign
from sources.decisions import Decision

AS_OF = "2022-04-19T20:00:00+07:00"
YOUTH = "219-DTN"
DAYS = [f"2022-04-{day}T08:00:00+07:00" for day in (10, 11, 12, 13)]
CORRECTS, REPLACES = {"declares": "correction"}, {"declares": "replacement"}
MISSING, SET_BACK, TOTALS = "rows_missing_in_later_file", "later_file_set_back", "totals_differ"


def cell(
    name: str, attended: int | None = 18, held_on: str | None = "2022-04-05", **values: object
) -> dict:
    return {
        "name": f"Chi bộ {name}",
        "held_on": held_on,
        "mode": "separate" if held_on else None,
        "members_total": 20,
        "members_attended": attended,
        **values,
    }


def blank(name: str) -> dict:
    return {
        "name": f"Chi bộ {name}",
        "held_on": None,
        "mode": None,
        "members_total": None,
        "members_attended": None,
    }


def cells(*names: str, attended: int = 18) -> list[dict]:
    return [cell(name, attended) for name in names]


def dated(day: int, **more: object) -> dict:
    return {"document_date": f"2022-04-{day:02d}", **more}


def numbered(number: int, symbol: str = "BC/ĐU") -> dict:
    return {"document_number": f"{number:02d}-{symbol}"}


# By name: the unit's files in turn, the cells that count with the members who attended, and what is
# said: the rule, the row or the field, and which of the files it is said of. All are received a day
# apart, but where `at` says otherwise.
EXAMPLES: dict[str, tuple[list[dict], dict[str, int | None], list[tuple[str, str | None, int]]]] = {
    "all rows again replace the table": (
        [{"cells": cells("A", "B")}, {"cells": cells("A", "B", attended=15)}],
        {"A": 15, "B": 15},
        [],
    ),
    "a row more is added by a table with all others": (
        [{"cells": cells("A")}, {"cells": cells("A", "B", attended=15)}],
        {"A": 15, "B": 15},
        [],
    ),
    "a row that lacks stays and is named": (
        [{"cells": cells("A", "B")}, {"cells": cells("A", attended=15)}],
        {"A": 15, "B": 18},
        [(MISSING, "B", 1)],
    ),
    "a second part is added": (
        [{"cells": cells("A")}, {"cells": cells("B")}],
        {"A": 18, "B": 18},
        [(MISSING, "A", 1)],
    ),
    "a correction changes its rows and no others": (
        [{"cells": cells("A", "B")}, {"cells": cells("A", attended=15), **CORRECTS}],
        {"A": 15, "B": 18},
        [],
    ),
    "a blank place of a correction changes nothing": (
        [{"cells": cells("A", "B")}, {"cells": [cell("A", None)], **CORRECTS}],
        {"A": 18, "B": 18},
        [],
    ),
    "a correction is named by its file": (
        [
            {"cells": cells("A", "B")},
            {"cells": cells("A", attended=15), "file": "Dinh chinh BC.xlsx"},
        ],
        {"A": 15, "B": 18},
        [],
    ),
    "a correction adds a row": (
        [{"cells": cells("Cầu Cao")}, {"cells": cells("Đồng Man"), **CORRECTS}],
        {"Cầu Cao": 18, "Đồng Man": 18},
        [],
    ),
    "a row of a correction that is nearly one that stands is named": (
        [
            {"cells": cells("Trường Mầm non số 1")},
            {"cells": cells("Trường Mầm non số 2"), **CORRECTS},
        ],
        {"Trường Mầm non số 1": 18, "Trường Mầm non số 2": 18},
        [(MISSING, "Trường Mầm non số 2", 1)],
    ),
    "a correction of a correction": (
        [
            {"cells": cells("A", "B")},
            {"cells": cells("A", attended=15), **CORRECTS},
            {"cells": cells("A", attended=16), **CORRECTS},
        ],
        {"A": 16, "B": 18},
        [],
    ),
    "a full report after a correction replaces it": (
        [
            {"cells": cells("A", "B")},
            {"cells": cells("A", attended=15), **CORRECTS},
            {"cells": cells("A", "B", attended=17)},
        ],
        {"A": 17, "B": 17},
        [],
    ),
    "a correction that came before the report it corrects is laid over it": (
        [
            {"cells": cells("A", attended=15), "info": dated(12), **CORRECTS},
            {"cells": cells("A", "B"), "info": dated(8)},
        ],
        {"A": 15, "B": 18},
        [],
    ),
    "a replacement takes rows away and names them": (
        [{"cells": cells("A", "B")}, {"cells": cells("A", attended=15), **REPLACES}],
        {"A": 15},
        [(MISSING, "B", 1)],
    ),
    "a replacement is named by its file": (
        [{"cells": cells("A", "B")}, {"cells": cells("A"), "file": "BC thay thế.docx"}],
        {"A": 18},
        [(MISSING, "B", 1)],
    ),
    "a table whose own count says that it is whole replaces": (
        [{"cells": cells("A", "B")}, {"cells": cells("A"), "info": {"cells_total": 1}}],
        {"A": 18},
        [(MISSING, "B", 1)],
    ),
    "a table whose own count says that it is not whole does not": (
        [
            {"cells": cells("A", "B")},
            {"cells": cells("A", attended=15), "info": {"cells_total": 2}},
        ],
        {"A": 15, "B": 18},
        [(MISSING, "B", 1)],
    ),
    "a row of totals says that most rows are all rows": (
        [{"cells": cells("A", "B", "C")}, {"cells": cells("A", "B"), "sums": ("cells",)}],
        {"A": 18, "B": 18},
        [(MISSING, "C", 1)],
    ),
    "a row of totals below one row of many says nothing": (
        [{"cells": cells("A", "B", "C")}, {"cells": cells("A", attended=15), "sums": ("cells",)}],
        {"A": 15, "B": 18, "C": 18},
        [(MISSING, "B", 1), (MISSING, "C", 1)],
    ),
    "an older file that came later changes nothing": (
        [
            {"cells": cells("A", "B"), "info": dated(9, news_items=6)},
            {"cells": cells("A", "C", attended=12), "info": dated(8, news_items=4)},
        ],
        {"A": 18, "B": 18},
        [(SET_BACK, "document_date", 1)],
    ),
    "an older file that differs in nothing is not spoken of": (
        [{"cells": cells("A"), "info": dated(9)}, {"cells": cells("A"), "info": dated(8)}],
        {"A": 18},
        [],
    ),
    "a smaller number is an older file": (
        [
            {"cells": cells("A"), "info": numbered(30)},
            {"cells": cells("A", attended=15), "info": numbered(25)},
        ],
        {"A": 18},
        [(SET_BACK, "document_number", 1)],
    ),
    "a number of another symbol says nothing": (
        [
            {"cells": cells("A"), "info": numbered(30)},
            {"cells": cells("A", attended=15), "info": numbered(25, "CV/ĐU")},
        ],
        {"A": 15},
        [],
    ),
    "a table that nobody else gives counts though it is older": (
        [{"info": dated(9, cells_total=1, cells_held=1)}, {"cells": cells("A"), "info": dated(8)}],
        {"A": 18},
        [],
    ),
    "rows left blank keep what stood": (
        [{"cells": cells("A", "B")}, {"cells": [cell("A", 15), blank("B")]}],
        {"A": 15, "B": 18},
        [(MISSING, "B", 1)],
    ),
    "a column left blank keeps what stood": (
        [{"cells": cells("A", "B")}, {"cells": [cell("A", None), cell("B", None)]}],
        {"A": 18, "B": 18},
        [(MISSING, "members_attended", 1)],
    ),
    "one blank place of a full table counts and is named": (
        [{"cells": cells("A", "B")}, {"cells": [cell("A", None), cell("B", 15)]}],
        {"A": None, "B": 15},
        [(MISSING, "A", 1)],
    ),
    "two versions of the same second: the first stands and each value is named": (
        [{"cells": cells("A", "B")}, {"cells": [cell("A", 15), cell("B")], "at": DAYS[0]}],
        {"A": 18, "B": 18},
        [(SET_BACK, "A", 1)],
    ),
    "two parts of the same second are added": (
        [{"cells": cells("A")}, {"cells": cells("B"), "at": DAYS[0]}],
        {"A": 18, "B": 18},
        [(SET_BACK, None, 1)],
    ),
    "a correction of the same second is the later one whatever its name": (
        [
            {"cells": cells("A", "B"), "file": "b.xlsx"},
            {"cells": cells("A", attended=15), "file": "a.xlsx", "at": DAYS[0], **CORRECTS},
        ],
        {"A": 15, "B": 18},
        [],
    ),
}
MORE: dict[str, tuple[list[dict], dict[str, int | None], list[tuple[str, str | None, int]]]] = {
    "the younger date of the same second is the later one": (
        [
            {"cells": cells("A", attended=15), "info": dated(9)},
            {"cells": cells("A"), "info": dated(8), "at": DAYS[0]},
        ],
        {"A": 15},
        [],
    ),
    "a row of a correction that says nothing is named and changes nothing": (
        [{"cells": cells("A", "B")}, {"cells": [blank("A")], **CORRECTS}],
        {"A": 18, "B": 18},
        [(MISSING, "A", 1)],
    ),
    "a row of a correction with a remark behind its name is named": (
        [
            {"cells": cells("Cống Luộc", "B")},
            {"cells": cells("Cống Luộc (sửa)", attended=15), **CORRECTS},
        ],
        {"Cống Luộc": 18, "B": 18, "Cống Luộc (sửa)": 15},
        [(MISSING, "Cống Luộc (sửa)", 1)],
    ),
    "three parts in turn": (
        [
            {"cells": cells("A")},
            {"cells": cells("B"), **CORRECTS},
            {"cells": cells("C"), **CORRECTS},
        ],
        {"A": 18, "B": 18, "C": 18},
        [],
    ),
    "a third file with all rows settles what the second lacked": (
        [
            {"cells": cells("A", "B")},
            {"cells": cells("A")},
            {"cells": cells("A", "B", attended=15)},
        ],
        {"A": 15, "B": 15},
        [],
    ),
    "generic words before a name make no other row, and it keeps its name": (
        [
            {"cells": [cell("thôn Cầu Cao"), cell("Trạm Y tế")]},
            {"cells": [{**cell("", 15), "name": "CB Cầu Cao"}], **CORRECTS},
        ],
        {"thôn Cầu Cao": 15, "Trạm Y tế": 18},
        [],
    ),
    "totals of a correction are held against all rows": (
        [
            {"cells": cells("A", "B"), "info": {"cells_total": 2}},
            {"cells": cells("A"), "info": {"cells_total": 3}, **CORRECTS},
        ],
        {"A": 18, "B": 18},
        [(TOTALS, "cells_total", 1)],
    ),
    "a file of zeros takes no key away": (
        [
            {"cells": cells("A"), "info": {"news_items": 6}},
            {"info": {"news_items": 0, "directing_documents": 0}},
        ],
        {"A": 18},
        [(SET_BACK, None, 1)],
    ),
}
PART = {"name": "Chi bộ A", "members_attended": 15}  # a row of a table with these columns alone
CORRECTED: dict[
    str, tuple[list[dict], dict[str, int | None], list[tuple[str, str | None, int]]]
] = {
    "a correction may leave out a day that stands": (
        [{"cells": cells("A", "B")}, {"cells": [PART], **CORRECTS}],
        {"A": 15, "B": 18},
        [],
    ),
    "a correction of a row that nobody gives a day of is returned": (
        [{"cells": cells("B")}, {"cells": [PART], **CORRECTS}],
        {"B": 18},
        [],
    ),
    "a day of a file that is returned itself helps no correction": (
        [{"cells": cells("B")}, {"cells": [cell("A", 99)]}, {"cells": [PART], **CORRECTS}],
        {"B": 18},
        [],
    ),
    "a correction comes before the report that it corrects": (
        [{"info": {"news_items": 9}, **CORRECTS}, {"cells": cells("A"), "info": {"news_items": 4}}],
        {"A": 18},
        [(SET_BACK, None, 1)],
    ),
    "its rows stay as corrected as well": (
        [{"cells": cells("A", attended=15), **CORRECTS}, {"cells": cells("A", "B")}],
        {"A": 15, "B": 18},
        [(SET_BACK, None, 1)],
    ),
    "a report with a younger date than the correction before it counts": (
        [
            {"cells": cells("A", attended=15), "info": dated(9), **CORRECTS},
            {"cells": cells("A", "B"), "info": dated(10)},
        ],
        {"A": 18, "B": 18},
        [],
    ),
    "a correction says in words that a meeting was not held": (
        [
            {"cells": cells("A", "B")},
            {"cells": [cell("A", None, None)], "not_held": ("cells:1",), **CORRECTS},
        ],
        {"A": None, "B": 18},
        [],
    ),
    "a part of a table says it": (
        [{"cells": cells("A", "B")}, {"cells": [cell("A", None, None)], "not_held": ("cells:1",)}],
        {"A": None, "B": 18},
        [(MISSING, "B", 1)],
    ),
    "a correction that leaves day and results blank is asked": (
        [{"cells": cells("A", "B")}, {"cells": [cell("A", None, None)], **CORRECTS}],
        {"A": 18, "B": 18},
        [(MISSING, "A", 1)],
    ),
    "a correction without a column of days is not": (
        [
            {"cells": cells("A", "B")},
            {"cells": [{"name": "Chi bộ A", "members_total": 30}], **CORRECTS},
        ],
        {"A": 18, "B": 18},
        [],
    ),
    "a part above a whole that stands in another file is said": (
        [
            {"cells": cells("A", "B")},
            {"cells": [{"name": "Chi bộ A", "members_attended": 25}], **CORRECTS},
        ],
        {"A": 25, "B": 18},
        [(TOTALS, "A", 1)],
    ),
}
COMMUNES = [u.code for u in load_campaign().registry.units if u.reporter == "commune"]
KNOWN = (MISSING, SET_BACK, TOTALS)


def reports_of(unit: str, files: list[dict]) -> list[Report]:
    return [
        Report(
            unit,
            file.get("at", DAYS[turn]),
            file=file.get("file", f"BC {unit} {turn}.xlsx"),
            named=f"{unit} file {turn}",
            **{k: v for k, v in file.items() if k not in ("at", "file")},
        )
        for turn, file in enumerate(files)
    ]


@pytest.fixture(
    scope="module", params=[EXAMPLES, MORE, CORRECTED], ids=["examples", "more", "corrected"]
)
def counted(request, tmp_path_factory):
    """A night of these examples, each of them from a commune of its own."""
    units = dict(zip(request.param, COMMUNES, strict=False))
    assert len(units) == len(request.param), "a commune for each"
    reports = [r for name, unit in units.items() for r in reports_of(unit, request.param[name][0])]
    with night(tmp_path_factory.mktemp("later") / "night", load_campaign(), reports, AS_OF) as con:
        yield con, units, request.param


def test_later_file_removes_only_what_its_kind_allows(counted):
    con, units, examples = counted
    for name, unit in units.items():
        _, expected, said = examples[name]
        found = dict(
            fetch(con, "SELECT name, members_attended FROM cell_meeting WHERE unit_code = ?", unit)
        )
        assert {n.removeprefix("Chi bộ "): v for n, v in found.items()} == expected, name
        findings = fetch(
            con,
            "SELECT rule, coalesce(row_name, field), file_name FROM finding JOIN submission AS file "
            "USING (submission_id) WHERE file.unit_code = ? AND list_contains(?, rule) AND NOT replaced",
            unit,
            list(KNOWN),
        )
        files = [r.file_name for r in reports_of(unit, examples[name][0])]
        findings_by_file = [
            (rule, about and about.removeprefix("Chi bộ "), files.index(file))
            for rule, about, file in findings
        ]
        assert sorted(findings_by_file, key=repr) == sorted(said, key=repr), name


def test_each_value_is_traced_to_its_file(counted):
    con, units, _ = counted
    for name, unit in units.items():
        for row, attended in fetch(
            con, "SELECT name, members_attended FROM cell_meeting WHERE unit_code = ?", unit
        ):
            raw = fetch(
                con,
                "SELECT raw_text FROM lineage WHERE unit_code = ? AND table_name = 'cell_meeting' "
                "AND row_name = ? AND field = 'members_attended'",
                unit,
                row,
            )
            assert raw == ([] if attended is None else [(str(attended),)]), (name, row)


def test_changes_list_only_values_that_now_count(counted):
    """Each change of a row is from what an earlier file said to what the warehouse says, or to what
    changed later."""
    con, _, _ = counted
    wrong = fetch(
        con,
        """
        SELECT * FROM submission_change AS change
        JOIN lineage AS now ON now.unit_code = change.unit_code AND now.row_name = change.row_name
         AND now.field = change.field AND now.table_name = 'cell_meeting'
        WHERE section = 'cells' AND now.submission_id = change.new_submission_id
          AND (now.raw_text IS DISTINCT FROM change.new_value OR now.sheet <> change.new_sheet
               OR now.cell <> change.new_cell)""",
    )
    assert wrong == []


MARKS = [  # a row of a village as it stood, as a correction has it, and as it counts then
    (
        "a row written out whole says no by a blank mark",
        {"head_is_party": True, "party_members": 7, "prospects": 3},
        {"head_is_party": False, "party_members": 8, "prospects": 3},
        (False, 8, 3),
    ),
    (
        "a row with one value alone leaves the marks",
        {"head_is_party": True, "party_members": 7, "prospects": 3},
        {"head_is_party": False, "party_members": 8, "prospects": None},
        (True, 8, 3),
    ),
    (
        "a column that it does not have stays",
        {"head_is_party": True, "party_members": 7},
        {"party_members": 8},
        (True, 8, None),
    ),
]


@pytest.fixture(scope="module")
def corrected_marks(tmp_path_factory):
    """The first village of each of these examples as it counts, each of them of a commune of its own."""
    reports = [
        report
        for unit, (_, stood, corrected, _) in zip(COMMUNES, MARKS, strict=False)
        for report in reports_of(
            unit,
            [
                {
                    "info": {"cells_total": 9, "cells_held": 9},
                    "villages": [{"name": "Thôn Một", **stood}, {"name": "Thôn Hai", **stood}],
                },
                {"villages": [{"name": "Thôn Một", **corrected}], **CORRECTS},
            ],
        )
    ]
    with night(tmp_path_factory.mktemp("marks") / "night", load_campaign(), reports, AS_OF) as con:
        return {
            unit: counts
            for unit, *counts in fetch(
                con,
                "SELECT unit_code, head_is_party, party_members, prospects FROM village "
                "WHERE name = 'Thôn Một'",
            )
        }


@pytest.mark.parametrize("number", range(len(MARKS)), ids=[name for name, *_ in MARKS])
def test_blank_mark_in_a_correction_means_no_only_in_a_full_row(number, corrected_marks):
    assert tuple(corrected_marks[COMMUNES[number]]) == MARKS[number][-1]


def decided(number: int, kind: str, day: int = 13, **about: object) -> Decision:
    return Decision.model_validate(
        {
            "decision_id": number,
            "holds_from": f"2022-04-{day}T12:00:00+07:00",
            "recorded_at": f"2022-04-{day}T12:00:00+07:00",
            "account": "tuyengiao",
            "reason": "Xã xác nhận",
            "kind": kind,
            **about,
        }
    )


DECIDED = {  # two files, the cells that count by the decision to take the second whole, and without it
    "lacks a row": (
        [{"cells": cells("A", "B")}, {"cells": cells("A", attended=15)}],
        {"A": 15},
        {"A": 15, "B": 18},
    ),
    "older": (
        [
            {"cells": cells("A"), "info": dated(9)},
            {"cells": cells("A", attended=15), "info": dated(8)},
        ],
        {"A": 15},
        {"A": 18},
    ),
    "same second": (
        [
            {"cells": cells("A")},
            {"cells": cells("A", attended=15), "at": DAYS[0], "file": "x.xlsx"},
        ],
        {"A": 15},
        {"A": 18},
    ),
    "blank rows": (
        [{"cells": cells("A", "B")}, {"cells": [cell("A"), blank("B")]}],
        {"A": 18, "B": None},
        {"A": 18, "B": 18},
    ),
}


@pytest.fixture(scope="module")
def decided_nights(tmp_path_factory):
    """Two nights of these examples, each of them from a commune of its own: with the decision to take
    its second file whole, and after each was undone."""
    units = dict(zip(DECIDED, COMMUNES, strict=False))
    reports = [r for name, unit in units.items() for r in reports_of(unit, DECIDED[name][0])]
    made = [
        decided(n, "replace", submission_id=f"{unit} file 1")
        for n, unit in enumerate(COMMUNES[: len(DECIDED)], 1)
    ]
    undone = [decided(len(made) + d.decision_id, "undo", undoes=d.decision_id) for d in made]
    folder = tmp_path_factory.mktemp("decided")
    with (
        night(folder / "whole", load_campaign(), reports, AS_OF, made) as whole,
        night(folder / "before", load_campaign(), reports, AS_OF, [*made, *undone]) as before,
    ):
        yield units, whole, before


@pytest.mark.parametrize("name", DECIDED)
def test_officer_accepts_the_whole_file_and_undoes_it(name, decided_nights):
    units, *nights = decided_nights
    _, whole, before = DECIDED[name]
    unit, number = units[name], list(DECIDED).index(name) + 1
    for con, expected in zip(nights, (whole, before), strict=True):
        found = dict(
            fetch(con, "SELECT name, members_attended FROM cell_meeting WHERE unit_code = ?", unit)
        )
        assert {n.removeprefix("Chi bộ "): v for n, v in found.items()} == expected
        open_findings = fetch(
            con,
            "SELECT 1 FROM finding WHERE unit_code = ? AND rule IN (?, ?) AND decision_id IS NULL",
            unit,
            MISSING,
            SET_BACK,
        )
        assert bool(open_findings) == (expected is before)
        ((reason,),) = fetch(
            con, "SELECT reason FROM submission WHERE submission_id = ?", f"{unit} file 1"
        )
        assert (f"quyết định số {number}" in (reason or "")) == (expected is whole)
        assert fetch(con, "SELECT 1 FROM finding WHERE rule = 'decision_unmatched'") == []


def test_errors_of_an_older_file_need_no_fix(tmp_path):
    reports = reports_of(
        "07540",
        [
            {"cells": cells("A"), "info": dated(9)},
            {"cells": [cell("A", held_on="2022-04-20")], "info": dated(8)},
        ],
    )
    with night(tmp_path / "night", load_campaign(), reports, AS_OF) as con:
        assert fetch(
            con,
            "SELECT rule, replaced FROM finding WHERE rule IN ('outside_window', ?) ORDER BY 1 DESC",
            SET_BACK,
        ) == [("outside_window", True), (SET_BACK, False)]


def test_an_organisations_lines_are_merged_by_commune(tmp_path):
    def line(commune: str, held: int) -> dict:
        return {
            "organisation": "youth_union",
            "commune": commune,
            "branches_total": 9,
            "branches_held": held,
            "first_on": "2022-04-05",
            "last_on": "2022-04-06",
        }

    reports = [
        Report(YOUTH, DAYS[0], orgs=[line("07540", 8), line("07531", 7)], named="first"),
        Report(YOUTH, DAYS[1], orgs=[line("07531", 9)], named="second", **CORRECTS),
    ]
    with night(tmp_path / "night", load_campaign(), reports, AS_OF) as con:
        assert fetch(
            con,
            "SELECT commune_code, branches_held, raw_text, own.submission_id, own.cell FROM org_meeting "
            "JOIN unit_status AS unit ON unit.unit_code = commune_code JOIN lineage AS own "
            "ON own.row_name = unit.unit_name AND own.table_name = 'org_meeting' "
            "AND own.field = 'branches_held' ORDER BY 1",
        ) == [("07531", 9, "9", "second", "E5"), ("07540", 8, "8", "first", "E5")]


ORDER = [  # files of a unit as (second, declares, date, number), and what becomes of each in the order that counts
    (
        "in the order of receipt",
        [(1, None, None, None), (2, None, None, None)],
        [(0, None), (1, None)],
    ),
    ("older by date", [(1, None, 9, None), (2, None, 8, None)], [(0, None), (1, "older_date")]),
    (
        "the date decides, not the number",
        [(1, None, 8, "30-BC"), (2, None, 9, "25-BC")],
        [(0, None), (1, None)],
    ),
    (
        "of one date the number decides",
        [(1, None, 9, "30-BC"), (2, None, 9, "25-BC")],
        [(0, None), (1, "older_number")],
    ),
    ("the same second", [(1, None, 9, None), (1, None, 9, None)], [(0, None), (1, "same_second")]),
    (
        "the same second, younger first",
        [(1, None, 9, None), (1, None, 8, None)],
        [(1, None), (0, None)],
    ),
    (
        "an older correction",
        [(1, None, 9, None), (2, "correction", 8, None)],
        [(0, None), (1, "older_date")],
    ),
    (
        "held against what counts",
        [(1, None, 9, None), (2, None, 7, None), (3, None, 8, None)],
        [(0, None), (1, "older_date"), (2, "older_date")],
    ),
]


@pytest.mark.parametrize(("name", "files", "expected"), ORDER, ids=[name for name, *_ in ORDER])
def test_files_are_ordered_by_receipt_date_and_number(name, files, expected):
    sent = [
        SentFile(
            str(n),
            n,
            dt.datetime(2022, 4, 10, 8, 0, second, tzinfo=dt.UTC),
            declares,
            day and dt.date(2022, 4, day),
            number,
        )
        for n, (second, declares, day, number) in enumerate(files)
    ]
    for given in (sent, sent[::-1]):
        assert [(int(f.submission_id), f.set_back) for f in put_in_order(given)] == expected


NAMES = [
    ("Bo sung Cam Son.xlsx", "correction"),
    ("thư 12/BC Đính chính.docx", "correction"),
    ("BC-dieu-chinh-lan-2.xls", "correction"),
    ("BC thay the.xlsx", "replacement"),
    ("BC Cấm Sơn.xlsx", None),
    ("bo sung/BC Cấm Sơn.xlsx", None),
    ("BC bosung.xlsx", None),
]


@pytest.mark.parametrize(("file_name", "expected"), NAMES)
def test_file_name_declares_correction_or_replacement(file_name, expected):
    words = load_campaign().form.words
    assert declared_kind(file_name, None, words) == expected
    assert declared_kind(file_name, "replacement", words) == "replacement", (
        "what the content says goes first"
    )


def test_generic_words_before_a_name_are_ignored():
    generic = load_campaign().form.words.generic_name_words
    assert (
        loose_key("Chi bộ thôn Cầu Cao", generic) == loose_key("CB Cầu Cao", generic) == "cau cao"
    )
    assert loose_key("Chi bộ", generic) == "chi bo", "a name is never empty"


def test_many_rows_and_files_take_linear_time():
    rows = tuple(SentRow(n, f"r{n}", f"r{n}", f"r{n}", True) for n in range(20_000))
    others = tuple(SentRow(n, f"s{n}", f"s{n}", f"s{n}", True) for n in range(20_000))
    start = dt.datetime(2022, 4, 10, tzinfo=dt.UTC)
    files = put_in_order(SentFile(str(n), n, start + dt.timedelta(hours=n)) for n in range(2))
    history = apply_files(files, {"0": SentTable(rows), "1": SentTable(others)})
    assert len(history.layers) == 40_000
