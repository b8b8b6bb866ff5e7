"""Files whose time of receipt has not come: a few have a wrong time, very many mean a clock that is
behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from flows.clock import WrongTimeError
from flows.logs.progress import log
from sources.arrivals import Arrival
from sources.channels import IncomingFile
from sources.moments import moment_text

MIN_FILES_AGAINST_CLOCK = 3  # and more than half of what a channel hands over
MAX_NAMES_IN_WARNING = 5


def check_clock_against_files(
    files: Sequence[IncomingFile], known: Iterable[Arrival], as_of: dt.datetime
) -> None:
    """Raises WrongTimeError where the time of most of the files to land has not come: then it is the
    clock that is wrong. Those that are `known` to bear such a time do not speak against it again.
    """
    known_times = {arrival.own_time for arrival in known}
    ahead = [f for f in files if f.received_at > as_of and f.received_at not in known_times]
    if len(ahead) >= MIN_FILES_AGAINST_CLOCK and 2 * len(ahead) > len(files):
        raise WrongTimeError(
            f"{len(ahead)} trong {len(files)} tệp ghi thời điểm muộn hơn đồng hồ máy: đồng hồ máy có thể "
            "đang chậm (most files are later than the clock: it is behind). Hãy chỉnh đồng hồ rồi chạy lại; nếu "
            f"đồng hồ đúng thì sửa thời điểm của các tệp, như: {ahead[0].file_name}"
        )


def warn_of_files_dated_ahead(new: Sequence[Arrival], zone: dt.tzinfo | None) -> None:
    """Warns of new files whose own time has not come, and of the moment at which they count as
    received."""
    ahead = [arrival for arrival in new if arrival.own_time is not None]
    if ahead:
        log.warning(
            "%d tệp ghi thời điểm chưa tới; được tính là nhận lúc %s, đề nghị cán bộ xác định thời điểm nhận "
            "thực tế bằng tonghop decide received (their time has not come: received when first seen): %s",
            len(ahead),
            moment_text(ahead[0].received_at, zone),
            ", ".join(
                f"{arrival.file_name} ({arrival.own_time:%d/%m/%Y})"
                for arrival in sorted(ahead, key=lambda a: a.file_name)[:MAX_NAMES_IN_WARNING]
            ),
        )
