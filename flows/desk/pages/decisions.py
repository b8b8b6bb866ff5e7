"""“Quyết định”: what officers have decided, and the forms by which they decide.

A decision is checked first; then a page says what it would change, which takes seconds that nobody
has to wait for; then it is recorded, as `tonghop decide` records it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NoReturn

from starlette.responses import Response
from starlette.routing import Route

from flows.commands.decision_checks import DecisionChecks
from flows.commands.decision_list import STATES, ListedDecision
from flows.desk import decision_forms, decision_words
from flows.desk.decision_forms import FORMS, LABELS, about_of, fields_of, form_of
from flows.desk.effects import Effect, effect_of
from flows.desk.guard import READ_ONLY, Refusal, Visit, changing, looking, refused
from flows.problems import Problem
from sources.decisions import Decision

NO_REASON = (
    "Chưa ghi lý do: một câu, như “Đã gọi xác nhận”; lý do đứng cạnh quyết định trong báo cáo."
)
STANDING = "da_co"  # the name of the field with the numbers of what stood beside it when shown
DECIDED_SINCE = (
    "Từ khi mở trang này đã có quyết định khác về việc này, nên chưa ghi gì. Xem lại rồi ghi."
)


def listed(visit: Visit) -> Response:
    """All decisions, and what waits for one."""
    desk = visit.desk
    return visit.page(
        "decisions.html.j2",
        campaign=desk.campaign,
        decisions=decision_words.decisions_in_words(desk),
        decision_states=STATES,
        sentence=decision_words.sentence,
        waiting=decision_forms.files_to_decide(desk) if desk.has_night else [],
        lines=decision_forms.lines_to_settle(desk) if desk.has_night else [],
        forms=FORMS,
    )


def ask(visit: Visit) -> Response:
    """The form of a decision, with what the page that led here knows."""
    if not visit.session.account.may_change:
        return refused(visit.request, READ_ONLY, 403)
    given = {name: visit.request.query_params.get(name, "").strip() for name in ("loai", *LABELS)}
    if not given["loai"]:
        return visit.page("decision_kinds.html.j2", forms=FORMS)
    return _form(visit, given)


def check(visit: Visit) -> Response:
    """What is about to be decided, before it is recorded; the form again where it cannot be."""
    return _confirmed(visit, has_effect=False)


def check_with_effect(visit: Visit) -> Response:
    """The same with what it will change, for a browser without script."""
    return _confirmed(visit, has_effect=True)


def effect(visit: Visit) -> Response:
    """What it will change, as a part of the page."""
    try:
        decision, about = _checked(visit, dt.datetime.now(dt.UTC))
        found = effect_of(visit.desk, decision.kind, about)
    except Refusal as why:
        found = Effect((), str(why))
    return visit.part("decision_effect.html.j2", effect=found)


def record(visit: Visit) -> Response:
    """Records the decision."""
    now = dt.datetime.now(dt.UTC)
    try:
        with visit.desk.deciding:
            decision, about = _checked(visit, now)
            standing = decision_words.standing_beside(decision, visit.desk)
            if same := next((s for s in standing if s.decision.decides_as(decision)), None):
                number = same.decision.decision_id
                return visit.back("/quyet-dinh", f"Quyết định này đã được ghi rồi: số {number}.")
            if _numbers(standing) != visit.text(STANDING):
                return _confirmed(visit, has_effect=False, problem=DECIDED_SINCE)
            recorded = _checks(visit).record(
                decision.kind, visit.session.account.name, visit.text("ly_do"), None, now, about
            )
    except Refusal as why:
        return _form(visit, _given(visit), str(why), 422)
    said = decision_words.in_words(recorded, visit.desk)
    visit.wrote(f"decide {recorded.kind}", f"{recorded.decision_id}. {said}")
    return visit.back(
        "/quyet-dinh",
        f"Đã ghi quyết định số {recorded.decision_id}: {said}. Áp dụng từ lần tổng hợp tới.",
    )


def _confirmed(visit: Visit, has_effect: bool, problem: str = "") -> Response:
    given = _given(visit)
    try:
        decision, about = _checked(visit, dt.datetime.now(dt.UTC))
    except Refusal as why:
        return _form(visit, given, str(why), 422)
    standing = decision_words.standing_beside(decision, visit.desk)
    return visit.page(
        "decision_confirm.html.j2",
        status=409 if problem else 200,
        campaign=visit.desk.campaign,
        problem=problem,
        standing=standing,
        standing_field=(STANDING, _numbers(standing)),
        sentence=decision_words.sentence,
        form=form_of(decision.kind, visit.desk),
        said=decision_words.in_words(decision, visit.desk),
        reason=decision.reason,
        given={name: value for name, value in given.items() if value},
        effect=effect_of(visit.desk, decision.kind, about) if has_effect else None,
        new_count=len(visit.desk.new_files()),
    )


def _form(visit: Visit, given: dict[str, str], problem: str = "", status: int = 200) -> Response:
    desk, form = visit.desk, form_of(given["loai"], visit.desk)
    listed = decision_words.undoable(decision_words.decisions_in_words(desk))
    return visit.page(
        "decision_form.html.j2",
        status=status,
        form=form,
        fields=fields_of(form, desk, given, listed),
        given=given,
        reason=visit.text("ly_do"),
        problem=problem,
    )


def _given(visit: Visit) -> dict[str, str]:
    return {name: visit.text(name) for name in ("loai", *LABELS)}


def _checked(visit: Visit, now: dt.datetime) -> tuple[Decision, dict[str, Any]]:
    """The decision that the form makes, not recorded, and what it is about. Raises Refusal."""
    desk, given, reason = visit.desk, _given(visit), visit.reason()
    form, checks = form_of(given["loai"], desk), _checks(visit)
    about = about_of(form, checks, given, desk.campaign.zone, now)
    if not reason:
        raise Refusal(NO_REASON)
    moment = checks.check_moment(None, now)
    decision = Decision(
        decision_id=1,
        holds_from=moment,
        recorded_at=now,
        account=visit.session.account.name,
        reason=reason,
        kind=form.kind,
        **about,
    )
    return decision, about


def _numbers(standing: Sequence[ListedDecision]) -> str:
    return ",".join(str(one.decision.decision_id) for one in standing)


def _checks(visit: Visit) -> DecisionChecks:
    return DecisionChecks(visit.desk.home.folder, visit.desk.campaign_folder, refuse)


def refuse(problem: Problem) -> NoReturn:
    """Ends what was asked, in words of a page."""
    raise Refusal(f"{problem.sentence[:1].upper()}{problem.sentence[1:]}.")


ROUTES = [
    Route("/quyet-dinh", looking(listed)),
    Route("/quyet-dinh", changing(record), methods=["POST"]),
    Route("/quyet-dinh/moi", looking(ask)),
    Route("/quyet-dinh/moi", changing(check), methods=["POST"]),
    Route("/quyet-dinh/xem", changing(check_with_effect), methods=["POST"]),
    Route("/quyet-dinh/thay-doi", changing(effect), methods=["POST"]),
]
