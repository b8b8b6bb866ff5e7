"""tien-do.html: one self-contained page in Vietnamese, the first thing an officer opens in the
morning.

Its first screen answers: is all there, whom to chase, what is wrong where. It needs no network, and
no script to be read; the script searches, filters and sorts the units, and opens a unit or a number
to show its sources. Printed it is the table of units for the wall. Everything a unit wrote is
escaped, and the page's policy lets no other script run.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from pathlib import Path

import duckdb
import jinja2
from markupsafe import Markup

from sources.campaigns import Campaign
from warehouse import numbers_vi
from warehouse.printed_numbers import has_same_numbers
from warehouse.reports import wording
from warehouse.reports.contributions import contributions
from warehouse.reports.document_head import number_text
from warehouse.reports.head_shares import HEADS, HeadShare, head_shares
from warehouse.reports.key_numbers import key_numbers
from warehouse.reports.page_environment import TEMPLATES, page_environment
from warehouse.reports.page_sources import page_sources
from warehouse.reports.progress import Progress, read_progress
from warehouse.reports.tiles import short_name, tiles
from warehouse.reports.totals import PageFigure, read_figures, totals

MAX_BARS = 60  # more communes than that make no chart: then the lowest are drawn
BARS_WHEN_TOO_MANY = 30
CHASED_SHOWN_AT_FIRST = 10  # units of each state in the list of whom to chase; the next ones unfold
MAX_CHASED = 60
LABEL_CHARACTER_WIDTH = 0.03  # of the bar's width that a character of its labels needs
MAX_FILES = 500  # that belong to no unit, or are duplicates
STYLES = ("page.css", "tiles.css", "tables.css", "dialog.css", "narrow.css", "print.css")
SCRIPTS = ("page.js", "address.js", "units.js", "places.js", "dialog.js", "start.js")
TILE_COLUMNS = ".placed {{ grid-template-columns: repeat({}, minmax(0, 1fr)); }}\n"


def write_page(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, as_of: dt.datetime, target: Path
) -> None:
    """Writes the page of the night to `target`, through a temporary name beside it (III.3).

    Reads the built warehouse through `con`; the same warehouse and `as_of` give the same bytes.
    """
    page = (
        _environment(campaign)
        .get_template("tien-do.html.j2")
        .stream(_content(con, campaign, as_of))
    )
    page.enable_buffering(200)
    unfinished = target.with_name(f".{target.name}.part")
    with unfinished.open("wb") as file:
        page.dump(file, encoding="utf-8")
    unfinished.replace(target)


def _environment(campaign: Campaign) -> jinja2.Environment:
    environment = page_environment()
    environment.filters |= {
        "count": numbers_vi.count,
        "percent": numbers_vi.percent,
        "moment": wording.day_and_hour,
        "rule": lambda rule: wording.rule_label(rule, campaign),
        "short_name": short_name,
    }
    names = {u.code: u.name for u in campaign.registry.units}
    types = {u.type for u in campaign.registry.units}
    environment.globals |= {
        "states": wording.STATES,
        "letters": wording.LETTERS,
        "unit_types": {key: word for key, word in wording.UNIT_TYPES.items() if key in types},
        "file_states": wording.FILE_STATES,
        "set_aside": wording.SET_ASIDE,
        "severities": wording.SEVERITIES,
        "unit_names": names,
        "chased_at_once": CHASED_SHOWN_AT_FIRST,
        "most_chased": MAX_CHASED,
        "most_files": MAX_FILES,
    }
    return environment


def _content(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, as_of: dt.datetime
) -> dict[str, object]:
    """All that the template speaks of."""
    progress = read_progress(con, campaign)
    figures = read_figures(con)
    shares = head_shares(con, campaign)
    page_totals = totals(figures, campaign.form)
    parts = contributions(
        con, figures, {name for t in page_totals for name in (t.figure, t.whole_figure)}
    )
    unit_tiles = tiles(progress)
    style = _inlined(STYLES) + (
        TILE_COLUMNS.format(unit_tiles.columns) if unit_tiles and unit_tiles.placed else ""
    )
    script = _inlined(SCRIPTS)
    return {
        "about": campaign.campaign,
        "document": campaign.document,
        "draft": as_of < campaign.campaign.deadline,
        "as_of": as_of.astimezone(campaign.zone),
        "as_of_day": wording.day(as_of.astimezone(campaign.zone)),
        "deadline": wording.deadline(campaign),
        "time_left": wording.time_left(campaign, as_of),
        "issued": _issued_line(con, campaign),
        "progress": progress,
        "segments": _segments(progress),
        "totals": page_totals,
        "parts": parts,
        "key_numbers": key_numbers(campaign, page_totals, parts),
        "sources": page_sources(con, campaign, figures, page_totals, parts),
        "tiles": unit_tiles,
        "shares": _charted(shares),
        "communes": len(shares),
        "unknown_shares": [s.commune for s in shares if s.share is None],
        "overall": figures.get(f"{HEADS}_share", PageFigure(None, "", "")),
        "style": Markup(style),
        "style_hash": _policy_hash(style),
        "script": Markup(script),
        "script_hash": _policy_hash(script),
    }


def _issued_line(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> str:
    """Which report was issued last, and whether the page's numbers are still its numbers; empty
    where none was issued."""
    report = campaign.officers_part.issued
    if report is None:
        return ""
    dated = f" ngày {wording.day(report.dated)}" if report.dated else ""
    name = f"Báo cáo số {number_text(report.number)}-{campaign.document.symbol}{dated}"
    if not has_same_numbers(con, report.numbers_digest):
        return f"{name} đã phát hành; từ đó số liệu đã thay đổi, cần báo cáo bổ sung."
    if not report.is_current:
        return f"{name} đã phát hành; số liệu không đổi, nhưng lời văn đã được sửa sau đó."
    return f"{name} đã phát hành; số liệu đến nay không thay đổi."


def _segments(progress: Progress) -> list[dict[str, object]]:
    """The parts of the bar of states: state, count, place and width in percent, whether its label
    has room."""
    whole = max(len(progress.units), 1)
    begin, parts = 0, []
    for state, units in progress.states.items():
        parts.append(
            {
                "state": state,
                "units": units,
                "x": f"{100 * begin / whole:.3f}",
                "width": f"{100 * units / whole:.3f}",
                "middle": f"{100 * (begin + units / 2) / whole:.3f}",
                "share": units / whole,
                "labelled": units / whole
                > LABEL_CHARACTER_WIDTH * (1 + len(numbers_vi.count(units))),
            }
        )
        begin += units
    return parts


def _charted(shares: list[HeadShare]) -> list[HeadShare]:
    """The communes of the chart and its table: all whose share is known, of too many the lowest."""
    known = [s for s in shares if s.share is not None]
    return known if len(known) <= MAX_BARS else known[-BARS_WHEN_TOO_MANY:]


def _inlined(names: tuple[str, ...]) -> str:
    """Our own style or script: its files one after the other."""
    return "".join((TEMPLATES / "tien-do" / name).read_text(encoding="utf-8") for name in names)


def _policy_hash(inlined: str) -> str:
    """The hash by which the page's policy knows our own style or script from any other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(inlined.encode()).digest()).decode()
