"""Two nights compared: who came in, which totals moved, and through whose file, as `tonghop diff`
says it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from flows.commands.compare_nights import NotComparableError, moments_to_compare
from flows.desk.guard import Refusal, Visit, looking
from flows.desk.pages.issue import BUSY
from flows.home.lock import HomeBusyError
from sources.children.reading import ReadingError
from sources.nights import NightLog
from warehouse.difference_report import printed_share
from warehouse.differences import Differences
from warehouse.reports import wording

WAIT_SECONDS = 300.0  # for another comparison
FAILED = "Chưa so sánh được: không dựng lại được số liệu của hai lần; xin báo người vận hành."


def compare(visit: Visit) -> Response:
    """The choice of two nights; once they are chosen, what differs comes when it is known, with
    `?tinh=1` at once."""
    asked = visit.request.query_params
    nights = sorted(set(NightLog(visit.desk.home.folder).moments), reverse=True)
    first, second = asked.get("tu", "").strip(), asked.get("den", "").strip()
    return visit.page(
        "compare.html.j2",
        campaign=visit.desk.campaign,
        nights=nights,
        first=first,
        second=second,
        **_content(visit, first, second, is_asked="tinh" in asked),
    )


def result(visit: Visit) -> Response:
    """What differs, as a part of the page."""
    asked = visit.request.query_params
    return visit.part(
        "compare_result.html.j2",
        campaign=visit.desk.campaign,
        **_content(visit, asked.get("tu", "").strip(), asked.get("den", "").strip(), is_asked=True),
    )


def _content(visit: Visit, first: str, second: str, is_asked: bool) -> dict[str, Any]:
    found, problem = None, ""
    if first and second:
        try:
            moments = moments_to_compare(visit.desk.home, first, second, visit.desk.campaign.zone)
            found = _differences(visit, moments) if is_asked else None
        except NotComparableError as error:
            problem = f"Chưa so sánh được: {error.problem.sentence}."
        except Refusal as why:
            problem = str(why)
    return {
        "found": found,
        "problem": problem,
        "state": wording.state,
        "printed_share": printed_share,
    }


def _differences(visit: Visit, moments: tuple[dt.datetime, dt.datetime]) -> Differences:
    desk = visit.desk
    if not desk.home_work.acquire(timeout=WAIT_SECONDS):
        raise Refusal(BUSY)
    try:
        return desk.comparisons.of(moments, desk.campaign)
    except HomeBusyError:
        raise Refusal(BUSY) from None
    except (ReadingError, OSError) as error:
        raise Refusal(FAILED) from error
    finally:
        desk.home_work.release()


ROUTES = [
    Route("/bao-cao/so-sanh", looking(compare)),
    Route("/bao-cao/so-sanh/ket-qua", looking(result)),
]
