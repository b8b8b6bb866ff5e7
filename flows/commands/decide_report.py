"""`tonghop decide report`: the officer's part of the consolidated report, recorded and filled into
it from the next night on."""

from __future__ import annotations

import datetime as dt
import sys
import unicodedata
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.decide import Account, At, account_or_own, open_checks
from flows.commands.options import HOME, CampaignOption, HomeOption, check_moment, wrong_call

MAX_TEXT_BYTES = 100_000
MAX_LINE_LENGTH = 200  # characters of a name or a title
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
        "date": _checked_date(date),
        "signer": _checked_line(signer, "--signer"),
        "title": _checked_line(title, "--title"),
        **_read_texts(files),
    }
    given = {field: value for field, value in values.items() if value is not None}
    if not given:
        wrong_call(
            "chưa ghi gì: thêm --number, --date, --signer, --title, --causes-file, --introduction-file "
            "hoặc --conclusions-file"
        )
    check_moment(at, "--at")
    checks = open_checks(home, campaign)
    recorded = checks.record_all(
        "report",
        account_or_own(account),
        reason.strip() or REASON,
        at,
        dt.datetime.now(dt.UTC),
        [{"field": field, "value": value} for field, value in given.items()],
    )
    numbers = ", ".join(str(decision.decision_id) for decision in recorded)
    print(
        f"Đã ghi quyết định số {numbers}; đưa vào báo cáo từ lần tổng hợp tới (tonghop nightly).\n"
        "Sửa: ghi lại lệnh này với nội dung mới. Hủy: tonghop decide undo SỐ --reason …"
    )


def _checked_date(text: str | None) -> str | None:
    """The date in ISO 8601; ends the call where it is none of a campaign's years."""
    if not text:
        return text
    from sources.campaigns import YEARS

    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        wrong_call(f"--date {text}: không phải ngày (no ISO 8601 date); ghi như 2022-04-18")
    if date.year not in YEARS:
        wrong_call(f"--date {text}: năm phải từ {YEARS[0]} đến {YEARS[-1]}; ghi như 2022-04-18")
    return date.isoformat()


def _checked_line(text: str | None, option: str) -> str | None:
    if text is None:
        return None
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if len(line) > MAX_LINE_LENGTH:
        wrong_call(f"{option}: dài quá {MAX_LINE_LENGTH} chữ; ghi ngắn lại")
    return line


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
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
