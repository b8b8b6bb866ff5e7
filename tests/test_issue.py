"""An issued report is frozen with its numbers; what changes afterwards becomes an addendum."""

import dataclasses
import datetime as dt
import json
import shutil

import duckdb
import pytest
from docx import Document
from docx.oxml import OxmlElement
from nights import Report, night_file
from test_decisions import GOOD

from flows.home.layout import Home
from flows.issuing import FrozenReport, NotIssuedError, freeze_report, replace_drafts
from flows.stages.publishing import night_facts
from sources.campaigns import DEFAULT_CAMPAIGN, load_campaign
from sources.decisions import DecisionLog
from sources.officers_part import with_officers_part
from warehouse.issued import MANIFEST, NUMBERS, WAREHOUSE, changed_files
from warehouse.published_folder import PublishedFolder, file_digest
from warehouse.reports.addendum import write_addendum
from warehouse.reports.annex import write_annex
from warehouse.reports.consolidated import write_report
from warehouse.reports.document_check import all_paragraphs
from warehouse.reports.documents import ANNEX, REPORT
from warehouse.reports.progress_page import write_page
from warehouse.reports.unit_changes import Change, Labels, changed_units
from warehouse.unit_values import ValuePlace

CAMPAIGN = load_campaign()
NIGHT = dt.datetime(2022, 4, 18, 20, tzinfo=CAMPAIGN.zone)
NOW = NIGHT + dt.timedelta(hours=1)
PART = {"number": "76", "date": "2022-04-18", "signer": "Nguyễn Văn An"}
LATER = Report("07528", "2022-04-18T21:00:00+07:00", info={"cells_total": 1204, "cells_held": 1203})


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """The warehouse of an evening, and that of the next one, when one more commune has reported."""
    folder = tmp_path_factory.mktemp("issue")
    tomorrow = NIGHT + dt.timedelta(days=1)
    return (
        night_file(folder / "1", CAMPAIGN, [GOOD], NIGHT.isoformat()),
        night_file(folder / "2", CAMPAIGN, [GOOD, LATER], tomorrow.isoformat()),
    )


class Office:
    """A home after a night, without the engine: its warehouse, its report and its annexes."""

    def __init__(self, folder) -> None:
        self.home = Home(folder)
        self.reports = self.home.reports(NIGHT)
        self.report = self.reports / REPORT.file_name

    @property
    def decisions(self):
        return DecisionLog(self.home.folder).recorded()

    def publish(self) -> None:
        new = {name: self.home.work / name for name in (REPORT.file_name, ANNEX.file_name)}
        with duckdb.connect(str(self.home.warehouse), read_only=True) as con:
            campaign = with_officers_part(CAMPAIGN, self.decisions)
            write_report(con, campaign, NIGHT, new[REPORT.file_name])
            write_annex(con, campaign, NIGHT, new[ANNEX.file_name])
        PublishedFolder(self.reports).publish(new, facts=night_facts(self.home.warehouse))

    def write_part(self, **part: str) -> None:
        fields = [{"field": field, "value": value} for field, value in part.items()]
        DecisionLog(self.home.folder).add_all("report", "canbo", "đã ký", NOW, NOW, fields)

    def freeze(self, day: dt.date | None = None) -> FrozenReport:
        return freeze_report(self.home, DEFAULT_CAMPAIGN, day, "canbo", NOW)

    def issue(self) -> FrozenReport:
        frozen = self.freeze()
        about = {
            "name": frozen.name,
            "sha256": frozen.manifest_sha256,
            "value": frozen.facts["numbers"],
        }
        DecisionLog(self.home.folder).add("issue", "canbo", "đã ký", NOW, NOW, **about)
        replace_drafts(self.home, frozen)
        return frozen

    def edit(self, without: str = "") -> None:
        """What an officer does in Word: deletes a line, adds a sentence, saves."""
        document = Document(str(self.report))
        for paragraph in all_paragraphs(document):
            if without and paragraph.text == without:
                paragraph.clear()
        document.add_paragraph("Thêm một câu.")
        document.save(str(self.report))

    def addendum(self, warehouse, tmp_path) -> list[str] | None:
        """The lines and cells of the addendum of that warehouse; None where there is none."""
        target = tmp_path / "addendum.docx"
        with duckdb.connect(str(warehouse), read_only=True) as con:
            campaign = with_officers_part(CAMPAIGN, self.decisions)
            as_of = NIGHT + dt.timedelta(days=1)
            write_addendum(con, campaign, as_of, target, self.home.issued)
        return lines(target) if target.exists() else None


def lines(path) -> list[str]:
    return [p.text for p in all_paragraphs(Document(str(path)))]


@pytest.fixture(scope="module")
def evening(tmp_path_factory, nights):
    office = Office(tmp_path_factory.mktemp("evening") / "home")
    office.home.work.mkdir(parents=True)
    shutil.copyfile(nights[0], office.home.warehouse)
    office.publish()
    return office


@pytest.fixture
def office(tmp_path, evening):
    """The home of the evening, for a test of its own."""
    shutil.copytree(evening.home.folder, tmp_path / "home")
    return Office(tmp_path / "home")


def test_report_without_number_date_or_signer_is_not_issued(office):
    with pytest.raises(NotIssuedError, match=r"chưa có --number, --date, --signer; ghi trước"):
        office.freeze()
    office.write_part(number="76", date="2022-04-18")
    with pytest.raises(NotIssuedError, match=r"chưa có --signer; ghi trước: tonghop decide report"):
        office.freeze()
    assert not office.home.issued.exists()


def test_unchanged_report_is_issued_without_the_draft_mark(office):
    assert lines(office.report)[0] == "Dự thảo"
    office.write_part(**PART)
    frozen = office.issue()
    folder = office.home.issued / "76-2022-04-18"
    assert (frozen.name, frozen.changed) == (folder.name, ())
    text = lines(folder / REPORT.file_name)
    assert "Dự thảo" not in text
    assert "Số 76-BC/BTGHU" in text and "Lục Ngạn, ngày 18 tháng 4 năm 2022" in text
    assert office.report.read_bytes() == (folder / REPORT.file_name).read_bytes()
    office.publish()
    assert office.report.read_bytes() == (folder / REPORT.file_name).read_bytes(), (
        "the next night writes the issued report"
    )


def test_issued_folder_holds_documents_numbers_and_their_digests(office):
    office.write_part(**PART)
    frozen = office.issue()
    folder = office.home.issued / frozen.name
    manifest = json.loads((folder / MANIFEST).read_text())
    assert set(manifest["files"]) == {REPORT.file_name, ANNEX.file_name, NUMBERS, WAREHOUSE}
    assert all(file_digest(folder / name) == d for name, d in manifest["files"].items())
    assert (manifest["number"], manifest["date"]) == (76, "2022-04-18")
    assert (manifest["issued_by"], manifest["issued_at"]) == ("canbo", NOW.isoformat())
    assert json.loads((folder / NUMBERS).read_text())["cells_held"] == "9"
    assert changed_files(folder, frozen.manifest_sha256) == []
    (folder / NUMBERS).write_text("{}")
    (folder / ANNEX.file_name).unlink()
    assert changed_files(folder, frozen.manifest_sha256) == [ANNEX.file_name, NUMBERS]
    (folder / MANIFEST).write_text("{}")
    assert changed_files(folder, frozen.manifest_sha256) == [MANIFEST]


def test_changed_report_is_issued_as_the_officer_left_it(office):
    office.write_part(**PART)
    office.publish()
    office.edit(without="Dự thảo")
    edited = office.report.read_bytes()
    frozen = office.issue()
    assert frozen.changed == (REPORT.file_name,)
    assert (office.home.issued / frozen.name / REPORT.file_name).read_bytes() == edited
    assert office.report.read_bytes() == edited


def test_changed_report_that_is_still_a_draft_is_not_issued(office):
    office.write_part(**PART)
    office.edit()
    with pytest.raises(NotIssuedError) as refused:
        office.freeze()
    for problem in ("chưa có “Số 76-BC/BTGHU”", "chưa có “Lục Ngạn, ngày 18", "còn chữ “Dự thảo”"):
        assert problem in str(refused.value)


def test_report_with_tracked_changes_is_not_issued(office):
    office.write_part(**PART)
    office.publish()
    document = Document(str(office.report))
    inserted = OxmlElement("w:ins")
    document.paragraphs[-1]._p.append(inserted)
    document.save(str(office.report))
    with pytest.raises(NotIssuedError, match="Accept All Changes"):
        office.freeze()


def test_file_that_is_no_report_is_not_issued(office):
    office.write_part(**PART)
    office.report.write_bytes(b"no document")
    with pytest.raises(NotIssuedError, match="không mở được bằng Word"):
        office.freeze()


def test_report_of_an_unknown_night_is_not_issued(office):
    office.write_part(**PART)
    (office.reports / ".published.json").unlink()
    with pytest.raises(NotIssuedError, match="không rõ viết từ số liệu"):
        office.freeze()


def test_annexes_of_other_numbers_are_not_issued(office):
    office.write_part(**PART)
    new = office.home.work / ANNEX.file_name
    new.write_bytes(b"of another night")
    facts = {"as_of": NOW.isoformat(), "numbers": "other"}
    PublishedFolder(office.reports).publish({ANNEX.file_name: new}, facts=facts)
    with pytest.raises(NotIssuedError, match="không cùng số liệu"):
        office.freeze()


def test_day_without_a_report_is_not_issued(office):
    office.write_part(**PART)
    with pytest.raises(NotIssuedError, match=r"chưa có .*2022-04-01"):
        office.freeze(dt.date(2022, 4, 1))


def test_number_is_issued_once(office):
    office.write_part(**PART)
    office.issue()
    with pytest.raises(NotIssuedError, match=r"--number, --date \(số 76 đã phát hành\)"):
        office.freeze()
    office.write_part(number="76", date="2022-05-03")
    with pytest.raises(NotIssuedError, match="số 76 đã phát hành"):
        office.freeze()


def test_issue_that_was_taken_back_keeps_its_folder(office):
    office.write_part(**PART)
    office.issue()
    number = office.decisions[-1].decision_id
    DecisionLog(office.home.folder).add("undo", "canbo", "ký lại", NOW, NOW, undoes=number)
    assert office.issue().name == "76-2022-04-18-2"
    assert (office.home.issued / "76-2022-04-18" / MANIFEST).exists()


def test_folder_that_a_crash_left_is_replaced(office):
    office.write_part(**PART)
    office.freeze()  # and its decision was not recorded
    frozen = office.issue()
    assert frozen.name == "76-2022-04-18"
    assert changed_files(office.home.issued / frozen.name, frozen.manifest_sha256) == []


def test_addendum_names_the_unit_and_both_numbers(office, nights, tmp_path):
    office.write_part(**PART)
    office.issue()
    text = office.addendum(nights[1], tmp_path)
    assert text is not None and text[0] == "Dự thảo"
    assert "Số       -BC/BTGHU" in text, "the addendum has no number yet"
    assert any("Ngày 18/4/2022" in line and "Báo cáo số 76-BC/BTGHU" in line for line in text)
    assert "- Xã Cấm Sơn: trước đây chưa báo cáo, nay nộp muộn." in text
    for figure, *cells in (
        ("Số chi bộ đã tổ chức sinh hoạt", "9", "1.212", "xã Cấm Sơn: – → 1.203"),
        ("Tỷ lệ chi bộ đã tổ chức sinh hoạt", "100%", "99,9%", "xã Cấm Sơn: – → 1.203/1.204"),
        ("Số chi bộ chưa tổ chức sinh hoạt", "0", "1", "xã Cấm Sơn"),
        ("Số đơn vị chưa gửi báo cáo", "34", "33", "xã Cấm Sơn"),
    ):
        row = text.index(figure)
        assert text[row + 1 : row + 4] == cells
    assert not any("tệp" in line for line in text)


def test_addendum_holds_figures_that_are_counted_from_findings(office, tmp_path):
    office.write_part(**PART)
    office.issue()
    cell = {**CELL, "name": "Chi bộ A", "content_1": False, "content_2": True, "content_3": True}
    late = Report("07528", LATE, info=OWN, cells=[cell])
    tomorrow = (NIGHT + dt.timedelta(days=1)).isoformat()
    new = night_file(tmp_path / "findings", CAMPAIGN, [GOOD, late], tomorrow)
    text = office.addendum(new, tmp_path)
    row = text.index("Số buổi sinh hoạt chi bộ chưa thực hiện đủ các nội dung")
    assert text[row + 1 : row + 3] == ["0", "1"]


def test_no_addendum_while_numbers_are_the_issued_ones(office, nights, tmp_path):
    assert office.addendum(nights[1], tmp_path) is None, "nothing was issued"
    office.write_part(**PART)
    office.issue()
    assert office.addendum(nights[0], tmp_path) is None


def test_addendum_of_an_earlier_try_is_removed(office, nights, tmp_path):
    (tmp_path / "addendum.docx").write_bytes(b"of an earlier try")
    assert office.addendum(nights[0], tmp_path) is None


def test_nothing_is_compared_with_a_changed_folder(office, nights, tmp_path):
    office.write_part(**PART)
    frozen = office.issue()
    (office.home.issued / frozen.name / NUMBERS).write_text("{}")
    assert office.addendum(nights[1], tmp_path) is None


LATE = "2022-04-19T08:00:00+07:00"
CELL = {"held_on": "2022-04-08", "mode": "separate", "members_total": 30, "members_attended": 25}
OWN = {"cells_total": 9, "cells_held": 9, "members_total": 300, "members_attended": 250}
OTHER = "Các chỉ tiêu khác của Báo cáo số 76-BC/BTGHU không thay đổi."


def own_totals(unit: str, received_at: str = GOOD.received_at, **info: int) -> Report:
    return Report(unit, received_at, info=OWN | info)


def listed_cells(received_at: str, *attended: int) -> Report:
    cells = [
        {"name": f"Chi bộ {n}", **CELL, "members_attended": came} for n, came in enumerate(attended)
    ]
    return Report("07525", received_at, cells=cells)


UNIT_CHANGES = {
    "corrections that offset each other": (
        [own_totals("07525"), own_totals("07528")],
        [
            own_totals("07525", LATE, members_attended=260),
            own_totals("07528", LATE, members_attended=240),
        ],
        [
            ("Số đảng viên dự sinh hoạt", "500", "500"),
            "thị trấn Chũ: 250 → 260; xã Cấm Sơn: 250 → 240",
        ],
    ),
    "highest and lowest commune swapped": (
        [own_totals("07525", members_attended=290), own_totals("07528", members_attended=200)],
        [
            own_totals("07525", LATE, members_attended=200, news_items=1),
            own_totals("07528", LATE, members_attended=290),
        ],
        [
            ("Tỷ lệ đảng viên dự tại các chi bộ đã sinh hoạt", "81,7%", "81,7%"),
            "thị trấn Chũ: 96,7% → 66,7%; xã Cấm Sơn: 66,7% → 96,7%",
        ],
    ),
    "rows of one unit that offset each other": (
        [listed_cells(GOOD.received_at, 20, 25)],
        [listed_cells(LATE, 21, 24)],
        [
            ("Số đảng viên dự (Chi bộ)", "", ""),
            "thị trấn Chũ (Chi bộ 0: 20 → 21, Chi bộ 1: 25 → 24)",
        ],
    ),
}


@pytest.fixture(params=UNIT_CHANGES)
def unit_change(request, tmp_path):
    """A home whose report was issued, the warehouse after the change, the row of the addendum."""
    before, corrections, row = UNIT_CHANGES[request.param]
    old = night_file(tmp_path / "1", CAMPAIGN, before, NIGHT.isoformat())
    tomorrow = (NIGHT + dt.timedelta(days=1)).isoformat()
    new = night_file(tmp_path / "2", CAMPAIGN, [*before, *corrections], tomorrow)
    office = Office(tmp_path / "home")
    office.home.work.mkdir(parents=True)
    shutil.copyfile(old, office.home.warehouse)
    office.publish()
    office.write_part(**PART)
    office.issue()
    return office, new, row


def test_addendum_names_units_whose_numbers_changed_under_the_same_total(unit_change, tmp_path):
    office, new, (figure, units) = unit_change
    text = office.addendum(new, tmp_path)
    assert text is not None and OTHER in text
    rows = [text[n : n + 4] for n, line in enumerate(text) if line == figure[0]]
    assert rows == [[*figure, units]]
    with duckdb.connect(str(new), read_only=True) as con:
        campaign = with_officers_part(CAMPAIGN, office.decisions)
        write_page(con, campaign, NIGHT, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "từ đó số liệu đã thay đổi, cần báo cáo bổ sung." in page


def test_addendum_names_forty_units_and_counts_the_others(tmp_path):
    places = [ValuePlace("unit_summary", str(n), (), "cells_held") for n in range(42)]
    changes = {place.unit_code: [Change(place, 1, 2)] for place in places}
    shown = changed_units(changes, Labels({}, {}), CAMPAIGN).split("; ")
    assert shown[:2] == ["0: 1 → 2", "1: 1 → 2"]
    assert (len(shown), shown[-1]) == (41, "và 2 đơn vị khác")


def test_same_numbers_in_another_file_are_no_change(office, nights, tmp_path):
    office.write_part(**PART)
    office.issue()
    again = dataclasses.replace(GOOD, received_at=LATE, file="gửi lại.xlsx")
    tomorrow = (NIGHT + dt.timedelta(days=1)).isoformat()
    new = night_file(tmp_path / "again", CAMPAIGN, [GOOD, again], tomorrow)
    assert office.addendum(new, tmp_path) is None
