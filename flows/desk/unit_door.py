"""Who stands at a unit's own door: the unit of a link's token, and what surrounds its requests.

No account, no session, no cookie: the token in the address is all, and the key of the page's forms is
derived from it. Where the campaign has no links, or the token opens none, the answer is the same 404.
"""

from __future__ import annotations

import functools
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from flows.desk.desk import Desk
from flows.desk.guard import KEY_HEADER, Refusal, address_of, is_by_script
from flows.desk.rendering import render
from sources.campaigns import Campaign
from sources.registry import Unit
from sources.unit_links import PATH, UnitLinks, token_digest

NO_DOOR = (
    "Đường dẫn này không đúng hoặc không còn dùng được. Xin hỏi cơ quan tổng hợp báo cáo để nhận "
    "đường dẫn mới."
)


@dataclass(frozen=True)
class DoorVisit:
    """One request at the door of a unit; `path` is the door's own address."""

    desk: Desk
    request: Request
    campaign: Campaign
    unit: Unit
    path: str
    form_key: str

    def page(self, template: str, status: int = 200, **content: Any) -> HTMLResponse:
        """A page, or the part of one, with what all pages of the door show."""
        common = {"campaign": self.campaign, "unit": self.unit, "door": self.path}
        return HTMLResponse(
            render(template, **common, form_key=self.form_key, path=self.path, **content), status
        )

    def has_key(self, key: str) -> bool:
        """Whether the request bears the key of the door's forms."""
        given = self.request.headers.get(KEY_HEADER) or key
        return hmac.compare_digest(given.encode(), self.form_key.encode())

    def wrote(self, action: str, about: str) -> None:
        """Records what was done through the unit's link."""
        account = f"link of {self.unit.code}"
        self.desk.record.add(account, action, about, address_of(self.request))


def door_of(request: Request) -> DoorVisit | None:
    """The visit at the door that the address names; None where it opens none."""
    desk: Desk = request.app.state.desk
    campaign, token = desk.campaign, request.path_params["token"]
    if not campaign.unit_links.enabled:
        return None
    links = UnitLinks(desk.home.desk)
    by_digest = links.units_by_token_digest(campaign.registry.by_code)
    code = by_digest.get(token_digest(token))
    if code is None:
        return None
    unit = campaign.registry.by_code[code]
    return DoorVisit(desk, request, campaign, unit, f"{PATH}{token}", links.form_key(token))


def at_door(view: Callable[[DoorVisit], Response]) -> Callable[[Request], Awaitable[Response]]:
    """The page for whoever has the link of a unit."""

    @functools.wraps(view)
    async def answer(request: Request) -> Response:
        visit = await run_in_threadpool(door_of, request)
        if visit is None:
            return no_door(request)
        try:
            return await run_in_threadpool(view, visit)
        except Refusal as why:
            return refused_at_door(visit, str(why), 422)

    return answer


def no_door(request: Request) -> Response:
    """The answer where no door is."""
    if is_by_script(request):
        return PlainTextResponse(NO_DOOR, 404)
    return HTMLResponse(render("unit_refused.html.j2", why=NO_DOOR, door=None), 404)


def refused_at_door(visit: DoorVisit, why: str, status: int) -> Response:
    """A page, or for a script a line, that says why not."""
    if is_by_script(visit.request):
        return PlainTextResponse(why, status)
    return HTMLResponse(render("unit_refused.html.j2", why=why, door=visit.path), status)


def public_host(campaign: Campaign) -> str | None:
    """The name under which units reach their doors from outside; None where there is none."""
    links = campaign.unit_links
    return urlsplit(links.address).hostname if links.enabled and links.address else None


class OnlyDoors:
    """Under the name that units know, the officers' pages are not to be had."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app, self._host = app, host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] == "http":
            request = Request(scope)
            is_public = request.url.hostname == self._host
            if is_public and not request.url.path.startswith((PATH, "/static/")):
                await no_door(request)(scope, receive, send)
                return
        await self._app(scope, receive, send)
