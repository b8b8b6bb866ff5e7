"""What an officer can decide at the desk, what each form asks for, and what it then says."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.commands.decision_checks import REPLACEABLE, DecisionChecks
from flows.desk.desk import Desk
from flows.desk.guard import Refusal
from flows.desk.typed_times import typed_moment
from sources.campaigns import Campaign
from sources.decisions import DecisionKind
from sources.landing import Landing
from sources.sql_files import SqlFiles
from warehouse.reports.wording import field_label, row_label, rule_label

query = SqlFiles(Path(__file__).parent / "sql").query

NEEDS_NIGHT = "Chưa tổng hợp lần nào nên chưa có gì để quyết định; bấm “Tổng hợp ngay” trước."
OLD_CHOICE = "Lựa chọn này không còn; mở lại trang rồi chọn lại."


@dataclass(frozen=True)
class DecisionForm:
    """A decision that the desk offers.

    title        what it does, as on a button
    explanation  when it is the right one
    fields       what it asks for, by the names of the page's fields
    needs_night  whether it speaks of what a night has found
    """

    kind: DecisionKind
    title: str
    explanation: str
    fields: tuple[str, ...]
    needs_night: bool = True


FORMS: dict[str, DecisionForm] = {
    form.kind: form
    for form in (
        DecisionForm(
            "assign",
            "Giao tệp cho đơn vị",
            "Khi tệp không ghi rõ, hoặc ghi sai, là báo cáo của đơn vị nào.",
            ("tep", "don_vi"),
        ),
        DecisionForm(
            "accept",
            "Vẫn tính tệp",
            "Khi đơn vị đã xác nhận số liệu đúng, hoặc lỗi không ảnh hưởng tới số liệu.",
            ("tep", "loi"),
        ),
        DecisionForm(
            "withdraw",
            "Rút tệp",
            "Khi tệp gửi nhầm: tệp không được tính, tệp trước của đơn vị được tính lại.",
            ("tep",),
            needs_night=False,
        ),
        DecisionForm(
            "received",
            "Xác định thời điểm nhận",
            "Khi tệp thật sự đến vào lúc khác, như nộp bằng USB trước hạn.",
            ("tep", "luc"),
            needs_night=False,
        ),
        DecisionForm(
            "replace",
            "Lấy cả tệp thay tệp trước",
            "Khi tệp gửi sau thiếu dòng so với tệp trước mà đơn vị đã bỏ các dòng ấy, hoặc tệp cũ mới đúng.",
            ("tep",),
        ),
        DecisionForm(
            "rename",
            "Đổi tên đơn vị",
            "Khi đơn vị có tên mới; báo cáo ghi tên cũ vẫn được nhận ra.",
            ("don_vi", "ten"),
        ),
        DecisionForm(
            "alias",
            "Thêm tên gọi khác của đơn vị",
            "Khi đơn vị thường ghi tên mình theo cách khác.",
            ("don_vi", "ten"),
        ),
        DecisionForm(
            "settle",
            "Chọn nguồn số liệu",
            "Khi báo cáo của xã và của tổ chức khác nhau về cùng một tổ chức ở xã.",
            ("nguon",),
        ),
        DecisionForm(
            "undo",
            "Hủy quyết định",
            "Quyết định cũ thôi áp dụng từ lần tổng hợp tới; cả hai vẫn đứng trong danh sách.",
            ("so",),
        ),
    )
}
LABELS = {
    "tep": "Tệp",
    "don_vi": "Đơn vị",
    "loi": "Lỗi được bỏ qua",
    "luc": "Nhận lúc",
    "ten": "Tên",
    "nguon": "Lấy số liệu của",
    "so": "Quyết định",
}


@dataclass(frozen=True)
class Field:
    """A field of a form: its choices as (value, words), or None where it is written; `value` is what
    stands in it."""

    name: str
    label: str
    value: str
    choices: list[tuple[str, str]] | None


def form_of(kind: str, desk: Desk) -> DecisionForm:
    """The form of a kind. Raises Refusal where there is none, or nothing yet that it could speak
    of."""
    form = FORMS.get(kind)
    if form is None:
        raise Refusal("Không có loại quyết định này.")
    if form.needs_night and not desk.has_night:
        raise Refusal(NEEDS_NIGHT)
    return form


def fields_of(
    form: DecisionForm, desk: Desk, given: Mapping[str, str], listed: list[tuple[str, str]]
) -> list[Field]:
    """The fields of a form with what is given; `listed` are the decisions that can be undone."""
    choices: dict[str, Callable[[], list[tuple[str, str]] | None]] = {
        "tep": lambda: _files(desk, form.kind),
        "don_vi": lambda: [(unit.code, unit.name) for unit in desk.campaign.registry.units],
        "loi": lambda: _errors(desk, given.get("tep", "")),
        "luc": lambda: None,
        "ten": lambda: None,
        "nguon": lambda: _lines(desk),
        "so": lambda: listed,
    }
    return [Field(name, LABELS[name], given.get(name, ""), choices[name]()) for name in form.fields]


def about_of(
    form: DecisionForm,
    checks: DecisionChecks,
    given: Mapping[str, str],
    zone: dt.tzinfo,
    now: dt.datetime,
) -> dict[str, Any]:
    """What the decision is about, as `tonghop decide` records it. Raises Refusal where it cannot be
    recorded."""
    missing = [LABELS[name] for name in form.fields if not given.get(name)]
    if missing:
        raise Refusal(f"Chưa chọn hoặc ghi: {', '.join(missing)}.")
    about: dict[str, Any] = {}
    if "tep" in form.fields:
        about["submission_id"] = checks.file(given["tep"])
    if "don_vi" in form.fields:
        about["unit_code"] = checks.unit(given["don_vi"])
    if "ten" in form.fields:
        about["name"] = checks.new_name(given["don_vi"], given["ten"])
    if form.kind == "accept":
        about |= _error_of(given["loi"])
        checks.check_acceptable(about)
    elif form.kind == "received":
        moment = typed_moment(given["luc"], zone)
        about |= checks.received(about["submission_id"], moment.isoformat(), None, now)
    elif form.kind == "replace":
        checks.check_replaceable(about["submission_id"])
    elif form.kind == "settle":
        about = _line_of(given["nguon"], checks)
        checks.check_settleable(about)
    elif form.kind == "undo":
        about = {"undoes": _number_of(given["so"])}
        checks.check_undoable(about["undoes"])
    return about


def _files(desk: Desk, kind: str) -> list[tuple[str, str]]:
    """The files that a decision of the kind may be about, the newest first."""
    if kind in ("accept", "replace"):
        rows = files_to_decide(desk)
        wanted = [r for r in rows if (r[5] if kind == "replace" else r[2] != "accepted")]
        return [(submission, name) for submission, name, *_ in wanted]
    arrivals = sorted(Landing(desk.home.folder).known(), key=lambda a: a.received_at, reverse=True)
    zone = desk.campaign.zone
    return [
        (a.submission_id, f"{a.file_name} (nhận {a.received_at.astimezone(zone):%H:%M %d/%m/%Y})")
        for a in arrivals
    ]


def files_to_decide(desk: Desk) -> list[tuple[Any, ...]]:
    """The files of the last night that wait for an officer: submission_id, file_name, status,
    unit_code, reason, is_partly_taken."""
    with desk.warehouse() as con:
        parameters = {"replaceable": list(REPLACEABLE)}
        return con.execute(query("files_to_decide"), parameters).fetchall()


def lines_to_settle(desk: Desk) -> list[tuple[str, str, list[str]]]:
    """The lines on which reports differ: organisation, commune's code, codes of the units."""
    if "orgs" not in desk.campaign.form.by_key:
        return []
    with desk.warehouse() as con:
        return con.execute(query("lines_to_settle")).fetchall()


def _errors(desk: Desk, submission: str) -> list[tuple[str, str]]:
    """The errors of a file: all of a rule together, then each by itself where there are more."""
    campaign = desk.campaign
    with desk.warehouse() as con:
        found = con.execute(query("errors_of_file"), {"submission": submission}).fetchall()
    choices = []
    for rule in dict.fromkeys(row[0] for row in found):
        own = [row for row in found if row[0] == rule]
        label = rule_label(rule, campaign)
        every = f"{label} (cả {len(own)} chỗ)" if len(own) > 1 else label
        choices.append((json.dumps([rule, None, None, None]), every))
        choices += [
            (json.dumps(list(row), ensure_ascii=False), f"{label}: {place_of(row[1:], campaign)}")
            for row in own
            if len(own) > 1
        ]
    return choices


def place_of(place: tuple[str | None, ...], campaign: Campaign) -> str:
    """Section, row and field of a finding as the form calls them."""
    section, row_name, field = place
    words = (
        row_label(campaign.form, section, row_name),
        field_label(campaign.form, section, field),
    )
    return ", ".join(filter(None, words)) or "cả tệp"


def _lines(desk: Desk) -> list[tuple[str, str]]:
    campaign, units = desk.campaign, desk.campaign.registry.by_code
    return [
        (
            json.dumps([organisation, commune, unit]),
            f"{row_label(campaign.form, 'orgs', organisation)} ở {units[commune].name}: báo cáo của "
            f"{units[unit].name}",
        )
        for organisation, commune, reporting in lines_to_settle(desk)
        for unit in reporting
    ]


def _error_of(choice: str) -> dict[str, str | None]:
    """The error that was chosen; a plain text is the name of a rule."""
    if not choice.startswith("["):
        return {"rule": choice, "section": None, "row_name": None, "field": None}
    rule, section, row_name, field = _parts(choice, 4)
    return {"rule": rule, "section": section, "row_name": row_name, "field": field}


def _line_of(choice: str, checks: DecisionChecks) -> dict[str, Any]:
    organisation, commune, unit = _parts(choice, 3)
    return {
        "organisation": organisation,
        "commune_code": checks.unit(str(commune)),
        "unit_code": checks.unit(str(unit)),
    }


def _parts(choice: str, count: int) -> list[str | None]:
    try:
        parts = json.loads(choice)
    except (ValueError, RecursionError):
        raise Refusal(OLD_CHOICE) from None
    is_list = isinstance(parts, list) and len(parts) == count
    if not is_list or not all(part is None or isinstance(part, str) for part in parts):
        raise Refusal(OLD_CHOICE)
    return list(parts)


def _number_of(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refusal(OLD_CHOICE)
    return int(text)
