"""The command `tonghop`: its commands (flows/commands/) with their examples.

Exit codes: 0 it ran; 1 it did not (of a night: the old warehouse stands, unless it is said that the
new one does); 2 wrong call.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from flows.commands import (
    backfill,
    campaign,
    compare,
    confirm,
    decide,
    decide_report,
    desk,
    forms,
    heal_time,
    issue,
    night,
    purge,
    queries,
    remind,
    service,
    show,
)
from flows.commands.arguments import plain_arguments

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Consolidates the reports of many units into one report, every number traced to its cell.\n\n"
    "Tổng hợp báo cáo của các đơn vị; mọi con số đều truy được về tận ô trong tệp gốc.",
)

COMMANDS: dict[Callable[..., None], tuple[str, ...]] = {
    night.nightly: (
        "tonghop nightly --inbox ./bao-cao-den --home ./home",
        "tonghop nightly --inbox ./bao-cao-den --as-of 2022-04-18T08:00",
        "tonghop nightly --inbox ./bao-cao-den --campaign ./dot-moi --wait 600",
        "tonghop nightly --inbox ./bao-cao-den --inbox imaps://vanthu@mail.huyen.vn/INBOX --move-to Da-nhan",
    ),
    backfill.backfill: (
        "tonghop backfill 2022-04-05 2022-04-18 --inbox ./bao-cao-den --home ./home",
    ),
    service.serve: (
        "tonghop serve --inbox /srv/bao-cao-den --home /srv/tonghop",
        "tonghop serve --inbox /srv/bao-cao-den --home /srv/tonghop --campaign ./dot-moi --port 4300",
    ),
    remind.remind: (
        "tonghop remind --inbox ./bao-cao-den --home ./home --dry-run",
        "TONGHOP_SMTP=smtps://vanthu@mail.huyen.vn tonghop remind --inbox ./bao-cao-den --home ./home",
    ),
    forms.form: ("tonghop form --out ./bieu-mau", "tonghop form --unit 07540 --out ./bieu-mau"),
    forms.sample: (
        "tonghop sample ./thu",
        "tonghop sample ./thu --units 1000 --seed 7 --layout form",
    ),
    queries.status: ("tonghop status", "tonghop status --home /srv/tonghop"),
    queries.sql: (
        'tonghop sql "select unit_name, status from unit_status"',
        "tonghop sql --as-of 2022-04-16 'select status, count(*) from unit_status group by all'",
        "tonghop sql --csv \"select * from finding where severity = 'error'\" > loi.csv",
    ),
    queries.why: (
        "tonghop why cells_held",
        'tonghop why "chi bộ đã sinh hoạt"',
        "tonghop why 94,4%",
        "tonghop why members_attended --unit 07540",
        "tonghop why PL1.F12",
        'tonghop why "Phụ lục 1 F12"',
        "tonghop why PL2.E9 --all",
    ),
    show.show: (
        'tonghop show "BC Xa Ly.xlsx"',
        "tonghop show ./bao-cao-den/BC.docx --out ./da-hieu.html",
    ),
    confirm.confirm: (
        'tonghop confirm "BC da ky.pdf"',
        'tonghop confirm "BC da ky.pdf" --answers xac-nhan.txt',
    ),
    compare.diff: (
        "tonghop diff 2022-04-16 2022-04-17",
        "tonghop diff 2022-04-16T20:00 2022-04-19 --csv > khac.csv",
    ),
    heal_time.heal_time: (
        "tonghop heal-time --home ./home",
        "tonghop heal-time --home ./home --yes --reason 'Máy chạy sai năm từ 3/4'",
    ),
    issue.issue: (
        "tonghop issue",
        "tonghop issue 2022-04-18 --account canbo1",
    ),
    purge.purge: (
        "tonghop purge --before 2023-01-01",
        "tonghop purge --before 2023-01-01 --yes --why 'theo quy chế lưu trữ'",
    ),
}

DECISIONS: dict[str, tuple[Callable[..., None], tuple[str, ...]]] = {
    "assign": (
        decide.assign,
        ('tonghop decide assign "BC khong ten.xlsx" 07540 --reason "Đã gọi xác nhận"',),
    ),
    "accept": (
        decide.accept,
        (
            'tonghop decide accept "BC Xa Ly.xlsx" --rule other_topic --reason "Ghi nhầm tên chuyên đề"',
            'tonghop decide accept 3f2a… --rule attended_exceeds_total --row "Chi bộ A" --reason "Có khách dự"',
        ),
    ),
    "withdraw": (
        decide.withdraw,
        ('tonghop decide withdraw "BC ban nhap.docx" --reason "Đơn vị gửi nhầm bản nháp"',),
    ),
    "received": (
        decide.received,
        (
            'tonghop decide received "BC Xa Ly.xlsx" 2022-04-17T16:30 --reason "Văn thư đã ký nhận lúc đó"',
        ),
    ),
    "rename": (
        decide.rename,
        ('tonghop decide rename 07540 "Xã Sa Lý" --reason "Theo nghị quyết đổi tên"',),
    ),
    "alias": (
        decide.alias,
        ('tonghop decide alias 07525 "Thị trấn Lục Ngạn" --reason "Đơn vị quen ghi như vậy"',),
    ),
    "settle": (
        decide.settle,
        (
            'tonghop decide settle youth_union 07540 219-DTN --reason "Hai bên đã đối chiếu, lấy số của Huyện đoàn"',
        ),
    ),
    "replace": (
        decide.replace,
        ('tonghop decide replace "BC lan 2 Xa Ly.xlsx" --reason "Xã xác nhận bảng này là đủ"',),
    ),
    "report": (
        decide_report.report,
        (
            'tonghop decide report --number 76 --date 2022-04-18 --signer "Nguyễn Văn An" '
            '--title "PHÓ TRƯỞNG BAN"',
            "tonghop decide report --causes-file nguyen-nhan.txt",
        ),
    ),
    "undo": (decide.undo, ('tonghop decide undo 3 --reason "Đơn vị đã gửi bản đúng"',)),
    "list": (decide.listed, ("tonghop decide list",)),
}

SERVICE: dict[str, tuple[Callable[..., None], tuple[str, ...]]] = {
    "install": (
        service.install,
        (
            "tonghop service install --inbox /srv/bao-cao-den --home /srv/tonghop",
            "tonghop service install --user --inbox ~/bao-cao-den --home ~/tonghop",
        ),
    ),
}


def main() -> None:
    """The entry point of the command."""
    app(args=plain_arguments(sys.argv[1:]))


def examples(*lines: str) -> str:
    """The words after a command's options."""
    return "Examples (ví dụ):\n\n" + "\n\n".join(f"  {line}" for line in lines)


for _command, _lines in COMMANDS.items():
    app.command(epilog=examples(*_lines))(_command)

campaigns = typer.Typer(no_args_is_help=True, help="Prepare a campaign (chuẩn bị đợt sinh hoạt).")
campaigns.command(
    "new",
    epilog=examples(
        "tonghop campaign new ./dot-2025",
        "tonghop campaign new ./dot-2025 --topic 'Xây dựng chi bộ bốn tốt' --area 'tỉnh Bắc Giang' "
        "--meetings 2025-08-20..2025-09-05 --deadline 2025-09-11 --units ./don-vi.xlsx "
        "--issuer 'Ban Tuyên giáo và Dân vận Tỉnh ủy' --set document.place='Bắc Giang'",
    ),
)(campaign.new)
campaigns.command("check", epilog=examples("tonghop campaign check ./dot-2025"))(campaign.check)
app.add_typer(campaigns, name="campaign")

desks = typer.Typer(help="The campaign in a browser (bàn làm việc).")
desks.callback(
    invoke_without_command=True,
    epilog=examples(
        "tonghop desk --home ./home",
        "tonghop desk --home /srv/tonghop --host 192.168.1.20 --port 8443",
    ),
)(desk.desk)
accounts = typer.Typer(no_args_is_help=True, help="Who may enter the desk (tài khoản).")
accounts.command("add", epilog=examples("tonghop desk account add canbo1 --home ./home"))(
    desk.account_add
)
accounts.command("close", epilog=examples("tonghop desk account close canbo1"))(desk.account_close)
accounts.command("list", epilog=examples("tonghop desk account list"))(desk.account_list)
desks.add_typer(accounts, name="account")
app.add_typer(desks, name="desk")

decisions = typer.Typer(
    no_args_is_help=True,
    help="Record what an officer decides; it is applied from the next night "
    "on, and never erased (cán bộ quyết định).",
)
for _name, (_command, _lines) in DECISIONS.items():
    decisions.command(_name, epilog=examples(*_lines))(_command)
app.add_typer(decisions, name="decide")

services = typer.Typer(
    no_args_is_help=True, help="Put a home in service on this machine for good (dịch vụ)."
)
for _name, (_command, _lines) in SERVICE.items():
    services.command(_name, epilog=examples(*_lines))(_command)
app.add_typer(services, name="service")


if __name__ == "__main__":
    main()
