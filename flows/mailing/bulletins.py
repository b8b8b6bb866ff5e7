"""What officers get by mail: the summary after each night, and at once a message when one failed."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence

from flows.commands.night_summary import night_summary
from flows.home.layout import Home
from flows.mailing.post import Draft, send_once
from flows.mailing.server import MailServerError, mail_server
from sources.campaigns import Campaign
from sources.ledger import LedgerError
from sources.notices import Notice

log = logging.getLogger("tonghop")

FAILURE_TEXT = """Lần chạy “{name}” không hoàn thành ({state}).

{message}

Kho số liệu đang có vẫn dùng được. Sau khi khắc phục nguyên nhân, hãy chạy lại (tonghop nightly, hoặc bấm Retry trên
trang Prefect); những tệp đã đọc xong không phải đọc lại. Nhật ký: {logs}
"""

Clock = Callable[[], dt.datetime]


def notify_of_night(
    home: Home, campaign: Campaign, as_of: dt.datetime, clock: Clock
) -> list[Notice]:
    """Sends each officer the summary of the published night, once; nothing where no mail server
    is named.

    A server that cannot be reached is logged: the night itself went well.
    """
    lines = night_summary(home, as_of)
    text = "\n".join([*lines, "", f"{campaign.document.issuer_name}, thư tự động."]) + "\n"
    subject = f"Tổng hợp báo cáo lúc {as_of:%H:%M %d/%m/%Y}: {lines[2]}"
    return _send(
        home,
        campaign,
        clock,
        [
            Draft("night", as_of.isoformat(), officer, subject, text, as_of)
            for officer in _officers(campaign)
        ],
    )


def mail_failure(
    home: Home,
    campaign: Campaign,
    name: str,
    state: str,
    message: str,
    clock: Clock,
    occasion: str = "",
) -> list[Notice]:
    """Sends each officer at once that the flow run of that name ended in `state`, once an
    `occasion` (the name, when left out); as `notify_of_night`.
    """
    return _send(
        home,
        campaign,
        clock,
        [
            Draft(
                "failure",
                occasion or f"{name} {state}",
                officer,
                f"Chưa tổng hợp được: {name} ({state})",
                _failed(home, name, state, message),
                clock(),
            )
            for officer in _officers(campaign)
        ],
    )


def notify_failure(
    home: Home, campaign: Campaign, name: str, state: str, message: str, clock: Clock, occasion: str
) -> None:
    """Reports a flow run that nobody watched: a line in the log, a file in the home's notices/,
    mail as above.

    Raises OSError where the home cannot be written: whoever calls tries again later.
    """
    log.error("%s: %s: %s", name, state, message)
    home.notices.mkdir(parents=True, exist_ok=True)
    path = home.notices / f"{clock().astimezone(campaign.zone):%Y%m%dT%H%M%S}-{name}.txt"
    path.write_text(_failed(home, name, state, message), encoding="utf-8")
    mail_failure(home, campaign, name, state, message, clock, occasion)


def _failed(home: Home, name: str, state: str, message: str) -> str:
    return FAILURE_TEXT.format(name=name, state=state, message=message, logs=home.logs)


def _officers(campaign: Campaign) -> Sequence[str]:
    return campaign.notices.officers if campaign.notices else ()


def _send(home: Home, campaign: Campaign, clock: Clock, drafts: list[Draft]) -> list[Notice]:
    try:
        server = mail_server()
        if server is None or not drafts or campaign.notices is None:
            return []
        return send_once(drafts, home.folder, campaign.notices.sender, server, clock)
    except (MailServerError, LedgerError, OSError) as error:
        log.error("mail: officers were not notified: %s", error)
        return []
