"""Every text of a document has exactly one class, and a number that nothing reads is a finding."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_books import any_layout, laid_out
from made_files import KINDS, TEXT_KINDS, written
from made_reports import CAMPAIGN, made_report

from sources.extraction import extract
from sources.extraction.cell_types import raw_text
from sources.extraction.classified_texts import texts_by_class
from sources.extraction.facts import Extract
from sources.extraction.text_classes import LETTERS, ClassRun, GridAccount, MappedAccount, TextClass
from sources.grids import Document, Grid, Paragraph
from sources.readers import read
from sources.samples.layouts import LAYOUTS
from sources.samples.reports import make_reports

UNITS = CAMPAIGN.registry.communes
WORDS = [
    "Tổng số chi bộ",
    "Tên chi bộ",
    "Số đảng viên",
    "Chi bộ thôn Hạ",
    "Cộng",
    "Ghi chú",
    "x",
    "có",
    "Riêng",
    "STT",
    "Thuận lợi",
    "Đơn vị báo cáo",
    "ĐẢNG ỦY XÃ TÂN SƠN",
    "Ngày sinh hoạt",
    "18/20",
    "05/4/2022",
    "Nơi nhận",
    "25%",
]
CELLS = st.one_of(
    st.none(), st.integers(0, 999), st.sampled_from(WORDS), st.text("ab 12/.-:", max_size=12)
)


def classes_of(found: Extract, document: Document) -> dict[tuple[str, str], str]:
    """The class letters that the account gives each visible text of a document, by sheet and
    ref."""
    letters: dict[tuple[str, str], str] = {}
    for block in document.blocks:
        runs = [run for run in found.account if run.sheet == block.sheet]
        if isinstance(block, Paragraph):
            letters[block.sheet, block.ref] = "".join(run.classes for run in runs)
        elif not block.hidden:
            for row, cells in enumerate(block.rows):
                for column, value in enumerate(cells):
                    if raw_text(value).strip():
                        letters[block.sheet, block.ref(row, column)] = "".join(
                            run.classes[column]
                            for run in runs
                            if run.first <= row + 1 <= run.last and column < len(run.classes)
                        )
    return letters


def assert_all_classed(document: Document) -> Extract:
    found = extract(document, CAMPAIGN)
    for place, letters in classes_of(found, document).items():
        assert len(letters) == 1 and letters in LETTERS, (place, letters)
    return found


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_every_text_of_a_sample_has_one_class(layout: str, tmp_path) -> None:
    unit = UNITS[3]
    (values,) = make_reports([unit], CAMPAIGN, 11)
    path = tmp_path / f"{unit.code}.{LAYOUTS[layout].extension}"
    LAYOUTS[layout].write(values, unit, CAMPAIGN, path, Random(1))
    assert_all_classed(read(path.read_bytes(), CAMPAIGN.limits))


@pytest.mark.parametrize("seed", range(24))
def test_every_text_has_one_class_in_any_layout(seed: int) -> None:
    rng = Random(seed)
    kind = KINDS[seed % len(KINDS)]
    made = made_report(rng.choice(UNITS), rng, kind in TEXT_KINDS, True)
    assert_all_classed(read(written(laid_out(made, any_layout(rng), rng), kind), CAMPAIGN.limits))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(CELLS, max_size=8), max_size=14),
    st.lists(st.text("ab 12:.", min_size=1, max_size=20)),
)
def test_every_text_of_a_random_grid_has_one_class(rows: list, paragraphs: list[str]) -> None:
    blocks = [
        *(Paragraph(n, text) for n, text in enumerate(paragraphs, 1) if text.strip()),
        Grid("Trang 1", rows),
    ]
    assert_all_classed(Document("xlsx", blocks))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=8), max_size=14))
def test_an_unread_number_is_a_finding_at_its_row(rows: list) -> None:
    document = Document("xlsx", [Grid("Trang 1", rows)])
    found = assert_all_classed(document)
    flagged = {int("".join(filter(str.isdigit, f.cell or "0")) or 0) for f in found.findings}
    letters = classes_of(found, document)
    for row, cells in enumerate(rows, 1):
        for column, value in enumerate(cells):
            if (
                isinstance(value, int)
                and letters["Trang 1", Grid.ref(row - 1, column)] == TextClass.UNREAD.letter
            ):
                assert any(first <= row for first in flagged), (row, value, found.findings)


def test_text_classes_match_the_document() -> None:
    rows = [
        ["ĐẢNG ỦY XÃ TÂN SƠN"],
        ["TT", "Tên thôn", "Số đảng viên", "Ghi chú"],
        [1, "Thôn Hạ", 20, "Sinh hoạt ghép"],
        [2, "Thôn Thượng", 30],
        ["Cộng", None, 50],
        [None, None, None, None, None, 77],
    ]
    found = extract(Document("xlsx", [Grid("Thôn", rows)]), CAMPAIGN)
    assert found.account == [
        ClassRun("Thôn", 1, 1, "V"),
        ClassRun("Thôn", 2, 2, "LLLL"),
        ClassRun("Thôn", 3, 4, "IVVIUU"),
        ClassRun("Thôn", 5, 5, "LLCLUU"),
        ClassRun("Thôn", 6, 6, ".....U"),
    ]
    assert [(f.rule, f.cell) for f in found.findings] == [("not_read", "F6")]


def test_lines_above_the_title_are_letterhead() -> None:
    lines = [
        "HUYỆN ỦY LỤC NGẠN",
        "ĐẢNG ỦY XÃ TÂN SƠN",
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "BÁO CÁO",
        "Trên đây là kết quả.",
    ]
    document = Document("docx", [Paragraph(number, line) for number, line in enumerate(lines, 1)])
    letters = classes_of(extract(document, CAMPAIGN), document)
    assert list(letters.values()) == ["H", "V", "H", "T", "N"]
    untitled = Document("docx", document.blocks[:3])
    assert list(classes_of(extract(untitled, CAMPAIGN), untitled).values()) == ["N", "V", "N"]


def test_adjacent_unread_cells_are_one_finding() -> None:
    rows = [
        ["TT", "Tên thôn", "Số đảng viên"],
        *([n, f"Thôn {n}", n, None, 100 + n] for n in range(1, 9)),
    ]
    found = extract(Document("xlsx", [Grid("Thôn", rows)]), CAMPAIGN)
    assert [(f.rule, f.cell) for f in found.findings] == [("column_unlabelled", "E1")]


def test_cell_keeps_the_stronger_of_two_classes() -> None:
    account = GridAccount()
    account.mark(0, 1, TextClass.NOTE)
    account.mark(0, 1, TextClass.VALUE)
    account.mark(0, 1, TextClass.LABEL)
    MappedAccount(account, lambda row, column: (column, row)).mark_row(
        2, bytes([0, TextClass.CHECK])
    )
    assert (account.at(0, 1), account.at(1, 2), account.at(5, 5)) == (
        TextClass.VALUE,
        TextClass.CHECK,
        None,
    )


def test_shown_document_has_classes_and_hides_names() -> None:
    rows = [
        ["Tên thôn", "Số đảng viên", "Ghi chú"],
        ["Thôn Hạ", 20, "đồng chí Nguyễn Văn Bình phụ trách"],
    ]
    shown = texts_by_class(
        Document("xlsx", [Paragraph(1, "Tổng số chi bộ: 18"), Grid("Thôn", rows)]), CAMPAIGN
    )
    assert [(f.section, f.cell) for f in shown.facts] == [
        ("V", "1"),
        ("L", "A1"),
        ("L", "B1"),
        ("L", "C1"),
        ("V", "A2"),
        ("V", "B2"),
        ("I", "C2"),
    ]
    assert "Bình" not in "".join(f.raw for f in shown.facts)
