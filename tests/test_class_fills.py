"""A marked copy shows the class of each text in a pale colour."""

from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
from docx.oxml.ns import qn
from made_reports import CAMPAIGN

from sources.extraction.text_classes import ClassRun
from warehouse.reports.feedback.class_fills import FILLS, fills_by_place
from warehouse.reports.feedback.marked_word import mark_word
from warehouse.reports.feedback.marked_workbook import mark_workbook
from warehouse.reports.feedback.returned_files import FeedbackItem

VALUE, UNREAD = FILLS["V"][0], FILLS["U"][0]
WRONG = FeedbackItem("error", "Chi bộ", "B2", "Số đảng viên", "?", "Đề nghị ghi bằng số.")


def test_text_classes_become_one_colour_per_cell():
    assert fills_by_place(
        [ClassRun("Thôn", 2, 3, ".VL"), ClassRun("Đoạn 7", 7, 7, "U"), ClassRun("Thôn", 4, 4, "N")]
    ) == {("Thôn", "B2"): VALUE, ("Thôn", "B3"): VALUE, ("Đoạn 7", "7"): UNREAD}


def test_workbook_cells_are_coloured_by_class_below_error_marks(tmp_path: Path):
    book, original, copy = openpyxl.Workbook(), tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    book.active.title = "Chi bộ"
    for row in (["Tên chi bộ", "Số đảng viên"], ["Chi bộ Hạ", "?"], ["Chi bộ Thượng", 25]):
        book.active.append(row)
    book.save(original)
    mark_workbook(
        original,
        copy,
        "a.xlsx",
        [WRONG],
        "Ban Tuyên giáo",
        account=[ClassRun("Chi bộ", 2, 3, "VV")],
    )
    sheet = openpyxl.load_workbook(copy)["Chi bộ"]
    assert [sheet[ref].fill.fgColor.rgb[-6:] for ref in ("A2", "A3", "B3")] == [VALUE] * 3
    assert (
        sheet["B2"].fill.fgColor.rgb[-6:] not in (VALUE, "000000")
        and sheet["A1"].fill.patternType is None
    )


def test_word_copy_is_coloured_by_class(tmp_path: Path):
    document, original, copy = docx.Document(), tmp_path / "a.docx", tmp_path / "b.docx"
    document.add_paragraph("Tổng số chi bộ: 18")
    document.add_paragraph("Số cây đã trồng: 40")
    document.save(original)
    mark_word(
        original,
        copy,
        [],
        "Ban Tuyên giáo",
        CAMPAIGN.limits,
        [ClassRun("Đoạn 1", 1, 1, "V"), ClassRun("Đoạn 2", 2, 2, "U")],
    )
    fills = [shade.get(qn("w:fill")) for shade in docx.Document(copy).element.iter(qn("w:shd"))]
    assert fills == [VALUE, UNREAD]
