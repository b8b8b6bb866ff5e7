"""so-lieu-lam-viec.xlsx: what the office works with, and what the official annexes do not hold."""

import datetime as dt
from pathlib import Path

import duckdb
import openpyxl
import pytest
from small_warehouse import FORMULA, build_warehouse

from sources.campaigns import load_campaign
from warehouse.reports.working_file import write_working_file

CAMPAIGN = load_campaign()
AS_OF = dt.datetime.fromisoformat("2022-04-19T20:00:00+07:00")
HEADER = 6  # row of the header in the sheet
FINDINGS, DECISIONS, SCANS, FIGURES = SHEETS = [
    "LV1 Sai sót, chênh lệch",
    "LV2 Quyết định",
    "LV3 Xác nhận bản quét",
    "LV4 Nguồn số liệu",
]


def written(folder: Path, *changes: tuple[str, list[object]]) -> openpyxl.Workbook:
    """The working file of a made-up warehouse, after these statements."""
    database = build_warehouse(folder / "warehouse.duckdb", CAMPAIGN)
    with duckdb.connect(str(database)) as con:
        for statement, values in changes:
            con.execute(statement, values)
    with duckdb.connect(str(database), read_only=True) as con:
        write_working_file(con, CAMPAIGN, AS_OF, folder / "so-lieu-lam-viec.xlsx")
    return openpyxl.load_workbook(folder / "so-lieu-lam-viec.xlsx", data_only=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("working")


@pytest.fixture(scope="module")
def book(folder: Path) -> openpyxl.Workbook:
    return written(folder)


def lines(book: openpyxl.Workbook, sheet: str) -> list[dict[str, object]]:
    """The numbered lines of a sheet, each value by the label of its column."""
    labels = [cell.value for cell in book[sheet][HEADER]]
    rows = book[sheet].iter_rows(min_row=HEADER + 1, values_only=True)
    return [dict(zip(labels, row, strict=False)) for row in rows if isinstance(row[0], int)]


def query(folder: Path, sql: str) -> tuple:
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchone()


def test_each_sheet_says_it_is_the_offices_own_as_of_the_moment(book) -> None:
    assert book.sheetnames == SHEETS
    for number, sheet in enumerate(book, 1):
        assert sheet["A1"].value == f"Biểu làm việc số {number}"
        assert "Tài liệu làm việc nội bộ của Ban Tuyên giáo" in sheet["A3"].value
        assert "20 giờ 00 phút ngày 19/4/2022" in sheet["A3"].value


def test_every_finding_is_listed_with_file_sheet_and_cell(book, folder: Path) -> None:
    rows = lines(book, FINDINGS)
    (all_findings,) = query(folder, "SELECT count(*) FROM finding")
    assert len(rows) == all_findings
    wrong = next(row for row in rows if row["Sai sót"] == "Số không phải là số nguyên")
    assert (wrong["Mức"], wrong["Trang, bảng"], wrong["Ô"]) == ("Lỗi", "Biểu 2", "F7")
    assert wrong["Giá trị"] == FORMULA


def test_every_figure_lists_description_first_and_its_files(book, folder: Path) -> None:
    rows = {row["Tên chỉ tiêu"]: row for row in lines(book, FIGURES)}
    assert [cell.value for cell in book[FIGURES][HEADER]][1] == "Nội dung"
    figures, values = query(folder, "SELECT list(figure), list(value) FROM report_figure")
    assert {name: row["Giá trị"] for name, row in rows.items()} == dict(
        zip(figures, values, strict=True)
    )
    assert rows["cells_total"]["Nội dung"] == "Chỉ tiêu cells_total"
    assert rows["cells_total"]["Số tệp"] > 1
    assert "Bao cao" in rows["cells_total"]["Lấy từ các tệp"]


def test_scans_list_waiting_values_first_with_their_place(tmp_path: Path) -> None:
    insert = (
        "INSERT INTO confirmation (submission_id, section, row_name, field, page, value, raw_text, "
        "confidence, state, decision_id, sheet, cell) "
        "VALUES ('s0', 'cells', 'Chi bộ A', 'members_total', 1, $1, $2, 55, $3, $4, 'Bảng 1', 'C7')"
    )
    book = written(
        tmp_path, (insert, ["20", "2O", "corrected", 3]), (insert, ["18", FORMULA, "waiting", None])
    )
    first, second = lines(book, SCANS)
    assert (first["Tình trạng"], first["Đọc được"]) == ("Chờ xác nhận", FORMULA)
    assert (second["Tình trạng"], second["Quyết định số"]) == ("Đã sửa", 3)
    assert (second["Bảng, đoạn"], second["Trang"], second["Giá trị"]) == ("Bảng 1!C7", 1, "20")
    assert second["Mục"] == CAMPAIGN.form.field("cells", "members_total").label


@pytest.mark.parametrize(
    "text", ["=1+1", "+84", "-5", "@SUM(A1)", "\t=1", "\r=1", "http://x.example", FORMULA]
)
def test_unit_text_never_becomes_formula_or_link(tmp_path: Path, text: str) -> None:
    book = written(
        tmp_path,
        (
            "UPDATE finding SET value = $1, message = $1, row_name = $1, sheet = $1, cell = $1",
            [text],
        ),
        ("UPDATE submission SET file_name = $1", [text]),
    )
    cells = [cell for row in book[FINDINGS].iter_rows(min_row=HEADER + 1) for cell in row]
    # a workbook's way to write \r
    assert {text, text.replace("\r", "_x000D_")} & {cell.value for cell in cells}
    assert not any(cell.hyperlink or cell.data_type == "f" for cell in cells)


def test_same_warehouse_and_moment_give_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        written(tmp_path / name)
    first, second = (tmp_path / name / "so-lieu-lam-viec.xlsx" for name in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()
