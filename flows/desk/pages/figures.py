"""The numbers of the report, and of each from which units, files and cells it adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

import duckdb
from starlette.responses import Response
from starlette.routing import Route

from flows.desk.guard import Refusal, Visit, looking
from sources.campaigns import Campaign
from sources.decisions import DecisionLog
from warehouse.figures import Figure, FigureValue, figure_values, load_figures
from warehouse.numbers_vi import count
from warehouse.reports import wording
from warehouse.reports.contributions import contributions
from warehouse.reports.totals import read_figures
from warehouse.why import Explanation, NotTraceableError, Part, why
from warehouse.why_lines import LACKS, how_computed

NO_NIGHT = "Chưa tổng hợp lần nào nên chưa có số liệu."
OWN_GROUP = "Số liệu riêng của đợt này"
UNITS_PER_PAGE = 200
MAX_PLACES = 4_000  # shown on one page, of all its units
MIN_PLACES_PER_UNIT = 3


class ListedFigure(NamedTuple):
    """A number: its name, what it counts, how it is printed."""

    name: str
    description: str
    printed: str


@dataclass(frozen=True)
class UnitShare:
    """What one unit gave to a number.

    part      its part, where the parts add up to the number; empty else
    parts     its values, each with the places that are shown
    left_out  how many places are not
    """

    code: str | None
    name: str | None
    part: str
    parts: Sequence[Part]
    left_out: int


def listed(visit: Visit) -> Response:
    """All numbers, under the headings of the report."""
    _check_night(visit)
    campaign = visit.desk.campaign
    with visit.desk.warehouse() as con:
        values = figure_values(con)
    return visit.page(
        "figures.html.j2",
        campaign=campaign,
        as_of=visit.desk.last_night(),
        groups=_groups(load_figures(campaign), values),
    )


def explained(visit: Visit) -> Response:
    """One number, or with `don-vi` what one unit gave to it: unit by unit its values and their
    cells."""
    _check_night(visit)
    figure, query = visit.request.path_params["figure"], visit.request.query_params
    visit.desk.understood.start_reading(DecisionLog(visit.desk.home.folder).recorded())
    campaign, unit = visit.desk.campaign, query.get("don-vi") or None
    page = max(1, int(query.get("trang", "1"))) if query.get("trang", "1").isdecimal() else 1
    with visit.desk.warehouse() as con:
        try:
            answer = why(con, figure, unit)
        except NotTraceableError as error:
            raise Refusal(str(error)) from error
        by_unit = _parts_of_units(con, figure)
    units = _by_unit(answer)
    first = (page - 1) * UNITS_PER_PAGE
    return visit.page(
        "figure.html.j2",
        campaign=campaign,
        answer=answer,
        unit=campaign.registry.by_code.get(unit or ""),
        how=how_computed(answer) if len(answer.parts) != 1 else "",
        lacking=[(u.unit_code, u.unit_name, LACKS[u.status]) for u in answer.lacking],
        shares=_shares(units[first : first + UNITS_PER_PAGE], by_unit, campaign),
        has_shares=bool(by_unit),
        number=page,
        pages=-(-len(units) // UNITS_PER_PAGE),
    )


def _check_night(visit: Visit) -> None:
    if not visit.desk.has_night:
        raise Refusal(NO_NIGHT)


def _groups(
    figures: Sequence[Figure], values: dict[str, FigureValue]
) -> list[tuple[str, list[ListedFigure]]]:
    """The figures that the warehouse has, by heading; a campaign's own come last."""
    known = [figure for figure in figures if figure.name in values]
    return [
        (
            group or OWN_GROUP,
            [ListedFigure(f.name, f.description, values[f.name].printed) for f in found],
        )
        for group, found in groupby(known, key=lambda figure: figure.group)
    ]


def _parts_of_units(con: duckdb.DuckDBPyConnection, figure: str) -> dict[str, int]:
    """By unit its part of a number that is the sum of them; empty of any other."""
    found = contributions(con, read_figures(con), {figure})
    return found[figure].by_unit if figure in found else {}


def _by_unit(answer: Explanation) -> list[tuple[str | None, str | None, list[Part]]]:
    grouped = groupby(answer.parts, key=lambda part: (part.unit_code, part.unit_name))
    return [(code, name, list(parts)) for (code, name), parts in grouped]


def _shares(
    units: Sequence[tuple[str | None, str | None, list[Part]]],
    by_unit: dict[str, int],
    campaign: Campaign,
) -> list[UnitShare]:
    most = max(MIN_PLACES_PER_UNIT, MAX_PLACES // max(len(units), 1))
    return [
        _share(code, name, [_named(part, campaign) for part in parts], by_unit, most)
        for code, name, parts in units
    ]


def _named(part: Part, campaign: Campaign) -> Part:
    """The part with its rows named as people know them: an organisation by its name."""

    def label(row_name: str | None) -> str:
        return wording.row_label(campaign.form, "orgs", row_name)

    places = (place._replace(row_name=label(place.row_name)) for place in part.places)
    return replace(part, row_name=label(part.row_name), places=tuple(places))


def _share(
    code: str | None, name: str | None, parts: list[Part], by_unit: dict[str, int], most: int
) -> UnitShare:
    """The unit's values up to so many places."""
    shown, left_out, room = [], 0, most
    for part in parts:
        places = part.places[: max(room, 0)]
        left_out += len(part.places) - len(places)
        if places or not part.places:
            shown.append(replace(part, places=places))
        room -= max(1, len(places))
    given = by_unit.get(code or "")
    return UnitShare(code, name, count(given) if given is not None else "", shown, left_out)


ROUTES = [
    Route("/so-lieu", looking(listed)),
    Route("/so-lieu/{figure}", looking(explained)),
]
