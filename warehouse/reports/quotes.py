"""What units wrote, quoted: the same words of several units stand once, shortened, never rewritten;
annex 5 has them whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from sources.campaigns import Campaign
from sources.form import Form, FormField
from sources.text import fold
from warehouse.reports.party_words import in_sentence, quoted
from warehouse.reports.queries import query

MAX_TEXTS_PER_QUESTION = 5  # different texts per question; the annex has them all
MAX_TEXT_LENGTH = 160  # of one text; the annex has it whole
MAX_UNITS_NAMED = 3  # of one text; of more their number
FILLERS = "gì nào ý kiến nội dung thêm khác đối với về và lớn đáng kể nhiều phát sinh"
# what begins a point of a list: a dash or a number at the start of a line
_POINT = re.compile(r"(?:^|\n)\s*(?:[-+*•–]|\d{1,2}[.)])\s+")


@dataclass
class QuoteSet:
    """What units wrote on one question: the question's label, and a line per different text."""

    key: str
    nhan: str
    y_kien: list[dict[str, str]]
    printed: bool = False

    def __bool__(self) -> bool:
        return bool(self.y_kien)

    def __iter__(self) -> Iterator[dict[str, str]]:
        self.printed = True
        return iter(self.y_kien)


class Quotes:
    """The quotes by the form's key; `khac` are those that the template has no place for, such as a
    new campaign's."""

    def __init__(self, sets: list[QuoteSet]) -> None:
        self._sets = {s.key: s for s in sets}

    def __getitem__(self, key: str) -> QuoteSet:
        return self._sets.get(key) or QuoteSet(key, "", [])

    @property
    def khac(self) -> list[QuoteSet]:
        """The sets with text that nothing has printed so far."""
        return [s for s in self._sets.values() if s and not s.printed]


def read_quotes(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> list[QuoteSet]:
    """A set for each text field of the form's section `text`, from unit_summary, units in the
    registry's order."""
    section = campaign.form.by_key.get("text")
    fields = [f for f in section.fields if f.type == "text"] if section else []
    return [
        QuoteSet(f.key, f.label[:1].lower() + f.label[1:], _lines(_written(con, f, campaign.form)))
        for f in fields
    ]


def is_empty_answer(text: str, field: FormField, form: Form) -> bool:
    """Whether the text only states that there is nothing: `Không có.`, `Không có đề xuất, kiến nghị
    gì.`"""
    words = set(fold(text).split())
    nothing = {word for phrase in form.words.zero_words for word in fold(phrase).split()}
    named = {word for label in (*field.labels, FILLERS) for word in fold(label).split()}
    return not words or (bool(words & nothing) and words <= nothing | named)


def _written(con: duckdb.DuckDBPyConnection, field: FormField, form: Form) -> list[tuple[str, str]]:
    rows = con.execute(query("written_texts", field=field.column_name)).fetchall()
    return [
        (in_sentence(name, kind), text)
        for _, name, kind, text in rows
        if not is_empty_answer(text, field, form)
    ]


def _lines(written: list[tuple[str, str]]) -> list[dict[str, str]]:
    """A line per different text, those of most units first: shortened, with the units' names or
    their number."""
    groups: dict[str, tuple[str, list[str]]] = {}
    for name, text in written:
        groups.setdefault(fold(text), (text, []))[1].append(name)
    ordered = sorted(groups.values(), key=lambda group: -len(group[1]))
    lines = [
        {"cau": f"“{shortened(text)}” ({_units(names)}){_end(place, len(ordered))}"}
        for place, (text, names) in enumerate(ordered[:MAX_TEXTS_PER_QUESTION], 1)
    ]
    if len(ordered) > MAX_TEXTS_PER_QUESTION:
        others = len(ordered) - MAX_TEXTS_PER_QUESTION
        lines.append({"cau": f"{others} ý kiến khác nêu tại Phụ lục số 5."})
    return lines


def shortened(text: str) -> str:
    """The text without its last full stop, the points of a list after one another; a long one up to
    the last whole word that has room."""
    points = [point.strip(" ;,.") for point in _POINT.split(text)]
    listed = "; ".join(point for point in points if point)
    plain = quoted(listed if len(points) > 1 else text, len(text)).rstrip(". ")
    if len(plain) <= MAX_TEXT_LENGTH:
        return plain
    return plain[:MAX_TEXT_LENGTH].rsplit(" ", 1)[0].rstrip(",;: ") + "…"


def _units(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= MAX_UNITS_NAMED else f"{len(names)} đơn vị"


def _end(place: int, texts: int) -> str:
    return "." if place == texts else ";"
