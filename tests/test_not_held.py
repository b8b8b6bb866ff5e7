"""A row that says in words that its meeting was not held is no error (II.3)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sources.campaigns import DEFAULT_CAMPAIGN, load_campaign
from sources.extraction import extract
from sources.extraction.facts import Extract
from sources.grids import Document, Grid, Span

CAMPAIGN = load_campaign()
HEADER = [
    "TT",
    "Tên chi bộ",
    "Loại hình",
    "Ngày sinh hoạt",
    "Hình thức",
    "Tổng số đảng viên",
    "Số đảng viên dự",
    "Cấp ủy viên dự",
    "Nội dung 2.1",
]
BONG = [1, "Chi bộ thôn Bóng", "Thôn", "05/4/2022", "Riêng", 30, 25, "x", "x"]
CA = [3, "Chi bộ thôn Cả", "Thôn", "07/4/2022", "Riêng", 12, 12, "x", "x"]
ORGS = [
    "TT",
    "Tổ chức",
    "Tổng số chi hội",
    "Số đã tổ chức sinh hoạt",
    "Từ ngày",
    "Đến ngày",
    "Tổng số hội viên",
]


def of_row(read: Extract, section: str, row: int) -> dict[str, str | None]:
    return {f.field: f.value for f in read.facts if (f.section, f.row) == (section, row)}


def untyped(read: Extract) -> list[str]:
    return [f.field for f in read.facts if f.section != "info" and f.value is None and f.raw]


def cells(*texts: object, spans: list[Span] | None = None) -> Extract:
    rows = [HEADER, BONG, [2, "Chi bộ thôn Hạ", "Thôn", *texts], CA]
    return extract(Document("xlsx", [Grid("Chi bộ", rows, merged=tuple(spans or ()))]), CAMPAIGN)


@pytest.mark.parametrize(
    "texts",
    [
        ("Chưa tổ chức", "-", 18, "-", "-", "-"),
        ("Chưa SH", None, 18, 0, None, None),
        (
            "Chưa tổ chức do dịch Covid-19",
            "Chưa tổ chức",
            18,
            "Chưa tổ chức",
            "Không",
            "Chưa tổ chức",
        ),
        ("-", "-", 18, "-", None, None),
        ("hoãn", "Hoãn", 18, "0", "Chưa", "Chưa"),
        ("chưa", "—", 18, "chưa", "chưa", "chưa"),
        (None, "Chưa sinh hoạt", 18, None, None, None),
    ],
)
def test_row_marked_not_held_has_no_error(texts: tuple[object, ...]) -> None:
    read = cells(*texts)
    row = of_row(read, "cells", 2)
    assert (row["held_on"], row["mode"], row["members_total"], row["content_1"]) == (
        None,
        None,
        "18",
        "false",
    )
    assert row["members_attended"] in ("0", None)
    assert untyped(read) == [] and read.findings == []


def test_words_merged_over_a_row_mean_not_held() -> None:
    read = cells(
        "Chưa tổ chức do dịch Covid-19", None, None, None, None, None, spans=[Span(2, 3, 2, 8)]
    )
    row = of_row(read, "cells", 2)
    assert row == {
        "name": "Chi bộ thôn Hạ",
        "kind": "village",
        "held_on": None,
        "mode": None,
        "members_total": None,
        "members_attended": None,
        "committee_attended": "false",
        "content_1": "false",
    }
    assert untyped(read) == []


@pytest.mark.parametrize(
    "text", ["Hoãn sang 20/4", "Chưa tổ chức, dự kiến ngày 20", "Dự kiến 20/4/2022"]
)
def test_postponed_meeting_is_not_held_and_is_reported(text: str) -> None:
    read = cells(text, None, 18, None, None, None)
    assert of_row(read, "cells", 2)["held_on"] is None
    assert [(f.rule, f.row_name, f.field, f.cell) for f in read.findings] == [
        ("meeting_put_off", "Chi bộ thôn Hạ", "held_on", "D3")
    ]


def test_not_held_beside_a_date_is_an_error() -> None:
    assert untyped(cells("06/4/2022", "Chưa tổ chức", 18, 17, "x", "x")) == ["mode"]


def test_impossible_day_is_an_error() -> None:
    assert untyped(cells("31/4", "Chưa tổ chức", 18, 17, "x", "x")) == ["held_on", "mode"]


def test_organisation_without_meetings_has_no_error() -> None:
    rows = [
        ORGS,
        [1, "Hội Nông dân", 10, "Chưa tổ chức", "-", "-", 200],
        [2, "Hội LHPN", 8, 8, "5/4", "6/4", 150],
    ]
    read = extract(Document("xlsx", [Grid("Đoàn thể", rows)]), CAMPAIGN)
    row = of_row(read, "orgs", 1)
    assert (row["branches_total"], row["branches_held"], row["first_on"], row["last_on"]) == (
        "10",
        "0",
        None,
        None,
    )
    assert untyped(read) == []


@pytest.mark.parametrize(
    "held_when",
    [
        "branches_held > 0",
        "(branches_held>0)",
        "0 < branches_held",
        "coalesce(branches_held, 0) > 0",
    ],
)
def test_count_of_held_when_is_zero_however_the_condition_is_written(
    held_when: str, tmp_path: Path
) -> None:
    folder = shutil.copytree(DEFAULT_CAMPAIGN, tmp_path / "campaign")
    form = (folder / "form.toml").read_text(encoding="utf-8")
    written = 'held_when = "branches_held > 0"'
    assert written in form
    (folder / "form.toml").write_text(
        form.replace(written, f'held_when = "{held_when}"'), encoding="utf-8"
    )
    rows = [ORGS, [1, "Hội Nông dân", 10, "Chưa tổ chức", "-", "-", 200]]
    read = extract(Document("xlsx", [Grid("Đoàn thể", rows)]), load_campaign(folder))
    assert of_row(read, "orgs", 1)["branches_held"] == "0" and untyped(read) == []


def test_raised_digit_taken_for_footnote_is_reported_at_its_cell() -> None:
    read = cells("06/4/2022", "Riêng", "18¹", "17 (²)", "x", "x")
    row = of_row(read, "cells", 2)
    assert (row["members_total"], row["members_attended"]) == ("18", "17")
    assert [(f.rule, f.field, f.cell) for f in read.findings] == [
        ("value_raised", "members_total", "F3"),
        ("value_raised", "members_attended", "G3"),
    ]
