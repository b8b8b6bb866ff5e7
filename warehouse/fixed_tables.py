"""The tables that are the same of every campaign: arrivals, findings, decisions, and where
numbers come from."""

from __future__ import annotations

from warehouse.table import Column, Table

UNIT = Column("unit_code", "VARCHAR", "The unit's code in the registry")

SUBMISSION = Table(
    "submission",
    "One row per arrival",
    (
        Column(
            "submission_id",
            "VARCHAR",
            "Identifies the arrival: file name, time of receipt and bytes",
        ),
        Column(
            "file_name",
            "VARCHAR",
            "Name of the file, as its path below the inbox; in a mailbox, below its message",
        ),
        Column("sha256", "VARCHAR", "SHA-256 of its bytes; the original is kept under it"),
        Column("received_at", "TIMESTAMPTZ", "When it was received"),
        Column("channel", "VARCHAR", "How it came: folder or mailbox"),
        Column("sender", "VARCHAR", "The address that sent it, where the channel knows it"),
        Column("unit_code", "VARCHAR", "The unit that it reports for, where that is known"),
        Column(
            "status",
            "VARCHAR",
            "accepted, returned, rejected, held (waits for an officer) or duplicate",
        ),
        Column(
            "reason",
            "VARCHAR",
            "Why, in Vietnamese; of an accepted one the decision by which it counts",
        ),
        Column(
            "set_aside",
            "BOOLEAN",
            "Held for an officer, since its sender or its issuer is not the unit, or withdrawn "
            "by one: its unit's status does not depend on it",
        ),
    ),
)

FINDING = Table(
    "finding",
    "One row per breach of a rule",
    (
        Column("submission_id", "VARCHAR", "The submission in which it was found"),
        Column("rule", "VARCHAR", "The rule that is broken"),
        Column(
            "severity",
            "VARCHAR",
            "error: the file is returned or rejected; warning: it counts and is listed",
        ),
        Column(
            "section", "VARCHAR", "The section of the report: info, cells, orgs, villages or text"
        ),
        Column(
            "row_name",
            "VARCHAR",
            "The cell's or village's name; of an organisation's line the commune's name, of a "
            "commune's the organisation's code",
        ),
        Column("field", "VARCHAR", "The field's key in the form"),
        Column("value", "VARCHAR", "The value that breaks the rule, as the file has it"),
        Column(
            "sheet", "VARCHAR", "Sheet, member of an archive, or table or paragraph of a Word file"
        ),
        Column("cell", "VARCHAR", "Ref such as C7, or the paragraph's number"),
        Column(
            "message", "VARCHAR", "What is wrong and what is expected, in Vietnamese, for the unit"
        ),
        Column(
            "decision_id",
            "INTEGER",
            "The officer's decision that settles it: an error then is a warning",
        ),
        Column(
            "replaced",
            "BOOLEAN",
            "A later accepted file of the unit replaced what it is about: nothing is left to correct",
        ),
        UNIT,
        Column(
            "about",
            "VARCHAR",
            "report: how well the report was made; meeting: how the meeting was held, which says "
            "nothing of the report's quality",
        ),
        Column(
            "counted",
            "BOOLEAN",
            "Among the errors and warnings whose number report, page and terminal print: not "
            "replaced, its file not set aside, and of a warning its file accepted",
        ),
    ),
)

DECISION = Table(
    "decision",
    "One row per decision of an officer whose `holds_from` is not after the night's moment",
    (
        Column("decision_id", "INTEGER", "Its number in the record"),
        Column("holds_from", "TIMESTAMPTZ", "A night as of an earlier moment does not know it"),
        Column("recorded_at", "TIMESTAMPTZ", "When it was recorded"),
        Column("account", "VARCHAR", "The officer's account"),
        Column("reason", "VARCHAR", "Why"),
        Column(
            "kind",
            "VARCHAR",
            "assign, accept, withdraw, received, rename, alias, settle, replace, confirm, report, issue or undo",
        ),
        Column("submission_id", "VARCHAR", "The file that it is about"),
        Column(
            "unit_code", "VARCHAR", "The unit that it names; of settle the one whose line counts"
        ),
        Column("rule", "VARCHAR", "Of accept: the rule in spite of which the file counts"),
        Column("section", "VARCHAR", "Of accept: only of this section"),
        Column("row_name", "VARCHAR", "Of accept: only of this row"),
        Column(
            "field",
            "VARCHAR",
            "Of accept: only of this field; of report: what of it the officer wrote (the text is in "
            "the record alone)",
        ),
        Column("organisation", "VARCHAR", "Of settle: the organisation"),
        Column("commune_code", "VARCHAR", "Of settle: the commune"),
        Column(
            "name",
            "VARCHAR",
            "Of rename and alias: what the unit is called; of issue: the folder of the report",
        ),
        Column("undoes", "INTEGER", "Of undo: the decision that no longer holds"),
        Column(
            "sha256",
            "VARCHAR",
            "Of confirm: the content of the scan; of issue: the manifest of the report's folder; of "
            "received: the file's",
        ),
        Column("page", "INTEGER", "Of confirm: the page"),
        Column(
            "box", "VARCHAR", "Of confirm: left,top,right,bottom in ten thousandths of the page"
        ),
        Column(
            "value",
            "VARCHAR",
            "Of confirm: what stands there, as the officer typed it; of issue: a digest of the "
            "report's numbers",
        ),
        Column("received_at", "TIMESTAMPTZ", "Of received: when the file was received"),
        Column(
            "state",
            "VARCHAR",
            "in_force, undone, superseded (a later one is about the same) or unmatched (what it is "
            "about is no longer there)",
        ),
    ),
)

CONFIRMATION = Table(
    "confirmation",
    "One row per value that was read from a scan or photograph, whether it counts or waits",
    (
        Column("submission_id", "VARCHAR", "The submission that holds it"),
        Column("section", "VARCHAR", "The section of the report"),
        Column("row_name", "VARCHAR", "The row's name, as findings have it"),
        Column("field", "VARCHAR", "The field's key in the form"),
        Column("page", "INTEGER", "The page, from 1"),
        Column("box", "VARCHAR", "left,top,right,bottom in ten thousandths of the page"),
        Column(
            "value",
            "VARCHAR",
            "The value as read, or as an officer corrected it, in canonical text",
        ),
        Column("confidence", "INTEGER", "0 to 100, of the least sure character"),
        Column(
            "state",
            "VARCHAR",
            "waiting, confirmed or corrected (by an officer), or proved (the engines are sure, and "
            "a total confirms it)",
        ),
        Column("decision_id", "INTEGER", "The officer's decision"),
        Column("raw_text", "VARCHAR", "The text as read, or as an officer corrected it"),
        Column("sheet", "VARCHAR", "The table or paragraph of the scan"),
        Column("cell", "VARCHAR", "Ref such as C7, or the paragraph's number"),
        Column("required", "BOOLEAN", "The file is on hold until this value is settled"),
    ),
)

NOTICE = Table(
    "notice",
    "One row per message that was sent, or tried, as of a moment before the night's",
    (
        Column(
            "notice_id", "VARCHAR", "The same for the same message; its Message-ID begins with it"
        ),
        Column(
            "kind",
            "VARCHAR",
            "reminder (to a unit), night (to an officer, after a night) or failure (at once)",
        ),
        Column("unit_code", "VARCHAR", "The unit that is reminded"),
        Column("recipient", "VARCHAR", "The address"),
        Column("subject", "VARCHAR", "The subject"),
        Column("as_of", "TIMESTAMPTZ", "The moment whose state it reports"),
        Column("recorded_at", "TIMESTAMPTZ", "When this state was reached"),
        Column(
            "state",
            "VARCHAR",
            "sent, failed, or sending: the server's answer was lost, it is not sent again",
        ),
        Column("problem", "VARCHAR", "Why it failed"),
    ),
)

CODE_LABEL = Table(
    "code_label",
    "One row per code that a column of a table may hold, with what people call it in Vietnamese",
    (
        Column("table_name", "VARCHAR", "The table"),
        Column("column_name", "VARCHAR", "Its column"),
        Column("code", "VARCHAR", "The code, such as village"),
        Column("label", "VARCHAR", "What people call it, such as Thôn, tổ dân phố"),
    ),
)

SUBMISSION_CHANGE = Table(
    "submission_change",
    "One row per value that a later accepted file of a unit changed: a value of another number or "
    "word, each value of a row that is gone or new",
    (
        UNIT,
        Column(
            "section", "VARCHAR", "The section of the report: info, cells, orgs, villages or text"
        ),
        Column("row_name", "VARCHAR", "The row's name as in `finding`; NULL in info and text"),
        Column("field", "VARCHAR", "The field's key in the form"),
        Column(
            "old_submission_id",
            "VARCHAR",
            "The accepted submission that gave the old value; where the value is "
            "new, the unit's one before that has anything in the section",
        ),
        Column("new_submission_id", "VARCHAR", "The accepted submission that changed it"),
        Column(
            "old_value",
            "VARCHAR",
            "The value before, as 25, 2022-04-05, true, a code or a text; NULL: none",
        ),
        Column("new_value", "VARCHAR", "The value since; NULL: none any more"),
        Column(
            "old_sheet",
            "VARCHAR",
            "Where the old value stands: sheet, member of an archive, or table or paragraph "
            "of a Word file",
        ),
        Column("old_cell", "VARCHAR", "Ref such as C7, or the paragraph's number"),
        Column("new_sheet", "VARCHAR", "Where the new value stands, likewise"),
        Column("new_cell", "VARCHAR", "Ref such as C7, or the paragraph's number"),
    ),
)

LINEAGE = Table(
    "lineage",
    "One row per value of a mart that was read from a file; sums are traced by their query",
    (
        Column(
            "table_name",
            "VARCHAR",
            "unit_summary, cell_meeting, org_meeting_reported, org_meeting or village",
        ),
        Column("unit_code", "VARCHAR", "The unit that reported the value"),
        Column("row_name", "VARCHAR", "The row's name as in `finding`; NULL in unit_summary"),
        Column("field", "VARCHAR", "The mart's column"),
        Column("submission_id", "VARCHAR", "The submission that it was read from"),
        Column(
            "sheet", "VARCHAR", "Sheet, member of an archive, or table or paragraph of a Word file"
        ),
        Column("cell", "VARCHAR", "Ref such as C7, or the paragraph's number"),
        Column(
            "raw_text",
            "VARCHAR",
            "The value as it stands in the file; NULL: the place is blank, as of a mark not set",
        ),
    ),
)

NIGHT = Table(
    "night",
    "The night that built this warehouse (one row)",
    (
        Column("campaign_key", "VARCHAR", "The campaign's key"),
        Column("campaign_name", "VARCHAR", "The campaign's name"),
        Column("campaign_digest", "VARCHAR", "SHA-256 over the campaign's files"),
        Column("as_of", "TIMESTAMPTZ", "What was received later is not in this warehouse"),
        Column(
            "deadline", "TIMESTAMPTZ", "Reports received at this moment or later are late (III.4)"
        ),
        Column("time_zone", "VARCHAR", "The campaign's time zone"),
        Column(
            "heads_target",
            "DOUBLE",
            "The campaign's target for the share of village heads who are Party members, 0 to 1",
        ),
        Column("draft", "BOOLEAN", "The deadline had not passed: reports could still come in time"),
    ),
)

REPORT_FIGURE = Table(
    "report_figure",
    "One row per number in the consolidated report",
    (
        Column("figure", "VARCHAR", "The figure's name, as declared in figures.toml"),
        Column("value", "DOUBLE", "The number; a share is between 0 and 1; NULL: not known"),
        Column("printed", "VARCHAR", "As the report prints it: 1.234 or 94,4%"),
    ),
)

UNIT_FIGURE = Table(
    "unit_figure",
    "One row per figure that compares communes, and commune of which it is known",
    (
        UNIT,
        Column("figure", "VARCHAR", "The figure's name, as declared in figures.toml"),
        Column("value", "DOUBLE", "The number of this commune alone; a share is between 0 and 1"),
        Column("printed", "VARCHAR", "As the report prints it: 1.234 or 94,4%"),
    ),
)

UNIT_ATTENDANCE = Table(
    "unit_attendance",
    "One row per unit with members: the two numbers of each share over members, both over the cells "
    "that give both; a unit without such rows by its own totals",
    (
        UNIT,
        Column(
            "members_known",
            "BIGINT",
            "Members of whose cells it is known how many attended, a cell that did not meet included",
        ),
        Column("members_attended", "BIGINT", "Of members_known, those who attended"),
        Column(
            "members_met",
            "BIGINT",
            "Members of the cells that met and say how many attended; of a unit with totals alone, "
            "where all its cells met",
        ),
        Column("members_attended_met", "BIGINT", "Of members_met, those who attended"),
        Column(
            "is_complete",
            "BOOLEAN",
            "Of every cell that met it is known how many of how many members attended; true where none "
            "met",
        ),
        Column(
            "members_of_assigned",
            "BIGINT",
            "Members of the cells that say how many were given a task (II.2.3)",
        ),
        Column("members_assigned", "BIGINT", "Of members_of_assigned, those given a task"),
    ),
)

FIGURE_SOURCE = Table(
    "figure_source",
    "Where a figure, or a key of unit_summary, comes from; read by `tonghop why`",
    (
        Column(
            "figure",
            "VARCHAR",
            "The figure's name, the key of unit_summary, the table, or the column",
        ),
        Column(
            "kind",
            "VARCHAR",
            "figure, key, row (a table of rows: how a row is named), or column (what it is called)",
        ),
        Column("description", "VARCHAR", "What it counts or is, in Vietnamese"),
        Column(
            "query",
            "VARCHAR",
            "The query that yields it; of a key that rows give, the SQL over the unit's rows; of a "
            "table, the SQL for a row's name as in `lineage`",
        ),
        Column("table_name", "VARCHAR", "The table whose rows are behind it"),
        Column("fields", "VARCHAR[]", "The columns of that table that it is made from"),
        Column("condition", "VARCHAR", "The SQL condition on those rows; NULL: all"),
        Column(
            "asked",
            "VARCHAR[]",
            "Of whom it is asked: commune, district_org, or codes of units; NULL: of no report",
        ),
    ),
)
