"""Entering and leaving: by password, or by the one-time link that `tonghop desk` prints."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from flows.desk.accounts import Account
from flows.desk.desk import Desk
from flows.desk.guard import SIGN_IN, Visit, address_of, changing_own, refused
from flows.desk.rendering import render
from flows.desk.sessions import COOKIE

TOO_OFTEN = "Đã thử quá nhiều lần; xin đợi mười phút."


async def ask(request: Request) -> Response:
    """The form; or, with a one-time token, straight in."""
    desk: Desk = request.app.state.desk
    if token := request.query_params.get("ma"):
        account = desk.sessions.redeem(token)
        if account is None:
            return refused(
                request, "Đường dẫn đã được dùng hoặc đã hết hạn; xin lấy đường dẫn mới.", 403
            )
        return _entered(request, account, "/")
    return _form(request, "")


async def enter(request: Request) -> Response:
    """Checks name and password."""
    desk: Desk = request.app.state.desk
    form = await request.form(max_files=0, max_fields=10)
    name, password = str(form.get("ten", "")).strip()[:64], str(form.get("mat_khau", ""))
    address = address_of(request)
    if not (desk.address_sign_in_rate.take(address) and desk.sign_in_rate.take(name)):
        return _form(request, TOO_OFTEN, 429)
    from starlette.concurrency import run_in_threadpool

    account = await run_in_threadpool(desk.accounts.signed_in, name, password)
    if account is None:
        desk.record.add(name or "?", "sign-in refused", "", address_of(request))
        return _form(request, "Tên hoặc mật khẩu không đúng.", 403)
    desk.sign_in_rate.forget(name)
    return _entered(request, account, str(form.get("tiep", "/")))


def leave(visit: Visit) -> Response:
    """Ends the session."""
    visit.desk.sessions.end(visit.request.cookies.get(COOKIE))
    visit.wrote("sign-out", "")
    answer = RedirectResponse(SIGN_IN, 303)
    answer.delete_cookie(COOKIE)
    return answer


def _entered(request: Request, account: Account, wanted: str) -> Response:
    desk: Desk = request.app.state.desk
    desk.record.add(account.name, "sign-in", "", address_of(request))
    is_own = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    answer = RedirectResponse(wanted if is_own else "/", 303)
    answer.set_cookie(
        COOKIE,
        desk.sessions.begin(account),
        httponly=True,
        samesite="lax",
        secure=desk.is_secure,
    )
    return answer


def _form(request: Request, problem: str, status: int = 200) -> Response:
    wanted = request.query_params.get("tiep", "/")
    return HTMLResponse(render("sign_in.html.j2", problem=problem, wanted=wanted), status)


ROUTES = [
    Route(SIGN_IN, ask),
    Route(SIGN_IN, enter, methods=["POST"]),
    Route("/ra", changing_own(leave), methods=["POST"]),
]
