"""What officers change in a home between nights, by the real command: nothing of it is lost."""

import datetime as dt
import os
import shutil
import subprocess

import openpyxl
import pytest
from docx import Document
from test_cli import TONGHOP

from flows.home.layout import Home
from sources.campaigns import load_campaign
from sources.samples import write_samples
from warehouse.issued import NUMBERS
from warehouse.published_folder import RECORD
from warehouse.reports.document_check import all_paragraphs
from warehouse.reports.documents import ADDENDUM, ANNEX, REPORT
from warehouse.reports.feedback import LETTER

pytestmark = pytest.mark.long
DAY = "2022-04-17"
MORNING, NOON, EVENING, TOMORROW = (
    f"{DAY}T08:00:00+07:00",
    f"{DAY}T12:00:00+07:00",
    f"{DAY}T20:00:00+07:00",
    "2022-04-18T20:00:00+07:00",
)
RECEIVED = dt.datetime.fromisoformat("2022-04-15T08:00:00+07:00").timestamp()
GOOD, WRONG, LATER = "BC Xã Kiên Lao.xlsx", "BC Xã Nam Dương.xlsx", "BC Xã Hộ Đáp.xlsx"
BESIDE = "bao-cao-tong-hop (bản mới).docx"


class Office:
    """An inbox, and a home that only the real command works on."""

    def __init__(self, folder) -> None:
        self.all, self.inbox, self.home = folder / "all", folder / "inbox", folder / "home"
        self.inbox.mkdir()
        write_samples(self.all, load_campaign(), layout="form")
        self.reports = Home(self.home).reports(dt.datetime.fromisoformat(MORNING))
        self.report = self.reports / REPORT.file_name

    def receive(self, name: str, at: float = RECEIVED) -> None:
        shutil.copyfile(self.all / name, self.inbox / name)
        os.utime(self.inbox / name, (at, at))

    def receive_wrong(self) -> None:
        book = openpyxl.load_workbook(self.all / WRONG)
        book.worksheets[0]["C8"] = "31/4/2022"
        book.save(self.inbox / WRONG)
        os.utime(self.inbox / WRONG, (RECEIVED, RECEIVED))

    def call(self, *words: str):
        return subprocess.run(
            [TONGHOP, *words, "--home", self.home], capture_output=True, text=True, timeout=600
        )

    def night(self, as_of: str):
        answer = self.call("nightly", "--inbox", str(self.inbox), "--as-of", as_of)
        assert answer.returncode == 0, answer.stderr
        return answer


def lines(path) -> list[str]:
    return [paragraph.text for paragraph in all_paragraphs(Document(str(path)))]


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    office = Office(tmp_path_factory.mktemp("office"))
    office.receive(GOOD)
    office.receive_wrong()
    office.night(MORNING)
    return office


def test_officer_edits_issues_and_amends_a_report(office):
    refused = office.call("issue")
    assert (refused.returncode, "chưa có --number, --date, --signer" in refused.stderr) == (2, True)
    answer = office.call(
        "decide", "report", "--number", "76", "--date", "2022-04-18", "--signer", "Nguyễn Văn An",
        "--title", "PHÓ TRƯỞNG BAN", "--at", f"{DAY}T09:00", "--account", "canbo1",
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr

    # the officer writes in Word, puts a note into the folders, and improves a letter
    document = Document(str(office.report))
    document.add_paragraph("Nhận định của cán bộ.")
    document.save(str(office.report))
    edited = office.report.read_bytes()
    (letter,) = office.home.glob(f"feedback/*/{LETTER}")
    notes = office.reports / "ghi chú.txt", letter.parent / "ghi chú.txt"
    for path in (letter, *notes):
        path.write_text("của cán bộ", encoding="utf-8")

    noon = office.night(NOON)
    assert office.report.read_bytes() == edited
    assert {path.read_text(encoding="utf-8") for path in (letter, *notes)} == {"của cán bộ"}
    assert "Số 76-BC/BTGHU" in lines(office.reports / BESIDE)
    assert "bản mới" in str(*letter.parent.glob("thu-gui-don-vi (*")), "the letter of the night"
    for path in (office.report, office.reports / BESIDE, letter):
        assert str(path) in noon.stderr
    assert f"Báo cáo: {office.reports / BESIDE}" in noon.stdout

    # the text of the night, with the officer's, becomes the report that is signed
    refused = office.call("issue", "--at", f"{DAY}T13:00")
    assert "chưa có “Số 76-BC/BTGHU”" in refused.stderr and refused.returncode == 2
    document = Document(str(office.reports / BESIDE))
    for paragraph in all_paragraphs(document):
        if paragraph.text == "Dự thảo":
            paragraph.clear()
    document.add_paragraph("Nhận định của cán bộ.")
    document.save(str(office.report))
    signed = office.report.read_bytes()
    answer = office.call("issue", "--at", f"{DAY}T13:00", "--account", "canbo1")
    assert answer.returncode == 0, answer.stderr
    issued = office.home / "issued" / "76-2022-04-18"
    assert (issued / REPORT.file_name).read_bytes() == signed == office.report.read_bytes()
    assert (issued / ANNEX.file_name).exists()
    assert "Phát hành báo cáo: 76-2022-04-18" in office.call("decide", "list").stdout

    # the next night, with the same numbers, has the signed report, and nothing beside it
    answer = office.night(EVENING)
    assert office.report.read_bytes() == signed
    assert not (office.reports / BESIDE).exists()
    assert not (office.reports / ADDENDUM.file_name).exists()
    assert "bổ sung" not in answer.stdout

    # one more commune reports
    office.receive(LATER, dt.datetime.fromisoformat("2022-04-18T09:00:00+07:00").timestamp())
    answer = office.night(TOMORROW)
    addendum = office.home / "reports" / "2022-04-18" / ADDENDUM.file_name
    assert "số liệu đã khác báo cáo đã phát hành" in answer.stderr
    assert f"Báo cáo bổ sung: {addendum}" in answer.stdout
    text = lines(addendum)
    row = text.index("Số chi bộ đã tổ chức sinh hoạt")
    old, new, units = text[row + 1 : row + 4]
    assert int(old) < int(new) and f"xã Hộ Đáp: – → {int(new) - int(old)}" == units
    draft = lines(addendum.with_name(REPORT.file_name))
    assert draft[0] == "Dự thảo" and "Số       -BC/BTGHU" in draft
    assert signed == (issued / REPORT.file_name).read_bytes()
    assert (office.reports / RECORD).exists() and office.report.read_bytes() == signed

    # taken back and signed a day late: the numbers are those of the report's own night
    late = "2022-04-18T21:00"
    listed = office.call("decide", "list").stdout.splitlines()
    number = next(line.split(".")[0] for line in listed if "Phát hành báo cáo" in line)
    office.call("decide", "undo", number, "--reason", "Ký lại", "--at", late)
    answer = office.call("issue", DAY, "--at", late)
    assert answer.returncode == 0, answer.stderr
    again = issued.with_name("76-2022-04-18-2")
    assert (again / NUMBERS).read_bytes() == (issued / NUMBERS).read_bytes()
    assert (again / REPORT.file_name).read_bytes() == signed
