"""A new campaign's folder made from an earlier one: its three files, with topic, days, units and
issuer exchanged.

The form (form.toml) is copied, without the earlier campaign's own words in the consolidated report:
other fields are edited there afterwards, without code.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import tomlkit

from sources.campaign_defaults import defaults
from sources.campaigns import YEARS, Campaign, CampaignError, load_campaign
from sources.own_files import FIGURES, RULES, TEMPLATE
from sources.text import fold
from sources.unit_list import read_units, units_csv

REMIND_BEFORE = (5, 3, 2, 1, 0, -1)  # days before the day of the deadline


@dataclass(frozen=True)
class Plan:
    """What is new in a campaign.

    windows    by section, the first and the last day on which meetings take place
    deadline   reports received on that day or later are late
    issuer     as sentences name it; in the report's heading in capitals
    exchanged  any other values by their keys, such as document.place; written as in TOML, or as
    bare text
    """

    topic: str
    area: str
    windows: Mapping[str, tuple[dt.date, dt.date]]
    deadline: dt.date
    units: Path
    issuer: str
    exchanged: Mapping[str, str] = field(default_factory=dict)


def write_campaign(plan: Plan, like: Path, folder: Path) -> Campaign:
    """Writes campaign.toml, form.toml and units.csv into the new `folder`, with the own files of
    the campaign that it is like, and loads them.

    Raises CampaignError, naming file and key, where the plan does not hold together; nothing is
    left behind then. Raises FileExistsError where the folder exists and is not empty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(
            f"{folder} đã có tệp (is not empty): đặt tên một thư mục mới cho đợt mới"
        )
    _check_days(plan)
    fresh = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        _write_text(fresh / "units.csv", units_csv(read_units(plan.units)))
        _write_text(
            fresh / "campaign.toml",
            _about(plan, (like / "campaign.toml").read_text(encoding="utf-8")),
        )
        _write_text(fresh / "form.toml", _form((like / "form.toml").read_text(encoding="utf-8")))
        for name in (RULES, FIGURES, TEMPLATE):
            if (like / name).is_file():
                shutil.copyfile(like / name, fresh / name)
        load_campaign(fresh)
        if folder.exists():
            folder.rmdir()
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return load_campaign(folder)


def _check_days(plan: Plan) -> None:
    for day in (plan.deadline, *(day for window in plan.windows.values() for day in window)):
        if day.year not in YEARS:
            raise CampaignError(
                "days",
                f"năm {day.year} không từ {YEARS[0]} đến {YEARS[-1]} (no year of a campaign)",
            )
    for section, (first, last) in plan.windows.items():
        if first > last:
            raise CampaignError(
                "days",
                f"ngày đầu ({first:%d/%m/%Y}) sau ngày cuối ({last:%d/%m/%Y}), mục {section}",
            )
        if plan.deadline < last:
            raise CampaignError(
                "days",
                f"hạn gửi báo cáo ({plan.deadline:%d/%m/%Y}) trước ngày sinh hoạt cuối cùng "
                f"({last:%d/%m/%Y}), mục {section}",
            )


def _about(plan: Plan, text: str) -> str:
    """The earlier campaign.toml with what is new in its places; its comments stay."""
    about = tomlkit.parse(text)
    first = min(first for first, _ in plan.windows.values())
    zone = ZoneInfo(str(about["campaign"]["time_zone"]))
    about["campaign"] |= {
        "key": f"{'-'.join(fold(plan.area).split())}-{first:%Y-%m}",
        "area": plan.area,
        "year": first.year,
        "name": f"Đợt sinh hoạt chuyên đề “{plan.topic}”",
        "topic": plan.topic,
        "deadline": dt.datetime.combine(plan.deadline, dt.time.min, zone),
    }
    for section, (first, last) in plan.windows.items():
        if section not in about["windows"]:
            raise CampaignError(
                "campaign.toml",
                f"there is no window for {section}; there are {', '.join(about['windows'])}",
            )
        about["windows"][section] |= {
            "first": first,
            "last": last,
            "label": f"từ ngày {first:%d/%m} đến ngày {last:%d/%m/%Y}",
        }
    if "schedule" in about:
        about["schedule"]["remind_days"] = [
            plan.deadline - dt.timedelta(days=n) for n in REMIND_BEFORE
        ]
    about["document"] |= {
        "issuer": plan.issuer.upper(),
        "issuer_name": plan.issuer,
        "subject": f"kết quả đợt sinh hoạt chuyên đề “{plan.topic}”",
    }
    for key, value in plan.exchanged.items():
        _exchange(about, key, value)
    return tomlkit.dumps(about)


def _form(text: str) -> str:
    return re.sub(r"(?m)^ *report_words = .*\n", "", text)


def _exchange(about: tomlkit.TOMLDocument, key: str, text: str) -> None:
    """Sets that key; its section need not stand there where the product's defaults have it."""
    *sections, name = key.split(".")
    table: Any = about
    known: Any = {k: v for k, v in defaults().items() if k != "form"}
    for section in sections:
        known = known.get(section) if isinstance(known, Mapping) else None
        if not isinstance(table, MutableMapping) or (section not in table and known is None):
            raise CampaignError(
                "campaign.toml", f"there is no [{'.'.join(sections)}] to set {name} in"
            )
        if section not in table:
            table[section] = tomlkit.table() if isinstance(known, Mapping) else known
        table = table[section]
    if not isinstance(table, MutableMapping):
        raise CampaignError("campaign.toml", f"{'.'.join(sections)} is no section to set {name} in")
    try:
        table[name] = tomlkit.value(text)
    except tomlkit.exceptions.ParseError:
        table[name] = text


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
