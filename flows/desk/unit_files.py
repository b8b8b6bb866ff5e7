"""The files that came through a unit's own link, each in the words of the letter to the unit.

Nothing of another unit is shown: of a file that another unit is named in, only that it is on hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flows.desk.desk import Desk
from flows.desk.instant import FINDING_COLUMNS
from flows.desk.judged_files import judged_files
from sources.arrivals import Arrival
from sources.campaigns import Campaign
from sources.channels.desk import UNIT_LINK
from sources.landing import Landing
from sources.registry import Unit
from warehouse.reports.feedback.returned_files import FeedbackItem, feedback_item

MAX_FINDINGS = 200  # that a page shows
CHECKING = "Đang kiểm tra …"
NOT_CHECKED = "Đã nhận; chưa kiểm tra ngay được, sẽ kiểm tra trong lần tổng hợp tới."
COUNTS, WILL_COUNT = (
    "Không có lỗi; đã được tổng hợp.",
    "Không có lỗi; sẽ được tính trong lần tổng hợp tới.",
)
DUPLICATE = "Trùng hoàn toàn với một tệp đã nhận trước; không tính lại."
OF_ANOTHER = (
    "Nội dung ghi một đơn vị khác nên tệp được giữ lại để cán bộ xem, chưa tính. Nếu gửi nhầm tệp, "
    "đề nghị gửi lại đúng tệp."
)
HELD = {  # by the rule for which a file is on hold
    "scan_unconfirmed": "Bản quét hoặc ảnh chụp được giữ lại để cán bộ đối chiếu, chưa tính. Nếu còn tệp Word hoặc "
    "Excel, đề nghị gửi thêm tệp đó để được tính ngay.",
    "sub_unit_report": "Tệp ghi là của một chi bộ hoặc tổ chức trực thuộc nên được giữ lại để cán bộ xem, chưa tính. "
    "Nếu là báo cáo của cả đơn vị, đề nghị ghi rõ tên đơn vị rồi gửi lại.",
}
HELD_ELSE = "Tệp được giữ lại để cán bộ xem, chưa tính."


@dataclass(frozen=True)
class UnitFile:
    """A file of a unit's link, as the unit may see it.

    verdict     None while it is being checked
    is_counted  whether a published night has judged it; else the verdict is provisional
    is_late     whether it came at the deadline or after it
    """

    arrival: Arrival
    campaign: Campaign
    unit: Unit
    verdict: dict[str, Any] | None
    is_counted: bool

    @property
    def is_late(self) -> bool:
        """Whether it came at the deadline or after it."""
        return self.arrival.received_at >= self.campaign.campaign.deadline

    @property
    def is_own(self) -> bool:
        """Whether its content may be spoken of: no other unit is named in it."""
        verdict = self.verdict or {}
        return verdict.get("unit_code") in (None, self.unit.code)

    @property
    def status(self) -> str | None:
        """The verdict's status; held where another unit is named; None where there is none yet."""
        status: str | None = (self.verdict or {}).get("status")
        return "held" if status and not self.is_own else status

    @property
    def words(self) -> str:
        """What became of the file, and what the unit is to do."""
        if self.verdict is None:
            return CHECKING
        if not self.is_own:
            return OF_ANOTHER
        status = self.status
        if status is None:
            return NOT_CHECKED
        if status == "accepted":
            return COUNTS if self.is_counted else WILL_COUNT
        if status == "returned":
            count = len(self.errors)
            return f"Chưa tính được: {count} chỗ phải sửa. Đề nghị sửa trên tệp gốc rồi gửi lại cả tệp."
        if status == "held":
            rules = (f["rule"] for f in self.verdict["findings"])
            return next((HELD[rule] for rule in rules if rule in HELD), HELD_ELSE)
        return DUPLICATE if status == "duplicate" else str(self.verdict["reason"] or HELD_ELSE)

    @property
    def errors(self) -> list[FeedbackItem]:
        """What the file goes back for."""
        return [item for item in self._items if item.is_error]

    @property
    def warnings(self) -> list[FeedbackItem]:
        """What should be looked at as well."""
        return [item for item in self._items if not item.is_error]

    @property
    def read(self) -> list[dict[str, Any]]:
        """What was read of it (values_read.py)."""
        found: list[dict[str, Any]] = (self.verdict or {}).get("read", []) if self.is_own else []
        return found

    @property
    def _items(self) -> list[FeedbackItem]:
        if self.status not in ("accepted", "returned"):
            return []
        findings = (self.verdict or {}).get("findings", [])[:MAX_FINDINGS]
        return [
            feedback_item([finding[column] for column in FINDING_COLUMNS], self.campaign)
            for finding in findings
        ]


def arrivals_of(desk: Desk, unit: Unit) -> list[Arrival]:
    """What has come through the unit's links, the newest first."""
    known = Landing(desk.home.folder).known()
    found = [a for a in known if a.channel == UNIT_LINK and a.link_unit_code == unit.code]
    return sorted(found, key=lambda a: a.received_at, reverse=True)


def unit_files(desk: Desk, campaign: Campaign, unit: Unit) -> list[UnitFile]:
    """All files of the unit's links, the newest first, each with what is known of it by now."""
    arrivals = arrivals_of(desk, unit)
    judged = judged_files(desk, [a.submission_id for a in arrivals])
    return [unit_file(desk, campaign, unit, a, judged) for a in arrivals]


def unit_file(
    desk: Desk,
    campaign: Campaign,
    unit: Unit,
    arrival: Arrival,
    judged: dict[str, dict[str, Any]] | None = None,
) -> UnitFile:
    """One of them; `judged` is what the last night said of it and others, asked for if left out."""
    known = judged_files(desk, [arrival.submission_id]) if judged is None else judged
    by_night = known.get(arrival.submission_id)
    if by_night is not None:
        read = desk.checker.values_read(arrival.submission_id)
        return UnitFile(arrival, campaign, unit, {**by_night, "read": read}, True)
    desk.checker.check([arrival])
    at_once = desk.checker.verdict(arrival.submission_id)
    return UnitFile(arrival, campaign, unit, at_once, False)


def unit_status(desk: Desk, unit: Unit) -> str | None:
    """The unit's status in the published night (accepted, returned, missing); None without one."""
    if not desk.has_night:
        return None
    with desk.warehouse() as con:
        row = con.execute(
            "SELECT status FROM unit_status WHERE unit_code = $unit", {"unit": unit.code}
        ).fetchone()
    return str(row[0]) if row else None
