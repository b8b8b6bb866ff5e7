"""The words of page and annexes: days and times as Vietnamese offices write them, names of states,
rules and fields."""

from __future__ import annotations

import datetime as dt

from sources.campaigns import Campaign
from sources.form import Form
from sources.reading_rules import reading_rules
from warehouse.numbers_vi import count

STATES = {
    "on_time": "Đã nhận đúng hạn",
    "late": "Nộp muộn",
    "returned": "Bị trả lại",
    "missing": "Chưa báo cáo",
}
# of the states, where a word has no room
LETTERS = {
    "on_time": "Đ",
    "late": "M",
    "returned": "T",
    "missing": "C",
}
UNIT_TYPES = {
    "xa": "Xã",
    "thi_tran": "Thị trấn",
    "phuong": "Phường",
    "district_org": "MTTQ, tổ chức cấp huyện",
}
FILE_STATES = {
    "accepted": "Được tổng hợp",
    "returned": "Trả lại",
    "rejected": "Từ chối",
    "held": "Giữ lại",
    "duplicate": "Gửi trùng",
}
# of a unit, without its deadline
UNIT_STATUSES = {
    "accepted": "Đã có báo cáo được tổng hợp",
    "returned": STATES["returned"],
    "missing": STATES["missing"],
}
# what a finding says something of
ABOUT = {"report": "Chất lượng báo cáo", "meeting": "Buổi sinh hoạt"}
SET_ASIDE = "Giữ lại hoặc đã rút"
SEVERITIES = {"error": "Lỗi", "warning": "Lưu ý"}
RULES = {
    "unreadable": "Tệp không mở được",
    "unsafe": "Tệp không an toàn",
    "unit_unknown": "Không rõ đơn vị báo cáo",
    "other_topic": "Báo cáo về chuyên đề khác",
    "required_missing": "Thiếu số liệu bắt buộc",
    "not_a_count": "Số không phải là số nguyên",
    "not_a_date": "Ngày không hợp lệ",
    "not_a_mark": "Ô đánh dấu không hợp lệ",
    "not_a_choice": "Giá trị không có trong danh mục",
    "attended_exceeds_total": "Số dự nhiều hơn tổng số",
    "held_exceeds_total": "Số đã tổ chức nhiều hơn tổng số",
    "outside_campaign_year": "Ngày không thuộc năm của đợt sinh hoạt",
    "duplicate_row": "Một dòng ghi hai lần với số liệu khác nhau",
    "outside_window": "Sinh hoạt ngoài thời gian quy định",
    "held_after_receipt": "Ngày sinh hoạt sau ngày nhận báo cáo",
    "last_before_first": "Đến ngày trước từ ngày",
    "document_date_unlikely": "Ngày ký báo cáo không hợp lý",
    "received_unlikely": "Thời điểm nhận không hợp lý",
    "assigned_exceeds_members": "Số được phân công nhiều hơn số đảng viên",
    "totals_differ": "Tổng số khác với cộng các dòng",
    "modes_differ_from_held": "Riêng và lồng ghép không khớp số đã tổ chức",
    "content_not_covered": "Nội dung sinh hoạt chưa đủ",
    "no_committee_member": "Không có cấp ủy viên dự",
    "material_missing": "Chưa cung cấp đủ tài liệu",
    "sources_differ": "Hai nguồn báo cáo khác nhau",
    "implausible": "Số liệu khác thường",
    "copied_table": "Bảng giống bảng của đơn vị khác",
    "number_missing": "Chưa có số liệu",
    "repeated_row": "Dòng lặp lại giống hệt",
    "macros_present": "Tệp có macro",
    "received_before_seen": "Tệp được đưa vào sau, ghi ngày nhận sớm hơn",
    "unit_from_file_name": "Đơn vị được nhận biết từ tên tệp",
    "unit_names_differ": "Ghi hai đơn vị khác nhau",
    "rows_missing_in_later_file": "Báo cáo sau thiếu dòng đã báo cáo",
    "later_file_set_back": "Báo cáo cũ hơn hoặc cùng giờ nhận",
    "line_of_another": "Dòng ghi của xã, thị trấn khác",
    "sender_not_allowed": "Địa chỉ gửi không thuộc đơn vị",
    "sub_unit_report": "Báo cáo của chi bộ, tổ chức trực thuộc",
    "scan_unconfirmed": "Bản quét chờ cán bộ xác nhận",
    "value_unconfirmed": "Số liệu bản quét chưa xác nhận, chưa tính",
    "scan_differs": "Bản quét đã ký khác tệp gửi kèm",
    "decision_unmatched": "Quyết định không còn áp dụng được",
    **{name: rule.name for name, rule in reading_rules().items()},
}
DECISIONS = {
    "assign": "Giao tệp",
    "accept": "Vẫn tính tệp",
    "withdraw": "Rút tệp",
    "received": "Xác định thời điểm nhận",
    "rename": "Đổi tên đơn vị",
    "alias": "Thêm tên gọi của",
    "settle": "Lấy số liệu của",
    "replace": "Lấy cả tệp",
    "confirm": "Xác nhận bản quét",
    "report": "Ghi phần của cán bộ trong báo cáo",
    "issue": "Phát hành báo cáo",
    "undo": "Hủy quyết định",
}
# What officers write for the report (sources/decisions.py: REPORT_FIELDS).
REPORT_FIELDS = {
    "number": "Số",
    "date": "Ngày",
    "signer": "Người ký",
    "title": "Chức vụ",
    "causes": "Nguyên nhân",
    "introduction": "Mở đầu",
    "conclusions": "Kết luận",
}


def state(status: str | None, on_time: bool | None) -> str:
    """A unit's state, a key of STATES, from its row of unit_status; missing where it has none."""
    return (status or "missing") if status != "accepted" else "on_time" if on_time else "late"


def day(when: dt.date) -> str:
    """A day as offices write it: a zero before days below 10 and before months 1 and 2."""
    return f"{when.day:02d}/{when.month:0{2 if when.month < 3 else 1}d}/{when.year}"


def day_and_hour(when: dt.datetime) -> str:
    """A moment in a table: 17/04/2022 21:05."""
    return f"{when:%d/%m/%Y %H:%M}"


def deadline(campaign: Campaign) -> str:
    """Until when reports are due (III.4), read after "trước": a deadline at midnight is the day
    alone."""
    due = campaign.campaign.deadline.astimezone(campaign.zone)
    at = "" if (due.hour, due.minute) == (0, 0) else f"{due.hour:02d} giờ {due.minute:02d} "
    return f"{at}ngày {day(due)}"


def time_left(campaign: Campaign, as_of: dt.datetime) -> str:
    """Days and hours to the deadline, or past it (III.4)."""
    left = campaign.campaign.deadline - as_of
    hours = int(abs(left).total_seconds() // 3600)
    parts = [f"{n} {word}" for n, word in ((hours // 24, "ngày"), (hours % 24, "giờ")) if n]
    span = " ".join(parts) or "chưa đầy 1 giờ"
    return f"Còn {span}" if left > dt.timedelta(0) else f"Đã quá hạn {span}"


def rule_label(rule: str, campaign: Campaign | None = None) -> str:
    """A rule's name in Vietnamese; a campaign's own rule is named in the campaign."""
    own = {r.key: r.name for r in campaign.own.rules} if campaign else {}
    return RULES.get(rule) or own.get(rule, rule)


def field_label(form: Form, section: str | None, key: str | None) -> str:
    """The label of a field as the form prints it; its key where the form does not declare it."""
    if not key:
        return ""
    return form.field(section, key).label if section and form.has(section, key) else key


def row_label(form: Form, section: str | None, row_name: str | None) -> str:
    """The name of a row as people know it: an organisation's code becomes its name."""
    if not row_name or section not in form.by_key:
        return row_name or ""
    named = (
        f.choice_label(row_name) for f in form.by_key[section].fields if f.type == "organisation"
    )
    return next(named, row_name)


def value_label(form: Form, section: str, key: str, value: str) -> str:
    """A value of the warehouse as people read it: a date 05/4/2022, a mark Có or Không, a choice by
    its label."""
    field = form.field(section, key)
    if field.type == "date":
        return day(dt.date.fromisoformat(value))
    if field.type == "mark":
        return "Có" if value.lower() == "true" else "Không"
    return count(int(value)) if field.type == "count" else field.choice_label(value)
