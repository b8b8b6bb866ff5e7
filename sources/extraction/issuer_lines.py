"""The lines that name a document's issuer: letterhead, title and what follows; part by part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from sources.extraction.labelled import pair_in_text
from sources.extraction.vocabulary import Vocabulary
from sources.grids import ARCHIVE_KINDS, RUNNING_TEXT_KINDS, Document, Grid, Paragraph, Value
from sources.text import clean, fold

PART_SEPARATOR = " › "  # between an archive's member, or a page's header, and the places in it
_IN_PAGE_HEADER = "Đầu trang › "
_MAX_CELLS_IN_LETTERHEAD_ROW = 3  # more cells begin a table
_MAX_FIRST_ROWS, _MAX_FIRST_LINES, _MAX_LAST_ROWS = 14, 60, 25
_MAX_LETTERHEAD_LINES, _MAX_TITLE_LINES = 14, 8
_MAX_LETTERHEAD_LETTERS = 110
_MIN_SIGNATURE_LETTERS = 4  # `TM A`
_MAX_PARAGRAPH_LETTERS = 3_000  # a longer one is not searched
_ORDINAL_LABELS = {"tt", "stt", "so tt", "so thu tu"}
# between the left and the right of a letterhead that was set without a table
_GAP = re.compile(r"[\t\n\v]+|\s{4,}")
# folded
_DATE_OR_NUMBER = re.compile(
    r"\bngay\b.*\bnam\b|\bngay( thang)?( \d|$)|^so( \d|$| bc| cv)|^kem theo"
)
_NUMBERED = re.compile(r"^\s*(?:[-+*•–]|\(?\d{1,2}[.)/]|[IVX]{1,4}[.)/]|[a-hđ][.)])\s*\S")
_ADDRESSEE = re.compile(r"^(?:dong )?(?:kinh gui|noi nhan|gui)\b")  # folded, as the next
_SUBJECT = re.compile(r"^(?:v v|ve viec)\b")
_REPORTS = re.compile(
    r"([^,;.:()\n]{4,200}?)\s+(?:xin\s+|kính\s+|trân trọng\s+|tổng hợp\s+|đã\s+|và\s+)*b[áa]o c[áa]o\s+"
    r"(?:kết quả|ket qua|tình hình|tinh hinh|việc|như sau|nhu sau|tổng hợp|tiến độ|với|đến|về|ban\b|huyện|nhanh|"
    r"tóm tắt)",
    re.IGNORECASE,
)
_SPACED_OUT = re.compile(r"^(?:\w\s){3,}\w$")  # B Á O  C Á O
_SIGNED_FOR = re.compile(
    r"^\W*(?:T\s*/\s*M|TM|T\s*/\s*L|TL)\s*[.:]?\s+(?P<who>\S.*)$", re.IGNORECASE
)
_QUOTED = re.compile(r"[“\"«][^”\"»]*[”\"»]?")


class Line(NamedTuple):
    """A line of a document, and its place."""

    text: str
    sheet: str
    ref: str


@dataclass(slots=True)
class FrontMatter:
    """How one part of a document begins and ends: an archive's member, a workbook's sheet, or the
    whole.

    letterhead   the lines above the title that may name an issuer, each the left or right of its row
    title        the lines of the title, without what they quote
    text         the lines behind it
    addressees   to whom it is written
    page_header  the lines that stand on every page
    signatures   for whom it is signed
    """

    letterhead: list[Line] = field(default_factory=list)
    title: list[Line] = field(default_factory=list)
    text: list[Line] = field(default_factory=list)
    addressees: list[Line] = field(default_factory=list)
    page_header: list[Line] = field(default_factory=list)
    signatures: list[Line] = field(default_factory=list)
    # their sheets and refs; none without a title
    above_title: frozenset[tuple[str, str]] = frozenset()


def part_of(sheet: str, kind: str) -> str:
    """The part of a document in which a place lies: an archive's member, a workbook's sheet, "" in
    a Word or PDF file."""
    if kind in ARCHIVE_KINDS:
        return sheet.partition(PART_SEPARATOR)[0]
    return "" if kind in RUNNING_TEXT_KINDS else sheet


def front_matter_by_part(document: Document, vocabulary: Vocabulary) -> dict[str, FrontMatter]:
    """How each part of the document begins, in their order; hidden sheets are no parts."""
    parts: dict[str, list[Grid | Paragraph]] = {}
    for block in document.blocks:
        if isinstance(block, Paragraph) or not block.hidden:
            parts.setdefault(part_of(block.sheet, document.kind), []).append(block)
    return {part: _front_matter(blocks, vocabulary) for part, blocks in parts.items()}


def _front_matter(blocks: list[Grid | Paragraph], vocabulary: Vocabulary) -> FrontMatter:
    front_matter = FrontMatter()
    lines: list[Line | None] = []
    for block in blocks:
        if _IN_PAGE_HEADER in block.sheet:
            front_matter.page_header += [
                line
                for line in _lines(block, vocabulary)
                if line and not _names_nobody(line.text, vocabulary)
            ]
        elif len(lines) < _MAX_FIRST_LINES:
            lines += islice(_lines(block, vocabulary), _MAX_FIRST_LINES)
    rest = _add_letterhead(_without_addressees(lines, front_matter), front_matter, vocabulary)
    _add_title(rest, front_matter, vocabulary)
    for block in blocks[-3:]:
        front_matter.signatures += _signatures(block)
    return front_matter


def _lines(block: Grid | Paragraph, vocabulary: Vocabulary) -> Iterator[Line | None]:
    """The block's first lines; None where a table begins, in which units are rows and issue
    nothing."""
    if isinstance(block, Paragraph):
        yield from (Line(text, block.sheet, block.ref) for text in _parts(block.text))
        return
    first_unit = _first_unit_row(block, vocabulary)
    for r, row in enumerate(block.rows[:_MAX_FIRST_ROWS]):
        filled = [(c, v) for c, v in enumerate(row) if v is not None and v != ""]
        if not filled:
            continue
        first = str(filled[0][1])
        if (
            r == first_unit
            or len(filled) > _MAX_CELLS_IN_LETTERHEAD_ROW
            or fold(first) in _ORDINAL_LABELS
            or not all(isinstance(v, str) and not v.strip().isdigit() for _, v in filled)
        ):
            yield None
            return
        if len(filled) > 1 and _names_organisations(filled, vocabulary):
            yield None  # they head the columns of a table
            return
        for c, value in filled:
            yield from (Line(text, block.sheet, block.ref(r, c)) for text in _parts(value))
    if len(block.rows) > _MAX_FIRST_ROWS:
        yield None


def _names_organisations(filled: Sequence[tuple[int, Value]], vocabulary: Vocabulary) -> bool:
    """Whether several cells of a row each name an organisation and nothing else."""
    return (
        sum(
            isinstance(value, str) and fold(value) in vocabulary.organisation_names
            for _, value in filled
        )
        > 1
    )


@lru_cache(maxsize=8192)
def _parts(text: str) -> tuple[str, ...]:
    """The left and the right of a line, or its lines."""
    return tuple(filter(None, map(clean, _GAP.split(text[:_MAX_PARAGRAPH_LETTERS]))))


def _first_unit_row(grid: Grid, vocabulary: Vocabulary) -> int | None:
    """The first row of a column of several communes' names: they are a table's, whoever issues
    it."""
    last_rows: dict[int, dict[str, int]] = {}  # by column and commune
    for r, row in enumerate(grid.rows[:_MAX_FIRST_ROWS]):
        for column, value in enumerate(row):
            unit = (
                vocabulary.unit_names.exact(value)
                if isinstance(value, str) and len(value) <= _MAX_LETTERHEAD_LETTERS
                else None
            )
            if unit and unit.code in vocabulary.unit_names.communes:
                last_rows.setdefault(column, {})[unit.code] = r
    # the letterhead above may name one of them: its row in the table is its last
    return next(
        (min(named.values()) for _, named in sorted(last_rows.items()) if len(named) > 1), None
    )


def _without_addressees(lines: list[Line | None], front_matter: FrontMatter) -> list[Line | None]:
    """The lines but for those that say to whom it is written: `Kính gửi: …`, with the list below
    it."""
    kept: list[Line | None] = []
    addressed = copied = False  # written to; copied to, as those behind `Nơi nhận` are
    for line in lines:
        to = _ADDRESSEE.match(fold(line.text)) if line else None
        listed = line is not None and bool(_NUMBERED.match(line.text))
        addressed, copied = (True, to[0] == "noi nhan") if to else (addressed and listed, copied)
        if not addressed:
            kept.append(line)
        elif line and not copied:
            front_matter.addressees.append(line)
    return kept


def _add_letterhead(
    lines: list[Line | None], front_matter: FrontMatter, vocabulary: Vocabulary
) -> list[Line | None]:
    """Keeps the lines before the title; returns the others."""
    for number, line in enumerate(lines):
        if (
            line is None
            or number >= _MAX_LETTERHEAD_LINES
            or _is_title(line.text, vocabulary)
            or _is_text(line.text, vocabulary)
        ):
            if line and _is_title(line.text, vocabulary):
                front_matter.above_title = frozenset(
                    (above.sheet, above.ref) for above in lines[:number] if above
                )
            return lines[number:]
        if not _names_nobody(line.text, vocabulary):
            front_matter.letterhead.append(line)
    return []


def _add_title(lines: list[Line | None], front_matter: FrontMatter, vocabulary: Vocabulary) -> None:
    in_title = False
    for line in lines:
        if line is None:
            in_title = False
            continue
        if not front_matter.title and _is_title(line.text, vocabulary):
            in_title = True
        elif (
            len(front_matter.title) >= _MAX_TITLE_LINES
            or _is_text(line.text, vocabulary)
            or (line.text[-1] in ".,:;" or reporters(line.text))
        ):
            in_title = False
        if _SUBJECT.match(fold(line.text)):
            continue
        if in_title:
            front_matter.title.append(line._replace(text=_QUOTED.sub(" ", line.text)))
        else:
            front_matter.text.append(line)


@lru_cache(maxsize=4096)
def reporters(text: str) -> tuple[str, ...]:
    """The reporters that a line names: `Đảng ủy xã Tân Sơn` of `Đảng ủy xã Tân Sơn báo cáo kết quả
    …`."""
    return tuple(_REPORTS.findall(text)) if "bao cao" in fold(text) else ()


def _signatures(block: Grid | Paragraph) -> Iterator[Line]:
    """For whom the block is signed, where it is: `T/M ĐẢNG ỦY XÃ TÂN SƠN`."""
    if isinstance(block, Paragraph):
        yield from (Line(signer, block.sheet, block.ref) for signer in _signed_for(block.text))
        return
    first = max(len(block.rows) - _MAX_LAST_ROWS, 0)
    for r, row in enumerate(block.rows[first:], first):
        for c, value in enumerate(row):
            for signer in (
                _signed_for(value)
                if isinstance(value, str) and len(value) >= _MIN_SIGNATURE_LETTERS
                else ()
            ):
                yield Line(signer, block.sheet, block.ref(r, c))


@lru_cache(maxsize=8192)
def _signed_for(text: str) -> tuple[str, ...]:
    lines = map(clean, _GAP.split(text)) if len(text) < 4 * _MAX_LETTERHEAD_LETTERS else ()
    return tuple(signed["who"] for signed in map(_SIGNED_FOR.match, lines) if signed)


@lru_cache(maxsize=8192)
def _is_title(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a line begins a title: `BÁO CÁO`, `BIỂU TỔNG HỢP …`."""
    folded = fold(text.replace(" ", "") if _SPACED_OUT.match(text) else text)
    return any(
        folded == word or folded == word.replace(" ", "") or folded.startswith(f"{word} ")
        for word in vocabulary.title_words
    )


@lru_cache(maxsize=8192)
def _is_text(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a line belongs to no letterhead or title: long, numbered, or a label with its
    value."""
    return (
        len(text) > 2 * _MAX_LETTERHEAD_LETTERS
        or bool(_NUMBERED.match(text))
        or vocabulary.find_pair(text) is not None
        or pair_in_text(text, vocabulary) is not None
    )


@lru_cache(maxsize=8192)
def _names_nobody(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a letterhead line names no issuer: motto, date, number, addressee, a rule."""
    return (
        len(text) > _MAX_LETTERHEAD_LETTERS
        or fold(text) in vocabulary.motto_words
        or not fold(text)
        or bool(
            _DATE_OR_NUMBER.search(fold(text))
            or _ADDRESSEE.match(fold(text))
            or _SUBJECT.match(fold(text))
        )
    )
