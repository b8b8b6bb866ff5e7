"""What people are told when a night failed, on whatever way they are told."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

from flows.home import Home

log = logging.getLogger("tonghop")

WORDS = """Lần chạy “{name}” không hoàn thành ({state}).

{message}

Kho số liệu đang có vẫn dùng được. Sau khi khắc phục nguyên nhân, hãy làm một trong ba cách: bấm Retry trên trang
Prefect, chạy `prefect flow-run retry`, hoặc chạy lại `tonghop nightly`. Những tệp đã đọc xong không phải đọc lại.
Nhật ký: {logs}
"""


def notify_failure(home: Path, flow_run_name: str, state: str, message: str) -> None:
    """Tells that a flow run ended in `state` (Failed or Crashed), once per end: a file in the home, a line in the log.

    Raises OSError where the home cannot be written: whoever calls tries again later.
    """
    log.error("%s: %s: %s", flow_run_name, state, message)
    place = Home(home)
    place.notices.mkdir(parents=True, exist_ok=True)
    path = place.notices / f"{dt.datetime.now().astimezone():%Y%m%dT%H%M%S}-{flow_run_name}.txt"
    path.write_text(WORDS.format(name=flow_run_name, state=state, message=message, logs=place.logs), encoding="utf-8")
