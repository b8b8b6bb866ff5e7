"""`tonghop decide report`: the officer's part of the consolidated report, recorded and filled into
it from the next night on."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.decide import Account, At, account_or_own, open_checks
from flows.commands.options import HOME, CampaignOption, HomeOption, check_moment, wrong_call

MAX_TEXT_BYTES = 100_000
STDIN = Path("-")
REASON = "Phần của cán bộ trong báo cáo"


def report(
    number: Annotated[
        int | None, typer.Option(min=1, max=9999, help="The document's number (số).")
    ] = None,
    date: Annotated[
        str | None, typer.Option(help="Its date, as 2022-04-18 (ngày ban hành).")
    ] = None,
    signer: Annotated[
        str | None, typer.Option(help="Who signs it, as printed below the signature (người ký).")
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(
            help=(
                "The signer's title (chức vụ); a deputy's is printed as \"K/T TRƯỞNG BAN / PHÓ TRƯỞNG BAN\"."
            )
        ),
    ] = None,
    causes_file: Annotated[
        Path | None,
        typer.Option(help="Text file with the causes, III.3 (nguyên nhân); - reads from stdin."),
    ] = None,
    introduction_file: Annotated[
        Path | None,
        typer.Option(help="Text file with the opening paragraphs (mở đầu); - reads from stdin."),
    ] = None,
    conclusions_file: Annotated[
        Path | None,
        typer.Option(help="Text file with the conclusions (kết luận); - reads from stdin."),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why (lý do).")] = REASON,
    home: HomeOption = HOME,
    campaign: CampaignOption = None,
    at: At = None,
    account: Account = None,
) -> None:
    """Number, date, signer and texts that only the office can write; an empty one is blank again
    (phần của cán bộ trong báo cáo)."""
    files = {
        "causes": causes_file,
        "introduction": introduction_file,
        "conclusions": conclusions_file,
    }
    values = {
        "number": None if number is None else str(number),
        "date": date,
        "signer": signer,
        "title": title,
        **_read_texts(files),
    }
    from flows.commands.report_part import PartError, checked_part, record_part

    try:
        part = checked_part(values)
    except PartError as error:
        shown = f" {date}" if error.field == "date" else ""
        wrong_call(f"--{error.field}{shown}: {error.problem.command}")
    if not part:
        wrong_call(
            "chưa ghi gì: thêm --number, --date, --signer, --title, --causes-file, --introduction-file "
            "hoặc --conclusions-file"
        )
    check_moment(at, "--at")
    checks = open_checks(home, campaign)
    officer, now = account_or_own(account), dt.datetime.now(dt.UTC)
    recorded = record_part(checks, officer, reason, at, now, part)
    numbers = ", ".join(str(decision.decision_id) for decision in recorded)
    print(
        f"Đã ghi quyết định số {numbers}; đưa vào báo cáo từ lần tổng hợp tới (tonghop nightly).\n"
        "Sửa: ghi lại lệnh này với nội dung mới. Hủy: tonghop decide undo SỐ --reason …"
    )


def _read_texts(files: dict[str, Path | None]) -> dict[str, str]:
    """The texts of the files that are given; stdin can be one of them only."""
    given = {field: path for field, path in files.items() if path is not None}
    if [*given.values()].count(STDIN) > 1:
        wrong_call("chỉ một tùy chọn được đọc từ stdin (-); ghi nội dung kia vào tệp")
    return {field: _read_text(path, f"--{field}-file") for field, path in given.items()}


def _read_text(path: Path, option: str) -> str:
    """The text of a plain text file in UTF-8, or in UTF-16 with its mark, as Notepad writes it."""
    try:
        if path == STDIN:
            content = sys.stdin.buffer.read(MAX_TEXT_BYTES + 1)
        else:
            with path.open("rb") as file:
                content = file.read(MAX_TEXT_BYTES + 1)
        is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = content.decode("utf-16" if is_utf16 else "utf-8-sig")
    except OSError as error:
        wrong_call(f"{option} {path}: không đọc được ({error.strerror}); xem lại tên tệp")
    except UnicodeDecodeError:
        wrong_call(f"{option} {path}: không phải tệp chữ; lưu dưới dạng .txt, mã UTF-8")
    if len(content) > MAX_TEXT_BYTES or "\0" in text:
        wrong_call(
            f"{option} {path}: dài quá {MAX_TEXT_BYTES // 1000} nghìn byte hoặc không phải tệp chữ"
        )
    return text
