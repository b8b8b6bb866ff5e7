"""Each rule: a report that breaks it gets a finding at its cell, a close one does not."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from made_facts import (
    GOOD_CELL,
    GOOD_INFO,
    GOOD_ORG,
    OTHER_CELL,
    UNIT_COUNTS,
    commune_report,
    night,
    org_report,
    rows,
    wide_campaign,
)

from expectations.rules import checks, load_rules
from sources.campaigns import CampaignError, load_campaign
from sources.reading_rules import reading_rules
from sources.text import day_first

NIGHT = dt.datetime.fromisoformat("2022-04-16T20:00:00+07:00")


def info(**values):
    report = commune_report()
    return report.but(info={**report.info, **values})


def cell(**values):
    return commune_report().but(
        cells=[{**GOOD_CELL, **values}, dict(OTHER_CELL)], info=dict(UNIT_COUNTS)
    )


def cells(*more):
    return commune_report().but(
        cells=[dict(GOOD_CELL), dict(OTHER_CELL), *more], info=dict(UNIT_COUNTS)
    )


def org(**values):
    return commune_report().but(orgs=[{**GOOD_ORG, **values}])


def content(**values):
    return commune_report().but(content=values)


def without(*keys):
    report = commune_report()
    return report.but(info={k: v for k, v in report.info.items() if k not in keys}, cells=[])


def without_date():
    return {k: v for k, v in GOOD_INFO.items() if k != "document_date"}


UNKNOWN_LABEL = {
    "rule": "label_unknown",
    "section": "cells",
    "row": 2,
    "value": "Ghi chú khác",
    "message": "Lạ.",
}

# rule, section, row_name, field, value; the report that breaks it
BREAKS = {
    "a word for a count": (
        "not_a_count",
        "cells",
        "Chi bộ thôn Một",
        "members_total",
        "ba mươi",
        cell(members_total=("ba mươi",)),
    ),
    "a fraction in info": (
        "not_a_count",
        "info",
        None,
        "news_items",
        "2,5",
        info(news_items=("2,5",)),
    ),
    "a count too large to be one": (
        "not_a_count",
        "info",
        None,
        "news_items",
        "99999999999",
        info(news_items=99999999999),
    ),
    "31 April": (
        "not_a_date",
        "cells",
        "Chi bộ thôn Một",
        "held_on",
        "31/4",
        cell(held_on=("31/4",)),
    ),
    "a date of signing that is none": (
        "not_a_date",
        "info",
        None,
        "document_date",
        "hôm qua",
        info(document_date=("hôm qua",)),
    ),
    "a mark that is none": (
        "not_a_mark",
        "cells",
        "Chi bộ thôn Một",
        "content_2",
        "một phần",
        cell(content_2=("một phần",)),
    ),
    "an unknown kind": (
        "not_a_choice",
        "cells",
        "Chi bộ thôn Một",
        "kind",
        "Lạ",
        cell(kind=("Lạ",)),
    ),
    "an unknown organisation": (
        "not_a_choice",
        "orgs",
        None,
        "organisation",
        "Hội Lạ",
        org(organisation=("Hội Lạ",)),
    ),
    "an unknown commune": (
        "not_a_choice",
        "orgs",
        "farmers_union",
        "commune",
        "Xã Lạ",
        org(commune=("Xã Lạ",)),
    ),
    "a cell without a name": ("required_missing", "cells", None, "name", None, cell(name=None)),
    "an organisation without its branches": (
        "required_missing",
        "orgs",
        "farmers_union",
        "branches_held",
        None,
        org(branches_held=None, held_separately=None, held_combined=None),
    ),
    "people present without a date": (
        "required_missing",
        "cells",
        "Chi bộ thôn Một",
        "held_on",
        None,
        cell(
            held_on=None,
            mode=None,
            committee_attended=False,
            content_1=False,
            content_2=False,
            content_3=False,
            covid_safe=False,
        ),
    ),
    "a mode without a date": (
        "required_missing",
        "cells",
        "Chi bộ thôn Ba",
        "held_on",
        None,
        cells({"name": "Chi bộ thôn Ba", "held_on": None, "mode": "separate"}),
    ),
    "a content without a date": (
        "required_missing",
        "cells",
        "Chi bộ thôn Ba",
        "held_on",
        None,
        cells({"name": "Chi bộ thôn Ba", "held_on": None, "content_3": True}),
    ),
    "neither cells nor their number": (
        "required_missing",
        "info",
        None,
        "cells_total",
        None,
        without("cells_total"),
    ),
    "neither cells nor how many met": (
        "required_missing",
        "info",
        None,
        "cells_held",
        None,
        without("cells_held"),
    ),
    "an organisation's report without lines": (
        "required_missing",
        "orgs",
        None,
        None,
        None,
        org_report().but(orgs=[]),
    ),
    "a meeting in another year": (
        "outside_campaign_year",
        "cells",
        "Chi bộ thôn Một",
        "held_on",
        "2021-04-09",
        cell(held_on="2021-04-09"),
    ),
    "a year that no clock knows": (
        "outside_campaign_year",
        "cells",
        "Chi bộ thôn Một",
        "held_on",
        "0022-04-09",
        cell(held_on="0022-04-09"),
    ),
    "an organisation in another year": (
        "outside_campaign_year",
        "orgs",
        "farmers_union",
        "last_on",
        "2023-04-09",
        org(last_on="2023-04-09"),
    ),
    "a meeting a day early": (
        "outside_window",
        "cells",
        "Chi bộ thôn Một",
        "held_on",
        "2022-04-02",
        cell(held_on="2022-04-02"),
    ),
    "a meeting a day late": (
        "outside_window",
        "cells",
        "Chi bộ thôn Một",
        "held_on",
        "2022-04-16",
        cell(held_on="2022-04-16"),
    ),
    "an organisation that began early": (
        "outside_window",
        "orgs",
        "farmers_union",
        "first_on",
        "2022-04-04",
        org(first_on="2022-04-04"),
    ),
    "a meeting after its report came": (
        "held_after_receipt",
        "cells",
        "Chi bộ thôn Một",
        "held_on",
        "2022-04-15",
        cell(held_on="2022-04-15").but(
            received_at=dt.datetime.fromisoformat("2022-04-14T23:00:00+07:00")
        ),
    ),
    "an organisation that ended after its report came": (
        "held_after_receipt",
        "orgs",
        "farmers_union",
        "last_on",
        "2022-04-15",
        org().but(
            info={**GOOD_INFO, "document_date": "2022-04-13"},
            received_at=dt.datetime.fromisoformat("2022-04-14T10:00:00+07:00"),
        ),
    ),
    "a last day before the first": (
        "last_before_first",
        "orgs",
        "farmers_union",
        "last_on",
        "2022-04-06",
        org(first_on="2022-04-12", last_on="2022-04-06"),
    ),
    "signed in another year": (
        "document_date_unlikely",
        "info",
        None,
        "document_date",
        "2021-04-15",
        info(document_date="2021-04-15"),
    ),
    "signed next year": (
        "document_date_unlikely",
        "info",
        None,
        "document_date",
        "2023-04-15",
        info(document_date="2023-04-15"),
    ),
    "signed after it came": (
        "document_date_unlikely",
        "info",
        None,
        "document_date",
        "2022-05-15",
        info(document_date="2022-05-15"),
    ),
    "received before it was signed": (
        "received_unlikely",
        None,
        None,
        None,
        None,
        info(document_date="2022-05-15"),
    ),
    "received before the campaign": (
        "received_unlikely",
        None,
        None,
        None,
        None,
        commune_report().but(
            info=without_date(),
            cells=[],
            orgs=[],
            received_at=dt.datetime.fromisoformat("2022-04-02T23:59:00+07:00"),
        ),
    ),
    "more given a task than there are": (
        "assigned_exceeds_members",
        "cells",
        "Chi bộ thôn Một",
        "members_assigned",
        "200",
        cell(members_assigned=200),
    ),
    "more given a task than there are, in info": (
        "assigned_exceeds_members",
        "info",
        None,
        "members_assigned",
        "51",
        info(members_assigned=51),
    ),
    "more present than there are": (
        "attended_exceeds_total",
        "cells",
        "Chi bộ thôn Một",
        "members_attended",
        "57",
        cell(members_attended=57),
    ),
    "more present in info": (
        "attended_exceeds_total",
        "info",
        None,
        "members_attended",
        "51",
        info(members_attended=51),
    ),
    "more branches met than there are": (
        "held_exceeds_total",
        "orgs",
        "farmers_union",
        "branches_held",
        "11",
        org(branches_held=11, held_separately=6),
    ),
    "more cells met than there are": (
        "held_exceeds_total",
        "info",
        None,
        "cells_held",
        "3",
        info(cells_held=3, cells_held_separately=2),
    ),
    "more village heads than introduced": (
        "totals_differ",
        "info",
        None,
        "prospects_village_heads",
        "6",
        info(prospects_village_heads=6),
    ),
    "a total that the rows do not bear out": (
        "totals_differ",
        "info",
        None,
        "members_total",
        "51",
        info(members_total=51),
    ),
    "a number of village heads that rows do not bear out": (
        "totals_differ",
        "info",
        None,
        "village_heads_party",
        "2",
        info(village_heads_party=2),
    ),
    "own and combined short of held": (
        "modes_differ_from_held",
        "orgs",
        "farmers_union",
        "branches_held",
        "9",
        org(held_combined=4),
    ),
    "a line of another commune": (
        "line_of_another",
        "orgs",
        "farmers_union",
        "commune",
        "07540",
        org(commune="07540"),
    ),
    "own and combined over held, in info": (
        "modes_differ_from_held",
        "info",
        None,
        "cells_held",
        "2",
        info(cells_held_separately=2),
    ),
    "a content not covered": (
        "content_not_covered",
        "cells",
        "Chi bộ thôn Một",
        "content_2",
        None,
        cell(content_2=False),
    ),
    "a content an organisation left out": (
        "content_not_covered",
        "orgs",
        "farmers_union",
        "content_3",
        None,
        org(content_3=False),
    ),
    "no committee member anywhere": (
        "no_committee_member",
        "cells",
        None,
        "committee_attended",
        None,
        commune_report().but(
            cells=[{**GOOD_CELL, "committee_attended": False}], info=dict(UNIT_COUNTS)
        ),
    ),
    "a document not given": (
        "material_missing",
        "info",
        None,
        "material_40_kh_ubnd",
        None,
        info(material_40_kh_ubnd=False),
    ),
    "a cell twice with other values": (
        "duplicate_row",
        "cells",
        "chi bộ  thôn MỘT.",
        "name",
        "chi bộ  thôn MỘT.",
        cells({**GOOD_CELL, "name": "chi bộ  thôn MỘT.", "members_total": 31}),
    ),
    "a cell twice the same": (
        "repeated_row",
        "cells",
        "Chi bộ thôn Một",
        "name",
        "Chi bộ thôn Một",
        cells(dict(GOOD_CELL)),
    ),
    "macros": ("macros_present", None, None, None, None, content(macros=True)),
    "another topic": ("other_topic", None, None, None, "Học tập", content(other_topic="Học tập")),
    "a label that nobody knows": (
        "label_unknown",
        "cells",
        "Chi bộ thôn Hai",
        None,
        "Ghi chú khác",
        commune_report().but(findings=[UNKNOWN_LABEL]),
    ),
    "a file that an earlier night did not see": (
        "received_before_seen",
        None,
        None,
        None,
        None,
        commune_report().but(missed_by=NIGHT),
    ),
    "a unit named by the file's name": (
        "unit_from_file_name",
        "info",
        None,
        "unit",
        None,
        commune_report().but(unit=None, file_name="BC {unit}.xlsx"),
    ),
    "a file named for another unit": (
        "unit_names_differ",
        "info",
        None,
        "unit",
        "Xã này",
        commune_report().but(
            file_name="BC Xã Phượng Sơn.xlsx", content={"unit_text": "Xã này", "unit_cell": "C4"}
        ),
    ),
}

KEEPS = {
    "nothing wrong": commune_report(),
    "both ends of the window": cells(
        {**OTHER_CELL, "name": "Chi bộ thôn Ba", "held_on": "2022-04-03"},
        {**OTHER_CELL, "name": "Chi bộ thôn Bốn", "held_on": "2022-04-15"},
    ),
    "received on the day of its last meeting": cell(held_on="2022-04-15").but(
        received_at=dt.datetime.fromisoformat("2022-04-15T00:00:00+07:00")
    ),
    "signed on the day of receipt": commune_report().but(
        received_at=dt.datetime.fromisoformat("2022-04-15T08:00:00+07:00"),
        info={**GOOD_INFO, "document_date": "2022-04-15"},
    ),
    "an organisation of a day": org(first_on="2022-04-15", last_on="2022-04-15"),
    "all given a task": cell(members_assigned=30),
    "all present": cell(members_attended=30),
    "a cell that did not meet": cells(
        {
            "name": "Chi bộ thôn Ba",
            "held_on": None,
            "mode": None,
            "members_total": 12,
            "members_attended": 0,
            "content_1": False,
            "committee_attended": False,
        }
    ),
    "an organisation that did not meet": org(
        branches_held=0,
        held_separately=0,
        held_combined=0,
        first_on=None,
        last_on=None,
        content_1=False,
        content_2=False,
        content_3=False,
    ),
    "unknown counts": cells(
        {**OTHER_CELL, "name": "Chi bộ thôn Ba", "members_total": None, "members_attended": 9}
    ),
    "unknown marks": commune_report().but(
        info=dict(UNIT_COUNTS),
        cells=[
            {
                k: v
                for k, v in GOOD_CELL.items()
                if k not in ("committee_attended", "content_1", "content_2")
            }
        ],
    ),
    "one committee member": cell(committee_attended=False),
    "totals alone": commune_report().but(cells=[], villages=[]),
    "cells alone": commune_report().but(info=dict(UNIT_COUNTS)),
    "another cell of a like name": cells({**OTHER_CELL, "name": "Chi bộ thôn Một A"}),
    "a file named for its unit": commune_report().but(file_name="BC {unit}.xlsx"),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """The findings of one night with every example, each from a unit of its own, by the example's
    name."""
    examples = {name: report for name, (*_, report) in BREAKS.items()} | KEEPS
    campaign = wide_campaign(len(examples))
    orgs = iter(campaign.registry.organisations)
    reports = []
    for number, (name, report) in enumerate(examples.items(), 1):
        of_org = bool(report.unit and report.unit.startswith("219"))
        code, unit_name = (next(orgs).code, "") if of_org else (f"M{number}", f"Xã Mẫu {number}")
        reports.append(
            report.but(
                unit=report.unit and code,
                file_name=report.file_name.format(unit=unit_name) or f"{name}.xlsx",
            )
        )
    con = night(tmp_path_factory.mktemp("rules"), campaign, reports)
    found = {name: [] for name in examples}
    for finding in rows(con, "SELECT * FROM finding"):
        found[list(examples)[int(finding["submission_id"][1:])]].append(finding)
    return found


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_rule_is_a_finding_at_its_cell(found, name):
    rule, section, row_name, field, value, report = BREAKS[name]
    hits = [
        f
        for f in found[name]
        if (f["rule"], f["section"], f["row_name"], f["field"], f["value"])
        == (rule, section, row_name, field, value)
    ]
    assert hits, found[name]
    hit = hits[0]
    assert hit["severity"] == load_campaign().severity[rule]
    assert hit["message"] and not re.search(r"[{}]|nan|None", hit["message"])
    said = getattr(report, section) if section else None
    if said and field in (said if isinstance(said, dict) else said[0]):
        assert hit["sheet"] == section and hit["cell"].startswith(f"{field}:")


@pytest.mark.parametrize("name", BREAKS)
def test_only_the_broken_rule_is_reported(found, name):
    follows = {
        "more present than there are": {"totals_differ"},
        "more present in info": {"totals_differ"},
        "a number of village heads that rows do not bear out": {"totals_differ"},
        "more cells met than there are": {"totals_differ"},
        "own and combined over held, in info": {"totals_differ"},
        "an organisation in another year": {"outside_campaign_year"},
        "signed after it came": {"received_unlikely"},
        "received before it was signed": {"document_date_unlikely"},
        "more given a task than there are, in info": {"totals_differ"},
    }
    assert {f["rule"] for f in found[name]} <= {BREAKS[name][0], *follows.get(name, ())}


@pytest.mark.parametrize("name", KEEPS)
def test_valid_values_have_no_findings(found, name):
    assert found[name] == []


def test_message_states_the_error_and_the_expectation(found):
    messages = {f["message"] for name in BREAKS for f in found[name]}
    assert "Số đảng viên dự (57) lớn hơn tổng số đảng viên (30). Đề nghị kiểm tra lại." in messages
    assert (
        "Ngày sinh hoạt: “31/4” không phải là một ngày có thật. Đề nghị ghi ngày/tháng/năm, ví dụ: 03/04/2022."
        in messages
    )
    assert any("Riêng, Lồng ghép" in m or "Trường học" in m for m in messages)


# what stands in the file, and what the message quotes
QUOTED = [
    ("2022-07-05", "“05/07/2022”"),
    ("2022-07-05 08:30:00", "“05/07/2022 08:30”"),
    ("100%", "“100%”"),
    ("2022-07", "“2022-07”"),
]


@pytest.mark.parametrize(("raw", "quoted"), QUOTED)
def test_message_quotes_what_the_unit_sees(tmp_path, raw, quoted):
    con = night(tmp_path, wide_campaign(1), [cell(members_total=(raw,)).but(unit="M1")])
    (finding,) = rows(con, "SELECT value, message FROM finding WHERE rule = 'not_a_count'")
    assert (finding["value"], quoted in finding["message"]) == (raw, True)
    assert quoted == f"“{day_first(raw)}”"


def test_count_in_a_merged_cell_is_not_said_to_be_no_count(tmp_path):
    merged = {
        "rule": "count_in_merged_cell",
        "section": "cells",
        "row": 1,
        "field": "members_total",
        "value": "20",
        "message": "Gộp.",
    }
    report = cell(members_total=("20 x",), members_attended=("18 x",))
    con = night(tmp_path, wide_campaign(1), [report.but(unit="M1", findings=[merged])])
    found = rows(con, "SELECT rule, field, severity FROM finding WHERE severity = 'error'")
    assert [tuple(f.values()) for f in found] == [
        ("count_in_merged_cell", "members_total", "error"),
        ("not_a_count", "members_attended", "error"),
    ]


def test_every_rule_of_a_check_has_an_example():
    # test_later_files.py
    elsewhere = {
        "unreadable",
        "unsafe",
        "unit_unknown",
        "sources_differ",
        "sender_not_allowed",
        "decision_unmatched",
        "sub_unit_report",  # the last three in test_decisions.py
        "rows_missing_in_later_file",
        "later_file_set_back",
        "scan_unconfirmed",  # these three in test_scans_confirmed.py
        "value_unconfirmed",
        "scan_differs",
        "implausible",  # test_implausible.py
        "copied_table",  # test_copied_tables.py
        "number_missing",  # test_missing_numbers.py
    }
    raised_while_reading = set(reading_rules()) - {"label_unknown"}  # tests/test_reading_rules.py
    assert set(load_campaign().severity) - elsewhere - raised_while_reading == {
        rule for rule, *_ in BREAKS.values()
    }


def test_rule_without_severity_fails_at_load():
    campaign = load_campaign()
    severity = {k: v for k, v in campaign.severity.items() if k != "outside_window"}
    with pytest.raises(CampaignError, match=r"severity\.outside_window: is missing"):
        checks(campaign.model_copy(update={"severity": severity}))


def test_severity_of_unknown_rule_fails_at_load():
    campaign = load_campaign()
    with pytest.raises(CampaignError, match="outside_windw"):
        checks(
            campaign.model_copy(
                update={"severity": {**campaign.severity, "outside_windw": "error"}}
            )
        )


def test_misspelt_key_in_rules_is_named(tmp_path):
    book = tmp_path / "rules.toml"
    book.write_text(
        "raised_without_check = []\nabout_meeting = []\n"
        '[[check]]\nrule = "x"\nover = "limt"\nexpectation = "E"\noptions = {}\n'
        'message = "m"\n',
        encoding="utf-8",
    )
    with pytest.raises(CampaignError, match=r"check\.0\.over"):
        load_rules(book)


def test_rules_follow_the_form():
    campaign = load_campaign()
    form = campaign.form.model_dump()
    for section in form["section"]:
        section["field"] = [
            f
            for f in section["field"]
            if (section["key"], f["key"])
            not in {
                ("info", "news_items"),
                ("villages", "deputy_is_party"),
                ("cells", "committee_attended"),
            }
        ]
        if section["key"] == "villages":
            section["field"].append(
                {
                    "key": "households",
                    "label": "Số hộ",
                    "type": "count",
                    "clause": "I",
                    "description": "Households",
                    "required": ("all",),
                }
            )
    other = campaign.model_copy(update={"form": type(campaign.form).model_validate(form)})
    made = checks(other)
    assert not any(c.rule == "no_committee_member" for c in made)
    assert any(
        (c.rule, c.section, c.field) == ("required_missing", "villages", "households") for c in made
    )
    by_field = [c.by_field for c in made if c.rule == "not_a_count" and c.section == "villages"]
    assert "households" in by_field[0]
