"""What surrounds each request of the desk: who asks, whether they may, and that it is no forged one.

A page is a function of a `Visit`. `looking` lets in whoever has entered; `changing` an officer
whose request bears the key of the session's forms. Both run the function in a thread: it reads
files and the warehouse.
"""

from __future__ import annotations

import functools
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flows.desk.desk import Desk
from flows.desk.rendering import render
from flows.desk.sessions import COOKIE, Session

KEY_FIELD, KEY_HEADER = "form_key", "x-form-key"
SIGN_IN = "/vao"
MAX_FORM_BYTES = 1 << 20  # of a form without files
MAX_FORM_FIELDS = 500
MAX_REASON = 500  # characters
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-src 'self'; "
    "frame-ancestors 'self'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",  # with none a browser sends forms from "null"
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
READ_ONLY = "Tài khoản này chỉ được xem."
ONE_YEAR_OF_TLS = "max-age=31536000"


class Refusal(Exception):
    """What was asked cannot be done: the message (Vietnamese) says why and what to do."""


@dataclass
class Visit:
    """One request of somebody who has entered; `form` holds what a changing one sends."""

    desk: Desk
    request: Request
    session: Session
    form: FormData = field(default_factory=FormData)

    def text(self, name: str) -> str:
        """A text of the form, without blanks around it; "" where it is not there."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def reason(self) -> str:
        """The reason that the form gives; "" where it gives none. Raises Refusal where it is too
        long for the lists that show it."""
        text = self.text("ly_do")
        if len(text) > MAX_REASON:
            raise Refusal(f"Lý do dài quá {MAX_REASON} chữ; ghi ngắn lại.")
        return text

    def page(self, template: str, status: int = 200, **content: Any) -> HTMLResponse:
        """The page of a template, with what all pages show."""
        notes, self.session.notes = self.session.notes, []
        return self.part(template, status, notes=notes, **content)

    def part(self, template: str, status: int = 200, **content: Any) -> HTMLResponse:
        """A part of a page, for a script that puts it in its place."""
        return HTMLResponse(
            render(
                template,
                desk=self.desk,
                account=self.session.account,
                form_key=self.session.form_key,
                path=self.request.url.path,
                **content,
            ),
            status,
        )

    def back(self, path: str, note: str = "") -> RedirectResponse:
        """To another page, where the note is shown once."""
        if note:
            self.session.notes.append(note)
        return RedirectResponse(path, 303)

    def wrote(self, action: str, about: str) -> None:
        """Records what the account did."""
        self.desk.record.add(self.session.account.name, action, about, address_of(self.request))


View = Callable[[Visit], Response]


def looking(view: View) -> Callable[[Request], Awaitable[Response]]:
    """The page for whoever has entered; all others are shown where to."""

    @functools.wraps(view)
    async def answer(request: Request) -> Response:
        session = session_of(request)
        if session is None:
            return _to_sign_in(request)
        return await _answered(view, Visit(request.app.state.desk, request, session))

    return answer


def changing(view: View) -> Callable[[Request], Awaitable[Response]]:
    """The page for an officer who changes something."""
    return _with_form(view, for_officers=True)


def changing_own(view: View) -> Callable[[Request], Awaitable[Response]]:
    """The page for whoever changes something of their own alone, such as leaving."""
    return _with_form(view, for_officers=False)


def _with_form(view: View, for_officers: bool) -> Callable[[Request], Awaitable[Response]]:
    @functools.wraps(view)
    async def answer(request: Request) -> Response:
        session = session_of(request)
        if session is None:
            return _to_sign_in(request)
        if for_officers and not session.account.may_change:
            return refused(request, READ_ONLY, 403)
        if int(request.headers.get("content-length") or 0) > MAX_FORM_BYTES:
            return refused(request, "Nội dung gửi lên quá dài.", 413)
        form = await request.form(max_files=0, max_fields=MAX_FORM_FIELDS)
        if not has_key(session, str(form.get(KEY_FIELD, "")), request):
            return refused(request, "Trang đã cũ; mở lại trang rồi làm lại.", 403)
        return await _answered(view, Visit(request.app.state.desk, request, session, form))

    return answer


def session_of(request: Request) -> Session | None:
    """The session of whoever asks, which ends once the account has been closed or changed."""
    desk: Desk = request.app.state.desk
    cookie = request.cookies.get(COOKIE)
    session = desk.sessions.of(cookie)
    if session is not None and not desk.accounts.is_open(session.account):
        desk.sessions.end(cookie)
        return None
    return session


def has_key(session: Session, key: str, request: Request) -> bool:
    """Whether the request bears the session's key, in its form or, of a script, in a header."""
    given = request.headers.get(KEY_HEADER) or key
    return hmac.compare_digest(given.encode(), session.form_key.encode())


def address_of(request: Request) -> str:
    """The address that the browser asks from."""
    return request.client.host if request.client else "?"


def is_by_script(request: Request) -> bool:
    """Whether a script of our pages asks, which shows the answer itself."""
    return bool(request.headers.get(KEY_HEADER) or request.headers.get("hx-request"))


def refused(request: Request, why: str, status: int) -> Response:
    """A page, or for a script a line, that says why not."""
    if is_by_script(request):
        return PlainTextResponse(why, status)
    return HTMLResponse(render("refused.html.j2", why=why), status)


async def _answered(view: View, visit: Visit) -> Response:
    try:
        return await run_in_threadpool(view, visit)
    except Refusal as why:
        return refused(visit.request, str(why), 422)


def _to_sign_in(request: Request) -> Response:
    if is_by_script(request):
        return PlainTextResponse("Phiên làm việc đã hết; mở lại trang để vào.", 401)
    wanted = request.url.path if request.method == "GET" else "/"
    return RedirectResponse(f"{SIGN_IN}?tiep={quote(wanted)}", 303)


class Guard:
    """Around all requests: none from another site may change anything, and each answer bears the
    headers that a browser needs to keep the pages apart from others'."""

    def __init__(self, app: ASGIApp, is_secure: bool) -> None:
        self._app = app
        self._headers = dict(HEADERS)
        if is_secure:
            self._headers["strict-transport-security"] = ONE_YEAR_OF_TLS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope)
        if request.method not in ("GET", "HEAD") and not _is_of_this_site(request):
            forged = PlainTextResponse("Yêu cầu đến từ một trang khác nên bị từ chối.", 403)
            await forged(scope, receive, with_headers)
            return
        await self._app(scope, receive, with_headers)


def _is_of_this_site(request: Request) -> bool:
    """Whether a browser says that one of our own pages asks; what sends neither header is no
    browser of today, and the key of the form decides."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
