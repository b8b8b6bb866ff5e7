"""What later files of a unit took away or could not: the rows that count for each unit, made from
all its files.

Units with one accepted file are settled in SQL at once. Of the others `file_order` and
`row_history` say which row of which file counts; their values are laid over one another in
sql/combined_rows.sql.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa

from expectations.file_order import Declares, SentFile, put_in_order
from expectations.frames import has_content_sql, row_name_sql, totals_from_rows_sql
from expectations.later_findings import add_later_findings
from expectations.pivots import batch_table, columns, row_keys
from expectations.queries import query
from expectations.row_history import History, SentRow, SentTable, apply_files
from sources.campaigns import Campaign
from sources.form import FormField, Section, Words
from sources.text import fold

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

Tables = dict[str, dict[str, SentTable]]  # by section and submission


def settle_later_files(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """Makes the tables that say what counts, and adds to `finding_placed` what later files could
    not take away.

    file_turn         one row per accepted file of a unit that has several: its turn, and why it is set back
    row_layer         of these the rows that give values: key, file and row, from which turn on and until which
    counted_section   unit_code, section, submission_id, is_whole: the files whose rows count; is_whole: all of them
    combined_value    of units and sections whose rows come from several files: which file's row gives each field
    counted_<section> (view) the rows that count: unit_code, reporter, submission_id and row (of the
    latest file that
                      gives any of it), place (their order), the section's columns
    """
    con.execute(query("file_turn"))
    files = _files(con, campaign)
    tables = _tables(con, campaign) if files else {}
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


def declared_kind(file_name: str, content: Declares | None, words: Words) -> Declares | None:
    """What a file says of itself, in its content or else by its name, as `Bo sung Cam Son.xlsx`."""
    if content is not None:
        return content
    stem = f" {fold(Path(file_name.replace(chr(92), '/')).stem)} "
    if any(f" {fold(word)} " in stem for word in words.replacement_words):
        return "replacement"
    return (
        "correction" if any(f" {fold(word)} " in stem for word in words.correction_words) else None
    )


@lru_cache(maxsize=16384)
def loose_key(name: str, generic: tuple[str, ...]) -> str:
    """A row's name without accents and the generic words before it: `CB thôn Cầu Cao` and `Thôn Cầu
    Cao` are one."""
    words = fold(name).split()
    prefixes = [fold(word).split() for word in generic]
    while longest := max(
        (len(p) for p in prefixes if p == words[: len(p)] and len(p) < len(words)), default=0
    ):
        words = words[longest:]
    return " ".join(words)


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


def _tables(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Tables:
    """By section and submission the table of each file of `several_files`."""
    columns_of, with_days = _filled_columns(con), _day_fields(con, campaign)
    sums = {
        (submission, section)
        for submission, sections in con.execute(
            "SELECT submission_id, whole_sections FROM several_files WHERE whole_sections <> ''"
        ).fetchall()
        for section in sections.split(",")
    }
    tables: Tables = {}
    for section in campaign.form.tables:
        whole = _whole_by_totals(con, section, campaign)
        generic = campaign.form.words.generic_name_words if _is_named(section) else None
        tables[section.key] = {
            submission: SentTable(
                tuple(rows),
                submission in whole,
                (submission, section.key) in sums,
                columns_of.get((submission, section.key), {}),
                with_days.get((submission, section.key)),
            )
            for submission, rows in _sent_rows(con, section, generic)
        }
    return tables


def _sent_rows(
    con: duckdb.DuckDBPyConnection, section: Section, generic: tuple[str, ...] | None
) -> Iterator[tuple[str, list[SentRow]]]:
    says = " OR ".join(filter(None, map(_counts_as_content_sql, section.fields))) or "true"
    filled = [f for f in section.fields if f.type != "mark" and f.key not in section.row_key]
    shows = (
        " OR ".join(
            has_content_sql(f, "b")
            for f in section.fields
            if f.shows_held or f.key in _days(section)
        )
        or "false"
    )
    sql = query(
        "sent_rows",
        section=section.key,
        table=batch_table(section),
        says=says,
        filled=filled,
        shows=shows,
        row_names=row_name_sql(section),
    )
    found = con.execute(sql).fetchall()
    rows: dict[str, list[SentRow]] = defaultdict(list)
    for submission, row, key, name, has_content, fields, shows_held, is_not_held in found:
        loose = loose_key(name, generic) if generic is not None and name else None
        rows[submission].append(
            SentRow(
                row,
                key,
                loose or None,
                name,
                bool(has_content),
                frozenset(filter(None, fields)),
                bool(shows_held),
                bool(is_not_held),
            )
        )
    yield from rows.items()


def _days(section: Section) -> tuple[str, ...]:
    return section.window.fields if section.window else ()


def _permanent_fields(section: Section) -> list[str]:
    """The fields that do not depend on whether the row's meeting was held: its key, its kind, all
    its members."""
    wholes = {f.limit for f in section.fields}
    return [
        f.key
        for f in section.fields
        if f.key in section.row_key
        or f.key in wholes
        or (f.type in ("choice", "text") and not f.shows_held)
    ]


def _day_fields(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> dict[tuple[str, str], str]:
    """By submission and section the first field of a day of the meeting that its table has a column
    for."""
    days = [(s.key, key) for s in campaign.form.tables for key in _days(s)]
    if not days:
        return {}
    found = con.execute(query("columns_of_days", days=days)).fetchall()
    return {
        (submission, section): key
        for section, key in reversed(days)
        for submission, own, column in found
        if (own, column) == (section, key)
    }


def _counts_as_content_sql(field: FormField) -> str | None:
    column = f"b.{field.column_name}"
    return {
        "count": f"coalesce({column} > 0, false)",
        "mark": f"coalesce({column}, false)",
        "date": f"{column} IS NOT NULL",
    }.get(field.type)


def _is_named(section: Section) -> bool:
    """Whether its rows are told by names that people spell in several ways, and not by codes."""
    return len(section.row_key) == 1 and section.by_key[section.row_key[0]].type == "text"


def _filled_columns(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], dict[str, int]]:
    """By submission and section the fields that are filled anywhere, and in how many rows with more
    than zero or no."""
    filled: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for submission, section, key, count in con.execute(query("filled_columns")).fetchall():
        filled[submission, section][key] = count
    return filled


def _whole_by_totals(
    con: duckdb.DuckDBPyConnection, section: Section, campaign: Campaign
) -> set[str]:
    """The submissions whose own totals say that their table is whole: the count of its rows, else
    all sums given."""
    pairs, totals = next(
        (
            (s, own)
            for s in campaign.form.sections
            if (own := [f for f in s.fields if f.from_rows and f.from_rows.section == section.key])
        ),
        (None, []),
    )
    if pairs is None:
        return set()
    sql = query(
        "whole_by_totals",
        table=batch_table(pairs),
        rows_tell=totals_from_rows_sql(section, totals),
        totals=[f.column_name for f in totals],
        counts=[f.column_name for f in totals if f.from_rows and f.from_rows.value == "count(*)"],
    )
    return {submission for (submission,) in con.execute(sql).fetchall()}


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
