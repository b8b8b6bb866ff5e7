"""phu-luc.xlsx: the content of its sheets, and what never appears in it."""

import datetime as dt
import re
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest
from small_warehouse import FORMULA, another_campaign, build_warehouse, change_heads

from sources.campaigns import Campaign, IssuedReport, OfficersPart, load_campaign
from warehouse.numbers_vi import percent
from warehouse.printed_numbers import numbers_digest
from warehouse.reports.annex import write_annex
from warehouse.reports.annex_sheet import NO, YES

CAMPAIGN = load_campaign()
AS_OF = dt.datetime.fromisoformat("2022-04-19T20:00:00+07:00")
HEADER = 6  # row of the header in the sheet
SHEETS = [
    "PL1a Đơn vị",
    "PL1b Đơn vị",
    "PL1c Đơn vị",
    "PL2a MTTQ, đoàn thể",
    "PL2b MTTQ, đoàn thể",
    "PL3 Trưởng thôn",
    "PL4 Buổi cần lưu ý",
    "PL5 Ý kiến",
]
UNITS, ORGANISATIONS = SHEETS[:3], SHEETS[3:5]
HEADS, FLAGGED, OPINIONS = SHEETS[5:]


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


def cell_of(book: openpyxl.Workbook, sheets: list[str], name: str, label: str) -> object:
    """The cell of the row of that name below that label, on whichever of the sheets has it."""
    (found,) = (
        row_named(book[sheet], name)[labels(book[sheet]).index(label)]
        for sheet in sheets
        if label in labels(book[sheet])
    )
    return found


def query(annex: Path, sql: str) -> tuple:
    with duckdb.connect(str(annex.parent / "warehouse.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchone()


def test_each_annex_has_titled_sheets_of_its_day(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == SHEETS
    for name, sheet in zip(SHEETS, book, strict=True):
        assert sheet["A1"].value == f"Phụ lục số {name.split()[0].removeprefix('PL')}"
        assert sheet["A2"].value.isupper()
        assert sheet["A3"].value.endswith("số liệu tính đến ngày 19/4/2022)")


def test_official_annexes_hold_no_file_rule_or_program_word(
    book: openpyxl.Workbook, annex: Path
) -> None:
    (files,) = query(annex, "SELECT list(file_name) FROM submission")
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    texts = {text for text in cells if isinstance(text, str)}
    for text in texts:
        assert not any(file in text for file in files)
        assert not re.search(r"tonghop|xlsx|DuckDB|kho số liệu|\b\d+ giờ|\d:\d\d|units\.csv", text)
        assert not re.search(r"\b[a-z]+_[a-z_]+\b", text), "a name of a program"


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


def test_no_letter_is_printed_below_9_points(book: openpyxl.Workbook, annex: Path) -> None:
    for number, sheet in enumerate(book, 1):
        margins = sheet.page_margins
        page = (11.69 - margins.left - margins.right) * 96  # pixels, of A4 landscape
        *_, last, _ = openpyxl.utils.range_boundaries(sheet.print_area.split("!")[-1])
        width = sum(widths(annex, number)[:last])
        smallest = min(cell.font.size for row in sheet.iter_rows() for cell in row if cell.value)
        assert last > 3 and smallest * min(1, int(100 * page / width) / 100) >= 9, sheet.title


def widths(annex: Path, number: int) -> list[int]:
    """The columns' widths in pixels: a workbook has them in digits of its font, 7 pixels each."""
    with zipfile.ZipFile(annex) as package:
        sheet = package.read(f"xl/worksheets/sheet{number}.xml").decode()
    spans = re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', sheet)
    return [
        round(float(width) * 7)
        for first, last, width in spans
        for _ in range(int(first), int(last) + 1)
    ]


def test_each_registered_unit_has_a_line_with_unknowns_blank(
    book: openpyxl.Workbook,
) -> None:
    for name in UNITS:
        rows = list(book[name].iter_rows(min_row=HEADER + 1, values_only=True))
        names = [row[1] for row in rows if isinstance(row[0], int)]
        assert names == [unit.name for unit in CAMPAIGN.registry.units]
    missing = next(
        row for row in book[UNITS[0]].iter_rows(min_row=HEADER + 1) if row[2].value == "Chưa gửi"
    )
    assert {cell.value for cell in missing[3:]} == {None}


def test_cells_have_native_types_and_marks_distinguish_no_from_unknown(
    book: openpyxl.Workbook,
) -> None:
    types = {
        "count": {int, type(None)},
        "date": {dt.datetime, type(None)},
        "mark": {str, type(None)},
    }
    marks = set()
    for field in (f for f in CAMPAIGN.form.by_key["info"].fields if f.type != "unit"):
        for unit in CAMPAIGN.registry.units:
            cell = cell_of(book, UNITS, unit.name, field.label)
            assert type(cell.value) in types.get(field.type, {str, type(None)})
            if field.type == "date" and cell.value:
                assert cell.number_format == r"dd\/mm\/yyyy"
            if field.type == "mark":
                marks.add(cell.value)
    assert marks == {YES, NO, None}


def test_counts_have_dots_and_shares_are_texts_in_any_locale(book, annex: Path) -> None:
    count = cell_of(book, UNITS, "Tổng cộng", CAMPAIGN.form.field("info", "members_total").label)
    assert count.number_format == r"[>=1000000]0\.000\.000;[>=1000]0\.000;0"
    name, heads, villages = query(
        annex,
        "SELECT unit_name, village_heads_party, villages_total FROM unit_summary "
        "JOIN unit_status USING (unit_code) WHERE village_heads_party < villages_total LIMIT 1",
    )
    share = cell_of(book, [HEADS], name, "Tỷ lệ")
    assert (share.value, share.alignment.horizontal) == (percent(heads / villages), "right")
    with zipfile.ZipFile(annex) as package:
        ignored = package.read(f"xl/worksheets/sheet{SHEETS.index(HEADS) + 1}.xml").decode()
    assert '<ignoredError sqref="A1:' in ignored and 'numberStoredAsText="1"' in ignored


def test_cached_total_equals_warehouse_value(book, cached, annex: Path) -> None:
    for field in (f for f in CAMPAIGN.form.by_key["info"].fields if f.summed):
        (summed,) = query(annex, f"SELECT {field.key} FROM campaign_summary")
        assert cell_of(book, UNITS, "Tổng cộng", field.label).value.startswith("=SUM(")
        assert cell_of(cached, UNITS, "Tổng cộng", field.label).value == summed


def test_total_of_material_counts_communes_only(cached, annex: Path) -> None:
    for field in (f for f in CAMPAIGN.form.by_key["info"].fields if f.expected == "commune"):
        of_communes, of_all = query(
            annex,
            f"SELECT count_if({field.key} AND unit_type <> 'district_org'), count_if({field.key}) "
            "FROM unit_summary JOIN unit_status USING (unit_code)",
        )
        assert cell_of(cached, UNITS, "Tổng cộng", field.label).value == of_communes < of_all
        assert cell_of(cached, UNITS, "MTTQ, tổ chức cấp huyện", field.label).value is None


def test_cached_total_equals_recalculated_formula(book, cached) -> None:
    for name in (*UNITS, *ORGANISATIONS, HEADS):
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
    label = CAMPAIGN.form.field("orgs", "branches_held").label
    (whole,) = query(annex, "SELECT org_branches_held FROM campaign_summary")
    assert cell_of(cached, ORGANISATIONS, "Tổng cộng", label).value == whole
    for choice in CAMPAIGN.form.field("orgs", "organisation").choice:
        (summed,) = query(
            annex,
            f"SELECT sum(branches_held) FROM org_meeting WHERE organisation = '{choice.code}'",
        )
        assert cell_of(cached, ORGANISATIONS, choice.label, label).value == summed


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


def test_chart_reads_numbers_outside_printed_area(book, annex: Path) -> None:
    with zipfile.ZipFile(annex) as package:
        chart = package.read("xl/charts/chart1.xml").decode()
    column, first, last = re.search(r"<c:val>.*?\$([A-Z]+)\$(\d+):\$\1\$(\d+)", chart).groups()
    sheet = book[HEADS]
    printed = openpyxl.utils.range_boundaries(sheet.print_area.split("!")[-1])
    assert openpyxl.utils.column_index_from_string(column) > printed[2]
    table = labels(sheet).index("Tỷ lệ") + 1
    for row in range(int(first), int(last) + 1):
        assert percent(sheet[f"{column}{row}"].value) == sheet.cell(row, table).value


def test_four_ways_of_heads_add_up_to_compared_villages(cached, annex: Path) -> None:
    both = "head_is_party IS NOT NULL AND candidate_is_party IS NOT NULL"
    rows, now, planned = query(
        annex,
        f"SELECT count(*), count_if(head_is_party), count_if(candidate_is_party) FROM village WHERE {both}",
    )
    compared, stays, gains, loses, none, *shares = (
        cell_of(cached, [HEADS], "Tổng cộng", label).value
        for label in (
            "Số thôn so sánh được",
            "Nay và dự kiến đều là đảng viên",
            "Nay không, dự kiến là đảng viên",
            "Nay là đảng viên, dự kiến không",
            "Nay và dự kiến đều không là đảng viên",
            "Tỷ lệ nay",
            "Tỷ lệ dự kiến",
        )
    )
    assert stays + gains + loses + none == compared == rows
    assert (stays + loses, stays + gains) == (now, planned)
    assert shares == [percent(now / rows), percent(planned / rows)]


def test_change_in_points_has_its_sign(tmp_path: Path) -> None:
    build_warehouse(tmp_path / "warehouse.duckdb", CAMPAIGN)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute("UPDATE village SET head_is_party = false, candidate_is_party = true")
        change_heads(con)
    book = openpyxl.load_workbook(written(tmp_path), data_only=True)
    assert cell_of(book, [HEADS], "Tổng cộng", "Tăng, giảm (điểm %)").value == "+100,0"


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
    sheet = openpyxl.load_workbook(written(tmp_path), data_only=True)[FLAGGED]
    said = [
        row[6] or ""
        for row in sheet.iter_rows(min_row=HEADER + 1, values_only=True)
        if row[2] == "Chi bộ"
    ]
    assert (
        sum("Ngày sinh hoạt sau ngày nhận báo cáo 10/04/2022" in text for text in said) == after > 0
    )


def test_flagged_meetings_are_not_held_or_out_of_window_or_incomplete(cached, annex: Path) -> None:
    rows = cached[FLAGGED].iter_rows(min_row=HEADER + 1, values_only=True)
    said = [row[6] or "" for row in rows if row[2] == "Chi bộ"]
    (wrong,) = query(
        annex,
        "SELECT count(*) FROM cell_meeting WHERE held_on IS NULL OR NOT in_window OR NOT content_1 "
        "OR NOT content_2 OR NOT content_3 OR NOT committee_attended",
    )
    (outside,) = query(annex, "SELECT count(*) FROM cell_meeting WHERE NOT in_window")
    assert len(said) == wrong > 0
    assert sum("Ngoài thời gian quy định" in text for text in said) == outside > 0
    assert any(text == "Chưa tổ chức" for text in said)
    (alone,) = query(
        annex,
        "SELECT count(*) FROM cell_meeting WHERE held_on IS NOT NULL AND NOT committee_attended",
    )
    assert sum("Không có cấp ủy viên dự" in text for text in said) == alone > 0


OPINION = "Đề nghị bố trí kinh phí. " * 200


def test_same_words_stand_once_in_full_with_their_units(tmp_path: Path) -> None:
    build_warehouse(tmp_path / "warehouse.duckdb", CAMPAIGN)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        codes = [
            code
            for (code,) in con.execute("SELECT unit_code FROM unit_summary ORDER BY 1").fetchall()
        ]
        con.execute("UPDATE unit_summary SET proposals = 'Không có.'")
        con.execute(
            "UPDATE unit_summary SET proposals = $text WHERE unit_code IN $codes",
            {"text": OPINION, "codes": codes[:2]},
        )
        con.execute(
            "UPDATE unit_summary SET proposals = $text WHERE unit_code = $code",
            {"text": "Kiến nghị khác", "code": codes[2]},
        )
        names = [
            con.execute(
                "SELECT unit_name FROM unit_status WHERE unit_code = $1", [code]
            ).fetchone()[0]
            for code in codes[:3]
        ]
    sheet = openpyxl.load_workbook(written(tmp_path), data_only=True)[OPINIONS]
    rows = [row[:4] for row in sheet.iter_rows(min_row=HEADER + 1, values_only=True)]
    heading = next(n for n, row in enumerate(rows) if row[1] == "Đề xuất, kiến nghị")
    below = [row[1:] for row in rows[heading + 1 :] if isinstance(row[0], int)]
    assert rows[heading][2] == 3
    assert below[0][1:] == (2, ", ".join(names[:2]))
    assert below[-1] == ("Kiến nghị khác", 1, names[2])
    assert " ".join(text for text, *_ in below[:-1]) == OPINION.strip(), "whole, over several lines"
    assert {row[1:] for row in below[1:-1]} == {(None, None)}


@pytest.mark.parametrize(
    "text", ["=1+1", "+84", "-5", "@SUM(A1)", "\t=1", "\r=1", "http://x.example", FORMULA]
)
def test_unit_text_never_becomes_formula_or_link(tmp_path: Path, text: str) -> None:
    database = build_warehouse(tmp_path / "warehouse.duckdb", CAMPAIGN)
    with duckdb.connect(str(database)) as con:
        con.execute("UPDATE unit_summary SET document_number = $1, proposals = $1", [text])
    annex = written(tmp_path)
    book = openpyxl.load_workbook(annex)
    for name in (UNITS[0], OPINIONS):
        values = {cell.value for row in book[name].iter_rows(min_row=HEADER + 1) for cell in row}
        # a workbook's way to write \r; in annex 5 white space is a single space
        assert values & {text, text.replace("\r", "_x000D_"), text.strip()}
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
    for name in UNITS:
        assert {cell.value for cell in row_named(book[name], "Tổng cộng")[2:]} == {None}
    for name in (*ORGANISATIONS, FLAGGED, OPINIONS):
        assert book[name].cell(HEADER + 1, 1).value == "Không có."


def test_annex_follows_another_form_without_code_changes(
    tmp_path: Path,
) -> None:
    book = openpyxl.load_workbook(written(tmp_path, another_campaign()))
    of_units = [label for name in UNITS for label in labels(book[name])]
    assert "Số áp phích đã treo" in of_units
    assert CAMPAIGN.form.field("info", "news_items").label not in of_units
    assert CAMPAIGN.form.field("villages", "deputy_is_party").label not in labels(book[HEADS])


def test_third_annex_is_empty_when_village_heads_are_not_asked(
    tmp_path: Path,
) -> None:
    book = openpyxl.load_workbook(
        written(tmp_path, another_campaign(without=("info.village_heads_party",)))
    )
    assert book[HEADS].cell(HEADER + 1, 1).value == "Không có."


def test_organisation_that_a_commune_does_not_have_is_no_meeting_to_note(tmp_path: Path) -> None:
    build_warehouse(tmp_path / "warehouse.duckdb", CAMPAIGN)
    before = flagged_as_not_held(tmp_path)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        # one line is of a commune without that organisation, the other of one that held no meeting
        lines = con.execute(
            "SELECT rowid FROM org_meeting WHERE branches_held > 0 LIMIT 2"
        ).fetchall()
        for total, (line,) in zip((0, 3), lines, strict=True):
            con.execute(
                "UPDATE org_meeting SET branches_held = 0, branches_total = $total, first_on = NULL, "
                "last_on = NULL, in_window = NULL WHERE rowid = $line",
                {"total": total, "line": line},
            )
    assert flagged_as_not_held(tmp_path) == before + 1


def flagged_as_not_held(folder: Path) -> int:
    sheet = openpyxl.load_workbook(written(folder), data_only=True)[FLAGGED]
    rows = sheet.iter_rows(min_row=HEADER + 1, values_only=True)
    return [row[6] for row in rows if row[2] != "Chi bộ"].count("Chưa tổ chức")
