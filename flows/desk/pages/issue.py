"""Issuing the report: what will be frozen, and then freezing it, as `tonghop issue` does."""

from __future__ import annotations

import datetime as dt

from starlette.responses import Response
from starlette.routing import Route

from flows.commands.decision_checks import DecisionChecks
from flows.commands.issue_report import REASON, issue_report
from flows.desk.desk import Desk
from flows.desk.guard import READ_ONLY, Refusal, Visit, changing, looking, refused
from flows.desk.pages.decisions import NO_REASON, refuse
from flows.home.lock import HomeBusyError
from flows.issuing import NotIssuedError, issued_names, report_to_issue
from warehouse.reports import wording
from warehouse.reports.documents import DOCUMENTS

BUSY = "Đang tổng hợp, so sánh hoặc phát hành; xin đợi xong rồi làm lại."
NEWER_NIGHT = (
    "Từ khi mở trang này đã có lần tổng hợp mới, nên chưa phát hành gì. Xem lại rồi phát hành."
)
SHOWN_MOMENT = "luc"  # the field with the moment of the night whose report the page showed
LOCK_SECONDS = 5.0  # for a night that is just ending


def ask(visit: Visit) -> Response:
    """What will be frozen, and what stands in the way."""
    if not visit.session.account.may_change:
        return refused(visit.request, READ_ONLY, 403)
    return _page(visit, _day(visit.request.query_params.get("ngay", "")))


def issue(visit: Visit) -> Response:
    """Freezes the report and records that."""
    desk, day, reason = visit.desk, _day(visit.text("ngay")), visit.reason()
    if not reason:
        return _page(visit, day, NO_REASON, 422)
    if not desk.home_work.acquire(timeout=LOCK_SECONDS):
        return _page(visit, day, BUSY, 422)
    try:
        if _shown_moment(desk, day) != visit.text(SHOWN_MOMENT):
            return _page(visit, day, NEWER_NIGHT, 409)
        report, decision = issue_report(
            DecisionChecks(desk.home.folder, desk.campaign_folder, refuse),
            desk.home,
            desk.campaign_folder,
            day,
            visit.session.account.name,
            reason,
            None,
            dt.datetime.now(dt.UTC),
            LOCK_SECONDS,
        )
    except NotIssuedError as error:
        return _page(visit, day, f"Chưa phát hành được: {error.problem.sentence}.", 422)
    except Refusal as why:
        return _page(visit, day, str(why), 422)
    except HomeBusyError:
        return _page(visit, day, BUSY, 422)
    finally:
        desk.home_work.release()
    visit.wrote("issue", f"{decision.decision_id}. {report.name}")
    return visit.back(
        "/bao-cao",
        f"Đã phát hành (quyết định số {decision.decision_id}). Nếu số liệu thay đổi, lần tổng hợp sau soạn "
        "báo cáo bổ sung.",
    )


def _page(visit: Visit, day: dt.date, problem: str = "", status: int = 200) -> Response:
    desk, report = visit.desk, None
    try:
        report = report_to_issue(desk.home, desk.campaign_folder, day)
    except NotIssuedError as error:
        problem = problem or f"Chưa phát hành được: {error.problem.sentence}."
    labels = {document.file_name: document.label for document in DOCUMENTS}
    return visit.page(
        "issue.html.j2",
        status=status,
        campaign=desk.campaign,
        day=day,
        day_words=wording.day,
        report=report,
        as_of=report and dt.datetime.fromisoformat(report.facts["as_of"]),
        shown_moment=(SHOWN_MOMENT, report.facts["as_of"] if report else ""),
        new_count=len(desk.new_files()),
        documents=[(name, labels[name]) for name in issued_names()],
        reason=visit.text("ly_do") or REASON,
        problem=problem,
    )


def _shown_moment(desk: Desk, day: dt.date) -> str:
    """The moment of the night whose report would be issued, as its facts have it. Raises
    NotIssuedError."""
    return str(report_to_issue(desk.home, desk.campaign_folder, day).facts["as_of"])


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refusal("Chưa chọn báo cáo của ngày nào; mở lại trang Báo cáo.") from None


ROUTES = [
    Route("/bao-cao/phat-hanh", looking(ask)),
    Route("/bao-cao/phat-hanh", changing(issue), methods=["POST"]),
]
