"""A warehouse with the contract's tables and repeatable made-up values, for the tests of documents.

Made from the campaign's form, so that it fits any campaign; the units take the states of `states`
in turn.
"""

import datetime as dt
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import duckdb
import pandas as pd

from sources.campaigns import Campaign, load_campaign
from sources.form import FormField, Section
from sources.registry import Unit
from warehouse.schema import tables
from warehouse.table import ddl

HOSTILE = '<script>alert("x")</script>'
FORMULA = '=cmd|"/c calc"!A1'
SUBMISSION = (
    "submission_id",
    "file_name",
    "sha256",
    "received_at",
    "channel",
    "sender",
    "unit_code",
    "status",
    "reason",
)
FINDING = (
    "submission_id",
    "rule",
    "severity",
    "section",
    "row_name",
    "field",
    "value",
    "sheet",
    "cell",
    "message",
    "replaced",
)
STATUS = (
    "unit_code",
    "unit_name",
    "unit_type",
    "status",
    "on_time",
    "received_at",
    "submission_id",
)
MIXED = (
    "on_time",
    "on_time",
    "late",
    "on_time",
    "returned",
    "on_time",
    "missing",
    "on_time",
    "on_time",
)


def build_warehouse(
    path: Path, campaign: Campaign, states: tuple[str, ...] = MIXED, rows: int = 4
) -> Path:
    """Writes the contract's tables at `path`; each reporting unit has `rows` rows in each table
    section."""
    with duckdb.connect(str(path)) as con:
        con.execute("SET TimeZone = 'UTC'")
        units = list(zip(campaign.registry.units, cycle(states), strict=False))
        _load(
            con,
            "submission",
            SUBMISSION,
            list(_submissions(campaign, units)),
            {"received_at": "TIMESTAMPTZ"},
        )
        _load(
            con,
            "finding",
            FINDING,
            [(*f, False) for f in _findings(campaign, units)],
            {"replaced": "BOOLEAN"},
        )
        _load(
            con,
            "unit_status",
            STATUS,
            list(_statuses(campaign, units)),
            {"received_at": "TIMESTAMPTZ", "on_time": "BOOLEAN"},
        )
        for section in campaign.form.tables:
            _rows(con, campaign, section, units, rows)
        con.execute(
            "CREATE TABLE org_meeting AS SELECT *, last_on <= DATE '2022-04-15' AS in_window "
            "FROM org_meeting_reported QUALIFY row_number() OVER (PARTITION BY organisation, commune_code "
            "ORDER BY unit_code) = 1"
        )
        con.execute("ALTER TABLE cell_meeting ADD COLUMN in_window BOOLEAN")
        con.execute(
            "UPDATE cell_meeting SET in_window = held_on BETWEEN DATE '2022-04-03' AND DATE '2022-04-15'"
        )
        _summaries(con, campaign, units)
        _complete(con, campaign)
        if campaign.form.has("villages", "candidate_is_party"):
            change_heads(con)
        count_findings(con)
    return path


def count_findings(con: duckdb.DuckDBPyConnection) -> None:
    """Fills in what the real build knows of each finding beside its breach: unit, what it is about,
    whether it is counted; again after a test has changed findings or submissions."""
    con.execute(
        "UPDATE finding SET unit_code = file.unit_code, "
        "about = CASE rule WHEN 'outside_window' THEN 'meeting' ELSE 'report' END, "
        "counted = NOT replaced AND file.set_aside IS NOT TRUE AND (severity = 'error' OR file.status = 'accepted') "
        "FROM submission AS file WHERE file.submission_id = finding.submission_id"
    )


def change_heads(con: duckdb.DuckDBPyConnection) -> None:
    """Fills in what the real build knows of each village beside its marks; again after a test has
    changed them."""
    con.execute(
        "UPDATE village SET head_change = CASE "
        "WHEN head_is_party THEN CASE WHEN candidate_is_party THEN 'stays' ELSE 'loses' END "
        "ELSE CASE WHEN candidate_is_party THEN 'gains' ELSE 'none' END END "
        "WHERE head_is_party IS NOT NULL AND candidate_is_party IS NOT NULL"
    )


def _complete(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """Adds what the schema has besides: tables without rows, columns without values."""
    there = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    for table in tables(campaign.form):
        if table.name not in there:
            con.execute(ddl(table)[0])
        for column in table.columns:
            con.execute(
                f"ALTER TABLE {table.name} ADD COLUMN IF NOT EXISTS {column.name} {column.sql_type}"
            )


def another_campaign(
    without: tuple[str, ...] = ("info.news_items", "villages.deputy_is_party"),
) -> Campaign:
    """The campaign with another deadline, one count more, and without the fields named
    section.key."""
    declared = load_campaign().model_dump()
    posters = {
        "key": "posters",
        "label": "Số áp phích đã treo",
        "type": "count",
        "clause": "III.5",
        "summed": True,
        "description": "Posters put up",
    }
    for section in declared["form"]["section"]:
        section["field"] = [
            f for f in section["field"] if f"{section['key']}.{f['key']}" not in without
        ]
        if section["key"] == "info":
            section["field"].append(posters)
    declared["campaign"]["deadline"] = dt.datetime.fromisoformat("2023-05-05T17:00:00+07:00")
    declared["schedule"]["remind_days"] = ()
    return Campaign.model_validate(declared)


def _load(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: tuple[str, ...],
    rows: list[tuple],
    types: dict[str, str] | None = None,
) -> None:
    declared = ", ".join(f"{name} {(types or {}).get(name, 'VARCHAR')}" for name in columns)
    con.execute(f"CREATE TABLE {table} ({declared})")
    if rows:
        frame = pd.DataFrame(rows, columns=list(columns), dtype=object)  # noqa: F841  (DuckDB finds it by its name)
        con.execute(f"INSERT INTO {table} SELECT * FROM frame")


def _received(campaign: Campaign, n: int, state: str) -> dt.datetime:
    late = dt.timedelta(hours=5) if state == "late" else dt.timedelta(hours=-3 - n % 70)
    return campaign.campaign.deadline + late


def _submissions(campaign: Campaign, units: list[tuple[Unit, str]]) -> Iterator[tuple]:
    for n, (unit, state) in enumerate(units):
        if state == "missing":
            continue
        accepted = state in ("on_time", "late")
        yield (
            f"s{n}",
            f"Bao cao {unit.name}.xlsx",
            f"{n:064x}",
            _received(campaign, n, state),
            "folder",
            None,
            unit.code,
            "accepted" if accepted else "returned",
            None if accepted else "Tệp có lỗi; đề nghị sửa.",
        )
    day = campaign.campaign.deadline - dt.timedelta(days=2)
    yield (
        "x1",
        HOSTILE + ".docx",
        "a" * 64,
        day,
        "folder",
        None,
        None,
        "rejected",
        "Tệp hỏng; đề nghị gửi lại.",
    )
    if any(state != "missing" for _, state in units):
        yield (
            "x2",
            "ban sao.xlsx",
            f"{0:064x}",
            day,
            "folder",
            None,
            units[0][0].code,
            "duplicate",
            "Đã nhận.",
        )


def _findings(campaign: Campaign, units: list[tuple[Unit, str]]) -> Iterator[tuple]:
    section = campaign.form.tables[0]
    field = next(f for f in section.fields if f.type == "count")
    for n, (_, state) in enumerate(units):
        if state == "returned":
            yield (
                f"s{n}",
                "not_a_count",
                "error",
                section.key,
                HOSTILE,
                field.key,
                FORMULA,
                "Biểu 2",
                "F7",
                f"“{FORMULA}” không phải là số nguyên; đề nghị ghi số.",
            )
        if state != "missing" and n % 3 == 1:
            for row in range(n % 4 + 1):
                yield (
                    f"s{n}",
                    "outside_window",
                    "warning",
                    section.key,
                    f"Chi bộ {row}",
                    section.fields[2].key,
                    "2022-04-16",
                    "Biểu 2",
                    f"D{row + 5}",
                    "Sinh hoạt ngoài thời gian quy định.",
                )
    yield (
        "x1",
        "unreadable",
        "error",
        None,
        None,
        None,
        None,
        None,
        None,
        "Tệp hỏng, không mở được.",
    )


def _statuses(campaign: Campaign, units: list[tuple[Unit, str]]) -> Iterator[tuple]:
    for n, (unit, state) in enumerate(units):
        accepted = state in ("on_time", "late")
        yield (
            unit.code,
            unit.name,
            unit.type,
            "accepted" if accepted else state,
            state == "on_time" if accepted else None,
            _received(campaign, n, state) if accepted else None,
            f"s{n}" if accepted else None,
        )


def _value(
    campaign: Campaign, field: FormField, n: int, row: int, communes: tuple[str, ...] = ()
) -> object:
    seed = n * 7 + row * 3
    if field.type == "count":
        return None if seed % 23 == 0 else 5 + seed % 9 - (3 if field.limit else 0)
    if field.type == "date":
        return None if seed % 11 == 0 else dt.date(campaign.campaign.year, 4, 3 + seed % 14)
    if field.type == "mark":
        return None if seed % 19 == 0 else seed % 5 != 0
    if field.type in ("choice", "organisation"):
        return field.choice[seed % len(field.choice)].code
    if field.type == "commune":
        return communes[seed % len(communes)]
    return f"{FORMULA} {row}" if n % 50 == 3 else f"Số {row} {field.label}"


def _rows(
    con: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    section: Section,
    units: list[tuple[Unit, str]],
    rows: int,
) -> None:
    communes = tuple(u.code for u in campaign.registry.communes)
    made = [
        (unit.code, f"s{n}", *(_value(campaign, f, n, row, communes) for f in section.fields))
        for n, (unit, state) in enumerate(units)
        if state in ("on_time", "late")
        if unit.reporter in section.reporters
        for row in range(rows)
    ]
    columns = ("unit_code", "submission_id", *(f.column_name for f in section.fields))
    _load(con, section.table, columns, made, {f.column_name: f.sql_type for f in section.fields})


def _summaries(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, units: list[tuple[Unit, str]]
) -> None:
    fields = [
        f for key in ("info", "text") for f in campaign.form.by_key[key].fields if f.type != "unit"
    ]
    made = [
        (
            unit.code,
            f"s{n}",
            *(_value(campaign, f, n, 1) if unit.reporter in f.reporters else None for f in fields),
        )
        for n, (unit, state) in enumerate(units)
        if state in ("on_time", "late")
    ]
    _load(
        con,
        "unit_summary",
        ("unit_code", "submission_id", *(f.key for f in fields)),
        made,
        {f.key: f.sql_type for f in fields},
    )
    sums = ", ".join(
        f"(SELECT sum({f.key})::INTEGER FROM unit_summary) AS {f.key}" for f in fields if f.summed
    )
    con.execute(f"""CREATE TABLE campaign_summary AS SELECT count(*)::INTEGER AS units_expected,
        count(*) FILTER (WHERE status = 'accepted')::INTEGER AS units_reported,
        count(*) FILTER (WHERE on_time)::INTEGER AS units_on_time,
        count(*) FILTER (WHERE NOT on_time)::INTEGER AS units_late,
        count(*) FILTER (WHERE status = 'returned')::INTEGER AS units_returned,
        count(*) FILTER (WHERE status = 'missing')::INTEGER AS units_missing,
        (SELECT count(*) FILTER (WHERE in_window) FROM cell_meeting)::INTEGER AS cells_in_window,
        (SELECT sum(branches_total) FROM org_meeting)::INTEGER AS org_branches_total,
        (SELECT sum(branches_held) FROM org_meeting)::INTEGER AS org_branches_held, {sums} FROM unit_status""")
    con.execute(
        "CREATE TABLE report_figure AS SELECT figure, value::DOUBLE AS value, "
        "replace(format('{:,}', value), ',', '.') AS printed FROM (UNPIVOT campaign_summary ON COLUMNS(*) "
        "INTO NAME figure VALUE value)"
    )
    con.execute("""CREATE TABLE figure_source AS
        SELECT figure, 'figure' AS kind, 'Chỉ tiêu ' || figure AS description,
        'SELECT 1' AS query, CASE WHEN figure LIKE 'units%' THEN 'unit_status'
        WHEN figure LIKE 'org%' THEN 'org_meeting'
        WHEN figure = 'cells_in_window' THEN 'cell_meeting' ELSE 'unit_summary' END AS table_name,
        CASE table_name WHEN 'unit_summary' THEN [figure] WHEN 'org_meeting' THEN [replace(figure, 'org_', '')]
        WHEN 'cell_meeting' THEN ['held_on'] ELSE [] END AS fields,
        CASE WHEN table_name = 'cell_meeting' THEN 'in_window' END AS condition
        FROM report_figure""")
    con.execute("""CREATE TABLE lineage AS SELECT 'unit_summary' AS table_name, unit_code, NULL::VARCHAR AS row_name,
        field, submission_id, 'Thông tin chung' AS sheet, 'C4' AS cell, value::VARCHAR AS raw_text FROM (UNPIVOT
        (SELECT COLUMNS(*)::VARCHAR FROM unit_summary) ON COLUMNS(* EXCLUDE (unit_code, submission_id))
        INTO NAME field VALUE value)""")
