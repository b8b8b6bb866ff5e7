"""Builds the warehouse of a night in a new file: every table of the contract, from the night's
working database.

The SQL stands in marts/, one mart a file, named as its table; it is a Jinja template over the
campaign's form, so that a field more or less needs no change. Types and order of columns come from
schema.py alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from expectations.rules import meeting_rules
from sources.campaigns import Campaign
from sources.form import Form, Section
from sources.notices import Notice
from sources.registry import REGISTER_COLUMNS
from sources.sql_files import SqlFiles
from sources.sql_parsing import field_when_held
from warehouse.code_labels import label_rows
from warehouse.figure_sources import source_rows
from warehouse.figures import figure_rows, unit_figure_rows
from warehouse.schema import columns_read, pair_fields, row_name, summed_keys, tables
from warehouse.table import Table, ddl

MARTS = Path(__file__).parent / "marts"
MEMORY_LIMIT = (
    "200MB"  # all processes of a night together stay below 1 GiB; 120MB was enough for 10,600 units
)
# The oldest format that this version of DuckDB writes: every client from 1.0 on opens it. Without it
# the file would be one that only the version that wrote it, and later ones, can open.
STORAGE_VERSION = "v1.0.0"
# what is made just before that table
_TEMP_TABLES_BEFORE = {
    "finding": ("pair_value",),
    "unit_summary": ("rows_total",),
}


def build_warehouse(
    working_db: Path,
    target: Path,
    campaign: Campaign,
    as_of: dt.datetime,
    notices: Iterable[Notice] = (),
    memory: str = MEMORY_LIMIT,
) -> None:
    """Writes the warehouse of the night to `target`, a file that does not exist yet, in the storage
    format of STORAGE_VERSION. No other function makes a warehouse.

    `notices` are the messages sent as of earlier moments; `memory` is what the database may take.
    Reads the working database of expectations/ (never changes it; nobody may hold it open). Every
    table of `schema.tables(campaign.form)` is there afterwards, with comments; the same inputs give
    the same content. Raises FileExistsError where `target` exists, duckdb.Error where the working
    database lacks a table or `memory` is too little.
    """
    if target.exists():
        raise FileExistsError(
            f"{target} exists; a warehouse is built as a new file and then published"
        )
    con = duckdb.connect(str(target), config={"storage_compatibility_version": STORAGE_VERSION})
    try:
        _set_up(con, working_db, target.parent, campaign, memory)
        marts = MartQueries(campaign)
        for table in tables(campaign.form):
            for name in _TEMP_TABLES_BEFORE.get(table.name, ()):
                con.execute(f"CREATE TEMP TABLE {name} AS {marts.sql(name)}")
            for statement in ddl(table):
                con.execute(statement)
            _fill(con, table, marts, campaign, as_of, notices)
        con.execute("DETACH work")
        con.execute("CHECKPOINT")
    finally:
        con.close()


class MartQueries:
    """The SQL of the marts for one campaign."""

    def __init__(self, campaign: Campaign) -> None:
        self._form = campaign.form
        self.sql = SqlFiles(MARTS, _template_globals(campaign)).query

    def lineage(self) -> list[str]:
        """The queries of lineage, one per mart, so that the joins of one are gone before those of
        the next."""
        rows = [
            self.sql(
                "lineage_of_rows",
                table=table,
                section=section,
                renamed=[(f.key, f.column) for f in section.fields if f.column],
            )
            for table, section in _traced_tables(self._form)
        ]
        return [self.sql("lineage_of_summary"), *rows]


def _template_globals(campaign: Campaign) -> dict[str, object]:
    """What the templates may speak of."""
    form = campaign.form
    return {
        "form": form,
        "windows": campaign.windows,
        "deadline": campaign.campaign.deadline.isoformat(),
        "pairs": pair_fields(form),
        "summed": summed_keys(form),
        "took_place": took_place_condition,
        "name_of_row": row_name,
        "keys_from_rows": keys_from_rows(form),
        "meeting_rules": meeting_rules(campaign),
        "register": REGISTER_COLUMNS,
    }


def took_place_condition(section: Section) -> str:
    """The SQL condition under which a row's meeting took place; if `held_when` is the name of a
    field: that it is not NULL."""
    if field := field_when_held(section):
        return f"{field.column_name} IS NOT NULL"
    return section.held_when or "true"


@dataclass(frozen=True)
class KeyFromRows:
    """A key of `info` that reported rows give: the SQL over them, and the columns that it reads."""

    key: str
    value: str
    columns: tuple[str, ...]


def keys_from_rows(form: Form) -> list[tuple[Section, list[KeyFromRows], list[str]]]:
    """By table section that gives keys of `info`: these keys, and all columns that they are read
    from."""
    found = []
    for section in form.tables:
        fields = [
            f for _, f in pair_fields(form) if f.from_rows and f.from_rows.section == section.key
        ]
        derived = [
            KeyFromRows(f.key, f.from_rows.value, columns_read(f, section))
            for f in fields
            if f.from_rows
        ]
        if derived:
            found.append(
                (
                    section,
                    derived,
                    sorted(
                        {column for key_from_rows in derived for column in key_from_rows.columns}
                    ),
                )
            )
    return found


def _traced_tables(form: Form) -> list[tuple[str, Section]]:
    """Each mart of rows with the section that its values were read from."""
    marts = [(s.table, s) for s in form.tables]
    return marts + ([("org_meeting", form.by_key["orgs"])] if "orgs" in form.by_key else [])


def _set_up(
    con: duckdb.DuckDBPyConnection, working_db: Path, scratch: Path, campaign: Campaign, memory: str
) -> None:
    con.execute("SET memory_limit = $memory", {"memory": memory})
    con.execute("SET threads = 2")
    con.execute("SET temp_directory = $folder", {"folder": str(scratch / "duckdb-spill")})
    con.execute("SET TimeZone = $zone", {"zone": campaign.campaign.time_zone})
    con.execute("ATTACH $file AS work (READ_ONLY)", {"file": str(working_db)})
    units = campaign.registry.units
    registry = pa.table(
        {
            "position": range(len(units)),
            **{
                name: pa.array([getattr(u, name) for u in units], pa.string())
                for name in ("code", "name", "type", "kind")
            },
            **{
                name: pa.array([getattr(u, name) for u in units], pa.int32())
                for name in REGISTER_COLUMNS
            },
        }
    )
    con.register("registry", registry)
    con.execute("CREATE TEMP TABLE unit AS FROM registry")


def _fill(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    marts: MartQueries,
    campaign: Campaign,
    as_of: dt.datetime,
    notices: Iterable[Notice],
) -> None:
    made_here: dict[str, Callable[[], Sequence[tuple[object, ...]]]] = {
        "night": lambda: [_night(campaign, as_of)],
        "notice": lambda: [tuple(getattr(n, c) for c in table.column_names) for n in notices],
        "report_figure": lambda: figure_rows(con, campaign),
        "unit_figure": lambda: unit_figure_rows(con, campaign),
        "figure_source": lambda: source_rows(campaign),
        "code_label": lambda: label_rows(campaign),
    }
    if table.name in made_here:
        _insert(con, table, made_here[table.name]())
    elif table.name == "lineage":
        # by far the largest table, in no order: so it streams
        con.execute("SET preserve_insertion_order = false")
        for query in marts.lineage():
            con.execute(f"INSERT INTO lineage BY NAME ({query})")
        con.execute("SET preserve_insertion_order = true")
    else:
        con.execute(f"INSERT INTO {table.name} BY NAME ({marts.sql(table.name)})")


def _insert(
    con: duckdb.DuckDBPyConnection, table: Table, rows: Sequence[tuple[object, ...]]
) -> None:
    named = [dict(zip(table.column_names, row, strict=True)) for row in rows]
    con.register("rows_to_insert", pa.Table.from_pylist(named, table.arrow_schema))
    con.execute(f"INSERT INTO {table.name} FROM rows_to_insert")
    con.unregister("rows_to_insert")


def _night(campaign: Campaign, as_of: dt.datetime) -> tuple[object, ...]:
    about = campaign.campaign
    return (
        about.key,
        about.name,
        campaign.digest,
        as_of,
        about.deadline,
        about.time_zone,
        campaign.target.heads_share if campaign.target else None,
        as_of < about.deadline,
    )
