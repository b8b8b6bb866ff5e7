"""What later files of a unit took away or could not: the rows that count for each unit, made from all its files.

Units with one accepted file are settled in SQL at once. Of the others `file_order` and `standing_rows` say which row of
which file counts; their values are laid over one another in counted_section.sql.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa

from expectations.file_order import Declares, SentFile, put_in_order
from expectations.frames import row_name_sql, rows_tell_sql, shown_sql
from expectations.later_findings import add_later_findings
from expectations.pivots import ROW_KEY, batch_table, columns, counted_table
from expectations.standing_rows import History, SentRow, SentTable, follow
from sources.campaigns import Campaign
from sources.form import FormField, Section, Words
from sources.text import fold

LAYER = pa.schema(
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
TURN = pa.schema(
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
_HERE = Path(__file__).parent


def settle_later_files(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """Makes the tables that say what counts, and adds to `finding_placed` what later files could not take away.

    file_turn         one row per accepted file of a unit that has several: its turn, and why it is set back
    row_layer         of these the rows that give values: key, file and row, from which turn on and until which
    counted_section   unit_code, section, submission_id, is_whole: the files whose rows count; is_whole: all of them
    combined_value    of units and sections whose rows come from several files: which file's row gives each field
    counted_<section> (view) the rows that count: unit_code, reporter, submission_id and row (of the latest file that
                      gives any of it), place (their order), the section's columns
    """
    con.execute((_HERE / "file_turn.sql").read_text(encoding="utf-8"))
    files = _files(con, campaign)
    tables = _tables(con, campaign) if files else {}
    histories = (
        {
            (section.key, unit): follow(sent, tables[section.key], _lasting(section))
            for section in campaign.form.tables
            for unit, sent in files.items()
        }
        if files
        else {}
    )
    _write(con, "file_turn", TURN, _turns(files))
    _write(con, "row_layer", LAYER, _layers(histories))
    con.execute(
        (_HERE / "counted_section.sql")
        .read_text(encoding="utf-8")
        .replace(
            "/*rows*/",
            "\n    UNION ALL\n    ".join(
                f"SELECT DISTINCT submission_id, '{s.key}' AS section FROM {batch_table(s)}"
                for s in campaign.form.tables
            ),
        )
        .replace(
            "/*row_keys*/",
            ", ".join(f"('{s.key}', '{key}')" for s in campaign.form.tables for key in s.row_key),
        )
    )
    for section in campaign.form.tables:
        con.execute(_combined_sql(section))
        con.execute(_counted_sql(section))
    if files:
        add_later_findings(con, campaign, files, histories)


def declared(file_name: str, content: Declares | None, words: Words) -> Declares | None:
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
    """A row's name without accents and the generic words before it: `CB thôn Cầu Cao` and `Thôn Cầu Cao` are one."""
    words = fold(name).split()
    prefixes = [fold(word).split() for word in generic]
    while longest := max(
        (len(p) for p in prefixes if p == words[: len(p)] and len(p) < len(words)), default=0
    ):
        words = words[longest:]
    return " ".join(words)


def _files(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> dict[str, list[SentFile]]:
    """The accepted files of each unit that has several, in the order in which they count."""
    found = con.execute(
        "SELECT unit_code, submission_id, position, received_at, file_name, declares, document_date, "
        "document_number, only_zeros, decision_id FROM several_files ORDER BY position"
    ).fetchall()
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
                declared(name, content, campaign.form.words),
                date,
                number,
                bool(only_zeros),
                decision,
            )
        )
    return {unit: put_in_order(files) for unit, files in by_unit.items()}


def _tables(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Tables:
    """By section and submission the table of each file of `several_files`."""
    columns_of, with_days = _filled_columns(con), _with_days(con, campaign)
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
    says = " OR ".join(filter(None, map(_says_something, section.fields))) or "true"
    filled = ", ".join(
        f"CASE WHEN b.{f.column_name} IS NOT NULL THEN '{f.key}' END"
        for f in section.fields
        if f.type != "mark" and f.key not in section.row_key
    )
    shows = (
        " OR ".join(
            shown_sql(f, "b") for f in section.fields if f.shows_held or f.key in _days(section)
        )
        or "false"
    )
    found = con.execute(f"""
        SELECT b.submission_id, b.row, b.{ROW_KEY}, n.row_name, {says}, [{filled}], {shows},
               list_contains(string_split(f.not_held_rows, ','), '{section.key}:' || b.row)
        FROM {batch_table(section)} b
        JOIN several_files f ON f.submission_id = b.submission_id
        LEFT JOIN ({row_name_sql(section)}) n ON n.submission_id = b.submission_id AND n.row = b.row
        ORDER BY b.submission_id, b.row""").fetchall()
    rows: dict[str, list[SentRow]] = defaultdict(list)
    for submission, row, key, name, something, fields, held, not_held in found:
        loose = loose_key(name, generic) if generic is not None and name else None
        rows[submission].append(
            SentRow(
                row,
                key,
                loose or None,
                name,
                bool(something),
                frozenset(filter(None, fields)),
                bool(held),
                bool(not_held),
            )
        )
    yield from rows.items()


def _days(section: Section) -> tuple[str, ...]:
    return section.window.fields if section.window else ()


def _lasting(section: Section) -> list[str]:
    """The fields that do not depend on whether the row's meeting was held: its key, its kind, all its members."""
    wholes = {f.limit for f in section.fields}
    return [
        f.key
        for f in section.fields
        if f.key in section.row_key
        or f.key in wholes
        or (f.type in ("choice", "text") and not f.shows_held)
    ]


def _with_days(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> dict[tuple[str, str], str]:
    """By submission and section the first field of a day of the meeting that its table has a column for."""
    days = [(s.key, key) for s in campaign.form.tables for key in _days(s)]
    if not days:
        return {}
    listed = ", ".join(f"('{section}', '{key}')" for section, key in days)
    found = con.execute(f"""
        SELECT DISTINCT f.submission_id, fact.section, fact.field FROM several_files f JOIN fact USING (sha256)
        WHERE (fact.section, fact.field) IN ({listed})""").fetchall()
    return {
        (submission, section): key
        for section, key in reversed(days)
        for submission, own, column in found
        if (own, column) == (section, key)
    }


def _says_something(field: FormField) -> str | None:
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
    """By submission and section the fields that are filled anywhere, and in how many rows with more than zero or no."""
    filled: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for submission, section, key, count in con.execute("""
            SELECT f.submission_id, fact.section, fact.field,
                   count(DISTINCT fact.row) FILTER (WHERE fact.value NOT IN ('0', 'false'))
            FROM several_files f JOIN fact USING (sha256)
            WHERE fact.row > 0 AND fact.raw <> ''
            GROUP BY ALL""").fetchall():
        filled[submission, section][key] = count
    return filled


def _whole_by_totals(
    con: duckdb.DuckDBPyConnection, section: Section, campaign: Campaign
) -> set[str]:
    """The submissions whose own totals say that their table is whole: the count of its rows, else all sums given."""
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
    counted = [f for f in totals if f.from_rows and f.from_rows.value == "count(*)"]
    given = " + ".join(f"coalesce(b.{f.column_name}, 0)" for f in totals)
    agree = " AND ".join(
        f"coalesce(b.{f.column_name} = r.chk_rows_{f.column_name}, true)" for f in totals
    )
    by_count = (
        " OR ".join(f"b.{f.column_name} = r.chk_rows_{f.column_name}" for f in counted) or "false"
    )
    no_count = " AND ".join(f"b.{f.column_name} IS NULL" for f in counted) or "true"
    return {
        submission
        for (submission,) in con.execute(f"""
        SELECT b.submission_id
        FROM {batch_table(pairs)} b
        JOIN ({rows_tell_sql(section, totals)}) r USING (submission_id)
        SEMI JOIN several_files f ON f.submission_id = b.submission_id
        WHERE coalesce({by_count}, false) OR ({no_count} AND {given} > 0 AND {agree})""").fetchall()
    }


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


def _combined_sql(section: Section) -> str:
    """CREATE TABLE of the rows that come from several files: each value from the file's row that gives it; one that
    stands in no file, as the own commune, from the latest that knows it.
    """
    values = ",\n    ".join(
        f"CASE WHEN bool_or(v.field = '{f.key}') THEN max(b.{f.column_name}) FILTER (WHERE v.field = '{f.key}') "
        f"ELSE max_by(b.{f.column_name}, l.rank) END AS {f.column_name}"
        for f in section.fields
    )
    return f"""
CREATE OR REPLACE TABLE combined_{section.key} AS
SELECT l.unit_code, max_by(b.submission_id, l.rank) AS submission_id, max_by(b.reporter, l.rank) AS reporter,
    max_by(b.row, l.rank) AS row, l.place,
    {values}
FROM combined_layer l
JOIN {batch_table(section)} b ON b.submission_id = l.submission_id AND b.row = l.row
LEFT JOIN combined_value v ON v.section = l.section AND v.unit_code = l.unit_code AND v.place = l.place
    AND v.submission_id = l.submission_id AND v.row = l.row
WHERE l.section = '{section.key}'
GROUP BY l.unit_code, l.place"""


def _counted_sql(section: Section) -> str:
    own = ", ".join(columns(section))
    return f"""
CREATE OR REPLACE VIEW {counted_table(section)} AS
SELECT unit_code, submission_id, reporter, row, row AS place, {own}
FROM {batch_table(section)}
JOIN (FROM counted_section SELECT unit_code, submission_id WHERE section = '{section.key}' AND is_whole)
    USING (unit_code, submission_id)
UNION ALL
SELECT unit_code, submission_id, reporter, row, place, {own} FROM combined_{section.key}"""
