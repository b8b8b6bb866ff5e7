"""`tonghop remind`: a night, then a message to each unit whose report is due, once a unit and
day."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.night import AsOf, Inbox, MoveTo, Wait, exit_at_once, run
from flows.commands.options import HOME, CampaignOption, HomeOption, wrong_call

if TYPE_CHECKING:
    from flows.mailing.reminders import ReminderResult


def remind(
    inbox: Inbox,
    home: HomeOption = HOME,
    as_of: AsOf = None,
    campaign: CampaignOption = None,
    move_to: MoveTo = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help=(
                "Write the messages, and short texts for Zalo, as files into the home's notices/; send nothing "
                "(chỉ ghi thư ra tệp)."
            ),
        ),
    ] = False,
    wait: Wait = 0,
) -> None:
    """Remind the units that have not reported or whose report was returned (nhắc đơn vị)."""
    from flows.mailing.server import ADDRESS, MailServerError, mail_server

    try:
        if mail_server() is None and not dry_run:
            wrong_call(
                f"chưa khai báo máy chủ thư (no mail server is named): đặt biến {ADDRESS}, hoặc thêm --dry-run"
            )
    except MailServerError as error:
        wrong_call(str(error))
    night = run(inbox, home, as_of, campaign, move_to, wait, debug=False)
    from flows.home.lock import HomeBusyError, lock_home
    from flows.mailing.reminders import reason_not_to_remind, remind_units
    from sources.secrets import SecretError

    # a dry run sends nothing, and may show what the home's newest moment would bring
    now = dt.datetime.now(dt.UTC) if as_of and not dry_run else None
    if why := reason_not_to_remind(night.home, night.as_of, now):
        print(f"Không gửi thư nhắc (no reminder was sent): {why}.", file=sys.stderr)
        exit_at_once(1)
    try:
        with lock_home(night.home.folder, wait=wait):
            done = remind_units(
                night.home, night.campaign, lambda: dt.datetime.now(dt.UTC), dry_run
            )
    except (MailServerError, HomeBusyError, SecretError, OSError) as error:
        print(f"Chưa gửi được thư nhắc (no reminder was sent): {error}.", file=sys.stderr)
        exit_at_once(1)
    print("\n".join(_words(done)))
    exit_at_once(1 if done.failed or done.unsure else 0)


def _words(done: ReminderResult) -> list[str]:
    if done.files:
        return [
            "Chưa gửi thư nào; các thư đã ghi ra tệp:",
            *done.files,
            "Tin nhắn ngắn để sao chép gửi qua Zalo (mỗi đơn vị một tin, và một tin chung):",
            *done.texts,
        ]
    lines = [f"Đã gửi {done.sent} thư nhắc; {done.earlier} đơn vị đã được nhắc trong ngày."]
    lines += [f"Chưa gửi được cho {problem}" for problem in done.failed]
    return lines + [
        f"Chưa rõ thư đã đến {unit} hay chưa (máy chủ thư không kịp trả lời); sẽ không gửi lại trong ngày."
        for unit in done.unsure
    ]
