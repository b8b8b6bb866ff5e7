"""What must be so before a decision is recorded: it speaks of a file, a unit or a finding that is
there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import shorten
from typing import Any, NoReturn

from rapidfuzz import process

from flows.commands.file_names import files_named
from sources.campaigns import load_campaign
from sources.decisions import Decision, DecisionKind, DecisionLog, decision_states, with_names
from sources.landing import Landing
from sources.moments import moment_text
from sources.registry import is_plain_name
from sources.sql_files import SqlFiles
from sources.text import fold, visible
from sources.unit_names import UnitNames
from warehouse.ask import open_warehouse
from warehouse.reports.wording import DECISIONS, REPORT_FIELDS, rule_label

query = SqlFiles(Path(__file__).parent / "sql").query

# What stands in the way of reading itself, and a row given twice: which of them counts only the
# unit can say.
NOT_ACCEPTABLE = {
    "unreadable": "tệp không mở được, đề nghị đơn vị gửi tệp khác",
    "unsafe": "mở tệp không an toàn, đề nghị đơn vị gửi tệp khác",
    "unit_unknown": "hãy cho biết tệp của đơn vị nào: tonghop decide assign TỆP MÃ_ĐƠN_VỊ",
    "duplicate_row": "dòng nào đúng chỉ đơn vị biết, đề nghị đơn vị sửa rồi gửi lại",
}
# What is found of a file that did not count whole.
REPLACEABLE = ("rows_missing_in_later_file", "later_file_set_back")
MAX_VALUE_SHOWN = 60  # characters of what an officer wrote for the report
STATES = {
    "in_force": "đang áp dụng",
    "undone": "đã hủy",
    "superseded": "đã có quyết định sau thay thế",
}


class DecisionChecks:
    """Checks and records decisions of one home. `refuse` ends the call with what is wrong and what
    to do."""

    def __init__(self, home: Path, campaign: Path, refuse: Callable[[str], NoReturn]) -> None:
        self._home, self._refuse = home, refuse
        self._log = DecisionLog(home)
        self._campaign = with_names(load_campaign(campaign), self._log.recorded())

    def file(self, named: str) -> str:
        """The submission_id of the file of that id or name (`files_named`), among all that have
        landed, whether a night has counted them or not."""
        landed = Landing(self._home).arrivals(dt.datetime.max.replace(tzinfo=dt.UTC))
        found = [a for a in landed if a.submission_id == named] or files_named(
            named, landed, lambda arrival: arrival.file_name
        )
        if len(found) == 1:
            return found[0].submission_id
        if found:
            zone = self._campaign.zone
            self._refuse(
                f"có nhiều tệp tên {named}; ghi mã của một tệp thay cho tên: "
                + ", ".join(
                    f"{a.submission_id} ({a.file_name}, nhận lúc {a.received_at.astimezone(zone):%H:%M %d/%m/%Y})"
                    for a in found
                )
            )
        nearest = self._nearest(named, list({arrival.file_name for arrival in landed}))
        self._refuse(
            f"chưa nhận tệp nào tên {named}. Gần giống: {nearest}. Tên tệp ghi như trên trang tiến độ, "
            "không cần phần đuôi"
        )

    def unit(self, code: str) -> str:
        """The code, where the registry has it."""
        units = self._campaign.registry.by_code
        if code not in units:
            named = self._nearest(code, [f"{u.code} ({u.name})" for u in units.values()])
            self._refuse(f"không có đơn vị nào mã {code}. Gần giống: {named}")
        return code

    def new_name(self, code: str, name: str) -> str:
        """The name, where no other unit bears it."""
        if not is_plain_name(name):
            self._refuse(
                f"“{visible(name, line_breaks=False)}” không phải là tên: bỏ các dấu {{ }} < > | \\ và ký tự "
                "không in được, không quá 200 chữ"
            )
        bearers = sorted(UnitNames(self._campaign.registry).codes_of_name(name) - {code})
        other = self._campaign.registry.by_code[bearers[0]] if bearers else None
        if other or not fold(name):
            self._refuse(
                f"“{name}” {f'đã là tên của {other.code} ({other.name})' if other else 'không phải là tên'}; "
                "mỗi tên chỉ được chỉ một đơn vị"
            )
        return name.strip()

    def received(
        self, submission_id: str, time: str, at: str | None, now: dt.datetime
    ) -> dict[str, object]:
        """The time of receipt and the content that a decision names; ends the call where that time is
        later than the decision."""
        received, holds_from = self._moment(time), self._moment(at) if at else now
        if received > holds_from:
            self._refuse(
                f"{time}: thời điểm nhận phải trước lúc quyết định có hiệu lực ({self._local(holds_from)})"
            )
        arrivals = {arrival.submission_id: arrival for arrival in Landing(self._home).known()}
        return {"sha256": arrivals[submission_id].sha256, "received_at": received}

    def check_acceptable(self, about: dict[str, Any]) -> None:
        """Ends the call unless the file has a finding that the decision speaks of and that stands
        in its way."""
        if why := NOT_ACCEPTABLE.get(about["rule"]):
            self._refuse(f"--rule {about['rule']}: lỗi này không bỏ qua được: {why}")
        found = self._ask(query("findings_of_file"), submission=about["submission_id"])
        keys = ("rule", "section", "row_name", "field")
        hits = [
            row
            for row in found
            if all(about[k] in (None, v) for k, v in zip(keys, row, strict=False))
        ]
        if not hits:
            errors = sorted(
                {
                    f"{rule} ({rule_label(rule, self._campaign)})"
                    for rule, *_, severity in found
                    if severity == "error"
                }
            )
            asked = (
                f"--rule {about['rule']}: tệp không có lỗi như vậy"
                if about["rule"]
                else "thiếu --rule (tên lỗi)"
            )
            self._refuse(
                f"{asked}; "
                + (f"tệp có lỗi: {', '.join(errors)}" if errors else "tệp không có lỗi nào")
            )
        if all(severity != "error" for *_, severity in hits):
            self._refuse(
                f"--rule {about['rule']}: điểm cần lưu ý này không làm tệp bị trả lại, không phải quyết định"
            )

    def check_settleable(self, about: dict[str, str]) -> None:
        """Ends the call unless both lines are there and differ."""
        lines = {
            code
            for (code,) in self._ask(
                query("units_of_line"),
                organisation=about["organisation"],
                commune=about["commune_code"],
            )
        }
        if about["unit_code"] not in lines or len(lines) < 2:
            choices = self._campaign.form.field("orgs", "organisation").choice
            self._refuse(
                f"về {about['organisation']} ở {about['commune_code']} có số liệu của: "
                f"{', '.join(sorted(lines)) or 'chưa đơn vị nào'}; chỉ chọn được giữa hai đơn vị cùng có số "
                f"liệu. Mã tổ chức: {', '.join(f'{c.code} ({c.label})' for c in choices)}"
            )
        commune = self._campaign.registry.by_code[about["commune_code"]].name
        differing = self._ask(
            "SELECT 1 FROM finding WHERE rule = 'sources_differ' AND row_name = $commune LIMIT 1",
            commune=commune,
        )
        if not differing:
            self._refuse(f"các báo cáo về {commune} không khác nhau, không có gì phải chọn")

    def check_replaceable(self, submission_id: str) -> None:
        """Ends the call unless the file is accepted and a part of it was not taken, or could not
        take what stood."""
        status = self._ask(
            "SELECT status FROM submission WHERE submission_id = $submission",
            submission=submission_id,
        )
        if status != [("accepted",)]:
            self._refuse(
                "tệp này không được tính (bị trả lại, từ chối hoặc trùng), nên không thay được tệp nào; xem "
                "tonghop decide accept"
            )
        if not self._ask(
            query("findings_of_rules"), submission=submission_id, rules=list(REPLACEABLE)
        ):
            self._refuse(
                "tệp này đã được tính đủ: không có dòng hay số liệu nào của tệp trước phải chọn"
            )

    def check_undoable(self, number: int) -> None:
        """Ends the call unless there is such a decision, and it has not been undone."""
        states = {
            d.decision_id: state
            for d, state in decision_states(self._log.recorded())
            if d.kind != "undo"
        }
        if states.get(number, "undone") == "undone":
            self._refuse(
                f"không có quyết định số {number} để hủy; đang áp dụng các số: "
                f"{', '.join(str(n) for n, state in states.items() if state == 'in_force') or 'không có'}"
            )

    def record(
        self,
        kind: DecisionKind,
        account: str,
        reason: str,
        at: str | None,
        now: dt.datetime,
        about: dict[str, Any],
    ) -> Decision:
        """Records the decision; it holds from `at`, or from now. No night may have been run for that
        moment already, nor may an earlier decision hold from later: any moment then knows the
        record as it once stood, where names denote one unit.
        """
        return self.record_all(kind, account, reason, at, now, [about])[0]

    def record_all(
        self,
        kind: DecisionKind,
        account: str,
        reason: str,
        at: str | None,
        now: dt.datetime,
        subjects: Sequence[dict[str, Any]],
    ) -> list[Decision]:
        """The same of several subjects, all or none."""
        moment = self.check_moment(at, now)
        return self._log.add_all(kind, account, reason, moment, now, subjects)

    def check_moment(self, at: str | None, now: dt.datetime) -> dt.datetime:
        """The moment from which a decision holds; ends the call where that cannot be."""
        moment = self._moment(at) if at else now.astimezone(self._campaign.zone)
        self._check_moment(f"--at {at}" if at else "bây giờ", moment, now)
        return moment

    def _check_moment(self, text: str, moment: dt.datetime, now: dt.datetime) -> None:
        """Ends the call where a decision that holds from that moment would change what was published
        or decided."""
        last_night = max(Landing(self._home).nights(), default=None)
        last = max(self._log.recorded(), key=lambda d: d.holds_from, default=None)
        if moment > now:
            self._refuse(f"{text}: thời điểm này chưa đến; bỏ --at để quyết định có hiệu lực ngay")
        if last_night is not None and now <= last_night:
            self._refuse(
                f"đã tổng hợp đến {self._local(last_night)} là lúc chưa tới, quyết định sẽ làm đổi số liệu đó; hãy "
                "ghi sau lúc ấy, hoặc hủy lần tổng hợp ấy bằng tonghop heal-time (muốn thử thì dùng một "
                "thư mục --home riêng)"
            )
        if last_night is not None and moment <= last_night:
            self._refuse(
                f"{text}: lần tổng hợp lúc {self._local(last_night)} đã xong mà không có quyết định này; ghi thời "
                "điểm muộn hơn, hoặc bỏ --at"
            )
        if last and moment < last.holds_from:
            self._refuse(
                f"{text}: quyết định số {last.decision_id} có hiệu lực từ {self._local(last.holds_from)}; ghi "
                "thời điểm ấy hoặc muộn hơn, hoặc bỏ --at"
            )

    def _moment(self, text: str) -> dt.datetime:
        """The moment of an ISO 8601 text, in the campaign's zone where it names none."""
        moment, zone = dt.datetime.fromisoformat(text), self._campaign.zone
        return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)

    def _local(self, moment: dt.datetime) -> str:
        return f"{moment.astimezone(self._campaign.zone):%H:%M:%S ngày %d/%m/%Y}"

    def _ask(self, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
        with open_warehouse(self._home / "warehouse.duckdb") as con:
            return con.execute(sql, parameters).fetchall()

    @staticmethod
    def _nearest(wanted: str, known: list[str]) -> str:
        return ", ".join(name for name, *_ in process.extract(wanted, known, limit=3)) or "không có"


def decision_lines(home: Path) -> list[str]:
    """A line per decision of the home: number, moment, account, what, why, state."""
    files = Landing(home).file_names
    return [
        f"{d.decision_id}. {d.holds_from:%H:%M %d/%m/%Y} · {d.account} · {_description(d, files)} · {d.reason} · "
        f"{STATES[state]}"
        for d, state in decision_states(DecisionLog(home).recorded())
    ] or ["Chưa có quyết định nào."]


def _description(decision: Decision, files: dict[str, str]) -> str:
    about = [
        f"“{files[part]}”" if part in files else str(part)
        for part in decision.about[1:]
        if part is not None
    ]
    if decision.received_at is not None:
        about = [about[0], moment_text(decision.received_at)]
    chosen = (
        [] if decision.unit_code is None or decision.unit_code in about else [decision.unit_code]
    )
    named = [] if decision.name is None or decision.name in about else [decision.name]
    if decision.kind == "report":
        about = [REPORT_FIELDS[str(decision.field)]]
        chosen = [f"“{shorten(str(decision.value), MAX_VALUE_SHOWN, placeholder='…')}”"]
    return f"{DECISIONS[decision.kind]}: {', '.join([*about, *chosen, *named])}"
