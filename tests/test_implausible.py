"""Numbers that no rule forbids and that are unlikely beside those of other units, of the report's own
rows, or of the register."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from made_facts import GOOD_CELL, GOOD_INFO, GOOD_ORG, Report, commune_report, night, rows
from made_facts import wide_campaign as with_communes

from expectations.rules import checks
from sources.campaigns import Campaign, CampaignError
from sources.registry import Registry

COMMUNES = 14
CELLS = (18, 22, 25, 30, 34, 38, 41, 43, 47, 52, 58, 60)
NOT_HELD = (
    "held_on",
    "mode",
    "content_1",
    "content_2",
    "content_3",
    "committee_attended",
    "covid_safe",
)
ORGANISATIONS = (
    "fatherland_front",
    "farmers_union",
    "womens_union",
    "youth_union",
    "veterans_association",
    "labour_federation",
)


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return with_communes(COMMUNES)


def cell(number: int, members: int, **values) -> dict:
    attended = members - members // 8
    known = {
        "name": f"Chi bộ {number}",
        "members_total": members,
        "members_attended": attended,
        "members_assigned": members // 5,
    }
    return {**GOOD_CELL, **known, **values}


def report(number: int, **info) -> Report:
    """A plausible report of commune M<number>, unlike the others'."""
    members = [n + number % 5 for n in CELLS]
    line = {
        **GOOD_ORG,
        "branches_total": 6 + number % 7,
        "branches_held": 5 + number % 7,
        "held_separately": 5 + number % 7,
        "held_combined": 0,
        "members_total": 90 + 60 * number,
        "members_attended": 80 + 52 * number,
    }
    own = {
        k: GOOD_INFO[k] for k in GOOD_INFO if k.startswith(("document", "material", "committee"))
    }
    counts = {
        "directing_documents": 1 + number % 4,
        "prospects_introduced": 3 + number % 9,
        "prospects_village_heads": 1,
        "news_items": 20 + number,
    }
    return commune_report(f"M{number}").but(
        info={**own, **counts, **info},
        cells=[cell(i, n) for i, n in enumerate(members, 1)],
        orgs=[dict(line)],
    )


def with_cell(number: int, place: int, **values) -> Report:
    made = report(number)
    made.cells[place] = {**made.cells[place], **values}
    return made


def with_line(number: int, **values) -> Report:
    made = report(number)
    made.orgs[0] = {**made.orgs[0], **values}
    return made


def total_alone(**values) -> Report:
    """A report of totals without any row."""
    made = commune_report("M3")
    return made.but(info={**made.info, **values}, cells=[], villages=[], orgs=[])


def all_present(number: int) -> Report:
    made = report(number)
    made.cells = [{**c, "members_attended": c["members_total"]} for c in made.cells]
    return made


def found(folder, campaign, reports, rule="implausible"):
    """Of each unlikely value: file, section, row, field, value and message."""
    con = night(folder, campaign, reports)
    sql = (
        "SELECT file_name, section, row_name, field, value, sheet, cell, message FROM finding "
        f"JOIN submission USING (submission_id) WHERE rule = '{rule}' ORDER BY ALL"
    )
    return rows(con, sql)


# what is unlikely: the report, then section, row, field and what the message says
UNLIKELY = {
    "a hundred times the members of a cell": (
        with_cell(3, 7, members_total=4600, members_attended=41),
        ("cells", "Chi bộ 8", "members_total"),
        "khác xa mức thường gặp ở các đơn vị (khoảng 4",
    ),
    "a digit too much in a cell's members": (
        with_cell(3, 1, members_total=250, members_attended=22),
        ("cells", "Chi bộ 2", "members_attended"),
        "chỉ bằng 9% tổng số đảng viên (250), trong khi thường là khoảng 8",
    ),
    "a digit too little in those who came": (
        with_cell(3, 7, members_attended=4),
        ("cells", "Chi bộ 8", "members_attended"),
        "chỉ bằng 9%",
    ),
    "news items in the ten thousands": (
        report(3, news_items=32_000),
        ("info", None, "news_items"),
        "(32.000) lớn khác thường (trên 999)",
    ),
    "ten times the news items": (
        report(3, news_items=900),
        ("info", None, "news_items"),
        "khác xa mức thường gặp ở các đơn vị (khoảng 23)",
    ),
    "documents of another order": (
        report(3, directing_documents=300),
        ("info", None, "directing_documents"),
        "khác xa mức thường gặp ở các đơn vị (khoảng 4)",
    ),
    "a digit too much in an organisation's members": (
        with_line(3, members_total=2700, members_attended=236),
        ("orgs", "farmers_union", "members_attended"),
        "chỉ bằng 9%",
    ),
    "a digit too much in an organisation's branches": (
        with_line(3, branches_total=80, branches_held=8, held_separately=8),
        ("orgs", "farmers_union", "branches_held"),
        "chỉ bằng 10%",
    ),
    "nobody came to a meeting that was held": (
        with_cell(3, 11, members_attended=0),
        ("cells", "Chi bộ 12", "members_attended"),
        "Đã sinh hoạt nhưng số đảng viên dự bằng 0, trong khi tổng số đảng viên là 63.",
    ),
    "nobody of a small cell came": (
        with_cell(3, 0, members_total=5, members_attended=0),
        ("cells", "Chi bộ 1", "members_attended"),
        "trong khi tổng số đảng viên là 5",
    ),
    "nobody of an organisation came": (
        with_line(3, members_attended=0),
        ("orgs", "farmers_union", "members_attended"),
        "Đã sinh hoạt nhưng số đoàn viên, hội viên dự bằng 0",
    ),
    "nobody came, by the total alone": (
        total_alone(cells_held=2, members_attended=0),
        ("info", None, "members_attended"),
        "Đã sinh hoạt nhưng số đảng viên dự sinh hoạt bằng 0, trong khi tổng số đảng viên là 50.",
    ),
    "everyone came to each of many meetings": (
        all_present(3),
        ("cells", None, "members_attended"),
        "Cả 12 dòng có số liệu đều ghi số đảng viên dự đúng bằng tổng số đảng viên (100%)",
    ),
}
LIKELY = {
    "a small cell": with_cell(3, 0, members_total=3, members_attended=3, members_assigned=1),
    "a large cell": with_cell(3, 0, members_total=160, members_attended=140, members_assigned=20),
    "a few more documents than others": report(3, directing_documents=12),
    "no news at all": report(3, news_items=0),
    "many news items": report(3, news_items=120),
    "few at a large meeting": with_cell(3, 11, members_attended=24),
    "nobody came where no meeting was held": with_cell(
        3, 0, **dict.fromkeys(NOT_HELD), members_attended=0
    ),
    "nobody came of an unknown number": with_cell(3, 0, members_total=None, members_attended=0),
    "nobody came of none": with_cell(3, 0, members_total=0, members_attended=0, members_assigned=0),
    "an organisation that did not meet": with_line(
        3, branches_held=0, held_separately=0, first_on=None, last_on=None, members_attended=0
    ),
    "a total of cells that did not meet": total_alone(
        cells_held=0, cells_held_separately=0, cells_held_combined=0, members_attended=0
    ),
    "an organisation that has hardly begun": with_line(3, branches_held=1, held_separately=1),
    "one of several cells where all came": with_cell(3, 0, members_attended=18 + 3),
}


@pytest.fixture(scope="module")
def of_examples(tmp_path_factory, campaign):
    """The unlikely values of a night in which each example is a report among plausible ones."""
    examples = {**{k: v[0] for k, v in UNLIKELY.items()}, **LIKELY}
    many = with_communes(COMMUNES + len(examples))
    units = range(COMMUNES + 1, COMMUNES + 1 + len(examples))
    reports = [report(n) for n in range(1, COMMUNES + 1)] + [
        example.but(unit=f"M{n}", file_name=f"{name}.xlsx")
        for n, (name, example) in zip(units, examples.items(), strict=True)
    ]
    return found(tmp_path_factory.mktemp("peers"), many, reports)


@pytest.mark.parametrize("name", UNLIKELY)
def test_unlikely_value_is_a_finding_at_its_cell(of_examples, name):
    _, (section, row, field), message = UNLIKELY[name]
    (hit,) = [f for f in of_examples if f["file_name"] == f"{name}.xlsx"]
    assert (hit["section"], hit["row_name"], hit["field"]) == (section, row, field)
    assert message in hit["message"]
    assert hit["sheet"] == section and hit["cell"].startswith(f"{field}:")


def test_likely_values_are_no_findings(of_examples):
    unlikely = {f"{name}.xlsx" for name in UNLIKELY}
    assert [f for f in of_examples if f["file_name"] not in unlikely] == []


def test_first_report_is_compared_with_its_own_rows_alone(tmp_path, campaign):
    slip = with_cell(3, 7, members_total=4600, members_attended=41)
    (hit,) = found(tmp_path, campaign, [slip])
    assert hit["field"] == "members_total" and "các dòng khác của báo cáo này" in hit["message"]


def test_seven_units_are_too_few_to_be_usual(tmp_path, campaign):
    others = [report(n) for n in range(4, 10)]
    assert found(tmp_path / "7", campaign, [report(3, news_items=900), *others]) == []
    more = [*others, report(10)]
    (hit,) = found(tmp_path / "8", campaign, [report(3, news_items=900), *more])
    assert hit["value"] == "900"


def test_small_usual_values_raise_no_flood(tmp_path, campaign):
    rng = random.Random(3)
    made = [
        report(
            n,
            directing_documents=rng.choice((1, 1, 2, 3, 5, 9, 14)),
            news_items=rng.choice((0, 1, 2, 6, 20)),
        )
        for n in range(1, COMMUNES + 1)
    ]
    assert found(tmp_path, campaign, made) == []


def test_order_of_arrival_does_not_matter(tmp_path, campaign):
    made = [UNLIKELY["ten times the news items"][0], *(report(n) for n in range(4, 13))]
    named = [r.but(file_name=f"{r.unit}.xlsx", bytes_of=r.unit) for r in made]
    assert (
        found(tmp_path / "1", campaign, named) == found(tmp_path / "2", campaign, named[::-1]) != []
    )


def test_returned_file_is_compared_and_is_no_peer(tmp_path, campaign):
    slip = with_cell(3, 7, members_total=4600, members_attended=41)
    slip.cells[0] = {**slip.cells[0], "members_attended": 99}
    (hit,) = found(tmp_path / "1", campaign, [slip, *(report(n) for n in range(4, 13))])
    assert hit["field"] == "members_total"
    wrong = [report(n, news_items=3 + n, prospects_village_heads=("hai",)) for n in range(4, 13)]
    assert found(tmp_path / "2", campaign, [report(3, news_items=900), *wrong]) == []


def test_no_file_can_be_returned_for_it(campaign):
    severity = {**campaign.severity, "implausible": "error"}
    with pytest.raises(CampaignError, match=r"severity\.implausible: compares a file with those"):
        checks(campaign.model_copy(update={"severity": severity}))


def registered(campaign: Campaign, **numbers) -> Campaign:
    units = [u.model_copy(update=numbers) for u in campaign.registry.units]
    return campaign.model_copy(update={"registry": Registry(units=tuple(units))})


def test_count_that_differs_from_the_register_is_a_finding(tmp_path, campaign):
    known = registered(campaign, register_cells=13, register_villages=2)
    (hit,) = found(tmp_path, known, [report(3)])
    assert (hit["section"], hit["field"], hit["value"]) == ("info", "cells_total", "12")
    assert hit["message"] == (
        "Tổng số chi bộ trực thuộc: báo cáo cho 12, danh sách của huyện ghi 13. Đề nghị đối "
        "chiếu; số liệu của báo cáo được tính."
    )


def test_own_total_is_compared_where_there_are_no_rows(tmp_path, campaign):
    totals = commune_report("M3").but(cells=[], villages=[], orgs=[])
    known = registered(campaign, register_cells=2, register_members=51)
    (hit,) = found(tmp_path, known, [totals])
    assert (hit["field"], hit["value"], hit["cell"]) == ("members_total", "50", "members_total:0")


@pytest.mark.parametrize(("organisations", "findings"), [(6, 1), (5, 0)])
def test_branches_are_compared_where_no_line_lacks(tmp_path, campaign, organisations, findings):
    known = registered(campaign, register_branches=61)
    line = {**GOOD_ORG, "branches_total": 10, "branches_held": 9}
    lines = [{**line, "organisation": o} for o in ORGANISATIONS[:organisations]]
    hits = found(tmp_path, known, [commune_report("M3").but(orgs=lines)])
    assert [(h["section"], h["field"], h["value"]) for h in hits] == [
        ("orgs", "branches_total", "60")
    ] * findings


def test_unknown_number_of_the_register_is_compared_with_nothing(tmp_path, campaign):
    only_first = campaign.registry.units[0].model_copy(update={"register_cells": 40})
    units = (only_first, *campaign.registry.units[1:])
    known = campaign.model_copy(update={"registry": Registry(units=units)})
    assert found(tmp_path, known, [report(3)]) == []


def test_correction_is_compared_with_the_rows_that_it_corrects(tmp_path, campaign):
    known = registered(campaign, register_cells=12)
    later = dt.datetime.fromisoformat("2022-04-17T08:00:00+07:00")
    fixed = report(3).but(
        received_at=later, content={"declares": "correction"}, orgs=[], villages=[]
    )
    fixed.cells = [{**fixed.cells[0], "members_attended": 20}]
    assert found(tmp_path, known, [report(3), fixed]) == []
