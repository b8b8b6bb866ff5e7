"""The signed scan beside the Word file: one submission, of which the file of text is read and the scan
only checked against it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

import duckdb

from expectations.pivots import row_keys
from expectations.queries import query
from sources.campaigns import Campaign
from sources.text import fold

_MIN_VALUES = 8  # that both give, before one is called a copy of the other
_MIN_SHARE_ALIKE = 0.9
DIFFERS_MESSAGE = (
    "{label}: tệp này ghi “{raw}”, nhưng bản quét đã ký “{scan}” ghi “{scanned}”. Số liệu lấy theo tệp "
    "này; đề nghị kiểm tra lại."
)

Place = tuple[str, str, str]  # section, key of the row ("" for pairs), field
Values = dict[Place, tuple[str, str, str, str, int]]  # value, raw, sheet, cell, row


def find_copies(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, as_of: dt.datetime
) -> list[tuple[str, str]]:
    """Each scan that is a copy of a file that was sent as well, and that file's content (SHA-256 of
    both); adds to `read_finding` where they differ (`scan_differs`, at the file's cell).

    A scan is a copy of a file of the same unit that gives the same value in nine of ten places that
    both give.
    """
    copies = []
    contents = con.execute(query("scan_originals"), {"as_of": as_of}).fetchall()
    for scan, scan_name, originals in contents:
        scanned = _values(con, campaign, scan, sure_only=True)
        for original in originals:
            values = _values(con, campaign, original, sure_only=False)
            if _is_copy(scanned, values, campaign):
                copies.append((scan, original))
                _report_differences(con, campaign, scan_name, scanned, original, values)
                break
    return copies


def _is_copy(scanned: Values, original: Values, campaign: Campaign) -> bool:
    names = set(row_keys(campaign.form))
    both = [
        place for place in scanned.keys() & original.keys() if (place[0], place[2]) not in names
    ]
    alike = sum(fold(scanned[place][0]) == fold(original[place][0]) for place in both)
    return len(both) >= _MIN_VALUES and alike >= _MIN_SHARE_ALIKE * len(both)


def _values(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, sha256: str, sure_only: bool
) -> Values:
    if sure_only:
        keys = [f"{section}:{key}" for section, key in row_keys(campaign.form)]
        facts = con.execute(
            query("values_of_scan"), {"sha256": sha256, "row_keys": keys}
        ).fetchall()
    else:
        facts = con.execute(query("values_of_content"), {"sha256": sha256}).fetchall()
    names: dict[tuple[str, int], list[str]] = defaultdict(list)
    for section, row, field, value, *_ in facts:
        if row and field in campaign.form.by_key[section].row_key:
            names[section, row].append(fold(value))
    return {
        (section, "|".join(names.get((section, row), [str(row)])) if row else "", field): (
            value,
            raw,
            sheet,
            cell,
            row,
        )
        for section, row, field, value, raw, sheet, cell in facts
    }


def _report_differences(
    con: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    scan_name: str,
    scanned: Values,
    original: str,
    values: Mapping[Place, tuple[str, str, str, str, int]],
) -> None:
    for place in sorted(scanned.keys() & values.keys()):
        section, _, field = place
        value, raw, sheet, cell, row = values[place]
        if fold(value) == fold(scanned[place][0]) or field in campaign.form.by_key[section].row_key:
            continue
        about = campaign.form.by_key[section].by_key[field]
        if about.type in ("text", "unit"):  # words differ by what a picture loses
            continue
        message = DIFFERS_MESSAGE.format(
            label=about.label, raw=raw or "(trống)", scan=scan_name, scanned=scanned[place][1]
        )
        con.execute(
            query("scan_difference"),
            {
                "sha256": original,
                "section": section,
                "row": row or None,
                "field": field,
                "value": raw,
                "sheet": sheet,
                "cell": cell,
                "message": message,
            },
        )
