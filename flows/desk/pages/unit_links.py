"""A unit's own door, `/dv/<token>`: it drops its report, sees in seconds what was read and what is
wrong, and gets a receipt.

What comes in here is as hostile as mail: it is limited in size, number and space, and is trusted to
be of the link's unit alone (`Arrival.link_unit_code`).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from flows.desk import downloads
from flows.desk.guard import KEY_FIELD, Refusal, address_of
from flows.desk.pages.bring import OLD_PAGE
from flows.desk.unit_door import DoorVisit, at_door, door_of, no_door, refused_at_door
from flows.desk.unit_files import UnitFile, arrivals_of, unit_file, unit_files, unit_status
from flows.desk.uploads import TooLargeError, arriving, copied, landed, too_large
from sources.arrivals import Arrival
from sources.channels.desk import UNIT_LINK
from sources.unit_links import PATH
from warehouse.reports import wording
from warehouse.reports.feedback import blank_form_name

MAX_FILES_PER_FORM = 10
FORM_BYTES = 1 << 16  # of a form beside its files
TOO_MANY = "Đã gửi quá nhiều tệp trong một giờ qua đường dẫn này; xin đợi rồi gửi tiếp."
TOO_MANY_FROM_ADDRESS = "Mạng này đã gửi quá nhiều tệp trong một giờ; xin đợi rồi gửi tiếp."
NO_SPACE = (
    "Các tệp đã gửi qua đường dẫn này chiếm hết chỗ dành cho đơn vị; xin liên hệ cơ quan tổng hợp. "
    "Tệp chưa được lưu."
)


def door(visit: DoorVisit) -> Response:
    """The unit's page: where it drops files, and what became of those it has brought."""
    status = unit_status(visit.desk, visit.unit)
    return visit.page(
        "unit_door.html.j2",
        files=unit_files(visit.desk, visit.campaign, visit.unit),
        unit_state=status and wording.UNIT_STATUSES[status],
        deadline=wording.deadline(visit.campaign),
        time_left=wording.time_left(visit.campaign, dt.datetime.now(dt.UTC)),
        most_megabytes=visit.campaign.limits.file_bytes >> 20,
    )


def one_file(visit: DoorVisit) -> Response:
    """What was read of one of its files, what is wrong at which place, what is missing."""
    return visit.page("unit_file.html.j2", file=_own_file(visit))


def line(visit: DoorVisit) -> Response:
    """The line of one file, as a part of the page."""
    own = _own_arrival(visit)
    visit.desk.checker.verdict(own.submission_id, seconds=1)
    return visit.page("unit_line.html.j2", file=_own_file(visit))


def receipt(visit: DoorVisit) -> Response:
    """A page to print: what was received, and when."""
    return visit.page("unit_receipt.html.j2", file=_own_file(visit))


def blank_form(visit: DoorVisit) -> Response:
    """The unit's blank form."""
    return downloads.blank_form(visit.desk, visit.unit, blank_form_name(visit.unit))


async def bring_one(request: Request) -> Response:
    """One file whose bytes are the body; answers its line."""
    visit = await run_in_threadpool(door_of, request)
    if visit is None:
        return no_door(request)
    most = visit.campaign.limits.file_bytes
    try:
        await run_in_threadpool(_check_limits, visit, "")
        async with arriving(request, visit.desk, most) as body:
            name = request.query_params.get("ten", "")
            arrival = await run_in_threadpool(_land, visit, name, body)
    except TooLargeError:
        return PlainTextResponse(too_large(most), 413)
    except Refusal as why:
        return PlainTextResponse(str(why), 422)
    file = await run_in_threadpool(unit_file, visit.desk, visit.campaign, visit.unit, arrival)
    return visit.page("unit_line.html.j2", file=file)


async def bring_form(request: Request) -> Response:
    """Files of a form, for a browser without script."""
    visit = await run_in_threadpool(door_of, request)
    if visit is None:
        return no_door(request)
    most = visit.campaign.limits.file_bytes
    length = request.headers.get("content-length")
    if length is None or int(length) > most + FORM_BYTES:
        return refused_at_door(visit, f"Chưa gửi được: {too_large(most)}.", 413)
    async with request.form(max_files=MAX_FILES_PER_FORM, max_fields=5) as form:
        files = [f for f in form.getlist("tep") if isinstance(f, UploadFile) and f.filename]
        key = str(form.get(KEY_FIELD, ""))
        try:
            await run_in_threadpool(_land_form, visit, files, key)
        except Refusal as why:
            return refused_at_door(visit, str(why), 422)
    return RedirectResponse(visit.path, 303)


def _land_form(visit: DoorVisit, files: list[UploadFile], key: str) -> None:
    if not files:
        raise Refusal("Chưa chọn tệp nào.")
    for file in files:
        _check_limits(visit, key)
        with copied(file, visit.desk) as body:
            _land(visit, file.filename or "", body)


def _check_limits(visit: DoorVisit, key: str) -> None:
    """Counts one file of the link and of the network address. Raises Refusal where the page is
    forged, or that is too much."""
    if not visit.has_key(key):
        raise Refusal(OLD_PAGE)
    if not visit.desk.link_rate.take(visit.unit.code):
        raise Refusal(TOO_MANY)
    if not visit.desk.link_address_rate.take(address_of(visit.request)):
        raise Refusal(TOO_MANY_FROM_ADDRESS)


def _land(visit: DoorVisit, name: str, body: Path) -> Arrival:
    """Lands one file of the unit and has it checked. Raises Refusal."""
    desk, size = visit.desk, body.stat().st_size
    if not size:
        raise Refusal(f"{name}: tệp rỗng")
    used = sum({a.sha256: a.size for a in arrivals_of(desk, visit.unit)}.values())
    if used + size > visit.campaign.unit_links.unit_bytes:
        raise Refusal(NO_SPACE)
    arrival = landed(desk, name, body, UNIT_LINK, visit.unit.code)
    visit.wrote("bring", f"{arrival.file_name} {arrival.sha256}")
    desk.checker.check([arrival])
    return arrival


def _own_arrival(visit: DoorVisit) -> Arrival:
    wanted = visit.request.path_params["submission"]
    for arrival in arrivals_of(visit.desk, visit.unit):
        if arrival.submission_id == wanted:
            return arrival
    raise Refusal("Không có tệp này trong số tệp đã gửi qua đường dẫn này.")


def _own_file(visit: DoorVisit) -> UnitFile:
    return unit_file(visit.desk, visit.campaign, visit.unit, _own_arrival(visit))


_DOOR = f"{PATH}{{token}}"
ROUTES = [
    Route(_DOOR, at_door(door)),
    Route(_DOOR, bring_form, methods=["POST"]),
    Route(f"{_DOOR}/moi", bring_one, methods=["POST"]),
    Route(f"{_DOOR}/bieu-mau", at_door(blank_form)),
    Route(f"{_DOOR}/tep/{{submission}}", at_door(one_file)),
    Route(f"{_DOOR}/tep/{{submission}}/dong", at_door(line)),
    Route(f"{_DOOR}/tep/{{submission}}/bien-nhan", at_door(receipt)),
]
