"""How the desk's pages are made of their templates: all that a unit wrote is escaped."""

from __future__ import annotations

import datetime as dt
import functools
from pathlib import Path
from typing import Any

import jinja2

from flows.desk.place_links import place_address
from sources.campaigns import Campaign
from warehouse import numbers_vi
from warehouse.reports import wording
from warehouse.reports.feedback.letter import finding_line
from warehouse.why_lines import part_words, place_words, value_words

TEMPLATES = Path(__file__).parent / "templates"
SECTIONS = (  # the pages that every page leads to
    ("/", "Tổng quan"),
    ("/tep", "Tệp báo cáo"),
    ("/so-lieu", "Số liệu"),
    ("/quyet-dinh", "Quyết định"),
    ("/don-doc", "Đôn đốc"),
    ("/bao-cao", "Báo cáo"),
)


def render(template: str, **content: Any) -> str:
    """The page, or the part of one, as HTML."""
    return _environment().get_template(template).render(**content)


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {
        "count": numbers_vi.count,
        "percent": numbers_vi.percent,
        "moment": _moment,
        "local_moment": wording.day_and_hour,
        "second": _second,
        "finding": finding_line,
        "size": _size,
    }
    environment.globals |= {
        "sections": SECTIONS,
        "states": wording.STATES,
        "file_states": wording.FILE_STATES,
        "severities": wording.SEVERITIES,
        "rule_label": wording.rule_label,
        "row_label": wording.row_label,
        "field_label": wording.field_label,
        "place_address": place_address,
        "place_words": place_words,
        "part_words": part_words,
        "value_words": value_words,
    }
    return environment


def _moment(when: dt.datetime, campaign: Campaign) -> str:
    return wording.day_and_hour(when.astimezone(campaign.zone))


def _second(when: dt.datetime, campaign: Campaign) -> str:
    """A moment as a receipt says it: 21:05:30 ngày 17/04/2022."""
    return f"{when.astimezone(campaign.zone):%H:%M:%S ngày %d/%m/%Y}"


def _size(size: int) -> str:
    """Bytes as an office says them: 12 KB, 3,4 MB."""
    if size < 1 << 20:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / (1 << 20):.1f} MB".replace(".", ",")
