"""What must be so before a decision is recorded: it speaks of a file, a unit or a finding that is
there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from rapidfuzz import process

from flows.commands.file_names import files_named
from flows.problems import Problem
from sources.campaigns import load_campaign
from sources.decisions import Decision, DecisionKind, DecisionLog, decision_states, with_names
from sources.landing import Landing
from sources.registry import is_plain_name
from sources.sql_files import SqlFiles
from sources.text import fold, visible
from sources.unit_names import UnitNames
from warehouse.ask import open_warehouse
from warehouse.reports.wording import row_label, rule_label

query = SqlFiles(Path(__file__).parent / "sql").query

# What stands in the way of reading itself, and a row given twice: which of them counts only the
# unit can say.
NOT_ACCEPTABLE = {
    "unreadable": "tệp không mở được, đề nghị đơn vị gửi tệp khác",
    "unsafe": "mở tệp không an toàn, đề nghị đơn vị gửi tệp khác",
    "unit_unknown": "hãy cho biết tệp của đơn vị nào (giao tệp cho đơn vị)",
    "duplicate_row": "dòng nào đúng chỉ đơn vị biết, đề nghị đơn vị sửa rồi gửi lại",
}
# What is found of a file that did not count whole.
REPLACEABLE = ("rows_missing_in_later_file", "later_file_set_back")
COMMAND_FOR = {"unit_unknown": "tonghop decide assign TỆP MÃ_ĐƠN_VỊ"}


class DecisionChecks:
    """Checks and records decisions of one home. `refuse` ends the call with what is wrong and what
    to do."""

    def __init__(self, home: Path, campaign: Path, refuse: Callable[[Problem], NoReturn]) -> None:
        self._home, self._end_call = home, refuse
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
        area = self._campaign.campaign.area
        if fold(name) in (fold(area), fold(area.partition(" ")[2])):
            self._refuse(f"“{name}” là tên của cả {area}, không riêng đơn vị nào")
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
                f"{self._local(received)}: thời điểm nhận phải trước lúc quyết định có hiệu lực "
                f"({self._local(holds_from)})"
            )
        arrivals = {arrival.submission_id: arrival for arrival in Landing(self._home).known()}
        return {"sha256": arrivals[submission_id].sha256, "received_at": received}

    def check_acceptable(self, about: dict[str, Any]) -> None:
        """Ends the call unless the file has a finding that the decision speaks of and that stands
        in its way."""
        if why := NOT_ACCEPTABLE.get(about["rule"]):
            sentence = f"lỗi này không bỏ qua được: {why}"
            how = COMMAND_FOR.get(about["rule"])
            self._refuse(sentence, f"--rule {about['rule']}: {sentence}{f': {how}' if how else ''}")
        found = self._ask(query("findings_of_file"), submission=about["submission_id"])
        if not found and not self._is_judged(about["submission_id"]):
            self._refuse("tệp này chưa được tổng hợp; tổng hợp xong mới biết lỗi nào bỏ qua được")
        keys = ("rule", "section", "row_name", "field")
        hits = [
            row
            for row in found
            if all(about[k] in (None, v) for k, v in zip(keys, row, strict=False))
        ]
        if not hits:
            self._refuse_accept(about["rule"], {r for r, *_, level in found if level == "error"})
        if all(severity != "error" for *_, severity in hits):
            sentence = "điểm cần lưu ý này không làm tệp bị trả lại, không phải quyết định"
            self._refuse(sentence, f"--rule {about['rule']}: {sentence}")

    def _is_judged(self, submission_id: str) -> bool:
        sql = "SELECT 1 FROM submission WHERE submission_id = $submission"
        return bool(self._ask(sql, submission=submission_id))

    def _refuse_accept(self, asked: str, errors: set[str]) -> NoReturn:
        """Ends the call that names no error of the file, with those that it has."""
        labels = {rule: rule_label(rule, self._campaign) for rule in sorted(errors)}
        missing = "tệp không có lỗi như vậy" if asked else "chưa chọn lỗi nào"
        option = f"--rule {asked}: {missing}" if asked else "thiếu --rule (tên lỗi)"
        has_none = "tệp không có lỗi nào"
        named = ", ".join(f"{rule} ({label})" for rule, label in labels.items())
        self._refuse(
            f"{missing}; " + (f"tệp có lỗi: {', '.join(labels.values())}" if labels else has_none),
            f"{option}; " + (f"tệp có lỗi: {named}" if labels else has_none),
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
            self._refuse_settle(about, lines)
        commune = self._campaign.registry.by_code[about["commune_code"]].name
        differing = self._ask(
            "SELECT 1 FROM finding WHERE rule = 'sources_differ' AND row_name = $commune LIMIT 1",
            commune=commune,
        )
        if not differing:
            self._refuse(f"các báo cáo về {commune} không khác nhau, không có gì phải chọn")

    def _refuse_settle(self, about: dict[str, str], lines: set[str]) -> NoReturn:
        """Ends the call that chooses where there are no two lines, or another than these."""
        units, form = self._campaign.registry.by_code, self._campaign.form
        only = "chỉ chọn được giữa hai đơn vị cùng có số liệu"
        choices = form.field("orgs", "organisation").choice
        self._refuse(
            f"về {row_label(form, 'orgs', about['organisation'])} ở {units[about['commune_code']].name} có số "
            f"liệu của: {', '.join(units[c].name for c in sorted(lines)) or 'chưa đơn vị nào'}; {only}",
            f"về {about['organisation']} ở {about['commune_code']} có số liệu của: "
            f"{', '.join(sorted(lines)) or 'chưa đơn vị nào'}; {only}. Mã tổ chức: "
            f"{', '.join(f'{c.code} ({c.label})' for c in choices)}",
        )

    def check_replaceable(self, submission_id: str) -> None:
        """Ends the call unless the file is accepted and a part of it was not taken, or could not
        take what stood."""
        status = self._ask(
            "SELECT status FROM submission WHERE submission_id = $submission",
            submission=submission_id,
        )
        if status != [("accepted",)]:
            sentence = "tệp này không được tính (bị trả lại, từ chối hoặc trùng), nên không thay được tệp nào"
            self._refuse(
                f"{sentence}; muốn tính tệp thì chọn “Vẫn tính tệp”",
                f"{sentence}; xem tonghop decide accept",
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
            sentence = f"{text}: thời điểm này chưa đến"
            self._refuse(sentence, f"{sentence}; bỏ --at để quyết định có hiệu lực ngay")
        if last_night is not None and now <= last_night:
            sentence = (
                f"đã tổng hợp đến {self._local(last_night)} là lúc chưa tới, quyết định sẽ làm đổi số liệu đó; hãy "
                "ghi sau lúc ấy"
            )
            self._refuse(
                f"{sentence}, hoặc báo người vận hành xem lại đồng hồ của máy chủ",
                f"{sentence}, hoặc hủy lần tổng hợp ấy bằng tonghop heal-time (muốn thử thì dùng một thư mục "
                "--home riêng)",
            )
        if last_night is not None and moment <= last_night:
            sentence = (
                f"{text}: lần tổng hợp lúc {self._local(last_night)} đã xong mà không có quyết định này; ghi thời "
                "điểm muộn hơn"
            )
            self._refuse(sentence, f"{sentence}, hoặc bỏ --at")
        if last and moment < last.holds_from:
            sentence = (
                f"{text}: quyết định số {last.decision_id} có hiệu lực từ {self._local(last.holds_from)}; ghi "
                "thời điểm ấy hoặc muộn hơn"
            )
            self._refuse(sentence, f"{sentence}, hoặc bỏ --at")

    def _refuse(self, sentence: str, command: str = "") -> NoReturn:
        self._end_call(Problem(sentence, command or sentence))

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
