"""A new campaign's folder made from an earlier one: its three files, with topic, days, units and
issuer exchanged.

The form (form.toml) is copied, without the earlier campaign's own words in the consolidated report:
other fields are edited there afterwards, without code.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import python_calamine
import tomlkit

from sources.campaign_defaults import defaults
from sources.campaigns import YEARS, Campaign, CampaignError, load_campaign
from sources.own_files import FIGURES, RULES, TEMPLATE
from sources.text import fold

COLUMNS = ("code", "name", "type", "kind", "aliases", "email", "senders")
TYPES = {"xã": "xa", "thị trấn": "thi_tran", "phường": "phuong"}
DIGITS = 5  # of a commune's code, which often begins with 0
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


def read_units(path: Path) -> list[dict[str, str]]:
    """The rows of a list of units, a csv or the first sheet of a workbook, with at least the
    columns code and name.

    Raises CampaignError where it cannot be read or lacks them, or where a spreadsheet may have
    dropped zeros of codes.
    """
    try:
        if path.suffix.lower() in (".csv", ".tsv", ".txt"):
            text = path.read_text(encoding="utf-8-sig")
            dialect = csv.Sniffer().sniff(text[:4096], ",;\t")
            rows: Sequence[Sequence[object]] = list(csv.reader(io.StringIO(text), dialect))
        else:
            rows = python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    except (OSError, UnicodeDecodeError, csv.Error, python_calamine.CalamineError) as error:
        raise CampaignError(
            str(path),
            f"không đọc được danh sách đơn vị (cannot be read as a list of units: {error}); "
            "lưu thành .xlsx hoặc .csv (UTF-8), có cột code và name",
        ) from error
    header = [str(cell).strip().lower() for cell in rows[0]] if rows else []
    if missing := [name for name in ("code", "name") if name not in header]:
        raise CampaignError(
            str(path),
            f"hàng đầu thiếu cột {', '.join(missing)} (column missing); các cột có thể có: "
            f"{', '.join((*COLUMNS, 'district'))}",
        )
    named = [dict(zip(header, (_cell(value) for value in row), strict=False)) for row in rows[1:]]
    _check_codes(
        path,
        [
            (row.get("type", ""), row.get("code", ""), cells[header.index("code") :][:1])
            for row, cells in zip(named, rows[1:], strict=True)
        ],
    )
    return [row for row in named if any(row.values())]


def _check_codes(path: Path, codes: list[tuple[str, str, Sequence[object]]]) -> None:
    """Of each row the type, the code and its cell: raises CampaignError where the code may once
    have begun with 0."""
    advice = (
        "a spreadsheet drops the zeros in front of a number (07531 becomes 7531); format the column code as text "
        "and write the codes with all their digits"
    )
    longest = max(
        (len(code) for kind, code, _ in codes if kind != "district_org" and code.isdigit()),
        default=0,
    )
    for number, (kind, code, cell) in enumerate(codes, 2):
        if code and isinstance(cell[0], int | float) and len(code) < DIGITS:
            raise CampaignError(
                str(path), f"row {number}: the code {code} is a number there: {advice}"
            )
        if kind != "district_org" and code.isdigit() and len(code) < longest:
            raise CampaignError(
                str(path),
                f"row {number}: the code {code} has {len(code)} digits where others have "
                f"{longest}: {advice}",
            )


def units_csv(rows: Iterable[Mapping[str, str]]) -> str:
    """units.csv of the rows: the type inferred from the name where it is left out, and the aliases
    of each unit.

    Communes of one name are distinguished by their `district`. Raises CampaignError where a row
    lacks a value.
    """
    rows = list(rows)
    names = Counter(fold(row.get("name", "")) for row in rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for number, row in enumerate(rows, 2):
        writer.writerow(_unit(number, row, shared=names[fold(row.get("name", ""))] > 1))
    return out.getvalue()


def _unit(number: int, row: Mapping[str, str], shared: bool) -> dict[str, str]:
    name, code, district = row.get("name", ""), row.get("code", ""), row.get("district", "")
    if not name or not code:
        raise CampaignError(
            "units", f"hàng {number} thiếu {'name' if code else 'code'} (row {number} has none)"
        )
    if shared and not district:
        raise CampaignError(
            "units",
            f"hàng {number}: có đơn vị khác cũng tên {name}; thêm cột district (huyện), hoặc "
            "ghi tên sao cho mỗi tên chỉ một đơn vị",
        )
    kind = row.get("type") or next(
        (t for word, t in TYPES.items() if name.lower().startswith(f"{word} ")), ""
    )
    if not kind:
        raise CampaignError(
            "units",
            f"hàng {number}: tên {name} không cho biết là loại đơn vị gì; thêm cột type, ghi "
            "xa, thi_tran, phuong hoặc district_org (tổ chức cấp huyện)",
        )
    known = [a.strip() for a in row.get("aliases", "").split("|") if a.strip()]
    aliases = known if kind == "district_org" else [*known, *_aliases(name, district, shared)]
    return {
        "code": code,
        "name": f"{name}, {district}" if shared else name,
        "type": kind,
        "kind": row.get("kind", ""),
        "aliases": "|".join(dict.fromkeys(aliases)),
        "email": row.get("email", ""),
        "senders": row.get("senders", ""),
    }


def _aliases(name: str, district: str, shared: bool) -> list[str]:
    """The names of a commune in reports, also with its district; only with it where others bear its
    name."""
    low = name[:1].lower() + name[1:]
    name_alone = next((name[len(word) + 1 :] for word in TYPES if low.startswith(f"{word} ")), name)
    alone = [f"Đảng ủy {low}", f"Đảng bộ {low}", low, name_alone]
    return ([] if shared else alone) + (
        [f"{called} {district}" for called in alone] if district else []
    )


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


def _cell(value: object) -> str:
    """A cell as text: a number is written without decimals."""
    return (
        str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    )


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
