"""Officers' decisions: permanent, replayed each night, undone only by a later decision."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace

import docx
import duckdb
import openpyxl
import pytest
from nights import Report, fetch, night, one
from pydantic import ValidationError

from sources.campaigns import load_campaign
from sources.decisions import Decision, DecisionLog, decision_states, with_names
from warehouse.ask import status
from warehouse.figures import figure_values
from warehouse.reports.consolidated import write_report
from warehouse.reports.progress import read_progress
from warehouse.reports.progress_page import write_page
from warehouse.reports.working_file import write_working_file

CAMPAIGN = load_campaign()
BEFORE, NIGHT = "2022-04-17T08:00:00+07:00", "2022-04-19T20:00:00+07:00"
LINE = {
    "commune": "07540",
    "organisation": "youth_union",
    "branches_total": 5,
    "branches_held": 5,
    "first_on": "2022-04-06",
    "last_on": "2022-04-10",
    "members_total": 90,
    "members_attended": 80,
}
GOOD = Report(
    "07540", "2022-04-15T08:00:00+07:00", info={"cells_total": 9, "cells_held": 9}, orgs=[LINE]
)
WRONG = Report("07528", "2022-04-15T09:00:00+07:00", info={"cells_total": 9, "cells_held": 10})
NAMELESS = Report(
    "", "2022-04-15T10:00:00+07:00", info={"cells_total": 7, "cells_held": 7}, file="bao cao.xlsx"
)
DISTRICT = Report(
    "219-DTN",
    "2022-04-15T11:00:00+07:00",
    orgs=[{**LINE, "branches_held": 4, "members_attended": 60}],
)
REPORTS = [GOOD, WRONG, NAMELESS, DISTRICT]


def decided(number: int, kind: str, at: str = BEFORE, **about: object) -> Decision:
    return Decision.model_validate(
        {
            "decision_id": number,
            "holds_from": at,
            "recorded_at": at,
            "account": "canbo",
            "reason": "đã xác minh",
            "kind": kind,
            **about,
        }
    )


def in_turn(reports: Iterable[Report]) -> list[Report]:
    """The reports as they come an hour after each other, so that none is another's copy."""
    return [
        replace(report, received_at=f"2022-04-15T{8 + n:02}:00:00+07:00")
        for n, report in enumerate(reports)
    ]


def statuses(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    """Status and unit of each file, in the order of receipt."""
    return fetch(con, "SELECT status, unit_code FROM submission ORDER BY received_at")


@pytest.fixture
def night_with(tmp_path):
    """The warehouse of the night with these decisions."""

    def warehouse(*decisions: Decision, reports=REPORTS):
        return night(
            tmp_path / str(len(list(tmp_path.iterdir()))), CAMPAIGN, reports, NIGHT, decisions
        )

    return warehouse


def test_unidentified_file_counts_after_assignment(night_with):
    con = night_with(decided(1, "assign", submission_id=NAMELESS.submission_id, unit_code="07531"))
    status, unit, reason = one(
        con, "SELECT status, unit_code, reason FROM submission WHERE file_name = 'bao cao.xlsx'"
    )
    assert (status, unit) == ("accepted", "07531")
    assert "quyết định số 1" in reason
    assert one(con, "SELECT cells_held FROM unit_summary WHERE unit_code = '07531'") == 7


def test_returned_file_counts_when_its_finding_is_accepted(night_with):
    con = night_with(
        decided(
            1,
            "accept",
            submission_id=WRONG.submission_id,
            rule="held_exceeds_total",
            field="cells_held",
        )
    )
    assert one(con, "SELECT status FROM unit_status WHERE unit_code = '07528'") == "accepted"
    severity, message, number = one(
        con, "SELECT severity, message, decision_id FROM finding WHERE rule = 'held_exceeds_total'"
    )
    assert (severity, number) == ("warning", 1)
    assert "Quyết định số 1: đã xác minh" in message


def test_other_findings_still_return_the_file(night_with):
    others = ({"rule": "not_a_count"}, {"rule": "held_exceeds_total", "field": "members_total"})
    con = night_with(
        *(
            decided(n, "accept", submission_id=WRONG.submission_id, **other)
            for n, other in enumerate(others, 1)
        )
    )
    assert one(con, "SELECT status FROM unit_status WHERE unit_code = '07528'") == "returned"


def test_accepting_another_topic_does_not_waive_required_values(tmp_path):
    empty = Report("07528", "2022-04-15T09:00:00+07:00", info={"members_total": 3})
    con = night(
        tmp_path / "n",
        CAMPAIGN,
        [empty],
        NIGHT,
        [
            decided(
                1,
                "accept",
                submission_id=empty.submission_id,
                rule="required_missing",
                field="cells_total",
            )
        ],
    )
    assert one(con, "SELECT status FROM unit_status WHERE unit_code = '07528'") == "returned", (
        "no cells_held"
    )


def test_withdrawn_file_does_not_count(night_with):
    con = night_with(decided(1, "withdraw", submission_id=GOOD.submission_id))
    assert one(con, "SELECT status FROM unit_status WHERE unit_code = '07540'") == "missing"
    assert one(con, "SELECT status, set_aside FROM submission WHERE unit_code = '07540'") == (
        "rejected",
        True,
    )


def test_withdrawn_bytes_count_when_sent_again(night_with):
    before = Report("07540", "2022-04-16T08:00:00+07:00", file="BC lan 2.xlsx", same_as=GOOD)
    after = Report("07540", "2022-04-18T08:00:00+07:00", file="BC lan 3.xlsx", same_as=GOOD)
    con = night_with(
        decided(1, "withdraw", submission_id=GOOD.submission_id), reports=[GOOD, before, after]
    )
    assert fetch(con, "SELECT status FROM submission ORDER BY received_at") == [
        ("rejected",),
        ("duplicate",),
        ("accepted",),
    ]


def test_settled_difference_uses_the_chosen_line(night_with):
    con = night_with()
    assert one(con, "SELECT unit_code, branches_held FROM org_meeting") == ("219-DTN", 4)
    con = night_with(
        decided(1, "settle", organisation="youth_union", commune_code="07540", unit_code="07540")
    )
    assert one(con, "SELECT unit_code, branches_held FROM org_meeting") == ("07540", 5)
    assert {
        row for row in fetch(con, "SELECT decision_id FROM finding WHERE rule = 'sources_differ'")
    } == {(1,)}
    places = fetch(con, "SELECT DISTINCT unit_code FROM lineage WHERE table_name = 'org_meeting'")
    assert places == [("07540",)], "lineage follows the line that counts"


def test_renamed_unit_shows_new_name_and_is_found_by_old_one():
    campaign = with_names(
        CAMPAIGN,
        [
            decided(1, "rename", unit_code="07540", name="Xã Sa Lý"),
            decided(2, "alias", unit_code="07525", name="Phố Kim"),
        ],
    )
    assert campaign.registry.by_code["07540"].name == "Xã Sa Lý"
    assert {campaign.registry.by_folded_name[n].code for n in ("xa sa ly", "xa xa ly")} == {"07540"}
    assert campaign.registry.by_folded_name["pho kim"].code == "07525"
    assert campaign.digest != CAMPAIGN.digest, "what was read by the old names is read again"


def test_decisions_after_as_of_do_not_apply(tmp_path):
    log, now = DecisionLog(tmp_path), dt.datetime(2022, 4, 20, tzinfo=dt.UTC)
    log.add("withdraw", "canbo", "nhầm", dt.datetime.fromisoformat(BEFORE), now, submission_id="a")
    log.add("withdraw", "canbo", "nhầm", now, now, submission_id="b")
    assert [d.submission_id for d in log.recorded(dt.datetime.fromisoformat(NIGHT))] == ["a"]


def test_undone_or_replaced_decision_stays_on_record(night_with):
    chosen = [
        decided(1, "assign", submission_id=NAMELESS.submission_id, unit_code="07531"),
        decided(2, "assign", submission_id=NAMELESS.submission_id, unit_code="07534"),
        decided(3, "undo", undoes=2),
    ]
    assert [state for _, state in decision_states(chosen[:2])] == ["superseded", "in_force"]
    con = night_with(*chosen)
    assert fetch(con, "SELECT state FROM decision ORDER BY decision_id") == [
        ("in_force",),
        ("undone",),
        ("in_force",),
    ]
    assert one(con, "SELECT unit_code FROM submission WHERE file_name = 'bao cao.xlsx'") == "07531"


UNMATCHED = [
    ("withdraw", {"submission_id": "none"}),
    ("assign", {"submission_id": "none", "unit_code": "07531"}),
    ("assign", {"submission_id": NAMELESS.submission_id, "unit_code": "99999"}),
    ("accept", {"submission_id": GOOD.submission_id, "rule": "not_a_date"}),
    ("settle", {"organisation": "farmers_union", "commune_code": "07540", "unit_code": "07540"}),
    ("settle", {"organisation": "youth_union", "commune_code": "07540", "unit_code": "07528"}),
    ("rename", {"unit_code": "99999", "name": "Xã Mới"}),
]


def test_unmatched_decisions_are_findings_and_change_nothing(night_with):
    con = night_with(*(decided(n, kind, **about) for n, (kind, about) in enumerate(UNMATCHED, 1)))
    numbers = [(n,) for n in range(1, len(UNMATCHED) + 1)]
    assert (
        fetch(
            con,
            "SELECT decision_id FROM finding WHERE rule = 'decision_unmatched' AND severity = 'warning' "
            "ORDER BY decision_id",
        )
        == numbers
    )
    assert (
        fetch(
            con, "SELECT decision_id FROM decision WHERE state = 'unmatched' ORDER BY decision_id"
        )
        == numbers
    )
    assert fetch(con, "SELECT * FROM campaign_summary") == fetch(
        night_with(), "SELECT * FROM campaign_summary"
    )


def test_difference_reopens_when_its_decision_no_longer_matches(night_with):
    settled = decided(
        1, "settle", organisation="youth_union", commune_code="07540", unit_code="07540"
    )
    open_again = night_with(
        settled,
        decided(2, "withdraw", submission_id=GOOD.submission_id),
        reports=[
            GOOD,
            DISTRICT,
            replace(
                GOOD,
                received_at="2022-04-16T08:00:00+07:00",
                file="BC sua.xlsx",
                orgs=[{**LINE, "branches_held": 3}],
            ),
        ],
    )
    assert fetch(
        open_again, "SELECT DISTINCT decision_id FROM finding WHERE rule = 'sources_differ'"
    ) == [(1,)]
    elsewhere = night_with(
        decided(1, "settle", organisation="youth_union", commune_code="07540", unit_code="07528")
    )
    assert one(elsewhere, "SELECT state FROM decision") == "unmatched"
    compared = fetch(
        elsewhere,
        "SELECT DISTINCT decision_id, message LIKE '%Quyết định số%' FROM finding "
        "WHERE rule = 'sources_differ'",
    )
    assert compared == [(None, False)], "no decision is named as in force"


def test_matching_decision_makes_no_finding(night_with):
    con = night_with(
        decided(1, "settle", organisation="youth_union", commune_code="07540", unit_code="07540"),
        decided(2, "withdraw", submission_id=WRONG.submission_id),
        decided(3, "alias", unit_code="07525", name="Phố Kim"),
    )
    assert one(con, "SELECT count(*) FROM finding WHERE rule = 'decision_unmatched'") == 0


@pytest.mark.parametrize(
    "kind", ["assign", "accept", "withdraw", "received", "rename", "alias", "settle", "undo"]
)
def test_decision_without_target_is_refused(kind):
    with pytest.raises(ValidationError, match=f"a decision to {kind} must name"):
        decided(1, kind)


UNKNOWN_ADDRESS = "Ai Do <ai-do@else.example>"


def test_file_from_unknown_address_is_held_until_accepted(night_with):
    on_hold = Report(
        "07540",
        "2022-04-15T08:00:00+07:00",
        info={"cells_total": 9, "cells_held": 9},
        sender=UNKNOWN_ADDRESS,
        channel="mailbox",
    )
    con = night_with(reports=[on_hold])
    assert one(con, "SELECT status, set_aside FROM submission") == ("held", True)
    assert one(con, "SELECT status FROM unit_status WHERE unit_code = '07540'") == "missing", (
        "anybody could have sent it"
    )
    con = night_with(
        decided(1, "accept", submission_id=on_hold.submission_id, rule="sender_not_allowed"),
        reports=[on_hold],
    )
    assert one(con, "SELECT status, set_aside FROM submission") == ("accepted", False)


def test_unit_copy_counts_after_same_bytes_from_unknown_sender(night_with):
    from_unknown_address = Report(
        "07540",
        "2022-04-14T08:00:00+07:00",
        file="x.xlsx",
        sender=UNKNOWN_ADDRESS,
        channel="mailbox",
        same_as=GOOD,
    )
    own = replace(GOOD, sender="Xa-Ly@lucngan.example", channel="mailbox")
    con = night_with(reports=[from_unknown_address, own])
    assert fetch(con, "SELECT status FROM submission ORDER BY received_at") == [
        ("held",),
        ("accepted",),
    ]


SENDERS = [  # channel, sender, and what becomes of a report of 07540
    ("folder", None, "accepted"),
    ("mailbox", "xa-ly@lucngan.example", "accepted"),
    ("mailbox", "Văn phòng <XA-LY@lucngan.example>", "accepted"),
    ("mailbox", None, "held"),
]


def test_trust_in_sender_depends_on_channel_and_address(night_with):
    reports = [
        Report(
            "07540",
            f"2022-04-15T{8 + n:02}:00:00+07:00",
            info={"cells_total": 9, "cells_held": 9},
            sender=sender,
            channel=channel,
        )
        for n, (channel, sender, _) in enumerate(SENDERS)
    ]
    assert statuses(night_with(reports=reports)) == [(status, "07540") for *_, status in SENDERS]


def test_working_file_lists_decisions_which_the_report_does_not(tmp_path):
    decisions = [
        decided(1, "accept", submission_id=WRONG.submission_id, rule="held_exceeds_total"),
        decided(2, "withdraw", submission_id=GOOD.submission_id),
        decided(3, "undo", undoes=2),
        decided(4, "assign", submission_id="none", unit_code="07531"),
        decided(5, "rename", unit_code="07540", name="Xã Sa Lý"),
    ]
    with night(tmp_path / "night", CAMPAIGN, REPORTS, NIGHT, decisions) as con:
        con.execute(f"SET TimeZone = '{CAMPAIGN.campaign.time_zone}'")
        write_report(con, CAMPAIGN, dt.datetime.fromisoformat(NIGHT), tmp_path / "r.docx")
        write_working_file(con, CAMPAIGN, dt.datetime.fromisoformat(NIGHT), tmp_path / "a.xlsx")
    text = "\n".join(p.text for p in docx.Document(tmp_path / "r.docx").paragraphs)
    assert "Vẫn tính tệp" not in text and "đã xác minh" not in text.replace(
        "trừ nơi đã xác minh", ""
    )
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    labels, *rows = book["LV2 Quyết định"].iter_rows(min_row=6, values_only=True)
    listed = {
        row[2]: dict(zip(labels, row, strict=True)) for row in rows if isinstance(row[0], int)
    }
    first = listed[1]
    assert (first["Đơn vị"], first["Tệp"]) == ("Xã Cấm Sơn", "BC 07528.xlsx")
    assert (first["Quyết định"], first["Lý do"]) == ("Vẫn tính tệp", "đã xác minh")
    assert (first["Người quyết định"], first["Lúc"]) == ("canbo", dt.datetime(2022, 4, 17, 8))
    assert 2 not in listed, "it was undone"
    states = {number: row["Áp dụng"] for number, row in listed.items()}
    assert states == {1: "Được áp dụng", 4: "Không khớp", 5: "Được áp dụng"}
    found = [row[11] for row in book["LV1 Sai sót, chênh lệch"].iter_rows(values_only=True)]
    assert any("Quyết định số 4" in str(message) for message in found)


def test_all_names_given_by_officers_stay_known():
    campaign = with_names(
        CAMPAIGN,
        [
            decided(1, "rename", unit_code="07540", name="Xã Sa Lý"),
            decided(2, "rename", unit_code="07540", name="Xã Mới Hơn"),
        ],
    )
    assert campaign.registry.by_code["07540"].name == "Xã Mới Hơn"
    assert campaign.registry.by_folded_name["xa sa ly"].code == "07540", "reports bear it"


def test_file_from_unknown_sender_does_not_affect_unit_status(night_with):
    broken = Report(
        "",
        "2022-04-15T08:00:00+07:00",
        file="BC xa Xa Ly.xlsx",
        sender=UNKNOWN_ADDRESS,
        channel="mailbox",
        unreadable=True,
    )
    con = night_with(reports=[broken])
    assert one(con, "SELECT status, set_aside, unit_code FROM submission") == (
        "rejected",
        True,
        "07540",
    )
    assert one(con, "SELECT status FROM unit_status WHERE unit_code = '07540'") == "missing"


def test_assigned_copy_counts_among_same_bytes(night_with):
    named = Report(
        "",
        "2022-04-15T08:00:00+07:00",
        file="BC xa Xa Ly.xlsx",
        info={"cells_total": 9, "cells_held": 9},
    )
    again = Report("", "2022-04-16T08:00:00+07:00", file="BC.xlsx", same_as=named)
    con = night_with(
        decided(1, "assign", submission_id=again.submission_id, unit_code="07531"),
        reports=[named, again],
    )
    assert fetch(con, "SELECT unit_code, status FROM submission ORDER BY received_at") == [
        ("07540", "duplicate"),
        ("07531", "accepted"),
    ]


def test_two_decisions_on_one_finding_both_apply(night_with):
    con = night_with(
        decided(
            1,
            "accept",
            submission_id=WRONG.submission_id,
            rule="held_exceeds_total",
            field="cells_held",
        ),
        decided(2, "accept", submission_id=WRONG.submission_id, rule="held_exceeds_total"),
    )
    assert fetch(con, "SELECT state FROM decision") == [("in_force",), ("in_force",)]


SPOILT = {"info": {"cells_total": 9, "cells_held": 10}}
ON_HOLD = Report(
    "07540", "2022-04-15T08:00:00+07:00", **SPOILT, sender=UNKNOWN_ADDRESS, channel="mailbox"
)
REPLACED = [
    Report("07531", "2022-04-15T08:00:00+07:00", **SPOILT),
    Report(
        "07531",
        "2022-04-16T08:00:00+07:00",
        file="BC sua.xlsx",
        info={"cells_total": 9, "cells_held": 9},
    ),
]
TO_FIX = Report("07534", "2022-04-15T08:00:00+07:00", **SPOILT)


@pytest.fixture
def with_set_aside(night_with):
    """One file that its unit has to fix, one on hold, one withdrawn and one replaced."""
    return night_with(
        decided(1, "withdraw", submission_id=WRONG.submission_id),
        reports=[ON_HOLD, WRONG, *REPLACED, TO_FIX],
    )


def test_files_to_fix_exclude_held_withdrawn_and_replaced(with_set_aside):
    figures = figure_values(with_set_aside)
    assert [figures[name].value for name in ("files_not_counted", "findings_errors")] == [1, 1]
    assert "Lỗi đơn vị còn phải sửa: 1" in "\n".join(status(with_set_aside))
    errors = {
        u.unit.code: u.errors for u in read_progress(with_set_aside, CAMPAIGN).units if u.files
    }
    assert errors == {"07540": 0, "07528": 0, "07531": 0, "07534": 1}


def test_page_does_not_blame_unit_for_held_or_withdrawn_file(with_set_aside, tmp_path):
    progress = read_progress(with_set_aside, CAMPAIGN)
    assert [
        (rule.rule, rule.findings, rule.names)
        for rule in progress.rules
        if rule.severity == "error"
    ] == [("held_exceeds_total", 1, ["Xã Phong Minh"])]
    assert {
        u.unit.code: u.file and u.file.file_name
        for u in progress.units
        if u.unit.code in ("07540", "07528")
    } == {"07540": None, "07528": None}, "the row of the unit shows no file of it"
    write_page(with_set_aside, CAMPAIGN, dt.datetime.fromisoformat(NIGHT), tmp_path / "p.html")
    text = re.sub(r"<[^>]+>|\s+", " ", (tmp_path / "p.html").read_text(encoding="utf-8"))
    assert len(re.findall("giữ lại hoặc đã rút, đơn vị không phải sửa", text)) == 2
    assert len(re.findall(r"[1-9]\d* lỗi, \d+ lưu ý", text)) == 1


CELL = Report(
    "07540",
    "2022-04-15T08:00:00+07:00",
    file="CB Cau Cao.docx",
    info={"cells_total": 9, "cells_held": 9},
    issuer="part",
    issued_by="CHI BỘ THÔN CẦU CAO",
)
UNKNOWN_CELL = replace(CELL, unit="", file="BC chi bo.docx")


def test_report_by_part_of_a_unit_is_held_under_that_unit(night_with):
    con = night_with(reports=[CELL])
    status, set_aside, unit, reason = one(
        con, "SELECT status, set_aside, unit_code, reason FROM submission"
    )
    assert (status, set_aside, unit) == ("held", True, "07540")
    assert (
        "CHI BỘ THÔN CẦU CAO" in reason
        and "Xã Xa Lý" in reason
        and "tonghop decide accept" in reason
    )
    assert fetch(con, "SELECT rule, severity, value FROM finding") == [
        ("sub_unit_report", "error", "CHI BỘ THÔN CẦU CAO")
    ], "what else it lacks is not asked of it"
    assert one(con, "SELECT status FROM unit_status WHERE unit_code = '07540'") == "missing"
    assert one(con, "SELECT count(*) FROM unit_summary") == 0


ACCEPTED_PARTS = [  # a report by a part of a unit, the decision, and for which unit it counts
    (CELL, {"kind": "accept", "rule": "sub_unit_report"}, "07540"),
    (CELL, {"kind": "assign", "unit_code": "07531"}, "07531"),
    (UNKNOWN_CELL, {"kind": "assign", "unit_code": "07534"}, "07534"),
]


def test_held_report_by_part_counts_when_accepted(night_with):
    reports = in_turn(report for report, *_ in ACCEPTED_PARTS)
    con = night_with(
        *(
            decided(n, **decision, submission_id=report.submission_id)
            for n, (report, (_, decision, _)) in enumerate(
                zip(reports, ACCEPTED_PARTS, strict=True), 1
            )
        ),
        reports=reports,
    )
    units = [unit for *_, unit in ACCEPTED_PARTS]
    assert statuses(con) == [("accepted", unit) for unit in units]
    counted = fetch(con, "SELECT unit_code, cells_held FROM unit_summary ORDER BY unit_code")
    assert counted == [(unit, 9) for unit in sorted(units)]


def test_report_by_part_of_unknown_unit_is_held_until_assigned(night_with):
    con = night_with(reports=[UNKNOWN_CELL])
    assert one(con, "SELECT status, unit_code FROM submission") == ("held", None)
    assert "tonghop decide assign" in one(con, "SELECT reason FROM submission")


def test_held_report_by_part_does_not_block_the_unit_report(night_with):
    con = night_with(reports=[CELL, replace(GOOD, received_at="2022-04-16T08:00:00+07:00")])
    assert fetch(con, "SELECT status FROM submission ORDER BY received_at") == [
        ("held",),
        ("accepted",),
    ]
    assert one(con, "SELECT status FROM unit_status WHERE unit_code = '07540'") == "accepted"


def test_unknown_issuer_is_not_overruled_by_file_name(night_with):
    con = night_with(
        reports=[
            Report(
                "",
                "2022-04-15T08:00:00+07:00",
                file="BC xa Xa Ly.docx",
                issuer="other",
                issued_by="ĐẢNG ỦY XÃ YÊN ĐỊNH",
                info={"cells_total": 9, "cells_held": 9},
            )
        ]
    )
    status, unit, reason = one(con, "SELECT status, unit_code, reason FROM submission")
    assert (status, unit) == ("rejected", None)
    assert "ĐẢNG ỦY XÃ YÊN ĐỊNH" in reason


ADDRESSED = [  # addressed to a committee: the file's name, and what becomes of it
    ("bao cao.docx", "held", "07540"),
    ("BC xa Xa Ly.docx", "held", "07540"),
    ("BC xa Tan Son.docx", "accepted", "07531"),
]


def test_report_addressed_to_committee_is_by_part_unless_file_name_differs(night_with):
    addressed = replace(CELL, issuer="addressed", issued_by="Kính gửi: Đảng ủy xã Xa Lý")
    con = night_with(reports=in_turn(replace(addressed, file=file) for file, *_ in ADDRESSED))
    assert statuses(con) == [(status, unit) for _, status, unit in ADDRESSED]


WITHOUT_PLACE = [  # an organisation that names no place: the file's name, and what becomes of it
    ("BC Huyện đoàn.xlsx", "accepted", "219-DTN"),
    ("BC xa Xa Ly.xlsx", "held", "07540"),
    ("BC.xlsx", "held", None),
]


def test_organisation_without_place_is_the_district_one_if_file_name_says_so(night_with):
    nowhere = replace(DISTRICT, unit="", issuer="organisation", issued_by="Đoàn Thanh niên")
    con = night_with(reports=in_turn(replace(nowhere, file=file) for file, *_ in WITHOUT_PLACE))
    assert statuses(con) == [(status, unit) for _, status, unit in WITHOUT_PLACE]


MISSPELT = [  # a name like that of 07540: the file's name, and what becomes of it
    ("BC xa Xa Ly.docx", "accepted", "07540"),
    ("BC xa Tan Son.docx", "rejected", None),
    ("BC.docx", "rejected", None),
]


def test_misspelt_unit_counts_when_file_name_confirms_nearest_unit(night_with):
    misspelt = Report(
        "",
        "2022-04-15T08:00:00+07:00",
        issuer="other",
        near="07540",
        issued_by="ĐẢNG ỦY XÃ XA LÝY",
        info={"cells_total": 9, "cells_held": 9},
    )
    con = night_with(reports=in_turn(replace(misspelt, file=file) for file, *_ in MISSPELT))
    assert statuses(con) == [(status, unit) for _, status, unit in MISSPELT]
