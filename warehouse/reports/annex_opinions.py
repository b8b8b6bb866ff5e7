"""Annex 5: what units wrote in their own words, in full, question by question."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import duckdb

from sources.campaigns import Campaign
from sources.form import Form, FormField
from sources.text import clean
from warehouse.numbers_vi import count
from warehouse.reports.annex_content import Annex, AnnexCell, AnnexColumn, Group, Origin
from warehouse.reports.queries import query
from warehouse.reports.quotes import is_empty_answer
from warehouse.table import quoted

SECTION = "text"
MAX_UNIT_NAMES = 60  # beside one text
MAX_LINE_LENGTH = 1200  # characters: what a printed line of the annex has room for
MAX_ROWS = 5_000


class Opinion(NamedTuple):
    """A text, and the units that wrote it, in the order of the registry."""

    text: str
    codes: tuple[str, ...]
    names: tuple[str, ...]


def opinions_annex(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Annex:
    """Annex 5: of each question of the form's section `text` every text that units wrote, those of
    most units first; answers that only state that there is nothing are left out (II.2.2, III.4).

    A text that is too long for one line goes on in the next, without units.
    """
    section = campaign.form.by_key.get(SECTION)
    fields = [f for f in section.fields if f.type == "text"] if section else []
    groups: list[Group] = []
    left_out = 0
    for field in fields:
        opinions = _opinions(con, field, campaign.form)
        room = MAX_ROWS - sum(len(group.rows) for group in groups)
        rows = [row for opinion in opinions for row in _rows(field, opinion)]
        left_out += max(len(rows) - room, 0)
        if rows[:room]:
            groups.append(_group(field, rows[:room], opinions))
    return Annex(
        code="PL5",
        tab="Ý kiến",
        title="Ý kiến của các đơn vị",
        measure="",
        columns=(
            AnnexColumn("text", "Nội dung ý kiến (nguyên văn)", "text", 92),
            AnnexColumn("units", "Số đơn vị", "count", 8),
            AnnexColumn("names", "Đơn vị", "text", 44),
        ),
        groups=tuple(groups),
        origin=lambda cell: _opinion_origin(cell, campaign.form),
        notes=(
            "Các đơn vị ghi giống nhau được gộp một dòng; không in ý kiến chỉ ghi “Không có”.",
            *((f"Không in {count(left_out)} dòng; cơ quan tổng hợp giữ đủ.",) if left_out else ()),
        ),
    )


def _opinions(con: duckdb.DuckDBPyConnection, field: FormField, form: Form) -> list[Opinion]:
    """The different texts, whatever the case and the full stop at their end."""
    units: dict[str, list[tuple[str, str, str]]] = {}
    written = con.execute(query("written_texts", field=field.column_name)).fetchall()
    for code, name, _, text in written:
        if not is_empty_answer(text, field, form):
            plain = clean(text)
            units.setdefault(plain.casefold().rstrip(" .;,"), []).append((plain, code, name))
    opinions = [
        Opinion(those[0][0], tuple(t[1] for t in those), tuple(t[2] for t in those))
        for those in units.values()
    ]
    return sorted(opinions, key=lambda opinion: -len(opinion.codes))


def _rows(field: FormField, opinion: Opinion) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    """The lines of an opinion, each with its key: the question, and the codes of the units."""
    more = len(opinion.names) - MAX_UNIT_NAMES
    names = ", ".join(opinion.names[:MAX_UNIT_NAMES])
    if more > 0:
        names += f" và {count(more)} đơn vị khác"
    first = {"units": len(opinion.codes), "names": names}
    for line in textwrap.wrap(opinion.text, MAX_LINE_LENGTH, break_on_hyphens=False):
        yield {"text": line, "units": None, "names": "", **first}, (field.key, *opinion.codes)
        first = {}


def _group(
    field: FormField,
    rows: Sequence[tuple[dict[str, Any], tuple[str, ...]]],
    opinions: Sequence[Opinion],
) -> Group:
    codes = dict.fromkeys(code for opinion in opinions for code in opinion.codes)
    return Group(
        [row for row, _ in rows],
        field.label,
        {"units": sum(row["units"] or 0 for row, _ in rows)},
        [key for _, key in rows],
        (field.key, *codes),
    )


def _opinion_origin(cell: AnnexCell, form: Form) -> Origin:
    """What a place of annex 5 is made from: what those units wrote on that question."""
    key, *codes = cell.key
    written_by = f"unit_code IN ({', '.join(map(quoted, codes))})"
    return Origin(form.field(SECTION, key).label, "unit_summary", (key,), written_by)
