"""Bringing files: dropped, chosen or pasted; each lands before it is acknowledged, and is checked at
once.

A script sends each file by itself (`/tep/moi?ten=…`, its bytes the body); a browser without script
sends a form. Its line then asks for the verdict until it is there.
"""

from __future__ import annotations

from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from flows.desk.brought import brought_file, brought_files
from flows.desk.desk import Desk
from flows.desk.guard import (
    KEY_FIELD,
    READ_ONLY,
    Refusal,
    Visit,
    has_key,
    looking,
    refused,
    session_of,
)
from flows.desk.judged_files import judged_files
from flows.desk.one_file import arrival_of
from flows.desk.uploads import TooLargeError, arriving, copied, landed, too_large
from sources.arrivals import Arrival
from sources.channels.desk import OFFICER

MAX_FILES_PER_FORM = 200
VERDICT_SECONDS = 1.0  # for which a line's request waits for its verdict, before it asks again
TOO_MANY = "Đã gửi quá nhiều tệp trong một giờ; xin đợi rồi gửi tiếp."
OLD_PAGE = "Trang đã cũ; mở lại trang rồi gửi lại."


def listed(visit: Visit) -> Response:
    """All files: the new ones, and those that the last night counted."""
    desk = visit.desk
    counted = []
    if desk.has_night:
        with desk.warehouse() as con:
            counted = con.execute(
                "SELECT submission_id, file_name, received_at, status, unit_code, reason "
                "FROM submission ORDER BY received_at DESC, file_name"
            ).fetchall()
    return visit.page(
        "files.html.j2", campaign=desk.campaign, new=brought_files(desk), counted=counted
    )


def verdict(visit: Visit) -> Response:
    """The line of one file, as a part of the page."""
    desk, submission = visit.desk, visit.request.path_params["submission"]
    arrival, _ = arrival_of(desk, submission)
    if submission in judged_files(desk, [submission]):
        raise Refusal("Tệp này đã được tổng hợp; mở lại trang.")
    desk.checker.check([arrival])
    desk.checker.verdict(submission, seconds=VERDICT_SECONDS)
    return visit.part("file_line.html.j2", campaign=desk.campaign, file=brought_file(desk, arrival))


async def bring_one(request: Request) -> Response:
    """One file whose bytes are the body; answers its line."""
    session = session_of(request)
    if session is None:
        return PlainTextResponse("Phiên làm việc đã hết; mở lại trang để vào.", 401)
    if not session.account.may_change:
        return PlainTextResponse(READ_ONLY, 403)
    if not has_key(session, "", request):
        return PlainTextResponse(OLD_PAGE, 403)
    desk: Desk = request.app.state.desk
    visit = Visit(desk, request, session)
    name = request.query_params.get("ten", "")
    try:
        async with arriving(request, desk, desk.max_file_bytes) as body:
            arrival = await run_in_threadpool(land, visit, name, body)
    except TooLargeError:
        return PlainTextResponse(f"{name}: {too_large(desk.max_file_bytes)}", 413)
    except Refusal as why:
        return PlainTextResponse(str(why), 422)
    return visit.part("file_line.html.j2", campaign=desk.campaign, file=brought_file(desk, arrival))


async def bring_form(request: Request) -> Response:
    """Files of a form, for a browser without script."""
    session = session_of(request)
    if session is None or not session.account.may_change:
        return refused(request, READ_ONLY, 403)
    desk: Desk = request.app.state.desk
    if int(request.headers.get("content-length") or 0) > MAX_FILES_PER_FORM * desk.max_file_bytes:
        return refused(request, too_large(desk.max_file_bytes), 413)
    async with request.form(max_files=MAX_FILES_PER_FORM, max_fields=20) as form:
        if not has_key(session, str(form.get(KEY_FIELD, "")), request):
            return refused(request, OLD_PAGE, 403)
        visit = Visit(desk, request, session, form)
        files = [f for f in form.getlist("tep") if isinstance(f, UploadFile) and f.filename]
        return await run_in_threadpool(_land_form, visit, files)


def land(visit: Visit, name: str, body: Path) -> Arrival:
    """Lands one file of an officer, whose bytes are at `body`, and has it checked. Raises Refusal."""
    desk = visit.desk
    if not body.stat().st_size:
        raise Refusal(f"{name}: tệp rỗng")
    if not desk.upload_rate.take(visit.session.account.name):
        raise Refusal(f"{name}: {TOO_MANY}")
    arrival = landed(desk, name, body, OFFICER)
    visit.wrote("bring", f"{arrival.file_name} {arrival.sha256}")
    desk.checker.check([arrival])
    return arrival


def _land_form(visit: Visit, files: list[UploadFile]) -> Response:
    problems, taken = [], 0
    for file in files:
        if (file.size or 0) > visit.desk.max_file_bytes:
            problems.append(f"{file.filename}: {too_large(visit.desk.max_file_bytes)}")
            continue
        try:
            with copied(file, visit.desk) as body:
                land(visit, file.filename or "", body)
                taken += 1
        except Refusal as why:
            problems.append(str(why))
    note = f"Đã nhận {taken} tệp." if taken else "Chưa chọn tệp nào." if not problems else ""
    return visit.back("/", " ".join(filter(None, (note, *problems))))


ROUTES = [
    Route("/tep", looking(listed)),
    Route("/tep", bring_form, methods=["POST"]),
    Route("/tep/moi", bring_one, methods=["POST"]),
    Route("/tep/{submission}/dong", looking(verdict)),
]
