"""The tables with a row per unit of the registry, the same of every campaign: how far its report is,
what the register knows of it, how well it reports."""

from __future__ import annotations

from warehouse.fixed_tables import UNIT
from warehouse.table import Column, Table

UNIT_STATUS = Table(
    "unit_status",
    "One row per unit of the registry: how far its report is",
    (
        UNIT,
        Column("unit_name", "VARCHAR", "The unit's name"),
        Column("unit_type", "VARCHAR", "xa, thi_tran, phuong or district_org"),
        Column("status", "VARCHAR", "accepted, returned or missing"),
        Column(
            "on_time",
            "BOOLEAN",
            "Its first accepted report came before the deadline (III.4); NULL: none was accepted",
        ),
        Column("received_at", "TIMESTAMPTZ", "When its latest accepted report was received"),
        Column("submission_id", "VARCHAR", "Its latest accepted submission"),
        Column(
            "register_cells",
            "INTEGER",
            "Its party cells by the district's register (units.csv), whether it reports or not; "
            "NULL: not known",
        ),
        Column("register_members", "INTEGER", "Its Party members by the register, likewise"),
        Column(
            "register_villages",
            "INTEGER",
            "Its villages and neighbourhoods by the register, likewise",
        ),
        Column(
            "register_branches",
            "INTEGER",
            "The branches of its organisations by the register, likewise",
        ),
    ),
)

UNIT_QUALITY = Table(
    "unit_quality",
    "One row per unit of the registry: how well it reports, from 0 to 100",
    (
        UNIT,
        Column("files_sent", "INTEGER", "Its files, without duplicates, held and withdrawn ones"),
        Column("files_returned", "INTEGER", "Of these, the returned and rejected ones"),
        Column("errors", "INTEGER", "Its errors that are counted (finding.counted)"),
        Column(
            "warnings",
            "INTEGER",
            "Its counted warnings about the report (finding.about = 'report')",
        ),
        Column(
            "meeting_warnings",
            "INTEGER",
            "Its counted warnings about the meeting, which are not in the score",
        ),
        Column(
            "score",
            "INTEGER",
            "100 - 20 * files_returned - 5 * errors - warnings, at least 0; NULL: no file came",
        ),
    ),
)
