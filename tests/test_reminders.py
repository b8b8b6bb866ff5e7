"""Mail to units and officers, through a real mail server with TLS and a password."""

import datetime as dt
import os
import shutil
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import NamedTuple

import duckdb
import openpyxl
import pytest
from campaign_folders import copy_campaign
from killed_nights import run, run_command
from smtp_server import PASSWORD, post_office

from flows.home.layout import Home
from flows.home.places import places_of_night
from flows.mailing.bulletins import mail_failure, notify_of_night
from flows.mailing.post import Draft, send_once
from flows.mailing.reminders import OwingUnit, remind_units
from flows.mailing.server import MailServerError, mail_server, sending
from sources.campaigns import load_campaign
from sources.notices import NoticeLog
from sources.registry import Registry
from sources.samples import write_samples
from warehouse.reports.notices import reminder, short_text, short_text_for_all

CAMPAIGN = load_campaign()
AS_OF = dt.datetime.fromisoformat("2022-04-16T08:00:00+07:00")
CLOCK = iter(
    dt.datetime(2022, 4, 16, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=n) for n in range(10_000)
).__next__
RETURNED, MISSING, REPORTED = (
    "nam-duong@lucngan.example",
    "chu@lucngan.example",
    "kien-lao@lucngan.example",
)


# one has reported, the report of another went back, and six have sent nothing
UNITS = ("07525", "07528", "07531", "07540", "07552", "07603", "219-HND", "219-DTN")
OWING = len(UNITS) - 1


class NightFolders(NamedTuple):
    inbox: Path
    home: Path
    campaign: Path
    samples: Path


@pytest.fixture(scope="module")
def night_folders(tmp_path_factory):
    """The folders after a night of eight units with one good report and one with an invalid date."""
    folder = tmp_path_factory.mktemp("night")
    inbox, campaign = folder / "inbox", copy_campaign(folder / "campaign")
    units = (campaign / "units.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in units if line.partition(",")[0] in UNITS]
    (campaign / "units.csv").write_text("".join([units[0], *kept]), encoding="utf-8")
    inbox.mkdir()
    write_samples(folder / "all", CAMPAIGN, layout="form")
    for name, wrong in (("BC Xã Kiên Lao.xlsx", False), ("BC Xã Nam Dương.xlsx", True)):
        book = openpyxl.load_workbook(folder / "all" / name)
        if wrong:
            book.worksheets[0]["C8"] = "31/4/2022"
        book.save(inbox / name)
        os.utime(inbox / name, (1_650_000_000, 1_650_000_000))
    run(inbox, folder / "home", AS_OF.isoformat(), campaign=campaign)
    return NightFolders(inbox, folder / "home", campaign, folder / "all")


@pytest.fixture
def home(night_folders):
    """The home, with nothing sent yet."""
    (night_folders.home / "notices.jsonl").unlink(missing_ok=True)
    return Home(night_folders.home)


@pytest.fixture
def office(tmp_path, monkeypatch):
    with post_office(tmp_path) as running:
        monkeypatch.setenv("TONGHOP_SMTP", running.address)
        monkeypatch.setenv("TONGHOP_SMTP_PASSWORD", PASSWORD)
        yield running


def test_only_units_without_report_are_reminded(home, office):
    done = remind_units(home, CAMPAIGN, CLOCK)
    assert (done.sent, done.earlier, done.failed) == (OWING, 0, [])
    assert office.to(REPORTED) == []
    (mail,) = office.to(MISSING)
    text = mail.get_body().get_content()
    assert "Kính gửi: Đảng ủy thị trấn Chũ" in text
    assert "gửi báo cáo trước ngày 18/4/2022 (còn 1 ngày 16 giờ)" in text
    assert mail["Subject"] == f"Đề nghị gửi báo cáo {CAMPAIGN.document.subject}"
    (form,) = mail.iter_attachments()
    assert form.get_filename() == "Biểu mẫu báo cáo - Thị trấn Chũ.xlsx"
    assert form.get_content().startswith(b"PK")


def test_unit_with_returned_report_gets_reasons_and_marked_file(home, office):
    remind_units(home, CAMPAIGN, CLOCK)
    (mail,) = office.to(RETURNED)
    assert mail["Subject"] == f"Đề nghị sửa và gửi lại báo cáo {CAMPAIGN.document.subject}"
    assert "“31/4/2022” không phải là một ngày có thật" in mail.get_body().get_content()
    assert [a.get_filename() for a in mail.iter_attachments()] == [
        "Cần sửa - BC Xã Nam Dương.xlsx"
    ], "no blank form beside a copy with the places marked"


def test_unit_is_reminded_at_most_once_a_day(home, office):
    remind_units(home, CAMPAIGN, CLOCK)
    again = remind_units(home, CAMPAIGN, CLOCK)
    assert (again.sent, again.earlier) == (0, OWING)
    assert len(office.came) == OWING


def test_refused_message_is_reported_and_retried(home, office):
    office.refused[MISSING] = "550 no such user here"
    done = remind_units(home, CAMPAIGN, CLOCK)
    assert (done.sent, len(done.failed)) == (OWING - 1, 1)
    assert done.failed[0].startswith("07525: ") and "no such user here" in done.failed[0]
    office.refused.clear()
    assert remind_units(home, CAMPAIGN, CLOCK).sent == 1
    assert len(office.to(MISSING)) == 1


@pytest.mark.parametrize("answer", ["451 try again later", "421 closing the connection"])
def test_busy_server_gets_the_postponed_message_next_time(home, office, answer):
    office.refused[MISSING] = answer
    done = remind_units(home, CAMPAIGN, CLOCK)
    assert (done.sent, len(done.failed), done.unsure) == (OWING - 1, 1, [])
    office.refused.clear()
    again = remind_units(home, CAMPAIGN, CLOCK)
    assert (again.sent, again.earlier, again.failed) == (1, OWING - 1, [])
    assert sorted(address for address, _ in office.came) == sorted(
        {address for address, _ in office.came}
    )
    assert len(office.came) == OWING


def test_message_with_lost_answer_is_reported_and_not_resent(home, office):
    office.dying.add(MISSING)
    done = remind_units(home, CAMPAIGN, CLOCK)
    assert (done.sent, done.unsure) == (OWING - 1, ["07525"]), (
        "the others went over another connection"
    )
    office.dying.clear()
    again = remind_units(home, CAMPAIGN, CLOCK)
    assert (again.sent, again.unsure) == (0, ["07525"])
    assert len(office.came) == OWING


def test_unit_without_address_is_reported_to_the_officer(home, office):
    units = [
        u.model_copy(update={"email": None}) if u.code == "07525" else u
        for u in CAMPAIGN.registry.units
    ]
    campaign = CAMPAIGN.model_copy(update={"registry": Registry(units=tuple(units))})
    assert remind_units(home, campaign, CLOCK).failed == ["07525: no address: add one to units.csv"]


def test_dry_run_writes_files_and_records_nothing(home, monkeypatch):
    monkeypatch.delenv("TONGHOP_SMTP", raising=False)
    done = remind_units(home, CAMPAIGN, CLOCK, dry_run=True)
    assert len(done.files) == OWING
    mail = message_from_bytes((home.notices / "reminder-07525.eml").read_bytes(), policy=default)
    assert (mail["To"], mail["From"]) == (MISSING, CAMPAIGN.notices.sender)
    assert not (home.folder / "notices.jsonl").exists()


def test_short_texts_name_each_owing_unit_and_all_of_them(home):
    done = remind_units(home, CAMPAIGN, CLOCK, dry_run=True)
    assert len(done.texts) == OWING + 1
    own = (home.notices / "zalo-07525.txt").read_text(encoding="utf-8")
    assert "chưa nhận được báo cáo" in own and "Đảng ủy thị trấn Chũ" in own
    shared = (home.notices / "zalo-tat-ca.txt").read_text(encoding="utf-8")
    assert f"Chưa gửi ({OWING - 1} đơn vị): thị trấn Chũ, " in shared
    assert "Đã gửi, cần sửa và gửi lại (1 đơn vị): xã Nam Dương." in shared
    assert "xã Kiên Lao" not in shared, "which has reported"


@pytest.fixture
def folders_with_files(night_folders, tmp_path):
    """Copies of inbox and home, with the reminders written as files."""
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    shutil.copytree(night_folders.inbox, inbox)
    shutil.copytree(night_folders.home, home)
    remind_units(Home(home), CAMPAIGN, CLOCK, dry_run=True)
    return inbox, Home(home)


def test_reminder_of_a_unit_that_has_reported_leaves_the_folder(night_folders, folders_with_files):
    inbox, home = folders_with_files
    (home.notices / "zalo-07525.txt").write_text("Sửa lại cho gọn.", encoding="utf-8")
    (home.notices / "ghi-chu.txt").write_text("Đã gọi điện.", encoding="utf-8")
    before = {path.name for path in home.notices.iterdir()}
    shutil.copy(night_folders.samples / "BC Thị trấn Chũ.xlsx", inbox)
    os.utime(inbox / "BC Thị trấn Chũ.xlsx", (1_650_080_000, 1_650_080_000))
    night = "2022-04-16T20:00:00+07:00"
    assert run_command(inbox, home.folder, night, 600.0, night_folders.campaign) == 0
    after = {path.name for path in home.notices.iterdir()}
    assert before - after == {"reminder-07525.eml", "zalo-07525.txt"}
    assert (home.notices / "luu" / "zalo-07525.txt").read_text(
        encoding="utf-8"
    ) == "Sửa lại cho gọn.", "a person's text is kept"
    assert "thị trấn Chũ" not in (home.notices / "zalo-tat-ca.txt").read_text(encoding="utf-8")
    other = (home.notices / "zalo-07528.txt").read_text(encoding="utf-8")
    assert "Đến 20 giờ 00 phút ngày 16/4/2022" in other, "what is due says what this night found"


def test_sent_reminder_needs_no_file_any_more(folders_with_files, office):
    home = folders_with_files[1]
    office.refused[MISSING] = "550 no such user here"
    remind_units(home, CAMPAIGN, CLOCK)
    assert [path.name for path in home.notices.glob("*.eml")] == ["reminder-07525.eml"]


def test_a_persons_file_of_the_same_name_is_not_overwritten(home):
    shutil.rmtree(home.notices, ignore_errors=True)
    home.notices.mkdir()
    (home.notices / "reminder-07525.eml").write_text("của tôi", encoding="utf-8")
    for _ in range(2):
        remind_units(home, CAMPAIGN, CLOCK, dry_run=True)
    kept = [path.read_text(encoding="utf-8") for path in (home.notices / "luu").iterdir()]
    assert kept == ["của tôi"]
    assert (home.notices / "reminder-07525.eml").read_bytes().startswith(b"From:")


def test_sent_messages_appear_in_next_warehouse_only(night_folders, office, tmp_path):
    home = Home(shutil.copytree(night_folders.home, tmp_path / "home"))
    (home.folder / "notices.jsonl").unlink(missing_ok=True)
    remind_units(home, CAMPAIGN, CLOCK)
    for as_of, count in (("2022-04-16T20:00:00+07:00", OWING), (AS_OF.isoformat(), 0)):
        run(night_folders.inbox, home.folder, as_of, campaign=night_folders.campaign)
        places = places_of_night(home, dt.datetime.fromisoformat(as_of))
        with duckdb.connect(str(places.warehouse), read_only=True) as con:
            assert con.execute("SELECT count(*) FROM notice WHERE state = 'sent'").fetchall() == [
                (count,)
            ]


def test_officers_get_one_mail_per_night_and_per_failure(home, office):
    for _ in range(2):
        notify_of_night(home, CAMPAIGN, AS_OF, CLOCK)
        mail_failure(home, CAMPAIGN, "nightly 22:30", "Crashed", "the disk is full", CLOCK)
    night, failure = office.to(CAMPAIGN.notices.officers[0])
    assert "Đã báo cáo 1/8 đơn vị" in night["Subject"]
    text = night.get_body().get_content()
    assert "tien-do.html" in text and len(text.strip().splitlines()) <= 13
    assert (
        "Crashed" in failure["Subject"] and "the disk is full" in failure.get_body().get_content()
    )


def test_mail_server_outage_does_not_fail_the_night(home, office, monkeypatch, caplog):
    monkeypatch.setenv("TONGHOP_SMTP", "smtp://127.0.0.1:1?tls=none")
    assert notify_of_night(home, CAMPAIGN, AS_OF, CLOCK) == []
    assert "officers were not notified" in caplog.text


def test_names_cannot_inject_headers_or_recipients(home, office, tmp_path):
    (tmp_path / "x").write_text("x")
    draft = Draft(
        "night",
        "x",
        "a@b.example",
        "Chủ đề\r\nBcc: c@d.example",
        "…",
        AS_OF,
        attached=[("tệp\r\nX-A: b.xlsx", tmp_path / "x")],
    )
    send_once([draft], home.folder, CAMPAIGN.notices.sender, mail_server(), CLOCK)
    ((recipient, mail),) = office.came
    assert (recipient, mail["Bcc"], mail["Subject"]) == (
        "a@b.example",
        None,
        "Chủ đề Bcc: c@d.example",
    )
    (attached,) = mail.iter_attachments()
    assert (attached["X-A"], attached.get_filename()) == (None, "tệp X-A: b.xlsx")


WRONG = [  # TONGHOP_SMTP, and the error
    ("smtps://vanthu:matkhau@mail.example", "has a password in it"),
    ("http://mail.example", "is no mail server"),
    ("smtp://mail.example:x", "is no mail server"),
    ("smtp://mail.example?tls=none", "in the clear"),
    ("smtps://mail.example?ca=/khong/co.pem", "there is no such file"),
]


@pytest.mark.parametrize(("address", "error"), WRONG)
def test_unusable_mail_server_is_reported_without_password(address, error):
    with pytest.raises(MailServerError, match=error) as refused:
        mail_server({"TONGHOP_SMTP": address})
    assert "matkhau" not in str(refused.value)


def test_wrong_password_and_certificate_are_one_line_errors(office):
    for environment, error in (
        ({"TONGHOP_SMTP_PASSWORD": "sai"}, "did not let vanthu in: .*credentials invalid"),
        ({}, "no password for"),
        ({"TONGHOP_SMTP_PASSWORD": "mật khẩu"}, "letters with accents"),
    ):
        with pytest.raises(MailServerError, match=error), sending(mail_server(), environment):
            pass
    strange = mail_server({"TONGHOP_SMTP": office.address.partition("?")[0]})
    with pytest.raises(MailServerError, match="certificate"), sending(strange):
        pass


def test_record_survives_a_crash_within_a_line(home, office):
    remind_units(home, CAMPAIGN, CLOCK)
    record = home.folder / "notices.jsonl"
    record.write_bytes(record.read_bytes()[:-20])
    assert {n.state for n in NoticeLog(home.folder).latest().values()} == {"sent", "sending"}


def test_reminder_knows_that_a_scan_waits():
    unit = CAMPAIGN.registry.by_code["07540"]
    moment = dt.datetime(2022, 4, 17, 8, tzinfo=CAMPAIGN.zone)
    text = reminder(unit, [], CAMPAIGN, moment, ["BC đã ký.pdf"])
    assert "đã nhận bản quét “BC đã ký.pdf”" in text and "chưa nhận được báo cáo" not in text
    assert "chưa nhận được báo cáo" in reminder(unit, [], CAMPAIGN, moment)


def test_withdrawn_report_is_not_said_to_have_not_come():
    unit, moment = CAMPAIGN.registry.communes[0], dt.datetime(2022, 4, 17, 8, tzinfo=CAMPAIGN.zone)
    owing = OwingUnit(unit, "missing", (), ("BC cũ.xlsx",))
    letter = reminder(unit, [], CAMPAIGN, moment, withdrawn=owing.withdrawn)
    short = short_text(unit, owing.status, CAMPAIGN, moment, withdrawn=owing.withdrawn)
    of_all = short_text_for_all({unit: owing.group}, CAMPAIGN, moment)
    assert "đã nhận “BC cũ.xlsx”" in letter and "nay được rút lại" in letter
    assert "đã gửi được rút lại" in short
    assert "Báo cáo đã gửi được rút lại, cần gửi lại (1 đơn vị): thị trấn Chũ." in of_all
    assert not any(
        "chưa nhận được" in text or "Chưa gửi" in text for text in (letter, short, of_all)
    )


def test_text_for_all_does_not_say_that_a_scanned_report_was_not_sent():
    first, second = CAMPAIGN.registry.communes[:2]
    owing = [OwingUnit(first, "missing", ("BC đã ký.pdf",)), OwingUnit(second, "missing", ())]
    moment = dt.datetime(2022, 4, 17, 8, tzinfo=CAMPAIGN.zone)
    text = short_text_for_all({o.unit: o.group for o in owing}, CAMPAIGN, moment)
    assert "Chưa gửi (1 đơn vị): xã Cấm Sơn." in text
    assert "Đã gửi bản quét, đề nghị gửi thêm tệp Word hoặc Excel (1 đơn vị): thị trấn Chũ." in text
