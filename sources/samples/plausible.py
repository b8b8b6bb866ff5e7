"""Plausible values of one row or set of pairs, made by the form's own declarations: limits, parts,
windows, choices.

A field that the campaign adds gets a value by its type; none has to be named here. The ranges below
only make a try-out look like the country.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from random import Random

from sources.blank_form.values import Canonical, Row, as_count
from sources.campaigns import Campaign
from sources.form import FormField, Section

_RANGES = {
    ("cells", "members_total"): (8, 58),
    ("cells", "members_assigned"): (2, 8),
    ("orgs", "branches_total"): (4, 14),
    ("orgs", "members_total"): (60, 900),
    ("villages", "party_members"): (6, 60),
    ("villages", "prospects"): (0, 4),
    ("info", "directing_documents"): (1, 5),
    ("info", "committee_members_assigned"): (6, 15),
    ("info", "prospects_introduced"): (3, 14),
    ("info", "news_items"): (4, 40),
}
_ANY_COUNT = (1, 12)
_PROSE = {
    "advantages": (
        "Cấp ủy quan tâm lãnh đạo, chỉ đạo sát sao; đảng viên tham dự đầy đủ.",
        "Đảng viên và Nhân dân đồng thuận cao với chủ trương.",
        "Công tác tuyên truyền được thực hiện kịp thời đến từng thôn.",
    ),
    "difficulties": (
        "Một số đảng viên đi làm ăn xa nên chưa tham dự được.",
        "Nguồn quần chúng ưu tú ở một số thôn còn hạn chế.",
        "Địa bàn rộng, dân cư phân tán nên việc tập trung còn khó khăn.",
    ),
    "proposals": (
        "Đề nghị mở thêm lớp bồi dưỡng nhận thức về Đảng.",
        "Đề nghị tiếp tục cung cấp tài liệu tuyên truyền đến các chi bộ.",
    ),
}
_TOOK_PLACE_SHARE, _IN_WINDOW, _EXPECTED_MARK, _OTHER_MARK = 0.96, 0.995, 0.97, 0.6


def plausible_row(
    section: Section, known: Row, campaign: Campaign, rng: Random
) -> dict[str, Canonical]:
    """A row of the section around what is known of it: within its limits, its parts adding up, its
    days in order."""
    took_place = section.held_when is None or rng.random() < _TOOK_PLACE_SHARE
    row: dict[str, Canonical] = {**known, **_days(section, took_place, campaign, rng)}
    for field in _limits_first(section.fields):
        if field.key not in row and not field.part_of:
            row[field.key] = _value(section, field, row, took_place, rng)
    return {**row, **_parts(section.fields, row, rng)}


def plausible_pairs(
    section: Section, fields: Sequence[FormField], known: Row, campaign: Campaign, rng: Random
) -> dict[str, Canonical]:
    """Values of a section of pairs for these fields, without those that are summed from rows
    (`from_rows`)."""
    pairs: dict[str, Canonical] = dict(known)
    for field in _limits_first(fields):
        if field.key in pairs or field.from_rows or field.part_of:
            continue
        if field.type == "date":
            pairs[field.key] = campaign.campaign.deadline.astimezone(
                campaign.zone
            ).date() - dt.timedelta(days=rng.randint(1, 4))
        else:
            pairs[field.key] = _value(section, field, pairs, True, rng)
    return {**pairs, **_parts([f for f in fields if not f.from_rows], pairs, rng)}


def _limits_first(fields: Iterable[FormField]) -> list[FormField]:
    return sorted(fields, key=lambda f: f.limit is not None)


def _days(
    section: Section, took_place: bool, campaign: Campaign, rng: Random
) -> dict[str, Canonical]:
    if not section.window:
        return {}
    if not took_place:
        return dict.fromkeys(section.window.fields)
    window = campaign.windows[section.window.name]
    length = (window.last - window.first).days
    last_off = length if rng.random() < _IN_WINDOW else length + 2
    offsets = sorted(rng.randint(0, length) for _ in section.window.fields)
    offsets[-1] = last_off if last_off > length else offsets[-1]
    return {
        key: window.first + dt.timedelta(days=d)
        for key, d in zip(section.window.fields, offsets, strict=True)
    }


def _value(
    section: Section, field: FormField, row: Row, took_place: bool, rng: Random
) -> Canonical:
    if not took_place and field.shows_held:
        return False if field.type == "mark" else None
    if field.type == "count":
        return _count(section, field, row, took_place, rng)
    if field.type == "mark":
        return (took_place or field.expected != "held") and rng.random() < (
            _EXPECTED_MARK if field.expected or field.shows_held else _OTHER_MARK
        )
    if field.choice:
        return rng.choice(field.choice).code
    if field.type == "text":
        return rng.choice(_PROSE.get(field.key, ("Thực hiện theo hướng dẫn.",)))
    return None


def _count(section: Section, field: FormField, row: Row, took_place: bool, rng: Random) -> int:
    if field.limit:
        limit = as_count(row.get(field.limit))
        if not took_place:
            return 0
        return (
            limit if rng.random() < 0.4 else rng.randint(min(limit, max(1, limit * 3 // 4)), limit)
        )
    if not took_place and not any(f.limit == field.key for f in section.fields):
        return 0
    return rng.randint(*_RANGES.get((section.key, field.key), _ANY_COUNT))


def _parts(fields: Iterable[FormField], row: Row, rng: Random) -> dict[str, Canonical]:
    """Each count that is part of another: the whole split among its parts."""
    wholes: dict[str, list[FormField]] = {}
    for field in fields:
        if field.part_of:
            wholes.setdefault(field.part_of, []).append(field)
    split: dict[str, Canonical] = {}
    for whole, parts in wholes.items():
        left = as_count(row.get(whole))
        for part in parts[:-1]:
            share = rng.choice((0, left, rng.randint(0, left)))
            split[part.key], left = share, left - share
        split[parts[-1].key] = left
    return split
