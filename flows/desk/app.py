"""The desk's application: its pages and what surrounds them."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from flows.desk.desk import Desk
from flows.desk.guard import Guard, refused
from flows.desk.pages import (
    bring,
    chase,
    compare,
    confirm,
    decisions,
    figures,
    file,
    issue,
    night,
    overview,
    preview,
    report,
    sign_in,
    unit,
    unit_links,
)
from flows.desk.unit_door import OnlyDoors, public_host
from flows.desk.uploads import is_disk_full
from warehouse.reports.page_environment import TEMPLATES as REPORT_TEMPLATES

PAGES = (
    overview,
    bring,
    night,
    file,
    confirm,
    unit,
    figures,
    decisions,
    report,
    preview,
    issue,
    compare,
    chase,
    unit_links,
    sign_in,
)  # one module a page: its `ROUTES`
STATIC = Path(__file__).parent / "static"
NOT_DONE = "Việc vừa làm chưa được ghi lại: xem lại trước khi làm lần nữa. Số liệu đã có vẫn còn."


def make_app(desk: Desk, hosts: list[str]) -> Starlette:
    """The application over an open desk; `hosts` are the names under which it may be asked for, beside
    the one that units know."""
    routes: list[Route | Mount] = [route for page in PAGES for route in page.ROUTES]
    outside = public_host(desk.campaign)
    public = [outside] if outside and outside not in hosts else []
    app = Starlette(
        routes=[
            *routes,
            # the colours and type of the progress page, which an officer knows
            Route("/static/page.css", _page_style),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=[*hosts, *public]),
            Middleware(Guard, is_secure=desk.is_secure),
            *(Middleware(OnlyDoors, host=host) for host in public),
        ],
        exception_handlers={400: _bad_request, 404: _not_found, 500: _failed},
    )
    app.state.desk = desk
    return app


def _page_style(request: Request) -> Response:
    text = (REPORT_TEMPLATES / "tien-do" / "page.css").read_text(encoding="utf-8")
    return Response(text, media_type="text/css")


def _not_found(request: Request, error: Exception) -> Response:
    return refused(request, "Không có trang này.", 404)


def _failed(request: Request, error: Exception) -> Response:
    if is_disk_full(error):
        return refused(request, "Đĩa của máy chủ đã đầy; xin báo người vận hành. " + NOT_DONE, 500)
    return refused(request, "Có lỗi trong phần mềm; xin báo người vận hành. " + NOT_DONE, 500)


def _bad_request(request: Request, error: Exception) -> Response:
    """Of a form that cannot be read, or has too many files."""
    return refused(
        request,
        f"Nội dung gửi lên không đúng, hoặc quá {bring.MAX_FILES_PER_FORM} tệp một lần. {NOT_DONE}",
        400,
    )
