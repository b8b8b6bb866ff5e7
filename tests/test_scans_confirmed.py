"""Nothing from a scan counts unconfirmed: what is proved, what waits, and what an officer's answer
does."""

from dataclasses import replace

import pytest
from nights import Report, fetch, night, one
from test_decisions import NIGHT, decided

from sources.campaigns import load_campaign

CAMPAIGN = load_campaign()
CELLS = [
    {
        "name": f"Chi bộ thôn {name}",
        "held_on": f"2022-04-0{day}",
        "mode": "separate",
        "members_total": members,
        "members_attended": members - 1,
        "committee_attended": True,
    }
    for name, day, members in (("Một", 4, 20), ("Hai", 5, 31), ("Ba", 6, 12))
]
SCAN = Report(
    "07540",
    "2022-04-15T08:00:00+07:00",
    info={"document_number": "5-BC/ĐU"},
    cells=CELLS,
    file="scan.pdf",
    scanned=True,
    sums_confirmed=("cells:members_total",),
)
WORD = replace(SCAN, file="bc.docx", scanned=False, received_at="2022-04-15T09:00:00+07:00")


def answers(con, *, corrected=None, fields=None, required=None):
    """An officer's answers about all that waits; `corrected` by (row name, field)."""
    waiting = fetch(
        con,
        "SELECT s.sha256, c.page, c.box, c.section, c.field, c.row_name, c.raw_text FROM confirmation c "
        "JOIN submission s USING (submission_id) WHERE c.state = 'waiting' "
        "AND (c.required OR NOT coalesce(?, false)) ORDER BY ALL",
        required,
    )
    return [
        decided(
            number,
            "confirm",
            sha256=sha256,
            page=page,
            box=box,
            section=section,
            field=field,
            value=(corrected or {}).get((row_name, field), raw.strip()),
        )
        for number, (sha256, page, box, section, field, row_name, raw) in enumerate(waiting, 1)
        if fields is None or field in fields
    ]


def status_of(con, report) -> str:
    return one(con, "SELECT status FROM submission WHERE submission_id = ?", report.submission_id)


@pytest.fixture(scope="module")
def unanswered(tmp_path_factory):
    return night(tmp_path_factory.mktemp("first") / "night", CAMPAIGN, [SCAN], NIGHT)


def test_scan_is_on_hold_and_counts_nothing(unanswered):
    assert status_of(unanswered, SCAN) == "held"
    assert fetch(unanswered, "SELECT * FROM cell_meeting") == []
    assert one(unanswered, "SELECT units_reported FROM campaign_summary") == 0
    [(rule, message)] = fetch(unanswered, "SELECT rule, message FROM finding")
    assert rule == "scan_unconfirmed" and "tonghop confirm “scan.pdf”" in message


def test_sure_count_under_confirming_total_is_proved(unanswered):
    states = dict(
        fetch(
            unanswered,
            "SELECT field, string_agg(DISTINCT state) FROM confirmation WHERE section = 'cells' GROUP BY field",
        )
    )
    assert states["members_total"] == "proved"
    assert {states[f] for f in ("name", "held_on", "members_attended", "mode")} == {"waiting"}


def test_unit_is_proved_by_the_file_name(tmp_path):
    named = replace(SCAN, file="bao cao xa Giap Son.pdf")
    con = night(tmp_path / "n", CAMPAIGN, [named], NIGHT)
    assert fetch(con, "SELECT state FROM confirmation WHERE field = 'unit'") in ([], [("proved",)])


def test_all_confirmed_scan_counts_as_the_word_file_does(tmp_path, unanswered):
    con = night(tmp_path / "second", CAMPAIGN, [SCAN], NIGHT, answers(unanswered))
    word = night(tmp_path / "word", CAMPAIGN, [replace(WORD, received_at=SCAN.received_at)], NIGHT)
    assert status_of(con, SCAN) == "accepted"
    columns = "* EXCLUDE (submission_id)"
    assert fetch(con, f"SELECT {columns} FROM cell_meeting ORDER BY ALL") == fetch(
        word, f"SELECT {columns} FROM cell_meeting ORDER BY ALL"
    )
    assert one(con, "SELECT count(*) FROM confirmation WHERE state = 'waiting'") == 0
    assert one(con, "SELECT count(*) FROM decision WHERE state = 'unmatched'") == 0


def test_corrected_value_counts_and_keeps_its_decision(tmp_path, unanswered):
    said = answers(unanswered, corrected={("Chi bộ thôn Hai", "members_attended"): "28"})
    con = night(tmp_path / "second", CAMPAIGN, [SCAN], NIGHT, said)
    assert (
        one(con, "SELECT members_attended FROM cell_meeting WHERE name = 'Chi bộ thôn Hai'") == 28
    )
    row = one(
        con,
        "SELECT state, value, raw_text, decision_id IS NOT NULL FROM confirmation "
        "WHERE row_name = 'Chi bộ thôn Hai' AND field = 'members_attended'",
    )
    assert row == ("corrected", "28", "28", True)


def test_value_that_still_waits_is_unknown_and_a_finding(tmp_path, unanswered):
    con = night(tmp_path / "second", CAMPAIGN, [SCAN], NIGHT, answers(unanswered, required=True))
    assert status_of(con, SCAN) == "accepted"
    assert one(con, "SELECT count(*) FROM cell_meeting WHERE committee_attended IS NOT NULL") == 0
    found = fetch(
        con,
        "SELECT row_name FROM finding WHERE rule = 'value_unconfirmed' AND field = 'committee_attended'",
    )
    assert len(found) == 3


def test_answer_is_found_again_where_the_reader_moved_the_box(tmp_path, unanswered):
    moved = [
        d.model_copy(update={"box": ",".join(str(int(n) + 3) for n in d.box.split(","))})
        for d in answers(unanswered)
    ]
    con = night(tmp_path / "second", CAMPAIGN, [SCAN], NIGHT, moved)
    assert status_of(con, SCAN) == "accepted"


def test_answer_about_no_value_is_reported_as_unmatched(tmp_path, unanswered):
    [first, *_] = answers(unanswered)
    stray = first.model_copy(update={"page": 99})
    con = night(tmp_path / "second", CAMPAIGN, [SCAN], NIGHT, [stray])
    assert one(con, "SELECT state FROM decision") == "unmatched"


@pytest.mark.parametrize("word_first", [True, False])
def test_scan_of_a_word_file_is_its_copy(tmp_path, word_first):
    word = replace(WORD, received_at="2022-04-14T09:00:00+07:00") if word_first else WORD
    con = night(tmp_path / "n", CAMPAIGN, [SCAN, word], NIGHT)
    assert status_of(con, word) == "accepted"
    status, reason = one(
        con, "SELECT status, reason FROM submission WHERE submission_id = ?", SCAN.submission_id
    )
    assert status == "duplicate" and reason.startswith("Bản quét của tệp “bc.docx”")
    assert fetch(con, "SELECT * FROM confirmation") == []
    assert fetch(con, "SELECT * FROM finding WHERE rule LIKE 'scan%'") == []


def test_scan_that_differs_from_its_word_file_is_a_finding(tmp_path):
    cells = [dict(row) for row in CELLS]
    cells[1]["members_total"] = 13
    con = night(tmp_path / "n", CAMPAIGN, [replace(SCAN, cells=cells), WORD], NIGHT)
    [row] = fetch(
        con,
        "SELECT submission_id, row_name, field, value, message FROM finding WHERE rule = 'scan_differs'",
    )
    assert row[:4] == (WORD.submission_id, "Chi bộ thôn Hai", "members_total", "31")
    assert "“13”" in row[4]


def test_scan_of_another_report_of_the_unit_waits(tmp_path):
    cells = [
        {**row, "members_total": n, "members_attended": n, "held_on": "2022-04-11"}
        for n, row in enumerate(CELLS, 40)
    ]
    con = night(tmp_path / "n", CAMPAIGN, [replace(SCAN, cells=cells), WORD], NIGHT)
    assert status_of(con, SCAN) == "held"
    assert status_of(con, WORD) == "accepted"
