"""Values that were read from pictures of pages: which count, and which wait for an officer.

Nothing from a scan counts unconfirmed (docs/domain.md). A count is proved where the engines
are sure of it and arithmetic confirms its column; all else waits until an officer has confirmed or
corrected it (decisions of kind `confirm`, matched by content, page and box). A content whose
required values wait is on hold: its values are set aside. The scan of a file that was sent as well
is a copy of it, and is only compared with it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import duckdb
import pyarrow as pa

from expectations.queries import query
from expectations.scan_copies import find_copies
from expectations.tables import load_table
from sources.campaigns import Campaign
from sources.extraction.cell_types import Untyped, type_value
from sources.extraction.vocabulary import vocabulary_of
from sources.form import FormField, Section
from sources.page_boxes import PageBox, box_text, parse_box
from sources.text import fold

State = Literal["waiting", "confirmed", "corrected", "proved"]
CONFIRMATION_SCHEMA = pa.schema(
    [
        ("sha256", pa.string()),
        ("section", pa.string()),
        ("row", pa.int32()),
        ("row_name", pa.string()),
        ("field", pa.string()),
        ("sheet", pa.string()),
        ("cell", pa.string()),
        ("page", pa.int32()),
        ("box", pa.string()),
        ("value", pa.string()),
        ("raw", pa.string()),
        ("confidence", pa.int32()),
        ("state", pa.string()),
        ("decision_id", pa.int32()),
        ("required", pa.bool_()),
        ("is_sure", pa.bool_()),
    ]
)
COPY_SCHEMA = pa.schema([("sha256", pa.string()), ("original", pa.string())])
FIELD_LABEL_SCHEMA = pa.schema(
    [("section", pa.string()), ("field", pa.string()), ("label", pa.string())]
)
UNCONFIRMED_MESSAGE = (
    "{label}: bản quét đọc là “{raw}”, chưa có cán bộ xác nhận nên chưa được tính. Xem và xác nhận "
    "bằng lệnh tonghop confirm."
)


@dataclass(frozen=True, slots=True)
class ScannedValue:
    """One fact that was read from a picture; `box` is left, top, right, bottom in ten thousandths."""

    sha256: str
    section: str
    row: int
    field: str
    value: str | None
    raw: str
    sheet: str
    cell: str
    page: int
    box: Sequence[int]
    confidence: int
    is_sure: bool
    confirmed_by_sums: bool
    row_name: str | None = None
    state: State = "waiting"
    decision_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    """What an officer said stands in a box of a page."""

    decision_id: int
    page: int
    box: PageBox
    section: str
    field: str
    value: str

    def is_about(self, scanned: ScannedValue) -> bool:
        """Whether its box has its centre in that of the value, whose reader may have moved it."""
        left, top, right, bottom = scanned.box
        x, y = (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2
        return (
            (self.page, self.section, self.field) == (scanned.page, scanned.section, scanned.field)
            and left <= x <= right
            and top <= y <= bottom
        )


def settle_scans(con: duckdb.DuckDBPyConnection, campaign: Campaign, as_of: dt.datetime) -> None:
    """Makes `confirmation` (CONFIRMATION_SCHEMA), `scan_on_hold` (sha256, what is asked) and
    `scan_copy` (sha256, original: the content that it is a scan of), and changes `fact`,
    `read_finding` and `content` so that only settled values of scans are left.

    Reads `arrival`, `content`, `fact`, `reading`, `arrival_identity` and `decided`.
    """
    unit = _unit_field(campaign)
    values = _settled_values(con, campaign, unit)
    load_table(con, "confirmation", CONFIRMATION_SCHEMA, [_row(v, campaign) for v in values])
    load_table(con, "scan_copy", COPY_SCHEMA, find_copies(con, campaign, as_of) if values else [])
    con.execute(query("scan_on_hold"))
    if values:
        _report_unconfirmed(con, campaign)
        con.execute(query("scan_settled", **unit))


def _settled_values(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, unit: dict[str, str]
) -> list[ScannedValue]:
    """Every value that was read from a picture, with its state."""
    values = _scanned_values(con, unit)
    if not values:
        return []
    answers, known_units = _answers(con), _known_units(con)
    return [
        replace(value, state="proved")
        if value.state == "waiting"
        and (value.section, value.field) == tuple(unit.values())
        and value.value in known_units[value.sha256]
        else value
        for value in (
            _settled(value, answers.get(value.sha256, ()), campaign)
            for value in _named(values, campaign)
        )
    ]


def _unit_field(campaign: Campaign) -> dict[str, str]:
    """Section and key of the form's field of the unit."""
    return next(
        (
            {"unit_section": section.key, "unit_field": field.key}
            for section in campaign.form.sections
            for field in section.fields
            if field.type == "unit"
        ),
        {"unit_section": "", "unit_field": ""},
    )


def _scanned_values(con: duckdb.DuckDBPyConnection, unit: dict[str, str]) -> list[ScannedValue]:
    rows = con.execute(query("scanned_values"), unit).fetchall()
    return [ScannedValue(*row) for row in rows]


def _answers(con: duckdb.DuckDBPyConnection) -> dict[str, list[_Answer]]:
    """The answers of officers by content, the latest first."""
    answers: dict[str, list[_Answer]] = defaultdict(list)
    for sha256, number, page, box, section, field, value in con.execute(
        query("confirm_decisions")
    ).fetchall():
        answers[sha256].append(_Answer(number, page, parse_box(box), section, field, value))
    return answers


def _named(values: Sequence[ScannedValue], campaign: Campaign) -> list[ScannedValue]:
    """The values with the names of their rows, as findings call them."""
    names: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    for value in values:
        section = campaign.form.by_key[value.section]
        if value.row and value.field in section.row_key and value.value is not None:
            names[value.sha256, value.section, value.row].append(
                _shown(section.by_key[value.field], value.value, campaign)
            )
    return [
        replace(value, row_name=" – ".join(names[place]) or None)
        if (place := (value.sha256, value.section, value.row)) in names
        else value
        for value in values
    ]


def _shown(field: FormField, value: str, campaign: Campaign) -> str:
    unit = campaign.registry.by_code.get(value) if field.type == "commune" else None
    return unit.name if unit else value


def _settled(value: ScannedValue, answers: Sequence[_Answer], campaign: Campaign) -> ScannedValue:
    answer = next((one for one in answers if one.is_about(value)), None)
    field = campaign.form.by_key[value.section].by_key[value.field]
    if answer is not None:
        return _answered(value, answer, field, campaign)
    if value.is_sure and (
        (not value.raw.strip() and field.type != "mark")
        or (field.type == "count" and value.value is not None and value.confirmed_by_sums)
    ):
        return replace(value, state="proved")
    return value


def _answered(
    value: ScannedValue, answer: _Answer, field: FormField, campaign: Campaign
) -> ScannedValue:
    if answer.value == value.raw.strip():
        return replace(value, state="confirmed", decision_id=answer.decision_id)
    typed = type_answer(answer.value, field, campaign)
    if isinstance(typed, Untyped):
        return value
    return replace(
        value, state="corrected", decision_id=answer.decision_id, value=typed, raw=answer.value
    )


def type_answer(text: str, field: FormField, campaign: Campaign) -> str | Untyped | None:
    """What an officer's answer about that field means: canonical text, None where blank, Untyped
    where it is no value of the field."""
    if field.type == "unit":
        units = campaign.registry.by_code
        wanted = fold(text)
        codes = [code for code, unit in units.items() if wanted in (fold(code), fold(unit.name))]
        return codes[0] if len(codes) == 1 else Untyped()
    return type_value(text, field, vocabulary_of(campaign), campaign.campaign.year)


def _known_units(con: duckdb.DuckDBPyConnection) -> dict[str, set[str | None]]:
    """The units that a content's file names, senders or an officer tell, by content."""
    known: dict[str, set[str | None]] = defaultdict(set)
    for sha256, code in con.execute(query("known_units")).fetchall():
        known[sha256].add(code)
    return known


def is_required(section: Section, field: FormField) -> bool:
    """Whether a file is on hold as long as this value waits: its unit, its date, the names, days
    and counts of its rows, and all that the form requires."""
    return (
        bool(field.required)
        or field.type in ("unit", "date")
        or (section.layout == "table" and (field.key in section.row_key or field.type == "count"))
    )


def _row(value: ScannedValue, campaign: Campaign) -> tuple[object, ...]:
    """The value as a row of CONFIRMATION_SCHEMA."""
    section = campaign.form.by_key[value.section]
    return (
        value.sha256,
        value.section,
        value.row,
        value.row_name,
        value.field,
        value.sheet,
        value.cell,
        value.page,
        box_text(value.box),
        value.value,
        value.raw,
        value.confidence,
        value.state,
        value.decision_id,
        is_required(section, section.by_key[value.field]),
        value.is_sure,
    )


def _report_unconfirmed(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """A finding for each value that waits in a content that is not on hold: it does not count."""
    labels = [
        (section.key, field.key, field.label)
        for section in campaign.form.sections
        for field in section.fields
    ]
    load_table(con, "field_label", FIELD_LABEL_SCHEMA, labels)
    con.execute(query("scan_unconfirmed"), {"message": UNCONFIRMED_MESSAGE})
