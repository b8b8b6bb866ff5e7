"""The contract's tables, declared once: their columns come from the campaign's form, comments from its descriptions.

`tables(form)` lists them in the order in which they are built. DDL, Arrow schemas and the data dictionary are made
from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyarrow as pa

from sources.form import Form, FormField, Section

ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
    "TIMESTAMPTZ": pa.timestamp("us", tz="UTC"),
    "VARCHAR[]": pa.list_(pa.string()),
}


@dataclass(frozen=True)
class Column:
    """A column: its name, its DuckDB type and what it means."""

    name: str
    sql_type: str
    comment: str


@dataclass(frozen=True)
class Table:
    """A table: what one row of it is, and its columns in order."""

    name: str
    comment: str
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(c.name for c in self.columns)

    @property
    def arrow_schema(self) -> pa.Schema:
        """The table as an Arrow schema; times are in UTC."""
        return pa.schema([(c.name, ARROW_TYPES[c.sql_type]) for c in self.columns])


def tables(form: Form) -> tuple[Table, ...]:
    """All tables of the warehouse for that form, in the order in which they are built."""
    return (
        _SUBMISSION,
        _FINDING,
        _DECISION,
        _NOTICE,
        _UNIT_STATUS,
        *(_section_table(s) for s in form.tables),
        *((_org_meeting(form.by_key["orgs"]),) if "orgs" in form.by_key else ()),
        _unit_summary(form),
        _campaign_summary(form),
        _SUBMISSION_CHANGE,
        _LINEAGE,
        _NIGHT,
        _REPORT_FIGURE,
        _FIGURE_SOURCE,
    )


def ddl(table: Table) -> list[str]:
    """The statements that create an empty table with its comments."""
    columns = ",\n  ".join(f"{c.name} {c.sql_type}" for c in table.columns)
    comments = [f"COMMENT ON COLUMN {table.name}.{c.name} IS {quoted(c.comment)}" for c in table.columns]
    return [f"CREATE TABLE {table.name} (\n  {columns}\n)",
            f"COMMENT ON TABLE {table.name} IS {quoted(table.comment)}", *comments]


def pair_fields(form: Form) -> tuple[tuple[str, FormField], ...]:
    """Section key and field of every key of `unit_summary`: all of `info` and `text` but the unit itself."""
    return tuple((s.key, f) for s in form.sections if s.layout == "pairs" for f in s.fields if f.type != "unit")


def summed_keys(form: Form) -> tuple[str, ...]:
    """The keys that the form says are summed over units, in the form's order."""
    return tuple(f.key for _, f in pair_fields(form) if f.summed)


def columns_read(field: FormField, section: Section) -> tuple[str, ...]:
    """The columns of the section that the field's `from_rows` names, in the form's order; none of a count of rows."""
    words = set(re.findall(r"[a-z_0-9]+", field.from_rows.value)) if field.from_rows else set()
    return tuple(f.column_name for f in section.fields if f.column_name in words)


def quoted(text: str) -> str:
    """The text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def has_window(section: Section) -> bool:
    """Whether the rows of a section's own table are said to be in their window (lines of organisations are only
    once it is known which line counts)."""
    return section.window is not None and section.key != "orgs"


def row_name(section: Section, row: str) -> str:
    """The SQL for a row's name as findings and lineage have it: of an organisation's line the commune's name, of a
    commune's the organisation's code, of any other row its key. `row` is the table or alias; `unit_status` is read.
    """
    keys = [section.by_key[key] for key in section.row_key]
    commune = next((f.column_name for f in keys if f.type == "commune"), None)
    own = " || ' – ' || ".join(f"{row}.{f.column_name}" for f in keys if f.column_name != commune) or "NULL"
    if commune is None:
        return own
    told = "(SELECT told.{} FROM unit_status AS told WHERE told.unit_code = {}.{})"
    return (f"CASE WHEN {told.format('unit_type', row, 'unit_code')} = 'district_org' "
            f"THEN {told.format('unit_name', row, commune)} ELSE {own} END")


def _field_column(field: FormField) -> Column:
    codes = f" One of: {', '.join(f'{c.code} ({c.label})' for c in field.choice)}." if field.choice else ""
    return Column(field.column_name, field.sql_type,
                  f"{field.description}. Label: {field.label}. Clause {field.clause}.{codes}")


def _summary_column(field: FormField) -> Column:
    column = _field_column(field)
    if field.from_rows is None:
        return column
    win = f" Where rows of `{field.from_rows.section}` were reported: {field.from_rows.value}."
    return Column(column.name, column.sql_type, column.comment + win)


_UNIT = Column("unit_code", "VARCHAR", "The unit's code in the registry")
_SUBMISSION_ID = Column("submission_id", "VARCHAR", "The submission that the row was read from")
_IN_WINDOW = Column("in_window", "BOOLEAN",
                    "Held within the campaign's window, both days included; NULL: not held, or date not known (II.4)")


def _section_table(section: Section) -> Table:
    window = (_IN_WINDOW,) if has_window(section) else ()
    unit = Column("unit_code", "VARCHAR", "The code of the unit that reported the row")
    return Table(section.table, f"{section.description}, of the unit's latest accepted submission that has any",
                 (unit, _SUBMISSION_ID, *map(_field_column, section.fields), *window))


def _org_meeting(section: Section) -> Table:
    window = (_IN_WINDOW,) if section.window else ()
    reported = _section_table(section)
    return Table("org_meeting", "One row per organisation and commune: the organisation's own line, else the commune's",
                 (*reported.columns, *window))


def _unit_summary(form: Form) -> Table:
    latest = Column("submission_id", "VARCHAR", "The unit's latest accepted submission")
    return Table("unit_summary", "One row per unit with an accepted report: what it says of itself; rows that were "
                 "reported win over the unit's own totals",
                 (_UNIT, latest, *(_summary_column(f) for _, f in pair_fields(form))))


def _campaign_summary(form: Form) -> Table:
    """The columns of the contract that the form provides for, then whatever else it says is summed."""
    known = {c.name: c for c in (*_UNIT_COUNTS, *_derived_counts(form), *_summed_columns(form))}
    order = [*(n for n in CAMPAIGN_SUMMARY_ORDER if n in known), *(n for n in known if n not in CAMPAIGN_SUMMARY_ORDER)]
    return Table("campaign_summary", "The whole campaign in one row", tuple(known[n] for n in order))


def _summed_columns(form: Form) -> list[Column]:
    fields = [f for _, f in pair_fields(form) if f.summed]
    return [Column(f.key, "INTEGER", f"{f.description}. Label: {f.label}. Sum over unit_summary.") for f in fields]


def _derived_counts(form: Form) -> list[Column]:
    """The counts that are made from rows, each where the form declares the field that it is made from."""
    return [Column(name, "INTEGER", comment) for name, section, key, comment in _DERIVED if form.has(section, key)]


CAMPAIGN_SUMMARY_ORDER = (
    "units_expected", "units_reported", "units_on_time", "units_late", "units_returned", "units_missing",
    "cells_total", "cells_held", "cells_held_separately", "cells_held_combined", "cells_in_window",
    "members_total", "members_attended", "org_branches_total", "org_branches_held",
    "villages_total", "village_heads_party", "prospects_introduced", "news_items",
)

_UNIT_COUNTS = (
    Column("units_expected", "INTEGER", "Units of the registry"),
    Column("units_reported", "INTEGER", "Units with an accepted report, on time or late"),
    Column("units_on_time", "INTEGER", "Units whose first accepted report came before the deadline (III.4)"),
    Column("units_late", "INTEGER", "Units whose first accepted report came at the deadline or later; they count"),
    Column("units_returned", "INTEGER", "Units with no accepted report, of which one was returned or unreadable"),
    Column("units_missing", "INTEGER", "Units of which nothing came"),
)

_DERIVED = (
    ("cells_in_window", "cells", "held_on", "Party cells that met within the window (II.4)"),
    ("cells_out_of_window", "cells", "held_on", "Party cells that met outside the window (II.4)"),
    ("cells_date_unknown", "cells", "held_on",
     "Party cells that met on a day not known, since their unit reports them only as part of a total"),
    ("org_branches_total", "orgs", "branches_total", "Branches that had to hold the meeting; sum over org_meeting"),
    ("org_branches_held", "orgs", "branches_held", "Branches that held it; sum over org_meeting"),
)

_SUBMISSION = Table("submission", "One row per arrival", (
    Column("submission_id", "VARCHAR", "Identifies the arrival: file name, time of receipt and bytes"),
    Column("file_name", "VARCHAR", "Name of the file, as its path below the inbox; in a mailbox, below its message"),
    Column("sha256", "VARCHAR", "SHA-256 of its bytes; the original is kept under it"),
    Column("received_at", "TIMESTAMPTZ", "When it was received"),
    Column("channel", "VARCHAR", "How it came: folder or mailbox"),
    Column("sender", "VARCHAR", "The address that sent it, where the channel tells"),
    Column("unit_code", "VARCHAR", "The unit that it reports for, where that is known"),
    Column("status", "VARCHAR", "accepted, returned, rejected or duplicate"),
    Column("reason", "VARCHAR", "Why, in Vietnamese; of an accepted one the decision by which it counts"),
    Column("set_aside", "BOOLEAN", "Held for an officer since its sender is none of the unit's, or withdrawn by one: "
                                   "it says nothing of its unit"),
))

_FINDING = Table("finding", "One row per breach of a rule", (
    Column("submission_id", "VARCHAR", "The submission in which it was found"),
    Column("rule", "VARCHAR", "The rule that is broken"),
    Column("severity", "VARCHAR", "error: the file is returned or rejected; warning: it counts and is listed"),
    Column("section", "VARCHAR", "The section of the report: info, cells, orgs, villages or text"),
    Column("row_name", "VARCHAR", "The cell's or village's name; of an organisation's line the commune's name, of a "
                                  "commune's the organisation's code"),
    Column("field", "VARCHAR", "The field's key in the form"),
    Column("value", "VARCHAR", "The value that breaks the rule, as the file has it"),
    Column("sheet", "VARCHAR", "Sheet, member of an archive, or table or paragraph of a Word file"),
    Column("cell", "VARCHAR", "Ref such as C7, or the paragraph's number"),
    Column("message", "VARCHAR", "What is wrong and what is expected, in Vietnamese, for the unit"),
    Column("decision_id", "INTEGER", "The officer's decision that settles it: an error then is a warning"),
    Column("replaced", "BOOLEAN", "A later accepted file of the unit stands in the place of what it is about: nothing "
                                  "is left to mend"),
))

_DECISION = Table("decision", "One row per decision of an officer that held by the night's moment", (
    Column("decision_id", "INTEGER", "Its number in the record"),
    Column("holds_from", "TIMESTAMPTZ", "A night told as of an earlier moment does not know it"),
    Column("recorded_at", "TIMESTAMPTZ", "When it was recorded"),
    Column("account", "VARCHAR", "The officer's account"),
    Column("reason", "VARCHAR", "Why"),
    Column("kind", "VARCHAR", "assign, accept, withdraw, rename, alias, settle or undo"),
    Column("submission_id", "VARCHAR", "The file that it is about"),
    Column("unit_code", "VARCHAR", "The unit that it names; of settle the one whose line counts"),
    Column("rule", "VARCHAR", "Of accept: the rule in spite of which the file counts"),
    Column("section", "VARCHAR", "Of accept: only of this section"),
    Column("row_name", "VARCHAR", "Of accept: only of this row"),
    Column("field", "VARCHAR", "Of accept: only of this field"),
    Column("organisation", "VARCHAR", "Of settle: the organisation"),
    Column("commune_code", "VARCHAR", "Of settle: the commune"),
    Column("name", "VARCHAR", "Of rename and alias: what the unit is called"),
    Column("undoes", "INTEGER", "Of undo: the decision that no longer holds"),
    Column("state", "VARCHAR", "in_force, undone, superseded (a later one is about the same) or unmatched (nothing is "
                               "there any more that it speaks of)"),
))

_NOTICE = Table("notice", "One row per message that was sent, or tried, as of a moment before the night's", (
    Column("notice_id", "VARCHAR", "The same for the same message; its Message-ID begins with it"),
    Column("kind", "VARCHAR", "reminder (to a unit), night (to an officer, after a night) or failure (at once)"),
    Column("unit_code", "VARCHAR", "The unit that is reminded"),
    Column("recipient", "VARCHAR", "The address"),
    Column("subject", "VARCHAR", "The subject"),
    Column("as_of", "TIMESTAMPTZ", "The moment as of which it tells"),
    Column("recorded_at", "TIMESTAMPTZ", "When this became of it"),
    Column("state", "VARCHAR", "sent, failed, or sending: the server's answer was lost, it is not sent again"),
    Column("problem", "VARCHAR", "Why it failed"),
))

_UNIT_STATUS = Table("unit_status", "One row per unit of the registry: how far its report is", (
    _UNIT,
    Column("unit_name", "VARCHAR", "The unit's name"),
    Column("unit_type", "VARCHAR", "xa, thi_tran, phuong or district_org"),
    Column("status", "VARCHAR", "accepted, returned or missing"),
    Column("on_time", "BOOLEAN", "Its first accepted report came before the deadline (III.4); NULL: none was accepted"),
    Column("received_at", "TIMESTAMPTZ", "When its latest accepted report was received"),
    Column("submission_id", "VARCHAR", "Its latest accepted submission"),
))

_SUBMISSION_CHANGE = Table(
    "submission_change", "One row per value that a later accepted file of a unit changed: a value of another number or "
    "word, each value of a row that is gone or new", (
        _UNIT,
        Column("section", "VARCHAR", "The section of the report: info, cells, orgs, villages or text"),
        Column("row_name", "VARCHAR", "The row's name as in `finding`; NULL in info and text"),
        Column("field", "VARCHAR", "The field's key in the form"),
        Column("old_submission_id", "VARCHAR", "The accepted submission that gave the old value; where the value is "
                                               "new, the unit's one before that has anything in the section"),
        Column("new_submission_id", "VARCHAR", "The accepted submission that changed it"),
        Column("old_value", "VARCHAR", "The value before, as 25, 2022-04-05, true, a code or a text; NULL: none"),
        Column("new_value", "VARCHAR", "The value since; NULL: none any more"),
        Column("old_sheet", "VARCHAR", "Where the old value stands: sheet, member of an archive, or table or paragraph "
                                       "of a Word file"),
        Column("old_cell", "VARCHAR", "Ref such as C7, or the paragraph's number"),
        Column("new_sheet", "VARCHAR", "Where the new value stands, likewise"),
        Column("new_cell", "VARCHAR", "Ref such as C7, or the paragraph's number"),
    ))

_LINEAGE = Table("lineage", "One row per value of a mart that was read from a file; sums are traced by their query", (
    Column("table_name", "VARCHAR", "unit_summary, cell_meeting, org_meeting_reported, org_meeting or village"),
    Column("unit_code", "VARCHAR", "The unit that reported the value"),
    Column("row_name", "VARCHAR", "The row's name as in `finding`; NULL in unit_summary"),
    Column("field", "VARCHAR", "The mart's column"),
    Column("submission_id", "VARCHAR", "The submission that it was read from"),
    Column("sheet", "VARCHAR", "Sheet, member of an archive, or table or paragraph of a Word file"),
    Column("cell", "VARCHAR", "Ref such as C7, or the paragraph's number"),
    Column("raw_text", "VARCHAR", "The value as it stands in the file; NULL: the place is blank, as of a mark not set"),
))

_NIGHT = Table("night", "The night that built this warehouse (one row)", (
    Column("campaign_key", "VARCHAR", "The campaign's key"),
    Column("campaign_name", "VARCHAR", "The campaign's name"),
    Column("campaign_digest", "VARCHAR", "SHA-256 over the campaign's files"),
    Column("as_of", "TIMESTAMPTZ", "What was received later is not in this warehouse"),
    Column("deadline", "TIMESTAMPTZ", "Reports received at this moment or later are late (III.4)"),
    Column("time_zone", "VARCHAR", "The campaign's time zone"),
    Column("draft", "BOOLEAN", "The deadline had not passed: the consolidated report is a draft"),
))

_REPORT_FIGURE = Table("report_figure", "One row per number in the consolidated report", (
    Column("figure", "VARCHAR", "The figure's name, as declared in figures.toml"),
    Column("value", "DOUBLE", "The number; a share is between 0 and 1; NULL: not known"),
    Column("printed", "VARCHAR", "As the report prints it: 1.234 or 94,4%"),
))

_FIGURE_SOURCE = Table("figure_source", "Where a figure, or a key of unit_summary, comes from; read by `tonghop why`", (
    Column("figure", "VARCHAR", "The figure's name, the key of unit_summary, the table, or the column"),
    Column("kind", "VARCHAR", "figure, key, row (a table of rows: how a row is named), or column (what it is called)"),
    Column("description", "VARCHAR", "What it counts or is, in Vietnamese"),
    Column("query", "VARCHAR", "The query that yields it; of a key that rows give, the SQL over the unit's rows; of a "
                               "table, the SQL for a row's name as in `lineage`"),
    Column("table_name", "VARCHAR", "The table whose rows are behind it"),
    Column("fields", "VARCHAR[]", "The columns of that table that it is made from"),
    Column("condition", "VARCHAR", "The SQL condition on those rows; NULL: all"),
    Column("asked", "VARCHAR[]", "Of whom it is asked: commune, district_org, or codes of units; NULL: of no report"),
))
