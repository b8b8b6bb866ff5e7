"""The answers of the confirming page (`warehouse/reports/confirm_page.py`), checked and recorded: by
`tonghop confirm` and by the desk."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from expectations.scans import type_answer
from flows.commands.decision_checks import DecisionChecks
from sources.campaigns import Campaign
from sources.children.pictures import cut_pictures
from sources.decisions import Decision, decision_states
from sources.extraction.cell_types import Untyped
from sources.extraction.people import hide_names
from sources.landing import Landing
from sources.page_boxes import PageBox, box_text
from sources.text import visible
from warehouse.reports.confirm_page import WaitingValue

KEYS = ("sha256", "page", "box", "section", "field")
REASON = "Đối chiếu với ảnh của trang"


def pictures_of(home: Path, values: Sequence[WaitingValue]) -> dict[tuple[int, PageBox], str]:
    """The pictures of values of one file, cut from its original. Raises OSError where that is
    gone."""
    return cut_pictures(
        Landing(home).original(values[0].sha256), [(value.page, value.box) for value in values]
    )


def record_answers(
    checks: DecisionChecks,
    refuse: Callable[[str], NoReturn],
    values: Sequence[WaitingValue],
    answers: str,
    campaign: Campaign,
    at: str | None,
    account: str,
) -> list[Decision]:
    """Records all answers, a line each, or none: `refuse` is called with the first that is no value
    of its field, or about nothing that waits."""
    waiting = {_key(value): value for value in values}
    subjects = [
        _checked(line, number, waiting, campaign, refuse)
        for number, line in enumerate(answers.splitlines(), start=1)
        if line.strip()
    ]
    if not subjects:
        refuse("không có kết quả nào; hãy xác nhận trên trang rồi lưu lại")
    return checks.record_all("confirm", account, REASON, at, dt.datetime.now(dt.UTC), subjects)


def recorded_words(decisions: Sequence[Decision], still_waiting: int) -> str:
    """What was recorded, and how many values still wait."""
    return (
        f"Đã ghi {len(decisions)} xác nhận (quyết định số {decisions[0].decision_id} đến "
        f"{decisions[-1].decision_id}); áp dụng từ lần tổng hợp tới. "
        f"Còn chờ: {still_waiting} giá trị."
    )


def answered_already(
    values: Sequence[WaitingValue], decisions: Sequence[Decision]
) -> list[WaitingValue]:
    """Those of the values that an officer has answered since the last night."""
    answered = {
        (d.sha256, d.page, d.box, d.section, d.field)
        for d, state in decision_states(decisions)
        if d.kind == "confirm" and state == "in_force"
    }
    return [v for v in values if _key(v) in answered]


def _key(value: WaitingValue) -> tuple[str, int, str, str, str]:
    return value.sha256, value.page, box_text(value.box), value.section, value.field


def _checked(
    line: str,
    number: int,
    waiting: Mapping[tuple[Any, ...], WaitingValue],
    campaign: Campaign,
    refuse: Callable[[str], NoReturn],
) -> dict[str, Any]:
    try:
        answer = json.loads(line)
        subject = {key: answer[key] for key in KEYS}
        value = str(answer["value"]).strip()
        about = waiting.get(tuple(subject.values()))
    except (ValueError, KeyError, TypeError, RecursionError):
        refuse(f"dòng {number}: không phải kết quả của trang xác nhận")
    if about is None:
        refuse(f"dòng {number}: không có giá trị nào như vậy đang chờ xác nhận của tệp này")
    field = campaign.form.by_key[about.section].by_key[about.field]
    if value != about.raw.strip() and isinstance(type_answer(value, field, campaign), Untyped):
        refuse(
            f"dòng {number}: “{visible(value, line_breaks=False)}” không phải là một giá trị của “{field.label}”"
        )
    if field.type == "text":
        value = hide_names(value, campaign.form.words.name_titles)
    return {**subject, "value": value}
