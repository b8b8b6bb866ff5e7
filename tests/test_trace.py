"""Every number is traced: each figure and annex cell can be computed again from raw texts of landed
files."""

import csv
import datetime as dt
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import duckdb
import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn
from messy_inbox import write_messy_inbox
from originals import heading_above, stands_at
from recomputed import (
    FIGURES,
    OF_ROWS,
    Raw,
    RawValues,
    UnitState,
    as_printed,
    average,
    figure,
    share,
)
from recomputed_annexes import again, value_of

from flows import stages
from flows.night import parse_night
from sources.campaigns import DEFAULT_CAMPAIGN, load_campaign
from warehouse.ask import open_warehouse
from warehouse.figures import figure_values
from warehouse.reports.annex_why import (
    SHEETS,
    SheetName,
    make_parts,
    origin_of,
    shown_value,
    values_of,
    why_value,
)
from warehouse.reports.document_check import QUOTE_STYLE, all_paragraphs
from warehouse.why import Explanation, Place, why

pytestmark = pytest.mark.long
AS_OF = "2022-04-19T20:00:00+07:00"
ANNEXES = [
    SheetName(series, number)
    for series, there in SHEETS.items()
    for number in range(1, len(there) + 1)
]
COUNTED = ("unit_status", "submission", "finding")  # lists that no file holds


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after a night over a messy inbox: the stages of the night without the engine."""
    folder = tmp_path_factory.mktemp("trace")
    write_messy_inbox(folder / "inbox", load_campaign())
    now = dt.datetime.fromisoformat(AS_OF)
    night = parse_night(str(folder / "inbox"), str(folder / "home"), AS_OF, None, "run", now)
    stages.open_work(night)
    stages.collect(night)
    for number, chunk in enumerate(stages.list_unread(night), 1):
        stages.read(night, number, chunk, len(chunk))
    stages.validate(night)
    stages.build(night)
    stages.write_document(night, "report")
    stages.write_document(night, "annex")
    stages.write_document(night, "working-file")
    stages.publish(night)
    return night.home.folder


@pytest.fixture(scope="module")
def con(home: Path) -> duckdb.DuckDBPyConnection:
    with open_warehouse(home / "warehouse.duckdb") as opened:
        yield opened


@pytest.fixture(scope="module")
def originals(home: Path) -> dict[str, Path]:
    """The landed bytes by the file name of their arrival, of which each is there once."""
    arrivals = [
        json.loads(line) for line in (home / "landed" / "arrivals.jsonl").read_text().splitlines()
    ]
    assert len({a["file_name"] for a in arrivals}) == len(arrivals)
    return {
        a["file_name"]: home / "landed" / "originals" / a["sha256"][:2] / a["sha256"]
        for a in arrivals
    }


@pytest.fixture(scope="module")
def lists(con: duckdb.DuckDBPyConnection) -> RawValues:
    """What no file holds: units with the states that follow from their submissions, files,
    findings."""
    arrivals = defaultdict(list)
    scans = set()  # units with a scan that waits for an officer
    for unit, status, at, is_scan in con.execute(
        "SELECT unit_code, status, received_at, submission_id IN (SELECT submission_id FROM finding "
        "WHERE rule = 'scan_unconfirmed') FROM submission"
    ).fetchall():
        if status != "held":
            arrivals[unit].append((status, at))
        elif is_scan:
            scans.add(unit)
    units = {}
    with (DEFAULT_CAMPAIGN / "units.csv").open(encoding="utf-8-sig", newline="") as file:
        for unit in csv.DictReader(file):
            accepted = [at for status, at in arrivals[unit["code"]] if status == "accepted"]
            state = "accepted" if accepted else "returned" if arrivals[unit["code"]] else "missing"
            units[unit["code"]] = UnitState(
                unit["name"],
                unit["kind"] or None,
                state,
                min(accepted, default=None),
                unit["code"] in scans,
            )
    return RawValues(
        units,
        records(con, "SELECT submission_id, set_aside FROM submission"),
        records(con, "SELECT finding.*, status FROM finding JOIN submission USING (submission_id)"),
    )


def records(con: duckdb.DuckDBPyConnection, query: str) -> list[dict]:
    found = con.execute(query)
    names = [d[0] for d in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture(scope="module")
def raw_values(
    con: duckdb.DuckDBPyConnection, lists: RawValues, originals: dict[str, Path]
) -> RawValues:
    """The values of all raw texts of the night."""
    rows = con.execute(
        "SELECT table_name, unit_code, row_name, field, file_name, sheet, cell, raw_text "
        "FROM lineage JOIN submission USING (submission_id, unit_code)"
    ).fetchall()
    return RawValues(lists.units, lists.files, lists.findings).add(
        Raw(table, unit, row, field, raw, heading(originals, field, file, sheet, cell, raw))
        for table, unit, row, field, file, sheet, cell, raw in rows
    )


def heading(originals, field, file, sheet, cell, raw) -> str:
    return (
        heading_above(originals[file], sheet, cell)
        if field == "mode" and raw and len(raw) < 3
        else ""
    )


def raws(answer: Explanation, originals: dict[str, Path]) -> list[Raw]:
    """The raw texts that an answer leads to."""
    return [
        Raw(
            OF_ROWS[part.field][0] if part.computed else answer.table,
            part.unit_code,
            place.row_name,
            place.field,
            place.raw_text,
            heading(originals, place.field, *place[2:6]),
        )
        for part in answer.parts
        for place in part.places
        if place.cell and answer.table not in COUNTED
    ]


def misplaced(
    answer: Explanation, originals: dict[str, Path], seen: dict[Place, bool]
) -> list[Place]:
    """The places of an answer at which the raw text does not stand in the file."""
    wrong = []
    for place in {place for part in answer.parts for place in part.places if place.cell}:
        if place not in seen:
            seen[place] = stands_at(
                originals[place.file_name], place.sheet, place.cell, place.raw_text
            )
        wrong += [] if seen[place] else [place]
    return wrong


def close(one: float | None, other: float | None) -> bool:
    return one == other or (None not in (one, other) and abs(one - other) < 1e-9)


def test_prepared_night_has_every_kind_of_trouble(con):
    """What the tests below are to be trusted with: every state, both sources, unknown values, later
    files."""
    states = dict(con.execute("SELECT status, count(*) FROM submission GROUP BY status").fetchall())
    rules = dict(con.execute("SELECT rule, count(*) FROM finding GROUP BY rule").fetchall())
    assert set(states) == {"accepted", "returned", "rejected", "duplicate"}
    assert {
        "sources_differ",
        "totals_differ",
        "outside_window",
        "content_not_covered",
        "not_a_choice",
    } <= set(rules)
    assert (
        con.execute(
            "SELECT count(*) FROM org_meeting JOIN unit_status USING (unit_code) "
            "WHERE unit_type <> 'district_org'"
        ).fetchone()[0]
        > 0
    )
    assert (
        con.execute(
            "SELECT count(*) FROM (SELECT unit_code FROM lineage GROUP BY unit_code "
            "HAVING count(DISTINCT submission_id) > 1)"
        ).fetchone()[0]
        > 0
    )
    assert (
        con.execute(
            "SELECT count(*) FROM cell_meeting JOIN village USING (unit_code, name)"
        ).fetchone()[0]
        > 0
    )


def test_every_lineage_row_matches_its_cell_once(con, originals):
    rows = con.execute(
        "SELECT table_name, unit_code, row_name, field, file_name, sheet, cell, raw_text "
        "FROM lineage JOIN submission USING (submission_id, unit_code)"
    ).fetchall()
    assert [row for row in rows if not stands_at(originals[row[4]], *row[5:])] == []
    times = Counter(row[:4] for row in rows)
    assert [row for row, n in times.items() if n > 1] == []
    assert len(rows) > 10_000


def test_every_figure_is_recomputed_from_raw_texts(con, raw_values):
    """Fails for a figure that recomputed.py cannot compute: a new one has to be added there."""
    reported = [(name, f.value, f.printed) for name, f in figure_values(con).items()]
    again = {name: figure(name, raw_values) for name, *_ in reported}
    assert {
        name: (value, again[name]) for name, value, _ in reported if not close(value, again[name])
    } == {}
    assert {
        name: (text, as_printed(name, again[name]))
        for name, _, text in reported
        if text != as_printed(name, again[name])
    } == {}
    assert {name.partition(".")[0] for name in again} == set(FIGURES), (
        "recomputed.py computes what no report has"
    )


def test_every_figure_is_recomputed_from_places_of_why(con, lists, originals):
    """And no place is missing: the figure is computed from these alone."""
    seen: dict[Place, bool] = {}
    for name, value in con.execute("SELECT figure, value FROM report_figure").fetchall():
        answer = why(con, name)
        assert misplaced(answer, originals, seen) == [], name
        if answer.table in COUNTED:
            assert len(answer.parts) == listed(con, answer), name
        else:
            again = figure(name, RawValues(lists.units).add(raws(answer, originals)))
            assert close(value or 0, again or 0), f"{name}: {value}, but {again} from its places"
        assert all(part.places or part.value in ("missing",) for part in answer.parts), name


def listed(con, answer: Explanation) -> int:
    return con.execute(
        f"SELECT count(*) FROM {answer.table} WHERE {answer.condition or 'true'}"
    ).fetchone()[0]


def test_unit_without_value_is_named_as_lacking(con, lists):
    """Each unit that is asked for a value is either counted or listed as lacking."""
    for name in (
        "cells_held",
        "members_attended",
        "news_items",
        "prospects_introduced",
        "directing_documents",
    ):
        answer = why(con, name)
        giving, lacking = (
            {p.unit_code for p in answer.parts},
            {unit.unit_code for unit in answer.lacking},
        )
        asked = {
            c
            for c, unit in lists.units.items()
            if name in ("news_items", "directing_documents") or not unit.kind
        }
        assert giving | lacking == asked and not giving & lacking, name


@pytest.fixture(scope="module")
def sheets(home: Path) -> dict[str, openpyxl.worksheet.worksheet.Worksheet]:
    """The sheets of both workbooks by what `why` calls them, such as PL1a."""
    books = [
        openpyxl.load_workbook(next(home.glob(f"reports/*/{name}")), data_only=True)
        for name in ("phu-luc.xlsx", "so-lieu-lam-viec.xlsx")
    ]
    return {sheet.title.split()[0]: sheet for book in books for sheet in book}


@pytest.mark.parametrize("name", ANNEXES, ids=lambda name: name.code)
def test_why_explains_every_annex_cell(con, sheets, name):
    for annex in make_parts(con, load_campaign(), name):
        sheet = sheets[annex.code]
        values = {value.ref: shown_value(annex, value.cell) for value in values_of(annex)}
        merged = {ref for span in sheet.merged_cells.ranges for row in span.rows for ref in row}
        written = {
            c.coordinate: c
            for row in sheet.iter_rows(min_row=7, min_col=2, max_col=len(annex.columns) + 1)
            for c in row
            if c.value is not None and (c.row, c.column) not in merged
        }
        assert set(written) == {ref for ref, text in values.items() if text}
        assert {
            ref: (cell.value, values[ref])
            for ref, cell in written.items()
            if on_sheet(cell) != values[ref]
        } == {}


@pytest.mark.parametrize("name", ANNEXES, ids=lambda name: name.code)
def test_every_annex_cell_is_recomputed_from_places_of_why(con, lists, originals, name):
    campaign, seen = load_campaign(), {}
    wrong, known = [], {}
    for annex in make_parts(con, campaign, name):
        for value in values_of(annex):
            origin = origin_of(annex, value.cell)
            if origin not in known:  # the cells of a finding's line have one origin
                answer = why_value(con, annex, value)
                known[origin] = answer, RawValues(lists.units).add(raws(answer, originals))
            answer, raw_values = known[origin]
            found = again(name.code, value.cell, origin, answer, raw_values, campaign)
            if not same(found, value_of(value.cell)) or misplaced(answer, originals, seen):
                wrong.append(
                    (value.ref, value_of(value.cell), found, misplaced(answer, originals, seen))
                )
            if value_of(value.cell) is None and origin.table:
                not_asked = origin.table == "unit_summary" and (
                    value.cell.key in lists.units and lists.units[value.cell.key].kind
                )
                assert answer.lacking or answer.parts or not_asked, value
    assert wrong[:20] == []


def test_every_annex_total_is_the_figure_of_its_name(con):
    """Also where the report counts only communes, or only villages of which both sides are known."""
    figures = dict(con.execute("SELECT figure, value FROM report_figure").fetchall())
    compared = []
    for name in ANNEXES:
        for annex in make_parts(con, load_campaign(), name):
            for key, total in (annex.totals or {}).items():
                field = key.rpartition(".")[2]
                of_report = figures.get(field, figures.get(f"material_given.{field}"))
                if of_report is not None and name.code in ("PL1", "PL3"):
                    compared.append(field)
                    assert close(total or 0, of_report), key
    assert {"cells_held", "members_total", "material_14_ct_tu", "village_heads_party"} <= set(
        compared
    )


def test_charts_and_quotes_match_raw_texts(home, con, raw_values):
    """The report outside its sentences, which test_report.py compares with report_figure."""
    document = Document(str(next(home.glob("reports/*/bao-cao-tong-hop.docx"))))
    [heads] = (d.get("descr") for d in document.element.body.iter(qn("wp:docPr")))
    communes = {unit.name: code for code, unit in raw_values.units.items() if not unit.kind}
    shares = dict(re.findall(r"((?:Xã|Thị trấn) [^:.;]+): ([^;]+?)(?=[;.](?: |$))", heads))
    again = {
        name: f"{head_share(raw_values, code)}, nhân sự dự kiến {candidate_share(raw_values, code)}"
        for name, code in communes.items()
    }
    nothing = "chưa có số liệu, nhân sự dự kiến chưa có số liệu"
    assert shares == {name: text for name, text in again.items() if text != nothing}
    written = {
        " ".join(str(text).split()) for own in raw_values.own.values() for text in own.values()
    }
    quotes = [
        p.text
        for p in all_paragraphs(document)
        if p.style.name == QUOTE_STYLE and "“" in p.text[:3]
    ]
    said = [re.match(r"- “(.*?)…?” \(", quote)[1] for quote in quotes]
    assert said and [q for q in said if not any(text.startswith(q) for text in written)] == []


def head_share(raw_values: RawValues, code: str) -> str:
    """Of the villages of which the candidate is known too; without any of them of all villages."""
    if marks := compared_of(raw_values, code):
        return as_printed("x_share", average(now for now, _ in marks))
    return as_printed(
        "x_share",
        share(
            [
                (
                    raw_values.value(code, "village_heads_party"),
                    raw_values.value(code, "villages_total"),
                )
            ]
        ),
    )


def candidate_share(raw_values: RawValues, code: str) -> str:
    marks = compared_of(raw_values, code)
    return as_printed("x_share", average(candidate for _, candidate in marks))


def compared_of(raw_values: RawValues, code: str) -> list[tuple[bool, bool]]:
    marks = [
        (row["head_is_party"], row["candidate_is_party"]) for row in raw_values.of("village", code)
    ]
    return [pair for pair in marks if None not in pair]


def same(one: object, other: object) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.split() == other.split()
    return (
        close(one, other) if isinstance(one, float) and isinstance(other, float) else one == other
    )


def on_sheet(cell: openpyxl.cell.Cell) -> str:
    """The cell as its number format shows it."""
    value, style = cell.value, cell.number_format
    if isinstance(value, dt.datetime):
        return value.strftime("%d/%m/%Y %H:%M" if "hh" in style else "%d/%m/%Y")
    return value if isinstance(value, str) else as_printed("x", value)
