"""“Đôn đốc”: who owes a report, how to reach them, what to send; what was sent to whom.

Sending runs `tonghop remind` itself: a night first, so that nobody is reminded who has reported
since. Writing the messages as files is that command's `--dry-run`.
"""

from __future__ import annotations

import datetime as dt
import io
import tempfile
from pathlib import Path

import segno
from starlette.responses import Response
from starlette.routing import Route

from flows.desk import downloads
from flows.desk.desk import Desk
from flows.desk.guard import READ_ONLY, Refusal, Visit, changing, looking
from flows.home.lock import HomeBusyError, lock_home
from flows.mailing.pending import PendingFiles
from flows.mailing.reminders import (
    OwingUnit,
    OwingUnits,
    owing_units,
    reason_not_to_remind,
    remind_units,
    reminder_draft,
    text_for_all,
)
from flows.mailing.server import MailServerError, mail_server
from sources.blank_form import form_name
from sources.notices import Notice, NoticeLog
from sources.registry import Unit
from sources.secrets import SecretError
from sources.unit_links import PATH, UnitLinks, printed_link
from warehouse.reports import wording
from warehouse.reports.feedback import feedback_of
from warehouse.reports.notices import short_text

NO_NIGHT = "Chưa tổng hợp lần nào nên chưa biết đơn vị nào thiếu báo cáo. Bấm Tổng hợp ngay trước."
NOTICE_STATES = {"sent": "Đã gửi", "sending": "Chưa rõ thư đã đến chưa", "failed": "Chưa gửi được"}
MAX_NOTICES = 500  # shown, the newest


def chase(visit: Visit) -> Response:
    """All units that owe a report, the texts for all, the reminders that were sent or written."""
    desk, campaign = visit.desk, visit.desk.campaign
    owing = _owing(desk)
    notices = _reminders(desk)
    return visit.page(
        "chase.html.j2",
        campaign=campaign,
        owing=owing,
        as_of=desk.last_night(),
        deadline=wording.deadline(campaign),
        time_left=wording.time_left(campaign, dt.datetime.now(dt.UTC)),
        text_for_all=owing and text_for_all(owing, desk.campaign),
        last=_last_by_unit(notices),
        notices=notices[:MAX_NOTICES],
        notice_states=NOTICE_STATES,
        mail=_mail(desk),
        written=sorted(PendingFiles(desk.home.notices).names()),
        run=desk.nights.last,
    )


def one_unit(visit: Visit) -> Response:
    """How to reach a unit, what to send it, and its own link."""
    desk, unit = visit.desk, _unit(visit)
    campaign, owing = desk.campaign, _owing(desk)
    found = next((o for o in owing.units if o.unit == unit), None) if owing else None
    may_see_link = visit.session.account.may_change
    return visit.page(
        "chase_unit.html.j2",
        campaign=campaign,
        unit=unit,
        owing=found,
        text=found
        and owing
        and short_text(unit, found.status, campaign, owing.as_of, found.scans, found.withdrawn),
        letter=found and owing and may_see_link and _letter(desk, found, owing),
        files=sorted(feedback_of(desk.home.feedback, unit.code)),
        notices=[n for n in _reminders(desk) if n.unit_code == unit.code],
        notice_states=NOTICE_STATES,
        link=_link(visit, unit) if may_see_link else None,
    )


def send(visit: Visit) -> Response:
    """Runs a night and sends the reminders."""
    mail = _mail(visit.desk)
    if mail is not None:
        raise Refusal(mail)
    visit.desk.nights.start(visit.session.account.name, "remind")
    visit.wrote("remind", "")
    return visit.back("/don-doc", "Đang tổng hợp, rồi gửi thư nhắc cho đơn vị còn thiếu báo cáo.")


def write(visit: Visit) -> Response:
    """Writes the reminders of the last night as files; nothing is sent."""
    home, owing = visit.desk.home, _owing(visit.desk)
    if owing is None:
        raise Refusal(NO_NIGHT)
    if reason_not_to_remind(home, owing.as_of):
        raise Refusal("Đã có lần tổng hợp mới hơn; mở lại trang rồi làm lại.")
    try:
        with visit.desk.home_work, lock_home(home.folder):
            done = remind_units(home, visit.desk.campaign, lambda: dt.datetime.now(dt.UTC), True)
    except HomeBusyError:
        raise Refusal("Đang tổng hợp; đợi xong rồi làm lại.") from None
    except (MailServerError, SecretError, OSError) as error:
        raise Refusal(f"Chưa ghi được thư nhắc: {error}") from error
    visit.wrote("write reminders", str(len(done.files)))
    return visit.back("/don-doc", f"Đã ghi {len(done.files)} thư nhắc ra tệp; chưa gửi thư nào.")


def written(visit: Visit) -> Response:
    """A message or text that was written as a file; messages bear the unit's link."""
    _refuse_readers(visit)
    home, name = visit.desk.home, visit.request.path_params["name"]
    if name not in PendingFiles(home.notices).names():
        raise Refusal("Không có tệp này.")
    return downloads.attachment((home.notices / name).read_bytes(), name)


def returned(visit: Visit) -> Response:
    """The letter, or a marked copy, of what goes back to a unit."""
    files = feedback_of(visit.desk.home.feedback, _unit(visit).code)
    path = files.get(visit.request.path_params["name"])
    if path is None:
        raise Refusal("Không có tệp này.")
    return downloads.attachment(path.read_bytes(), path.name)


def blank_form(visit: Visit) -> Response:
    """The unit's blank form, with its link where the campaign prints one: so an officer's alone."""
    unit = _unit(visit)
    _refuse_readers(visit)
    return downloads.blank_form(visit.desk, unit, form_name(unit))


def code_of_link(visit: Visit) -> Response:
    """The QR code of a unit's link, as a picture."""
    _refuse_readers(visit)
    link = _link(visit, _unit(visit))
    if not link:
        raise Refusal("Đơn vị này không có đường dẫn.")
    picture = io.BytesIO()
    segno.make(link, error="m").save(picture, kind="svg", border=4, scale=4)
    return Response(picture.getvalue(), media_type="image/svg+xml")


def change_link(visit: Visit) -> Response:
    """Renews or revokes a unit's link; the one before opens nothing any more."""
    unit, desk = _unit(visit), visit.desk
    if not desk.campaign.unit_links.enabled:
        raise Refusal("Đợt này chưa mở đường dẫn riêng cho đơn vị.")
    links, now = UnitLinks(desk.home.desk), dt.datetime.now(dt.UTC)
    account, action = visit.session.account.name, visit.text("viec")
    if action == "doi":
        links.renew(unit.code, account, now)
        note = f"Đã đổi đường dẫn của {unit.name}; đường dẫn cũ không dùng được nữa."
    elif action == "thu-hoi":
        links.revoke(unit.code, account, now)
        note = f"Đã thu hồi đường dẫn của {unit.name}."
    else:
        raise Refusal("Không rõ việc cần làm; mở lại trang rồi làm lại.")
    visit.wrote({"doi": "renew link", "thu-hoi": "revoke link"}[action], unit.code)
    return visit.back(f"/don-doc/{unit.code}", note)


def _unit(visit: Visit) -> Unit:
    unit = visit.desk.campaign.registry.by_code.get(visit.request.path_params["code"])
    if unit is None:
        raise Refusal("Không có đơn vị mã này.")
    return unit


def _refuse_readers(visit: Visit) -> None:
    """Whoever has a unit's link can send in its name, which an account that only looks may not."""
    if not visit.session.account.may_change:
        raise Refusal(READ_ONLY)


def _owing(desk: Desk) -> OwingUnits | None:
    return owing_units(desk.home, desk.campaign) if desk.has_night else None


def _letter(desk: Desk, found: OwingUnit, owing: OwingUnits) -> str:
    """The text of the unit's message, as it would be sent."""
    with tempfile.TemporaryDirectory() as scratch:
        draft = reminder_draft(found, desk.home, desk.campaign, owing.as_of, Path(scratch))
    return draft.text


def _reminders(desk: Desk) -> list[Notice]:
    """The reminders on record, the newest first."""
    notices = [n for n in NoticeLog(desk.home.folder).latest().values() if n.kind == "reminder"]
    return sorted(notices, key=lambda n: n.recorded_at, reverse=True)


def _last_by_unit(notices: list[Notice]) -> dict[str, Notice]:
    return {n.unit_code: n for n in reversed(notices) if n.unit_code}


def _mail(desk: Desk) -> str | None:
    """Why no mail can be sent; None where it can."""
    try:
        server = mail_server()
    except MailServerError as error:
        return f"Máy chủ thư chưa dùng được: {error}"
    if server is None or desk.campaign.notices is None:
        return "Chưa khai báo máy chủ thư; có thể ghi thư ra tệp rồi tự gửi."
    return None


def _link(visit: Visit, unit: Unit) -> str | None:
    """The unit's link as it is printed; where the campaign names no address, by the address that this
    page was asked for."""
    desk, campaign = visit.desk, visit.desk.campaign
    if not campaign.unit_links.enabled:
        return None
    if campaign.unit_links.address:
        return printed_link(desk.home.desk, campaign, unit.code)
    token = UnitLinks(desk.home.desk).token(unit.code)
    base = str(visit.request.base_url).rstrip("/")
    return f"{base}{PATH}{token}" if token else None


ROUTES = [
    Route("/don-doc", looking(chase)),
    Route("/don-doc/gui", changing(send), methods=["POST"]),
    Route("/don-doc/ghi", changing(write), methods=["POST"]),
    Route("/don-doc/thu/{name}", looking(written)),
    Route("/don-doc/{code}", looking(one_unit)),
    Route("/don-doc/{code}/tep/{name}", looking(returned)),
    Route("/don-doc/{code}/bieu-mau", looking(blank_form)),
    Route("/don-doc/{code}/ma.svg", looking(code_of_link)),
    Route("/don-doc/{code}/duong-dan", changing(change_link), methods=["POST"]),
]
