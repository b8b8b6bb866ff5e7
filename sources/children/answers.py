"""What a reading process answers, and whether it may be believed: an answer is data from a process
that opened an untrusted file.

An answer is one line of JSON about one content. It counts only if it is about the content that was
asked for and has the shape that is declared here; `NotAnAnswerError` says what is wrong with any
other.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import fields
from types import NoneType
from typing import Any, get_args, get_type_hints

from sources.extraction.facts import Extract, Fact, PageReading, ReadFinding
from sources.extraction.text_classes import ClassRun
from sources.text import has_control_characters

NEEDS_PAGE_ENGINES = "needs_page_engines"  # outcome of a file that another crew of readers reads
OUT_OF_MEMORY = 77  # exit code of a reading process whose memory is spent
STRANGE = (
    "Tệp có cấu trúc lạ nên không đọc được; đề nghị mở tệp, lưu lại dạng Excel (.xlsx) hoặc Word (.docx) "
    "rồi gửi lại."
)
TOO_COSTLY = (
    "Đọc tệp tốn quá nhiều {what} nên phải dừng; đề nghị bỏ phần thừa, lưu lại dạng Excel (.xlsx) "
    "hoặc Word (.docx) rồi gửi lại."
)
DEFERRED = (
    "Chưa đọc tệp này trong lần tổng hợp vừa rồi, vì các tệp cùng nơi gửi đã tốn quá nhiều thời gian; lần sau "
    "sẽ đọc tiếp. Đề nghị bỏ phần thừa, lưu lại dạng Excel (.xlsx) hoặc Word (.docx) rồi gửi lại."
)

# four tables of 2,000 rows and twelve values, written in full, take two thirds of it
ANSWER_BYTES = 16 << 20
# the lists of an answer, each as columns
ROWS = {
    "facts": Fact,
    "findings": ReadFinding,
    "account": ClassRun,
    "readings": PageReading,
}
# of an extract's fields, those that are answered as texts with commas
LISTS = (
    "whole_sections",
    "not_held_rows",
    "sums_confirmed",
)
TEXTS = tuple(about.name for about in fields(Extract) if about.name not in (*ROWS, *LISTS))
CONTENT = {"kind": str, "macros": bool, **dict.fromkeys((*LISTS, *TEXTS), str)}
_KINDS = {row: get_type_hints(row) for row in ROWS.values()}
_HEAD = ("sha256", "outcome", "reason", "defect")
_OUTCOMES = ("read", "unreadable", "unsafe", NEEDS_PAGE_ENGINES)
_MOST_ROWS = 2**31 - 1


class NotAnAnswerError(Exception):
    """A line that no reading process writes that does what it should: which key of it is wrong."""


def refusal(sha256: str, reason: str) -> dict[str, Any]:
    """The answer about a content that could not be read."""
    return {"sha256": sha256, "outcome": "unreadable", "reason": reason}


def parse_answer(line: bytes, sha256: str) -> dict[str, Any]:
    """The answer in a line about that content. Raises NotAnAnswerError."""
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise NotAnAnswerError(f"no JSON: {type(error).__name__}") from error
    if not isinstance(answer, dict) or answer.get("sha256") != sha256:
        raise NotAnAnswerError("it is about another content")
    if answer.get("outcome") not in _OUTCOMES or not answer.keys() <= {*_HEAD, "content", *ROWS}:
        raise NotAnAnswerError("outcome or keys")
    for key in ("reason", "defect"):
        _check_value(answer.get(key), str, key)
    if answer["outcome"] != "read" and answer.keys() & {"content", *ROWS}:
        raise NotAnAnswerError("facts of a content that was not read")
    if answer["outcome"] == "read":
        _check_content(answer.get("content"))
    for name, row in ROWS.items():
        _check_columns(answer.get(name, []), _KINDS[row], name)
    return answer


def _check_content(content: object) -> None:
    if not isinstance(content, dict) or not content.keys() <= CONTENT.keys():
        raise NotAnAnswerError("content")
    for key, value in content.items():
        _check_value(value, CONTENT[key], key)


def _check_value(value: object, kind: type, key: str) -> None:
    if value is not None and type(value) is not kind:
        raise NotAnAnswerError(key)
    if isinstance(value, str):
        _check_texts([value], key)


def _check_columns(columns: object, kinds: dict[str, Any], name: str) -> None:
    """Columns of one length: whole numbers where the row declares them, texts elsewhere, None where
    it may be."""
    if columns == []:
        return
    if (
        not isinstance(columns, list)
        or len(columns) != len(kinds)
        or not all(isinstance(c, list) for c in columns)
    ):
        raise NotAnAnswerError(name)
    if len({len(column) for column in columns}) != 1:
        raise NotAnAnswerError(f"{name}: columns of unequal length")
    for column, (key, kind) in zip(columns, kinds.items(), strict=True):
        parts = get_args(kind) or (kind,)
        if NoneType not in parts and None in column:
            raise NotAnAnswerError(f"{name}.{key}")
        if int in parts:
            _check_numbers(column, f"{name}.{key}")
        else:
            _check_texts(column, f"{name}.{key}")


def _check_numbers(column: Collection[object], key: str) -> None:
    numbers = (number for number in column if number is not None)
    if not all(type(number) is int and 0 <= number <= _MOST_ROWS for number in numbers):
        raise NotAnAnswerError(key)


def _check_texts(column: Collection[object], key: str) -> None:
    """Texts, or None, that no character acts in, half a letter among them: joining them tells at
    once."""
    if not set(map(type, column)) <= {str, NoneType}:
        raise NotAnAnswerError(key)
    if has_control_characters("".join([text for text in column if isinstance(text, str)])):
        raise NotAnAnswerError(f"{key}: a character that acts")
