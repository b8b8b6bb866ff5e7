"""Files that a person brings through the desk: each lands at once, like any arrival.

`land_file` returns once its bytes and its record are on the disk. Its time of receipt is the clock's; an
officer who knows a better one records that as a decision (`received`), with a reason.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path, PurePosixPath

from sources.arrivals import Arrival
from sources.channels import IncomingFile
from sources.channels.folder import litter_reason
from sources.landing import Landing

MAX_NAME_LENGTH = 200  # characters of a file's name, folders included


class NotLandedError(Exception):
    """A file that did not land, and why (Vietnamese)."""


def land_file(
    home: Path,
    name: str,
    body: Path,
    channel: str,
    now: dt.datetime,
    link_unit_code: str | None = None,
) -> Arrival:
    """The arrival of a file of that name that was brought at `now`, its bytes at `body`.

    What an officer brings is trusted; `link_unit_code` names the unit whose link brought it instead.
    Raises NotLandedError, and OSError of a full disk.
    """
    safe_name = _safe_name(name)
    if litter_reason(safe_name.rpartition("/")[2]):
        raise NotLandedError("tệp tạm của Office hoặc của máy, không phải báo cáo, nên không nhận")
    landing = Landing(home)
    file = IncomingFile(
        safe_name,
        now,
        channel,
        lambda: body.open("rb"),
        lambda: True,
        size=body.stat().st_size,
        is_trusted=link_unit_code is None,
        link_unit_code=link_unit_code,
    )
    landed = landing.land([file], now)
    if not landed.new:
        why = landed.skipped[0].reason if landed.skipped else "tệp này vừa được gửi"
        raise NotLandedError(f"không lưu được tệp ({why}); hãy gửi lại")
    return landed.new[0]


def _safe_name(name: str) -> str:
    """The path as the browser gave it, below the inbox: no drive, no way up, no empty part."""
    parts = [part.strip() for part in PurePosixPath(name.replace("\\", "/")).parts]
    kept = [part for part in parts if part not in ("", "/", ".", "..") and not part.endswith(":")]
    return "/".join(kept)[-MAX_NAME_LENGTH:].strip("/ ") or "tep-khong-ten"
