"""The officer's part of the report, checked and recorded, whoever gives it."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

from flows.problems import Problem
from sources.campaigns import YEARS
from sources.decisions import REPORT_FIELDS, Decision

if TYPE_CHECKING:
    from flows.commands.decision_checks import DecisionChecks

MAX_TEXT_LENGTH = 100_000  # characters of the causes, the introduction or the conclusions
MAX_LINE_LENGTH = 200  # characters of a name or a title
MAX_NUMBER = 9999
REASON = "Phần của cán bộ trong báo cáo"


class PartError(ValueError):
    """A value that the field of the report cannot have: `problem` says why."""

    def __init__(self, field: str, sentence: str, command: str = "") -> None:
        self.field, self.problem = field, Problem(sentence, command or sentence)
        super().__init__(self.problem.command)


def checked_part(values: Mapping[str, str | None]) -> dict[str, str]:
    """The fields that are given (not None), each as it is recorded: "" makes one blank again. Raises
    PartError."""
    return {
        field: _checked(field, value)
        for field in REPORT_FIELDS
        if (value := values.get(field)) is not None
    }


def record_part(
    checks: DecisionChecks,
    account: str,
    reason: str,
    at: str | None,
    now: dt.datetime,
    part: Mapping[str, str],
) -> list[Decision]:
    """Records a decision for each of the checked fields, all or none."""
    subjects = [{"field": field, "value": value} for field, value in part.items()]
    return checks.record_all("report", account, reason.strip() or REASON, at, now, subjects)


def _checked(field: str, value: str) -> str:
    if field == "number":
        return _checked_number(value.strip())
    if field == "date":
        return _checked_date(value.strip())
    text = unicodedata.normalize("NFC", value)
    if field in ("signer", "title"):
        return _checked_line(field, " ".join(text.split()))
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > MAX_TEXT_LENGTH or "\0" in text:
        raise PartError(field, f"dài quá {MAX_TEXT_LENGTH // 1000} nghìn chữ; ghi ngắn lại")
    return text


def _checked_number(text: str) -> str:
    if text and not (text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_NUMBER):
        raise PartError("number", f"phải là số từ 1 đến {MAX_NUMBER}")
    return str(int(text)) if text else ""


def _checked_date(text: str) -> str:
    """The date in ISO 8601, of a campaign's years."""
    if not text:
        return ""
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        raise PartError(
            "date",
            "không phải ngày; ghi như 18/04/2022",
            "không phải ngày (no ISO 8601 date); ghi như 2022-04-18",
        ) from None
    if date.year not in YEARS:
        years = f"năm phải từ {YEARS[0]} đến {YEARS[-1]}"
        raise PartError("date", years, f"{years}; ghi như 2022-04-18")
    return date.isoformat()


def _checked_line(field: str, line: str) -> str:
    if len(line) > MAX_LINE_LENGTH:
        raise PartError(field, f"dài quá {MAX_LINE_LENGTH} chữ; ghi ngắn lại")
    return line
