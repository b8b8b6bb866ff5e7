"""From inboxes to landed files."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flows.dated_ahead import check_clock_against_files, warn_of_files_dated_ahead
from flows.logs.progress import log
from flows.night import Night
from sources.arrivals import Arrival
from sources.channels import Delivery, open_channel
from sources.landing import HOME_ERRNOS, Landing
from sources.moments import moment_text
from sources.text import visible

MAX_NAMES_IN_WARNING = 5


def collect(night: Night) -> dict[str, int]:
    """Lands what the inboxes had received by the night's `as_of`; how many files were new, known,
    and left alone.

    Raises OSError where an inbox cannot be read: trying again may help (`may_succeed_later`). One
    that is down stops the night, since its numbers would lack that inbox's files. Lands nothing
    twice; what had landed is kept.
    """
    landing = Landing(night.home.folder)
    counts = {"new": 0, "known": 0, "left_alone": 0}
    for inbox in night.inboxes:
        channel = open_channel(inbox, night.home.folder, night.campaign, landing.has_landed)
        for delivery in channel.deliveries(night.as_of):
            _land(delivery, landing, night.as_of, counts)
    landing.record_night(night.as_of, night.started)
    if not any(counts.values()) and landing.arrivals(night.as_of):
        log.warning(
            "hộp nhận báo cáo đang trống, tuy trước đó đã có tệp: đề nghị kiểm tra thư mục hoặc ổ đĩa mạng "
            "(nothing is in %s, though files have come before: is it mounted?)",
            ", ".join(night.inboxes),
        )
    return counts


def _land(delivery: Delivery, landing: Landing, as_of: dt.datetime, counts: dict[str, int]) -> None:
    check_clock_against_files(delivery.files, landing.known(), as_of)
    landed = landing.land(delivery.files, as_of)
    for file in (*delivery.skipped, *landed.skipped):
        log.info(
            "collect: left alone %s: %s",
            *(visible(t, line_breaks=False) for t in (file.file_name, file.reason)),
        )
    _warn_of_late_arrivals(landed.new, as_of)
    warn_of_files_dated_ahead(landed.new, as_of.tzinfo)
    delivery.confirm(landed.skipped)
    counts["new"] += len(landed.new)
    counts["known"] += landed.known + delivery.landed_before
    counts["left_alone"] += len(delivery.skipped) + len(landed.skipped)


def _warn_of_late_arrivals(new: list[Arrival], as_of: dt.datetime) -> None:
    """Warns of files that arrived too late for this night: its moment is before one that was
    published without them."""
    later = [arrival for arrival in new if arrival.known_since > as_of]
    if later:
        since = max(arrival.known_since for arrival in later).astimezone(as_of.tzinfo)
        log.warning(
            "%d tệp mới đưa vào chưa được tính ở thời điểm này, vì số liệu đến %s đã được tổng hợp khi chưa có "
            "các tệp đó; muốn tính thì chạy với thời điểm ấy hoặc muộn hơn (copied in after a later night was "
            "run: they count from that night on): %s",
            len(later),
            moment_text(since),
            ", ".join(sorted(arrival.file_name for arrival in later)[:MAX_NAMES_IN_WARNING]),
        )


def may_succeed_later(task: object, run: object, state: Any) -> bool:
    """Whether a failed `collect` is worth another try: an inbox may be there again in a while, a
    full home is not."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError) and error.errno not in HOME_ERRNOS
