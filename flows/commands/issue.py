"""`tonghop issue`: the report that was signed is frozen, with its annexes and the numbers that it
prints."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Annotated

import typer

from flows.commands.decide import Account, At, account_or_own, open_checks
from flows.commands.options import (
    HOME,
    CampaignOption,
    HomeOption,
    check_moment,
    open_home,
    wrong_call,
)


def issue(
    day: Annotated[
        str | None,
        typer.Argument(
            metavar="[DATE]",
            help="The day of the report, as its folder below reports is called; the last when left out.",
        ),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why (lý do).")] = "Báo cáo đã ký",
    home: HomeOption = HOME,
    campaign: CampaignOption = None,
    at: At = None,
    account: Account = None,
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait for a night on this home.")
    ] = 0,
) -> None:
    """Freeze the report that was signed, with annexes, numbers and their SHA-256 (phát hành báo cáo)."""
    chosen = _checked_day(day)
    check_moment(at, "--at")
    checks = open_checks(home, campaign)
    place, now = open_home(home), dt.datetime.now(dt.UTC)
    from flows.commands.issue_report import issue_report
    from flows.home.lock import HomeBusyError
    from flows.issuing import NotIssuedError
    from flows.logs.progress import Terminal
    from sources.campaigns import DEFAULT_CAMPAIGN

    try:
        with Terminal():
            frozen, decision = issue_report(
                checks,
                place,
                campaign or DEFAULT_CAMPAIGN,
                chosen,
                account_or_own(account),
                reason,
                at,
                now,
                wait,
            )
    except NotIssuedError as error:
        wrong_call(error.problem.command)
    except (HomeBusyError, OSError) as error:
        print(f"Chưa phát hành được (not issued): {error}", file=sys.stderr)
        raise typer.Exit(1) from None
    edited = (
        f" Giữ nguyên bản cán bộ đã sửa: {', '.join(frozen.changed)}." if frozen.changed else ""
    )
    print(
        f"Đã phát hành (quyết định số {decision.decision_id}): {place.issued / frozen.name}.{edited}\n"
        "Nếu số liệu thay đổi, lần tổng hợp sau soạn báo cáo bổ sung.\n"
        f"Hủy: tonghop decide undo {decision.decision_id} --reason …"
    )


def _checked_day(day: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(day) if day else None
    except ValueError:
        wrong_call(f"{day}: không phải ngày (no ISO 8601 date); ghi như 2022-04-18")
