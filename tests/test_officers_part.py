"""The officer's part of the report: recorded as decisions, replayed by `as_of`, filled into the
document."""

import datetime as dt

import pytest
from docx import Document
from nights import Report, night
from pydantic import ValidationError
from test_cli import tonghop
from test_decisions import GOOD, decided

from sources.campaigns import IssuedReport, OfficersPart, load_campaign
from sources.decisions import REPORT_FIELDS, DecisionLog
from sources.officers_part import officers_part, with_officers_part
from warehouse.printed_numbers import numbers_digest
from warehouse.reports.consolidated import write_report
from warehouse.reports.document_check import all_paragraphs
from warehouse.reports.document_head import document_head
from warehouse.reports.wording import REPORT_FIELDS as LABELS

CAMPAIGN = load_campaign()
NIGHT = dt.datetime(2022, 4, 19, 20, tzinfo=CAMPAIGN.zone)
CAUSES = "Một số cấp ủy chưa chủ động.\n\n  Địa bàn rộng, gian nan {{ so.cells_held }} & <b>.  "
DIGEST = "0" * 64


def wrote(number: int, field: str, value: str):
    return decided(number, "report", field=field, value=value)


def issued(number: int, digest: str = DIGEST):
    return decided(number, "issue", name="76-2022-04-18", sha256="f" * 64, value=digest)


NUMBERED = (wrote(1, "number", "76"), wrote(2, "date", "2022-04-18"))


def test_newest_value_of_each_field_is_in_force():
    part = officers_part(
        [*NUMBERED, wrote(3, "number", "77"), wrote(4, "signer", "A"), wrote(5, "signer", "")]
    )
    assert part == OfficersPart(number=77, dated=dt.date(2022, 4, 18))


def test_undone_value_gives_way_to_the_one_before():
    undone = decided(4, "undo", undoes=3)
    assert officers_part([*NUMBERED, wrote(3, "number", "77"), undone]).number == 76


def test_texts_are_kept_by_paragraph():
    assert officers_part([wrote(1, "causes", CAUSES)]).causes == (
        "Một số cấp ủy chưa chủ động.",
        "Địa bàn rộng, gian nan {{ so.cells_held }} & <b>.",
    )


def test_issued_report_takes_number_and_date_with_it():
    part = officers_part([*NUMBERED, wrote(3, "signer", "A"), issued(4)])
    assert (part.number, part.dated, part.signer) == (None, None, "A")
    assert part.issued == IssuedReport(
        folder="76-2022-04-18",
        manifest_sha256="f" * 64,
        numbers_digest=DIGEST,
        number=76,
        dated=dt.date(2022, 4, 18),
        is_current=True,
    )


def test_next_number_makes_a_new_draft_beside_the_issued_report():
    part = officers_part([*NUMBERED, issued(3), wrote(4, "number", "80")])
    assert (part.number, part.dated) == (80, None)
    assert part.issued is not None and (part.issued.number, part.issued.is_current) == (76, False)


def test_issue_that_is_undone_gives_number_and_date_back():
    part = officers_part([*NUMBERED, issued(3), decided(4, "undo", undoes=3)])
    assert (part.number, part.issued) == (76, None)


def test_field_that_the_report_does_not_have_is_refused():
    with pytest.raises(ValidationError, match="has no field colour"):
        wrote(1, "colour", "đỏ")


def test_every_field_has_a_vietnamese_label():
    assert tuple(LABELS) == REPORT_FIELDS


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    folder = tmp_path_factory.mktemp("officers_part")
    decisions = [wrote(1, "signer", "Nguyễn Văn An"), issued(2)]
    return night(folder / "night", CAMPAIGN, [GOOD], NIGHT.isoformat(), decisions)


def lines(con, tmp_path, *decisions, as_of=NIGHT):
    campaign = with_officers_part(CAMPAIGN, decisions)
    write_report(con, campaign, as_of, tmp_path / "report.docx")
    return [p.text for p in all_paragraphs(Document(str(tmp_path / "report.docx")))]


def test_report_bears_what_the_officer_wrote(warehouse, tmp_path):
    text = lines(
        warehouse,
        tmp_path,
        wrote(1, "number", "5"),
        wrote(2, "date", "2022-02-08"),
        wrote(3, "signer", "Nguyễn Văn An"),
        wrote(4, "title", "PHÓ TRƯỞNG BAN"),
        wrote(5, "causes", CAUSES),
        wrote(6, "introduction", "Thực hiện Kế hoạch số 64-KH/HU."),
        wrote(7, "conclusions", "Ban kính trình."),
    )
    assert "Số 05-BC/BTGHU" in text
    assert "Lục Ngạn, ngày 08 tháng 02 năm 2022" in text
    signature = text.index("K/T TRƯỞNG BAN")
    assert text[signature + 1] == "PHÓ TRƯỞNG BAN"
    assert "Nguyễn Văn An" in text[signature:]
    causes = next(n for n, line in enumerate(text) if line.endswith(". Nguyên nhân"))
    assert text[causes + 1 : causes + 3] == [
        "Một số cấp ủy chưa chủ động.",
        "Địa bàn rộng, gian nan {{ so.cells_held }} & <b>.",
    ]
    assert text.count("Thực hiện Kế hoạch số 64-KH/HU.") == 1
    assert not any(line.startswith("Thực hiện Hướng dẫn") for line in text)
    closing = next(n for n, line in enumerate(text) if line.startswith("Trên đây là"))
    assert text[closing - 1] == "Ban kính trình."


def test_report_without_the_officers_part_leaves_blanks(warehouse, tmp_path):
    text = lines(warehouse, tmp_path)
    assert "Số       -BC/BTGHU" in text
    assert "Lục Ngạn, ngày      tháng 4 năm 2022" in text
    assert "TRƯỞNG BAN" in text
    assert not any("Nguyên nhân" in line for line in text)
    assert text[0] == "Dự thảo"


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("", ["TRƯỞNG BAN"]),
        ("Trưởng ban", ["TRƯỞNG BAN"]),
        ("Phó Trưởng ban", ["K/T TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"]),
        ("K/T TRƯỞNG BAN / PHÓ TRƯỞNG BAN", ["K/T TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"]),
        ("T/M BAN THƯỜNG VỤ / PHÓ BÍ THƯ", ["T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ"]),
    ],
)
def test_title_is_printed_in_lines(warehouse, title, printed):
    campaign = with_officers_part(CAMPAIGN, [wrote(1, "title", title)])
    assert document_head(warehouse, campaign, NIGHT)["chuc_vu"] == printed


def test_report_is_a_draft_until_it_is_issued_with_the_same_numbers(warehouse):
    same = issued(3, numbers_digest(warehouse))
    later = dt.timedelta(days=30)
    for decisions, is_draft, number in (
        (NUMBERED, True, "76"),
        ((*NUMBERED, same), False, "76"),
        ((*NUMBERED, issued(3)), True, " " * 6),
        ((*NUMBERED, same, wrote(4, "causes", "Mưa.")), True, " " * 6),
        ((*NUMBERED, same, wrote(4, "number", "80")), True, "80"),
    ):
        head = document_head(warehouse, with_officers_part(CAMPAIGN, decisions), NIGHT + later)
        assert (head["du_thao"], head["so"]) == (is_draft, number)
        assert head["da_phat_hanh"] is not is_draft


def test_deadline_has_its_own_flag(warehouse):
    deadline = CAMPAIGN.campaign.deadline
    for moment, is_over in ((deadline - dt.timedelta(seconds=1), False), (deadline, True)):
        assert document_head(warehouse, CAMPAIGN, moment)["het_han"] is is_over


def test_warehouse_keeps_no_text_of_the_officer(warehouse):
    rows = warehouse.execute("SELECT kind, field, value, state FROM decision").fetchall()
    assert rows == [
        ("report", "signer", None, "in_force"),
        ("issue", None, DIGEST, "in_force"),
    ]
    found = warehouse.execute("SELECT DISTINCT rule FROM finding").fetchall()
    assert found == [("number_missing",)]


def test_file_that_does_not_count_changes_no_digest(tmp_path):
    wrong = Report("07528", "2022-04-15T09:00:00+07:00", info={"cells_held": 10})
    copy = Report("07540", "2022-04-16T09:00:00+07:00", same_as=GOOD, named="copy")
    digests = [
        numbers_digest(night(tmp_path / name, CAMPAIGN, reports, NIGHT.isoformat()))
        for name, reports in (("a", [GOOD]), ("b", [GOOD, copy]), ("c", [GOOD, wrong]))
    ]
    assert digests[0] == digests[1] != digests[2]


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "warehouse.duckdb").touch()  # a night was published
    return tmp_path / "home"


def test_command_records_each_field_with_its_text(home, tmp_path):
    causes = tmp_path / "nguyen-nhan.txt"
    causes.write_bytes("Mưa lớn.\r\nĐường xa.".encode("utf-16"))
    answer = tonghop(
        "decide", "report", "--number", "76", "--date", "2022-04-18", "--signer", "Nguyễn  Văn An",
        "--causes-file", causes, "--account", "canbo1", "--home", home,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    recorded = DecisionLog(home).recorded()
    assert [(d.field, d.value, d.account) for d in recorded] == [
        ("number", "76", "canbo1"),
        ("date", "2022-04-18", "canbo1"),
        ("signer", "Nguyễn Văn An", "canbo1"),
        ("causes", "Mưa lớn.\nĐường xa.", "canbo1"),
    ]
    listed = tonghop("decide", "list", "--home", home).stdout.splitlines()
    assert "Ghi phần của cán bộ trong báo cáo: Nguyên nhân, “Mưa lớn. Đường xa.”" in listed[3]


REFUSED = [
    ((), "chưa ghi gì"),
    (("--number", "0"), "greater than or equal to 1"),
    (("--date", "18/4/2022"), "không phải ngày"),
    (("--date", "1022-04-18"), "năm phải từ"),
    (("--signer", "A" * 201), "dài quá 200 chữ"),
    (("--causes-file", "khong-co.txt"), "không đọc được"),
    (("--causes-file", "-", "--conclusions-file", "-"), "chỉ một tùy chọn"),
    (("--causes-file", "{binary}"), "không phải tệp chữ"),
]


@pytest.mark.parametrize(("call", "said"), REFUSED)
def test_command_refuses_what_no_report_can_hold(home, tmp_path, call, said):
    (tmp_path / "anh.png").write_bytes(b"\x89PNG\xff\0")
    call = [part.format(binary=tmp_path / "anh.png") for part in call]
    answer = tonghop("decide", "report", *call, "--home", home)
    assert (answer.returncode, said in answer.stderr) == (2, True), answer.stderr
    assert not (home / "decisions.jsonl").exists()
