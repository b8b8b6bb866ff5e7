"""The blank form: its protection and layout, and that a filled form is read back."""

import hashlib
import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

from sources.blank_form import FormValues, fill_form, write_form
from sources.blank_form.formulas import from_rows_formula
from sources.blank_form.values import asked_sections
from sources.campaigns import DEFAULT_CAMPAIGN, load_campaign
from sources.extraction import extract
from sources.readers import read
from sources.samples.reports import make_reports

CAMPAIGN = load_campaign()
COMMUNE = CAMPAIGN.registry.communes[1]
ORGANISATION = CAMPAIGN.registry.organisations[1]
UNITS = [COMMUNE, *CAMPAIGN.registry.organisations[:2]]


def blank(tmp_path, unit=COMMUNE, campaign=CAMPAIGN):
    path = tmp_path / f"{unit.code}.xlsx"
    write_form(unit, campaign, path)
    return path


def canonical(value):
    if value is None or isinstance(value, str):
        return value
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def values_of(values):
    """Every value of a report but blank ones and unmarked marks, by section, row and field."""
    pairs = {(s, 0, k): v for s, fields in values.pairs.items() for k, v in fields.items()}
    rows = {
        (s, n, k): v
        for s, rows in values.rows.items()
        for n, row in enumerate(rows, 1)
        for k, v in row.items()
    }
    return {
        place: canonical(v)
        for place, v in (pairs | rows).items()
        if v is not None and v is not False
    }


def facts_of(path, campaign=CAMPAIGN):
    """Every value read but blank ones and unmarked marks, with the findings of reading."""
    read_out = extract(read(path.read_bytes(), campaign.limits), campaign)
    facts = {(f.section, f.row, f.field): f.value for f in read_out.facts}
    return {place: v for place, v in facts.items() if v not in (None, "false")}, read_out.findings


def test_commune_gets_all_sections_and_organisation_only_its_own(tmp_path):
    assert openpyxl.load_workbook(blank(tmp_path)).sheetnames == [
        "Thông tin chung",
        "Chi bộ",
        "MTTQ, đoàn thể",
        "Trưởng thôn",
        "Hướng dẫn",
    ]
    assert openpyxl.load_workbook(blank(tmp_path, ORGANISATION)).sheetnames == [
        "Thông tin chung",
        "MTTQ, đoàn thể",
        "Hướng dẫn",
    ]


def test_unit_and_its_expected_lines_are_prefilled(tmp_path):
    commune, organisation = (
        openpyxl.load_workbook(blank(tmp_path, u)) for u in (COMMUNE, ORGANISATION)
    )
    assert commune["Thông tin chung"]["C6"].value == COMMUNE.name
    lines = [[c.value for c in row[1:3]] for row in organisation["MTTQ, đoàn thể"].iter_rows(5, 33)]
    assert lines == [["Hội Nông dân", u.name] for u in CAMPAIGN.registry.communes]
    assert {row[2].value for row in commune["MTTQ, đoàn thể"].iter_rows(5, 10)} == {COMMUNE.name}


def test_only_input_cells_are_unlocked_without_password(tmp_path):
    book = openpyxl.load_workbook(blank(tmp_path))
    for sheet in book.worksheets:
        assert sheet.protection.sheet and not sheet.protection.password
    cells = book["Chi bộ"]
    assert not cells["B5"].protection.locked and not cells["M44"].protection.locked
    assert all(c.protection.locked for c in (cells["A5"], cells["B4"], cells["B45"], cells["F45"]))
    assert book["Thông tin chung"]["C6"].protection.locked


def test_every_typed_cell_has_validation_with_vietnamese_message(tmp_path):
    book = openpyxl.load_workbook(blank(tmp_path))
    for section in asked_sections(COMMUNE, CAMPAIGN):
        if section.layout != "table":
            continue
        rules = {str(v.sqref): v for v in book[section.title].data_validations.dataValidation}
        typed = [f for f in section.fields if f.type in ("count", "date", "mark", "choice")]
        assert len(rules) >= len(typed), section.key
        for rule in rules.values():
            assert rule.prompt and rule.error and rule.errorTitle == "Chưa đúng"


@pytest.mark.parametrize(
    ("column", "kind", "formula"),
    [
        (
            "C",
            "list",
            '"Thôn / tổ dân phố,Trường học,Y tế,Quân sự,Công an,Cơ quan,Doanh nghiệp / hợp tác xã"',
        ),
        ("D", "date", None),
        ("E", "list", '"Riêng,Lồng ghép"'),
        ("F", "whole", "0"),
        ("G", "custom", 'AND(ISNUMBER(G5),G5>=0,G5=INT(G5),OR(F5="",G5<=F5))'),
        ("H", "list", '"x"'),
    ],
)
def test_column_validation_follows_field_type(tmp_path, column, kind, formula):
    rules = openpyxl.load_workbook(blank(tmp_path))["Chi bộ"].data_validations.dataValidation
    rule = next(r for r in rules if str(r.sqref).startswith(f"{column}5:"))
    assert rule.type == kind and (formula is None or rule.formula1 == formula)


def test_form_prints_on_a4_with_repeated_header(tmp_path):
    for sheet in openpyxl.load_workbook(blank(tmp_path)).worksheets:
        assert int(sheet.page_setup.paperSize) == 9 and sheet.page_setup.fitToHeight == 0
    cells = openpyxl.load_workbook(blank(tmp_path))["Chi bộ"]
    assert cells.freeze_panes == "C5" and cells.print_title_rows == "$4:$4"
    assert cells["B5"].font.name == "Times New Roman"


def test_totals_are_formulas_with_cached_result(tmp_path):
    path = tmp_path / "filled.xlsx"
    (values,) = make_reports([COMMUNE], CAMPAIGN, 5)
    fill_form(values, COMMUNE, CAMPAIGN, path)
    last = len(values.rows["villages"])
    formulas = openpyxl.load_workbook(path)["Trưởng thôn"]
    results = openpyxl.load_workbook(path, data_only=True)["Trưởng thôn"]
    totals = next(
        r for r in range(last, formulas.max_row + 1) if formulas.cell(r, 2).value == "Tổng cộng"
    )
    assert formulas.cell(totals, 6).value == f"=SUM(F5:F{totals - 1})"
    assert results.cell(totals, 6).value == sum(v["party_members"] for v in values.rows["villages"])


def test_same_unit_and_campaign_give_same_bytes(tmp_path):
    assert blank(tmp_path).read_bytes() == blank(tmp_path).read_bytes()


def test_blank_form_is_read_as_empty_report_of_its_unit(tmp_path):
    for unit in UNITS:
        facts, findings = facts_of(blank(tmp_path, unit))
        assert facts == {("info", 0, "unit"): unit.code} and not findings


@pytest.mark.parametrize("unit", UNITS, ids=lambda u: u.code)
@pytest.mark.parametrize("seed", [1, 2])
def test_filled_form_is_read_back_without_findings(tmp_path, unit, seed):
    (values,) = make_reports([unit], CAMPAIGN, seed)
    fill_form(values, unit, CAMPAIGN, tmp_path / "filled.xlsx")
    facts, findings = facts_of(tmp_path / "filled.xlsx")
    assert facts == values_of(values) and not findings
    assert len(facts) > 100


@pytest.mark.parametrize("seed", range(5))
def test_a_unit_link_printed_in_a_filled_form_adds_nothing_that_is_read(tmp_path, seed):
    (values,) = make_reports([COMMUNE], CAMPAIGN, seed)
    token = hashlib.sha256(bytes([seed])).hexdigest()[:43]  # digits among letters, as in a real one
    link = f"https://bao-cao.example/dv/{token}"
    fill_form(values, COMMUNE, CAMPAIGN, tmp_path / "filled.xlsx", link)
    facts, findings = facts_of(tmp_path / "filled.xlsx")
    assert facts == values_of(values) and not findings
    assert len(openpyxl.load_workbook(tmp_path / "filled.xlsx").worksheets[-1]._images) == 1
    with zipfile.ZipFile(tmp_path / "filled.xlsx") as parts:
        relations = [name for name in parts.namelist() if "drawings/_rels" in name]
        assert link in b"".join(map(parts.read, relations)).decode()  # a click on it opens the link


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    values = FormValues(
        {"text": {"advantages": '=HYPERLINK("http://x","y")'}}, {"villages": [{"name": "+Thôn @A"}]}
    )
    fill_form(values, COMMUNE, CAMPAIGN, tmp_path / "filled.xlsx")
    book = openpyxl.load_workbook(tmp_path / "filled.xlsx")
    cells = [
        c for s in book.worksheets for row in s.iter_rows() for c in row if isinstance(c.value, str)
    ]
    assert {c.data_type for c in cells if c.value[:2] in ("=H", "+T")} == {"s"}


def test_table_longer_than_the_form_is_written_in_full(tmp_path):
    rows = [{"name": f"Thôn {n}", "head_is_party": True, "party_members": n} for n in range(1, 91)]
    fill_form(FormValues({}, {"villages": rows}), COMMUNE, CAMPAIGN, tmp_path / "filled.xlsx")
    facts, findings = facts_of(tmp_path / "filled.xlsx")
    assert sum(place[2] == "name" for place in facts) == 90 and not findings


@pytest.mark.parametrize(
    ("sql", "formula"),
    [
        ("count(*)", 'COUNTIFS(B5:B44,"<>")'),
        ("count(held_on)", 'COUNTIFS(D5:D44,"<>")'),
        ("sum(members_total)", "SUM(F5:F44)"),
        (
            "count(*) FILTER (WHERE held_on IS NOT NULL AND mode = 'combined')",
            'COUNTIFS(B5:B44,"<>",D5:D44,"<>",E5:E44,"Lồng ghép")',
        ),
        ("count(*) FILTER (WHERE committee_attended)", 'COUNTIFS(B5:B44,"<>",H5:H44,"x")'),
        ("avg(members_total)", None),
        ("count(*) FILTER (WHERE members_total > 3)", None),
    ],
)
def test_totals_from_rows_are_formulas_where_excel_can_express_them(sql, formula):
    section = CAMPAIGN.form.by_key["cells"]
    ranges = {
        f.key: f"{letter}5:{letter}44"
        for f, letter in zip(section.fields, "BCDEFGHIJKLM", strict=True)
    }
    assert from_rows_formula(sql, section, ranges) == formula


def test_form_follows_another_campaign_without_code_changes(tmp_path):
    campaign = load_campaign(other_campaign(tmp_path / "campaign"))
    (values,) = make_reports([campaign.registry.communes[0]], campaign, 1)
    fill_form(values, campaign.registry.communes[0], campaign, tmp_path / "filled.xlsx")
    facts, findings = facts_of(tmp_path / "filled.xlsx", campaign)
    assert facts == values_of(values) and not findings
    assert ("info", 0, "leaflets") in facts and not any(k == "deputy_is_party" for *_, k in facts)


def other_campaign(folder: Path) -> Path:
    """A campaign with `leaflets` added to info, and without `deputy_is_party`; other year and
    windows."""
    shutil.copytree(DEFAULT_CAMPAIGN, folder)
    form = (folder / "form.toml").read_text(encoding="utf-8")
    fields = re.split(r"(?=^\s*\[\[section)", form, flags=re.MULTILINE)
    fields = [f for f in fields if 'key = "deputy_is_party"' not in f]
    news = next(i for i, f in enumerate(fields) if 'key = "news_items"' in f)
    fields.insert(
        news,
        '  [[section.field]]\n  key = "leaflets"\n  label = "Số tờ rơi đã phát"\n  type = "count"\n'
        '  clause = "III.2"\n  description = "Leaflets handed out"\n\n',
    )
    (folder / "form.toml").write_text("".join(fields), encoding="utf-8")
    about = (folder / "campaign.toml").read_text(encoding="utf-8")
    (folder / "campaign.toml").write_text(about.replace("2022", "2024"), encoding="utf-8")
    return folder
