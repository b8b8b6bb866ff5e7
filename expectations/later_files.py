"""The rows that count for each unit, from all its accepted files.

Units with one accepted file need only SQL. For the others `file_order` and `row_history` decide
which row of which file counts; sql/combined_rows.sql combines the values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import duckdb
import pyarrow as pa

from expectations.file_order import SentFile, declared_kind, put_in_order
from expectations.later_findings import add_later_findings
from expectations.pivots import columns, row_keys
from expectations.queries import query
from expectations.row_history import apply_files
from expectations.row_layers import History
from expectations.sent_tables import sent_tables
from sources.campaigns import Campaign
from sources.form import Section

LAYER_SCHEMA = pa.schema(
    [
        ("unit_code", pa.string()),
        ("section", pa.string()),
        ("key", pa.string()),
        ("submission_id", pa.string()),
        ("row", pa.int32()),
        ("rank", pa.int32()),
        ("from_turn", pa.int32()),
        ("until_turn", pa.int32()),
        ("is_solid", pa.bool_()),
        ("not_columns", pa.list_(pa.string())),
        ("keeps_name", pa.bool_()),
    ]
)
TURN_SCHEMA = pa.schema(
    [
        ("submission_id", pa.string()),
        ("unit_code", pa.string()),
        ("turn", pa.int32()),
        ("set_back", pa.string()),
        ("set_back_by", pa.string()),
        ("declares", pa.string()),
        ("decision_id", pa.int32()),
    ]
)


def settle_later_files(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """Makes the tables of the rows that count, and adds the findings about later files to
    `finding_placed`.

    file_turn          one row per accepted file of a unit that has several: its turn, why it is set back
    row_layer          the rows of these files that give values: key, file, row, first and last turn
    counted_section    the files whose rows count: unit_code, section, submission_id, is_whole (all rows)
    combined_value     where rows come from several files: which file's row gives each field
    counted_<section>  (view) the rows that count: unit_code, reporter, submission_id and row (of the
                       latest file that gives any of it), place (their order), the section's columns
    """
    con.execute(query("file_turn"))
    files = _files(con, campaign)
    tables = sent_tables(con, campaign) if files else {}
    histories = (
        {
            (section.key, unit): apply_files(sent, tables[section.key], _permanent_fields(section))
            for section in campaign.form.tables
            for unit, sent in files.items()
        }
        if files
        else {}
    )
    _write(con, "file_turn", TURN_SCHEMA, _turns(files))
    _write(con, "row_layer", LAYER_SCHEMA, _layers(histories))
    tables_of_rows = campaign.form.tables
    con.execute(query("counted_section", tables=tables_of_rows, row_keys=row_keys(campaign.form)))
    for section in tables_of_rows:
        con.execute(query("combined_rows", section=section))
        con.execute(query("counted_rows", section=section.key, columns=columns(section)))
    if files:
        add_later_findings(con, campaign, files, histories)


def _files(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> dict[str, list[SentFile]]:
    """The accepted files of each unit that has several, in the order in which they count."""
    found = con.execute(query("several_files")).fetchall()
    by_unit: dict[str, list[SentFile]] = defaultdict(list)
    for (
        unit,
        submission,
        position,
        received_at,
        name,
        content,
        date,
        number,
        only_zeros,
        decision,
    ) in found:
        by_unit[unit].append(
            SentFile(
                submission,
                position,
                received_at,
                declared_kind(name, content, campaign.form.words),
                date,
                number,
                bool(only_zeros),
                decision,
            )
        )
    return {unit: put_in_order(files) for unit, files in by_unit.items()}


def _permanent_fields(section: Section) -> list[str]:
    """The fields that do not depend on whether the row's meeting took place: its key, its kind, the
    number of all members."""
    wholes = {f.limit for f in section.fields}
    return [
        f.key
        for f in section.fields
        if f.key in section.row_key
        or f.key in wholes
        or (f.type in ("choice", "text") and not f.shows_held)
    ]


def _turns(files: Mapping[str, Iterable[SentFile]]) -> list[dict[str, object]]:
    return [
        {
            "submission_id": f.submission_id,
            "unit_code": unit,
            "turn": f.turn,
            "set_back": f.set_back,
            "set_back_by": f.set_back_by,
            "declares": f.declares,
            "decision_id": f.decision_id,
        }
        for unit, sent in files.items()
        for f in sent
    ]


def _layers(histories: Mapping[tuple[str, str], History]) -> list[dict[str, object]]:
    return [
        {
            "unit_code": unit,
            "section": section,
            "key": layer.key,
            "submission_id": layer.submission_id,
            "row": layer.row,
            "rank": layer.rank,
            "from_turn": layer.from_turn,
            "until_turn": layer.until_turn,
            "is_solid": layer.is_solid,
            "not_columns": list(layer.not_columns),
            "keeps_name": layer.keeps_name,
        }
        for (section, unit), history in histories.items()
        for layer in history.layers
    ]


def _write(
    con: duckdb.DuckDBPyConnection, table: str, schema: pa.Schema, rows: list[dict[str, object]]
) -> None:
    con.register("rows", pa.Table.from_pylist(rows, schema=schema))
    con.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM rows")
    con.unregister("rows")
