"""The first page: is all there, whom to chase, what is new, and the button that consolidates."""

from __future__ import annotations

import datetime as dt

from starlette.responses import Response
from starlette.routing import Route

from flows.desk.brought import brought_files
from flows.desk.guard import Visit, looking
from warehouse.reports import wording
from warehouse.reports.progress import Progress, read_progress

MAX_NEW_SHOWN = 50


def overview(visit: Visit) -> Response:
    """The state of the last night, and what has come since."""
    desk, campaign = visit.desk, visit.desk.campaign
    new = brought_files(desk)
    return visit.page(
        "overview.html.j2",
        campaign=campaign,
        progress=_progress(visit),
        as_of=desk.last_night(),
        deadline=wording.deadline(campaign),
        time_left=wording.time_left(campaign, dt.datetime.now(dt.UTC)),
        new=new[:MAX_NEW_SHOWN],
        new_count=len(new),
        run=desk.nights.last,
    )


def _progress(visit: Visit) -> Progress | None:
    if not visit.desk.has_night:
        return None
    with visit.desk.warehouse() as con:
        return read_progress(con, visit.desk.campaign)


ROUTES = [Route("/", looking(overview))]
