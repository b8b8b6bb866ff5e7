"""A person's name is hidden; a village, cell or school named after somebody keeps its name."""

from __future__ import annotations

import unicodedata
from random import Random

import pytest

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.extraction.people import hide_names
from sources.grids import Document, Grid
from sources.samples.names import cell_names, place_names, village_names

CAMPAIGN = load_campaign()
TITLES = CAMPAIGN.form.words.name_titles
KIND = CAMPAIGN.form.field("cells", "kind")
HEADER = ["TT", "Tên chi bộ", "Loại hình", "Ngày sinh hoạt", "Tổng số đảng viên", "Số đảng viên dự"]
CALLED_AFTER = [  # as units write the names of villages and cells; the made-up names are put behind the same words
    "{}",
    "Thôn {}",
    "THÔN {}",
    "Thôn: {}",
    "T. {}",
    "Bản {}",
    "Xóm {} 2",
    "TDP {}",
    "TDP số 3 {}",
    "Tổ dân phố số 2 {}",
    "Chi bộ {}",
    "CB {}",
    "CB thôn {}",
    "CHI BỘ THÔN {}",
    "1. Chi bộ thôn {}",
    "Chi bộ Trường Tiểu học số 2 {}",
    "Chi bộ Hợp tác xã Nông nghiệp {}",
    "Chi bộ Trạm Y tế {}",
    "Chi bộ Công ty TNHH MTV {}",
    "Chi bộ Công an {}",
    "Chi bộ Quân sự {}",
    "Chi bộ Cơ quan {}",
    "Chi bộ liên thôn {} - {}",
    "Chi bộ thôn {}, thôn {}",
]
BORNE = [
    "Hoàng Nam",
    "Hoàng Hoa Thám",
    "Trần Phú",
    "Trần Quang Diệu",
    "Lê Hồng Phong",
    "Lê Lợi",
    "Nguyễn Trãi",
    "Nguyễn Thị Minh Khai",
    "Nguyễn Văn Cừ",
    "Phan Đình Phùng",
    "Võ Thị Sáu",
    "Lý Thường Kiệt",
    "Hồ Sen",
    "Đinh Tiên Hoàng",
    "Ngô Gia Tự",
    "Bùi Thị Xuân",
    "Vũ Xá",
    "Đào Xá",
    "Lê Lai",
    "Đặng Xá",
    "Phạm Kha",
    "Đỗ Hà",
]


def cells(*names: str, sheet: str = "Chi bộ", raw: dict | None = None):
    lines = [HEADER, *([n, name, "Thôn", "05/4/2022", 30, 25] for n, name in enumerate(names, 1))]
    return extract(Document("xlsx", [Grid(sheet, lines, raw=raw or {})]), CAMPAIGN)


def kept_names(names: list[str]) -> list[tuple[str | None, str]]:
    """Of each row's name what is kept: value and raw text."""
    found = cells(*names)
    assert [f for f in found.findings if f.rule == "personal_names_skipped"] == []
    return [(f.value, f.raw) for f in found.facts if f.field == "name"]


@pytest.mark.parametrize("words", CALLED_AFTER)
def test_place_named_after_a_person_keeps_its_name(words: str) -> None:
    names = [words.format(name.upper() if words.isupper() else name, "Lê Lai") for name in BORNE]
    assert kept_names(names) == [(name.removeprefix("1. "), name) for name in names]


WITH_A_PERSON = [  # a row's name, and what is kept of it
    ("Chi bộ thôn Bóng (Bí thư Lê Tám)", "Chi bộ thôn Bóng (Bí thư …)"),
    ("Chi bộ thôn Bóng, đ/c Hoàng Nam", "Chi bộ thôn Bóng, đ/c …"),
    ("Thôn Hạ - ông Bình", "Thôn Hạ - ông …"),
    ("Thôn Hạ (Bà Lê Nam)", "Thôn Hạ (Bà …)"),
    ("Thôn Hạ, Đồng chí Giáp Sen", "Thôn Hạ, Đồng chí …"),
    ("Thôn Hạ, trưởng thôn Nguyễn Quang Huy", "Thôn Hạ, trưởng thôn …"),
    ("Thôn Hạ: Lường Thị Mai", "Thôn Hạ: …"),
    ("TrÇn V¨n B×nh", "…"),  # as .VnTime shows it: Trần Văn Bình
    ("Trưởng thôn Hoàng Nam", "Trưởng thôn Hoàng Nam"),  # the head of the village of that name
    ("Bà Nà", "Bà Nà"),
    ("Thôn: Anh Dũng", "Thôn: Anh Dũng"),
    ("CB Ông Cóc", "CB Ông Cóc"),
    ("Chi bộ thôn Ông Bình", "Chi bộ thôn Ông Bình"),
    ("Chi bộ đồng chí hướng", "Chi bộ đồng chí hướng"),
]


@pytest.mark.parametrize(("name", "kept"), WITH_A_PERSON)
def test_person_in_row_name_is_hidden_only_after_title_or_office(name: str, kept: str) -> None:
    (fact,) = (f for f in cells(name).facts if f.field == "name")
    assert fact.raw == kept


def test_no_sample_place_name_is_hidden() -> None:
    places = place_names(15_750, Random(1))  # all that there are
    villages = village_names(2000, Random(2))
    names = [*villages, *places, *(f"CHI BỘ THÔN {name.upper()}" for name in places)]
    for unit in CAMPAIGN.registry.units:
        names += [name for name, _ in cell_names(villages[:20], unit, KIND)]
    for place in places[:3000]:
        commune = CAMPAIGN.registry.units[0].model_copy(update={"name": f"Xã {place}"})
        names += [name for name, _ in cell_names([], commune, KIND)]
    assert [name for name in names if hide_names(name, TITLES, True) != name] == []


def test_unicode_text_is_not_decoded_as_legacy_font() -> None:
    """Read as TCVN3, `Thôn` is `Thụn`, behind which Hoàng Nam would be a person."""
    names = ["Thôn Hoàng Nam", "thôn Hoàng Bình", "Bí thư chi bộ Trường Hoàng Anh"]
    assert kept_names(names) == [(name, name) for name in names]


def test_name_in_legacy_font_is_hidden_in_raw_text_and_findings() -> None:
    name, typed = "Chi bộ Hạ (ông Trần Bình)", "Chi bé H¹ («ng TrÇn B×nh)"  # in the font .VnTime
    found = cells(name, name, "Chi bộ Thượng", raw={(1, 1): typed, (2, 1): typed})
    assert "TrÇn" not in repr(found) and "Trần" not in repr(found)
    assert any(f.rule == "personal_names_skipped" for f in found.findings)


def test_finding_repeats_row_name_and_keeps_village() -> None:
    found = cells("CB Hoàng An", "CB Hoàng An")
    assert [f.rule for f in found.findings if f.rule == "personal_names_skipped"] == []
    assert all("Hoàng An" in f.message for f in found.findings if f.row_name)


@pytest.mark.parametrize(
    ("sheet", "kept"),
    [("CB Hoàng Nam", "CB Hoàng Nam"), ("Lê Văn Nam", "…"), ("Hoàng Sơn", "Hoàng Sơn")],
)
def test_sheet_named_after_a_village_keeps_its_name(sheet: str, kept: str) -> None:
    assert {f.sheet for f in cells("Chi bộ Hạ", sheet=sheet).facts} == {kept}


IN_PROSE = [
    ("Hoàng Nam và Lê Tám dự.", "… và … dự."),
    ("đồng chí Bình chỉ đạo", "đồng chí … chỉ đạo"),
    ("Trường THCS Lê Lợi", "Trường THCS Lê Lợi"),
    ("đường Bà Triệu", "đường Bà Triệu"),
    ("tư tưởng Hồ Chí Minh", "tư tưởng Hồ Chí Minh"),
    ("thôn Hoàng Nam", "thôn Hoàng Nam"),
    ("NGUYỄN QUANG HUY", "…"),
    ("Bí thư nguyễn thị nho", "Bí thư …"),
]


@pytest.mark.parametrize(("text", "kept"), IN_PROSE)
def test_unknown_name_in_prose_is_taken_for_a_person(text: str, kept: str) -> None:
    assert hide_names(text, TITLES) == kept
    assert hide_names(unicodedata.normalize("NFD", text), TITLES) in (
        kept,
        unicodedata.normalize("NFD", kept),
    )
