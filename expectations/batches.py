"""The batches of a night: every report's values in one wide table per section of the form, ready
for the rules.

`load_inputs` puts the arrivals and what was read of them into the night's working database.
`prepare_batches` makes from these `unit` (the registry), `submission_draft` (the unit of each
arrival, and which are duplicates) and the tables `batch_<section>`, with the form's types and the
columns `chk_untyped_<type>` (the fields whose place could not be typed) and `chk_row_key`. Rows
that repeat another in every value are moved to `repeated_row`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from expectations.decisions import load_decisions
from expectations.file_order import declared_kind
from expectations.frames import row_name_sql
from expectations.pivots import add_row_keys, batch_table, fill_batch
from expectations.queries import query
from expectations.row_keys import define_row_key
from expectations.scans import settle_scans
from expectations.unit_identity import identify_units
from sources.campaigns import Campaign
from sources.decisions import Decision
from sources.registry import REGISTER_COLUMNS, Registry
from sources.staged import CONTENT, FACT, FINDING, READING
from sources.unit_names import bare_address

TIMESTAMP = pa.timestamp("us", tz="UTC")
ARRIVAL_SCHEMA = pa.schema(
    [
        ("submission_id", pa.string()),
        ("file_name", pa.string()),
        ("sha256", pa.string()),
        ("size", pa.int64()),
        ("received_at", TIMESTAMP),
        ("first_seen", TIMESTAMP),
        ("channel", pa.string()),
        ("sender", pa.string()),
        ("missed_by", TIMESTAMP),
        ("is_trusted", pa.bool_()),
        ("own_time", TIMESTAMP),
        ("link_unit_code", pa.string()),
    ]
)
MAX_FACTS_PER_ROW = (
    30  # a unit's files together may hold that many facts for each row that one table may have
)
STAGED_TABLES = {
    "content": ("content", CONTENT),
    "fact": ("fact", FACT),
    "finding": ("read_finding", FINDING),
    "reading": ("reading", READING),
}


def load_inputs(
    con: duckdb.DuckDBPyConnection,
    arrivals: Iterable[object],
    staged: Mapping[str, Sequence[str | Path]],
    refused: Mapping[str, str] | None = None,
) -> None:
    """Makes the tables `arrival`, `content`, `fact` and `read_finding`, the last three of arrived
    contents only.

    arrivals  records (dataclasses, named tuples or mappings) with the fields of ARRIVAL; times are
              aware or ISO-8601 text
    staged    the Parquet files or globs of "content", "fact" and "finding"; none: an empty table
    refused   by SHA-256: the reason (Vietnamese) why a content is refused, whatever was read of it
    """
    arrived = pa.Table.from_pylist([_arrival(a) for a in arrivals], schema=ARRIVAL_SCHEMA)
    con.register("arrived", arrived)
    con.execute("CREATE OR REPLACE TABLE arrival AS SELECT * FROM arrived")
    con.unregister("arrived")
    for kind, (table, schema) in STAGED_TABLES.items():
        con.register("empty", schema.empty_table())
        con.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM empty")
        con.unregister("empty")
        if files := [str(f) for f in staged.get(kind, ())]:
            sql = query("staged_rows", table=table, columns=schema.names)
            con.execute(sql, {"files": files})
    if refused:
        _refuse(con, refused)


def prepare_batches(
    con: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    as_of: dt.datetime,
    decisions: Sequence[Decision] = (),
) -> None:
    """Makes what `identify_submissions` and `fill_batches` make."""
    identify_submissions(con, campaign, as_of, decisions)
    fill_batches(con, campaign)


def identify_submissions(
    con: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    as_of: dt.datetime,
    decisions: Sequence[Decision] = (),
) -> None:
    """Makes `unit`, `decision` and `submission_draft`.

    decision          the decisions of officers until `as_of` (decisions.load_decisions)
    submission_draft  one row per arrival received by `as_of`: submission_id, file_name, sha256, received_at,
                      channel, sender, link_unit_code, missed_by, own_time (where it had not come),
                      unit_code,
                      unit_from (decision, content, file_name, sender or NULL),
                      unit_by_name, sender_allowed, issued_by_part (a part of the unit issues it), of_a_part
                      (and no officer has decided), may_count (false: held or withdrawn), withdrawn_by and
                      assigned_by (decisions), topic_decided (other_topic is accepted), declares (correction,
                      replacement or NULL), reporter,
                      outcome, duplicate_of, checked (false of the files in the middle of very many of one unit),
                      read, position (order of receipt)
    """
    load_decisions(con, decisions)
    _load_units(con, campaign.registry)
    _load_unit_identities(con, campaign)
    settle_scans(con, campaign, as_of)
    con.execute(
        query("submission_draft"),
        {
            "as_of": as_of,
            "unit_files": campaign.limits.unit_files,
            "unit_facts": MAX_FACTS_PER_ROW * campaign.limits.table_rows,
        },
    )


def fill_batches(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """Makes `repeated_row` and a `batch_<section>` for each section of the form.

    batch_<section>   submission_id, unit_code, reporter, received_at, row, the section's columns, check columns; only
                      submissions that were read and are no duplicates
    repeated_row      submission_id, section, row, row_name of each row that repeats an earlier one in every value
    """
    con.execute(query("repeated_row"))
    define_row_key(con, campaign.form.words.name_abbreviations)
    for section in campaign.form.sections:
        fill_batch(con, section)
        if section.layout == "table":
            add_row_keys(con, section)
            con.execute(
                query(
                    "rows_without_repeats",
                    table=batch_table(section),
                    row_names=row_name_sql(section),
                )
            )


def _refuse(con: duckdb.DuckDBPyConnection, refused: Mapping[str, str]) -> None:
    """Of what was read from these contents the unit alone is kept: who sent the file gets to
    know."""
    con.register("refused", pa.table({"sha256": list(refused), "reason": list(refused.values())}))
    con.execute(query("refused_content", tables=[table for table, _ in STAGED_TABLES.values()]))
    con.unregister("refused")


def _arrival(record: object) -> dict[str, object]:
    """One row of ARRIVAL; a field that the record does not have (missed_by) is None."""
    if isinstance(record, Mapping):
        values = dict(record)
    elif is_dataclass(record) and not isinstance(record, type):
        values = asdict(record)
    elif hasattr(record, "_asdict"):
        values = record._asdict()
    else:
        raise TypeError(f"{type(record).__name__} is no record of an arrival")
    row = {name: values.get(name) for name in ARRIVAL_SCHEMA.names}
    return {
        k: dt.datetime.fromisoformat(v)
        if isinstance(v, str) and ARRIVAL_SCHEMA.field(k).type == TIMESTAMP
        else v
        for k, v in row.items()
    }


def _load_units(con: duckdb.DuckDBPyConnection, registry: Registry) -> None:
    """The registry as the table `unit`: unit_code, unit_name, unit_type, reporter, kind, email,
    position, and REGISTER_COLUMNS."""
    units = pa.Table.from_pylist(
        [
            {
                "unit_code": u.code,
                "unit_name": u.name,
                "unit_type": u.type,
                "reporter": u.reporter,
                "kind": u.kind,
                "email": u.email,
                "position": n,
                **{column: getattr(u, column) for column in REGISTER_COLUMNS},
            }
            for n, u in enumerate(registry.units, 1)
        ]
    )
    con.register("registry", units)
    con.execute(query("unit", register=REGISTER_COLUMNS))
    con.unregister("registry")


def _load_unit_identities(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """Makes `arrival_identity`: what is known of each arrival without its content.

    by_name    the unit in the file name, which the content may contradict
    by_sender  the units that may send from its sender's address; of a unit's own link that unit alone
    trusted    no sender is checked on its channel, or its sender may send for any unit
    declares   correction or replacement, if the file name states it
    """
    arrivals = con.execute(
        "SELECT submission_id, file_name, sender, is_trusted, link_unit_code FROM arrival"
    ).fetchall()
    for_all = {bare_address(sender) for sender in campaign.senders.trusted}
    identities = [
        (
            submission_id,
            by_name,
            [link_unit] if link_unit else by_sender,
            is_trusted or bare_address(sender) in for_all,
            declared_kind(file_name, None, campaign.form.words),
        )
        for (submission_id, by_name, by_sender), (
            _,
            file_name,
            sender,
            is_trusted,
            link_unit,
        ) in zip(identify_units(campaign, [a[:3] for a in arrivals]), arrivals, strict=True)
    ]
    schema = pa.schema(
        [
            ("submission_id", pa.string()),
            ("by_name", pa.string()),
            ("by_sender", pa.list_(pa.string())),
            ("trusted", pa.bool_()),
            ("declares", pa.string()),
        ]
    )
    con.register(
        "identities",
        pa.Table.from_pylist(
            [dict(zip(schema.names, t, strict=True)) for t in identities], schema=schema
        ),
    )
    con.execute("CREATE OR REPLACE TABLE arrival_identity AS SELECT * FROM identities")
    con.unregister("identities")
