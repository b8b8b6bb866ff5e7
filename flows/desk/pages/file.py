"""One file: its verdict, how it was understood, its original, and of a scan what waits for an
officer."""

from __future__ import annotations

import re

from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from flows.commands.understood_file import NotUnderstoodError
from flows.desk import decision_words
from flows.desk.guard import Refusal, Visit, looking
from flows.desk.one_file import arrival_of, one_file
from flows.desk.place_links import FILE_SECTION, frame_address, place_asked
from sources.children.reading import ReadingError
from sources.decisions import DecisionLog
from sources.text import visible
from warehouse.reports.typed_values import typed_values
from warehouse.reports.understood import understood_page

# of the page of one file, which has a style of its own and nothing that acts
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
PURGED = "Bản gốc của tệp này không còn trên máy: đã được xóa theo quy định lưu trữ."
NOT_READ = "Chưa đọc được tệp lúc này; xin thử lại sau ít phút."
MAX_NAME_LENGTH = 150
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def shown(visit: Visit) -> Response:
    """All that is known of the file, and the file itself in a frame, at the cell that is asked for."""
    campaign, submission = visit.desk.campaign, visit.request.path_params["submission"]
    file = one_file(visit.desk, campaign, submission)
    asked = place_asked(visit.request.query_params.get("o", ""))
    return visit.page(
        "file.html.j2",
        campaign=campaign,
        file=file,
        decisions=decision_words.about_file(submission, visit.desk),
        sentence=decision_words.sentence,
        as_of=visit.desk.last_night(),
        unit=campaign.registry.by_code.get(file.unit_code or ""),
        asked=asked,
        section=FILE_SECTION,
        frame=frame_address(submission, asked),
    )


def understood(visit: Visit) -> Response:
    """The file as it was understood: a page of its own that may load and run nothing."""
    desk = visit.desk
    file = one_file(desk, desk.campaign, visit.request.path_params["submission"])
    if not file.has_original:
        return PlainTextResponse(PURGED, 410)
    decisions = DecisionLog(desk.home.folder).recorded()
    try:
        texts, found = desk.understood.of(file.arrival.sha256, file.path, decisions)
    except NotUnderstoodError as why:
        return PlainTextResponse(str(why))
    except (ReadingError, TimeoutError):
        return PlainTextResponse(NOT_READ, 503)
    asked = place_asked(visit.request.query_params.get("o", ""))
    page = understood_page(file.arrival.file_name, texts, file.breaches or found, asked)
    return HTMLResponse(page, headers={"content-security-policy": FRAME_POLICY})


def typed(visit: Visit) -> Response:
    """The values that the last night took from the file, each beside its raw text: as a part of the
    file's page, or as a page."""
    desk, submission = visit.desk, visit.request.path_params["submission"]
    campaign = desk.campaign
    file = one_file(desk, campaign, submission)
    tables = []
    if file.status == "accepted" and file.is_counted and file.unit_code:
        with desk.warehouse() as con:
            tables = typed_values(con, campaign, submission, file.unit_code)
    if visit.request.headers.get("hx-request"):
        return visit.part("counted_values.html.j2", file=file, tables=tables)
    return visit.page("file_values.html.j2", file=file, tables=tables)


def original(visit: Visit) -> Response:
    """The bytes as they arrived, to be saved and never shown by the browser."""
    submission = visit.request.path_params["submission"]
    arrival, path = arrival_of(visit.desk, submission)
    if not path.is_file():
        raise Refusal(PURGED)
    visit.wrote("download", f"{submission} {arrival.file_name}")
    return FileResponse(
        path, media_type="application/octet-stream", filename=safe_name(arrival.file_name)
    )


def safe_name(file_name: str) -> str:
    """The name under which a browser saves a file: without its folders and what a file system or a
    header takes for its own, its ending kept where it is cut."""
    name = visible(file_name.rpartition("/")[2], line_breaks=False)
    name = _NOT_IN_NAMES.sub("_", name).strip(" .") or "tep"
    stem, dot, ending = name.rpartition(".")
    if len(name) > MAX_NAME_LENGTH and dot and len(ending) <= 10:
        return f"{stem[: MAX_NAME_LENGTH - len(ending) - 1]}.{ending}"
    return name[:MAX_NAME_LENGTH]


ROUTES = [
    Route("/tep/{submission}", looking(shown)),
    Route("/tep/{submission}/da-hieu", looking(understood)),
    Route("/tep/{submission}/gia-tri", looking(typed)),
    Route("/tep/{submission}/ban-goc", looking(original)),
]
