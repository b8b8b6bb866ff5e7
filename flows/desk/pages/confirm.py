"""Confirming a scan: its values beside their pictures, and an officer's answers."""

from __future__ import annotations

import json
import secrets
from typing import NoReturn

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from flows.commands.confirmed_answers import (
    KEYS,
    answered_already,
    pictures_of,
    record_answers,
    recorded_words,
)
from flows.commands.decision_checks import DecisionChecks
from flows.desk.guard import Refusal, Visit, changing, looking
from flows.desk.one_file import arrival_of, one_file
from flows.desk.pages.decisions import refuse
from sources.decisions import DecisionLog
from warehouse.reports.confirm_page import DeskForm, WaitingValue, confirm_page

POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'nonce-{nonce}'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
NOTHING_WAITS = "Tệp này không có giá trị nào chờ xác nhận."


def asked(visit: Visit) -> Response:
    """The values that wait, each beside its picture."""
    return _page(visit, _waiting(visit), {}, "", 200)


def answered(visit: Visit) -> Response:
    """Records the answers, all or none; where one cannot be, the page again with all of them."""
    desk, submission = visit.desk, visit.request.path_params["submission"]
    values, answers = _waiting(visit), visit.text("answers")
    checks = DecisionChecks(desk.home.folder, desk.campaign_folder, refuse)
    account = visit.session.account.name
    try:
        made = record_answers(checks, _refuse, values, answers, desk.campaign, None, account)
    except Refusal as why:
        return _page(visit, values, _typed(answers), str(why), 422)
    visit.wrote("confirm", f"{submission}: {len(made)}")
    return visit.back(f"/tep/{submission}", recorded_words(made, len(values) - len(made)))


def _refuse(why: str) -> NoReturn:
    raise Refusal(why)


def _waiting(visit: Visit) -> list[WaitingValue]:
    """The values that nobody has answered yet. Raises Refusal where there are none."""
    desk = visit.desk
    file = one_file(desk, desk.campaign, visit.request.path_params["submission"])
    done = answered_already(file.waiting, DecisionLog(desk.home.folder).recorded())
    left = [value for value in file.waiting if value not in done]
    if not left:
        raise Refusal(NOTHING_WAITS)
    return left


def _typed(answers: str) -> dict[str, str]:
    """By `answer_key` what was typed, so that nothing has to be typed again."""
    typed = {}
    for line in answers.splitlines():
        try:
            answer = json.loads(line)
            _, *place = (answer[key] for key in KEYS)
            typed[" ".join(map(str, place))] = str(answer["value"])
        except (ValueError, KeyError, TypeError, RecursionError):
            continue  # it is what was refused
    return typed


def _page(
    visit: Visit, values: list[WaitingValue], typed: dict[str, str], problem: str, status: int
) -> Response:
    desk, submission = visit.desk, visit.request.path_params["submission"]
    arrival, _ = arrival_of(desk, submission)
    try:
        pictures = pictures_of(desk.home.folder, values)
    except OSError:  # its original is gone
        pictures = {}
    nonce = secrets.token_urlsafe(16)
    form = DeskForm(
        visit.request.url.path, visit.session.form_key, nonce, f"/tep/{submission}", problem
    )
    page = confirm_page(desk.campaign, arrival.file_name, values, pictures, form, typed)
    return HTMLResponse(
        page, status, headers={"content-security-policy": POLICY.format(nonce=nonce)}
    )


ROUTES = [
    Route("/tep/{submission}/xac-nhan", looking(asked)),
    Route("/tep/{submission}/xac-nhan", changing(answered), methods=["POST"]),
]
