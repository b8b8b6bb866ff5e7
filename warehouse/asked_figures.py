"""Which number a person asks about: by its name, its label, the text that is printed, or as people
name a cell of the annexes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import duckdb
from rapidfuzz import fuzz, process

from sources.form import Form
from sources.text import clean, fold
from warehouse.schema import pair_fields
from warehouse.why import NotTraceableError

MAX_CHOICES = 12
MIN_LABEL_WORDS = 3  # of a shortened label that may still be one number alone
_SERIES = {"pl": "PL", "phu luc": "PL", "lv": "LV", "bieu lam viec": "LV"}
_ANNEX = rf"({'|'.join(_SERIES)})(?: so)? ?([0-9]+[a-z]{{0,2}})"
_REF = r"(?:o )?([a-z]{1,3}[1-9][0-9]*)"
_CELLS = (  # of a folded text: PL1.F12, Phụ lục số 1, ô F12; ô F12 của Phụ lục 1
    re.compile(rf"{_ANNEX} {_REF}"),
    re.compile(rf"{_REF}(?: (?:cua|trong|o|tai))? {_ANNEX}"),
)
_NUMBER = re.compile(r"[0-9][0-9.,]*(?: ?%)?")
_NAME = re.compile(r"[a-z][a-z0-9_.]+")
# Words that people leave out or add: "Số chi bộ đã tổ chức sinh hoạt" is "chi bộ đã sinh hoạt".
_FREE_WORDS = re.compile(r"\b(?:tong so|so luong|so|to chuc(?! chinh tri)|cac|nhung|cua)\b")


class NamedFigure(NamedTuple):
    """A figure or key of this warehouse: its name, what it is in Vietnamese, and the number as
    printed ("" of a key)."""

    figure: str
    description: str
    printed: str


class UnknownLabelError(NotTraceableError):
    """No number of this warehouse is named or printed so; the message names those that come
    nearest."""

    def __init__(self, asked: str, nearest: list[NamedFigure]) -> None:
        names = "; ".join(f"{n.description} ({n.figure})" for n in nearest)
        super().__init__(
            f"Không có số liệu nào tên “{asked}”. Tên gần nhất: {names}."
            if nearest
            else f"Không có số liệu nào của báo cáo in là “{asked}”. Số của phụ lục thì hỏi theo ô, như PL1.F12."
        )
        self.nearest = nearest


def annex_place(asked: str) -> str | None:
    """The cell of an annex or of the working file as the product names it (PL1a.F12, LV1.F12), of a
    text such as `Phụ lục 1a F12`, `PL1 F12` or `ô F12 phụ lục 1`; None for any other text."""
    folded = fold(asked)
    if found := _CELLS[0].fullmatch(folded):
        series, sheet, ref = found.groups()
    elif found := _CELLS[1].fullmatch(folded):
        ref, series, sheet = found.groups()
    else:
        return None
    return f"{_SERIES[series]}{sheet}.{ref.upper()}"


def figures_asked(con: duckdb.DuckDBPyConnection, asked: str, form: Form) -> list[NamedFigure]:
    """The figures and keys that the text may mean: one where it is clear, else those to choose
    from, the likeliest first.

    The text is a name (`cells_held`), a printed number (`405`, `94,4%`) or a label, whatever its case
    and accents. Raises UnknownLabelError where there is none.
    """
    known = _known(con)
    if named := [n for n in known if n.figure == clean(asked)]:
        return named[:1]
    is_number = _NUMBER.fullmatch(clean(asked)) is not None
    if is_number:
        found = [n for n in known if n.printed and _number(n.printed) == _number(clean(asked))]
    else:
        found = _labelled(known, asked, form)
    if not found:
        raise UnknownLabelError(asked, [] if is_number else _nearest(known, asked))
    return found


def choice_lines(asked: str, found: list[NamedFigure]) -> Iterator[str]:
    """What there is to choose from, and how to ask for one of them."""
    yield f"“{asked}” có thể là một trong {len(found)} số liệu sau; ghi tên ở cuối dòng để xem một số:"
    for named in found[:MAX_CHOICES]:
        value = f" = {named.printed}" if named.printed else ""
        yield f"- {named.description}{value}: tonghop why {named.figure}"
    if len(found) > MAX_CHOICES:
        yield f"… còn {len(found) - MAX_CHOICES} số liệu nữa; hãy ghi rõ hơn."


def _known(con: duckdb.DuckDBPyConnection) -> list[NamedFigure]:
    """All that can be asked about, each name once: a figure before the key that bears its name."""
    rows = con.execute(
        "SELECT source.figure, description, coalesce(printed, '') FROM figure_source AS source "
        "LEFT JOIN report_figure USING (figure) WHERE kind IN ('figure', 'key') "
        "ORDER BY kind = 'key', source.rowid"
    ).fetchall()
    by_name: dict[str, NamedFigure] = {}
    for row in rows:
        by_name.setdefault(row[0], NamedFigure(*row))
    return list(by_name.values())


def _labelled(known: list[NamedFigure], asked: str, form: Form) -> list[NamedFigure]:
    """Those of that label; else those whose label has all of its words, the shortest first."""
    labels = _labels(known, form)
    wanted = _plain(asked)
    if not wanted:
        return []
    # "chi bộ" alone is a word, not a label that somebody has shortened
    for plain in (fold, _plain) if len(wanted.split()) >= MIN_LABEL_WORDS else (fold,):
        exact = [n for n in known if plain(asked) in {plain(label) for label in labels[n.figure]}]
        if exact:
            return exact
    words = set(wanted.split())
    holding = [n for n in known if any(words <= set(_plain(t).split()) for t in labels[n.figure])]
    return sorted(holding, key=lambda n: len(n.description))


def _labels(known: list[NamedFigure], form: Form) -> dict[str, list[str]]:
    """By name the texts that mean it: its description, and what units may write instead of it."""
    variants = {field.key: [field.label, *field.variants] for _, field in pair_fields(form)}
    return {n.figure: [n.description, *variants.get(n.figure, ())] for n in known}


def _plain(label: str) -> str:
    return " ".join(_FREE_WORDS.sub(" ", fold(label)).split())


def _number(text: str) -> str:
    """The number without what groups its thousands: 11.066 and 11066 are one, 94,4% and 94.4% too."""
    compact = text.replace(" ", "")
    if compact.endswith("%"):
        return compact.replace(".", ",")
    return re.sub(r"\.(?=[0-9]{3}(?:\D|$))", "", compact)


def _nearest(known: list[NamedFigure], asked: str) -> list[NamedFigure]:
    if _NAME.fullmatch(asked):
        found = process.extract(asked, {n: n.figure for n in known}, limit=3)
    else:
        labels = {n: fold(n.description) for n in known}
        found = process.extract(fold(asked), labels, scorer=fuzz.token_set_ratio, limit=3)
    return [named for _, _, named in found]
