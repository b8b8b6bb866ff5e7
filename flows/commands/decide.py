"""`tonghop decide …`: what an officer decides, recorded for good and applied from the next night
on."""

from __future__ import annotations

import datetime as dt
import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from flows.commands.options import (
    HOME,
    CampaignOption,
    HomeOption,
    campaign_of_home,
    check_moment,
    open_home,
    published_warehouse,
    wrong_call,
)

if TYPE_CHECKING:
    from flows.commands.decision_checks import DecisionChecks
    from flows.problems import Problem
    from sources.decisions import DecisionKind

Reason = Annotated[
    str,
    typer.Option(
        "--reason",
        show_default=False,
        help=("Why (lý do), one sentence; it must be given, and stands in the report's annex."),
    ),
]
File = Annotated[
    str,
    typer.Argument(
        help="The file: its submission_id, or its name, also without its ending, where no other bears it (tệp)."
    ),
]
UnitArgument = Annotated[str, typer.Argument(help="The unit's code (mã đơn vị).")]
Name = Annotated[str, typer.Argument(help="What the unit is called (tên).")]
At = Annotated[
    str | None,
    typer.Option(
        "--at",
        help=(
            "ISO 8601 moment from which it holds, later than the last night's; now when left out."
        ),
    ),
]
Account = Annotated[
    str | None,
    typer.Option(
        "--account",
        envvar="TONGHOP_ACCOUNT",
        help=("The officer's account; that of this shell when left out (tài khoản)."),
    ),
]


def assign(
    file: File,
    unit: UnitArgument,
    reason: Reason = "",
    home: HomeOption = HOME,
    campaign: CampaignOption = None,
    at: At = None,
    account: Account = None,
) -> None:
    """The file is this unit's report (giao tệp cho đơn vị)."""
    desk = open_checks(home, campaign)
    _record(
        desk,
        "assign",
        reason,
        at,
        account,
        submission_id=desk.file(file),
        unit_code=desk.unit(unit),
    )


def accept(
    file: File,
    reason: Reason = "",
    rule: Annotated[
        str,
        typer.Option(
            help=(
                "The rule whose findings shall not stand in the way (sai sót); when left out, the file's are named."
            )
        ),
    ] = "",
    section: Annotated[str | None, typer.Option(help="Only findings of this section.")] = None,
    row: Annotated[
        str | None, typer.Option(help="Only findings of the row of this name (dòng).")
    ] = None,
    field: Annotated[str | None, typer.Option(help="Only findings of this field (mục).")] = None,
    home: HomeOption = HOME,
    campaign: CampaignOption = None,
    at: At = None,
    account: Account = None,
) -> None:
    """The file counts in spite of its findings of a rule (vẫn tính tệp bị trả lại)."""
    desk = open_checks(home, campaign)
    about = {
        "submission_id": desk.file(file),
        "rule": rule,
        "section": section,
        "row_name": row,
        "field": field,
    }
    desk.check_acceptable(about)
    _record(desk, "accept", reason, at, account, **about)


def withdraw(
    file: File, reason: Reason = "", home: HomeOption = HOME, at: At = None, account: Account = None
) -> None:
    """The file does not count (rút tệp)."""
    desk = open_checks(home, None, names_unit=False, needs_night=False)
    _record(desk, "withdraw", reason, at, account, submission_id=desk.file(file))


def received(
    file: File,
    time: Annotated[
        str, typer.Argument(help="ISO 8601 moment at which it was received (thời điểm nhận).")
    ],
    reason: Reason = "",
    home: HomeOption = HOME,
    campaign: CampaignOption = None,
    at: At = None,
    account: Account = None,
) -> None:
    """The file was received at that time, whatever time it bears (xác định thời điểm nhận)."""
    check_moment(time, "TIME")
    check_moment(at, "--at")
    desk = open_checks(home, campaign, needs_night=False)
    submission_id = desk.file(file)
    about = desk.received(submission_id, time, at, dt.datetime.now(dt.UTC))
    _record(desk, "received", reason, at, account, submission_id=submission_id, **about)


def rename(
    unit: UnitArgument,
    name: Name,
    reason: Reason = "",
    home: HomeOption = HOME,
    campaign: CampaignOption = None,
    at: At = None,
    account: Account = None,
) -> None:
    """The unit bears a new name; it is still known by the old one (đổi tên đơn vị)."""
    desk = open_checks(home, campaign)
    _record(
        desk,
        "rename",
        reason,
        at,
        account,
        unit_code=desk.unit(unit),
        name=desk.new_name(unit, name),
    )


def alias(
    unit: UnitArgument,
    name: Name,
    reason: Reason = "",
    home: HomeOption = HOME,
    campaign: CampaignOption = None,
    at: At = None,
    account: Account = None,
) -> None:
    """The unit is known by one more name (thêm tên gọi khác)."""
    desk = open_checks(home, campaign)
    _record(
        desk,
        "alias",
        reason,
        at,
        account,
        unit_code=desk.unit(unit),
        name=desk.new_name(unit, name),
    )


def settle(
    organisation: Annotated[
        str, typer.Argument(help="The organisation's code in the form, such as youth_union.")
    ],
    commune: Annotated[str, typer.Argument(help="The commune's code (mã xã).")],
    unit: Annotated[
        str,
        typer.Argument(
            help="The unit whose line counts: the organisation's or the commune's code."
        ),
    ],
    reason: Reason = "",
    home: HomeOption = HOME,
    campaign: CampaignOption = None,
    at: At = None,
    account: Account = None,
) -> None:
    """Of two reports that differ on an organisation in a commune, this unit's line counts (chọn
    nguồn số liệu)."""
    desk = open_checks(home, campaign)
    about = {
        "organisation": organisation,
        "commune_code": desk.unit(commune),
        "unit_code": desk.unit(unit),
    }
    desk.check_settleable(about)
    _record(desk, "settle", reason, at, account, **about)


def replace(
    file: File, reason: Reason = "", home: HomeOption = HOME, at: At = None, account: Account = None
) -> None:
    """The file counts whole, though it lacks rows that stood or is the older one (lấy cả tệp thay
    tệp trước)."""
    desk = open_checks(home, None, names_unit=False)
    about = {"submission_id": desk.file(file)}
    desk.check_replaceable(about["submission_id"])
    _record(desk, "replace", reason, at, account, **about)


def undo(
    decision: Annotated[
        int, typer.Argument(help="The number of the decision that no longer holds (số quyết định).")
    ],
    reason: Reason = "",
    home: HomeOption = HOME,
    at: At = None,
    account: Account = None,
) -> None:
    """An earlier decision no longer holds (hủy quyết định)."""
    desk = open_checks(home, None, names_unit=False)
    desk.check_undoable(decision)
    _record(desk, "undo", reason, at, account, undoes=decision)


def listed(home: HomeOption = HOME) -> None:
    """All decisions, in the order of the record (các quyết định)."""
    published_warehouse(home)
    from flows.commands.decision_list import decision_lines

    print("\n".join(decision_lines(home)))


def account_or_own(account: str | None) -> str:
    """The officer's account that is given, else that of this shell."""
    return account or getpass.getuser()


def open_checks(
    home: Path, campaign: Path | None, names_unit: bool = True, needs_night: bool = True
) -> DecisionChecks:
    """The checks of decisions about a home. Unless it `needs_night`, one where no night was published
    will do: a file may be in the way."""
    from flows.commands.decision_checks import DecisionChecks
    from sources.campaigns import DEFAULT_CAMPAIGN

    if needs_night or not (home / "landed").is_dir():
        published_warehouse(home)
    if names_unit:
        campaign_of_home(home, campaign)
    return DecisionChecks(open_home(home).folder, campaign or DEFAULT_CAMPAIGN, refuse_call)


def refuse_call(problem: Problem) -> NoReturn:
    """Ends a call whose decision cannot be recorded."""
    wrong_call(problem.command)


def _record(
    desk: DecisionChecks,
    kind: DecisionKind,
    reason: str,
    at: str | None,
    account: str | None,
    **about: Any,
) -> None:
    check_moment(at, "--at")
    if not reason.strip():
        wrong_call(
            '--reason: hãy ghi lý do, một câu, như --reason "Đã gọi xác nhận"; lý do đứng cạnh quyết định '
            "trong báo cáo"
        )
    now = dt.datetime.now(dt.UTC)
    decision = desk.record(kind, account_or_own(account), reason.strip(), at, now, about)
    print(
        f"Đã ghi quyết định số {decision.decision_id}; áp dụng từ lần tổng hợp tới (tonghop nightly).\n"
        f"Hủy: tonghop decide undo {decision.decision_id} --reason …"
    )
