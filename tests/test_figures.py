"""The figures of the report: declared once, printed in Vietnamese style, each with a query that
runs."""

import tomllib

import duckdb
import pytest
from nights import Report, night, one

from sources.campaigns import Target, load_campaign
from sources.form import Form
from sources.registry import REGISTER_COLUMNS, Registry
from warehouse.figures import DECLARATIONS, figure_values, has_needed, load_figures
from warehouse.numbers_vi import UNKNOWN, printed
from warehouse.schema import tables

PRINTED = [
    (0, "count", "0"),
    (25, "count", "25"),
    (1234, "count", "1.234"),
    (1234567, "count", "1.234.567"),
    (17 / 18, "percent", "94,4%"),
    (1, "percent", "100%"),
    (0, "percent", "0%"),
    (0.5, "percent", "50,0%"),
    (0.99999, "percent", "trên 99,9%"),
    (1 / 16, "percent", "6,3%"),  # halves are rounded up, as Excel shows them
    (0.285 / 2, "percent", "14,3%"),
    (0.3045, "percent", "30,5%"),
    (-2.25, "decimal", "-2,3"),
    (0.00001, "percent", "dưới 0,1%"),  # not all, and not none
    (1234.56, "decimal", "1.234,6"),
    (None, "count", UNKNOWN),
    (None, "percent", UNKNOWN),
]

CELLS = [
    {
        "name": "Chi bộ A",
        "held_on": "2022-04-05",
        "mode": "separate",
        "members_total": 20,
        "members_attended": 17,
        "committee_attended": True,
        "content_1": True,
        "content_2": True,
        "content_3": False,
    },
    {
        "name": "Chi bộ B",
        "held_on": "2022-04-17",
        "mode": "combined",
        "members_total": 10,
        "members_attended": 9,
        "committee_attended": False,
        "content_1": True,
        "content_2": True,
        "content_3": True,
    },
    {
        "name": "Chi bộ C",
        "held_on": None,
        "mode": None,
        "members_total": 6,
        "members_attended": None,
        "committee_attended": False,
        "content_1": False,
        "content_2": False,
        "content_3": False,
    },
]
REPORTS = [
    Report(
        "07540",
        "2022-04-15T08:00:00+07:00",
        info={"directing_documents": 2, "material_14_ct_tu": True},
        cells=CELLS,
        villages=[{"name": "Thôn A", "head_is_party": True, "deputy_is_party": False}],
    ),
    Report(
        "07528",
        "2022-04-15T08:00:00+07:00",
        info={"cells_total": 10, "cells_held": 8, "material_14_ct_tu": False},
    ),
]


@pytest.fixture(scope="module")
def con(tmp_path_factory) -> duckdb.DuckDBPyConnection:
    folder = tmp_path_factory.mktemp("figures")
    with night(folder, load_campaign(), REPORTS, "2022-04-19T20:00:00+07:00") as opened:
        yield opened


@pytest.mark.parametrize(("value", "style", "text"), PRINTED)
def test_numbers_are_printed_in_vietnamese_style(value, style, text):
    assert printed(value, style) == text


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        ("units_reported", "2"),
        ("units_expected.commune", "29"),
        ("units_missing.district_org", "6"),
        ("cells_total", "13"),
        ("cells_held", "10"),
        ("cells_held_share", "76,9%"),
        ("cells_not_held", "3"),
        ("cells_in_window", "1"),
        ("cells_out_of_window", "1"),
        ("cells_date_unknown", "8"),
        ("members_attended_share", "72,2%"),
        ("members_attended_met", "26"),
        ("members_met", "30"),
        ("members_attended_met_share", "86,7%"),
        ("communes_with_attendance", "1"),
        ("members_assigned_share", UNKNOWN),
        ("cells_listed.village", "0"),
        ("heads_target", UNKNOWN),
        ("meetings_with_committee", "1"),
        ("meetings_with_committee_share", "50,0%"),
        ("content_covered.content_3", "1"),
        ("content_known.content_3", "2"),
        ("content_covered_share.content_1", "100%"),
        ("material_given.material_14_ct_tu", "1"),
        ("material_given_share.material_14_ct_tu", "50,0%"),
        ("directing_documents", "2"),
        ("village_heads_party", "1"),
        ("candidates_compared_share", UNKNOWN),
        ("org_branches_held.youth_union", "0"),
        ("news_items", UNKNOWN),
    ],
)
def test_figure_equals_what_reports_say(con, figure, text):
    assert figure_values(con)[figure].printed == text


def attendance(*cells: tuple[str | None, int | None, int | None], **info: int) -> Report:
    """A report of cells by date of the meeting, members and attendance, with the unit's own totals."""
    rows = [
        {"name": f"Chi bộ {n}", "held_on": on, "members_total": members, "members_attended": came}
        for n, (on, members, came) in enumerate(cells)
    ]
    return Report("07540", "2022-04-15T08:00:00+07:00", info=info, cells=rows)


MET, NOT_MET = "2022-04-05", None
ATTENDANCE = [  # a report; the share at meetings that were held, and of all members
    (attendance((MET, 40, 35), (MET, 60, None)), "87,5%", "87,5%"),  # blank: not known, not absent
    (attendance((MET, 40, 35), (NOT_MET, 60, None)), "87,5%", "35,0%"),  # not held: nobody came
    (attendance((NOT_MET, 60, None)), UNKNOWN, "0%"),
    (attendance((MET, None, 35), (MET, 20, 10)), "50,0%", "50,0%"),
    # no row says it: the unit's own total, of meetings only where all were held
    (attendance((MET, 40, None), (MET, 60, None), members_attended=80), "80,0%", "80,0%"),
    (attendance((MET, 40, None), (NOT_MET, 60, None), members_attended=30), UNKNOWN, "30,0%"),
    (
        attendance(cells_total=2, cells_held=2, members_total=40, members_attended=30),
        "75,0%",
        "75,0%",
    ),
    (
        attendance(cells_total=2, cells_held=1, members_total=40, members_attended=18),
        UNKNOWN,
        "45,0%",
    ),
    (attendance(cells_total=2, cells_held=2, members_attended=30), UNKNOWN, UNKNOWN),
]


@pytest.mark.parametrize(("report", "of_meetings", "of_all"), ATTENDANCE)
def test_attendance_is_over_the_rows_that_give_both_numbers(tmp_path, report, of_meetings, of_all):
    with night(tmp_path, load_campaign(), [report], "2022-04-19T20:00:00+07:00") as con:
        figures = figure_values(con)
    assert figures["members_attended_met_share"].printed == of_meetings
    assert figures["members_attended_share"].printed == of_all


VILLAGES = [
    {"name": "Một", "head_is_party": True, "candidate_is_party": True},
    {"name": "Hai", "head_is_party": True, "candidate_is_party": False},
    {"name": "Ba", "head_is_party": False, "candidate_is_party": True},
    {"name": "Bốn", "head_is_party": False, "candidate_is_party": False},
    {"name": "Năm", "head_is_party": True},  # without a word on the candidate
    {"name": "Sáu", "head_is_party": True},
]


def test_heads_now_and_candidates_are_compared_over_the_same_villages(tmp_path):
    campaign = load_campaign()
    target = Target(heads_share=0.8, source="Chỉ thị số 14-CT/TU")
    campaign = campaign.model_copy(update={"target": target})
    report = Report("07540", "2022-04-15T08:00:00+07:00", villages=VILLAGES, cells=CELLS)
    with night(tmp_path, campaign, [report], "2022-04-19T20:00:00+07:00") as con:
        figures = {name: figure.printed for name, figure in figure_values(con).items()}
        by_commune = dict(
            con.execute(
                "SELECT figure, printed FROM unit_figure WHERE unit_code = '07540'"
            ).fetchall()
        )
    assert figures["village_heads_party_share"] == "66,7%"
    assert figures["heads_compared_share"] == figures["candidates_compared_share"] == "50,0%"
    changes = ["stays", "gains", "loses", "none"]
    assert [figures[f"heads_{change}"] for change in changes] == ["1"] * 4
    assert figures["heads_target"] == "80,0%"
    assert figures["heads_target_reached"] == "0"
    assert figures["heads_target_gap"] == "13,3"
    assert by_commune["village_heads_party_share"] == "66,7%"
    assert by_commune["heads_change_points"] == "0,0"


def test_commune_with_more_heads_than_villages_has_not_reached_the_target(tmp_path):
    target = Target(heads_share=0.8, source="Chỉ thị số 14-CT/TU")
    campaign = load_campaign().model_copy(update={"target": target})
    info = {"cells_total": 9, "cells_held": 9, "villages_total": 8}
    reports = [
        Report(code, "2022-04-15T08:00:00+07:00", info={**info, "village_heads_party": heads})
        for code, heads in (("07540", 9), ("07531", 7))
    ]
    with night(tmp_path, campaign, reports, "2022-04-19T20:00:00+07:00") as con:
        assert figure_values(con)["heads_target_reached"].printed == "1"


MODES = [  # what units say of meetings held, on their own, combined; and how many are of a mode that is not known
    ([(10, None, None)], 10),
    ([(10, 4, None)], 6),
    ([(10, 4, 6)], 0),
    ([(5, 3, 3), (5, 2, None)], 3),
    ([], 0),
]


@pytest.mark.parametrize(("modes", "unknown"), MODES)
def test_meetings_of_unknown_mode_are_not_counted_as_zero(tmp_path, modes, unknown):
    """And what one unit tells too many of does not make up for what another leaves out."""
    keys = ("cells_held", "cells_held_separately", "cells_held_combined")
    reports = [
        Report(
            unit,
            "2022-04-15T08:00:00+07:00",
            info={"cells_total": 20, **dict(zip(keys, own, strict=True))},
        )
        for unit, own in zip(("07540", "07528"), modes, strict=False)
    ]
    with night(tmp_path, load_campaign(), reports, "2022-04-19T20:00:00+07:00") as opened:
        assert figure_values(opened)["cells_mode_unknown"].value == unknown


def test_report_figure_has_every_figure_once(con):
    names = [f.name for f in load_figures(load_campaign()) if f.in_report]
    assert len(names) == len(set(names)) == one(con, "SELECT count(*) FROM report_figure")


def test_every_figure_source_exists():
    campaign = load_campaign()
    columns = {t.name: set(t.column_names) for t in tables(campaign.form)}
    for figure in load_figures(campaign):
        assert set(figure.trace.fields) <= columns[figure.trace.table], figure.name


def test_every_need_is_in_the_form_or_the_register():
    campaign = load_campaign()
    known = campaign.registry.units[0].model_copy(update=dict.fromkeys(REGISTER_COLUMNS, 1))
    full = campaign.model_copy(update={"registry": Registry(units=(known,))})
    declared = tomllib.loads(DECLARATIONS.read_text(encoding="utf-8"))["figure"]
    needed = {need for figure in declared for need in figure.get("needs", ())}
    assert [need for need in sorted(needed) if not has_needed(need, full)] == []


def test_figure_of_a_field_not_asked_is_dropped():
    names = {f.name for f in load_figures(_changed(drop=("info", "news_items")))}
    assert "news_items" not in names and "cells_held" in names


def test_campaign_specific_sum_gets_its_own_figure():
    added = {
        "key": "banners",
        "label": "Số băng rôn",
        "type": "count",
        "clause": "II.6",
        "summed": True,
        "description": "Banners",
    }
    figure = next(f for f in load_figures(_changed(add=("info", added))) if f.name == "banners")
    assert figure.undeclared and figure.description == "Số băng rôn"


def _changed(drop: tuple[str, str] | None = None, add: tuple[str, dict] | None = None):
    """The campaign with a field fewer or one more."""
    campaign = load_campaign()
    form = campaign.form.model_dump(exclude_defaults=True)
    for section in form["section"]:
        section["field"] = [f for f in section["field"] if (section["key"], f["key"]) != drop]
        if add and section["key"] == add[0]:
            section["field"].append(add[1])
    return campaign.model_copy(update={"form": Form.model_validate(form)})


def test_subset_is_of_a_figure_in_the_same_units():
    figures = {f.name: f for f in load_figures(load_campaign())}
    subsets = [f for f in figures.values() if f.subset_of]
    assert [f.name for f in subsets if figures[f.subset_of].format != f.format] == []
    assert len(subsets) > 20
