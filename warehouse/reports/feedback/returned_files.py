"""The files that go back to each unit, each with its findings in words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from sources.campaigns import Campaign
from warehouse.reports import wording
from warehouse.reports.queries import query

MAX_FINDINGS = 2_000  # of one file; who has that many corrects the file, not its cells
_MAX_VALUE_LENGTH = 300
_WORD_TABLE = re.compile(r"(?:^|\W)Bảng \d+$")


@dataclass(frozen=True)
class FeedbackItem:
    """One finding as the unit reads it: its place, what it is about, the value there, what to do.

    about  the row and the field; "" where the finding is about the file as a whole
    rule   the name of what is wrong
    """

    severity: str
    sheet: str
    cell: str
    about: str
    value: str
    message: str
    rule: str = ""

    @property
    def is_error(self) -> bool:
        """Whether the file was returned for it."""
        return self.severity == "error"

    @property
    def place(self) -> str:
        """The place in words: `trang “Chi bộ”, ô F12`, `Bảng 2, ô C7`, `Đoạn 14`; "" for the file
        as a whole."""
        if not self.sheet or self.sheet.endswith(f"Đoạn {self.cell}"):
            return self.sheet
        sheet = self.sheet if _WORD_TABLE.search(self.sheet) else f"trang “{self.sheet}”"
        return f"{sheet}, ô {self.cell}" if self.cell else sheet


@dataclass(frozen=True)
class ReturnedFile:
    """A file that goes back to its unit; `replaced`: the unit has since sent one that counts.

    unit_has_report  whether any file of the unit counts
    """

    submission_id: str
    unit_code: str
    file_name: str
    sha256: str
    received_at: dt.datetime
    status: str
    reason: str
    replaced: bool
    unit_has_report: bool
    findings: Sequence[FeedbackItem] = field(default=())

    @property
    def errors(self) -> list[FeedbackItem]:
        """What the file was returned for."""
        return [item for item in self.findings if item.is_error]

    @property
    def warnings(self) -> list[FeedbackItem]:
        """What should be looked at as well."""
        return [item for item in self.findings if not item.is_error]


def returned_files(
    con: duckdb.DuckDBPyConnection, campaign: Campaign
) -> dict[str, list[ReturnedFile]]:
    """The files that go back, by unit code, each unit's in the order of receipt (times in the
    campaign's zone)."""
    limits = {"most": MAX_FINDINGS, "longest": _MAX_VALUE_LENGTH}
    con.execute(query("reported_file"))
    findings: dict[str, list[FeedbackItem]] = {}
    for submission_id, *values in con.execute(query("feedback_findings"), limits).fetchall():
        findings.setdefault(submission_id, []).append(feedback_item(values, campaign))
    files: dict[str, list[ReturnedFile]] = {}
    for row in con.execute(query("feedback_files")).fetchall():
        submission_id, code, name, sha256, received, status, reason, replaced, has_report = row
        received_at = dt.datetime.fromtimestamp(received, campaign.zone)
        files.setdefault(code, []).append(
            ReturnedFile(
                submission_id,
                code,
                name,
                sha256,
                received_at,
                status,
                reason or "",
                replaced,
                has_report,
                findings.get(submission_id, ()),
            )
        )
    return files


def feedback_item(values: Sequence[str | None], campaign: Campaign) -> FeedbackItem:
    """The finding of these values: severity, rule, section, row_name, field, value, sheet, cell,
    message."""
    severity, rule, section, row_name, field_key, value, sheet, cell, message = values
    form = campaign.form
    names = (
        wording.row_label(form, section, row_name),
        wording.field_label(form, section, field_key),
    )
    about = " – ".join(n for n in names if n)
    rule_label = wording.rule_label(str(rule), campaign)
    return FeedbackItem(
        str(severity),
        sheet or "",
        cell or "",
        about,
        value or "",
        message or rule_label,
        rule_label,
    )
