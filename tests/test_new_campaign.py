"""`tonghop campaign new`, with a whole province as the example."""

import csv
import datetime as dt
import os
import pty
import subprocess
from pathlib import Path
from random import Random

import docx
import duckdb
import openpyxl
import pytest
from killed_nights import run
from nights import Report, night
from test_cli import TONGHOP, tonghop

from flows.home.campaign import HomeTakenError
from flows.night import parse_night
from flows.stages import open_work
from sources.blank_form import write_form
from sources.campaigns import DEFAULT_CAMPAIGN, CampaignError, load_campaign
from sources.new_campaign import Plan, write_campaign
from sources.samples import write_samples
from sources.samples.names import place_names
from sources.unit_list import read_units, units_csv
from warehouse.reports.consolidated import write_report

DISTRICTS = [f"huyện {name}" for name in place_names(10, Random("districts"))]
NAMES = place_names(215, Random("communes"))  # 15 of them stand in two districts
OPTIONS = (
    "--topic",
    "Xây dựng chi bộ bốn tốt",
    "--area",
    "tỉnh Bắc Giang",
    "--meetings",
    "2025-08-20..2025-09-05",
    "--organisations",
    "2025-08-25..2025-09-05",
    "--deadline",
    "2025-09-11",
    "--issuer",
    "Ban Tuyên giáo và Dân vận Tỉnh ủy",
    "--set",
    "document.parent=TỈNH ỦY BẮC GIANG",
    "--set",
    'notices.officers=["bantuyengiao@tinh.example"]',
)
ORGANISATIONS = [
    ("T-HND", "Hội Nông dân tỉnh", "farmers_union"),
    ("T-DTN", "Tỉnh đoàn", "youth_union"),
]


@pytest.fixture(scope="module")
def units(tmp_path_factory) -> Path:
    """The list that a province has: 230 communes of 10 districts and two organisations, as a
    workbook."""
    book = openpyxl.Workbook()
    book.active.append(["Code", "Name", "Type", "Kind", "District", "Email"])
    for number in range(230):
        place = NAMES[number % 215]
        book.active.append(
            [
                10_001 + number,
                f"Xã {place}",
                None,
                None,
                DISTRICTS[number // 23],
                f"x{number}@tinh.example",
            ]
        )
    for code, name, kind in ORGANISATIONS:
        book.active.append([code, name, "district_org", kind, None, None])
    path = tmp_path_factory.mktemp("units") / "don-vi.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def province(units, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("province") / "dot-2025"
    made = tonghop("campaign", "new", folder, *OPTIONS, "--units", units)
    assert made.returncode == 0, made.stderr
    return folder


def test_province_campaign_is_three_files_and_a_form_per_unit(province):
    campaign = load_campaign(province)
    assert len(campaign.registry.communes) == 230
    assert campaign.campaign.deadline == dt.datetime.fromisoformat("2025-09-11T00:00:00+07:00")
    assert campaign.windows["orgs"].first == dt.date(2025, 8, 25)
    about = campaign.document
    assert (about.parent, about.issuer) == (
        "TỈNH ỦY BẮC GIANG",
        "BAN TUYÊN GIÁO VÀ DÂN VẬN TỈNH ỦY",
    )
    assert campaign.notices.officers == ("bantuyengiao@tinh.example",)
    forms = {path.name for path in (province / "bieu-mau").iterdir()}
    assert forms == {f"{unit.code} {unit.name}.xlsx" for unit in campaign.registry.units}, (
        "who sends them knows names"
    )
    assert "# III.4" in (province / "campaign.toml").read_text(), (
        "the comments on the keys are kept"
    )


def test_communes_of_one_name_are_distinguished_by_district(province):
    registry = load_campaign(province).registry
    twice = [u for u in registry.units if f"Xã {NAMES[0]}, " in u.name]
    assert len(twice) == 2
    for unit in twice:
        assert all(registry.by_folded_name[name] is unit for name in unit.folded_names)
    with (province / "units.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 232


def test_new_campaign_reports_are_consolidated_without_code_changes(province, tmp_path):
    campaign = load_campaign(province)
    write_samples(tmp_path / "inbox", campaign, campaign_folder=province)
    for path in (tmp_path / "inbox").iterdir():
        os.utime(path, (1_757_000_000, 1_757_000_000))  # 4/9/2025
    run(tmp_path / "inbox", tmp_path / "home", "2025-09-12T20:00:00+07:00", campaign=province)
    with duckdb.connect(str(tmp_path / "home" / "warehouse.duckdb"), read_only=True) as con:
        ((expected, reported),) = con.execute(
            "SELECT units_expected, units_reported FROM campaign_summary"
        ).fetchall()
    assert expected == 232
    assert reported > 200
    _no_call_takes_the_home_for_the_built_in_campaign(tmp_path / "inbox", tmp_path / "home")


def _no_call_takes_the_home_for_the_built_in_campaign(inbox: Path, home: Path) -> None:
    before = sorted(path for path in home.rglob("*"))
    for call in (
        ("nightly", "--inbox", inbox),
        ("remind", "--inbox", inbox, "--dry-run"),
        ("serve", "--inbox", inbox),
        ("diff", "2025-09-10", "2025-09-12"),
        ("why", "cells_held"),
        ("decide", "alias", "07525", "Phố Kim", "--reason", "x"),
    ):
        answer = tonghop(*call, "--home", home)
        assert (answer.returncode, "another campaign's home" in answer.stderr) == (2, True), (
            call,
            answer.stderr,
        )
    with pytest.raises(HomeTakenError):  # nor does a deployment, which makes no such call
        open_work(parse_night(str(inbox), str(home), None, None, "x", dt.datetime.now(dt.UTC)))
    assert sorted(path for path in home.rglob("*")) == before


def test_missing_answers_are_asked_and_asked_again_when_mistyped(units, tmp_path):
    answers = [
        "Xây dựng chi bộ bốn tốt",
        "tỉnh Bắc Giang",
        "20/8/2025",
        "2025-08-20..2025-09-05",
        "2025-09-11",
        str(units),
        "Ban Tuyên giáo Tỉnh ủy",
    ]
    ours, theirs = pty.openpty()
    asked = subprocess.Popen(
        [TONGHOP, "campaign", "new", tmp_path / "dot"], stdin=theirs, stdout=subprocess.PIPE
    )
    os.close(theirs)
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    assert asked.communicate(timeout=120)[0].decode().count("232 biểu mẫu") == 1
    assert load_campaign(tmp_path / "dot").campaign.topic == "Xây dựng chi bộ bốn tốt"


WRONG = [  # options that are exchanged, and the error
    (("--deadline", "2025-09-01"), "trước ngày sinh hoạt cuối cùng"),
    (("--meetings", "2025-09-05..2025-08-20"), "sau ngày cuối"),
    (("--meetings", "20/8/2025"), "không phải là ngày"),
    (
        (
            "--meetings",
            "2025-12-20..2026-01-05",
            "--organisations",
            "2025-12-20..2025-12-31",
            "--deadline",
            "2026-01-10",
        ),
        "windows.cells: 20/12/2025 to 05/01/2026 is not within campaign.year (2025)",
    ),
    (("--set", "document.plaice=Bắc Giang"), "document.plaice: there is no such key"),
    (("--set", "x.y=1"), "there is no [x]"),
    (("--set", "y"), "ghi mục, khóa và giá trị"),
    (("--units", "/khong/co.csv"), "cannot be read as a list of units"),
]


@pytest.mark.parametrize(("exchanged", "error"), WRONG)
def test_inconsistent_campaign_is_refused_and_leaves_nothing(units, tmp_path, exchanged, error):
    options = [*OPTIONS, "--units", str(units), *exchanged]
    refused = tonghop("campaign", "new", tmp_path / "dot", *options)
    assert (refused.returncode, error in refused.stderr) == (2, True), refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_non_empty_folder_is_left_alone(units, tmp_path):
    (tmp_path / "x").write_text("x")
    assert "is not empty" in tonghop("campaign", "new", tmp_path, *OPTIONS, "--units", units).stderr


UNITS = [  # rows, and the error
    ([{"code": "1", "name": ""}], "hàng 2 thiếu name"),
    ([{"code": "", "name": "Xã A"}], "hàng 2 thiếu code"),
    ([{"code": "1", "name": "Hội Nông dân"}], "tên Hội Nông dân không cho biết"),
    ([{"code": "1", "name": "Xã A"}, {"code": "2", "name": "xã A"}], "thêm cột district"),
]


@pytest.mark.parametrize(("rows", "error"), UNITS)
def test_incomplete_unit_list_is_refused_with_its_row(rows, error):
    with pytest.raises(CampaignError, match=error):
        units_csv(rows)


CODES = [  # of communes, as they stand in the workbook: text or numbers; as they are read, or the error
    (["07531", "07540"], ["07531", "07540"]),
    (["07531", 10_001], ["07531", "10001"]),
    ([10_001, 10_002], ["10001", "10002"]),
    ([7531, 7540], "row 2: the code 7531 is a number there"),
    (["07531", 7540], "row 3: the code 7540 is a number there"),
    (["7531", "10001"], "row 2: the code 7531 has 4 digits where others have 5"),
    ([110_001, 10_002], "row 3: the code 10002 has 5 digits where others have 6"),
    (["A-7", "B-12"], ["A-7", "B-12"]),
]


@pytest.mark.parametrize(("codes", "read"), CODES)
def test_codes_keep_leading_zeros_or_are_refused_with_advice(tmp_path, codes, read):
    book = openpyxl.Workbook()
    for row in (
        ["Code", "Name", "Type"],
        *([code, f"Xã {n}", None] for n, code in enumerate(codes)),
        ["219-DTN", "Huyện đoàn", "district_org"],
    ):
        book.active.append(row)
    book.save(tmp_path / "don-vi.xlsx")
    if isinstance(read, str):
        with pytest.raises(CampaignError, match=f"{read}.*format the column code as text"):
            read_units(tmp_path / "don-vi.xlsx")
    else:
        assert [row["code"] for row in read_units(tmp_path / "don-vi.xlsx")] == [*read, "219-DTN"]


def test_december_meetings_may_be_reported_in_january(tmp_path):
    (tmp_path / "units.csv").write_text(
        "code,name\n07531,Xã Tân Sơn\n07540,Xã Xa Lý\n", encoding="utf-8"
    )
    days = dt.date(2025, 12, 10), dt.date(2025, 12, 31)
    campaign = write_campaign(
        Plan(
            "Chủ đề",
            "huyện",
            {"cells": days, "orgs": days},
            dt.date(2026, 1, 10),
            tmp_path / "units.csv",
            "Ban",
        ),
        DEFAULT_CAMPAIGN,
        tmp_path / "dot",
    )
    assert (campaign.campaign.year, campaign.schedule.remind_days[0].year) == (2025, 2026)
    write_form(campaign.registry.units[0], campaign, tmp_path / "form.xlsx")
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    last = {
        sheet.title: {
            openpyxl.utils.datetime.from_excel(int(rule.formula2)).date()
            for rule in sheet.data_validations.dataValidation
            if rule.type == "date"
        }
        for sheet in book
    }
    signed, *meetings = [days for days in last.values() if days]
    assert signed == {dt.date(2026, 12, 31)}, "the report is signed in January"
    assert meetings and all(days == {dt.date(2025, 12, 31)} for days in meetings)


OWN_WORDS = (
    "Lục Ngạn",
    "2022",
    "bầu cử",
    "nhiệm kỳ",
    "Nâng cao tỷ lệ",
    "Huyện ủy",
    "14-CT/TU",
    "64-KH/HU",
    "tâm tư",
)


def test_report_does_not_mention_the_source_campaign(tmp_path):
    """Except for labels in form.toml, which are to be edited there."""
    (tmp_path / "units.csv").write_text(
        "code,name\n07531,Xã Tân Sơn\n07540,Xã Xa Lý\n", encoding="utf-8"
    )
    days = dt.date(2025, 8, 20), dt.date(2025, 9, 5)
    document = {
        "parent": "THÀNH ỦY HẢI SƠN",
        "symbol": "BC/BTG",
        "place": "Hải Sơn",
        "addressee": "Ban Thường vụ",
        "recipients": '["Ban Thường vụ", "Lưu"]',
    }
    plan = Plan(
        "Xây dựng chi bộ bốn tốt",
        "thành phố Hải Sơn",
        {"cells": days, "orgs": days},
        dt.date(2025, 9, 11),
        tmp_path / "units.csv",
        "Ban Tuyên giáo",
        {
            "campaign.legal_basis": "Kế hoạch của Thành ủy",
            **{f"document.{k}": v for k, v in document.items()},
        },
    )
    write_campaign(plan, DEFAULT_CAMPAIGN, tmp_path / "dot")
    form = tmp_path / "dot" / "form.toml"
    form.write_text(
        form.read_text(encoding="utf-8")
        .replace(" 2022-2025", "")
        .replace("14-CT/TU", "1-CT/TU")
        .replace("64-KH/HU", "2-KH/TU"),
        encoding="utf-8",
    )
    campaign, as_of = load_campaign(tmp_path / "dot"), "2025-09-12T20:00:00+07:00"
    reports = [
        Report(
            "07531",
            "2025-09-10T08:00:00+07:00",
            villages=[{"name": "Thôn A", "head_is_party": True, "candidate_is_party": True}],
            info={
                **{f.key: 9 for f in campaign.form.by_key["info"].fields if f.type == "count"},
                **{f.key: True for f in campaign.form.by_key["info"].fields if f.type == "mark"},
            },
        )
    ]
    with night(tmp_path / "night", campaign, reports, as_of) as con:
        write_report(con, campaign, dt.datetime.fromisoformat(as_of), tmp_path / "r.docx")
    report = docx.Document(tmp_path / "r.docx")
    text = "\n".join(
        [p.text for p in report.paragraphs]
        + [cell.text for table in report.tables for row in table.rows for cell in row.cells]
    )
    assert "phân công nhiệm vụ cho toàn bộ 9 đảng viên." in text
    assert "giới thiệu bầu trưởng thôn, tổ trưởng tổ dân phố: trên cùng 1 thôn" in text
    assert [word for word in OWN_WORDS if word in text] == []
