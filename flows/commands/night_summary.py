"""The last words of a night on the terminal: some ten lines in Vietnamese, all from the warehouse that
it published; one more where that is not the newest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import duckdb

from flows.home.layout import Home
from flows.home.places import NightPlaces, places_of_night
from sources.moments import moment_text
from warehouse.figures import FigureValue, figure_values
from warehouse.published_folder import PublishedFolder
from warehouse.reports.documents import DOCUMENTS
from warehouse.reports.totals import SHARE_OF

PAST = (
    "Đây là thời điểm đã qua: kho số liệu của thời điểm này ở {warehouse}; kho số liệu và phản hồi hiện "
    "hành không thay đổi."
)
SUMMED_UP = {"cells_held": "Chi bộ đã sinh hoạt", "members_attended": "đảng viên tham dự"}


def night_summary(home: Home, as_of: dt.datetime) -> list[str]:
    """Files received, what counts, what is wrong, and where each document is: six lines for an
    officer, and one for each document.

    Reads the warehouse that the night of `as_of`, in the campaign's zone, published.
    """
    places = places_of_night(home, as_of)
    with duckdb.connect(str(places.warehouse), read_only=True) as con:
        files = dict(
            con.execute("select status, count(*) from submission group by status").fetchall()
        )
        figures = figure_values(con)
        summary = con.execute("select * from campaign_summary")
        totals = dict(
            zip((column[0] for column in summary.description), summary.fetchall()[0], strict=True)
        )
    return [
        f"Số liệu tính đến {moment_text(as_of)}.",
        f"Đã nhận {_n(sum(files.values()))} tệp: {_n(files.get('accepted'))} được tính, "
        f"{_n(files.get('returned'))} trả lại, {_n(files.get('rejected'))} từ chối, "
        f"{_n(files.get('held'))} giữ lại chờ cán bộ, {_n(files.get('duplicate'))} trùng.",
        f"Đã báo cáo {_n(totals['units_reported'])}/{_n(totals['units_expected'])} đơn vị: "
        f"{_n(totals['units_on_time'])} đúng hạn, {_n(totals['units_late'])} chậm.",
        f"Bị trả lại {_n(totals['units_returned'])} đơn vị; chưa báo cáo {_n(totals['units_missing'])} đơn vị.",
        *_shares(figures),
        f"Đơn vị còn phải sửa {figures['findings_errors'].printed} lỗi; {figures['findings_warnings'].printed} điểm "
        "cần lưu ý.",
        *_documents(places),
        *([] if places.is_newest else [PAST.format(warehouse=places.warehouse)]),
    ]


def _documents(places: NightPlaces) -> Iterator[str]:
    """Where each document is that the night wrote: beside the one of that name, where a person has
    changed that."""
    reports = PublishedFolder(places.reports)
    for document in DOCUMENTS:
        place = places.place_of(document)
        written = None if document.is_folder else reports.current(document.file_name)
        if written or (place.exists() and not document.notice):
            yield f"{document.label}: {written or place}"


def _shares(figures: dict[str, FigureValue]) -> list[str]:
    """One line of what was counted, part and whole of the same units; none where nothing is known."""
    shares = []
    for name, label in SUMMED_UP.items():
        part, whole = (figures.get(figure) for figure in SHARE_OF[name])
        if part and whole and whole.value:
            shares.append(f"{label}: {part.printed}/{whole.printed}")
    return [f"{'; '.join(shares)}."] if shares else []


def _n(count: int | None) -> str:
    return f"{count or 0:,}".replace(",", ".")
