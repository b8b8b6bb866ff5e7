"""phu-luc.xlsx: the content of its six sheets, and what never appears in it."""

import datetime as dt
import re
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest
from small_warehouse import FORMULA, another_campaign, build_warehouse

from sources.campaigns import Campaign, IssuedReport, OfficersPart, load_campaign
from warehouse.printed_numbers import numbers_digest
from warehouse.reports.annex import write_annex
from warehouse.reports.annex_sheet import NO, YES

CAMPAIGN = load_campaign()
AS_OF = dt.datetime.fromisoformat("2022-04-19T20:00:00+07:00")
HEADER = 6  # row of the header in the sheet
SHEETS = [
    "PL1 Đơn vị",
    "PL2 MTTQ, đoàn thể",
    "PL3 Trưởng thôn",
    "PL4 Buổi cần lưu ý",
    "PL5 Sai sót, chênh lệch",
    "PL6 Nguồn số liệu",
]


def written(
    folder: Path, campaign: Campaign = CAMPAIGN, as_of: dt.datetime = AS_OF, **made: object
) -> Path:
    database = folder / "warehouse.duckdb"
    if not database.exists():
        build_warehouse(database, campaign, **made)
    target = folder / "phu-luc.xlsx"
    with duckdb.connect(str(database), read_only=True) as con:
        write_annex(con, campaign, as_of, target)
    return target


@pytest.fixture(scope="module")
def annex(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("annex"))


@pytest.fixture(scope="module")
def book(annex: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(annex)


@pytest.fixture(scope="module")
def cached(annex: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(annex, data_only=True)


def labels(sheet: openpyxl.worksheet.worksheet.Worksheet) -> list[str]:
    return [cell.value for cell in sheet[HEADER]]


def row_named(sheet: openpyxl.worksheet.worksheet.Worksheet, name: str) -> tuple:
    return next(row for row in sheet.iter_rows(min_row=HEADER + 1) if row[1].value == name)


def query(annex: Path, sql: str) -> tuple:
    with duckdb.connect(str(annex.parent / "warehouse.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchone()


def test_each_annex_has_a_titled_sheet(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == SHEETS
    for number, sheet in enumerate(book, 1):
        assert sheet["A1"].value == f"Phụ lục {number}"
        assert sheet["A2"].value.isupper()
        assert "20 giờ 00 ngày 19/4/2022" in sheet["A3"].value


def test_every_sheet_prints_on_a4_landscape_with_repeated_header(
    book: openpyxl.Workbook,
) -> None:
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (
            True,
            0,
        )
        assert sheet.print_title_rows == f"${HEADER}:${HEADER}"
        assert sheet.freeze_panes == f"C{HEADER + 1}"
        assert "&P" in sheet.oddFooter.center.text
        assert {
            cell.font.name for row in sheet.iter_rows() for cell in row if cell.value is not None
        } == {"Times New Roman"}


def test_each_registered_unit_has_a_line_with_unknowns_blank(
    book: openpyxl.Workbook,
) -> None:
    sheet = book[SHEETS[0]]
    names = [row[1].value for row in sheet.iter_rows(min_row=HEADER + 1, max_row=HEADER + 35)]
    assert names == [unit.name for unit in CAMPAIGN.registry.units]
    missing = next(
        row for row in sheet.iter_rows(min_row=HEADER + 1) if row[2].value == "Chưa báo cáo"
    )
    assert {cell.value for cell in missing[3:]} == {None}


def test_cells_have_native_types_and_marks_distinguish_no_from_unknown(
    book: openpyxl.Workbook,
) -> None:
    sheet = book[SHEETS[0]]
    fields = [None] * 4 + [f for f in CAMPAIGN.form.by_key["info"].fields if f.type != "unit"]
    types = {
        "count": {int, type(None)},
        "date": {dt.datetime, type(None)},
        "mark": {str, type(None)},
    }
    for row in sheet.iter_rows(min_row=HEADER + 1, max_row=HEADER + 35):
        for cell, field in zip(row[4:], fields[4:], strict=True):
            assert type(cell.value) in types.get(field.type, {str, type(None)})
            if field.type == "date" and cell.value:
                assert cell.number_format == "dd/mm/yyyy"
    marks = {
        cell.value
        for row in sheet.iter_rows(min_row=HEADER + 1)
        for cell, f in zip(row, fields, strict=True)
        if f is not None and f.type == "mark" and not isinstance(cell.value, (int, float))
    }
    assert {YES, NO, None} <= marks


def test_cached_total_equals_warehouse_value(book, cached, annex: Path) -> None:
    formulas, values = (
        row_named(book[SHEETS[0]], "Tổng cộng"),
        row_named(cached[SHEETS[0]], "Tổng cộng"),
    )
    at = {label: n for n, label in enumerate(labels(book[SHEETS[0]]))}
    for field in (f for f in CAMPAIGN.form.by_key["info"].fields if f.summed):
        (expected,) = query(annex, f"SELECT {field.key} FROM campaign_summary")
        assert formulas[at[field.label]].value.startswith("=SUM(")
        assert values[at[field.label]].value == expected


def test_cached_total_equals_recalculated_formula(book, cached) -> None:
    for name in SHEETS[:3]:
        for row in book[name].iter_rows(min_row=HEADER + 1):
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith(("=SUM(", "=COUNTIF(")):
                    assert cached[name][cell.coordinate].value == computed(
                        cached[name], cell.value
                    ), cell.coordinate


def computed(sheet: openpyxl.worksheet.worksheet.Worksheet, formula: str) -> float:
    function, _, inside = formula[1:-1].partition("(")
    if function == "COUNTIF":
        return sum(row[0].value == YES for row in sheet[inside.split(",")[0]])
    cells = (
        [row[0] for row in sheet[inside]]
        if ":" in inside
        else [sheet[ref] for ref in inside.split(",")]
    )
    return sum(cell.value or 0 for cell in cells)


def test_organisation_sums_add_up_to_campaign_sum(cached, annex: Path) -> None:
    sheet = cached[SHEETS[1]]
    at = labels(sheet).index(CAMPAIGN.form.field("orgs", "branches_held").label)
    (whole,) = query(annex, "SELECT org_branches_held FROM campaign_summary")
    assert row_named(sheet, "Tổng cộng")[at].value == whole
    for choice in CAMPAIGN.form.field("orgs", "organisation").choice:
        (expected,) = query(
            annex,
            f"SELECT sum(branches_held) FROM org_meeting WHERE organisation = '{choice.code}'",
        )
        assert row_named(sheet, choice.label)[at].value == expected


def test_chart_is_native_and_covers_communes_with_known_share(
    annex: Path,
) -> None:
    with zipfile.ZipFile(annex) as package:
        charts = [name for name in package.namelist() if name.startswith("xl/charts/chart")]
        chart = package.read(charts[0]).decode()
    (known,) = query(
        annex,
        "SELECT count(*) FROM unit_summary JOIN unit_status USING (unit_code) WHERE unit_type <> "
        "'district_org' AND village_heads_party IS NOT NULL AND villages_total > 0",
    )
    assert len(charts) == 1
    assert '<c:barDir val="bar"/>' in chart
    assert f"$B${HEADER + 1}:$B${HEADER + known}" in chart


def test_meeting_dated_after_receipt_is_listed(tmp_path: Path) -> None:
    build_warehouse(tmp_path / "warehouse.duckdb", CAMPAIGN)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute(
            "UPDATE submission SET received_at = TIMESTAMPTZ '2022-04-10 09:00:00+07' "
            "WHERE submission_id = 's0'"
        )
        (after,) = con.execute(
            "SELECT count(*) FROM cell_meeting WHERE submission_id = 's0' "
            "AND held_on > DATE '2022-04-10'"
        ).fetchone()
    sheet = openpyxl.load_workbook(written(tmp_path), data_only=True)[SHEETS[3]]
    said = [
        row[6] or ""
        for row in sheet.iter_rows(min_row=HEADER + 1, values_only=True)
        if row[2] == "Chi bộ"
    ]
    assert (
        sum("Ngày sinh hoạt sau ngày nhận báo cáo 10/04/2022" in text for text in said) == after > 0
    )


def test_flagged_meetings_are_not_held_or_out_of_window_or_incomplete(cached, annex: Path) -> None:
    rows = cached[SHEETS[3]].iter_rows(min_row=HEADER + 1, values_only=True)
    said = [row[6] or "" for row in rows if row[2] == "Chi bộ"]
    (wrong,) = query(
        annex,
        "SELECT count(*) FROM cell_meeting WHERE held_on IS NULL OR NOT in_window OR NOT content_1 "
        "OR NOT content_2 OR NOT content_3",
    )
    (outside,) = query(annex, "SELECT count(*) FROM cell_meeting WHERE NOT in_window")
    assert len(said) == wrong > 0
    assert sum("Ngoài thời gian quy định" in text for text in said) == outside > 0
    assert any(text == "Chưa tổ chức" for text in said)


def test_every_finding_is_listed_with_file_sheet_and_cell(cached, annex: Path) -> None:
    rows = [
        row
        for row in cached[SHEETS[4]].iter_rows(min_row=HEADER + 1, values_only=True)
        if isinstance(row[0], int)
    ]
    (all_findings,) = query(annex, "SELECT count(*) FROM finding")
    assert len(rows) == all_findings
    wrong = next(row for row in rows if row[5] == "Số không phải là số nguyên")
    assert (wrong[4], wrong[6], wrong[7], wrong[10]) == ("Lỗi", "Biểu 2", "F7", FORMULA)


def test_every_figure_lists_its_value_and_files(cached, annex: Path) -> None:
    rows = {
        row[1]: row for row in cached[SHEETS[5]].iter_rows(min_row=HEADER + 1, values_only=True)
    }
    figures = query(annex, "SELECT list(figure), list(value) FROM report_figure")
    for figure, value in zip(*figures, strict=True):
        assert rows[figure][3] == value
    assert rows["cells_total"][5] > 1
    assert "Bao cao" in rows["cells_total"][6]


@pytest.mark.parametrize(
    "text", ["=1+1", "+84", "-5", "@SUM(A1)", "\t=1", "\r=1", "http://x.example", FORMULA]
)
def test_unit_text_never_becomes_formula_or_link(tmp_path: Path, text: str) -> None:
    database = build_warehouse(tmp_path / "warehouse.duckdb", CAMPAIGN)
    with duckdb.connect(str(database)) as con:
        con.execute(
            "UPDATE finding SET value = $1, message = $1, row_name = $1, sheet = $1, cell = $1",
            [text],
        )
        con.execute("UPDATE submission SET file_name = $1", [text])
        con.execute("UPDATE unit_summary SET document_number = $1", [text])
    annex = written(tmp_path)
    book = openpyxl.load_workbook(annex)
    for name in (SHEETS[0], SHEETS[4]):
        values = {cell.value for row in book[name].iter_rows(min_row=HEADER + 1) for cell in row}
        # a workbook's way to write \r
        assert text in values or text.replace("\r", "_x000D_") in values
        assert not any(cell.hyperlink for row in book[name].iter_rows() for cell in row)
    assert {formula.partition("(")[0] for formula in formulas(annex)} == {"SUM", "COUNTIF"}


def formulas(annex: Path) -> list[str]:
    with zipfile.ZipFile(annex) as package:
        sheets = [
            package.read(name).decode() for name in package.namelist() if "worksheets/sheet" in name
        ]
    return [formula for sheet in sheets for formula in re.findall("<f>(.*?)</f>", sheet)]


def test_same_warehouse_and_moment_give_same_bytes(tmp_path: Path) -> None:
    first = written(tmp_path).read_bytes()
    assert written(tmp_path).read_bytes() == first


def test_annex_is_marked_draft_until_the_report_is_issued(tmp_path: Path) -> None:
    draft = openpyxl.load_workbook(written(tmp_path))[SHEETS[0]]["A3"].value
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as con:
        digest = numbers_digest(con)
    issued = IssuedReport(
        folder="", manifest_sha256="", numbers_digest=digest, number=76, dated=None, is_current=True
    )
    part = OfficersPart(issued=issued)
    campaign = CAMPAIGN.model_copy(update={"officers_part": part})
    final = openpyxl.load_workbook(written(tmp_path, campaign))[SHEETS[0]]["A3"].value
    assert draft == final.replace("(", "(Dự thảo. ", 1)


def test_no_totals_when_nothing_was_reported(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path, states=("missing",)), data_only=True)
    assert {cell.value for cell in row_named(book[SHEETS[0]], "Tổng cộng")[2:]} == {None}
    assert book[SHEETS[1]].cell(HEADER + 1, 1).value == "Không có."


def test_annex_follows_another_form_without_code_changes(
    tmp_path: Path,
) -> None:
    book = openpyxl.load_workbook(written(tmp_path, another_campaign()))
    assert "Số áp phích đã treo" in labels(book[SHEETS[0]])
    assert CAMPAIGN.form.field("info", "news_items").label not in labels(book[SHEETS[0]])
    assert CAMPAIGN.form.field("villages", "deputy_is_party").label not in labels(book[SHEETS[2]])


def test_third_annex_is_empty_when_village_heads_are_not_asked(
    tmp_path: Path,
) -> None:
    book = openpyxl.load_workbook(
        written(tmp_path, another_campaign(without=("info.village_heads_party",)))
    )
    assert book[SHEETS[2]].cell(HEADER + 1, 1).value == "Không có."
