"""“Tổng hợp ngay”: the real night, and how far it is."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from flows.desk.guard import Visit, changing, looking


def start(visit: Visit) -> Response:
    """Starts a night, unless one runs."""
    visit.desk.nights.start(visit.session.account.name)
    visit.wrote("nightly", "")
    if visit.request.headers.get("hx-request"):
        return progress(visit)
    return visit.back("/")


def progress(visit: Visit) -> Response:
    """How far the night is, as a part of the page."""
    return visit.part("night.html.j2", run=visit.desk.nights.last)


ROUTES = [
    Route("/tong-hop", changing(start), methods=["POST"]),
    Route("/tong-hop", looking(progress)),
]
