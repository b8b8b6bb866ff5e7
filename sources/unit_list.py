"""The list of units of a new campaign: read from an office's csv or workbook, and completed to
units.csv."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import python_calamine

from sources.campaigns import CampaignError
from sources.registry import REGISTER_COLUMNS
from sources.text import fold

COLUMNS = ("code", "name", "type", "kind", "aliases", "email", "senders")
OPTIONAL_COLUMNS = ("telephone", *REGISTER_COLUMNS)
TYPES = {"xã": "xa", "thị trấn": "thi_tran", "phường": "phuong"}
DIGITS = 5  # of a commune's code, which often begins with 0


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
            f"{', '.join((*COLUMNS, *OPTIONAL_COLUMNS, 'district'))}",
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


def units_csv(rows: Iterable[Mapping[str, str]]) -> str:
    """units.csv of the rows: the type inferred from the name where it is left out, the aliases of
    each unit, and the optional columns that any row fills in.

    Communes of one name are distinguished by their `district`. Raises CampaignError where a row
    lacks a value.
    """
    rows = list(rows)
    names = Counter(fold(row.get("name", "")) for row in rows)
    out = io.StringIO()
    optional = [c for c in OPTIONAL_COLUMNS if any(row.get(c) for row in rows)]
    writer = csv.DictWriter(out, (*COLUMNS, *optional), lineterminator="\n")
    writer.writeheader()
    for number, row in enumerate(rows, 2):
        unit = _unit(number, row, shared=names[fold(row.get("name", ""))] > 1)
        writer.writerow({**unit, **{column: row.get(column, "") for column in optional}})
    return out.getvalue()


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


def _cell(value: object) -> str:
    """A cell as text: a number is written without decimals."""
    return (
        str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    )
