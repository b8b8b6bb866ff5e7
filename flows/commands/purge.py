"""`tonghop purge`: originals removed by policy, what was read from them kept for good."""

from __future__ import annotations

import datetime as dt
import os
import pwd
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import (
    HOME,
    CampaignOption,
    HomeOption,
    check_moment,
    load_campaign_of,
    open_home,
    published_warehouse,
    wrong_call,
)
from sources.moments import moment_text

if TYPE_CHECKING:
    from sources.campaigns import Campaign

REMAINING = """Vẫn còn và vẫn làm lại được: mọi con số, báo cáo, phụ lục, nguồn của từng số (tệp, trang, ô, nguyên văn),
mã SHA-256, tên tệp và thời điểm nhận (figures, reports, lineage, hashes and records of arrival stay).
Không làm lại được nữa (can no longer be remade): đọc lại tệp bằng chương trình mới hơn; bản sao có đánh dấu chỗ sai
(từ lần tổng hợp sau chỉ còn bản liệt kê); mở tệp gốc để đối chiếu.
Đơn vị gửi lại đúng tệp ấy thì được nhận ra là trùng (the same file sent again is known as a duplicate)."""


def purge(
    before: Annotated[
        str,
        typer.Option(
            "--before",
            help=(
                "Day or moment in ISO 8601; originals go of which nothing was received from then on (trước ngày)."
            ),
        ),
    ],
    home: HomeOption = HOME,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it; without it, only what would go is shown.")
    ] = False,
    why: Annotated[
        str, typer.Option(help="The reason that goes on record (lý do).")
    ] = "hết thời hạn lưu tệp gốc",
    campaign: CampaignOption = None,
) -> None:
    """Remove originals by policy, keep hashes and figures (xóa tệp gốc, giữ số liệu)."""
    check_moment(before, "--before")
    if not (home / "landed").is_dir():
        published_warehouse(home)
    loaded = load_campaign_of(campaign)
    from flows.commands.page_pictures import remove_pictures
    from flows.home.lock import HomeBusyError, lock_home
    from sources.campaigns import DEFAULT_CAMPAIGN
    from sources.children.reading import ReadingError
    from sources.decisions import DecisionLog, with_names
    from sources.landing import Landing
    from sources.ledger import LedgerError
    from sources.purged import Reason, StoredReadingMissingError, purgeable
    from sources.purged import purge as remove

    last_night = max(Landing(home).nights(), default=None)
    decisions = DecisionLog(home).recorded(last_night)
    if not _last_night_used(home, with_names(loaded, decisions)):
        wrong_call(
            f"--home {home}: lần tổng hợp gần nhất dùng đợt khác, hoặc đợt đã sửa từ đó (its last night was "
            "run with another campaign); thêm --campaign của đợt đó, hoặc tổng hợp lại trước"
        )
    moment = dt.datetime.fromisoformat(before)
    moment = moment.replace(tzinfo=loaded.zone) if moment.tzinfo is None else moment
    place = open_home(home)
    try:
        with lock_home(place.folder):
            landing = Landing(place.folder)
            contents = purgeable(landing, moment)
            for content in contents:
                for arrival in content.arrivals:
                    received = arrival.received_at.astimezone(loaded.zone)
                    print(
                        f"{received:%d/%m/%Y %H:%M}  {content.size:>10,}  {content.sha256[:12]}  {arrival.file_name}"
                    )
            if yes and contents:
                # first, since they can be cut again where the rest fails
                remove_pictures(place.folder, [content.sha256 for content in contents])
                remove(
                    place.folder,
                    landing,
                    contents,
                    Reason(_account(), dt.datetime.now(dt.UTC), why),
                    (campaign or DEFAULT_CAMPAIGN).resolve(),
                    decisions,
                )
    except (HomeBusyError, StoredReadingMissingError, LedgerError, ReadingError, OSError) as error:
        print(f"tonghop: {error}", file=sys.stderr)
        raise typer.Exit(1) from None
    size = sum(content.size for content in contents)
    print(
        f"{'Đã xóa' if yes else 'Sẽ xóa'} {len(contents)} tệp gốc ({size:,} byte) nhận trước "
        f"{moment_text(moment, loaded.zone)}." + ("" if yes else " Thêm --yes để xóa.")
    )
    print(REMAINING)


def _last_night_used(home: Path, campaign: Campaign) -> bool:
    """Whether the last night was of this campaign, as it stands: what it read is there, or what it
    published says so.

    That night need not have been published: a file may have been in its way.
    """
    from sources.staged import staged_version
    from warehouse.ask import run_sql

    if (home / "staged" / staged_version(campaign)).is_dir():
        return True
    warehouse = home / "warehouse.duckdb"
    return warehouse.is_file() and run_sql(warehouse, "SELECT campaign_digest FROM night").rows == [
        (campaign.digest,)
    ]


def _account() -> str:
    """Who runs this, by the system's account."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
