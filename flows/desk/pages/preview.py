"""A report as it will be printed: its pages where LibreOffice is there, else its text."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from flows.desk.document_text import Block, NoTextError, document_text
from flows.desk.guard import Refusal, Visit, looking
from flows.desk.page_pictures import NoPicturesError
from flows.desk.pages.report import NO_FILE
from flows.desk.report_files import ReportFile, report_file

PICTURE_SECONDS = 3600  # a browser may keep a page's picture: its address has the document's digest


def preview(visit: Visit) -> Response:
    """The page, whose pictures come when they are made; with `?trang=1` at once, with `?chu=1` the
    text."""
    asked, file = visit.request.query_params, _file(visit)
    content = _text(file) if "chu" in asked else _pages(visit, file) if "trang" in asked else None
    return visit.page(
        "preview.html.j2",
        file=file,
        day=visit.request.path_params["day"],
        content=content,
        is_text="chu" in asked,
    )


def pages(visit: Visit) -> Response:
    """The pages, as a part of the page."""
    return visit.part("preview_pages.html.j2", content=_pages(visit, _file(visit)))


def picture(visit: Visit) -> Response:
    """The picture of one page."""
    path = visit.request.path_params
    found = visit.desk.page_pictures.picture(path["sha256"], path["page"])
    if found is None:
        raise Refusal("Trang này không còn; mở lại bản xem trước.")
    headers = {"cache-control": f"private, max-age={PICTURE_SECONDS}"}
    return Response(found.read_bytes(), media_type="image/png", headers=headers)


def _file(visit: Visit) -> ReportFile:
    path = visit.request.path_params
    found = report_file(visit.desk.home, path["day"], path["name"])
    if found is None or not found.can_be_shown:
        raise Refusal(NO_FILE)
    return found


def _pages(visit: Visit, file: ReportFile) -> dict[str, object]:
    """The SHA-256 and the number of pages; the text, and why, where they cannot be shown."""
    try:
        sha256, count = visit.desk.page_pictures.of(file.path)
    except (NoPicturesError, OSError) as error:
        why = str(error) if isinstance(error, NoPicturesError) else "không ghi được ảnh trang"
        return {**_text(file), "why": f"Không xem được như trang in ({why}); đây là phần chữ."}
    return {"sha256": sha256, "pages": count}


def _text(file: ReportFile) -> dict[str, object]:
    try:
        blocks: list[Block] = document_text(file.path)
    except NoTextError as error:
        raise Refusal(f"{file.name}: {error}.") from error
    return {"blocks": blocks, "why": ""}


ROUTES = [
    Route("/bao-cao/{day}/xem/{name}", looking(preview)),
    Route("/bao-cao/{day}/trang/{name}", looking(pages)),
    Route("/bao-cao/anh/{sha256}/{page:int}.png", looking(picture)),
]
