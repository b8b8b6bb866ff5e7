"""The contract's tables, declared once: their columns come from the campaign's form, comments from
its descriptions.

`tables(form)` lists them in the order in which they are built. DDL, Arrow schemas and the data
dictionary are made from it.
"""

from __future__ import annotations

from sources.form import Form, FormField, Section
from sources.sql_parsing import columns_named
from warehouse.fixed_tables import (
    CODE_LABEL,
    CONFIRMATION,
    DECISION,
    FIGURE_SOURCE,
    FINDING,
    LINEAGE,
    NIGHT,
    NOTICE,
    REPORT_FIGURE,
    SUBMISSION,
    SUBMISSION_CHANGE,
    UNIT,
    UNIT_ATTENDANCE,
    UNIT_FIGURE,
)
from warehouse.table import Column, Table
from warehouse.unit_tables import UNIT_QUALITY, UNIT_STATUS


def tables(form: Form) -> tuple[Table, ...]:
    """All tables of the warehouse for that form, in the order in which they are built."""
    return (
        SUBMISSION,
        FINDING,
        DECISION,
        CONFIRMATION,
        NOTICE,
        UNIT_STATUS,
        UNIT_QUALITY,
        *(_section_table(s) for s in form.tables),
        *((_org_meeting(form.by_key["orgs"]),) if "orgs" in form.by_key else ()),
        _unit_summary(form),
        *((UNIT_ATTENDANCE,) if has_attendance(form) else ()),
        _campaign_summary(form),
        SUBMISSION_CHANGE,
        LINEAGE,
        NIGHT,
        REPORT_FIGURE,
        UNIT_FIGURE,
        FIGURE_SOURCE,
        CODE_LABEL,
    )


def has_attendance(form: Form) -> bool:
    """Whether the form asks for all that `unit_attendance` is made from."""
    members = ("members_total", "members_attended", "members_assigned")
    return all(form.has(s, key) for s in ("cells", "info") for key in members) and all(
        form.has(s, key)
        for s, key in (("cells", "held_on"), ("info", "cells_held"), ("info", "cells_total"))
    )


def pair_fields(form: Form) -> tuple[tuple[str, FormField], ...]:
    """Section key and field of every key of `unit_summary`: all of `info` and `text` but the unit
    itself."""
    return tuple(
        (s.key, f)
        for s in form.sections
        if s.layout == "pairs"
        for f in s.fields
        if f.type != "unit"
    )


def summed_keys(form: Form) -> tuple[str, ...]:
    """The keys of fields with `summed`, in the form's order."""
    return tuple(f.key for _, f in pair_fields(form) if f.summed)


def columns_read(field: FormField, section: Section) -> tuple[str, ...]:
    """The columns of the section that the field's `from_rows` names, in the form's order; none of a
    count of rows."""
    return columns_in(field.from_rows.value, section) if field.from_rows else ()


def columns_in(expression: str, section: Section) -> tuple[str, ...]:
    """The columns of the section that the SQL expression reads, in the form's order."""
    named = columns_named(expression)
    return tuple(f.column_name for f in section.fields if f.column_name in named)


def has_window(section: Section) -> bool:
    """Whether the rows of a section's own table are said to be in their window (lines of
    organisations are only once it is known which line counts)."""
    return section.window is not None and section.key != "orgs"


def row_name(section: Section, row: str, units: str = "unit_status") -> str:
    """The SQL for a row's name as findings and lineage have it: of an organisation's line the
    commune's name, of a commune's the organisation's code, of any other row its key. `row` is the
    table or alias; `units` is read.
    """
    keys = [section.by_key[key] for key in section.row_key]
    commune = next((f.column_name for f in keys if f.type == "commune"), None)
    own = (
        " || ' – ' || ".join(f"{row}.{f.column_name}" for f in keys if f.column_name != commune)
        or "NULL"
    )
    if commune is None:
        return own
    unit_column_sql = f"(SELECT u.{{}} FROM {units} AS u WHERE u.unit_code = {{}}.{{}})"
    return (
        f"CASE WHEN {unit_column_sql.format('unit_type', row, 'unit_code')} = 'district_org' "
        f"THEN {unit_column_sql.format('unit_name', row, commune)} ELSE {own} END"
    )


def _field_column(field: FormField) -> Column:
    codes = (
        f" One of: {', '.join(f'{c.code} ({c.label})' for c in field.choice)}."
        if field.choice
        else ""
    )
    return Column(
        field.column_name,
        field.sql_type,
        f"{field.description}. Label: {field.label}. Clause {field.clause}.{codes}",
    )


def _summary_column(field: FormField) -> Column:
    column = _field_column(field)
    if field.from_rows is None:
        return column
    win = f" Where rows of `{field.from_rows.section}` were reported: {field.from_rows.value}."
    return Column(column.name, column.sql_type, column.comment + win)


_SUBMISSION_ID = Column(
    "submission_id",
    "VARCHAR",
    "The latest submission that gives any of the row; `lineage` has that of each value",
)
_IN_WINDOW = Column(
    "in_window",
    "BOOLEAN",
    "Took place within the campaign's window, both days included; NULL: did not take place, or date "
    "not known (II.4)",
)

_HEAD_CHANGE = Column(
    "head_change",
    "VARCHAR",
    "Head now and candidate: stays (both Party members), gains (only the candidate), loses (only the "
    "head now), none (neither, or no candidate yet); NULL: one of the two is not known",
)


def _section_table(section: Section) -> Table:
    derived = (_IN_WINDOW,) if has_window(section) else ()
    if (
        section.key == "villages"
        and {"head_is_party", "candidate_is_party"} <= section.by_key.keys()
    ):
        derived = (*derived, _HEAD_CHANGE)
    unit = Column("unit_code", "VARCHAR", "The code of the unit that reported the row")
    return Table(
        section.table,
        f"{section.description}: the rows that count, from one file of the unit or several",
        (unit, _SUBMISSION_ID, *map(_field_column, section.fields), *derived),
    )


def _org_meeting(section: Section) -> Table:
    window = (_IN_WINDOW,) if section.window else ()
    reported = _section_table(section)
    return Table(
        "org_meeting",
        "One row per organisation and commune: the organisation's own line, else the commune's",
        (*reported.columns, *window),
    )


def _unit_summary(form: Form) -> Table:
    latest = Column("submission_id", "VARCHAR", "The unit's latest accepted submission")
    return Table(
        "unit_summary",
        "One row per unit with an accepted report: what it reports of itself; reported rows win "
        "over the unit's own totals",
        (UNIT, latest, *(_summary_column(f) for _, f in pair_fields(form))),
    )


def _campaign_summary(form: Form) -> Table:
    """The columns of the contract that the form provides for, then its other fields with
    `summed`."""
    known = {c.name: c for c in (*_UNIT_COUNTS, *_derived_counts(form), *_summed_columns(form))}
    order = [
        *(n for n in CAMPAIGN_SUMMARY_ORDER if n in known),
        *(n for n in known if n not in CAMPAIGN_SUMMARY_ORDER),
    ]
    return Table(
        "campaign_summary", "The whole campaign in one row", tuple(known[n] for n in order)
    )


def _summed_columns(form: Form) -> list[Column]:
    fields = [f for _, f in pair_fields(form) if f.summed]
    return [
        Column(f.key, "BIGINT", f"{f.description}. Label: {f.label}. Sum over unit_summary.")
        for f in fields
    ]


def _derived_counts(form: Form) -> list[Column]:
    """The counts that are made from rows, each where the form declares the field that it is made
    from."""
    return [
        Column(name, "BIGINT", comment)
        for name, section, key, comment in _DERIVED
        if form.has(section, key)
    ]


CAMPAIGN_SUMMARY_ORDER = (
    "units_expected",
    "units_reported",
    "units_on_time",
    "units_late",
    "units_returned",
    "units_missing",
    "cells_total",
    "cells_held",
    "cells_held_separately",
    "cells_held_combined",
    "cells_in_window",
    "members_total",
    "members_attended",
    "org_branches_total",
    "org_branches_held",
    "villages_total",
    "village_heads_party",
    "prospects_introduced",
    "news_items",
)

_UNIT_COUNTS = (
    Column("units_expected", "INTEGER", "Units of the registry"),
    Column("units_reported", "INTEGER", "Units with an accepted report, on time or late"),
    Column(
        "units_on_time",
        "INTEGER",
        "Units whose first accepted report came before the deadline (III.4)",
    ),
    Column(
        "units_late",
        "INTEGER",
        "Units whose first accepted report came at the deadline or later; they count",
    ),
    Column(
        "units_returned",
        "INTEGER",
        "Units with no accepted report, of which one was returned or unreadable",
    ),
    Column("units_missing", "INTEGER", "Units of which nothing came"),
)

_DERIVED = (
    ("cells_in_window", "cells", "held_on", "Party cells that met within the window (II.4)"),
    ("cells_out_of_window", "cells", "held_on", "Party cells that met outside the window (II.4)"),
    (
        "cells_date_unknown",
        "cells",
        "held_on",
        "Party cells that met on a day not known, since their unit reports them only as part of a total",
    ),
    (
        "org_branches_total",
        "orgs",
        "branches_total",
        "Branches that had to hold the meeting; sum over org_meeting",
    ),
    ("org_branches_held", "orgs", "branches_held", "Branches that held it; sum over org_meeting"),
)
